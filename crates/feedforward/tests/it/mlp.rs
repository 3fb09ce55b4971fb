//! The network: batches, pretrained weights, overfitting, and training that stops and goes on.

use std::ops::ControlFlow;

use feedforward::{Activation, Dense, Init, Layer, Mode, Network, mean_cross_entropy, predictions};
use tensor::{Accum, Matrix, Seed, gemm, simd};
use train::{Descent, Event, Fit, Optimiser, Outcome, Parameters, Rule, Schedule, Silent, Snapshot, fit};

use crate::support::{assert_close, labels, normal, pixels};

const ADAM: Rule = Rule::Adam { beta1: 0.9, beta2: 0.999 };

fn network(dropout: f32) -> Network {
    Network::mlp(&[30, 20, 15, 4], Activation::Relu, dropout, Init::He, Seed::new(1)).unwrap()
}

#[test]
fn a_batch_is_the_mean_of_its_singles() {
    for activation in [Activation::Sigmoid, Activation::Relu, Activation::LeakyRelu, Activation::Tanh] {
        let network = Network::mlp(&[30, 20, 4], activation, 0.0, Init::Glorot, Seed::new(2)).unwrap();
        let (x, labels) = (pixels(30, 6, 0.3, 2), labels(6, 4, 2));
        let mut noise = Seed::new(3).stream();
        let (loss, gradient) = network.gradient(&x, &labels, &mut noise);
        let (mut losses, mut sum) = (0.0, network.zeros_like());
        for j in 0..6 {
            let (loss, gradient) = network.gradient(&x.gather(&[j]), &labels[j..=j], &mut noise);
            losses += loss / 6.0;
            sum.axpy(1.0 / 6.0, &gradient);
        }
        assert!((loss - losses).abs() < 1e-6);
        for (a, b) in gradient.params().iter().zip(sum.params()) {
            // Six products of numbers below 1, added in another order.
            assert_close(a.values, b.values, 1e-6);
        }
    }
}

/// Weights and biases of two layers, as a deep belief network would hand them over.
fn pretrained() -> Vec<(Matrix, Vec<f32>)> {
    let layer = |n, m, seed| (normal(n, m, 0.5, seed), normal(m, 1, 0.3, seed + 1).into_vec());
    vec![layer(30, 20, 4), layer(20, 15, 6)]
}

#[test]
fn on_pretrained_weights_the_first_pass_is_theirs_bit_for_bit() {
    let pairs = pretrained();
    let output = Dense::new(15, 10, Init::Small, Seed::new(8));
    let borrowed = pairs.iter().map(|(w, b)| (w, &b[..]));
    let network = Network::from_affine(borrowed, output.clone(), Activation::Sigmoid, 0.0).unwrap();
    let mut x = pixels(30, 9, 0.3, 9);
    let hidden = network.hidden(&x);
    let logits = network.logits(&x);
    for ((w, b), hidden) in pairs.iter().zip(&hidden) {
        let mut next = Matrix::zeros(w.cols(), x.cols());
        gemm(next.view_mut(), Accum::Replace, w.view().transpose(), x.view(), 1.0);
        next.add_to_columns(b);
        simd::sigmoid(next.as_mut_slice());
        assert_eq!(&next, hidden);
        x = next;
    }
    assert_eq!(output.forward(&x, &mut Mode::Evaluate).0, logits);
}

#[test]
fn thirty_two_images_are_learnt_by_heart() {
    let (x, labels) = (pixels(50, 32, 0.2, 10), labels(32, 10, 10));
    for activation in [Activation::Sigmoid, Activation::Relu, Activation::LeakyRelu, Activation::Tanh] {
        let mut network = Network::mlp(&[50, 40, 10], activation, 0.0, Init::Glorot, Seed::new(11)).unwrap();
        let mut optimiser = Optimiser::new(ADAM, 0.01, &network);
        let plan = Fit { epochs: 700, batch: 8, seed: Seed::new(12), resume: None };
        let outcome = fit(&mut network, &mut optimiser, 32, &plan, &mut Silent, |network, batch, noise| {
            let labels: Vec<u8> = batch.iter().map(|&j| labels[j]).collect();
            network.gradient(&x.gather(batch), &labels, noise)
        });
        assert_eq!(outcome, Outcome::Finished);
        let loss = mean_cross_entropy(&network, &x, &labels);
        assert!(loss < 1e-3, "{activation:?}: {loss}");
        assert_eq!(predictions(&network, &x), labels);
    }
}

