//! The deep belief network on AlphaDigits: generation, and what classes, layers and units do to it.

use super::alpha_claims::{GOOD, best_is_among, falls, good, limit, poor};
use crate::claim::Claim;
use crate::experiment::{Experiment, Report};
use crate::profile::Scaled;
use crate::recipes::Recipe;
use crate::recipes::alpha::{Alpha, Picture, Spread, Variant};
use crate::rows::pick;

const GENERATIVE: Variant = Variant {
    label: "",
    series: "",
    value: "",
    x: 0.0,
    characters: "0123456789",
    layers: 3,
    hidden: 300,
    batch: 32,
    rate: 0.1,
    epochs: Scaled::new(3, 100, 5000),
    after: None,
    gibbs: Scaled::new(20, 1000, 1000),
    samples: Scaled::new(20, 100, 200),
    reported: None,
};

const SCRATCH: Variant = Variant {
    layers: 5,
    hidden: 500,
    batch: 5,
    epochs: Scaled::new(2, 100, 100),
    gibbs: Scaled::new(20, 50, 50),
    ..GENERATIVE
};

const fn named(base: Variant, label: &'static str, value: &'static str, x: f64) -> Variant {
    Variant { label, value, x, ..base }
}

pub(super) const GENERATION: Experiment = Experiment {
    id: "alpha-dbn-generation",
    protocol: "generative",
    report: Report::Generative,
    title: "What a deep belief network generates",
    reproduces: "Figure 9",
    question: "Are the samples of a stack of three RBMs better than those of one?",
    seed: 1,
    repeats: Scaled::new(1, 3, 3),
    recipe: Recipe::Alpha(Alpha {
        sweep: "model",
        axis: "model",
        spread: Spread::Names,
        variants: Scaled::same(&[
            Variant {
                characters: "01234",
                layers: 1,
                epochs: Scaled::new(3, 300, 5000),
                ..named(GENERATIVE, "RBM, 300 hidden", "RBM", 0.0)
            },
            Variant {
                characters: "01234",
                epochs: Scaled::new(3, 300, 5000),
                ..named(GENERATIVE, "DBN, 3 × 300", "DBN", 1.0)
            },
        ]),
        held_out: 0,
        picture: Picture::Strips,
    }),
    artefacts: &["metrics.csv", "samples.svg", "samples.png"],
    claims: &[
        Claim {
            says: "The DBN's samples are closer to real images than the RBM's.",
            reported: "by eye",
            test: |e| e.below(pick("frechet", &[("model", "DBN")]), pick("frechet", &[("model", "RBM")])),
        },
        Claim {
            says: "The DBN's samples have a higher fidelity than the RBM's.",
            reported: "by eye",
            test: |e| e.above(pick("fidelity", &[("model", "DBN")]), pick("fidelity", &[("model", "RBM")])),
        },
    ],
};

const FIVE: Variant = Variant { characters: "01234", ..named(GENERATIVE, "5 classes: 0–4", "5", 5.0) };
const SIX: Variant = Variant { characters: "012345", ..named(GENERATIVE, "6 classes: 0–5", "6", 6.0) };
const SEVEN: Variant = Variant { characters: "0123456", ..named(GENERATIVE, "7 classes: 0–6", "7", 7.0) };
const EIGHT: Variant = Variant { characters: "01234567", ..named(GENERATIVE, "8 classes: 0–7", "8", 8.0) };
const NINE: Variant = Variant { characters: "012345678", ..named(GENERATIVE, "9 classes: 0–8", "9", 9.0) };
const TEN: Variant = named(GENERATIVE, "10 classes: 0–9", "10", 10.0);
const ELEVEN: Variant =
    Variant { characters: "0123456789A", ..named(GENERATIVE, "11 classes: 0–A", "11", 11.0) };
const TWELVE: Variant =
    Variant { characters: "0123456789AB", ..named(GENERATIVE, "12 classes: 0–B", "12", 12.0) };
const THIRTEEN: Variant =
    Variant { characters: "0123456789ABC", ..named(GENERATIVE, "13 classes: 0–C", "13", 13.0) };
const FOURTEEN: Variant =
    Variant { characters: "0123456789ABCD", ..named(GENERATIVE, "14 classes: 0–D", "14", 14.0) };
const FIFTEEN: Variant =
    Variant { characters: "0123456789ABCDE", ..named(GENERATIVE, "15 classes: 0–E", "15", 15.0) };

