//! A point: one job for one swept value, model and seed, found again by a key made of everything that shapes it.
//!
//! A pure record: what the point does stands beside it in a task.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::canonical;
use crate::digest::sha256;

/// The first 32 hexadecimal digits of the SHA-256 of a point's canonical configuration.
///
/// Held in place, without memory of its own: a plan of a thousand seeds has more than a million of them, several times each.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key([u8; DIGITS]);

const DIGITS: usize = 32;

impl Key {
    /// The key of a canonical configuration.
    pub fn of(config: &str) -> Self {
        let digits = sha256(config.as_bytes());
        Self(*digits.as_bytes().first_chunk().expect("a digest has 64 digits"))
    }

    /// The 32 digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a key is made of digits")
    }
}

/// The digits as text, and not as bytes: keys stand in messages of tests.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.as_str()).finish()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        match <[u8; DIGITS]>::try_from(text.as_bytes()) {
            Ok(digits) if text.bytes().all(digit) => Ok(Self(digits)),
            _ => Err(format!("expected a key of 32 hexadecimal digits, found {text:?}")),
        }
    }
}

impl TryFrom<String> for Key {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.as_str().to_owned()
    }
}

/// A point's [`Record`], shared by every list that holds the point: a clone costs nothing. Points of equal key are one point,
/// whichever experiments ask for them.
#[derive(Clone, Debug, PartialEq)]
pub struct Point(Arc<Record>);

impl Deref for Point {
    type Target = Record;
    fn deref(&self) -> &Record {
        &self.0
    }
}

/// What a point is known by, what it needs and what it will cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Names its folder in the store.
    pub key: Key,
    /// What a reader sees beside its progress bar.
    pub label: String,
    /// Points that must be published first; the work reads them by their place in this list.
    pub needs: Vec<Key>,
    /// Estimate: seconds on one thread of the reference machine.
    pub seconds: f64,
    /// Estimate: peak memory in bytes.
    pub bytes: u64,
    /// What the key is made of, canonical JSON.
    pub config: String,
}

/// What shapes a point's result, beside the points that it needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// The kind of the work and its hyperparameters.
    pub job: Value,
    /// The digest of the data that it reads; empty if it reads none.
    pub data: String,
    /// Raised by hand when a change of code changes results.
    pub numerics: u32,
}

/// What a point will cost.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    /// Seconds on one thread of the reference machine.
    pub seconds: f64,
    /// Peak memory in bytes.
    pub bytes: u64,
}

/// In the order of its keys, as canonical JSON has them.
#[derive(Serialize)]
struct Config<'a> {
    data: &'a str,
    job: &'a Value,
    needs: &'a [Key],
    numerics: u32,
}

/// The one field of a configuration that is asked for often; the others are passed over, and no tree is made of them.
#[derive(Deserialize)]
struct Read<'a> {
    #[serde(borrow)]
    data: Cow<'a, str>,
}

impl Point {
    /// A point whose key follows from its shape and what it needs; the label and the estimate do not change the key.
    pub fn new(label: impl Into<String>, needs: Vec<Key>, shape: &Shape, estimate: Estimate) -> Self {
        let Shape { job, data, numerics } = shape;
        let job = if canonical::is_sorted(job) { job } else { &canonical::sorted(job.clone()) };
        let config = canonical::text(&Config { data, job, needs: &needs, numerics: *numerics });
        let Estimate { seconds, bytes } = estimate;
        let (mut config, mut label): (String, String) = (config, label.into());
        // A plan has as many of these as points; texts that grew have room for twice their length.
        config.shrink_to_fit();
        label.shrink_to_fit();
        Self(Arc::new(Record { key: Key::of(&config), label, needs, seconds, bytes, config }))
    }

    /// The digest of the data that it reads; none if it reads none.
    pub fn data(&self) -> Option<String> {
        let read: Read<'_> = serde_json::from_str(&self.config).ok()?;
        (!read.data.is_empty()).then(|| read.data.into_owned())
    }
}
