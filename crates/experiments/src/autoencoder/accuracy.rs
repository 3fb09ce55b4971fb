//! The accuracies of one network under their names: after its first epoch, after the last, after the one that held-out training
//! images choose, and after the one that the test images would choose, which is what the report prints; and how soon it settles.

use anyhow::{Context, Result};
use engine::Rows;

/// A network has settled when its accuracy is no more than this below that after the last epoch.
pub const SETTLED: f64 = 0.005;

/// A metric epoch by epoch; empty if it was not measured.
fn curve(rows: &Rows, metric: &str) -> Vec<(usize, f64)> {
    let own = rows.rows.iter().filter(|row| row.metric == metric);
    own.filter_map(|row| Some((row.epoch?, row.value))).collect()
}

/// The first epoch of the greatest value.
fn greatest(curve: &[(usize, f64)]) -> Option<(usize, f64)> {
    curve.iter().copied().reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// The accuracies of the network with these rows; `held_out` are the rows of the one that chooses its epoch: itself, or a twin
/// that leaves images out where it learns from all.
///
/// # Errors
/// If no accuracy was measured.
pub fn summary(rows: &Rows, held_out: &Rows) -> Result<Vec<(&'static str, f64)>> {
    let test = curve(rows, "accuracy_test");
    let (first, last) = test.first().zip(test.last()).context("no rows of accuracy_test")?;
    let (best_epoch, best) = greatest(&test).context("no rows of accuracy_test")?;
    let settled = test.iter().find(|(_, accuracy)| *accuracy >= last.1 - SETTLED).unwrap_or(last);
    let mut summary = vec![
        ("accuracy_first", first.1),
        ("accuracy_last", last.1),
        ("accuracy_best", best),
        ("epoch_best", best_epoch as f64),
        ("epoch_settled", settled.0 as f64),
    ];
    if let Some((_, entropy)) = curve(rows, "cross_entropy_test").last() {
        summary.push(("cross_entropy_last", *entropy));
    }
    let chosen = greatest(&curve(held_out, "accuracy_held_out")).map(|(epoch, _)| epoch);
    if let Some((epoch, accuracy)) = test.iter().find(|(epoch, _)| Some(*epoch) == chosen) {
        summary.extend([("accuracy_chosen", *accuracy), ("epoch_chosen", *epoch as f64)]);
    }
    Ok(summary)
}
