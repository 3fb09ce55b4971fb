//! Softmax cross-entropy: closed forms, extremes, labels that are none.

use feedforward::{NetworkError, check_labels, softmax_cross_entropy};
use tensor::Matrix;

use crate::support::{labels, normal};

#[test]
fn equal_logits_cost_the_logarithm_of_the_classes() {
    let (loss, gradient) = softmax_cross_entropy(&Matrix::from_fn(10, 4, |_, _| 3.0), &[0, 3, 9, 9]);
    assert!((loss - 10_f64.ln()).abs() < 1e-12);
    assert!((gradient.column(1)[3] - (0.1 - 1.0) / 4.0).abs() < 1e-7);
    assert!((gradient.column(1)[4] - 0.1 / 4.0).abs() < 1e-7);
}

#[test]
fn logits_of_ten_thousand_neither_overflow_nor_lose_the_gradient() {
    for size in [1e4_f32, 3e38] {
        let logits = Matrix::from_vec(2, 2, vec![size, -size, size, -size]);
        let (loss, gradient) = softmax_cross_entropy(&logits, &[0, 1]);
        // One sample is right and costs nothing; the other is wrong by the whole difference.
        assert!((loss / f64::from(size) - 1.0).abs() < 1e-6, "{loss}");
        assert_eq!(gradient.as_slice(), [0.0, 0.0, 0.5, -0.5]);
    }
    let (loss, gradient) = softmax_cross_entropy(&Matrix::from_fn(10, 1, |_, _| -1e4), &[7]);
    assert!((loss - 10_f64.ln()).abs() < 1e-9 && gradient.is_finite());
}

#[test]
fn a_nearly_certain_sample_keeps_its_relative_gradient() {
    let (loss, gradient) = softmax_cross_entropy(&Matrix::from_vec(2, 1, vec![20.0, 0.0]), &[0]);
    // p − 1 would be 0 in single precision; the loss is log(1 + e⁻²⁰).
    let exact = 1.0 / (1.0 + 20_f64.exp());
    assert!((f64::from(-gradient.as_slice()[0]) / exact - 1.0).abs() < 1e-6);
    assert!((loss / exact - 1.0).abs() < 1e-6);
}

#[test]
fn every_sample_s_gradient_sums_to_zero() {
    let (_, gradient) = softmax_cross_entropy(&normal(7, 9, 5.0, 1), &labels(9, 7, 1));
    for column in gradient.columns() {
        assert!(column.iter().sum::<f32>().abs() < 1e-7);
    }
}

#[test]
fn a_diverged_network_has_no_finite_loss() {
    for bad in [f32::NAN, f32::INFINITY] {
        let logits = Matrix::from_vec(3, 1, vec![0.0, bad, 0.0]);
        assert!(!softmax_cross_entropy(&logits, &[0]).0.is_finite());
    }
}

#[test]
#[should_panic(expected = "label 10 among 10 classes")]
fn a_label_out_of_range_is_a_bug() {
    softmax_cross_entropy(&Matrix::zeros(10, 1), &[10]);
}

#[test]
#[should_panic(expected = "2 labels for 3 samples")]
fn labels_and_samples_are_equally_many() {
    softmax_cross_entropy(&Matrix::zeros(10, 3), &[1, 2]);
}

#[test]
fn labels_of_files_are_checked_before() {
    assert_eq!(check_labels(&[0, 9, 5], 3, 10), Ok(()));
    let wrong = check_labels(&[0, 10, 11], 3, 10).unwrap_err();
    assert_eq!(wrong, NetworkError::Label { sample: 1, label: 10, classes: 10 });
    assert_eq!(wrong.to_string(), "sample 1: expected a label below 10, found 10");
    assert_eq!(check_labels(&[0], 3, 10).unwrap_err().to_string(), "expected 3 labels, found 1");
}
