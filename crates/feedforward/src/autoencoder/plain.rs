//! Training by the equations, for tied and untied weights alike; the oracle of the fast code.

use std::sync::Arc;

use tensor::layers::Sparse;
use tensor::{Matrix, Stream};
use train::{Descent, Epoch, Optimiser, Parameters, Snapshot, Tensor, TensorError, Trainee};

use super::course::Course;
use super::{Autoencoder, Denoising, Stack};

/// One layer of a stack under descent, its gradient from [`Stack::gradient`].
pub(super) struct PlainDenoiser {
    stack: Stack,
    layer: usize,
    images: Arc<Sparse>,
    denoising: Denoising,
    optimiser: Optimiser<Autoencoder>,
    course: Course,
}

impl PlainDenoiser {
    pub fn new(
        stack: Stack,
        layer: usize,
        images: Arc<Sparse>,
        denoising: Denoising,
        descent: Descent,
    ) -> Self {
        let optimiser = Optimiser::with(descent, &stack.layers()[layer]);
        Self { stack, layer, images, denoising, optimiser, course: Course::new(descent) }
    }

    pub fn autoencoder(&self) -> &Autoencoder {
        &self.stack.layers()[self.layer]
    }
}

impl Trainee for PlainDenoiser {
    fn begin(&mut self, epoch: Epoch) {
        self.optimiser.epoch = epoch;
        self.course.begin(epoch);
    }

    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        let mut x = Matrix::zeros(self.images.rows(), batch.len());
        for (s, &j) in batch.iter().enumerate() {
            let column = x.column_mut(s);
            self.images.column(j).iter().for_each(|&(v, value)| column[v as usize] = value);
        }
        let (cost, gradient) = self.stack.gradient(self.layer, &x, &self.denoising, noise);
        self.optimiser.step(self.stack.layer_mut(self.layer), &gradient);
        self.course.add(cost, batch.len());
        cost.total()
    }

    fn non_finite(&self) -> Option<String> {
        self.autoencoder().first_non_finite()
    }

    fn measure(&mut self, _: usize, metrics: &mut Vec<(&'static str, f64)>) {
        self.course.measure(metrics);
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(self.autoencoder(), "model");
        tensors.extend(self.optimiser.tensors());
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        let mut optimiser = self.optimiser.clone();
        optimiser.restore(snapshot)?;
        snapshot.write_into(self.stack.layer_mut(self.layer), "model")?;
        self.optimiser = optimiser;
        Ok(())
    }
}
