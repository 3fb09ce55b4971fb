//! A small set of images to score: templates with a few flipped pixels.

use quality::{Reference, Size};
use tensor::{Matrix, Seed, Stream};

pub const SIZE: Size = Size { height: 9, width: 7 };
pub const PIXELS: usize = SIZE.height * SIZE.width;
pub const CLASSES: u8 = 10;
pub const PER_CLASS: usize = 12;

/// `count` images of `class`: its template, each pixel flipped with probability 0.12. The templates are one common
/// picture with every eighth pixel flipped, so that classes overlap as handwriting does.
pub fn draw(class: u8, count: usize, noise: &mut Stream) -> Vec<f32> {
    let mut common = Matrix::zeros(PIXELS, 1);
    Seed::new(40).stream().uniform(&mut common);
    let common: Vec<f32> = common.as_slice().iter().map(|&u| f32::from(u < 0.3)).collect();
    let template = flipped(&common, 0.125, &mut Seed::new(40).child("template", u64::from(class)).stream());
    flipped(&template.repeat(count), 0.12, noise)
}

/// Every pixel flipped with the given probability.
pub fn flipped(pixels: &[f32], probability: f32, noise: &mut Stream) -> Vec<f32> {
    let mut u = Matrix::zeros(PIXELS, pixels.len() / PIXELS);
    noise.uniform(&mut u);
    pixels.iter().zip(u.as_slice()).map(|(x, &u)| if u < probability { 1.0 - x } else { *x }).collect()
}

/// `per_class` images of every class in order, and their labels.
pub fn set(per_class: usize, seed: u64) -> (Vec<f32>, Vec<u8>) {
    let mut noise = Seed::new(seed).stream();
    let pixels = (0..CLASSES).flat_map(|c| draw(c, per_class, &mut noise)).collect();
    let labels = (0..CLASSES).flat_map(|c| vec![c; per_class]).collect();
    (pixels, labels)
}

pub fn reference() -> Reference {
    let (pixels, labels) = set(PER_CLASS, 1);
    Reference::new(&pixels, &labels, SIZE, Seed::new(2))
}
