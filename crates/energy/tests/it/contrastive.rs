//! Training: what the steps are, that chains persist, that a resumed run ends with the same bits.

use std::ops::ControlFlow;

use energy::learning::{Trainer, gradient, train};
use energy::{Bernoulli, Gaussian, Learning, Negative, Rbm, Units, VisibleState, exact};
use tensor::{Matrix, Seed};
use train::{
    Decay, Descent, Event, Outcome, Parameters, Rule, Schedule, Silent, Snapshot, Trainee, Values, epochs,
};

use crate::support::{assert_close, binary, flat, lively, plan};

const SGD: Rule = Rule::Sgd { momentum: 0.0 };
const PCD: Negative = Negative::Pcd { sweeps: 2, chains: 7 };

fn options(negative: Negative, rule: Rule) -> Learning {
    Learning { negative, descent: Descent::new(rule, 0.05), ..Learning::cd(1, 0.05) }
}

#[test]
fn the_gradient_is_the_difference_of_two_averages() {
    let (rbm, data, fantasy) = (lively(4, 3, 1), binary(4, 6, 1), binary(4, 5, 2));
    let (h, g) = (rbm.hidden_mean(&data), rbm.hidden_mean(&fantasy));
    let mean = |n: usize, f: &dyn Fn(usize) -> f32| (0..n).map(|k| f64::from(f(k))).sum::<f64>() / n as f64;
    let mut expected = Vec::new();
    for j in 0..3 {
        for i in 0..4 {
            let model = mean(5, &|k| fantasy.column(k)[i] * g.column(k)[j]);
            expected.push(model - mean(6, &|k| data.column(k)[i] * h.column(k)[j]));
        }
    }
    expected.extend((0..4).map(|i| mean(5, &|k| fantasy.column(k)[i]) - mean(6, &|k| data.column(k)[i])));
    expected.extend((0..3).map(|j| mean(5, &|k| g.column(k)[j]) - mean(6, &|k| h.column(k)[j])));
    assert_close(&flat(&gradient(&rbm, &data, &fantasy)), &expected, 1e-6);
}

/// A step along it lowers the data's free energy and raises the fantasies'.
#[test]
fn descending_the_gradient_lowers_the_free_energy_gap() {
    let (mut rbm, data, fantasy) = (lively(6, 4, 3), binary(6, 6, 3), binary(6, 6, 4));
    let gap = |rbm: &Rbm| {
        let mean = |x: &Matrix| rbm.free_energy(x).iter().sum::<f64>() / x.cols() as f64;
        mean(&data) - mean(&fantasy)
    };
    let (before, g) = (gap(&rbm), gradient(&rbm, &data, &fantasy));
    rbm.axpy(-0.01, &g);
    // First order: 0.01 · ‖g‖², the second order a hundred times smaller.
    assert_close(&[(before - gap(&rbm)) / 0.01], &[g.norm().powi(2)], 0.05);
}

#[test]
fn exact_training_descends_the_negative_log_likelihood() {
    let (mut rbm, data) =
        (Rbm::new(6, 4, Seed::new(1)), Bernoulli::new(6).states(0, 64).gather(&[7, 21, 56]));
    let mut losses = Vec::new();
    let mut listen = |event: &Event<'_>| {
        if let Event::Epoch { metrics, .. } = event {
            losses.push(metrics[0].1);
        }
        ControlFlow::Continue(())
    };
    let options = Learning { descent: Descent::sgd(0.2), ..options(Negative::Exact, SGD) };
    let first = -exact::log_likelihood(&rbm, &data);
    assert_eq!(train(&mut rbm, &data, &options, &plan(600, 3), &mut listen), Ok(Outcome::Finished));
    assert_close(&losses[..1], &[first], 1e-9);
    // Full batches and a small rate: every step descends, up to the f32 noise of a loss near 1.
    assert!(losses.windows(2).all(|w| w[1] < w[0] + 1e-6));
    // Three equally likely images cannot be coded in less than log 3 = 1.0986 nats.
    let last = losses[599];
    assert!(last > 1.0986 && last < 2.0, "{last}");
}

