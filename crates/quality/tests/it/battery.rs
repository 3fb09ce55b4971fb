//! All metrics at once: real images score like the floor, nothing but the images matters, and what is wrong is said.

use std::process::Command;

use quality::{METRICS, Measures, QualityError, Samples, Standard};
use tensor::{Matrix, Seed};

use crate::points::shuffled;
use crate::shapes::{CLASSES, Eye, draw};

fn standard(eye: &Eye) -> Standard {
    let [fitted, held_out] = [2, 3].map(|seed| eye.look(&draw(800, seed).images));
    Standard::new(fitted, held_out, CLASSES, Seed::new(4)).expect("enough real images")
}

/// Sixteen metrics, each with chance 0.0001 or so to be off by more than four deviations; the p has 0.01.
#[test]
fn fresh_images_score_like_the_floor() {
    let eye = Eye::new(draw(500, 1));
    let standard = standard(&eye);
    let floors = standard.floors(300, 20).unwrap();
    let fresh = standard.measure(&eye.look(&draw(300, 5).images)).unwrap();
    for metric in METRICS {
        let floor: Vec<f64> = floors.iter().map(metric.value).collect();
        let value = (metric.value)(&fresh);
        assert!(!metric.worse(value, &floor), "{} of {value} beside {floor:?}", metric.name);
    }
    assert_eq!(standard.floor(300).unwrap(), floors[0]);
    assert_eq!((fresh.n_samples, fresh.classes_covered, fresh.copies), (300, 10, 0.0));
}

/// Half of the held-out images beside the other half: z has variance 1. Beside all of them it would have a third of it.
#[test]
fn the_floor_of_copying_is_held_against_images_that_are_left() {
    let eye = Eye::new(draw(300, 1));
    let [fitted, held_out] = [(200, 2), (60, 3)].map(|(n, seed)| eye.look(&draw(n, seed).images));
    let standard = Standard::new(fitted, held_out, CLASSES, Seed::new(4)).unwrap();
    let floors = standard.floors(30, 200).unwrap();
    let variance = floors.iter().map(|floor| floor.copying_z.powi(2)).sum::<f64>() / 200.0;
    // Four deviations of the variance of 200 normal numbers.
    assert!((variance - 1.0).abs() < 4.0 * (2.0 / 200.0_f64).sqrt(), "{variance}");
}

#[test]
fn the_order_of_any_images_does_not_matter() {
    let eye = Eye::new(draw(300, 1));
    let images = [2, 3, 5].map(|seed| draw(120, seed).images);
    let measure = |images: [&Matrix; 3]| {
        let [fitted, held_out, samples] = images.map(|images| eye.look(images));
        let standard = Standard::new(fitted, held_out, CLASSES, Seed::new(4)).unwrap();
        (standard.measure(&samples).unwrap(), standard.floors(50, 3).unwrap())
    };
    let here = measure([&images[0], &images[1], &images[2]]);
    let [a, b, c] = [0, 1, 2].map(|i| shuffled(&images[i], 9 + i as u64));
    assert_eq!(here, measure([&a, &b, &c]));
}

fn bits(measures: &Measures) -> Vec<u64> {
    measures.metrics().map(|(_, value)| value.to_bits()).to_vec()
}

/// Enough samples for products that are cut into tiles.
#[test]
#[ignore = "run by the next test in processes of their own"]
fn tells_its_bits() {
    let eye = Eye::new(draw(1200, 1));
    println!("bits {:?}", bits(&standard(&eye).measure(&eye.look(&draw(700, 5).images)).unwrap()));
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let told = [1, 2, 5].map(|threads| {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "battery::tells_its_bits", "--ignored", "--nocapture"]);
        let output = child.env("RAYON_NUM_THREADS", threads.to_string()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().find_map(|line| line.split_once("bits ")).expect("the child tells its bits").1.to_owned()
    });
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0], told[2]);
}

#[test]
fn metrics_have_names_for_all_values() {
    let eye = Eye::new(draw(100, 1));
    let measures = standard(&eye).floor(60).unwrap();
    let named = measures.metrics();
    assert!(named.iter().zip(&METRICS).all(|((name, _), metric)| *name == metric.name));
    assert!(named.iter().all(|(_, value)| value.is_finite()), "{named:?}");
}

