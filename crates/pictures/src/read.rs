//! Pictures as people have them: PNG, JPEG and WebP, upright, with a word on what was not taken over.

use crate::chunks::{Chunk, chunks, without};
use crate::error::PictureError;
use crate::header::name;
use crate::orientation::Read;
use crate::picture::Picture;
use crate::{jpeg, webp};

/// The first bytes of a PNG.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Whether bytes begin like a picture that [`Picture::from_bytes`] reads; twelve of them tell.
pub fn begins_like_a_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(SIGNATURE) || jpeg::begins(bytes) || webp::begins(bytes)
}

impl Picture {
    /// Reads a PNG, a JPEG or a WebP, told apart by their first bytes, and turns it upright where its Exif data say how
    /// the camera was held.
    ///
    /// Unlike [`Picture::decode`] it takes a PNG whose damage does not concern what is seen, as every viewer does: chunks
    /// that a picture can do without are left out if they are, and that is a note.
    ///
    /// # Errors
    /// If it is none of the three, has more than [`crate::MAX_PIXELS`], is truncated or damaged. Sizes are held against limits before
    /// memory for them is taken.
    pub fn from_bytes(bytes: &[u8]) -> Result<Read, PictureError> {
        if jpeg::begins(bytes) {
            return jpeg::read(bytes);
        }
        if webp::begins(bytes) {
            return webp::read(bytes);
        }
        if !bytes.starts_with(SIGNATURE) {
            return Err(PictureError::Unknown { found: name(bytes) });
        }
        png(bytes)
    }
}

fn png(bytes: &[u8]) -> Result<Read, PictureError> {
    let chunks = chunks(bytes);
    if chunks.first().is_some_and(|chunk| chunk.kind == *b"CgBI") {
        let found = "a PNG as Apple's tools rewrite it for telephones (CgBI), which is none".to_owned();
        return Err(PictureError::Unknown { found });
    }
    let damaged = |chunk: &Chunk<'_>| chunk.is_ancillary() && !chunk.is_sound();
    let (picture, left_out) = match Picture::decode(bytes) {
        Ok(picture) => (picture, Vec::new()),
        Err(error) => sparing(bytes, &chunks, damaged).ok_or(error)?,
    };
    let is =
        |kinds: &[&[u8; 4]]| chunks.iter().any(|c| kinds.contains(&&c.kind) && !left_out.contains(&c.name()));
    let exif = chunks.iter().find(|chunk| chunk.kind == *b"eXIf" && chunk.is_sound());
    let mut read = Read::new(picture, exif.map(|chunk| chunk.data), is(&[b"iCCP", b"cICP"]));
    let length =
        |kind: &[u8; 4]| chunks.iter().find(|chunk| chunk.kind == *kind).map(|chunk| chunk.data.len());
    if let (Some(palette), Some(alpha), 3) = (length(b"PLTE"), length(b"tRNS"), bytes[25])
        && alpha > palette / 3
    {
        read.notes.push(format!("{alpha} transparencies for {} colours: the rest is left out", palette / 3));
    }
    if !left_out.is_empty() {
        read.notes.push(format!(
            "damaged parts that it can be shown without are left out: {}",
            left_out.join(", ")
        ));
    }
    Ok(read)
}

/// The picture without ancillary chunks whose check sums are wrong, or else without any but its transparency; and what was
/// left out.
fn sparing(
    bytes: &[u8],
    chunks: &[Chunk<'_>],
    damaged: impl Fn(&Chunk<'_>) -> bool,
) -> Option<(Picture, Vec<String>)> {
    let all = |chunk: &Chunk<'_>| chunk.is_ancillary() && (chunk.kind != *b"tRNS" || damaged(chunk));
    let attempt = |left_out: &dyn Fn(&Chunk<'_>) -> bool| {
        let mut names: Vec<String> = chunks.iter().filter(|c| left_out(c)).map(Chunk::name).collect();
        names.dedup();
        if names.is_empty() {
            return None;
        }
        Picture::decode(&without(bytes, chunks, left_out)).ok().map(|picture| (picture, names))
    };
    attempt(&damaged).or_else(|| attempt(&all))
}
