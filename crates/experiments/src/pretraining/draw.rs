//! From finished points to evidence, tables and files.

use anyhow::{Context, Result};
use feedforward::wilson;
use report::Table;

use super::figures;
use super::plan::{self, Trained};
use super::{Curve, Pretraining, Shape};
use crate::data::Source;
use crate::draw::Finished;
use crate::experiment::{Drawn, Experiment, Settings};
use crate::jobs::classifier::{CONFUSION, NETWORK};
use crate::page::STAMP;
use crate::recipes::slug;
use crate::rows::{Row, Rows, pick};

/// The standard normal quantile of a 95 % interval.
const Z: f64 = 1.959_963_985;

/// A network with its rows, and what the reader is shown of it.
pub(super) struct Network<'a> {
    pub trained: &'a Trained,
    /// Errors after every epoch.
    pub rows: Rows,
    /// First-layer weights, one filter after another, of the first seed.
    pub weights: Option<Vec<u8>>,
}

pub(super) fn draw(
    recipe: &Pretraining,
    experiment: &Experiment,
    settings: &Settings,
    finished: &Finished<'_>,
) -> Result<Drawn> {
    let digits = settings.data.digits()?;
    let list = plan::points(recipe, experiment, settings)?;
    let tested = digits.test.len() as u64;
    let (mut drawn, mut epochs) = (Drawn::default(), Rows::default());
    let mut networks = Vec::new();
    for trained in &list.trained {
        let key = |place: usize| &list.points[place].key;
        let rows = finished.rows(key(trained.network))?;
        let chooser = trained.twin.map(|twin| finished.rows(key(twin))).transpose()?;
        let columns: [(&str, &dyn std::fmt::Display); 3] =
            [(recipe.sweep, &trained.shape.value), ("start", &trained.curve.name), ("seed", &trained.seed)];
        for (metric, value) in summary(&rows, chooser.as_ref().unwrap_or(&rows), tested)? {
            drawn.evidence.push(metric, value, &columns);
        }
        epochs.extend_with(&rows, &columns);
        if let Some(twin) = chooser {
            let held_out = |row: &&Row| row.metric.ends_with("held_out");
            epochs
                .extend_with(&Rows { rows: twin.rows.iter().filter(held_out).cloned().collect() }, &columns);
        }
        let mut weights = None;
        if trained.seed == experiment.seed {
            let bytes = finished.read(key(trained.network), NETWORK)?;
            drawn.files.push((
                format!(
                    "weights/{}.safetensors",
                    slug(&format!("{} {}", trained.shape.value, trained.curve.name).replace('×', "x"))
                ),
                bytes.clone(),
            ));
            weights = Some(bytes);
        }
        networks.push(Network { trained, rows, weights });
    }
    drawn.files.push(("metrics.csv".into(), drawn.evidence.to_csv()));
    drawn.files.push(("epochs.csv".into(), epochs.to_csv()));
    let stamp = (digits.source == Source::Standin).then_some(STAMP);
    let shapes = recipe.shapes(settings)?;
    figures::add(recipe, &shapes, &networks, (digits.train.height, digits.train.width), stamp, &mut drawn)?;
    tables(recipe, &shapes, &mut drawn);
    confusion(recipe, experiment, &list, finished, &mut drawn)?;
    notes(&list, settings, experiment, digits.held_out().len(), &mut drawn);
    Ok(drawn)
}

/// Errors of one network under their names: after the last epoch, after the epoch that held-out images choose, and after
/// the one that the test images would choose; each share with the ends of its 95 % interval.
fn summary(rows: &Rows, chooser: &Rows, tested: u64) -> Result<Vec<(&'static str, f64)>> {
    let curve = |rows: &Rows, metric: &str| -> Result<Vec<(usize, f64)>> {
        let of = rows.rows.iter().filter(|row| row.metric == metric);
        let curve: Vec<(usize, f64)> = of.filter_map(|row| Some((row.epoch?, row.value))).collect();
        (!curve.is_empty()).then_some(curve).with_context(|| format!("no rows of {metric}"))
    };
    let least = |curve: &[(usize, f64)]| {
        curve
            .iter()
            .copied()
            .reduce(|best, next| if next.1 < best.1 { next } else { best })
            .unwrap_or((0, f64::NAN))
    };
    let test = curve(rows, "error_test")?;
    let (chosen, _) = least(&curve(chooser, "error_held_out")?);
    let at_chosen = test.iter().find(|(epoch, _)| *epoch == chosen).map_or(f64::NAN, |(_, error)| *error);
    let (best, at_best) = least(&test);
    let last = test.last().map_or(f64::NAN, |(_, error)| *error);
    let train = curve(rows, "error_train")?.last().map_or(f64::NAN, |(_, error)| *error);
    let loss = curve(rows, "cross_entropy_test")?.last().map_or(f64::NAN, |(_, loss)| *loss);
    let interval = |error: f64| match error.is_finite() {
        true => wilson((error * tested as f64).round() as u64, tested, Z),
        false => [f64::NAN; 2],
    };
    let ([last_low, last_high], [chosen_low, chosen_high]) = (interval(last), interval(at_chosen));
    Ok(vec![
        ("error_last", last),
        ("error_last_low", last_low),
        ("error_last_high", last_high),
        ("error_chosen", at_chosen),
        ("error_chosen_low", chosen_low),
        ("error_chosen_high", chosen_high),
        ("epoch_chosen", chosen as f64),
        ("error_best", at_best),
        ("epoch_best", best as f64),
        ("error_train_last", train),
        ("cross_entropy_last", loss),
    ])
}

