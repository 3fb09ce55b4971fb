//! Machines of every pair of layers: binary units, a category, both side by side, Gaussian units.

use energy::exact::{self, Listed};
use energy::{Bernoulli, Gaussian, Joined, Rbm, Softmax, Units, join};
use tensor::{Matrix, Seed};
use train::{Parameters, check_gradient};

use crate::listed::{all, draw_listed, lively_with, numbers, tally};
use crate::support::{assert_close, assert_drawn_from};

/// As in `exact.rs`: `f32` inputs of a few terms, `f64` otherwise.
const F32_SUMS: f64 = 1e-5;

/// What is asked of a machine, whatever its layers.
trait Check {
    fn check<V: Units, H: Units>(&self, rbm: &Rbm<V, H>);
}

fn binary_beside_a_category(units: usize, labels: usize) -> Joined<Bernoulli, Softmax> {
    Joined { units: Bernoulli::new(units), labels: Softmax::new(labels) }
}

/// Asks it of all pairs of layers whose states can be listed.
fn of_all_listable_pairs(check: &impl Check) {
    fn over(check: &impl Check, visible: &impl Units, seed: u64) {
        check.check(&lively_with(visible.clone(), Bernoulli::new(3), seed));
        check.check(&lively_with(visible.clone(), Softmax::new(5), seed + 1));
        check.check(&lively_with(visible.clone(), binary_beside_a_category(2, 3), seed + 2));
    }
    over(check, &Bernoulli::new(4), 1);
    over(check, &Softmax::new(6), 11);
    over(check, &binary_beside_a_category(3, 3), 21);
}

/// Free energies, `Z` and conditionals against sums over all states of both layers.
struct SumsOverStates;

impl Check for SumsOverStates {
    fn check<V: Units, H: Units>(&self, rbm: &Rbm<V, H>) {
        let (v, h) = (all(&rbm.visible), all(&rbm.hidden));
        // weights[x][y] = exp(−E(v = x, h = y))
        let weights: Vec<Vec<f64>> = (0..v.cols())
            .map(|x| rbm.energy(&v.gather(&vec![x; h.cols()]), &h).into_iter().map(|e| (-e).exp()).collect())
            .collect();
        let of_v: Vec<f64> = weights.iter().map(|row| row.iter().sum()).collect();
        let of_h: Vec<f64> = (0..h.cols()).map(|y| weights.iter().map(|row| row[y]).sum()).collect();
        let negative_log = |sums: &[f64]| sums.iter().map(|sum| -sum.ln()).collect::<Vec<_>>();
        assert_close(&rbm.free_energy(&v), &negative_log(&of_v), F32_SUMS);
        assert_close(&rbm.hidden_free_energy(&h), &negative_log(&of_h), F32_SUMS);
        let log_z = of_v.iter().sum::<f64>().ln();
        let listed =
            [Listed::Visible, Listed::Hidden, Listed::Both].map(|over| exact::log_partition(rbm, over));
        assert_close(&listed, &[log_z; 3], F32_SUMS);
        let (h_mean, v_mean) = (rbm.hidden_mean(&v), rbm.visible_mean(&h));
        for x in 0..v.cols() {
            for j in 0..h.rows() {
                let on: f64 = (0..h.cols()).map(|y| weights[x][y] * f64::from(h.column(y)[j])).sum();
                assert_close(&[f64::from(h_mean.column(x)[j])], &[on / of_v[x]], 1e-6);
            }
        }
        for y in 0..h.cols() {
            for i in 0..v.rows() {
                let on: f64 = (0..v.cols()).map(|x| weights[x][y] * f64::from(v.column(x)[i])).sum();
                assert_close(&[f64::from(v_mean.column(y)[i])], &[on / of_h[y]], 1e-6);
            }
        }
    }
}

#[test]
fn free_energies_z_and_conditionals_are_sums_over_states() {
    of_all_listable_pairs(&SumsOverStates);
}

/// The exact gradient against central differences of the exact likelihood; errors as in `exact.rs`.
struct Gradient;

impl Check for Gradient {
    fn check<V: Units, H: Units>(&self, rbm: &Rbm<V, H>) {
        let data = all(&rbm.visible).gather(&[0, 1, 1, 3, 5, 2]);
        let gradient = exact::gradient(rbm, &data);
        let check = check_gradient(rbm, &gradient, 1e-2, 1, |rbm| -exact::log_likelihood(rbm, &data));
        assert!(check.worst < 3e-4, "{check:?}");
        assert!(gradient.norm() > 0.1, "a gradient near zero tests nothing");
    }
}

#[test]
fn exact_gradients_meet_central_differences() {
    of_all_listable_pairs(&Gradient);
}

/// Chains that begin with exact samples stay at the model: visible states and the hidden ones drawn from them, together.
struct Stationary;

