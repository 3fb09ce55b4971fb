//! The question whether pretraining helps: what is planned, what is refused, what a finished run holds.

use std::collections::BTreeSet;

use energy::{Dbn, Rbm, stack};
use engine::{Evidence, Point, Profile, Row, Rows, Settings, Verdict, pick};
use experiments::data::Digits;
use experiments::greedy::Greedy;
use experiments::pretraining::Pretraining;
use experiments::pretraining::job::{Classifier, Start};
use experiments::{Experiment, registry};
use feedforward::{Activation, Dense, Init, Network, wilson};
use fetch::Source;
use tensor::{Matrix, Seed};

use crate::support::{experiment, file, jobs, kind, plan, recipe, refusal, settings, standin, train};

fn all() -> impl Iterator<Item = &'static Experiment> {
    registry::all().into_iter().filter(|e| recipe::<Pretraining>(e).is_some())
}

fn layers(points: &[Point]) -> Vec<Greedy> {
    jobs(points).into_iter().map(|(_, job)| job).collect()
}

fn classifiers(points: &[Point]) -> Vec<(&Point, Classifier)> {
    jobs(points)
}

#[test]
fn every_question_of_the_reports_is_here() {
    let names: BTreeSet<String> = all().map(|e| e.about.name()).collect();
    let expected = [
        "mnist-layers:generative",
        "mnist-layers:scratch",
        "mnist-neurons:generative",
        "mnist-neurons:scratch",
        "mnist-samples:generative",
        "mnist-samples:scratch",
        "mnist-best:scratch",
        "record-label-budget:ours",
    ];
    assert_eq!(names, expected.into_iter().map(str::to_owned).collect());
    assert!(
        experiment("record-label-budget:ours").about.is_record()
            && !experiment("mnist-best:scratch").about.is_record()
    );
}

#[test]
fn the_paper_profile_has_the_reports_hyperparameters() {
    for (name, shapes, pretraining, epochs) in [
        ("mnist-layers:generative", 5, (100, 128), 30),
        ("mnist-layers:scratch", 8, (100, 5), 200),
        ("mnist-neurons:generative", 6, (100, 128), 30),
        ("mnist-neurons:scratch", 8, (100, 5), 200),
        ("mnist-samples:generative", 6, (500, 128), 30),
        ("mnist-samples:scratch", 6, (100, 5), 200),
        ("mnist-best:scratch", 6, (100, 5), 200),
    ] {
        let points = plan(experiment(name), &settings(Profile::Paper, &[]));
        assert!(
            layers(&points)
                .iter()
                .all(|own| (own.epochs, own.batch, own.rate) == (pretraining.0, pretraining.1, 0.1)),
            "{name}"
        );
        let pretrained: Vec<_> =
            classifiers(&points).into_iter().filter(|(_, c)| c.start == Start::Pretrained).collect();
        let distinct: BTreeSet<_> = pretrained.iter().map(|(_, c)| (&c.hidden, c.images)).collect();
        assert!(distinct.len() >= shapes, "{name}: {distinct:?}");
        assert!(pretrained.iter().all(|(_, c)| c.epochs == epochs && c.batch == pretraining.1), "{name}");
    }
}

#[test]
fn networks_of_all_depths_share_the_layers_that_they_have_in_common() {
    for (name, depth) in [("mnist-layers:scratch", 9), ("mnist-layers:generative", 5)] {
        let points = plan(experiment(name), &Settings { repeats: Some(1), ..settings(Profile::Paper, &[]) });
        let trained = layers(&points);
        assert_eq!(trained.len(), depth, "{name}: one point a layer");
        assert!(trained.iter().all(|own| own.widths.len() == 1), "{name}: one layer a point");
        for (point, network) in classifiers(&points) {
            let needed = if network.start == Start::Pretrained { network.hidden.len() } else { 0 };
            assert_eq!(point.needs.len(), needed, "{}", point.label);
        }
    }
}

#[test]
fn a_network_that_learns_from_all_images_has_a_twin_that_leaves_some_to_choose_by() {
    let one = Settings { repeats: Some(1), ..settings(Profile::Paper, &[]) };
    let points = plan(experiment("mnist-best:scratch"), &one);
    let total = standin().digits().unwrap().train.len();
    let images: Vec<usize> = classifiers(&points).iter().map(|(_, c)| c.images).collect();
    let twins = images.iter().filter(|&&n| n == total - total / 12).count();
    assert_eq!((images.len(), twins), (24, 12));
    let cut = plan(experiment("mnist-layers:scratch"), &settings(Profile::Smoke, &[]));
    assert!(classifiers(&cut).iter().all(|(_, c)| c.images <= total - total / 12));
}

