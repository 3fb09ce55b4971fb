//! Errors of deep belief networks: what chooses epochs, and that nothing else does.

use engine::{Evidence, Profile, Rows, pick};
use experiments::dbn_error::refine::{AFTER, BEFORE, Phase, Refine, Until, sweeps_of};
use experiments::label_dbn::train::{Bottom, Upper};
use experiments::pretraining::job::Classifier;

use crate::support::{experiment, file, jobs, plan, settings, standin, train};

const NAME: &str = "record-dbn-error:ours";

#[test]
fn epochs_have_the_gibbs_steps_of_their_phase() {
    let phases =
        [Phase { epochs: 2, sweeps: 3 }, Phase { epochs: 1, sweeps: 6 }, Phase { epochs: 2, sweeps: 10 }];
    let found: Vec<usize> = (1..=6).map(|epoch| sweeps_of(&phases, epoch)).collect();
    assert_eq!(found, [3, 3, 6, 10, 10, 10]);
    assert_eq!(sweeps_of(&[], 1), 1);
}

/// Where a network learns from all images, another chooses its epochs, on images that neither it nor the machines under it have
/// seen; and that other one never sees a test image.
#[test]
fn whoever_chooses_has_not_learnt_from_the_images_that_it_is_judged_by() {
    let points = plan(experiment(NAME), &settings(Profile::Paper, &[]));
    let start = standin().digits().unwrap().held_out().start;
    let refined = jobs::<Refine>(&points);
    let judges: Vec<_> = refined.iter().filter(|(_, job)| job.until != Until::Chosen).collect();
    let [(judge, job)] = judges[..] else { panic!("{} judges", judges.len()) };
    assert_eq!((job.images, job.tested), (start, 0));
    let under = |images: usize| {
        let upper: Vec<&str> = jobs::<Upper>(&points)
            .iter()
            .filter(|(_, job)| job.images == images)
            .map(|(p, _)| p.key.as_str())
            .collect();
        let bottom = jobs::<Bottom>(&points).iter().filter(|(_, job)| job.images == images).count();
        (upper, bottom)
    };
    assert_eq!(under(start), (vec![judge.needs[0].as_str()], 1));
    let (network, job) = refined.iter().find(|(_, job)| job.until == Until::Chosen).unwrap();
    assert_eq!((job.images, &network.needs[1]), (60_000, &judge.key));
    let classifiers = jobs::<Classifier>(&points);
    let without = classifiers.iter().filter(|(_, job)| job.images == start).count();
    assert_eq!((classifiers.len(), without), (4, 2));
    assert!(classifiers.iter().all(|(_, job)| job.hidden == [500, 500, 2000]));
}

#[test]
fn every_network_is_tested_at_the_epoch_at_which_it_errs_least_on_held_out_images() {
    let trained = train(experiment(NAME), &settings(Profile::Smoke, &[]));
    assert!(trained.summary.failed.is_empty(), "{:?}", trained.summary.failed);
    let drawn = trained.draw();
    let rows = Evidence(Rows::from_csv(file(&drawn, "metrics.csv")).unwrap());
    let epochs = Rows::from_csv(file(&drawn, "epochs.csv")).unwrap();
    for model in [AFTER, "DBN, backpropagation", "DBN, backpropagation with dropout"] {
        let at = [("model", model)];
        let [low, error, high] = ["error_low", "error", "error_high"].map(|m| rows.values(pick(m, &at))[0]);
        assert!((0.0..=error).contains(&low) && error <= high && high <= 1.0, "{model}");
        let own = epochs.rows.iter().filter(|row| row.column("model") == Some(model));
        let curve: Vec<f64> = own.map(|row| row.value).collect();
        assert_eq!(curve.len(), 2, "{model}: {curve:?}");
        let best = if curve[1] < curve[0] { 2.0 } else { 1.0 };
        assert_eq!(rows.values(pick("epoch_chosen", &at)), [best], "{model}");
    }
    assert_eq!(rows.values(pick("error", &[("model", BEFORE)])).len(), 1);
    // The published figures stand beside ours, and no row of theirs is evidence.
    let table =
        drawn.tables.iter().find(|table| table.columns().iter().any(|c| c.name == "published")).unwrap();
    assert_eq!(table.rows().len(), 4);
}
