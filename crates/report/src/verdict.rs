//! What became of a claim, and how many of them went which way.

use std::fmt;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// Whether a claim came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It holds in every seed.
    Reproduced,
    /// Of its parts one holds and another does not.
    Partly,
    /// It holds in none.
    NotReproduced,
    /// The seeds disagree, or noise is larger than what is to be told, or nothing was run that could tell.
    #[serde(alias = "inconclusive")]
    CannotTell,
}

impl Verdict {
    /// All verdicts, in the order in which they are counted out.
    pub const ALL: [Verdict; 4] =
        [Verdict::Reproduced, Verdict::Partly, Verdict::NotReproduced, Verdict::CannotTell];

    /// The verdict over the answers of all seeds, where none is an answer that noise forbids. No seeds cannot tell.
    pub fn over(answers: &[Option<bool>]) -> Verdict {
        let all = |answer| !answers.is_empty() && answers.iter().all(|own| *own == Some(answer));
        match (all(true), all(false)) {
            (true, _) => Verdict::Reproduced,
            (_, true) => Verdict::NotReproduced,
            _ => Verdict::CannotTell,
        }
    }

    /// The verdict in words.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Reproduced => "reproduced",
            Verdict::Partly => "partly",
            Verdict::NotReproduced => "not reproduced",
            Verdict::CannotTell => "cannot tell",
        }
    }

    /// Its class in the stylesheet of the page.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Verdict::Reproduced => "yes",
            Verdict::Partly => "partly",
            Verdict::NotReproduced => "no",
            Verdict::CannotTell => "open",
        }
    }

    /// A sign beside the word.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Verdict::Reproduced => "✓",
            Verdict::Partly => "◐",
            Verdict::NotReproduced => "✗",
            Verdict::CannotTell => "≈",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// A verdict with the numbers behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Whether it came out.
    pub verdict: Verdict,
    /// Our numbers, to stand beside the report's; may be empty.
    pub measured: String,
    /// The rule: what was compared with what, and which size counts; may be empty.
    pub why: String,
    /// Why it is not reproduced, in plain words; empty for what is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// How many seeds the verdict rests on.
    #[serde(default)]
    pub seeds: usize,
    /// The same rule under other readings of what the report leaves open, where it does not hold under ours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
}

impl Finding {
    /// A verdict with our numbers and the rule; no reason yet, no seeds, no readings.
    pub fn new(verdict: Verdict, measured: impl Into<String>, why: impl Into<String>) -> Self {
        let (measured, why) = (measured.into(), why.into());
        Self { verdict, measured, why, reason: String::new(), seeds: 0, readings: Vec::new() }
    }

    /// The readings in a sentence: which of them bring the claim out; nothing without any.
    pub fn under(&self) -> String {
        let names = |verdict: Verdict| -> Vec<&str> {
            self.readings.iter().filter(|own| own.verdict == verdict).map(|own| own.name.as_str()).collect()
        };
        let (held, open) = (names(Verdict::Reproduced), names(Verdict::CannotTell));
        let undecided = match open.len() {
            0 => String::new(),
            n if n == self.readings.len() => return format!("Cannot be told under {} either.", list(&open)),
            _ => format!(" {} cannot tell.", list(&open)),
        };
        match (self.readings.len(), held.len()) {
            (0, _) => String::new(),
            (1, 0) => format!("Nor does it hold under {}.{undecided}", self.readings[0].name),
            (n, 0) => format!("It holds under none of {n} other readings.{undecided}"),
            _ => format!("It holds under {}.{undecided}", list(&held)),
        }
    }
}

/// The same claim under another reading of what its report leaves open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// What is read otherwise: "σ = 0.01".
    pub name: String,
    /// Whether the claim comes out then.
    pub verdict: Verdict,
    /// Our numbers then.
    pub measured: String,
}

/// "a", "a and b", "a, b and c".
fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// How many claims had each verdict, in the order of [`Verdict::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// Of those that the reports make.
    pub reports: [usize; 4],
    /// Of those that the reports do not make, but we.
    pub ours: [usize; 4],
}

impl AddAssign for Verdicts {
    fn add_assign(&mut self, other: Verdicts) {
        for (sums, counts) in [(&mut self.reports, other.reports), (&mut self.ours, other.ours)] {
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
    }
}

/// "22 reproduced, 3 partly, 15 not reproduced, 6 cannot tell", and our own after it if there are any.
impl fmt::Display for Verdicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |counts: [usize; 4]| {
            let part = |(verdict, count): (Verdict, usize)| format!("{count} {verdict}");
            Verdict::ALL.into_iter().zip(counts).map(part).collect::<Vec<_>>().join(", ")
        };
        f.write_str(&list(self.reports))?;
        if self.ours != [0; 4] {
            write!(f, "; beyond the reports: {}", list(self.ours))?;
        }
        Ok(())
    }
}
