//! A whole gzip file at once, for those who need its content rather than what it means: to digest it, say.
//!
//! A gzip file ends in the number of bytes that it inflates to, modulo 2³². A file that announces too much there is
//! refused before anything is inflated, one that holds more than it announces as soon as that shows. Most of what
//! a bomb costs is memory that is touched for the first time, hence [`rehearse`].

use std::borrow::Cow;
use std::io::Read;

use flate2::bufread::GzDecoder;

use crate::{DataError, MEMORY_LIMIT, Place};

/// Whether the bytes begin like a gzip file.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// A stream that shrinks by more than this is inflated into nothing first: MNIST's shrink by 2 to 6.
const SUSPICIOUS: u64 = 8;

/// The content of a gzip file of one member, or the bytes themselves if they are no gzip file; `file` is its name
/// for error messages.
///
/// # Errors
/// [`DataError`] when the stream is broken, is followed by anything, inflates to another number of bytes than it
/// announces, or to more than `limit` or [`MEMORY_LIMIT`].
pub fn inflate<'a>(bytes: &'a [u8], limit: usize, file: &str) -> Result<Cow<'a, [u8]>, DataError> {
    if !is_gzip(bytes) {
        return Ok(Cow::Borrowed(bytes));
    }
    let limit = limit.min(MEMORY_LIMIT);
    let announced = announced_length(bytes);
    if announced > limit as u64 {
        let place = Place::Byte(bytes.len() as u64 - 4);
        let found = format!("{announced} announced, or a file cut short");
        let (file, what, limit) = (file.to_owned(), "bytes of content", limit as u64);
        return Err(DataError::TooLarge { file, place, what, limit, found });
    }
    check_possible(bytes, announced, file)?;
    rehearse(bytes, announced, file)?;
    let mut content = Vec::with_capacity(announced as usize + 1);
    inflate_to(bytes, announced, file, |chunk| content.extend_from_slice(chunk))?;
    Ok(Cow::Owned(content))
}

/// The length modulo 2³² that stands at the end of a gzip file.
pub(crate) fn announced_length(bytes: &[u8]) -> u64 {
    bytes.last_chunk().map_or(0, |&raw| u64::from(u32::from_le_bytes(raw)))
}

/// Deflate shrinks at most 1032 to 1, so a short file cannot announce a long content.
fn check_possible(bytes: &[u8], announced: u64, file: &str) -> Result<(), DataError> {
    if announced <= bytes.len() as u64 * 1032 {
        return Ok(());
    }
    let place = Place::Byte(bytes.len() as u64 - 4);
    let found = format!("{announced} announced in {} compressed bytes, or a file cut short", bytes.len());
    Err(DataError::malformed(file, place, "a length that fits the compressed bytes", found))
}

/// Inflates a stream that announces suspiciously much for its size into nothing, so that a bomb is refused before
/// memory is taken for what it announces.
///
/// # Errors
/// As those of [`inflate`].
pub(crate) fn rehearse(bytes: &[u8], announced: u64, file: &str) -> Result<(), DataError> {
    if announced / SUSPICIOUS <= bytes.len() as u64 {
        return Ok(());
    }
    inflate_to(bytes, announced, file, |_| {})
}

/// Hands out the content of a gzip file of one member, piece by piece, and never more than `announced` bytes of it.
fn inflate_to(
    bytes: &[u8],
    announced: u64,
    file: &str,
    mut take: impl FnMut(&[u8]),
) -> Result<(), DataError> {
    let mut decoder = GzDecoder::new(bytes);
    let mut buffer = [0; 1 << 14];
    let mut inflated = 0;
    loop {
        let count = decoder.read(&mut buffer).map_err(|error| {
            let place = Place::Inflated { byte: inflated, from: 0 };
            DataError::malformed(file, place, "a whole gzip file", error.to_string())
        })?;
        if count == 0 {
            break;
        }
        inflated += count as u64;
        if inflated > announced {
            let place = Place::Inflated { byte: announced, from: 0 };
            let expected =
                format!("the end of the {announced} bytes that the file announces in its last four");
            return Err(DataError::malformed(
                file,
                place,
                expected,
                "more content, or a file that goes on after it",
            ));
        }
        take(&buffer[..count]);
    }
    let rest = decoder.into_inner().len();
    if rest > 0 {
        let place = Place::Byte((bytes.len() - rest) as u64);
        let found = format!("{rest} more bytes");
        return Err(DataError::malformed(file, place, "the end of the gzip file", found));
    }
    // The decoder has held the length against the last four bytes.
    Ok(())
}