pub(super) const CLASSES_GENERATIVE: Experiment = Experiment {
    id: "alpha-dbn-classes",
    protocol: "generative",
    report: Report::Generative,
    title: "How many classes a deep belief network holds",
    reproduces: "Figure 10, Table 3 (its text says MNIST; section and tables say AlphaDigits)",
    question: "What does the number of classes do to the samples of a DBN?",
    seed: 1,
    repeats: Scaled::new(1, 1, 3),
    recipe: Recipe::Alpha(Alpha {
        sweep: "classes",
        axis: "number of classes",
        spread: Spread::Linear,
        variants: Scaled::new(
            &[FIVE, FIFTEEN],
            &[FIVE, SEVEN, NINE, ELEVEN, THIRTEEN, FIFTEEN],
            &[FIVE, SIX, SEVEN, EIGHT, NINE, TEN, ELEVEN, TWELVE, THIRTEEN, FOURTEEN, FIFTEEN],
        ),
        held_out: 0,
        picture: Picture::Strips,
    }),
    artefacts: &["metrics.csv", "samples.svg", "quality.svg"],
    claims: &[
        Claim {
            says: "Sample quality falls with the number of classes.",
            reported: "by eye",
            test: |e| falls(e, pick("fidelity", &[]), "classes"),
        },
        Claim {
            says: "Five classes are generated well.",
            reported: "by eye",
            test: |e| good(e, &[("classes", "5")]),
        },
    ],
};

const fn set(characters: &'static str, label: &'static str, value: &'static str, x: f64) -> Variant {
    Variant { characters, series: "DBN, 5 × 500", ..named(SCRATCH, label, value, x) }
}

const fn rbm(characters: &'static str, label: &'static str, value: &'static str, x: f64) -> Variant {
    Variant {
        characters,
        series: "RBM, 500 hidden",
        layers: 1,
        epochs: Scaled::new(4, 100, 100),
        ..named(SCRATCH, label, value, x)
    }
}

pub(super) const CLASSES_SCRATCH: Experiment = Experiment {
    id: "alpha-dbn-classes",
    protocol: "scratch",
    report: Report::Scratch,
    title: "How many characters a deep belief network holds",
    reproduces: "Figure 7 (a)–(j)",
    question: "How many different characters can a DBN of five layers generate, and is that more than an RBM can?",
    seed: 1,
    repeats: Scaled::new(1, 1, 3),
    recipe: Recipe::Alpha(Alpha {
        sweep: "classes",
        axis: "number of characters",
        spread: Spread::Linear,
        variants: Scaled::new(
            &[set("2", "(a) 2", "1", 1.0), set("24", "(b) 2 4", "2", 2.0), rbm("2", "RBM: 2", "1", 1.0)],
            SETS,
            SETS,
        ),
        held_out: 0,
        picture: Picture::Strips,
    }),
    artefacts: &["metrics.csv", "samples.svg", "quality.svg"],
    claims: &[
        Claim {
            says: "The limit of the DBN is five characters.",
            reported: "5",
            test: |e| limit(e, &[("series", "DBN, 5 × 500")], 5),
        },
        Claim {
            says: "The DBN handles more characters than the RBM: its fidelity is higher at four and at eight.",
            reported: "5 against 3",
            test: |e| {
                let at = |series, classes| [("series", series), ("classes", classes)];
                let more = |classes| {
                    e.above(
                        pick("fidelity", &at("DBN, 5 × 500", classes)),
                        pick("fidelity", &at("RBM, 500 hidden", classes)),
                    )
                };
                more("4").and(more("8"))
            },
        },
    ],
};

