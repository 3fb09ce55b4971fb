//! Figures 2 and 3 of the ANN4 report: machines of 10 and 20 components, and their pseudo-likelihood against epochs.

use engine::claim::{OURS, both, over};
use engine::predicates::spread;
use engine::{Claim, Evidence, Finding, Question, Scaled, pick};

use super::recipe::{Machines, ORIGINS};
use crate::experiment::{Experiment, reports};

const SCORE: &str = "pseudo_likelihood";

/// Every machine of the grid but for its number of components: rate and epochs, as they stand in the rows.
const CELLS: [(&str, &str); 4] = [("0.01", "10"), ("0.01", "20"), ("0.06", "10"), ("0.06", "20")];

pub(crate) const GRID_MACHINES: Machines = Machines {
    hidden: &[10, 20],
    rates: &[("0.01", 0.01), ("0.06", 0.06)],
    epochs: Scaled::new(&[1, 2], &[10, 20], &[10, 20]),
    images: Scaled::new(100, 60_000, 60_000),
    listed: Scaled::new(10, 20, 20),
    batch: 10,
    origins: ORIGINS,
};

pub(super) static GRID: Experiment = Experiment {
    about: Question {
        id: "mnist-rbm-grid",
        protocol: "ann4",
        report: reports::ANN4,
        title: "Few components, two rates, two lengths of training",
        reproduces: "Figure 2",
        question: "Which of eight small machines has the best pseudo-likelihood, and what do its components look like?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "pseudo-likelihood.svg", "components.svg"],
        claims: &[
            Claim {
                says: "The machines with fewer components perform best, whatever the learning rate.",
                place: "section 1.1",
                reported: "rbm3, 10 components",
                cause: "The library’s score is negative, and the report takes the larger amount for the better: read the other way, its own numbers say what ours do.",
                test: |e| {
                    cells(
                        e,
                        SCORE,
                        |few, many| few > many,
                        "the pseudo-likelihood of 10 components above that of 20",
                    )
                },
            },
            Claim {
                says: "The machine with more components and the high learning rate is the worst.",
                place: "section 1.1",
                reported: "rbm7: 20 components, rate 0.06, 10 iterations",
                cause: "It takes the less negative score for the worse one.",
                test: worst,
            },
            Claim {
                says: "More iterations give better defined results.",
                place: "section 1.1",
                reported: "by eye",
                cause: "At the high rate ten components gain nothing from ten more epochs: in the quick run their score falls by a nat, where the three other pairs gain five to seventeen.",
                test: longer,
            },
            Claim {
                says: "The learning rate does not affect the training much.",
                place: "section 1.3.1",
                reported: "didn’t affect much",
                cause: "Of ten components that is so; twenty score −136 nats at the low rate and −119 at the high one in the quick run.",
                test: |e| both(rates(e, "10"), rates(e, "20")),
            },
            Claim {
                says: "In exact likelihood, too, 20 components are better than 10.",
                place: "",
                reported: OURS,
                cause: "Likelihoods are those of digits in black and white, the machines learn grey ones at rates that never fall: at 0.06 the likelihood of one machine moves by more than ten nats from ten epochs to twenty, up or down.",
                test: likelier,
            },
        ],
    },
    recipe: &GRID_MACHINES,
};

pub(super) static RATES: Experiment = Experiment {
    about: Question {
        id: "mnist-rbm-learning-rate",
        protocol: "ann4",
        report: reports::ANN4,
        title: "The learning rate of a small machine",
        reproduces: "Figure 3",
        question: "How does the pseudo-likelihood grow with the epochs, at three learning rates?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "pseudo-likelihood.svg", "components.svg"],
        claims: &[
            Claim {
                says: "With 0.1 the result is the same, whatever the number of epochs.",
                place: "section 1.1, Figure 3",
                reported: "regardless of the number of epochs",
                cause: "In the quick run it is so from the fifth epoch on, within six nats of −176; before that the machine knows little more than how often each pixel is on, at −193.",
                test: |e| flat(e, "0.1"),
            },
            Claim {
                says: "With 0.01 the result is the same, whatever the number of epochs.",
                place: "section 1.1, Figure 3",
                reported: "regardless of the number of epochs",
                cause: "In the quick run the machine stays for seventeen epochs where it knows little more than how often each pixel is on, within two nats of −192, and then leaves: −175 after twenty.",
                test: |e| flat(e, "0.01"),
            },
            Claim {
                says: "With 0.001 more epochs are needed.",
                place: "section 1.1, Figure 3",
                reported: "sufficient iterations",
                cause: "",
                test: |e| e.rises_along(pick(SCORE, &[("rate", "0.001")]), "epochs"),
            },
            Claim {
                says: "The middle rate is optimal at early epochs.",
                place: "section 1.1",
                reported: "0.01",
                cause: "",
                test: |e| {
                    let at = |rate: &'static str| pick(SCORE, rate_at(rate));
                    both(e.above(at("0.01"), at("0.1")), e.above(at("0.01"), at("0.001")))
                },
            },
            Claim {
                says: "With a big rate the gradient easily diverges.",
                place: "section 1.1",
                reported: "numerical overflows",
                cause: "No number of ours overflows at 0.1: training stops with an error where one does, and none did.",
                test: |e| {
                    let finite: Vec<bool> =
                        e.values(pick(SCORE, &[("rate", "0.1")])).iter().map(|x| !x.is_finite()).collect();
                    over(
                        &finite,
                        "all scores finite".to_owned(),
                        "a score at rate 0.1 that is no finite number",
                    )
                },
            },
        ],
    },
    recipe: &Machines {
        hidden: &[10],
        rates: &[("0.1", 0.1), ("0.01", 0.01), ("0.001", 0.001)],
        epochs: Scaled::new(&[2], &[20], &[20]),
        images: Scaled::new(100, 60_000, 60_000),
        listed: Scaled::new(10, 20, 20),
        batch: 10,
        origins: ORIGINS,
    },
};

