//! Training a layer of a stack: fast code against plain code, threads, stop and resume, bad input.

use std::ops::ControlFlow;
use std::sync::Arc;

use feedforward::autoencoder::{Autoencoder, Denoiser, Denoising, Goal, Stack, Trainer, Tying};
use feedforward::fast::FastOptions;
use feedforward::{Corruption, NetworkError};
use tensor::Seed;
use tensor::layers::Sparse;
use train::{Decay, Descent, Event, Fit, Outcome, Parameters, Rule, Silent, Snapshot, Trainee, epochs};

use crate::autoencoder::{SPARSE, stack};
use crate::support::pixels;

const N: usize = 150;
const WIDTHS: [usize; 4] = [60, 45, 37, 300];

fn images() -> Arc<Sparse> {
    Arc::new(Sparse::from_matrix(&pixels(60, N, 0.3, 1)))
}

fn options(descent: Descent, batch: usize, threads: usize) -> FastOptions {
    FastOptions { descent, batch, threads }
}

fn trainee(trainer: Trainer, layer: usize, denoising: Denoising, options: FastOptions) -> Denoiser {
    let stack = stack(&WIDTHS, Tying::Tied);
    let denoiser = Denoiser::with(trainer, &stack, layer, images(), denoising, options).unwrap();
    assert_eq!(denoiser.trainer(), trainer);
    denoiser
}

fn plan(epochs: usize, batch: usize) -> Fit {
    Fit { epochs, batch, seed: Seed::new(3), resume: None }
}

/// Trains; the snapshot in the end, and all metrics.
fn run(mut trainee: Denoiser, plan: &Fit) -> (Snapshot, Vec<(&'static str, f64)>) {
    let mut all = Vec::new();
    let mut note = |event: &Event<'_>| {
        if let Event::Epoch { metrics, .. } = event {
            all.extend_from_slice(metrics);
        }
        ControlFlow::Continue(())
    };
    assert_eq!(epochs(&mut trainee, N, plan, &mut note), Outcome::Finished);
    (trainee.snapshot(), all)
}

fn worst(a: &Autoencoder, b: &Autoencoder) -> f32 {
    let pairs = a.params().into_iter().zip(b.params());
    let differences = pairs
        .flat_map(|(a, b)| a.values.iter().zip(b.values).map(|(a, b)| (a - b).abs()).collect::<Vec<_>>());
    differences.fold(0.0, f32::max)
}

fn every_task() -> Vec<Denoising> {
    let mut tasks = Vec::new();
    for corruption in [Corruption::Masking(0.3), Corruption::SaltAndPepper(0.2), Corruption::Gaussian(0.3)] {
        for goal in [Goal::Image, Goal::Code] {
            for sparsity in [None, Some(SPARSE)] {
                tasks.push(Denoising { corruption, goal, sparsity });
            }
        }
    }
    tasks
}

/// What is compared did move, by far more than the error; the same noise falls in both.
#[test]
fn the_fast_code_does_what_the_plain_code_does() {
    for denoising in every_task() {
        for layer in 0..3 {
            for batch in [7, 64, 150] {
                let trained = |trainer| {
                    let mut own = trainee(trainer, layer, denoising, options(Descent::sgd(0.1), batch, 2));
                    assert_eq!(epochs(&mut own, N, &plan(2, batch), &mut Silent), Outcome::Finished);
                    own.autoencoder()
                };
                let (fast, plain) = (trained(Trainer::Fast), trained(Trainer::Plain));
                let start = stack(&WIDTHS, Tying::Tied).layers()[layer].clone();
                let (error, moved) = (worst(&fast, &plain), worst(&start, &plain));
                assert!(
                    error < 5e-6 && moved > 1e-3 && moved > 500.0 * error,
                    "{denoising:?} {layer} {batch}: {error} of {moved}"
                );
            }
        }
    }
}

#[test]
fn both_codes_tell_the_same_costs_and_their_sum_is_the_loss() {
    for denoising in every_task() {
        let told = |trainer| {
            let own = trainee(trainer, 1, denoising, options(Descent::sgd(0.1), 64, 1));
            run(own, &plan(2, 64)).1
        };
        let (fast, plain) = (told(Trainer::Fast), told(Trainer::Plain));
        assert_eq!(fast.len(), 6);
        for ((name, a), (same, b)) in fast.iter().zip(&plain) {
            // A sum of 60 rounded terms of one nat each.
            assert!(name == same && (a - b).abs() < 2e-5, "{denoising:?} {name}: {a} against {b}");
        }
        for epoch in fast.chunks(3) {
            let [(_, loss), (_, reconstruction), (_, penalty)] = epoch else { panic!("{epoch:?}") };
            assert!((loss - reconstruction - penalty).abs() < 1e-9);
            assert_eq!(*penalty > 0.0, denoising.sparsity.is_some());
        }
    }
}

