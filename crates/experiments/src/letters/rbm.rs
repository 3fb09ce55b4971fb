//! The RBM on AlphaDigits: reconstruction, generation, and what classes, epochs and hidden units do to them.

use engine::claim::both;
use engine::figures::Steps;
use engine::{Claim, Question, Scaled, pick};

use super::claims::{about, good, limit, poor, poor_from};
use super::model::{Alpha, DATA, Picture, Variant};
use super::origins;
use super::reading::{Reading, SMALL};
use crate::experiment::{Experiment, reports};

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
    epochs: Scaled::new(4, 100, 100),
    gibbs: Scaled::new(20, 50, 50),
    ..GENERATIVE
};

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
        repeats: Scaled::new(1, 3, 3),
        data: DATA,
        artefacts: &["metrics.csv", "reconstructions.svg", "reconstructions.png"],
        claims: &[
            Claim {
                says: "The error rises from one class to ten.",
                place: "",
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
                place: "",
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
                place: "",
                reported: "2.6e-4",
                cause: "",
                test: |e| {
                    about(e, pick("mse_mean_train", &[("model", "one class, 100 hidden")]), 2.6e-4, 3.0)
                },
            },
            Claim {
                says: "Ten classes are reconstructed with an error of 4.7e-3.",
                place: "",
                reported: "4.7e-3",
                cause: "",
                test: |e| {
                    about(e, pick("mse_mean_train", &[("model", "ten classes, 100 hidden")]), 4.7e-3, 3.0)
                },
            },
            Claim {
                says: "Ten classes with 300 hidden units are reconstructed with an error of 3.1e-5.",
                place: "",
                reported: "3.1e-5",
                cause: "",
                test: |e| {
                    about(e, pick("mse_mean_train", &[("model", "ten classes, 300 hidden")]), 3.1e-5, 3.0)
                },
            },
        ],
    },
    recipe: &Alpha {
        sweep: "model",
        axis: "model",
        steps: Steps::Names,
        variants: Scaled::same(MODELS),
        readings: &[(SMALL, &[]), (Reading::Summed, &[]), (Reading::Probabilities, &[])],
        origins: origins::GENERATIVE,
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
        repeats: Scaled::new(1, 1, 3),
        data: DATA,
        artefacts: &["metrics.csv", "samples.svg", "samples.png"],
        claims: &[
            Claim {
                says: "The digit '0' is generated well.",
                place: "",
                reported: "by eye",
                cause: "",
                test: |e| good(e, &[("model", "one class")]),
            },
            Claim {
                says: "Ten classes are not generated well, in spite of 300 hidden units and 5000 epochs.",
                place: "",
                reported: "by eye",
                cause: "",
                test: |e| poor(e, &[("model", "ten classes")]),
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
                hidden: 300,
                epochs: Scaled::new(4, 500, 5000),
                ..GENERATIVE.named("'0'–'9', 300 hidden", "ten classes")
            },
        ]),
        readings: &[],
        origins: origins::GENERATIVE,
        held_out: 0,
        picture: Picture::Strips,
    },
};

const ONE_TO_TEN: &[Variant] = &[
    GENERATIVE.named("1 class: 0", "1"),
    Variant { characters: "01", ..GENERATIVE.named("2 classes: 0–1", "2") },
    Variant { characters: "012", ..GENERATIVE.named("3 classes: 0–2", "3") },
    Variant { characters: "0123", ..GENERATIVE.named("4 classes: 0–3", "4") },
    Variant { characters: "01234", ..GENERATIVE.named("5 classes: 0–4", "5") },
    Variant { characters: "012345", ..GENERATIVE.named("6 classes: 0–5", "6") },
    Variant { characters: "0123456", ..GENERATIVE.named("7 classes: 0–6", "7") },
    Variant { characters: "01234567", ..GENERATIVE.named("8 classes: 0–7", "8") },
    Variant { characters: "012345678", ..GENERATIVE.named("9 classes: 0–8", "9") },
    Variant { characters: DIGITS, ..GENERATIVE.named("10 classes: 0–9", "10") },
];

pub(super) static CLASSES_GENERATIVE: Experiment = Experiment {
    about: Question {
        id: "alpha-rbm-classes",
        protocol: "generative",
        report: reports::GENERATIVE,
        title: "How many classes an RBM holds",
        reproduces: "Figures 5 and 6, Table 1",
        question: "What does the number of classes do to an RBM's reconstructions and samples?",
        seed: 1,
        repeats: Scaled::new(1, 3, 3),
        data: DATA,
        artefacts: &["metrics.csv", "samples.svg", "error.svg"],
        claims: &[
            Claim {
                says: "The reconstruction error rises with the number of classes.",
                place: "",
                reported: "by the curve",
                cause: "",
                test: |e| e.rises_along(pick("mse_mean_train", &[]), "classes"),
            },
            Claim {
                says: "Samples go bad beyond two classes: one and two are good.",
                place: "",
                reported: "by eye",
                cause: "",
                test: |e| both(good(e, &[("classes", "1")]), good(e, &[("classes", "2")])),
            },
            Claim {
                says: "Samples go bad beyond two classes: three and more are not good.",
                place: "",
                reported: "by eye",
                cause: "",
                test: |e| poor_from(e, "classes", 3),
            },
        ],
    },
    recipe: &Alpha {
        sweep: "classes",
        axis: "number of classes",
        steps: Steps::Linear,
        variants: Scaled::same(ONE_TO_TEN),
        readings: &[(Reading::WithoutOne, &[]), (SMALL, &["1", "2", "3", "4"])],
        origins: origins::GENERATIVE,
        held_out: 10,
        picture: Picture::Strips,
    },
};