fn run(network: &mut Network, plan: &Fit, observer: &mut dyn train::Observer) -> Outcome {
    let (x, labels) = (pixels(30, 22, 0.3, 13), labels(22, 4, 13));
    let schedule = Schedule::Cosine { last: 0.1, epochs: Some(6) };
    let mut optimiser = Optimiser::with(Descent { schedule, ..Descent::new(ADAM, 0.01) }, network);
    fit(network, &mut optimiser, 22, plan, observer, |network, batch, noise| {
        let labels: Vec<u8> = batch.iter().map(|&j| labels[j]).collect();
        network.gradient(&x.gather(batch), &labels, noise)
    })
}

#[test]
fn a_rerun_and_a_resumed_run_end_with_the_same_bits() {
    let plan = |resume| Fit { epochs: 6, batch: 5, seed: Seed::new(14), resume };
    let (mut straight, mut again) = (network(0.2), network(0.2));
    run(&mut straight, &plan(None), &mut Silent);
    run(&mut again, &plan(None), &mut Silent);
    assert!(straight == again && straight != network(0.2));
    let mut bytes = Vec::new();
    let mut kill = |event: &Event<'_>| match event {
        Event::Epoch { epoch: 3, snapshot, .. } => {
            bytes = snapshot().encode("");
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    };
    assert_eq!(run(&mut network(0.2), &plan(None), &mut kill), Outcome::Stopped { epoch: 3 });
    let mut resumed = network(0.2).zeros_like();
    run(&mut resumed, &plan(Some(Snapshot::decode(&bytes).unwrap().0)), &mut Silent);
    assert!(resumed == straight);
}

#[test]
fn a_mini_batch_larger_than_the_data_is_all_of_them() {
    let (mut large, mut whole) = (network(0.2), network(0.2));
    for (network, batch) in [(&mut large, 1000), (&mut whole, 22)] {
        let plan = Fit { epochs: 3, batch, seed: Seed::new(15), resume: None };
        assert_eq!(run(network, &plan, &mut Silent), Outcome::Finished);
    }
    assert!(large == whole);
}

#[test]
fn names_nest_and_weights_of_another_network_are_refused() {
    let names: Vec<String> = network(0.0).params().into_iter().map(|p| p.name).collect();
    let expected = ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"];
    assert_eq!(names[..4], expected);
    let shapes: Vec<Vec<usize>> = network(0.0).params().into_iter().map(|p| p.shape).collect();
    assert_eq!(shapes[..2], [vec![20, 30], vec![20]]);

    let wide = Network::mlp(&[30, 20, 16, 4], Activation::Relu, 0.0, Init::He, Seed::new(1)).unwrap();
    let snapshot = Snapshot { epoch: 0, tensors: train::Tensor::list(&wide, "") };
    let mut other = network(0.0);
    let error = snapshot.write_into(&mut other, "").unwrap_err().to_string();
    assert_eq!(error, "byte 8: tensor layers.1.weight: expected shape [15, 20], found shape [16, 20]");
    assert!(other == network(0.0));
}

#[test]
fn divergence_names_layer_epoch_and_step() {
    let mut network = network(0.0);
    let (x, labels) = (pixels(30, 22, 0.3, 16), labels(22, 4, 16));
    let mut optimiser = Optimiser::new(Rule::Sgd { momentum: 0.0 }, 1e30, &network);
    let plan = Fit { epochs: 5, batch: 5, seed: Seed::new(17), resume: None };
    let outcome = fit(&mut network, &mut optimiser, 22, &plan, &mut Silent, |network, batch, noise| {
        let labels: Vec<u8> = batch.iter().map(|&j| labels[j]).collect();
        network.gradient(&x.gather(batch), &labels, noise)
    });
    let Outcome::Diverged { epoch: 1, step, what } = &outcome else { panic!("{outcome:?}") };
    assert!(*step <= 3 && what.starts_with("layers."), "{outcome:?}");
}
