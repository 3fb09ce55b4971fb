//! The arithmetic of games between generators and critics: sizes, ways through latent space, curves, likeness.

use experiments::adversarial::curves::{moments, second_half, settles, smooth};
use experiments::adversarial::{Players, circle, likeliest, look, pairs};
use feedforward::{Activation, Init, Network};
use tensor::{Matrix, Seed};

/// Epsilon of what is computed in `f64` from numbers of about one.
const EXACT: f64 = 1e-12;

#[test]
fn multiply_adds_are_those_of_every_layer() {
    let players = Players::Multilayer {
        generator: vec![100, 256, 512],
        critic: vec![512, 256],
        activation: Activation::Relu,
    };
    let [generator, critic] = players.multiply_adds(784);
    assert_eq!(generator, (100 * 256 + 256 * 512 + 512 * 784) as f64);
    assert_eq!(critic, (784 * 512 + 512 * 256 + 256) as f64);
    // A filter of 4 × 4 for each pair of maps, at each place of the smaller ones.
    let [generator, critic] = Players::Convolutional { latent: 100, maps: [64, 32] }.multiply_adds(784);
    let filters = 16 * (64 * 32 * 49 + 32 * 196);
    assert_eq!((generator, critic), ((100 * 64 * 49 + filters) as f64, (filters + 64 * 49) as f64));
}

#[test]
fn a_way_keeps_the_length_of_its_ends_and_turns_evenly() {
    let mut ends = Matrix::zeros(100, 2);
    Seed::new(5).stream().normal(&mut ends, 1.0);
    let length = |x: &[f32]| x.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
    let (a, b) = (ends.column(0), ends.column(1));
    let scaled: Vec<f32> = b.iter().map(|x| (f64::from(*x) * length(a) / length(b)) as f32).collect();
    let way = circle(a, &scaled, 9);
    assert!(way.column(0).iter().zip(a).all(|(x, a)| (x - a).abs() < 1e-6));
    assert!(way.column(8).iter().zip(&scaled).all(|(x, b)| (x - b).abs() < 1e-6));
    let angle = |x: &[f32], y: &[f32]| {
        let dot: f64 = x.iter().zip(y).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum();
        (dot / length(x) / length(y)).acos()
    };
    let whole = angle(a, &scaled);
    for j in 0..8 {
        // Columns are rounded to f32, whose epsilon is 6e-8.
        assert!((length(way.column(j)) - length(a)).abs() < 1e-5);
        assert!((angle(way.column(j), way.column(j + 1)) - whole / 8.0).abs() < 1e-5);
    }
    // Where there is no circle, a straight line.
    assert_eq!(circle(&[0.0, 0.0], &[2.0, 4.0], 3).column(1), [1.0, 2.0]);
    assert_eq!(circle(&[1.0, 1.0], &[3.0, 3.0], 3).column(1), [2.0, 2.0]);
}

#[test]
fn ways_go_between_the_surest_samples_of_two_classes_each() {
    let likely = [(3, -0.5), (1, -0.2), (3, -0.1), (7, -1.0), (1, -0.3), (9, -0.1)];
    assert_eq!(pairs(&likely, 5), [[1, 2], [3, 5]]);
    assert_eq!(pairs(&likely, 1), [[1, 2]]);
    assert_eq!(pairs(&[(4, -0.1); 5], 9), [[0, 1], [2, 3]]);
    let (class, sure) = likeliest(&[0.0, 3.0, 0.0, 3.0 - 3.0]);
    assert_eq!(class, 1);
    assert!((sure - (3.0 - (3.0_f64.exp() + 3.0).ln())).abs() < EXACT);
}

#[test]
fn numbers_of_a_curve() {
    assert_eq!(moments(&[1.0, 3.0]), [2.0, 2.0_f64.sqrt()]);
    assert_eq!(moments(&[5.0]), [5.0, 0.0]);
    assert_eq!(second_half(&[9.0, 9.0, 1.0, 1.0, 1.0]), [1.0, 0.0]);
    assert_eq!(smooth(&[4.0, 2.0, 0.0, 0.0], 2), [4.0, 3.0, 1.0, 0.0]);
    // Falls for ten points and stays: the mean of three is the last value from the thirteenth on.
    let falls = |i: usize| 10.0 - i.min(10) as f64;
    let curve: Vec<f64> = (0..40).map(falls).collect();
    assert_eq!(settles(&curve, 3), Some(12));
    assert_eq!(settles(&curve, 1), Some(10));
    // A jump at the very end is nothing that it had settled to.
    let mut jumps = vec![1.0; 40];
    jumps[39] = 100.0;
    assert_eq!(settles(&jumps, 1), None);
    assert_eq!(settles(&[0.5; 8], 5), Some(0));
}

#[test]
fn a_copy_is_at_no_distance_and_a_picture_alone_at_that_of_the_nearest() {
    let judge = Network::mlp(&[4, 10], Activation::Relu, 0.0, Init::Uniform, Seed::new(1)).unwrap();
    let pictures = Matrix::from_vec(4, 3, vec![0., 0., 0., 0., 0., 0., 0., 0., 1., 1., 0., 0.]);
    let found = look(&judge, &pictures).unwrap();
    assert_eq!(found.nearest, [0.0, 0.0, 0.5]);
    assert_eq!(found.classes[0], found.classes[1]);
    assert!(look(&judge, &Matrix::zeros(4, 1)).is_err());
}
