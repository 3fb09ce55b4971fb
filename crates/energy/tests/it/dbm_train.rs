//! Training deep machines: gradients against differences, centring, chains that survive.

use std::ops::ControlFlow;

use energy::dbm::{self, DbmLearning, DbmTrainer, plain};
use energy::learning;
use energy::{Bernoulli, Clamped, Dbm, Learning, MeanField, Negative, Units, VisibleBias, exact};
use tensor::{Matrix, Seed};
use train::{
    Descent, Event, Outcome, Parameters, Rule, Schedule, Silent, Snapshot, Trainee, Values, check_gradient,
    epochs,
};

use crate::dbm::{deep, flip, flipped};
use crate::support::{assert_close, binary, flat, lively, plan};

const LEARNING: DbmLearning = DbmLearning {
    mean_field: MeanField::sweeps(10),
    chains: 7,
    sweeps: 2,
    descent: Descent::sgd(0.05),
    start: VisibleBias::Kept,
    centring: None,
};
const CENTRED: DbmLearning = DbmLearning { centring: Some(0.05), ..LEARNING };

/// The mean negative bound, with mean field converged in `f64`.
fn negative_bound(dbm: &Dbm, data: &Matrix) -> f64 {
    let bound = |v: &[f32]| {
        let v: Vec<f64> = v.iter().map(|&x| f64::from(x)).collect();
        plain::bound(dbm, &plain::mean_field(dbm, &v, 2000, 1e-12).0)
    };
    dbm.log_partition() - data.columns().map(bound).sum::<f64>() / data.cols() as f64
}

/// The bound is stationary in the means, so that they count as constants. It errs by 1e-6 and the step is 2e-2:
/// differences err by 5e-5 at most, the h² term by about as much.
#[test]
fn the_gradient_with_exact_model_means_meets_central_differences_of_the_bound() {
    for (sizes, seed) in [(&[5, 4, 3][..], 1), (&[4, 3, 3, 2], 2), (&[6, 4], 3)] {
        // Weaker weights than lively ones, so that each sample has one fixed point and the step does not change it.
        let mut dbm = deep(sizes, seed);
        dbm.scale(0.7);
        let data = binary(sizes[0], 6, seed);
        let posterior = dbm.mean_field(&data, MeanField { sweeps: 1000, tolerance: 1e-7 });
        let gradient = dbm::exact_gradient(&dbm, &posterior.states);
        let check = check_gradient(&dbm, &gradient, 1e-2, 1, |dbm| negative_bound(dbm, &data));
        assert!(check.worst < 3e-4, "{sizes:?}: {check:?}");
        assert!(gradient.norm() > 0.1, "a gradient near zero tests nothing");
    }
}

#[test]
fn with_one_hidden_layer_the_gradient_is_that_of_the_likelihood() {
    let (rbm, data) = (lively(6, 4, 4), binary(6, 8, 4));
    let dbm = Dbm::from(rbm.clone());
    let states = dbm.mean_field(&data, LEARNING.mean_field).states;
    let found = dbm::exact_gradient(&dbm, &states);
    assert_close(&flat(&found), &flat(&exact::gradient(&rbm, &data)), 1e-5);
}

#[test]
fn the_gradient_is_the_difference_of_two_averages() {
    let dbm = deep(&[4, 3, 2], 5);
    let states =
        |n: usize, seed: u64| vec![binary(4, n, seed), binary(3, n, seed + 1), binary(2, n, seed + 2)];
    let (data, model) = (states(6, 10), states(5, 20));
    let mean = |x: &[Matrix], f: &dyn Fn(&[Matrix], usize) -> f32| {
        (0..x[0].cols()).map(|k| f64::from(f(x, k))).sum::<f64>() / x[0].cols() as f64
    };
    let difference = |f: &dyn Fn(&[Matrix], usize) -> f32| mean(&model, f) - mean(&data, f);
    let mut expected = Vec::new();
    for layer in 0..2 {
        let (below, above) = (dbm.biases[layer].len(), dbm.biases[layer + 1].len());
        for (j, i) in (0..above).flat_map(|j| (0..below).map(move |i| (j, i))) {
            expected.push(difference(&|x, k| x[layer].column(k)[i] * x[layer + 1].column(k)[j]));
        }
    }
    for layer in 0..3 {
        expected.extend((0..dbm.biases[layer].len()).map(|i| difference(&|x, k| x[layer].column(k)[i])));
    }
    assert_close(&flat(&dbm::gradient(&dbm, &data, &model)), &expected, 1e-6);
}

