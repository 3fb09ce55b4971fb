//! The kernels of a dense layer against their plain twins: sums in `f64`, written as the equations are.

use proptest::prelude::*;
use tensor::binary::Rows;
use tensor::layers::{
    Change, Inputs, Moments, Part, Sparse, Squash, Touched, Update, backward, differentiate, drop_out,
    forward, gather, learn, learn_bias, softmax, squash,
};
use tensor::{Matrix, Seed, plain};

/// `count` rows of normal numbers.
fn rows(count: usize, width: usize, seed: u64) -> Rows {
    let mut matrix = Matrix::zeros(width, count);
    Seed::new(seed).stream().normal(&mut matrix, 1.0);
    from_matrix(&matrix)
}

fn from_matrix(matrix: &Matrix) -> Rows {
    let mut rows = Rows::zeros(matrix.cols(), matrix.rows());
    for s in 0..matrix.cols() {
        rows.row_mut(s)[..matrix.rows()].copy_from_slice(matrix.column(s));
    }
    rows
}

/// A matrix of which about a fifth is not zero.
fn grey(height: usize, count: usize, seed: u64) -> Matrix {
    let mut matrix = Matrix::zeros(height, count);
    Seed::new(seed).stream().uniform(&mut matrix);
    matrix.as_mut_slice().iter_mut().for_each(|x| *x = (5.0 * *x - 4.0).max(0.0));
    matrix
}

/// `Σ` of products in `f64`.
fn sum(terms: impl Iterator<Item = (f32, f32)>) -> f64 {
    terms.map(|(a, b)| f64::from(a) * f64::from(b)).sum()
}

/// A few dozen products of size 1, each rounded to 6e-8.
const TOLERANCE: f64 = 2e-5;

fn assert_near(a: f32, b: f64, what: &str) {
    assert!((f64::from(a) - b).abs() < TOLERANCE * b.abs().max(1.0), "{what}: {a} against {b}");
}

const SHAPES: [(usize, usize, usize); 7] =
    [(1, 1, 1), (5, 30, 20), (5, 47, 200), (32, 21, 300), (7, 100, 10), (8, 64, 130), (33, 19, 257)];

#[test]
fn forward_is_the_affine_map_of_a_panel() {
    for (samples, inputs, units) in SHAPES {
        let (weights, bias, x) = (rows(inputs, units, 1), rows(1, units, 2), grey(inputs, samples + 3, 3));
        let batch: Vec<usize> = (0..samples).map(|s| (s * 5 + 1) % (samples + 3)).collect();
        // One lane stays free before the panel, and must stay as it was.
        let mut out = [rows(samples, units + 16, 4), rows(samples, units + 16, 4)];
        let dense = from_matrix(&x.gather(&batch));
        forward(&mut out[0], 1, (bias.row(0), &weights), &dense);
        gather(&mut out[1], 1, (bias.row(0), &weights), &Sparse::from_matrix(&x), &batch);
        for out in &out {
            for (s, &sample) in batch.iter().enumerate() {
                assert_eq!(out.row(s)[..16], rows(samples, units + 16, 4).row(s)[..16]);
                for j in 0..units {
                    let products = (0..inputs).map(|i| (x.column(sample)[i], weights.row(i)[j]));
                    assert_near(out.row(s)[16 + j], sum(products) + f64::from(bias.row(0)[j]), "forward");
                }
            }
        }
    }
}

#[test]
fn backward_sums_over_the_units_of_all_panels() {
    for (samples, inputs, units) in SHAPES {
        let (left, right) = (rows(inputs, 48, 5), rows(inputs, units, 6));
        let deltas = rows(samples, 48 + units, 7);
        let mut out = rows(samples, inputs, 8);
        backward(&mut out, &[&left, &right], &deltas);
        for s in 0..samples {
            for i in 0..inputs {
                let weights = left.floats(i).iter().chain(right.floats(i));
                assert_near(
                    out.row(s)[i],
                    sum(weights.copied().zip(deltas.floats(s).iter().copied())),
                    "back",
                );
            }
            assert!(out.row(s)[inputs..].iter().all(|&x| x == 0.0));
        }
    }
}

const CHANGES: [Change; 4] = [
    Change::Plain,
    Change::HeavyBall { momentum: 0.7 },
    Change::RmsProp { decay: 0.9, epsilon: 1e-2 },
    Change::Adam { betas: [0.9, 0.99], corrections: [0.1, 0.01], epsilon: 1e-8 },
];

