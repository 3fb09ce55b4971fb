//! From finished points to evidence, tables, curves and files.

use anyhow::{Result, bail};
use engine::figures::{Axis, Curve, Grid, Metric, Place, Steps};
use engine::rows::READING;
use engine::{Drawn, Evidence, Finished, Row, Rows, Task, pick};
use report::spread::EXPLAINED;
use report::{Column, Table, number};
use train::{Snapshot, Tensor};

use super::claims::GOOD;
use super::metrics::{
    ERROR_COLUMNS, FIDELITY, FLOOR, FRECHET, MEAN_TRAIN, MEAN_UNSEEN, SAMPLED_TRAIN, SAMPLED_UNSEEN,
    SCORE_COLUMNS, text,
};
use super::model::{Alpha, Variant};
use super::pictures;
use super::plan::{ERRORS, SCORER, SCORES, TRAINING, TWIN};
use super::ratings;
use super::reading::Reading;
use super::scorer::REAL;
use crate::greedy::{Greedy, Learned, Reconstruct};
use crate::inks::CURVE;
use crate::recipe::{Drawing, slug};

/// Stacks above this size are not copied into one file of weights: their layers lie in the points.
const WEIGHTS_LIMIT: u64 = 64 << 20;

pub(super) fn draw(alpha: &Alpha, drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    for task in finished.tasks(&[ERRORS, SCORES, TWIN]) {
        let mut rows = finished.rows(task)?;
        if task.role == TWIN {
            rows.rows.retain(|row| row.metric.ends_with("held_out"));
        }
        drawing.evidence.rows.extend(rows.rows);
    }
    notebook(&mut drawing.evidence);
    ratios(&mut drawing.evidence);
    drawing.metrics();
    let losses = finished.all(&[TRAINING])?;
    if !losses.rows.is_empty() {
        drawing.files.push(("losses.csv".into(), losses.to_csv()));
    }
    for task in finished.shown(ERRORS) {
        weights(finished, task, &mut drawing.drawn)?;
    }
    pictures::add(alpha, drawing)?;
    curves(alpha, drawing);
    tables(alpha, drawing);
    scorer(drawing)?;
    remarks(alpha, drawing);
    Ok(())
}

/// What a reader must know to judge samples: how far the score agrees with the eye, what '1' looks like, what is copied.
fn remarks(alpha: &Alpha, drawing: &mut Drawing<'_>) {
    if !drawing.evidence.has(FIDELITY.name) {
        return;
    }
    drawing.notes.push(ratings::note());
    if alpha.variants.paper.iter().any(|v| v.characters.contains('1') && v.characters.len() > 1) {
        drawing.notes.push(
            "All characters are stretched to the same 20 × 16 pixels, so that ‘1’ is a black block in this data set. Machines \
             that learn it among others soon draw little else; “without ‘1’” are the same machines on as many classes \
             without it."
                .to_owned(),
        );
    }
    let label = |row: &Row| {
        let place: Place = row.columns.iter().filter(|(column, _)| column != "seed").cloned().collect();
        pictures::label(alpha, &place)
    };
    let copied = ratings::copies(&drawing.evidence, &label);
    if !copied.is_empty() {
        drawing
            .notes
            .push(format!("Samples that are exact copies of training images: {}.", copied.join("; ")));
    }
}

/// Under the reading of the notebook an error is that on '0' alone, where there are others.
fn notebook(evidence: &mut Rows) {
    let name = Reading::Notebook.name();
    let read = |row: &Row| row.column(READING) == Some(name.as_str());
    let of_zero: Vec<Row> = evidence
        .rows
        .iter()
        .filter(|row| read(row) && row.metric == "mse_mean_train_of_0")
        .cloned()
        .collect();
    for row in &mut evidence.rows {
        let zero = of_zero.iter().find(|zero| read(row) && zero.columns == row.columns);
        if let Some(zero) = zero.filter(|_| row.metric == "mse_mean_train") {
            row.value = zero.value;
        }
    }
}

/// Adds `frechet_over_floor`: how many times farther than real held-out images the samples are.
fn ratios(evidence: &mut Rows) {
    let of = |metric: &str| -> Vec<Row> {
        evidence.rows.iter().filter(|row| row.metric == metric).cloned().collect()
    };
    let ours = of("frechet");
    for floor in of("floor_frechet") {
        if let Some(ours) = ours.iter().find(|row| row.columns == floor.columns) {
            let value = ours.value / floor.value.max(f64::MIN_POSITIVE);
            evidence.rows.push(Row { metric: "frechet_over_floor".into(), value, ..floor });
        }
    }
}

