//! The deep belief network on AlphaDigits, by its shape: up to 1000 layers, up to 10 000 units a layer.

use engine::claim::both;
use engine::figures::Steps;
use engine::{Claim, Question, Scaled, pick};

use super::claims::{
    best_is_among, better, good, hardly_matters, levels_off, no_better, poor, slightly_better,
};
use super::dbn::{GENERATIVE, SCRATCH};
use super::model::{Alpha, DATA, Picture, Variant};
use super::origins;
use super::reading::{ADVISED, EXERCISE, Reading};
use crate::experiment::{Experiment, reports};

const fn deep(layers: usize, label: &'static str, value: &'static str) -> Variant {
    Variant { layers, hidden: 100, ..GENERATIVE.named(label, value) }
}

pub(super) static LAYERS_GENERATIVE: Experiment = Experiment {
    about: Question {
        id: "alpha-dbn-layers",
        protocol: "generative",
        report: reports::GENERATIVE,
        title: "How deep a belief network should be",
        reproduces: "Figure 11, Table 4",
        question: "What does the number of layers do to the samples of a DBN of ten classes?",
        seed: 1,
        repeats: Scaled::new(1, 3, 5),
        data: DATA,
        artefacts: &["metrics.csv", "samples.svg", "distance.svg"],
        claims: &[
            Claim {
                says: "More layers improve the samples slightly: five against one.",
                place: "section on Figure 11",
                reported: "by eye",
                cause: "Among the ten digits is ‘1’, a black block: with it, more layers improve the samples by far more than slightly; without it, they hardly do.",
                test: |e| slightly_better(e, &[("layers", "5")], &[("layers", "1")]),
            },
            Claim {
                says: "Three or five layers are enough: seven add nothing.",
                place: "section on Figure 11",
                reported: "3 or 5 at most",
                cause: "Among the ten digits is ‘1’, a black block that swallows samples at any depth, and seeds differ by more than depths.",
                test: |e| no_better(e, &[("layers", "7")], &[("layers", "5")]),
            },
        ],
    },
    recipe: &Alpha {
        sweep: "layers",
        axis: "layers",
        steps: Steps::Linear,
        variants: Scaled::same(&[
            deep(1, "1 layer", "1"),
            deep(2, "2 layers", "2"),
            deep(3, "3 layers", "3"),
            deep(5, "5 layers", "5"),
            deep(7, "7 layers", "7"),
        ]),
        readings: &[(Reading::WithoutOne, &["1", "3", "5"])],
        origins: origins::TABLE_4,
        held_out: 0,
        picture: Picture::Strips,
    },
};

const fn deep_w(layers: usize, label: &'static str, value: &'static str) -> Variant {
    Variant { characters: "W", layers, ..SCRATCH.named(label, value) }
}

/// The depths that hardly matter, the report says.
const UP_TO_100: &[&str] = &["2", "5", "10", "20", "50", "100"];

