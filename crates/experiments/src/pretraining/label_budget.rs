//! What pretraining is worth when labels are few: our own record.

use engine::figures::{Axis, Steps};
use engine::predicates::Trend;
use engine::{Claim, Question, Scaled};
use feedforward::{Activation, Init};
use report::OURS;
use train::{Descent, Schedule};

use super::claims::{gap_follows, less_at, less_everywhere, run};
use super::job::Start;
use super::scratch::{TUNED, shape};
use super::search::Candidate;
use super::{ARTEFACTS, Beside, DATA, Greedy, Kind, Pretraining, Regime, Shape, origins};
use crate::autoencoder::stack::{Layers, Learning};
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

const DENOISING: &str = "denoising stack";
const LADDER: &str = "ladder";

/// The shape and the descent of the pretrained network, so that what its layers learnt is all that differs, but for grey levels.
const STACK: Beside = Beside {
    name: DENOISING,
    seeds: Scaled::new(1, 1, 10),
    kind: Kind::Stack {
        layers: Layers { name: "denoising", widths: &[500, 500], momentum: 0.0, sparsity: None },
        learning: Learning {
            images: Scaled::same(60_000),
            epochs: Scaled::new(1, 10, 30),
            batch: 128,
            rate: 0.1,
            masking: 0.3,
            init: Init::Sigmoid,
        },
        network: Regime { name: DENOISING, start: Start::Denoised, ..PRETRAINED },
    },
    published: &[],
};

/// The published ladder [Rasmus2015, section 4.1], with fewer epochs.
const SIDE: Beside = Beside {
    name: LADDER,
    seeds: Scaled::new(1, 1, 3),
    kind: Kind::Ladder {
        hidden: &[1000, 500, 250, 250, 250],
        batch: 100,
        descent: Descent { schedule: Schedule::Late { begin: 2.0 / 3.0 }, ..Descent::adam(2e-3) },
        epochs: Scaled::new(1, 6, 20),
    },
    published: &[("100", 1.06), ("1000", 0.84), ("60000", 0.57)],
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
            Claim {
                says: "With 100 labels a ladder errs less than a network on layers learnt beforehand.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| less_at(run(e, "labels", LADDER), "100", "pretrained"),
            },
            Claim {
                says: "A ladder errs less than a tuned random network, however many labels there are.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| less_everywhere(run(e, "labels", LADDER), "tuned random"),
            },
            Claim {
                says: "The fewer labels, the more a ladder gains over a tuned random network.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| gap_follows(run(e, "labels", LADDER), "tuned random", Trend::FALLS),
            },
            Claim {
                says: "With 100 labels a ladder errs less than the stack of denoising autoencoders that it would be without side \
                       connections.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| less_at(run(e, "labels", LADDER), "100", DENOISING),
            },
            Claim {
                says: "Layers that learnt to denoise help, too, however many labels there are.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| less_everywhere(run(e, "labels", DENOISING), "random"),
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
        beside: &[STACK, SIDE],
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
