//! The fast path of any network: against the plain one, against itself on other threads, across stop and resume.

use std::ops::ControlFlow;
use std::sync::Arc;

use feedforward::fast::{FastNetwork, FastOptions, Samples};
use feedforward::{
    Activation, AnyLayer, BatchNorm, Block, Cnn, Convolution, Dense, Init, Maps, MaxPool, Network, Sliding,
    TransposedConvolution, mean_cross_entropy, predictions,
};
use tensor::{Matrix, Seed};
use train::{
    Decay, Descent, Event, Fit, Optimiser, Outcome, Parameters, Rule, Silent, Snapshot, Trainee, epochs, fit,
};

use crate::support::{labels, pixels};

const IMAGE: Maps = Maps { channels: 1, height: 11, width: 12 };
const N: usize = 150;

fn data() -> (Matrix, Vec<u8>) {
    (pixels(IMAGE.features(), N, 0.3, 1), labels(N, 5, 1))
}

fn samples() -> Arc<Samples> {
    let (x, labels) = data();
    Arc::new(Samples::new(&x, &labels))
}

/// Two blocks, the first strided and padded, pools that drop a row, and a hidden layer.
fn cnn(activation: Activation, dropout: f32) -> Network {
    let sliding = Sliding { kernel: [4, 3], stride: 2, padding: 2 };
    let blocks = &[Block { filters: 6, sliding, pool: 1 }, Block::classic(7, 2)];
    let cnn = Cnn { image: IMAGE, blocks, hidden: &[11], classes: 5, activation, dropout };
    Network::cnn(&cnn, Init::Glorot, Seed::new(2)).unwrap()
}

/// Layers in an order that no constructor makes: an activation on the images, one on another, one on a pool, a growing layer.
fn unusual() -> Network {
    let sliding = Sliding { kernel: [3, 3], stride: 2, padding: 1 };
    let pool = MaxPool::new(IMAGE, 3).unwrap();
    let grown = TransposedConvolution::new(pool.maps()[1], 3, sliding, Init::Glorot, Seed::new(3)).unwrap();
    let last = Convolution::new(grown.maps()[1], 2, Sliding::square(2), Init::Glorot, Seed::new(4)).unwrap();
    let dense = Dense::new(last.maps()[1].features(), 5, Init::Glorot, Seed::new(5));
    let activation = AnyLayer::Activation;
    Network::new(vec![
        activation(Activation::Tanh),
        AnyLayer::MaxPool(pool),
        activation(Activation::Sigmoid),
        AnyLayer::TransposedConvolution(grown),
        activation(Activation::Tanh),
        activation(Activation::Sigmoid),
        AnyLayer::Convolution(last),
        AnyLayer::Dense(dense),
    ])
    .unwrap()
}

fn fast(network: &Network, descent: Descent, threads: usize) -> FastNetwork {
    FastNetwork::new(network, samples(), FastOptions { descent, batch: 64, threads }).unwrap()
}

fn plan(epochs: usize, batch: usize) -> Fit {
    Fit { epochs, batch, seed: Seed::new(3), resume: None }
}

fn plain(start: &Network, descent: Descent, plan: &Fit) -> Network {
    let (mut network, (x, labels)) = (start.clone(), data());
    let mut optimiser = Optimiser::with(descent, &network);
    fit(&mut network, &mut optimiser, N, plan, &mut Silent, |network, batch, noise| {
        let labels: Vec<u8> = batch.iter().map(|&j| labels[j]).collect();
        network.gradient(&x.gather(batch), &labels, noise)
    });
    network
}

