//! The deep belief network on AlphaDigits: generation, and what classes, layers and units do to it.

use engine::claim::OURS;
use engine::figures::Steps;
use engine::predicates::Trend;
use engine::{Claim, Question, Scaled};

use super::claims::{fidelity_follows, good, higher_limit, limit, more_diverse, much_better};
use super::model::{Alpha, DATA, Picture, Variant};
use super::origins;
use super::rbm::{self, DIGITS};
use super::reading::{ADVISED, EXERCISE, Reading};
use crate::experiment::{Experiment, reports};

pub(super) const GENERATIVE: Variant = Variant {
    characters: DIGITS,
    layers: 3,
    hidden: 300,
    epochs: Scaled::new(3, 100, 5000),
    ..rbm::GENERATIVE
};

pub(super) const SCRATCH: Variant =
    Variant { characters: DIGITS, layers: 5, epochs: Scaled::new(2, 100, 100), ..rbm::SCRATCH };

pub(super) static GENERATION: Experiment = Experiment {
    about: Question {
        id: "alpha-dbn-generation",
        protocol: "generative",
        report: reports::GENERATIVE,
        title: "What a deep belief network generates",
        reproduces: "Figure 9",
        question: "Are the samples of a stack of three RBMs better than those of one?",
        seed: 1,
        repeats: Scaled::new(1, 3, 5),
        data: DATA,
        artefacts: &["metrics.csv", "samples.svg", "samples.png"],
        claims: &[
            Claim {
                says: "The DBN's samples are much better than the RBM's.",
                place: "section on Figure 9",
                reported: "improved greatly",
                cause: "Among the five digits is ‘1’, a black block, which both machines draw alone.",
                test: |e| much_better(e, &[("model", "DBN")], &[("model", "RBM")]),
            },
            Claim {
                says: "The DBN's samples are more diverse than the RBM's.",
                place: "section “Implementation” of DBNs, conclusion",
                reported: "more diverse",
                cause: "Among the five digits is ‘1’, a black block, which both machines draw alone.",
                test: |e| more_diverse(e, &[("model", "DBN")], &[("model", "RBM")]),
            },
        ],
    },
    recipe: &Alpha {
        sweep: "model",
        axis: "model",
        steps: Steps::Names,
        variants: Scaled::same(&[
            Variant {
                characters: "01234",
                layers: 1,
                epochs: Scaled::new(3, 300, 5000),
                ..GENERATIVE.named("RBM, 300 hidden", "RBM")
            },
            Variant {
                characters: "01234",
                epochs: Scaled::new(3, 300, 5000),
                ..GENERATIVE.named("DBN, 3 × 300", "DBN")
            },
        ]),
        readings: &[(ADVISED, &[]), (Reading::WithoutOne, &[])],
        origins: origins::BY_TEXT,
        held_out: 0,
        picture: Picture::Strips,
    },
};

const FIVE: Variant = Variant { characters: "01234", ..GENERATIVE.named("5 classes: 0–4", "5") };
const SIX: Variant = Variant { characters: "012345", ..GENERATIVE.named("6 classes: 0–5", "6") };
const SEVEN: Variant = Variant { characters: "0123456", ..GENERATIVE.named("7 classes: 0–6", "7") };
const EIGHT: Variant = Variant { characters: "01234567", ..GENERATIVE.named("8 classes: 0–7", "8") };
const NINE: Variant = Variant { characters: "012345678", ..GENERATIVE.named("9 classes: 0–8", "9") };
const TEN: Variant = GENERATIVE.named("10 classes: 0–9", "10");
const ELEVEN: Variant = Variant { characters: "0123456789A", ..GENERATIVE.named("11 classes: 0–A", "11") };
const TWELVE: Variant = Variant { characters: "0123456789AB", ..GENERATIVE.named("12 classes: 0–B", "12") };
const THIRTEEN: Variant =
    Variant { characters: "0123456789ABC", ..GENERATIVE.named("13 classes: 0–C", "13") };
const FOURTEEN: Variant =
    Variant { characters: "0123456789ABCD", ..GENERATIVE.named("14 classes: 0–D", "14") };
const FIFTEEN: Variant =
    Variant { characters: "0123456789ABCDE", ..GENERATIVE.named("15 classes: 0–E", "15") };

