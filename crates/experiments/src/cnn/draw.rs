//! Learning curves, the maps of two digits, filters, and a table.

use anyhow::{Context, Result};
use engine::Task;
use engine::figures::{Axis, Better, Curve, Grid, Metric, Steps};
use report::{Figure, GreyImage, Mark, StripFigure, StripRow, Tone};
use train::Snapshot;

use super::look::SEEN as FILE;
use super::names::{ALL, DIGITS, FEW, LEARNT, SEEN};
use crate::data::Digits;
use crate::filters::Filters;
use crate::inks::CURVE;
use crate::networks::{NETWORK, with_errors};
use crate::recipe::{Drawing, slug};

const ACCURACY: Metric = Metric::percent("accuracy_test", "test accuracy", Better::Higher).decimals(2);
/// The same as an error, which an axis of orders of magnitude shows to the end of training.
const ERROR: Metric = Metric::percent("error_test", "test error", Better::Lower).decimals(2);
const TRAIN_LOSS: Metric = Metric::new("loss", "training", Better::Lower).unit("nats").decimals(4);
const TEST_LOSS: Metric = Metric::new("cross_entropy_test", "test", Better::Lower).unit("nats").decimals(4);
const ROUGHNESS: Metric = Metric::new("roughness", "roughness", Better::Neither).decimals(3);

pub(super) fn draw(shown: &str, drawing: &mut Drawing<'_>) -> Result<()> {
    let mut evidence = drawing.finished.all(&[LEARNT])?;
    evidence
        .rows
        .extend(drawing.finished.all(&[SEEN])?.rows.into_iter().filter(|row| row.metric != "filters"));
    drawing.evidence.0 = evidence;
    drawing.metrics();
    curves(drawing);
    for digit in DIGITS {
        maps(digit, shown, drawing)?;
    }
    filters(drawing)?;
    table(drawing);
    let finished = drawing.finished;
    for task in finished.shown(LEARNT) {
        let name = format!("{}-{}", slug(task.columns.get("network")), slug(task.columns.get("data")));
        drawing.weights(task, NETWORK, &name)?;
    }
    Ok(())
}

fn curves(drawing: &mut Drawing<'_>) {
    let [all, few] = [ALL, FEW].map(|data| {
        let mut rows = drawing.evidence.only(&[("data", data)]);
        with_errors(&mut rows);
        rows
    });
    let epochs = Axis { label: "epoch", steps: Steps::Linear };
    let accuracy = Curve {
        file: "accuracy.svg",
        title: "Errors on all 10 000 test images",
        x: epochs,
        y: Axis { label: "test error, %", steps: Steps::Log },
        along: "epoch",
        split: "network",
        metrics: &[ERROR],
        mark: Mark::Line,
        caption: "After every epoch on all training images.",
        alt: "Test error against epochs on all training images, a line for each optimiser.",
        ..CURVE
    };
    drawing.along_epochs(&accuracy, &all);
    let loss = Curve {
        file: "cross-entropy.svg",
        title: "Cross-entropy on all images",
        y: Axis { label: "nats an image", steps: Steps::Log },
        metrics: &[TRAIN_LOSS, TEST_LOSS],
        caption: "Of the training images while they are learnt from, and of the test images after every epoch.",
        alt: "Cross-entropy against epochs, of training and of test images.",
        ..accuracy
    };
    drawing.along_epochs(&loss, &all);
    let part = Curve {
        file: "part.svg",
        title: "Errors after learning from 12 000 images",
        metrics: &[ERROR],
        y: Axis { label: "error on 2000 test images, %", steps: Steps::Log },
        references: vec![("3 %: an accuracy of 0.97".to_owned(), 3.0)],
        caption: "After every epoch on the first 12 000 training images, on the first 2000 test images.",
        alt: "Test error against epochs on 12 000 training images, a line for each optimiser.",
        ..loss
    };
    drawing.along_epochs(&part, &few);
}

/// What was seen of the first seed's network.
fn seen<'a>(drawing: &Drawing<'a>, network: &str, data: &str) -> Result<(&'a Task, Snapshot)> {
    let own = |task: &&Task| task.columns.get("network") == network && task.columns.get("data") == data;
    let task = drawing.finished.shown(SEEN).find(own);
    let task = task.with_context(|| format!("no network by {network} on {data}"))?;
    Ok((task, drawing.finished.tensors(task, FILE)?))
}

/// Pixels that a small map is enlarged to, about, and by how much the filters of the first layer are.
const SIDE: usize = 20;
const ENLARGED: usize = 3;

