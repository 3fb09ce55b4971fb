//! A trainee that leaves everything to another one, to whichever of several ways to train it has chosen, and at most looks at more after
//! every epoch.

use tensor::Stream;

use crate::{Epoch, Snapshot, TensorError, Trainee};

/// Has a trainee inside that does the work; it is a [`Trainee`] by that alone.
pub trait Delegate {
    /// Who does the work.
    fn inner(&self) -> &dyn Trainee;

    /// The same, to be set to work.
    fn inner_mut(&mut self) -> &mut dyn Trainee;

    /// Adds what it measures itself to what the one inside did. It may keep no state, since snapshots are of the one inside.
    fn measure_more(&self, _metrics: &mut Vec<(&'static str, f64)>) {}
}

impl<T: Delegate> Trainee for T {
    fn begin(&mut self, epoch: Epoch) {
        self.inner_mut().begin(epoch);
    }

    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        self.inner_mut().step(batch, noise)
    }

    fn non_finite(&self) -> Option<String> {
        self.inner().non_finite()
    }

    fn measure(&mut self, epoch: usize, metrics: &mut Vec<(&'static str, f64)>) {
        self.inner_mut().measure(epoch, metrics);
        self.measure_more(metrics);
    }

    fn finished(&self) -> bool {
        self.inner().finished()
    }

    fn snapshot(&self) -> Snapshot {
        self.inner().snapshot()
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        self.inner_mut().restore(snapshot)
    }
}
