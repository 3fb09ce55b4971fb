//! The container: layout, transpose, gather, sums.

use proptest::prelude::*;
use tensor::Matrix;

fn numbered(rows: usize, cols: usize) -> Matrix {
    Matrix::from_fn(rows, cols, |i, j| (i * 1000 + j) as f32)
}

proptest! {
    #[test]
    fn transposing_moves_every_entry_and_twice_none(rows in 0usize..80, cols in 0usize..80) {
        let m = numbered(rows, cols);
        let t = m.transposed();
        prop_assert_eq!((t.rows(), t.cols()), (cols, rows));
        for j in 0..cols {
            for i in 0..rows {
                prop_assert_eq!(t.column(i)[j], m.column(j)[i]);
            }
        }
        prop_assert_eq!(t.transposed(), m);
    }

    #[test]
    fn gathering_takes_columns_in_the_order_asked(indices in prop::collection::vec(0usize..9, 0..30)) {
        let (m, g) = (numbered(4, 9), numbered(4, 9).gather(&indices));
        prop_assert_eq!((g.rows(), g.cols()), (4, indices.len()));
        for (k, &j) in indices.iter().enumerate() {
            prop_assert_eq!(g.column(k), m.column(j));
        }
    }
}

#[test]
fn columns_are_contiguous_and_doors_agree() {
    let mut m = Matrix::from_vec(2, 3, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!((m.column(1), m.view()[(1, 2)]), (&[3.0, 4.0][..], 6.0));
    assert_eq!(m.columns().map(<[f32]>::to_vec).collect::<Vec<_>>(), [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
    m.view_mut()[(0, 1)] = 9.0;
    m.column_mut(2)[0] = 8.0;
    assert_eq!(m.as_slice(), [1.0, 2.0, 9.0, 4.0, 8.0, 6.0]);
    m.add_to_columns(&[10.0, -1.0]);
    assert_eq!(m.clone().into_vec(), [11.0, 1.0, 19.0, 3.0, 18.0, 5.0]);
    assert_eq!(m.sum_columns(), [48.0, 9.0]);
}

/// In f32 a running sum of 10⁸ ones would stop at 2²⁴; here 0.1 a million times would err by a hundred.
#[test]
fn sums_over_many_columns_keep_their_digits() {
    let sum = Matrix::from_vec(1, 1_000_000, vec![0.1; 1_000_000]).sum_columns()[0];
    assert!((f64::from(sum) - 1e6 * f64::from(0.1_f32)).abs() < 0.01, "{sum}");
}

#[test]
fn the_mean_squared_difference_is_that_of_all_entries() {
    let x = Matrix::from_vec(2, 3, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let y = Matrix::from_vec(2, 3, vec![1.0, 0.0, 3.5, 4.0, 4.0, 6.0]);
    assert_eq!(x.mean_squared_difference(&y), (4.0 + 0.25 + 1.0) / 6.0);
    assert_eq!((y.mean_squared_difference(&x), x.mean_squared_difference(&x)), (5.25 / 6.0, 0.0));
}

#[test]
#[should_panic(expected = "2 × 3 entries against 3 × 2")]
fn a_difference_of_other_shapes_panics_with_both() {
    Matrix::zeros(2, 3).mean_squared_difference(&Matrix::zeros(3, 2));
}

#[test]
fn empty_matrices_are_matrices() {
    for (rows, cols) in [(0, 0), (0, 5), (5, 0)] {
        let mut m = Matrix::zeros(rows, cols);
        m.add_to_columns(&vec![1.0; rows]);
        assert_eq!(m.sum_columns(), vec![0.0; rows]);
        assert_eq!((m.transposed().rows(), m.transposed().cols()), (cols, rows));
        assert!(m.is_finite());
    }
}

#[test]
fn not_finite_is_noticed_wherever_it_is() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for at in [0, 7, 15, 16, 31, 32, 34] {
            let mut m = numbered(7, 5);
            m.as_mut_slice()[at] = bad;
            assert!(!m.is_finite());
        }
    }
}

#[test]
#[should_panic(expected = "5 values for a 2 × 3 matrix")]
fn a_slice_of_another_length_is_refused() {
    let _ = Matrix::from_vec(2, 3, vec![0.0; 5]);
}

#[test]
#[should_panic(expected = "bias of 3 for 2 rows")]
fn a_bias_of_another_length_is_refused() {
    Matrix::zeros(2, 3).add_to_columns(&[0.0; 3]);
}

#[test]
#[should_panic(expected = "must fit in usize")]
fn sizes_that_overflow_are_refused() {
    let _ = Matrix::zeros(usize::MAX / 2, 3);
}
