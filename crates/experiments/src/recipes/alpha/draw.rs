//! From finished points to evidence, tables, curves and files.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use report::{Axis, Chart, Mark, Series, Table};
use train::{Snapshot, Tensor};

use super::pictures::{self, Sheet};
use super::plan::{self, Shown};
use super::{Alpha, Spread, Variant};
use crate::claim::number;
use crate::data::Source;
use crate::draw::Finished;
use crate::experiment::{Drawn, Experiment, Settings};
use crate::jobs::stack::{layer_file, milestone_file};
use crate::jobs::strip::SAMPLES;
use crate::page::STAMP;
use crate::recipes::{point, slug};
use crate::rows::{Evidence, Rows};
use crate::source::Letters;

/// Stacks above this size are not copied into one file of weights: their layers lie in the points.
const WEIGHTS_LIMIT: u64 = 64 << 20;

pub(super) fn draw(
    alpha: &Alpha,
    experiment: &Experiment,
    settings: &Settings,
    finished: &Finished<'_>,
) -> Result<Drawn> {
    let letters = settings.data.letters()?;
    let list = plan::points(alpha, experiment, settings)?;
    let variants = alpha.variants(settings);
    let mut drawn = Drawn::default();
    let (mut losses, mut runs) = (Rows::default(), BTreeSet::new());
    let mut sheets = Vec::new();
    for shown in &list.shown {
        let variant = &variants[shown.model.variant];
        // An empty text is no column.
        let series = ("series", &variant.series as &dyn std::fmt::Display);
        let columns = |rows: &Rows, into: &mut Rows| {
            into.extend_with(rows, &[series, (alpha.sweep, &variant.value), ("seed", &shown.seed)]);
        };
        let key = |place: usize| &list.points[place].key;
        columns(&finished.rows(key(shown.strip))?, &mut drawn.evidence);
        if let Some(twin) = shown.twin {
            let mut rows = finished.rows(key(twin))?;
            rows.rows.retain(|row| row.metric.ends_with("held_out"));
            columns(&rows, &mut drawn.evidence);
        }
        if shown.model.layers == 1 {
            let rows = finished.rows(key(shown.stacks[0]))?;
            match shown.model.after {
                None => columns(&rows, &mut losses),
                // The stages of a run have one curve.
                Some(_) if runs.insert(shown.stacks[0]) => {
                    losses.extend_with(&rows, &[series, ("seed", &shown.seed)]);
                }
                Some(_) => {}
            }
        }
        if shown.seed == experiment.seed {
            let bytes = finished.read(key(shown.strip), SAMPLES)?;
            sheets.push(Sheet::new(variant, &shown.model, Snapshot::decode(&bytes)?.0));
            weights(shown, variant, &list.points, finished, &mut drawn)?;
        }
    }
    ratios(&mut drawn.evidence);
    drawn.files.push(("metrics.csv".into(), drawn.evidence.to_csv()));
    if !losses.rows.is_empty() {
        drawn.files.push(("losses.csv".into(), losses.to_csv()));
    }
    let stamp = (letters.source == Source::Standin).then_some(STAMP);
    pictures::add(alpha, &letters, &drawn.evidence.clone(), &sheets, stamp, &mut drawn)?;
    curves(alpha, variants, stamp, &mut drawn);
    tables(alpha, variants, &mut drawn);
    notes(alpha, experiment, settings, &letters, &mut drawn);
    Ok(drawn)
}

/// Adds `frechet_over_floor`: how many times farther than real held-out images the samples are.
fn ratios(evidence: &mut Evidence) {
    let floors: Vec<_> = evidence.rows.iter().filter(|row| row.metric == "floor_frechet").cloned().collect();
    for floor in floors {
        let ours = evidence.rows.iter().find(|row| row.metric == "frechet" && row.columns == floor.columns);
        if let Some(ours) = ours {
            let mut row = floor.clone();
            row.metric = "frechet_over_floor".into();
            row.value = ours.value / floor.value.max(f64::MIN_POSITIVE);
            evidence.rows.push(row);
        }
    }
}

