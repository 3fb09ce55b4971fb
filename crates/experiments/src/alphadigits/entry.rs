//! Our record on AlphaDigits.

use engine::claim::{OURS, both};
use engine::{Claim, Question, Scaled, pick};
use train::Descent;

use super::classify::Begin;
use super::recipe::LetterRecord;
use crate::experiment::{Experiment, reports};
use crate::likelihood::binarised::Binarised;
use crate::likelihood::entry::{PERSISTENT, better, cd, exact_within, model, most};
use crate::likelihood::recipe::{Likelihoods, Model};
use crate::records::errs_less;
use crate::tuned::Tuning;

const LETTERS: &str = "AlphaDigits";
/// Images of 36 characters: 29 each to learn from, ten each to be tested on.
const TRAIN: Scaled<usize> = Scaled::same(1044);
const TEST: Scaled<usize> = Scaled::same(360);

const SOFTMAX: &str = "softmax on pixels";
const FEATURES: &str = "softmax on RBM features";
const RANDOM: &str = "network, random";
const PRETRAINED: &str = "network, pretrained";

const STACK: Model =
    Model { below: &[200], ..model("DBN-200–200, CD-1, bound", 200, cd(1), Scaled::new(1, 300, 300)) };

static LIKELIHOODS: Likelihoods = Likelihoods {
    machines: &[
        model("RBM-20, PCD", 20, PERSISTENT, Scaled::new(1, 500, 500)),
        model("RBM-200, CD-1", 200, cd(1), Scaled::new(1, 300, 300)),
        model("RBM-200, PCD", 200, PERSISTENT, Scaled::new(1, 300, 300)),
        STACK,
    ],
    deep: &[],
    mixtures: &[1, 36, 100],
    rounds: Scaled::new(2, 50, 50),
    binarised: &[Binarised::Letters],
    images: TRAIN,
    test: TEST,
    batch: 36,
    temperatures: Scaled::new(4, 3000, 10_000),
    chains: Scaled::new(4, 100, 100),
    settle: Scaled::new(3, 1000, 10_000),
    listed: Scaled::new(0, 20, 20),
};

const TUNING: Tuning = Tuning { descent: Descent::adam(1e-3), batch: 36, dropout: 0.0, epochs: 0 };
/// On layers that should stay near what they learnt, or drawn at random: half of the hidden units silenced.
const DROPPED: Tuning = Tuning { dropout: 0.5, ..TUNING };

pub(super) static RECORD: Experiment = Experiment {
    about: Question {
        id: "record-alphadigits",
        protocol: "ours",
        report: reports::OURS,
        title: "Letters and digits of 36 characters: likelihoods in nats, and errors",
        reproduces: "no figure: nothing is published on a fixed split of these images",
        question: "How likely are unseen letters under each model, and how many of them does each network name wrongly?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["Binary AlphaDigits"],
        artefacts: &["metrics.csv", "likelihood-alphadigits.svg", "errors.svg", "held-out.svg", "epochs.csv"],
        claims: &[
            Claim {
                says: "Where all hidden states can be listed, the exact likelihood lies within the range, to 0.05 nats.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| exact_within(e, "RBM-20, PCD", LETTERS),
            },
            Claim {
                says: "No range is wider than half a nat.",
                place: "",
                reported: OURS,
                cause: "Chains are annealed over three thousand temperatures, which leave about a nat.",
                test: |e| most(e, "width", 0.5, "nats from bound to bound"),
            },
            Claim {
                says: "Persistent chains learn a better machine of 200 units than CD-1.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| better(e, ("RBM-200, PCD", "RBM-200, CD-1"), LETTERS),
            },
            Claim {
                says: "Unseen letters are more likely under a machine of 200 units than under independent pixels and a mixture of 36.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| {
                    let of = |metric, model| e.values(pick(metric, &[("model", model)]));
                    let above = |than: &'static str| {
                        let pairs = of("log_likelihood_low", "RBM-200, PCD")
                            .into_iter()
                            .zip(of("log_likelihood", than));
                        let pairs: Vec<(f64, f64)> = pairs.collect();
                        let answers: Vec<bool> = pairs.iter().map(|(own, other)| own > other).collect();
                        let [own, other] = [0, 1].map(|side| {
                            engine::predicates::spread(
                                &pairs.iter().map(|pair| [pair.0, pair.1][side]).collect::<Vec<_>>(),
                            )
                        });
                        engine::claim::over(
                            &answers,
                            format!("at least {own} against {other}"),
                            format!(
                                "lower end of the range of RBM-200, PCD, above the log-likelihood of {than}"
                            ),
                        )
                    };
                    both(above("independent pixels"), above("mixture of 36"))
                },
            },
            Claim {
                says: "A network that begins on pretrained layers names more characters than one that begins at random.",
                place: "",
                reported: OURS,
                cause: "360 test images tell differences of six percentage points.",
                test: |e| errs_less(e, PRETRAINED, RANDOM),
            },
            Claim {
                says: "Features of a machine name more characters than pixels do.",
                place: "",
                reported: OURS,
                cause: "360 test images tell differences of six percentage points.",
                test: |e| errs_less(e, FEATURES, SOFTMAX),
            },
        ],
    },
    recipe: &LetterRecord {
        likelihoods: &LIKELIHOODS,
        stack: STACK,
        networks: &[
            (SOFTMAX, Begin::Random, &[], TUNING),
            (FEATURES, Begin::Features, &[200], TUNING),
            (RANDOM, Begin::Random, &[200, 200], DROPPED),
            (PRETRAINED, Begin::Pretrained, &[200, 200], DROPPED),
        ],
        epochs: Scaled::new(2, 100, 300),
        judging: 5,
    },
};
