//! A picture in memory: samples as in the file, colours between 0 and 1 for whoever works on them.

use std::fmt;
use std::ops::Range;

/// Which channels a pixel has, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Grey.
    Grey,
    /// Grey and alpha.
    GreyAlpha,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue and alpha.
    Rgba,
}

impl Layout {
    /// Channels of a pixel: 1 to 4.
    pub fn channels(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }

    /// Whether it has red, green and blue.
    pub fn has_colour(self) -> bool {
        matches!(self, Self::Rgb | Self::Rgba)
    }

    /// Whether it has alpha.
    pub fn has_alpha(self) -> bool {
        matches!(self, Self::GreyAlpha | Self::Rgba)
    }

    /// The layout with red, green and blue, and with alpha if this has it.
    pub fn with_colour(self) -> Self {
        if self.has_alpha() { Self::Rgba } else { Self::Rgb }
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Grey => "grey",
            Self::GreyAlpha => "grey and alpha",
            Self::Rgb => "RGB",
            Self::Rgba => "RGBA",
        })
    }
}

/// Bits of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// 0 to 255.
    Eight,
    /// 0 to 65 535.
    Sixteen,
}

impl Depth {
    /// Bytes of a sample.
    pub fn bytes(self) -> usize {
        if self == Self::Eight { 1 } else { 2 }
    }

    /// The sample that stands for 1.
    fn most(self) -> f64 {
        if self == Self::Eight { 255.0 } else { 65_535.0 }
    }
}

/// `height` rows of `width` pixels, row by row; a sample of 16 bits is stored with its high byte first, as in a PNG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    layout: Layout,
    depth: Depth,
    samples: Vec<u8>, // height × width × channels × bytes of a sample
}

/// `4000 × 3000 pixels, RGB, 8 bits`
impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { width, height, layout, depth, .. } = self;
        write!(f, "{width} × {height} pixels, {layout}, {} bits", 8 * depth.bytes())
    }
}

impl Picture {
    /// A picture of these samples.
    ///
    /// # Panics
    /// If a side is zero, or the number of bytes is not `width · height · channels · bytes of a sample`.
    pub fn new(width: usize, height: usize, layout: Layout, depth: Depth, samples: Vec<u8>) -> Self {
        let expected = width * height * layout.channels() * depth.bytes();
        assert!(expected > 0, "a picture of {width} × {height} pixels has none");
        let found = samples.len();
        assert_eq!(
            found, expected,
            "{width} × {height} pixels, {layout:?}, {depth:?}: {expected} bytes, found {found}"
        );
        Self { width, height, layout, depth, samples }
    }

