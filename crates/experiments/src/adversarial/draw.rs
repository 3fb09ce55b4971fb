//! Figures and tables that both experiments have: both players along steps, samples at instants, ways through latent space.

use anyhow::Result;
use engine::figures::{Axis, Better, Curve, Grid, Line, Metric, Steps, Strip};
use engine::rows::READING;
use engine::{Evidence, Rows, Task, pick};
use report::{Mark, RowKind};

use super::adversary::{Adversary, PLAYERS, kept_after};
use super::between::WAYS;
use super::game::{BETWEEN, GAME, PICTURES, SEEN};
use super::kinds::{REAL, SHOWN, read};
use super::summary::summary;
use crate::data::Digits;
use crate::inks::CURVE;
use crate::recipe::{Drawing, slug};

pub(super) const CRITIC_LOSS: Metric =
    Metric::new("critic_loss", "critic’s loss", Better::Neither).decimals(3);
pub(super) const CRITIC_ACCURACY: Metric =
    Metric::new("critic_accuracy", "critic’s accuracy", Better::Neither).decimals(3);
pub(super) const GENERATOR_LOSS: Metric =
    Metric::new("generator_loss", "generator’s loss", Better::Neither).decimals(3);
pub(super) const GENERATOR_ACCURACY: Metric =
    Metric::new("generator_accuracy", "generator’s accuracy", Better::Neither).decimals(3);
pub(super) const EFFECTIVE: Metric =
    Metric::new("effective_classes", "effective classes", Better::Higher).decimals(1);
pub(super) const COVERED: Metric = Metric::new("covered", "classes covered", Better::Higher).decimals(0);
pub(super) const NEAREST: Metric =
    Metric::new("nearest", "distance to the most similar sample", Better::Higher).decimals(4);
pub(super) const STEP: Axis<'static> = Axis { label: "steps of the generator", steps: Steps::Linear };

/// Takes in the evidence, and gives the curves of the players.
pub(super) fn begin(drawing: &mut Drawing<'_>) -> Result<Rows> {
    let [evidence, curves] = summary(drawing)?;
    drawing.evidence.0 = evidence;
    drawing.metrics();
    drawing.files.push(("steps.csv".to_owned(), curves.to_csv()));
    let right = drawing.evidence.mean(pick("judge_accuracy", &[]));
    let note = right.map(|right| {
        format!("The classifier names the class of {:.2} % of the test images rightly.", 100.0 * right)
    });
    drawing.notes.extend(note);
    Ok(curves)
}

/// Takes games out of the evidence that a reading only names again, so that charts do not show them twice; gives the whole evidence.
pub(super) fn without_repeats(drawing: &mut Drawing<'_>) -> Evidence {
    let whole = drawing.evidence.clone();
    let games: Vec<&Task> = drawing.finished.tasks(&[GAME]).collect();
    let (protocol, read): (Vec<&Task>, Vec<&Task>) =
        games.into_iter().partition(|task| task.columns.get(READING).is_empty());
    let again = read.into_iter().filter(|task| protocol.iter().any(|own| own.point.key == task.point.key));
    let repeats: Vec<&Task> = again.collect();
    drawing.evidence.rows.retain(|row| {
        let of = |task: &&Task, column: &str| row.column(column) == Some(task.columns.get(column));
        !repeats.iter().any(|task| of(task, "model") && of(task, READING))
    });
    whole
}

/// Adds a chart of the players along steps, with lines.
pub(super) fn players(curve: Curve<'_>, curves: &Rows, drawing: &mut Drawing<'_>) {
    let mut rows = Evidence(curves.clone()).of_protocol().0;
    // The chart takes what it runs along from the epoch.
    for row in &mut rows.rows {
        row.epoch = row.column("step").and_then(|step| step.parse().ok());
    }
    drawing.along_epochs(&Curve { x: STEP, along: "epoch", mark: Mark::Line, ..curve }, &rows);
}

/// The tasks of a role that are shown: of the first seed, under the protocol.
fn shown<'a>(role: &'static str, drawing: &Drawing<'a>) -> Vec<&'a Task> {
    drawing.finished.shown(role).filter(|task| task.columns.get(READING).is_empty()).collect()
}