const SETS: &[Variant] = &[
    set("2", "(a) 2", "1", 1.0),
    set("24", "(b) 2 4", "2", 2.0),
    set("24B", "(c) 2 4 B", "3", 3.0),
    set("24BZ", "(d) 2 4 B Z", "4", 4.0),
    set("24BZ9", "(e) 2 4 B Z 9", "5", 5.0),
    set("24BZ9P", "(f) 2 4 B Z 9 P", "6", 6.0),
    set("24BZ9PT", "(g) 2 4 B Z 9 P T", "7", 7.0),
    set("24BZ9PTN", "(h) 2 4 B Z 9 P T N", "8", 8.0),
    set("24BZ9PTN0", "(i) 2 4 B Z 9 P T N 0", "9", 9.0),
    set("24BZ9PTN0K", "(j) 2 4 B Z 9 P T N 0 K", "10", 10.0),
    rbm("2", "RBM: 2", "1", 1.0),
    rbm("24", "RBM: 2 4", "2", 2.0),
    rbm("24B", "RBM: 2 4 B", "3", 3.0),
    rbm("24BZ", "RBM: 2 4 B Z", "4", 4.0),
    rbm("24BZ9", "RBM: 2 4 B Z 9", "5", 5.0),
    rbm("24BZ9P", "RBM: 2 4 B Z 9 P", "6", 6.0),
    rbm("24BZ9PT", "RBM: 2 4 B Z 9 P T", "7", 7.0),
    rbm("24BZ9PTN", "RBM: 2 4 B Z 9 P T N", "8", 8.0),
];

const fn deep(layers: usize, label: &'static str, value: &'static str) -> Variant {
    Variant { layers, hidden: 100, ..named(GENERATIVE, label, value, layers as f64) }
}

pub(super) const LAYERS_GENERATIVE: Experiment = Experiment {
    id: "alpha-dbn-layers",
    protocol: "generative",
    report: Report::Generative,
    title: "How deep a belief network should be",
    reproduces: "Figure 11, Table 4",
    question: "What does the number of layers do to the samples of a DBN of ten classes?",
    seed: 1,
    repeats: Scaled::new(1, 3, 3),
    recipe: Recipe::Alpha(Alpha {
        sweep: "layers",
        axis: "layers",
        spread: Spread::Linear,
        variants: Scaled::same(&[
            deep(1, "1 layer", "1"),
            deep(2, "2 layers", "2"),
            deep(3, "3 layers", "3"),
            deep(5, "5 layers", "5"),
            deep(7, "7 layers", "7"),
        ]),
        held_out: 0,
        picture: Picture::Strips,
    }),
    artefacts: &["metrics.csv", "samples.svg", "distance.svg"],
    claims: &[
        Claim {
            says: "There is a small gain up to three layers.",
            reported: "by eye",
            test: |e| e.above(pick("fidelity", &[("layers", "3")]), pick("fidelity", &[("layers", "1")])),
        },
        Claim {
            says: "There is a small gain up to five layers.",
            reported: "by eye",
            test: |e| e.above(pick("fidelity", &[("layers", "5")]), pick("fidelity", &[("layers", "1")])),
        },
    ],
};

const fn deep_w(layers: usize, label: &'static str, value: &'static str) -> Variant {
    Variant { characters: "W", layers, ..named(SCRATCH, label, value, layers as f64) }
}

pub(super) const LAYERS_SCRATCH: Experiment = Experiment {
    id: "alpha-dbn-layers",
    protocol: "scratch",
    report: Report::Scratch,
    title: "A belief network of up to a thousand layers",
    reproduces: "Figure 5 (a)–(h)",
    question: "What does the number of layers, up to 1000, do to the 'W' that a DBN generates?",
    seed: 1,
    repeats: Scaled::new(1, 1, 1),
    recipe: Recipe::Alpha(Alpha {
        sweep: "layers",
        axis: "layers",
        spread: Spread::Log,
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
        held_out: 0,
        picture: Picture::Panels,
    }),
    artefacts: &["metrics.csv", "samples.svg", "quality.svg"],
    claims: &[
        Claim {
            says: "Depth hardly matters up to 100 layers.",
            reported: "by eye",
            test: |e| good(e, &[("layers", "2")]).and(good(e, &[("layers", "100")])),
        },
        Claim {
            says: "At 500 layers the samples get worse.",
            reported: "by eye",
            test: |e| e.below(pick("fidelity", &[("layers", "500")]), pick("fidelity", &[("layers", "100")])),
        },
        Claim {
            says: "At 1000 layers the samples are worse, though still recognisable.",
            reported: "by eye",
            test: |e| {
                let worse =
                    e.below(pick("fidelity", &[("layers", "1000")]), pick("fidelity", &[("layers", "100")]));
                worse.and(e.within(pick("recognised", &[("layers", "1000")]), 0.5, 1.0))
            },
        },
    ],
};

const fn wide(hidden: usize, label: &'static str, value: &'static str) -> Variant {
    Variant { layers: 2, hidden, ..named(GENERATIVE, label, value, hidden as f64) }
}

