//! Histograms of classes against their closed forms.

use quality::{Modes, QualityError, labels_of, shares};
use tensor::Matrix;

const REAL: [f64; 4] = [0.25; 4];

#[test]
fn all_classes_alike_are_four_and_one_alone_is_one() {
    let even = Modes::of(&[0, 1, 2, 3, 3, 2, 1, 0], &REAL).unwrap();
    assert_eq!((even.covered, even.variation), (4, 0.0));
    assert!((even.entropy - 4.0_f64.ln()).abs() < 1e-12 && (even.effective - 4.0).abs() < 1e-12);
    let one = Modes::of(&[2; 9], &REAL).unwrap();
    assert_eq!(one, Modes { covered: 1, entropy: 0.0, effective: 1.0, variation: 0.75 });
}

/// One sample in a hundred is what a classifier gets wrong; a fortieth, a tenth of a quarter, is a mode.
#[test]
fn a_stray_sample_covers_nothing() {
    let mut labels = vec![0_u8; 97];
    labels.extend([1, 2, 2]);
    assert_eq!(Modes::of(&labels, &REAL).unwrap().covered, 1);
    labels.push(2);
    assert_eq!(Modes::of(&labels, &REAL).unwrap().covered, 2, "3 of 101 are more than a fortieth");
    assert_eq!(Modes::of(&[0, 0], &[0.5, 0.5, 0.0]).unwrap().covered, 1, "a class nobody has is not covered");
}

#[test]
fn variation_is_the_share_that_would_have_to_change() {
    // Three eighths too many in class 0, all from class 3 and half of class 2.
    let labels = [0, 0, 0, 0, 0, 1, 1, 2];
    assert!((Modes::of(&labels, &REAL).unwrap().variation - 0.375).abs() < 1e-12);
    assert_eq!(shares(&labels, 4).unwrap(), [0.625, 0.25, 0.125, 0.0]);
}

#[test]
fn probabilities_give_the_first_of_the_most_likely_classes() {
    let p = Matrix::from_vec(3, 3, vec![0.2, 0.7, 0.1, 0.4, 0.2, 0.4, 0.0, 0.0, 1.0]);
    assert_eq!(labels_of(&p).unwrap(), [1, 0, 2]);
}

#[test]
fn bad_input_is_an_error() {
    assert_eq!(
        Modes::of(&[0, 4], &REAL).unwrap_err(),
        QualityError::Class { sample: 1, label: 4, classes: 4 }
    );
    assert!(matches!(Modes::of(&[], &REAL), Err(QualityError::TooFew { .. })));
    let broken = Matrix::from_vec(2, 2, vec![0.5, 0.5, f32::NAN, 1.0]);
    assert!(matches!(labels_of(&broken), Err(QualityError::Value { sample: 1, .. })));
    assert!(matches!(labels_of(&Matrix::zeros(0, 3)), Err(QualityError::TooFew { .. })));
}
