//! The one error of this crate: which file, which byte, what was expected there and what was found.

use std::fmt;

/// Where in a file something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// An offset into the bytes as they are on disk.
    Byte(u64),
    /// An offset into what inflates from the compressed bytes that begin at `from`.
    Inflated {
        /// Offset into the inflated bytes.
        byte: u64,
        /// Offset of the compressed bytes in the file.
        from: u64,
    },
    /// The file as a whole: something is missing from it, or it contradicts itself.
    Whole,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Byte(byte) => write!(f, "byte {byte}: "),
            Place::Inflated { byte, from } => {
                write!(f, "byte {byte} of what inflates from byte {from}: ")
            }
            Place::Whole => Ok(()),
        }
    }
}

/// Why some bytes are not the data that they were said to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DataError {
    /// The bytes contradict the format, or the data set.
    Malformed {
        /// Name of the file, as the caller gave it.
        file: String,
        /// Where.
        place: Place,
        /// What would have been right.
        expected: String,
        /// What is there.
        found: String,
    },
    /// The bytes may well be valid, but hold something that this crate does not read.
    Unsupported {
        /// Name of the file, as the caller gave it.
        file: String,
        /// Where.
        place: Place,
        /// What it is.
        found: String,
        /// What to do about it.
        hint: &'static str,
    },
    /// The bytes ask for more than a limit allows.
    TooLarge {
        /// Name of the file, as the caller gave it.
        file: String,
        /// Where.
        place: Place,
        /// What is limited.
        what: &'static str,
        /// The limit.
        limit: u64,
        /// What the file asks for.
        found: String,
    },
}

impl DataError {
    /// Something other than `expected` at `place` of `file`.
    pub(crate) fn malformed(
        file: &str,
        place: Place,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        DataError::Malformed { file: file.to_owned(), place, expected: expected.into(), found: found.into() }
    }

    /// Where the trouble is.
    pub fn place(&self) -> Place {
        match self {
            DataError::Malformed { place, .. }
            | DataError::Unsupported { place, .. }
            | DataError::TooLarge { place, .. } => *place,
        }
    }

    /// The name of the file, as the caller of the reader gave it.
    pub fn file(&self) -> &str {
        match self {
            DataError::Malformed { file, .. }
            | DataError::Unsupported { file, .. }
            | DataError::TooLarge { file, .. } => file,
        }
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file(), self.place())?;
        match self {
            DataError::Malformed { expected, found, .. } => write!(f, "expected {expected}, found {found}"),
            DataError::Unsupported { found, hint, .. } => write!(f, "cannot read {found} ({hint})"),
            DataError::TooLarge { what, limit, found, .. } => {
                write!(f, "expected at most {limit} {what}, found {found}")
            }
        }
    }
}

impl std::error::Error for DataError {}

/// Dimensions, or other items, for a message: the first few of them.
pub(crate) fn list<T: fmt::Display>(items: impl ExactSizeIterator<Item = T>, separator: &str) -> String {
    const SHOWN: usize = 6;
    let more = items.len().saturating_sub(SHOWN);
    let shown: Vec<String> = items.take(SHOWN).map(|item| item.to_string()).collect();
    let rest = if more > 0 { format!("{separator}… and {more} more") } else { String::new() };
    format!("{}{rest}", shown.join(separator))
}
