//! The legend: a sample of line and marker beside each name, always outside the plotting area. One name alone needs none.

use crate::ink::INK;
use crate::marks::Look;
use crate::series::{Mark, Series};
use crate::svg::{Svg, Type};
use crate::text::{widest, wrap};

const SIZE: f64 = 12.5;
const LEADING: f64 = 17.0;
const SAMPLE: f64 = 38.0;
const SPACE: f64 = 22.0;

/// A legend whose entries have their places, relative to its upper left corner.
pub(crate) struct Legend {
    entries: Vec<Entry>,
    pub width: f64,
    pub height: f64,
}

struct Entry {
    look: Look,
    mark: Mark,
    at: (f64, f64),
    lines: Vec<String>,
}

impl Legend {
    /// Entries flow in rows at most `width` wide.
    pub(crate) fn flowing(series: &[Series], looks: &[Look], width: f64) -> Legend {
        let mut legend = Legend { entries: Vec::new(), width: 0.0, height: 0.0 };
        let (mut x, mut y, mut row) = (0.0, 0.0, 0.0);
        for (one, look) in named(series, looks) {
            let lines = wrap(&one.name, SIZE, width - SAMPLE);
            let taken = SAMPLE + widest(&lines, SIZE);
            if x > 0.0 && x + taken > width {
                (x, y, row) = (0.0, y + row, 0.0);
            }
            row = f64::max(row, lines.len() as f64 * LEADING + 3.0);
            legend.entries.push(Entry { look, mark: one.mark, at: (x, y), lines });
            legend.width = legend.width.max(x + taken);
            x += taken + SPACE;
        }
        legend.height = y + row;
        legend
    }

    /// Entries under each other, at most `width` wide.
    pub(crate) fn stacked(series: &[Series], looks: &[Look], width: f64) -> Legend {
        let mut legend = Legend { entries: Vec::new(), width: 0.0, height: 0.0 };
        for (one, look) in named(series, looks) {
            let lines = wrap(&one.name, SIZE, width - SAMPLE);
            legend.width = legend.width.max(SAMPLE + widest(&lines, SIZE));
            let height = lines.len() as f64 * LEADING + 5.0;
            legend.entries.push(Entry { look, mark: one.mark, at: (0.0, legend.height), lines });
            legend.height += height;
        }
        legend
    }

    /// Draws the legend with its upper left corner at (x, y), and says where it ends; without entries, nothing and nowhere.
    pub(crate) fn draw(&self, svg: &mut Svg, (x, y): (f64, f64)) -> f64 {
        if self.entries.is_empty() {
            return f64::NEG_INFINITY;
        }
        svg.raw("<g class=\"legend\">");
        for Entry { look, mark, at, lines } in &self.entries {
            let (x, y) = (x + at.0, y + at.1);
            let middle = y + LEADING / 2.0;
            match mark {
                Mark::Bars => svg.rect((x + 8.0, middle - 5.0), (12.0, 10.0), &look.bar()),
                mark => {
                    if *mark != Mark::Points {
                        svg.line((x, middle), (x + 30.0, middle), &look.line());
                    }
                    if *mark != Mark::Line {
                        look.marker(svg, (x + 15.0, middle));
                    }
                }
            }
            svg.lines((x + SAMPLE, y + 12.5), Type::plain(SIZE).fill(INK), LEADING, lines);
        }
        svg.raw("</g>");
        y + self.height
    }
}

/// The series with names, if there are two to tell apart.
fn named<'a>(series: &'a [Series], looks: &'a [Look]) -> impl Iterator<Item = (&'a Series, Look)> {
    let named = series.iter().filter(|one| !one.name.is_empty()).count();
    let all = series.iter().zip(looks).filter(move |(one, _)| named > 1 && !one.name.is_empty());
    all.map(|(one, look)| (one, *look))
}
