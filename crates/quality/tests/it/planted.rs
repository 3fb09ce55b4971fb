//! Four generators with one fault each: every metric ranks them where it says that it does, and nowhere else.

use quality::{Labelled, METRICS, Planted, QualityError, Sight, Size, Standard};
use tensor::{Matrix, Seed};

use crate::shapes::{CLASSES, Drawn, Eye, SIZE, draw};

const SAMPLES: usize = 1000;
const FLOORS: usize = 20;

fn labelled(drawn: &Drawn) -> Labelled<'_> {
    Labelled { images: &drawn.images, labels: &drawn.labels, size: SIZE }
}

/// The table "must see / cannot see" of the code, on drawn images. Floors are twenty draws of held-out images.
#[test]
fn every_metric_sees_what_it_must_and_not_what_it_cannot() {
    let (fitted, held_out, third) = (draw(3000, 1), draw(3000, 2), draw(12_000, 3));
    let eye = Eye::new(draw(1500, 4));
    let [known, unseen] = [&fitted, &held_out].map(|drawn| eye.look(&drawn.images));
    let standard = Standard::new(known, unseen, CLASSES, Seed::new(5)).unwrap();
    let floors = standard.floors(SAMPLES, FLOORS).unwrap();
    let mut wrong = Vec::new();
    for planted in Planted::ALL {
        let source = if planted == Planted::Copier { &fitted } else { &third };
        let samples = planted.draw(&labelled(source), SAMPLES, Seed::new(6)).unwrap();
        let measures = standard.measure(&eye.look(&samples)).unwrap();
        // Only the copier is taken for one, also by those that nothing is claimed of.
        assert_eq!(
            measures.copying_z < -4.0,
            planted == Planted::Copier,
            "{planted:?} {}",
            measures.copying_z
        );
        for metric in METRICS {
            let value = (metric.value)(&measures);
            let worse = metric.worse(value, &floors.iter().map(metric.value).collect::<Vec<_>>());
            let sight = metric.sight(planted);
            if (sight == Sight::Sees && !worse) || (sight == Sight::Blind && worse) {
                wrong.push((planted, metric.name, sight, value));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_planted_generator_is_seen_by_some_metric_and_every_metric_sees_one() {
    for planted in Planted::ALL {
        assert!(METRICS.iter().any(|metric| metric.sight(planted) == Sight::Sees), "{planted:?}");
        assert!(planted.says().ends_with('.') && !planted.name().is_empty());
    }
    for (at, metric) in METRICS.iter().enumerate() {
        assert!(Planted::ALL.iter().any(|planted| metric.sight(*planted) == Sight::Sees), "{}", metric.name);
        assert!(metric.says.ends_with('.') && metric.blind.ends_with('.'), "{}", metric.name);
        assert!(
            METRICS[..at].iter().all(|other| other.name != metric.name && other.heading != metric.heading)
        );
    }
}

/// Samples as columns of bits, so that they can be looked for.
fn columns(images: &Matrix) -> Vec<Vec<u32>> {
    images.columns().map(|image| image.iter().map(|x| x.to_bits()).collect()).collect()
}

#[test]
fn the_copier_gives_every_image_once_before_it_gives_one_again() {
    let source = draw(40, 7);
    let copies = |count| columns(&Planted::Copier.draw(&labelled(&source), count, Seed::new(1)).unwrap());
    let sorted = |mut columns: Vec<Vec<u32>>| {
        columns.sort();
        columns
    };
    assert_eq!(sorted(copies(40)), sorted(columns(&source.images)));
    assert_eq!(copies(15), copies(15), "the same seed");
    let mut twice = [columns(&source.images), columns(&source.images)].concat();
    twice.sort();
    assert_eq!(sorted(copies(80)), twice);
}

#[test]
fn one_mode_gives_images_of_one_class() {
    let source = draw(200, 8);
    let all = columns(&source.images);
    let classes: Vec<u8> = columns(&Planted::OneMode.draw(&labelled(&source), 50, Seed::new(2)).unwrap())
        .iter()
        .map(|sample| source.labels[all.iter().position(|image| image == sample).unwrap()])
        .collect();
    assert!(classes.iter().all(|class| *class == classes[0]));
}

#[test]
fn the_swapper_puts_halves_of_two_images_together() {
    let source = draw(60, 9);
    let all = columns(&source.images);
    let border = SIZE.height / 2 * SIZE.width;
    let samples = columns(&Planted::Swapper.draw(&labelled(&source), 60, Seed::new(3)).unwrap());
    let upper = |sample: &[u32]| all.iter().position(|image| image[..border] == sample[..border]).unwrap();
    let lower = |sample: &[u32]| all.iter().position(|image| image[border..] == sample[border..]).unwrap();
    let same = samples.iter().filter(|sample| upper(sample) == lower(sample)).count();
    // The number of fixed points of a random order has mean 1 and variance 1.
    assert!(same < 8, "{same} of 60 samples are real images");
}

#[test]
fn the_blurrer_keeps_ink_in_the_unit_interval_and_takes_contrast() {
    let source = draw(50, 10);
    let blurred = Planted::Blurrer.draw(&labelled(&source), 50, Seed::new(4)).unwrap();
    let largest = |images: &Matrix| images.as_slice().iter().copied().fold(0.0, f32::max);
    assert!(blurred.as_slice().iter().all(|x| (0.0..=1.0).contains(x)));
    assert!(largest(&blurred) < 0.9 * largest(&source.images));
}

#[test]
fn bad_input_is_an_error() {
    let source = draw(5, 11);
    let draw = |real: &Labelled<'_>| Planted::Swapper.draw(real, 3, Seed::new(1)).unwrap_err();
    let none = Labelled { images: &Matrix::zeros(SIZE.height * SIZE.width, 0), labels: &[], size: SIZE };
    assert!(matches!(draw(&none), QualityError::TooFew { .. }));
    assert!(matches!(draw(&Labelled { labels: &[0], ..labelled(&source) }), QualityError::Count { .. }));
    let other = Size { height: 13, width: 14 };
    assert!(matches!(draw(&Labelled { size: other, ..labelled(&source) }), QualityError::Width { .. }));
}
