//! From finished tasks to a heat map, bars, strips and a table.

use anyhow::Result;
use engine::figures::{Axis, Better, Curve, Grid, Line, Metric, Place, Steps, Strip};
use engine::{Evidence, pick};
use report::{HeatFigure, HeatInk, HeatMap, Mark, RowKind, number};

use super::barycentre::MEANS;
use super::names::{BARYCENTRES, BLANK, CLASSES, MEAN, NOISE, SCORES, TRAINING};
use crate::data::Digits;
use crate::greedy::SHOWN;
use crate::inks::CURVE;
use crate::recipe::Drawing;

const PIXELS: Metric = Metric::new("pixels", "W₂²", Better::Lower).unit("pixels").decimals(1);
const DISTANCE: Metric = Metric::new("wasserstein", "W₂", Better::Lower).decimals(2);

pub(super) fn draw(drawing: &mut Drawing<'_>) -> Result<()> {
    drawing.evidence.0 = drawing.finished.all(&[CLASSES, BARYCENTRES, SCORES])?;
    drawing.metrics();
    classes(drawing);
    samples(drawing)?;
    distances(drawing);
    table(drawing);
    barycentres(drawing)?;
    notes(drawing)
}

/// The distances of all classes, the same on both sides of the diagonal.
fn classes(drawing: &mut Drawing<'_>) {
    let value = |from: usize, to: usize| {
        let (from, to) = (from.min(to).to_string(), from.max(to).to_string());
        drawing.evidence.mean(pick("pixels", &[("from", &from), ("to", &to)])).unwrap_or(f64::NAN)
    };
    let values = (0..10).flat_map(|from| (0..10).map(move |to| (from, to))).map(|(from, to)| value(from, to));
    let names: Vec<String> = (0..10).map(|class: usize| class.to_string()).collect();
    let images = drawing.evidence.mean(pick("images_a_class", &[])).unwrap_or(0.0);
    let (title, caption) = (String::new(), String::new());
    let map = HeatMap { title, values: values.collect(), ink: HeatInk::Amount, decimals: 0, caption };
    let figure = HeatFigure {
        title: "W₂² between classes of digits".into(),
        rows: names.clone(),
        columns: names,
        maps: vec![map],
        per_line: 1,
        note: format!("Pixels that differ, the mean over matched pairs; {images} images on each side."),
        stamp: drawing.stamp(),
    };
    let svg = report::heat(&figure);
    drawing.show(
        "classes.svg",
        svg,
        "Exact squared Wasserstein distances between real digits of two classes. The diagonal compares two halves of a \
         class: the smallest distance to expect.",
        "A heat map of ten by ten classes; the diagonal is lightest.",
    );
}

/// Digits in a row; one where all are the same.
const ROW: usize = 20;

/// Digits of every origin, with their distance to held-out ones.
fn samples(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let mut lines = Vec::new();
    for task in finished.shown(SCORES) {
        let origin = task.columns.get("origin").to_owned();
        let images = finished.tensors(task, SHOWN)?.f32s("images")?.to_vec();
        let count = if [MEAN, BLANK].contains(&origin.as_str()) { 1 } else { ROW };
        lines.push(Line {
            pixels: images.into_iter().take(count * Digits::SIZE.0 * Digits::SIZE.1).collect(),
            place: vec![("origin".into(), origin.clone())],
            values: None,
            kind: if origin == TRAINING { RowKind::Reference } else { RowKind::Plain },
            label: origin,
        });
    }
    let strip = Strip {
        name: "samples",
        title: "Digits, and their distance to held-out digits",
        size: Digits::SIZE,
        per_line: 10,
        metrics: &[PIXELS, DISTANCE],
        caption: "Generated digits, real ones and three baselines, each with its exact distance to the same held-out digits.",
        alt: "Strips of digits with their distances.",
    };
    drawing.strip(&strip, &lines);
    Ok(())
}

/// Distances to held-out digits as bars.
fn distances(drawing: &mut Drawing<'_>) {
    let floor = PIXELS.spread(&drawing.evidence, &vec![("origin".into(), TRAINING.into())]);
    let references = floor.map(|floor| (format!("training images: {}", floor.text(Some(1))), floor.mean));
    let curve = Curve {
        file: "distances.svg",
        title: "Distance to held-out digits",
        x: Axis { label: "", steps: Steps::Names },
        y: Axis { label: "W₂², pixels that differ", steps: Steps::Linear },
        along: "origin",
        metrics: &[PIXELS],
        references: references.into_iter().collect(),
        mark: Mark::Bars,
        caption: "The line is what as many training images reach. Only a blurred generator can score lower.",
        alt: "Bars of the distance of each generator and baseline.",
        ..CURVE
    };
    drawing.curve(&curve);
}

/// Distances to held-out digits as a table.
fn table(drawing: &mut Drawing<'_>) {
    let grid = Grid {
        caption: "Exact distances to held-out digits",
        by: &["origin"],
        heads: &["origin"],
        metrics: &[
            DISTANCE,
            PIXELS,
            Metric::percent("ink", "pixels on", Better::Neither).decimals(1),
            Metric::new("images", "images", Better::Neither).decimals(0),
        ],
        label: None,
        reported: None,
    };
    drawing.grid(&grid);
}

