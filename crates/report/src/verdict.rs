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
    /// It holds in none.
    NotReproduced,
    /// The spread over seeds covers both answers, or the rows do not tell.
    Inconclusive,
}

impl Verdict {
    /// All verdicts, in the order in which they are counted out.
    pub const ALL: [Verdict; 3] = [Verdict::Reproduced, Verdict::NotReproduced, Verdict::Inconclusive];

    /// The verdict over the answers of all seeds; none at all is inconclusive.
    pub fn over(answers: &[bool]) -> Verdict {
        match (answers.contains(&true), answers.contains(&false)) {
            (true, false) => Verdict::Reproduced,
            (false, true) => Verdict::NotReproduced,
            _ => Verdict::Inconclusive,
        }
    }

    /// The verdict in words.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Reproduced => "reproduced",
            Verdict::NotReproduced => "not reproduced",
            Verdict::Inconclusive => "inconclusive",
        }
    }

    /// Its class in the stylesheet of the page.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Verdict::Reproduced => "yes",
            Verdict::NotReproduced => "no",
            Verdict::Inconclusive => "open",
        }
    }

    /// A sign beside the word.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Verdict::Reproduced => "✓",
            Verdict::NotReproduced => "✗",
            Verdict::Inconclusive => "≈",
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
    /// What was compared with what; may be empty.
    pub why: String,
}

/// How many claims had each verdict, in the order of [`Verdict::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// Of those that the reports make.
    pub reports: [usize; 3],
    /// Of those that the reports do not make, but we.
    pub ours: [usize; 3],
}

impl AddAssign for Verdicts {
    fn add_assign(&mut self, other: Verdicts) {
        for (sums, counts) in [(&mut self.reports, other.reports), (&mut self.ours, other.ours)] {
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
    }
}

/// "22 reproduced, 15 not reproduced, 9 inconclusive", and our own after it if there are any.
impl fmt::Display for Verdicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |counts: [usize; 3]| {
            let part = |(verdict, count): (Verdict, usize)| format!("{count} {verdict}");
            Verdict::ALL.into_iter().zip(counts).map(part).collect::<Vec<_>>().join(", ")
        };
        f.write_str(&list(self.reports))?;
        if self.ours != [0; 3] {
            write!(f, "; beyond the reports: {}", list(self.ours))?;
        }
        Ok(())
    }
}
