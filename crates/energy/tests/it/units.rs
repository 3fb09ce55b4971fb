//! One layer at a time: partition functions, means, samples.

use energy::exact::{self, Listed};
use energy::{Bernoulli, Gaussian, Rbm, Units};
use proptest::prelude::*;
use tensor::{Matrix, Seed};
use train::check_gradient;

use crate::support::assert_close;

/// `∫ f` over [−30, 30] by the trapezium rule, which is exact to rounding for smooth functions that die at the ends.
fn integral(f: impl Fn(f32) -> f64) -> f64 {
    let step = 1.0 / 64.0;
    (-30 * 64..=30 * 64).map(|i| f(i as f32 * step)).sum::<f64>() * f64::from(step)
}

proptest! {
    #[test]
    fn bernoulli_partition_is_the_sum_over_states(bias in prop::collection::vec(-4.0f32..4.0, 1..9), seed: u64) {
        let units = Bernoulli { bias };
        let mut inputs = Matrix::zeros(units.len(), 2);
        Seed::new(seed).stream().normal(&mut inputs, 3.0);
        let states = units.states(0, 1 << units.len());
        let energies = units.energy(&states);
        for (j, log_partition) in units.log_partition(&inputs).into_iter().enumerate() {
            let weight = |s: usize| -> f64 {
                let input: f64 =
                    inputs.column(j).iter().zip(states.column(s)).map(|(&a, &b)| f64::from(a * b)).sum();
                (input - energies[s]).exp()
            };
            let sum: f64 = (0..states.cols()).map(weight).sum();
            assert_close(&[log_partition], &[sum.ln()], 1e-12);
        }
    }

    /// The integrand's exponent is rounded to f32 pixels only; both sides are f64 otherwise.
    #[test]
    fn gaussian_partition_is_the_integral(bias in -3.0f32..3.0, input in -3.0f32..3.0) {
        let units = Gaussian { bias: vec![bias] };
        let energy = |x: f32| units.energy(&Matrix::from_vec(1, 1, vec![x]))[0];
        let sum = integral(|x| (f64::from(input) * f64::from(x) - energy(x)).exp());
        let log_partition = units.log_partition(&Matrix::from_vec(1, 1, vec![input]))[0];
        assert_close(&[log_partition], &[sum.ln()], 1e-9);
    }

    /// `∂ log_partition / ∂ inputs = ⟨x⟩`, for any exponential family.
    #[test]
    fn the_mean_is_the_slope_of_the_log_partition(bias in -3.0f32..3.0, input in -3.0f32..3.0) {
        fn check(units: &impl Units, input: f32) {
            let at = |x: f32| units.log_partition(&Matrix::from_vec(1, 1, vec![x]))[0];
            let (up, down) = (input + 1e-2, input - 1e-2);
            let slope = (at(up) - at(down)) / f64::from(up - down);
            let mut mean = Matrix::from_vec(1, 1, vec![input]);
            units.mean(&mut mean);
            // h²/6 times a third derivative below 0.1.
            assert_close(&[slope], &[f64::from(mean.as_slice()[0])], 1e-5);
        }
        check(&Bernoulli { bias: vec![bias] }, input);
        check(&Gaussian { bias: vec![bias] }, input);
    }
}

#[test]
fn partitions_of_layers_add_up_over_units() {
    let inputs = Matrix::from_vec(3, 1, vec![0.3, -1.0, 2.0]);
    let each = |i: usize| Matrix::from_vec(1, 1, vec![inputs.as_slice()[i]]);
    let (bias, one) = (vec![0.5, 0.1, -0.7], |b: f32| vec![b]);
    let sum: f64 = (0..3).map(|i| Gaussian { bias: one(bias[i]) }.log_partition(&each(i))[0]).sum();
    assert_close(&Gaussian { bias: bias.clone() }.log_partition(&inputs), &[sum], 1e-12);
    let sum: f64 = (0..3).map(|i| Bernoulli { bias: one(bias[i]) }.log_partition(&each(i))[0]).sum();
    assert_close(&Bernoulli { bias }.log_partition(&inputs), &[sum], 1e-12);
}

#[test]
fn energy_gradients_meet_central_differences() {
    let x = Matrix::from_vec(3, 1, vec![1.0, 0.0, 1.0]);
    let bias = vec![0.5, 0.1, -0.7];
    let gaussian = Gaussian { bias: bias.clone() };
    let check =
        check_gradient(&gaussian, &gaussian.energy_gradient(x.as_slice()), 1e-2, 1, |u| u.energy(&x)[0]);
    assert!(check.worst < 1e-5, "{check:?}"); // quadratic: only rounding of the bias is left
    let bernoulli = Bernoulli { bias };
    let check =
        check_gradient(&bernoulli, &bernoulli.energy_gradient(x.as_slice()), 1e-2, 1, |u| u.energy(&x)[0]);
    assert!(check.worst < 1e-5, "{check:?}"); // linear
}

#[test]
fn gaussian_samples_have_the_mean_and_unit_variance() {
    let units = Gaussian { bias: vec![1.5] };
    let n = 40_000;
    let mut x = Matrix::from_fn(1, n, |_, _| -0.5);
    units.sample(&mut x, &mut Seed::new(1).stream());
    let mean = x.as_slice().iter().map(|&x| f64::from(x)).sum::<f64>() / n as f64;
    let variance = x.as_slice().iter().map(|&x| (f64::from(x) - 1.0).powi(2)).sum::<f64>() / n as f64;
    let error = (1.0 / n as f64).sqrt();
    assert!((mean - 1.0).abs() < 6.5 * error, "{mean}");
    assert!((variance - 1.0).abs() < 6.5 * std::f64::consts::SQRT_2 * error, "{variance}");
}

/// One Gaussian pixel and a few binary hidden units: `Z` over hidden states equals `∫ exp(−F(v)) dv`.
#[test]
fn a_gaussian_machine_s_free_energy_integrates_to_its_partition_function() {
    let mut rbm = Rbm::with_units(Gaussian { bias: vec![0.4] }, Bernoulli::new(5), Seed::new(2));
    rbm.weights.as_mut_slice().iter_mut().for_each(|w| *w *= 80.0);
    let free = |x: f32| rbm.free_energy(&Matrix::from_vec(1, 1, vec![x]))[0];
    let z = exact::log_partition(&rbm, Listed::Hidden);
    assert_close(&[integral(|x| (-free(x)).exp()).ln()], &[z], 1e-6);
    assert_eq!(exact::smaller_layer(&rbm), Listed::Hidden);
}

#[test]
fn a_gaussian_machine_s_exact_gradient_meets_central_differences() {
    let mut rbm = Rbm::with_units(Gaussian { bias: vec![0.4, -0.3] }, Bernoulli::new(4), Seed::new(3));
    rbm.weights.as_mut_slice().iter_mut().for_each(|w| *w *= 50.0);
    let mut data = Matrix::zeros(2, 5);
    Seed::new(4).stream().normal(&mut data, 1.0);
    let check = check_gradient(&rbm, &exact::gradient(&rbm, &data), 1e-2, 1, |rbm| {
        -exact::log_likelihood(rbm, &data)
    });
    assert!(check.worst < 5e-4, "{check:?}");
}

#[test]
#[should_panic(expected = "neither 2 visible nor 2 hidden units")]
fn two_gaussian_layers_have_nothing_to_list() {
    let rbm = Rbm::with_units(Gaussian::new(2), Gaussian::new(2), Seed::new(5));
    let _ = exact::log_likelihood(&rbm, &Matrix::zeros(2, 1));
}
