//! The trainer laid out for the processor, where its gradient is written down: momentum, decay, schedules, centred units and
//! persistent chains, held against its own plain steps, against equations, and against exact distributions.

use energy::binary::{BinaryTrainer, Capacity};
use energy::{
    Input, Learning, Negative, Rbm, VisibleState, exact,
    learning::{self, WarmUp},
};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed};
use train::{Decay, Descent, Epoch, Fit, Optimiser, Parameters, Rule, Schedule, Silent, Trainee, epochs};

use crate::support::{assert_close, assert_drawn_from, binary, counts, flat, lively};

/// Batches on both sides of what counts as few samples.
const BATCHES: [usize; 2] = [5, 21];
const MOMENTUM: Descent = Descent::new(Rule::Sgd { momentum: 0.8 }, 0.05);

fn lists(states: &Matrix) -> Input {
    Input::Binary(Spikes::from_matrix(states))
}

fn grey(rows: usize, cols: usize) -> Input {
    let mut m = Matrix::zeros(rows, cols);
    Seed::new(8).stream().uniform(&mut m);
    Input::Probabilities(m)
}

fn trainer(rbm: &Rbm, input: &Input, learning: &Learning, batch: usize) -> BinaryTrainer {
    BinaryTrainer::new(rbm, input.clone(), learning, Capacity { batch, threads: 2 }).unwrap()
}

/// The gradient of one step of plain contrastive divergence with the same noise.
fn plain(rbm: &Rbm, input: &Input, learning: &Learning, batch: &[usize], seed: Seed) -> Rbm {
    let unit = Learning { visible: learning.visible, ..Learning::cd(1, 1.0) };
    let mut trainee = trainer(rbm, input, &unit, batch.len());
    trainee.step(batch, &mut seed.stream());
    let (mut gradient, after) = (rbm.clone(), trainee.rbm());
    gradient.axpy(-1.0, &after);
    gradient
}

/// `∇W′ = ∇W − ∇a λᵀ − μ ∇bᵀ`, `∇a′ = ∇a − ∇W′λ`, `∇b′ = ∇b − ∇W′ᵀμ` [Melchior2016], entry by entry.
fn centred(gradient: &Rbm, mu: &[f32], lambda: &[f32]) -> Rbm {
    let (a, b) = (&gradient.visible.bias, &gradient.hidden.bias);
    let mut out = gradient.clone();
    for (j, &offset) in lambda.iter().enumerate() {
        for (i, w) in out.weights.column_mut(j).iter_mut().enumerate() {
            *w -= a[i] * offset + mu[i] * b[j];
            out.visible.bias[i] -= *w * offset;
            out.hidden.bias[j] -= *w * mu[i];
        }
    }
    out
}

/// Five steps of every rule, with the plain gradient of each step and the optimiser that works on whole models as the oracle.
#[test]
fn every_descent_is_that_of_the_optimiser_on_the_plain_gradient() {
    let cosine = Schedule::Cosine { last: 0.0, epochs: None };
    let descents = [
        MOMENTUM,
        Descent { decay: Decay::Coupled(0.1), ..MOMENTUM },
        Descent { decay: Decay::Decoupled(0.1), schedule: cosine, ..Descent::sgd(0.1) },
        Descent::new(Rule::RmsProp { decay: 0.9, epsilon: 1e-4 }, 0.01),
        Descent::adam(0.01),
    ];
    let start = lively(19, 37, 3);
    let states = binary(19, 40, 3);
    for (size, descent) in BATCHES.into_iter().flat_map(|size| descents.map(|descent| (size, descent))) {
        for (input, visible) in [
            (lists(&states), VisibleState::Sampled),
            (lists(&states), VisibleState::Mean),
            (grey(19, 40), VisibleState::Sampled),
        ] {
            let learning = Learning { descent, visible, ..Learning::cd(1, 0.1) };
            let mut trainee = trainer(&start, &input, &learning, size);
            let (mut model, epoch) = (start.clone(), Epoch { number: 2, of: 4 });
            let mut optimiser = Optimiser::with(descent, &model);
            optimiser.epoch = epoch;
            trainee.begin(epoch);
            for step in 0..5 {
                let seed = Seed::new(100 + step);
                let batch: Vec<usize> = (0..size).map(|i| (i + 7 * step as usize) % 40).collect();
                let gradient = plain(&trainee.rbm(), &input, &learning, &batch, seed);
                optimiser.step(&mut model, &gradient);
                trainee.step(&batch, &mut seed.stream());
                // Sums of 21 products in another order; Adam divides small gradients by their own size.
                assert_close(&flat(&trainee.rbm()), &flat(&model), 2e-5);
                model = trainee.rbm();
            }
        }
    }
}

