//! A place: the columns and texts by which a group of rows is told apart from others.

use crate::evidence::Evidence;

/// Column and text, for each column that names a group of rows.
pub type Place = Vec<(String, String)>;

/// A place as claims and metrics take it.
pub fn at(place: &Place) -> Vec<(&str, &str)> {
    place.iter().map(|(column, text)| (column.as_str(), text.as_str())).collect()
}

/// The rows of the protocol, under no name, and those of every other reading under its own.
pub(super) fn readings(evidence: &Evidence) -> Vec<(String, Evidence)> {
    let others = evidence.readings().into_iter().map(|name| (name.to_owned(), evidence.of_reading(name)));
    [(String::new(), evidence.of_protocol())].into_iter().chain(others).collect()
}
