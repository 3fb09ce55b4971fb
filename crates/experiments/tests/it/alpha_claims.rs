//! The claims of the AlphaDigits experiments, judged on rows made up for every model of the paper profile: each finds
//! the rows that it asks for, can hold, and can fail.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use engine::{Claim, Evidence, Profile, Rows, Settings, Verdict, pick};
use experiments::Experiment;
use experiments::letters::ratings::{self, Reader};
use tensor::{Seed, Stream};

use crate::alpha::{all, alpha};
use crate::support::{experiment, file, settings, train};

/// What the smallest experiment with milestones, series and twins measures, by running it on the stand-in.
fn measured() -> &'static Evidence {
    static MEASURED: OnceLock<Evidence> = OnceLock::new();
    MEASURED.get_or_init(|| {
        let e = experiment("alpha-rbm-epochs:generative");
        let set = [("hidden", "6"), ("gibbs", "3"), ("samples", "20"), ("characters", "0A")];
        let trained = train(e, &settings(Profile::Smoke, &set));
        assert!(trained.summary.failed.is_empty(), "{:?}", trained.summary.failed);
        let drawn = trained.draw();
        for name in e.about.artefacts {
            assert!(!file(&drawn, name).is_empty(), "{name}");
        }
        Evidence(Rows::from_csv(file(&drawn, "metrics.csv")).unwrap())
    })
}

/// The metrics that a model has rows of.
fn metrics() -> BTreeSet<&'static str> {
    measured().rows.iter().map(|row| row.metric.as_str()).collect()
}

/// Made-up rows, as drawing lays them out: one a metric, model and seed. `value` gets the metric and the model's place.
fn made_up(e: &Experiment, settings: &Settings, value: &mut dyn FnMut(&str, usize) -> f64) -> Evidence {
    let (alpha, mut evidence) = (alpha(e), Evidence::default());
    let variants = alpha.variants.at(settings.profile);
    let table: Vec<Vec<(&str, f64)>> = (0..variants.len())
        .map(|place| metrics().into_iter().map(|metric| (metric, value(metric, place))).collect())
        .collect();
    for seed in e.about.seeds(settings) {
        for (variant, row) in variants.iter().zip(&table) {
            for (metric, value) in row {
                let series: (&str, &dyn std::fmt::Display) = ("series", &variant.series);
                evidence.push(metric, *value, &[series, (alpha.sweep, &variant.value), ("seed", &seed)]);
            }
        }
    }
    evidence
}

/// A score between 0 and 1, or an error of any size from a millionth to 1.
fn anything(metric: &str, noise: &mut Stream) -> f64 {
    if metric.contains("mse") { 10f64.powf(-6.0 * noise.unit()) } else { noise.unit() }
}

/// Worlds that a claim may meet: curves that rise, fall, peak, drop at some place, and chaos.
fn worlds(e: &Experiment, settings: &Settings) -> Vec<Evidence> {
    let n = alpha(e).variants.at(settings.profile).len();
    let mut worlds = Vec::new();
    let mut add = |value: &mut dyn FnMut(&str, usize) -> f64| worlds.push(made_up(e, settings, value));
    add(&mut |_, place| (place + 1) as f64 / (n + 1) as f64);
    add(&mut |_, place| (n - place) as f64 / (n + 1) as f64);
    for at in 0..=n {
        add(&mut |_, place| if place == at { 0.95 } else { 0.1 });
        add(&mut |_, place| if place < at { 0.95 } else { 0.1 });
    }
    let mut noise = Seed::new(41).stream();
    for _ in 0..300 {
        add(&mut |metric, _| anything(metric, &mut noise));
    }
    worlds
}

fn name(e: &Experiment, claim: &Claim) -> String {
    format!("{}: {}", e.about.name(), claim.says)
}

#[test]
fn rows_are_laid_out_as_these_tests_suppose() {
    let e = experiment("alpha-rbm-epochs:generative");
    let ours = made_up(e, &settings(Profile::Smoke, &[]), &mut |_, _| 0.0);
    assert_eq!(ours.column_names(), measured().column_names());
    let models = |evidence: &Evidence| -> BTreeSet<String> {
        let rows = evidence.rows.iter().filter(|row| row.metric == "fidelity");
        rows.map(|row| format!("{:?}", row.columns)).collect()
    };
    assert_eq!(models(&ours), models(measured()));
    for metric in ["fidelity", "frechet", "mse_mean_train", "mse_sampled_held_out", "recognised"] {
        assert!(metrics().contains(metric), "{metric}");
    }
    assert!(measured().rows.iter().all(|row| row.value.is_finite()));
}