/// Two means of each class.
fn barycentres(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let mut lines = Vec::new();
    for (tensor, label) in [("mean", "mean, pixel by pixel"), ("barycentre", "barycentre of ink")] {
        let mut pixels = Vec::new();
        for task in finished.tasks(&[BARYCENTRES]) {
            pixels.extend_from_slice(finished.tensors(task, MEANS)?.f32s(tensor)?);
        }
        let mean = drawing.evidence.mean(pick(&format!("spread_{tensor}"), &[])).unwrap_or(0.0);
        let (label, values) = (label.to_owned(), Some(vec![mean]));
        lines.push(Line { label, pixels, place: Place::new(), values, kind: RowKind::Plain });
    }
    let strip = Strip {
        name: "barycentres",
        title: "Two means of the digits of each class",
        size: Digits::SIZE,
        per_line: 10,
        metrics: &[Metric::new("", "pixels that hold the ink, exp(entropy)", Better::Neither).decimals(0)],
        caption: "The mean of pixels blurs what does not lie in the same place; the barycentre moves ink, and keeps strokes.",
        alt: "Two rows of ten digits; the lower ones have sharper strokes.",
    };
    drawing.strip(&strip, &lines);
    Ok(())
}

/// What of the origins are no generators.
const BASELINES: [&str; 4] = [TRAINING, NOISE, MEAN, BLANK];

fn notes(drawing: &mut Drawing<'_>) -> Result<()> {
    drawing.notes.push(
        "Finite samples overstate distance, more so in many dimensions; so compare with the row of training images, with as \
         many images on both sides."
            .into(),
    );
    let blur = mean_image(&drawing.evidence);
    drawing.notes.extend(blur);
    let blank = distance(&drawing.evidence, BLANK);
    drawing.notes.push(format!(
        "Blank paper differs from a digit by the digit's own ink, {} pixels: fragments of digits are nearer than whole digits \
         that match no real one. Long Gibbs chains of machines trained by CD-1 tend to such fragments or to nothing; \
         --set gibbs=2000 shows it.",
        number(blank)
    ));
    let faint = fragments(drawing)?;
    drawing.notes.extend(faint);
    let error =
        drawing.evidence.rows.iter().filter(|row| row.metric == "marginal_error").map(|row| row.value);
    let worst = error.fold(0.0, f64::max);
    if worst > 0.0 {
        drawing.notes.push(format!(
            "Barycentres stopped at the last iteration allowed, with plans whose sums are off by at most {} % of the ink.",
            number(100.0 * worst)
        ));
    }
    Ok(())
}

/// The distance of an origin to held-out digits, the mean over seeds; no number where it was not measured.
fn distance(evidence: &Evidence, origin: &str) -> f64 {
    evidence.mean(pick(PIXELS.name, &[("origin", origin)])).unwrap_or(f64::NAN)
}

/// That a blur comes out nearer than what is generated, where it does.
fn mean_image(evidence: &Evidence) -> Option<String> {
    let (mean, training) = (distance(evidence, MEAN), distance(evidence, TRAINING));
    let origins = evidence.along(pick(PIXELS.name, &[]), "origin");
    let generators = origins.into_iter().filter(|origin| !BASELINES.contains(origin));
    let beaten = generators.map(|name| (name, distance(evidence, name))).filter(|(_, own)| mean < *own);
    let beaten: Vec<String> = beaten.map(|(name, own)| format!("of the {name} ({})", number(own))).collect();
    let mut note = String::new();
    if !beaten.is_empty() {
        let (mean, beaten) = (number(mean), beaten.join(" and "));
        note += &format!(
            "The mean image ({mean} pixels) comes out nearer to held-out digits than those {beaten}. "
        );
    }
    if mean < 1.1 * training {
        let near = if mean < training {
            "nearer than other real digits are"
        } else {
            "about as near as other real digits"
        };
        let (mean, training) = (number(mean), number(training));
        note += &format!("The mean image is {near}: {mean} against {training} pixels. ");
    }
    (!note.is_empty()).then(|| {
        note + "Squared distance forgives what is everywhere half right, and so does W₂ between samples as small as these. \
                A small distance alone does not make good samples; the claims compare images in black and white only."
    })
}

/// A generated digit with a smaller share of the ink of a real one is blank, or a fragment. A '1' has more.
const FAINT: f64 = 0.2;

/// How many of the digits shown of each generator are hardly there, where any are.
fn fragments(drawing: &Drawing<'_>) -> Result<Option<String>> {
    let finished = drawing.finished;
    let real = drawing.evidence.mean(pick("ink", &[("origin", TRAINING)])).unwrap_or(f64::NAN);
    let mut counts = Vec::new();
    for task in finished.shown(SCORES) {
        let origin = task.columns.get("origin");
        if BASELINES.contains(&origin) {
            continue;
        }
        let file = finished.tensors(task, SHOWN)?;
        let images = file.f32s("images")?.chunks_exact(Digits::SIZE.0 * Digits::SIZE.1);
        let (all, ink) = (images.len(), |image: &[f32]| image.iter().map(|&x| f64::from(x)).sum::<f64>());
        let faint = images.filter(|image| ink(image) < FAINT * real * image.len() as f64).count();
        if faint > 0 {
            counts.push(format!("{faint} of {all} digits of the {origin}"));
        }
    }
    Ok((!counts.is_empty()).then(|| {
        format!(
            "Of what is shown, {} have less than a fifth of the ink of a real digit: they are blank, or fragments.",
            counts.join(" and ")
        )
    }))
}
