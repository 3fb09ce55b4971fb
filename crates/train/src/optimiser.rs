//! A descent with the state that it keeps: what moves a model against its gradient.

use crate::{Descent, Epoch, Kind, Parameters, Rule, Snapshot, Tensor, TensorError};

/// A descent and its state: two values of the model's own type.
#[derive(Clone, Debug)]
pub struct Optimiser<M> {
    /// Rule, rate, decay and schedule.
    pub descent: Descent,
    /// The epoch under way: what the schedule looks at.
    pub epoch: Epoch,
    /// Steps taken so far.
    pub steps: u64,
    /// Running mean of gradients, or velocity; zero where the rule keeps none.
    pub first: M,
    /// Running mean of squared gradients; zero where the rule keeps none.
    pub second: M,
}

impl<M: Parameters + Clone> Optimiser<M> {
    /// An optimiser at rest, with a constant rate and without decay.
    pub fn new(rule: Rule, rate: f32, model: &M) -> Self {
        Self::with(Descent::new(rule, rate), model)
    }

    /// An optimiser at rest.
    pub fn with(descent: Descent, model: &M) -> Self {
        let (first, second) = (model.zeros_like(), model.zeros_like());
        Self { descent, epoch: Epoch::default(), steps: 0, first, second }
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
        let update = self.descent.update(self.epoch, self.steps);
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
            update.apply_all(param.values, grad.values, first.values, second.values);
        }
    }
}