/// The step of a machine in which `x − c` stands for `x`, taken there and written as an ordinary machine again.
#[test]
fn a_centred_step_is_that_of_the_centred_machine() {
    let dbm = deep(&[4, 3, 2], 6);
    let (data, model) = (
        [binary(4, 6, 1), binary(3, 6, 2), binary(2, 6, 3)],
        [binary(4, 5, 4), binary(3, 5, 5), binary(2, 5, 6)],
    );
    let offsets = vec![vec![0.1, 0.9, 0.4, 0.0], vec![0.3, 0.6, 1.0], vec![0.5, 0.2]];
    let shifted = |x: &[Matrix; 3]| -> Vec<Matrix> {
        let shift =
            |(x, c): (&Matrix, &Vec<f32>)| Matrix::from_fn(x.rows(), x.cols(), |i, j| x.column(j)[i] - c[i]);
        x.iter().zip(&offsets).map(shift).collect()
    };
    let columns: Vec<Matrix> = offsets.iter().map(|c| Matrix::from_vec(c.len(), 1, c.clone())).collect();
    // The centred machine has biases `b + W c`, by which both have the same energies up to a constant.
    let moved = |dbm: &Dbm, sign: f32| {
        let mut other = dbm.clone();
        for i in 0..3 {
            let inputs = dbm.inputs(i, &columns);
            other.biases[i].bias.iter_mut().zip(inputs.as_slice()).for_each(|(b, x)| *b += sign * x);
        }
        other
    };
    let mut centred = moved(&dbm, 1.0);
    centred.axpy(-0.3, &dbm::gradient(&dbm, &shifted(&data), &shifted(&model)));
    let mut ordinary = dbm.clone();
    ordinary.axpy(-0.3, &dbm::centred(&dbm::gradient(&dbm, &data, &model), &offsets));
    assert_close(&flat(&ordinary), &flat(&moved(&centred, -1.0)), 1e-6);
    let plain = dbm::gradient(&dbm, &data, &model);
    let zeros: Vec<Vec<f32>> = offsets.iter().map(|c| vec![0.0; c.len()]).collect();
    assert_eq!(dbm::centred(&plain, &zeros), plain);
}

/// What centring is for: a step does not depend on which value of a pixel is called 1. A plain one does.
#[test]
fn centred_steps_do_not_depend_on_the_coding_of_a_pixel() {
    let (dbm, data) = (deep(&[4, 3, 2], 7), binary(4, 6, 7));
    let other = flipped(&dbm);
    let offsets = vec![vec![0.2, 0.9, 0.4, 0.3], vec![0.3, 0.6, 0.8], vec![0.5, 0.2]];
    let mut turned = offsets.clone();
    turned[0][0] = 0.8;
    let after = |dbm: &Dbm, data: &Matrix, offsets: Option<&[Vec<f32>]>| {
        let states = dbm.mean_field(data, MeanField { sweeps: 1000, tolerance: 1e-7 }).states;
        let plain = dbm::exact_gradient(dbm, &states);
        let mut after = dbm.clone();
        after.axpy(-0.5, &offsets.map_or(plain.clone(), |offsets| dbm::centred(&plain, offsets)));
        after
    };
    let stepped = after(&dbm, &data, Some(&offsets));
    let same = after(&other, &flip(&data), Some(&turned));
    assert_close(&flat(&flipped(&stepped)), &flat(&same), 1e-5);
    let (a, b) = (flat(&flipped(&after(&dbm, &data, None))), flat(&after(&other, &flip(&data), None)));
    assert!(a.iter().zip(&b).any(|(a, b)| (a - b).abs() > 1e-2), "a plain step depends on it");
}

/// With one hidden layer, mean field is exact and the steps are those of persistent contrastive divergence.
#[test]
fn one_hidden_layer_learns_as_a_restricted_machine_does() {
    let (rbm, data) = (lively(6, 5, 8), binary(6, 10, 8));
    let (mut deep, mut flat_one) = (Dbm::from(rbm.clone()), rbm);
    let learning = Learning {
        negative: Negative::Pcd { sweeps: LEARNING.sweeps, chains: LEARNING.chains },
        ..Learning::cd(1, 0.05)
    };
    let finished = Ok(Outcome::Finished);
    assert_eq!(dbm::train(&mut deep, &data, &LEARNING, &plan(3, 4), &mut Silent), finished);
    assert_eq!(learning::train(&mut flat_one, &data, &learning, &plan(3, 4), &mut Silent), finished);
    assert_close(&flat(&deep), &flat(&Dbm::from(flat_one)), 1e-5);
}

