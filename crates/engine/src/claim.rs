//! A claim is a sentence of a report as a predicate over our rows; a finding is what came out of it.
//!
//! Predicates are judged seed by seed. A seed answers yes or no, or not at all where the difference is smaller than the noise
//! that it is measured with. A claim is *reproduced* when every seed says yes, *not reproduced* when every seed says no, and
//! otherwise our runs *cannot tell*. A sentence of two halves of which one is reproduced and the other not is reproduced
//! *partly*.
//!
//! Where a claim does not come out, the same predicate looks at the rows of other **readings** of what the report leaves open:
//! models that differ in one thing, whose rows have the column [`READING`](crate::rows::READING).

use crate::evidence::Evidence;

use report::ClaimRow;
pub use report::{Finding, OURS, Reading, Verdict};

/// What a report says it saw.
#[derive(Debug)]
pub struct Claim {
    /// The sentence, in our words.
    pub says: &'static str,
    /// Where in the report it stands; empty for our own.
    pub place: &'static str,
    /// The report's number or words, or [`OURS`].
    pub reported: &'static str,
    /// Looks at our rows.
    pub test: fn(&Evidence) -> Finding,
    /// Why it does not come out, where we know: shown with every verdict but *reproduced*. May be empty.
    pub cause: &'static str,
}

impl Claim {
    /// What became of it under the protocol and, where it does not come out, under every reading that has rows for it.
    pub fn judge(&self, evidence: &Evidence) -> ClaimRow {
        let mut finding = (self.test)(&evidence.of_protocol());
        if finding.verdict != Verdict::Reproduced {
            for name in evidence.readings() {
                let other = (self.test)(&evidence.of_reading(name));
                if other.seeds > 0 {
                    let Finding { verdict, measured, .. } = other;
                    finding.readings.push(Reading { name: name.to_owned(), verdict, measured });
                }
            }
            if !self.cause.is_empty() {
                finding.reason = sentences(&[&finding.reason, self.cause]);
            }
        }
        let [says, place, reported] = [self.says, self.place, self.reported].map(str::to_owned);
        ClaimRow { says, place, reported, finding }
    }
}

/// The verdict over some answers, one a seed, with the numbers behind it. `None` is the answer of a seed whose difference is
/// within the noise.
pub fn over<A: Copy + Into<Option<bool>>>(
    answers: &[A],
    measured: String,
    why: impl Into<String>,
) -> Finding {
    let answers: Vec<Option<bool>> = answers.iter().map(|answer| (*answer).into()).collect();
    let count = |wanted: Option<bool>| answers.iter().filter(|answer| **answer == wanted).count();
    let (n, yes, no, open) = (answers.len(), count(Some(true)), count(Some(false)), count(None));
    let reason = match (n, yes, no, open) {
        (0, ..) => "Nothing was run here that could tell.".to_owned(),
        (_, yes, ..) if yes == n => String::new(),
        (1, _, 1, _) => "It does not hold in the one seed that was run.".to_owned(),
        (_, _, no, _) if no == n => format!("It holds in none of {n} seeds."),
        (1, ..) => "The difference is within the noise.".to_owned(),
        (.., open) if open == n => format!("In all {n} seeds the difference is within the noise."),
        (.., 0) => format!("It holds in {yes} of {n} seeds, and not in the others."),
        (_, _, 0, _) => {
            format!("It holds in {yes} of {n} seeds; in {open} the difference is within the noise.")
        }
        (_, 0, ..) => format!("It fails in {no} of {n} seeds; in {open} the difference is within the noise."),
        _ => format!(
            "Of {n} seeds it holds in {yes} and fails in {no}; in {open} the difference is within the noise."
        ),
    };
    let why = match n {
        0 | 1 => why.into(),
        _ => format!("{}; holds in {yes} of {n} seeds", why.into()),
    };
    Finding { reason, seeds: n, ..Finding::new(Verdict::over(&answers), measured, why) }
}

/// A number of each seed that shall lie between two bounds, both of which count as between. Seeds on both sides of them
/// cannot tell.
pub fn between(values: &[f64], [low, high]: [f64; 2], measured: String, why: impl Into<String>) -> Finding {
    let answers: Vec<bool> = values.iter().map(|x| (low..=high).contains(x)).collect();
    let mut finding = over(&answers, measured, why);
    let sides = values.iter().any(|x| *x < low) && values.iter().any(|x| *x > high);
    if finding.verdict == Verdict::NotReproduced && sides {
        finding.verdict = Verdict::CannotTell;
        "The seeds lie on both sides of it.".clone_into(&mut finding.reason);
    }
    finding
}

/// A sentence of two halves: reproduced if both are, partly if one is and the other is not, not reproduced if one is not and
/// the other is not either or cannot be told.
pub fn both(a: Finding, b: Finding) -> Finding {
    use Verdict::{CannotTell, NotReproduced, Partly, Reproduced};
    let verdict = match (a.verdict, b.verdict) {
        (Reproduced, Reproduced) => Reproduced,
        (Reproduced | Partly, Partly | NotReproduced) | (Partly | NotReproduced, Reproduced | Partly) => {
            Partly
        }
        (NotReproduced, NotReproduced | CannotTell) | (CannotTell, NotReproduced) => NotReproduced,
        (CannotTell, _) | (_, CannotTell) => CannotTell,
    };
    let (half, other) = (a.verdict == Reproduced, b.verdict == Reproduced);
    let reason = match (half, other) {
        (true, false) => sentences(&["The first half holds, the second does not come out.", &b.reason]),
        (false, true) => sentences(&["The second half holds, the first does not come out.", &a.reason]),
        _ if a.reason == b.reason => a.reason.clone(),
        _ => sentences(&[&a.reason, &b.reason]),
    };
    let join = |a: String, b: String| if a == b { a } else { format!("{a}; {b}") };
    let seeds = a.seeds.min(b.seeds);
    Finding { reason, seeds, ..Finding::new(verdict, join(a.measured, b.measured), join(a.why, b.why)) }
}

/// Sentences one after another; empty ones are left out.
pub fn sentences(parts: &[&str]) -> String {
    parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
