//! The fast path against the plain one, against itself on other threads, and across stop and resume.

use std::ops::ControlFlow;
use std::sync::Arc;

use feedforward::fast::{FastMlp, FastOptions, Samples};
use feedforward::{Activation, Confusion, Init, Network, NetworkError, mean_cross_entropy, predictions};
use tensor::{Matrix, Seed};
use train::{
    Decay, Descent, EarlyStopping, Event, Fit, Optimiser, Outcome, Parameters, Rule, Schedule, Silent,
    Snapshot, Trainee, epochs, fit,
};

use crate::support::{labels, pixels};

const PLAIN: Rule = Rule::Sgd { momentum: 0.0 };
const ADAM: Rule = Rule::Adam { beta1: 0.9, beta2: 0.999 };

fn data(n: usize) -> (Matrix, Vec<u8>) {
    (pixels(60, n, 0.2, 1), labels(n, 10, 1))
}

fn network(widths: &[usize], activation: Activation, dropout: f32) -> Network {
    Network::mlp(widths, activation, dropout, Init::Glorot, Seed::new(2)).unwrap()
}

fn fast(network: &Network, n: usize, descent: Descent, batch: usize, threads: usize) -> FastMlp {
    let (x, labels) = data(n);
    let samples = Arc::new(Samples::new(&x, &labels));
    FastMlp::new(network, samples, FastOptions { descent, batch, threads }).unwrap()
}

fn plan(epochs: usize, batch: usize) -> Fit {
    Fit { epochs, batch, seed: Seed::new(3), resume: None }
}

/// The plain code: [`train::fit`] with the network's gradient.
fn plain(
    start: &Network,
    n: usize,
    descent: Descent,
    plan: &Fit,
    observer: &mut dyn train::Observer,
) -> Network {
    let (mut network, (x, labels)) = (start.clone(), data(n));
    let mut optimiser = Optimiser::with(descent, &network);
    fit(&mut network, &mut optimiser, n, plan, observer, |network, batch, noise| {
        let labels: Vec<u8> = batch.iter().map(|&j| labels[j]).collect();
        network.gradient(&x.gather(batch), &labels, noise)
    });
    network
}

fn worst(a: &Network, b: &Network) -> f32 {
    let pairs = a.params().into_iter().zip(b.params());
    pairs
        .flat_map(|(a, b)| a.values.iter().zip(b.values).map(|(a, b)| (a - b).abs()).collect::<Vec<_>>())
        .fold(0.0, f32::max)
}

/// What is compared did move: by far more than the error.
fn assert_same_training(start: &Network, n: usize, descent: Descent, batch: usize, tolerance: f32) {
    let mut trainee = fast(start, n, descent, batch, 2);
    assert_eq!(epochs(&mut trainee, n, &plan(2, batch), &mut Silent), Outcome::Finished);
    let (found, expected) = (trainee.network(), plain(start, n, descent, &plan(2, batch), &mut Silent));
    let (error, moved) = (worst(&found, &expected), worst(start, &expected));
    assert!(error < tolerance && moved > 100.0 * error, "{descent:?}, batch {batch}: {error} of {moved}");
}

#[test]
fn plain_descent_is_that_of_the_plain_code() {
    for activation in [Activation::Sigmoid, Activation::Relu, Activation::LeakyRelu, Activation::Tanh] {
        for batch in [1, 3, 5, 8, 9, 40, 64, 100] {
            let start = network(&[60, 45, 300, 10], activation, 0.0);
            assert_same_training(&start, 70, Descent::new(PLAIN, 0.1), batch, 2e-6);
        }
    }
}

#[test]
fn dropout_draws_the_same_masks_as_the_plain_code() {
    for activation in [Activation::Sigmoid, Activation::Relu, Activation::LeakyRelu, Activation::Tanh] {
        for batch in [5, 40, 70] {
            let start = network(&[60, 45, 37, 10], activation, 0.3);
            assert_same_training(&start, 70, Descent::new(PLAIN, 0.1), batch, 2e-6);
        }
    }
}