fn worst(a: &Network, b: &Network) -> f32 {
    let (a, b) = (a.params(), b.params());
    let pairs = a.iter().zip(&b).flat_map(|(a, b)| a.values.iter().zip(b.values));
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn training_is_that_of_the_plain_code() {
    let momentum = Descent { decay: Decay::Coupled(1e-3), ..Descent::new(Rule::Sgd { momentum: 0.9 }, 0.02) };
    let rms = Descent {
        decay: Decay::Coupled(1e-3),
        ..Descent::new(Rule::RmsProp { decay: 0.9, epsilon: 1e-3 }, 1e-3)
    };
    let activations = [Activation::Sigmoid, Activation::Tanh, Activation::Relu];
    for start in activations.map(|activation| cnn(activation, 0.0)).into_iter().chain([unusual()]) {
        for (descent, batch) in [(Descent::sgd(0.1), 1), (Descent::sgd(0.1), 37), (momentum, 128), (rms, 50)]
        {
            let mut once = fast(&start, Descent::sgd(1.0), 2);
            let chosen: Vec<usize> = (0..batch).map(|i| i * 7 % N).collect();
            let loss = once.step(&chosen, &mut Seed::new(1).stream());
            let (x, labels) = data();
            let labels: Vec<u8> = chosen.iter().map(|&j| labels[j]).collect();
            let (expected, gradient) =
                start.gradient(&x.gather(&chosen), &labels, &mut Seed::new(1).stream());
            let mut stepped = start.clone();
            stepped.axpy(-1.0, &gradient);
            // Sums of some hundred products below 1 and their rounding, in one step.
            assert!((loss - expected).abs() < 1e-6 && worst(&once.network(), &stepped) < 1e-6);

            let mut trainee = fast(&start, descent, 2);
            assert_eq!(epochs(&mut trainee, N, &plan(2, batch), &mut Silent), Outcome::Finished);
            let expected = plain(&start, descent, &plan(2, batch));
            let (error, moved) = (worst(&trainee.network(), &expected), worst(&start, &expected));
            // Up to three hundred steps carry their rounding on; what is compared moved by far more.
            assert!(error < 1e-3 * moved, "{descent:?}, batch {batch}: {error} of {moved}");
        }
    }
}

#[test]
fn the_bits_are_the_same_for_any_number_of_threads() {
    for (start, batch) in
        [(cnn(Activation::Relu, 0.3), 130), (cnn(Activation::Relu, 0.0), 20), (unusual(), 150)]
    {
        let run = |threads| {
            let (mut trainee, mut losses) = (fast(&start, Descent::adam(1e-3), threads), Vec::new());
            let mut note = |event: &Event<'_>| {
                if let Event::Epoch { metrics, .. } = event {
                    losses.push(metrics[0].1.to_bits());
                }
                ControlFlow::Continue(())
            };
            epochs(&mut trainee, N, &plan(2, batch), &mut note);
            let predicted = trainee.predict(&samples()).unwrap();
            (trainee.snapshot(), losses, predicted.0, predicted.1.to_bits())
        };
        let one = run(1);
        for threads in [2, 3, 8, 11] {
            assert!(run(threads) == one, "{threads} threads");
        }
    }
}

#[test]
fn a_run_that_was_stopped_goes_on_with_the_same_bits() {
    let start = cnn(Activation::Relu, 0.3);
    let descent = Descent::new(Rule::RmsProp { decay: 0.9, epsilon: 1e-6 }, 1e-3);
    let mut whole = fast(&start, descent, 2);
    epochs(&mut whole, N, &plan(4, 40), &mut Silent);
    let (mut first, mut kept) = (fast(&start, descent, 1), Vec::new());
    let mut stop = |event: &Event<'_>| match event {
        Event::Epoch { epoch: 2, snapshot, .. } => {
            kept = snapshot().encode("");
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    };
    assert_eq!(epochs(&mut first, N, &plan(4, 40), &mut stop), Outcome::Stopped { epoch: 2 });
    let mut second = fast(&start, descent, 3);
    let resume = Some(Snapshot::decode(&kept).unwrap().0);
    assert_eq!(epochs(&mut second, N, &Fit { resume, ..plan(4, 40) }, &mut Silent), Outcome::Finished);
    assert!(second.snapshot() == whole.snapshot());
}

