//! From finished tasks to filters, strips of samples, shares of classes and tables.

use anyhow::Result;
use engine::figures::{Axis, Better, Curve, Grid, Line, Metric, Steps, Strip};
use report::{Mark, RowKind};
use train::Snapshot;

use super::detail::{FILTERS, LAYERS};
use super::machine::{DEEP as DEEP_FILE, pixels};
use super::modes::REAL;
use super::recipe::{BOUND, DEEP, DETAIL, GREEDY, MODES, SAMPLE, SMALL};
use super::samples::{Begin, SAMPLES};
use crate::components::job::machine_file;
use crate::data::Digits;
use crate::filters::{Filters, Sheet};
use crate::inks::CURVE;
use crate::recipe::{Drawing, slug};

const SHARE: Metric = Metric::percent("share", "share of the samples", Better::Neither).decimals(1);
const EFFECTIVE: Metric = Metric::new("effective_classes", "effective classes", Better::Higher).decimals(1);
const DIVERSITY: Metric = Metric::new("diversity", "distance between samples", Better::Higher).decimals(3);
const NEAREST: Metric = Metric::new("nearest", "distance to training images", Better::Lower).decimals(3);
/// Pictures of each machine.
const SHOWN: usize = 20;

pub(super) fn draw(drawing: &mut Drawing<'_>) -> Result<()> {
    drawing.evidence.0 = drawing.finished.all(&[DETAIL, MODES, BOUND])?;
    exact(drawing)?;
    drawing.metrics();
    filters(drawing)?;
    for begin in Begin::ALL {
        samples(begin, drawing)?;
        classes(begin, drawing);
    }
    tables(drawing);
    weights(drawing)
}

/// The exact log-likelihoods of the small machines after the epochs at which they are looked at here: the first that there are.
fn exact(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    for task in finished.tasks(&[SMALL]) {
        let rows = finished.rows(task)?.rows;
        if let Some(mut row) = rows.into_iter().find(|row| row.metric == "log_likelihood") {
            row.columns.retain(|(column, _)| column != "epochs");
            drawing.evidence.rows.push(row);
        }
    }
    Ok(())
}

/// Filters of the small machines, and of both layers of the deep one.
fn filters(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let (mut small, mut deep): (Vec<Sheet>, Vec<Sheet>) = (Vec::new(), Vec::new());
    for task in finished.shown(DETAIL) {
        let (file, model) = (finished.tensors(task, FILTERS)?, task.columns.get("model"));
        match model {
            DEEP => {
                for layer in LAYERS {
                    deep.push((format!("{model}, {layer} layer"), file.f32s(layer)?.to_vec()));
                }
            }
            GREEDY => {}
            _ => small.push((model.to_owned(), file.f32s(LAYERS[0])?.to_vec())),
        }
    }
    let stamp = drawing.stamp();
    for (figure, sheets) in [
        (
            Filters {
                file: "filters-rbm.svg",
                title: "Filters of the small machines",
                size: Digits::SIZE,
                per_line: 10,
                caption: "The weights of every hidden unit, each on its own scale: red turns it on, blue turns it off.",
                alt: "Rows of weights as pictures, a row for each machine.",
                stamp,
            },
            small,
        ),
        (
            Filters {
                file: "filters-dbm.svg",
                title: "Filters of the deep machine",
                size: Digits::SIZE,
                per_line: 20,
                caption: "The weights of the first 100 units of the first layer, and of the first 100 of the second on the pixels, \
                          W₀W₁; each on its own scale.",
                alt: "A hundred weights as pictures for each of two layers.",
                stamp,
            },
            deep,
        ),
    ] {
        figure.sheets(&sheets, usize::MAX, &mut drawing.drawn);
    }
    Ok(())
}

/// The first samples of each machine, under test images where chains began at those.
fn samples(begin: Begin, drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let mut lines: Vec<Line> = Vec::new();
    for task in finished.shown(SAMPLE).filter(|task| task.columns.get("begin") == begin.name()) {
        let file: Snapshot = finished.tensors(task, SAMPLES)?;
        let means = file.f32s("means")?;
        let model = task.columns.get("model");
        lines.push(Line {
            label: model.to_owned(),
            pixels: means[..means.len().min(SHOWN * pixels())].to_vec(),
            place: vec![("model".into(), model.into()), ("begin".into(), begin.name().into())],
            values: None,
            kind: RowKind::Plain,
        });
    }
    let (name, title) = match begin {
        Begin::Noise => ("samples", "After the last Gibbs step, from noise"),
        Begin::Images => ("samples-from-images", "After the last Gibbs step, from test images"),
    };
    let strip = Strip {
        name,
        title,
        size: Digits::SIZE,
        per_line: 10,
        metrics: &[EFFECTIVE, DIVERSITY, NEAREST],
        caption: "Probabilities of the pixels at the end of independent chains. Distances are of states, as shares of the pixels.",
        alt: "Rows of samples, the worst and the best small machine above the deep one.",
    };
    drawing.strip(&strip, &lines);
    Ok(())
}

