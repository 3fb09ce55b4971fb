//! What tells series apart: a colour that colour-blind readers can tell, and the shape of a marker, so that grey print works
//! too. A dash has a meaning of its own and is the caller's.

use crate::ink::{CARD, Colour, INK, MUTED, PALETTE};
use crate::series::{INK_OF_REAL, INK_OF_REPORT, Series};
use crate::svg::Svg;
use crate::text::coordinate;

/// From so many points on, lines are thin and markers small.
const DENSE: usize = 400;

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Look {
    pub colour: Colour,
    shape: usize,
    hollow: bool,
    dash: &'static str,
    dense: bool,
}

/// The looks of all series: slots that are asked for first, the others in the order of the palette, none twice as long as one
/// is free.
pub(crate) fn looks(series: &[Series]) -> Vec<Look> {
    let mut taken: Vec<usize> = series.iter().filter_map(|one| one.ink).collect();
    let mut next = || {
        let uses = |slot: usize| taken.iter().filter(|&&other| other == slot).count();
        let slot = (0..PALETTE.len()).min_by_key(|&slot| uses(slot)).unwrap_or(0);
        taken.push(slot);
        slot
    };
    series.iter().map(|one| look(one, one.ink.unwrap_or_else(&mut next))).collect()
}

fn look(series: &Series, slot: usize) -> Look {
    let (colour, shape, hollow, dash) = match slot {
        INK_OF_REPORT => (INK, 0, true, ""),
        INK_OF_REAL => (MUTED, 3, false, "2 3.5"),
        slot => (PALETTE[slot % PALETTE.len()], slot % SHAPES, false, ""),
    };
    Look {
        colour,
        shape,
        hollow,
        dash: if series.dash { "7 4" } else { dash },
        dense: series.points.len() > DENSE,
    }
}

impl Look {
    /// Stroke attributes of a line.
    pub(crate) fn line(&self) -> String {
        let width = if self.dense { "1.4" } else { "2" };
        let dash = match self.dash {
            "" => String::new(),
            dash => format!(" stroke-dasharray=\"{dash}\""),
        };
        let stroke = self.colour.stroke();
        format!("fill=\"none\" {stroke} stroke-width=\"{width}\" stroke-linejoin=\"round\"{dash}")
    }

    /// Fill attributes of a bar.
    pub(crate) fn bar(&self) -> String {
        if self.hollow {
            return format!("{} stroke-width=\"1.4\"", CARD.fill_and_stroke(self.colour));
        }
        self.colour.fill()
    }

    /// Draws a marker at (x, y).
    pub(crate) fn marker(&self, svg: &mut Svg, (x, y): (f64, f64)) {
        let size = if self.dense { 0.6 } else { 1.0 };
        let look = if self.hollow {
            // A ring as wide as others have would be all there is of a small marker.
            let stroke = if self.dense { "0.9" } else { "1.6" };
            format!("{} stroke-width=\"{stroke}\"", CARD.fill_and_stroke(self.colour))
        } else {
            format!("{} stroke-width=\"1\"", self.colour.fill_and_stroke(CARD))
        };
        if self.shape == 0 {
            let (x, y, radius) = (coordinate(x), coordinate(y), coordinate(4.0 * size));
            svg.raw(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" {look}/>"));
            return;
        }
        let moved: Vec<(f64, f64)> =
            corners(self.shape).iter().map(|(dx, dy)| (x + size * dx, y + size * dy)).collect();
        svg.path(&moved, true, &look);
    }

    /// Draws the sign of a value beyond the upper (`up`) or lower end of the axis, its tip at (x, y).
    pub(crate) fn arrow(&self, svg: &mut Svg, (x, y): (f64, f64), up: bool) {
        let down = if up { 9.0 } else { -9.0 };
        let tip = [(x, y), (x + 5.0, y + down), (x - 5.0, y + down)];
        svg.path(&tip, true, &self.colour.fill());
    }
}

/// Kinds of markers.
const SHAPES: usize = 8;

/// The corners of a marker that is no circle.
fn corners(shape: usize) -> &'static [(f64, f64)] {
    match shape {
        1 => &[(-3.6, -3.6), (3.6, -3.6), (3.6, 3.6), (-3.6, 3.6)],
        2 => &[(0.0, -4.8), (4.6, 3.4), (-4.6, 3.4)],
        3 => &[(0.0, -5.0), (5.0, 0.0), (0.0, 5.0), (-5.0, 0.0)],
        4 => &[(0.0, 4.8), (4.6, -3.4), (-4.6, -3.4)],
        5 => &[
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
        6 => &[(4.8, 0.0), (-3.4, 4.6), (-3.4, -4.6)],
        _ => &[(-4.8, 0.0), (3.4, -4.6), (3.4, 4.6)],
    }
}

/// Which of `count` points carry a marker: all of a few, about a dozen of many.
pub(crate) fn marked(count: usize, index: usize) -> bool {
    count <= 30 || index.is_multiple_of(count / 12)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Mark;

    fn slots(inks: &[Option<usize>]) -> Vec<Colour> {
        let one = |&ink: &Option<usize>| Series { ink, ..Series::new("", Mark::Line, Vec::new()) };
        looks(&inks.iter().map(one).collect::<Vec<_>>()).iter().map(|look| look.colour).collect()
    }

    #[test]
    fn a_slot_that_is_asked_for_is_nobody_else_s() {
        let [a, b, c] = slots(&[None, Some(0), None])[..] else { panic!("three series") };
        assert_eq!((a, b, c), (PALETTE[1], PALETTE[0], PALETTE[2]));
        assert_eq!(slots(&[Some(3), Some(3)]), [PALETTE[3]; 2]);
        assert_eq!(slots(&[Some(INK_OF_REPORT), None]), [INK, PALETTE[0]]);
    }

    #[test]
    fn eight_series_have_eight_colours_and_the_ninth_an_old_one() {
        let nine = slots(&[None; 9]);
        assert_eq!(nine[..8], PALETTE);
        assert_eq!(nine[8], PALETTE[0]);
    }
}