pub(super) static LAYERS_SCRATCH: Experiment = Experiment {
    about: Question {
        id: "alpha-dbn-layers",
        protocol: "scratch",
        report: reports::SCRATCH,
        title: "A belief network of up to a thousand layers",
        reproduces: "Figure 5 (a)–(h)",
        question: "What does the number of layers, up to 1000, do to the 'W' that a DBN generates?",
        seed: 1,
        repeats: Scaled::new(1, 1, 5),
        data: DATA,
        artefacts: &["metrics.csv", "samples.svg", "quality.svg"],
        claims: &[
            Claim {
                says: "Depth hardly matters up to 100 layers.",
                place: "section 1.2.1, Figure 5",
                reported: "by eye",
                cause: "The report calls its own figure inconclusive.",
                test: |e| hardly_matters(e, "layers", UP_TO_100),
            },
            Claim {
                says: "At 500 layers the samples get worse.",
                place: "section 1.2.1, Figure 5 (g)",
                reported: "by eye",
                cause: "Only the paper profile goes beyond 100 layers. There our score finds no difference that seeds agree on between 100 and 500 layers; the report judges one picture of each.",
                test: |e| better(e, &[("layers", "100")], &[("layers", "500")]),
            },
            Claim {
                says: "At 1000 layers the samples are worse, though still recognisable.",
                place: "section 1.2.1, Figure 5 (h)",
                reported: "by eye",
                cause: "Only the paper profile goes beyond 100 layers; the report judges one picture of each depth.",
                test: |e| {
                    let worse = better(e, &[("layers", "100")], &[("layers", "1000")]);
                    both(worse, e.within(pick("recognised", &[("layers", "1000")]), 0.5, 1.0))
                },
            },
            Claim {
                says: "At 500 layers the 'W' is still recognisable.",
                place: "section 1.2.1, Figure 5 (g)",
                reported: "by eye",
                cause: "Only the paper profile goes beyond 100 layers; the report judges one picture of each depth.",
                test: |e| e.within(pick("recognised", &[("layers", "500")]), 0.5, 1.0),
            },
        ],
    },
    recipe: &Alpha {
        sweep: "layers",
        axis: "layers",
        steps: Steps::Log,
        variants: Scaled::new(
            &[deep_w(2, "(a) L = 2", "2"), deep_w(5, "(b) L = 5", "5"), deep_w(10, "(c) L = 10", "10")],
            &[
                deep_w(2, "(a) L = 2", "2"),
                deep_w(5, "(b) L = 5", "5"),
                deep_w(10, "(c) L = 10", "10"),
                deep_w(20, "(d) L = 20", "20"),
                deep_w(50, "(e) L = 50", "50"),
                deep_w(100, "(f) L = 100", "100"),
            ],
            &[
                deep_w(2, "(a) L = 2", "2"),
                deep_w(5, "(b) L = 5", "5"),
                deep_w(10, "(c) L = 10", "10"),
                deep_w(20, "(d) L = 20", "20"),
                deep_w(50, "(e) L = 50", "50"),
                deep_w(100, "(f) L = 100", "100"),
                deep_w(500, "(g) L = 500", "500"),
                deep_w(1000, "(h) L = 1000", "1000"),
            ],
        ),
        readings: &[(EXERCISE, UP_TO_100), (ADVISED, &["2", "5", "10"])],
        origins: origins::FIGURE_5,
        held_out: 0,
        picture: Picture::Panels,
    },
};

const fn wide(hidden: usize, label: &'static str, value: &'static str) -> Variant {
    Variant { layers: 2, hidden, ..GENERATIVE.named(label, value) }
}

pub(super) static UNITS_GENERATIVE: Experiment = Experiment {
    about: Question {
        id: "alpha-dbn-units",
        protocol: "generative",
        report: reports::GENERATIVE,
        title: "How wide a belief network should be",
        reproduces: "Figure 12, Table 5",
        question: "What does the number of hidden units a layer do to the samples of a DBN of ten classes?",
        seed: 1,
        repeats: Scaled::new(1, 1, 5),
        data: DATA,
        artefacts: &["metrics.csv", "samples.svg", "distance.svg"],
        claims: &[
            Claim {
                says: "Wider layers generate better, up to a point: 300 units against 50.",
                place: "section on Figure 12",
                reported: "by eye",
                cause: "Among the ten digits is ‘1’, a black block: narrow layers draw other characters more often, wide ones hardly.",
                test: |e| better(e, &[("hidden", "300")], &[("hidden", "50")]),
            },
            Claim {
                says: "Beyond some width the gain is negligible.",
                place: "section on Figure 12",
                reported: "by eye",
                cause: "Among the ten digits is ‘1’, a black block that swallows samples at any width.",
                test: |e| levels_off(e, "hidden", ["50", "300", "700"]),
            },
            Claim {
                says: "There is a width that generates best, and it is not the largest.",
                place: "section on Figure 12",
                reported: "an optimal number",
                cause: "Among the ten digits is ‘1’, a black block that swallows samples at any width.",
                test: |e| best_is_among(e, "hidden", &["100", "200", "300", "500"]),
            },
        ],
    },
    recipe: &Alpha {
        sweep: "hidden",
        axis: "hidden units a layer",
        steps: Steps::Log,
        variants: Scaled::new(
            &[wide(50, "50 units", "50"), wide(100, "100 units", "100"), wide(300, "300 units", "300")],
            WIDTHS,
            WIDTHS,
        ),
        readings: &[(Reading::WithoutOne, &["50", "300", "700"])],
        origins: origins::TABLE_5,
        held_out: 0,
        picture: Picture::Strips,
    },
};

