//! What a caller's numbers can get wrong comes back as a value.

use feedforward::{
    Activation, AnyLayer, BatchNorm, Dense, Dropout, Init, Network, NetworkError, check_inputs,
};
use tensor::{Matrix, Seed};

fn new(widths: &[usize], dropout: f32) -> Result<Network, NetworkError> {
    Network::mlp(widths, Activation::Sigmoid, dropout, Init::Small, Seed::new(1))
}

fn message<T: std::fmt::Debug>(result: Result<T, NetworkError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn a_network_of_no_depth_or_width_is_refused() {
    for widths in [&[][..], &[784]] {
        assert_eq!(message(new(widths, 0.0)), "a network needs at least one layer: inputs and outputs");
    }
    for (place, widths) in [(0, [0, 5, 10]), (1, [784, 0, 10]), (2, [784, 5, 0])] {
        let expected = format!("width {place} of the network is 0, expected at least 1");
        assert_eq!(message(new(&widths, 0.0)), expected);
    }
    assert_eq!(message(new(&[0], 0.0)), "width 0 of the network is 0, expected at least 1");
}

#[test]
fn dropout_of_everything_or_of_less_than_nothing_is_refused() {
    for rate in [1.0, 1.5, -0.1, f32::NAN] {
        let expected = format!("expected a dropout rate of at least 0 and below 1, found {rate}");
        assert_eq!(message(Dropout::new(rate)), expected);
        assert_eq!(message(new(&[784, 10], rate)), expected);
    }
}

#[test]
fn layers_that_do_not_fit_are_refused() {
    let dense = |n, m| Dense::new(n, m, Init::Small, Seed::new(1));
    let hidden = [dense(30, 20), dense(20, 15)];
    let on = |output| {
        let pairs = hidden.iter().map(|layer| (&layer.weights, &layer.bias[..]));
        Network::from_affine(pairs, output, Activation::Sigmoid, 0.0)
    };
    assert_eq!(message(on(dense(20, 10))), "layer 2 expects 20 inputs, found 15 units below it");
    assert_eq!(message(on(dense(15, 0))), "width 3 of the network is 0, expected at least 1");
    let lame = Dense { weights: Matrix::zeros(15, 10), bias: vec![0.0; 9] };
    assert_eq!(message(on(lame)), "layer 2 has 10 units, found 9 biases");
    assert_eq!(on(dense(15, 10)).unwrap().dense().count(), 3);
}

#[test]
fn sequences_that_do_not_fit_are_refused() {
    let dense = |n, m| AnyLayer::Dense(Dense::new(n, m, Init::Small, Seed::new(1)));
    let norm = |n| AnyLayer::BatchNorm(BatchNorm::new(n));
    let relu = AnyLayer::Activation(Activation::Relu);
    let short = AnyLayer::BatchNorm(BatchNorm { running_var: vec![1.0; 4], ..BatchNorm::new(5) });
    for (layers, expected) in [
        (vec![relu.clone()], "a network needs at least one layer: inputs and outputs"),
        (vec![dense(3, 5), relu.clone(), dense(4, 2)], "layer 1 expects 4 inputs, found 5 units below it"),
        (
            vec![dense(3, 5), norm(5), relu, dense(5, 4), norm(3)],
            "batch normalisation 1 expects 3 inputs, found 4 units below it",
        ),
        (vec![dense(3, 5), short], "batch normalisation 0 has 5 units, found 4 biases"),
        (vec![norm(0)], "width 0 of the network is 0, expected at least 1"),
        (vec![dense(3, 0)], "width 1 of the network is 0, expected at least 1"),
    ] {
        assert_eq!(message(Network::new(layers)), expected);
    }
}

#[test]
fn inputs_that_are_not_finite_are_named() {
    let mut x = Matrix::zeros(3, 4);
    assert_eq!(check_inputs(&x), Ok(()));
    x.column_mut(2)[1] = f32::NEG_INFINITY;
    x.column_mut(3)[0] = f32::NAN;
    assert_eq!(message(check_inputs(&x)), "sample 2, input 1: expected a finite number, found -inf");
}

#[test]
#[should_panic(expected = "sample 1, input 0: expected a finite number, found NaN")]
fn no_gradient_is_computed_from_what_is_not_finite() {
    let x = Matrix::from_vec(2, 2, vec![0.0, 1.0, f32::NAN, 1.0]);
    new(&[2, 3], 0.0).unwrap().gradient(&x, &[0, 1], &mut Seed::new(1).stream());
}