#[test]
fn every_claim_finds_its_rows_and_can_hold_and_can_fail() {
    for e in all() {
        let settings = settings(Profile::Paper, &[]);
        let worlds = worlds(e, &settings);
        for claim in e.about.claims {
            let findings: Vec<_> = worlds.iter().map(claim.test).collect();
            for finding in &findings {
                let text = format!("{} {}", finding.measured, finding.why);
                assert!(!text.contains("no rows") && !text.contains("NaN"), "{}: {text}", name(e, claim));
            }
            for verdict in [Verdict::Reproduced, Verdict::NotReproduced] {
                assert!(findings.iter().any(|f| f.verdict == verdict), "{}: never {verdict}", name(e, claim));
            }
        }
    }
}

/// A smaller profile leaves models out. A claim that cannot hold there, whatever is measured, should not fail either,
/// but say that it cannot be told.
#[test]
fn no_claim_fails_for_what_a_profile_cut() {
    // Of two depths the smoke sweep has one, and a poor sample there is enough.
    let exception = "alpha-dbn-layers:scratch: Depth hardly matters up to 100 layers.";
    for (e, profile) in all().flat_map(|e| [Profile::Smoke, Profile::Quick].map(|profile| (e, profile))) {
        let worlds = worlds(e, &settings(profile, &[]));
        for claim in e.about.claims {
            let verdicts: Vec<Verdict> = worlds.iter().map(|world| (claim.test)(world).verdict).collect();
            let can = |verdict| verdicts.contains(&verdict);
            let excused = profile == Profile::Smoke && name(e, claim) == exception;
            let fair = can(Verdict::Reproduced) || !can(Verdict::NotReproduced);
            assert!(fair || excused, "{} can only fail in {profile}", name(e, claim));
        }
    }
}

/// Which models may be the best one is part of the claim: each model of the sweep takes its turn.
#[test]
fn the_best_model_is_sought_among_those_that_the_report_names() {
    for (experiment_name, expected) in [
        ("alpha-rbm-units:scratch", &["320", "500", "1000"][..]),
        ("alpha-dbn-units:scratch", &["100", "200", "320", "500", "1000"]),
    ] {
        let e = experiment(experiment_name);
        let settings = settings(Profile::Paper, &[]);
        let claim = e.about.claims.iter().find(|claim| claim.says.contains("best")).unwrap();
        let variants = alpha(e).variants.paper;
        let wins = |at: &usize| {
            let world = made_up(e, &settings, &mut |_, place| if place == *at { 0.9 } else { 0.2 });
            (claim.test)(&world).verdict == Verdict::Reproduced
        };
        let found: Vec<&str> = (0..variants.len()).filter(wins).map(|at| variants[at].value).collect();
        assert_eq!(found, expected, "{experiment_name}");
    }
}

/// How many characters a model takes is where its samples first fall below good, whatever comes after.
#[test]
fn the_limit_is_the_last_good_set_before_the_first_poor_one() {
    for (experiment_name, series, expected) in [
        ("alpha-rbm-classes:scratch", "characters of the figure", 3),
        ("alpha-dbn-classes:scratch", "DBN, 5 × 500", 5),
    ] {
        let e = experiment(experiment_name);
        let claim = e.about.claims.iter().find(|claim| claim.says.contains("limit")).unwrap();
        let variants = alpha(e).variants.paper;
        for limit in 0..variants.iter().filter(|v| v.series == series).count() {
            let good = |place: usize| {
                variants[place].value != (limit + 1).to_string() || variants[place].series != series
            };
            let world = made_up(e, &settings(Profile::Paper, &[]), &mut |_, place| {
                if good(place) { 0.9 } else { 0.5 }
            });
            let finding = (claim.test)(&world);
            assert_eq!(finding.verdict == Verdict::Reproduced, limit == expected, "{limit}: {finding:?}");
            assert_eq!(finding.measured, format!("{limit}\u{a0}±\u{a0}0 characters"), "{finding:?}");
        }
    }
}

