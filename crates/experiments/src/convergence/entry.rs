//! Figures 1 and 2 of the RBM and DBN lab: how reconstructions get better, and how much weights still move.

use std::collections::BTreeMap;

use engine::claim::{OURS, over};
use engine::{Claim, Evidence, Finding, Question, Scaled, pick};

use report::number;

use super::recipe::{Shown, Watching};
use crate::experiment::{Experiment, reports};

const MACHINES: Watching = Watching {
    hidden: &[200, 300, 400, 500],
    images: Scaled::new(200, 10_000, 60_000),
    epochs: Scaled::new(1, 2, 4),
    every: Scaled::new(5, 50, 200),
    batch: 20,
    rate: 0.01,
    momentum: 0.7,
    shown: Shown::Error,
};

pub(super) static CONVERGENCE: Experiment = Experiment {
    about: Question {
        id: "mnist-rbm-convergence",
        protocol: "rbm-lab",
        report: reports::RBM_LAB,
        title: "Reconstructions while a machine learns",
        reproduces: "Figure 1",
        question: "How fast do reconstructions get better, and how much do more hidden units help?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "iterations.svg", "filters.svg"],
        claims: &[
            Claim {
                says: "The error quickly drops within the first iterations.",
                place: "section 3.1, Figure 1",
                reported: "by the curve",
                cause: "",
                test: drops_early,
            },
            Claim {
                says: "It continues to drop to a low value.",
                place: "section 3.1, Figure 1",
                reported: "by the curve",
                cause: "",
                test: drops_on,
            },
            Claim {
                says: "More nodes reconstruct better.",
                place: "section 3.1, Figure 1",
                reported: "by the curves",
                cause: "",
                test: |e| e.falls_along(pick("reconstruction_error", &[("iteration", last(e))]), "hidden"),
            },
        ],
    },
    recipe: &MACHINES,
};

pub(super) static STABILITY: Experiment = Experiment {
    about: Question {
        id: "mnist-rbm-stability",
        protocol: "rbm-lab",
        report: reports::RBM_LAB,
        title: "Weights that still move",
        reproduces: "Figure 2",
        question: "How many weights does a single step still move by more than 0.001?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "iterations.svg", "filters.svg"],
        claims: &[
            Claim {
                says: "About a fifth of the weights move at any iteration, once training has settled.",
                place: "section 3.1, Figure 2",
                reported: "about 20 %",
                cause: "How many weights a step moves by more than 0.001 follows from rate, momentum and batch size, of which the report gives none.",
                test: a_fifth,
            },
            Claim {
                says: "The larger the machine, the fewer of its weights move.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| e.rises_along(pick("share_still", &[("iteration", last(e))]), "hidden"),
            },
        ],
    },
    recipe: &Watching { shown: Shown::Still, ..MACHINES },
};

/// The last look; empty where there was none.
fn last(evidence: &Evidence) -> &str {
    evidence.along(pick("reconstruction_error", &[]), "iteration").last().copied().unwrap_or_default()
}

/// Of each seed, a number for the curve of every machine over all looks; machines with fewer than `least` looks have none.
fn of_curves(
    evidence: &Evidence,
    metric: &str,
    least: usize,
    number: impl Fn(&[f64]) -> f64,
) -> BTreeMap<String, Vec<f64>> {
    let looks = evidence.along(pick(metric, &[]), "iteration");
    let mut seeds: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for width in evidence.along(pick(metric, &[]), "hidden") {
        for (seed, curve) in evidence.curves(pick(metric, &[("hidden", width)]), "iteration", &looks) {
            if curve.len() >= least {
                seeds.entry(seed).or_default().push(number(&curve));
            }
        }
    }
    seeds
}

/// A seed's answer is that of all its machines.
fn of_all(
    seeds: &BTreeMap<String, Vec<f64>>,
    holds: impl Fn(f64) -> bool,
    say: impl Fn(&[f64]) -> String,
    why: &str,
) -> Finding {
    let answers: Vec<bool> = seeds.values().map(|numbers| numbers.iter().all(|x| holds(*x))).collect();
    let all: Vec<f64> = seeds.values().flatten().copied().collect();
    over(&answers, say(&all), why)
}

/// The least and the largest, times a factor.
fn range(numbers: &[f64], factor: f64) -> String {
    let least = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let most = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if numbers.is_empty() {
        "–".to_owned()
    } else {
        format!("{} to {}", number(factor * least), number(factor * most))
    }
}

/// Half of what the error falls by in all is done within the first tenth of the looks.
fn drops_early(evidence: &Evidence) -> Finding {
    let share = |curve: &[f64]| (curve[0] - curve[curve.len() / 10]) / (curve[0] - curve[curve.len() - 1]);
    of_all(
        &of_curves(evidence, "reconstruction_error", 10, share),
        |share| share >= 0.5,
        |shares| format!("{} % of the fall within the first tenth", range(shares, 100.0)),
        "of every machine, at least half of the whole fall of the error within the first tenth of the looks",
    )
}

/// After that it falls on, to less than half of where it began.
fn drops_on(evidence: &Evidence) -> Finding {
    let left = |curve: &[f64]| {
        let (early, last) = (curve[curve.len() / 10], curve[curve.len() - 1]);
        if last < early { last / curve[0] } else { 1.0 }
    };
    of_all(
        &of_curves(evidence, "reconstruction_error", 10, left),
        |left| left < 0.5,
        |left| format!("{} % of the first error is left", range(left, 100.0)),
        "of every machine, the last error below that after a tenth of the looks, and below half of the first",
    )
}

/// From 10 to 30 % of the weights move, on average over the second half of the looks.
fn a_fifth(evidence: &Evidence) -> Finding {
    let moving = |curve: &[f64]| {
        let late = &curve[curve.len() / 2..];
        1.0 - late.iter().sum::<f64>() / late.len() as f64
    };
    of_all(
        &of_curves(evidence, "share_still", 2, moving),
        |share| (0.1..=0.3).contains(&share),
        |shares| format!("{} % of the weights move", range(shares, 100.0)),
        "of every machine, from 10 to 30 % of the weights moved by more than 0.001, the mean over the later half of the looks",
    )
}
