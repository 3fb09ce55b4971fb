//! A place: the columns and texts by which a group of rows is told apart from others.

/// Column and text, for each column that names a group of rows.
pub type Place = Vec<(String, String)>;

/// A place as claims and metrics take it.
pub fn at(place: &Place) -> Vec<(&str, &str)> {
    place.iter().map(|(column, text)| (column.as_str(), text.as_str())).collect()
}
