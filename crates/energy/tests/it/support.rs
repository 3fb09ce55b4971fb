//! What several tests need: small machines with lively weights, data, and two statistics.

use energy::stack::{self, Chains, Samples};
use energy::{Bernoulli, Dbn, Rbm};
use tensor::{Matrix, Seed, Stream};
use train::Fit;

/// A binary machine with weights N(0, 0.7²) and biases N(0, 0.5²): far from trivial, far from saturated.
pub fn lively(visible: usize, hidden: usize, seed: u64) -> Rbm {
    let mut noise = Seed::new(seed).child("lively", 0).stream();
    let mut normal = |rows, cols, deviation| {
        let mut m = Matrix::zeros(rows, cols);
        noise.normal(&mut m, deviation);
        m
    };
    Rbm {
        weights: normal(visible, hidden, 0.7),
        visible: Bernoulli { bias: normal(visible, 1, 0.5).into_vec() },
        hidden: Bernoulli { bias: normal(hidden, 1, 0.5).into_vec() },
    }
}

/// Random binary states.
pub fn binary(rows: usize, cols: usize, seed: u64) -> Matrix {
    energy::coin_flips(rows, cols, &mut Seed::new(seed).child("binary", 0).stream())
}

/// Mean-field recognition to the top of a stack in memory.
pub fn up(dbn: &Dbn, v: &Matrix) -> Matrix {
    let Ok(h) = stack::up(dbn, v.clone(), dbn.rbms().len());
    h
}

/// Samples of a stack in memory.
pub fn generate(dbn: &Dbn, start: &Matrix, sweeps: usize, noise: &mut Stream) -> Samples {
    let Ok(samples) =
        stack::generate(dbn, start, Chains { sweeps, pause: 10, threads: 1 }, noise, &mut |_| Ok(()));
    samples
}

/// `n` states drawn from a distribution over the `2^units` states, by its cumulative sums.
pub fn draw(p: &[f64], units: usize, n: usize, noise: &mut Stream) -> Matrix {
    let cumulative: Vec<f64> = p
        .iter()
        .scan(0.0, |sum, p| {
            *sum += p;
            Some(*sum)
        })
        .collect();
    let numbers: Vec<usize> = (0..n)
        .map(|_| noise.unit())
        .map(|u| cumulative.partition_point(|&c| c <= u).min(p.len() - 1))
        .collect();
    Matrix::from_fn(units, n, |i, j| f32::from(numbers[j] >> i & 1 == 1))
}

/// How often each state occurs among the columns; bit `i` of a state's number is unit `i`.
pub fn counts(states: &Matrix) -> Vec<f64> {
    let mut counts = vec![0.0; 1 << states.rows()];
    for state in states.columns() {
        counts[state.iter().enumerate().map(|(i, &x)| (x as usize) << i).sum::<usize>()] += 1.0;
    }
    counts
}

/// Asserts that counts come from `p` by a χ² test over cells with at least 10 expected, the rest pooled.
///
/// The bound `d + 2√(dt) + 2t` is exceeded with probability below e⁻ᵗ [Laurent2000]; t = 21 makes that 8·10⁻¹⁰.
pub fn assert_drawn_from(counts: &[f64], p: &[f64]) {
    let n: f64 = counts.iter().sum();
    let (mut statistic, mut cells, mut rest) = (0.0, 0, (0.0, 0.0));
    for (&count, &p) in counts.iter().zip(p) {
        if n * p >= 10.0 {
            statistic += (count - n * p).powi(2) / (n * p);
            cells += 1;
        } else {
            rest = (rest.0 + count, rest.1 + n * p);
        }
    }
    if rest.1 >= 10.0 {
        statistic += (rest.0 - rest.1).powi(2) / rest.1;
        cells += 1;
    } else {
        // Too few for χ²: eight standard deviations of a Poisson count, and at least ten.
        assert!(
            rest.0 <= rest.1 + 10.0 + 8.0 * rest.1.sqrt(),
            "{} seen where {} were expected",
            rest.0,
            rest.1
        );
    }
    let (d, t) = (f64::from(cells - 1), 21.0);
    let bound = d + 2.0 * (d * t).sqrt() + 2.0 * t;
    assert!(cells > 4, "a test over {cells} cells says little");
    assert!(statistic < bound, "χ² = {statistic} over {cells} cells, bound {bound}");
}

/// Asserts `|a − b| ≤ tolerance · max(1, |a|, |b|)` entry by entry.
pub fn assert_close(a: &[f64], b: &[f64], tolerance: f64) {
    assert_eq!(a.len(), b.len());
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        let scale = 1.0_f64.max(a.abs()).max(b.abs());
        assert!((a - b).abs() <= tolerance * scale, "entry {i}: {a} against {b}");
    }
}

/// All parameters as one list.
pub fn flat(model: &impl train::Parameters) -> Vec<f64> {
    model
        .params()
        .into_iter()
        .flat_map(|p| p.values.iter().map(|&x| f64::from(x)).collect::<Vec<_>>())
        .collect()
}

/// A plan from the beginning.
pub fn plan(epochs: usize, batch: usize) -> Fit {
    Fit { epochs, batch, seed: Seed::new(7), resume: None }
}