/// What share of the samples is of which class.
fn classes(begin: Begin, drawing: &mut Drawing<'_>) {
    let (file, title) = match begin {
        Begin::Noise => ("classes.svg", "Classes of samples, from noise"),
        Begin::Images => ("classes-from-images.svg", "Classes of samples, from test images"),
    };
    drawing.curve(&Curve {
        file,
        title,
        x: Axis { label: "class", steps: Steps::Names },
        y: Axis { label: "share of the samples, %", steps: Steps::Linear },
        only: &[("begin", begin.name())],
        along: "class",
        split: "model",
        metrics: &[SHARE],
        mark: Mark::Points,
        caption: "What the scorer takes samples for, and test images.",
        alt: "Shares of ten classes, a mark for each machine and for test images.",
        ..CURVE
    });
}

fn tables(drawing: &mut Drawing<'_>) {
    drawing.grid(&Grid {
        caption: "Kinds of digits, and distances of samples",
        by: &["model", "begin"],
        heads: &["machine", "chains begin at"],
        metrics: &[
            Metric::new("covered", "classes covered", Better::Higher).decimals(0),
            Metric::new("entropy", "entropy of classes", Better::Higher).unit("nats").decimals(2),
            EFFECTIVE,
            DIVERSITY,
            Metric::new("diversity_of_means", "of probabilities", Better::Higher).decimals(3),
            NEAREST,
            Metric::percent("like_digits", "as near as test images", Better::Higher).decimals(0),
        ],
        label: None,
        reported: None,
    });
    drawing.grid(&Grid {
        caption: "Bounds on the log-likelihood, and exact ones of small machines",
        by: &["model"],
        heads: &["machine"],
        metrics: &[
            Metric::new("bound", "bound, test", Better::Higher).unit("nats").decimals(1),
            Metric::new("bound_train", "bound, training", Better::Higher).unit("nats").decimals(1),
            Metric::new("log_likelihood", "exact, test", Better::Higher).unit("nats").decimals(1),
            Metric::new("log_z_forward", "log Z, towards", Better::Neither).unit("nats").decimals(1),
            Metric::new("log_z_reverse", "log Z, back", Better::Neither).unit("nats").decimals(1),
        ],
        label: None,
        reported: None,
    });
    gates(drawing);
    drawing.grid(&Grid {
        caption: "Detail of filters: total variation for the ink there is",
        by: &["model", "layer"],
        heads: &["machine", "layer"],
        metrics: &[Metric::new("detail", "detail", Better::Neither).decimals(2)],
        label: None,
        reported: None,
    });
    let right = drawing.evidence.mean(engine::pick("recognised_rightly", &[("model", REAL)]));
    let note = right.map(|right| {
        format!("The scorer names the class of {:.1} % of the test images rightly.", 100.0 * right)
    });
    drawing.drawn.notes.extend(note);
}

/// What the estimates of `log Z` must pass.
pub(super) fn gates(drawing: &mut Drawing<'_>) {
    drawing.grid(&Grid {
        caption: "Gates of the estimates of log Z: mass at most 0, drift at most 3, at least 2 chains that count",
        by: &["model"],
        heads: &["machine"],
        metrics: &[
            Metric::new("log_mass", "log mass", Better::Neither).decimals(1),
            Metric::new("drift", "drift", Better::Lower).decimals(1),
            Metric::new("effective", "chains that count, towards", Better::Higher).decimals(1),
            Metric::new("effective_reverse", "back", Better::Higher).decimals(1),
            Metric::new("gates", "passed", Better::Higher).decimals(0),
        ],
        label: None,
        reported: None,
    });
}

/// The machines of the first seed as files.
fn weights(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let mut add = |task: &engine::Task, bytes: Vec<u8>| {
        let name = format!("weights/{}.safetensors", slug(task.columns.get("model")));
        drawing.files.push((name, bytes));
    };
    for task in finished.shown(SMALL) {
        let rows = finished.rows(task)?;
        let epoch =
            rows.rows.iter().find_map(|row| row.column("epochs").filter(|_| row.metric == "largest_weight"));
        if let Some(epoch) = epoch {
            add(task, finished.read(task, &machine_file(epoch.parse()?))?);
        }
    }
    for task in finished.shown(DETAIL).filter(|task| [GREEDY, DEEP].contains(&task.columns.get("model"))) {
        add(task, finished.read_need(task, 0, DEEP_FILE)?);
    }
    Ok(())
}
