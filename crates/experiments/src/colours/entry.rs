//! Figure 16 of the ANN4 report: the colours of one picture in another.

use engine::claim::{OURS, both, over};
use engine::predicates::spread;
use engine::{Claim, Evidence, Finding, Pick, Question, Scaled, pick};

use super::names::{A_TO_B, A_TO_POSTERISED, EXACT};
use super::recipe::ColourTransfer;
use crate::experiment::{Experiment, reports};

/// The report's regularisation, as it stands in the column `method`.
const REPORTED: &str = "0.1";

pub(super) static COLOURS: Experiment = Experiment {
    about: Question {
        id: "ot-colour-transfer",
        protocol: "ann4",
        report: reports::ANN4,
        title: "Colours of one picture in another",
        reproduces: "Figure 16 (a)–(d)",
        question: "How do colours move between two pictures, exactly and with a regularisation of 0.1?",
        seed: 42,
        repeats: Scaled::new(1, 1, 3),
        data: &[],
        artefacts: &["metrics.csv", "pictures.svg", "palettes.svg", "rmse.svg", "cost.svg"],
        claims: &[
            Claim {
                says: "EMD and Sinkhorn do not differ significantly (regularisation 0.1).",
                place: "section 4",
                reported: "little difference",
                cause: "At ε = 0.1 each colour goes to a mean of many; how much that changes depends on how many colours a picture has, and the report’s second one had few.",
                test: little_different,
            },
            Claim {
                says: "A wide range of greens is mapped to fewer shades of yellow.",
                place: "section 4, Figure 16",
                reported: "many greens, few yellows",
                cause: "",
                test: fewer_yellows,
            },
            Claim {
                says: "Exact transport maps one colour scheme into the other.",
                place: "section 4",
                reported: "by both methods",
                cause: "",
                test: |e| mapped(e, EXACT),
            },
            Claim {
                says: "So does Sinkhorn at 0.1.",
                place: "section 4",
                reported: "by both methods",
                cause: "",
                test: |e| mapped(e, REPORTED),
            },
            Claim {
                says: "The smaller the regularisation, the less Sinkhorn differs from EMD.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| {
                    e.falls(
                        pick("rmse_to_exact", &[("direction", A_TO_B)]),
                        "method",
                        &["1", "0.3", "0.1", "0.03", "0.01", "0.003", "0.001", "0.0003"],
                    )
                },
            },
            Claim {
                says: "There are fewer shades because the second picture was posterised.",
                place: "section 4",
                reported: "the second was posterised",
                cause: "At four levels a channel what was green has as many hues as without; how strongly the report’s picture was posterised is not said, and fewer levels leave fewer colours by themselves.",
                test: fewer_where_posterised,
            },
        ],
    },
    recipe: &ColourTransfer {
        height: Scaled::new(48, 320, 320),
        samples: Scaled::new(100, 1000, 1000),
        epsilon: 0.1,
        epsilons: Scaled::new(
            &[0.1, 0.01],
            &[1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001],
            &[1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003],
        ),
    },
};

/// Pixels of both results differ by at most a tenth of what the exact one changed.
fn little_different(evidence: &Evidence) -> Finding {
    let apart = [("direction", A_TO_B), ("method", REPORTED)];
    let moved = [("direction", A_TO_B), ("method", EXACT)];
    evidence.compare(
        pick("rmse_to_exact", &apart),
        pick("rmse_to_original", &moved),
        "at most a tenth of",
        |apart, moved| apart <= 0.1 * moved,
    )
}

/// The exact result of A's greens has mostly yellow and orange hues, fewer of them, and less spread.
fn fewer_yellows(evidence: &Evidence) -> Finding {
    let at = [("direction", A_TO_B), ("method", EXACT)];
    fn of<'a>(metric: &'a str, at: &'a [(&'a str, &'a str)]) -> Pick<'a> {
        pick(metric, at)
    }
    let yellow = evidence.values(of("greens_yellow_after", &at));
    let answers: Vec<bool> = yellow.iter().map(|share| *share > 0.5).collect();
    let percent: Vec<f64> = yellow.iter().map(|share| 100.0 * share).collect();
    let yellow = over(
        &answers,
        format!("{} % yellow or orange", spread(&percent)),
        "more than half of what was green is yellow or orange",
    );
    let fewer = evidence.below(of("greens_hues_after", &at), of("greens_hues_before", &at));
    let narrower = evidence.below(of("greens_spread_after", &at), of("greens_spread_before", &at));
    both(both(yellow, fewer), narrower)
}

/// What was green has fewer hues with a posterised second picture than with the one that was painted.
fn fewer_where_posterised(evidence: &Evidence) -> Finding {
    let [own, posterised] = [A_TO_B, A_TO_POSTERISED].map(|way| [("direction", way), ("method", EXACT)]);
    evidence.below(pick("greens_hues_after", &posterised), pick("greens_hues_after", &own))
}

/// At most a tenth of the distance between the palettes is left.
fn mapped(evidence: &Evidence, method: &str) -> Finding {
    let at = [("direction", A_TO_B), ("method", method)];
    evidence.compare(
        pick("palette_distance_after", &at),
        pick("palette_distance_before", &at),
        "at most a tenth of",
        |after, before| after <= 0.1 * before,
    )
}
