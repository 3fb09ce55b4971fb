//! Words in figures: how wide they are at most, where to break them, how to escape them, how to print numbers.
//!
//! A figure does not know which font its reader has. Widths are therefore those of a wide sans-serif (DejaVu Sans, whose
//! advance widths most system fonts stay below), so that a label laid out here is never cut off or overlapped elsewhere.

/// Advance width of one character in units of the font size.
fn advance(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '\'' | 'I' => 0.30,
        ' ' | '.' | ',' | ':' | ';' | '|' | '/' | '\\' | '\u{a0}' | '·' => 0.34,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '!' | '-' => 0.42,
        's' | 'z' | 'c' | 'k' | 'v' | 'x' | 'y' | '"' | '*' | '–' | '°' => 0.60,
        'a'
        | 'b'
        | 'd'
        | 'e'
        | 'g'
        | 'h'
        | 'n'
        | 'o'
        | 'p'
        | 'q'
        | 'u'
        | '0'..='9'
        | '?'
        | '_'
        | '$'
        | '×' => 0.65,
        'm' | 'W' | 'M' | '%' | '@' | '—' | '…' => 1.0,
        'w' | '+' | '<' | '=' | '>' | '~' | '−' | '≤' | '≥' | '≈' | '→' | '#' | '&' => 0.85,
        'E' | 'F' | 'J' | 'L' | 'P' | 'S' | 'T' => 0.66,
        'A' | 'B' | 'C' | 'D' | 'G' | 'H' | 'K' | 'N' | 'O' | 'Q' | 'R' | 'U' | 'V' | 'X' | 'Y' | 'Z' => 0.79,
        c if (c as u32) < 0x250 => 0.75,
        _ => 1.05,
    }
}

/// The width of `text` at `size` pixels, an upper estimate, in pixels.
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
}

/// The width of `text` in semi-bold, an upper estimate, in pixels.
pub fn bold_width(text: &str, size: f64) -> f64 {
    1.12 * width(text, size)
}

/// The widest of `lines` at `size`, in pixels; 0 without lines.
pub(crate) fn widest<'a>(lines: impl IntoIterator<Item = &'a String>, size: f64) -> f64 {
    lines.into_iter().map(|line| width(line, size)).fold(0.0, f64::max)
}

/// Breaks `text` into lines at most `max_width` pixels wide at `size`: at spaces, and inside a word only where the word
/// alone is wider than a line. An empty text has no line.
pub fn wrap(text: &str, size: f64, max_width: f64) -> Vec<String> {
    wrap_by(text, max_width, |line| width(line, size))
}

/// As [`wrap`], for semi-bold.
pub fn wrap_bold(text: &str, size: f64, max_width: f64) -> Vec<String> {
    wrap_by(text, max_width, |line| bold_width(line, size))
}

/// What a line may be broken between; a no-break space is part of its word.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| c.is_whitespace() && !['\u{a0}', '\u{202f}'].contains(&c));
    parts.filter(|word| !word.is_empty())
}

fn wrap_by(text: &str, max_width: f64, measure: impl Fn(&str) -> f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words(text) {
        if let Some(line) = lines.last_mut()
            && measure(&format!("{line} {word}")) <= max_width
        {
            line.push(' ');
            line.push_str(word);
            continue;
        }
        let mut piece = String::new();
        for c in word.chars() {
            piece.push(c);
            if measure(&piece) > max_width && piece.chars().count() > 1 {
                piece.pop();
                lines.push(std::mem::replace(&mut piece, c.to_string()));
            }
        }
        lines.push(piece);
    }
    lines
}

/// Whether a character moves or hides others instead of being one: controls, escape sequences' first bytes, line separators,
/// and marks that turn the direction of what follows.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// `text` on one line of a terminal: what would clear the screen, forge a line or turn words round is written out, as
/// `\u{1b}`.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hostile(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    out
}

