//! The colours of figures, each with its twin for the dark scheme.
//!
//! An element carries the light colour as an attribute and a class by its name; a stylesheet inside the document sets the
//! twin where the reader prefers dark. A reader of SVG that knows no stylesheets draws the light figure.

use std::fmt::Write;

/// A colour in both schemes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour {
    /// Its class without the leading letter; empty for a colour that is data and the same in both schemes.
    name: &'static str,
    light: &'static str,
    dark: &'static str,
}

/// The ground of a figure.
pub(crate) const CARD: Colour = Colour::new("card", "#ffffff", "#171c23");
/// Text and axis lines.
pub(crate) const INK: Colour = Colour::new("ink", "#1f2328", "#e6eaf0");
/// Second-rank text.
pub(crate) const MUTED: Colour = Colour::new("muted", "#59636e", "#9aa6b4");
/// Grid lines and frames.
pub(crate) const FAINT: Colour = Colour::new("faint", "#e4e7eb", "#2b333d");
/// The ground of rows that others are held against.
pub(crate) const TINT: Colour = Colour::new("tint", "#eef3fa", "#1d2836");
/// The stamp: amber.
pub(crate) const STAMP: Colour = Colour::new("stamp", "#8a5a00", "#f0c674");
/// Edges and faces of the cube of colours.
pub(crate) const EDGE: Colour = Colour::new("edge", "#c3c9d1", "#465261");
pub(crate) const FACE: Colour = Colour::new("face", "#eef0f3", "#222a34");
pub(crate) const RED: Colour = Colour::new("red", "#b3261e", "#ff9d94");
pub(crate) const GREEN: Colour = Colour::new("green", "#1b7f3b", "#79d896");
pub(crate) const BLUE: Colour = Colour::new("blue", "#2456c4", "#8fb4ff");

/// The colours of series. No two look alike, either to readers who see red or green weakly.
pub(crate) const PALETTE: [Colour; 8] = [
    Colour::new("s0", "#0b62c4", "#63aef7"),
    Colour::new("s1", "#b8480f", "#e07a45"),
    Colour::new("s2", "#45a37e", "#66e3b8"),
    Colour::new("s3", "#d874cf", "#b146b8"),
    Colour::new("s4", "#d99a0b", "#efd03a"),
    Colour::new("s5", "#127a8c", "#2b8f9e"),
    Colour::new("s6", "#4b118f", "#8a4cf5"),
    Colour::new("s7", "#5b2430", "#93636b"),
];

const FIXED: [Colour; 11] = [CARD, INK, MUTED, FAINT, TINT, STAMP, EDGE, FACE, RED, GREEN, BLUE];

impl Colour {
    const fn new(name: &'static str, light: &'static str, dark: &'static str) -> Colour {
        Colour { name, light, dark }
    }

    /// The same colour in both schemes.
    pub(crate) const fn always(colour: &'static str) -> Colour {
        Colour::new("", colour, colour)
    }

    /// Attributes that fill an element.
    pub(crate) fn fill(self) -> String {
        format!("{}fill=\"{}\"", class(&[('f', self)]), self.light)
    }

    /// Attributes that stroke an element.
    pub(crate) fn stroke(self) -> String {
        format!("{}stroke=\"{}\"", class(&[('l', self)]), self.light)
    }

    /// Attributes that fill an element and stroke its edge.
    pub(crate) fn fill_and_stroke(self, edge: Colour) -> String {
        let class = class(&[('f', self), ('l', edge)]);
        format!("{class}fill=\"{}\" stroke=\"{}\"", self.light, edge.light)
    }
}

fn class(uses: &[(char, Colour)]) -> String {
    let named = uses.iter().filter(|(_, colour)| !colour.name.is_empty());
    let names: Vec<String> = named.map(|(what, colour)| format!("{what}-{}", colour.name)).collect();
    if names.is_empty() { String::new() } else { format!("class=\"{}\" ", names.join(" ")) }
}

/// The class of what is light for itself, such as ink on paper: turned dark with its hues kept.
pub(crate) const PAPER: &str = "paper";

/// The rules of the dark scheme for the classes that stand in `body`.
pub(crate) fn stylesheet(body: &str) -> String {
    let mut rules = String::new();
    for colour in FIXED.iter().chain(&PALETTE) {
        for (letter, property) in [('f', "fill"), ('l', "stroke")] {
            let name = format!("{letter}-{}", colour.name);
            if ["\"", " "].iter().any(|end| body.contains(&format!("{name}{end}"))) {
                let _ = write!(rules, ".{name}{{{property}:{}}}", colour.dark);
            }
        }
    }
    if body.contains(&format!("class=\"{PAPER}\"")) {
        let _ = write!(rules, ".{PAPER}{{filter:invert(.9) hue-rotate(180deg)}}");
    }
    format!("<style>@media (prefers-color-scheme:dark){{{rules}}}</style>")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Linear red, green and blue as readers see them: with all cones, and with one kind missing (the
    /// matrices of Machado, Oliveira and Fernandes, 2009).
    const EYES: [[[f64; 3]; 3]; 3] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ];

    fn linear(colour: &str) -> [f64; 3] {
        [1, 3, 5].map(|at| {
            let byte = u8::from_str_radix(&colour[at..at + 2], 16).unwrap();
            let c = f64::from(byte) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// CIE L*a*b* under D65.
    fn lab([r, g, b]: [f64; 3]) -> [f64; 3] {
        let root = |t: f64| if t > 0.008_856 { t.max(0.0).cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
        let y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
        let z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    fn seen(colour: &str, eye: &[[f64; 3]; 3]) -> [f64; 3] {
        let rgb = linear(colour);
        lab(eye.map(|row| row.iter().zip(rgb).map(|(weight, c)| weight * c).sum()))
    }

    /// A difference of 2.3 can just be seen side by side; 15 is told apart across a chart.
    #[test]
    fn no_two_colours_of_series_look_alike_to_anybody() {
        for eye in &EYES {
            for scheme in [|colour: &Colour| colour.light, |colour: &Colour| colour.dark] {
                for (index, one) in PALETTE.iter().enumerate() {
                    for other in &PALETTE[index + 1..] {
                        let (a, b) = (seen(scheme(one), eye), seen(scheme(other), eye));
                        let apart = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                        assert!(apart > 15.0, "{one:?} and {other:?} are {apart:.1} apart");
                    }
                }
            }
        }
    }

    #[test]
    fn only_classes_in_use_have_rules() {
        let rules = stylesheet(&format!("<text {}/>", INK.fill()));
        assert_eq!(rules, "<style>@media (prefers-color-scheme:dark){.f-ink{fill:#e6eaf0}}</style>");
        assert_eq!(Colour::always("#123456").fill(), "fill=\"#123456\"");
        assert_eq!(CARD.fill_and_stroke(INK), "class=\"f-card l-ink\" fill=\"#ffffff\" stroke=\"#1f2328\"");
    }
}