/// Adaptive rules divide by roots of small numbers, which makes rounding count for more.
#[test]
fn every_rule_and_decay_is_that_of_the_plain_code() {
    let rules = [
        (Rule::Sgd { momentum: 0.1 }, 0.1, 5e-6),
        (Rule::Sgd { momentum: 0.9 }, 0.05, 1e-5),
        (Rule::RmsProp { decay: 0.9, epsilon: 1e-3 }, 1e-3, 2e-5),
        (Rule::ADAM, 1e-3, 2e-4),
    ];
    for (rule, rate, tolerance) in rules {
        for decay in [Decay::None, Decay::Coupled(0.01), Decay::Decoupled(0.01)] {
            let descent = Descent { decay, ..Descent::new(rule, rate) };
            for layer in [0, 1] {
                let trained = |trainer| {
                    let denoising = Denoising::new(Corruption::Masking(0.3));
                    let mut own = trainee(trainer, layer, denoising, options(descent, 40, 2));
                    epochs(&mut own, N, &plan(2, 40), &mut Silent);
                    own.autoencoder()
                };
                let error = worst(&trained(Trainer::Fast), &trained(Trainer::Plain));
                assert!(error < tolerance, "{descent:?}, layer {layer}: {error}");
            }
        }
    }
}

#[test]
fn the_bits_are_the_same_for_any_number_of_threads_and_for_a_rerun() {
    for goal in [Goal::Image, Goal::Code] {
        for sparsity in [None, Some(SPARSE)] {
            for layer in 0..3 {
                let denoising = Denoising { goal, sparsity, ..Denoising::new(Corruption::Masking(0.1)) };
                let descent = Descent::new(Rule::Sgd { momentum: 0.1 }, 0.1);
                let with = |threads| {
                    run(
                        trainee(Trainer::Fast, layer, denoising, options(descent, 128, threads)),
                        &plan(3, 128),
                    )
                };
                let one = with(1);
                for threads in [1, 2, 3, 8] {
                    assert!(with(threads) == one, "{threads} threads, {denoising:?}, layer {layer}");
                }
            }
        }
    }
}

#[test]
fn a_run_that_is_stopped_goes_on_with_the_same_bits() {
    let denoising = Denoising { sparsity: Some(SPARSE), ..Denoising::new(Corruption::Gaussian(0.2)) };
    for (trainer, rule) in [
        (Trainer::Fast, Rule::PLAIN),
        (Trainer::Fast, Rule::Sgd { momentum: 0.1 }),
        (Trainer::Fast, Rule::ADAM),
        (Trainer::Plain, Rule::ADAM),
    ] {
        let new = |threads| trainee(trainer, 1, denoising, options(Descent::new(rule, 0.01), 40, threads));
        let straight = run(new(1), &plan(5, 40)).0;
        let (mut stopped, mut bytes) = (new(2), Vec::new());
        let mut kill = |event: &Event<'_>| match event {
            Event::Epoch { epoch: 2, snapshot, .. } => {
                bytes = snapshot().encode("");
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        };
        assert_eq!(epochs(&mut stopped, N, &plan(5, 40), &mut kill), Outcome::Stopped { epoch: 2 });
        let snapshot = Snapshot::decode(&bytes).unwrap().0;
        let rest = Fit { resume: Some(snapshot), ..plan(5, 40) };
        assert!(run(new(1), &rest).0 == straight, "{trainer:?} {rule:?}");
    }
}

#[test]
fn a_snapshot_of_another_layer_is_a_mismatch_and_changes_nothing() {
    let denoising = Denoising::new(Corruption::NONE);
    for trainer in [Trainer::Fast, Trainer::Plain] {
        let new = |layer| trainee(trainer, layer, denoising, options(Descent::adam(0.01), 40, 1));
        let (other, mut own) = (new(1).snapshot(), new(0));
        let before = own.snapshot();
        let from = Fit { resume: Some(other), ..plan(2, 40) };
        assert!(matches!(epochs(&mut own, N, &from, &mut Silent), Outcome::Mismatch(_)));
        assert!(own.snapshot() == before);
    }
}

