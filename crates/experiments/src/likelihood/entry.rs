//! Our record of likelihoods: machines of 20 and 500 hidden units under several ways of learning.

use energy::learning::VisibleBias;
use energy::{Learning, Negative};
use engine::claim::{OURS, both, over};
use engine::predicates::spread;
use engine::{Claim, Evidence, Finding, Question, Scaled, pick};
use train::{Descent, Rule, Schedule};

use super::binarised::Binarised;
use super::recipe::{Likelihoods, Model};
use crate::dbm::{Deep, RECORD};
use crate::experiment::{Experiment, reports};

/// CD from visible biases of the data.
pub(crate) const fn cd(sweeps: usize) -> Learning {
    Learning { start: VisibleBias::FromData, ..Learning::cd(sweeps, 0.05) }
}

/// Persistent chains on centred units, with a rate that falls to nothing.
pub(crate) const PERSISTENT: Learning = Learning {
    negative: Negative::Pcd { sweeps: 5, chains: 100 },
    descent: Descent {
        schedule: Schedule::Linear { last: 0.0, epochs: None },
        ..Descent::new(Rule::Sgd { momentum: 0.5 }, 0.05)
    },
    centred: true,
    ..cd(1)
};

/// A machine on pixels.
pub(crate) const fn model(
    name: &'static str,
    hidden: usize,
    learning: Learning,
    epochs: Scaled<usize>,
) -> Model {
    Model { name, below: &[], hidden, learning, epochs }
}

/// The deep machine of the record, for fewer epochs: what it reaches after many is the record's own question.
const DEEP: Deep =
    Deep { epochs: [Scaled::new(1, 5, 20), Scaled::new(1, 5, 20), Scaled::new(1, 3, 20)], ..RECORD };

const DRAWN: &str = "drawn once";

pub(super) static RBM: Experiment = Experiment {
    about: Question {
        id: "record-rbm-likelihood",
        protocol: "ours",
        report: reports::OURS,
        title: "Likelihoods of machines, in nats",
        reproduces: "no figure: the numbers that the field compares machines by",
        question: "How likely are test digits under machines of 20 and 500 hidden units, by the way they learnt?",
        seed: 1,
        repeats: Scaled::new(1, 1, 1),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "likelihood-drawn-once.svg", "likelihood-above-128.svg"],
        claims: &[
            Claim {
                says: "Longer chains learn better machines: 25 steps above 3, 3 above 1.",
                place: "",
                reported: OURS,
                cause: "In the quick profile’s five epochs chains of 25 steps have learnt less than those of 3, and their range is the widest of all.",
                test: |e| {
                    both(
                        better(e, ("RBM-500, CD-25", "RBM-500, CD-3"), DRAWN),
                        better(e, ("RBM-500, CD-3", "RBM-500, CD-1"), DRAWN),
                    )
                },
            },
            Claim {
                says: "Persistent chains on centred units reach at least −86.5 nats.",
                place: "",
                reported: OURS,
                cause: "The quick profile learns from a sixth of the images for a few epochs.",
                test: |e| reaches(e, "RBM-500, PCD", -86.5),
            },
            Claim {
                says: "No range is wider than half a nat.",
                place: "",
                reported: OURS,
                cause: "The quick profile anneals over a few hundred temperatures.",
                test: |e| most(e, "width", 0.5, "nats from bound to bound"),
            },
            Claim {
                says: "No machine gives all training images together more than all probability there is.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| most(e, "log_mass", 0.0, "as the logarithm of the mass"),
            },
            Claim {
                says: "No chains drift by more than three standard errors.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| most(e, "drift", 3.0, "standard errors"),
            },
            Claim {
                says: "Where all hidden states can be listed, the exact likelihood lies within the range, to 0.05 nats.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| {
                    let one = |digits| exact_within(e, "RBM-20, CD-1", digits);
                    both(one(DRAWN), one("above 128"))
                },
            },
            Claim {
                says: "A second machine on top raises what is known of the likelihood, by its bound.",
                place: "",
                reported: OURS,
                cause: "In the quick profile both machines have learnt for five epochs, and the two ranges overlap.",
                test: |e| better(e, ("DBN-500–500, CD-1, bound", "RBM-500, CD-1"), DRAWN),
            },
            Claim {
                says: "Mixtures of 10, 100 and 500 reach what is published: −168.95, −142.63, −137.64 nats, to three nats.",
                place: "",
                reported: OURS,
                cause: "The quick profile learns from a sixth of the images.",
                test: mixtures,
            },
        ],
    },
    recipe: &Likelihoods {
        machines: &[
            model("RBM-20, CD-1", 20, cd(1), Scaled::new(1, 5, 50)),
            model("RBM-500, CD-1", 500, cd(1), Scaled::new(1, 5, 50)),
            model("RBM-500, CD-3", 500, cd(3), Scaled::new(1, 5, 50)),
            model("RBM-500, CD-25", 500, cd(25), Scaled::new(1, 5, 50)),
            model("RBM-500, PCD", 500, PERSISTENT, Scaled::new(1, 5, 100)),
            Model { below: &[500], ..model("DBN-500–500, CD-1, bound", 500, cd(1), Scaled::new(1, 5, 50)) },
        ],
        deep: &[("DBM-500–1000, bound", DEEP)],
        mixtures: &[1, 10, 100, 500],
        rounds: Scaled::new(2, 10, 50),
        binarised: &[Binarised::Drawn, Binarised::Threshold],
        images: Scaled::new(100, 10_000, 60_000),
        test: Scaled::new(20, 1000, 10_000),
        batch: 100,
        temperatures: Scaled::new(4, 300, 10_000),
        chains: Scaled::new(4, 30, 100),
        settle: Scaled::new(3, 100, 10_000),
        listed: Scaled::new(0, 20, 20),
    },
};