const SETS: &[Variant] = &[
    Variant { characters: "2", ..SCRATCH.named("(a) 2", "1") },
    Variant { characters: "24", ..SCRATCH.named("(b) 2 4", "2") },
    Variant { characters: "24B", ..SCRATCH.named("(c) 2 4 B", "3") },
    Variant { characters: "24BZ", ..SCRATCH.named("(d) 2 4 B Z", "4") },
    Variant { characters: "24BZ9", ..SCRATCH.named("(e) 2 4 B Z 9", "5") },
    Variant { characters: "24BZ9P", ..SCRATCH.named("(f) 2 4 B Z 9 P", "6") },
    Variant { characters: "24BZ9PT", ..SCRATCH.named("(g) 2 4 B Z 9 P T", "7") },
    Variant { characters: "24BZ9PTN", ..SCRATCH.named("(h) 2 4 B Z 9 P T N", "8") },
];

pub(super) static CLASSES_SCRATCH: Experiment = Experiment {
    about: Question {
        id: "alpha-rbm-classes",
        protocol: "scratch",
        report: reports::SCRATCH,
        title: "How many characters an RBM holds",
        reproduces: "Figure 4 (a)–(h)",
        question: "How many different characters can one RBM of 500 hidden units generate?",
        seed: 1,
        repeats: Scaled::new(1, 3, 3),
        data: DATA,
        artefacts: &["metrics.csv", "samples.svg", "quality.svg"],
        claims: &[Claim {
            says: "The limit of the RBM is three characters.",
            place: "",
            reported: "3",
            cause: "",
            test: |e| limit(e, &[], 3),
        }],
    },
    recipe: &Alpha {
        sweep: "classes",
        axis: "number of characters",
        steps: Steps::Linear,
        variants: Scaled::same(SETS),
        readings: &[(SMALL, &[]), (Reading::Summed, &[]), (Reading::Probabilities, &[])],
        origins: origins::SCRATCH,
        held_out: 10,
        picture: Picture::Strips,
    },
};

const fn after(epochs: usize, label: &'static str, value: &'static str, twenty: bool) -> Variant {
    Variant {
        after: Some(epochs),
        series: if twenty { "20 classes" } else { "10 classes" },
        characters: if twenty { "0123456789ABCDEFGHIJ" } else { DIGITS },
        epochs: Scaled::new(4, 300, 5000),
        ..GENERATIVE.named(label, value)
    }
}

pub(super) static EPOCHS: Experiment = Experiment {
    about: Question {
        id: "alpha-rbm-epochs",
        protocol: "generative",
        report: reports::GENERATIVE,
        title: "How long an RBM is trained",
        reproduces: "Figures 7 and 8, Table 2 (its text says 20 classes, its table 10: both are run)",
        question: "What do more epochs do to an RBM's reconstructions and samples?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: DATA,
        artefacts: &["metrics.csv", "samples.svg", "error.svg"],
        claims: &[
            Claim {
                says: "With 20 classes, the error falls with the number of epochs.",
                place: "",
                reported: "by the curve",
                cause: "",
                test: |e| e.falls_along(pick("mse_mean_train", &[("series", "20 classes")]), "epochs"),
            },
            Claim {
                says: "With 10 classes, the error falls with the number of epochs.",
                place: "",
                reported: "by the curve",
                cause: "",
                test: |e| e.falls_along(pick("mse_mean_train", &[("series", "10 classes")]), "epochs"),
            },
            Claim {
                says: "Samples stay far from optimal even after many epochs (10 classes).",
                place: "",
                reported: "by eye",
                cause: "",
                test: |e| last_poor(e, "10 classes"),
            },
            Claim {
                says: "Samples stay far from optimal even after many epochs (20 classes).",
                place: "",
                reported: "by eye",
                cause: "",
                test: |e| last_poor(e, "20 classes"),
            },
        ],
    },
    recipe: &Alpha {
        sweep: "epochs",
        axis: "training epochs",
        steps: Steps::Log,
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
        readings: &[],
        origins: origins::GENERATIVE,
        held_out: 10,
        picture: Picture::Strips,
    },
};

/// The samples of the longest training are poor.
fn last_poor(e: &engine::Evidence, series: &str) -> engine::Finding {
    let wanted = [("series", series)];
    let last = e.along(pick("fidelity", &wanted), "epochs").last().copied().unwrap_or("");
    poor(e, &[("series", series), ("epochs", last)])
}
