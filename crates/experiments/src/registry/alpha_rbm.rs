//! The RBM on AlphaDigits: reconstruction, generation, and what classes, epochs and hidden units do to them.

use super::alpha_claims::{about, falls, good, limit, poor, poor_from, rises};
use crate::claim::Claim;
use crate::experiment::{Experiment, Report};
use crate::profile::Scaled;
use crate::recipes::Recipe;
use crate::recipes::alpha::{Alpha, Picture, Spread, Variant};
use crate::rows::pick;

/// What the report on generative models uses throughout.
const GENERATIVE: Variant = Variant {
    label: "",
    series: "",
    value: "",
    x: 0.0,
    characters: "0",
    layers: 1,
    hidden: 100,
    batch: 32,
    rate: 0.1,
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
    epochs: Scaled::new(4, 100, 100),
    gibbs: Scaled::new(20, 50, 50),
    ..GENERATIVE
};

pub(super) const fn named(base: Variant, label: &'static str, value: &'static str, x: f64) -> Variant {
    Variant { label, value, x, ..base }
}

const DIGITS: &str = "0123456789";

const MODELS: &[Variant] = &[
    Variant { reported: Some(2.6e-4), ..named(GENERATIVE, "'0', 100 hidden", "one class, 100 hidden", 0.0) },
    Variant {
        characters: DIGITS,
        reported: Some(4.7e-3),
        ..named(GENERATIVE, "'0'–'9', 100 hidden", "ten classes, 100 hidden", 1.0)
    },
    Variant {
        characters: DIGITS,
        hidden: 300,
        reported: Some(3.1e-5),
        ..named(GENERATIVE, "'0'–'9', 300 hidden", "ten classes, 300 hidden", 2.0)
    },
];

pub(super) const RECONSTRUCTION: Experiment = Experiment {
    id: "alpha-rbm-reconstruction",
    protocol: "generative",
    report: Report::Generative,
    title: "What an RBM reconstructs",
    reproduces: "Figures 1 and 2, and the errors in the text",
    question: "How well does an RBM reconstruct the characters it was trained on: one class, ten classes, ten classes \
               with more hidden units?",
    seed: 1,
    repeats: Scaled::new(1, 3, 3),
    recipe: Recipe::Alpha(Alpha {
        sweep: "model",
        axis: "model",
        spread: Spread::Names,
        variants: Scaled::same(MODELS),
        held_out: 10,
        picture: Picture::Reconstructions,
    }),
    artefacts: &["metrics.csv", "reconstructions.svg", "reconstructions.png"],
    claims: &[
        Claim {
            says: "The error rises from one class to ten.",
            reported: "2.6e-4 → 4.7e-3",
            test: |e| {
                e.above(
                    pick("mse_mean_train", &[("model", "ten classes, 100 hidden")]),
                    pick("mse_mean_train", &[("model", "one class, 100 hidden")]),
                )
            },
        },
        Claim {
            says: "300 hidden units bring the error of ten classes down.",
            reported: "4.7e-3 → 3.1e-5",
            test: |e| {
                e.below(
                    pick("mse_mean_train", &[("model", "ten classes, 300 hidden")]),
                    pick("mse_mean_train", &[("model", "ten classes, 100 hidden")]),
                )
            },
        },
        Claim {
            says: "One class is reconstructed with an error of 2.6e-4.",
            reported: "2.6e-4",
            test: |e| about(e, pick("mse_mean_train", &[("model", "one class, 100 hidden")]), 2.6e-4, 3.0),
        },
        Claim {
            says: "Ten classes are reconstructed with an error of 4.7e-3.",
            reported: "4.7e-3",
            test: |e| about(e, pick("mse_mean_train", &[("model", "ten classes, 100 hidden")]), 4.7e-3, 3.0),
        },
        Claim {
            says: "Ten classes with 300 hidden units are reconstructed with an error of 3.1e-5.",
            reported: "3.1e-5",
            test: |e| about(e, pick("mse_mean_train", &[("model", "ten classes, 300 hidden")]), 3.1e-5, 3.0),
        },
    ],
};

