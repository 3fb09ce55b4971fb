//! Lines of code that do in small what an experiment does: shown folded, once on a page, and linked from wherever they belong to.

use minijinja::{Value, context};

use crate::link::plain;

/// A few lines of code with what they do, and the command that runs them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    /// Short name, the same wherever the same lines are shown.
    pub name: String,
    /// What the lines do, in a sentence.
    pub says: String,
    /// What the number means that they give, in a sentence.
    pub gives: String,
    /// The lines.
    pub source: String,
    /// The command that runs them.
    pub command: String,
}

/// What a template needs of each section's snippet, section by section, where there is one. The first of several with the same
/// name has the lines; the others have `lines` empty, and an `anchor` that leads there.
pub(crate) fn shown<'a>(snippets: impl Iterator<Item = Option<&'a Snippet>>) -> Vec<Option<Value>> {
    let mut seen: Vec<&str> = Vec::new();
    let mut one = |snippet: &'a Snippet| {
        let Snippet { name, says, gives, source, command } = snippet;
        let is_first = !seen.contains(&name.as_str());
        seen.push(name);
        let lines = is_first.then(|| context! { gives, source => source.trim_end(), command });
        context! { anchor => format!("lines-{}", plain(name)), says, lines }
    };
    snippets.map(|snippet| snippet.map(&mut one)).collect()
}
