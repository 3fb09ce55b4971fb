//! Canonical JSON: one text for one value, so that a digest of it means something.
//!
//! Keys are sorted, nothing is indented, numbers are the shortest that read back exactly. Pretty output has the same
//! order of keys.

use anyhow::{Result, anyhow};
use disk::one_line;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The canonical text of a value.
///
/// # Panics
/// If the value has a map whose keys are not strings; our types have none.
pub fn json(value: &impl Serialize) -> String {
    sorted(tree(value)).to_string()
}

/// The canonical text of a tree that [`tree`] made, or of several under keys in ascending order: written at once, without
/// reading numbers back once more.
///
/// # Panics
/// If the value has a map whose keys are not strings; our types have none.
pub(crate) fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("our types have string keys only")
}

/// The same, indented and with a line break at the end: for files that people read.
///
/// # Panics
/// If the value has a map whose keys are not strings; our types have none.
pub fn pretty(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(&sorted(tree(value))).expect("a tree of values has a text");
    text + "\n"
}

/// The value as a tree, through its text: 0.1 as `f32` is 0.1, and not the nearest double.
///
/// # Panics
/// If the value has a map whose keys are not strings; our types have none.
pub fn tree(value: &impl Serialize) -> Value {
    serde_json::from_str(&text(value)).expect("what was just written reads back")
}

/// Reads a value from JSON that somebody else may have written.
///
/// # Errors
/// If it is none: in one line, which names line and column, although the parser quotes what it found as it is.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| anyhow!(one_line(&error.to_string())))
}

/// Whether all keys ascend, as they do unless a dependency's feature makes maps keep the order of insertion.
pub(crate) fn is_sorted(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.keys().is_sorted() && map.values().all(is_sorted),
        Value::Array(items) => items.iter().all(is_sorted),
        _ => true,
    }
}

/// Sorted even where a dependency's feature makes the maps keep the order of insertion.
pub(crate) fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.into_iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().map(|(key, value)| (key, sorted(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
