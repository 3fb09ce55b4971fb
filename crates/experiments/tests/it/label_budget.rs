//! Few labels: which images have them, and what is chosen with them.

use std::collections::BTreeSet;

use engine::{Evidence, Profile, Rows, pick};
use experiments::pretraining::job::{Classifier, Labelled};
use experiments::pretraining::search::Searched;
use tensor::Seed;

use crate::support::{experiment, file, jobs, plan, settings, standin, train};

#[test]
fn labels_are_drawn_evenly_and_never_from_the_images_that_choose_epochs() {
    let digits = standin().digits().unwrap();
    let draw = |count, seed| digits.balanced(count, Seed::new(seed)).unwrap();
    let chosen = draw(43, 1);
    assert_eq!(chosen.iter().collect::<BTreeSet<_>>().len(), 43, "no image twice");
    assert!(chosen.iter().all(|&image| image < digits.held_out().start));
    let of = |class: u8| chosen.iter().filter(|&&image| digits.train.labels[image] == class).count();
    assert_eq!((0..10).map(of).collect::<Vec<_>>(), [5, 5, 5, 4, 4, 4, 4, 4, 4, 4]);
    assert_eq!(draw(43, 1), chosen);
    assert_ne!(draw(43, 2), chosen);
    let error = digits.balanced(1_000_000, Seed::new(1)).unwrap_err().to_string();
    assert!(error.contains("of class 0, found 100000"), "{error}");
}

/// Each repeat has labels of its own, and all networks of a repeat have the same.
#[test]
fn every_repeat_draws_its_labels() {
    let points = plan(experiment("record-label-budget:ours"), &settings(Profile::Quick, &[]));
    let networks = jobs::<Classifier>(&points).into_iter().map(|(_, job)| job);
    let all: Vec<Classifier> =
        networks.chain(jobs::<Searched>(&points).into_iter().map(|(_, job)| job.network)).collect();
    let seeds: BTreeSet<u64> = all.iter().map(|job| job.seed).collect();
    assert!(seeds.len() >= 3 && all.iter().all(|job| job.labelled == Labelled::Balanced(job.seed)));
}

/// The search looks at labelled images alone, chooses among what it was given, and the network then learns from all of them.
#[test]
fn a_search_ends_with_one_of_its_candidates() {
    let e = experiment("record-label-budget:ours");
    let chosen = settings(Profile::Smoke, &[("images", "100"), ("epochs", "1"), ("pretraining-epochs", "1")]);
    let points = plan(e, &chosen);
    let searches = jobs::<Searched>(&points);
    assert!(!searches.is_empty());
    let candidates = &searches[0].1.candidates;
    let trained = train(e, &chosen);
    assert!(trained.summary.failed.is_empty(), "{:?}", trained.summary.failed);
    let drawn = trained.draw();
    let epochs = Evidence(Rows::from_csv(file(&drawn, "epochs.csv")).unwrap());
    let of = |metric: &str| epochs.values(pick(metric, &[("start", "tuned random"), ("labels", "100")]));
    let (rates, dropouts) = (of("searched_rate"), of("searched_dropout"));
    let pair = (rates[0] as f32, dropouts[0] as f32);
    assert!(candidates.iter().any(|own| (own.descent.rate, own.dropout) == pair), "{pair:?}");
    assert!((0.0..=1.0).contains(&of("searched_error")[0]));
    assert!(!of("error_test").is_empty(), "the network was trained and tested after the search");
}
