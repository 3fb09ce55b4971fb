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

fn wrap_by(text: &str, max_width: f64, measure: impl Fn(&str) -> f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
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

/// `text` as XML or HTML character data or attribute value; characters that XML forbids become U+FFFD.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                out.push('\u{fffd}');
            }
            c => out.push(c),
        }
    }
    out
}

/// `text` for a line or a table cell of Markdown: nothing in it is markup, and line breaks become `<br>`.
pub fn escape_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' => out.push_str("<br>"),
            '\r' => {}
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '#' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
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
