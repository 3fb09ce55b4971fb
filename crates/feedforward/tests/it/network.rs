//! Sequences of any layers: batch normalisation inside a network, names on disk, and what the fast path refuses.

use std::sync::Arc;

use feedforward::fast::{FastMlp, FastOptions, Samples};
use feedforward::{
    Activation, AnyLayer, BatchNorm, Dense, Dropout, Init, Layer, Mode, Network, mean_cross_entropy,
    predictions,
};
use tensor::Seed;
use train::{Descent, Fit, Optimiser, Outcome, Parameters, Silent, Snapshot, Tensor, fit};

use crate::support::{Pass, check, labels, normal, pixels};

/// Inputs, hidden layers with batch normalisation before each activation, and logits.
fn normalised(widths: &[usize], activation: Activation, dropout: f32) -> Network {
    let mut layers = Vec::new();
    for (l, pair) in widths.windows(2).enumerate() {
        layers.push(AnyLayer::Dense(Dense::new(pair[0], pair[1], Init::Glorot, Seed::new(l as u64))));
        if l + 2 < widths.len() {
            layers.push(AnyLayer::BatchNorm(BatchNorm::new(pair[1])));
            layers.push(AnyLayer::Activation(activation));
            layers.push(AnyLayer::Dropout(Dropout::new(dropout).unwrap()));
        }
    }
    Network::new(layers).unwrap()
}

#[test]
fn a_sequence_is_its_layers_one_after_another_bit_for_bit() {
    let network = normalised(&[12, 9, 7, 4], Activation::Tanh, 0.3);
    let (x, dy) = (normal(12, 6, 1.0, 1), normal(4, 6, 1.0, 2));
    let (y, trace) = network.forward(&x, &mut Mode::Train(&mut Seed::new(3).stream()));
    let mut gradient = network.zeros_like();
    let dx = network.backward(&x, &y, &trace, dy.clone(), &mut gradient);

    let (mut noise, mut states, mut traces) = (Seed::new(3).stream(), vec![x], Vec::new());
    for layer in network.layers() {
        let (y, trace) = layer.forward(&states[states.len() - 1], &mut Mode::Train(&mut noise));
        states.push(y);
        traces.push(trace);
    }
    assert_eq!(y, states[states.len() - 1]);
    let mut d = dy;
    for (l, layer) in network.layers().iter().enumerate().rev() {
        let mut own = layer.zeros_like();
        d = layer.backward(&states[l], &states[l + 1], &traces[l], d, &mut own);
        assert_eq!(own, gradient.layers()[l]);
    }
    assert_eq!(d, dx);
}

/// As a single batch normalisation: rounding of a mean over few samples, divided by a small deviation.
#[test]
fn a_perceptron_with_batch_normalisation_passes_the_gradient_check() {
    for activation in [Activation::Sigmoid, Activation::Tanh] {
        let network = normalised(&[6, 5, 4, 3], activation, 0.0);
        for pass in [Pass::Train(1), Pass::Evaluate] {
            let worst = check(&network, &normal(6, 8, 1.0, 4), pass, 1e-2);
            assert!(worst.worst < 5e-3, "{activation:?} {pass:?}: {worst:?}");
        }
    }
}

#[test]
fn a_perceptron_with_batch_normalisation_learns_by_heart_and_keeps_its_averages() {
    let (x, labels) = (pixels(50, 32, 0.2, 5), labels(32, 10, 5));
    let mut network = normalised(&[50, 40, 10], Activation::Relu, 0.0);
    let mut optimiser = Optimiser::with(Descent::adam(0.01), &network);
    let plan = Fit { epochs: 300, batch: 16, seed: Seed::new(6), resume: None };
    let outcome = fit(&mut network, &mut optimiser, 32, &plan, &mut Silent, |network, batch, noise| {
        let labels: Vec<u8> = batch.iter().map(|&j| labels[j]).collect();
        network.gradient(&x.gather(batch), &labels, noise)
    });
    assert_eq!(outcome, Outcome::Finished);
    assert_eq!(predictions(&network, &x), labels);

    let bytes = Snapshot { epoch: 0, tensors: Tensor::list(&network, "") }.encode("");
    let snapshot = Snapshot::decode(&bytes).unwrap().0;
    let mean = snapshot.f32s("norms.0.running_mean").unwrap();
    assert!(mean.iter().any(|&m| m.abs() > 0.1), "{mean:?}");
    let mut other = normalised(&[50, 40, 10], Activation::Relu, 0.0);
    snapshot.write_into(&mut other, "").unwrap();
    assert_eq!(mean_cross_entropy(&other, &x, &labels), mean_cross_entropy(&network, &x, &labels));
}

#[test]
fn every_list_counts_its_own_layers() {
    let names: Vec<String> =
        normalised(&[6, 5, 4, 3], Activation::Relu, 0.2).params().into_iter().map(|p| p.name).collect();
    let of =
        |list: &str, parts: &[&str]| parts.iter().map(|part| format!("{list}.{part}")).collect::<Vec<_>>();
    let (dense, norm) = (["weight", "bias"], ["weight", "bias", "running_mean", "running_var"]);
    let expected = [
        of("layers.0", &dense),
        of("norms.0", &norm),
        of("layers.1", &dense),
        of("norms.1", &norm),
        of("layers.2", &dense),
    ];
    assert_eq!(names, expected.concat());
}

#[test]
fn the_fast_path_refuses_what_is_no_perceptron() {
    let samples = Arc::new(Samples::new(&pixels(6, 20, 0.2, 7), &labels(20, 3, 7)));
    let refused = |network: &Network| {
        let options = FastOptions { descent: Descent::sgd(0.1), batch: 5, threads: 1 };
        FastMlp::new(network, Arc::clone(&samples), options).err().map(|error| error.to_string())
    };
    let expected = |found, place: usize| {
        Some(format!("the fast path trains perceptrons only, found {found} as layer {place} of the sequence"))
    };
    let normalised = normalised(&[6, 5, 3], Activation::Relu, 0.2);
    assert_eq!(refused(&normalised), expected("batch normalisation", 1));
    let mlp =
        |dropout| Network::mlp(&[6, 5, 4, 3], Activation::Relu, dropout, Init::He, Seed::new(1)).unwrap();
    assert_eq!((refused(&mlp(0.0)), refused(&mlp(0.2))), (None, None));
    let changed = |place: usize, layer: AnyLayer| {
        let mut layers = mlp(0.2).layers().to_vec();
        layers[place] = layer;
        Network::new(layers).unwrap()
    };
    let tanh = AnyLayer::Activation(Activation::Tanh);
    assert_eq!(refused(&changed(4, tanh)), expected("activation", 4));
    assert_eq!(refused(&changed(5, AnyLayer::Dropout(Dropout::NONE))), expected("dropout", 5));
    let relu = AnyLayer::Activation(Activation::Relu);
    let last = Network::new([mlp(0.2).layers(), &[relu]].concat()).unwrap();
    assert_eq!(refused(&last), expected("nothing", 8));
}
