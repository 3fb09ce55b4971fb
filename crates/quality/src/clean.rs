//! How clean an image is: few pixels that stand alone, and as much ink as real images have.
//!
//! A pixel *stands alone* when it differs from at least three of its four neighbours; paper lies outside of the picture. Real
//! strokes have few such pixels. Pure noise, on and off with probability one half, has the share
//! `Σ_{k ≥ 3} C(4, k) / 2⁴ = 5/16`. Cleanness is 1 at the share of real images and falls linearly to 0 at that of noise; it
//! is 0 for an image with less or more ink than real ones: a blank, a black block.

use tensor::Matrix;

use crate::pixels::Size;

/// Share of pixels that stand alone in pure noise.
const NOISE: f64 = 5.0 / 16.0;
/// Neighbours that differ from a pixel that stands alone, at least.
const ALONE: usize = 3;
/// By how much the ink may leave the range of real images.
const MARGIN: f64 = 0.05;

/// What real images have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Clean {
    alone: f64,
    ink: [f64; 2],
}

impl Clean {
    /// Of real images (columns).
    pub fn of(real: &Matrix, size: Size) -> Self {
        let shares: Vec<f64> = real.columns().map(|image| alone(image, size)).collect();
        let inks = real.columns().map(ink);
        let range = inks.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| [low.min(x), high.max(x)]);
        Self { alone: shares.iter().sum::<f64>() / shares.len() as f64, ink: range }
    }

    /// The cleanness of an image, at most 1.
    pub fn share(&self, image: &[f32], size: Size) -> f64 {
        let [low, high] = self.ink;
        if !(low - MARGIN..=high + MARGIN).contains(&ink(image)) {
            return 0.0;
        }
        ((NOISE - alone(image, size)) / (NOISE - self.alone).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0)
    }
}

fn ink(image: &[f32]) -> f64 {
    image.iter().map(|&x| f64::from(x)).sum::<f64>() / image.len() as f64
}

/// The share of pixels that stand alone.
fn alone(image: &[f32], Size { height, width }: Size) -> f64 {
    let on = |y: isize, x: isize| {
        let inside = (0..height as isize).contains(&y) && (0..width as isize).contains(&x);
        inside && image[y as usize * width + x as usize] > 0.5
    };
    let stands_alone = |&(y, x): &(isize, isize)| {
        let around = [(y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)];
        around.into_iter().filter(|&(v, u)| on(v, u) != on(y, x)).count() >= ALONE
    };
    let all = (0..height as isize).flat_map(|y| (0..width as isize).map(move |x| (y, x)));
    all.filter(stands_alone).count() as f64 / (height * width) as f64
}

#[cfg(test)]
mod tests {
    use tensor::Seed;

    use super::*;

    const SIZE: Size = Size { height: 20, width: 16 };

    #[test]
    fn noise_is_not_clean_and_a_stroke_is() {
        let stroke: Vec<f32> = (0..320).map(|i| f32::from(u8::from((5..8).contains(&(i % 16))))).collect();
        let real = Matrix::from_vec(320, 2, [stroke.clone(), stroke.clone()].concat());
        let clean = Clean::of(&real, SIZE);
        assert_eq!(clean.share(&stroke, SIZE), 1.0);
        let mut noise = Seed::new(1).stream();
        let scattered: Vec<f32> = (0..320).map(|_| f32::from(u8::from(noise.unit() < 0.2))).collect();
        assert!(clean.share(&scattered, SIZE) < 0.8);
        assert_eq!(clean.share(&[0.0; 320], SIZE), 0.0, "blank paper");
        assert_eq!(clean.share(&[1.0; 320], SIZE), 0.0, "a black block");
    }

    /// The mean over fair coins, within four standard deviations of the mean of 200 images.
    #[test]
    fn five_sixteenths_of_pure_noise_stand_alone() {
        let mut noise = Seed::new(2).stream();
        let size = Size { height: 40, width: 40 };
        let image = |noise: &mut tensor::Stream| -> Vec<f32> {
            (0..1600).map(|_| f32::from(u8::from(noise.unit() < 0.5))).collect()
        };
        let mean = (0..200).map(|_| alone(&image(&mut noise), size)).sum::<f64>() / 200.0;
        assert!((mean - NOISE).abs() < 4.0 * 0.47 / (200.0 * 1600.0_f64).sqrt() + 0.002, "{mean}");
    }
}
