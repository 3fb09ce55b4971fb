//! The RBM on AlphaDigits: reconstruction, generation, and what classes, epochs and hidden units do to them.

use engine::figures::Steps;
use engine::{Claim, Question, Scaled, pick};

use super::claims::{about, good, no_better, poor};
use super::model::{Alpha, DATA, Picture, Variant};
use super::origins;
use super::reading::{ADVISED, Reading};
use crate::experiment::{Experiment, reports};
use crate::hypers::SCRATCH_SIGMA;

/// What the report on generative models uses throughout.
pub(super) const GENERATIVE: Variant = Variant {
    label: "",
    series: "",
    value: "",
    characters: "0",
    layers: 1,
    hidden: 100,
    batch: 32,
    rate: 0.1,
    sigma: 0.1,
    epochs: Scaled::new(4, 300, 1000),
    after: None,
    gibbs: Scaled::new(20, 1000, 1000),
    samples: Scaled::new(20, 100, 200),
    reported: None,
};

/// What the report written from scratch uses throughout.
pub(super) const SCRATCH: Variant = Variant {
    hidden: 500,
    batch: 5,
    sigma: SCRATCH_SIGMA,
    epochs: Scaled::new(4, 100, 100),
    gibbs: Scaled::new(20, 50, 50),
    ..GENERATIVE
};

/// Reconstruction error on the images of '0' alone.
const OF_ZERO: &str = "mse_mean_train_of_0";

pub(super) const DIGITS: &str = "0123456789";

const MODELS: &[Variant] = &[
    Variant { reported: Some(2.6e-4), ..GENERATIVE.named("'0', 100 hidden", "one class, 100 hidden") },
    Variant {
        characters: DIGITS,
        reported: Some(4.7e-3),
        ..GENERATIVE.named("'0'–'9', 100 hidden", "ten classes, 100 hidden")
    },
    Variant {
        characters: DIGITS,
        hidden: 300,
        reported: Some(3.1e-5),
        ..GENERATIVE.named("'0'–'9', 300 hidden", "ten classes, 300 hidden")
    },
];

pub(super) static RECONSTRUCTION: Experiment = Experiment {
    about: Question {
        id: "alpha-rbm-reconstruction",
        protocol: "generative",
        report: reports::GENERATIVE,
        title: "What an RBM reconstructs",
        reproduces: "Figures 1 and 2, and the errors in the text",
        question: "How well does an RBM reconstruct the characters it was trained on: one class, ten classes, ten classes \
               with more hidden units?",
        seed: 1,
        repeats: Scaled::new(1, 3, 5),
        data: DATA,
        artefacts: &["metrics.csv", "reconstructions.svg", "reconstructions.png"],
        claims: &[
            Claim {
                says: "The error rises from one class to ten.",
                place: "section “Reconstruction”",
                reported: "2.6e-4 → 4.7e-3",
                cause: "",
                test: |e| {
                    e.above(
                        pick("mse_mean_train", &[("model", "ten classes, 100 hidden")]),
                        pick("mse_mean_train", &[("model", "one class, 100 hidden")]),
                    )
                },
            },
            Claim {
                says: "300 hidden units bring the error of ten classes down.",
                place: "section “Reconstruction”",
                reported: "4.7e-3 → 3.1e-5",
                cause: "",
                test: |e| {
                    e.below(
                        pick("mse_mean_train", &[("model", "ten classes, 300 hidden")]),
                        pick("mse_mean_train", &[("model", "ten classes, 100 hidden")]),
                    )
                },
            },
            Claim {
                says: "One class is reconstructed with an error of 2.6e-4.",
                place: "section “Reconstruction”",
                reported: "2.6e-4",
                cause: "The section states neither batch nor rate nor epochs, and the error falls steeply with smaller mini-batches and with more epochs, of which the quick profile has fewer.",
                test: |e| {
                    about(e, pick("mse_mean_train", &[("model", "one class, 100 hidden")]), 2.6e-4, 3.0)
                },
            },
            Claim {
                says: "Ten classes are reconstructed with an error of 4.7e-3.",
                place: "section “Reconstruction”",
                reported: "4.7e-3",
                cause: "The section states neither batch nor rate nor epochs, of which the quick profile has fewer, nor whether the error is that of all ten classes or of ‘0’ alone.",
                test: |e| {
                    about(e, pick("mse_mean_train", &[("model", "ten classes, 100 hidden")]), 4.7e-3, 3.0)
                },
            },
            Claim {
                says: "Ten classes with 300 hidden units are reconstructed with an error of 3.1e-5.",
                place: "section “Reconstruction”",
                reported: "3.1e-5",
                cause: "The section states neither batch nor rate nor epochs, of which the quick profile has fewer, nor whether the error is that of all ten classes or of ‘0’ alone.",
                test: |e| {
                    about(e, pick("mse_mean_train", &[("model", "ten classes, 300 hidden")]), 3.1e-5, 3.0)
                },
            },
            Claim {
                says: "The machine of ten classes reconstructs '0' with reasonable accuracy: fewer than one pixel in a hundred is wrong.",
                place: "section “Reconstruction”, Figure 2",
                reported: "reasonable accuracy",
                cause: "The report shows pictures; one pixel in a hundred is our bound for what is reasonable.",
                test: |e| e.within(pick(OF_ZERO, &[("model", "ten classes, 100 hidden")]), 0.0, 0.01),
            },
        ],
    },
    recipe: &Alpha {
        sweep: "model",
        axis: "model",
        steps: Steps::Names,
        variants: Scaled::same(MODELS),
        readings: &[(Reading::Notebook, &[]), (ADVISED, &[])],
        origins: origins::BY_TEXT,
        held_out: 10,
        picture: Picture::Reconstructions,
    },
};

