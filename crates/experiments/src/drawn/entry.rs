//! Figures 16 and 17 of the report on generative models: digits that an RBM and a DBN draw.

use engine::{Claim, Evidence, Finding, Origin, Origins, Question, Scaled, pick};

use super::quality::on_the_way;
use super::recipe::{Draws, Stack};
use crate::experiment::{Experiment, reports};

pub(crate) const RBM_STACK: Stack =
    Stack { name: "RBM", widths: &[1200], batch: 512, epochs: Scaled::new(1, 10, 1000) };
pub(crate) const DBN_STACK: Stack =
    Stack { name: "DBN", widths: &[1000, 500, 250], batch: 128, epochs: Scaled::new(1, 10, 5000) };

const COMMON: &[(&str, Origin)] = &[
    ("hidden units, RBM", Origin::Stated("Table 9")),
    ("hidden units, DBN", Origin::Stated("Table 10")),
    ("epochs a layer", Origin::Stated("Tables 9, 10")),
    ("batch size", Origin::Stated("Tables 9, 10")),
    ("learning rate", Origin::Stated("Tables 9, 10, where it is called Adam’s")),
    ("initial weights N(0, σ²): σ", Origin::Course("the exercise: a variance of 0.01")),
    ("training images", Origin::Chosen("all there are; the report does not say")),
    ("Gibbs steps from pixel noise", Origin::Chosen("as for its letters")),
    ("digits drawn", Origin::Chosen("")),
];

pub(crate) const DRAWS: Draws = Draws {
    stacks: &[RBM_STACK],
    rate: 0.1,
    sigma: 0.1,
    images: Scaled::new(200, 10_000, 60_000),
    gibbs: Scaled::new(20, 1000, 1000),
    drawn: Scaled::new(20, 200, 1000),
    mixing: [Scaled::new(4, 10, 20), Scaled::new(10, 500, 10_000)],
    origins: Origins(COMMON),
};

pub(super) static RBM: Experiment = Experiment {
    about: Question {
        id: "mnist-rbm-samples",
        protocol: "generative",
        report: reports::GENERATIVE,
        title: "Digits that an RBM draws",
        reproduces: "Figure 16, Table 9",
        question: "How good are the digits of one machine of 942 784 parameters?",
        seed: 1,
        repeats: Scaled::new(1, 1, 1),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "samples.svg", "samples.png"],
        claims: &[Claim {
            says: "The samples are of low quality.",
            place: "section “Restricted Boltzmann Machine”, Figure 16",
            reported: "by eye",
            cause: "",
            test: |e| on_the_way(e, "RBM", |share| share >= 0.5, "at least"),
        }],
    },
    recipe: &DRAWS,
};

pub(super) static DBN: Experiment = Experiment {
    about: Question {
        id: "mnist-dbn-samples",
        protocol: "generative",
        report: reports::GENERATIVE,
        title: "Digits that a DBN draws",
        reproduces: "Figure 17, Table 10",
        question: "Are the digits of three stacked machines, of 1 413 034 parameters, better?",
        seed: 1,
        repeats: Scaled::new(1, 1, 1),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "samples.svg", "samples.png"],
        claims: &[
            Claim {
                says: "The DBN’s samples display better quality than the RBM’s.",
                place: "section “Deep Belief Network”, Figure 17",
                reported: "by eye",
                cause: "",
                test: better,
            },
            Claim {
                says: "They enable clear differentiation between the various digits.",
                place: "section “Deep Belief Network”, Figure 17",
                reported: "by eye",
                cause: "",
                test: |e| on_the_way(e, "DBN", |share| share < 0.5, "less than"),
            },
        ],
    },
    recipe: &Draws { stacks: &[DBN_STACK, RBM_STACK], ..DRAWS },
};

/// The DBN's samples lie nearer to held-out digits.
fn better(evidence: &Evidence) -> Finding {
    evidence.below(pick("pixels", &[("origin", "DBN")]), pick("pixels", &[("origin", "RBM")]))
}
