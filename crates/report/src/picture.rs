//! Pictures as `data:` addresses, for SVG and HTML that need no other file.
//!
//! What a picture is, its own first bytes tell, never its name. An image element runs no script and fetches nothing, whoever
//! made the bytes; that is why a page shows SVG in no other way.

use base64::prelude::{BASE64_STANDARD, Engine};

/// What a PNG file begins with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The width of a picture that says none, in pixels.
const WIDTH: f64 = 640.0;

/// A picture as a page shows it.
pub(crate) struct Picture {
    /// Its bytes as an address.
    pub uri: String,
    /// Its width in pixels, as it says itself.
    pub width: f64,
    /// Whether it scales without blocks, and carries words.
    pub is_svg: bool,
}

impl Picture {
    /// The picture in `bytes`; nothing if they are neither PNG nor SVG.
    pub(crate) fn of(bytes: &[u8]) -> Option<Picture> {
        if bytes.starts_with(PNG) {
            return Some(Picture { uri: png_uri(bytes), width: png_width(bytes), is_svg: false });
        }
        let text = std::str::from_utf8(bytes).ok()?;
        let start = text.find("<svg")?;
        let uri = format!("data:image/svg+xml;base64,{}", BASE64_STANDARD.encode(bytes));
        Some(Picture { uri, width: svg_width(&text[start..]), is_svg: true })
    }
}

/// A PNG as a `data:` address.
pub(crate) fn png_uri(png: &[u8]) -> String {
    format!("data:image/png;base64,{}", BASE64_STANDARD.encode(png))
}

/// The width that an SVG element says it has.
fn svg_width(svg: &str) -> f64 {
    let head = &svg[..svg.find('>').unwrap_or(svg.len())];
    let value = head.split(" width=\"").nth(1).and_then(|rest| rest.split('"').next());
    let width = value.and_then(|value| value.parse::<f64>().ok());
    width.filter(|width| (1.0..=20_000.0).contains(width)).unwrap_or(WIDTH)
}

/// The width in a PNG's header.
fn png_width(png: &[u8]) -> f64 {
    let field = png.get(16..20).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
    field.map_or(WIDTH, |bytes| f64::from(u32::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_not_names_say_what_a_picture_is() {
        let svg = Picture::of(b"<?xml version=\"1.0\"?>\n<svg width=\"41.5\" height=\"3\"></svg>").unwrap();
        assert!(svg.is_svg && svg.width == 41.5 && svg.uri.starts_with("data:image/svg+xml;base64,PD94"));
        let png = Picture::of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x02").unwrap();
        assert!(!png.is_svg && png.width == 258.0 && png.uri.starts_with("data:image/png;base64,iVBO"));
        assert!(Picture::of(b"<html>").is_none() && Picture::of(b"\xff<svg>").is_none());
        for size in ["", " width=\"NaN\"", " width=\"-3\"", " width=\"1e300\""] {
            assert_eq!(Picture::of(format!("<svg{size}/>").as_bytes()).unwrap().width, WIDTH);
        }
    }
}
