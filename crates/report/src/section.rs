//! One experiment's part of the page: words, tables, claims with their findings, and the names of its pictures and files.
//!
//! A section is also what is kept beside the pictures: it reads and writes as JSON, a table's columns as
//! `[name, unit, "l" | "r" | "c"]` and verdicts as `"not-reproduced"`. What is read is checked; the pictures themselves are
//! not in it.

use serde::{Deserialize, Serialize};

use crate::readout::Readout;
use crate::table::Table;
use crate::text::printable;
use crate::verdict::{Finding, Verdict, Verdicts};

/// Stands in the place of a report's number where no report made the claim: it is counted apart.
pub const OURS: &str = "ours";

/// A claim with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRow {
    /// What the report says, in our words.
    pub says: String,
    /// Where in the report it stands; may be empty.
    #[serde(default)]
    pub place: String,
    /// The report's number or words, or [`OURS`]; may be empty.
    pub reported: String,
    /// What came out.
    pub finding: Finding,
}

impl ClaimRow {
    /// Whether no report makes this claim.
    pub fn is_ours(&self) -> bool {
        self.reported == OURS
    }
}

/// A hyperparameter; as JSON `[name, value, origin]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "[String; 3]")]
pub struct Hyperparameter {
    /// What it is called.
    pub name: String,
    /// Its value, or the values of all models.
    pub value: String,
    /// Where the value comes from: "stated, Table 2", "chosen"; may be empty.
    pub origin: String,
}

impl From<Vec<String>> for Hyperparameter {
    fn from(fields: Vec<String>) -> Self {
        let mut fields = fields.into_iter();
        let mut next = || fields.next().unwrap_or_default();
        Self { name: next(), value: next(), origin: next() }
    }
}

impl From<Hyperparameter> for [String; 3] {
    fn from(own: Hyperparameter) -> Self {
        [own.name, own.value, own.origin]
    }
}

/// A picture by its name, with its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureEntry {
    /// Its name in the section's folder; ends in `.svg` or `.png`.
    pub file: String,
    /// What to see in it.
    pub caption: String,
    /// The one-sentence finding, for those who cannot see it.
    pub alt: String,
    /// What can be read off it with a pointer or the keyboard.
    #[serde(default, skip_serializing_if = "Readout::is_empty")]
    pub readout: Readout,
}

/// One experiment under one protocol.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// The experiment: "alpha-rbm-units".
    pub id: String,
    /// Whose hyperparameters, with `+key=value` for each one set by hand: the folder's name.
    pub protocol: String,
    /// The heading.
    pub title: String,
    /// The report's slug.
    pub report: String,
    /// The question that the report asked.
    pub question: String,
    /// The figure or table of the report: "Figure 3 (a)–(h)".
    pub reproduces: String,
    /// Whether drawn stand-in data were used.
    pub standin: bool,
    /// Keys of its points.
    pub points: Vec<String>,
    /// The pictures, in order.
    pub figures: Vec<FigureEntry>,
    /// The tables, in order, under the pictures.
    pub tables: Vec<Table>,
    /// The claims and what became of them.
    pub claims: Vec<ClaimRow>,
    /// Names, values, and where the values come from.
    pub hyperparameters: Vec<Hyperparameter>,
    /// What the profile cut; empty when nothing was.
    pub cuts: Vec<String>,
    /// Names of the files in the section's folder.
    pub files: Vec<String>,
    /// Remarks.
    pub notes: Vec<String>,
}

impl Section {
    /// How many claims had each verdict.
    pub fn verdicts(&self) -> Verdicts {
        let count = |ours| {
            let claims = || self.claims.iter().filter(|claim| self.is_ours(claim) == ours);
            Verdict::ALL.map(|verdict| claims().filter(|claim| claim.finding.verdict == verdict).count())
        };
        Verdicts { reports: count(false), ours: count(true) }
    }

    /// Whether no report makes this claim: not at all, or not of hyperparameters set by hand.
    pub fn is_ours(&self, claim: &ClaimRow) -> bool {
        claim.is_ours() || self.is_by_hand()
    }

    /// Whether no report asked the question.
    pub fn is_our_own(&self) -> bool {
        self.report == OURS
    }

    /// Whether hyperparameters were set by hand.
    pub fn is_by_hand(&self) -> bool {
        self.protocol.contains('+')
    }

    /// Tables and verdicts for a terminal, hostile characters written out; `stamp` is the warning that stand-in data carry.
    pub fn text(&self, stamp: &str) -> String {
        let [title, id, protocol] = [&self.title, &self.id, &self.protocol].map(|text| printable(text));
        let mut out = format!("{title} ({id}:{protocol})\n");
        if self.standin {
            out += &format!("{stamp}\n");
        }
        for table in &self.tables {
            out += &format!("\n{}", table.text());
        }
        for ClaimRow { says, reported, finding: Finding { verdict, measured, .. }, .. } in &self.claims {
            let [says, reported, measured] = [says, reported, measured].map(|text| printable(text));
            out += &format!("\n{verdict}: {says} ({reported}; measured {measured})");
        }
        out + if self.claims.is_empty() { "" } else { "\n" }
    }
}
