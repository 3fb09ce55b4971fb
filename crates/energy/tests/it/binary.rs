//! Machines of binary units against enumeration, against itself on other numbers of threads, and at the edge. Seeds are fixed;
//! bounds on noise would be broken by chance less than once in 10⁹.

use std::ops::ControlFlow;

use energy::binary::{BinaryChains, BinaryTrainer, Capacity};
use energy::{Input, Learning, Rbm, VisibleState, exact};
use tensor::binary::{Spikes, panel_widths};
use tensor::{Matrix, Seed};
use train::{Event, Fit, Outcome, Silent, Snapshot, Trainee, epochs};

use crate::expected::{self, Alive};
use crate::support::{assert_close, assert_drawn_from, binary, counts, draw, flat, lively, plan};

const STATES: [VisibleState; 2] = [VisibleState::Sampled, VisibleState::Mean];

/// How a step is made: the chain, and what the trainer has room for.
#[derive(Clone, Copy, Debug)]
struct Step {
    sweeps: usize,
    visible: VisibleState,
    batch: usize,
    threads: usize,
}

impl Step {
    fn trainer(self, rbm: &Rbm, input: Input, rate: f32) -> BinaryTrainer {
        let learning = Learning { visible: self.visible, ..Learning::cd(self.sweeps, rate) };
        let capacity = Capacity { batch: self.batch, threads: self.threads };
        BinaryTrainer::new(rbm, input, &learning, capacity).unwrap()
    }
}

fn options(visible: VisibleState, batch: usize) -> Step {
    Step { sweeps: 1, visible, batch, threads: 1 }
}

fn lists(states: &Matrix) -> Input {
    Input::Binary(Spikes::from_matrix(states))
}

fn probabilities(rows: usize, cols: usize, seed: u64) -> Matrix {
    let mut m = Matrix::zeros(rows, cols);
    Seed::new(seed).stream().uniform(&mut m);
    m
}

/// A machine with few live units: at the ends and beside broken lanes below, and at the same place of the first panels
/// above and in the last one, so that panels that shared their noise would move together. Weights are strong, so that this would show.
fn scattered(visible: usize, hidden: usize) -> (Rbm, Alive) {
    let starts =
        panel_widths(hidden).into_iter().scan(3, |next, width| Some(std::mem::replace(next, *next + width)));
    let below = [0, 1, 15, visible - 1];
    let alive = Alive {
        visible: if visible > 16 { below.to_vec() } else { (0..visible).collect() },
        hidden: starts.take(4).chain([hidden - 10]).collect(),
    };
    let mut rbm = lively(visible, hidden, 21);
    for (j, i) in (0..hidden).flat_map(|j| (0..visible).map(move |i| (j, i))) {
        let live = alive.visible.contains(&i) && alive.hidden.contains(&j);
        rbm.weights.column_mut(j)[i] *= if live { 4.0 } else { 0.0 };
    }
    (rbm, alive)
}

/// The mean over many chains of one update from fixed weights, as a gradient, and the mean loss.
fn measured(rbm: &Rbm, data: &Matrix, input: Input, options: Step, steps: usize) -> (Vec<f64>, f64) {
    let copies = options.batch / data.cols();
    let batch: Vec<usize> = (0..data.cols()).flat_map(|j| vec![j; copies]).collect();
    let start = flat(rbm);
    // With room for more samples than a step has, as in the last mini-batch of an epoch.
    let batch_size = options.batch + 5;
    let mut trainee = Step { batch: batch_size, ..options }.trainer(rbm, input, 1.0);
    let fixed = trainee.snapshot();
    let mut noise = Seed::new(31).stream();
    let (mut gradient, mut loss) = (vec![0.0; start.len()], 0.0);
    for _ in 0..steps {
        loss += trainee.step(&batch, &mut noise) / steps as f64;
        let moved = flat(&trainee.rbm());
        for ((g, a), b) in gradient.iter_mut().zip(&start).zip(moved) {
            *g += (a - b) / steps as f64;
        }
        trainee.restore(&fixed).unwrap();
    }
    (gradient, loss)
}