pub(super) static GENERATION: Experiment = Experiment {
    about: Question {
        id: "alpha-rbm-generation",
        protocol: "generative",
        report: reports::GENERATIVE,
        title: "What an RBM generates",
        reproduces: "Figures 3 and 4",
        question: "Does an RBM generate one class well, and ten classes with more units and epochs?",
        seed: 1,
        repeats: Scaled::new(1, 1, 5),
        data: DATA,
        artefacts: &["metrics.csv", "samples.svg", "samples.png"],
        claims: &[
            Claim {
                says: "The digit '0' is generated well.",
                place: "section “Generation”, Figure 3",
                reported: "by eye",
                cause: "The report shows a handful of samples; ours are two hundred.",
                test: |e| good(e, &[("model", "one class")]),
            },
            Claim {
                says: "Ten classes are not generated well, in spite of 300 hidden units and 5000 epochs.",
                place: "section “Generation”, Figure 4",
                reported: "by eye",
                cause: "The report shows a handful of samples; ours are two hundred.",
                test: |e| poor(e, &[("model", "ten classes")]),
            },
            Claim {
                says: "More hidden units and epochs do not make the samples of ten classes better.",
                place: "section “Generation”",
                reported: "by eye",
                cause: "The report compares two machines that differ in classes, too.",
                test: |e| no_better(e, &[("model", "ten classes")], &[("model", "ten classes, 100 hidden")]),
            },
        ],
    },
    recipe: &Alpha {
        sweep: "model",
        axis: "model",
        steps: Steps::Names,
        variants: Scaled::same(&[
            GENERATIVE.named("'0', 100 hidden", "one class"),
            Variant {
                characters: DIGITS,
                ..GENERATIVE.named("'0'–'9', 100 hidden", "ten classes, 100 hidden")
            },
            Variant {
                characters: DIGITS,
                hidden: 300,
                epochs: Scaled::new(4, 500, 5000),
                ..GENERATIVE.named("'0'–'9', 300 hidden", "ten classes")
            },
        ]),
        readings: &[],
        origins: origins::BY_TEXT,
        held_out: 0,
        picture: Picture::Strips,
    },
};
