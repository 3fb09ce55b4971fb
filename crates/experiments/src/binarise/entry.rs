//! Figure 8 of the report written from scratch: digits in black and white.

use engine::{Question, Scaled};

use super::recipe::BlackAndWhite;
use crate::experiment::{Experiment, reports};

pub(super) static BINARISE: Experiment = Experiment {
    about: Question {
        id: "mnist-binarise",
        protocol: "scratch",
        report: reports::SCRATCH,
        title: "Digits in black and white",
        reproduces: "Figure 8",
        question: "What is left of a grey digit when only its pixels above 128 are kept?",
        seed: 1,
        repeats: Scaled::same(1),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "digits.svg"],
        claims: &[],
    },
    recipe: &BlackAndWhite { images: 4 },
};
