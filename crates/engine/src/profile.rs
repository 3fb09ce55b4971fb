//! How much of an experiment is run: every amount in three sizes. Rates and architectures are never scaled.

use std::fmt;
use std::str::FromStr;

/// How much is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// The smallest run that goes through every line of every experiment.
    Smoke,
    /// Architecture, rate and batch of the report; fewer epochs, samples and grid points.
    Quick,
    /// What the report states, as it states it.
    Paper,
}

impl Profile {
    /// All profiles, from the smallest.
    pub const ALL: [Self; 3] = [Self::Smoke, Self::Quick, Self::Paper];

    /// The name on the command line and of the results folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Smoke => "smoke",
            Self::Quick => "quick",
            Self::Paper => "paper",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Profile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|p| p.name() == text);
        found.ok_or_else(|| format!("expected smoke, quick or paper, found {text:?}"))
    }
}

/// An amount (epochs, samples, sweep points, Gibbs steps, repeats) for each profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scaled<T> {
    /// For [`Profile::Smoke`].
    pub smoke: T,
    /// For [`Profile::Quick`].
    pub quick: T,
    /// For [`Profile::Paper`].
    pub paper: T,
}

impl<T: Copy> Scaled<T> {
    /// One amount for each profile.
    pub const fn new(smoke: T, quick: T, paper: T) -> Self {
        Self { smoke, quick, paper }
    }

    /// The same amount everywhere.
    pub const fn same(amount: T) -> Self {
        Self { smoke: amount, quick: amount, paper: amount }
    }
}

impl<T> Scaled<T> {
    /// The amount for a profile, by reference.
    pub fn get(&self, profile: Profile) -> &T {
        match profile {
            Profile::Smoke => &self.smoke,
            Profile::Quick => &self.quick,
            Profile::Paper => &self.paper,
        }
    }
}

impl<T: Copy> Scaled<T> {
    /// The amount for a profile.
    pub const fn at(&self, profile: Profile) -> T {
        match profile {
            Profile::Smoke => self.smoke,
            Profile::Quick => self.quick,
            Profile::Paper => self.paper,
        }
    }
}
