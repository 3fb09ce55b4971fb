//! The curves and filters of a pretraining experiment. All but the sweep show one network: the best of the first regime.

use anyhow::Result;
use engine::figures::{Axis, Better, Curve, Metric, Place, Steps};
use engine::rows::READING;
use engine::{Evidence, Task, pick};
use report::Mark;

use super::Pretraining;
use super::job::NETWORK as WEIGHTS;
use super::measured::{LAST, reported};
use super::plan::NETWORK;
use super::words::named;
use crate::data::Digits;
use crate::filters::Filters;
use crate::inks::CURVE;
use crate::recipe::Drawing;

/// Filters in a row.
const FILTERS: usize = 20;
/// Two filters whose cosine is as large are one picture.
const ALIKE: f64 = 0.95;

/// Test error against the swept quantity.
pub(super) fn errors(recipe: &Pretraining, drawing: &mut Drawing<'_>) {
    let values = recipe.shapes.paper.iter().map(|shape| shape.value);
    let names = recipe.axis.steps == Steps::Names;
    // Errors fall by an order of magnitude where images or labels rise by some.
    let y = if recipe.axis.steps == Steps::Log { Steps::Log } else { Steps::Linear };
    let (alt, first) = (least(recipe, &drawing.evidence), recipe.regimes[0].name);
    let curve = Curve {
        file: "error.svg",
        title: "Test error after the last epoch",
        x: recipe.axis,
        y: Axis { label: "test error, %", steps: y },
        along: recipe.sweep,
        split: "start",
        metrics: &[LAST],
        reported: values.filter_map(|v| Some((v.to_owned(), reported(recipe, first, v)?))).collect(),
        references: recipe.bounds.iter().map(|(label, y)| ((*label).to_owned(), *y)).collect(),
        mark: if names { Mark::Points } else { Mark::LineMarkers },
        caption: "Test error of every network after its last epoch.",
        alt: &alt,
        ..CURVE
    };
    drawing.curve(&curve);
}

/// Where each start errs least, in a sentence.
fn least(recipe: &Pretraining, evidence: &Evidence) -> String {
    let of = |start: &str| -> Option<String> {
        let values = evidence.along(pick(LAST.name, &[("start", start)]), recipe.sweep);
        let places = values.into_iter().map(|value| -> (&str, Place) {
            let columns = [(recipe.sweep, value), ("start", start)];
            (value, columns.map(|(column, text)| (column.to_owned(), text.to_owned())).to_vec())
        });
        let measured = places.filter_map(|(value, at)| Some((value, LAST.spread(evidence, &at)?.mean, at)));
        let (value, _, at) = measured.min_by(|a, b| a.1.total_cmp(&b.1))?;
        Some(format!("{start} {} % with {}", LAST.text(evidence, &at), named(recipe.sweep, value)))
    };
    let names = recipe.regimes.iter().map(|regime| regime.name);
    let starts: Vec<String> =
        names.chain(recipe.beside.iter().map(|network| network.name)).filter_map(of).collect();
    format!("Test error against {}. Least: {}.", recipe.axis.label, starts.join("; "))
}

const TEST: Metric = Metric::percent("error_test", "test error", Better::Lower);

/// Test errors of one network after every epoch.
pub(super) fn epochs(recipe: &Pretraining, value: &str, epochs: Evidence, drawing: &mut Drawing<'_>) {
    let mut rows = epochs;
    rows.rows.retain(|row| {
        row.metric == TEST.name && row.column(recipe.sweep) == Some(value) && row.column(READING).is_none()
    });
    let network = named(recipe.sweep, value);
    let curve = Curve {
        file: "epochs.svg",
        title: &format!("Test error after every epoch: {network}"),
        x: Axis { label: "epoch", steps: Steps::Linear },
        y: Axis { label: "test error, %", steps: Steps::Log },
        along: "epoch",
        split: "start",
        metrics: &[TEST],
        mark: Mark::Line,
        caption: &format!(
            "Test error after every epoch, for the network that errs least after the last: {network}."
        ),
        ..CURVE
    };
    drawing.along_epochs(&curve, &rows);
}

