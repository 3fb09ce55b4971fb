//! Update rules: plain and heavy-ball gradient descent, RMSProp, Adam; weight decay for all of them.

use crate::{Kind, Parameters, Schedule, Snapshot, Tensor, TensorError};

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

/// How weights are pulled to zero; biases too, as PyTorch does it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
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
    pub fn new(rule: Rule, rate: f32) -> Self {
        Self { rule, rate, decay: Decay::None, schedule: Schedule::Constant }
    }

    /// What one step needs to know: step number `steps` (from 1), in epoch `epoch` (from 1).
    pub fn step(&self, epoch: usize, steps: u64) -> Step {
        let rate = self.rate * self.schedule.factor(epoch);
        let (coupled, shrink) = match self.decay {
            Decay::None => (0.0, 1.0),
            Decay::Coupled(decay) => (decay, 1.0),
            Decay::Decoupled(decay) => (0.0, 1.0 - rate * decay),
        };
        let corrections = match self.rule {
            Rule::Adam { beta1, beta2 } => {
                let power = |beta: f32| (1.0 - f64::from(beta).powf(steps as f64)) as f32;
                [power(beta1), power(beta2)]
            }
            Rule::Sgd { .. } | Rule::RmsProp { .. } => [1.0, 1.0],
        };
        Step { rule: self.rule, rate, coupled, shrink, corrections }
    }
}

/// One step of a rule: `θ ← shrink · θ − rate · change(g + coupled · θ)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The rule.
    pub rule: Rule,
    /// Learning rate now.
    pub rate: f32,
    /// Share of the parameter that joins its gradient.
    pub coupled: f32,
    /// Share of the parameter that decoupled decay leaves.
    pub shrink: f32,
    /// Adam's `1 − βᵗ` for both moments; 1 for other rules.
    pub corrections: [f32; 2],
}

/// A rule, its rate, and the state it keeps: two values of the model's own type.
#[derive(Clone, Debug)]
pub struct Optimiser<M> {
    /// Rule, rate, decay and schedule.
    pub descent: Descent,
    /// The epoch under way, from 1: what the schedule looks at.
    pub epoch: usize,
    /// Steps taken so far.
    pub steps: u64,
    /// Running mean of gradients, or velocity.
    pub first: M,
    /// Running mean of squared gradients.
    pub second: M,
}

/// Adam's ε, outside the root.
pub const ADAM_EPSILON: f32 = 1e-8;

impl<M: Parameters + Clone> Optimiser<M> {
    /// An optimiser at rest, with a constant rate and without decay.
    pub fn new(rule: Rule, rate: f32, model: &M) -> Self {
        Self::with(Descent::new(rule, rate), model)
    }

    /// An optimiser at rest.
    pub fn with(descent: Descent, model: &M) -> Self {
        let (first, second) = (model.zeros_like(), model.zeros_like());
        Self { descent, epoch: 1, steps: 0, first, second }
    }

    /// All that the next step depends on, for a snapshot: `optimiser.first.…`, `optimiser.second.…`, `optimiser.steps`.
    pub fn tensors(&self) -> Vec<Tensor> {
        let mut tensors = Tensor::list(&self.first, "optimiser.first");
        tensors.extend(Tensor::list(&self.second, "optimiser.second"));
        tensors.push(Tensor::from_u64("optimiser.steps", vec![], vec![self.steps]));
        tensors
    }

    /// Takes over what [`Optimiser::tensors`] wrote.
    ///
    /// # Errors
    /// If a tensor is missing or of another shape or type.
    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        snapshot.write_into(&mut self.first, "optimiser.first")?;
        snapshot.write_into(&mut self.second, "optimiser.second")?;
        self.steps = snapshot.u64s("optimiser.steps")?[0];
        Ok(())
    }

    /// Moves `model` one step against `gradient`, and its running averages towards what `gradient` holds of them.
    ///
    /// # Panics
    /// If a shape of the gradient is not that of the parameter.
    pub fn step(&mut self, model: &mut M, gradient: &M) {
        self.steps += 1;
        let step = self.descent.step(self.epoch, self.steps);
        let moments = self.first.params_mut().into_iter().zip(self.second.params_mut());
        for ((param, grad), (first, second)) in
            model.params_mut().into_iter().zip(gradient.params()).zip(moments)
        {
            assert_eq!(param.shape, grad.shape, "{}: {:?} against {:?}", param.name, param.shape, grad.shape);
            if let Kind::Average { momentum } = param.kind {
                let values = param.values.iter_mut().zip(grad.values);
                values.for_each(|(x, value)| *x += momentum * (value - *x));
                continue;
            }
            let state = first.values.iter_mut().zip(second.values.iter_mut());
            for ((x, &g), (m, s)) in param.values.iter_mut().zip(grad.values).zip(state) {
                let change = change(step.rule, g + step.coupled * *x, m, s, step.corrections);
                *x = step.shrink * *x - step.rate * change;
            }
        }
    }
}

/// The step for one number, before the rate; updates its two moments.
fn change(rule: Rule, g: f32, m: &mut f32, s: &mut f32, corrections: [f32; 2]) -> f32 {
    match rule {
        Rule::Sgd { momentum } => {
            *m = momentum * *m + g;
            *m
        }
        Rule::RmsProp { decay, epsilon } => {
            *s = decay * *s + (1.0 - decay) * g * g;
            g / (*s + epsilon).sqrt()
        }
        Rule::Adam { beta1, beta2 } => {
            *m = beta1 * *m + (1.0 - beta1) * g;
            *s = beta2 * *s + (1.0 - beta2) * g * g;
            (*m / corrections[0]) / ((*s / corrections[1]).sqrt() + ADAM_EPSILON)
        }
    }
}
