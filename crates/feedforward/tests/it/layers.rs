//! Activations and dropout where the answer is known.

use feedforward::{Activation, Dense, Dropout, Init, Layer, Mode};
use tensor::{Matrix, Seed, plain};

use crate::support::{normal, pixels};

fn at(activation: Activation, x: f32) -> f32 {
    activation.forward(&Matrix::from_vec(1, 1, vec![x]), &mut Mode::Evaluate).0.as_slice()[0]
}

#[test]
fn activations_have_their_closed_forms() {
    for x in [-90.0_f32, -3.0, -0.5, 0.0, 0.5, 3.0, 90.0] {
        assert!((f64::from(at(Activation::Sigmoid, x)) - plain::sigmoid(f64::from(x))).abs() < 2e-7);
        assert_eq!(at(Activation::Relu, x), x.max(0.0));
        assert!((f64::from(at(Activation::Tanh, x)) - f64::from(x).tanh()).abs() < 2e-7);
    }
}

#[test]
fn no_activation_hides_nan() {
    for activation in [Activation::Sigmoid, Activation::Relu, Activation::LeakyRelu, Activation::Tanh] {
        assert!(at(activation, f32::NAN).is_nan(), "{activation:?}");
    }
}

#[test]
fn dense_is_the_sum_it_stands_for() {
    let (layer, x) = (Dense::new(6, 4, Init::Uniform, Seed::new(1)), normal(6, 3, 1.0, 2));
    let (y, ()) = layer.forward(&x, &mut Mode::Evaluate);
    for s in 0..3 {
        for j in 0..4 {
            let products = layer.weights.column(j).iter().zip(x.column(s));
            let sum: f64 = products.map(|(&w, &x)| f64::from(w) * f64::from(x)).sum();
            assert!((sum + f64::from(layer.bias[j]) - f64::from(y.column(s)[j])).abs() < 1e-6);
        }
    }
}

/// Over 10⁵ draws of ±0.5 around 1 (in units of `x`) the mean's own noise is `√(r / (1 − r)) / √10⁵`.
#[test]
fn dropout_keeps_the_expectation() {
    for rate in [0.1_f32, 0.2, 0.5, 0.9] {
        let x = Matrix::from_fn(100, 1000, |_, _| 2.0);
        let mut noise = Seed::new(3).stream();
        let (y, mask) = Dropout::new(rate).unwrap().forward(&x, &mut Mode::Train(&mut noise));
        let kept = y.as_slice().iter().filter(|&&y| y != 0.0).count() as f64 / 1e5;
        let mean = y.as_slice().iter().map(|&y| f64::from(y)).sum::<f64>() / 2e5;
        let (rate, spread) = (f64::from(rate), 5.0 / 1e5_f64.sqrt());
        assert!((kept - (1.0 - rate)).abs() < spread * (rate * (1.0 - rate)).sqrt(), "{rate}: {kept}");
        assert!((mean - 1.0).abs() < spread * (rate / (1.0 - rate)).sqrt(), "{rate}: {mean}");
        let kept = 2.0 / (1.0 - rate as f32);
        assert!(y.as_slice().iter().all(|&y| y == 0.0 || (y - kept).abs() < 1e-5 * kept));
        assert_eq!(mask.unwrap().as_slice().iter().filter(|&&m| m == 0.0).count(), {
            y.as_slice().iter().filter(|&&y| y == 0.0).count()
        });
    }
}

#[test]
fn without_learning_or_a_rate_dropout_is_the_identity_and_draws_nothing() {
    let x = pixels(20, 7, 0.5, 4);
    let mut noise = Seed::new(5).stream();
    assert_eq!(Dropout::NONE.forward(&x, &mut Mode::Train(&mut noise)).0, x);
    assert_eq!(noise, Seed::new(5).stream());
    assert_eq!(Dropout::new(0.5).unwrap().forward(&x, &mut Mode::Evaluate).0, x);
}

#[test]
fn fresh_weights_have_the_spread_they_are_named_for() {
    let (n, m) = (300, 500);
    let spread = |init| {
        let Dense { weights, bias } = Dense::new(n, m, init, Seed::new(6));
        let squares: f64 = weights.as_slice().iter().map(|&w| f64::from(w).powi(2)).sum();
        let largest = weights.as_slice().iter().fold(0.0_f32, |a, w| a.max(w.abs()));
        ((squares / (n * m) as f64).sqrt(), largest, bias)
    };
    let root = |x: f64| x.sqrt();
    // Deviation, and largest possible size.
    let uniform = |bound: f64| (bound / root(3.0), bound as f32);
    let (n, m) = (n as f64, m as f64);
    let cases = [
        (Init::Small, (0.01, 0.06)),
        (Init::Uniform, uniform(1.0 / root(n))),
        (Init::Glorot, uniform(root(6.0 / (n + m)))),
        (Init::Sigmoid, uniform(4.0 * root(6.0 / (n + m)))),
        (Init::He, (root(2.0 / n), 0.6)),
    ];
    for (init, (deviation, bound)) in cases {
        let (found, largest, bias) = spread(init);
        // 150 000 draws give the deviation to 0.2 %; five times that.
        assert!((found / deviation - 1.0).abs() < 0.01, "{init:?}: {found} against {deviation}");
        assert!(largest <= bound && largest > 0.9 * bound.min(4.0 * deviation as f32), "{init:?}: {largest}");
        assert_eq!(bias.iter().any(|&b| b != 0.0), init == Init::Uniform);
    }
}

/// Texts that results are stored under: they stay for ever.
#[test]
fn activations_and_distributions_have_their_texts() {
    let activations = [Activation::Sigmoid, Activation::Relu, Activation::LeakyRelu, Activation::Tanh];
    assert_eq!(serde_json::to_string(&activations).unwrap(), r#"["sigmoid","relu","leaky-relu","tanh"]"#);
    let starts = [Init::Small, Init::Uniform, Init::Glorot, Init::Sigmoid, Init::He];
    assert_eq!(serde_json::to_string(&starts).unwrap(), r#"["small","uniform","glorot","sigmoid","he"]"#);
}