/// Adaptive rules divide by roots of small numbers, which makes rounding count for more.
#[test]
fn every_rule_decay_and_schedule_is_that_of_the_plain_code() {
    let schedule = Schedule::Exponential { factor: 0.5 };
    let heavy = Rule::Sgd { momentum: 0.9 };
    for (rule, rate, tolerance) in
        [(heavy, 0.05, 5e-6), (Rule::RmsProp { decay: 0.9, epsilon: 1e-3 }, 1e-3, 1e-5), (ADAM, 1e-3, 1e-4)]
    {
        for decay in [Decay::None, Decay::Coupled(0.01), Decay::Decoupled(0.01)] {
            for batch in [5, 50] {
                let start = network(&[60, 45, 20, 10], Activation::Tanh, 0.2);
                let descent = Descent { rule, rate, decay, schedule };
                let mut trainee = fast(&start, 70, descent, batch, 1);
                epochs(&mut trainee, 70, &plan(2, batch), &mut Silent);
                let expected = plain(&start, 70, descent, &plan(2, batch), &mut Silent);
                let error = worst(&trainee.network(), &expected);
                assert!(error < tolerance, "{descent:?}, batch {batch}: {error}");
            }
        }
    }
    let descent = Descent { decay: Decay::Coupled(0.01), schedule, ..Descent::new(PLAIN, 0.1) };
    assert_same_training(&network(&[60, 45, 10], Activation::Sigmoid, 0.0), 70, descent, 5, 2e-6);
}

#[test]
fn a_network_without_hidden_layers_learns_too() {
    for batch in [5, 50] {
        assert_same_training(
            &network(&[60, 10], Activation::Relu, 0.0),
            70,
            Descent::new(PLAIN, 0.1),
            batch,
            2e-6,
        );
    }
}

#[test]
fn the_bits_are_the_same_for_any_number_of_threads_and_for_a_rerun() {
    for (descent, batch, dropout) in [
        (Descent::new(ADAM, 1e-3), 128, 0.2),
        (Descent::new(PLAIN, 0.1), 100, 0.0),
        (Descent::new(PLAIN, 0.1), 5, 0.0),
    ] {
        let start = network(&[60, 300, 45, 10], Activation::Relu, dropout);
        let run = |threads| {
            let mut trainee = fast(&start, 300, descent, batch, threads);
            let mut losses = Vec::new();
            let mut note = |event: &Event<'_>| {
                if let Event::Epoch { metrics, .. } = event {
                    losses.push(metrics[0].1.to_bits());
                }
                ControlFlow::Continue(())
            };
            assert_eq!(epochs(&mut trainee, 300, &plan(3, batch), &mut note), Outcome::Finished);
            (trainee.snapshot(), losses)
        };
        let one = run(1);
        for threads in [1, 2, 3, 8] {
            assert!(run(threads) == one, "{threads} threads, batch {batch}");
        }
    }
}

/// Stops after epoch 2; the bytes of the snapshot.
fn stopped(run: impl FnOnce(&mut dyn train::Observer)) -> Snapshot {
    let mut bytes = Vec::new();
    let mut kill = |event: &Event<'_>| match event {
        Event::Epoch { epoch: 2, snapshot, .. } => {
            bytes = snapshot().encode("");
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    };
    run(&mut kill);
    Snapshot::decode(&bytes).unwrap().0
}

#[test]
fn a_run_that_is_stopped_goes_on_with_the_same_bits() {
    let schedule = Schedule::Linear { last: 0.1, epochs: Some(5) };
    for (rule, batch) in [(PLAIN, 5), (Rule::Sgd { momentum: 0.9 }, 5), (ADAM, 40), (ADAM, 5)] {
        let descent = Descent { schedule, ..Descent::new(rule, 0.01) };
        let start = network(&[60, 45, 20, 10], Activation::Relu, 0.2);
        let mut straight = fast(&start, 70, descent, batch, 1);
        epochs(&mut straight, 70, &plan(5, batch), &mut Silent);
        let snapshot = stopped(|kill| {
            epochs(&mut fast(&start, 70, descent, batch, 2), 70, &plan(5, batch), kill);
        });
        let mut resumed = fast(&start.zeros_like(), 70, descent, batch, 1);
        let rest = Fit { resume: Some(snapshot), ..plan(5, batch) };
        assert_eq!(epochs(&mut resumed, 70, &rest, &mut Silent), Outcome::Finished);
        assert!(resumed.snapshot() == straight.snapshot(), "{rule:?}");
    }
}

