//! The lines of the library that stand beside the experiments on the pages: each runs, gives a number that a broken model
//! misses, is short, and every experiment has some.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::path::Path;

use experiments::guide::GUIDE;
use experiments::registry;
use report::Snippet;
use tensor::{Matrix, Seed};

#[path = "../../examples/twenty_lines/main.rs"]
#[allow(dead_code, reason = "`main` is the example's")]
mod example;

/// Lines and columns that fit beside a section.
const LINES: usize = 25;
const COLUMNS: usize = 100;

/// The lines of all experiments, in the order of the page.
fn shown() -> Vec<(String, Option<Snippet>)> {
    registry::catalogue().into_iter().map(|question| (question.name(), (GUIDE.code)(question))).collect()
}

#[test]
fn every_experiment_has_lines_and_all_lines_have_one() {
    let (mut used, mut without) = (BTreeSet::new(), Vec::new());
    for (experiment, snippet) in shown() {
        match snippet {
            Some(snippet) => drop(used.insert(snippet.name)),
            None => without.push(experiment),
        }
    }
    assert!(without.is_empty(), "no lines of the library stand beside {without:?}");
    let there: BTreeSet<String> = example::ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(used, there);
}

#[test]
fn what_is_shown_is_what_runs_and_is_short() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/twenty_lines");
    for Snippet { name, says, gives, source, command } in shown().into_iter().filter_map(|(_, own)| own) {
        let file = std::fs::read_to_string(folder.join(format!("{name}.rs"))).unwrap();
        assert!(file.ends_with(&format!("\n\n{source}\n")), "{name} is shown otherwise than it runs");
        assert_eq!(command, format!("cargo run --release -p experiments --example twenty_lines -- {name}"));
        for sentence in [&says, &gives] {
            assert!(sentence.ends_with('.') && !sentence.contains("//"), "{name}: {sentence:?}");
        }
        assert!(gives.starts_with("Gives "), "{name}: {gives:?}");
        let (_, body) = source.split_once("pub fn run() -> Result<f64, Box<dyn Error>> {\n").unwrap();
        let lines = body.lines().filter(|line| !line.trim().is_empty() && *line != "}").count();
        assert!((5..=LINES).contains(&lines), "{name}: {lines} lines");
        let widest = source.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(COLUMNS), "{name}: {widest:?} columns");
    }
}

/// Drawn characters of these classes, pixels × images.
fn drawn(classes: &[u8]) -> Matrix {
    let images = datasets::alphadigits::parse(&datasets::standin::alphadigits(Seed::new(1), 39), "drawn");
    let images = images.unwrap();
    images.to_matrix(&images.of_classes(classes))
}

/// Every column is the mean image.
fn means(x: &Matrix) -> Matrix {
    let sums = x.sum_columns();
    Matrix::from_fn(x.rows(), x.cols(), |pixel, _| sums[pixel] / x.cols() as f32)
}

/// The squared error per pixel of giving the mean image for every image: what a model does that sees no differences.
fn blur(classes: &[u8]) -> f64 {
    let x = drawn(classes);
    x.mean_squared_difference(&means(&x))
}

/// The squared distance per pixel from the mean image to one of all grey: that of coins, which a machine draws that learnt nothing.
fn grey(classes: &[u8]) -> f64 {
    let x = means(&drawn(classes));
    x.mean_squared_difference(&Matrix::from_fn(x.rows(), x.cols(), |_, _| 0.5))
}

/// The numbers that one may give, clear of what it gives when it has learnt nothing.
fn bound(name: &str) -> RangeInclusive<f64> {
    match name {
        "rbm" | "adversaries" => 0.0..=0.5 * grey(&[10]),
        "dbm" | "dbn" => 0.0..=0.7 * blur(&[10, 11]),
        "denoising" => 0.0..=0.5 * blur(&(0..10).collect::<Vec<_>>()),
        "vae" => 0.0..=0.8 * blur(&[0, 1, 2]),
        // Guessing among ten digits errs on nine of ten.
        "convolution" | "labels" | "pretraining" => 0.0..=0.3,
        // Digits drawn without listening to the label are another one in two of three cases.
        "wake_sleep" => 0.0..=0.45,
        // Coins fill in half of the pixels wrongly.
        "inpainting" => 0.0..=0.2,
        // Samples no better than pixels one by one are as far as those, which is 1.
        "compared" => 0.0..=0.5,
        // A walk over the temperatures that does not end at the machine is off by nats.
        "likelihood" => 0.0..=0.5,
        // Not zero, as entropy blurs; a plan that sees no colours moves all to the mean, about as far off as the transfer goes.
        "colours" => 1e-3..=0.5,
        // From as many pixels as a thin letter has ink to half of the grid: a barycentre that has spread over all of it is flat.
        "barycentre" => 30.0_f64.ln()..=240.0_f64.ln(),
        // Strokes, and margins of at least four pixels on each side.
        "binarise" => 0.03..=(20.0 * 20.0) / (28.0 * 28.0),
        // By hand: 3 · 2 + 1 · 1 of the first dessert, 1 · 2 + 2 · 2 of the second, 1 · 1 + 1 · 2 of the third.
        "desserts" => 16.0 - 1e-12..=16.0 + 1e-12,
        _ => panic!("{name} has no bound"),
    }
}

#[test]
fn all_of_them_run_and_give_what_a_broken_model_would_miss() {
    let found = example::ALL.iter().map(|(name, run)| {
        let number = run().unwrap_or_else(|error| panic!("{name}: {error}"));
        (*name, number, bound(name))
    });
    let missed: Vec<_> = found.filter(|(_, number, bound)| !bound.contains(number)).collect();
    assert!(missed.is_empty(), "name, number, where it should lie: {missed:?}");
}
