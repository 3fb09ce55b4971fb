//! How a machine learns: one type for every trainer of this crate.
//!
//! It says nothing of how long and in what portions, which is [`train::Fit`], and nothing of the processor.

use serde::{Deserialize, Serialize};
use train::{Decay, Descent, Epoch, Rule, Schedule};

use super::negative::Negative;
use crate::gibbs::VisibleState;

/// How a machine learns.
///
/// As JSON a job can hold it: `{"negative":{"cd":{"sweeps":1}},"visible":"sampled","descent":{"rule":"sgd","rate":0.1}}`.
/// [`Learning::cd`] is the usual way; the others are named where they differ from it:
/// `Learning { visible: VisibleState::Mean, ..Learning::cd(1, 0.1) }`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learning {
    /// The model's side of the gradient.
    pub negative: Negative,
    /// The visible states of CD's reconstructions, at every sweep.
    pub visible: VisibleState,
    /// How the gradient, which is the mean over the mini-batch, becomes a step.
    pub descent: Descent,
    /// The visible biases that learning begins with; not written where the machine keeps its own.
    #[serde(default, skip_serializing_if = "VisibleBias::is_kept")]
    pub start: VisibleBias,
    /// After how many epochs each the chains make one Gibbs step more; 0 for never. Longer chains pay when the weights have
    /// grown, and cost too much before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub grows_every: usize,
    /// Another momentum in the first epochs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warm_up: Option<WarmUp>,
    /// Whether the gradient is that of centred units [Melchior2016]: the machine stays an ordinary one, and what it learns no
    /// longer depends on how bits are coded.
    #[serde(default, skip_serializing_if = "is_false")]
    pub centred: bool,
    /// How seldom hidden units are to be on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sparsity: Option<Sparsity>,
}

/// The momentum of the first epochs, where the descent's own would overshoot [Hinton2010, section 9].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WarmUp {
    /// Momentum.
    pub momentum: f32,
    /// For so many epochs.
    pub epochs: usize,
}

/// A pull on each hidden unit towards a mean activity [Hinton2010, section 11]: `cost · (q − target)` is added to the gradient
/// of the unit's input, with `q` the unit's own running mean over samples, `q ← memory · q + (1 − memory) · mean`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sparsity {
    /// The mean activity that is wanted.
    pub target: f32,
    /// How strongly.
    pub cost: f32,
    /// How much of the running mean is kept at every update, from 0 to 1.
    pub memory: f32,
}

fn is_zero(n: &usize) -> bool {
    *n == 0
}

fn is_false(yes: &bool) -> bool {
    !yes
}

/// The visible biases that learning begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VisibleBias {
    /// Those of the machine, zero in a fresh one.
    #[default]
    Kept,
    /// Those with which the visible units, without the hidden ones, are on as often as in the data
    /// [Hinton2010, section 8.1].
    ///
    /// Without them, a machine on data of few on-units learns first that most units are off, with all hidden units at
    /// once: they all turn on for every sample and say nothing any more. Data of text and other sparse data need this.
    FromData,
}

impl VisibleBias {
    pub(crate) fn is_kept(&self) -> bool {
        *self == Self::Kept
    }
}

impl Learning {
    /// CD-k: `sweeps` Gibbs steps from the data with sampled reconstructions [Hinton2002], plain gradient descent, the
    /// machine's own biases to begin with.
    pub const fn cd(sweeps: usize, rate: f32) -> Self {
        Self {
            negative: Negative::Cd { sweeps },
            visible: VisibleState::Sampled,
            descent: Descent::sgd(rate),
            start: VisibleBias::Kept,
            grows_every: 0,
            warm_up: None,
            centred: false,
            sparsity: None,
        }
    }

    /// Gibbs steps of each update in an epoch, counted from 0, where the negative phase itself has `sweeps`.
    pub(crate) fn sweeps_in(&self, sweeps: usize, epoch: usize) -> usize {
        sweeps + epoch.checked_div(self.grows_every).unwrap_or(0)
    }

    /// The `k` of plain CD-k: contrastive divergence followed by gradient descent at a constant rate, without momentum,
    /// decay and whatever else may be asked for: what needs no gradient that is written down. `None` for any other way.
    pub fn plain_sweeps(&self) -> Option<usize> {
        let Descent { rule, decay, schedule, .. } = self.descent;
        let plain = rule == Rule::PLAIN && decay == Decay::None && schedule == Schedule::Constant;
        let more = self.grows_every > 0 || self.warm_up.is_some() || self.centred || self.sparsity.is_some();
        match self.negative {
            Negative::Cd { sweeps } if plain && !more => Some(sweeps),
            _ => None,
        }
    }

    /// Whether [`crate::binary::BinaryTrainer`] can learn so: contrastive divergence or persistent chains, with any descent,
    /// centred or not; no fast weights, no tempering, no listing of states, no pull towards sparsity.
    pub fn suits_binary_trainer(&self) -> bool {
        matches!(self.negative, Negative::Cd { .. } | Negative::Pcd { .. }) && self.sparsity.is_none()
    }

    /// The descent of an epoch: its own, or that of the first epochs.
    pub(crate) fn descent_in(&self, epoch: Epoch) -> Descent {
        match self.warm_up {
            Some(WarmUp { momentum, epochs }) if epoch.number <= epochs => {
                Descent { rule: Rule::Sgd { momentum }, ..self.descent }
            }
            _ => self.descent,
        }
    }

    /// Refuses what cannot be descended.
    ///
    /// # Panics
    /// If the momentum of the first epochs is to change in a rule that has none.
    pub(crate) fn check_warm_up(&self) {
        let has_momentum = matches!(self.descent.rule, Rule::Sgd { .. });
        assert!(self.warm_up.is_none() || has_momentum, "{} has no momentum to warm up", self.descent);
    }
}