/// One step follows the expected gradient, by enumeration. What a chain adds to an entry lies in [0, 1] and has the
/// mean `m` on the model's side, so its variance is at most `m (1 − m)`; 2e-5 is for sums of thousands in `f32`.
fn assert_follows(rbm: &Rbm, alive: &Alive, data: &Matrix, options: Step, steps: usize) {
    for (kind, input) in [("lists", lists(data)), ("floats", Input::Probabilities(data.clone()))] {
        if kind == "lists" && data.as_slice().iter().any(|&x| x != 0.0 && x != 1.0) {
            continue;
        }
        let what = format!("{kind}, {options:?}");
        let expected = expected::contrastive(rbm, alive, data, options.visible, options.sweeps);
        let (gradient, loss) = measured(rbm, data, input, options, steps);
        let n = (options.batch * steps) as f64;
        for (i, (found, (gradient, model))) in gradient.iter().zip(expected.gradient()).enumerate() {
            let bound = 6.5 * (model * (1.0 - model) / n).max(0.0).sqrt() + 2e-5;
            assert!((found - gradient).abs() < bound, "{what}, entry {i}: {found} for {gradient} ± {bound}");
        }
        // A chain's mean squared difference lies in [0, 1], too.
        let bound = 6.5 * (expected.loss * (1.0 - expected.loss) / n).sqrt() + 1e-6;
        assert!((loss - expected.loss).abs() < bound, "{what}: loss {loss} for {} ± {bound}", expected.loss);
    }
}

#[test]
fn the_oracle_is_the_exact_gradient_of_contrastive_divergence() {
    let (rbm, data) = (lively(5, 4, 20), binary(5, 6, 20));
    for sweeps in [1, 3] {
        let ours = expected::contrastive(&rbm, &Alive::all(&rbm), &data, VisibleState::Sampled, sweeps);
        let ours: Vec<f64> = ours.gradient().map(|(gradient, _)| gradient).collect();
        // The other one works through `f32` means.
        assert_close(&ours, &flat(&energy::partition::transition::cd_gradient(&rbm, &data, sweeps)), 1e-6);
    }
}

#[test]
fn a_step_follows_the_expected_gradient_of_a_tiny_machine() {
    let rbm = lively(5, 4, 20);
    let alive = Alive::all(&rbm);
    for visible in STATES {
        for sweeps in [1, 3] {
            let options = Step { sweeps, ..options(visible, 24_000) };
            assert_follows(&rbm, &alive, &binary(5, 6, 20), options, 8);
            assert_follows(&rbm, &alive, &probabilities(5, 6, 20), options, 8);
            assert_follows(&rbm, &alive, &binary(5, 6, 20), Step { batch: 12, ..options }, 5000);
        }
    }
}

#[test]
fn a_step_follows_the_expected_gradient_with_broken_lanes_and_several_panels() {
    // Two panels, one a group; six panels in groups of one and two.
    for (visible, hidden) in [(37, 300), (4, 1030)] {
        let (rbm, alive) = scattered(visible, hidden);
        for state in STATES {
            for (sweeps, batch, steps) in [(1, 4000, 8), (2, 4000, 8), (1, 12, 400)] {
                let options = Step { sweeps, ..options(state, batch) };
                assert_follows(&rbm, &alive, &binary(visible, 4, 22), options, steps);
                assert_follows(&rbm, &alive, &probabilities(visible, 4, 22), options, steps);
            }
        }
    }
}

/// Probabilities, not states, of the hidden units enter the update: where the reconstruction is certain to equal the
/// data, both sides are the same numbers, and nothing moves but for roundings, two a sample. (States would move weights
/// by about 0.1 · ½ / √batch, a thousand times as far.)
#[test]
fn a_certain_reconstruction_teaches_nothing() {
    let mut rbm = lively(20, 40, 23);
    rbm.visible.bias = (0..20).map(|i| if i % 3 == 0 { 80.0 } else { -80.0 }).collect();
    for batch in [1, 12, 64] {
        let data = Matrix::from_fn(20, batch, |i, _| f32::from(i % 3 == 0));
        let mut trainee = options(VisibleState::Sampled, batch).trainer(&rbm, lists(&data), 0.1);
        let indices: Vec<usize> = (0..batch).collect();
        assert_eq!(trainee.step(&indices, &mut Seed::new(1).stream()), 0.0);
        let roundings = 2.0 * batch as f64 * f64::from(f32::EPSILON);
        assert_close(&flat(&trainee.rbm()), &flat(&rbm), roundings);
    }
}

