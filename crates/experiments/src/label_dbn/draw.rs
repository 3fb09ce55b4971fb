//! What several recipes of this folder draw alike.

use anyhow::Result;
use engine::Rows;
use engine::figures::{Better, Line, Metric, Place, Strip};
use engine::pick;
use report::RowKind;

use super::generate::DRAWN;
use super::network::WIDTHS;
use super::train::bottom_file;
use crate::data::Digits;
use crate::filters::Filters;
use crate::recipe::Drawing;

/// Share of images whose label is found.
pub const ACCURACIES: [Metric; 1] = [Metric::percent("accuracy", "accuracy", Better::Higher)];
/// Share of pictures that are nearest to an image of the label that they were drawn from.
pub const RECOGNISED: Metric =
    Metric::percent("recognised", "pictures recognised as their label", Better::Higher).decimals(1);
/// The same of the pictures of one label.
pub const RECOGNISED_DIGIT: Metric = Metric { name: "recognised_digit", ..RECOGNISED };
/// How far all pictures look alike, whatever the label.
pub const ALIKE: Metric =
    Metric::percent("alike", "taken for the most frequent digit", Better::Neither).decimals(1);
/// What real test images get.
pub const RECOGNISED_REAL: Metric =
    Metric { name: "recognised_real", heading: "test images recognised", ..RECOGNISED };

/// The rows without the losses of slices of training, which stand under the number of a slice.
pub fn without_losses(mut rows: Rows) -> Rows {
    rows.rows.retain(|row| row.metric != "loss");
    rows
}

/// The last text of a column among rows of a metric: the longest of a sweep.
pub fn last(drawing: &Drawing<'_>, metric: &str, column: &str) -> String {
    drawing
        .evidence
        .along(pick(metric, &[]), column)
        .last()
        .map_or_else(String::new, |text| (*text).to_owned())
}

/// Filters of a few hidden units at the milestones that are among those to be shown, and the machines as files.
pub fn filters(drawing: &mut Drawing<'_>, role: &'static str, shown: &[&[usize]]) -> Result<()> {
    let finished = drawing.finished;
    let kept: Vec<usize> = drawing
        .evidence
        .along(pick("clear", &[]), "iterations")
        .into_iter()
        .filter_map(|text| text.parse().ok())
        .filter(|iterations| shown.iter().any(|list| list.contains(iterations)))
        .collect();
    let mut sheets = Vec::new();
    for task in finished.shown(role) {
        for iterations in &kept {
            let file = bottom_file(*iterations);
            sheets.push((
                format!("{iterations} iterations"),
                finished.tensors(task, &file)?.f32s("W")?.to_vec(),
            ));
            let name = format!("weights/{file}");
            let bytes = finished.read(task, &file)?;
            drawing.files.push((name, bytes));
        }
    }
    let figure = Filters {
        file: "filters.svg",
        title: "Weights into hidden units",
        size: Digits::SIZE,
        per_line: 10,
        caption: "The first twenty hidden units, each on its own scale: red where a pixel turns it on, blue where it turns it off.",
        alt: "Rows of weights as pictures, after few iterations and after many.",
        stamp: drawing.stamp(),
    };
    figure.sheets(&sheets, 20, &mut drawing.drawn);
    Ok(())
}

/// Pictures of each label in a line of its own, after the last number of steps, of the first task of a role.
pub fn digits(drawing: &mut Drawing<'_>, role: &'static str) -> Result<()> {
    let finished = drawing.finished;
    let steps = last(drawing, "recognised", "steps");
    let mut lines = Vec::new();
    for task in finished.shown(role) {
        let pixels = finished.tensors(task, DRAWN)?.f32s(&format!("steps-{steps}"))?.to_vec();
        let own = pixels.len() / 10;
        for (digit, pixels) in pixels.chunks_exact(own).enumerate() {
            lines.push(Line {
                label: digit.to_string(),
                pixels: pixels.to_vec(),
                place: place(&[("steps", &steps), ("digit", &digit.to_string())]),
                values: None,
                kind: RowKind::Plain,
            });
        }
    }
    let strip = Strip {
        name: "digits",
        title: "",
        size: Digits::SIZE,
        per_line: 10,
        metrics: &[Metric { heading: "recognised", ..RECOGNISED_DIGIT }],
        caption: "Probabilities of the pixels at the end of chains with the label held, one line a label.",
        alt: "Ten lines of pictures, one for each label.",
    };
    drawing.strip(&strip, &lines);
    Ok(())
}

/// One picture of each label, a line for each model, after the last number of steps.
pub fn models(drawing: &mut Drawing<'_>, roles: &[&'static str]) -> Result<()> {
    let finished = drawing.finished;
    let steps = last(drawing, "recognised", "steps");
    let mut lines = Vec::new();
    for role in roles {
        for task in finished.shown(role) {
            let model = task.columns.get("model");
            let file = finished.tensors(task, DRAWN)?;
            let pixels = file.f32s(&format!("steps-{steps}"))?;
            let one = |own: &[f32]| own[..WIDTHS[0]].to_vec();
            lines.push(Line {
                label: model.to_owned(),
                pixels: pixels.chunks_exact(pixels.len() / 10).flat_map(one).collect(),
                place: place(&[("steps", &steps), ("model", model)]),
                values: None,
                kind: RowKind::Plain,
            });
        }
    }
    let strip = Strip {
        name: "digits",
        title: "",
        size: Digits::SIZE,
        per_line: 10,
        metrics: &[Metric { heading: "recognised", ..RECOGNISED }],
        caption: "One picture of each label from 0 to 9: probabilities at the end of a chain with the label held.",
        alt: "Rows of ten pictures, one row for each network.",
    };
    drawing.strip(&strip, &lines);
    Ok(())
}

fn place(pairs: &[(&str, &str)]) -> Place {
    pairs.iter().map(|(column, text)| ((*column).to_owned(), (*text).to_owned())).collect()
}
