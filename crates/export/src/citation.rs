//! What of `CITATION.cff` other descriptions repeat: title, version, authors, licences, address.
//!
//! The file is YAML; read are the plain forms in which such files are written: `key: value` at the left margin, and lists of `- value` or
//! of `- key: value` below a key. Anything else is passed over.

use std::fmt;

/// An author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// A group, by its name.
    Group(String),
    /// A person: given names and family names.
    Person(String, String),
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(name) => f.write_str(name),
            Self::Person(given, family) => write!(f, "{given} {family}"),
        }
    }
}

/// How a program wants to be cited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Citation {
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Its authors.
    pub authors: Vec<Author>,
    /// Its licences by their SPDX identifiers.
    pub licences: Vec<String>,
    /// Where it is published: `repository-code`, or else `url`.
    pub address: Option<String>,
}

impl Citation {
    /// Reads a `CITATION.cff`; what is not there stays empty.
    pub fn parse(text: &str) -> Self {
        let list = |key: &str| -> Vec<Vec<(String, String)>> {
            let Some(start) = text.lines().position(|line| line.trim_end() == format!("{key}:")) else {
                return vec![];
            };
            let mut items: Vec<Vec<(String, String)>> = Vec::new();
            for line in text.lines().skip(start + 1).take_while(|line| line.starts_with([' ', '-'])) {
                let (fresh, rest) = match line.trim_start().strip_prefix("- ") {
                    Some(rest) => (true, rest),
                    None => (false, line.trim_start()),
                };
                let (name, value) = rest.split_once(':').unwrap_or(("", rest));
                let entry = (name.to_owned(), plain(value));
                match items.last_mut().filter(|_| !fresh) {
                    Some(item) => item.push(entry),
                    None => items.push(vec![entry]),
                }
            }
            items
        };
        let field = |item: &[(String, String)], key: &str| {
            item.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone())
        };
        let author = |item: Vec<(String, String)>| match field(&item, "family-names") {
            Some(family) => Some(Author::Person(field(&item, "given-names").unwrap_or_default(), family)),
            None => field(&item, "name").map(Author::Group),
        };
        let mut licences: Vec<String> = list("license").iter().filter_map(|item| field(item, "")).collect();
        licences.extend(scalar(text, "license").filter(|licence| !licence.is_empty()));
        Self {
            title: scalar(text, "title").unwrap_or_default(),
            version: scalar(text, "version").unwrap_or_default(),
            authors: list("authors").into_iter().filter_map(author).collect(),
            licences,
            address: ["repository-code", "url"].iter().find_map(|key| scalar(text, key)),
        }
    }
}

/// The value of a key at the left margin.
fn scalar(text: &str, key: &str) -> Option<String> {
    text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':')).map(plain)
}

/// A value without the quotes around it.
fn plain(value: &str) -> String {
    let value = value.trim();
    let within = |mark: char| value.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    within('"').or_else(|| within('\'')).unwrap_or(value).to_owned()
}
