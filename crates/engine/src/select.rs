//! Which experiments: ids, `id:protocol`, globs, `report:slug`, `all`.

use std::fmt;

use crate::study::Question;

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
        write!(f, "no experiment is called {:?}", self.name)?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "; did you mean {suggestion:?}?"),
            None => write!(f, "; `cargo xtask list` shows all"),
        }
    }
}

impl std::error::Error for Unknown {}

/// The places in the catalogue of the experiments that `names` mean, each once, in its order.
///
/// # Errors
/// [`Unknown`] for a name that means none.
pub fn select(catalogue: &[&'static Question], names: &[String]) -> Result<Vec<usize>, Unknown> {
    let mut chosen = vec![false; catalogue.len()];
    for name in names {
        let mut any = false;
        for (question, chosen) in catalogue.iter().zip(&mut chosen) {
            if means(name, question) {
                *chosen = true;
                any = true;
            }
        }
        if !any && name != "all" {
            return Err(Unknown { name: name.clone(), suggestion: suggest(catalogue, name) });
        }
    }
    Ok((0..catalogue.len()).filter(|&place| chosen[place]).collect())
}

fn means(name: &str, question: &Question) -> bool {
    if name == "all" {
        return !question.is_record();
    }
    if let Some(report) = name.strip_prefix("report:") {
        return question.report == report && !question.is_record();
    }
    let (id, protocol) = name.split_once(':').unwrap_or((name, "*"));
    // A record runs when named: a glob must begin with its prefix.
    let named = !question.is_record() || id.starts_with("record-");
    named && glob(id, question.id) && glob(protocol, question.protocol)
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

fn suggest(catalogue: &[&'static Question], name: &str) -> Option<String> {
    let mut candidates: Vec<String> = vec!["all".to_owned()];
    for question in catalogue {
        candidates.extend([question.id.to_owned(), question.name(), format!("report:{}", question.report)]);
    }
    closest(name, candidates.iter().map(String::as_str)).map(str::to_owned)
}

/// The candidate closest to `name` by edit distance, if it is close: at most a third of it differs.
pub fn closest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |candidate: &str| strsim::osa_distance(name, candidate);
    let best = candidates.map(|candidate| (distance(candidate), candidate)).min_by_key(|(d, _)| *d);
    best.filter(|(d, candidate)| d * 3 <= name.len().max(candidate.len())).map(|(_, candidate)| candidate)
}
