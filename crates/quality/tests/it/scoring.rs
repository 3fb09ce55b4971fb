//! What the scores say about copies, noise, corruption and collapse, and that nothing but the pixels matters.

use quality::{Reference, Scores};
use tensor::{Matrix, Seed, Stream};

use crate::glyphs::{CLASSES, PER_CLASS, PIXELS, SIZE, draw, flipped, reference, set};

fn all() -> Vec<u8> {
    (0..CLASSES).collect()
}

fn uniform_noise(count: usize) -> Vec<f32> {
    let mut u = Matrix::zeros(PIXELS, count);
    Seed::new(21).stream().uniform(&mut u);
    u.as_slice().iter().map(|&u| f32::from(u < 0.5)).collect()
}

#[test]
fn copies_of_training_images_lie_on_them_and_are_recognised() {
    let (images, _) = set(PER_CLASS, 1);
    let reference = reference();
    let (copies, floor) = (reference.score(&images, &all()), reference.floor(&all()));
    assert_eq!(copies.nearest_train, 0.0);
    assert!(floor.nearest_train > 0.05, "a held-out image differs: {}", floor.nearest_train);
    assert!(copies.best_confidence >= floor.best_confidence && copies.frechet < 1.2 * floor.frechet);
}

#[test]
fn fresh_images_score_like_the_floor() {
    let (fresh, _) = set(20, 77);
    let reference = reference();
    let (fresh, floor) = (reference.score(&fresh, &all()), reference.floor(&all()));
    // Deviations over seeds are about 0.03, 0.03, 0.005 of these.
    assert!((fresh.best_confidence - floor.best_confidence).abs() < 0.1, "{fresh:?} {floor:?}");
    assert!((fresh.recognised - floor.recognised).abs() < 0.1, "{fresh:?} {floor:?}");
    assert!((fresh.nearest_train - floor.nearest_train).abs() < 0.02, "{fresh:?} {floor:?}");
    assert_eq!((fresh.coverage, fresh.n_characters), (10, 10));
    assert!((fresh.entropy - 10.0_f64.ln()).abs() < 0.1, "{fresh:?}");
}

#[test]
fn the_frechet_floor_is_that_of_images_drawn_as_a_model_draws() {
    // Characters at random, not equally many of each: this is where a stratified floor would be far too low.
    let mut ratios = Vec::new();
    for seed in 0..12 {
        let (pixels, labels) = set(PER_CLASS, 100 + seed);
        let reference = Reference::new(&pixels, &labels, SIZE, Seed::new(seed));
        let mut noise = Seed::new(seed).stream();
        let fresh: Vec<f32> =
            (0..100).flat_map(|_| draw(noise.below(usize::from(CLASSES)) as u8, 1, &mut noise)).collect();
        ratios.push(reference.score(&fresh, &all()).frechet / reference.floor(&all()).frechet);
    }
    let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
    let spread = (ratios.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / 11.0 / 12.0).sqrt();
    assert!((mean - 1.0).abs() < 3.0 * spread + 0.1, "{mean} ± {spread}");
    assert!(spread < 0.1, "{ratios:?}");
}

/// A set of real images drawn at random shows fewer characters, and more unevenly, the smaller it is. That is no fault
/// of a sampler, and the floor has the same.
#[test]
fn the_variety_of_real_images_is_that_of_the_floor_of_as_many() {
    let reference = reference();
    let everything = reference.floor(&all());
    for count in [10, 20, 50, 200] {
        let (mut entropy, mut coverage) = (0.0, 0.0);
        for seed in 0..60 {
            let mut noise = Seed::new(seed).child("variety of", count).stream();
            let class = |noise: &mut Stream| noise.below(usize::from(CLASSES)) as u8;
            let fresh: Vec<f32> = (0..count).flat_map(|_| draw(class(&mut noise), 1, &mut noise)).collect();
            let scores = reference.score(&fresh, &all());
            entropy += scores.entropy / 60.0;
            coverage += scores.coverage as f64 / 60.0;
        }
        let floor = reference.floor_for(&all(), count as usize);
        // The floor's mean deviates by about 0.03, and its twelve images a class are a little harder to tell apart.
        assert!((entropy - floor.entropy).abs() < 0.1, "{count}: {entropy} against {}", floor.entropy);
        // Half of that is rounding.
        assert!((coverage - floor.coverage as f64).abs() < 1.2, "{count}: {coverage} {}", floor.coverage);
        let bias = everything.entropy - floor.entropy;
        assert!(if count == 10 { bias > 0.3 } else { bias > -0.02 }, "{count}: {bias}");
    }
}

