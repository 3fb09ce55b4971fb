//! What a trained classifier leaves: its weights, what it takes images for, and its accuracies as errors.

use anyhow::Result;
use engine::{Rows, Workbench};
use train::Tensor;

/// The network's weights, named as PyTorch's.
pub const NETWORK: &str = "network.safetensors";
/// What each test image is, `labels` [n], and what it is taken for after the last epoch, `predictions` [n]: bytes.
pub const PREDICTIONS: &str = "predictions.safetensors";

/// Puts [`PREDICTIONS`] on the bench.
///
/// # Errors
/// If the disk refuses.
pub(crate) fn put_predictions(labels: &[u8], predictions: &[u8], bench: &mut Workbench<'_>) -> Result<()> {
    let bytes = |name: &str, values: &[u8]| Tensor::from_u8(name, vec![values.len()], values.to_vec());
    bench.put_tensors(PREDICTIONS, vec![bytes("labels", labels), bytes("predictions", predictions)])
}

/// Adds to rows of accuracies on test images those of errors, `error_test`, which an axis of orders of magnitude tells apart.
pub(crate) fn with_errors(rows: &mut Rows) {
    let accuracies: Vec<_> = rows.rows.iter().filter(|row| row.metric == "accuracy_test").cloned().collect();
    rows.rows.extend(accuracies.into_iter().map(|mut row| {
        (row.metric, row.value) = ("error_test".to_owned(), 1.0 - row.value);
        row
    }));
}

/// The class of the largest logit, the first of several, and `Σ exp(a − max a)`, whose inverse is its probability.
///
/// # Panics
/// If there is no logit.
pub(crate) fn likeliest(logits: &[f32]) -> (u8, f64) {
    assert!(!logits.is_empty(), "the most likely of no classes");
    let best = (0..logits.len()).fold(0, |best, i| if logits[i] > logits[best] { i } else { best });
    let most = f64::from(logits[best]);
    (best as u8, logits.iter().map(|&a| (f64::from(a) - most).exp()).sum())
}
