//! Which experiments: ids, `id:protocol`, globs, `report:slug`, `all`.

use std::fmt;

use crate::experiment::{Experiment, Report};

/// A name that means no experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// What was asked for.
    pub name: String,
    /// What may have been meant.
    pub suggestion: Option<String>,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = Report::ALL.iter().find(|report| self.name == format!("report:{report}"));
        if let Some(report) = report {
            return write!(
                f,
                "there is no experiment of the report {report} yet; `cargo xtask list` shows all"
            );
        }
        write!(f, "no experiment is called {:?}", self.name)?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "; did you mean {suggestion:?}?"),
            None => write!(f, "; `cargo xtask list` shows all"),
        }
    }
}

impl std::error::Error for Unknown {}

/// The experiments of `registry` that `names` mean, each once, in the order of the registry.
///
/// # Errors
/// [`Unknown`] for a name that means none.
pub fn select(
    registry: &'static [Experiment],
    names: &[String],
) -> Result<Vec<&'static Experiment>, Unknown> {
    let mut chosen = vec![false; registry.len()];
    for name in names {
        let mut any = false;
        for (experiment, chosen) in registry.iter().zip(&mut chosen) {
            if means(name, experiment) {
                *chosen = true;
                any = true;
            }
        }
        if !any && name != "all" {
            return Err(Unknown { name: name.clone(), suggestion: suggest(registry, name) });
        }
    }
    Ok(registry.iter().zip(chosen).filter(|(_, chosen)| *chosen).map(|(experiment, _)| experiment).collect())
}

fn means(name: &str, experiment: &Experiment) -> bool {
    if name == "all" {
        return !experiment.is_record();
    }
    if let Some(slug) = name.strip_prefix("report:") {
        return experiment.report.slug() == slug && !experiment.is_record();
    }
    let (id, protocol) = name.split_once(':').unwrap_or((name, "*"));
    // A record runs when named: a glob must begin with its prefix.
    let named = !experiment.is_record() || id.starts_with("record-");
    named && glob(id, experiment.id) && glob(protocol, experiment.protocol)
}

/// Whether `text` has the form of `pattern`: `*` is any run of characters, `?` any one.
pub fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    // matched[j]: the pattern so far covers the first j characters.
    let mut matched = vec![false; text.len() + 1];
    matched[0] = true;
    for p in pattern {
        let mut next = vec![false; text.len() + 1];
        next[0] = p == '*' && matched[0];
        for j in 1..=text.len() {
            next[j] = match p {
                '*' => matched[j] || next[j - 1],
                '?' => matched[j - 1],
                p => matched[j - 1] && p == text[j - 1],
            };
        }
        matched = next;
    }
    matched[text.len()]
}

fn suggest(registry: &[Experiment], name: &str) -> Option<String> {
    let mut candidates: Vec<String> = vec!["all".to_owned()];
    for experiment in registry {
        candidates.extend([experiment.id.to_owned(), experiment.name()]);
    }
    let there = |report: &&Report| registry.iter().any(|experiment| experiment.report == **report);
    candidates.extend(Report::ALL.iter().filter(there).map(|report| format!("report:{report}")));
    closest(name, candidates.iter().map(String::as_str)).map(str::to_owned)
}

/// The candidate closest to `name` by edit distance, if it is close: at most a third of it differs.
pub fn closest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let best = candidates.map(|candidate| (distance(name, candidate), candidate)).min_by_key(|(d, _)| *d);
    best.filter(|(d, candidate)| d * 3 <= name.len().max(candidate.len())).map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours (restricted Damerau–Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = match (i, j) {
                (0, n) | (n, 0) => n,
                _ => {
                    let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let best = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                    let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                    if swapped { best.min(table[i - 2][j - 2] + 1) } else { best }
                }
            };
        }
    }
    table[a.len()][b.len()]
}
