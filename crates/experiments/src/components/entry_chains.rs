//! Figures 5 to 8 of the ANN4 report: where chains lead that begin at test images, whole or with rows missing.

use engine::claim::{OURS, both};
use engine::{Claim, Evidence, Finding, Question, Scaled, pick};

use super::chains::{DRAWN, FromImages, HELD, Trial};
use super::entry::GRID_MACHINES;
use crate::experiment::{Experiment, reports};

/// The report's best and its worst machine.
const MODELS: &[(&str, usize, f32)] = &[("rbm3", 10, 0.06), ("rbm7", 20, 0.06)];

const fn trial(removed: usize, steps: usize) -> Trial {
    Trial { removed, steps }
}

pub(super) static GIBBS: Experiment = Experiment {
    about: Question {
        id: "mnist-rbm-gibbs",
        protocol: "ann4",
        report: reports::ANN4,
        title: "Where chains lead that begin at digits",
        reproduces: "Figures 5, 6",
        question: "What is left of a test image after 10, 100 and 1000 Gibbs steps?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "chains.svg", "error.svg"],
        claims: &[
            Claim {
                says: "More Gibbs steps lead to worse results, for the best machine.",
                place: "section 1.2, Figure 6",
                reported: "by eye",
                cause: "",
                test: |e| steps_worsen(e, "rbm3"),
            },
            Claim {
                says: "More Gibbs steps lead to worse results, for the worst machine.",
                place: "section 1.2, Figure 5",
                reported: "by eye",
                cause: "",
                test: |e| steps_worsen(e, "rbm7"),
            },
        ],
    },
    recipe: &FromImages {
        machines: GRID_MACHINES,
        models: MODELS,
        trials: &[trial(0, 1), trial(0, 10), trial(0, 100), trial(0, 1000)],
        mixing: Some([Scaled::new(4, 20, 100), Scaled::new(10, 5000, 20_000)]),
        clamped: false,
        images: Scaled::new(20, 100, 100),
        along: "steps",
    },
};

pub(super) static INPAINTING: Experiment = Experiment {
    about: Question {
        id: "mnist-rbm-inpainting",
        protocol: "ann4",
        report: reports::ANN4,
        title: "Missing rows of a digit, drawn by a small machine",
        reproduces: "Figures 7, 8",
        question: "How well does a chain fill in rows of pixels, with few steps and many, and with more and more rows missing?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "chains.svg", "error.svg", "error-held.svg"],
        claims: &[
            Claim {
                says: "Fewer Gibbs steps reconstruct better, for both machines.",
                place: "section 1.3.1, Figure 7",
                reported: "10 better than 100",
                cause: "Chains of the worse machine have forgotten the image after ten steps: a hundred give the same error.",
                test: |e| both(fewer_steps(e, "rbm3"), fewer_steps(e, "rbm7")),
            },
            Claim {
                says: "Both machines’ reconstructions are about equal.",
                place: "section 1.3.1",
                reported: "pretty much equal",
                cause: "",
                test: |e| {
                    let at = |model| [("model", model), ("rows", "10"), ("steps", "10"), ("known", DRAWN)];
                    e.near(pick("error_missing", &at("rbm3")), pick("error_missing", &at("rbm7")), 0.1)
                },
            },
            Claim {
                says: "The machine of 10 components generalises better when many rows are missing.",
                place: "section 1.3.2, Figure 8",
                reported: "20 rows against 1",
                cause: "",
                test: |e| {
                    let at = |model| [("model", model), ("rows", "20"), ("steps", "10"), ("known", DRAWN)];
                    e.below(pick("error_missing", &at("rbm3")), pick("error_missing", &at("rbm7")))
                },
            },
            Claim {
                says: "A chain that holds the known pixels fills in better than one that draws them anew.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| both(held_better(e, "rbm3"), held_better(e, "rbm7")),
            },
        ],
    },
    recipe: &FromImages {
        machines: GRID_MACHINES,
        models: MODELS,
        trials: &[trial(0, 10), trial(1, 10), trial(10, 10), trial(15, 10), trial(20, 10), trial(10, 100)],
        mixing: None,
        clamped: true,
        images: Scaled::new(20, 100, 1000),
        along: "rows",
    },
};

/// The error grows from 10 to 100 and to 1000 steps.
fn steps_worsen(evidence: &Evidence, model: &str) -> Finding {
    evidence.rises(pick("error", &[("model", model)]), "steps", &["10", "100", "1000"])
}

fn fewer_steps(evidence: &Evidence, model: &str) -> Finding {
    let at = |steps| [("model", model), ("rows", "10"), ("steps", steps), ("known", DRAWN)];
    evidence.below(pick("error_missing", &at("10")), pick("error_missing", &at("100")))
}

fn held_better(evidence: &Evidence, model: &str) -> Finding {
    let at = |known| [("model", model), ("rows", "10"), ("steps", "10"), ("known", known)];
    evidence.below(pick("error_missing", &at(HELD)), pick("error_missing", &at(DRAWN)))
}