#[test]
fn it_goes_on_where_the_plain_code_stopped() {
    let (start, descent) = (network(&[60, 45, 10], Activation::Sigmoid, 0.2), Descent::new(ADAM, 1e-3));
    let expected = plain(&start, 70, descent, &plan(4, 20), &mut Silent);
    let snapshot = stopped(|kill| {
        plain(&start, 70, descent, &plan(4, 20), kill);
    });
    let mut trainee = fast(&start, 70, descent, 20, 1);
    epochs(&mut trainee, 70, &Fit { resume: Some(snapshot), ..plan(4, 20) }, &mut Silent);
    assert!(worst(&trainee.network(), &expected) < 1e-4);
}

#[test]
fn a_snapshot_of_another_network_is_a_mismatch_and_changes_nothing() {
    let descent = Descent::new(ADAM, 1e-3);
    let start = network(&[60, 45, 10], Activation::Relu, 0.0);
    let other = fast(&network(&[60, 44, 10], Activation::Relu, 0.0), 70, descent, 5, 1).snapshot();
    let mut trainee = fast(&start, 70, descent, 5, 1);
    let outcome = epochs(&mut trainee, 70, &Fit { resume: Some(other), ..plan(1, 5) }, &mut Silent);
    let Outcome::Mismatch(error) = outcome else { panic!("{outcome:?}") };
    assert!(error.to_string().contains("layers.0.weight: expected shape [45, 60]"), "{error}");
    assert!(trainee.network() == start);
}

#[test]
fn evaluation_is_that_of_the_network() {
    let start = network(&[60, 45, 20, 10], Activation::Sigmoid, 0.5);
    let trainee = fast(&start, 70, Descent::new(PLAIN, 0.1), 5, 1);
    let (x, labels) = (pixels(60, 101, 0.2, 5), labels(101, 10, 5));
    let (confusion, loss) = trainee.evaluate(&Samples::new(&x, &labels)).unwrap();
    let expected = predictions(&start, &x);
    // No two logits of this data are so near that rounding decides.
    assert_eq!(confusion, Confusion::new(&labels, &expected, 10));
    assert_eq!(trainee.predict(&Samples::new(&x, &labels)).unwrap(), (expected, loss));
    assert!((loss - mean_cross_entropy(&start, &x, &labels)).abs() < 1e-6);
}

#[test]
fn thirty_two_images_are_learnt_by_heart() {
    for (descent, batch, dropout) in [(Descent::new(PLAIN, 0.5), 5, 0.0), (Descent::new(ADAM, 0.01), 32, 0.0)]
    {
        let start = network(&[60, 45, 20, 10], Activation::Relu, dropout);
        let (x, labels) = data(32);
        let mut trainee = fast(&start, 32, descent, batch, 1);
        assert_eq!(epochs(&mut trainee, 32, &plan(400, batch), &mut Silent), Outcome::Finished);
        let (confusion, loss) = trainee.evaluate(&Samples::new(&x, &labels)).unwrap();
        assert!(loss < 1e-3 && confusion.errors() == 0, "{descent:?}: {loss}");
    }
}

#[test]
fn early_stopping_keeps_the_epoch_that_was_best_on_held_out_images() {
    let (x, labels) = (pixels(60, 50, 0.2, 6), labels(50, 10, 6));
    let held_out = Samples::new(&x, &labels);
    let trainee = fast(&network(&[60, 45, 10], Activation::Relu, 0.0), 70, Descent::new(ADAM, 0.01), 5, 1);
    let score = |t: &FastMlp| t.evaluate(&held_out).unwrap().1;
    let mut watched = EarlyStopping::new(trainee, 3, score);
    assert_eq!(epochs(&mut watched, 70, &plan(50, 5), &mut Silent), Outcome::Finished);
    let best = watched.best().unwrap().error;
    assert!(score(&watched.trainee) > best, "random labels are learnt by heart, and nothing else is");
    watched.restore_best().unwrap();
    assert_eq!(score(&watched.trainee), best);
}

#[test]
fn divergence_is_noticed_at_once_and_named() {
    for (rate, activation) in
        [(1e30, Activation::Relu), (f32::INFINITY, Activation::Sigmoid), (f32::NAN, Activation::Tanh)]
    {
        for batch in [5, 40] {
            let start = network(&[60, 45, 20, 10], activation, 0.0);
            let mut trainee = fast(&start, 70, Descent::new(PLAIN, rate), batch, 1);
            assert_eq!(trainee.non_finite(), None);
            let outcome = epochs(&mut trainee, 70, &plan(50, batch), &mut Silent);
            let Outcome::Diverged { epoch, step, what } = &outcome else { panic!("{rate}: {outcome:?}") };
            assert!((epoch - 1) * 70_usize.div_ceil(batch) + step <= 3, "{rate}: {outcome:?}");
            let broken = trainee.network();
            let named = broken.params().into_iter().find(|p| p.name == *what);
            assert!(named.is_some_and(|p| p.values.iter().any(|x| !x.is_finite())), "{rate}: {outcome:?}");
        }
    }
}

