//! The format that a picture is written in, by the end of its name.

use crate::error::PictureError;
use crate::jpeg;
use crate::picture::{Depth, Layout, Picture};

/// A format that pictures are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Without loss, of any layout and depth.
    Png,
    /// With a loss that is not seen: 8 bits, no alpha.
    Jpeg,
}

impl Format {
    /// The format that files with this extension have, in any case.
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "png" => Some(Self::Png),
            "jpg" | "jpeg" => Some(Self::Jpeg),
            _ => None,
        }
    }
}

impl Picture {
    /// The bytes of the picture in a format, and what they do not hold of it. The same picture gives the same bytes.
    ///
    /// # Errors
    /// If the picture has a side that the format has not room for.
    pub fn encode_as(&self, format: Format) -> Result<(Vec<u8>, Vec<String>), PictureError> {
        if format == Format::Png {
            return Ok((self.encode(), Vec::new()));
        }
        let mut notes = Vec::new();
        if self.layout().has_alpha() {
            notes.push("a JPEG has no alpha: all pixels are opaque".to_owned());
        }
        if self.depth() == Depth::Sixteen {
            notes.push("a JPEG has 8 bits: the lower 8 are left out".to_owned());
        }
        Ok((jpeg::write(&self.plain())?, notes))
    }

    /// The same picture in 8 bits without alpha.
    fn plain(&self) -> Self {
        let layout = if self.layout().has_colour() { Layout::Rgb } else { Layout::Grey };
        let (channels, bytes) = (self.layout().channels(), self.depth().bytes());
        let pixels = self.samples().chunks_exact(channels * bytes);
        let samples =
            pixels.flat_map(|pixel| (0..layout.channels()).map(move |k| pixel[k * bytes])).collect();
        Self::new(self.width(), self.height(), layout, Depth::Eight, samples)
    }
}
