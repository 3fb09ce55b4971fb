//! Numbers as sentences of a page have them.

/// A share as a reader of error rates has it.
pub fn percent(share: f64) -> String {
    format!("{:.1}\u{a0}%", 100.0 * share)
}

/// A number of labels in groups of three digits.
pub fn grouped(count: &str) -> String {
    match count.len().checked_sub(3) {
        Some(rest) if rest > 1 => format!("{}\u{a0}{}", &count[..rest], &count[rest..]),
        _ => count.to_owned(),
    }
}

/// A small number at the beginning of a sentence, in letters up to ten.
pub fn capital(count: usize) -> String {
    const WORDS: [&str; 11] =
        ["None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];
    WORDS.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned())
}
