//! From finished tasks to evidence, tables and files.

use std::fmt::Display;

use anyhow::{Context, Result, ensure};
use engine::figures::{Better, Grid, Metric, Place};
use engine::rows::READING;
use engine::{Evidence, Finished, Row, Rows, Task, pick};
use feedforward::wilson;
use report::spread::EXPLAINED;
use report::{Column, Spread, Table};

use super::job::{CONFUSION, NETWORK as WEIGHTS};
use super::measured::{LAST, reported};
use super::plan::{NETWORK, TWIN};
use super::words::{named, noun};
use super::{Pretraining, Published, figures, pairs};
use crate::recipe::{Drawing, slug};

/// The standard normal quantile of a 95 % interval.
const Z: f64 = 1.959_963_985;

const PUBLISHED: Metric = Metric::percent("error_published", "published", Better::Lower);
const METRICS: &[Metric] = &[
    LAST,
    Metric::percent("error_chosen", "chosen epoch", Better::Lower),
    Metric::new("epoch_chosen", "at epoch", Better::Neither).decimals(0),
    Metric::percent("error_best", "best epoch", Better::Lower),
    Metric::percent("error_train_last", "training images", Better::Lower),
    PUBLISHED,
];

pub(super) fn draw(recipe: &Pretraining, drawing: &mut Drawing<'_>) -> Result<()> {
    let finished = drawing.finished;
    let mut epochs = Evidence::default();
    for task in finished.tasks(&[NETWORK]) {
        let rows = finished.rows(task)?;
        let mut held_out = Rows::default();
        if let Some(twin) = finished.tasks(&[TWIN]).find(|twin| twin.columns == task.columns) {
            held_out = finished.rows(twin)?;
            held_out.rows.retain(|row| row.metric.ends_with("held_out"));
        }
        let tested = Confusion::read(finished, task)?.total();
        let rows = Rows { rows: [rows.rows, held_out.rows].concat() };
        for (metric, value) in summary(&rows, tested)? {
            let columns = task.columns.0.clone();
            drawing.evidence.rows.push(Row { columns, epoch: None, metric: metric.into(), value });
        }
        epochs.rows.extend(rows.rows);
    }
    drawing.evidence.rows.extend(pairs::rows(recipe.sweep, finished)?);
    published(recipe, &mut drawing.evidence);
    // Weights and pictures are of the protocol's own networks.
    for task in finished.shown(NETWORK).filter(|task| task.columns.get(READING).is_empty()) {
        let name = format!("{} {}", task.columns.get(recipe.sweep), task.columns.get("start"));
        drawing.weights(task, WEIGHTS, &slug(&name.replace('×', "x")))?;
    }
    drawing.metrics();
    drawing.files.push(("epochs.csv".into(), epochs.to_csv()));
    figures::errors(recipe, drawing);
    let Some(best) = best(recipe, &drawing.evidence) else { return Ok(()) };
    figures::epochs(recipe, &best, epochs, drawing);
    figures::filters(recipe, &best, drawing)?;
    table(recipe, drawing);
    let starts: Vec<&str> = recipe.regimes.iter().map(|regime| regime.name).collect();
    if !recipe.published.1.is_empty() {
        let table = gains(recipe, &drawing.evidence, (starts[0], &starts[1..]), recipe.published);
        drawing.tables.extend(table);
    }
    for network in recipe.beside {
        let table = gains(recipe, &drawing.evidence, (network.name, &starts), ("", &[]));
        drawing.tables.extend(table);
    }
    confusion(recipe, &best, drawing)
}

/// Adds what others published for networks that were run here.
fn published(recipe: &Pretraining, evidence: &mut Evidence) {
    for network in recipe.beside {
        let here = evidence.along(pick(LAST.name, &[("start", network.name)]), recipe.sweep);
        let known = network.published.iter().filter(|(value, _)| here.contains(value));
        let known: Vec<&(&str, f64)> = known.collect();
        for (value, error) in known {
            let at: [(&str, &dyn Display); 2] = [(recipe.sweep, value), ("start", &network.name)];
            evidence.push(PUBLISHED.name, error / 100.0, &at);
        }
    }
}

