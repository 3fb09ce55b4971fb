//! Names inside a folder: a type that cannot hold a way out of it.

use std::borrow::Borrow;
use std::error::Error;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::plays_tricks;

/// A name inside a folder that cannot leave it: one or more components joined by `/`, as in
/// `weights/rbm.safetensors`.
///
/// A component has 1 to 255 bytes, is not made of dots and spaces alone (`..`, and what Windows takes for it), does
/// not begin with a drive letter, and has no `\`, no control character, no line separator and no mark of
/// bidirectional formatting. Names are ordered by their bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// A text that is no [`Name`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadName {
    found: String,
    reason: &'static str,
}

/// The longest component that file systems take, in bytes.
const LONGEST: usize = 255;

/// As much of a bad name as an error shows, in characters: the text may be a whole file.
const MOST_SHOWN: usize = 80;

impl Name {
    /// The name with this text.
    ///
    /// # Errors
    /// If the text is not a name; says why.
    pub fn new(text: &str) -> Result<Self, BadName> {
        match text.split('/').find_map(trouble) {
            None => Ok(Self(text.to_owned())),
            Some(reason) => Err(BadName { found: beginning(text), reason }),
        }
    }

    /// The name as text, `/` between components.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its components, outermost folder first; at least one.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// The name `below` inside the folder with this name.
    #[must_use]
    pub fn join(&self, below: &Self) -> Self {
        Self(format!("{self}/{below}"))
    }

    /// The folder that holds it, if the name has one, and its last component.
    pub(crate) fn split(&self) -> (Option<Self>, Self) {
        match self.0.rsplit_once('/') {
            Some((folder, last)) => (Some(Self(folder.to_owned())), Self(last.to_owned())),
            None => (None, self.clone()),
        }
    }
}

/// Why a text is no component of a name.
fn trouble(component: &str) -> Option<&'static str> {
    let mut beginning = component.chars();
    let letter = beginning.next().is_some_and(|first| first.is_ascii_alphabetic());
    if component.is_empty() {
        return Some("it is absolute or has an empty part");
    }
    if component.trim_matches(['.', ' ']).is_empty() {
        return Some("a part of nothing but dots or spaces may lead elsewhere");
    }
    if component.len() > LONGEST {
        return Some("a part is longer than 255 bytes");
    }
    if letter && beginning.next() == Some(':') {
        return Some("it has a drive letter");
    }
    if component.contains('\\') {
        return Some("it has a backslash");
    }
    component.contains(plays_tricks).then_some("it has a character that cannot be printed")
}

fn beginning(text: &str) -> String {
    let mut shown: String = text.chars().take(MOST_SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected a name inside the folder, found {:?}: {}", self.found, self.reason)
    }
}

impl Error for BadName {}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Name {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        Self::new(text)
    }
}

impl TryFrom<String> for Name {
    type Error = BadName;

    fn try_from(text: String) -> Result<Self, BadName> {
        Self::new(&text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// A map by name is asked with a text; order, equality and hash are those of the text.
impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, text: &str) -> bool {
        self.0 == text
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, text: &&str) -> bool {
        self.0 == *text
    }
}
