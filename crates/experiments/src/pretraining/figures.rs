//! The curves and filters of a pretraining experiment.

use anyhow::Result;
use report::{Axis as ChartAxis, Chart, GreyImage, Mark, Series, SignedScale, StripFigure, StripRow, Tone};
use train::Snapshot;

use super::draw::{Network, at};
use super::{Axis, Curve, Pretraining, Shape};
use crate::experiment::Drawn;
use crate::recipes::point;
use crate::rows::pick;

/// Filters in a row.
const FILTERS: usize = 20;

pub(super) fn add(
    recipe: &Pretraining,
    shapes: &[Shape],
    networks: &[Network<'_>],
    size: (usize, usize),
    stamp: Option<&str>,
    drawn: &mut Drawn,
) -> Result<()> {
    errors(recipe, shapes, stamp, drawn);
    epochs(recipe, shapes, networks, stamp, drawn);
    filters(recipe, shapes, networks, size, stamp, drawn)
}

/// Test error against the swept quantity.
fn errors(recipe: &Pretraining, shapes: &[Shape], stamp: Option<&str>, drawn: &mut Drawn) {
    let names: Vec<&str> = shapes.iter().map(|shape| shape.value).collect();
    let x = match recipe.axis {
        Axis::Linear(label) => ChartAxis::linear(label),
        Axis::Log(label) => ChartAxis::log(label),
        Axis::Names(label) => ChartAxis::categories(label, &names),
    };
    // Beside a name the marks of the curves stand next to each other, the report's last.
    let place = |index: usize, shape: &Shape, curve: usize| match recipe.axis {
        Axis::Names(_) => index as f64 + 0.14 * (curve as f64 - 0.5 * recipe.curves.len() as f64),
        _ => shape.x,
    };
    let mut chart = Chart::new("Test error after the last epoch", x, ChartAxis::log("test error, %"));
    let mut seeds = 1;
    for (number, curve) in recipe.curves.iter().enumerate() {
        let points = shapes.iter().enumerate().filter_map(|(index, shape)| {
            let at = at(recipe, shape, curve);
            let percent = |metric: &str| -> Vec<f64> {
                drawn.evidence.values(pick(metric, &at)).iter().map(|x| 100.0 * x).collect()
            };
            let last = percent("error_last");
            seeds = seeds.max(last.len());
            let mut point = point(place(index, shape, number), &last)?;
            if last.len() == 1 {
                point.band = Some((percent("error_last_low")[0], percent("error_last_high")[0]));
            }
            Some(point)
        });
        let points: Vec<report::Point> = points.collect();
        let mark = if matches!(recipe.axis, Axis::Names(_)) { Mark::Points } else { Mark::LineMarkers };
        chart.series.push(Series { name: curve.name.to_owned(), points, mark });
    }
    let reported = shapes.iter().enumerate().filter_map(|(index, shape)| {
        shape
            .reported
            .map(|error| report::Point::new(place(index, shape, recipe.curves.len()), 100.0 * error))
    });
    let points: Vec<report::Point> = reported.collect();
    if !points.is_empty() {
        chart.series.push(Series { name: "the report".into(), points, mark: Mark::Points });
    }
    chart.note = match seeds {
        1 => "Bands: 95 % interval of a share of the test images (Wilson).".into(),
        _ => "Bands: smallest to largest over the seeds; lines: their mean.".into(),
    };
    chart.stamp = stamp;
    let label = match recipe.axis {
        Axis::Linear(label) | Axis::Log(label) | Axis::Names(label) => label,
    };
    drawn.show(
        "error.svg",
        report::chart(&chart),
        "Test error of every network after its last epoch.",
        &format!("Test error against {label} for {} starts.", recipe.curves.len()),
    );
}

/// Errors after every epoch, for the last shape.
fn epochs(
    recipe: &Pretraining,
    shapes: &[Shape],
    networks: &[Network<'_>],
    stamp: Option<&str>,
    drawn: &mut Drawn,
) {
    let Some(shape) = shapes.last() else { return };
    let title = format!("Error after every epoch: {} {}", recipe.sweep, shape.value);
    let mut chart = Chart::new(&title, ChartAxis::linear("epoch"), ChartAxis::log("error, %"));
    for network in of(networks, shape) {
        for (metric, what) in [("error_test", "test"), ("error_train", "training")] {
            let rows = network.rows.rows.iter().filter(|row| row.metric == metric);
            let points =
                rows.filter_map(|row| Some(report::Point::new(row.epoch? as f64, 100.0 * row.value)));
            let name = format!("{}: {what}", network.trained.curve.name);
            chart.series.push(Series { name, points: points.collect(), mark: Mark::Line });
        }
    }
    chart.note = "Training error: on the first 5000 training images at most, without dropout.".into();
    chart.stamp = stamp;
    let caption = format!(
        "Errors on test and training images after every epoch, for {} {}.",
        recipe.sweep, shape.value
    );
    let alt = format!("Error against epoch for {} starts.", recipe.curves.len());
    drawn.show("epochs.svg", report::chart(&chart), &caption, &alt);
}

/// The networks of one shape whose weights are kept: those of the first seed.
fn of<'a>(networks: &'a [Network<'a>], shape: &Shape) -> impl Iterator<Item = &'a Network<'a>> {
    let value = shape.value;
    networks.iter().filter(move |n| n.trained.shape.value == value && n.weights.is_some())
}

/// The filters of the first hidden units of every start, for the first shape.
fn filters(
    recipe: &Pretraining,
    shapes: &[Shape],
    networks: &[Network<'_>],
    (height, width): (usize, usize),
    stamp: Option<&str>,
    drawn: &mut Drawn,
) -> Result<()> {
    let Some(shape) = shapes.first() else { return Ok(()) };
    let mut sheets: Vec<(&Curve, Vec<f32>)> = Vec::new();
    for network in of(networks, shape) {
        let Some(bytes) = &network.weights else { continue };
        let (file, _) = Snapshot::decode(bytes)?;
        let weights = file.f32s("layers.0.weight")?;
        let shown = FILTERS * height * width;
        sheets.push((&network.trained.curve, weights[..shown.min(weights.len())].to_vec()));
    }
    let rows = sheets.iter().map(|(curve, weights)| StripRow {
        label: curve.name.to_owned(),
        images: weights.chunks_exact(height * width).map(|f| GreyImage::new(f, height, width)).collect(),
        ..StripRow::default()
    });
    let figure = StripFigure {
        title: format!("First-layer filters after training: {} {}", recipe.sweep, shape.value),
        rows: rows.collect(),
        images_per_line: FILTERS / 2,
        scale: 2,
        tone: Tone::Signed(SignedScale::Each),
        stamp,
        ..StripFigure::default()
    };
    let caption = "Incoming weights of the first hidden units after training, each on its own scale: blue is negative, red \
                   positive.";
    let alt = "Rows of small pictures of weights, one row for each start.";
    drawn.show("filters.svg", report::strips(&figure), caption, alt);
    Ok(())
}
