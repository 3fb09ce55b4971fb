//! Deep Boltzmann machines against all their states, listed in `f64`: energies, sums, bounds, chains, annealing.

use energy::dbm::plain;
use energy::partition::Annealed;
use energy::{Bernoulli, Clamped, Dbm, DbmPath, MeanField, Rbm, Units, VisibleState, coin_flips};
use proptest::prelude::*;
use tensor::{Matrix, Seed};
use train::Parameters;

use crate::support::{assert_close, assert_drawn_from, binary, counts, draw, lively};

/// `f32` inputs of at most eight terms of size about 3 err by about 1e-6 a unit; `f64` does the rest.
const F32_SUMS: f64 = 1e-5;

/// Weights N(0, 0.7²) and biases N(0, 0.5²) in layers of these sizes.
pub fn deep(sizes: &[usize], seed: u64) -> Dbm {
    let rbms =
        sizes.windows(2).enumerate().map(|(i, pair)| lively(pair[0], pair[1], seed ^ (i as u64) << 32));
    let rbms: Vec<Rbm> = rbms.collect();
    let mut biases = vec![rbms[0].visible.clone()];
    biases.extend(rbms.iter().map(|rbm| rbm.hidden.clone()));
    Dbm { biases, weights: rbms.into_iter().map(|rbm| rbm.weights).collect() }
}

/// `−E` of every state in `f64`, one sum for each; unit `i` of all layers, counted upwards, is bit `i` of a state.
pub fn listed(dbm: &Dbm) -> Vec<f64> {
    let sizes: Vec<usize> = dbm.biases.iter().map(Units::len).collect();
    let first: Vec<usize> = (0..sizes.len()).map(|i| sizes[..i].iter().sum()).collect();
    let on = |state: usize, layer: usize, unit: usize| state >> (first[layer] + unit) & 1 == 1;
    let exponent = |state: usize| {
        let mut sum = 0.0;
        for (i, layer) in dbm.biases.iter().enumerate() {
            let units = (0..sizes[i]).filter(|&unit| on(state, i, unit));
            sum += units.map(|unit| f64::from(layer.bias[unit])).sum::<f64>();
        }
        for (i, weights) in dbm.weights.iter().enumerate() {
            for k in (0..sizes[i + 1]).filter(|&k| on(state, i + 1, k)) {
                let units = (0..sizes[i]).filter(|&unit| on(state, i, unit));
                sum += units.map(|unit| f64::from(weights.column(k)[unit])).sum::<f64>();
            }
        }
        sum
    };
    (0..1 << sizes.iter().sum::<usize>()).map(exponent).collect()
}

/// `log Σ exp`.
pub fn log_sum(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let most = values.clone().fold(f64::NEG_INFINITY, f64::max);
    most + values.map(|x| (x - most).exp()).sum::<f64>().ln()
}

/// `log p(v)` of every visible state.
fn visible_log_p(dbm: &Dbm) -> Vec<f64> {
    let (all, n) = (listed(dbm), 1 << dbm.biases[0].len());
    let log_z = log_sum(all.iter().copied());
    (0..n).map(|v| log_sum(all.iter().skip(v).step_by(n).copied()) - log_z).collect()
}

/// The states of all layers that these numbers name.
fn states_of(dbm: &Dbm, numbers: &Matrix) -> Vec<Matrix> {
    let mut first = 0;
    let split = |layer: &Bernoulli| {
        first += layer.len();
        let from = first - layer.len();
        Matrix::from_fn(layer.len(), numbers.cols(), |i, j| numbers.column(j)[from + i])
    };
    dbm.biases.iter().map(split).collect()
}

fn stacked(states: &[Matrix]) -> Matrix {
    let columns = (0..states[0].cols()).flat_map(|j| states.iter().flat_map(move |x| x.column(j).to_vec()));
    Matrix::from_vec(states.iter().map(Matrix::rows).sum(), states[0].cols(), columns.collect())
}

fn wide(x: &[f32]) -> Vec<f64> {
    x.iter().map(|&x| f64::from(x)).collect()
}

fn permuted(dbm: &Dbm, layer: usize, order: &[usize]) -> Dbm {
    let mut other = dbm.clone();
    other.biases[layer].bias = order.iter().map(|&j| dbm.biases[layer].bias[j]).collect();
    other.weights[layer - 1] = dbm.weights[layer - 1].gather(order);
    if layer < dbm.top() {
        other.weights[layer] = dbm.weights[layer].transposed().gather(order).transposed();
    }
    other
}

