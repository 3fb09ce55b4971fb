//! The kernels of a decoder against their plain twins: logistic outputs, biases of rows, weights that serve twice.

use tensor::Matrix;
use tensor::binary::Rows;
use tensor::layers::{Change, Inputs, Moments, Part, Sparse, Update, add_bias, learn, logistic};
use tensor::plain::{sigmoid, softplus};

use crate::support::{assert_sum, coins, garbage, normal, padding_is_zero, rows_of};

fn targets(width: usize, samples: usize, seed: u64) -> Matrix {
    let mut t = normal(width, samples, seed);
    t.as_mut_slice().iter_mut().for_each(|t| *t = t.clamp(0.0, 1.0));
    t
}

/// Widths around a lane and around the 64 vectors that share logarithms.
#[test]
fn logistic_outputs_have_the_cross_entropy_of_the_formula_and_its_gradient() {
    for width in [1, 15, 16, 17, 100, 784, 1023, 1024, 1025, 2500] {
        let (samples, scale) = (5, 0.25_f32);
        let (mut z, t) = (normal(width, samples, 1), targets(width, samples, 2));
        // From flat to far out.
        z.as_mut_slice().iter_mut().enumerate().for_each(|(i, z)| *z *= [0.1, 3.0, 30.0][i % 3]);
        let mut logits = rows_of(&z);
        let loss = logistic(&mut logits, &rows_of(&t), scale);
        let (mut expected, mut size) = (0.0, 0.0);
        for s in 0..samples {
            for (i, (&z, &t)) in z.column(s).iter().zip(t.column(s)).enumerate() {
                let (z, t) = (f64::from(z), f64::from(t));
                expected += softplus(z) - t * z;
                size += z.max(0.0) + (t * z).abs() + 1.0;
                let (found, slope) = (f64::from(logits.floats(s)[i]), f64::from(scale) * (sigmoid(z) - t));
                // A sigmoid is right to 2e-7, and differences keep that.
                assert!((found - slope).abs() < 1e-7, "{width}: {found} against {slope}");
            }
        }
        // The products of up to 64 factors and the sums of as many terms are rounded at each step.
        assert!((loss - expected).abs() < 64.0 * 6e-8 * size, "{width}: {loss} against {expected}");
        assert!(padding_is_zero(&logits));
    }
}

#[test]
fn logits_far_out_have_a_finite_loss_and_broken_ones_have_none() {
    let one = |z: f32, t: f32| {
        let mut logits = rows_of(&Matrix::from_vec(1, 1, vec![z]));
        let loss = logistic(&mut logits, &rows_of(&Matrix::from_vec(1, 1, vec![t])), 1.0);
        (loss, logits.floats(0)[0])
    };
    assert_eq!(one(1e4, 1.0), (0.0, 0.0));
    assert_eq!(one(-1e4, 0.0), (0.0, 0.0));
    assert_eq!(one(1e4, 0.0), (1e4, 1.0));
    assert_eq!(one(-1e4, 1.0), (1e4, -1.0));
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for t in [0.0, 0.5, 1.0] {
            let (loss, gradient) = one(bad, t);
            assert!(!loss.is_finite() || gradient.is_nan(), "{bad}, {t}: {loss}, {gradient}");
        }
    }
}

#[test]
fn a_bias_is_added_to_every_row() {
    for width in [1, 16, 37] {
        let (x, bias) = (normal(width, 4, 3), normal(width, 1, 4));
        let mut rows = rows_of(&x);
        add_bias(&mut rows, rows_of(&bias).row(0));
        for s in 0..4 {
            let sums: Vec<f32> = x.column(s).iter().zip(bias.as_slice()).map(|(x, b)| x + b).collect();
            assert_eq!(rows.floats(s), sums);
        }
        assert!(padding_is_zero(&rows));
    }
}

/// Tied weights: dense inputs with one set of deltas, and lists with another, in one gradient.
#[test]
fn weights_that_serve_twice_learn_from_the_sum_of_both_uses() {
    let descent = Update { change: Change::Plain, rate: 0.5, coupled: 0.0, shrink: 1.0 };
    for (samples, inputs, units) in [(1, 1, 1), (5, 30, 20), (8, 47, 200), (33, 21, 300), (64, 19, 130)] {
        let (made, code) = (normal(inputs, samples, 5), normal(units, samples, 6));
        let (seen, delta) = (coins(inputs, samples, 0.3, 7), normal(units, samples, 8));
        let start = normal(units, inputs, 9);
        let (rows, code_rows, delta_rows) = (rows_of(&made), rows_of(&code), rows_of(&delta));
        let mut lists = Sparse::new(0);
        let order: Vec<usize> = (0..samples).collect();
        lists.set_transposed(&Sparse::from_matrix(&seen), &order);
        let parts = [
            Part { inputs: Inputs::Dense(&rows), deltas: &code_rows },
            Part { inputs: Inputs::Sparse(&lists), deltas: &delta_rows },
        ];
        let mut weights = rows_of(&start);
        let mut moments = Moments::new(Change::Plain, inputs, units);
        learn((&mut weights, &mut moments), 0, &parts, &descent);
        for i in 0..inputs {
            for j in 0..units {
                let term = |s: usize, x: &Matrix, d: &Matrix| {
                    -0.5 * f64::from(x.column(s)[i]) * f64::from(d.column(s)[j])
                };
                let both = (0..samples).flat_map(|s| [term(s, &made, &code), term(s, &seen, &delta)]);
                assert_sum(weights.floats(i)[j], start.column(i)[j], both, "weight");
            }
        }
    }
}

#[test]
fn columns_that_were_cleared_leave_nothing_behind() {
    let x = coins(30, 4, 0.5, 10);
    let mut sparse = Sparse::from_matrix(&x);
    sparse.clear();
    assert!(sparse.is_empty() && sparse.total() == 0 && sparse.rows() == 30);
    x.columns().for_each(|column| sparse.push(column));
    assert!(sparse == Sparse::from_matrix(&x));
}

#[test]
#[should_panic(expected = "logits and targets")]
fn targets_of_another_shape_are_refused() {
    let mut logits: Rows = garbage(2, 5);
    logistic(&mut logits, &garbage(2, 6), 1.0);
}
