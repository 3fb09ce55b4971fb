//! What fidelity says of real images, of copies, of blanks and of noise.

use quality::{Fidelity, Reference, Size};
use tensor::{Matrix, Seed};

use crate::glyphs::{CLASSES, PER_CLASS, PIXELS, draw, reference, set};

fn all() -> Vec<u8> {
    (0..CLASSES).collect()
}

/// Fidelity of samples of all classes.
fn of(reference: &Reference, samples: &[f32]) -> Fidelity {
    let floor = reference.floor_for(&all(), samples.len() / PIXELS);
    Fidelity::of(&reference.score(samples, &all()), &floor)
}

/// `count` fresh images of characters at random.
fn fresh(count: usize, seed: u64) -> Vec<f32> {
    let mut noise = Seed::new(seed).stream();
    (0..count).flat_map(|_| draw(noise.below(usize::from(CLASSES)) as u8, 1, &mut noise)).collect()
}

#[test]
fn real_images_score_about_one_whatever_their_number() {
    let reference = reference();
    for count in [20, 40, 200] {
        let found: Vec<f64> = (0..20).map(|seed| of(&reference, &fresh(count, 300 + seed)).all()).collect();
        let mean = found.iter().sum::<f64>() / 20.0;
        let noise = reference.noise(&all(), count);
        // The noise is that of one set; the mean of real sets lies below 1 by no more than that and what the cap takes.
        assert!(mean > 1.0 - noise - 0.05, "{count}: {mean}, noise {noise}");
    }
}

#[test]
fn more_samples_have_less_noise() {
    let reference = reference();
    let [few, some, many] = [20, 40, 200].map(|count| reference.noise(&all(), count));
    assert!(few > many && some > many && many < 0.1, "{few} {some} {many}");
}

#[test]
fn copies_of_one_image_lose_diversity_and_are_counted_as_copies() {
    let (images, _) = set(PER_CLASS, 1);
    let reference = reference();
    let one = images[4 * PER_CLASS * PIXELS..][..PIXELS].repeat(40);
    let (scores, own) = (reference.score(&one, &[4]), of(&reference, &one));
    assert_eq!((scores.copies, scores.diversity), (1.0, 0.0));
    assert_eq!((own.diversity, own.all()), (0.0, 0.0));
    assert_eq!(reference.score(&fresh(40, 5), &all()).copies, 0.0);
}

#[test]
fn blanks_and_blocks_score_nothing() {
    let reference = reference();
    for ink in [0.0, 1.0] {
        assert_eq!(of(&reference, &vec![ink; 40 * PIXELS]).all(), 0.0, "ink {ink}");
    }
}

#[test]
fn the_order_of_samples_does_not_change_fidelity() {
    let (reference, samples) = (reference(), fresh(40, 8));
    let order = Seed::new(3).stream().permutation(40);
    let permuted: Vec<f32> = order.iter().flat_map(|&i| samples[i * PIXELS..][..PIXELS].to_vec()).collect();
    assert_eq!(of(&reference, &samples), of(&reference, &permuted));
}

/// Vertical bars of three pixels, the place of which is the class, with one end or the other cut: strokes, which the drawn
/// templates are not.
fn bars() -> (Reference, Vec<f32>) {
    let bar = |class: usize, cut: usize| -> Vec<f32> {
        let on = |y: usize, x: usize| y >= cut && y < 20 - cut / 2 && (4 * class..4 * class + 3).contains(&x);
        (0..320).map(|at| f32::from(u8::from(on(at / 16, at % 16)))).collect()
    };
    let images: Vec<f32> = (0..4).flat_map(|class| (0..8).flat_map(move |cut| bar(class, cut))).collect();
    let labels: Vec<u8> = (0..4).flat_map(|class| [class; 8]).collect();
    let size = Size { height: 20, width: 16 };
    (Reference::new(&images, &labels, size, Seed::new(2)), images)
}

/// Fidelity of bars.
fn of_bars(reference: &Reference, samples: &[f32]) -> Fidelity {
    let classes = [0, 1, 2, 3];
    Fidelity::of(&reference.score(samples, &classes), &reference.floor_for(&classes, samples.len() / 320))
}

#[test]
fn a_blank_among_good_samples_costs_its_share() {
    let (reference, good) = bars();
    let mut spoilt = good.clone();
    spoilt[3 * 320..][..320].fill(0.0);
    let lost = of_bars(&reference, &good).cleanness - of_bars(&reference, &spoilt).cleanness;
    // One of 32 samples, none of which has less than nine tenths of the cleanness of the others.
    assert!(lost > 0.9 / 32.0 && lost < 1.1 / 32.0, "{lost}");
}

#[test]
fn coins_score_near_nothing_and_mean_noise_is_far_from_every_image() {
    let (reference, images) = bars();
    let mean: Vec<f32> = (0..320)
        .map(|pixel| images.chunks_exact(320).map(|image| image[pixel]).sum::<f32>() / 32.0)
        .collect();
    let draw = |chances: &[f32]| {
        let mut noise = Matrix::from_fn(320, 40, |pixel, _| chances[pixel]);
        Seed::new(7).stream().bernoulli(&mut noise);
        of_bars(&reference, noise.as_slice())
    };
    let (coins, mean) = (draw(&[0.5; 320]), draw(&mean));
    assert!(coins.all() < 0.1, "{coins:?}");
    // Fidelity does not look at nearness: what is mean noise of little ink shows there alone.
    assert!(mean.nearness < 0.2, "{mean:?}");
}