/// Adds a strip for each game: samples at these shares of its steps, each picture from the latent variables of those above it.
pub(super) fn samples(shares: &[f64], drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    for (task, seen) in shown(GAME, drawing).into_iter().zip(shown(SEEN, drawing)) {
        let (job, model): (Adversary, &str) = (task.job()?, task.columns.get("model"));
        let kept = job.kept();
        let of_model = |step: &str| vec![("model".into(), model.into()), ("step".into(), step.into())];
        let mut lines: Vec<Line> = Vec::new();
        for step in instants(&kept, shares) {
            lines.push(Line {
                label: format!("after {step} {}", if step == 1 { "step" } else { "steps" }),
                pixels: some(&finished.read(task, &kept_after(step))?)?,
                place: of_model(&step.to_string()),
                values: None,
                kind: RowKind::Plain,
            });
        }
        let real = |metric: &str| {
            let all = finished.rows(seen).map(|rows| Evidence(rows).values(pick(metric, &[])));
            all.ok().and_then(|all| all.first().copied()).unwrap_or(f64::NAN)
        };
        lines.push(Line {
            label: "test images".to_owned(),
            pixels: some(&finished.read(seen, REAL)?)?,
            place: Vec::new(),
            values: Some(vec![real("floor_effective_classes"), real("floor_nearest")]),
            kind: RowKind::Reference,
        });
        let strip = Strip {
            name: &format!("samples-{}", slug(model)),
            title: &format!("Samples of the {model}"),
            size: Digits::SIZE,
            per_line: 10,
            metrics: &[EFFECTIVE, NEAREST],
            caption: "The same latent variables in every row. The distance is the mean squared difference of a pixel.",
            alt: "Rows of samples, from the first step of all to the last, and test images below.",
        };
        drawing.strip(&strip, &lines);
    }
    Ok(())
}

/// The first pictures of a file of samples in bytes.
fn some(file: &[u8]) -> Result<Vec<f32>> {
    let pixels = Digits::SIZE.0 * Digits::SIZE.1;
    let mut all = read(file, pixels)?.into_vec();
    all.truncate(SHOWN * pixels);
    Ok(all)
}

/// The first instant, and the last ones within these shares of all steps; each once.
pub(super) fn instants(kept: &[usize], shares: &[f64]) -> Vec<usize> {
    let most = kept.last().copied().unwrap_or(0) as f64;
    let within = |share: &f64| kept.iter().copied().rfind(|&step| step as f64 <= share * most);
    let mut steps: Vec<usize> =
        kept.first().copied().into_iter().chain(shares.iter().filter_map(within)).collect();
    steps.dedup();
    steps
}

/// Adds ways through the latent space of every game.
pub(super) fn ways(drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    for task in shown(BETWEEN, drawing) {
        let file = finished.tensors(task, WAYS)?;
        let (model, ends) = (task.columns.get("model"), file.bytes("ends")?);
        let pixels = Digits::SIZE.0 * Digits::SIZE.1;
        let ways = file.f32s("samples")?.chunks_exact(PICTURES * pixels).zip(ends.chunks_exact(2));
        let line = |(way, ends): (&[f32], &[u8])| Line {
            label: format!("from {} to {}", ends[0], ends[1]),
            pixels: way.to_vec(),
            place: Vec::new(),
            values: None,
            kind: RowKind::Plain,
        };
        let lines: Vec<Line> = ways.map(line).collect();
        let strip = Strip {
            name: &format!("between-{}", slug(model)),
            title: &format!("From one digit to another: {model}"),
            size: Digits::SIZE,
            per_line: PICTURES,
            metrics: &[],
            caption: "Samples at even steps along the circle through the latent variables of two samples, which stand at both ends; \
                      the classifier names those.",
            alt: "Rows of samples that change from one digit into another.",
        };
        drawing.strip(&strip, &lines);
    }
    Ok(())
}