/// Large enough for a team: several times the multiply-adds from which one is formed.
fn large(visible: VisibleState, threads: usize) -> Step {
    Step { sweeps: 2, threads, ..options(visible, 48) }
}

/// Parameters and losses after some epochs on 100 samples of 331 pixels.
fn run(rbm: &Rbm, input: &Input, options: Step, fit: &Fit) -> (Rbm, Vec<u64>) {
    let mut losses = Vec::new();
    let mut note = |event: &Event<'_>| {
        if let Event::Epoch { metrics, .. } = event {
            losses.push(metrics[0].1.to_bits());
        }
        ControlFlow::Continue(())
    };
    let mut trainee = options.trainer(rbm, input.clone(), 0.1);
    assert_eq!(epochs(&mut trainee, input.len(), fit, &mut note), Outcome::Finished);
    (trainee.rbm(), losses)
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let inputs = [lists(&binary(331, 100, 24)), Input::Probabilities(probabilities(331, 100, 24))];
    for hidden in [300, 1030] {
        let rbm = Rbm::new(331, hidden, Seed::new(24));
        for (visible, input) in STATES.iter().flat_map(|v| inputs.iter().map(move |i| (*v, i))) {
            let one = run(&rbm, input, large(visible, 1), &plan(3, 48));
            assert!(one.0 != rbm && one.1.len() == 3);
            for threads in [2, 3, 8] {
                let many = run(&rbm, input, large(visible, threads), &plan(3, 48));
                assert!(many == one, "{hidden} hidden, {visible:?}: {threads} threads differ from one");
            }
        }
    }
}

#[test]
fn stopping_writing_reading_and_going_on_is_the_straight_run() {
    let input = lists(&binary(331, 100, 25));
    let rbm = Rbm::new(331, 300, Seed::new(25));
    for visible in STATES {
        let straight = run(&rbm, &input, large(visible, 1), &plan(6, 48));
        let mut written = Vec::new();
        let mut stop = |event: &Event<'_>| match event {
            Event::Epoch { epoch: 2, snapshot, .. } => {
                written = snapshot().encode("");
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        };
        let mut first = large(visible, 2).trainer(&rbm, input.clone(), 0.1);
        assert_eq!(epochs(&mut first, 100, &plan(6, 48), &mut stop), Outcome::Stopped { epoch: 2 });
        drop(first);
        let snapshot = Snapshot::decode(&written).unwrap().0;
        let resumed = Fit { resume: Some(snapshot), ..plan(6, 48) };
        // From other weights, on another number of threads.
        let other = Rbm::new(331, 300, Seed::new(99));
        let (machine, losses) = run(&other, &input, large(visible, 3), &resumed);
        assert!(machine == straight.0 && losses == straight.1[2..], "{visible:?}");
    }
}

#[test]
fn a_snapshot_of_another_machine_is_a_mismatch() {
    let data = lists(&binary(12, 8, 26));
    let of = |hidden| options(STATES[0], 4).trainer(&Rbm::new(12, hidden, Seed::new(1)), data.clone(), 0.1);
    let resume = Some(Snapshot { epoch: 1, ..of(20).snapshot() });
    let outcome = epochs(&mut of(21), 8, &Fit { resume, ..plan(3, 4) }, &mut Silent);
    assert!(matches!(outcome, Outcome::Mismatch(_)), "{outcome:?}");
}

