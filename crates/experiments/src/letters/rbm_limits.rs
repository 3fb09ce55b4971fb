//! What the number of classes and the number of epochs do to an RBM on AlphaDigits.

use engine::claim::both;
use engine::figures::Steps;
use engine::{Claim, Question, Scaled, pick};

use super::claims::{better, good, limit, poor, poor_from};
use super::model::{Alpha, DATA, Picture, Variant};
use super::origins;
use super::rbm::{DIGITS, GENERATIVE, SCRATCH};
use super::reading::{ADVISED, EXERCISE, Reading};
use crate::experiment::{Experiment, reports};

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
        repeats: Scaled::new(1, 3, 5),
        data: DATA,
        artefacts: &["metrics.csv", "samples.svg", "error.svg"],
        claims: &[
            Claim {
                says: "The reconstruction error rises with the number of classes.",
                place: "Figure 5",
                reported: "by the curve",
                cause: "Classes differ: the second one, ‘1’, is a black block that is easy to reconstruct.",
                test: |e| e.rises_along(pick("mse_mean_train", &[]), "classes"),
            },
            Claim {
                says: "Up to two classes samples are still good (implied).",
                place: "Figure 6",
                reported: "by eye",
                cause: "The second class is ‘1’, a black block in this data set, and chains from coin flips end in one of the two.",
                test: |e| both(good(e, &[("classes", "1")]), good(e, &[("classes", "2")])),
            },
            Claim {
                says: "Beyond two classes samples are not good.",
                place: "Figure 6",
                reported: "by eye",
                cause: "The report judges by eye; where quality falls gradually, the line between good and poor is a matter of the threshold.",
                test: |e| poor_from(e, "classes", 3),
            },
        ],
    },
    recipe: &Alpha {
        sweep: "classes",
        axis: "number of classes",
        steps: Steps::Linear,
        variants: Scaled::same(ONE_TO_TEN),
        readings: &[(Reading::WithoutOne, &[]), (ADVISED, &["1", "2", "3", "4"])],
        origins: origins::TABLE_1,
        held_out: 10,
        picture: Picture::Strips,
    },
};

const FIGURE: &str = "characters of the figure";
const ALIKE: &str = "three that are alike";

const fn set(characters: &'static str, label: &'static str, value: &'static str) -> Variant {
    Variant { series: FIGURE, characters, ..SCRATCH.named(label, value) }
}

const SETS: &[Variant] = &[
    set("2", "(a) 2", "1"),
    set("24", "(b) 2 4", "2"),
    set("24B", "(c) 2 4 B", "3"),
    set("24BZ", "(d) 2 4 B Z", "4"),
    set("24BZ9", "(e) 2 4 B Z 9", "5"),
    set("24BZ9P", "(f) 2 4 B Z 9 P", "6"),
    set("24BZ9PT", "(g) 2 4 B Z 9 P T", "7"),
    set("24BZ9PTN", "(h) 2 4 B Z 9 P T N", "8"),
    Variant { series: ALIKE, characters: "2S5", ..SCRATCH.named("alike: 2 S 5", "3") },
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
        repeats: Scaled::new(1, 3, 5),
        data: DATA,
        artefacts: &["metrics.csv", "samples.svg", "quality.svg"],
        claims: &[
            Claim {
                says: "The limit of the RBM is three characters.",
                place: "section 1.1.2, Figure 4",
                reported: "3",
                cause: "Quality falls gradually with every character, and the report draws the line by eye, at some images a set; our threshold is another line.",
                test: |e| limit(e, &[("series", FIGURE)], 3),
            },
            Claim {
                says: "Which characters matters, too: 2, S and 5, which are alike, are easier than 2, 4 and B.",
                place: "section 1.1.2",
                reported: "supposed, not tried",
                cause: "The report supposes this and does not try it.",
                test: |e| {
                    let three = |series| [("series", series), ("classes", "3")];
                    better(e, &three(ALIKE), &three(FIGURE))
                },
            },
        ],
    },
    recipe: &Alpha {
        sweep: "classes",
        axis: "number of characters",
        steps: Steps::Linear,
        variants: Scaled::same(SETS),
        readings: &[(EXERCISE, &[]), (ADVISED, &[])],
        origins: origins::FIGURE_4,
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
        repeats: Scaled::new(1, 1, 5),
        data: DATA,
        artefacts: &["metrics.csv", "samples.svg", "error.svg"],
        claims: &[
            Claim {
                says: "The error falls with the number of epochs, with 20 classes and with 10.",
                place: "Figure 7, Table 2",
                reported: "by the curve",
                cause: "",
                test: |e| {
                    let falls =
                        |series| e.falls_along(pick("mse_mean_train", &[("series", series)]), "epochs");
                    both(falls("20 classes"), falls("10 classes"))
                },
            },
            Claim {
                says: "Samples stay far from optimal even after many epochs, with 20 classes and with 10.",
                place: "Figure 8, Table 2",
                reported: "by eye",
                cause: "Near the threshold our score does not tell good from poor.",
                test: |e| both(last_poor(e, "20 classes"), last_poor(e, "10 classes")),
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
        origins: origins::TABLE_2,
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
