//! A strip: rows of pictures with numbers, as an SVG with words and as a PNG of the pictures alone.

use report::{GreyImage, GridStyle, NumberColumn, RowKind, StripFigure, StripRow};

use crate::figures::metric::Metric;
use crate::figures::place::Place;
use crate::study::Drawn;

/// Rows of grey pictures of one size.
pub struct Strip<'a> {
    /// The files are `NAME.svg` and `NAME.png`.
    pub name: &'a str,
    /// What stands over it; may be empty.
    pub title: &'a str,
    /// Height and width of each picture, in pixels.
    pub size: (usize, usize),
    /// Pictures in a line of a row.
    pub per_line: usize,
    /// The numbers of each row.
    pub metrics: &'a [Metric],
    /// What is shown.
    pub caption: &'a str,
    /// The one-sentence finding, for those who cannot see it.
    pub alt: &'a str,
}

/// One row.
pub struct Line {
    /// What stands beside it.
    pub label: String,
    /// Pixels from 0 (paper) to 1 (ink), one picture after another.
    pub pixels: Vec<f32>,
    /// Where its numbers are found in the evidence.
    pub place: Place,
    /// Numbers instead of those, where they have other names.
    pub values: Option<Vec<f64>>,
    /// Whether it shows real images, which the others are held against.
    pub kind: RowKind,
}

impl Strip<'_> {
    /// Adds the strip in both forms.
    pub fn draw(&self, lines: &[Line], stamp: Option<&str>, drawn: &mut Drawn) {
        let (height, width) = self.size;
        let pictures = |line: &'_ Line| -> Vec<Vec<f32>> {
            line.pixels.chunks_exact(height * width).map(<[f32]>::to_vec).collect()
        };
        let all: Vec<Vec<Vec<f32>>> = lines.iter().map(pictures).collect();
        let mut figure = StripFigure { stamp, images_per_line: self.per_line, ..StripFigure::default() };
        figure.title = self.title.to_owned();
        figure.columns = self.metrics.iter().map(column).collect();
        for (line, pictures) in lines.iter().zip(&all) {
            let mean = |metric: &Metric| {
                metric.spread(&drawn.evidence, &line.place).map_or(f64::NAN, |spread| spread.mean)
            };
            let own = || self.metrics.iter().map(mean).collect();
            figure.rows.push(StripRow {
                label: line.label.clone(),
                images: pictures.iter().map(|pixels| GreyImage::new(pixels, height, width)).collect(),
                values: line.values.clone().unwrap_or_else(own),
                kind: line.kind,
            });
        }
        let svg = report::Figure::strips(&figure);
        let grid: Vec<GreyImage<'_>> =
            all.iter().flatten().map(|pixels| GreyImage::new(pixels, height, width)).collect();
        let style = GridStyle { columns: self.per_line, ..GridStyle::default() };
        let png = report::png_grid(&grid, &style);
        drawn.show(&format!("{}.svg", self.name), svg, self.caption, self.alt);
        drawn.files.push((format!("{}.png", self.name), png));
    }
}

fn column(metric: &Metric) -> NumberColumn {
    let unit = if metric.unit.is_empty() { String::new() } else { format!(", {}", metric.unit) };
    let decimals = metric.decimals.map_or(3, usize::from);
    NumberColumn { heading: format!("{}{unit}", metric.heading), decimals }
}