#[test]
fn chains_drawn_from_the_model_stay_at_it() {
    for (rbm, units) in [(lively(6, 5, 27), 6), (scattered(4, 1030).0, 4)] {
        let p = exact::visible_probabilities(&rbm);
        let mut noise = Seed::new(2).stream();
        let start = draw(&p, units, 40_000, &mut noise);
        assert_drawn_from(&counts(&start), &p);
        let mut chains = BinaryChains::new(&rbm, &Spikes::from_matrix(&start), 2);
        for sweeps in [1, 10] {
            chains.run(sweeps, &mut noise);
            let states = chains.states().to_matrix();
            assert!(states != start, "chains move");
            assert_drawn_from(&counts(&states), &p);
        }
    }
}

#[test]
fn one_sweep_follows_the_transition_matrix_from_every_start() {
    let rbm = lively(4, 4, 28);
    let t = energy::partition::transition::transition(&rbm);
    let mut noise = Seed::new(3).stream();
    for from in 0..t.states() {
        let start = Matrix::from_fn(4, 8000, |i, _| f32::from(from >> i & 1 == 1));
        let mut chains = BinaryChains::new(&rbm, &Spikes::from_matrix(&start), 1);
        chains.run(1, &mut noise);
        assert_drawn_from(&counts(&chains.states().to_matrix()), t.row(from));
    }
}

#[test]
fn chains_have_the_same_bits_for_any_number_of_threads_and_any_cut_of_sweeps() {
    let (rbm, start) = (lively(331, 1030, 29), Spikes::from_matrix(&binary(331, 41, 29)));
    let on = |threads: usize, cut: &[usize]| {
        let (mut chains, mut noise) = (BinaryChains::new(&rbm, &start, threads), Seed::new(4).stream());
        cut.iter().for_each(|&sweeps| chains.run(sweeps, &mut noise));
        (chains.states(), chains.means())
    };
    let one = on(1, &[7]);
    assert!(one.0 != start);
    for (threads, cut) in [(2, &[7][..]), (3, &[3, 0, 4]), (8, &[1; 7])] {
        assert!(on(threads, cut) == one, "{threads} threads differ from one");
    }
}

#[test]
fn means_are_the_probabilities_that_the_states_were_drawn_with() {
    let mut rbm = lively(21, 40, 30);
    // Hidden units that are certain, so that their inputs to the visible ones are known.
    rbm.hidden.bias = (0..40).map(|j| if j % 2 == 0 { 80.0 } else { -80.0 }).collect();
    let h = Matrix::from_fn(40, 9, |j, _| f32::from(j % 2 == 0));
    let start = Spikes::from_matrix(&binary(21, 9, 30));
    let mut chains = BinaryChains::new(&rbm, &start, 1);
    let bias = Rbm { weights: Matrix::zeros(21, 40), ..rbm.clone() }.visible_mean(&h);
    assert_eq!(chains.means(), bias, "no hidden inputs before the first sweep");
    chains.run(2, &mut Seed::new(5).stream());
    let (means, expected) = (chains.means(), rbm.visible_mean(&h));
    for (x, y) in means.as_slice().iter().zip(expected.as_slice()) {
        // Sums of 20 products of about 0.7 in f32, times the largest slope of a sigmoid, ¼.
        assert!((x - y).abs() < 2e-6, "{x} for {y}");
    }
}

#[test]
fn states_scatter_around_their_means_as_coins_do() {
    let rbm = lively(20, 300, 31);
    let start = Spikes::from_matrix(&binary(20, 20_000, 31));
    let mut chains = BinaryChains::new(&rbm, &start, 2);
    chains.run(2, &mut Seed::new(6).stream());
    let (states, means) = (chains.states().to_matrix(), chains.means());
    for i in 0..20 {
        let pairs = states.columns().zip(means.columns()).map(|(v, p)| (f64::from(v[i]), f64::from(p[i])));
        let (sum, variance) = pairs.fold((0.0, 0.0), |(s, n), (v, p)| (s + v - p, n + p * (1.0 - p)));
        assert!(sum.abs() < 6.5 * variance.sqrt() + 1e-3, "pixel {i}: {sum}, variance {variance}");
    }
}