pub(super) const GENERATION: Experiment = Experiment {
    id: "alpha-rbm-generation",
    protocol: "generative",
    report: Report::Generative,
    title: "What an RBM generates",
    reproduces: "Figures 3 and 4",
    question: "Does an RBM generate one class well, and ten classes with more units and epochs?",
    seed: 1,
    repeats: Scaled::new(1, 1, 3),
    recipe: Recipe::Alpha(Alpha {
        sweep: "model",
        axis: "model",
        spread: Spread::Names,
        variants: Scaled::same(&[
            named(GENERATIVE, "'0', 100 hidden", "one class", 0.0),
            Variant {
                characters: DIGITS,
                hidden: 300,
                epochs: Scaled::new(4, 500, 5000),
                ..named(GENERATIVE, "'0'–'9', 300 hidden", "ten classes", 1.0)
            },
        ]),
        held_out: 0,
        picture: Picture::Strips,
    }),
    artefacts: &["metrics.csv", "samples.svg", "samples.png"],
    claims: &[
        Claim {
            says: "The digit '0' is generated well.",
            reported: "by eye",
            test: |e| good(e, &[("model", "one class")]),
        },
        Claim {
            says: "Ten classes are not generated well, in spite of 300 hidden units and 5000 epochs.",
            reported: "by eye",
            test: |e| poor(e, &[("model", "ten classes")]),
        },
    ],
};

const ONE_TO_TEN: &[Variant] = &[
    named(GENERATIVE, "1 class: 0", "1", 1.0),
    Variant { characters: "01", ..named(GENERATIVE, "2 classes: 0–1", "2", 2.0) },
    Variant { characters: "012", ..named(GENERATIVE, "3 classes: 0–2", "3", 3.0) },
    Variant { characters: "0123", ..named(GENERATIVE, "4 classes: 0–3", "4", 4.0) },
    Variant { characters: "01234", ..named(GENERATIVE, "5 classes: 0–4", "5", 5.0) },
    Variant { characters: "012345", ..named(GENERATIVE, "6 classes: 0–5", "6", 6.0) },
    Variant { characters: "0123456", ..named(GENERATIVE, "7 classes: 0–6", "7", 7.0) },
    Variant { characters: "01234567", ..named(GENERATIVE, "8 classes: 0–7", "8", 8.0) },
    Variant { characters: "012345678", ..named(GENERATIVE, "9 classes: 0–8", "9", 9.0) },
    Variant { characters: DIGITS, ..named(GENERATIVE, "10 classes: 0–9", "10", 10.0) },
];

pub(super) const CLASSES_GENERATIVE: Experiment = Experiment {
    id: "alpha-rbm-classes",
    protocol: "generative",
    report: Report::Generative,
    title: "How many classes an RBM holds",
    reproduces: "Figures 5 and 6, Table 1",
    question: "What does the number of classes do to an RBM's reconstructions and samples?",
    seed: 1,
    repeats: Scaled::new(1, 3, 3),
    recipe: Recipe::Alpha(Alpha {
        sweep: "classes",
        axis: "number of classes",
        spread: Spread::Linear,
        variants: Scaled::same(ONE_TO_TEN),
        held_out: 10,
        picture: Picture::Strips,
    }),
    artefacts: &["metrics.csv", "samples.svg", "error.svg"],
    claims: &[
        Claim {
            says: "The reconstruction error rises with the number of classes.",
            reported: "by the curve",
            test: |e| rises(e, pick("mse_mean_train", &[]), "classes"),
        },
        Claim {
            says: "Samples go bad beyond two classes: one and two are good.",
            reported: "by eye",
            test: |e| good(e, &[("classes", "1")]).and(good(e, &[("classes", "2")])),
        },
        Claim {
            says: "Samples go bad beyond two classes: three and more are not good.",
            reported: "by eye",
            test: |e| poor_from(e, "classes", 3),
        },
    ],
};

const SETS: &[Variant] = &[
    Variant { characters: "2", ..named(SCRATCH, "(a) 2", "1", 1.0) },
    Variant { characters: "24", ..named(SCRATCH, "(b) 2 4", "2", 2.0) },
    Variant { characters: "24B", ..named(SCRATCH, "(c) 2 4 B", "3", 3.0) },
    Variant { characters: "24BZ", ..named(SCRATCH, "(d) 2 4 B Z", "4", 4.0) },
    Variant { characters: "24BZ9", ..named(SCRATCH, "(e) 2 4 B Z 9", "5", 5.0) },
    Variant { characters: "24BZ9P", ..named(SCRATCH, "(f) 2 4 B Z 9 P", "6", 6.0) },
    Variant { characters: "24BZ9PT", ..named(SCRATCH, "(g) 2 4 B Z 9 P T", "7", 7.0) },
    Variant { characters: "24BZ9PTN", ..named(SCRATCH, "(h) 2 4 B Z 9 P T N", "8", 8.0) },
];

