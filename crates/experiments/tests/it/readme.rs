//! Numbers in README come from `results/`: what it says must be what the committed files hold.

use std::path::Path;

use engine::{Evidence, Profile, Question, Rows, pick};
use experiments::pretraining::Pretraining;
use experiments::registry;

use crate::support::recipe;

const BEGIN: &str = "<!-- from results/reference: begin -->\n";
const END: &str = "<!-- end -->";

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// For every pretraining experiment, in the largest profile that was run: the network where the first curve errs least, and
/// what the other starts reach there; where labels are swept, every number of them, since there the question is how few will do.
fn table() -> String {
    let mut table = String::from(
        "| figure | profile | sweep | at | pretrained | random | tuned random |\n|---|---|---|---|---|---|---|\n",
    );
    for e in registry::all() {
        let Some(recipe) = recipe::<Pretraining>(e) else { continue };
        let Question { id, protocol, .. } = e.about;
        let run = |profile: Profile| {
            let folder = root().join("results/reference").join(profile.name()).join(id).join(protocol);
            Some((profile, std::fs::read(folder.join("metrics.csv")).ok()?))
        };
        let Some((profile, bytes)) = run(Profile::Paper).or_else(|| run(Profile::Quick)) else { continue };
        table.push_str(&lines(&e.about, (recipe, profile), &Evidence(Rows::from_csv(&bytes).unwrap())));
    }
    table
}

fn lines(about: &Question, (recipe, profile): (&Pretraining, Profile), evidence: &Evidence) -> String {
    let error = |value: &str, start: &str| {
        evidence.mean(pick("error_last", &[(recipe.sweep, value), ("start", start)]))
    };
    let least = |value: &str| error(value, "pretrained").unwrap_or(f64::INFINITY);
    let mut values: Vec<&str> = recipe.shapes.at(profile).iter().map(|shape| shape.value).collect();
    if recipe.sweep != "labels" {
        let best = values.iter().copied().min_by(|a, b| least(a).total_cmp(&least(b))).unwrap();
        values = vec![best];
    }
    let cell = |value: &str, start: &str| {
        error(value, start).map_or("–".to_owned(), |x| format!("{:.2} %", 100.0 * x))
    };
    let figure = about.reproduces.split(':').next().unwrap();
    let line = |value: &&str| {
        let errors = ["pretrained", "random", "tuned random"].map(|start| cell(value, start)).join(" | ");
        format!("| {figure} ({}) | {profile} | {} | {value} | {errors} |\n", about.report, recipe.sweep)
    };
    values.iter().map(line).collect()
}

/// With `GLYPHLAB_WRITE_README` set, the table is written anew instead.
#[test]
fn what_pretraining_is_worth_is_what_the_results_hold() {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let begin = readme.find(BEGIN).expect("README has the table") + BEGIN.len();
    let end = begin + readme[begin..].find(END).expect("the table ends");
    let table = table();
    if std::env::var_os("GLYPHLAB_WRITE_README").is_some() {
        std::fs::write(path, [&readme[..begin], &table, &readme[end..]].concat()).unwrap();
    } else {
        assert_eq!(readme[begin..end], table, "README's table; it should read\n{table}");
    }
}