    /// A black picture, opaque if it has alpha.
    ///
    /// # Panics
    /// If a side is zero.
    pub fn black(width: usize, height: usize, layout: Layout, depth: Depth) -> Self {
        let (channels, bytes) = (layout.channels(), depth.bytes());
        let mut picture = Self::new(width, height, layout, depth, vec![0; width * height * channels * bytes]);
        if layout.has_alpha() {
            let pixels = picture.samples.chunks_exact_mut(channels * bytes);
            pixels.for_each(|pixel| pixel[(channels - 1) * bytes..].fill(u8::MAX));
        }
        picture
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Channels of its pixels.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Bits of its samples.
    pub fn depth(&self) -> Depth {
        self.depth
    }

    /// Pixels in all, numbered row by row.
    pub fn pixels(&self) -> usize {
        self.width * self.height
    }

    /// All samples, `height × width × channels`; of 16 bits high byte first.
    pub fn samples(&self) -> &[u8] {
        &self.samples
    }

    /// Colours of a range of pixels into `out`: red, green and blue of one after the other, each in [0, 1]. Grey is
    /// three times the same.
    ///
    /// # Panics
    /// If there are no such pixels, or `out` has another length than three times their number.
    pub fn rgb(&self, pixels: Range<usize>, out: &mut [f64]) {
        let expected = 3 * pixels.len();
        assert_eq!(out.len(), expected, "{} pixels have {expected} coordinates", pixels.len());
        let most = self.depth.most();
        let samples = &self.samples[self.bytes_of(&pixels)];
        match self.depth {
            Depth::Eight => self.read(samples, out, |s| f64::from(s[0]) / most),
            Depth::Sixteen => self.read(samples, out, |s| f64::from(u16::from_be_bytes([s[0], s[1]])) / most),
        };
    }

    /// Gives the pixels from `first` on the colours that [`Picture::rgb`] would read: clamped to [0, 1] and rounded to the
    /// nearest sample, NaN to 0. Alpha stays. A grey pixel gets the mean of the three.
    ///
    /// # Panics
    /// If there are not so many pixels, or the length is not a multiple of three.
    pub fn set_rgb(&mut self, first: usize, colours: &[f64]) {
        assert!(colours.len().is_multiple_of(3), "{} coordinates are no colours", colours.len());
        let most = self.depth.most();
        let bytes = self.bytes_of(&(first..first + colours.len() / 3));
        // NaN stays NaN when clamped, and becomes 0 as a whole number.
        let round = |x: f64| (x.clamp(0.0, 1.0) * most + 0.5) as u16;
        match self.depth {
            Depth::Eight => self.write(bytes, colours, |s, x| s[0] = round(x) as u8),
            Depth::Sixteen => self.write(bytes, colours, |s, x| s.copy_from_slice(&round(x).to_be_bytes())),
        }
    }

    /// Whether any of a pixel can be seen: whether its alpha is not 0.
    ///
    /// # Panics
    /// If there is no such pixel.
    pub fn is_visible(&self, pixel: usize) -> bool {
        let bytes = &self.samples[self.bytes_of(&(pixel..pixel + 1))];
        !self.layout.has_alpha() || bytes[bytes.len() - self.depth.bytes()..].iter().any(|byte| *byte > 0)
    }

    /// A range of pixels as a picture of one row.
    ///
    /// # Panics
    /// If the range is empty, or there are no such pixels.
    pub fn strip(&self, pixels: Range<usize>) -> Self {
        let samples = self.samples[self.bytes_of(&pixels)].to_vec();
        Self::new(pixels.len(), 1, self.layout, self.depth, samples)
    }

    /// Puts the pixels of another picture in the place of those from `first` on.
    ///
    /// # Panics
    /// If layouts or depths differ, or there are not so many pixels.
    pub fn paste(&mut self, first: usize, other: &Self) {
        let (ours, theirs) = ((self.layout, self.depth), (other.layout, other.depth));
        assert_eq!(ours, theirs, "pixels of {theirs:?} do not fit into a picture of {ours:?}");
        let bytes = self.bytes_of(&(first..first + other.pixels()));
        self.samples[bytes].copy_from_slice(&other.samples);
    }

    /// The same picture in another layout. Colours become their mean where the new one is grey; what has no alpha is opaque.
    pub fn in_layout(&self, layout: Layout) -> Self {
        if layout == self.layout {
            return self.clone();
        }
        let mut other = Self::black(self.width, self.height, layout, self.depth);
        let mut colours = vec![0.0; 3 * self.width];
        for first in (0..self.pixels()).step_by(self.width) {
            self.rgb(first..first + self.width, &mut colours);
            other.set_rgb(first, &colours);
        }
        if self.layout.has_alpha() && layout.has_alpha() {
            let bytes = self.depth.bytes();
            let (theirs, ours) = (self.layout.channels() * bytes, layout.channels() * bytes);
            for (to, from) in other.samples.chunks_exact_mut(ours).zip(self.samples.chunks_exact(theirs)) {
                to[ours - bytes..].copy_from_slice(&from[theirs - bytes..]);
            }
        }
        other
    }

    fn bytes_of(&self, pixels: &Range<usize>) -> Range<usize> {
        let all = self.pixels();
        assert!(pixels.start <= pixels.end && pixels.end <= all, "pixels {pixels:?} of a picture of {all}");
        let size = self.layout.channels() * self.depth.bytes();
        pixels.start * size..pixels.end * size
    }

    fn read(&self, samples: &[u8], out: &mut [f64], value: impl Fn(&[u8]) -> f64) {
        let bytes = self.depth.bytes();
        let pixels = samples.chunks_exact(self.layout.channels() * bytes);
        let colour = self.layout.has_colour();
        for (pixel, out) in pixels.zip(out.chunks_exact_mut(3)) {
            if colour {
                out[0] = value(pixel);
                out[1] = value(&pixel[bytes..]);
                out[2] = value(&pixel[2 * bytes..]);
            } else {
                out.fill(value(pixel));
            }
        }
    }

    fn write(&mut self, range: Range<usize>, colours: &[f64], store: impl Fn(&mut [u8], f64)) {
        let bytes = self.depth.bytes();
        let colour = self.layout.has_colour();
        let pixels = self.samples[range].chunks_exact_mut(self.layout.channels() * bytes);
        for (pixel, rgb) in pixels.zip(colours.chunks_exact(3)) {
            if colour {
                let samples = pixel.chunks_exact_mut(bytes);
                samples.zip(rgb).for_each(|(sample, x)| store(sample, *x));
            } else {
                store(&mut pixel[..bytes], (rgb[0] + rgb[1] + rgb[2]) / 3.0);
            }
        }
    }
}