/// The first epoch, at a rate.
fn rate_at(rate: &str) -> &'static [(&'static str, &'static str)] {
    match rate {
        "0.1" => &[("rate", "0.1"), ("epochs", "1")],
        "0.01" => &[("rate", "0.01"), ("epochs", "1")],
        _ => &[("rate", "0.001"), ("epochs", "1")],
    }
}

/// Judges every cell of the grid, 10 components against 20, in every seed.
fn cells(evidence: &Evidence, metric: &str, holds: fn(f64, f64) -> bool, rule: &str) -> Finding {
    let (mut answers, mut texts): (Vec<bool>, Vec<String>) = (Vec::new(), Vec::new());
    for (rate, epochs) in CELLS {
        let of = |components: &str| {
            evidence.values(pick(metric, &[("components", components), ("rate", rate), ("epochs", epochs)]))
        };
        let (few, many) = (of("10"), of("20"));
        if answers.len() < few.len() {
            answers.resize(few.len(), true);
        }
        for (answer, (few, many)) in answers.iter_mut().zip(few.iter().zip(&many)) {
            *answer &= holds(*few, *many);
        }
        if !few.is_empty() {
            texts.push(format!("{} against {} (rate {rate}, {epochs} epochs)", spread(&few), spread(&many)));
        }
    }
    over(
        &answers,
        texts.join("; "),
        format!("{metric}: {rule}, at both rates and after both numbers of epochs"),
    )
}

/// In exact likelihood.
fn likelier(evidence: &Evidence) -> Finding {
    cells(evidence, "log_likelihood", |few, many| many > few, "20 components above 10")
}

/// The named machine scores below all others.
fn worst(evidence: &Evidence) -> Finding {
    let of = |components: &str, (rate, epochs): (&str, &str)| {
        evidence.values(pick(SCORE, &[("components", components), ("rate", rate), ("epochs", epochs)]))
    };
    let own = of("20", CELLS[2]);
    let others: Vec<Vec<f64>> = ["10", "20"]
        .into_iter()
        .flat_map(|components| CELLS.map(|cell| (components, cell)))
        .filter(|other| *other != ("20", CELLS[2]))
        .map(|(components, cell)| of(components, cell))
        .collect();
    let lowest =
        |seed: usize| others.iter().filter_map(|of| of.get(seed)).copied().fold(f64::INFINITY, f64::min);
    let answers: Vec<bool> = own.iter().enumerate().map(|(seed, own)| *own < lowest(seed)).collect();
    let least: Vec<f64> = (0..own.len()).map(lowest).collect();
    over(
        &answers,
        format!("{} against {}, the lowest of the others", spread(&own), spread(&least)),
        "pseudo-likelihood of 20 components at rate 0.06 after 10 epochs below that of the seven others",
    )
}

/// More epochs score higher, in all four pairs.
fn longer(evidence: &Evidence) -> Finding {
    let pair = |components: &str, rate: &str| {
        let (long, short) = (
            [("components", components), ("rate", rate), ("epochs", "20")],
            [("components", components), ("rate", rate), ("epochs", "10")],
        );
        evidence.above(pick(SCORE, &long), pick(SCORE, &short))
    };
    both(both(pair("10", "0.01"), pair("10", "0.06")), both(pair("20", "0.01"), pair("20", "0.06")))
}

/// Both rates come to within a twentieth of each other after the longer training.
fn rates(evidence: &Evidence, components: &str) -> Finding {
    let at = |rate| [("components", components), ("rate", rate), ("epochs", "20")];
    evidence.near(pick(SCORE, &at("0.01")), pick(SCORE, &at("0.06")), 0.05)
}

/// The first and the last epoch are within a twentieth of each other.
fn flat(evidence: &Evidence, rate: &str) -> Finding {
    let at = |epochs| [("rate", rate), ("epochs", epochs)];
    evidence.near(pick(SCORE, &at("1")), pick(SCORE, &at("20")), 0.05)
}