#[test]
fn what_cannot_be_trained_is_refused_by_name_before_anything_runs() {
    let refused = |set: &[(&str, &str)]| {
        let e = experiment("mnist-layers:scratch");
        format!("{:#}", refusal(e, &settings(Profile::Smoke, set)))
    };
    for (key, value) in [("images", "0"), ("epochs", "0"), ("batch", "0"), ("pretraining-epochs", "0")] {
        let message = refused(&[(key, value)]);
        assert!(message.contains(key) && message.contains("found 0"), "{message}");
    }
    let message = refused(&[("batch", "501")]);
    assert!(message.contains("at most the 500 training images, found 501"), "{message}");
    assert!(refused(&[("rate", "NaN")]).contains("found NaN"));
    assert!(refused(&[("epochs", "many")]).contains("epochs=many"));
}

/// What a deep belief network recognises is what the network on its layers computes, bit for bit.
#[test]
fn a_pretrained_networks_first_pass_is_the_recognition_pass_of_its_belief_network() {
    let rbm = |(i, pair): (usize, &[usize])| Rbm::new(pair[0], pair[1], Seed::new(i as u64));
    let dbn = Dbn::new([49, 30, 20, 11].windows(2).enumerate().map(rbm).collect());
    let mut images = Matrix::from_fn(49, 17, |_, _| 0.3);
    Seed::new(4).stream().bernoulli(&mut images);
    let output = Dense::new(11, 10, Init::Small, Seed::new(5));
    let network = Network::from_affine(dbn.recognition(), output, Activation::Sigmoid, 0.2).unwrap();
    let hidden = network.hidden(&images);
    let Ok(recognised) = stack::up(&dbn, images, 3);
    assert_eq!(hidden.last().unwrap(), &recognised);
    assert_eq!(hidden.len(), 3);
}

#[test]
fn a_finished_run_names_three_errors_and_the_epoch_that_was_chosen_without_the_test_images() {
    let e = experiment("mnist-layers:scratch");
    let chosen = settings(Profile::Smoke, &[("images", "200"), ("epochs", "3"), ("pretraining-epochs", "1")]);
    let trained = train(e, &chosen);
    assert!(trained.summary.failed.is_empty(), "{:?}", trained.summary.failed);
    let drawn = trained.draw();
    let read = |name: &str| Evidence(Rows::from_csv(file(&drawn, name)).unwrap());
    let (summary, epochs) = (read("metrics.csv"), read("epochs.csv"));
    for start in ["pretrained", "random", "tuned random"] {
        for layers in ["2", "3"] {
            let at = [("layers", layers), ("start", start)];
            let one = |metric: &str| summary.values(pick(metric, &at))[0];
            let curve = |metric: &str| -> Vec<f64> {
                let own =
                    |row: &&Row| row.metric == metric && at.iter().all(|(c, v)| row.column(c) == Some(v));
                epochs.rows.iter().filter(own).map(|row| row.value).collect()
            };
            let (test, held_out) = (curve("error_test"), curve("error_held_out"));
            assert_eq!((test.len(), held_out.len(), curve("error_train").len()), (3, 3, 3));
            let first_least = |v: &[f64]| {
                let least = v.iter().copied().fold(f64::INFINITY, f64::min);
                v.iter().position(|&x| x == least).unwrap()
            };
            let epoch = first_least(&held_out);
            assert_eq!(one("epoch_chosen") as usize, epoch + 1);
            assert_eq!(one("error_chosen"), test[epoch]);
            assert_eq!(one("error_last"), test[2]);
            assert_eq!(
                (one("error_best"), one("epoch_best") as usize),
                (test[first_least(&test)], first_least(&test) + 1)
            );
            assert!(
                one("error_last_low") <= one("error_last") && one("error_last") <= one("error_last_high")
            );
        }
    }
    let confusion = std::str::from_utf8(file(&drawn, "confusion.csv")).unwrap();
    let counts: Vec<u64> = confusion
        .lines()
        .skip(1)
        .flat_map(|l| l.split(',').skip(1).map(|n| n.parse::<u64>().unwrap()))
        .collect();
    assert_eq!(
        (counts.len(), counts.iter().sum::<u64>() as usize),
        (100, standin().digits().unwrap().test.len())
    );
}

