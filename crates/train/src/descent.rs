//! What a descent is: update rule, rate, weight decay, schedule. One type for jobs, optimisers and fast trainers.
//!
//! A descent is a constant that says nothing of a run's length; [`Descent::update`] turns it into the numbers of one
//! step, which are [`tensor::layers::Update`]: kernels and [`crate::Optimiser`] take the same ones.

use std::fmt;

use serde::{Deserialize, Serialize};
use tensor::layers::{Change, Update};

use crate::{Epoch, Schedule};

/// How a gradient becomes a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// `m ← momentum · m + g`, `θ ← θ − rate · m` [Polyak1964].
    Sgd {
        /// 0 for plain descent.
        momentum: f32,
    },
    /// `s ← decay · s + (1 − decay) · g²`, `θ ← θ − rate · g / √(s + epsilon)` [Tieleman2012]: epsilon inside the root.
    RmsProp {
        /// Share of the old mean square that is kept.
        decay: f32,
        /// Keeps the root away from zero.
        epsilon: f32,
    },
    /// `θ ← θ − rate · m̂ / (√v̂ + epsilon)`, both moments corrected for their start at zero [Kingma2015].
    Adam {
        /// Decay of the mean.
        beta1: f32,
        /// Decay of the mean square.
        beta2: f32,
    },
}

impl Rule {
    /// Gradient descent without momentum.
    pub const PLAIN: Self = Self::Sgd { momentum: 0.0 };
    /// Adam with the decay rates of the paper, 0.9 and 0.999.
    pub const ADAM: Self = Self::Adam { beta1: 0.9, beta2: 0.999 };
}

/// Adam's ε, outside the root.
pub const ADAM_EPSILON: f32 = 1e-8;

/// How weights are pulled to zero; biases too, as PyTorch does it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decay {
    /// Not at all.
    #[default]
    None,
    /// `g ← g + λθ`: the gradient of `½λ‖θ‖²`, which the rule then scales like any other gradient.
    Coupled(f32),
    /// `θ ← θ − rate · λθ` before the rule's own step: AdamW, SGDW [Loshchilov2019].
    Decoupled(f32),
}

/// Everything about descent but its state.
///
/// As JSON it is flat, and says only what is not usual: `{"rule":"sgd","rate":0.1}`, `{"rule":"adam","rate":0.0001}`,
/// `{"rule":"annealed","rate":0.001,"decay":0.01}`. These texts are part of the keys under which results are stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Descent {
    /// How a gradient becomes a step.
    pub rule: Rule,
    /// Learning rate of the first epoch.
    pub rate: f32,
    /// Weight decay.
    pub decay: Decay,
    /// How the rate changes with the epochs.
    pub schedule: Schedule,
}

impl Descent {
    /// A rule at a constant rate, without decay.
    pub const fn new(rule: Rule, rate: f32) -> Self {
        Self { rule, rate, decay: Decay::None, schedule: Schedule::Constant }
    }

    /// Plain gradient descent.
    pub const fn sgd(rate: f32) -> Self {
        Self::new(Rule::PLAIN, rate)
    }

    /// Adam with its usual decay rates [Kingma2015].
    pub const fn adam(rate: f32) -> Self {
        Self::new(Rule::ADAM, rate)
    }

    /// Adam whose rate falls to zero along half a cosine over the whole run, with decoupled weight decay: AdamW as it is
    /// mostly used [Loshchilov2017, Loshchilov2019].
    pub const fn annealed(rate: f32, decay: f32) -> Self {
        let schedule = Schedule::Cosine { last: 0.0, epochs: None };
        Self { decay: Decay::Decoupled(decay), schedule, ..Self::adam(rate) }
    }

    /// The numbers of step `steps` (from 1, over all epochs), which falls into `epoch`.
    pub fn update(&self, epoch: Epoch, steps: u64) -> Update {
        let rate = self.rate * self.schedule.factor(epoch);
        let (coupled, shrink) = match self.decay {
            Decay::None => (0.0, 1.0),
            Decay::Coupled(decay) => (decay, 1.0),
            Decay::Decoupled(decay) => (0.0, 1.0 - rate * decay),
        };
        let change = match self.rule {
            Rule::Sgd { momentum: 0.0 } => Change::Plain,
            Rule::Sgd { momentum } => Change::HeavyBall { momentum },
            Rule::RmsProp { decay, epsilon } => Change::RmsProp { decay, epsilon },
            Rule::Adam { beta1, beta2 } => {
                let correction = |beta: f32| (1.0 - f64::from(beta).powf(steps as f64)) as f32;
                let corrections = [correction(beta1), correction(beta2)];
                Change::Adam { betas: [beta1, beta2], corrections, epsilon: ADAM_EPSILON }
            }
        };
        Update { change, rate, coupled, shrink }
    }
}

/// In words, for tables: `Adam, rate 0.001 falling to 0 along a cosine, decay 0.01`.
impl fmt::Display for Descent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rule {
            Rule::Sgd { momentum: 0.0 } => write!(f, "SGD"),
            Rule::Sgd { momentum } => write!(f, "SGD, momentum {momentum}"),
            Rule::RmsProp { decay, epsilon } => write!(f, "RMSProp, decay {decay}, ε {epsilon}"),
            Rule::ADAM => write!(f, "Adam"),
            Rule::Adam { beta1, beta2 } => write!(f, "Adam, β {beta1} and {beta2}"),
        }?;
        write!(f, ", rate {}{}", self.rate, self.schedule)?;
        match self.decay {
            Decay::None => Ok(()),
            Decay::Coupled(decay) => write!(f, ", decay {decay} in the gradient"),
            Decay::Decoupled(decay) => write!(f, ", decay {decay}"),
        }
    }
}
