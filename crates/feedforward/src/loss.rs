//! The loss of a classifier: softmax and cross-entropy in one, from logits.

use tensor::Matrix;
use tensor::plain::log_sum_exp;

use crate::NetworkError;

/// Mean of `log Σₖ exp(zₖ) − z_label` over the samples, in nats, and its gradient at the logits,
/// `(softmax(z) − onehot(label)) / n`.
///
/// Shapes: `logits` classes × n, one label a sample. Logits of ±10⁴ neither overflow nor lose the gradient.
///
/// # Panics
/// If there is not one label for each sample, or a label is not below the number of classes: [`check_labels`] says
/// so as an error.
pub fn softmax_cross_entropy(logits: &Matrix, labels: &[u8]) -> (f64, Matrix) {
    let (classes, n) = (logits.rows(), logits.cols());
    assert_eq!(labels.len(), n, "{} labels for {n} samples", labels.len());
    let mut gradient = Matrix::zeros(classes, n);
    let mut total = 0.0;
    for (j, &label) in labels.iter().enumerate() {
        assert!(usize::from(label) < classes, "label {label} among {classes} classes");
        let z: Vec<f64> = logits.column(j).iter().map(|&z| f64::from(z)).collect();
        let log_z = log_sum_exp(&z);
        total += log_z - z[usize::from(label)];
        let column = gradient.column_mut(j);
        column.iter_mut().zip(&z).for_each(|(g, z)| *g = ((z - log_z).exp() / n as f64) as f32);
        // The gradient at the label is p − 1. As minus the sum of the others it stays exact where p rounds to 1.
        let others = z.iter().enumerate().filter(|&(k, _)| k != usize::from(label));
        let rest: f64 = others.map(|(_, z)| (z - log_z).exp()).sum();
        column[usize::from(label)] = (-rest / n as f64) as f32;
    }
    (total / n as f64, gradient)
}

/// Whether there is one label for each sample, all below `classes`.
///
/// # Errors
/// If not; says which.
pub fn check_labels(labels: &[u8], samples: usize, classes: usize) -> Result<(), NetworkError> {
    if labels.len() != samples {
        return Err(NetworkError::Labels { samples, labels: labels.len() });
    }
    let wrong = labels.iter().position(|&label| usize::from(label) >= classes);
    wrong.map_or(Ok(()), |sample| Err(NetworkError::Label { sample, label: labels[sample], classes }))
}

/// Whether every input is finite.
///
/// Shapes: `x` features × samples.
///
/// # Errors
/// If not; says which sample and input, and the value.
pub fn check_inputs(x: &Matrix) -> Result<(), NetworkError> {
    if x.is_finite() {
        return Ok(());
    }
    let wrong = x.as_slice().iter().position(|x| !x.is_finite()).unwrap_or(0);
    let (sample, input) = (wrong / x.rows(), wrong % x.rows());
    Err(NetworkError::Input { sample, input, value: x.as_slice()[wrong] })
}