/// Plain, and centred with running means of which this mini-batch is a twentieth.
#[test]
fn a_step_moves_along_the_gradient_of_posterior_and_chains() {
    let (start, data) = (deep(&[5, 4, 3], 9), binary(5, 8, 9));
    for learning in [LEARNING, CENTRED] {
        let mut dbm = start.clone();
        let mut noise = Seed::new(3).stream();
        let mut trainer = DbmTrainer::new(&mut dbm, &data, &learning).unwrap();
        let mut offsets = trainer.offsets().to_vec();
        let loss = trainer.step(&[0, 3], &mut noise.clone());
        let mut model = start.gibbs(start.at_rest(7), 2, Clamped::Nothing, &mut noise);
        assert_eq!(trainer.chains(), model);
        model[1] = start.mean(1, &model);
        let batch = data.gather(&[0, 3]);
        let posterior = start.mean_field(&batch, learning.mean_field).states;
        let mut gradient = dbm::gradient(&start, &posterior, &model);
        if learning.centring.is_some() {
            let first = data.sum_columns()[2] / 8.0;
            assert_eq!(offsets[0][2], first);
            assert_close(
                &[f64::from(offsets[2][1])],
                &[1.0 / (1.0 + f64::from(-start.biases[2].bias[1]).exp())],
                1e-6,
            );
            for (c, x) in offsets.iter_mut().zip(&posterior) {
                let pairs = c.iter_mut().zip(x.column(0).iter().zip(x.column(1)));
                pairs.for_each(|(c, (a, b))| *c = 0.95 * *c + 0.025 * (a + b));
            }
            gradient = dbm::centred(&gradient, &offsets);
        }
        let mut stepped = start.clone();
        stepped.axpy(-0.05, &gradient);
        assert_close(&flat(&dbm), &flat(&stepped), 1e-6);
        let reconstruction = start.reconstruct_mean(&batch, learning.mean_field);
        let pairs = reconstruction.as_slice().iter().zip(batch.as_slice());
        assert_close(&[loss], &[pairs.map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>() / 10.0], 1e-12);
    }
}

/// Two patterns and their mixtures with noise: independent units cannot know that pixels go together.
pub fn patterns() -> Matrix {
    let noise = binary(8, 40, 10);
    Matrix::from_fn(8, 40, |i, j| if j % 8 == i { noise.column(j)[i] } else { f32::from((i + j) % 2 == 0) })
}

/// Plain and centred, all layers together from small random weights: both find that pixels go together.
#[test]
fn training_raises_the_likelihood_above_that_of_independent_units() {
    let data = patterns();
    let mut independent = Bernoulli::new(8);
    let means: Vec<f64> = data.sum_columns().iter().map(|x| f64::from(*x) / 40.0).collect();
    independent.set_means(&means, 40);
    let log_z = independent.log_partition(&Matrix::zeros(8, 1))[0];
    let alone = independent.energy(&data).iter().map(|e| -e - log_z).sum::<f64>() / 40.0;
    for learning in [LEARNING, CENTRED] {
        let learning =
            DbmLearning { chains: 40, descent: Descent::sgd(0.1), start: VisibleBias::FromData, ..learning };
        let mut dbm = Dbm::new(&[8, 6, 4], 0.1, Seed::new(5));
        assert_eq!(
            dbm::train(&mut dbm, &data, &learning, &plan(200, 10), &mut Silent),
            Ok(Outcome::Finished)
        );
        let likelihood = dbm.log_probability(&data).iter().sum::<f64>() / 40.0;
        assert!(likelihood > alone + 1.0, "{learning:?}: {likelihood} nats, {alone} by independent units");
    }
}

#[test]
fn pixels_without_variance_stay_finite() {
    let changing = binary(6, 12, 11);
    let data = Matrix::from_fn(6, 12, |i, j| match i {
        0 => 0.0,
        1 => 1.0,
        _ => changing.column(j)[i],
    });
    for start in [VisibleBias::Kept, VisibleBias::FromData] {
        let mut dbm = Dbm::new(&[6, 4, 3], 0.1, Seed::new(1));
        let learning =
            DbmLearning { descent: Descent::new(Rule::Sgd { momentum: 0.9 }, 0.1), start, ..CENTRED };
        let mut trainer = DbmTrainer::new(&mut dbm, &data, &learning).unwrap();
        assert_eq!(epochs(&mut trainer, 12, &plan(300, 4), &mut Silent), Outcome::Finished);
        // Their offsets are the constant itself: the running mean of a constant.
        assert_close(
            &[f64::from(trainer.offsets()[0][0]), f64::from(trainer.offsets()[0][1])],
            &[0.0, 1.0],
            1e-6,
        );
        assert_eq!(dbm.first_non_finite(), None);
        assert!(flat(&dbm).iter().all(|x| x.abs() < 50.0), "{dbm:?}");
        let v = dbm.reconstruct_mean(&data, learning.mean_field);
        assert!(v.columns().all(|v| v[0] < 0.1 && v[1] > 0.9), "{v:?}");
    }
}