/// A sweep that does not go beyond the reported limit cannot find it, and says so.
#[test]
fn the_limit_of_a_sweep_that_was_cut_cannot_be_told() {
    let e = experiment("alpha-dbn-classes:scratch");
    let claim = e.about.claims.iter().find(|claim| claim.says.contains("limit")).unwrap();
    let smoke = settings(Profile::Smoke, &[]);
    for (fidelity, limit) in [(0.9, "2 characters"), (0.5, "0 characters")] {
        let finding = (claim.test)(&made_up(e, &smoke, &mut |_, _| fidelity));
        assert_eq!((finding.verdict, finding.measured.as_str()), (Verdict::CannotTell, limit));
        assert!(finding.why.contains("the sweep ends at 2"), "{finding:?}");
    }
    // Samples that never fall below good have no limit; a sweep that goes beyond the reported one knows that much.
    let finding = (claim.test)(&made_up(e, &settings(Profile::Paper, &[]), &mut |_, _| 0.9));
    let found = (finding.verdict, finding.measured.as_str());
    assert_eq!(found, (Verdict::NotReproduced, "10\u{a0}±\u{a0}0 characters"));
}

/// Made-up fidelities of the models of a sweep, by their values and seeds.
fn fidelities(e: &Experiment, fidelity: impl Fn(&str, usize) -> f64) -> Evidence {
    let (alpha, mut evidence) = (alpha(e), Evidence::default());
    for seed in 0..3 {
        for variant in alpha.variants.paper {
            let columns: [(&str, &dyn std::fmt::Display); 3] =
                [("series", &variant.series), (alpha.sweep, &variant.value), ("seed", &seed)];
            evidence.push("fidelity", fidelity(variant.value, seed), &columns);
            evidence.push("mse_sampled_train", 1.0 / (1.0 + variant.value.parse::<f64>().unwrap()), &columns);
        }
    }
    evidence
}

fn verdict(e: &Experiment, says: &str, evidence: &Evidence) -> Verdict {
    let claim = e.about.claims.iter().find(|claim| claim.says.contains(says)).unwrap();
    (claim.test)(evidence).verdict
}

#[test]
fn differences_within_the_noise_of_sampling_decide_nothing() {
    let units = experiment("alpha-rbm-units:scratch");
    let best = |named: f64| {
        let world = fidelities(units, |value, _| match value {
            "500" => named,
            "320" | "1000" => 0.1,
            _ => 0.8,
        });
        verdict(units, "The best samples", &world)
    };
    assert_eq!(
        [0.7, 0.84, 0.86].map(best),
        [Verdict::NotReproduced, Verdict::CannotTell, Verdict::Reproduced]
    );
    let wide = experiment("alpha-dbn-units:generative");
    let levels = |end: f64| {
        let world = fidelities(wide, |value, _| match value {
            "50" => 0.2,
            "300" => 0.4,
            "700" => end,
            _ => 0.3,
        });
        verdict(wide, "Beyond some width", &world)
    };
    assert_eq!(
        [0.5, 0.57, 0.63, 0.7].map(levels),
        [Verdict::Reproduced, Verdict::CannotTell, Verdict::CannotTell, Verdict::NotReproduced]
    );
}

/// A sentence about all models is judged on all of them.
#[test]
fn one_model_that_contradicts_is_enough() {
    let units = experiment("alpha-rbm-units:scratch");
    let worst = |of_one: f64| {
        let world = fidelities(units, |value, _| match value {
            "100000" => 0.7,
            "1" => of_one,
            _ => 0.9,
        });
        verdict(units, "the worst zero", &world)
    };
    assert_eq!(
        (worst(0.9), worst(0.1)),
        (Verdict::Reproduced, Verdict::Partly),
        "its error is the smallest still"
    );
    let mut larger = fidelities(units, |value, _| if value == "100000" { 0.1 } else { 0.9 });
    for row in &mut larger.rows {
        if row.metric.starts_with("mse") && row.column("hidden") == Some("100000") {
            row.value = 1.0;
        }
    }
    assert_eq!(verdict(units, "the worst zero", &larger), Verdict::Partly);
    let classes = experiment("alpha-rbm-classes:generative");
    for at in 3..=10 {
        let world = fidelities(classes, |value, _| if value == at.to_string() { 0.9 } else { 0.1 });
        assert_eq!(verdict(classes, "Beyond two classes", &world), Verdict::NotReproduced, "{at}");
    }
    assert_eq!(verdict(classes, "Beyond two classes", &fidelities(classes, |_, _| 0.1)), Verdict::Reproduced);
}