/// Pictures of `height × width` one after another, each value as a square of `by × by`.
fn enlarge(values: &[f32], (height, width): (usize, usize), by: usize) -> Vec<f32> {
    let picture = |picture: &[f32]| -> Vec<f32> {
        let rows = (0..height * by).map(|row| &picture[row / by * width..][..width]);
        rows.flat_map(|row| row.iter().flat_map(|&x| std::iter::repeat_n(x, by))).collect()
    };
    values.chunks_exact(height * width).flat_map(picture).collect()
}

/// The image of a digit, and the maps of every layer, at their sizes.
fn maps(digit: u8, shown: &str, drawing: &mut Drawing<'_>) -> Result<()> {
    let (_, file) = seen(drawing, shown, ALL)?;
    let labels = [
        "first convolution, after ReLU",
        "first max-pooling",
        "second convolution, after ReLU",
        "second max-pooling",
    ];
    let (height, width) = Digits::SIZE;
    let image = file.f32s(&format!("{digit}.image"))?;
    let mut rows = vec![StripRow {
        label: format!("image, {height} × {width}"),
        images: vec![GreyImage::new(image, height, width)],
        ..StripRow::default()
    }];
    // Each layer on its own scale, from nothing to its strongest response; small maps in larger pixels.
    let mut scaled = Vec::new();
    for (number, label) in labels.iter().enumerate() {
        let name = format!("{digit}.maps.{number}");
        let values = file.f32s(&name)?;
        let &[channels, rows, columns] = &file.tensor(&name)?.shape[..] else { continue };
        let most = values.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        let values: Vec<f32> = values.iter().map(|x| x / most).collect();
        let by = (SIDE / rows.max(1)).max(1);
        let label = format!("{label}: {channels} × {rows} × {columns}");
        scaled.push((label, enlarge(&values, (rows, columns), by), (rows * by, columns * by)));
    }
    for (label, values, (height, width)) in &scaled {
        rows.push(StripRow {
            label: label.clone(),
            images: values
                .chunks_exact(height * width)
                .map(|map| GreyImage::new(map, *height, *width))
                .collect(),
            ..StripRow::default()
        });
    }
    let figure = StripFigure {
        title: format!("What the layers make of a {digit}"),
        rows,
        images_per_line: 5,
        scale: 3,
        tone: Tone::LightOnDark,
        stamp: drawing.stamp(),
        ..StripFigure::default()
    };
    drawing.show(
        &format!("maps-{digit}.svg"),
        Figure::strips(&figure),
        &format!(
            "The network learnt by {shown} on all images. Each layer on its own scale: black is no response."
        ),
        &format!(
            "A handwritten {digit}, and below it the maps of both convolutions and both max-pooling layers."
        ),
    );
    Ok(())
}

/// The filters of the first layer of every network, and of the second layer of one.
fn filters(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let mut sheets = Vec::new();
    for task in finished.shown(SEEN) {
        let file = finished.tensors(task, FILE)?;
        let label = format!("{}, {}", task.columns.get("network"), task.columns.get("data"));
        sheets.push((label, enlarge(file.f32s("filters.0")?, (9, 9), ENLARGED)));
    }
    let first = Filters {
        file: "filters.svg",
        title: "Filters of the first layer",
        size: (9 * ENLARGED, 9 * ENLARGED),
        per_line: 8,
        caption: "All fifteen, each on its own scale: blue is negative, red positive.",
        alt: "Rows of fifteen filters of 9 × 9 weights, a row for each network.",
        stamp: drawing.stamp(),
    };
    first.sheets(&sheets, 15, &mut drawing.drawn);
    let Some(task) = finished.shown(SEEN).next() else { return Ok(()) };
    let file = finished.tensors(task, FILE)?;
    let label = format!(
        "{}, {}: twenty filters, fifteen channels each",
        task.columns.get("network"),
        task.columns.get("data")
    );
    let second = Filters {
        file: "filters-second.svg",
        title: "Filters of the second layer",
        size: (10, 10),
        per_line: 15,
        caption: "A line for each filter, a picture for each map of the first layer that it looks at.",
        alt: "Twenty lines of fifteen filters of 5 × 5 weights; they look noisy.",
        ..first
    };
    let weights = enlarge(file.f32s("filters.1")?, (5, 5), 2);
    second.sheets(&[(label, weights)], 300, &mut drawing.drawn);
    Ok(())
}

fn table(drawing: &mut Drawing<'_>) {
    drawing.grid(&Grid {
        caption: "After the last epoch",
        by: &["network", "data"],
        heads: &["optimiser", "learnt from"],
        metrics: &[ACCURACY, TEST_LOSS, TRAIN_LOSS],
        label: None,
        reported: None,
    });
    drawing.grid(&Grid {
        caption: "How rough filters are",
        by: &["network", "data", "layer"],
        heads: &["optimiser", "learnt from", "layer"],
        metrics: &[ROUGHNESS],
        label: None,
        reported: None,
    });
}
