//! A whole gzip file at once, for those who need its content rather than what it means: to digest it, say.
//!
//! A gzip file is one member or several, one after the other (RFC 1952, as parallel compressors write them); its content is
//! theirs in a row. A member ends in the number of bytes that it inflates to, modulo 2³². A file of one that announces too
//! much there is refused before anything is inflated, one that holds more than it announces as soon as that shows; what
//! several hold is found by inflating them into nothing first. Most of what a bomb costs is memory that is touched for the
//! first time, hence [`rehearse`].

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

/// The content of a gzip file, or the bytes themselves if they are no gzip file; `file` is its name for error messages.
///
/// # Errors
/// [`DataError`] when a stream is broken, the last is followed by anything, one inflates to another number of bytes than it
/// announces, or all of them to more than `limit` or [`MEMORY_LIMIT`].
pub fn inflate<'a>(bytes: &'a [u8], limit: usize, file: &str) -> Result<Cow<'a, [u8]>, DataError> {
    if !is_gzip(bytes) {
        return Ok(Cow::Borrowed(bytes));
    }
    let limit = limit.min(MEMORY_LIMIT);
    let length = content_length(bytes, limit as u64);
    if length > limit as u64 {
        let place = Place::Byte(bytes.len().saturating_sub(4) as u64);
        let found = format!("{length} announced or counted, or a file cut short");
        let (file, what, limit) = (file.to_owned(), "bytes of content", limit as u64);
        return Err(DataError::TooLarge { file, place, what, limit, found });
    }
    check_possible(bytes, length, file)?;
    rehearse(bytes, length, file)?;
    let mut content = Vec::with_capacity(length as usize + 1);
    inflate_to(bytes, length, file, |chunk| content.extend_from_slice(chunk))?;
    Ok(Cow::Owned(content))
}

/// The number of bytes that a gzip file inflates to if it is sound: what its end announces, or, where there may be several
/// members, what is counted, as far as `limit` and a little further.
pub(crate) fn content_length(bytes: &[u8], limit: u64) -> u64 {
    let announced = bytes.last_chunk().map_or(0, |&raw| u64::from(u32::from_le_bytes(raw)));
    if announced > limit || !may_have_members(bytes) {
        return announced;
    }
    let (mut members, mut buffer, mut inflated) = (Members::new(bytes), [0; 1 << 14], 0);
    // What is broken here is broken again when it is read, and said there.
    while let Ok(count @ 1..) = members.read(&mut buffer) {
        inflated += count as u64;
        if inflated > limit {
            break;
        }
    }
    // Without a second member the end decides, as it does for a file of one.
    if members.begun > 1 { inflated } else { announced }
}

/// Whether what a member begins with stands anywhere behind the first: its magic, its method, and no reserved flag.
fn may_have_members(bytes: &[u8]) -> bool {
    let begins = |window: &[u8]| matches!(window, [0x1f, 0x8b, 8, flags] if *flags < 0x20);
    bytes.get(1..).is_some_and(|rest| rest.windows(4).any(begins))
}

/// The content of all members of a gzip file, to be read.
pub(crate) struct Members<'a> {
    decoder: GzDecoder<&'a [u8]>,
    /// Members begun.
    begun: usize,
}

impl<'a> Members<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { decoder: GzDecoder::new(bytes), begun: 1 }
    }

    /// What follows the member that is being read.
    pub fn rest(&self) -> &'a [u8] {
        self.decoder.get_ref()
    }
}

impl Read for Members<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let count = self.decoder.read(buffer)?;
            if count > 0 || buffer.is_empty() || !is_gzip(self.rest()) {
                return Ok(count);
            }
            // An empty member may be followed by others.
            (self.decoder, self.begun) = (GzDecoder::new(self.rest()), self.begun + 1);
        }
    }
}

/// Deflate shrinks at most 1032 to 1, so a short file cannot announce a long content.
fn check_possible(bytes: &[u8], announced: u64, file: &str) -> Result<(), DataError> {
    if announced <= bytes.len() as u64 * 1032 {
        return Ok(());
    }
    let place = Place::Byte(bytes.len().saturating_sub(4) as u64);
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

/// Hands out the content of a gzip file, piece by piece, and never more than `announced` bytes of it.
fn inflate_to(
    bytes: &[u8],
    announced: u64,
    file: &str,
    mut take: impl FnMut(&[u8]),
) -> Result<(), DataError> {
    let mut members = Members::new(bytes);
    let mut buffer = [0; 1 << 14];
    let mut inflated = 0;
    loop {
        let count = members.read(&mut buffer).map_err(|error| {
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
    let rest = members.rest().len();
    if rest > 0 {
        let place = Place::Byte((bytes.len() - rest) as u64);
        let found = format!("{rest} more bytes");
        return Err(DataError::malformed(file, place, "the end of the gzip file", found));
    }
    // The decoder has held each member's length against its last four bytes.
    Ok(())
}
