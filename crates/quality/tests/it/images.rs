//! Blur, shift, distances and principal components, against their plain twins.

use proptest::prelude::*;
use quality::{Pca, Size, pixels};
use tensor::{Matrix, Seed};

fn random(rows: usize, cols: usize, seed: u64) -> Matrix {
    let mut out = Matrix::zeros(rows, cols);
    Seed::new(seed).stream().uniform(&mut out);
    out
}

/// The pixel at row `y` and column `x`, 0 outside.
pub fn pixel(image: &[f32], size: Size, y: isize, x: isize) -> f32 {
    let inside = y >= 0 && x >= 0 && y < size.height as isize && x < size.width as isize;
    if inside { image[y as usize * size.width + x as usize] } else { 0.0 }
}

/// One pass of the 3 × 3 kernel, written out.
pub fn plain_blur(image: &[f32], size: Size) -> Vec<f32> {
    let weight = |d: isize| if d == 0 { 0.5 } else { 0.25 };
    let at = |y: isize, x: isize| -> f32 {
        (-1..2)
            .flat_map(|dy| (-1..2).map(move |dx| (dy, dx)))
            .map(|(dy, dx)| weight(dy) * weight(dx) * pixel(image, size, y + dy, x + dx))
            .sum()
    };
    let (height, width) = (size.height as isize, size.width as isize);
    (0..height).flat_map(|y| (0..width).map(move |x| (y, x))).map(|(y, x)| at(y, x)).collect()
}

proptest! {
    #[test]
    fn blur_is_the_binomial_kernel(height in 1..7_usize, width in 1..7_usize, seed in 0..1000_u64) {
        let size = Size { height, width };
        let images = random(height * width, 2, seed);
        let (once, twice) = (pixels::blur(&images, size, 1), pixels::blur(&images, size, 2));
        for j in 0..2 {
            let plain = plain_blur(images.column(j), size);
            let again = plain_blur(&plain, size);
            for (a, b) in once.column(j).iter().zip(&plain).chain(twice.column(j).iter().zip(&again)) {
                prop_assert!((a - b).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn shift_moves_and_fills_with_paper(down in -3..4_isize, right in -3..4_isize, seed in 0..1000_u64) {
        let size = Size { height: 4, width: 3 };
        let images = random(12, 1, seed);
        let moved = pixels::shift(&images, size, down, right);
        for (at, &x) in moved.column(0).iter().enumerate() {
            let (row, column) = ((at / 3) as isize, (at % 3) as isize);
            prop_assert_eq!(x, pixel(images.column(0), size, row - down, column - right));
        }
    }

    #[test]
    fn distances_are_sums_of_squares(m in 1..6_usize, n in 1..6_usize, d in 1..40_usize, seed in 0..1000_u64) {
        let (a, b) = (random(d, m, seed), random(d, n, seed + 1));
        let distances = pixels::squared_distances(&a, &b);
        for j in 0..n {
            for i in 0..m {
                let plain: f32 = a.column(i).iter().zip(b.column(j)).map(|(x, y)| (x - y).powi(2)).sum();
                // Cancellation among sums of up to 40 terms of size 1.
                prop_assert!((distances.column(j)[i] - plain).abs() < 1e-4);
            }
        }
    }
}

#[test]
fn the_nearest_image_is_at_the_share_of_differing_pixels() {
    let images = Matrix::from_vec(4, 2, vec![0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    let samples = Matrix::from_vec(4, 2, vec![0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    assert_eq!(pixels::nearest(&samples, &images, None), [0.25, 0.0]);
    assert_eq!(pixels::nearest(&samples, &images, Some(&[1, 1])), [0.25, 0.5]);
}

#[test]
fn components_keep_the_distances_of_images_that_lie_in_their_plane() {
    // Twelve images in a plane of three directions: three components carry everything.
    let (directions, coordinates) = (random(30, 3, 5), random(3, 12, 6));
    let images = Matrix::from_fn(30, 12, |i, j| {
        (0..3).map(|k| directions.column(k)[i] * coordinates.column(j)[k]).sum::<f32>()
    });
    let pca = Pca::fit(&images, 3);
    assert!((pca.explained - 1.0).abs() < 1e-9, "explained {}", pca.explained);
    let features = pca.features(&images);
    let distances = pixels::squared_distances(&images, &images);
    for i in 0..12 {
        for j in 0..12 {
            let inside: f64 = features[i].iter().zip(&features[j]).map(|(a, b)| (a - b).powi(2)).sum();
            // f32 products of values up to 3 in 30 dimensions.
            assert!((inside - f64::from(distances.column(j)[i])).abs() < 1e-3);
        }
    }
}