/// The weights of one model as one file, if that is of a size to be looked at.
fn weights(finished: &Finished<'_>, task: &Task, drawn: &mut Drawn) -> Result<()> {
    let Reconstruct { learned, stacked, seed } = task.job()?;
    let layers = 0..stacked.widths.len();
    let files: Vec<(usize, String)> = layers.map(|layer| stacked.file(layer)).collect::<Result<_>>()?;
    let mut size = 0;
    for (need, name) in &files {
        size += finished.size_of_need(task, *need, name)?;
    }
    if size > WEIGHTS_LIMIT {
        return Ok(());
    }
    let mut tensors = Vec::new();
    for (layer, (need, name)) in files.iter().enumerate() {
        let (rbm, _) = Snapshot::decode(&finished.read_need(task, *need, name)?)?;
        tensors.extend(rbm.tensors.into_iter().map(|tensor| {
            let name = if files.len() == 1 { tensor.name } else { format!("rbms.{layer}.{}", tensor.name) };
            Tensor { name, ..tensor }
        }));
    }
    let trained: Greedy = finished.need(task, 0)?.job()?;
    let Learned::Letters { characters, .. } = learned else { bail!("expected letters, found {learned:?}") };
    let metadata = format!(
        "{{\"characters\":{characters:?},\"epochs\":{},\"hidden\":{},\"layers\":{},\"seed\":{seed}}}",
        stacked.milestone.unwrap_or(trained.epochs),
        stacked.widths[0],
        stacked.widths.len(),
    );
    let texts = task.columns.0.iter().filter(|(column, _)| column != "seed").map(|(_, text)| text.as_str());
    let name = slug(&texts.collect::<Vec<_>>().join(" "));
    let bytes = Snapshot { epoch: 0, tensors }.encode(&metadata);
    drawn.files.push((format!("weights/{name}.safetensors"), bytes));
    Ok(())
}

/// One family of curves.
struct Family {
    file: &'static str,
    title: &'static str,
    axis: Axis<'static>,
    metrics: &'static [Metric],
    caption: &'static str,
}

const FAMILIES: [Family; 4] = [
    Family {
        file: "error.svg",
        title: "Reconstruction error, from probabilities",
        axis: Axis { label: "mean squared error per pixel", steps: Steps::Log },
        metrics: &[MEAN_TRAIN, MEAN_UNSEEN],
        caption: "Mean squared difference per pixel between images and their reconstructions, all the way up and down \
                  with probabilities.",
    },
    Family {
        file: "error-sampled.svg",
        title: "Reconstruction error, sampled",
        axis: Axis { label: "mean squared error per pixel", steps: Steps::Log },
        metrics: &[SAMPLED_TRAIN, SAMPLED_UNSEEN],
        caption: "The same with states sampled all the way up and down.",
    },
    Family {
        file: "quality.svg",
        title: "Fidelity of the samples, real images = 1",
        axis: Axis { label: "fidelity", steps: Steps::Linear },
        metrics: &[FIDELITY],
        caption: "Fidelity is 1 for real images. It is the product of how clean samples are (few pixels that stand alone, ink \
                  as real images have it), the root of how many different characters they show, and the fourth root of \
                  how much drawings of one character differ. We call 0.6 or more good.",
    },
    Family {
        file: "distance.svg",
        title: "Distance to real images",
        axis: Axis { label: "Fréchet distance", steps: Steps::Log },
        metrics: &[FRECHET, FLOOR],
        caption: "Fréchet distance of samples to real images. It looks at the mean and the spread of pixels alone, so that a \
                  blur comes out near, and it often ranks models the other way round than fidelity does; where they \
                  disagree, look at the samples.",
    },
];

