//! What a caller's numbers can get wrong comes back as a value.

use feedforward::{Activation, Dense, Dropout, Init, Mlp, NetworkError};
use tensor::{Matrix, Seed};

fn new(widths: &[usize], dropout: f32) -> Result<Mlp, NetworkError> {
    Mlp::new(widths, Activation::Sigmoid, dropout, Init::Small, Seed::new(1))
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
        Mlp::from_affine(pairs, output, Activation::Sigmoid, 0.0)
    };
    assert_eq!(message(on(dense(20, 10))), "layer 2 expects 20 inputs, found 15 units below it");
    assert_eq!(message(on(dense(15, 0))), "width 3 of the network is 0, expected at least 1");
    let lame = Dense { weights: Matrix::zeros(15, 10), bias: vec![0.0; 9] };
    assert_eq!(message(on(lame)), "layer 2 has 10 units, found 9 biases");
    assert_eq!(on(dense(15, 10)).unwrap().layers().len(), 3);
}
