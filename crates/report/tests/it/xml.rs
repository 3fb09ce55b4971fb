//! A reader of the little XML that the crate writes: enough to tell whether it is well formed and where its words stand.

use std::collections::BTreeMap;

/// An element's start tag and the text right after it.
#[derive(Debug)]
pub struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub text: String,
}

impl Element {
    pub fn number(&self, name: &str) -> f64 {
        let value = self.attributes.get(name).unwrap_or_else(|| panic!("{self:?} has no {name}"));
        value.parse().unwrap_or_else(|_| panic!("{name}={value:?} is not a number"))
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.attributes.get(name).is_some_and(|have| have == value)
    }

    /// The corners of the box that a `<text>` takes at most: left, right, top, bottom.
    pub fn text_box(&self) -> [f64; 4] {
        let (x, y, size) = (self.number("x"), self.number("y"), self.number("font-size"));
        let bold = self.has("font-weight", "600");
        let width = if bold {
            report::text::bold_width(&self.text, size)
        } else {
            report::text::width(&self.text, size)
        };
        let before = match self.attributes.get("text-anchor").map(String::as_str) {
            Some("end") => width,
            Some("middle") => width / 2.0,
            _ => 0.0,
        };
        let corners = [
            (-before, -0.8 * size),
            (width - before, -0.8 * size),
            (-before, 0.25 * size),
            (width - before, 0.25 * size),
        ];
        let turn = self
            .attributes
            .get("transform")
            .map_or(0.0, |turn| turn["rotate(".len()..].split(' ').next().unwrap().parse().unwrap());
        let (sine, cosine) = f64::to_radians(turn).sin_cos();
        let turned = corners.map(|(dx, dy)| (x + dx * cosine - dy * sine, y + dx * sine + dy * cosine));
        let fold = |pick: fn(&(f64, f64)) -> f64, least: fn(f64, f64) -> f64| {
            turned.iter().map(pick).reduce(least).unwrap()
        };
        [fold(|c| c.0, f64::min), fold(|c| c.0, f64::max), fold(|c| c.1, f64::min), fold(|c| c.1, f64::max)]
    }
}

/// All elements in document order.
///
/// # Panics
/// If tags do not balance, an attribute is repeated or unquoted, or a `<`, a `&` or a `"` stands unescaped.
pub fn elements(xml: &str) -> Vec<Element> {
    let (mut open, mut out, mut rest) = (Vec::new(), Vec::new(), xml.trim());
    assert!(rest.starts_with('<'), "starts with {:?}", &rest[..rest.len().min(20)]);
    while let Some(start) = rest.find('<') {
        let end = rest[start..].find('>').expect("a tag is closed") + start;
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "</{name}> closes something else");
            continue;
        }
        let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "<{name}> is not an element");
        let text = unescape(&rest[..rest.find('<').unwrap_or(rest.len())]);
        out.push(Element { name: name.to_owned(), attributes: parse_attributes(attributes), text });
        if !empty {
            open.push(name.to_owned());
        }
        assert!(!open.is_empty() || rest.trim().is_empty(), "something follows the document: {rest}");
    }
    assert!(open.is_empty(), "left open: {open:?}");
    out
}

fn parse_attributes(mut rest: &str) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    while !rest.trim().is_empty() {
        let (name, after) =
            rest.trim_start().split_once("=\"").unwrap_or_else(|| panic!("no value in {rest:?}"));
        let (value, after) = after.split_once('"').expect("a value is closed");
        assert!(out.insert(name.to_owned(), unescape(value)).is_none(), "{name} twice");
        rest = after;
    }
    out
}

fn unescape(text: &str) -> String {
    let named = ["&lt;", "&gt;", "&quot;", "&#39;", "&amp;"];
    for (at, _) in text.match_indices('&') {
        assert!(named.iter().any(|name| text[at..].starts_with(name)), "a bare & in {text:?}");
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// No text leaves the document's card, and no two texts overlap.
pub fn assert_texts_have_room(svg: &str) {
    let elements = elements(svg);
    let (width, height) = (elements[0].number("width"), elements[0].number("height"));
    let texts: Vec<&Element> = elements.iter().filter(|element| element.name == "text").collect();
    for text in &texts {
        let [left, right, top, bottom] = text.text_box();
        let inside = left >= 0.0 && right <= width && top >= 0.0 && bottom <= height;
        assert!(inside, "{text:?} at {left:.0}–{right:.0} × {top:.0}–{bottom:.0} leaves {width}×{height}");
    }
    let upright: Vec<&&Element> =
        texts.iter().filter(|text| !text.attributes.contains_key("transform")).collect();
    for (index, one) in upright.iter().enumerate() {
        for other in &upright[index + 1..] {
            let ([l, r, t, b], [left, right, top, bottom]) = (one.text_box(), other.text_box());
            // Baseline to baseline the boxes may touch; the estimate is an upper one.
            let apart = r <= left + 0.5 || right <= l + 0.5 || b <= top + 0.5 || bottom <= t + 0.5;
            assert!(apart, "{one:?} overlaps {other:?}");
        }
    }
}