/// Trains with a stop after epoch 3 of 6 through bytes, into a machine that starts elsewhere, and straight.
#[test]
fn a_killed_and_resumed_run_ends_with_the_same_bits() {
    let (start, data) = (deep(&[6, 5, 4], 12), binary(6, 10, 12));
    let fading = Schedule::Linear { last: 0.1, epochs: None };
    let momentum = Descent { schedule: fading, ..Descent::new(Rule::Sgd { momentum: 0.7 }, 0.05) };
    for learning in [LEARNING, CENTRED, DbmLearning { descent: momentum, ..CENTRED }] {
        let mut straight = start.clone();
        let finished = Ok(Outcome::Finished);
        assert_eq!(dbm::train(&mut straight, &data, &learning, &plan(6, 4), &mut Silent), finished);
        let mut bytes = Vec::new();
        let mut kill = |event: &Event<'_>| match event {
            Event::Epoch { epoch: 3, snapshot, .. } => {
                bytes = snapshot().encode("");
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        };
        let stopped = dbm::train(&mut start.clone(), &data, &learning, &plan(6, 4), &mut kill);
        assert_eq!(stopped, Ok(Outcome::Stopped { epoch: 3 }));
        let snapshot = Snapshot::decode(&bytes).unwrap().0;
        let resume = |snapshot: Snapshot| {
            let mut resumed = start.zeros_like();
            let plan = train::Fit { resume: Some(snapshot), ..plan(6, 4) };
            assert_eq!(dbm::train(&mut resumed, &data, &learning, &plan, &mut Silent), finished);
            resumed
        };
        assert!(straight != start);
        assert_eq!(resume(snapshot.clone()), straight, "{learning:?}");
        for name in
            ["chains.0", "chains.2"].iter().chain(learning.centring.map(|_| &"offsets.1").iter().copied())
        {
            let mut cleared = snapshot.clone();
            let tensor = cleared.tensors.iter_mut().find(|t| t.name == *name).unwrap();
            let Values::F32(values) = &mut tensor.values else { panic!("{name} holds no floats") };
            values.fill(0.0);
            assert_ne!(resume(cleared), straight, "losing {name} would be noticed");
        }
    }
}

#[test]
fn a_snapshot_of_other_chains_is_refused_by_name() {
    let (data, mut dbm) = (binary(6, 4, 13), deep(&[6, 4, 3], 13));
    let more = DbmLearning { chains: 8, ..LEARNING };
    let snapshot = DbmTrainer::new(&mut dbm.clone(), &data, &more).unwrap().snapshot();
    let plan = train::Fit { resume: Some(snapshot), ..plan(1, 4) };
    match dbm::train(&mut dbm, &data, &LEARNING, &plan, &mut Silent) {
        Ok(Outcome::Mismatch(error)) => {
            let error = error.to_string();
            assert!(
                error.contains("chains.0") && error.contains("[7, 6]") && error.contains("[8, 6]"),
                "{error}"
            );
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn grey_values_are_refused_by_place() {
    let mut data = binary(6, 4, 14);
    data.column_mut(2)[1] = 255.0;
    let error = DbmTrainer::new(&mut deep(&[6, 4, 3], 14), &data, &LEARNING).err().unwrap();
    assert_eq!((error.unit, error.sample, error.value), (1, 2, 255.0));
}

#[test]
fn ways_of_learning_are_json() {
    let json = r#"{"mean_field":{"sweeps":10,"tolerance":0.0},"chains":7,"sweeps":2,"descent":{"rule":"sgd","rate":0.05}}"#;
    assert_eq!(serde_json::to_string(&LEARNING).unwrap(), json);
    for learning in [LEARNING, CENTRED] {
        let text = serde_json::to_string(&learning).unwrap();
        assert_eq!(serde_json::from_str::<DbmLearning>(&text).unwrap(), learning);
    }
}