/// The same machine in other words: `v₀ → 1 − v₀` with `a₀ → −a₀`, `W₀ → −W₀`, `b₁ → b₁ + W₀`.
pub fn flipped(dbm: &Dbm) -> Dbm {
    let mut other = dbm.clone();
    other.biases[0].bias[0] *= -1.0;
    for j in 0..dbm.biases[1].len() {
        other.biases[1].bias[j] += dbm.weights[0].column(j)[0];
        other.weights[0].column_mut(j)[0] *= -1.0;
    }
    other
}

/// The same states with the first visible unit coded the other way.
pub fn flip(v: &Matrix) -> Matrix {
    Matrix::from_fn(v.rows(), v.cols(), |i, j| if i == 0 { 1.0 - v.column(j)[0] } else { v.column(j)[i] })
}

#[test]
fn a_deep_machine_of_one_hidden_layer_is_a_restricted_one_bit_for_bit() {
    let (rbm, v, h) = (lively(9, 6, 1), binary(9, 20, 1), binary(6, 20, 2));
    let dbm = Dbm::from(rbm.clone());
    assert_eq!(dbm.energy(&[v.clone(), h.clone()]), rbm.energy(&v, &h));
    assert_eq!(dbm.free_energy(&v), rbm.free_energy(&v));
    let states = vec![v.clone(), h];
    assert_eq!(dbm.inputs(0, &states), rbm.visible_inputs(&states[1]));
    assert_eq!(dbm.mean(1, &states), rbm.hidden_mean(&v));
    assert_eq!(dbm.visible_mean(&states), rbm.visible(&states[1], VisibleState::Mean, &mut noise(0)));
    let chains = dbm.gibbs(states, 5, Clamped::Nothing, &mut noise(3));
    assert_eq!(chains[0], rbm.gibbs(v.clone(), 5, &mut noise(3)));
    let posterior = dbm.mean_field(&v, MeanField::sweeps(3));
    assert_eq!(posterior.states[1], rbm.hidden_mean(&v));
    // One sweep finds that the pass upwards was exact.
    assert_eq!((posterior.sweeps, posterior.residual), (1, 0.0));
}

fn noise(seed: u64) -> tensor::Stream {
    Seed::new(seed).stream()
}