/// The columns by which evidence finds one network.
pub(super) fn at<'a>(recipe: &Pretraining, shape: &Shape, curve: &Curve) -> [(&'a str, &'static str); 2]
where
    'static: 'a,
{
    [(recipe.sweep, shape.value), ("start", curve.name)]
}

/// All networks with their errors.
fn tables(recipe: &Pretraining, shapes: &[Shape], drawn: &mut Drawn) {
    let evidence = &drawn.evidence;
    let percent = |x: f64| if x.is_finite() { format!("{:.2}", 100.0 * x) } else { "–".to_owned() };
    let reported = shapes.iter().any(|shape| shape.reported.is_some());
    let mut columns = vec![report::Column::text(recipe.sweep), report::Column::text("start")];
    for name in ["last epoch", "95 % interval", "chosen epoch", "at", "best epoch", "training"] {
        columns.push(report::Column::number(name, ""));
    }
    if reported {
        columns.push(report::Column::number("the report", ""));
    }
    let mut rows = Vec::new();
    for shape in shapes {
        for curve in recipe.curves {
            let place = at(recipe, shape, curve);
            let mean = |metric: &str| evidence.mean(pick(metric, &place)).unwrap_or(f64::NAN);
            let spread = evidence.values(pick("error_last", &place));
            let half = |v: &[f64]| v.iter().fold(0.0, |m: f64, x| m.max((x - mean("error_last")).abs()));
            let last = match spread.len() {
                0 | 1 => percent(mean("error_last")),
                _ => format!("{} ± {}", percent(mean("error_last")), percent(half(&spread))),
            };
            let mut row = vec![
                shape.value.to_owned(),
                curve.name.to_owned(),
                last,
                format!("{}–{}", percent(mean("error_last_low")), percent(mean("error_last_high"))),
                percent(mean("error_chosen")),
                format!("{:.0}", mean("epoch_chosen")),
                percent(mean("error_best")),
                percent(mean("error_train_last")),
            ];
            if reported {
                let own = shape.reported.filter(|_| curve.name == recipe.curves[0].name);
                row.push(own.map_or_else(|| "–".to_owned(), percent));
            }
            rows.push(row);
        }
    }
    let caption =
        "Test error after the last epoch, after the epoch that held-out training images choose, and after \
                   the best epoch on the test images"
            .into();
    drawn.tables.push(Table { caption, columns, rows });
}

/// The confusion matrix of the network with the least error after its chosen epoch, among those of the first curve.
fn confusion(
    recipe: &Pretraining,
    experiment: &Experiment,
    list: &plan::Points,
    finished: &Finished<'_>,
    drawn: &mut Drawn,
) -> Result<()> {
    let first = recipe.curves[0].name;
    let own = list.trained.iter().filter(|t| t.seed == experiment.seed && t.curve.name == first);
    let error = |t: &Trained| {
        drawn.evidence.mean(pick("error_last", &at(recipe, &t.shape, &t.curve))).unwrap_or(f64::INFINITY)
    };
    let Some(best) = own.min_by(|a, b| error(a).total_cmp(&error(b))) else { return Ok(()) };
    let bytes = finished.read(&list.points[best.network].key, CONFUSION)?;
    let text = String::from_utf8(bytes.clone()).context("a confusion matrix in UTF-8")?;
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let mut columns = vec![report::Column::text("digit")];
    for class in lines.next().unwrap_or_default().iter().skip(1) {
        columns.push(report::Column::number(class, ""));
    }
    let caption = format!(
        "What the {first} network {} takes each test digit for, after the last epoch",
        best.shape.value
    );
    drawn.tables.push(Table { caption, columns, rows: lines.collect() });
    drawn.files.push(("confusion.csv".into(), bytes));
    Ok(())
}

fn notes(
    list: &plan::Points,
    settings: &Settings,
    experiment: &Experiment,
    held_out: usize,
    drawn: &mut Drawn,
) {
    drawn.notes.push(
        "Images are black and white: a pixel is on where its grey level is above 128. Nothing that is trained or chosen \
         depends on the test images but the column “best epoch”, which is there because reports give such numbers."
            .into(),
    );
    if list.trained.iter().any(|trained| trained.twin.is_some()) {
        drawn.notes.push(format!(
            "A network that learns from all training images leaves none to choose an epoch by: the epoch is chosen by a \
             twin that learns without the last {held_out}."
        ));
    } else {
        drawn.notes.push(format!(
            "Epochs are chosen on the last {held_out} training images, which no network learns from."
        ));
    }
    if experiment.seeds(settings).len() == 1 {
        drawn.notes.push(
            "One seed; bands are 95 % intervals of a share of the test images. --repeats 3 gives the spread \
                          over seeds."
                .into(),
        );
    }
}