/// What one start gains over others, beside what others published that it gains; none if it has no networks.
fn gains(
    recipe: &Pretraining,
    evidence: &Evidence,
    (first, others): (&str, &[&str]),
    (source, published): Published,
) -> Option<Table> {
    let errors = |value: &str, start: &str| {
        evidence.by_seed(pick(LAST.name, &[(recipe.sweep, value), ("start", start)]))
    };
    let gain = |value: &str, start: &str| {
        let own = errors(value, first);
        let both = errors(value, start).into_iter().filter_map(|(seed, error)| {
            let (_, own) = own.iter().find(|(same, _)| *same == seed)?;
            Some(100.0 * (error - own))
        });
        Spread::of(&both.collect::<Vec<_>>()).map_or_else(|| "–".to_owned(), |spread| spread.text(Some(2)))
    };
    let row = |value: &&str| {
        let theirs = published.iter().find(|(own, _)| own == value);
        let theirs = theirs.map(|(_, points)| points.to_string());
        let theirs = (!published.is_empty()).then(|| theirs.unwrap_or_else(|| "–".to_owned()));
        let ours = others.iter().map(|start| gain(value, start));
        [(*value).to_owned()].into_iter().chain(ours).chain(theirs).collect()
    };
    let values = evidence.along(pick(LAST.name, &[("start", first)]), recipe.sweep);
    let mut heads = vec![Column::number(noun(recipe.sweep), "")];
    heads.extend(others.iter().map(|start| Column::number(&format!("over {start}"), "")));
    let mut caption = format!(
        "What {first} gains, in percentage points of the test error, over seeds and draws of labels. {EXPLAINED}"
    );
    if !published.is_empty() {
        heads.push(Column::number("published", ""));
        caption.push_str(&format!(" Published: {source}."));
    }
    (!values.is_empty()).then(|| Table::new(caption, heads, values.iter().map(row).collect()))
}

/// The test error of a network at the epoch that held-out images choose, as rows `error`, `error_low`, `error_high` and
/// `epoch_chosen`, and the held-out errors of all epochs; those of its `twin`, where the network itself learns from all images.
///
/// # Errors
/// If a point's file is not as expected, or there is no held-out error.
pub(crate) fn chosen(finished: &Finished<'_>, task: &Task, twin: Option<&Task>) -> Result<(Rows, Rows)> {
    let mut rows = finished.rows(task)?;
    if let Some(twin) = twin {
        rows.rows
            .extend(finished.rows(twin)?.rows.into_iter().filter(|row| row.metric.ends_with("held_out")));
    }
    let found = summary(&rows, Confusion::read(finished, task)?.total())?;
    let own = |metric: &str, value| Row {
        columns: task.columns.0.clone(),
        epoch: None,
        metric: metric.into(),
        value,
    };
    let errors = found.into_iter().filter_map(|(metric, value)| match metric {
        "epoch_chosen" | "test_images" => Some(own(metric, value)),
        _ => metric.strip_prefix("error_chosen").map(|end| own(&format!("error{end}"), value)),
    });
    let errors = Rows { rows: errors.collect() };
    ensure!(!errors.rows.is_empty(), "{}: no epoch was chosen", task.point.label);
    rows.rows.retain(|row| row.metric == "error_held_out");
    Ok((errors, rows))
}

/// Errors of one network under their names: after the last epoch, after the epoch that held-out images choose, and after
/// the one that the test images would choose; each share of so many test images with the ends of its 95 % interval.
fn summary(rows: &Rows, tested: u64) -> Result<Vec<(&'static str, f64)>> {
    let curve = |metric: &str| -> Result<Vec<(usize, f64)>> {
        let of = rows.rows.iter().filter(|row| row.metric == metric);
        let curve: Vec<(usize, f64)> = of.filter_map(|row| Some((row.epoch?, row.value))).collect();
        (!curve.is_empty()).then_some(curve).with_context(|| format!("no rows of {metric}"))
    };
    let least = |curve: &[(usize, f64)]| {
        let first = |best: (usize, f64), next: (usize, f64)| if next.1 < best.1 { next } else { best };
        curve.iter().copied().reduce(first).unwrap_or((0, f64::NAN))
    };
    let last =
        |metric: &str| -> Result<f64> { Ok(curve(metric)?.last().map_or(f64::NAN, |(_, value)| *value)) };
    let test = curve("error_test")?;
    // A network of another reading that learns from all images has no twin, and chooses no epoch.
    let held_out = curve("error_held_out").ok();
    let chosen = held_out.map(|held_out| least(&held_out).0);
    let at_chosen = test.iter().find(|(epoch, _)| Some(*epoch) == chosen).map(|(_, error)| *error);
    let (best, at_best) = least(&test);
    let at_last = last("error_test")?;
    let interval = |error: f64| match error.is_finite() {
        true => wilson((error * tested as f64).round() as u64, tested, Z),
        false => [f64::NAN; 2],
    };
    let [last_low, last_high] = interval(at_last);
    let mut rows = vec![
        ("error_last", at_last),
        ("error_last_low", last_low),
        ("error_last_high", last_high),
        ("error_best", at_best),
        ("epoch_best", best as f64),
        ("error_train_last", last("error_train")?),
        ("cross_entropy_last", last("cross_entropy_test")?),
        ("test_images", tested as f64),
    ];
    if let (Some(epoch), Some(error)) = (chosen, at_chosen) {
        let [low, high] = interval(error);
        rows.extend([
            ("error_chosen", error),
            ("error_chosen_low", low),
            ("error_chosen_high", high),
            ("epoch_chosen", epoch as f64),
        ]);
    }
    Ok(rows)
}

