//! What pretraining is worth when labels are few: our own record.

use engine::figures::{Axis, Steps};
use engine::predicates::Trend;
use engine::{Claim, Question, Scaled};
use feedforward::{Activation, Init};
use report::OURS;
use train::Descent;

use super::claims::{gap_follows, less_everywhere, run};
use super::job::Start;
use super::scratch::{TUNED, shape};
use super::search::Candidate;
use super::{ARTEFACTS, DATA, Greedy, Pretraining, Regime, Shape, origins};
use crate::experiment::{Experiment, reports};

/// `epochs` makes up for what an epoch of few images lacks in steps.
const fn labels(value: &'static str, images: usize, unlabelled: usize, epochs: usize) -> Shape {
    // All images are no draw.
    let drawn = images < 60_000;
    Shape { drawn, unlabelled: Some(unlabelled), epochs, ..shape(value, 2, 500, images) }
}

const PRETRAINED: Regime = Regime {
    name: "pretrained",
    start: Start::Pretrained,
    activation: Activation::Sigmoid,
    dropout: 0.2,
    descent: Descent::annealed(1e-3, 1e-2),
    batch: 50,
    epochs: Scaled::new(2, 8, 30),
    search: &[],
};

/// What is tried for the tuned random network.
const CANDIDATES: &[Candidate] = &[
    candidate(3e-4, 0.2),
    candidate(1e-3, 0.2),
    candidate(3e-3, 0.2),
    candidate(3e-4, 0.5),
    candidate(1e-3, 0.5),
    candidate(3e-3, 0.5),
];

const fn candidate(rate: f32, dropout: f32) -> Candidate {
    Candidate { descent: Descent::annealed(rate, 1e-2), dropout }
}

pub(super) static LABELS: Experiment = Experiment {
    about: Question {
        id: "record-label-budget",
        protocol: "ours",
        report: reports::OURS,
        title: "What pretraining is worth, by the number of labels",
        reproduces: "no figure: the regime that the reports' conclusions are about",
        question: "How much does a network gain from layers learnt on all images when only some have labels?",
        seed: 1,
        repeats: Scaled::new(1, 3, 10),
        data: DATA,
        artefacts: ARTEFACTS,
        claims: &[
            Claim {
                says: "Layers learnt without labels help, however many labels there are.",
                place: "",
                reported: OURS,
                cause: "Where all images have labels there is little left to gain.",
                test: |e| less_everywhere(run(e, "labels", "pretrained"), "random"),
            },
            Claim {
                says: "They help against a tuned random network, too.",
                place: "",
                reported: OURS,
                cause: "Where all images have labels there is little left to gain.",
                test: |e| less_everywhere(run(e, "labels", "pretrained"), "tuned random"),
            },
            Claim {
                says: "The fewer labels, the more they help.",
                place: "",
                reported: OURS,
                cause: "With very few labels the draw of the labels adds more noise than the gain.",
                test: |e| gap_follows(run(e, "labels", "pretrained"), "tuned random", Trend::FALLS),
            },
        ],
    },
    recipe: &Pretraining {
        sweep: "labels",
        axis: Axis { label: "labelled images", steps: Steps::Log },
        shapes: Scaled::new(
            &[labels("100", 100, 1000, 4), labels("1000", 1000, 1000, 1)],
            &[
                labels("100", 100, 10_000, 20),
                labels("1000", 1000, 10_000, 8),
                labels("10000", 10_000, 10_000, 1),
            ],
            &[
                labels("100", 100, 60_000, 20),
                labels("1000", 1000, 60_000, 8),
                labels("10000", 10_000, 60_000, 2),
                labels("60000", 60_000, 60_000, 1),
            ],
        ),
        greedy: Greedy { epochs: Scaled::new(2, 20, 50), batch: 128, rate: 0.1, sigma: 0.01 },
        regimes: &[
            PRETRAINED,
            Regime { name: "random", start: Start::Random(Init::Small), ..PRETRAINED },
            Regime { batch: 50, epochs: Scaled::new(2, 8, 30), search: CANDIDATES, ..TUNED },
        ],
        readings: &[],
        origins: origins::OURS,
        reported: &[],
        published: (
            "one layer of 1024, grey inputs, one unbalanced draw of labels with a tenth of them for stopping early, an \
             untuned random network [yell]",
            &[("100", 5.68), ("1000", 4.94), ("10000", 2.54), ("60000", 0.53)],
        ),
        bounds: &[],
    },
};