const WIDTHS: &[Variant] = &[
    wide(50, "50 units", "50"),
    wide(100, "100 units", "100"),
    wide(200, "200 units", "200"),
    wide(300, "300 units", "300"),
    wide(500, "500 units", "500"),
    wide(700, "700 units", "700"),
];

const fn wide_f(hidden: usize, label: &'static str, value: &'static str) -> Variant {
    Variant { characters: "F", hidden, ..SCRATCH.named(label, value) }
}

/// The widths on both sides of the ones that the report calls good, but for the largest, which takes hours.
const UP_TO_1000: &[&str] = &["1", "10", "100", "500", "1000"];

const F1: Variant = wide_f(1, "(a) q = 1", "1");
const F10: Variant = wide_f(10, "(b) q = 10", "10");
const F100: Variant = wide_f(100, "(c) q = 100", "100");
const F200: Variant = wide_f(200, "(d) q = 200", "200");
const F320: Variant = wide_f(320, "(e) q = 320", "320");
const F500: Variant = wide_f(500, "(f) q = 500", "500");
const F1000: Variant = wide_f(1000, "(g) q = 1000", "1000");
const F10000: Variant =
    Variant { samples: Scaled::new(20, 40, 40), ..wide_f(10_000, "(h) q = 10000", "10000") };

pub(super) static UNITS_SCRATCH: Experiment = Experiment {
    about: Question {
        id: "alpha-dbn-units",
        protocol: "scratch",
        report: reports::SCRATCH,
        title: "A belief network of up to ten thousand units a layer",
        reproduces: "Figure 6 (a)–(h)",
        question: "What does the number of hidden units of each of five layers do to the 'F' that a DBN generates?",
        seed: 1,
        repeats: Scaled::new(1, 1, 5),
        data: DATA,
        artefacts: &["metrics.csv", "samples.svg", "quality.svg"],
        claims: &[
            Claim {
                says: "The best number of units lies between 100 and 1000.",
                place: "section 1.2.2, Figure 6",
                reported: "by eye",
                cause: "One letter is a low ceiling: stacks of very different widths draw it equally well.",
                test: |e| best_is_among(e, "hidden", &["100", "200", "320", "500", "1000"]),
            },
            Claim {
                says: "Below 100 units the 'F' is not clear.",
                place: "section 1.2.2",
                reported: "by eye",
                cause: "Ten units a layer draw a coarse ‘F’ with few scattered pixels.",
                test: |e| both(poor(e, &[("hidden", "1")]), poor(e, &[("hidden", "10")])),
            },
            Claim {
                says: "Above 1000 units the 'F' is not clear.",
                place: "section 1.2.2",
                reported: "by eye",
                cause: "Only the paper profile has layers of 10 000 units.",
                test: |e| poor(e, &[("hidden", "10000")]),
            },
            Claim {
                says: "At 500 units the 'F' is clear (implied).",
                place: "section 1.2.2",
                reported: "by eye",
                cause: "",
                test: |e| good(e, &[("hidden", "500")]),
            },
        ],
    },
    recipe: &Alpha {
        sweep: "hidden",
        axis: "hidden units a layer",
        steps: Steps::Log,
        variants: Scaled::new(
            &[F1, F10, F100],
            &[F1, F10, F100, F200, F320, F500, F1000],
            &[F1, F10, F100, F200, F320, F500, F1000, F10000],
        ),
        readings: &[(EXERCISE, UP_TO_1000), (ADVISED, &["1", "10", "100"])],
        origins: origins::FIGURE_6,
        held_out: 0,
        picture: Picture::Panels,
    },
};