fn curves(alpha: &Alpha, drawing: &mut Drawing<'_>) {
    if alpha.steps == Steps::Names {
        return;
    }
    for family in FAMILIES {
        let reported = alpha.variants.paper.iter().filter_map(|v| Some((v.value.to_owned(), v.reported?)));
        let reported: Vec<(String, f64)> = reported.collect();
        let is_error = family.file.starts_with("error");
        let curve = Curve {
            file: family.file,
            title: family.title,
            x: Axis { label: alpha.axis, steps: alpha.steps },
            y: family.axis,
            along: alpha.sweep,
            split: "series",
            metrics: family.metrics,
            dashed: &["mse_mean_train", "mse_sampled_train"],
            reported: if is_error && reported.len() > 1 { reported } else { Vec::new() },
            references: if family.file == "quality.svg" {
                vec![(format!("good: {GOOD}"), GOOD)]
            } else {
                vec![]
            },
            caption: family.caption,
            ..CURVE
        };
        drawing.curve(&curve);
    }
}

/// All models with their numbers: errors, then scores of samples.
fn tables(alpha: &Alpha, drawing: &mut Drawing<'_>) {
    let by = ["series", alpha.sweep];
    let own = |place: &Place| alpha.variant(text(place, "series"), text(place, alpha.sweep));
    let label = |place: &Place| own(place).map_or_else(String::new, |v| v.label.to_owned());
    let reported = |place: &Place| own(place).and_then(|v| v.reported);
    let grid = Grid {
        caption: "Reconstruction errors: mean squared difference per pixel",
        by: &by,
        heads: &["model"],
        metrics: ERROR_COLUMNS,
        label: Some(&label),
        reported: Some(&reported),
    };
    drawing.grid(&grid);
    let caption = "Sample quality: scores as a share of what held-out real images reach, and distances";
    drawing.grid(&Grid { caption, metrics: SCORE_COLUMNS, reported: None, ..grid });
    if let Some(table) = readings(alpha, drawing) {
        drawing.tables.insert(0, table);
    }
}

/// The report's errors beside those of every reading of its first weights, a column each, where a reading is run for most of
/// the sweep.
fn readings(alpha: &Alpha, drawing: &Drawing<'_>) -> Option<Table> {
    let wide = |(_, values): &&(Reading, &[&str])| values.is_empty() || values.len() > 3;
    let sigmas = alpha.readings.iter().filter(wide).filter_map(|(reading, _)| match reading {
        Reading::Sigma(_) => Some((reading.name(), drawing.evidence.of_reading(&reading.name()))),
        _ => None,
    });
    let own = Reading::Sigma(alpha.variants.paper[0].sigma).name();
    let columns: Vec<(String, Evidence)> =
        [(format!("{own} (the protocol)"), drawing.evidence.of_protocol())]
            .into_iter()
            .chain(sigmas)
            .collect();
    let reported: Vec<&Variant> = alpha.variants.paper.iter().filter(|v| v.reported.is_some()).collect();
    if columns.len() < 2 || reported.len() < 3 || alpha.steps == Steps::Names {
        return None;
    }
    let row = |variant: &&Variant| {
        let at = [("series", variant.series), (alpha.sweep, variant.value)];
        let at: Vec<(&str, &str)> = at.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        let cells = columns.iter().map(|(_, own)| {
            own.spread(pick(SAMPLED_TRAIN.name, &at))
                .map_or_else(|| "–".to_owned(), |spread| spread.text(None))
        });
        let reported = variant.reported.map_or_else(String::new, number);
        [variant.value.to_owned(), reported].into_iter().chain(cells).collect()
    };
    let heads = [alpha.axis, "the report"].into_iter().chain(columns.iter().map(|(name, _)| name.as_str()));
    let heads = heads.map(|head| Column::number(head, "")).collect();
    let caption = format!(
        "Sampled reconstruction error on training images, by the standard deviation of the first weights. {EXPLAINED}"
    );
    Some(Table::new(caption, heads, reported.iter().map(row).collect()))
}

/// What the scorer itself is worth.
fn scorer(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    for task in finished.shown(SCORER) {
        let rows = Evidence(finished.rows(task)?);
        let value = |metric: &str| rows.mean(pick(metric, &[])).unwrap_or(f64::NAN);
        let mut note = format!(
            "Fidelity and distances come from a kernel nearest-neighbour scorer on blurred pixels, whose own \
             leave-one-out accuracy on all {} classes is {:.1} %.",
            value("scorer_classes"),
            100.0 * value("scorer_accuracy")
        );
        let (_, merged) = Snapshot::decode(&finished.read(task, REAL)?)?;
        for names in merged.lines() {
            note +=
                &format!(" {names} are largely the same images in this data set and count as one character.");
        }
        drawing.notes.push(note);
    }
    Ok(())
}
