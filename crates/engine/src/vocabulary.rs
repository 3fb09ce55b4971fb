//! What readers are told instead of the names of columns.
//!
//! A rule that decides a claim names metrics as the rows do, so that anybody can compute it again; `claims.csv` has it like that. On a
//! page a metric is called what it is, with its name in brackets where it comes first.

use report::Finding;

/// Metrics as the rows call them, and what they are.
pub type Vocabulary = &'static [(&'static str, &'static str)];

/// Words of rules, and those of a page.
const PHRASES: [(&str, &str); 4] = [
    (" rises along ", " rises with "),
    (" falls along ", " falls with "),
    (" at every classes from ", " at every number of classes from "),
    (" from coin flips", " from random pixels"),
];

/// The same finding, for a page.
pub(crate) fn explain(finding: &mut Finding, words: Vocabulary) {
    finding.why = explained(&finding.why, words);
    finding.measured = explained(&finding.measured, words);
    finding.reason = explained(&finding.reason, words);
    for reading in &mut finding.readings {
        reading.measured = explained(&reading.measured, words);
    }
}

/// A text whose names of metrics are explained, each where it comes first.
fn explained(text: &str, words: Vocabulary) -> String {
    let mut out = String::with_capacity(text.len());
    let mut named: Vec<&str> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        match words.iter().find(|(metric, _)| *metric == name) {
            Some((metric, words)) if named.contains(metric) => out += words,
            Some((metric, words)) => {
                named.push(metric);
                out += &format!("{words} ({metric})");
            }
            None => out += name,
        }
        let other = after.find(is_name).unwrap_or(after.len());
        out += &after[..other];
        rest = &after[other..];
    }
    PHRASES.iter().fold(out, |text, (rule, words)| text.replace(rule, words))
}

#[cfg(test)]
mod tests {
    use super::explained;

    const WORDS: super::Vocabulary = &[("error_test", "error on test images")];

    #[test]
    fn names_are_explained_once_and_nothing_else_is_touched() {
        let rule = "error_test at model = a below error_test at model = b; error_tests and my_error_test rises along hidden";
        let page = "error on test images (error_test) at model = a below error on test images at model = b; error_tests and \
                    my_error_test rises with hidden";
        assert_eq!(explained(rule, WORDS), page);
        assert_eq!(explained("W₂² → 3", WORDS), "W₂² → 3");
        assert_eq!(explained("", WORDS), "");
    }
}