/// The others go on, and the one that broke says where.
#[test]
fn a_rate_that_diverges_stops_its_network_alone_and_names_layer_and_step() {
    let e = experiment("mnist-layers:scratch");
    let chosen = settings(Profile::Smoke, &[("images", "200"), ("rate", "1e30")]);
    let trained = train(e, &chosen);
    assert!(!trained.summary.failed.is_empty());
    for (.., why) in &trained.summary.failed {
        assert!(why.contains("layers.") && why.contains("not finite") && why.contains("step"), "{why}");
    }
    let points = &trained.plan.points;
    let has = |point: &Point| trained.store.has(&point.key).unwrap();
    let done = points.iter().filter(|point| has(point)).count();
    assert_eq!(done + trained.summary.failed.len(), points.len());
    assert!(points.iter().filter(|point| kind(point) == "greedy").all(has));
}

fn world(rows: &[(&str, &str, f64)]) -> Evidence {
    let mut evidence = Evidence::default();
    for (layers, start, error) in rows {
        evidence.push("error_last", *error, &[("layers", layers), ("start", start), ("seed", &1)]);
    }
    compared(evidence, "layers")
}

/// The same with what 10 000 test images say: each error with its interval, and each two networks on the same images, where
/// the one that errs more gets wrong all that the other does.
fn compared(mut evidence: Evidence, sweep: &str) -> Evidence {
    let images = 10_000.0;
    let own: Vec<Row> = evidence.rows.clone();
    for row in &own {
        let half = 1.96 * (row.value * (1.0 - row.value) / images).sqrt();
        for (metric, value) in [
            ("error_last_low", row.value - half),
            ("error_last_high", row.value + half),
            ("test_images", images),
        ] {
            evidence.rows.push(Row { metric: metric.to_owned(), value, ..row.clone() });
        }
        for other in own.iter().filter(|other| other.columns != row.columns) {
            let text = |name| other.column(name).unwrap_or_default();
            let against = format!("{}, {}", text(sweep), text("start"));
            let columns = [row.columns.clone(), vec![("against".to_owned(), against)]].concat();
            let value = (images * (row.value - other.value)).round().max(0.0);
            evidence.rows.push(Row { columns, metric: "wrong_alone".to_owned(), value, epoch: None });
        }
    }
    evidence
}

#[test]
fn verdicts_follow_the_errors() {
    let e = experiment("mnist-layers:scratch");
    let verdict = |world: &Evidence, says: &str| {
        (e.about.claims.iter().find(|claim| claim.says.contains(says)).unwrap().test)(world).verdict
    };
    let curve = |pretrained: [f64; 3], random: [f64; 3]| {
        let mut rows = Vec::new();
        for (i, layers) in ["2", "4", "6"].into_iter().enumerate() {
            rows.push((layers, "pretrained", pretrained[i]));
            rows.push((layers, "random", random[i]));
        }
        world(&rows)
    };
    let like_the_report = curve([0.02, 0.03, 0.04], [0.09, 0.08, 0.05]);
    let otherwise = curve([0.05, 0.04, 0.03], [0.04, 0.06, 0.09]);
    for says in ["errs less at every depth", "shrinks with depth", "2 or 4 with", "6 or 7 without"] {
        assert_eq!(verdict(&like_the_report, says), Verdict::Reproduced, "{says}");
        assert_eq!(verdict(&otherwise, says), Verdict::NotReproduced, "{says}");
    }
    let cut = world(&[("3", "random", 0.1), ("3", "pretrained", 0.2)]);
    assert_eq!(verdict(&cut, "6 or 7 without"), Verdict::CannotTell);
}

/// What an interval covers is not refuted by it, nor shown.
#[test]
fn an_error_is_held_against_a_bound_with_its_interval() {
    let e = experiment("mnist-best:scratch");
    let claim = e.about.claims.iter().find(|claim| claim.says.contains("1.5 %")).unwrap();
    let judge = |seeds: &[f64]| {
        let mut evidence = Evidence::default();
        for (seed, error) in seeds.iter().enumerate() {
            let columns: [(&str, &dyn std::fmt::Display); 3] =
                [("network", &"4 × 400"), ("start", &"pretrained"), ("seed", &seed)];
            let [low, high] = wilson((error * 10_000.0).round() as u64, 10_000, 1.96);
            for (metric, value) in
                [("error_last", *error), ("error_last_low", low), ("error_last_high", high)]
            {
                evidence.push(metric, value, &columns);
            }
        }
        let finding = (claim.test)(&evidence);
        (finding.verdict, finding.measured)
    };
    let told = |verdict, text: &str| (verdict, text.to_owned());
    assert_eq!(judge(&[0.017]), told(Verdict::CannotTell, "1.70\u{a0}(1.46–1.97) %"));
    assert_eq!(judge(&[0.02]).0, Verdict::NotReproduced);
    assert_eq!(judge(&[0.012]).0, Verdict::Reproduced);
    assert_eq!(judge(&[0.02, 0.017]), told(Verdict::CannotTell, "1.85\u{a0}±\u{a0}0.15 %"));
}

