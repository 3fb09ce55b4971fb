//! How far fidelity agrees with the eye: strips that a reader rated without knowing what drew them.
//!
//! `ratings.csv` is what `examples/blind.rs` made: a line for each strip of sixteen samples, which a model drew or which was
//! planted, with its classes, the rating (`good` if a clear character is recognised in at least 14 of 16, else `poor`), whether drawings
//! were varied, and the shares of all samples that the strip was taken from. One reader rated them, from shuffled sheets that
//! bear numbers alone, before any score was looked at. The form of fidelity and the threshold [`GOOD`] were chosen on strips of
//! odd numbers; the agreement is that on the others. `ratings-second.csv` is a second reader's, of other strips, made after
//! the form was settled and without knowledge of the first ratings: the two agreements differ by more than chance, as far as
//! readers do.

use engine::Rows;

use super::claims::GOOD;

/// Who rated, which strips count, and what was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// On whose strips of odd numbers form and threshold were chosen: those of even numbers count.
    First,
    /// On whose strips nothing was chosen: all count.
    Second,
}

impl Reader {
    fn table(self) -> &'static str {
        match self {
            Self::First => include_str!("ratings.csv"),
            Self::Second => include_str!("ratings-second.csv"),
        }
    }
}

/// One strip that a model drew.
struct Strip {
    even: bool,
    is_good: bool,
    fidelity: f64,
}

/// How far a score agrees with ratings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Strips.
    pub strips: usize,
    /// Share on which both agree.
    pub share: f64,
    /// Cohen's κ: how much of what chance leaves.
    pub kappa: f64,
    /// The probability that a strip rated good has a higher fidelity than one rated poor.
    pub rank: f64,
}

/// The agreement on strips that models drew and that nothing was chosen by.
///
/// # Panics
/// Never: the table is part of the program, and a test reads it.
pub fn agreement(reader: Reader) -> Agreement {
    let counts = |strip: &Strip| reader == Reader::Second || strip.even;
    let strips: Vec<Strip> = strips(reader.table()).into_iter().filter(counts).collect();
    let n = strips.len() as f64;
    let count = |holds: &dyn Fn(&Strip) -> bool| strips.iter().filter(|strip| holds(strip)).count() as f64;
    let share = count(&|strip| (strip.fidelity >= GOOD) == strip.is_good) / n;
    let (rated, scored) = (count(&|strip| strip.is_good) / n, count(&|strip| strip.fidelity >= GOOD) / n);
    let chance = rated * scored + (1.0 - rated) * (1.0 - scored);
    let of =
        |good: bool| strips.iter().filter(move |strip| strip.is_good == good).map(|strip| strip.fidelity);
    let above = |a: f64, b: f64| if a == b { 0.5 } else { f64::from(u8::from(a > b)) };
    let pairs = of(true).flat_map(|a| of(false).map(move |b| above(a, b)));
    let rank = pairs.sum::<f64>() / (of(true).count() * of(false).count()) as f64;
    Agreement { strips: strips.len(), share, kappa: (share - chance) / (1.0 - chance), rank }
}

fn strips(table: &str) -> Vec<Strip> {
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let strip = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let of = |name: &str| header.iter().position(|own| *own == name).map(|at| cells[at]);
        let number: usize = of("number")?.parse().ok()?;
        let fidelity = of("fidelity")?.parse().ok()?;
        let drawn = of("what")? == "drawn";
        drawn.then_some(Strip { even: number.is_multiple_of(2), is_good: of("rated")? == "good", fidelity })
    };
    lines.filter_map(strip).collect()
}

/// What a reader is told of it.
pub(super) fn note() -> String {
    let say = |reader| {
        let Agreement { strips, share, kappa, rank } = agreement(reader);
        let [share, rank] = [share, rank].map(|x| 100.0 * x);
        format!(
            "{share:.0} % of {strips} strips (Cohen’s κ {kappa:.2}; in {rank:.0} % of pairs the better one scores higher)"
        )
    };
    format!(
        "“Good” (fidelity of {GOOD} or more) agrees with blind ratings in {} of one reader, on whose other strips formula and \
         threshold were chosen, and in {} of a second reader. Both rated shuffled sheets without labels. So single models near \
         the threshold may be called otherwise by another eye.",
        say(Reader::First),
        say(Reader::Second)
    )
}

/// A sentence for each model whose samples are often exact copies of training images: its label, and the share.
pub(super) fn copies(evidence: &Rows, label: &dyn Fn(&engine::Row) -> String) -> Vec<String> {
    let own = evidence.rows.iter().filter(|row| row.metric == "copies" && row.value > OFTEN);
    let mut said: Vec<(String, Vec<f64>)> = Vec::new();
    for row in own {
        let label = label(row);
        match said.iter_mut().find(|(other, _)| *other == label) {
            Some((_, shares)) => shares.push(row.value),
            None => said.push((label, vec![row.value])),
        }
    }
    let percent = |shares: &[f64]| 100.0 * shares.iter().sum::<f64>() / shares.len() as f64;
    said.iter().map(|(label, shares)| format!("{label}: {:.0} %", percent(shares))).collect()
}

/// From this share on copies are spoken of.
const OFTEN: f64 = 0.05;
