//! The drawn digits that every lesson learns from: the same for everybody, without a file and without a network.

use datasets::{Images, mnist, standin};
use tensor::{Matrix, Seed};

/// Drawn digits, ready to learn from.
#[derive(Clone, Debug)]
pub struct Digits {
    /// Images to learn from, 784 × images, in [0, 1].
    pub train: Matrix,
    /// Their classes, 0 to 9.
    pub train_labels: Vec<u8>,
    /// Images to be judged by.
    pub test: Matrix,
    /// Their classes.
    pub test_labels: Vec<u8>,
}

impl Digits {
    /// So many drawn images to learn from, and so many others.
    ///
    /// # Panics
    /// If one of both numbers is 0.
    pub fn drawn(train: usize, test: usize, seed: Seed) -> Self {
        let files = standin::mnist(seed, train, test);
        let half = |images: &[u8], labels: &[u8]| {
            mnist::parse(images, "drawn images", labels, "drawn labels")
                .expect("drawn digits have MNIST's form")
        };
        let train = half(&files.train_images, &files.train_labels);
        let test = half(&files.test_images, &files.test_labels);
        let matrix = |images: &Images| images.to_matrix(&(0..images.len()).collect::<Vec<_>>());
        Self {
            train: matrix(&train),
            train_labels: train.labels,
            test: matrix(&test),
            test_labels: test.labels,
        }
    }

    /// The images to learn from in black and white: a pixel is on from 0.5.
    pub fn black_and_white(&self) -> Matrix {
        let mut images = self.train.clone();
        images.as_mut_slice().iter_mut().for_each(|x| *x = f32::from(u8::from(*x >= 0.5)));
        images
    }
}
