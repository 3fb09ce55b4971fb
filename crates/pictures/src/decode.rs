//! PNG bytes → [`Picture`]. Palettes, samples of 1, 2 and 4 bits, and transparent colours become plain samples.

use std::io::{BufRead, Cursor, ErrorKind, Seek};

use png::{BitDepth, ColorType, DecodeOptions, Decoder, DecodingError, Reader, Transformations};

use crate::error::{PictureError, one_line};
use crate::header::Header;
use crate::picture::{Depth, Layout, Picture};

impl Picture {
    /// Reads a PNG of any kind, interlaced or not; of an animation its default image.
    ///
    /// Palettes become [`Layout::Rgb`], or [`Layout::Rgba`] if some of their colours are transparent; grey of 1, 2 and 4
    /// bits becomes 8; a transparent colour becomes alpha. All check sums are checked, bytes after the end are not
    /// looked at. It takes [`Header::memory`] at most, and as much as the stored rows for a palette.
    ///
    /// # Errors
    /// If it is no PNG, too large, truncated or damaged; impossible sizes are found before memory for them is taken.
    pub fn decode(bytes: &[u8]) -> Result<Self, PictureError> {
        let header = Header::read(bytes)?;
        let mut cursor = Cursor::new(bytes);
        let result = decode(&header, &mut cursor);
        result.map_err(|fault| match fault {
            Fault::Ours(error) => error,
            Fault::Theirs(DecodingError::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => {
                PictureError::Truncated { bytes: bytes.len() }
            }
            Fault::Theirs(error) => {
                PictureError::Damaged { offset: cursor.position() as usize, what: plain(&error.to_string()) }
            }
        })
    }
}

/// The library's words as our errors are written, without the insides of its type for chunks.
fn plain(words: &str) -> String {
    let mut text = words.to_owned();
    while let Some((head, (kind, tail))) =
        text.split_once("ChunkType { type: ").and_then(|(head, rest)| Some((head, rest.split_once(',')?)))
    {
        let tail = tail.split_once('}').map_or("", |(_, tail)| tail);
        text = format!("{head}{kind}{tail}");
    }
    one_line(&text)
}

enum Fault {
    Ours(PictureError),
    Theirs(DecodingError),
}

impl From<DecodingError> for Fault {
    fn from(error: DecodingError) -> Self {
        Self::Theirs(error)
    }
}

fn decode(header: &Header, source: &mut Cursor<&[u8]>) -> Result<Picture, Fault> {
    let mut options = DecodeOptions::default();
    options.set_ignore_adler32(false);
    options.set_skip_ancillary_crc_failures(false);
    options.set_ignore_text_chunk(true);
    options.set_ignore_iccp_chunk(true);
    let mut decoder = Decoder::new_with_options(source, options);
    // Expansion by the library would paint numbers beyond the palette black.
    decoder.set_transformations(match header.is_indexed() {
        true => Transformations::IDENTITY,
        false => Transformations::EXPAND,
    });
    let mut reader = decoder.read_info()?;
    let samples = frame(header, &mut reader)?;
    reader.finish()?;
    let (width, height) = (header.width as usize, header.height as usize);
    if header.is_indexed() {
        let palette = Palette::of(&reader).map_err(Fault::Ours)?;
        let rows = samples.chunks_exact(samples.len() / height);
        return palette.picture(header, rows).map_err(Fault::Ours);
    }
    let (kind, bits) = reader.output_color_type();
    let layout = match kind {
        ColorType::Grayscale => Layout::Grey,
        ColorType::GrayscaleAlpha => Layout::GreyAlpha,
        ColorType::Rgba => Layout::Rgba,
        ColorType::Rgb | ColorType::Indexed => Layout::Rgb,
    };
    let depth = if bits == BitDepth::Sixteen { Depth::Sixteen } else { Depth::Eight };
    Ok(Picture::new(width, height, layout, depth, samples))
}

/// The rows of the default image, one after the other.
fn frame<R: BufRead + Seek>(header: &Header, reader: &mut Reader<R>) -> Result<Vec<u8>, Fault> {
    let size = reader.output_buffer_size().ok_or(DecodingError::LimitsExceeded)?;
    let mut samples = vec![0; size];
    let shown = reader.next_frame(&mut samples)?;
    if (shown.width, shown.height) != (header.width, header.height) {
        let (width, height) = (header.width, header.height);
        let what = format!(
            "the default image has {} × {} pixels: expected {width} × {height}",
            shown.width, shown.height
        );
        return Err(Fault::Ours(PictureError::Damaged { offset: 0, what }));
    }
    Ok(samples)
}

struct Palette {
    colours: Vec<[u8; 4]>,
    layout: Layout,
}

impl Palette {
    fn of<R: BufRead + Seek>(reader: &Reader<R>) -> Result<Self, PictureError> {
        let damaged = |what: String| PictureError::Damaged { offset: 33, what };
        let info = reader.info();
        let stored = info.palette.as_deref().unwrap_or_default();
        if stored.is_empty() || !stored.len().is_multiple_of(3) || stored.len() > 3 * 256 {
            let found = stored.len();
            return Err(damaged(format!(
                "a palette of {found} bytes: expected three for each of 1 to 256 colours"
            )));
        }
        let alpha = info.trns.as_deref().unwrap_or_default();
        let count = stored.len() / 3;
        // More transparencies than colours are left out: no pixel can have them.
        let alpha = &alpha[..alpha.len().min(count)];
        let colours = stored.chunks_exact(3).enumerate();
        let colours =
            colours.map(|(k, c)| [c[0], c[1], c[2], alpha.get(k).copied().unwrap_or(u8::MAX)]).collect();
        Ok(Self { colours, layout: if alpha.is_empty() { Layout::Rgb } else { Layout::Rgba } })
    }

    /// Looks up the numbers in `rows`, packed with the first in the highest bits.
    fn picture<'a>(
        &self,
        header: &Header,
        rows: impl Iterator<Item = &'a [u8]>,
    ) -> Result<Picture, PictureError> {
        let (width, height, bits) = (header.width as usize, header.height as usize, usize::from(header.bits));
        let (channels, colours) = (self.layout.channels(), self.colours.len());
        let mut samples = Vec::with_capacity(width * height * channels);
        for (y, row) in rows.enumerate() {
            for x in 0..width {
                let shift = 8 - bits - x * bits % 8;
                let index = (row[x * bits / 8] >> shift) & (u8::MAX >> (8 - bits));
                let colour = self.colours.get(usize::from(index));
                let colour = colour.ok_or(PictureError::Palette { pixel: y * width + x, index, colours })?;
                samples.extend_from_slice(&colour[..channels]);
            }
        }
        Ok(Picture::new(width, height, self.layout, Depth::Eight, samples))
    }
}
