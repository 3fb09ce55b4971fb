//! Our record of a deep Boltzmann machine: its bound and its errors beside the published ones.

use engine::claim::{OURS, over};
use engine::predicates::spread;
use engine::{Claim, Evidence, Finding, Question, Scaled, pick};
use train::Descent;

use super::claims;
use super::recipe::DEEP;
use super::record::RECORD as MACHINE;
use super::record_recipe::DeepRecord;
use crate::experiment::{Experiment, reports};
use crate::records::{at_most, errs_less};
use crate::tuned::Tuning;

const PLAIN: &str = "DBM, fine-tuned";
const DROPOUT: &str = "DBM, fine-tuned with dropout";

const TUNING: Tuning = Tuning { descent: Descent::annealed(1e-3, 1e-2), batch: 50, dropout: 0.0, epochs: 0 };

pub(super) static RECORD: Experiment = Experiment {
    about: Question {
        id: "record-dbm",
        protocol: "ours",
        report: reports::OURS,
        title: "How good a deep Boltzmann machine can be",
        reproduces: "no figure: the bound and the errors that the field compares such machines by",
        question: "How near do a machine of 500 and 1000 units and a classifier that begins on it come to what is published?",
        seed: 1,
        repeats: Scaled::same(1),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "epochs.csv", "held-out.svg"],
        claims: &[
            Claim {
                says: "The bound on the log-likelihood of test images is at least −86 nats (published: −84.62).",
                place: "",
                reported: OURS,
                cause: "The quick profile learns from a sixth of the images, for a few epochs.",
                test: |e| reaches(e, -86.0),
            },
            Claim {
                says: "Joint training raises the bound over pretraining alone.",
                place: "",
                reported: OURS,
                cause: "A few epochs move the bound by less than the intervals are wide, or log Z fails a gate.",
                test: claims::joint_helps,
            },
            Claim {
                says: "After fine-tuning it errs on at most 1.1 % (published: 0.95 %).",
                place: "",
                reported: OURS,
                cause: "The quick profile learns from a sixth of the images.",
                test: |e| at_most(e, PLAIN, 0.011),
            },
            Claim {
                says: "After fine-tuning with dropout it errs on at most 1.1 % (published: 0.79 %, by a machine of 500, 500 and 2000 units).",
                place: "",
                reported: OURS,
                cause: "The quick profile learns from a sixth of the images.",
                test: |e| at_most(e, DROPOUT, 0.011),
            },
            Claim {
                says: "Dropout lowers the error of fine-tuning.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| errs_less(e, DROPOUT, PLAIN),
            },
        ],
    },
    recipe: &DeepRecord {
        deep: MACHINE,
        images: Scaled::new(100, 10_000, 60_000),
        test_images: Scaled::new(20, 1000, 10_000),
        annealing: [Scaled::new(4, 1000, 10_000), Scaled::new(4, 50, 100), Scaled::new(3, 100, 10_000)],
        classifiers: &[
            (PLAIN, TUNING, Scaled::new(2, 10, 60)),
            (DROPOUT, Tuning { dropout: 0.5, ..TUNING }, Scaled::new(2, 10, 200)),
        ],
        updates: 10,
        tested: Scaled::new(20, 10_000, 10_000),
        bounds: ["−84.62 [Salakhutdinov2009]", "−83.61 [Salakhutdinov2009]"],
        published: &[
            (PLAIN, "0.95 % [Salakhutdinov2009]"),
            (DROPOUT, "0.79 % [Srivastava2014], of 500, 500 and 2000 units"),
        ],
    },
};

/// The lower end of the bound of the trained machine lies above a number of nats.
fn reaches(evidence: &Evidence, least: f64) -> Finding {
    let values = evidence.values(pick("bound_low", &[("model", DEEP)]));
    let answers: Vec<bool> = values.iter().map(|value| *value >= least).collect();
    over(
        &answers,
        format!("at least {} nats", spread(&values)),
        format!("lower end of the bound’s interval at least {least}"),
    )
}