/// `text` as XML or HTML character data or attribute value; hostile characters but tabs and line breaks become U+FFFD.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(c),
            c if is_hostile(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// `text` for a line or a table cell of Markdown: nothing in it is markup, line breaks become `<br>`, hostile characters
/// U+FFFD.
pub fn escape_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let text = text.trim();
    // At the start of a line these begin a list, a heading's underline or a rule; after digits, an item of a numbered list.
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let begins_block = |at: usize, c: char| {
        let next = text[at + c.len_utf8()..].chars().next();
        let alone = next.is_none_or(char::is_whitespace);
        match c {
            '-' | '+' | '=' => at == 0 && (alone || next == Some(c)),
            '.' | ')' => at == digits && digits > 0 && alone,
            _ => false,
        }
    };
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' => out.push_str("<br>"),
            '\r' => {}
            '\t' => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '#' => out.extend(['\\', c]),
            c if begins_block(at, c) => out.extend(['\\', c]),
            c if is_hostile(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A name for Markdown: as code where it is made of a name's characters, else as plain words.
pub(crate) fn markdown_code(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:+=,/".contains(c);
    if !text.is_empty() && text.chars().all(plain) { format!("`{text}`") } else { escape_markdown(text) }
}

/// A coordinate: at most two decimals, no trailing zeros, never `-0`.
pub(crate) fn coordinate(value: f64) -> String {
    let fixed = format!("{value:.2}");
    let trimmed = fixed.trim_end_matches('0').trim_end_matches('.');
    if trimmed == "-0" { "0".to_owned() } else { trimmed.to_owned() }
}

/// `value` with `decimals` decimals and a true minus sign; `–` where there is no number.
pub fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let fixed = format!("{value:.decimals$}");
    match fixed.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| c == '0' || c == '.') => digits.to_owned(),
        Some(digits) => format!("−{digits}"),
        None => fixed,
    }
}

/// A whole number with its digits in groups of three: `10 000`, by no-break spaces.
pub fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = if value < 0 { "−".to_owned() } else { String::new() };
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        if index > 0 && left.is_multiple_of(3) && digits.len() > 4 {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    out
}

/// A power of ten with its exponent raised: `10⁻⁷`.
pub fn power(exponent: i32) -> String {
    let raised = |c| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        c => char::from_u32('⁰' as u32 + c as u32 - '0' as u32).unwrap_or(c),
    };
    "10".chars().chain(exponent.to_string().chars().map(raised)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_from_files_cannot_move_the_cursor_or_turn_the_line() {
        assert_eq!(printable("a\u{1b}[2Jb\nc\td"), "a\\u{1b}[2Jb\\u{a}c\\u{9}d");
        assert_eq!(printable("\u{202e}gnp.exe\u{2066}\u{9b}31m"), "\\u{202e}gnp.exe\\u{2066}\\u{9b}31m");
        assert_eq!(printable("Größe 3 × 4 – “ö” 漢字 \u{a0}±"), "Größe 3 × 4 – “ö” 漢字 \u{a0}±");
        assert_eq!(escape("a\u{1b}\u{202e}<b>\n"), "a\u{fffd}\u{fffd}&lt;b&gt;\n");
        assert_eq!(escape_markdown("a\u{1b}\u{202e}\tb"), "a\u{fffd}\u{fffd} b");
    }

    #[test]
    fn a_no_break_space_is_no_place_to_break() {
        let line = "loss 1.2\u{a0}±\u{a0}0.3 nats";
        assert_eq!(wrap(line, 10.0, 65.0), ["loss", "1.2\u{a0}±\u{a0}0.3", "nats"]);
        assert_eq!(wrap(line, 10.0, 1e3), [line]);
    }

    #[test]
    fn a_line_of_markdown_begins_no_list_and_no_heading() {
        for (text, escaped) in
            [("- a", "\\- a"), ("+ a", "\\+ a"), ("12. a", "12\\. a"), ("=== ", "\\==="), ("# a", "\\# a")]
        {
            assert_eq!(escape_markdown(text), escaped);
        }
        assert_eq!(["−3", "-3", "1.5", "+1 %"].map(escape_markdown), ["−3", "-3", "1.5", "+1 %"]);
        assert_eq!(markdown_code("alpha-rbm:scratch+epochs=3"), "`alpha-rbm:scratch+epochs=3`");
        assert_eq!(markdown_code("a`<b>"), "a\\`&lt;b&gt;");
    }
}
