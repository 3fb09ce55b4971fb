//! What `--set` accepts of the AlphaDigits experiments, and what it refuses by name.

use std::collections::BTreeSet;

use experiments::Profile;
use experiments::recipes::alpha::Picture;

use crate::alpha::{all, alpha, experiment, plan, planned, settings};

const ANOTHER: [(&str, &str); 8] = [
    ("characters", "XY"),
    ("layers", "4"),
    ("hidden", "77"),
    ("batch", "9"),
    ("rate", "0.05"),
    ("epochs", "6"),
    ("gibbs", "33"),
    ("samples", "44"),
];

#[test]
fn what_may_be_set_changes_every_model_and_what_is_swept_may_not_be_set() {
    for e in all() {
        let strips = |set: &[(&str, &str)]| -> BTreeSet<String> {
            let points = plan(e, &settings(Profile::Smoke, set));
            let (_, strips) = planned(&points);
            strips.iter().filter(|(_, s)| s.held_out == 0).map(|(p, _)| p.key.to_string()).collect()
        };
        let keys = e.recipe.keys();
        let swept = match alpha(e).sweep {
            "classes" => "characters",
            other => other,
        };
        assert!(!keys.contains(&swept), "{}: {swept} is what is swept", e.name());
        let usual = strips(&[]);
        for (key, value) in ANOTHER.into_iter().filter(|(key, _)| keys.contains(key)) {
            assert!(strips(&[(key, value)]).is_disjoint(&usual), "{}: {key} = {value}", e.name());
            assert!(strips(&[(key, value), (key, value)]) == strips(&[(key, value)]));
        }
        let known: BTreeSet<&str> = ANOTHER.iter().map(|(key, _)| *key).collect();
        assert!(keys.iter().all(|key| known.contains(key)), "{}: a key without a test", e.name());
        let names = e.recipe.hyperparameters(&settings(Profile::Smoke, &[("rate", "0.05")]));
        assert!(names.contains(&("learning rate".to_owned(), "0.05".to_owned())), "{names:?}");
    }
}

#[test]
fn values_that_make_no_sense_are_refused_by_name() {
    let e = experiment("alpha-rbm-panel:scratch");
    for (key, value, named) in [
        ("layers", "0", "layers"),
        ("hidden", "-1", "hidden"),
        ("hidden", "0", "hidden"),
        ("batch", "many", "batch"),
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
        ("characters", "", "characters"),
    ] {
        let error = e.recipe.plan(e, &settings(Profile::Smoke, &[(key, value)])).unwrap_err().to_string();
        assert!(error.contains(named), "--set {key}={value}: {error}");
    }
}

/// Without a Gibbs step there are no samples, and samples are what all pictures but reconstructions show.
#[test]
fn no_gibbs_step_is_refused_wherever_samples_are_shown() {
    for e in all() {
        let planned = e.recipe.plan(e, &settings(Profile::Smoke, &[("gibbs", "0")]));
        match alpha(e).picture {
            Picture::Reconstructions => assert!(planned.is_ok(), "{}", e.name()),
            Picture::Panels | Picture::Strips => {
                let error = planned.err().unwrap_or_else(|| panic!("{} is planned", e.name())).to_string();
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
        assert_eq!(staged, alpha(e).sweep == "epochs", "{}", e.name());
        if staged {
            assert!(alpha(e).variants.paper.iter().all(|v| v.layers == 1), "{}", e.name());
            assert!(!e.recipe.keys().contains(&"layers"), "{}: {:?}", e.name(), e.recipe.keys());
        }
    }
}
