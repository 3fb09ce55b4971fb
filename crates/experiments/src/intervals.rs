//! Numbers with the ends of their intervals, as rows: `NAME`, `NAME_low` and `NAME_high`, which is what figures look for.

use std::fmt::Display;

use energy::partition::estimate::Interval;
use engine::Rows;

/// Adds a number with the ends of its interval.
pub(crate) fn interval(
    metric: &str,
    Interval { low, value, high }: Interval,
    columns: &[(&str, &dyn Display)],
    rows: &mut Rows,
) {
    for (end, value) in [("", value), ("_low", low), ("_high", high)] {
        rows.push(&format!("{metric}{end}"), value, columns);
    }
}
