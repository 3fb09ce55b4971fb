//! A machine or a stack on images of the user's own: samples, filters, completed pictures. No part of the catalogue: `dream` runs
//! it on a folder or a file.

pub mod complete;
mod recipe;

use engine::{Question, Scaled};

use crate::experiment::{Experiment, reports};
use recipe::Dream;

/// The experiment that `dream` runs.
pub static DREAM: Experiment = Experiment {
    about: Question {
        id: "dream",
        protocol: "own",
        report: reports::OURS,
        title: "Images of your own, dreamt",
        reproduces: "no figure",
        question: "What does a machine draw that has learnt from these images?",
        seed: 1,
        repeats: Scaled::same(1),
        data: &["your images"],
        artefacts: &["metrics.csv", "samples.svg", "samples.png", "filters.svg"],
        claims: &[],
    },
    recipe: &Dream {
        hidden: 500,
        layers: 1,
        epochs: 30,
        batch: 20,
        rate: 0.05,
        gibbs: 1000,
        samples: 40,
        inpaint: 0,
        steps: 100,
    },
};