#[test]
fn longer_chains_and_persistent_ones_come_closer_to_the_likelihood() {
    // One image in two shades: CD-1 with few steps is enough to learn it, whichever way the model is sampled.
    let data = Matrix::from_fn(8, 12, |i, j| f32::from(i / 4 == j % 2));
    for negative in
        [Negative::Cd { sweeps: 1 }, Negative::Cd { sweeps: 5 }, Negative::Pcd { sweeps: 1, chains: 50 }]
    {
        let mut rbm = Rbm::new(8, 4, Seed::new(2));
        let start = exact::log_likelihood(&rbm, &data);
        assert_eq!(
            train(&mut rbm, &data, &options(negative, SGD), &plan(600, 6), &mut Silent),
            Ok(Outcome::Finished)
        );
        let end = exact::log_likelihood(&rbm, &data);
        // From 8 log ½ = −5.5; the best is log ½ = −0.69.
        assert!(start < -5.5 && end > -2.0 && end < -0.69, "{negative:?}: {start} → {end}");
    }
}

#[test]
fn reconstructions_may_be_means() {
    let (mut rbm, data) = (lively(5, 4, 6), binary(5, 8, 6));
    let mut other = rbm.clone();
    let sampled = options(Negative::Cd { sweeps: 1 }, SGD);
    let mean = Learning { visible: VisibleState::Mean, ..sampled };
    let before = rbm.clone();
    let mut noise = Seed::new(3).stream();
    let loss = Trainer::new(&mut rbm, &data, &mean).unwrap().step(&[0, 3], &mut noise.clone());
    let batch = data.gather(&[0, 3]);
    let fantasy = before.visible_mean(&before.sample_hidden(&batch, &mut noise));
    let mut expected = before.clone();
    expected.axpy(-0.05, &gradient(&before, &batch, &fantasy));
    assert_close(&flat(&rbm), &flat(&expected), 1e-6);
    let squares = fantasy.as_slice().iter().zip(batch.as_slice()).map(|(a, b)| f64::from(a - b).powi(2));
    assert_close(&[loss], &[squares.sum::<f64>() / 10.0], 1e-12);
    // Sampled ones count flipped pixels: tenths of ten.
    let loss = Trainer::new(&mut other, &data, &sampled).unwrap().step(&[0, 3], &mut Seed::new(3).stream());
    assert!((loss * 10.0 - (loss * 10.0).round()).abs() < 1e-12, "{loss}");
}

#[test]
fn chains_go_on_where_they_were() {
    let (mut rbm, data) = (lively(5, 4, 7), binary(5, 8, 7));
    rbm.scale(3.0);
    let frozen = Learning { descent: Descent::sgd(0.0), ..options(PCD, SGD) };
    let machine = rbm.clone();
    let mut trainer = Trainer::new(&mut rbm, &data, &frozen).unwrap();
    assert_eq!(trainer.chains(), Some(&Matrix::zeros(5, 7)));
    let mut noise = Seed::new(4).stream();
    let mut expected = Matrix::zeros(5, 7);
    let mut same = noise.clone();
    for _ in 0..3 {
        let _ = trainer.step(&[1, 2], &mut noise);
        expected = machine.gibbs(expected, 2, &mut same);
        assert_eq!(trainer.chains(), Some(&expected));
    }
}

#[test]
fn chains_survive_a_snapshot_and_matter() {
    let (data, options) = (binary(6, 9, 8), options(PCD, SGD));
    let run = |from: Option<&Snapshot>, epochs_to: usize| {
        let mut rbm = lively(6, 4, 8);
        let mut trainer = Trainer::new(&mut rbm, &data, &options).unwrap();
        let plan = train::Fit { resume: from.cloned(), ..plan(epochs_to, 3) };
        assert_eq!(epochs(&mut trainer, 9, &plan, &mut Silent), Outcome::Finished);
        Snapshot { epoch: epochs_to, ..trainer.snapshot() }
    };
    let half = run(None, 2);
    assert!(half.f32s("chains").unwrap().contains(&1.0), "chains have left zero");
    assert_eq!(run(Some(&half), 4), run(None, 4));
    let mut cleared = half.clone();
    let chains = cleared.tensors.iter_mut().find(|t| t.name == "chains").unwrap();
    chains.values = Values::F32(vec![0.0; 42]);
    assert_ne!(run(Some(&cleared), 4), run(None, 4), "losing the chains would be noticed");
}