pub(super) static CLASSES_GENERATIVE: Experiment = Experiment {
    about: Question {
        id: "alpha-dbn-classes",
        protocol: "generative",
        report: reports::GENERATIVE,
        title: "How many classes a deep belief network holds",
        reproduces: "Figure 10, Table 3 (its text says MNIST; section and tables say AlphaDigits)",
        question: "What does the number of classes do to the samples of a DBN?",
        seed: 1,
        repeats: Scaled::new(1, 1, 5),
        data: DATA,
        artefacts: &["metrics.csv", "samples.svg", "quality.svg"],
        claims: &[
            Claim {
                says: "Sample quality falls with the number of classes.",
                place: "section on Figure 10",
                reported: "by eye",
                cause: "Among the first classes is ‘1’, a black block that swallows samples; the more other classes there are, the less it does.",
                test: |e| fidelity_follows(e, "classes", Trend::FALLS),
            },
            Claim {
                says: "Five classes are generated well.",
                place: "",
                reported: OURS,
                cause: "Among the five digits is ‘1’, a black block, which the machine draws alone.",
                test: |e| good(e, &[("classes", "5")]),
            },
        ],
    },
    recipe: &Alpha {
        sweep: "classes",
        axis: "number of classes",
        steps: Steps::Linear,
        variants: Scaled::new(
            &[FIVE, FIFTEEN],
            &[FIVE, SEVEN, NINE, ELEVEN, THIRTEEN, FIFTEEN],
            &[FIVE, SIX, SEVEN, EIGHT, NINE, TEN, ELEVEN, TWELVE, THIRTEEN, FOURTEEN, FIFTEEN],
        ),
        readings: &[(Reading::WithoutOne, &["5", "9", "11", "15"])],
        origins: origins::TABLE_3,
        held_out: 0,
        picture: Picture::Strips,
    },
};

const fn set(characters: &'static str, label: &'static str, value: &'static str) -> Variant {
    Variant { characters, series: "DBN, 5 × 500", ..SCRATCH.named(label, value) }
}

const fn rbm(characters: &'static str, label: &'static str, value: &'static str) -> Variant {
    Variant {
        characters,
        series: "RBM, 500 hidden",
        layers: 1,
        epochs: Scaled::new(4, 100, 100),
        ..SCRATCH.named(label, value)
    }
}

pub(super) static CLASSES_SCRATCH: Experiment = Experiment {
    about: Question {
        id: "alpha-dbn-classes",
        protocol: "scratch",
        report: reports::SCRATCH,
        title: "How many characters a deep belief network holds",
        reproduces: "Figure 7 (a)–(j)",
        question: "How many different characters can a DBN of five layers generate, and is that more than an RBM can?",
        seed: 1,
        repeats: Scaled::new(1, 1, 5),
        data: DATA,
        artefacts: &["metrics.csv", "samples.svg", "quality.svg"],
        claims: &[
            Claim {
                says: "The limit of the DBN is five characters.",
                place: "section 1.2.3, Figure 7",
                reported: "5",
                cause: "Quality falls gradually with every character, and the report draws the line by eye, at some images a set; our threshold is another line.",
                test: |e| limit(e, &[("series", "DBN, 5 × 500")], 5),
            },
            Claim {
                says: "The DBN learns more characters than the RBM.",
                place: "section 1.2.3",
                reported: "5 against 3",
                cause: "Quality falls gradually with every character in both machines, and the order of their limits hangs on the threshold.",
                test: |e| higher_limit(e, "DBN, 5 × 500", "RBM, 500 hidden"),
            },
        ],
    },
    recipe: &Alpha {
        sweep: "classes",
        axis: "number of characters",
        steps: Steps::Linear,
        variants: Scaled::new(
            &[set("2", "(a) 2", "1"), set("24", "(b) 2 4", "2"), rbm("2", "RBM: 2", "1")],
            SETS,
            SETS,
        ),
        readings: &[(EXERCISE, UP_TO_SIX), (ADVISED, UP_TO_SIX)],
        origins: origins::FIGURE_7,
        held_out: 0,
        picture: Picture::Strips,
    },
};

/// What decides whether the limit is five.
const UP_TO_SIX: &[&str] = &["1", "2", "3", "4", "5", "6"];

const SETS: &[Variant] = &[
    set("2", "(a) 2", "1"),
    set("24", "(b) 2 4", "2"),
    set("24B", "(c) 2 4 B", "3"),
    set("24BZ", "(d) 2 4 B Z", "4"),
    set("24BZ9", "(e) 2 4 B Z 9", "5"),
    set("24BZ9P", "(f) 2 4 B Z 9 P", "6"),
    set("24BZ9PT", "(g) 2 4 B Z 9 P T", "7"),
    set("24BZ9PTN", "(h) 2 4 B Z 9 P T N", "8"),
    set("24BZ9PTN0", "(i) 2 4 B Z 9 P T N 0", "9"),
    set("24BZ9PTN0K", "(j) 2 4 B Z 9 P T N 0 K", "10"),
    rbm("2", "RBM: 2", "1"),
    rbm("24", "RBM: 2 4", "2"),
    rbm("24B", "RBM: 2 4 B", "3"),
    rbm("24BZ", "RBM: 2 4 B Z", "4"),
    rbm("24BZ9", "RBM: 2 4 B Z 9", "5"),
    rbm("24BZ9P", "RBM: 2 4 B Z 9 P", "6"),
    rbm("24BZ9PT", "RBM: 2 4 B Z 9 P T", "7"),
    rbm("24BZ9PTN", "RBM: 2 4 B Z 9 P T N", "8"),
];