/// The fewest samples that all metrics have a value for, six, and one fewer.
#[test]
fn too_few_images_are_an_error_and_the_fewest_have_values() {
    let eye = Eye::new(draw(100, 1));
    let standard = standard(&eye);
    let few = |n| eye.look(&draw(n, 6).images);
    let named = standard.measure(&few(6)).unwrap().metrics();
    assert!(named.iter().all(|(_, value)| value.is_finite()), "{named:?}");
    let error = standard.measure(&few(5)).unwrap_err();
    assert_eq!(error, QualityError::TooFew { what: "samples", found: 5, needed: 6 });
    assert_eq!(error.to_string(), "5 samples, at least 6 are needed");
    assert!(matches!(standard.floor(5), Err(QualityError::TooFew { .. })));
    assert_eq!(
        standard.floor(801).unwrap_err(),
        QualityError::TooFew { what: "held-out images", found: 800, needed: 801 }
    );
    assert!(standard.floor(800).is_ok());
    assert!(matches!(standard.floors(10, 0), Err(QualityError::TooFew { .. })));
    let side = Standard::new(few(5), few(9), CLASSES, Seed::new(1));
    assert!(matches!(side, Err(QualityError::TooFew { what: "fitted images", .. })));
}

#[test]
fn samples_that_do_not_fit_are_errors() {
    let (images, features) = (draw(8, 1).images, Matrix::zeros(3, 8));
    assert!(Samples::new(&images, &features, &[0; 8]).is_ok());
    let error = |images: &Matrix, features: &Matrix, labels: &[u8]| {
        Samples::new(images, features, labels).unwrap_err()
    };
    assert_eq!(
        error(&images, &features, &[0; 7]),
        QualityError::Count { what: "labels", found: 7, expected: 8 }
    );
    assert!(matches!(error(&images, &Matrix::zeros(3, 9), &[0; 8]), QualityError::Count { found: 9, .. }));
    for (value, place) in [(1.5, 3), (-0.1, 5), (f32::NAN, 7)] {
        let mut broken = images.clone();
        broken.column_mut(place)[2] = value;
        let found = error(&broken, &features, &[0; 8]);
        assert!(
            matches!(found, QualityError::Value { what: "pixels", sample, .. } if sample == place),
            "{found}"
        );
    }
    let mut broken = features.clone();
    broken.column_mut(4)[0] = f32::INFINITY;
    assert!(matches!(
        error(&images, &broken, &[0; 8]),
        QualityError::Value { what: "features", sample: 4, .. }
    ));
}

#[test]
fn features_and_images_of_other_widths_and_unknown_classes_are_errors() {
    let eye = Eye::new(draw(100, 1));
    let standard = standard(&eye);
    let images = draw(20, 6).images;
    let features = eye.features(&images);
    let measure = |images: &Matrix, features: &Matrix, labels: &[u8]| {
        standard.measure(&Samples::new(images, features, labels).unwrap()).unwrap_err()
    };
    let narrow = Matrix::zeros(3, 20);
    assert_eq!(
        measure(&images, &narrow, &[0; 20]),
        QualityError::Width { what: "features of the samples", found: 3, expected: 16 }
    );
    assert!(matches!(
        measure(&narrow, &features, &[0; 20]),
        QualityError::Width { what: "images", found: 3, .. }
    ));
    let unknown = measure(&images, &features, &[10; 20]);
    assert_eq!(unknown, QualityError::Class { sample: 0, label: 10, classes: 10 });
}

/// What generators collapse to must have numbers, not panics: copies of one image, and paper without ink.
#[test]
fn collapsed_samples_have_finite_values() {
    let eye = Eye::new(draw(200, 1));
    let standard = standard(&eye);
    let one = draw(1, 8).images;
    for images in [one.gather(&[0; 40]), Matrix::zeros(one.rows(), 40)] {
        let named = standard.measure(&eye.look(&images)).unwrap().metrics();
        assert!(named.iter().all(|(_, value)| value.is_finite()), "{named:?}");
    }
    let features = Matrix::zeros(16, 40);
    let blank = Samples::new(&one.gather(&[0; 40]), &features, &[3; 40]).unwrap();
    assert_eq!(standard.measure(&blank).unwrap().vendi, 1.0);
}
