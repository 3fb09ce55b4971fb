//! The network with labels: slices of passes, strokes of filters, likeness of pictures, and what experiments share.

use std::collections::BTreeSet;

use engine::Profile;
use experiments::label_dbn::nearest::Nearest;
use experiments::label_dbn::network::Labelled;
use experiments::label_dbn::slices::slice;
use experiments::label_dbn::strokes::{CLEAR, smoothness, stroke};
use experiments::label_dbn::train::{Bottom, Upper};
use tensor::{Matrix, Seed};

use crate::support::{experiment, jobs, plan, settings};

#[test]
fn slices_one_after_another_are_whole_passes() {
    let (images, samples, seed) = (12, 5, Seed::new(3));
    let all: Vec<usize> = (1..=12).flat_map(|number| slice(number, samples, images, seed)).collect();
    for pass in all.chunks(images) {
        let seen: BTreeSet<usize> = pass.iter().copied().collect();
        assert_eq!(seen.len(), images);
    }
    assert_ne!(all[..images], all[images..2 * images], "every pass has an order of its own");
}

/// More samples than images: a slice then holds several passes.
#[test]
fn a_slice_may_be_longer_than_a_pass() {
    let taken = slice(2, 10, 4, Seed::new(1));
    let counts: Vec<usize> = (0..4).map(|image| taken.iter().filter(|own| **own == image).count()).collect();
    assert_eq!(taken.len(), 10);
    assert!(counts.iter().all(|count| (2..=3).contains(count)), "{counts:?}");
}

fn noise(seed: u64) -> Vec<f32> {
    let mut filter = Matrix::zeros(784, 1);
    Seed::new(seed).stream().normal(&mut filter, 0.01);
    filter.into_vec()
}

#[test]
fn noise_has_no_clear_stroke_and_no_smoothness() {
    for seed in 0..200 {
        let filter = noise(seed);
        let share = stroke(&filter, 28);
        assert!(share < CLEAR, "seed {seed}: {share}");
        // 1512 pairs: a standard deviation of about 0.026, five of which are 0.13.
        assert!(smoothness(&filter, 28).abs() < 0.13);
    }
}

#[test]
fn a_bar_in_noise_is_a_clear_stroke() {
    let mut filter = noise(1);
    for row in 5..20 {
        filter[28 * row + 14] = 0.1;
        filter[28 * row + 15] = 0.1;
    }
    // 30 pixels of 0.01 against 754 of about 0.0001.
    assert!((stroke(&filter, 28) - 0.8).abs() < 0.05);
}

/// Sides join, corners, signs and the ends of rows do not.
#[test]
fn strokes_hang_together_by_sides_and_signs() {
    let joined = [1.0, 1.0, 0.0, 0.0];
    assert!((stroke(&joined, 2) - 1.0).abs() < 1e-12);
    for apart in [[1.0, 0.0, 0.0, 1.0], [1.0, -1.0, 0.0, 0.0]] {
        assert!((stroke(&apart, 2) - 0.5).abs() < 1e-12);
    }
    let ends = [0.0, 0.0, 1.0, 1.0, 0.0, 0.0];
    assert!((stroke(&ends, 3) - 0.5).abs() < 1e-12);
    assert!(stroke(&[0.0; 4], 2) == 0.0);
}

#[test]
fn a_ramp_is_smooth_and_a_chequerboard_is_its_opposite() {
    let ramp: Vec<f32> = (0..784).map(|pixel| (pixel % 28 + pixel / 28) as f32).collect();
    let board: Vec<f32> =
        (0..784).map(|pixel| if (pixel % 28 + pixel / 28) % 2 == 0 { 1.0 } else { -1.0 }).collect();
    assert!(smoothness(&ramp, 28) > 0.9);
    assert!((smoothness(&board, 28) + 1.0).abs() < 1e-9);
    assert!(smoothness(&[2.0; 784], 28) == 0.0);
}

#[test]
fn a_paler_picture_shows_the_same_digit() {
    let images = Matrix::from_vec(3, 2, vec![1.0, 1.0, 0.0, 0.0, 0.2, 0.2]);
    let nearest = Nearest::new(Labelled { images, labels: vec![7, 1] });
    let pictures = Matrix::from_vec(3, 2, vec![0.1, 0.1, 0.0, 0.0, 0.9, 0.8]);
    assert_eq!(nearest.labels(&pictures), [7, 1]);
    assert_eq!(nearest.agree(&pictures, &[7, 7]), [true, false]);
}

/// Of the greedy training on 6000 images there is one bottom machine a seed, and one network that is drawn from and tuned.
#[test]
fn experiments_share_what_is_trained_greedily() {
    let points = |id: &str| plan(experiment(&format!("{id}:rbm-lab")), &settings(Profile::Paper, &[]));
    let all = ["mnist-dbn-accuracy", "mnist-dbn-receptive-fields", "mnist-dbn-label-generation"];
    let bottoms = |id: &str| -> Vec<String> {
        jobs::<Bottom>(&points(id)).into_iter().map(|(point, _)| point.key.as_str().to_owned()).collect()
    };
    let own = bottoms("mnist-dbn-wake-sleep");
    assert!(!own.is_empty());
    for id in all {
        assert_eq!(bottoms(id), own, "{id}");
    }
    let networks = |id: &str| -> BTreeSet<String> {
        jobs::<Upper>(&points(id)).into_iter().map(|(point, _)| point.key.as_str().to_owned()).collect()
    };
    assert_eq!(networks("mnist-dbn-label-generation"), networks("mnist-dbn-wake-sleep"));
    assert!(networks("mnist-dbn-wake-sleep").is_subset(&networks("mnist-dbn-accuracy")));
}
