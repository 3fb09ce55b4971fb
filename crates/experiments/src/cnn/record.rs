//! Our record of convolutional networks: the report's kinds of layers, no augmentation.

use engine::claim::{OURS, over};
use engine::predicates::spread;
use engine::{Claim, Evidence, Finding, Question, Scaled, pick};

use super::record_recipe::Choice;
use crate::experiment::{Experiment, reports};

pub(super) static CNN: Experiment = Experiment {
    about: Question {
        id: "record-cnn-error",
        protocol: "ours",
        report: reports::OURS,
        title: "How low the error of a convolutional network gets",
        reproduces: "no figure: published errors of networks without augmentation",
        question: "How few digits does a network of convolutions, max-pooling and dense layers mistake, without augmentation?",
        seed: 1,
        repeats: Scaled::same(1),
        data: &["MNIST"],
        artefacts: &["metrics.csv"],
        claims: &[
            Claim {
                says: "The mean error of the chosen network is at most 0.6 %.",
                place: "",
                reported: OURS,
                cause: "The quick profile learns from a fifth of the images for six epochs.",
                test: |e| at_most(e, 0.006),
            },
            Claim {
                says: "It is at most 0.92 %, the first published figure.",
                place: "",
                reported: OURS,
                cause: "The quick profile learns from a fifth of the images for six epochs.",
                test: |e| at_most(e, 0.0092),
            },
        ],
    },
    recipe: &Choice {
        images: Scaled::new(400, 12_000, 60_000),
        held_out: Scaled::new(100, 2000, 10_000),
        epochs: Scaled::new(1, 6, 30),
        repeats: Scaled::new(1, 1, 5),
        batch: 128,
    },
};

/// The mean test error over all times.
fn at_most(evidence: &Evidence, bound: f64) -> Finding {
    let repeats: Vec<String> =
        evidence.along(pick("error_test", &[]), "repeat").into_iter().map(str::to_owned).collect();
    let errors: Vec<f64> = repeats
        .iter()
        .filter_map(|repeat| evidence.mean(pick("error_test", &[("repeat", repeat)])))
        .collect();
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    let percent: Vec<f64> = errors.iter().map(|x| 100.0 * x).collect();
    let answers: &[bool] = if errors.is_empty() { &[] } else { &[mean <= bound] };
    over(
        answers,
        format!("{} %", spread(&percent)),
        format!("the mean over {} times is at most {bound}", errors.len()),
    )
}