/// The weights of one model as one file, if that is of a size to be looked at.
fn weights(
    shown: &Shown,
    variant: &Variant,
    points: &[crate::point::Point],
    finished: &Finished<'_>,
    drawn: &mut Drawn,
) -> Result<()> {
    let mut files = Vec::new();
    let mut from = 0;
    for (&place, &end) in shown.stacks.iter().zip(&shown.segments) {
        for layer in from..end {
            let name = match shown.model.after {
                Some(epoch) if layer == 0 => milestone_file(epoch),
                _ => layer_file(layer),
            };
            files.push((&points[place].key, name));
        }
        from = end;
    }
    let mut size = 0;
    for (key, name) in &files {
        let file = finished.path(key).join(name);
        size += std::fs::metadata(&file).with_context(|| format!("cannot read {}", file.display()))?.len();
    }
    if size > WEIGHTS_LIMIT {
        return Ok(());
    }
    let mut tensors = Vec::new();
    for (layer, (key, name)) in files.iter().enumerate() {
        let (rbm, _) = Snapshot::decode(&finished.read(key, name)?)?;
        tensors.extend(rbm.tensors.into_iter().map(|tensor| {
            let name = if files.len() == 1 { tensor.name } else { format!("rbms.{layer}.{}", tensor.name) };
            Tensor { name, ..tensor }
        }));
    }
    let name = slug(&[variant.series, variant.value].join(" "));
    let metadata = format!(
        "{{\"characters\":{:?},\"epochs\":{},\"hidden\":{},\"layers\":{},\"seed\":{}}}",
        shown.model.characters,
        shown.model.after.unwrap_or(shown.model.epochs),
        shown.model.hidden,
        shown.model.layers,
        shown.seed
    );
    let bytes = Snapshot { epoch: 0, tensors }.encode(&metadata);
    drawn.files.push((format!("weights/{name}.safetensors"), bytes));
    Ok(())
}

/// One family of curves: metrics with their names, on an axis.
struct Family {
    file: &'static str,
    title: &'static str,
    axis: Axis,
    curves: &'static [(&'static str, &'static str)],
    caption: &'static str,
}

fn curves(alpha: &Alpha, variants: &[Variant], stamp: Option<&str>, drawn: &mut Drawn) {
    let families = [
        Family {
            file: "error.svg",
            title: "Reconstruction error",
            axis: Axis::log("mean squared error per pixel"),
            curves: &[
                ("mse_mean_train", "probabilities, training images"),
                ("mse_sampled_train", "sampled, training images"),
                ("mse_mean_held_out", "probabilities, unseen images"),
                ("mse_sampled_held_out", "sampled, unseen images"),
            ],
            caption: "Mean squared difference per pixel between images and reconstructions.",
        },
        Family {
            file: "quality.svg",
            title: "Fidelity of the samples, real images = 1",
            axis: Axis::linear("share of what real images reach"),
            curves: &[("fidelity", "fidelity")],
            caption: "Fidelity: what samples reach of real held-out images in class confidence, clarity, variety and \
                      nearness to a training image, the least of the four; 0.8 counts as well generated.",
        },
        Family {
            file: "distance.svg",
            title: "Distance to real images",
            axis: Axis::log("Fréchet distance"),
            curves: &[("frechet", "samples"), ("floor_frechet", "real held-out images")],
            caption: "Fréchet distance of samples to real images, beside that of as many real held-out images.",
        },
    ];
    if alpha.spread == Spread::Names {
        return;
    }
    for family in families {
        let mut chart = Chart::new(
            family.title,
            if alpha.spread == Spread::Log { Axis::log(alpha.axis) } else { Axis::linear(alpha.axis) },
            family.axis,
        );
        for group in series_of(variants) {
            for (metric, name) in family.curves {
                let points: Vec<report::Point> = variants
                    .iter()
                    .filter(|v| v.series == group)
                    .filter_map(|v| {
                        let at = [(alpha.sweep, v.value), ("series", group)];
                        let at = if group.is_empty() { &at[..1] } else { &at[..] };
                        point(v.x, &drawn.evidence.values(crate::rows::pick(metric, at)))
                    })
                    .collect();
                let name = match (group, family.curves.len()) {
                    ("", _) => (*name).to_owned(),
                    (_, 1) => group.to_owned(),
                    _ => format!("{group}: {name}"),
                };
                if points.len() > 1 {
                    chart.series.push(Series { name, points, mark: Mark::LineMarkers });
                }
            }
        }
        let reported: Vec<report::Point> =
            variants.iter().filter_map(|v| v.reported.map(|y| report::Point::new(v.x, y))).collect();
        if family.file == "error.svg" && reported.len() > 1 {
            chart.series.push(Series { name: "the report".into(), points: reported, mark: Mark::Points });
        }
        if chart.series.is_empty() {
            continue;
        }
        if chart.series.iter().any(|s| s.points.iter().any(|p| p.band.is_some())) {
            chart.note = "Bands: smallest to largest over the seeds; lines: their mean.".into();
        }
        chart.stamp = stamp;
        let alt = format!("{} against {}.", family.title, alpha.axis);
        drawn.show(family.file, report::chart(&chart), family.caption, &alt);
    }
}

