//! A ladder under training: the epoch loop goes through all images without labels, and labelled ones come beside them.

use std::sync::Arc;

use tensor::layers::Sparse;
use tensor::{Matrix, Stream};
use train::{Descent, Epoch, Optimiser, Parameters, Snapshot, Tensor, TensorError, Trainee};

use super::{Ladder, Recipe};
use crate::fast::samples::check_greys;
use crate::{NetworkError, check_labels};

/// The images with labels, and how many of them a step sees.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// Which of all images they are.
    pub indices: Vec<usize>,
    /// One label for each of these.
    pub labels: Vec<u8>,
    /// So many in a step, drawn without replacement until all have been seen; all of them if there are fewer.
    pub batch: usize,
}

/// A ladder as a [`Trainee`]. Samples of the epoch loop are the images without labels. After each epoch `supervised` and
/// `denoising` are told apart. Snapshots have the names of [`train::fit`].
pub struct LadderTrainer {
    ladder: Ladder,
    optimiser: Optimiser<Ladder>,
    images: Arc<Sparse>,
    labelled: Labelled,
    recipe: Recipe,
    left: Vec<usize>, // labelled images that this round has not seen, by their place; begins anew with every epoch
    costs: [f64; 3],  // supervised, denoising, samples
}

impl LadderTrainer {
    /// Takes over a ladder and its data, pixels × samples.
    ///
    /// # Errors
    /// If the recipe does not fit, there is not one label below the number of classes for each labelled image, there are
    /// fewer than two of these, or a value of an image is not between 0 and 1.
    ///
    /// # Panics
    /// If images have other rows than there are inputs, or an index of a labelled image is beyond them.
    pub fn new(
        ladder: Ladder,
        images: Arc<Sparse>,
        labelled: Labelled,
        recipe: Recipe,
        descent: Descent,
    ) -> Result<Self, NetworkError> {
        let (rows, inputs, samples) = (images.rows(), ladder.width(0), images.len());
        assert_eq!(rows, inputs, "images of {rows} rows for {inputs} inputs");
        assert!(labelled.indices.iter().all(|&j| j < samples), "a label for an image beyond {samples}");
        let recipe = recipe.checked(ladder.depth())?;
        check_greys(&images)?;
        let (found, classes) = (labelled.indices.len(), ladder.scale.len());
        check_labels(&labelled.labels, found, classes)?;
        if found.min(labelled.batch) < 2 {
            // One sample has no variance.
            return Err(NetworkError::Labels { samples: 2, labels: found.min(labelled.batch) });
        }
        let optimiser = Optimiser::with(descent, &ladder);
        Ok(Self { ladder, optimiser, images, labelled, recipe, left: Vec::new(), costs: [0.0; 3] })
    }

    /// The ladder as it is now.
    pub fn ladder(&self) -> &Ladder {
        &self.ladder
    }

    /// Places of the next labelled images.
    fn next_labelled(&mut self, noise: &mut Stream) -> Vec<usize> {
        let batch = self.labelled.batch.min(self.labelled.indices.len());
        if self.left.len() < batch {
            self.left = noise.permutation(self.labelled.indices.len());
        }
        self.left.split_off(self.left.len() - batch)
    }

    fn columns(&self, indices: impl ExactSizeIterator<Item = usize>) -> Matrix {
        let mut x = Matrix::zeros(self.images.rows(), indices.len());
        for (s, j) in indices.enumerate() {
            let column = x.column_mut(s);
            self.images.column(j).iter().for_each(|&(v, value)| column[v as usize] = value);
        }
        x
    }
}

impl Trainee for LadderTrainer {
    fn begin(&mut self, epoch: Epoch) {
        self.optimiser.epoch = epoch;
        self.left.clear();
        self.costs = [0.0; 3];
    }

    /// # Panics
    /// If `batch` has fewer than two samples.
    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        let places = self.next_labelled(noise);
        let labels: Vec<u8> = places.iter().map(|&place| self.labelled.labels[place]).collect();
        let x = self.columns(places.iter().map(|&place| self.labelled.indices[place]));
        let unlabelled = self.columns(batch.iter().copied());
        let (cost, gradient) = self.ladder.gradient((&x, &labels), &unlabelled, &self.recipe, noise);
        self.optimiser.step(&mut self.ladder, &gradient);
        let n = batch.len() as f64;
        self.costs[0] += cost.supervised * n;
        self.costs[1] += (cost.total() - cost.supervised) * n;
        self.costs[2] += n;
        cost.total()
    }

    fn non_finite(&self) -> Option<String> {
        self.ladder.first_non_finite()
    }

    fn measure(&mut self, _: usize, metrics: &mut Vec<(&'static str, f64)>) {
        let [supervised, denoising, n] = self.costs;
        metrics.extend([("supervised", supervised / n), ("denoising", denoising / n)]);
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(&self.ladder, "model");
        tensors.extend(self.optimiser.tensors());
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        let mut optimiser = self.optimiser.clone();
        optimiser.restore(snapshot)?;
        snapshot.write_into(&mut self.ladder, "model")?;
        self.optimiser = optimiser;
        Ok(())
    }
}
