//! A point: one job for one swept value, model and seed, found again by a key made of everything that shapes it.
//!
//! A pure record: what the point does stands beside it in a task.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::canonical;
use crate::digest::sha256;

/// The first 32 hexadecimal digits of the SHA-256 of a point's canonical configuration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(String);

impl Key {
    /// The key of a canonical configuration.
    pub fn of(config: &str) -> Self {
        Self(sha256(config.as_bytes())[..32].to_owned())
    }

    /// The 32 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() == 32 && text.bytes().all(digit) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!("expected a key of 32 hexadecimal digits, found {text:?}"))
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
        key.0
    }
}

/// What a point is known by, what it needs and what it will cost. Points of equal key are one point, whichever
/// experiments ask for them.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
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

#[derive(Serialize)]
struct Config<'a> {
    job: &'a Value,
    needs: &'a [Key],
    data: &'a str,
    numerics: u32,
}

impl Point {
    /// A point whose key follows from its shape and what it needs; the label and the estimate do not change the key.
    pub fn new(label: impl Into<String>, needs: Vec<Key>, shape: &Shape, estimate: Estimate) -> Self {
        let Shape { job, data, numerics } = shape;
        let config = canonical::json(&Config { job, needs: &needs, data, numerics: *numerics });
        let Estimate { seconds, bytes } = estimate;
        Self { key: Key::of(&config), label: label.into(), needs, seconds, bytes, config }
    }

    /// The digest of the data that it reads; none if it reads none.
    pub fn data(&self) -> Option<String> {
        let config: Value = serde_json::from_str(&self.config).ok()?;
        config["data"].as_str().filter(|data| !data.is_empty()).map(str::to_owned)
    }
}
