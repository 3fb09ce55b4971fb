//! Shapes and data at the edge: everything stays finite.

use energy::{Learning, Negative, Rbm, learning, pseudo_likelihood};
use tensor::{Matrix, Seed};
use train::{Outcome, Parameters, Silent};

use crate::support::{binary, plan};

fn options(negative: Negative) -> Learning {
    Learning { negative, ..Learning::cd(1, 0.1) }
}

fn train(rbm: &mut Rbm, data: &Matrix, negative: Negative, epochs: usize) {
    let outcome = learning::train(rbm, data, &options(negative), &plan(epochs, 5), &mut Silent);
    assert_eq!(outcome, Ok(Outcome::Finished));
    assert_eq!(rbm.first_non_finite(), None);
    assert!(rbm.free_energy(data).iter().chain(&pseudo_likelihood(rbm, data)).all(|x| x.is_finite()));
}

#[test]
fn pixels_that_never_change_stay_finite() {
    let mut data = binary(12, 20, 1);
    (0..20).for_each(|j| data.column_mut(j)[..6].copy_from_slice(&[0.0, 0.0, 0.0, 1.0, 1.0, 1.0]));
    for negative in [Negative::Cd { sweeps: 1 }, Negative::Pcd { sweeps: 1, chains: 10 }, Negative::Exact] {
        let mut rbm = Rbm::new(12, 8, Seed::new(1));
        train(&mut rbm, &data, negative, 300);
        let mean = rbm.reconstruct_mean(&data);
        // 1200 updates of 0.1: what never varies is learnt almost surely.
        (0..20).for_each(|j| assert!(mean.column(j)[..3].iter().all(|&p| p < 0.2), "{:?}", mean.column(j)));
        (0..20).for_each(|j| assert!(mean.column(j)[3..6].iter().all(|&p| p > 0.8), "{:?}", mean.column(j)));
    }
}

#[test]
fn one_hidden_unit_and_one_pixel_stay_finite() {
    train(&mut Rbm::new(30, 1, Seed::new(2)), &binary(30, 10, 2), Negative::Cd { sweeps: 1 }, 50);
    train(&mut Rbm::new(1, 5, Seed::new(3)), &binary(1, 10, 3), Negative::Pcd { sweeps: 2, chains: 1 }, 50);
    train(&mut Rbm::new(1, 1, Seed::new(4)), &binary(1, 1, 4), Negative::Cd { sweeps: 3 }, 50);
}

#[test]
fn a_hundred_thousand_hidden_units_stay_finite() {
    let mut rbm = Rbm::new(20, 100_000, Seed::new(5));
    let free = rbm.free_energy(&Matrix::zeros(20, 1))[0];
    // Without a visible unit on, every hidden one adds log 2; 10⁵ sums in f64 err by less than 1e-6.
    assert!((free + 1e5 * std::f64::consts::LN_2).abs() < 1e-6, "{free}");
    train(&mut rbm, &binary(20, 10, 5), Negative::Cd { sweeps: 1 }, 2);
}

#[test]
fn extreme_biases_saturate_without_nan() {
    let mut rbm = Rbm::new(4, 3, Seed::new(6));
    rbm.visible.bias = vec![3e4, -3e4, 200.0, -200.0];
    rbm.hidden.bias = vec![-3e4, 3e4, 0.0];
    let v = rbm.gibbs(binary(4, 50, 6), 3, &mut Seed::new(7).stream());
    assert!(v.columns().all(|v| v == [1.0, 0.0, 1.0, 0.0]));
    assert!(rbm.free_energy(&v).iter().all(|f| f.is_finite()));
    assert!(pseudo_likelihood(&rbm, &v).iter().all(|p| p.abs() < 1e-9), "certain, and right");
    let wrong = Matrix::from_vec(4, 1, vec![0.0, 1.0, 0.0, 1.0]);
    assert!((pseudo_likelihood(&rbm, &wrong)[0] + 60_400.0).abs() < 1.0, "log p of the impossible is finite");
}

#[test]
fn an_empty_batch_is_a_batch() {
    let rbm = Rbm::new(4, 3, Seed::new(8));
    let none = Matrix::zeros(4, 0);
    assert!(rbm.free_energy(&none).is_empty() && pseudo_likelihood(&rbm, &none).is_empty());
    assert_eq!(rbm.gibbs(none, 2, &mut Seed::new(9).stream()).cols(), 0);
}

#[test]
#[should_panic(expected = "5 pixels for 4 units")]
fn data_of_another_width_are_refused_with_both_shapes() {
    let mut rbm = Rbm::new(4, 3, Seed::new(10));
    let _ = learning::train(&mut rbm, &binary(5, 3, 1), &options(Negative::Exact), &plan(1, 1), &mut Silent);
}

/// Without a sweep there is no fantasy, and the mean over no chain is NaN: nothing is trained.
#[test]
fn no_sweep_and_no_chain_are_refused_before_anything_is_trained() {
    for (negative, expected) in [
        (Negative::Cd { sweeps: 0 }, "at least one sweep"),
        (Negative::Pcd { sweeps: 0, chains: 3 }, "0 sweeps of 3 chains"),
        (Negative::Pcd { sweeps: 2, chains: 0 }, "2 sweeps of 0 chains"),
    ] {
        let (mut rbm, data) = (Rbm::new(4, 3, Seed::new(11)), binary(4, 5, 1));
        let make = || drop(learning::Trainer::new(&mut rbm, &data, &options(negative)).unwrap());
        let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(make)).unwrap_err();
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap();
        assert!(text.contains(expected), "{negative:?}: {text}");
    }
}
