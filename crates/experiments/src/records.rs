//! What our records of errors have in common: rows with a Wilson interval, held-out errors against epochs, claims against a
//! published figure, and the table in which ours stands beside it.

use std::fmt::Display;

use energy::partition::estimate::Interval;
use engine::claim::over;
use engine::figures::{Axis, Better, Curve, Metric, Steps};
use engine::predicates::spread;
use engine::{Evidence, Finding, Rows, pick};
use feedforward::wilson;
use report::spread::EXPLAINED;
use report::{Column, Mark, Table, number};

use crate::dbm::claims::above;
use crate::inks::CURVE;
use crate::intervals::interval;
use crate::recipe::Drawing;

/// The share of test images that a classifier takes for another class, looked at once.
pub(crate) const ERROR: Metric = Metric::percent("error", "test error", Better::Lower);
/// The share of held-out training images that it does, after every epoch.
pub(crate) const HELD_OUT: Metric = Metric::percent("error_held_out", "held-out error", Better::Lower);
/// The standard normal quantile of a 95 % interval.
const Z: f64 = 1.959_963_985;

/// Records the test error of a classifier, with its 95 % interval [Wilson1927].
pub(crate) fn error(wrong: u64, tested: u64, columns: &[(&str, &dyn Display)], rows: &mut Rows) {
    let [low, high] = wilson(wrong, tested, Z);
    let found = Interval { low, value: wrong as f64 / tested as f64, high };
    interval(ERROR.name, found, columns, rows);
    rows.push("test_images", tested as f64, columns);
}

/// Of each seed, the 95 % interval of a model's error.
fn ends(evidence: &Evidence, model: &str) -> Vec<(String, [f64; 2])> {
    let at = [("model", model)];
    let low = evidence.by_seed(pick("error_low", &at));
    let high = evidence.by_seed(pick("error_high", &at));
    let both = low.into_iter().filter_map(|(seed, low)| {
        let (_, high) = high.iter().find(|(other, _)| *other == seed)?;
        Some((seed, [low, *high]))
    });
    both.collect()
}

fn percent(evidence: &Evidence, model: &str) -> String {
    let errors = evidence.values(pick("error", &[("model", model)]));
    format!("{} %", spread(&errors.iter().map(|x| 100.0 * x).collect::<Vec<_>>()))
}

/// The error of a model is at most a bound, with all of its interval; more than it with all of its interval says no.
pub(crate) fn at_most(evidence: &Evidence, model: &str, bound: f64) -> Finding {
    let answers: Vec<Option<bool>> =
        ends(evidence, model).iter().map(|(_, own)| above([bound, bound], *own)).collect();
    over(
        &answers,
        percent(evidence, model),
        format!(
            "the 95 % interval of the test error of {model} wholly below {} %; where the bound lies in it, it cannot be told",
            number(100.0 * bound)
        ),
    )
}

/// The interval of the error of `model` lies below that of `than`; where they meet it cannot be told.
pub(crate) fn errs_less(evidence: &Evidence, model: &str, than: &str) -> Finding {
    let (own, others) = (ends(evidence, model), ends(evidence, than));
    let answers: Vec<Option<bool>> = own
        .iter()
        .filter_map(|(seed, own)| {
            let (_, other) = others.iter().find(|(other, _)| other == seed)?;
            Some(above(*other, *own))
        })
        .collect();
    over(
        &answers,
        format!("{} against {}", percent(evidence, model), percent(evidence, than)),
        format!(
            "the 95 % interval of the test error of {model} wholly below that of {than}; where they meet it cannot be told"
        ),
    )
}

/// Adds a table of our errors beside what others published of such models: names, and figures with their sources. A model of
/// which nothing is published has an empty figure.
pub(crate) fn beside(published: &[(&str, &str)], drawing: &mut Drawing<'_>) {
    let chosen = Metric::new("epoch_chosen", "", Better::Neither).decimals(0);
    let row = |(model, theirs): &(&str, &str)| {
        let place = vec![("model".to_owned(), (*model).to_owned())];
        let evidence = &drawing.drawn.evidence;
        ERROR.spread(evidence, &place)?;
        let theirs = if theirs.is_empty() { "–" } else { theirs };
        let [ours, epoch] = [ERROR, chosen].map(|metric| metric.text(evidence, &place));
        Some(vec![(*model).to_owned(), ours, epoch, theirs.to_owned()])
    };
    let rows: Vec<Vec<String>> = published.iter().filter_map(row).collect();
    if rows.is_empty() {
        return;
    }
    let heads = vec![
        Column::text("model"),
        Column::number("ours", "%"),
        Column::number("at epoch", ""),
        Column::text("published"),
    ];
    let caption = format!(
        "Errors on the test images, which were looked at once, after the epoch that held-out training images choose. {EXPLAINED}"
    );
    drawing.tables.push(Table::new(caption, heads, rows));
}

/// Adds a chart of held-out errors against epochs, a line a model, from rows that know their epoch.
pub(crate) fn held_out(mut rows: Rows, drawing: &mut Drawing<'_>) {
    rows.rows.retain(|row| row.metric == HELD_OUT.name && row.epoch.is_some());
    drawing.files.push(("epochs.csv".to_owned(), rows.to_csv()));
    let curve = Curve {
        file: "held-out.svg",
        title: "Error on held-out training images after every epoch",
        x: Axis { label: "epoch", steps: Steps::Linear },
        y: Axis { label: "held-out error, %", steps: Steps::Log },
        along: "epoch",
        split: "model",
        metrics: &[HELD_OUT],
        mark: Mark::Line,
        caption: "Training images that no network of the chart has learnt from; they choose the epoch.",
        alt: "A line of held-out errors against epochs for each model.",
        ..CURVE
    };
    drawing.along_epochs(&curve, &rows);
}
