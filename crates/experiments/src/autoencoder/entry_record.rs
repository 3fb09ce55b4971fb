//! The least error of stacked denoising autoencoders and of ladders: our own record.

use engine::claim::OURS;
use engine::{Claim, Evidence, Finding, Origin, Origins, Question, Scaled, pick};
use train::{Descent, Schedule};

use super::entry::LEARNING;
use super::record::{CHOSEN, Least, Rungs};
use super::stack::{Layers, Learning};
use crate::experiment::{Experiment, reports};

const ORIGINS: Origins = Origins(&[
    ("hidden units", Origin::Chosen("the shape of the published error of 1.28 % [Vincent2010]")),
    ("masking", Origin::Chosen("tried on held-out training images")),
    ("training images", Origin::Chosen("the first 50 000, as published")),
    ("ladders", Origin::Chosen("shape, noise, rate and epochs are the published ones [Rasmus2015]")),
]);

const ALL: &str = "ladder, all labels";
const THOUSAND: &str = "ladder, 1000 labels";
const HUNDRED: &str = "ladder, 100 labels";

pub(super) static RECORD: Experiment = Experiment {
    about: Question {
        id: "record-sdae-error",
        protocol: "ours",
        report: reports::OURS,
        title: "The least error of denoising networks",
        reproduces: "no figure: how good networks of the reports’ kind can be",
        question: "How many test images does the best stack of denoising autoencoders get wrong, and how many a ladder network?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &["metrics.csv"],
        claims: &[
            Claim {
                says: "The stack with the noise that held-out images choose errs on at most 1.28 % of test images.",
                place: "",
                reported: OURS,
                cause: "The quick run has a tenth of the images and a tenth of the epochs.",
                test: |e| at_most(e, CHOSEN, 0.0128),
            },
            Claim {
                says: "A ladder with all labels errs on at most 0.65 %.",
                place: "",
                reported: OURS,
                cause: "The quick run has a twelfth of the images and three epochs of 150.",
                test: |e| at_most(e, ALL, 0.0065),
            },
            Claim {
                says: "A ladder with 1000 labels errs on at most 1.1 %.",
                place: "",
                reported: OURS,
                cause: "The quick run has a twelfth of the images and three epochs of 150.",
                test: |e| at_most(e, THOUSAND, 0.011),
            },
            Claim {
                says: "A ladder with 100 labels errs on at most 1.5 %.",
                place: "",
                reported: OURS,
                cause: "The quick run has a twelfth of the images and three epochs of 150.",
                test: |e| at_most(e, HUNDRED, 0.015),
            },
        ],
    },
    recipe: &Least {
        stack: Layers { name: "stack", widths: &[1000, 1000, 1000], momentum: 0.0, sparsity: None },
        learning: Learning {
            images: Scaled::new(200, 5000, 50_000),
            epochs: Scaled::new(1, 2, 30),
            ..LEARNING
        },
        maskings: &[0.1, 0.2, 0.3],
        descent: Descent::annealed(1e-3, 1e-2),
        epochs: Scaled::new(2, 5, 50),
        ladder: Rungs {
            hidden: &[1000, 500, 250, 250, 250],
            labels: &[(ALL, None), (THOUSAND, Some(1000)), (HUNDRED, Some(100))],
            images: Scaled::new(200, 5000, 60_000),
            epochs: Scaled::new(1, 3, 150),
            batch: 100,
            descent: Descent { schedule: Schedule::Late { begin: 2.0 / 3.0 }, ..Descent::adam(2e-3) },
        },
        published: &[(CHOSEN, 1.28), (ALL, 0.57), (THOUSAND, 0.84), (HUNDRED, 1.06)],
        origins: ORIGINS,
    },
};

/// The share of test images that a network gets wrong.
fn at_most(evidence: &Evidence, model: &str, most: f64) -> Finding {
    evidence.within(pick("error_test", &[("model", model)]), 0.0, most)
}
