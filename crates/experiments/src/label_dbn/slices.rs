//! Training that is counted in mini-batches: the loop's epoch becomes a slice of a few of them.
//!
//! The report stops after so many mini-batches, which is seldom a whole number of passes over its images. Here a pass is an
//! order of all images, drawn from the seed and the number of the pass; passes follow each other without a gap, and a slice
//! takes the next [`SLICE`] mini-batches. What a slice learns from follows from its number alone, so that training that was
//! stopped goes on with the same bits.

use tensor::{Seed, Stream};
use train::{Epoch, Snapshot, TensorError, Trainee};

/// Mini-batches in a slice: what the report calls an iteration is one of them.
pub const SLICE: usize = 10;

/// A trainee whose epochs are slices of passes over its images.
pub struct Sliced<'a, T> {
    trainee: &'a mut T,
    images: usize,
    batch: usize,
    seed: Seed,
    /// The images of the slice under way.
    slice: Vec<usize>,
}

impl<'a, T> Sliced<'a, T> {
    /// Slices of passes over so many images, in mini-batches of `batch`.
    pub fn new(trainee: &'a mut T, images: usize, batch: usize, seed: Seed) -> Self {
        Self { trainee, images, batch, seed, slice: Vec::new() }
    }

    /// What the loop takes for the number of samples.
    pub fn samples(&self) -> usize {
        SLICE * self.batch
    }
}

/// The images of slice `number`, from 1: those of the passes one after another from `(number − 1) · samples` on.
///
/// # Panics
/// If there are no images.
pub fn slice(number: usize, samples: usize, images: usize, seed: Seed) -> Vec<usize> {
    assert!(images > 0, "no images to slice");
    let (begin, mut taken) = ((number - 1) * samples, Vec::with_capacity(samples));
    while taken.len() < samples {
        let (pass, place) = ((begin + taken.len()) / images, (begin + taken.len()) % images);
        let order = seed.child("pass", pass as u64).stream().permutation(images);
        taken.extend(order[place..].iter().take(samples - taken.len()));
    }
    taken
}

impl<T: Trainee> Trainee for Sliced<'_, T> {
    fn begin(&mut self, epoch: Epoch) {
        self.slice = slice(epoch.number, self.samples(), self.images, self.seed);
        self.trainee.begin(epoch);
    }

    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        let images: Vec<usize> = batch.iter().map(|&place| self.slice[place]).collect();
        self.trainee.step(&images, noise)
    }

    fn non_finite(&self) -> Option<String> {
        self.trainee.non_finite()
    }

    fn snapshot(&self) -> Snapshot {
        self.trainee.snapshot()
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        self.trainee.restore(snapshot)
    }
}