/// The curves' names in order.
pub(super) fn series_of(variants: &[Variant]) -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    for variant in variants {
        if !names.contains(&variant.series) {
            names.push(variant.series);
        }
    }
    names
}

/// Metrics of a table with their headings.
type Headings = &'static [(&'static str, &'static str)];

const ERRORS: Headings = &[
    ("mse_mean_train", "probabilities, training images"),
    ("mse_sampled_train", "sampled, training images"),
    ("mse_mean_held_out", "probabilities, unseen images"),
    ("mse_sampled_held_out", "sampled, unseen images"),
];

const SCORES: Headings = &[
    ("fidelity", "fidelity"),
    ("share_confidence", "confidence"),
    ("share_clarity", "clarity"),
    ("share_variety", "variety"),
    ("share_nearness", "nearness"),
    ("coverage", "classes drawn"),
    ("frechet", "Fréchet"),
    ("floor_frechet", "of real images"),
    ("nearest_train", "to nearest training image"),
    ("floor_nearest_train", "of real images"),
];

/// All models with their numbers: errors, then scores of samples.
fn tables(alpha: &Alpha, variants: &[Variant], drawn: &mut Drawn) {
    let captions = [
        ("Reconstruction errors: mean squared difference per pixel", ERRORS),
        (
            "Samples: what they reach of real images, their distances, and those of real held-out images",
            SCORES,
        ),
    ];
    for (caption, headings) in captions {
        let has = |metric: &str| drawn.evidence.rows.iter().any(|row| row.metric == metric);
        let measured: Vec<_> = headings.iter().filter(|(metric, _)| has(metric)).collect();
        if measured.is_empty() {
            continue;
        }
        let reported = std::ptr::eq(headings, ERRORS) && variants.iter().any(|v| v.reported.is_some());
        let mut columns = vec![report::Column::text("model")];
        columns.extend(measured.iter().map(|(_, name)| report::Column::number(name, "")));
        if reported {
            columns.push(report::Column::number("the report", ""));
        }
        let mut rows = Vec::new();
        for variant in variants {
            let at = [(alpha.sweep, variant.value), ("series", variant.series)];
            let at = if variant.series.is_empty() { &at[..1] } else { &at[..] };
            let mut row = vec![variant.label.to_owned()];
            row.extend(
                measured
                    .iter()
                    .map(|(metric, _)| cell(&drawn.evidence.values(crate::rows::pick(metric, at)))),
            );
            if reported {
                row.push(variant.reported.map_or_else(|| "–".to_owned(), number));
            }
            rows.push(row);
        }
        drawn.tables.push(Table { caption: caption.into(), columns, rows });
    }
}

/// The mean over seeds, and half their range behind ±.
fn cell(values: &[f64]) -> String {
    let Some(point) = point(0.0, values) else { return "–".to_owned() };
    match point.band {
        Some((low, high)) if high > low => format!("{} ± {:.1e}", number(point.y), (high - low) / 2.0),
        _ => number(point.y),
    }
}

fn notes(alpha: &Alpha, experiment: &Experiment, settings: &Settings, letters: &Letters, drawn: &mut Drawn) {
    let (reference, classes) = (letters.reference(), &letters.images.classes);
    let mut note = format!(
        "Fidelity and distances come from a kernel nearest-neighbour scorer on blurred pixels, whose own \
         leave-one-out accuracy on all {} classes is {:.1} %.",
        classes.len(),
        100.0 * reference.fit().accuracy
    );
    for labels in reference.characters().iter().filter(|labels| labels.len() > 1) {
        let names: Vec<String> =
            labels.iter().map(|&label| format!("'{}'", classes[usize::from(label)])).collect();
        note += &format!(
            " {} are largely the same images in this data set and count as one character.",
            names.join(" and ")
        );
    }
    drawn.notes.push(note);
    if alpha.held_out > 0 {
        drawn.notes.push(format!(
            "Models learn from all images of their classes, as the report's did. Errors on unseen images come from a twin \
             that learns without {} images of each class.",
            alpha.held_out
        ));
    }
    let seeds = experiment.seeds(settings).len();
    if seeds == 1 {
        drawn.notes.push("One seed: no error bands; the option --repeats 3 gives them.".into());
    }
}