/// One number's step in `f64`, by the book; `state` holds both moments.
fn step(update: &Update, x: f64, g: f64, state: &mut [f64; 2]) -> f64 {
    let double = |x: f32| f64::from(x);
    let g = g + double(update.coupled) * x;
    let [m, s] = state;
    let change = match update.change {
        Change::Plain => g,
        Change::HeavyBall { momentum } => {
            *m = double(momentum) * *m + g;
            *m
        }
        Change::RmsProp { decay, epsilon } => {
            *s = double(decay) * *s + (1.0 - double(decay)) * g * g;
            g / (*s + double(epsilon)).sqrt()
        }
        Change::Adam { betas: [b1, b2], corrections: [c1, c2], epsilon } => {
            *m = double(b1) * *m + (1.0 - double(b1)) * g;
            *s = double(b2) * *s + (1.0 - double(b2)) * g * g;
            (*m / double(c1)) / ((*s / double(c2)).sqrt() + double(epsilon))
        }
    };
    double(update.shrink) * x - double(update.rate) * change
}

#[test]
fn learning_puts_the_gradient_straight_into_every_change() {
    for change in CHANGES {
        for (coupled, shrink) in [(0.0, 1.0), (0.1, 1.0), (0.0, 0.9)] {
            let update = Update { change, rate: 0.05, coupled, shrink };
            for (samples, inputs, units) in SHAPES {
                check_learning(&update, samples, inputs, units);
            }
        }
    }
}

/// Three steps on the same samples, given densely, as lists, in two parts, and (if they are few) by rows.
fn check_learning(update: &Update, samples: usize, inputs: usize, units: usize) {
    let x = grey(inputs, samples, 11);
    let all: Vec<usize> = (0..samples).collect();
    let (data, dense, deltas) = (Sparse::from_matrix(&x), from_matrix(&x), rows(samples, units + 16, 12));
    let (start, start_bias) = (rows(inputs, units, 13), rows(1, units, 14));
    let expected = |gradient: f64, x: f32| {
        let (mut x, mut state) = (f64::from(x), [0.0; 2]);
        (0..3).for_each(|_| x = step(update, x, gradient, &mut state));
        x
    };
    let (mut lists, mut few) = (Sparse::new(0), Touched::default());
    lists.set_transposed(&data, &all);
    let mut kinds = vec![vec![Inputs::Dense(&dense)], vec![Inputs::Sparse(&lists)]];
    if samples <= Touched::MOST && update.rests_without_gradient() {
        // What was there before must not show.
        few.set(&data, &all[..samples / 2]);
        few.set(&data, &all);
        kinds.push(vec![Inputs::Few(&few)]);
    }
    for kind in kinds {
        let parts: Vec<Part<'_>> = kind.into_iter().map(|inputs| Part { inputs, deltas: &deltas }).collect();
        let (mut weights, mut moments) = (start.clone(), Moments::new(update.change, inputs, units));
        let (mut bias, mut bias_moments) = (start_bias.clone(), Moments::new(update.change, 1, units));
        for _ in 0..3 {
            learn((&mut weights, &mut moments), 1, &parts, update);
            learn_bias((&mut bias, &mut bias_moments), 1, &[&deltas], update);
        }
        for j in 0..units {
            for i in 0..inputs {
                let gradient = sum((0..samples).map(|s| (x.column(s)[i], deltas.row(s)[16 + j])));
                assert_near(weights.row(i)[j], expected(gradient, start.row(i)[j]), "weight");
            }
            let gradient = sum((0..samples).map(|s| (1.0, deltas.row(s)[16 + j])));
            assert_near(bias.row(0)[j], expected(gradient, start_bias.row(0)[j]), "bias");
        }
    }
}

