//! Weights of hidden units as pictures: blue takes away, red adds, each unit on its own scale.

use engine::Drawn;
use report::{Figure, GreyImage, SignedScale, StripFigure, StripRow, Tone};

/// A figure of weights on the pixels of images.
pub(crate) struct Filters<'a> {
    /// The file: "filters.svg".
    pub file: &'a str,
    /// What stands over it.
    pub title: &'a str,
    /// Height and width of each picture.
    pub size: (usize, usize),
    /// Pictures in a line of a row.
    pub per_line: usize,
    /// What is shown.
    pub caption: &'a str,
    /// The one-sentence finding, for those who cannot see it.
    pub alt: &'a str,
    /// Marks figures of stand-in data.
    pub stamp: Option<&'static str>,
}

/// A label, and the weights of all units one after another.
pub(crate) type Sheet = (String, Vec<f32>);

impl Filters<'_> {
    /// Adds the figure of the first so many units of each sheet.
    pub fn sheets(&self, sheets: &[Sheet], most: usize, drawn: &mut Drawn) {
        let size = self.size.0 * self.size.1;
        let rows: Vec<(&str, Vec<&[f32]>)> = sheets
            .iter()
            .map(|(label, weights)| (label.as_str(), weights.chunks_exact(size).take(most).collect()))
            .collect();
        self.draw(&rows, drawn);
    }

    /// Adds the figure: a row for each label, with the weights of its units, [height · width] each.
    pub fn draw(&self, rows: &[(&str, Vec<&[f32]>)], drawn: &mut Drawn) {
        let (height, width) = self.size;
        let rows = rows.iter().map(|(label, filters)| StripRow {
            label: (*label).to_owned(),
            images: filters.iter().map(|pixels| GreyImage::new(pixels, height, width)).collect(),
            ..StripRow::default()
        });
        let figure = StripFigure {
            title: self.title.to_owned(),
            rows: rows.collect(),
            images_per_line: self.per_line,
            scale: 2,
            tone: Tone::Signed(SignedScale::Each),
            stamp: self.stamp,
            ..StripFigure::default()
        };
        drawn.show(self.file, Figure::strips(&figure), self.caption, self.alt);
    }
}
