//! The comparison of generators: whose points it shares, what it measures of whom, and what its claims make of that.

use std::collections::BTreeSet;

use engine::{Evidence, Profile, Rows, Verdict, pick};
use experiments::arena::{Levels, Measure, Origin};
use experiments::compared::GENERATORS;
use quality::{Better, METRICS, Planted, Sight};

use crate::support::{experiment, file, jobs, plan, refusal, settings, train};

const NAME: &str = "generators-compared:ours";
const LEVELS: [&str; 2] = ["black and white", "grey"];

/// What reports have trained for their own figures is what is compared.
#[test]
fn generators_are_those_of_the_reports() {
    for profile in [Profile::Smoke, Profile::Paper] {
        let keys = |name: &str| -> BTreeSet<String> {
            plan(experiment(name), &settings(profile, &[]))
                .iter()
                .map(|point| point.key.to_string())
                .collect()
        };
        let own = keys(NAME);
        let shared = |name: &str| keys(name).intersection(&own).count();
        // A machine; three layers and the same machine; both stages of the deep machine; the judge and two autoencoders.
        for (report, least) in [
            ("mnist-rbm-samples:generative", 1),
            ("mnist-dbn-samples:generative", 4),
            ("mnist-dbm:ann4", 2),
            ("mnist-vae-samples:generative", 3),
        ] {
            assert!(shared(report) >= least, "{profile}: {} points of {report}", shared(report));
        }
    }
}

#[test]
fn all_are_held_against_the_same_images() {
    let points = plan(experiment(NAME), &settings(Profile::Paper, &[]));
    let amounts: Vec<_> = jobs::<Measure>(&points).into_iter().map(|(_, job)| job.amounts).collect();
    assert!(amounts.len() >= 17 && amounts.windows(2).all(|pair| pair[0] == pair[1]));
}

/// A floor of fewer images than samples would be another floor.
#[test]
fn no_more_samples_than_held_out_images() {
    let error = refusal(experiment(NAME), &settings(Profile::Quick, &[("samples", "1501")]));
    assert_eq!(
        error.root_cause().to_string(),
        "samples: expected at most 1500, as many as images are held out, found 1501"
    );
}

#[test]
fn a_run_measures_everybody_and_draws_its_figures() {
    let trained = train(experiment(NAME), &settings(Profile::Smoke, &[]));
    let drawn = trained.draw();
    for artefact in trained.study.about.artefacts {
        assert!(!file(&drawn, artefact).is_empty(), "{artefact}");
    }
    let of = |metric: &str, origin: &str, levels: &str| {
        drawn.evidence.values(pick(metric, &[("origin", origin), ("levels", levels)]))
    };
    for metric in METRICS {
        for levels in LEVELS {
            for planted in Planted::ALL {
                assert_eq!(of(metric.name, planted.name(), levels).len(), 1, "{} {levels}", metric.name);
            }
            let floors = drawn.evidence.rows.iter().filter(|row| {
                row.metric == metric.name
                    && row.column("origin") == Some("held-out images")
                    && row.column("levels") == Some(levels)
            });
            assert_eq!(floors.count(), 3, "{} {levels}", metric.name);
        }
        for own in GENERATORS {
            let grey = usize::from(own.draws == Levels::Grey);
            assert_eq!(of(metric.name, own.name, LEVELS[0]).len(), 1, "{} of the {}", metric.name, own.name);
            assert_eq!(
                of(metric.name, own.name, LEVELS[1]).len(),
                grey,
                "{} of the {}",
                metric.name,
                own.name
            );
        }
    }
    for (planted, copies) in [("copier", 1.0), ("blurrer", 0.0), ("swapper", 0.0)] {
        assert_eq!(of("copies", planted, "grey"), [copies], "{planted}");
    }
    for own in GENERATORS {
        let likelihoods = drawn.evidence.values(pick("log_likelihood", &[("origin", own.name)]));
        // Generators that play against a critic have none.
        assert_eq!(likelihoods.is_empty(), own.name.contains("GAN"), "{}", own.name);
        if likelihoods.is_empty() {
            continue;
        }
        let ends = ["_low", "", "_high"].map(|end| {
            drawn.evidence.values(pick(&format!("log_likelihood{end}"), &[("origin", own.name)]))[0]
        });
        assert!(ends[0] <= ends[1] && ends[1] <= ends[2] && ends[2] < 0.0, "{}: {ends:?}", own.name);
    }
}

