//! Texts from files, made fit for a terminal: a name can clear the screen, forge a line, or turn the reading order.

use std::path::Path;

/// The text with control characters, line separators and marks of bidirectional formatting escaped, as in `\u{1b}`.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if plays_tricks(character) {
            safe.extend(character.escape_default());
        } else {
            safe.push(character);
        }
    }
    safe
}

/// Somebody else's words as a part of one line: white space of any kind is one blank, the rest as [`escaped`].
pub fn one_line(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(escaped).collect();
    words.join(" ")
}

/// A path for a message.
pub(crate) fn shown(path: &Path) -> String {
    escaped(&path.to_string_lossy())
}

/// Control characters (C0, DEL, C1), line and paragraph separators, and marks that change the direction of text.
pub(crate) fn plays_tricks(character: char) -> bool {
    let direction = '\u{2028}'..='\u{202e}';
    let isolates = '\u{2066}'..='\u{2069}';
    character.is_control()
        || direction.contains(&character)
        || isolates.contains(&character)
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}')
}
