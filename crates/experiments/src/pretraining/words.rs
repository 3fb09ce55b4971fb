//! What a sweep and its values are called in sentences.

/// What a swept column is called: "depth" for layers.
pub(super) fn noun(sweep: &str) -> &str {
    match sweep {
        "layers" => "depth",
        "units" => "width",
        "images" => "number of images",
        "labels" => "number of labels",
        other => other,
    }
}

/// What one network of a sweep is called: "2 layers"; the value itself where it is a name.
pub(super) fn named(sweep: &str, value: &str) -> String {
    match (sweep, value) {
        ("layers" | "units" | "images" | "labels", "1") => format!("1 {}", sweep.trim_end_matches('s')),
        ("layers" | "units" | "images" | "labels", _) => format!("{value} {sweep}"),
        _ => value.to_owned(),
    }
}
