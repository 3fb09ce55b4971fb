//! Does pretraining help? The report from scratch, by the number of images, and its best networks on all of them.

use engine::figures::{Axis, Steps};
use engine::predicates::Trend;
use engine::{Claim, Question, Scaled};
use report::OURS;

use super::claims::{Side, error_follows, error_lies, least_is_among, less_everywhere, run};
use super::scratch::{GREEDY, PRETRAINED, RANDOM, TUNED, shape};
use super::{ARTEFACTS, DATA, Greedy, Pretraining, Reading, Regime, Shape, origins};
use crate::experiment::{Experiment, reports};

/// Two layers of 200 units on so many images.
pub(super) const fn images(value: &'static str, images: usize) -> Shape {
    shape(value, 2, 200, images)
}

/// Both reports learn from these numbers of images.
pub(super) const BY_IMAGES: &[Shape] = &[
    images("1000", 1000),
    images("3000", 3000),
    images("7000", 7000),
    images("10000", 10_000),
    images("30000", 30_000),
    images("60000", 60_000),
];

pub(super) static IMAGES: Experiment = Experiment {
    about: Question {
        id: "mnist-samples",
        protocol: "scratch",
        report: reports::SCRATCH,
        title: "Pretraining against the number of images, 2 layers of 200 units",
        reproduces: "Figure 11",
        question: "How does the error change with the number of training images, with and without pretraining?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: DATA,
        artefacts: ARTEFACTS,
        claims: &[
            Claim {
                says: "60 000 images are best with pretraining.",
                place: "section 2.3",
                reported: "60 000",
                cause: "The quick profile does not learn from so many images.",
                test: |e| least_is_among(run(e, "images", "pretrained"), &["60000"]),
            },
            Claim {
                says: "60 000 images are best without.",
                place: "section 2.3",
                reported: "60 000",
                cause: "The quick profile does not learn from so many images.",
                test: |e| least_is_among(run(e, "images", "random"), &["60000"]),
            },
            Claim {
                says: "The pretrained network errs less, however many images there are.",
                place: "section 2.3, Figure 11",
                reported: "red under blue everywhere",
                cause: "",
                test: |e| less_everywhere(run(e, "images", "pretrained"), "random"),
            },
            Claim {
                says: "The pretrained error falls with the number of images.",
                place: "section 2.3, Figure 11",
                reported: "by eye",
                cause: "",
                test: |e| error_follows(run(e, "images", "pretrained"), Trend::FALLS),
            },
            Claim {
                says: "The random error falls with the number of images.",
                place: "section 2.3, Figure 11",
                reported: "by eye",
                cause: "",
                test: |e| error_follows(run(e, "images", "random"), Trend::FALLS),
            },
        ],
    },
    recipe: &Pretraining {
        sweep: "images",
        axis: Axis { label: "training images", steps: Steps::Log },
        shapes: Scaled::new(
            &[images("300", 300), images("1000", 1000)],
            &[images("1000", 1000), images("3000", 3000), images("10000", 10_000)],
            BY_IMAGES,
        ),
        greedy: GREEDY,
        regimes: &[PRETRAINED, RANDOM, TUNED],
        beside: &[],
        readings: &[],
        origins: origins::FIGURE_11,
        reported: &[
            (
                "pretrained",
                &[
                    ("1000", 0.131),
                    ("3000", 0.0858),
                    ("7000", 0.0532),
                    ("10000", 0.0414),
                    ("30000", 0.025),
                    ("60000", 0.0188),
                ],
            ),
            (
                "random",
                &[
                    ("1000", 0.1491),
                    ("3000", 0.0957),
                    ("7000", 0.0754),
                    ("10000", 0.0597),
                    ("30000", 0.034),
                    ("60000", 0.0241),
                ],
            ),
        ],
        published: ("", &[]),
        bounds: &[],
    },
};

pub(super) static BEST: Experiment = Experiment {
    about: Question {
        id: "mnist-best",
        protocol: "scratch",
        report: reports::SCRATCH,
        title: "The best pretrained network on all images",
        reproduces: "Table 1",
        question: "Which of six pretrained networks errs least on MNIST, and how much?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: DATA,
        artefacts: ARTEFACTS,
        claims: &[
            Claim {
                says: "4 × 400 is the best of the six.",
                place: "section 2.4, Table 1",
                reported: "4 × 400",
                cause: "The report has one run a network, and its three best lie within 0.21 percentage points.",
                test: |e| least_is_among(run(e, "network", "pretrained"), &["4 × 400"]),
            },
            Claim {
                says: "4 × 400 errs on no more than 1.5 % of the test images, rounded.",
                place: "section 2.4",
                reported: "1.54 %",
                cause: "The quick profile learns from a sixth of the images. The report has one run; the 95 % interval of its own number reaches from 1.32 to 1.80 %.",
                test: |e| error_lies(run(e, "network", "pretrained"), "4 × 400", Side::Below, 0.0155),
            },
            Claim {
                says: "A tuned random network does not reach the pretrained one.",
                place: "",
                reported: OURS,
                cause: "With today’s means a random network comes as far as a pretrained one of sigmoid units.",
                test: |e| less_everywhere(run(e, "network", "pretrained"), "tuned random"),
            },
        ],
    },
    recipe: &Pretraining {
        sweep: "network",
        axis: Axis { label: "hidden layers × units", steps: Steps::Names },
        shapes: Scaled::new(
            &[shape("2 × 200", 2, 200, 500), shape("4 × 200", 4, 200, 500)],
            &[
                shape("2 × 200", 2, 200, 10_000),
                shape("2 × 400", 2, 400, 10_000),
                shape("4 × 200", 4, 200, 10_000),
                shape("4 × 400", 4, 400, 10_000),
            ],
            &[
                shape("2 × 200", 2, 200, 60_000),
                shape("2 × 300", 2, 300, 60_000),
                shape("2 × 400", 2, 400, 60_000),
                shape("4 × 200", 4, 200, 60_000),
                shape("4 × 300", 4, 300, 60_000),
                shape("4 × 400", 4, 400, 60_000),
            ],
        ),
        greedy: Greedy { epochs: Scaled::new(2, 10, 100), ..GREEDY },
        regimes: &[
            Regime { epochs: Scaled::new(2, 10, 200), ..PRETRAINED },
            Regime { epochs: Scaled::new(2, 10, 60), ..TUNED },
        ],
        beside: &[],
        readings: &[(Reading::Sigma(0.1), &["4 × 400"])],
        origins: origins::TABLE_1,
        reported: &[(
            "pretrained",
            &[
                ("2 × 200", 0.0211),
                ("2 × 300", 0.0182),
                ("2 × 400", 0.0161),
                ("4 × 200", 0.0225),
                ("4 × 300", 0.0175),
                ("4 × 400", 0.0154),
            ],
        )],
        published: ("", &[]),
        bounds: &[],
    },
};
