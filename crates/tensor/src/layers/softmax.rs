//! Softmax and cross-entropy at the top of a classifier.

use pulp::{Simd, WithSimd};

use super::elements::FLUSH_DELTA;
use super::update::flush;
use crate::binary::Rows;
use crate::simd::{dispatch, exp};

/// Logits to the gradient of the mean cross-entropy, `(softmax − onehot(label)) · scale`, in place; returns the sum of
/// `log Σ exp z − z_label` over the samples, in nats. The padding becomes zero.
///
/// Shapes: `logits` samples × classes, one label a sample. A logit that is not finite gives a loss that is not.
///
/// # Panics
/// If there is not one label for each sample, or a label is not below the number of classes.
pub fn softmax(logits: &mut Rows, labels: &[u8], scale: f32) -> f64 {
    assert_eq!(labels.len(), logits.count(), "{} labels for {} samples", labels.len(), logits.count());
    dispatch(Softmax { logits, labels, scale })
}

struct Softmax<'a> {
    logits: &'a mut Rows,
    labels: &'a [u8],
    scale: f32,
}

impl WithSimd for Softmax<'_> {
    type Output = f64;
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let Self { logits, labels, scale } = self;
        let width = logits.width();
        let mut loss = 0.0;
        for (s, &label) in labels.iter().enumerate() {
            let label = usize::from(label);
            assert!(label < width, "label {label} among {width} classes");
            let row = logits.row_mut(s);
            let largest = row[..width].iter().fold(f32::NEG_INFINITY, |a, &z| a.max(z));
            let own = row[label] - largest;
            let shift = simd.splat_f32s(largest);
            for z in S::as_mut_simd_f32s(row).0 {
                let difference = simd.sub_f32s(*z, shift);
                // The clamp inside `exp` hides NaN; a difference minus itself brings it back.
                *z = simd.add_f32s(exp(simd, difference), simd.sub_f32s(difference, difference));
            }
            row[width..].fill(0.0);
            // The gradient at the label is p − 1. As minus the sum of the others it stays exact where p rounds to 1.
            let mine = std::mem::take(&mut row[label]);
            let others: f32 = row[..width].iter().sum();
            let total = mine + others;
            loss += f64::from(total).ln() - f64::from(own);
            let share = scale / total;
            row[..width].iter_mut().for_each(|p| *p *= share);
            row[label] = -others * share;
            for z in S::as_mut_simd_f32s(row).0 {
                *z = flush(simd, *z, FLUSH_DELTA);
            }
        }
        loss
    }
}