#[test]
fn samples_in_parts_are_samples_in_one() {
    let (inputs, units, update) =
        (40, 70, Update { change: CHANGES[3], rate: 0.1, coupled: 0.0, shrink: 1.0 });
    let x = grey(inputs, 30, 15);
    let data = Sparse::from_matrix(&x);
    let run = |cuts: &[usize], sparse: bool| {
        let blocks: Vec<_> = cuts.windows(2).map(|cut| (cut[0]..cut[1]).collect::<Vec<_>>()).collect();
        let whole = rows(30, units, 16);
        let lists = blocks.iter().map(|block| {
            let mut lists = Sparse::new(0);
            lists.set_transposed(&data, block);
            let mut deltas = Rows::zeros(block.len(), units);
            block.iter().enumerate().for_each(|(s, &j)| deltas.row_mut(s).copy_from_slice(whole.row(j)));
            (lists, from_matrix(&x.gather(block)), deltas)
        });
        let lists: Vec<_> = lists.collect();
        let part = |(lists, dense, deltas)| Part {
            inputs: if sparse { Inputs::Sparse(lists) } else { Inputs::Dense(dense) },
            deltas,
        };
        let parts: Vec<Part<'_>> = lists.iter().map(|(a, b, c)| part((a, b, c))).collect();
        let (mut weights, mut moments) =
            (rows(inputs, units, 17), Moments::new(update.change, inputs, units));
        learn((&mut weights, &mut moments), 0, &parts, &update);
        weights
    };
    for sparse in [false, true] {
        assert!(run(&[0, 30], sparse) == run(&[0, 16, 16, 30], sparse), "sparse: {sparse}");
    }
}

#[test]
fn many_parameters_are_updated_to_the_bits_of_single_ones() {
    let changes = [
        Change::Plain,
        Change::HeavyBall { momentum: 0.9 },
        Change::RmsProp { decay: 0.99, epsilon: 1e-8 },
        Change::Adam { betas: [0.9, 0.999], corrections: [0.1, 0.001], epsilon: 1e-8 },
    ];
    for change in changes {
        let update = Update { change, rate: 0.1, coupled: 0.01, shrink: 0.99 };
        let of = |seed| rows(1, 53, seed).floats(0).to_vec();
        let (x, mut g, m, s) = (of(31), of(32), of(33), of(34).iter().map(|s| s * s).collect::<Vec<f32>>());
        g[7] = 1e-20; // counts as zero
        let mut many = [x.clone(), m.clone(), s.clone()];
        let [xs, ms, ss] = &mut many;
        update.apply_all(xs, &g, ms, ss);
        let mut single = [x, m, s];
        let [xs, ms, ss] = &mut single;
        for i in 0..g.len() {
            update.apply(&mut xs[i], g[i], &mut ms[i], &mut ss[i]);
        }
        let bits = |all: &[Vec<f32>; 3]| all.concat().iter().map(|x| x.to_bits()).collect::<Vec<u32>>();
        assert_eq!(bits(&many), bits(&single), "{change:?}");
    }
}

const SQUASHES: [Squash; 4] = [Squash::Sigmoid, Squash::Relu, Squash::LeakyRelu, Squash::Tanh];

fn value(by: Squash, x: f64) -> f64 {
    match by {
        Squash::Sigmoid => plain::sigmoid(x),
        Squash::Relu => x.max(0.0),
        Squash::LeakyRelu => x.max(0.2 * x),
        Squash::Tanh => x.tanh(),
    }
}

#[test]
fn non_linearities_and_their_derivatives_have_closed_forms() {
    for by in SQUASHES {
        let before = rows(9, 37, 18);
        let (mut after, mask) = (before.clone(), rows(9, 37, 19));
        squash(&mut after, by);
        let mut kept = mask.clone();
        kept.flat_mut().iter_mut().for_each(|m| *m = if *m > 0.0 { 1.25 } else { 0.0 });
        let mut dropped = after.clone();
        dropped.flat_mut().iter_mut().zip(kept.flat()).for_each(|(y, m)| *y *= m);
        let deltas = rows(9, 37, 20);
        let (mut back, mut masked) = (deltas.clone(), deltas.clone());
        differentiate(&mut back, &after, None, by);
        differentiate(&mut masked, &dropped, Some(&kept), by);
        for s in 0..9 {
            for i in 0..37 {
                let (x, d) = (f64::from(before.row(s)[i]), f64::from(deltas.row(s)[i]));
                let h = 1e-5;
                let slope = (value(by, x + h) - value(by, x - h)) / (2.0 * h);
                assert_near(after.row(s)[i], value(by, x), "value");
                assert_near(back.row(s)[i], d * slope, "derivative");
                assert_near(
                    masked.row(s)[i],
                    d * slope * f64::from(kept.row(s)[i]),
                    "derivative with dropout",
                );
            }
            assert!(after.row(s)[37..].iter().all(|&y| y == 0.0));
        }
    }
}

#[test]
fn no_non_linearity_hides_nan() {
    for by in SQUASHES {
        let mut states = rows(1, 20, 21);
        states.row_mut(0)[3] = f32::NAN;
        squash(&mut states, by);
        assert!(states.row(0)[3].is_nan() && states.row(0)[4].is_finite(), "{by:?}");
    }
}

