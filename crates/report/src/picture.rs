//! What kind of picture bytes are, and small ones as `data:` addresses inside an SVG.
//!
//! What a picture is, its own first bytes tell, never its name. An image element runs no script and fetches nothing, whoever
//! made the bytes; that is why a page shows SVG in no other way.

use base64::prelude::{BASE64_STANDARD, Engine};

/// What a PNG file begins with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The width of a picture that says none, in pixels.
const WIDTH: f64 = 640.0;

/// What a page must know of a picture.
pub(crate) struct Picture {
    /// Its width and height in pixels, as it says itself.
    pub width: f64,
    /// See above.
    pub height: f64,
    /// Whether it scales without blocks, and carries words.
    pub is_svg: bool,
    /// Whether pictures made of pixels are in it.
    pub holds_pixels: bool,
}

impl Picture {
    /// The picture in `bytes`; nothing if they are neither PNG nor SVG.
    pub(crate) fn of(bytes: &[u8]) -> Option<Picture> {
        if bytes.starts_with(PNG) {
            return Some(Picture {
                width: png_size(bytes, 16),
                height: png_size(bytes, 20),
                is_svg: false,
                holds_pixels: true,
            });
        }
        let text = std::str::from_utf8(bytes).ok()?;
        let start = text.find("<svg")?;
        let holds_pixels = text.contains("<image");
        let [width, height] = ["width", "height"].map(|side| svg_size(&text[start..], side));
        Some(Picture { width, height, is_svg: true, holds_pixels })
    }
}

/// A PNG as a `data:` address.
pub(crate) fn png_uri(png: &[u8]) -> String {
    format!("data:image/png;base64,{}", BASE64_STANDARD.encode(png))
}

/// The width or height that an SVG element says it has.
fn svg_size(svg: &str, side: &str) -> f64 {
    let head = &svg[..svg.find('>').unwrap_or(svg.len())];
    let value = head.split(&format!(" {side}=\"")).nth(1).and_then(|rest| rest.split('"').next());
    let width = value.and_then(|value| value.parse::<f64>().ok());
    width.filter(|width| (1.0..=20_000.0).contains(width)).unwrap_or(WIDTH)
}

/// The width or height in a PNG's header, at this byte.
fn png_size(png: &[u8], at: usize) -> f64 {
    let field = png.get(at..at + 4).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
    field.map_or(WIDTH, |bytes| f64::from(u32::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_not_names_say_what_a_picture_is() {
        let svg = Picture::of(b"<?xml version=\"1.0\"?>\n<svg width=\"41.5\" height=\"3\"></svg>").unwrap();
        assert!(svg.is_svg && svg.width == 41.5 && !svg.holds_pixels);
        assert!(Picture::of(b"<svg><image/></svg>").unwrap().holds_pixels);
        let png = Picture::of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x02").unwrap();
        assert!(!png.is_svg && png.width == 258.0 && png.holds_pixels);
        assert!(Picture::of(b"<html>").is_none() && Picture::of(b"\xff<svg>").is_none());
        for size in ["", " width=\"NaN\"", " width=\"-3\"", " width=\"1e300\""] {
            assert_eq!(Picture::of(format!("<svg{size}/>").as_bytes()).unwrap().width, WIDTH);
        }
    }
}
