//! What can be wrong with the bytes of a picture: always told in one line, also where a decoder's own words are taken over.

use std::fmt;

/// Why some bytes are not a picture that is read here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PictureError {
    /// Another format than PNG.
    Format {
        /// The format, or the first bytes where it is not known.
        found: String,
    },
    /// Another format than those that [`crate::Picture::from_bytes`] reads.
    Unknown {
        /// The format, or the first bytes where it is not known.
        found: String,
    },
    /// A file of another format than PNG that cannot be read, or written.
    Foreign {
        /// Which format, with its article.
        format: &'static str,
        /// What is wrong.
        what: String,
    },
    /// A field of the header has a value that it cannot have.
    Header {
        /// Which field.
        what: &'static str,
        /// Offset of the field in the file.
        offset: usize,
        /// What would have been right.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// More pixels than [`crate::MAX_PIXELS`].
    TooLarge {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The header announces more than a file of this length can hold, however well it is compressed.
    Overstated {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
        /// Length of the file.
        bytes: usize,
    },
    /// The file ends too early.
    Truncated {
        /// Length of the file.
        bytes: usize,
    },
    /// Something inside is not as the format wants it.
    Damaged {
        /// Where the part begins in which it was found.
        offset: usize,
        /// What is wrong.
        what: String,
    },
    /// A pixel has a colour that the palette does not have.
    Palette {
        /// Number of the pixel, row by row.
        pixel: usize,
        /// The colour's number.
        index: u8,
        /// Colours of the palette.
        colours: usize,
    },
}

impl PictureError {
    /// A file of another format than PNG at which its decoder gave up with these words.
    pub(crate) fn foreign(format: &'static str, words: &str) -> Self {
        Self::Foreign { format, what: one_line(words) }
    }
}

/// The words of a decoder as our errors are written: no line breaks, no full stop, characters that play tricks on a
/// terminal escaped.
pub(crate) fn one_line(words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    let line = words.join(" ");
    let mut plain = String::with_capacity(line.len());
    for character in line.trim_end_matches('.').chars() {
        match character.is_control() {
            true => plain.extend(character.escape_default()),
            false => plain.push(character),
        }
    }
    plain
}

impl fmt::Display for PictureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format { found } => write!(f, "expected a PNG, found {found}"),
            Self::Unknown { found } => write!(f, "expected a PNG, a JPEG or a WebP, found {found}"),
            Self::Foreign { format, what } => write!(f, "{format}: {what}"),
            Self::Header { what, offset, expected, found } => {
                write!(f, "byte {offset}: {what}: expected {expected}, found {found}")
            }
            Self::TooLarge { width, height } => {
                let limit = crate::MAX_PIXELS;
                write!(f, "the header announces {width} × {height} pixels: expected at most {limit} in all")
            }
            Self::Overstated { width, height, bytes } => write!(
                f,
                "the header announces {width} × {height} pixels: expected a file that can hold them, found {bytes} bytes"
            ),
            Self::Truncated { bytes } => {
                write!(f, "expected a whole PNG, found one that breaks off after {bytes} bytes")
            }
            Self::Damaged { offset, what } => write!(f, "after byte {offset}: {what}"),
            Self::Palette { pixel, index, colours } => {
                write!(f, "pixel {pixel} has colour {index}: expected one of the {colours} of the palette")
            }
        }
    }
}

impl std::error::Error for PictureError {}