fn at(model: &str) -> [(&str, &str); 2] {
    [("model", model), ("digits", DRAWN)]
}

/// The whole range of `a` lies above that of `b`; ranges that overlap cannot tell.
pub(crate) fn better(evidence: &Evidence, (a, b): (&str, &str), digits: &str) -> Finding {
    let ends = |model: &str| {
        ["log_likelihood_low", "log_likelihood_high"]
            .map(|end| evidence.values(pick(end, &[("model", model), ("digits", digits)])))
    };
    let ([low_a, high_a], [low_b, high_b]) = (ends(a), ends(b));
    let pairs = low_a.iter().zip(&high_a).zip(low_b.iter().zip(&high_b));
    let answers: Vec<Option<bool>> = pairs
        .map(|((low_a, high_a), (low_b, high_b))| match (low_a > high_b, high_a < low_b) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        })
        .collect();
    let say = |low: &[f64], high: &[f64]| format!("{} to {}", spread(low), spread(high));
    over(
        &answers,
        format!("{} against {}", say(&low_a, &high_a), say(&low_b, &high_b)),
        format!(
            "range of the log-likelihood of {a} above that of {b}, digits {digits}; ranges that overlap cannot tell"
        ),
    )
}

/// The lower end of the range lies above a bound.
fn reaches(evidence: &Evidence, model: &str, bound: f64) -> Finding {
    let values = evidence.values(pick("log_likelihood_low", &at(model)));
    let answers: Vec<bool> = values.iter().map(|value| *value >= bound).collect();
    over(
        &answers,
        format!("at least {} nats", spread(&values)),
        format!("lower end of the range of {model}, digits {DRAWN}, at least {bound}"),
    )
}

/// A metric is nowhere larger than a bound, whatever the model.
pub(crate) fn most(evidence: &Evidence, metric: &str, bound: f64, unit: &str) -> Finding {
    let values: Vec<f64> =
        evidence.rows.iter().filter(|row| row.metric == metric).map(|row| row.value).collect();
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let answers: &[bool] = if values.is_empty() { &[] } else { &[largest <= bound] };
    over(
        answers,
        format!("at most {} {unit}", report::number(largest)),
        format!("{metric} at most {bound}, of every machine on digits of both kinds"),
    )
}

/// Of a machine that can be listed.
pub(crate) fn exact_within(evidence: &Evidence, model: &str, digits: &str) -> Finding {
    let of = |metric: &str| evidence.values(pick(metric, &[("model", model), ("digits", digits)]));
    let (exact, low, high) =
        (of("log_likelihood_exact"), of("log_likelihood_low"), of("log_likelihood_high"));
    let answers: Vec<bool> = exact
        .iter()
        .zip(low.iter().zip(&high))
        .map(|(exact, (low, high))| (low - 0.05..=high + 0.05).contains(exact))
        .collect();
    let (name, _) = model.split_once(',').unwrap_or((model, ""));
    over(
        &answers,
        format!("{} in {} to {}", spread(&exact), spread(&low), spread(&high)),
        format!("exact log-likelihood of {name}, digits {digits}, within the range widened by 0.05 nats"),
    )
}

fn mixtures(evidence: &Evidence) -> Finding {
    let one = |model: &str, published: f64| {
        evidence.within(pick("log_likelihood", &at(model)), published - 3.0, published + 3.0)
    };
    both(both(one("mixture of 10", -168.95), one("mixture of 100", -142.63)), one("mixture of 500", -137.64))
}
