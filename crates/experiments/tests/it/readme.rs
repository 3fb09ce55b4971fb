//! Numbers in README come from `results/`: what it says must be what the committed files hold.

use std::path::Path;

use experiments::recipes::Recipe;
use experiments::recipes::pretraining::Pretraining;
use experiments::rows::{Evidence, Rows};
use experiments::{Experiment, REGISTRY, pick};

const BEGIN: &str = "<!-- from results/paper: begin -->\n";
const END: &str = "<!-- end -->";

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// For every pretraining experiment that was run in full: the network where the first curve errs least, and what the
/// other starts reach there.
fn table() -> String {
    let mut table = String::from(
        "| figure | sweep | least error at | pretrained | random | tuned random |\n|---|---|---|---|---|---|\n",
    );
    for e in REGISTRY {
        let Recipe::Pretraining(recipe) = &e.recipe else { continue };
        let path = root().join("results/paper").join(e.id).join(e.protocol).join("metrics.csv");
        let Ok(bytes) = std::fs::read(path) else { continue };
        table.push_str(&line(e, recipe, &Evidence(Rows::from_csv(&bytes).unwrap())));
    }
    table
}

fn line(e: &Experiment, recipe: &Pretraining, evidence: &Evidence) -> String {
    let error = |value: &str, start: &str| {
        evidence.mean(pick("error_last", &[(recipe.sweep, value), ("start", start)]))
    };
    let shapes = recipe.shapes.paper.iter();
    let least = |value: &str| error(value, "pretrained").unwrap_or(f64::INFINITY);
    let best = shapes.map(|shape| shape.value).min_by(|a, b| least(a).total_cmp(&least(b))).unwrap();
    let cell = |start: &str| error(best, start).map_or("–".to_owned(), |x| format!("{:.2} %", 100.0 * x));
    let figure = e.reproduces.split(':').next().unwrap();
    format!(
        "| {figure} ({}) | {} | {best} | {} | {} | {} |\n",
        e.report,
        recipe.sweep,
        cell("pretrained"),
        cell("random"),
        cell("tuned random")
    )
}

#[test]
fn what_pretraining_is_worth_is_what_the_results_hold() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let begin = readme.find(BEGIN).expect("README has the table") + BEGIN.len();
    let length = readme[begin..].find(END).expect("the table ends");
    assert_eq!(&readme[begin..begin + length], table(), "README's table; it should read\n{}", table());
}