#[test]
fn a_mini_batch_larger_than_the_data_is_all_of_them() {
    let start = network(&[60, 45, 10], Activation::Relu, 0.0);
    let run = |batch| {
        let mut trainee = fast(&start, 20, Descent::new(PLAIN, 0.1), batch, 2);
        assert_eq!(epochs(&mut trainee, 20, &plan(3, batch), &mut Silent), Outcome::Finished);
        trainee.network()
    };
    assert!(run(1000) == run(20));
}

#[test]
fn labels_that_are_none_are_refused() {
    let (x, mut labels) = data(20);
    labels[7] = 10;
    let options = FastOptions { descent: Descent::new(PLAIN, 0.1), batch: 5, threads: 1 };
    let start = network(&[60, 10], Activation::Relu, 0.0);
    let error = FastMlp::new(&start, Arc::new(Samples::new(&x, &labels)), options).err().unwrap();
    assert_eq!(error, NetworkError::Label { sample: 7, label: 10, classes: 10 });
    let trainee = fast(&start, 20, options.descent, 5, 1);
    assert_eq!(trainee.evaluate(&Samples::new(&x, &labels)).err().unwrap(), error);
}

/// A step with more samples than there is room for would leave some of them out.
#[test]
fn a_mini_batch_beyond_the_room_is_refused_and_one_that_fills_it_is_not() {
    let start = network(&[60, 45, 10], Activation::Relu, 0.0);
    for (room, batch) in [(64, 128), (40, 45), (5, 6), (5, 33), (32, 64)] {
        let step = |room| {
            let mut trainee = fast(&start, 200, Descent::new(PLAIN, 0.1), room, 1);
            let indices: Vec<usize> = (0..batch).collect();
            trainee.step(&indices, &mut Seed::new(1).stream())
        };
        assert!(step(batch).is_finite());
        let refused = std::panic::catch_unwind(|| step(room)).unwrap_err();
        let expected =
            format!("a mini-batch of {batch} samples, where FastOptions::batch made room for {room}");
        assert_eq!(refused.downcast_ref::<String>(), Some(&expected));
    }
}

#[test]
fn values_that_are_no_greys_are_refused_before_training_and_before_evaluation() {
    let start = network(&[60, 45, 10], Activation::Relu, 0.0);
    let options = FastOptions { descent: Descent::new(PLAIN, 0.1), batch: 5, threads: 1 };
    let trainee = fast(&start, 20, options.descent, 5, 1);
    for (value, expected) in [
        (255.0, "sample 7, input 3: expected a grey value from 0 to 1, found 255"),
        (-0.5, "sample 7, input 3: expected a grey value from 0 to 1, found -0.5"),
        (f32::NAN, "sample 7, input 3: expected a finite number, found NaN"),
        (f32::INFINITY, "sample 7, input 3: expected a finite number, found inf"),
    ] {
        let (mut x, labels) = data(20);
        x.column_mut(7)[3] = value;
        let samples = Samples::new(&x, &labels);
        let error = trainee.evaluate(&samples).unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert_eq!(FastMlp::new(&start, Arc::new(samples), options).err().unwrap().to_string(), expected);
    }
}

#[test]
fn a_schedule_that_names_no_epochs_lasts_as_long_as_the_run() {
    let start = network(&[60, 45, 10], Activation::Relu, 0.0);
    let over = |epochs| Descent { schedule: Schedule::Cosine { last: 0.0, epochs }, ..Descent::adam(1e-2) };
    for length in [2, 4] {
        let run = |descent| {
            let mut trainee = fast(&start, 70, descent, 20, 1);
            epochs(&mut trainee, 70, &plan(length, 20), &mut Silent);
            (trainee.network(), plain(&start, 70, descent, &plan(length, 20), &mut Silent))
        };
        assert!(run(over(None)) == run(over(Some(length))));
        assert!(run(over(None)) != run(over(Some(9))));
    }
}