pub(super) const CLASSES_SCRATCH: Experiment = Experiment {
    id: "alpha-rbm-classes",
    protocol: "scratch",
    report: Report::Scratch,
    title: "How many characters an RBM holds",
    reproduces: "Figure 4 (a)–(h)",
    question: "How many different characters can one RBM of 500 hidden units generate?",
    seed: 1,
    repeats: Scaled::new(1, 3, 3),
    recipe: Recipe::Alpha(Alpha {
        sweep: "classes",
        axis: "number of characters",
        spread: Spread::Linear,
        variants: Scaled::same(SETS),
        held_out: 10,
        picture: Picture::Strips,
    }),
    artefacts: &["metrics.csv", "samples.svg", "quality.svg"],
    claims: &[Claim {
        says: "The limit of the RBM is three characters.",
        reported: "3",
        test: |e| limit(e, &[], 3),
    }],
};

const fn after(epochs: usize, label: &'static str, value: &'static str, twenty: bool) -> Variant {
    Variant {
        after: Some(epochs),
        series: if twenty { "20 classes" } else { "10 classes" },
        characters: if twenty { "0123456789ABCDEFGHIJ" } else { DIGITS },
        epochs: Scaled::new(4, 300, 5000),
        ..named(GENERATIVE, label, value, epochs as f64)
    }
}

pub(super) const EPOCHS: Experiment = Experiment {
    id: "alpha-rbm-epochs",
    protocol: "generative",
    report: Report::Generative,
    title: "How long an RBM is trained",
    reproduces: "Figures 7 and 8, Table 2 (its text says 20 classes, its table 10: both are run)",
    question: "What do more epochs do to an RBM's reconstructions and samples?",
    seed: 1,
    repeats: Scaled::new(1, 1, 3),
    recipe: Recipe::Alpha(Alpha {
        sweep: "epochs",
        axis: "training epochs",
        spread: Spread::Log,
        variants: Scaled::new(
            &[
                after(1, "10 classes, 1 epoch", "1", false),
                after(4, "10 classes, 4 epochs", "4", false),
                after(1, "20 classes, 1 epoch", "1", true),
                after(4, "20 classes, 4 epochs", "4", true),
            ],
            &[
                after(1, "10 classes, 1 epoch", "1", false),
                after(10, "10 classes, 10 epochs", "10", false),
                after(100, "10 classes, 100 epochs", "100", false),
                after(300, "10 classes, 300 epochs", "300", false),
                after(1, "20 classes, 1 epoch", "1", true),
                after(10, "20 classes, 10 epochs", "10", true),
                after(100, "20 classes, 100 epochs", "100", true),
                after(300, "20 classes, 300 epochs", "300", true),
            ],
            &[
                after(1, "10 classes, 1 epoch", "1", false),
                after(10, "10 classes, 10 epochs", "10", false),
                after(100, "10 classes, 100 epochs", "100", false),
                after(300, "10 classes, 300 epochs", "300", false),
                after(1000, "10 classes, 1000 epochs", "1000", false),
                after(2000, "10 classes, 2000 epochs", "2000", false),
                after(5000, "10 classes, 5000 epochs", "5000", false),
                after(1, "20 classes, 1 epoch", "1", true),
                after(10, "20 classes, 10 epochs", "10", true),
                after(100, "20 classes, 100 epochs", "100", true),
                after(300, "20 classes, 300 epochs", "300", true),
                after(1000, "20 classes, 1000 epochs", "1000", true),
                after(2000, "20 classes, 2000 epochs", "2000", true),
                after(5000, "20 classes, 5000 epochs", "5000", true),
            ],
        ),
        held_out: 10,
        picture: Picture::Strips,
    }),
    artefacts: &["metrics.csv", "samples.svg", "error.svg"],
    claims: &[
        Claim {
            says: "With 20 classes, the error falls with the number of epochs.",
            reported: "by the curve",
            test: |e| falls(e, pick("mse_mean_train", &[("series", "20 classes")]), "epochs"),
        },
        Claim {
            says: "With 10 classes, the error falls with the number of epochs.",
            reported: "by the curve",
            test: |e| falls(e, pick("mse_mean_train", &[("series", "10 classes")]), "epochs"),
        },
        Claim {
            says: "Samples stay far from optimal even after many epochs (10 classes).",
            reported: "by eye",
            test: |e| last_poor(e, "10 classes"),
        },
        Claim {
            says: "Samples stay far from optimal even after many epochs (20 classes).",
            reported: "by eye",
            test: |e| last_poor(e, "20 classes"),
        },
    ],
};

/// The samples of the longest training are poor.
fn last_poor(e: &crate::rows::Evidence, series: &str) -> crate::claim::Finding {
    let wanted = [("series", series)];
    let last =
        super::alpha_claims::along(e, pick("fidelity", &wanted), "epochs").last().copied().unwrap_or("");
    poor(e, &[("series", series), ("epochs", last)])
}