impl Check for Stationary {
    fn check<V: Units, H: Units>(&self, rbm: &Rbm<V, H>) {
        let (v, h) = (all(&rbm.visible), all(&rbm.hidden));
        let log_z = exact::log_partition(rbm, Listed::Visible);
        let p: Vec<f64> = (0..h.cols())
            .flat_map(|y| rbm.energy(&v, &h.gather(&vec![y; v.cols()])))
            .map(|energy| (-energy - log_z).exp())
            .collect();
        let mut noise = Seed::new(1).stream();
        let start = draw_listed(&exact::visible_probabilities(rbm), &v, 20_000, &mut noise);
        for sweeps in [1, 5] {
            let end = rbm.gibbs(start.clone(), sweeps, &mut noise);
            let above = numbers(&rbm.sample_hidden(&end, &mut noise), &h);
            let pairs = numbers(&end, &v).into_iter().zip(above).map(|(x, y)| x + y * v.cols());
            assert_drawn_from(&tally(pairs, p.len()), &p);
        }
    }
}

#[test]
fn chains_drawn_from_the_model_stay_at_it_whatever_its_layers() {
    of_all_listable_pairs(&Stationary);
}

/// `⟨v⟩ = a + W⟨h⟩` and `Cov(v) = I + W Cov(h) Wᵀ`, each entry within 6.5 of its own standard deviations.
fn assert_gaussian_machine_is_stationary<H: Units>(hidden: H, seed: u64) {
    let rbm = lively_with(Gaussian::new(3), hidden, seed);
    let (h, log_z) = (all(&rbm.hidden), exact::log_partition(&rbm, Listed::Hidden));
    let p: Vec<f64> = rbm.hidden_free_energy(&h).into_iter().map(|free| (-free - log_z).exp()).collect();
    // Given h the units have these means and no covariance.
    let given = rbm.visible_mean(&h);
    let expect = |f: &dyn Fn(usize) -> f64| p.iter().enumerate().map(|(y, p)| p * f(y)).sum::<f64>();
    let at = |i: usize, y: usize| f64::from(given.column(y)[i]);
    let mean: Vec<f64> = (0..3).map(|i| expect(&|y| at(i, y))).collect();

    let (n, mut noise) = (40_000, Seed::new(seed).stream());
    let start = rbm.sample_visible(&draw_listed(&p, &h, n, &mut noise), &mut noise);
    let end = rbm.gibbs(start, 3, &mut noise);
    let within = |values: &dyn Fn(&[f32]) -> f64, expected: f64| {
        let values: Vec<f64> = end.columns().map(values).collect();
        let found = values.iter().sum::<f64>() / n as f64;
        let variance = values.iter().map(|x| (x - found).powi(2)).sum::<f64>() / n as f64;
        let bound = 6.5 * (variance / n as f64).sqrt();
        assert!((found - expected).abs() < bound, "{found} against {expected} ± {bound}");
    };
    for i in 0..3 {
        within(&|v| f64::from(v[i]), mean[i]);
        for j in 0..=i {
            let between = expect(&|y| (at(i, y) - mean[i]) * (at(j, y) - mean[j]));
            let covariance = between + f64::from(u8::from(i == j));
            within(&|v| (f64::from(v[i]) - mean[i]) * (f64::from(v[j]) - mean[j]), covariance);
        }
    }
}

#[test]
fn chains_of_gaussian_units_keep_their_mean_and_covariance() {
    assert_gaussian_machine_is_stationary(Bernoulli::new(4), 41);
    assert_gaussian_machine_is_stationary(Softmax::new(4), 42);
}

/// A category over Gaussian units is a mixture: `log Z = log Σₖ exp(bₖ + aᵀwₖ + ½‖wₖ‖²) + n/2 · log 2π`.
#[test]
fn a_category_over_gaussian_units_is_a_mixture_of_gaussians() {
    let rbm = lively_with(Gaussian::new(3), Softmax::new(4), 43);
    let logits: Vec<f64> = (0..4)
        .map(|k| {
            let shift = rbm.weights.column(k).iter().zip(&rbm.visible.bias);
            let shift = shift.map(|(&w, &a)| f64::from(w) * (f64::from(a) + 0.5 * f64::from(w)));
            f64::from(rbm.hidden.bias[k]) + shift.sum::<f64>()
        })
        .collect();
    let closed = tensor::plain::log_sum_exp(&logits) + 1.5 * std::f64::consts::TAU.ln();
    assert_close(&[exact::log_partition(&rbm, Listed::Hidden)], &[closed], F32_SUMS);
}

#[test]
fn categories_are_drawn_with_their_probabilities_and_independently() {
    let units = Softmax { bias: vec![0.5, -1.0, 0.0, f32::NEG_INFINITY, 1.0, 0.3] };
    let mut x = Matrix::from_fn(6, 40_000, |k, _| 0.2 * k as f32);
    let mut p = x.gather(&[0]);
    units.mean(&mut p);
    let p: Vec<f64> = p.as_slice().iter().map(|&p| f64::from(p)).collect();
    units.sample(&mut x, &mut Seed::new(2).stream());
    let drawn = numbers(&x, &all(&units));
    assert!(p[3] == 0.0 && !drawn.contains(&3), "what cannot be is never drawn");
    assert_drawn_from(&tally(drawn.iter().copied(), 6), &p);
    let product: Vec<f64> = (0..36).map(|s| p[s % 6] * p[s / 6]).collect();
    assert_drawn_from(&tally(drawn.chunks(2).map(|pair| pair[0] + 6 * pair[1]), 36), &product);
}