#[test]
fn noise_scores_far_worse_than_real_images() {
    let reference = reference();
    let classes = [0, 1, 2];
    let (noise, floor) = (reference.score(&uniform_noise(100), &classes), reference.floor(&classes));
    assert!(noise.confidence < 0.6 * floor.confidence, "{noise:?} {floor:?}");
    assert!(noise.recognised < 0.6 * floor.recognised, "{noise:?} {floor:?}");
    assert!(noise.best_confidence < floor.best_confidence, "{noise:?} {floor:?}");
    assert!(noise.frechet > 1.7 * floor.frechet, "{noise:?} {floor:?}");
    assert!(noise.nearest_train > 2.0 * floor.nearest_train, "{noise:?} {floor:?}");
}

#[test]
fn corruption_makes_every_score_worse() {
    let (fresh, _) = set(20, 77);
    let reference = reference();
    let at = |p: f32| reference.score(&flipped(&fresh, p, &mut Seed::new(5).stream()), &all());
    let scores: Vec<Scores> = [0.0, 0.1, 0.25, 0.5].map(at).to_vec();
    for pair in scores.windows(2) {
        let (better, worse) = (pair[0], pair[1]);
        assert!(better.best_confidence > worse.best_confidence, "{better:?} {worse:?}");
        assert!(better.frechet < worse.frechet, "{better:?} {worse:?}");
        assert!(better.nearest_train < worse.nearest_train, "{better:?} {worse:?}");
    }
}

#[test]
fn mode_collapse_shows() {
    let (images, _) = set(PER_CLASS, 1);
    let reference = reference();
    let one_class = images[4 * PER_CLASS * PIXELS..][..PER_CLASS * PIXELS].repeat(9);
    let one_image = images[4 * PER_CLASS * PIXELS..][..PIXELS].repeat(100);
    let (class, image) = (reference.score(&one_class, &all()), reference.score(&one_image, &all()));
    for collapsed in [class, image] {
        assert_eq!((collapsed.coverage, collapsed.n_characters, collapsed.entropy), (1, 10, 0.0));
        assert!(
            collapsed.confidence > 0.99 && collapsed.recognised > 0.99,
            "confidence alone does not show it"
        );
        assert!(collapsed.frechet > 2.0 * reference.floor(&all()).frechet, "{collapsed:?}");
    }
    assert!(image.frechet > class.frechet, "one image is worse than one class");
}

#[test]
fn the_same_images_and_seed_give_the_same_bits() {
    let (samples, _) = set(5, 8);
    let (a, b) = (reference(), reference());
    assert_eq!(a.score(&samples, &all()), b.score(&samples, &all()));
    assert_eq!(a.floor(&[2, 5]), b.floor(&[2, 5]));
}

#[test]
fn the_order_of_samples_does_not_matter() {
    let (samples, labels) = set(8, 8);
    let order = Seed::new(3).stream().permutation(labels.len());
    let permuted: Vec<f32> = order.iter().flat_map(|&i| samples[i * PIXELS..][..PIXELS].to_vec()).collect();
    let reference = reference();
    assert_eq!(reference.score(&samples, &[1, 2, 3]), reference.score(&permuted, &[1, 2, 3]));
    assert_eq!(reference.score(&samples, &[1, 2, 3]), reference.score(&samples, &[3, 1, 2, 2]));
}

#[test]
fn score_and_floor_compare_equally_many_images() {
    let reference = reference();
    // Three images a class of twelve are drawn from what is held out.
    let (samples, _) = set(8, 8);
    assert_eq!(reference.floor(&[1, 2]).frechet_count, 6);
    assert_eq!(reference.score(&samples, &[1, 2]).frechet_count, 6);
    assert_eq!(reference.score(&samples[..4 * PIXELS], &[1, 2]).frechet_count, 4);
    assert_eq!(reference.floor_for(&[1, 2], 4).frechet_count, 4);
    assert!(
        reference.score(&samples[..PIXELS], &[1]).frechet.is_finite(),
        "one sample is enough for a number"
    );
}

#[test]
fn metrics_have_distinct_names() {
    let names = reference().floor(&[0]).metrics().map(|(name, _)| name);
    assert!((1..names.len()).all(|i| !names[..i].contains(&names[i])));
}

#[test]
fn a_reference_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Reference>();
}

#[test]
#[should_panic(expected = "no reference image of class 77")]
fn an_unknown_class_is_a_bug() {
    reference().floor(&[77]);
}

#[test]
#[should_panic(expected = "no whole number of images")]
fn half_an_image_is_a_bug() {
    reference().score(&vec![0.0; PIXELS + 1], &[0]);
}

#[test]
#[should_panic(expected = "finite")]
fn a_sample_that_is_not_finite_is_a_bug() {
    reference().score(&vec![f32::NAN; PIXELS], &[0]);
}

#[test]
#[should_panic(expected = "two different images")]
fn a_class_of_one_image_is_a_bug() {
    let (images, labels) = set(1, 1);
    Reference::new(&images, &labels, SIZE, Seed::new(2));
}
