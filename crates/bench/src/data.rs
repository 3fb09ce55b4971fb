//! What is learnt: the published digits and letters, or noise of the same density.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use datasets::Images;
use fetch::{self as data, Network, Policy};
use tensor::binary::Spikes;
use tensor::layers::Sparse;
use tensor::{Matrix, Seed};

/// A pixel above this is on.
const THRESHOLD: u8 = 127;
/// Share of the pixels that are on, of the digits and of the letters.
const DIGITS_DENSITY: f32 = 0.13;
const LETTERS_DENSITY: f32 = 0.42;
/// Share of the digits' greys that are not zero.
const GREY_DENSITY: f32 = 0.19;
/// Samples of noise in place of the digits.
const NOISE: usize = 10_000;
/// The character that comes first, as in the peers: all of its examples, then those of the next.
const FIRST: &str = "A";

/// Binary columns, and where they come from.
#[derive(Clone, Debug)]
pub struct Samples {
    /// Features × samples.
    pub spikes: Spikes,
    /// `real` or `drawn`.
    pub source: &'static str,
}

/// MNIST's training digits, 784 × n, from `folder`; noise without one.
///
/// # Errors
/// If the files are not in the folder, or wrong.
pub fn digits(folder: Option<&Path>) -> Result<Samples> {
    let Some(folder) = folder else { return Ok(noise(784, NOISE, DIGITS_DENSITY)) };
    let images = data::load_mnist(&options(folder))?.train.binarised(THRESHOLD);
    let order: Vec<usize> = (0..images.len()).collect();
    Ok(Samples { spikes: spikes(&images, &order), source: "real" })
}

/// The first `count` of MNIST's training digits as greys in [0, 1], with their labels, from `folder`; noise without one.
///
/// # Errors
/// If the files are not in the folder, or wrong.
pub fn labelled(
    folder: Option<&Path>,
    count: usize,
) -> Result<(Arc<feedforward::fast::Samples>, &'static str)> {
    let mut samples = feedforward::fast::Samples { images: Sparse::new(784), labels: Vec::new() };
    let Some(folder) = folder else {
        let mut greys = Matrix::zeros(784, count.min(NOISE));
        Seed::new(1).stream().uniform(&mut greys);
        greys.as_mut_slice().iter_mut().for_each(|x| *x = (1.0 - (1.0 - *x) / GREY_DENSITY).max(0.0));
        samples.labels = (0..greys.cols()).map(|j| (j % 10) as u8).collect();
        samples.images = Sparse::from_matrix(&greys);
        return Ok((Arc::new(samples), "drawn"));
    };
    let images = data::load_mnist(&options(folder))?.train;
    for i in 0..count.min(images.len()) {
        let greys: Vec<f32> = images.image(i).iter().map(|&pixel| f32::from(pixel) / 255.0).collect();
        samples.images.push(&greys);
        samples.labels.push(images.labels[i]);
    }
    Ok((Arc::new(samples), "real"))
}

/// The first `count` letters from 'A' on, 320 × count, from `folder`; noise without one.
///
/// # Errors
/// If the file is not in the folder, or wrong.
pub fn letters(folder: Option<&Path>, count: usize) -> Result<Samples> {
    let Some(folder) = folder else { return Ok(noise(320, count, LETTERS_DENSITY)) };
    let images = data::load_alphadigits(&options(folder))?.images;
    Ok(Samples { spikes: spikes(&images, &from_a(&images)[..count.min(images.len())]), source: "real" })
}

/// All images, class by class from 'A' to 'Z', then those of the classes before 'A'.
pub fn from_a(images: &Images) -> Vec<usize> {
    let mut order: Vec<usize> = (0..images.len()).collect();
    let first = images.label_of(FIRST).unwrap_or(0);
    order.sort_by_key(|&i| (images.labels[i] < first, images.labels[i], i));
    order
}

/// Columns that are on where a coin of this density falls so.
pub fn noise(rows: usize, count: usize, density: f32) -> Samples {
    let mut states = Matrix::from_fn(rows, count, |_, _| density);
    Seed::new(1).stream().bernoulli(&mut states);
    Samples { spikes: Spikes::from_matrix(&states), source: "drawn" }
}

fn options(folder: &Path) -> data::Options {
    data::Options {
        policy: Policy::Real,
        network: Network::Off,
        data_dir: Some(folder.to_owned()),
        ..data::Options::from_environment()
    }
}

fn spikes(images: &Images, order: &[usize]) -> Spikes {
    let mut spikes = Spikes::new(images.features());
    for &i in order {
        let image = images.image(i);
        spikes.push((0..image.len() as u32).filter(|&pixel| image[pixel as usize] != 0));
    }
    spikes
}
