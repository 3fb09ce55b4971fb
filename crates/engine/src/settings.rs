//! What the command line chose for one run; the same for all its experiments.

use std::fmt;

use crate::profile::Profile;

/// How much is run, and what was set by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How much is run.
    pub profile: Profile,
    /// `--repeats`, instead of the experiment's own number of seeds.
    pub repeats: Option<usize>,
    /// `--set key=value`, in order; of a key that is set twice the last value counts.
    pub set: Vec<(String, String)>,
    /// Whether other readings of what a report leaves open are run beside the protocol.
    pub readings: bool,
}

impl Settings {
    /// A profile with nothing set by hand.
    pub fn of(profile: Profile) -> Self {
        Self { profile, repeats: None, set: Vec::new(), readings: true }
    }

    /// What `--set` says of a key, if anything.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.set.iter().rev().find(|(other, _)| other == key).map(|(_, text)| text.as_str())
    }

    /// How many models of a sweep are run under each other reading, at most: one in the smallest profile, which shows that all
    /// of it works, and none beside values that were set by hand.
    pub fn most_read(&self) -> usize {
        match self.profile {
            _ if !self.readings || !self.set.is_empty() => 0,
            Profile::Smoke => 1,
            Profile::Quick | Profile::Paper => usize::MAX,
        }
    }

    /// What the results folder's name ends in: empty, or `+key=value` for each `--set`.
    pub fn suffix(&self) -> String {
        self.set.iter().map(|(key, value)| format!("+{key}={value}")).collect()
    }
}

/// `--set` asks an experiment for what it cannot be: the context of the error that says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadSetting {
    /// Full name of the experiment.
    pub experiment: String,
}

impl fmt::Display for BadSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot plan {} with these settings", self.experiment)
    }
}

impl std::error::Error for BadSetting {}