/// The first-layer filters of the first hidden units of one network, under every regime; what repeats is left out.
pub(super) fn filters(recipe: &Pretraining, value: &str, drawing: &mut Drawing<'_>) -> Result<()> {
    let (height, width) = Digits::SIZE;
    let mut sheets: Vec<Sheet> = Vec::new();
    let own = |task: &&Task| task.columns.get(recipe.sweep) == value && task.columns.get(READING).is_empty();
    for task in drawing.finished.shown(NETWORK).filter(own) {
        let file = drawing.finished.tensors(task, WEIGHTS)?;
        let filters: Vec<Vec<f32>> =
            file.f32s("layers.0.weight")?.chunks_exact(height * width).map(<[f32]>::to_vec).collect();
        let start = task.columns.get("start");
        match sheets.iter_mut().find(|sheet| sheet.is_like(&filters)) {
            Some(sheet) => sheet.label += &format!("; {start} looks the same"),
            None => sheets.push(Sheet { label: start.to_owned(), filters }),
        }
    }
    let shown: Vec<(&str, Vec<&[f32]>)> =
        sheets.iter().map(|sheet| (sheet.label.as_str(), sheet.distinct())).collect();
    let network = named(recipe.sweep, value);
    let caption = format!(
        "Incoming weights of hidden units after training, each on its own scale: blue is negative, red positive. Shown are \
         the first units of {network}; a filter that repeats one before it is left out."
    );
    let alt = format!("{} rows of pictures of weights, one for each start.", shown.len());
    let figure = Filters {
        file: "filters.svg",
        title: &format!("First-layer filters after training: {network}"),
        size: Digits::SIZE,
        per_line: FILTERS / 2,
        caption: &caption,
        alt: &alt,
        stamp: drawing.stamp(),
    };
    figure.draw(&shown, &mut drawing.drawn);
    Ok(())
}

/// The filters of a network, one a hidden unit.
struct Sheet {
    label: String,
    filters: Vec<Vec<f32>>,
}

impl Sheet {
    /// Whether most of the first filters are those of the same units here: both networks began on the same layers.
    fn is_like(&self, filters: &[Vec<f32>]) -> bool {
        let pairs = || self.filters.iter().zip(filters).take(FILTERS);
        2 * pairs().filter(|(own, other)| cosine(own, other) >= ALIKE).count() > pairs().count()
    }

    /// The first filters that are not alike.
    fn distinct(&self) -> Vec<&[f32]> {
        let mut shown: Vec<&[f32]> = Vec::new();
        for filter in &self.filters {
            if shown.len() < FILTERS && shown.iter().all(|other| cosine(filter, other) < ALIKE) {
                shown.push(filter);
            }
        }
        shown
    }
}

/// The cosine of the angle between two filters, `x·y / |x| |y|`; 0 where one is zero.
fn cosine(x: &[f32], y: &[f32]) -> f64 {
    let dot = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum::<f64>();
    let lengths = (dot(x, x) * dot(y, y)).sqrt();
    if lengths > 0.0 { dot(x, y) / lengths } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(filters: &[[f32; 2]]) -> Sheet {
        Sheet { label: String::new(), filters: filters.iter().map(|filter| filter.to_vec()).collect() }
    }

    #[test]
    fn a_filter_that_repeats_is_shown_once() {
        let own = sheet(&[[1.0, 0.0], [2.0, 0.1], [0.0, 1.0], [0.0, -1.0], [0.0, 0.0]]);
        let shown = own.distinct();
        assert_eq!(shown, [&[1.0, 0.0], &[0.0, 1.0], &[0.0, -1.0], &[0.0, 0.0]]);
    }

    #[test]
    fn networks_that_began_on_the_same_layers_look_the_same() {
        let own = sheet(&[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]);
        assert!(own.is_like(&sheet(&[[1.0, 0.1], [0.1, 1.0], [-1.0, 1.0]]).filters));
        assert!(!own.is_like(&sheet(&[[1.0, 0.1], [1.0, 0.0], [-1.0, 1.0]]).filters));
    }
}
