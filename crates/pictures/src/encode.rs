//! [`Picture`] → PNG bytes, of the same layout and depth.

use png::{BitDepth, ColorType, Compression, Encoder};

use crate::picture::{Depth, Layout, Picture};

impl Picture {
    /// The picture as a PNG, not interlaced. The same picture gives the same bytes.
    ///
    /// # Panics
    /// If a side does not fit into 31 bits.
    pub fn encode(&self) -> Vec<u8> {
        let side = |pixels: usize| {
            let fits = i32::try_from(pixels).ok().and_then(|side| u32::try_from(side).ok());
            fits.unwrap_or_else(|| panic!("a side of {pixels} pixels: a PNG has at most 2147483647"))
        };
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, side(self.width()), side(self.height()));
        encoder.set_color(match self.layout() {
            Layout::Grey => ColorType::Grayscale,
            Layout::GreyAlpha => ColorType::GrayscaleAlpha,
            Layout::Rgb => ColorType::Rgb,
            Layout::Rgba => ColorType::Rgba,
        });
        encoder.set_depth(if self.depth() == Depth::Eight { BitDepth::Eight } else { BitDepth::Sixteen });
        encoder.set_compression(Compression::Fast);
        let written = encoder.write_header().and_then(|mut writer| {
            writer.write_image_data(self.samples())?;
            writer.finish()
        });
        written.expect("a vector takes all bytes, and a picture has as many samples as its header says");
        out
    }
}
