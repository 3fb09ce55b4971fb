//! Figures 1 and 2 of the RBM and DBN lab: how reconstructions get better, and how much weights still move.

use engine::claim::{OURS, over};
use engine::predicates::spread;
use engine::{Claim, Evidence, Finding, Question, Scaled, pick};

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

/// Of each machine and seed, the curve of a metric over all looks.
fn curves(evidence: &Evidence, metric: &str) -> Vec<Vec<f64>> {
    let widths = evidence.along(pick(metric, &[]), "hidden");
    let looks = evidence.along(pick(metric, &[]), "iteration");
    let of_width = |width: &str| evidence.curves(pick(metric, &[("hidden", width)]), "iteration", &looks);
    widths.into_iter().flat_map(of_width).map(|(_, curve)| curve).collect()
}

/// Half of what the error falls by in all is done within the first tenth of the looks.
fn drops_early(evidence: &Evidence) -> Finding {
    let shares: Vec<f64> = curves(evidence, "reconstruction_error")
        .iter()
        .filter(|curve| curve.len() >= 10)
        .map(|curve| {
            let early = curve[curve.len() / 10];
            let fallen = |to: f64| curve[0] - to;
            fallen(early) / fallen(curve[curve.len() - 1])
        })
        .collect();
    let answers: Vec<bool> = shares.iter().map(|share| *share >= 0.5).collect();
    let percent: Vec<f64> = shares.iter().map(|share| 100.0 * share).collect();
    over(
        &answers,
        format!("{} % of the fall within the first tenth", spread(&percent)),
        "of every machine, at least half of the whole fall of the error within the first tenth of the looks",
    )
}

/// After that it falls on, to less than half of where it began.
fn drops_on(evidence: &Evidence) -> Finding {
    let all = curves(evidence, "reconstruction_error");
    let ends: Vec<(f64, f64, f64)> = all
        .iter()
        .filter(|curve| curve.len() >= 10)
        .map(|curve| (curve[0], curve[curve.len() / 10], curve[curve.len() - 1]))
        .collect();
    let answers: Vec<bool> =
        ends.iter().map(|(first, early, last)| last < early && *last < 0.5 * first).collect();
    let lasts: Vec<f64> = ends.iter().map(|(.., last)| *last).collect();
    over(
        &answers,
        format!("ends at {}", spread(&lasts)),
        "of every machine, the last error below that after a tenth of the looks, and below half of the first",
    )
}

/// From 10 to 30 % of the weights move, on average over the second half of the looks.
fn a_fifth(evidence: &Evidence) -> Finding {
    let moving: Vec<f64> = curves(evidence, "share_still")
        .iter()
        .filter(|curve| curve.len() >= 2)
        .map(|curve| {
            let late = &curve[curve.len() / 2..];
            1.0 - late.iter().sum::<f64>() / late.len() as f64
        })
        .collect();
    let answers: Vec<bool> = moving.iter().map(|share| (0.1..=0.3).contains(share)).collect();
    let percent: Vec<f64> = moving.iter().map(|share| 100.0 * share).collect();
    over(
        &answers,
        format!("{} % of the weights move", spread(&percent)),
        "of every machine, from 10 to 30 % of the weights moved by more than 0.001, the mean over the later half of the looks",
    )
}
