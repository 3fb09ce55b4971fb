//! What the first 33 bytes of a PNG announce, held against limits before anything is allocated.

use crate::error::PictureError;

/// Most pixels of a picture that is read: 2²⁶, 64 binary megapixels. They take at most 512 MiB.
pub const MAX_PIXELS: u64 = 1 << 26;

/// Deflate cannot make less than one byte of this many.
const BEST_RATIO: u64 = 1032;
const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// Signature, length, type, thirteen bytes of header, check sum.
const LENGTH: usize = 33;
const GREY: u8 = 0;
const RGB: u8 = 2;
const INDEXED: u8 = 3;
const GREY_ALPHA: u8 = 4;
const RGBA: u8 = 6;

/// What a file announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Pixels in a row, at least 1.
    pub width: u32,
    /// Rows, at least 1.
    pub height: u32,
    /// Bits of a stored sample: 1, 2, 4, 8 or 16.
    pub bits: u8,
    pub(crate) kind: u8,
}

impl Header {
    /// Reads and checks the header of a PNG; the rest of `bytes` is not looked at, but its length is.
    ///
    /// # Errors
    /// If it is no PNG, a field has an impossible value, there are more than [`MAX_PIXELS`], or a file of this
    /// length cannot hold so many.
    pub fn read(bytes: &[u8]) -> Result<Self, PictureError> {
        let known = bytes.len().min(SIGNATURE.len());
        if bytes.is_empty() || bytes[..known] != SIGNATURE[..known] {
            return Err(PictureError::Format { found: name(bytes) });
        }
        if bytes.len() < LENGTH {
            return Err(PictureError::Truncated { bytes: bytes.len() });
        }
        let number = |at: usize| u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        if bytes[8..16] != *b"\0\0\0\x0dIHDR" {
            let found = format!("\"{}\"", bytes[8..16].escape_ascii());
            let expected = "a header of 13 bytes";
            return Err(PictureError::Header { what: "first chunk", offset: 8, expected, found });
        }
        let header = Self { width: number(16), height: number(20), bits: bytes[24], kind: bytes[25] };
        header.check()?;
        match header.stored() > BEST_RATIO * bytes.len() as u64 {
            true => Err(PictureError::Overstated {
                width: header.width,
                height: header.height,
                bytes: bytes.len(),
            }),
            false => Ok(header),
        }
    }

    /// Most bytes that the decoded picture can take; less where nothing is transparent.
    pub fn memory(&self) -> u64 {
        let channels = match self.kind {
            GREY | GREY_ALPHA => 2,
            _ => 4,
        };
        self.pixels() * channels * if self.bits == 16 { 2 } else { 1 }
    }

    fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Bytes of all rows as they are stored, before compression.
    fn stored(&self) -> u64 {
        let channels = match self.kind {
            GREY_ALPHA => 2,
            RGB => 3,
            RGBA => 4,
            _ => 1,
        };
        (u64::from(self.width) * channels * u64::from(self.bits)).div_ceil(8) * u64::from(self.height)
    }

    fn check(&self) -> Result<(), PictureError> {
        let fails = |what, offset, expected, found: u32| {
            Err(PictureError::Header { what, offset, expected, found: found.to_string() })
        };
        let sides = 1..=i32::MAX as u32;
        if !sides.contains(&self.width) {
            return fails("width", 16, "1 to 2147483647", self.width);
        }
        if !sides.contains(&self.height) {
            return fails("height", 20, "1 to 2147483647", self.height);
        }
        let depths: (&[u8], &str) = match self.kind {
            GREY => (&[1, 2, 4, 8, 16], "1, 2, 4, 8 or 16 bits of grey"),
            INDEXED => (&[1, 2, 4, 8], "1, 2, 4 or 8 bits of a colour's number"),
            RGB | GREY_ALPHA | RGBA => (&[8, 16], "8 or 16 bits of a sample"),
            other => return fails("colour type", 25, "0, 2, 3, 4 or 6", other.into()),
        };
        if !depths.0.contains(&self.bits) {
            return fails("bit depth", 24, depths.1, self.bits.into());
        }
        if self.pixels() > MAX_PIXELS {
            return Err(PictureError::TooLarge { width: self.width, height: self.height });
        }
        Ok(())
    }

    pub(crate) fn is_indexed(&self) -> bool {
        self.kind == INDEXED
    }
}

/// The format that begins like this.
pub(crate) fn name(bytes: &[u8]) -> String {
    let webp = bytes.len() >= 12 && bytes.starts_with(b"RIFF") && bytes[8..12] == *b"WEBP";
    let heif = bytes.len() >= 12
        && bytes[4..8] == *b"ftyp"
        && [b"heic", b"heix", b"heim", b"hevc", b"mif1", b"msf1", b"avif", b"avis"]
            .iter()
            .any(|b| bytes[8..12] == **b);
    let known: [(bool, &str); 17] = [
        (bytes.is_empty(), "an empty file"),
        (bytes.starts_with(b"\xff\xd8\xff"), "a JPEG"),
        (bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a"), "a GIF"),
        (webp, "a WebP"),
        (bytes.starts_with(b"BM"), "a BMP"),
        (bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*"), "a TIFF"),
        (heif, "an HEIF or AVIF"),
        (bytes.starts_with(b"\xff\x0a") || bytes.starts_with(b"\0\0\0\x0cJXL "), "a JPEG XL"),
        (bytes.starts_with(b"\0\0\0\x0cjP  ") || bytes.starts_with(b"\xff\x4f\xff\x51"), "a JPEG 2000"),
        (bytes.starts_with(b"8BPS"), "a Photoshop file"),
        (bytes.starts_with(b"qoif"), "a QOI"),
        (bytes.starts_with(b"\x76\x2f\x31\x01"), "an OpenEXR"),
        (bytes.starts_with(b"<!DOCTYPE html") || bytes.starts_with(b"<html"), "a web page"),
        (bytes.starts_with(b"version https://git-lfs"), "a Git LFS pointer (run `git lfs pull`)"),
        (bytes.starts_with(b"%PDF"), "a PDF"),
        (bytes.starts_with(b"\x8aMNG"), "an MNG"),
        (bytes.starts_with(b"\x89PNG"), "a PNG whose line ends were changed on the way"),
    ];
    match known.iter().find(|(is, _)| *is) {
        Some((_, name)) => (*name).to_owned(),
        None => format!("a file that begins with \"{}\"", bytes[..bytes.len().min(8)].escape_ascii()),
    }
}
