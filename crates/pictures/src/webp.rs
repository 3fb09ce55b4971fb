//! WebP bytes → [`Read`], lossy or lossless; of an animation its first picture.

use std::io::Cursor;

use image_webp::WebPDecoder;

use crate::error::PictureError;
use crate::header::MAX_PIXELS;
use crate::orientation::Read;
use crate::picture::{Depth, Layout, Picture};

/// A picture of one colour takes a byte for 25 500 pixels in the best WebP that is written; there is room for better
/// writers.
const BEST_RATIO: u64 = 1 << 16;
/// What the decoder may hold beside the picture.
const ROOM: usize = 64 << 20;

/// Whether bytes begin like a WebP.
pub(crate) fn begins(bytes: &[u8]) -> bool {
    bytes.len() >= 12 && bytes.starts_with(b"RIFF") && bytes[8..12] == *b"WEBP"
}

/// Reads a WebP.
pub(crate) fn read(bytes: &[u8]) -> Result<Read, PictureError> {
    let wrong = |error: image_webp::DecodingError| PictureError::foreign("a WebP", &error.to_string());
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(wrong)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS {
        return Err(PictureError::TooLarge { width, height });
    }
    if pixels == 0 {
        // The decoder takes the largest side, 16 384, for 0.
        let what = "it has a side of 0 or of 16384 pixels: expected 1 to 16383".to_owned();
        return Err(PictureError::Foreign { format: "a WebP", what });
    }
    if pixels > BEST_RATIO * bytes.len() as u64 {
        return Err(PictureError::Overstated { width, height, bytes: bytes.len() });
    }
    decoder.set_memory_limit(ROOM);
    let layout = if decoder.has_alpha() { Layout::Rgba } else { Layout::Rgb };
    let (columns, rows) = (width as usize, height as usize);
    let mut samples = vec![0; columns * rows * layout.channels()];
    decoder.read_image(&mut samples).map_err(wrong)?;
    // Broken metadata are no reason to refuse what can be seen.
    let exif = decoder.exif_metadata().ok().flatten();
    let has_profile = decoder.icc_profile().ok().flatten().is_some();
    let animated = decoder.is_animated();
    let picture = Picture::new(columns, rows, layout, Depth::Eight, samples);
    let mut read = Read::new(picture, exif.as_deref(), has_profile);
    if animated {
        read.notes.push("of its animation the first picture is taken".to_owned());
    }
    Ok(read)
}
