//! What the page needs of one experiment, kept beside its figures: the page is assembled from all of them, whichever run
//! drew them.

use std::path::Path;

use anyhow::{Context, Result};
use report::{Align, ClaimRow, Column, Drawing, Figure, Table};
use serde::{Deserialize, Serialize};

use crate::claim::{Finding, OURS, Verdict};
use crate::disk;
use crate::experiment::FigureEntry;
use crate::page::STAMP;

/// The file that holds it.
pub const SECTION: &str = "section.json";

/// One experiment's part of the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// The experiment.
    pub id: String,
    /// The protocol, with `+key=value` for each `--set`: the folder's name.
    pub protocol: String,
    /// The heading.
    pub title: String,
    /// The report's slug.
    pub report: String,
    /// The question.
    pub question: String,
    /// The figure or table of the report.
    pub reproduces: String,
    /// Whether drawn stand-in data were used.
    pub standin: bool,
    /// Keys of its points.
    pub points: Vec<String>,
    /// The pictures, in order.
    pub figures: Vec<FigureEntry>,
    /// The tables, in order.
    pub tables: Vec<SavedTable>,
    /// The claims and what became of them.
    pub claims: Vec<SavedClaim>,
    /// Names and values.
    pub hyperparameters: Vec<(String, String)>,
    /// What the profile cut.
    pub cuts: Vec<String>,
    /// Names of the files, sorted.
    pub files: Vec<String>,
    /// Remarks.
    pub notes: Vec<String>,
}

/// A claim with its finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedClaim {
    /// The report's sentence.
    pub says: String,
    /// The report's number.
    pub reported: String,
    /// What came out.
    pub finding: Finding,
}

/// A table as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedTable {
    caption: String,
    /// Name, unit, whether it stands left (`l`), right (`r`) or in the middle (`c`).
    columns: Vec<(String, String, char)>,
    rows: Vec<Vec<String>>,
}

impl From<&Table> for SavedTable {
    fn from(table: &Table) -> Self {
        let side = |align| match align {
            Align::Left => 'l',
            Align::Right => 'r',
            Align::Centre => 'c',
        };
        let column = |c: &Column| (c.name.clone(), c.unit.clone(), side(c.align));
        let columns = table.columns.iter().map(column).collect();
        Self { caption: table.caption.clone(), columns, rows: table.rows.clone() }
    }
}

impl From<&SavedTable> for Table {
    fn from(saved: &SavedTable) -> Self {
        let align = |side| match side {
            'r' => Align::Right,
            'c' => Align::Centre,
            _ => Align::Left,
        };
        let column = |(name, unit, side): &(String, String, char)| Column {
            name: name.clone(),
            unit: unit.clone(),
            align: align(*side),
        };
        let columns = saved.columns.iter().map(column).collect();
        Self { caption: saved.caption.clone(), columns, rows: saved.rows.clone() }
    }
}

/// How many claims were reproduced, were not, and are inconclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// Of those that the reports make.
    pub reports: [usize; 3],
    /// Of those that the reports do not make, but we.
    pub ours: [usize; 3],
}

impl std::ops::AddAssign for Verdicts {
    fn add_assign(&mut self, other: Self) {
        for (sums, counts) in [(&mut self.reports, other.reports), (&mut self.ours, other.ours)] {
            sums.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
        }
    }
}

/// "22 reproduced, 15 not reproduced, 9 inconclusive", and our own after it if there are any.
impl std::fmt::Display for Verdicts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let list = |[yes, no, open]: [usize; 3]| {
            format!("{yes} reproduced, {no} not reproduced, {open} inconclusive")
        };
        f.write_str(&list(self.reports))?;
        if self.ours != [0; 3] {
            write!(f, "; beyond the reports: {}", list(self.ours))?;
        }
        Ok(())
    }
}

impl Section {
    /// Reads the section of a folder.
    ///
    /// # Errors
    /// If it cannot be read or is not one.
    pub fn read(directory: &Path) -> Result<Self> {
        let path = directory.join(SECTION);
        serde_json::from_slice(&disk::read(&path)?)
            .with_context(|| format!("{}: not a section of the page", path.display()))
    }

    /// How many claims had each verdict.
    pub fn verdicts(&self) -> Verdicts {
        let count = |ours| {
            let claims = || self.claims.iter().filter(|claim| self.is_ours(claim) == ours);
            let of = |verdict| claims().filter(|claim| claim.finding.verdict == verdict).count();
            [Verdict::Reproduced, Verdict::NotReproduced, Verdict::Inconclusive].map(of)
        };
        Verdicts { reports: count(false), ours: count(true) }
    }

    /// Whether no report makes this claim: not at all, or not of hyperparameters set by hand.
    fn is_ours(&self, claim: &SavedClaim) -> bool {
        claim.reported == OURS || self.is_by_hand()
    }

    /// Whether hyperparameters were set by hand.
    pub fn is_by_hand(&self) -> bool {
        self.protocol.contains('+')
    }

    /// Tables and verdicts for a terminal.
    pub fn text(&self) -> String {
        let mut out = format!("{} ({}:{})\n", self.title, self.id, self.protocol);
        if self.standin {
            out += &format!("{STAMP}\n");
        }
        for table in &self.tables {
            out += &format!("\n{}", Table::from(table).text());
        }
        for SavedClaim { says, reported, finding } in &self.claims {
            let Finding { verdict, measured, .. } = finding;
            out += &format!("\n{verdict}: {says} ({reported}; measured {measured})");
        }
        out + if self.claims.is_empty() { "" } else { "\n" }
    }

    /// The section as the page takes it, with its pictures from `directory`.
    ///
    /// # Errors
    /// If a picture cannot be read.
    pub fn on_page(&self, directory: &Path) -> Result<report::Section> {
        let figures = self.figures.iter().map(|figure| drawing(directory, figure)).collect::<Result<_>>()?;
        let folder = format!("{}/{}", self.id, self.protocol);
        let claim = |claim: &SavedClaim| ClaimRow {
            statement: claim.says.clone(),
            report_value: claim.reported.clone(),
            measured: claim.finding.measured.clone(),
            verdict: match claim.finding.verdict {
                Verdict::Reproduced => report::Verdict::Reproduced,
                Verdict::NotReproduced => report::Verdict::NotReproduced,
                Verdict::Inconclusive => report::Verdict::Inconclusive,
            },
            why: claim.finding.why.clone(),
            ours: self.is_ours(claim),
        };
        Ok(report::Section {
            id: self.id.clone(),
            protocol: self.protocol.clone(),
            title: self.title.clone(),
            question: self.question.clone(),
            reproduces: self.reproduces.clone(),
            figures,
            tables: self.tables.iter().map(Table::from).collect(),
            claims: self.claims.iter().map(claim).collect(),
            hyperparameters: self.hyperparameters.clone(),
            cuts: self.cuts.clone(),
            files: self.files.iter().map(|name| (name.clone(), format!("{folder}/{name}"))).collect(),
            notes: self.notes.clone(),
        })
    }
}

fn drawing(directory: &Path, figure: &FigureEntry) -> Result<Figure> {
    let bytes = disk::read(&directory.join(&figure.file))?;
    let drawing = if figure.file.ends_with(".svg") {
        let text = String::from_utf8(bytes).with_context(|| format!("{}: expected UTF-8", figure.file))?;
        Drawing::Svg(text)
    } else {
        Drawing::Png(bytes)
    };
    let (file_name, caption, alt) = (figure.file.clone(), figure.caption.clone(), figure.alt.clone());
    Ok(Figure { drawing, file_name, caption, alt })
}