/// What is seen of the samples along steps, or along passes.
pub(super) fn along(
    (file, title): (&str, &str),
    (column, axis): (&str, Axis<'_>),
    metric: Metric,
    only: &[(&str, &str)],
    drawing: &mut Drawing<'_>,
) {
    let caption = if metric.name == COVERED.name {
        "Classes that have a hundredth of the samples at least, by what a classifier takes these for."
    } else if metric.name == NEAREST.name {
        "The mean over samples of the squared difference of a pixel to the most similar other one; lines are those of as many test \
         images of the same classes."
    } else {
        "By the classes that a classifier takes samples for: the exponential of the entropy of their shares."
    };
    let references = floors(metric, &drawing.evidence.of_protocol().only(only));
    drawing.curve(&Curve {
        file,
        title,
        x: axis,
        y: Axis { label: metric.heading, steps: Steps::Linear },
        only,
        along: column,
        split: "model",
        metrics: &[metric],
        references,
        mark: Mark::Line,
        caption,
        ..CURVE
    });
}

/// What test images have of a metric: a line for all games if it is the same for all of them, or else one for each.
fn floors(metric: Metric, evidence: &Evidence) -> Vec<(String, f64)> {
    let name = format!("floor_{}", metric.name);
    let models = evidence.along(pick(&name, &[]), "model").into_iter();
    let mut lines: Vec<(String, f64)> = models
        .filter_map(|model| {
            let floor = evidence.mean(pick(&name, &[("model", model)]))?;
            Some((format!("test images, {model}"), floor))
        })
        .collect();
    if lines.iter().all(|(_, floor)| *floor == lines[0].1) {
        lines.truncate(1);
        lines.iter_mut().for_each(|(label, _)| "test images".clone_into(label));
    }
    lines
}

/// The shares of classes among the last samples.
pub(super) fn classes(only: &[(&str, &str)], drawing: &mut Drawing<'_>) {
    let last = Metric::percent("share_last", "share", Better::Neither).decimals(1);
    drawing.curve(&Curve {
        file: "classes.svg",
        title: "Classes of the last samples",
        x: Axis { label: "class", steps: Steps::Names },
        y: Axis { label: "share of the samples, %", steps: Steps::Linear },
        only,
        along: "class",
        split: "model",
        metrics: &[last],
        mark: Mark::Points,
        references: vec![("a tenth".to_owned(), 10.0)],
        caption: "What the classifier takes the last samples for.",
        ..CURVE
    });
}

/// The last samples in numbers.
pub(super) fn last_samples(drawing: &mut Drawing<'_>) {
    drawing.grid(&Grid {
        caption: "The last samples, and as many test images",
        by: &["model"],
        heads: &["game"],
        metrics: &[
            Metric::new("covered_last", "classes covered", Better::Higher).decimals(0),
            Metric::new("entropy_last", "entropy of classes", Better::Higher).unit("nats").decimals(2),
            Metric::new("effective_classes_last", "effective classes", Better::Higher).decimals(1),
            Metric::new("floor_effective_classes", "of test images", Better::Neither).decimals(1),
            Metric::new("nearest_last", "distance to the most similar sample", Better::Higher).decimals(4),
            Metric::new("floor_nearest", "of test images", Better::Neither).decimals(4),
        ],
        label: None,
        reported: None,
    });
}

/// Both players over the second half of a game: these of their numbers.
pub(super) fn second_halves(metrics: &[Metric], drawing: &mut Drawing<'_>) {
    drawing.grid(&Grid {
        caption: "Both players over the second half of the steps: mean and standard deviation of stretches",
        by: &["model"],
        heads: &["game"],
        metrics,
        label: None,
        reported: None,
    });
}

const fn half(name: &'static str, heading: &'static str) -> Metric {
    Metric::new(name, heading, Better::Neither).decimals(3)
}

/// Means and deviations of losses over the second half.
pub(super) const HALF_LOSSES: [Metric; 4] = [
    half("critic_loss_mean", "critic’s loss"),
    half("critic_loss_spread", "its deviation"),
    half("generator_loss_mean", "generator’s loss"),
    half("generator_loss_spread", "its deviation"),
];
/// Those of accuracies, which mean nothing where a critic's zero is no threshold.
pub(super) const HALF_ACCURACIES: [Metric; 4] = [
    half("critic_accuracy_mean", "critic’s accuracy"),
    half("critic_accuracy_spread", "its deviation"),
    half("generator_accuracy_mean", "generator’s accuracy"),
    half("generator_accuracy_spread", "its deviation"),
];

/// Both networks of every game as a file.
pub(super) fn weights(drawing: &mut Drawing<'_>) -> Result<()> {
    for task in shown(GAME, drawing) {
        drawing.weights(task, PLAYERS, &slug(task.columns.get("model")))?;
    }
    Ok(())
}