/// Offsets begin at the means, follow the hidden activity by a hundredth at every step, and enter the gradient as the paper has it.
#[test]
fn centred_units_descend_the_centred_gradient() {
    let (start, states) = (lively(19, 37, 5), binary(19, 40, 5));
    let input = lists(&states);
    let mu: Vec<f32> = states.sum_columns().iter().map(|sum| sum / 40.0).collect();
    for size in BATCHES {
        let learning = Learning { centred: true, ..Learning::cd(1, 0.1) };
        let mut trainee = trainer(&start, &input, &learning, size);
        let mut lambda = start.hidden_mean(&Matrix::from_vec(19, 1, mu.clone())).into_vec();
        for step in 0..4 {
            let (seed, before) = (Seed::new(200 + step), trainee.rbm());
            let batch: Vec<usize> = (0..size).map(|i| (i + 3 * step as usize) % 40).collect();
            let h = before.hidden_mean(&states.gather(&batch)).sum_columns();
            lambda
                .iter_mut()
                .zip(h)
                .for_each(|(offset, sum)| *offset += 0.01 * (sum / size as f32 - *offset));
            let gradient = centred(&plain(&before, &input, &learning, &batch, seed), &mu, &lambda);
            let mut expected = before.clone();
            expected.axpy(-0.1, &gradient);
            trainee.step(&batch, &mut seed.stream());
            assert_close(&flat(&trainee.rbm()), &flat(&expected), 1e-5);
        }
    }
}

/// The chains as they are after a step are what stood for the model in it, whether they are fewer than the samples or more.
#[test]
fn persistent_chains_give_the_gradient_between_data_and_chains() {
    let (start, states) = (lively(19, 37, 7), binary(19, 40, 7));
    for (size, chains) in [(5, 3), (5, 5), (21, 4), (21, 60), (9, 30)] {
        let negative = Negative::Pcd { sweeps: 2, chains };
        let learning = Learning { negative, ..Learning::cd(1, 0.1) };
        let mut trainee = trainer(&start, &lists(&states), &learning, size);
        assert_eq!(trainee.chains().unwrap(), Matrix::zeros(19, chains), "chains begin at zero");
        for step in 0..4 {
            let (before, mut noise) = (trainee.rbm(), Seed::new(300 + step).stream());
            let batch: Vec<usize> = (0..size).map(|i| (i + 5 * step as usize) % 40).collect();
            let data = states.gather(&batch);
            let loss = trainee.step(&batch, &mut noise);
            let mut expected = before.clone();
            expected.axpy(-0.1, &learning::gradient(&before, &data, &trainee.chains().unwrap()));
            assert_close(&flat(&trainee.rbm()), &flat(&expected), 1e-5);
            let probed = states.gather(&batch[..size.min(8)]);
            let means = before.visible_mean(&before.hidden_mean(&probed));
            let squares = means.as_slice().iter().zip(probed.as_slice()).map(|(a, b)| (a - b).powi(2));
            let expected = squares.sum::<f32>() / (19 * size.min(8)) as f32;
            assert_close(&[loss], &[f64::from(expected)], 1e-6);
        }
    }
}

/// At a rate of zero the chains are a Gibbs sampler of a machine that stays as it is: after 60 sweeps from zero, 6000 of them show
/// its distribution, by enumeration.
#[test]
fn persistent_chains_draw_from_the_model() {
    let rbm = lively(4, 3, 9);
    let learning = Learning { negative: Negative::Pcd { sweeps: 1, chains: 6000 }, ..Learning::cd(1, 0.0) };
    let mut trainee = trainer(&rbm, &lists(&binary(4, 6, 9)), &learning, 2);
    let mut noise = Seed::new(10).stream();
    for _ in 0..60 {
        trainee.step(&[0, 1], &mut noise);
    }
    assert_eq!(trainee.rbm(), rbm);
    assert_drawn_from(&counts(&trainee.chains().unwrap()), &exact::visible_probabilities(&rbm));
}

/// Momentum warms up, chains grow longer, chains live on: with everything on, a run that is stopped and taken up gives the bits of
/// one that is not, on any number of threads.
#[test]
fn a_run_in_two_halves_on_other_threads_gives_the_same_bits() {
    // Large enough for a team.
    let (visible, hidden, size) = (120, 900, 40);
    let rbm = Rbm::new(visible, hidden, Seed::new(11));
    let states = binary(visible, 100, 11);
    let ways = [
        Learning {
            descent: MOMENTUM,
            warm_up: Some(WarmUp { momentum: 0.5, epochs: 2 }),
            ..Learning::cd(1, 0.0)
        },
        Learning {
            negative: Negative::Pcd { sweeps: 1, chains: 33 },
            centred: true,
            grows_every: 2,
            ..Learning::cd(1, 0.05)
        },
        Learning {
            descent: Descent::adam(0.001),
            visible: VisibleState::Mean,
            centred: true,
            ..Learning::cd(1, 0.0)
        },
    ];
    for learning in ways {
        let run = |threads: usize, stop: Option<usize>| {
            let room = Capacity { batch: size, threads };
            let new = || BinaryTrainer::new(&rbm, lists(&states), &learning, room).unwrap();
            let mut trainee = new();
            let mut plan = Fit { epochs: 5, batch: size, seed: Seed::new(12), resume: None };
            if let Some(stop) = stop {
                plan.epochs = stop;
                epochs(&mut trainee, 100, &plan, &mut Silent);
                let mut snapshot = trainee.snapshot();
                snapshot.epoch = stop;
                (plan.epochs, plan.resume) = (5, Some(snapshot));
                trainee = new();
            }
            epochs(&mut trainee, 100, &plan, &mut Silent);
            (trainee.rbm(), trainee.chains())
        };
        let whole = run(1, None);
        for (threads, stop) in [(2, None), (3, None), (8, None), (2, Some(1)), (3, Some(3))] {
            assert!(run(threads, stop) == whole, "{threads} threads, stopped after {stop:?}: {learning:?}");
        }
    }
}
