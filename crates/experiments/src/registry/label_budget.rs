//! What pretraining is worth when labels are few: our own record.

use feedforward::{Activation, Init};
use train::Descent;

use super::pretraining_claims::{below_everywhere, gap_falls};
use super::pretraining_scratch::{TUNED, shape};
use crate::claim::{Claim, OURS};
use crate::experiment::{Experiment, Report};
use crate::jobs::classifier::Start;
use crate::profile::Scaled;
use crate::recipes::Recipe;
use crate::recipes::pretraining::{Axis, Belief, Curve, Pretraining, Shape};

/// `epochs` makes up for what an epoch of few images lacks in steps.
const fn labels(value: &'static str, images: usize, unlabelled: usize, epochs: usize) -> Shape {
    Shape { unlabelled: Some(unlabelled), epochs, ..shape(value, images as f64, 2, 500, images) }
}

const PRETRAINED: Curve = Curve {
    name: "pretrained",
    start: Start::Pretrained,
    activation: Activation::Sigmoid,
    dropout: 0.2,
    descent: Descent::annealed(1e-3, 1e-2),
    batch: 50,
    epochs: Scaled::new(2, 8, 30),
};

pub(super) const LABELS: Experiment = Experiment {
    id: "record-label-budget",
    protocol: "ours",
    report: Report::Ours,
    title: "What pretraining is worth, by the number of labels",
    reproduces: "no figure: the regime that the reports' conclusions are about",
    question: "How much does a network gain from layers learnt on all images when only some have labels?",
    seed: 1,
    repeats: Scaled::new(1, 1, 3),
    recipe: Recipe::Pretraining(Pretraining {
        sweep: "labels",
        axis: Axis::Log("labelled images"),
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
        belief: Belief { epochs: Scaled::new(2, 20, 50), batch: 128, rate: 0.1 },
        curves: &[
            PRETRAINED,
            Curve { name: "random", start: Start::Random(Init::Small), ..PRETRAINED },
            Curve { batch: 50, epochs: Scaled::new(2, 8, 30), ..TUNED },
        ],
    }),
    artefacts: &["metrics.csv", "epochs.csv", "error.svg", "epochs.svg", "filters.svg", "confusion.csv"],
    claims: &[
        Claim {
            says: "Layers learnt without labels help, however many labels there are.",
            reported: OURS,
            test: |e| below_everywhere(e, "labels", "pretrained", "random"),
        },
        Claim {
            says: "They help against a tuned random network, too.",
            reported: OURS,
            test: |e| below_everywhere(e, "labels", "pretrained", "tuned random"),
        },
        Claim {
            says: "The fewer labels, the more they help.",
            reported: OURS,
            test: |e| gap_falls(e, "labels", "pretrained", "tuned random"),
        },
    ],
};
