//! A whole gzip file at once, for those who need its content rather than what it means: to digest it, say.

use std::borrow::Cow;
use std::io::Read;

use flate2::bufread::GzDecoder;

use crate::{DataError, MEMORY_LIMIT, Place};

/// Whether the bytes begin like a gzip file.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// The content of a gzip file of one member, or the bytes themselves if they are no gzip file; `file` is its name
/// for error messages.
///
/// # Errors
/// [`DataError`] when the stream is broken, is followed by anything, or inflates to more than `limit` bytes or
/// [`MEMORY_LIMIT`].
pub fn inflate<'a>(bytes: &'a [u8], limit: usize, file: &str) -> Result<Cow<'a, [u8]>, DataError> {
    if !is_gzip(bytes) {
        return Ok(Cow::Borrowed(bytes));
    }
    let limit = limit.min(MEMORY_LIMIT);
    // Deflate shrinks at most 1032 to 1.
    let mut content = Vec::with_capacity(bytes.len().saturating_mul(1032).min(limit) + 1);
    let mut decoder = GzDecoder::new(bytes);
    let outcome = (&mut decoder).take(limit as u64 + 1).read_to_end(&mut content);
    let place = Place::Inflated { byte: content.len() as u64, from: 0 };
    if let Err(error) = outcome {
        return Err(DataError::malformed(file, place, "a whole gzip file", error.to_string()));
    }
    if content.len() > limit {
        let (file, found) = (file.to_owned(), "more".to_owned());
        return Err(DataError::TooLarge {
            file,
            place,
            what: "bytes of content",
            limit: limit as u64,
            found,
        });
    }
    let rest = decoder.into_inner().len();
    if rest > 0 {
        let place = Place::Byte((bytes.len() - rest) as u64);
        let found = format!("{rest} more bytes");
        return Err(DataError::malformed(file, place, "the end of the gzip file", found));
    }
    Ok(Cow::Owned(content))
}
