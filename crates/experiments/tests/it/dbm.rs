//! The arithmetic of the deep machine's jobs.

use std::collections::BTreeSet;

use energy::MeanField;
use engine::{Evidence, Profile, Rows, pick};
use experiments::dbm::claims::above;
use experiments::dbm::modes::{covered, entropy, shares, spread};
use experiments::dbm::{FineTune, Joint, Pretraining, detail};
use experiments::likelihood::binarised::Binarised;
use tensor::{Matrix, Seed};

use crate::support::{experiment, file, jobs, plan, settings, train};

/// Epsilon of what is computed in `f64` from small whole numbers.
const EXACT: f64 = 1e-12;

#[test]
fn detail_counts_differences_of_neighbours_for_the_ink() {
    // Across |1 − 3| + |2 − 0|, down |1 − 2| + |3 − 0|, ink 6.
    assert!((detail(&[1.0, 3.0, 2.0, 0.0], (2, 2)) - 8.0 / 6.0).abs() < EXACT);
    assert_eq!(detail(&[0.0; 6], (2, 3)), 0.0);
    assert_eq!(detail(&[-0.5; 6], (2, 3)), 0.0);
    // Pixels at the end of a row and at the beginning of the next are no neighbours.
    assert!((detail(&[0.0, 0.0, 1.0, 0.0, 0.0, 0.0], (2, 3)) - 2.0).abs() < EXACT);
}

/// A checkerboard of signs has twice the ink at each pair, and a wide picture almost two pairs a pixel.
#[test]
fn detail_does_not_see_scale_and_stays_below_four() {
    let board = |scale: f32| -> Vec<f32> {
        (0..784).map(|i| if (i / 28 + i % 28) % 2 == 0 { scale } else { -scale }).collect()
    };
    let found = detail(&board(1.0), (28, 28));
    assert!((found - 4.0 * 27.0 / 28.0).abs() < EXACT, "{found}");
    assert!((detail(&board(0.25), (28, 28)) - found).abs() < EXACT);
}

/// `E|x − y| / E|x| = √2` for independent normal numbers, with `2 · 27/28` pairs a pixel; 200 filters of 784 pixels leave
/// an error well below a hundredth.
#[test]
fn detail_of_noise_is_two_point_seven() {
    let mut noise = Matrix::zeros(784, 200);
    Seed::new(3).stream().normal(&mut noise, 1.0);
    let mean = noise.columns().map(|filter| detail(filter, (28, 28))).sum::<f64>() / 200.0;
    assert!((mean - 2.0 * 27.0 / 28.0 * 2.0_f64.sqrt()).abs() < 0.02, "{mean}");
}

#[test]
fn classes_are_counted_and_their_entropy_taken() {
    let all: Vec<u8> = (0..10).cycle().take(200).collect();
    assert_eq!(covered(&shares(&all)), 10);
    assert!((entropy(&shares(&all)) - 10.0_f64.ln()).abs() < EXACT);
    let one = shares(&[7; 5]);
    assert_eq!((covered(&one), entropy(&one)), (1, 0.0));
    // One of 200 samples is less than a hundredth.
    let mut nearly = vec![3; 199];
    nearly.push(4);
    assert_eq!(covered(&shares(&nearly)), 1);
}

#[test]
fn spread_is_the_mean_over_all_pairs() {
    let mut images = Matrix::zeros(6, 5);
    Seed::new(4).stream().normal(&mut images, 1.0);
    let (mut sum, mut pairs) = (0.0, 0);
    for i in 0..5 {
        for j in 0..i {
            let squares =
                images.column(i).iter().zip(images.column(j)).map(|(a, b)| f64::from(a - b).powi(2));
            sum += squares.sum::<f64>() / 6.0;
            pairs += 1;
        }
    }
    // `a − b` is rounded to f32 before it is squared.
    assert!((spread(&images) - sum / f64::from(pairs)).abs() < 1e-6);
}

#[test]
fn intervals_that_meet_tell_nothing() {
    assert_eq!(above([2.0, 3.0], [0.0, 1.0]), Some(true));
    assert_eq!(above([0.0, 1.0], [2.0, 3.0]), Some(false));
    assert_eq!(above([0.0, 2.0], [2.0, 3.0]), None);
    assert_eq!(above([0.0, 4.0], [2.0, 3.0]), None);
}

#[test]
fn the_rate_falls_geometrically_from_the_first_to_the_last() {
    let joint = |epochs| Joint {
        hidden: [2, 2],
        binarised: Binarised::Threshold,
        images: 1,
        batch: 1,
        rates: [2e-3, 5e-6],
        momentum: 0.9,
        epochs,
        mean_field: MeanField::sweeps(1),
        chains: 1,
        sweeps: 1,
        seed: 1,
    };
    for epochs in [2, 5, 100] {
        let last = f64::from(joint(epochs).factor()).powi(epochs as i32 - 1) * 2e-3;
        // The factor is rounded to f32, 1e-7 of it at most, and raised to the 99th power.
        assert!((last / 5e-6 - 1.0).abs() < 1e-5, "{epochs} epochs: {last}");
    }
    assert!(joint(1).factor().is_finite());
}

/// Under `paper` the record's machine learns for longer than the table's, which can be run in a sitting.
#[test]
fn the_record_and_the_table_of_likelihoods_share_one_machine() {
    for profile in [Profile::Smoke, Profile::Quick] {
        let of = |name: &str| -> BTreeSet<String> {
            let points = plan(experiment(name), &settings(profile, &[]));
            let trained = jobs::<Joint>(&points).into_iter().map(|(point, _)| point.key.to_string());
            trained
                .chain(jobs::<Pretraining>(&points).into_iter().map(|(point, _)| point.key.to_string()))
                .collect()
        };
        let own = of("record-dbm:ours");
        assert_eq!((own.len(), &own), (2, &of("record-rbm-likelihood:ours")), "{profile}");
    }
}

/// Classifiers see what the machine has learnt from, are judged by images that they have not seen, and are tested once.
#[test]
fn classifiers_on_a_deep_machine_are_tested_once() {
    let e = experiment("record-dbm:ours");
    let points = plan(e, &settings(Profile::Paper, &[]));
    let fine = jobs::<FineTune>(&points);
    assert!(fine.len() == 2 && fine.iter().all(|(_, job)| job.binarised == Binarised::Drawn));
    let trained = train(e, &settings(Profile::Smoke, &[]));
    assert!(trained.summary.failed.is_empty(), "{:?}", trained.summary.failed);
    let rows = Evidence(Rows::from_csv(file(&trained.draw(), "metrics.csv")).unwrap());
    for model in ["DBM, fine-tuned", "DBM, fine-tuned with dropout"] {
        let at = [("model", model)];
        let [low, error, high] = ["error_low", "error", "error_high"].map(|m| rows.values(pick(m, &at)));
        assert!(error.len() == 1 && low[0] <= error[0] && error[0] <= high[0], "{model}");
        assert!([1.0, 2.0].contains(&rows.values(pick("epoch_chosen", &at))[0]), "{model}");
    }
}