#[test]
fn large_logits_of_a_category_do_not_overflow() {
    let units = Softmax { bias: vec![0.0; 3] };
    let inputs = Matrix::from_vec(3, 2, vec![1e30, 0.0, -1e30, 500.0, 500.0, -500.0]);
    assert_close(&units.log_partition(&inputs), &[f64::from(1e30f32), 500.0 + 2.0f64.ln()], 1e-12);
    let mut means = inputs.clone();
    units.mean(&mut means);
    assert_eq!(means.as_slice(), [1.0, 0.0, 0.0, 0.5, 0.5, 0.0]);
    let mut broken = Matrix::from_vec(3, 1, vec![0.0, f32::NAN, 0.0]);
    units.sample(&mut broken, &mut Seed::new(1).stream());
    assert!(broken.as_slice().iter().all(|x| x.is_nan()), "a broken input is not hidden by a draw");
}

#[test]
fn biases_of_categories_are_set_from_their_means() {
    let mut units = binary_beside_a_category(1, 3);
    units.set_means(&[0.25, 0.5, 0.5, 0.0], 10);
    let mut means = Matrix::zeros(4, 1);
    units.mean(&mut means);
    let means: Vec<f64> = means.as_slice().iter().map(|&x| f64::from(x)).collect();
    // A category that none of ten samples has counts as half a sample.
    assert_close(&means, &[0.25, 0.5 / 1.05, 0.5 / 1.05, 0.05 / 1.05], 1e-6);
}

#[test]
fn a_layer_between_two_has_their_energies_mixed() {
    let layer = |seed| lively_with(binary_beside_a_category(2, 3), Bernoulli::new(1), seed).visible;
    let (base, own, states) = (layer(51), layer(52), all(&layer(51)));
    let mixed = base.energy(&states).into_iter().zip(own.energy(&states)).map(|(a, b)| 0.75 * a + 0.25 * b);
    assert_close(&own.between(&base, 0.25).energy(&states), &mixed.collect::<Vec<_>>(), 1e-6);
}

#[test]
fn states_of_the_first_layer_run_fastest() {
    let units = binary_beside_a_category(2, 3);
    let listed = |from: u64, n: usize| -> Vec<(Vec<f32>, Vec<f32>)> {
        let parts = units.split(&units.states(from, n));
        parts.0.columns().map(<[f32]>::to_vec).zip(parts.1.columns().map(<[f32]>::to_vec)).collect()
    };
    assert_eq!(units.count_states(), Some(12));
    for (number, (binary, category)) in listed(0, 12).into_iter().enumerate() {
        assert_eq!(binary, [f32::from(number & 1 == 1), f32::from(number >> 1 & 1 == 1)]);
        assert_eq!(category.iter().position(|&x| x == 1.0), Some(number / 4));
        assert_eq!(category.iter().sum::<f32>(), 1.0);
    }
    assert_eq!(listed(0, 12)[3..10], listed(3, 7)[..]);
    let unlisted = Joined { units: Gaussian::new(1), labels: Softmax::new(2) };
    assert!(unlisted.count_states().is_none());
    assert!(binary_beside_a_category(62, 2).count_states().is_none(), "2⁶³ states");
    assert_eq!(unlisted.range(), f32::MIN..=f32::MAX);
    assert_eq!(units.range(), 0.0..=1.0);
}

#[test]
fn the_parts_of_a_layer_have_names_of_their_own() {
    let mut rbm = lively_with(binary_beside_a_category(2, 3), Bernoulli::new(4), 61);
    let expected =
        [("W", vec![4, 5]), ("v_units_bias", vec![2]), ("v_labels_bias", vec![3]), ("h_bias", vec![4])];
    let names: Vec<_> = rbm.params().into_iter().map(|p| (p.name, p.shape)).collect();
    assert_eq!(names, expected.map(|(name, shape)| (name.to_owned(), shape)));
    let same: Vec<_> = rbm.params_mut().into_iter().map(|p| (p.name, p.shape)).collect();
    assert_eq!(same, names);
}

#[test]
#[should_panic(expected = "3 columns of units beside 2 columns of labels")]
fn parts_of_other_widths_do_not_join() {
    let _ = join(&Matrix::zeros(4, 3), &Matrix::zeros(2, 2));
}

#[test]
#[should_panic(expected = "layers of 2 and 3 units against 4 × 1")]
fn a_batch_of_another_height_does_not_split() {
    let _ = binary_beside_a_category(2, 3).energy(&Matrix::zeros(4, 1));
}
