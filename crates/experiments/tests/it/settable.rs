//! What `--set` accepts of the AlphaDigits experiments, and what it refuses by name.

use std::collections::BTreeSet;

use engine::{BadSetting, Point, Profile};
use experiments::data::Data;
use experiments::letters::Picture;
use experiments::registry;
use fetch::Policy;

use crate::alpha::{all, alpha, classes, planned};
use crate::support::{experiment, hypers, options, plan, refusal, settings};

const ANOTHER: [(&str, &str); 9] = [
    ("characters", "XY"),
    ("layers", "4"),
    ("hidden", "77"),
    ("batch", "9"),
    ("rate", "0.05"),
    ("sigma", "0.03"),
    ("epochs", "6"),
    ("gibbs", "33"),
    ("samples", "44"),
];

/// Samples and their scores are others whatever is set; errors are, unless it is what is drawn alone.
#[test]
fn what_may_be_set_changes_every_model() {
    for e in all() {
        let models = |set: &[(&str, &str)]| -> [BTreeSet<String>; 3] {
            let points = plan(e, &settings(Profile::Smoke, set));
            let planned = planned(&points);
            let keys = |points: Vec<&Point>| points.into_iter().map(|point| point.key.to_string()).collect();
            let own = planned.errors.iter().filter(|(_, job)| classes(&job.learned).1 == 0);
            [
                keys(own.map(|(point, _)| *point).collect()),
                keys(planned.samples.iter().map(|(point, _)| *point).collect()),
                keys(planned.scores.iter().map(|(point, _)| *point).collect()),
            ]
        };
        let keys = hypers(e, &settings(Profile::Smoke, &[])).keys;
        let usual = models(&[]);
        assert!(usual.iter().all(|keys| !keys.is_empty()), "{}", e.about.name());
        for (key, value) in ANOTHER.into_iter().filter(|(key, _)| keys.contains(key)) {
            let ([errors, samples, scores], name) = (models(&[(key, value)]), e.about.name());
            assert!(samples.is_disjoint(&usual[1]), "{name}: {key} = {value}");
            assert!(scores.is_disjoint(&usual[2]), "{name}: {key} = {value}");
            if ["gibbs", "samples"].contains(&key) {
                assert_eq!(errors, usual[0], "{name}: {key} = {value}");
            } else {
                assert!(errors.is_disjoint(&usual[0]), "{name}: {key} = {value}");
            }
            assert!(models(&[(key, value), (key, value)]) == [errors, samples, scores]);
        }
        let known: BTreeSet<&str> = ANOTHER.iter().map(|(key, _)| *key).collect();
        assert!(keys.iter().all(|key| known.contains(key)), "{}: a key without a test", e.about.name());
        let names = hypers(e, &settings(Profile::Smoke, &[("rate", "0.05")])).table;
        let rate = names.iter().find(|own| own.name == "learning rate").unwrap();
        assert_eq!(rate.value, "0.05");
    }
}

/// A value that models are compared by cannot be one for all of them: their labels and claims would speak of others.
#[test]
fn what_models_are_compared_by_may_not_be_set() {
    for (name, expected) in [
        ("alpha-rbm-panel:scratch", &["characters", "layers", "sigma", "samples"][..]),
        (
            "alpha-rbm-units:scratch",
            &["characters", "layers", "batch", "rate", "sigma", "epochs", "gibbs", "samples"],
        ),
        ("alpha-rbm-generation:generative", &["layers", "batch", "rate", "sigma", "gibbs", "samples"]),
        ("alpha-rbm-epochs:generative", &["hidden", "batch", "rate", "sigma", "gibbs", "samples"]),
        (
            "alpha-dbn-generation:generative",
            &["characters", "hidden", "batch", "rate", "sigma", "epochs", "gibbs", "samples"],
        ),
        ("alpha-dbn-classes:scratch", &["hidden", "batch", "rate", "sigma", "epochs", "gibbs", "samples"]),
        ("mnist-samples:scratch", &["pretraining-epochs", "epochs", "batch", "rate", "sigma"]),
        ("mnist-layers:scratch", &["images", "pretraining-epochs", "epochs", "batch", "rate", "sigma"]),
    ] {
        assert_eq!(hypers(experiment(name), &settings(Profile::Paper, &[])).keys, expected, "{name}");
    }
}

#[test]
fn what_was_set_is_no_cut_and_every_cut_amount_is_named() {
    let e = experiment("alpha-rbm-generation:generative");
    let cuts = |set: &[(&str, &str)]| hypers(e, &settings(Profile::Quick, set)).cuts;
    let epochs = "epochs: 300 instead of 1000, 500 instead of 5000";
    assert_eq!(cuts(&[]), [epochs, "samples: 100 instead of 200"]);
    assert_eq!(cuts(&[("samples", "7")]), [epochs]);
    assert!(hypers(e, &settings(Profile::Paper, &[])).cuts.is_empty());
}