#[test]
fn parameters_have_their_names_and_shapes_on_disk() {
    let dbm = Dbm::new(&[5, 4, 3], 0.1, Seed::new(1));
    let params: Vec<(String, Vec<usize>)> = dbm.params().into_iter().map(|p| (p.name, p.shape)).collect();
    let expected = [
        ("W.0", vec![4, 5]),
        ("W.1", vec![3, 4]),
        ("bias.0", vec![5]),
        ("bias.1", vec![4]),
        ("bias.2", vec![3]),
    ];
    assert_eq!(params, expected.map(|(name, shape)| (name.to_owned(), shape)));
    assert_eq!(dbm.weights[0], Rbm::drawn(5, 4, 0.1, Seed::new(1)).weights);
    assert_ne!(dbm.weights[1].as_slice()[..12], dbm.weights[0].as_slice()[..12]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn energies_and_sums_are_those_of_the_listed_states(
        sizes in prop::collection::vec(1usize..4, 2..5), seed: u64,
    ) {
        let dbm = deep(&sizes, seed);
        let all = listed(&dbm);
        let numbers = Bernoulli::new(sizes.iter().sum()).states(0, all.len());
        let energies = dbm.energy(&states_of(&dbm, &numbers));
        assert_close(&energies, &all.iter().map(|x| -x).collect::<Vec<_>>(), F32_SUMS);
        assert_close(&[dbm.log_partition()], &[log_sum(all.iter().copied())], F32_SUMS);
        let v = dbm.biases[0].states(0, 1 << sizes[0]);
        let log_p = dbm.log_probability(&v);
        assert_close(&log_p, &visible_log_p(&dbm), F32_SUMS);
        let total: f64 = log_p.iter().map(|l| l.exp()).sum();
        prop_assert!((total - 1.0).abs() < F32_SUMS, "{total}");
    }

    #[test]
    fn permuting_hidden_units_changes_nothing(seed: u64, layer in 1usize..4) {
        let dbm = deep(&[4, 3, 3, 2], seed);
        let order: Vec<usize> = (0..dbm.biases[layer].len()).rev().collect();
        let (other, v) = (permuted(&dbm, layer, &order), binary(4, 5, seed));
        assert_close(&dbm.log_probability(&v), &other.log_probability(&v), F32_SUMS);
        let options = MeanField::sweeps(5);
        let (a, b) = (dbm.mean_field(&v, options).states, other.mean_field(&v, options).states);
        assert_close(&dbm.bound(&a, 0.0), &other.bound(&b, 0.0), F32_SUMS);
        let means = a[layer].transposed().gather(&order).transposed();
        assert_close(&wide(means.as_slice()), &wide(b[layer].as_slice()), F32_SUMS);
    }

    #[test]
    fn flipping_the_meaning_of_a_visible_bit_changes_nothing(seed: u64) {
        let (dbm, v) = (deep(&[4, 3, 2], seed), binary(4, 6, seed));
        let other = flipped(&dbm);
        assert_close(&dbm.log_probability(&v), &other.log_probability(&flip(&v)), F32_SUMS);
    }

    /// In `f64`, where nothing but rounding of the last bits can lower it.
    #[test]
    fn every_update_of_a_layer_raises_the_bound(seed: u64) {
        let dbm = deep(&[5, 4, 4, 3], seed);
        for v in binary(5, 3, seed).columns() {
            let mut states = plain::start(&dbm, &wide(v));
            let mut before = plain::bound(&dbm, &states);
            for step in 0..30 {
                let change = plain::update(&dbm, 1 + step % 3, &mut states);
                let after = plain::bound(&dbm, &states);
                prop_assert!(after > before - 1e-13, "{before} to {after}");
                // Pinsker: the gain is a divergence between layers, at least twice the squared change.
                prop_assert!(after - before >= 2.0 * change * change - 1e-13, "{before} to {after}, {change}");
                before = after;
            }
        }
    }

    #[test]
    fn the_bound_at_the_fixed_point_is_below_the_probability(seed: u64) {
        let dbm = deep(&[4, 3, 2], seed);
        let log_z = log_sum(listed(&dbm).into_iter());
        let (v, log_p) = (dbm.biases[0].states(0, 16), visible_log_p(&dbm));
        for (v, log_p) in v.columns().zip(log_p) {
            let (states, residual) = plain::mean_field(&dbm, &wide(v), 100_000, 1e-11);
            prop_assert!(residual < 1e-10, "{residual}");
            let bound = plain::bound(&dbm, &states) - log_z;
            let start = plain::bound(&dbm, &plain::start(&dbm, &wide(v))) - log_z;
            prop_assert!(start - 1e-12 <= bound && bound <= log_p + 1e-12, "{start}, {bound}, {log_p}");
            let mut after = states.clone();
            for layer in 1..3 {
 let _ = plain::update(&dbm, layer, &mut after);
}
            assert_close(&states.concat(), &after.concat(), 1e-10);
        }
    }
}

#[test]
fn the_bound_is_tight_where_the_posterior_is_factorial() {
    let dbm = Dbm::from(lively(5, 4, 2));
    let (v, log_z) = (dbm.biases[0].states(0, 32), dbm.log_partition());
    let states = dbm.mean_field(&v, MeanField::sweeps(1)).states;
    assert_close(&dbm.bound(&states, log_z), &dbm.log_probability(&v), F32_SUMS);
}

#[test]
fn mean_field_of_batches_follows_its_slow_twin() {
    let (dbm, v) = (deep(&[7, 6, 5, 4], 3), binary(7, 9, 3));
    for sweeps in [0, 1, 2, 50] {
        let batch = dbm.mean_field(&v, MeanField::sweeps(sweeps));
        let bounds = dbm.bound(&batch.states, 1.5);
        for (j, bound) in bounds.into_iter().enumerate() {
            let (states, _) = plain::mean_field(&dbm, &wide(v.column(j)), sweeps, 0.0);
            let means: Vec<f64> = batch.states.iter().flat_map(|x| wide(x.column(j))).collect();
            assert_close(&means, &states.concat(), F32_SUMS);
            assert_close(&[bound], &[plain::bound(&dbm, &states) - 1.5], F32_SUMS);
        }
    }
    let none = dbm.mean_field(&v, MeanField::sweeps(0));
    assert_eq!((none.sweeps, none.residual), (0, f32::INFINITY));
    let early = dbm.mean_field(&v, MeanField { sweeps: 1000, tolerance: 1e-3 });
    assert!(early.sweeps < 200 && early.residual <= 1e-3 && early.residual > 0.0, "{early:?}");
    let again = dbm.mean_field(&v, MeanField { sweeps: early.sweeps - 1, tolerance: 1e-3 });
    assert!(again.residual > 1e-3, "one sweep fewer would not have done");
}

/// 20 000 exact draws stay exact draws after a sweep, by a χ² test over all 2⁹ states.
#[test]
fn gibbs_sampling_leaves_the_distribution_of_all_layers() {
    let dbm = deep(&[3, 2, 2, 2], 4);
    let all = listed(&dbm);
    let log_z = log_sum(all.iter().copied());
    let p: Vec<f64> = all.iter().map(|x| (x - log_z).exp()).collect();
    let mut noise = noise(4);
    let start = states_of(&dbm, &draw(&p, 9, 20_000, &mut noise));
    let end = dbm.gibbs(start.clone(), 1, Clamped::Nothing, &mut noise);
    assert_ne!(end, start);
    assert_drawn_from(&counts(&stacked(&end)), &p);
}

/// From coins, with the data held. Six hidden units forget their start in a few sweeps; 30 leave a margin.
#[test]
fn clamped_chains_draw_from_the_posterior() {
    let dbm = deep(&[3, 2, 2, 2], 5);
    let (all, v) = (listed(&dbm), 5);
    let given = |h: usize| all[v + 8 * h];
    let log_z = log_sum((0..64).map(given));
    let p: Vec<f64> = (0..64).map(|h| (given(h) - log_z).exp()).collect();
    let data = dbm.biases[0].states(v as u64, 1).gather(&vec![0; 20_000]);
    let start = dbm.above(data.clone(), &mut noise(5));
    let end = dbm.gibbs(start, 30, Clamped::Visible, &mut noise(6));
    assert_eq!(end[0], data);
    assert_drawn_from(&counts(&stacked(&end[1..])), &p);
}

/// `exp(−E_β)` over states of the odd layers of a 4–3–2–2 machine (bits 4 to 6, 9 and 10), by the listed states of the
/// machine whose parameters are those of the path.
fn odd_log_sums(dbm: &Dbm, base: &Bernoulli, beta: f64) -> Vec<f64> {
    let mut between = dbm.clone();
    between.scale(beta as f32);
    between.biases[0] = dbm.biases[0].between(base, beta);
    let mut groups = vec![Vec::new(); 32];
    for (state, x) in listed(&between).into_iter().enumerate() {
        groups[(state >> 4 & 7) | (state >> 9 & 3) << 3].push(x);
    }
    groups.into_iter().map(|group| log_sum(group.into_iter())).collect()
}

#[test]
fn the_path_has_the_energies_of_the_machines_on_it() {
    let dbm = deep(&[4, 3, 2, 2], 6);
    let base = Bernoulli { bias: vec![0.3, -1.0, 0.0, 2.0] };
    let path = DbmPath::new(&dbm, base.clone());
    let numbers = Bernoulli::new(5).states(0, 32);
    let rows = |from: usize, n: usize| Matrix::from_fn(n, 32, |i, j| numbers.column(j)[from + i]);
    let chains = path.chains(vec![rows(0, 3), rows(3, 2)]);
    for (from, to) in [(0.0, 0.25), (0.25, 1.0), (0.5, 0.5)] {
        let sums = [from, to].map(|beta| odd_log_sums(&dbm, &base, beta));
        let expected: Vec<f64> = sums[1].iter().zip(&sums[0]).map(|(to, from)| to - from).collect();
        assert_close(&path.log_weights(&chains, from, to), &expected, F32_SUMS);
    }
    let at_base = log_sum(odd_log_sums(&dbm, &base, 0.0).into_iter());
    assert!((path.base_log_z() - at_base).abs() < 1e-9, "{} against {at_base}", path.base_log_z());
    let whole = log_sum(odd_log_sums(&dbm, &base, 1.0).into_iter());
    assert_close(&[dbm.log_partition()], &[whole], F32_SUMS);
}

#[test]
fn a_sweep_of_the_path_leaves_the_distribution_at_its_temperature() {
    let dbm = deep(&[4, 3, 2, 2], 7);
    let base = Bernoulli { bias: vec![0.5, -0.5, 1.0, 0.0] };
    let path = DbmPath::new(&dbm, base.clone());
    for beta in [0.0, 0.6, 1.0] {
        let sums = odd_log_sums(&dbm, &base, beta);
        let log_z = log_sum(sums.iter().copied());
        let p: Vec<f64> = sums.iter().map(|x| (x - log_z).exp()).collect();
        let mut noise = noise(7);
        let numbers = draw(&p, 5, 20_000, &mut noise);
        let rows = |from: usize, n: usize| Matrix::from_fn(n, 20_000, |i, j| numbers.column(j)[from + i]);
        let mut chains = path.chains(vec![rows(0, 3), rows(3, 2)]);
        path.sweep(&mut chains, beta, &mut noise);
        assert_drawn_from(&counts(&stacked(chains.odd())), &p);
    }
    let start = path.base(20_000, &mut noise(8));
    assert_drawn_from(&counts(&stacked(start.odd())), &[1.0 / 32.0; 32]);
}

/// 1000 temperatures and 100 chains: by the spread of their weights, 0.05 nats are more than four standard deviations.
#[test]
fn annealing_finds_the_partition_function() {
    for (sizes, seed) in [(&[6, 5, 4][..], 8), (&[5, 4, 3, 3], 9), (&[6, 5], 10)] {
        let dbm = deep(sizes, seed);
        let path = DbmPath::new(&dbm, dbm.biases[0].clone());
        let mut noise = noise(seed);
        let mut chains = path.base(100, &mut noise);
        let mut weights = vec![0.0; 100];
        for step in 0..1000 {
            let (from, to) = (f64::from(step) / 1000.0, f64::from(step + 1) / 1000.0);
            let gained = path.log_weights(&chains, from, to);
            weights.iter_mut().zip(gained).for_each(|(sum, x)| *sum += x);
            path.sweep(&mut chains, to, &mut noise);
        }
        let mean = log_sum(weights.iter().copied()) - 100_f64.ln();
        let shares: Vec<f64> = weights.iter().map(|w| (w - mean).exp()).collect();
        let variance = shares.iter().map(|s| (s - 1.0).powi(2)).sum::<f64>() / 100.0;
        assert!((variance / 100.0).sqrt() < 0.05 / 4.0, "{sizes:?}: weights of variance {variance}");
        let (found, exact) = (path.base_log_z() + mean, dbm.log_partition());
        assert!((found - exact).abs() < 0.05, "{sizes:?}: {found} against {exact}");
        assert!((path.base_log_z() - exact).abs() > 0.5, "a base as good as the machine tests nothing");
    }
}

#[test]
fn the_recognition_network_begins_as_the_machine_s_own_inference() {
    let (dbm, v) = (deep(&[6, 5, 4, 3], 11), binary(6, 8, 11));
    let options = MeanField { sweeps: 5000, tolerance: 1e-7 };
    let (posterior, input) = (dbm.mean_field(&v, options), dbm.recognition_input(&v, options));
    assert_eq!(input, stacked(&[v, posterior.states[2].clone()]));
    let layers = dbm.recognition();
    let shapes: Vec<_> = layers.iter().map(|(w, b)| (w.rows(), w.cols(), b.len())).collect();
    assert_eq!(shapes, [(10, 5, 5), (5, 4, 4), (4, 3, 3)]);
    let layer = |x: &Matrix, at: usize| {
        let (weights, bias) = layers[at].clone();
        Rbm { visible: Bernoulli::new(x.rows()), hidden: Bernoulli { bias }, weights }.hidden_mean(x)
    };
    let first = layer(&input, 0);
    assert_close(&wide(first.as_slice()), &wide(posterior.states[1].as_slice()), 1e-5);
    let second =
        dbm.inputs(2, &[Matrix::zeros(6, 8), first.clone(), Matrix::zeros(4, 8), Matrix::zeros(3, 8)]);
    let mut expected = second;
    dbm.biases[2].mean(&mut expected);
    assert_close(&wide(layer(&first, 1).as_slice()), &wide(expected.as_slice()), 1e-6);
}

#[test]
#[should_panic(expected = "expected at most 33554432 states")]
fn a_machine_of_forty_units_on_its_cheaper_half_is_refused() {
    let _ = Dbm::new(&[50, 40, 50], 0.1, Seed::new(1)).log_partition();
}

#[test]
#[should_panic(expected = "layer 1: 4 × 2, expected 4 × 3")]
fn states_of_different_batches_are_refused() {
    let dbm = Dbm::new(&[5, 4, 3], 0.1, Seed::new(1));
    let mut noise = noise(1);
    let _ = dbm.energy(&[
        coin_flips(5, 3, &mut noise),
        coin_flips(4, 2, &mut noise),
        coin_flips(3, 3, &mut noise),
    ]);
}
