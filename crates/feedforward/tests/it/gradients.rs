//! Every layer and the whole network against central differences, in parameters and inputs.

use feedforward::{Activation, BatchNorm, Dense, Dropout, Init, Network, softmax_cross_entropy};
use tensor::{Matrix, Seed};
use train::check_gradient;

use crate::support::{Pass, WithInput, check, labels, normal};

/// Sums of about 50 products, each rounded to 6e-8, over a step of 2e-2; curvature adds h² times a third derivative.
const TOLERANCE: f64 = 5e-4;
const H: f32 = 1e-2;
const PASSES: [Pass; 2] = [Pass::Train(3), Pass::Evaluate];

/// Inputs at least 0.05 away from zero, where ReLU has no derivative.
fn away_from_zero(rows: usize, cols: usize, seed: u64) -> Matrix {
    let mut x = normal(rows, cols, 1.0, seed);
    x.as_mut_slice().iter_mut().for_each(|x| *x += 0.05_f32.copysign(*x));
    x
}

#[test]
fn dense() {
    for (fan_in, fan_out, batch) in [(7, 5, 4), (1, 3, 1), (6, 1, 2)] {
        let layer = Dense::new(fan_in, fan_out, Init::Uniform, Seed::new(1));
        let worst = check(&layer, &normal(fan_in, batch, 1.0, 2), Pass::Evaluate, H);
        assert!(worst.worst < TOLERANCE, "{worst:?}");
    }
}

#[test]
fn activations() {
    for activation in [Activation::Sigmoid, Activation::Relu, Activation::LeakyRelu, Activation::Tanh] {
        let worst = check(&activation, &away_from_zero(6, 9, 3), Pass::Evaluate, H);
        assert!(worst.worst < TOLERANCE, "{activation:?}: {worst:?}");
    }
}

#[test]
fn dropout() {
    for rate in [0.0, 0.2, 0.7] {
        for pass in PASSES {
            let worst = check(&Dropout::new(rate).unwrap(), &normal(6, 9, 1.0, 4), pass, H);
            assert!(worst.worst < TOLERANCE, "{rate}, {pass:?}: {worst:?}");
        }
    }
}

#[test]
fn batch_normalisation() {
    let mut layer = BatchNorm::new(4);
    layer.weight = vec![1.5, -0.5, 2.0, 0.1];
    layer.bias = vec![0.1, 0.2, -0.3, 0.0];
    layer.running_mean = vec![0.3, -0.2, 0.1, 1.0];
    layer.running_var = vec![0.5, 2.0, 1.0, 0.3];
    for pass in PASSES {
        let worst = check(&layer, &normal(4, 7, 1.0, 5), pass, H);
        assert!(worst.worst < 2e-3, "{pass:?}: {worst:?}");
    }
}

/// Biases that keep every ReLU clearly on or clearly off, one after another: there is no derivative in between.
fn decided(network: &Network, activation: Activation, dropout: f32) -> Network {
    let last = network.dense().count() - 1;
    let layers = network.dense().enumerate().map(|(l, layer)| {
        let mut layer = layer.clone();
        layer.weights.as_mut_slice().iter_mut().for_each(|w| *w *= 0.3);
        if l < last {
            layer.bias = (0..layer.bias.len()).map(|j| if j % 3 == 2 { -9.0 } else { 9.0 }).collect();
        }
        layer
    });
    Network::from_dense(layers, activation, dropout).unwrap()
}

#[test]
fn the_whole_network_with_dropout_and_loss() {
    for activation in [Activation::Sigmoid, Activation::Tanh, Activation::Relu, Activation::LeakyRelu] {
        for (widths, dropout) in [(&[6, 5, 4, 3][..], 0.3), (&[6, 3], 0.0), (&[6, 8, 3], 0.5)] {
            let mut network = Network::mlp(widths, activation, dropout, Init::Glorot, Seed::new(6)).unwrap();
            if matches!(activation, Activation::Relu | Activation::LeakyRelu) {
                network = decided(&network, activation, dropout);
            }
            let worst = check(&network, &normal(6, 8, 1.0, 7), Pass::Train(8), H);
            // Logits of ten to thirty carry ten times the rounding.
            assert!(worst.worst < 10.0 * TOLERANCE, "{activation:?} {widths:?}: {worst:?}");

            let (x, labels) = (normal(6, 8, 1.0, 9), labels(8, 3, 9));
            let loss =
                |network: &Network, x: &Matrix| network.gradient(x, &labels, &mut Seed::new(10).stream());
            let gradient = loss(&network, &x).1;
            let worst = check_gradient(&network, &gradient, 2e-3, 1, |network| loss(network, &x).0);
            assert!(worst.worst < TOLERANCE, "{activation:?} {widths:?}: {worst:?}");
        }
    }
}

#[test]
fn softmax_cross_entropy_at_its_logits() {
    let (logits, labels) = (normal(5, 6, 2.0, 11), labels(6, 5, 11));
    let gradient = softmax_cross_entropy(&logits, &labels).1;
    // The logits are the input of a layer without parameters.
    let both = |input| WithInput { layer: Activation::Relu, input };
    let loss = |m: &WithInput<Activation>| softmax_cross_entropy(&m.input, &labels).0;
    let worst = check_gradient(&both(logits.clone()), &both(gradient), H, 1, loss);
    assert!(worst.worst < 2e-5, "{worst:?}");
}