#[test]
fn values_that_make_no_sense_are_refused_by_name() {
    let e = experiment("alpha-rbm-panel:scratch");
    for (key, value, named) in [
        ("layers", "0", "layers"),
        ("hidden", "-1", "hidden"),
        ("hidden", "0", "hidden"),
        ("batch", "many", "--set batch=many: expected a whole number"),
        ("rate", "fast", "--set rate=fast: expected a number"),
        ("batch", "0", "batch"),
        ("epochs", "1.5", "epochs"),
        ("epochs", "0", "epochs"),
        ("gibbs", "-3", "gibbs"),
        ("gibbs", "0", "gibbs: expected at least 1"),
        ("samples", "0", "samples"),
        ("rate", "NaN", "rate"),
        ("rate", "-0.1", "rate"),
        ("rate", "inf", "rate"),
        ("characters", "0?", "'?'"),
        ("characters", "ABA", "'A' twice"),
        ("characters", "", "characters"),
    ] {
        let error = format!("{:#}", refusal(e, &settings(Profile::Smoke, &[(key, value)])));
        assert!(error.contains(named), "--set {key}={value}: {error}");
    }
}

/// Without a Gibbs step there are no samples, and samples are what all pictures but reconstructions show.
#[test]
fn no_gibbs_step_is_refused_wherever_samples_are_shown() {
    for e in all() {
        let chosen = settings(Profile::Smoke, &[("gibbs", "0")]);
        match alpha(e).picture {
            Picture::Reconstructions => assert!(!plan(e, &chosen).is_empty(), "{}", e.about.name()),
            Picture::Panels | Picture::Strips => {
                let error = format!("{:#}", refusal(e, &chosen));
                assert!(
                    error.contains("gibbs: expected at least 1") && error.ends_with("found 0"),
                    "{error}"
                );
            }
        }
    }
}

/// The milestones of a run are those of its first layer, so that stages of deeper stacks would mix an early first layer
/// with late ones above it.
#[test]
fn the_epochs_sweep_has_one_layer_and_keeps_it() {
    for e in all() {
        let staged = alpha(e).variants.paper.iter().any(|v| v.after.is_some());
        assert_eq!(staged, alpha(e).sweep == "epochs", "{}", e.about.name());
        if staged {
            assert!(alpha(e).variants.paper.iter().all(|v| v.layers == 1), "{}", e.about.name());
            let keys = hypers(e, &settings(Profile::Paper, &[])).keys;
            assert!(!keys.contains(&"layers"), "{}: {keys:?}", e.about.name());
        }
    }
}

/// Whichever recipe refuses, and however it says so.
#[test]
fn a_plan_that_fails_for_a_setting_says_that_it_is_the_setting() {
    for (name, key, value) in [
        ("alpha-rbm-panel:scratch", "epochs", "abc"),
        ("alpha-rbm-panel:scratch", "hidden", "0"),
        ("alpha-rbm-panel:scratch", "characters", "a?"),
        ("mnist-layers:scratch", "batch", "many"),
        ("mnist-layers:scratch", "rate", "inf"),
        ("ot-desserts:ann4", "lambda", "0"),
        ("ot-colour-transfer:ann4", "height", "1"),
        ("ot-digits:ours", "epsilon", "NaN"),
    ] {
        let error = refusal(experiment(name), &settings(Profile::Smoke, &[(key, value)]));
        let bad = error.downcast_ref::<BadSetting>();
        assert_eq!(bad.map(|bad| bad.experiment.as_str()), Some(name), "--set {key}={value}: {error:#}");
        assert!(format!("{error:#}").contains(if key == "characters" { "'a'" } else { key }), "{error:#}");
    }
}

/// Data that are not there are missing whatever `--set` says.
#[test]
fn a_plan_that_fails_without_a_setting_too_is_not_the_settings_fault() {
    let nowhere = std::path::PathBuf::from("/nowhere");
    let options =
        fetch::Options { data_dir: None, environment: None, home: nowhere, ..options(Policy::Real) };
    let data = std::sync::Arc::new(Data::new(options));
    let e = experiment("mnist-layers:scratch");
    for set in [&[][..], &[("epochs", "3")]] {
        let error = e.study(&settings(Profile::Smoke, set), &data).err().unwrap();
        assert!(!error.is::<BadSetting>() && format!("{error:#}").contains("cannot plan"), "{error:#}");
    }
}

/// Real numbers: their size costs nothing, or the recipe has bounds of its own.
const REAL: [&str; 5] = ["rate", "fine-rate", "epsilon", "lambda", "tolerance"];

#[test]
fn no_amount_is_without_a_bound() {
    for e in registry::all() {
        let keys = hypers(e, &settings(Profile::Smoke, &[])).keys;
        for key in keys.iter().filter(|key| !REAL.contains(key) && **key != "characters") {
            for value in ["1000000000000", "18446744073709551615", "1e30", "inf"] {
                let error = refusal(e, &settings(Profile::Smoke, &[(key, value)]));
                let text = format!("{error:#}");
                assert!(
                    error.is::<BadSetting>() && text.contains(key),
                    "{}: {key}={value}: {text}",
                    e.about.name()
                );
            }
        }
    }
}

#[test]
fn ten_times_the_deepest_and_the_widest_of_the_reports_may_be_planned() {
    let e = experiment("alpha-rbm-panel:scratch");
    for set in
        [&[("layers", "10000")][..], &[("hidden", "1000000")], &[("samples", "100000"), ("gibbs", "1000000")]]
    {
        assert!(!plan(e, &settings(Profile::Smoke, set)).is_empty(), "{set:?}");
    }
}