#[test]
fn dropout_draws_what_a_matrix_fill_draws_wherever_blocks_begin() {
    let (units, samples, keep) = (37, 40, 0.7);
    let mut uniform = Matrix::zeros(units, samples);
    let mut noise = Seed::new(22).stream();
    noise.uniform(&mut uniform);
    let seed = Seed::new(22).stream().next_seed();
    for first in [0, 8, 32] {
        let (mut states, before) = (rows(samples - first, units, 23), rows(samples - first, units, 23));
        let mut mask = Rows::zeros(samples - first, units);
        drop_out(&mut states, &mut mask, keep, seed, first);
        for s in 0..samples - first {
            for i in 0..units {
                let expected = if uniform.column(first + s)[i] < keep { 1.0 / keep } else { 0.0 };
                assert_eq!(mask.row(s)[i], expected);
                assert_eq!(states.row(s)[i], before.row(s)[i] * expected);
            }
        }
    }
}

#[test]
fn softmax_is_the_mean_cross_entropy_and_its_gradient() {
    for classes in [1, 2, 10, 16, 35] {
        let (mut logits, labels): (Rows, Vec<u8>) =
            (rows(6, classes, 24), (0..6).map(|s| (s % classes) as u8).collect());
        logits.flat_mut().iter_mut().for_each(|z| *z *= 3.0);
        let before = logits.clone();
        let loss = softmax(&mut logits, &labels, 0.5);
        let mut expected = 0.0;
        for s in 0..6 {
            let z: Vec<f64> = before.floats(s).iter().map(|&z| f64::from(z)).collect();
            let log_z = plain::log_sum_exp(&z);
            expected += log_z - z[usize::from(labels[s])];
            for (k, z) in z.iter().enumerate() {
                let own = f64::from(u8::from(k == usize::from(labels[s])));
                assert_near(logits.row(s)[k], 0.5 * ((z - log_z).exp() - own), "gradient");
            }
            assert!(logits.row(s)[classes..].iter().all(|&d| d == 0.0));
        }
        assert!((loss - expected).abs() < 1e-5, "{loss} against {expected}");
    }
}

#[test]
fn softmax_survives_logits_of_ten_thousand_and_shows_nan() {
    let logits = |z: [f32; 3]| from_matrix(&Matrix::from_vec(3, 1, z.to_vec()));
    let mut z = logits([1e4, -1e4, 0.0]);
    assert_eq!((softmax(&mut z, &[1], 1.0), z.floats(0)), (2e4, &[1.0, -1.0, 0.0][..]));
    for bad in [f32::NAN, f32::INFINITY] {
        assert!(!softmax(&mut logits([0.0, bad, 0.0]), &[0], 1.0).is_finite());
    }
}

#[test]
fn moments_that_fade_become_zero_and_not_subnormal() {
    for change in &CHANGES[1..] {
        let update = Update { change: *change, rate: 0.1, coupled: 0.0, shrink: 1.0 };
        let (mut bias, mut moments) = (rows(1, 16, 25), Moments::new(*change, 1, 16));
        let mut deltas = rows(1, 16, 26);
        for _ in 0..20_000 {
            learn_bias((&mut bias, &mut moments), 0, &[&deltas], &update);
            deltas.flat_mut().fill(0.0);
        }
        let left = moments.first.flat().iter().chain(moments.second.flat());
        assert!(left.into_iter().all(|&m| m == 0.0), "{change:?}");
    }
}

proptest! {
    #[test]
    fn sparse_columns_are_those_of_the_matrix(height in 1usize..150, count in 1usize..12, seed in 0u64..99) {
        let x = grey(height, count, seed);
        let data = Sparse::from_matrix(&x);
        prop_assert_eq!((data.rows(), data.len()), (height, count));
        for j in 0..count {
            let mut column = vec![0.0; height];
            data.column(j).iter().for_each(|&(v, x)| column[v as usize] = x);
            prop_assert_eq!(&column[..], x.column(j));
        }
        let batch: Vec<usize> = (0..count).rev().collect();
        let mut back = Sparse::new(0);
        back.set_transposed(&data, &batch);
        prop_assert_eq!((back.rows(), back.len(), back.total()), (count, height, data.total()));
        for v in 0..height {
            let expected: Vec<(u32, f32)> = (0..count)
                .map(|s| (s as u32, x.column(batch[s])[v]))
                .filter(|(_, x)| *x != 0.0)
                .collect();
            prop_assert_eq!(back.column(v), &expected[..]);
        }
    }
}
