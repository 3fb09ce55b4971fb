//! Few labels: which images have them, and what is chosen with them.

use std::collections::BTreeSet;

use engine::{Evidence, Profile, Rows, pick};
use experiments::autoencoder::Layer;
use experiments::pretraining::job::{Classifier, Labelled, Start};
use experiments::pretraining::ladder::Measured;
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

/// All kinds of networks of one seed learn from the same labels, and without labels from as many images as the belief network;
/// one stack of denoising layers serves all draws.
#[test]
fn networks_beside_the_regimes_have_the_same_labels() {
    for profile in Profile::ALL {
        let points = plan(experiment("record-label-budget:ours"), &settings(profile, &[]));
        let all = jobs::<Classifier>(&points);
        let ladders = jobs::<Measured>(&points);
        let denoised: Vec<&Classifier> =
            all.iter().map(|(_, job)| job).filter(|job| job.start == Start::Denoised).collect();
        assert!(!ladders.is_empty() && !denoised.is_empty());
        for (_, Measured { ladder }) in &ladders {
            let same = |job: &&&Classifier| (job.images, job.labelled) == (ladder.labels, ladder.labelled);
            let beside: Vec<&&Classifier> = denoised.iter().filter(same).collect();
            assert!(!beside.is_empty(), "{ladder:?}");
            let layers = jobs::<Layer>(&points);
            assert!(layers.iter().any(|(_, layer)| layer.images == ladder.images), "{ladder:?}");
        }
        let seeds: BTreeSet<u64> = jobs::<Layer>(&points).iter().map(|(_, layer)| layer.seed).collect();
        assert_eq!(seeds.len(), 1, "one stack");
        let few = profile == Profile::Paper;
        let of = |labels: usize| ladders.iter().filter(|(_, own)| own.ladder.labels == labels).count();
        assert!(!few || (of(100) == 3 && of(60_000) == 3), "{} and {}", of(100), of(60_000));
    }
}

/// Networks beside the regimes have the same rows as those: errors with intervals, epoch by epoch, and pairs for McNemar's test.
#[test]
fn networks_beside_the_regimes_are_measured_as_they_are() {
    let e = experiment("record-label-budget:ours");
    let chosen = settings(Profile::Smoke, &[("images", "100"), ("epochs", "1"), ("pretraining-epochs", "1")]);
    let trained = train(e, &chosen);
    assert!(trained.summary.failed.is_empty(), "{:?}", trained.summary.failed);
    let drawn = trained.draw();
    let [rows, epochs] =
        ["metrics.csv", "epochs.csv"].map(|name| Evidence(Rows::from_csv(file(&drawn, name)).unwrap()));
    for start in ["denoising stack", "ladder"] {
        for labels in ["100", "1000"] {
            let at = [("start", start), ("labels", labels)];
            let one = |metric: &str| rows.values(pick(metric, &at))[0];
            let mut tests = epochs.rows.iter().filter(|row| {
                row.metric == "error_test"
                    && row.column("start") == Some(start)
                    && row.column("labels") == Some(labels)
            });
            assert_eq!(tests.next_back().unwrap().value, one("error_last"), "{start}");
            assert!(
                one("error_last_low") <= one("error_last") && one("error_last") <= one("error_last_high")
            );
            assert!((0.0..=1.0).contains(&one("error_chosen")));
            // What this one gets wrong alone less what the other gets wrong alone is the difference of their errors.
            let against = format!("{labels}, pretrained");
            let own = rows.values(pick("wrong_alone", &[at[0], at[1], ("against", &against)]))[0];
            let name = format!("{labels}, {start}");
            let theirs = [("start", "pretrained"), ("labels", labels), ("against", &name)];
            let other = rows.values(pick("wrong_alone", &theirs))[0];
            let error = rows.values(pick("error_last", &[("start", "pretrained"), ("labels", labels)]))[0];
            let images = one("test_images");
            assert!(((own - other) / images - (one("error_last") - error)).abs() < 1e-9, "{start}, {labels}");
        }
    }
}
