//! JPEG bytes → [`Read`], [`Picture`] → JPEG bytes.
//!
//! A JPEG has no check sums: damage inside its data is seen, not found. One that breaks off is refused.

use jpeg_encoder::{ColorType, Encoder};
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::error::PictureError;
use crate::header::MAX_PIXELS;
use crate::orientation::Read;
use crate::picture::{Depth, Layout, Picture};

/// No JPEG makes less than a byte of this many pixels.
const BEST_RATIO: u64 = 4096;
/// Of 1 to 100; nothing is seen of the loss.
const QUALITY: u8 = 95;
/// Scans of a progressive JPEG: cameras write ten.
const MOST_SCANS: usize = 64;

/// Whether bytes begin like a JPEG.
pub(crate) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xd8\xff")
}

/// Reads a JPEG.
pub(crate) fn read(bytes: &[u8]) -> Result<Read, PictureError> {
    let foreign = |what: String| PictureError::Foreign { format: "a JPEG", what };
    let wrong = |error: DecodeErrors| match error {
        // Printed, these words would stand in quotation marks.
        DecodeErrors::Format(words) => PictureError::foreign("a JPEG", &words),
        DecodeErrors::FormatStatic(words) => PictureError::foreign("a JPEG", words),
        other => PictureError::foreign("a JPEG", &other.to_string()),
    };
    let side = usize::from(u16::MAX);
    let options = DecoderOptions::new_safe()
        .set_max_width(side)
        .set_max_height(side)
        .jpeg_set_max_scans(MOST_SCANS)
        .set_strict_mode(false);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(wrong)?;
    let (width, height) = decoder.dimensions().ok_or_else(|| foreign("it has no size".to_owned()))?;
    let [w, h] = [width, height].map(|side| u32::try_from(side).unwrap_or(u32::MAX));
    let pixels = u64::from(w) * u64::from(h);
    if pixels > MAX_PIXELS {
        return Err(PictureError::TooLarge { width: w, height: h });
    }
    if pixels == 0 || pixels > BEST_RATIO * bytes.len() as u64 {
        return Err(PictureError::Overstated { width: w, height: h, bytes: bytes.len() });
    }
    if !ends(bytes) {
        return Err(foreign(format!("it breaks off after {} bytes", bytes.len())));
    }
    let space = decoder.input_colorspace().unwrap_or(ColorSpace::YCbCr);
    let (layout, out) = match space {
        ColorSpace::Luma => (Layout::Grey, ColorSpace::Luma),
        _ => (Layout::Rgb, ColorSpace::RGB),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(out));
    let samples = decoder.decode().map_err(wrong)?;
    if samples.len() != width * height * layout.channels() {
        return Err(foreign(format!("{} samples for {width} × {height} pixels", samples.len())));
    }
    let picture = Picture::new(width, height, layout, Depth::Eight, samples);
    let mut read = Read::new(picture, decoder.exif().map(Vec::as_slice), decoder.icc_profile().is_some());
    if matches!(space, ColorSpace::CMYK | ColorSpace::YCCK) {
        read.notes.push("its colours for printing (CMYK) are turned into RGB by rule of thumb".to_owned());
    }
    Ok(read)
}

/// Whether the mark of the end comes after the last scan begins: neither can stand inside the data of a scan.
fn ends(bytes: &[u8]) -> bool {
    let last = |mark: [u8; 2]| bytes.windows(2).rposition(|window| window == mark);
    match (last([0xff, 0xda]), last([0xff, 0xd9])) {
        (Some(scan), Some(end)) => end > scan,
        _ => false,
    }
}

/// A JPEG of these samples of 8 bits, grey or RGB.
///
/// # Errors
/// If a side is longer than 65 535 pixels.
pub(crate) fn write(picture: &Picture) -> Result<Vec<u8>, PictureError> {
    let side = |pixels: usize| {
        let what = format!("a side of {pixels} pixels, expected at most 65535");
        u16::try_from(pixels).map_err(|_| PictureError::Foreign { format: "a JPEG", what })
    };
    let (width, height) = (side(picture.width())?, side(picture.height())?);
    let kind = if picture.layout() == Layout::Grey { ColorType::Luma } else { ColorType::Rgb };
    let mut out = Vec::new();
    let written = Encoder::new(&mut out, QUALITY).encode(picture.samples(), width, height, kind);
    written.map_err(|error| PictureError::foreign("a JPEG", &error.to_string()))?;
    Ok(out)
}
