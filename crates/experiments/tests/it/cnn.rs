//! Convolutional networks: which points experiments share, what is seen in filters, and what the claims make of curves.

use engine::{Evidence, Profile, Row, Verdict};
use experiments::cnn::claims::{about, settled, sooner};
use experiments::cnn::look::{correlations, roughness};
use experiments::networks::{Architecture, Learner};
use feedforward::{Convolution, Init, Maps, Sliding};
use tensor::Seed;
use train::Parameters;

use crate::support::{experiment, jobs, plan, settings};

/// The network by gradient descent on 12 000 images is trained once for three experiments, that on all of them for two.
#[test]
fn networks_are_shared_between_experiments() {
    let keys = |id: &str| -> Vec<String> {
        let points = plan(experiment(id), &settings(Profile::Smoke, &[]));
        points.iter().map(|point| point.key.as_str().to_owned()).collect()
    };
    let [sgd, momentum, rmsprop] =
        ["mnist-cnn-sgd:cnn-sdae", "mnist-cnn-momentum:cnn-sdae", "mnist-cnn-rmsprop:cnn-sdae"].map(keys);
    let shared = |a: &[String], b: &[String]| a.iter().filter(|key| b.contains(key)).count();
    assert_eq!([sgd.len(), momentum.len(), rmsprop.len()], [4, 8, 12]);
    // A network and the look into it.
    assert_eq!(shared(&sgd, &momentum), 2);
    assert_eq!(shared(&sgd, &rmsprop), 4);
    assert_eq!(shared(&momentum, &rmsprop), 6);
}

#[test]
fn paper_is_what_the_report_says() {
    let points = plan(experiment("mnist-cnn-rmsprop:cnn-sdae"), &settings(Profile::Paper, &[]));
    for (_, job) in jobs::<Learner>(&points) {
        assert_eq!((job.batch, job.epochs), (128, 100), "{job:?}");
        assert_eq!(job.architecture, Architecture::classic());
    }
}

/// 15 · 81 · 400 + 20 · 15 · 25 · 36 + 180 · 100 + 100 · 10.
#[test]
fn multiply_adds_are_those_of_the_sizes_in_the_report() {
    assert_eq!(Architecture::classic().multiply_adds(784), 775_000.0);
    let perceptron = Architecture::Perceptron { hidden: vec![900, 625], init: Init::Glorot };
    assert_eq!(perceptron.multiply_adds(784), (784 * 900 + 900 * 625 + 6250) as f64);
}

fn layer(weight: impl Fn(usize) -> f32) -> Convolution {
    let image = Maps { channels: 1, height: 28, width: 28 };
    let mut layer = Convolution::new(image, 15, Sliding::square(9), Init::Uniform, Seed::new(1)).unwrap();
    let mut params = layer.params_mut();
    params[0].values.iter_mut().enumerate().for_each(|(i, w)| *w = weight(i));
    drop(params);
    layer
}

/// Of independent normal weights `E|a − b| / E|a| = √2`; a slope of one in each direction over a mean of eight has `1 / 8`.
#[test]
fn roughness_is_that_of_white_noise_and_of_a_slope() {
    let mut weights = tensor::Matrix::zeros(81, 15);
    Seed::new(2).stream().normal(&mut weights, 0.3);
    let white = roughness(&layer(|i| weights.as_slice()[i]));
    // Of 2160 differences, each with a deviation of three quarters of its mean, the mean is known to 1.6 %: three of these.
    assert!((white - 2f64.sqrt()).abs() < 0.08, "{white}");
    let slope = roughness(&layer(|i| (i % 81 / 9 + i % 81 % 9) as f32));
    assert!((slope - 1.0 / 8.0).abs() < 1e-6, "{slope}");
    assert_eq!(roughness(&layer(|_| 0.7)), 0.0);
}

#[test]
fn a_filter_correlates_best_with_its_own_picture() {
    let shape = |i: usize| if i % 81 / 9 == 4 { 1.0 } else { 0.1 };
    let mut image = vec![0.0_f32; 784];
    for i in 0..81 {
        image[(10 + i / 9) * 28 + 3 + i % 9] = 0.5 * shape(i);
    }
    assert!(correlations(&layer(shape), &image).iter().all(|best| (best - 1.0).abs() < 1e-6));
    assert_eq!(correlations(&layer(shape), &[0.0; 784]), vec![0.0; 15]);
}

/// Accuracies of networks, epoch by epoch, of two seeds.
fn curves(of: &[(&str, [f64; 6])]) -> Evidence {
    let mut evidence = Evidence::default();
    for (network, curve) in of {
        for (seed, (i, value)) in (1..=2).flat_map(|seed| curve.iter().enumerate().map(move |x| (seed, x))) {
            let columns =
                [("network", (*network).to_owned()), ("data", "d".to_owned()), ("seed", format!("{seed}"))];
            let columns = columns.map(|(name, text)| (name.to_owned(), text)).to_vec();
            let metric = "accuracy_test".to_owned();
            evidence.rows.push(Row { columns, epoch: Some(i + 1), metric, value: *value });
        }
    }
    evidence
}

#[test]
fn who_reaches_an_accuracy_sooner_is_told_by_epochs() {
    let evidence = curves(&[
        ("fast", [0.9, 0.98, 0.99, 0.99, 0.99, 0.99]),
        ("slow", [0.8, 0.9, 0.95, 0.96, 0.98, 0.981]),
        ("never", [0.1; 6]),
    ]);
    let verdict = |a, b, share| sooner(&evidence, [a, b], "d", (0.97, share)).verdict;
    assert_eq!(verdict("fast", "slow", 0.5), Verdict::Reproduced);
    assert_eq!(verdict("fast", "slow", 0.3), Verdict::NotReproduced);
    assert_eq!(verdict("slow", "fast", 1.0), Verdict::NotReproduced);
    assert_eq!(verdict("slow", "never", 0.5), Verdict::Reproduced);
    assert_eq!(verdict("never", "slow", 0.5), Verdict::NotReproduced);
    assert_eq!(verdict("never", "never", 0.5), Verdict::CannotTell);
    assert_eq!(about(&evidence, "fast", "d", (0.97, 4)).verdict, Verdict::Reproduced);
    assert_eq!(about(&evidence, "slow", "d", (0.97, 2)).verdict, Verdict::NotReproduced);
    assert_eq!(settled(&evidence, "fast", "d", 3).verdict, Verdict::Reproduced);
    assert_eq!(settled(&evidence, "slow", "d", 3).verdict, Verdict::NotReproduced);
    assert_eq!(settled(&evidence, "slow", "d", 60).verdict, Verdict::CannotTell);
}