/// The swept value at which the first regime errs least after the last epoch.
fn best(recipe: &Pretraining, evidence: &Evidence) -> Option<String> {
    let first = recipe.regimes[0].name;
    let values = evidence.along(pick(LAST.name, &[("start", first)]), recipe.sweep);
    let error = |value: &str| {
        let at = [(recipe.sweep, value), ("start", first)];
        evidence.mean(pick(LAST.name, &at)).unwrap_or(f64::INFINITY)
    };
    values.into_iter().min_by(|a, b| error(a).total_cmp(&error(b))).map(str::to_owned)
}

/// All networks with their errors.
fn table(recipe: &Pretraining, drawing: &mut Drawing<'_>) {
    let own = |place: &Place| match &place[..] {
        [(_, value), (_, start)] => reported(recipe, start, value),
        _ => None,
    };
    let grid = Grid {
        caption: "Test error after the last epoch, after the epoch that held-out training images choose, and after the best \
                  epoch on the test images; error on training images after the last epoch",
        by: &[recipe.sweep, "start"],
        heads: &[noun(recipe.sweep), "start"],
        metrics: METRICS,
        label: None,
        reported: Some(&own),
    };
    drawing.grid(&grid);
}

/// True class × predicted class of the test images.
struct Confusion {
    bytes: Vec<u8>,
    classes: Vec<String>,
    rows: Vec<Vec<String>>,
    counts: Vec<u64>,
}

impl Confusion {
    /// That of a finished network, after its last epoch.
    fn read(finished: &Finished<'_>, task: &Task) -> Result<Self> {
        let bytes = finished.read(task, CONFUSION)?;
        let at = || format!("{}: {CONFUSION}", task.point.label);
        let text = std::str::from_utf8(&bytes).with_context(at)?;
        let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<String>>());
        let classes: Vec<String> = lines.next().with_context(at)?.into_iter().skip(1).collect();
        let rows: Vec<Vec<String>> = lines.collect();
        let counts = rows.iter().flat_map(|row| row.iter().skip(1).map(|count| count.parse()));
        let counts = counts.collect::<Result<Vec<u64>, _>>().with_context(at)?;
        ensure!(counts.iter().sum::<u64>() > 0, "{}: expected test images, found none", at());
        Ok(Self { classes, rows, counts, bytes })
    }

    /// How many test images there are.
    fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// The confusion matrix of the network with the least error of the first regime.
fn confusion(recipe: &Pretraining, best: &str, drawing: &mut Drawing<'_>) -> Result<()> {
    let (finished, first) = (drawing.finished, recipe.regimes[0].name);
    let is_best = |task: &&Task| task.columns.get("start") == first && task.columns.get(recipe.sweep) == best;
    let Some(task) = finished.shown(NETWORK).find(is_best) else { return Ok(()) };
    let Confusion { bytes, classes, rows, .. } = Confusion::read(finished, task)?;
    let mut columns = vec![Column::text("digit")];
    columns.extend(classes.iter().map(|class| Column::number(class, "")));
    let caption = format!("Confusion matrix: {first}, {}", named(recipe.sweep, best));
    drawing.tables.push(Table::new(caption, columns, rows));
    drawing.files.push(("confusion.csv".into(), bytes));
    Ok(())
}