/// Trains with a stop after epoch 3 of 6 through bytes, into machines that start elsewhere, and straight.
pub(crate) fn assert_resumes<V: Units + PartialEq, H: Units + PartialEq>(
    rbm: &Rbm<V, H>,
    data: &Matrix,
    options: &Learning,
) {
    let mut straight = rbm.clone();
    assert_eq!(train(&mut straight, data, options, &plan(6, 4), &mut Silent), Ok(Outcome::Finished));
    let mut bytes = Vec::new();
    let mut kill = |event: &Event<'_>| match event {
        Event::Epoch { epoch: 3, snapshot, .. } => {
            bytes = snapshot().encode("");
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    };
    let outcome = train(&mut rbm.clone(), data, options, &plan(6, 4), &mut kill);
    assert_eq!(outcome, Ok(Outcome::Stopped { epoch: 3 }));
    let mut resumed = rbm.zeros_like();
    let plan = train::Fit { resume: Some(Snapshot::decode(&bytes).unwrap().0), ..plan(6, 4) };
    assert_eq!(train(&mut resumed, data, options, &plan, &mut Silent), Ok(Outcome::Finished));
    assert!(resumed.weights == straight.weights && resumed == straight, "{options:?}");
    assert!(straight != *rbm);
}

#[test]
fn a_killed_and_resumed_run_ends_with_the_same_bits() {
    let data = binary(6, 10, 9);
    let rules = [
        SGD,
        Rule::Sgd { momentum: 0.7 },
        Rule::RmsProp { decay: 0.9, epsilon: 1e-6 },
        Rule::Adam { beta1: 0.9, beta2: 0.999 },
    ];
    for rule in rules {
        for negative in [Negative::Cd { sweeps: 1 }, PCD, Negative::Exact] {
            assert_resumes(&lively(6, 5, 9), &data, &options(negative, rule));
        }
    }
    let gaussian = Rbm::with_units(Gaussian::new(6), Bernoulli::new(5), Seed::new(5));
    assert_resumes(&gaussian, &data, &options(PCD, SGD));
}

#[test]
fn a_snapshot_of_another_model_is_refused_by_name() {
    let (data, options) = (binary(6, 4, 10), options(PCD, SGD));
    let snapshot = |rbm: &mut Rbm, options: &Learning| Trainer::new(rbm, &data, options).unwrap().snapshot();
    let refuse = |snapshot: Snapshot| {
        let plan = train::Fit { resume: Some(snapshot), ..plan(1, 4) };
        match train(&mut lively(6, 4, 1), &data, &options, &plan, &mut Silent) {
            Ok(Outcome::Mismatch(error)) => error.to_string(),
            other => panic!("{other:?}"),
        }
    };
    let wider = refuse(snapshot(&mut lively(6, 5, 1), &options));
    assert!(wider.contains("model.W") && wider.contains("[4, 6]") && wider.contains("[5, 6]"), "{wider}");
    let more = Learning { negative: Negative::Pcd { sweeps: 2, chains: 8 }, ..options };
    let more = refuse(snapshot(&mut lively(6, 4, 1), &more));
    assert!(more.contains("chains") && more.contains("[7, 6]") && more.contains("[8, 6]"), "{more}");
    assert!(refuse(Snapshot::default()).contains("model.W"));
}

#[test]
fn divergence_is_named() {
    let (mut rbm, data) = (lively(6, 4, 11), binary(6, 8, 11));
    let wild = Learning { descent: Descent::sgd(f32::MAX), ..options(Negative::Cd { sweeps: 1 }, SGD) };
    let outcome = train(&mut rbm, &data, &wild, &plan(50, 4), &mut Silent);
    assert!(
        matches!(&outcome, Ok(Outcome::Diverged { what, .. }) if what == "W" || what == "loss"),
        "{outcome:?}"
    );
}

/// A rate that falls to nothing and a weight decay: the whole descent reaches the plain trainer, also after a resumption.
#[test]
fn schedules_and_decay_are_followed_and_resumed() {
    let (data, start) = (binary(6, 8, 12), lively(6, 4, 12));
    let once = Schedule::Step { every: 1, factor: 0.0 };
    let descent = Descent { decay: Decay::Decoupled(0.5), schedule: once, ..Descent::sgd(0.1) };
    let learning = Learning { descent, ..options(Negative::Cd { sweeps: 1 }, SGD) };
    let after = |epochs: usize| {
        let mut rbm = start.clone();
        assert_eq!(train(&mut rbm, &data, &learning, &plan(epochs, 4), &mut Silent), Ok(Outcome::Finished));
        rbm
    };
    assert!(after(1) != start && after(3) == after(1), "the rate is zero from the second epoch on");
    assert_resumes(&start, &data, &Learning { descent: Descent::annealed(0.1, 0.01), ..learning });
}
