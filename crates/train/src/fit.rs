//! The epoch loop with an optimiser: the caller gives the gradient, the loop does the rest.

use tensor::Stream;

use crate::{
    Epoch, Fit, Observer, Optimiser, Outcome, Parameters, Snapshot, Tensor, TensorError, Trainee, epochs,
};

/// Trains `model` by mini-batches: `step` returns the mean loss over the batch and its gradient, a value of the
/// model's own type. The optimiser's state is part of every snapshot.
pub fn fit<M: Parameters + Clone>(
    model: &mut M,
    optimiser: &mut Optimiser<M>,
    samples: usize,
    plan: &Fit,
    observer: &mut dyn Observer,
    step: impl FnMut(&M, &[usize], &mut Stream) -> (f64, M),
) -> Outcome {
    epochs(&mut Fitting { model, optimiser, step }, samples, plan, observer)
}

struct Fitting<'a, M, F> {
    model: &'a mut M,
    optimiser: &'a mut Optimiser<M>,
    step: F,
}

impl<M: Parameters + Clone, F: FnMut(&M, &[usize], &mut Stream) -> (f64, M)> Trainee for Fitting<'_, M, F> {
    fn begin(&mut self, epoch: Epoch) {
        self.optimiser.epoch = epoch;
    }

    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        let (loss, gradient) = (self.step)(self.model, batch, noise);
        self.optimiser.step(self.model, &gradient);
        loss
    }

    fn non_finite(&self) -> Option<String> {
        self.model.first_non_finite()
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(self.model, "model");
        tensors.extend(self.optimiser.tensors());
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        snapshot.write_into(self.model, "model")?;
        self.optimiser.restore(snapshot)
    }
}
