//! Machines of binary units at the edge: shapes, data and rates that a user can ask for. And it learns.

use energy::binary::{BinaryChains, BinaryTrainer, Capacity};
use energy::{Input, Learning, Rbm, VisibleState};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed};
use train::{Outcome, Parameters, Silent, Snapshot, Tensor, TensorError, Trainee, epochs};

use crate::support::{binary, plan};

const STATES: [VisibleState; 2] = [VisibleState::Sampled, VisibleState::Mean];

/// Trains on binary states and on probabilities, both visible states; all parameters and samples must be finite.
fn assert_stays_finite(
    rbm: &Rbm,
    data: &Matrix,
    (learning, capacity): (Learning, Capacity),
    n_epochs: usize,
) {
    for visible in STATES {
        for input in [Input::Binary(Spikes::from_matrix(data)), Input::Probabilities(data.clone())] {
            assert_eq!((input.rows(), input.len(), input.is_empty()), (data.rows(), data.cols(), false));
            let learning = Learning { visible, ..learning };
            let mut trainee = BinaryTrainer::new(rbm, input, &learning, capacity).unwrap();
            let batch = capacity.batch.min(data.cols());
            let outcome = epochs(&mut trainee, data.cols(), &plan(n_epochs, batch), &mut Silent);
            assert_eq!(outcome, Outcome::Finished);
            let trained = trainee.rbm();
            assert_eq!(trained.first_non_finite(), None);
            assert!(trained != *rbm, "it moved");
            let mut chains = BinaryChains::new(&trained, &Spikes::from_matrix(data), 2);
            chains.run(2, &mut Seed::new(1).stream());
            assert!(chains.means().is_finite());
            assert_eq!((chains.states().rows(), chains.states().len()), (data.rows(), data.cols()));
        }
    }
}

const CD: Learning = Learning::cd(1, 0.1);
const ROOM: Capacity = Capacity { batch: 5, threads: 2 };
const BASE: (Learning, Capacity) = (CD, ROOM);

#[test]
fn one_unit_of_either_kind_stays_finite() {
    assert_stays_finite(&Rbm::new(30, 1, Seed::new(1)), &binary(30, 11, 1), BASE, 30);
    assert_stays_finite(&Rbm::new(1, 30, Seed::new(2)), &binary(1, 11, 2), BASE, 30);
    assert_stays_finite(&Rbm::new(1, 1, Seed::new(3)), &binary(1, 4, 3), BASE, 30);
}

#[test]
fn a_hundred_thousand_hidden_units_stay_finite() {
    let room = Capacity { batch: 6, ..ROOM };
    assert_stays_finite(&Rbm::new(8, 100_000, Seed::new(4)), &binary(8, 6, 4), (CD, room), 2);
}

#[test]
fn pixels_that_never_change_stay_finite_and_are_learnt() {
    let mut data = binary(20, 20, 5);
    (0..20).for_each(|j| data.column_mut(j)[..6].copy_from_slice(&[0.0, 0.0, 0.0, 1.0, 1.0, 1.0]));
    let rbm = Rbm::new(20, 8, Seed::new(5));
    assert_stays_finite(&rbm, &data, BASE, 300);
    let input = Input::Binary(Spikes::from_matrix(&data));
    let mut trainee = BinaryTrainer::new(&rbm, input, &CD, ROOM).unwrap();
    assert_eq!(epochs(&mut trainee, 20, &plan(300, 5), &mut Silent), Outcome::Finished);
    let mean = trainee.rbm().reconstruct_mean(&data);
    // 1200 updates of 0.1: what never varies is learnt almost surely.
    (0..20).for_each(|j| assert!(mean.column(j)[..3].iter().all(|&p| p < 0.2), "{:?}", mean.column(j)));
    (0..20).for_each(|j| assert!(mean.column(j)[3..6].iter().all(|&p| p > 0.8), "{:?}", mean.column(j)));
}

#[test]
fn black_and_white_images_stay_finite() {
    for level in [0.0, 1.0] {
        let data = Matrix::from_fn(17, 9, |_, _| level);
        assert_stays_finite(&Rbm::new(17, 20, Seed::new(6)), &data, BASE, 50);
    }
}

#[test]
fn batches_larger_than_the_data_and_several_sweeps_stay_finite() {
    let rbm = Rbm::new(33, 40, Seed::new(7));
    for batch in [1, 7, 64, 1000] {
        assert_stays_finite(&rbm, &binary(33, 10, 7), (Learning::cd(3, 0.1), Capacity { batch, ..ROOM }), 5);
    }
}

#[test]
fn a_rate_of_zero_changes_nothing() {
    let rbm = Rbm::new(33, 40, Seed::new(8));
    let input = Input::Binary(Spikes::from_matrix(&binary(33, 10, 8)));
    let mut trainee = BinaryTrainer::new(&rbm, input, &Learning::cd(1, 0.0), ROOM).unwrap();
    assert_eq!(epochs(&mut trainee, 10, &plan(3, 5), &mut Silent), Outcome::Finished);
    assert_eq!(trainee.rbm(), rbm);
}

