//! A point: one job for one swept value, model and seed, found again by a key made of everything that shapes it.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::canonical;
use crate::jobs::Job;

/// The first 32 hexadecimal digits of the SHA-256 of a point's canonical configuration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(String);

impl Key {
    /// The key of a canonical configuration.
    pub fn of(config: &str) -> Self {
        Self(hex(&Sha256::digest(config.as_bytes()))[..32].to_owned())
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

/// One job with what it needs. Points of equal key are one point, whichever experiments ask for them.
#[derive(Clone, Debug)]
pub struct Point {
    /// Names its folder in the store.
    pub key: Key,
    /// What a reader sees beside its progress bar.
    pub label: String,
    /// What is done.
    pub job: Job,
    /// Points that must be published first; the job reads them by their place in this list.
    pub needs: Vec<Key>,
    /// Estimate: seconds on one thread of the reference machine.
    pub seconds: f64,
    /// Estimate: peak memory in bytes.
    pub bytes: u64,
    /// What the key is made of, canonical JSON.
    pub config: String,
}

#[derive(Serialize)]
struct Config<'a> {
    job: &'a Job,
    needs: &'a [Key],
    data: &'a str,
    numerics: u32,
}

impl Point {
    /// A point whose key follows from the job, what it needs, the digest of its data (empty if it reads none) and
    /// the job's numerics; the label and the estimates do not change the key. Memory is estimated at what the job's
    /// states take at least, which grow with what `--set` may choose.
    pub fn new(label: impl Into<String>, job: Job, needs: &[&Point], estimate: Estimate, data: &str) -> Self {
        let needs: Vec<Key> = needs.iter().map(|point| point.key.clone()).collect();
        let config = canonical::json(&Config { job: &job, needs: &needs, data, numerics: job.numerics() });
        let Estimate { seconds, bytes } = estimate;
        let bytes = bytes.max(job.state_bytes());
        Self { key: Key::of(&config), label: label.into(), job, needs, seconds, bytes, config }
    }
}

/// What a point will cost.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    /// Seconds on one thread of the reference machine.
    pub seconds: f64,
    /// Peak memory in bytes.
    pub bytes: u64,
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The SHA-256 of some bytes in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