/// One image of ten thousand makes no network the best one.
#[test]
fn networks_that_cannot_be_told_apart_are_equally_good() {
    let e = experiment("mnist-layers:scratch");
    let claim = e.about.claims.iter().find(|claim| claim.says.contains("2 or 4 with")).unwrap();
    let best = |of_three: f64| {
        let rows = [("2", "pretrained", 0.0402), ("3", "pretrained", of_three), ("5", "pretrained", 0.05)];
        (claim.test)(&world(&rows))
    };
    assert_eq!(
        (best(0.0401).verdict, &best(0.0401).measured[..]),
        (Verdict::Reproduced, "3 (4.01 %, not told from 2)")
    );
    assert_eq!(best(0.0380).verdict, Verdict::NotReproduced);
    let less = e.about.claims.iter().find(|claim| claim.says.contains("errs less at every depth")).unwrap();
    let pair = |random: f64| {
        let rows = [
            ("2", "random", random),
            ("2", "pretrained", 0.04),
            ("3", "random", 0.09),
            ("3", "pretrained", 0.05),
        ];
        (less.test)(&world(&rows)).verdict
    };
    assert_eq!(pair(0.05), Verdict::Reproduced);
    assert_eq!(pair(0.0403), Verdict::CannotTell);
    assert_eq!(pair(0.0300), Verdict::NotReproduced);
}

/// A smaller profile leaves networks out. A claim that cannot hold there, whatever is measured, is inconclusive.
#[test]
fn no_claim_fails_for_what_a_profile_cut() {
    for (e, profile) in all().flat_map(|e| Profile::ALL.map(|profile| (e, profile))) {
        let recipe: &Pretraining = recipe(e).unwrap();
        let shapes = recipe.shapes.at(profile);
        // Errors that rise, fall, lie far apart or close together, low or high, in either order of starts.
        let mut worlds = Vec::new();
        for (low, step) in [(0.001, 0.0005), (0.04, 0.002), (0.04, -0.002), (0.03, -0.01)] {
            for gap in [-0.5, 0.2, 1.0] {
                for best in 0..=shapes.len() {
                    let mut evidence = Evidence::default();
                    for (i, shape) in shapes.iter().enumerate() {
                        for (c, regime) in recipe.regimes.iter().enumerate() {
                            let base = low + step * i as f64 * if i > 0 { 1.0 / i as f64 + 0.5 } else { 0.0 };
                            let apart = 1.0 + gap * c as f64 / (1 + i) as f64;
                            let error = if i == best { low / 2.0 } else { base.abs() + 0.0011 };
                            let columns: [(&str, &dyn std::fmt::Display); 3] =
                                [(recipe.sweep, &shape.value), ("start", &regime.name), ("seed", &1)];
                            evidence.push("error_last", error * apart, &columns);
                        }
                    }
                    worlds.push(compared(evidence, recipe.sweep));
                }
            }
        }
        for claim in e.about.claims {
            let verdicts: Vec<Verdict> = worlds.iter().map(|world| (claim.test)(world).verdict).collect();
            let fair = verdicts.contains(&Verdict::Reproduced) || !verdicts.contains(&Verdict::NotReproduced);
            assert!(fair, "{}: {} can only fail in {profile}", e.about.name(), claim.says);
        }
    }
}

/// The stand-in does with what it has; whoever asks more of the published data is told how many there are.
#[test]
fn more_images_than_the_published_data_have_are_refused() {
    let drawn = standin().digits().unwrap();
    let (there, path) = (drawn.train.len(), std::path::PathBuf::new());
    assert_eq!(drawn.amount("images", there + 1, there).unwrap(), there);
    let (train, test, digest) = (drawn.train.clone(), drawn.test.clone(), drawn.digest.clone());
    let published = Digits { train, test, source: Source::Real { path }, digest };
    assert_eq!(published.amount("images", there, there).unwrap(), there);
    let error = published.amount("images", there + 1, there).unwrap_err().to_string();
    let told = format!("images: expected at most {there}, the data set has no more, found {}", there + 1);
    assert_eq!(error, told);
}