#[test]
fn untied_weights_are_trained_by_the_plain_code_and_learn() {
    let stack = stack(&[60, 45], Tying::Untied);
    let denoising = Denoising::new(Corruption::Masking(0.1));
    let options = options(Descent::sgd(0.1), 10, 1);
    for trainer in [None, Some(Trainer::Fast)] {
        let mut own = match trainer {
            None => Denoiser::new(&stack, 0, images(), denoising, options).unwrap(),
            Some(trainer) => Denoiser::with(trainer, &stack, 0, images(), denoising, options).unwrap(),
        };
        assert_eq!(own.trainer(), Trainer::Plain);
        assert_falls(&mut own);
    }
}

/// A constant reconstruction, each pixel at its mean, is what biases alone can do; a code does better.
fn assert_falls(own: &mut Denoiser) {
    let x = pixels(60, N, 0.3, 1);
    let entropy = |p: f64| if p > 0.0 { -p * p.ln() - (1.0 - p) * (1.0 - p).ln() } else { 0.0 };
    let constant: f64 = x.sum_columns().iter().map(|&s| entropy(f64::from(s) / N as f64)).sum();
    let mut losses = Vec::new();
    let mut note = |event: &Event<'_>| {
        if let Event::Epoch { metrics, .. } = event {
            losses.push(metrics[0].1);
        }
        ControlFlow::Continue(())
    };
    assert_eq!(epochs(own, N, &plan(60, 10), &mut note), Outcome::Finished);
    assert!(losses[59] < 0.95 * constant && losses[59] < losses[0], "{losses:?} against {constant}");
}

#[test]
fn a_tied_layer_is_trained_by_the_fast_code_and_learns() {
    let stack = stack(&[60, 45], Tying::Tied);
    let denoising = Denoising::new(Corruption::Masking(0.1));
    let mut own = Denoiser::new(&stack, 0, images(), denoising, options(Descent::sgd(0.1), 10, 2)).unwrap();
    assert_eq!(own.trainer(), Trainer::Fast);
    assert_falls(&mut own);
}

#[test]
fn divergence_is_noticed_and_named() {
    for trainer in [Trainer::Fast, Trainer::Plain] {
        for rate in [f32::INFINITY, f32::NAN] {
            let denoising = Denoising::new(Corruption::Masking(0.1));
            let mut own = trainee(trainer, 0, denoising, options(Descent::sgd(rate), 40, 1));
            assert_eq!(own.non_finite(), None);
            let outcome = epochs(&mut own, N, &plan(5, 40), &mut Silent);
            let Outcome::Diverged { epoch: 1, step, what } = &outcome else { panic!("{outcome:?}") };
            let broken = own.autoencoder();
            let named = broken.params().into_iter().find(|p| p.name == *what);
            assert!(
                *step <= 2 && named.is_some_and(|p| p.values.iter().any(|x| !x.is_finite())),
                "{outcome:?}"
            );
        }
    }
}

#[test]
fn images_and_noise_that_make_no_sense_are_refused() {
    let stack: Stack = stack(&[60, 45], Tying::Tied);
    let mut x = pixels(60, 20, 0.3, 1);
    let new = |x: &tensor::Matrix, denoising| {
        let images = Arc::new(Sparse::from_matrix(x));
        Denoiser::new(&stack, 0, images, denoising, options(Descent::sgd(0.1), 5, 1)).err()
    };
    assert_eq!(new(&x, Denoising::new(Corruption::NONE)), None);
    let error = new(&x, Denoising::new(Corruption::Masking(-0.5)));
    assert_eq!(error, Some(NetworkError::Noise { kind: "masking", amount: -0.5 }));
    x.column_mut(7)[3] = 1.5;
    let error = new(&x, Denoising::new(Corruption::NONE)).unwrap().to_string();
    assert_eq!(error, "sample 7, input 3: expected a grey value from 0 to 1, found 1.5");
}

#[test]
#[should_panic(expected = "images of 59 rows for 60 inputs")]
fn images_of_another_size_are_refused() {
    let images = Arc::new(Sparse::from_matrix(&pixels(59, 20, 0.3, 1)));
    let denoising = Denoising::new(Corruption::NONE);
    let _ =
        Denoiser::new(&stack(&[60, 45], Tying::Tied), 0, images, denoising, options(Descent::sgd(0.1), 5, 1));
}