fn verdict(says: &str, evidence: &Evidence) -> (Verdict, String) {
    let claims = experiment(NAME).about.claims;
    let claim = claims.iter().find(|own| own.says.contains(says)).unwrap();
    let finding = (claim.test)(evidence);
    (finding.verdict, finding.measured)
}

/// Precision or recall of generators in black and white, and of real images in three draws a hundredth apart.
fn generators(metric: &str, values: &[(&str, f64)]) -> Evidence {
    let mut rows = Rows::default();
    for (origin, value) in values {
        rows.push(metric, *value, &[("origin", origin), ("levels", &LEVELS[0]), ("seed", &1)]);
    }
    for (draw, value) in [0.89, 0.90, 0.91].into_iter().enumerate() {
        rows.push(metric, value, &[("origin", &"held-out images"), ("levels", &LEVELS[0]), ("draw", &draw)]);
    }
    Evidence(rows)
}

/// Draws of real images have a deviation of 0.01: from 0.04 on there is a difference.
#[test]
fn what_chance_does_to_real_images_cannot_be_told() {
    let dbn = |dbn: f64| {
        let evidence = generators("precision", &[("DBN", dbn), ("RBM", 0.5)]);
        verdict("The DBN’s digits are more realistic", &evidence).0
    };
    assert_eq!(
        [dbn(0.55), dbn(0.53), dbn(0.47), dbn(0.45)],
        [Verdict::Reproduced, Verdict::CannotTell, Verdict::CannotTell, Verdict::NotReproduced]
    );
    let rbm = |precision: f64| verdict("struggles", &generators("precision", &[("RBM", precision)])).0;
    assert_eq!([rbm(0.44), rbm(0.46)], [Verdict::Reproduced, Verdict::NotReproduced]);
}

/// Metrics of planted generators in grey as their table promises, but for one.
fn promised(but: Option<(&str, Planted)>) -> Evidence {
    let mut rows = Rows::default();
    for metric in METRICS {
        for (draw, value) in [0.9, 1.0, 1.1].into_iter().enumerate() {
            rows.push(
                metric.name,
                value,
                &[("origin", &"held-out images"), ("levels", &"grey"), ("draw", &draw)],
            );
        }
        for planted in Planted::ALL {
            let kept = but != Some((metric.name, planted));
            let below = (metric.sight(planted) == Sight::Sees) == kept;
            let value = match (below, metric.better) {
                (false, _) => 1.0,
                (true, Better::Higher) => 0.0,
                (true, Better::Chance) => 0.001,
                (true, Better::Lower | Better::Floor) => 9.0,
            };
            rows.push(metric.name, value, &[("origin", &planted.name()), ("levels", &"grey")]);
        }
    }
    Evidence(rows)
}

#[test]
fn metrics_must_see_what_they_say_they_see() {
    let says = "Every metric ranks planted generators";
    assert_eq!(verdict(says, &promised(None)).0, Verdict::Reproduced);
    let (found, measured) = verdict(says, &promised(Some(("frechet", Planted::Blurrer))));
    assert_eq!(found, Verdict::Partly);
    assert!(measured.contains("Fréchet distance of the blurrer"), "{measured}");
    let (found, measured) = verdict(says, &promised(Some(("precision", Planted::Copier))));
    assert_eq!(found, Verdict::Partly);
    assert!(measured.contains("precision of the copier"), "{measured}");
}

#[test]
fn planted_generators_are_those_of_the_metrics() {
    assert_eq!(Origin::PLANTED.map(|origin| origin.planted().unwrap()), Planted::ALL);
}
