//! Rows: what is read from CSV is written and read again as the same observations.

use std::collections::BTreeMap;

use engine::{Row, Rows};

/// Whether the bytes are rows.
pub fn check(bytes: &[u8]) -> bool {
    match Rows::from_csv(bytes) {
        Ok(rows) => {
            let written = rows.to_csv();
            let again = Rows::from_csv(&written).expect("what was written is read");
            assert_eq!(again.to_csv(), written);
            assert_eq!(again.rows.len(), rows.rows.len());
            for (row, again) in rows.rows.iter().zip(&again.rows) {
                assert_eq!(what_it_says(row), what_it_says(again));
            }
            true
        }
        Err(error) => {
            let message = format!("{error:#}");
            let places = ["line ", "record ", "expected "];
            assert!(places.iter().any(|place| message.starts_with(place)), "{message}");
            assert!(!message.contains(char::is_control), "{message:?}");
            false
        }
    }
}

/// A row without the order of its columns, its value as bits; all NaN are one.
fn what_it_says(row: &Row) -> (BTreeMap<&String, &String>, Option<usize>, &String, u64) {
    let columns: BTreeMap<_, _> = row.columns.iter().map(|(name, text)| (name, text)).collect();
    assert_eq!(columns.len(), row.columns.len(), "a column stands once");
    let value = if row.value.is_nan() { f64::NAN } else { row.value };
    (columns, row.epoch, &row.metric, value.to_bits())
}