/// A limit is refuted where all seeds lie on one side of it.
#[test]
fn a_limit_between_the_seeds_cannot_be_told() {
    let e = experiment("alpha-rbm-classes:scratch");
    let limit = |limits: [usize; 3]| {
        let good = |value: &str, seed: usize| value.parse::<usize>().unwrap() <= limits[seed];
        verdict(e, "limit", &fidelities(e, |value, seed| if good(value, seed) { 0.9 } else { 0.5 }))
    };
    assert_eq!(
        [[2, 2, 1], [2, 2, 4], [3, 2, 4], [3, 3, 3]].map(limit),
        [Verdict::NotReproduced, Verdict::CannotTell, Verdict::CannotTell, Verdict::Reproduced],
        "seeds on both sides of a number do not refute it"
    );
}

/// A model under another reading is trained, measured and drawn beside the protocol's, and its rows carry the reading's name.
#[test]
fn other_readings_are_run_beside_the_protocol() {
    let e = experiment("alpha-rbm-reconstruction:generative");
    let protocol = settings(Profile::Smoke, &[]);
    let trained = train(e, &Settings { readings: true, ..protocol.clone() });
    assert!(trained.summary.failed.is_empty(), "{:?}", trained.summary.failed);
    let drawn = trained.draw();
    let evidence = Evidence(Rows::from_csv(file(&drawn, "metrics.csv")).unwrap());
    let names: Vec<String> = alpha(e).readings.iter().map(|(reading, _)| reading.name()).collect();
    assert_eq!(evidence.readings(), names);
    let one = pick("mse_mean_train", &[("model", "one class, 100 hidden")]);
    let own = evidence.of_protocol().values(one);
    assert_eq!(
        (own.len(), evidence.values(one)),
        (1, own.clone()),
        "rows of readings are none of the protocol's"
    );
    for name in &names {
        let read = evidence.of_reading(name).values(one);
        assert!(read.len() == 1 && read != own, "{name}: another model");
    }
    let heads: Vec<&str> = drawn.tables[1].columns().iter().map(|column| column.name.as_str()).collect();
    assert!(
        drawn.tables[1].caption().starts_with("Other readings") && heads.contains(&"reading"),
        "{heads:?}"
    );
    let without = train(e, &protocol).draw();
    assert!(Evidence(Rows::from_csv(file(&without, "metrics.csv")).unwrap()).readings().is_empty());
}

/// What is committed is what the formula gives, and what the page says of it.
#[test]
fn fidelity_agrees_with_blind_ratings() {
    let text = include_str!("../../src/letters/ratings.csv");
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let at = |name: &str| header.iter().position(|own| *own == name).unwrap();
    let mut plants = 0;
    for cells in lines {
        let of = |name: &str| cells[at(name)].parse::<f64>().unwrap();
        let diversity = (2.0 * of("share_diversity")).min(1.0);
        let expected = of("share_cleanness") * of("share_variety").sqrt() * diversity.powf(0.25);
        // The shares are written with four decimals, and a fourth root of a small one magnifies that.
        assert!((of("fidelity") - expected).abs() < 2e-3, "{cells:?}: {expected}");
        match cells[at("what")] {
            "real" => assert!(of("fidelity") > 0.99, "{cells:?}"),
            "copies" | "blank" | "noise" => assert!(of("fidelity") < 0.5, "{cells:?}"),
            _ => continue,
        }
        plants += 1;
    }
    assert!(plants >= 20);
    let found = ratings::agreement(Reader::First);
    assert!(found.strips >= 90 && found.share > 0.85 && found.kappa > 0.7 && found.rank > 0.9, "{found:?}");
    // A second reader, of other strips, after the form was settled.
    let found = ratings::agreement(Reader::Second);
    assert!(found.strips == 70 && found.share > 0.7 && found.kappa > 0.4 && found.rank > 0.8, "{found:?}");
}