pub(super) const UNITS_GENERATIVE: Experiment = Experiment {
    id: "alpha-dbn-units",
    protocol: "generative",
    report: Report::Generative,
    title: "How wide a belief network should be",
    reproduces: "Figure 12, Table 5",
    question: "What does the number of hidden units a layer do to the samples of a DBN of ten classes?",
    seed: 1,
    repeats: Scaled::new(1, 1, 3),
    recipe: Recipe::Alpha(Alpha {
        sweep: "hidden",
        axis: "hidden units a layer",
        spread: Spread::Log,
        variants: Scaled::new(
            &[wide(50, "50 units", "50"), wide(100, "100 units", "100"), wide(300, "300 units", "300")],
            WIDTHS,
            WIDTHS,
        ),
        held_out: 0,
        picture: Picture::Strips,
    }),
    artefacts: &["metrics.csv", "samples.svg", "distance.svg"],
    claims: &[
        Claim {
            says: "Wider layers generate better.",
            reported: "by eye",
            test: |e| e.above(pick("fidelity", &[("hidden", "300")]), pick("fidelity", &[("hidden", "50")])),
        },
        Claim {
            says: "The gain levels off: from 300 to 700 units fidelity rises by less than from 50 to 300.",
            reported: "by eye",
            test: |e| {
                let at = |hidden| e.mean(pick("fidelity", &[("hidden", hidden)])).unwrap_or(f64::NAN);
                let first = at("300") - at("50");
                let mut finding = e.compare(
                    pick("fidelity", &[("hidden", "700")]),
                    pick("fidelity", &[("hidden", "300")]),
                    "rises less",
                    |x, y| x - y < first,
                );
                finding.why = format!(
                    "{}; the mean gain from 50 to 300 was {}",
                    finding.why,
                    crate::claim::number(first)
                );
                finding
            },
        },
    ],
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
    Variant { characters: "F", hidden, ..named(SCRATCH, label, value, hidden as f64) }
}

const F1: Variant = wide_f(1, "(a) q = 1", "1");
const F10: Variant = wide_f(10, "(b) q = 10", "10");
const F100: Variant = wide_f(100, "(c) q = 100", "100");
const F200: Variant = wide_f(200, "(d) q = 200", "200");
const F320: Variant = wide_f(320, "(e) q = 320", "320");
const F500: Variant = wide_f(500, "(f) q = 500", "500");
const F1000: Variant = wide_f(1000, "(g) q = 1000", "1000");
const F10000: Variant =
    Variant { samples: Scaled::new(20, 40, 40), ..wide_f(10_000, "(h) q = 10000", "10000") };

pub(super) const UNITS_SCRATCH: Experiment = Experiment {
    id: "alpha-dbn-units",
    protocol: "scratch",
    report: Report::Scratch,
    title: "A belief network of up to ten thousand units a layer",
    reproduces: "Figure 6 (a)–(h)",
    question: "What does the number of hidden units of each of five layers do to the 'F' that a DBN generates?",
    seed: 1,
    repeats: Scaled::new(1, 1, 1),
    recipe: Recipe::Alpha(Alpha {
        sweep: "hidden",
        axis: "hidden units a layer",
        spread: Spread::Log,
        variants: Scaled::new(
            &[F1, F10, F100],
            &[F1, F10, F100, F200, F320, F500, F1000],
            &[F1, F10, F100, F200, F320, F500, F1000, F10000],
        ),
        held_out: 0,
        picture: Picture::Panels,
    }),
    artefacts: &["metrics.csv", "samples.svg", "quality.svg"],
    claims: &[
        Claim {
            says: "The best number of units lies between 100 and 1000.",
            reported: "by eye",
            test: |e| best_is_among(e, "fidelity", "hidden", &["100", "200", "320", "500", "1000"]),
        },
        Claim {
            says: "Below 100 units the 'F' is not clear.",
            reported: "by eye",
            test: |e| poor(e, &[("hidden", "1")]).and(poor(e, &[("hidden", "10")])),
        },
        Claim {
            says: "Above 1000 units the 'F' is not clear.",
            reported: "by eye",
            test: |e| poor(e, &[("hidden", "10000")]),
        },
        Claim {
            says: "500 units, which the report goes on with, draw a clear 'F'.",
            reported: "by eye",
            test: |e| {
                let mut finding = good(e, &[("hidden", "500")]);
                finding.why = format!("{} (threshold {GOOD})", finding.why);
                finding
            },
        },
    ],
};
