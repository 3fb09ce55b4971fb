//! How the learning rate changes from epoch to epoch.
//!
//! A factor is a function of the epoch's number and the run's length alone, so that a resumed run needs no state.
//! Conventions are PyTorch's `lr_scheduler`, stepped once an epoch.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An epoch of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// Its number, from 1.
    pub number: usize,
    /// Epochs of the whole run.
    pub of: usize,
}

/// The only one of a run.
impl Default for Epoch {
    fn default() -> Self {
        Self { number: 1, of: 1 }
    }
}

/// A factor for the learning rate of each epoch; `t` is the number of epochs done before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// `1`.
    #[default]
    Constant,
    /// `factor^⌊t / every⌋`.
    Step {
        /// Epochs between two steps.
        every: usize,
        /// What each multiplies by.
        factor: f32,
    },
    /// `factorᵗ`.
    Exponential {
        /// What each epoch multiplies by.
        factor: f32,
    },
    /// `1 + (last − 1) · min(t / epochs, 1)`.
    Linear {
        /// The factor in the end.
        last: f32,
        /// Epochs until then; the whole run if none are given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epochs: Option<usize>,
    },
    /// `1` for a share `begin` of the run, then `(1 − t / run) / (1 − begin)`: a line that reaches 0 where the run ends.
    Late {
        /// Where it begins to fall, from 0 to below 1.
        begin: f32,
    },
    /// `last + (1 − last) · (1 + cos(π · min(t / epochs, 1))) / 2` [Loshchilov2017, eq. 5], without restarts.
    Cosine {
        /// The factor in the end.
        last: f32,
        /// Epochs until then; the whole run if none are given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epochs: Option<usize>,
    },
}

impl Schedule {
    /// The factor in an epoch.
    ///
    /// # Panics
    /// If `every` or `epochs` is 0.
    pub fn factor(self, epoch: Epoch) -> f32 {
        let t = epoch.number.saturating_sub(1);
        let share = |epochs: Option<usize>| {
            let epochs = epochs.unwrap_or(epoch.of);
            assert!(epochs > 0, "{self:?} over no epochs");
            (t as f64 / epochs as f64).min(1.0)
        };
        let factor = match self {
            Self::Constant => 1.0,
            Self::Step { every, factor } => {
                assert!(every > 0, "{self:?} every 0 epochs");
                f64::from(factor).powf((t / every) as f64)
            }
            Self::Exponential { factor } => f64::from(factor).powf(t as f64),
            Self::Linear { last, epochs } => 1.0 + (f64::from(last) - 1.0) * share(epochs),
            Self::Late { begin } => ((1.0 - share(None)) / (1.0 - f64::from(begin))).min(1.0),
            Self::Cosine { last, epochs } => {
                let last = f64::from(last);
                last + (1.0 - last) * (1.0 + (std::f64::consts::PI * share(epochs)).cos()) / 2.0
            }
        };
        factor as f32
    }
}

/// What comes after the rate in a sentence: nothing for a constant one.
impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut falling = |last: f32, way: &str, epochs: Option<usize>| {
            if last == 0.0 {
                write!(f, " falling to 0 along a {way}")?;
            } else {
                write!(f, " falling to {last} of it along a {way}")?;
            }
            epochs.map_or(Ok(()), |epochs| write!(f, " in {epochs} epochs"))
        };
        match *self {
            Self::Constant => Ok(()),
            Self::Step { every, factor } => write!(f, " times {factor} every {every} epochs"),
            Self::Exponential { factor } => write!(f, " times {factor} every epoch"),
            Self::Linear { last, epochs } => falling(last, "line", epochs),
            Self::Late { begin } => write!(f, " falling to 0 along a line from {begin} of the epochs on"),
            Self::Cosine { last, epochs } => falling(last, "cosine", epochs),
        }
    }
}