/// Six patterns of random pixels, eight noisy copies each. Who ignores the input does no better than each pixel's
/// variance, about 0.2; who cannot see through the noise keeps its share of flipped pixels, 0.05.
#[test]
fn it_learns_patterns_and_sees_through_noise() {
    let (patterns, flips) = (binary(64, 6, 9), Matrix::from_fn(64, 48, |_, _| 0.05));
    let mut flips = flips;
    Seed::new(10).stream().bernoulli(&mut flips);
    let clean = Matrix::from_fn(64, 48, |i, j| patterns.column(j % 6)[i]);
    let noisy = Matrix::from_fn(64, 48, |i, j| (clean.column(j)[i] - flips.column(j)[i]).abs());
    for visible in STATES {
        for input in [Input::Binary(Spikes::from_matrix(&noisy)), Input::Probabilities(noisy.clone())] {
            let rbm = Rbm::new(64, 24, Seed::new(11));
            let (learning, room) = (Learning { visible, ..CD }, Capacity { batch: 8, ..ROOM });
            let mut trainee = BinaryTrainer::new(&rbm, input, &learning, room).unwrap();
            assert_eq!(epochs(&mut trainee, 48, &plan(200, 8), &mut Silent), Outcome::Finished);
            let mean = trainee.rbm().reconstruct_mean(&noisy);
            let squares = mean.as_slice().iter().zip(clean.as_slice()).map(|(x, y)| f64::from(x - y).powi(2));
            let error = squares.sum::<f64>() / clean.as_slice().len() as f64;
            assert!(error < 0.025, "{visible:?}: {error} from the clean patterns");
        }
    }
}

/// A machine that leaves the finite numbers is stopped within the first two steps: logits of a few pixels overflow as
/// soon as weights are of the size of the largest float. What is named is a parameter that is not finite, or the loss
/// where the reconstruction itself is not.
#[test]
fn divergence_is_noticed_and_named() {
    for visible in STATES {
        for rate in [3e38, f32::INFINITY, f32::NAN] {
            for batch in [5, 20] {
                let rbm = Rbm::new(40, 300, Seed::new(12));
                let input = Input::Binary(Spikes::from_matrix(&binary(40, 20, 12)));
                let (learning, room) =
                    (Learning { visible, ..Learning::cd(1, rate) }, Capacity { batch, ..ROOM });
                let mut trainee = BinaryTrainer::new(&rbm, input, &learning, room).unwrap();
                assert_eq!(trainee.non_finite(), None);
                let outcome = epochs(&mut trainee, 20, &plan(50, batch), &mut Silent);
                let Outcome::Diverged { epoch, step, what } = &outcome else { panic!("{rate}: {outcome:?}") };
                assert!((epoch - 1) * (20 / batch) + step <= 3, "{rate}: {outcome:?}");
                let broken = trainee.rbm();
                let named = broken.params().into_iter().find(|p| p.name == *what);
                let right = named.map_or(what == "loss" && visible == VisibleState::Mean, |p| {
                    p.values.iter().any(|x| !x.is_finite())
                });
                assert!(right, "{rate}: {outcome:?}");
            }
        }
    }
}

fn zeros() -> Input {
    Input::Probabilities(Matrix::zeros(20, 3))
}

#[test]
fn a_bias_that_is_not_finite_is_named_at_once() {
    for (name, bad) in ["v_bias", "h_bias"].into_iter().flat_map(|n| [(n, f32::NAN), (n, f32::INFINITY)]) {
        let mut rbm = Rbm::new(20, 300, Seed::new(16));
        rbm.params_mut().into_iter().find(|p| p.name == name).unwrap().values[17] = bad;
        let trainee = BinaryTrainer::new(&rbm, zeros(), &CD, ROOM).unwrap();
        assert_eq!(trainee.non_finite().as_deref(), Some(name));
    }
}

#[test]
fn a_snapshot_that_is_not_finite_is_refused_and_changes_nothing() {
    let rbm = Rbm::new(20, 30, Seed::new(17));
    let mut trainee = BinaryTrainer::new(&rbm, zeros(), &CD, ROOM).unwrap();
    let mut broken = rbm.clone();
    broken.weights.as_mut_slice()[7] = f32::NAN;
    let snapshot = Snapshot { epoch: 0, tensors: Tensor::list(&broken, "") };
    assert!(matches!(trainee.restore(&snapshot), Err(TensorError::NotFinite { .. })));
    assert!(trainee.rbm().weights == rbm.weights);
}

/// A rate far too large whose numbers stay finite: saturated units, no NaN from `0 · ∞`.
#[test]
fn huge_weights_saturate_without_nan() {
    let wild = (Learning::cd(1, 1e30), ROOM);
    assert_stays_finite(&Rbm::new(40, 300, Seed::new(15)), &binary(40, 20, 15), wild, 20);
}

#[test]
#[should_panic(expected = "data of 5 rows for 4 visible units")]
fn data_of_another_width_are_refused_with_both_numbers() {
    let input = Input::Probabilities(Matrix::zeros(5, 2));
    let _ = BinaryTrainer::new(&Rbm::new(4, 3, Seed::new(13)), input, &CD, ROOM);
}

#[test]
#[should_panic(expected = "states of 5 rows for 4 visible units")]
fn chains_of_another_width_are_refused_with_both_numbers() {
    let start = Spikes::from_matrix(&Matrix::zeros(5, 2));
    let _ = BinaryChains::new(&Rbm::new(4, 3, Seed::new(14)), &start, 1);
}
