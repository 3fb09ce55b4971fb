//! Figure 17 of the ANN4 report: desserts for guests, by exact and entropic plans. The report gives no costs; those here are
//! what two other implementations compute for the same table.

use engine::claim::{OURS, both, over};
use engine::{Claim, Evidence, Finding, Question, Scaled, pick};

use super::recipe::Portions;
use crate::experiment::{Experiment, reports};

pub(super) static DESSERTS: Experiment = Experiment {
    about: Question {
        id: "ot-desserts",
        protocol: "ann4",
        report: reports::ANN4,
        title: "Desserts for eight guests",
        reproduces: "Figure 17 (a), (b)",
        question: "Who gets which dessert, if all shall like theirs, and what does the regularisation change?",
        seed: 1,
        repeats: Scaled::same(1),
        data: &[],
        artefacts: &["metrics.csv", "plans.svg", "satisfaction.svg"],
        claims: &[
            Claim {
                says: "The exact plan costs −36; others compute the same.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| both(costs(e, "exact", -36.0), proven(e)),
            },
            Claim {
                says: "At λ = 10 the plan costs −35.994883; others compute the same.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| costs(e, "10", -35.994_883),
            },
            Claim {
                says: "At λ = 1 the plan costs −29.626499; others compute the same.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| costs(e, "1", -29.626_499),
            },
            Claim {
                says: "At λ = 0.1 the plan costs −13.990850; others compute the same.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| costs(e, "0.1", -13.990_850),
            },
            Claim {
                says: "With a big λ everybody only has desserts they like.",
                place: "Figure 17 (a)",
                reported: "everybody likes what they get",
                cause: "A tenth of a portion goes to guests who neither like nor dislike it; nobody gets what they dislike. It stays so at a larger λ: several plans cost the least, and an entropic one is a mixture of them.",
                test: |e| liked(e, &largest(e)),
            },
            Claim {
                says: "With a low λ some get what is not their favourite.",
                place: "Figure 17 (b)",
                reported: "some do not get their favourites",
                cause: "",
                test: |e| disliked(e, "0.1"),
            },
            Claim {
                says: "A low λ encourages a more homogeneous distribution.",
                place: "Figure 17 (b)",
                reported: "more homogeneous",
                cause: "",
                test: |e| {
                    both(
                        e.falls(pick("distance_to_product", &[]), "plan", &["exact", "10", "1", "0.1"]),
                        e.within(pick("distance_to_product", &[("plan", "0.1")]), 0.0, 0.1),
                    )
                },
            },
        ],
    },
    recipe: &Portions { lambdas: &[10.0, 1.0, 0.1], larger: 100.0, tolerance: 1e-12 },
};

/// A cost, to six decimals.
fn costs(evidence: &Evidence, plan: &str, published: f64) -> Finding {
    let values = evidence.values(pick("cost", &[("plan", plan)]));
    let answers: Vec<bool> = values.iter().map(|x| (x - published).abs() < 1e-6).collect();
    let measured = values.first().map_or_else(|| "–".to_owned(), |x| report::text::number(*x, 6));
    over(&answers, measured, format!("cost of plan {plan} within 1e-6 of {published}"))
}

/// Whole portions, and a certificate whose three numbers are zero.
fn proven(evidence: &Evidence) -> Finding {
    let metrics =
        ["certificate_gap", "certificate_infeasibility", "certificate_slackness", "portions_not_whole"];
    let values: Vec<f64> =
        metrics.iter().flat_map(|m| evidence.values(pick(m, &[("plan", "exact")]))).collect();
    let worst = values.iter().copied().fold(0.0, f64::max);
    let answers: &[bool] = if values.len() == metrics.len() { &[worst < 1e-12] } else { &[] };
    let measured = format!("certificate and broken portions at most {worst}");
    over(answers, measured, "whole portions, and optimality proven by duality")
}

/// Portions of a plan that guests dislike, and that they neither like nor dislike.
fn portions(evidence: &Evidence, plan: &str) -> ([Vec<f64>; 2], String) {
    let of = |metric: &str| evidence.values(pick(metric, &[("plan", plan)]));
    let [disliked, neither] = [of("portions_disliked"), of("portions_indifferent")];
    let say = |v: &[f64]| v.first().map_or_else(|| "–".to_owned(), |x| format!("{x:.4}"));
    let measured =
        format!("of 20 portions {} disliked, {} neither liked nor disliked", say(&disliked), say(&neither));
    ([disliked, neither], measured)
}

/// The plan of the largest λ.
fn largest(evidence: &Evidence) -> String {
    let own = evidence.of_protocol();
    let plans = own.rows.iter().filter(|row| row.metric == "portions_disliked");
    let lambdas = plans.filter_map(|row| row.column("plan")?.parse::<f64>().ok());
    lambdas.reduce(f64::max).map_or_else(String::new, |lambda| lambda.to_string())
}

/// Fewer than a hundredth of a portion is disliked, and as little is neither liked nor disliked.
fn liked(evidence: &Evidence, plan: &str) -> Finding {
    let (both_kinds, measured) = portions(evidence, plan);
    let [few_disliked, few_neither] =
        both_kinds.map(|kind| kind.iter().map(|x| *x < 0.01).collect::<Vec<_>>());
    both(
        over(&few_disliked, measured.clone(), format!("plan {plan}: fewer than 0.01 disliked portions")),
        over(
            &few_neither,
            measured,
            format!("plan {plan}: fewer than 0.01 portions neither liked nor disliked"),
        ),
    )
}

/// More than a portion is disliked.
fn disliked(evidence: &Evidence, plan: &str) -> Finding {
    let ([disliked, _], measured) = portions(evidence, plan);
    let answers: Vec<bool> = disliked.iter().map(|x| *x > 1.0).collect();
    over(&answers, measured, format!("plan {plan}: more than one disliked portion of 20"))
}
