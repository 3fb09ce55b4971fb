//! What tells series apart: a colour that colour-blind readers can tell (Okabe and Ito's set without its yellow), and a
//! dash and a marker besides, so that grey print works too.

use crate::svg::Svg;

/// Colours in the order that series take them.
const COLOURS: [&str; 7] = ["#0067a8", "#d1510a", "#00875f", "#a8478c", "#b57d00", "#2f9bd6", "#3c3f44"];
const DASHES: [&str; 4] = ["", "7 4", "2 3.5", "9 3 2 3"];

/// The colour of series `index`.
pub(crate) fn colour(index: usize) -> &'static str {
    COLOURS[index % COLOURS.len()]
}

/// Stroke attributes of the line of series `index`, which has `count` points: a dense one is thin and unbroken.
pub(crate) fn stroke(index: usize, count: usize) -> String {
    let (width, dash) = if count > 400 { ("1.4", "") } else { ("2", DASHES[index % DASHES.len()]) };
    let dash = if dash.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dash}\"") };
    format!(
        "fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"{dash}",
        colour(index)
    )
}

/// Draws the marker of series `index` at (x, y).
pub(crate) fn marker(svg: &mut Svg, index: usize, (x, y): (f64, f64)) {
    let look = format!("fill=\"{}\" stroke=\"#ffffff\" stroke-width=\"1\"", colour(index));
    let shape: &[(f64, f64)] = match index % 6 {
        0 => {
            let (x, y) = (crate::text::coordinate(x), crate::text::coordinate(y));
            svg.raw(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"4\" {look}/>"));
            return;
        }
        1 => &[(-3.6, -3.6), (3.6, -3.6), (3.6, 3.6), (-3.6, 3.6)],
        2 => &[(0.0, -4.8), (4.6, 3.4), (-4.6, 3.4)],
        3 => &[(0.0, -5.0), (5.0, 0.0), (0.0, 5.0), (-5.0, 0.0)],
        4 => &[(0.0, 4.8), (4.6, -3.4), (-4.6, -3.4)],
        _ => &[
            (-4.4, -1.6),
            (-1.6, -1.6),
            (-1.6, -4.4),
            (1.6, -4.4),
            (1.6, -1.6),
            (4.4, -1.6),
            (4.4, 1.6),
            (1.6, 1.6),
            (1.6, 4.4),
            (-1.6, 4.4),
            (-1.6, 1.6),
            (-4.4, 1.6),
        ],
    };
    let moved: Vec<(f64, f64)> = shape.iter().map(|(dx, dy)| (x + dx, y + dy)).collect();
    svg.path(&moved, true, &look);
}

/// Which of `count` points carry a marker: all of a few, about a dozen of many.
pub(crate) fn marked(count: usize, index: usize) -> bool {
    count <= 30 || index.is_multiple_of(count / 12)
}
