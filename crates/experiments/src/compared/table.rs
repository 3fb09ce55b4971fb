//! The one table: a row for each metric, a column for each generator, then real images, then planted generators; and what each metric
//! sees of the planted ones, beside what it says that it cannot see.

use engine::figures::{Better, Metric as Shown, Place};
use engine::{Evidence, pick};
use quality::{METRICS, Metric, Sight};
use report::{Column, Spread, Table};

use super::claims::{below, floors};
use super::names::{FLOOR, planted};
use super::recipe::Comparison;
use crate::arena::{Levels, Origin};

/// What stands beside the metrics of [`METRICS`]: how far pictures lie from held-out digits, what the classifier is sure of, how sharp
/// pictures are.
const DISTANCE: Shown = Shown::new("pixels", "W₂² to held-out digits, pixels", Better::Lower).decimals(1);
const LOOKS: [Shown; 4] = [
    Shown::percent("recognised", "recognised, %", Better::Higher).decimals(0),
    Shown::new("sharpness", "sharpness, grey", Better::Neither).decimals(2),
    Shown::percent("blurred", "blurred, %", Better::Lower).decimals(0),
    Shown::percent("blank", "blank, %", Better::Lower).decimals(0),
];
pub(super) const NATS: Shown =
    Shown::new("log_likelihood", "log-likelihood", Better::Higher).unit("nats").decimals(1);

/// The values of every metric of all who were measured so, as text; rows without any are left out.
pub(super) fn metrics(recipe: &Comparison, levels: Levels, evidence: &Evidence) -> Option<Table> {
    let there = |origin: &&str| {
        evidence.mean(pick("frechet", &[("origin", origin), ("levels", levels.name())])).is_some()
    };
    let generators = recipe.generators.iter().map(|own| own.name);
    let origins: Vec<&str> = generators.chain([FLOOR]).chain(planted()).filter(there).collect();
    let mut columns = vec![Column::text("metric")];
    columns.extend(origins.iter().map(|origin| Column::number(origin, "")));
    let mut rows: Vec<Vec<String>> = Vec::new();
    for metric in METRICS {
        let floors = floors(evidence, metric.name, levels);
        let cell = |origin: &&str| cell(evidence, &metric, (origin, levels), &floors);
        rows.push([heading(&metric)].into_iter().chain(origins.iter().map(cell)).collect());
    }
    let plain = |shown: &Shown, place: &dyn Fn(&str) -> Place| {
        let cell = |origin: &&str| shown.text(evidence, &place(origin));
        let cells: Vec<String> = origins.iter().map(cell).collect();
        let any = cells.iter().any(|cell| cell != "–");
        any.then(|| [shown.heading.to_owned()].into_iter().chain(cells).collect::<Vec<String>>())
    };
    let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let with_levels = |origin: &str| vec![pair("origin", origin), pair("levels", levels.name())];
    let alone = |origin: &str| vec![pair("origin", origin)];
    rows.extend(plain(&DISTANCE, &with_levels));
    rows.extend(LOOKS.iter().filter_map(|shown| plain(shown, &alone)));
    // Their intervals, which would make every column wide, stand in a table of their own.
    let nats = |origin: &&str| {
        let mean = evidence.mean(pick(NATS.name, &[("origin", origin)]));
        mean.map_or_else(|| "–".to_owned(), |mean| Spread::interval(mean, mean, mean).text(Some(1)))
    };
    if levels == Levels::BlackAndWhite && evidence.has(NATS.name) {
        rows.push(
            ["log-likelihood, nats ↑".to_owned()].into_iter().chain(origins.iter().map(nats)).collect(),
        );
    }
    let caption = format!("All metrics, in {}. ≈: not worse than real images", levels.name());
    (!origins.is_empty()).then(|| Table::new(caption, columns, rows))
}

/// A metric with the way that is better.
fn heading(metric: &Metric) -> String {
    let way = match metric.better {
        quality::Better::Higher => " ↑",
        quality::Better::Lower => " ↓",
        quality::Better::Floor | quality::Better::Chance => "",
    };
    format!("{}{way}", metric.heading)
}

/// A value, marked where it is not worse than real images; of several seeds the mean, and marked where none is worse.
fn cell(evidence: &Evidence, metric: &Metric, (origin, levels): (&str, Levels), floors: &[f64]) -> String {
    let place = [("origin", origin), ("levels", levels.name())];
    let values = evidence.values(pick(metric.name, &place));
    let Some(text) = Spread::of(&values).map(|spread| spread.text(None)) else { return "–".into() };
    let real =
        origin != FLOOR && !floors.is_empty() && values.iter().all(|value| !metric.worse(*value, floors));
    if real { format!("{text} ≈") } else { text }
}

/// Whether a table says in words what a metric is and cannot see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    /// It does.
    Said,
    /// Another table has said it.
    Left,
}

/// What each metric is and cannot see, and which planted generators it puts below real images.
pub(super) fn sights(levels: Levels, words: Words, evidence: &Evidence) -> Option<Table> {
    let mut columns = vec![Column::text("metric")];
    if words == Words::Said {
        columns.extend(["measures", "cannot see"].map(Column::text));
    }
    columns.extend(planted().map(Column::text));
    let mut any = false;
    let mut rows: Vec<Vec<String>> = Vec::new();
    for metric in METRICS {
        let floors = floors(evidence, metric.name, levels);
        let mut row = vec![metric.heading.to_owned()];
        if words == Words::Said {
            row.extend([metric.says, metric.blind].map(str::to_owned));
        }
        for origin in Origin::PLANTED {
            let Some(planted) = origin.planted() else { continue };
            let found = below(evidence, &metric, planted, (levels, &floors));
            any |= found.is_some();
            row.push(match found {
                None => "–".to_owned(),
                Some(found) => said(metric.sight(planted), found),
            });
        }
        rows.push(row);
    }
    let caption = format!(
        "Planted generators, in {}: whether a metric puts them below real images, and, in parentheses, that it should have been \
         otherwise",
        levels.name()
    );
    any.then(|| Table::new(caption, columns, rows))
}

/// What a metric made of a planted generator.
fn said(sight: Sight, below: bool) -> String {
    let found = if below { "below" } else { "as real" };
    match (sight, below) {
        (Sight::Sees, false) => format!("{found} (it should see it)"),
        (Sight::Blind, true) => format!("{found} (it should be blind)"),
        _ => found.to_owned(),
    }
}
