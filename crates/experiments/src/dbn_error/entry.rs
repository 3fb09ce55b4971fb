//! Our record of errors of deep belief networks, beside what is published of such networks.

use engine::claim::OURS;
use engine::{Claim, Question, Scaled};
use feedforward::Activation;
use train::Descent;

use super::recipe::{DbnError, UNPUBLISHED};
use super::refine::{AFTER, BEFORE, Phase};
use crate::experiment::{Experiment, reports};
use crate::label_dbn::stack::Stack;
use crate::label_dbn::train::Steps;
use crate::pretraining::job::Start;
use crate::pretraining::{Greedy, Regime};
use crate::records::{at_most, errs_less};

const PLAIN: &str = "DBN, backpropagation";
const DROPOUT: &str = "DBN, backpropagation with dropout";

const DESCENT: Regime = Regime {
    name: PLAIN,
    start: Start::Pretrained,
    activation: Activation::Sigmoid,
    dropout: 0.0,
    descent: Descent::annealed(1e-3, 1e-2),
    batch: 50,
    epochs: Scaled::new(2, 5, 60),
    search: &[],
};

const fn phase(epochs: usize, sweeps: usize) -> Phase {
    Phase { epochs, sweeps }
}

pub(super) static RECORD: Experiment = Experiment {
    about: Question {
        id: "record-dbn-error",
        protocol: "ours",
        report: reports::OURS,
        title: "How few test digits a deep belief network gets wrong",
        reproduces: "no figure: the errors that the field compares such networks by",
        question: "What do up-down, backpropagation and dropout make of greedily trained layers?",
        seed: 1,
        repeats: Scaled::same(1),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "epochs.csv", "held-out.svg"],
        claims: &[
            Claim {
                says: "A network with labels errs on at most 1.4 % after up-down (published: 1.25 %).",
                place: "",
                reported: OURS,
                cause: "The quick profile learns from a sixth of the images, for a few epochs.",
                test: |e| at_most(e, AFTER, 0.014),
            },
            Claim {
                says: "Up-down lowers the error of greedy training.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| errs_less(e, AFTER, BEFORE),
            },
            Claim {
                says: "Backpropagation from a deep belief network errs on at most 1.34 % (published: 1.2 to 1.34 %).",
                place: "",
                reported: OURS,
                cause: "The quick profile learns from a sixth of the images.",
                test: |e| at_most(e, PLAIN, 0.0134),
            },
            Claim {
                says: "With dropout it errs on at most 1.2 % (published: 0.92 %).",
                place: "",
                reported: OURS,
                cause: "The quick profile learns from a sixth of the images.",
                test: |e| at_most(e, DROPOUT, 0.012),
            },
            Claim {
                says: "Dropout lowers the error of backpropagation from the same layers.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| errs_less(e, DROPOUT, PLAIN),
            },
        ],
    },
    recipe: &DbnError {
        stack: Stack {
            images: Scaled::new(100, 10_000, 60_000),
            iterations: Scaled::new(20, 300, 18_000),
            milestones: Scaled::new(&[20], &[300], &[18_000]),
            logged: Scaled::same(&[]),
            steps: Steps { batch: 100, rate: 0.1, momentum: 0.5 },
        },
        phases: Scaled::new(
            &[phase(1, 3), phase(1, 6)],
            &[phase(2, 3)],
            &[phase(100, 3), phase(100, 6), phase(100, 10)],
        ),
        rate: 0.1,
        judged: Scaled::new(20, 1000, 5000),
        tested: Scaled::new(20, 10_000, 10_000),
        widths: &[500, 500, 2000],
        greedy: Greedy { epochs: Scaled::new(1, 6, 50), batch: 100, rate: 0.1, sigma: 0.01 },
        regimes: &[
            DESCENT,
            Regime { name: DROPOUT, dropout: 0.5, epochs: Scaled::new(2, 5, 200), ..DESCENT },
        ],
        published: &[
            UNPUBLISHED,
            (AFTER, "1.25 % [Hinton2006]"),
            (PLAIN, "1.2 % [HintonSalakhutdinov2006] to 1.34 %"),
            (DROPOUT, "0.92 % [Srivastava2014]"),
        ],
    },
};
