//! A claim is a sentence of a report as a predicate over our rows; a finding is what came out of it.
//!
//! Predicates are judged seed by seed: a claim is reproduced when it holds for every seed, not reproduced when it
//! holds for none, and inconclusive when the spread over seeds covers both answers.

use crate::evidence::Evidence;

pub use report::{Finding, OURS, Verdict};

/// What a report says it saw.
#[derive(Debug)]
pub struct Claim {
    /// The sentence.
    pub says: &'static str,
    /// The report's number or words, or [`OURS`].
    pub reported: &'static str,
    /// Looks at our rows.
    pub test: fn(&Evidence) -> Finding,
}

/// The verdict over some answers, one a seed, with the numbers behind it.
pub fn over(answers: &[bool], measured: String, why: impl Into<String>) -> Finding {
    let held = answers.iter().filter(|&&held| held).count();
    let why = match answers.len() {
        0 => format!("{}; no rows to judge by", why.into()),
        1 => why.into(),
        n => format!("{}; holds in {held} of {n} seeds", why.into()),
    };
    Finding { verdict: Verdict::over(answers), measured, why }
}

/// A finding that both others must support: reproduced only if both are, not reproduced if one is not.
pub fn both(a: Finding, b: Finding) -> Finding {
    let verdict = match (a.verdict, b.verdict) {
        (Verdict::Reproduced, Verdict::Reproduced) => Verdict::Reproduced,
        (Verdict::NotReproduced, _) | (_, Verdict::NotReproduced) => Verdict::NotReproduced,
        _ => Verdict::Inconclusive,
    };
    let join = |a: String, b: String| if a == b { a } else { format!("{a}; {b}") };
    Finding { verdict, measured: join(a.measured, b.measured), why: join(a.why, b.why) }
}
