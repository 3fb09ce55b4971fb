//! Update rules: plain and heavy-ball gradient descent, RMSProp, Adam.

use crate::{Parameters, Snapshot, Tensor, TensorError};

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

/// A rule, its rate, and the state it keeps: two values of the model's own type.
#[derive(Clone, Debug)]
pub struct Optimiser<M> {
    /// The rule.
    pub rule: Rule,
    /// Learning rate.
    pub rate: f32,
    /// Steps taken so far.
    pub steps: u64,
    /// Running mean of gradients, or velocity.
    pub first: M,
    /// Running mean of squared gradients.
    pub second: M,
}

const ADAM_EPSILON: f32 = 1e-8;

impl<M: Parameters + Clone> Optimiser<M> {
    /// An optimiser at rest.
    pub fn new(rule: Rule, rate: f32, model: &M) -> Self {
        Self { rule, rate, steps: 0, first: model.zeros_like(), second: model.zeros_like() }
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

    /// Moves `model` one step against `gradient`.
    pub fn step(&mut self, model: &mut M, gradient: &M) {
        self.steps += 1;
        let (rule, rate) = (self.rule, self.rate);
        let corrections = match rule {
            Rule::Adam { beta1, beta2 } => {
                let power = |beta: f32| (1.0 - f64::from(beta).powf(self.steps as f64)) as f32;
                (power(beta1), power(beta2))
            }
            Rule::Sgd { .. } | Rule::RmsProp { .. } => (1.0, 1.0),
        };
        let moments = self.first.params_mut().into_iter().zip(self.second.params_mut());
        for ((param, grad), (first, second)) in
            model.params_mut().into_iter().zip(gradient.params()).zip(moments)
        {
            assert_eq!(param.shape, grad.shape, "{}: {:?} against {:?}", param.name, param.shape, grad.shape);
            let state = first.values.iter_mut().zip(second.values.iter_mut());
            for ((x, &g), (m, s)) in param.values.iter_mut().zip(grad.values).zip(state) {
                *x -= rate * change(rule, g, m, s, corrections);
            }
        }
    }
}

/// The step for one number, before the rate; updates its two moments.
fn change(rule: Rule, g: f32, m: &mut f32, s: &mut f32, corrections: (f32, f32)) -> f32 {
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
            (*m / corrections.0) / ((*s / corrections.1).sqrt() + ADAM_EPSILON)
        }
    }
}