#[test]
fn a_snapshot_of_the_plain_code_goes_on_here() {
    let (start, descent) = (cnn(Activation::Tanh, 0.0), Descent::adam(1e-3));
    let (mut network, (x, labels), mut kept) = (start.clone(), data(), None);
    let mut optimiser = Optimiser::with(descent, &network);
    let mut note = |event: &Event<'_>| {
        if let Event::Epoch { snapshot, .. } = event {
            kept = Some(snapshot());
        }
        ControlFlow::Continue(())
    };
    fit(&mut network, &mut optimiser, N, &plan(1, 40), &mut note, |network, batch, noise| {
        let labels: Vec<u8> = batch.iter().map(|&j| labels[j]).collect();
        network.gradient(&x.gather(batch), &labels, noise)
    });
    let mut here = fast(&start, descent, 2);
    let outcome = epochs(&mut here, N, &Fit { resume: kept, ..plan(2, 40) }, &mut Silent);
    assert_eq!(outcome, Outcome::Finished);
    // Adam divides by roots of small numbers, which makes rounding count for more.
    assert!(worst(&here.network(), &plain(&start, descent, &plan(2, 40))) < 1e-4);
}

#[test]
fn classes_and_loss_are_those_of_the_plain_code() {
    for network in [cnn(Activation::Relu, 0.5), unusual()] {
        let ((x, labels), trainee) = (data(), fast(&network, Descent::sgd(0.1), 2));
        let (found, loss) = trainee.predict(&samples()).unwrap();
        assert_eq!(found, predictions(&network, &x));
        assert!((loss - mean_cross_entropy(&network, &x, &labels)).abs() < 1e-6);
        let (confusion, again) = trainee.evaluate(&samples()).unwrap();
        let errors = labels.iter().zip(&found).filter(|(a, b)| a != b).count();
        assert_eq!((confusion.total(), confusion.errors(), again), (N as u64, errors as u64, loss));
    }
}

/// With every unit dropped but few, means over many draws are those without dropout: masks are drawn for each side anew.
#[test]
fn dropout_draws_other_masks_for_every_side_and_step() {
    let start = cnn(Activation::Relu, 0.5);
    let mut trainee = fast(&start, Descent::sgd(0.0), 1);
    let mut noise = Seed::new(9).stream();
    // The same sample in two sides, and again: at rate 0 only masks can change the loss.
    let batch: Vec<usize> = [3; 32].to_vec();
    let losses: Vec<f64> = (0..40).map(|_| trainee.step(&batch, &mut noise)).collect();
    let mut sorted = losses.clone();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    assert_eq!(sorted.len(), losses.len());
    assert!(trainee.network() == start);
}

#[test]
fn what_cannot_be_trained_side_by_side_is_refused() {
    let options = FastOptions { descent: Descent::sgd(0.1), batch: 64, threads: 2 };
    let new = |network: &Network, samples| match FastNetwork::new(network, samples, options) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    };
    let norm = AnyLayer::BatchNorm(BatchNorm::new(IMAGE.features()));
    let dense = AnyLayer::Dense(Dense::new(IMAGE.features(), 5, Init::He, Seed::new(1)));
    assert_eq!(
        new(&Network::new(vec![norm, dense]).unwrap(), samples()),
        "expected layers that look at one sample at a time, found batch normalisation as layer 0 of the sequence"
    );
    let network = cnn(Activation::Relu, 0.0);
    let other = Arc::new(Samples::new(&pixels(100, 3, 0.3, 1), &[0, 1, 2]));
    assert_eq!(new(&network, other), "convolution 0 expects samples of 132 features (1×11×12), found 100");
    let (x, _) = data();
    let other = Arc::new(Samples::new(&x, &labels(N, 6, 2)));
    assert!(new(&network, other).ends_with("expected a label below 5, found 5"));
}

#[test]
fn divergence_is_named() {
    let mut trainee = fast(&cnn(Activation::Relu, 0.0), Descent::sgd(1e30), 2);
    let outcome = epochs(&mut trainee, N, &plan(3, 50), &mut Silent);
    assert!(matches!(outcome, Outcome::Diverged { epoch: 1, .. }), "{outcome:?}");
}
