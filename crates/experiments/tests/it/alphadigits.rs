//! The record on letters: its split, and what stands in it.

use std::collections::BTreeSet;

use engine::{Evidence, Profile, Rows, pick};
use experiments::alphadigits::classify::{Classify, parts};
use experiments::likelihood::binarised::Binarised;

use crate::support::{experiment, file, jobs, plan, settings, standin, train};

const NAME: &str = "record-alphadigits:ours";

/// 29 images of each of 36 characters to learn from, ten others to be tested on.
#[test]
fn images_that_are_tested_are_never_learnt_from() {
    let letters = standin().letters().unwrap();
    let split = letters.split(&letters.labels(&letters.images.classes.concat()).unwrap(), 10);
    assert_eq!((split.train.len(), split.held_out.len()), (36 * 29, 36 * 10));
    let all: BTreeSet<usize> = split.train.iter().chain(&split.held_out).copied().collect();
    assert_eq!(all.len(), 36 * 39);
    let [train, test] = Binarised::Letters.sets(&standin(), 1044, 360).unwrap();
    assert_eq!((train.len(), test.len(), train.rows()), (1044, 360, Binarised::Letters.pixels()));
    assert_eq!(train.to_matrix(), letters.images.to_matrix(&split.train));
    let error = Binarised::Letters.sets(&standin(), 1045, 360).unwrap_err().to_string();
    assert!(error.contains("images: expected at most 1044, found 1045"), "{error}");
}

#[test]
fn as_many_images_of_each_character_choose_the_epoch() {
    let letters = standin().letters().unwrap();
    let split = letters.split(&letters.labels(&letters.images.classes.concat()).unwrap(), 10);
    let [learn, judge] = parts(&split.train, 29, 5);
    assert_eq!((learn.len(), judge.len()), (36 * 24, 36 * 5));
    assert!(learn.iter().all(|image| !judge.contains(image)));
    for label in 0..36 {
        assert_eq!(judge.iter().filter(|&&image| letters.images.labels[image] == label).count(), 5);
    }
}

#[test]
fn likelihoods_and_errors_of_letters_stand_in_one_record() {
    let e = experiment(NAME);
    let trained = train(e, &settings(Profile::Smoke, &[]));
    assert!(trained.summary.failed.is_empty(), "{:?}", trained.summary.failed);
    let drawn = trained.draw();
    let rows = Evidence(Rows::from_csv(file(&drawn, "metrics.csv")).unwrap());
    for model in
        ["RBM-20, PCD", "RBM-200, PCD", "DBN-200–200, CD-1, bound", "independent pixels", "mixture of 36"]
    {
        let found = rows.values(pick("log_likelihood", &[("model", model), ("digits", "AlphaDigits")]));
        assert!(found.len() == 1 && found[0] < 0.0, "{model}: {found:?}");
    }
    // The base of annealing at 0 knows independent pixels; 320 fair coins would have −320 log 2.
    assert!(
        rows.values(pick("log_likelihood", &[("model", "independent pixels")]))[0] > -320.0 * 2.0_f64.ln()
    );
    let networks = jobs::<Classify>(&plan(e, &settings(Profile::Smoke, &[]))).len();
    let models = rows.along(pick("error", &[]), "model");
    assert_eq!((networks, models.len()), (4, 4));
    for model in models {
        let [low, error, high] =
            ["error_low", "error", "error_high"].map(|m| rows.values(pick(m, &[("model", model)]))[0]);
        assert!(0.0 <= low && low <= error && error <= high && high <= 1.0, "{model}: {low} {error} {high}");
    }
    assert!(rows.values(pick("test_images", &[])).iter().all(|n| *n == 360.0));
}
