//! From finished tasks to a strip of digits, charts and the tables.

use anyhow::Result;
use engine::figures::{Axis as Named, Better, Curve, Grid, Line, Metric, Steps, Strip};
use engine::pick;
use report::{Axis, Chart, INK_OF_REAL, INK_OF_REPORT, LegendSide, Mark, Point, RowKind, Series};

use super::names::{FLOOR, LIKELIHOODS, MEASURED, PICTURES, RECOGNISED, planted};
use super::recipe::Comparison;
use super::table::{self, Words};
use crate::arena::{Levels, Samples};
use crate::data::Digits;
use crate::greedy::SAMPLES;
use crate::inks::CURVE;
use crate::recipe::Drawing;

/// Digits of each generator.
const SHOWN: usize = 20;

pub(super) fn draw(recipe: &Comparison, drawing: &mut Drawing<'_>) -> Result<()> {
    drawing.evidence.0 = drawing.finished.all(&[MEASURED, RECOGNISED])?;
    likelihoods(drawing)?;
    drawing.metrics();
    samples(drawing)?;
    pair(recipe, drawing);
    distances(drawing);
    let evidence = drawing.evidence.clone();
    let [black, grey] = Comparison::LEVELS.map(|levels| table::metrics(recipe, levels, &evidence));
    if let Some(table) = &black {
        drawing.files.push(("generators.csv".to_owned(), table.csv().into_bytes()));
    }
    drawing.tables.extend(black.into_iter().chain(grey));
    drawing.grid(&Grid {
        caption: "Log-likelihoods of test images in black and white",
        by: &["origin"],
        heads: &["generator"],
        metrics: &[table::NATS],
        label: None,
        reported: None,
    });
    let sights = [
        table::sights(Levels::Grey, Words::Said, &evidence),
        table::sights(Levels::BlackAndWhite, Words::Left, &evidence),
    ];
    drawing.tables.extend(sights.into_iter().flatten());
    Ok(())
}

/// The likelihoods alone of what was found of them: what is a bound in the rows of some stands beside likelihoods.
fn likelihoods(drawing: &mut Drawing<'_>) -> Result<()> {
    let rows = drawing.finished.all(&[LIKELIHOODS])?.rows;
    for mut row in rows {
        if let Some(end) = row.metric.strip_prefix("bound").filter(|end| ["", "_low", "_high"].contains(end))
        {
            row.metric = format!("log_likelihood{end}");
        }
        if ["log_likelihood", "log_likelihood_low", "log_likelihood_high"].contains(&row.metric.as_str()) {
            drawing.evidence.rows.push(row);
        }
    }
    Ok(())
}

/// The first digits of every generator.
fn samples(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let pixels = Digits::SIZE.0 * Digits::SIZE.1;
    let mut lines = Vec::new();
    for task in finished.shown(PICTURES) {
        let all = Samples::of(&finished.tensors(task, SAMPLES)?)?.0.into_vec();
        let origin = task.columns.get("origin");
        lines.push(Line {
            label: origin.to_owned(),
            pixels: all[..all.len().min(SHOWN * pixels)].to_vec(),
            place: vec![
                ("origin".into(), origin.into()),
                ("levels".into(), Levels::BlackAndWhite.name().into()),
            ],
            values: None,
            kind: RowKind::Plain,
        });
    }
    let strip = Strip {
        name: "samples",
        title: "Digits of every generator",
        size: Digits::SIZE,
        per_line: 10,
        metrics: &[
            Metric::new("precision", "precision", Better::Higher).decimals(2),
            Metric::new("recall", "recall", Better::Higher).decimals(2),
            Metric::new("coverage", "coverage", Better::Higher).decimals(2),
        ],
        caption: "The first twenty digits of each, as it draws them: states of machines, means of autoencoders. These numbers are \
                  of black and white.",
        alt: "A row of digits for every generator.",
    };
    drawing.strip(&strip, &lines);
    Ok(())
}

/// Precision against recall: realism to the right, diversity upwards.
fn pair(recipe: &Comparison, drawing: &mut Drawing<'_>) {
    let point = |origin: &str| {
        let place = [("origin", origin), ("levels", Levels::BlackAndWhite.name())];
        let of = |metric: &str| drawing.evidence.spread(pick(metric, &place));
        let (precision, recall) = (of("precision")?, of("recall")?);
        Some(match recall.high > recall.low {
            true => Point::with_band(precision.mean, recall.mean, recall.low, recall.high),
            false => Point::new(precision.mean, recall.mean),
        })
    };
    let mut chart = Chart::new(
        "Realism and diversity",
        Axis { range: Some((0.0, 1.0)), ..Axis::linear("precision: samples among real images") },
        Axis { range: Some((0.0, 1.0)), ..Axis::linear("recall: real images among samples") },
    );
    for own in recipe.generators {
        let points: Vec<Point> = point(own.name).into_iter().collect();
        chart.series.push(Series::new(own.name, Mark::Points, points));
    }
    let real: Vec<Point> = point(FLOOR).into_iter().collect();
    let ink = Some(INK_OF_REAL);
    chart.series.push(Series { ink, ..Series::new(FLOOR, Mark::Points, real) });
    let mut faults: Vec<(&str, Point)> =
        planted().into_iter().filter_map(|origin| Some((origin, point(origin)?))).collect();
    faults.sort_by(|(_, a), (_, b)| a.x.total_cmp(&b.x));
    let (names, faults): (Vec<&str>, Vec<Point>) = faults.into_iter().unzip();
    let label = format!("planted, from the left: {}", names.join(", "));
    let ink = Some(INK_OF_REPORT);
    chart.series.push(Series { ink, ..Series::new(&label, Mark::Points, faults) });
    (chart.size, chart.legend, chart.stamp) = ((400.0, 400.0), LegendSide::Below, drawing.stamp());
    drawing.show(
        "precision-recall.svg",
        report::Figure::chart(&chart),
        "In black and white. Real images stand at the upper right; a generator that draws one good digit again and again would stand at the \
         lower right.",
        "Points of generators between no and full precision and recall.",
    );
}

/// The Fréchet distance of everything that was measured.
fn distances(drawing: &mut Drawing<'_>) {
    drawing.curve(&Curve {
        file: "frechet.svg",
        title: "Fréchet distance to training images",
        x: Named { label: "", steps: Steps::Names },
        y: Named { label: "squared units of features", steps: Steps::Log },
        only: &[("levels", Levels::BlackAndWhite.name())],
        along: "origin",
        metrics: &[Metric::new("frechet", "Fréchet distance", Better::Lower)],
        mark: Mark::Points,
        caption: "In black and white, in the features of the classifier: generators, held-out images, and planted generators.",
        alt: "Points of the Fréchet distance by orders of magnitude; held-out images lie lowest.",
        ..CURVE
    });
}
