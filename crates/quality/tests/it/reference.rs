//! The class scorer: a posterior, by its formula, under leave-one-out, and with classes that are the same images.

use quality::{Reference, Shifts, pixels};
use tensor::{Matrix, Seed};

use crate::glyphs::{CLASSES, PER_CLASS, PIXELS, SIZE, reference, set};
use crate::images::plain_blur;

#[test]
fn posteriors_sum_to_one() {
    let (samples, _) = set(3, 9);
    let reference = reference();
    let blank = vec![0.0; PIXELS];
    for p in reference.posterior(&samples).iter().chain(&reference.posterior(&blank)) {
        assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12 && p.iter().all(|&p| (0.0..=1.0).contains(&p)));
    }
}

/// p(class | sample) by the formula, every loop written out; `skip` is the image that the sample is.
fn plain_posterior(
    reference: &Reference,
    images: &[f32],
    labels: &[u8],
    sample: &[f32],
    skip: Option<usize>,
) -> Vec<f64> {
    let fit = reference.fit();
    let blurred = |image: &[f32]| (0..fit.blurs).fold(image.to_vec(), |x, _| plain_blur(&x, SIZE));
    let moves: &[(isize, isize)] = match fit.shifts {
        Shifts::Still => &[(0, 0)],
        Shifts::Cross => &[(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)],
    };
    let column = Matrix::from_vec(PIXELS, 1, sample.to_vec());
    let moved: Vec<Vec<f32>> =
        moves.iter().map(|&(y, x)| blurred(pixels::shift(&column, SIZE, y, x).as_slice())).collect();
    let mut density = vec![0.0; usize::from(CLASSES)];
    let mut count = vec![0.0; usize::from(CLASSES)];
    for (i, image) in images.chunks_exact(PIXELS).enumerate().filter(|&(i, _)| Some(i) != skip) {
        let image = blurred(image);
        let square =
            |m: &Vec<f32>| -> f64 { m.iter().zip(&image).map(|(a, b)| f64::from(a - b).powi(2)).sum() };
        let distance = moved.iter().map(square).fold(f64::INFINITY, f64::min);
        density[usize::from(labels[i])] += (-distance / (2.0 * fit.sigma * fit.sigma)).exp();
        count[usize::from(labels[i])] += 1.0;
    }
    density.iter_mut().zip(&count).for_each(|(d, c)| *d /= c);
    let total: f64 = density.iter().sum();
    density.iter().map(|d| d / total).collect()
}

#[test]
fn the_posterior_is_bayes_rule_on_kernel_densities() {
    let (images, labels) = set(PER_CLASS, 1);
    let (samples, _) = set(2, 9);
    let reference = reference();
    for (sample, p) in samples.chunks_exact(PIXELS).zip(reference.posterior(&samples)) {
        let plain = plain_posterior(&reference, &images, &labels, sample, None);
        // f32 distances: 1e-5 in an exponent of distance / 2σ².
        p.iter().zip(&plain).for_each(|(a, b)| assert!((a - b).abs() < 1e-4, "{a} instead of {b}"));
    }
}

#[test]
fn leave_one_out_leaves_the_image_itself_out() {
    let (images, labels) = set(PER_CLASS, 1);
    let reference = reference();
    let class = 3_u8;
    let own: Vec<usize> = (0..labels.len()).filter(|&i| labels[i] == class).collect();
    let p_own = |&i: &usize| {
        let image = &images[i * PIXELS..][..PIXELS];
        plain_posterior(&reference, &images, &labels, image, Some(i))[usize::from(class)]
    };
    let plain = own.iter().map(p_own).sum::<f64>() / own.len() as f64;
    let floor = reference.floor(&[class]);
    assert!((floor.confidence - plain).abs() < 1e-4, "{} instead of {plain}", floor.confidence);
}

#[test]
fn labels_that_mean_nothing_are_not_recognised_by_leave_one_out() {
    // Pure noise under arbitrary labels: with itself in the sums every image would be recognised.
    let mut noise = Matrix::zeros(PIXELS, 200);
    Seed::new(11).stream().uniform(&mut noise);
    let images: Vec<f32> = noise.as_slice().iter().map(|&u| f32::from(u < 0.5)).collect();
    let labels: Vec<u8> = (0..200).map(|i| (i % 5) as u8).collect();
    let reference = Reference::new(&images, &labels, SIZE, Seed::new(2));
    // Chance is 1/5; best of 48 settings on 200 images: five standard deviations of √(0.2 · 0.8 / 200) = 0.028.
    assert!(reference.fit().accuracy < 0.34, "accuracy {}", reference.fit().accuracy);
    let floor = reference.floor(&[0, 1, 2, 3, 4]);
    assert!((floor.confidence - 1.0).abs() < 1e-12, "all classes together are certain");
}

#[test]
fn separable_classes_are_told_apart() {
    let reference = reference();
    assert!(reference.fit().accuracy > 0.9, "{:?}", reference.fit());
    let wrong: usize = reference.confusions().iter().map(|c| c.count).sum();
    let right = reference.fit().accuracy * (f64::from(CLASSES) * PER_CLASS as f64);
    assert!((right + wrong as f64 - f64::from(CLASSES) * PER_CLASS as f64).abs() < 1e-9);
}

#[test]
fn classes_that_are_the_same_images_are_one_character() {
    let (mut images, mut labels) = set(PER_CLASS, 1);
    let twin = CLASSES + 4;
    images.extend_from_within(..PER_CLASS * PIXELS);
    labels.extend(vec![twin; PER_CLASS]);
    let (plain, merged) = (reference(), Reference::new(&images, &labels, SIZE, Seed::new(2)));
    assert_eq!(merged.characters().len(), usize::from(CLASSES));
    assert_eq!(merged.characters()[0], [0, twin]);
    assert_eq!(merged.floor(&[0]), plain.floor(&[0]));
    assert_eq!(merged.floor(&[twin]), plain.floor(&[0]));
    assert_eq!(merged.floor(&[0, twin, 1]).n_characters, 2);
}

#[test]
fn a_single_shared_image_makes_no_character() {
    let (mut images, labels) = set(PER_CLASS, 1);
    images.copy_within(..PIXELS, PER_CLASS * PIXELS);
    let reference = Reference::new(&images, &labels, SIZE, Seed::new(2));
    assert_eq!(reference.characters().len(), usize::from(CLASSES));
}
