//! What the AlphaDigits experiments plan: shared points, milestones, twins, keys.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Point, Profile, Settings};
use experiments::greedy::Stack;
use experiments::letters::job::Strip;
use experiments::letters::{Alpha, Variant};
use experiments::{Experiment, registry};

use crate::support::{experiment, jobs, kind, plan, recipe, settings, whole_plan};

pub fn alpha(experiment: &Experiment) -> &'static Alpha {
    recipe(experiment).unwrap_or_else(|| panic!("{}: not AlphaDigits", experiment.about.name()))
}

/// Every AlphaDigits experiment.
pub fn all() -> impl Iterator<Item = &'static Experiment> {
    registry::all().into_iter().filter(|e| recipe::<Alpha>(e).is_some())
}

/// A stack or a strip with its point.
pub type With<'a, T> = (&'a Point, T);

/// The points of an experiment, taken apart. What samples are held against is no model.
pub fn planned(points: &[Point]) -> (Vec<With<'_, Stack>>, Vec<With<'_, Strip>>) {
    let (stacks, strips) = (jobs(points), jobs(points));
    let others = points.iter().filter(|point| kind(point) == "scorer").count();
    assert_eq!(stacks.len() + strips.len() + others, points.len(), "all of AlphaDigits");
    (stacks, strips)
}

#[test]
fn every_alphadigits_question_of_the_reports_is_here() {
    let expected = [
        "alpha-rbm-reconstruction:generative",
        "alpha-rbm-generation:generative",
        "alpha-rbm-classes:generative",
        "alpha-rbm-classes:scratch",
        "alpha-rbm-epochs:generative",
        "alpha-rbm-panel:scratch",
        "alpha-rbm-units:scratch",
        "alpha-dbn-generation:generative",
        "alpha-dbn-classes:generative",
        "alpha-dbn-classes:scratch",
        "alpha-dbn-layers:generative",
        "alpha-dbn-layers:scratch",
        "alpha-dbn-units:generative",
        "alpha-dbn-units:scratch",
    ];
    let found: Vec<String> = all().map(|e| e.about.name()).collect();
    for name in expected {
        assert_eq!(found.iter().filter(|found| *found == name).count(), 1, "{name}");
    }
    let ids: BTreeSet<String> = registry::all().iter().map(|e| e.about.name()).collect();
    assert_eq!(ids.len(), registry::all().len(), "names are unique");
    for e in all() {
        assert!(!e.about.claims.is_empty() && !e.about.artefacts.is_empty(), "{}", e.about.name());
        assert_eq!(e.about.report, e.about.protocol, "a protocol is named after its report");
    }
}

/// The paper profile is the report's own: what a figure swept, and what it kept.
#[test]
fn the_paper_profile_has_the_reports_hyperparameters() {
    let prefixes =
        |of: &str, from: usize| -> Vec<String> { (from..=of.len()).map(|n| of[..n].to_owned()).collect() };
    // Layers, hidden units, batch size, epochs, Gibbs steps.
    type Fixed = [usize; 5];
    let check = |name: &str, characters: &[String], fixed: &dyn Fn(usize) -> Fixed| {
        let variants = alpha(experiment(name)).variants.paper;
        // Curves beside the report's come later in the list.
        assert!(variants.len() >= characters.len(), "{name}: {} models", variants.len());
        for (i, (v, characters)) in variants.iter().zip(characters).enumerate() {
            let found = [v.layers, v.hidden, v.batch, v.epochs.paper, v.gibbs.paper];
            assert_eq!((v.characters, found), (characters.as_str(), fixed(i)), "{name}: {}", v.label);
            assert_eq!(v.rate, if v.value == "rate 1" { 1.0 } else { 0.1 }, "{name}: {}", v.label);
        }
    };
    let digits = "0123456789".to_owned();
    let same = |characters: &str, n: usize| vec![characters.to_owned(); n];
    let three = ["0".to_owned(), digits.clone(), digits.clone()];
    check("alpha-rbm-reconstruction:generative", &three, &|i| [1, [100, 100, 300][i], 32, 1000, 1000]);
    let two = ["0".to_owned(), digits.clone()];
    check("alpha-rbm-generation:generative", &two, &|i| [1, [100, 300][i], 32, [1000, 5000][i], 1000]);
    check("alpha-rbm-classes:generative", &prefixes(&digits, 1), &|_| [1, 100, 32, 1000, 1000]);
    check("alpha-rbm-classes:scratch", &prefixes("24BZ9PTN", 1), &|_| [1, 500, 5, 100, 50]);
    check("alpha-rbm-epochs:generative", &same(&digits, 7), &|_| [1, 100, 32, 5000, 1000]);
    check("alpha-rbm-panel:scratch", &same("A", 8), &|i| {
        let hidden = [200, 10, 1000, 10_000][i % 4 * usize::from(i < 4)];
        [1, hidden, if i == 5 { 15 } else { 5 }, if i == 6 { 100 } else { 20 }, if i == 7 { 200 } else { 50 }]
    });
    let q = [1, 10, 100, 320, 500, 1000, 10_000, 100_000];
    check("alpha-rbm-units:scratch", &same("0", 8), &|i| [1, q[i], 5, 100, 50]);
    check("alpha-dbn-generation:generative", &same("01234", 2), &|i| [[1, 3][i], 300, 32, 5000, 1000]);
    check("alpha-dbn-classes:generative", &prefixes("0123456789ABCDE", 5), &|_| [3, 300, 32, 5000, 1000]);
    check("alpha-dbn-classes:scratch", &prefixes("24BZ9PTN0K", 1), &|_| [5, 500, 5, 100, 50]);
    let depth = [1, 2, 3, 5, 7];
    check("alpha-dbn-layers:generative", &same(&digits, 5), &|i| [depth[i], 100, 32, 5000, 1000]);
    let depth = [2, 5, 10, 20, 50, 100, 500, 1000];
    check("alpha-dbn-layers:scratch", &same("W", 8), &|i| [depth[i], 500, 5, 100, 50]);
    let q = [50, 100, 200, 300, 500, 700];
    check("alpha-dbn-units:generative", &same(&digits, 6), &|i| [2, q[i], 32, 5000, 1000]);
    let q = [1, 10, 100, 200, 320, 500, 1000, 10_000];
    check("alpha-dbn-units:scratch", &same("F", 8), &|i| [5, q[i], 5, 100, 50]);
}

#[test]
fn smaller_profiles_cut_amounts_and_never_architectures() {
    for (e, profile) in all().flat_map(|e| Profile::ALL.map(|profile| (e, profile))) {
        let (alpha, mut seen) = (alpha(e), BTreeSet::new());
        for v in alpha.variants.at(profile) {
            assert!(seen.insert((v.series, v.value)), "{}: {} twice", e.about.name(), v.value);
            if alpha.sweep == "epochs" {
                // The swept value is an amount itself.
                assert!(v.after.unwrap() <= v.epochs.at(profile) && v.value == v.after.unwrap().to_string());
                continue;
            }
            let same = |p: &&Variant| (p.series, p.value) == (v.series, v.value);
            let paper = alpha.variants.paper.iter().find(same).unwrap();
            let fixed = |v: &Variant| (v.label, v.characters, v.layers, v.hidden, v.batch, v.rate, v.after);
            assert_eq!(fixed(v), fixed(paper), "{}", e.about.name());
            for (name, amount) in [("epochs", v.epochs), ("Gibbs steps", v.gibbs), ("samples", v.samples)] {
                assert!(
                    amount.smoke <= amount.quick && amount.quick <= amount.paper,
                    "{} {name}",
                    e.about.name()
                );
            }
        }
    }
}

#[test]
fn every_experiment_plans_in_every_profile_with_unique_keys() {
    for profile in Profile::ALL {
        let settings = settings(profile, &[]);
        for e in registry::all() {
            let points = plan(e, &settings);
            let keys: BTreeSet<&str> = points.iter().map(|p| p.key.as_str()).collect();
            assert!(!points.is_empty() && keys.len() == points.len(), "{} in {profile}", e.about.name());
            let mut before = BTreeSet::new();
            for point in &points {
                assert!(
                    point.needs.iter().all(|need| before.contains(need)),
                    "{}: needs come first",
                    point.label
                );
                assert!(
                    point.seconds.is_finite() && point.seconds > 0.0 && point.bytes > 0,
                    "{}",
                    point.label
                );
                before.insert(point.key.clone());
            }
        }
        let plan = whole_plan(&settings);
        let keys: BTreeSet<&str> = plan.points.iter().map(|p| p.key.as_str()).collect();
        assert_eq!(keys.len(), plan.points.len());
    }
}

/// In every experiment each layer of each stack is trained once, in points that follow one another, and what is sampled
/// has all the layers it needs, in order.
#[test]
fn layers_are_trained_once_and_strips_need_all_of_theirs() {
    for (e, profile) in all().flat_map(|e| Profile::ALL.map(|profile| (e, profile))) {
        let points = plan(e, &settings(profile, &[]));
        let (stacks, strips) = planned(&points);
        let by_key: BTreeMap<&str, &Stack> = stacks.iter().map(|(p, s)| (p.key.as_str(), s)).collect();
        let run = |s: &Stack| {
            format!("{} {} {} {} {} {}", s.characters, s.held_out, s.batch, s.rate, s.epochs, s.seed)
        };
        let mut trained = BTreeSet::new();
        for (point, stack) in &stacks {
            assert!(
                stack.from < stack.widths.len() && stack.widths.len() - stack.from <= 50,
                "{}",
                point.label
            );
            for layer in stack.from..stack.widths.len() {
                let what = format!("{} {:?} layer {layer}", run(stack), stack.widths[0]);
                assert!(trained.insert(what.clone()), "{}: {what} twice", e.about.name());
            }
            let below: Vec<&Stack> = point.needs.iter().map(|key| by_key[key.as_str()]).collect();
            assert_eq!(below.len(), usize::from(stack.from > 0), "{}", point.label);
            for below in below {
                assert_eq!((run(below), &below.widths[..]), (run(stack), &stack.widths[..stack.from]));
            }
        }
        for (point, strip) in &strips {
            let mut end = 0;
            assert_eq!(point.needs.len(), strip.segments.len(), "{}", point.label);
            for (key, &segment) in point.needs.iter().zip(&strip.segments) {
                let stack = by_key[key.as_str()];
                assert_eq!((stack.from, stack.widths.len()), (end, segment), "{}", point.label);
                assert_eq!(stack.widths[..], strip.widths[..segment]);
                let same = (&stack.characters, stack.held_out, stack.seed);
                assert_eq!(same, (&strip.characters, strip.held_out, strip.seed));
                end = segment;
            }
            assert_eq!(end, strip.widths.len(), "{}: all layers", point.label);
            if let Some(milestone) = strip.milestone {
                let bottom = by_key[point.needs[0].as_str()];
                assert!(
                    bottom.milestones.contains(&milestone) && milestone <= bottom.epochs,
                    "{}",
                    point.label
                );
            }
        }
    }
}

#[test]
fn deeper_networks_share_the_layers_of_shallower_ones() {
    let e = experiment("alpha-dbn-layers:generative");
    let points = plan(e, &Settings { repeats: Some(1), ..settings(Profile::Paper, &[]) });
    let (stacks, strips) = planned(&points);
    let trained: Vec<(usize, usize)> = stacks.iter().map(|(_, s)| (s.from, s.widths.len())).collect();
    assert_eq!(trained, [(0, 1), (1, 2), (2, 3), (3, 5), (5, 7)], "seven layers in all");
    let needs = |depth: usize| &strips.iter().find(|(_, s)| s.widths.len() == depth).unwrap().0.needs;
    assert_eq!(needs(3)[..], needs(5)[..3]);
    assert_eq!(needs(5)[..], needs(7)[..4]);
    // An RBM beside a network of the same hyperparameters is that network's first layer.
    for name in ["alpha-dbn-generation:generative", "alpha-dbn-classes:scratch"] {
        let points = plan(experiment(name), &Settings { repeats: Some(1), ..settings(Profile::Paper, &[]) });
        let (stacks, strips) = planned(&points);
        for (point, rbm) in strips.iter().filter(|(_, s)| s.widths.len() == 1) {
            let mut deep =
                strips.iter().filter(|(_, s)| s.widths.len() > 1 && s.characters == rbm.characters);
            assert!(deep.all(|(other, _)| other.needs[0] == point.needs[0]), "{name}: {}", point.label);
        }
        let bottoms = stacks.iter().filter(|(_, s)| s.from == 0).count();
        let sets: BTreeSet<&str> = strips.iter().map(|(_, s)| s.characters.as_str()).collect();
        assert_eq!(bottoms, sets.len(), "{name}");
    }
}

#[test]
fn a_thousand_layers_are_trained_in_twenty_odd_points() {
    let points = plan(experiment("alpha-dbn-layers:scratch"), &settings(Profile::Paper, &[]));
    let (stacks, strips) = planned(&points);
    assert_eq!(stacks.iter().map(|(_, s)| s.widths.len() - s.from).sum::<usize>(), 1000);
    assert!(stacks.len() <= 26, "{} points of at most 50 layers, cut at every depth shown", stacks.len());
    assert_eq!(strips.len(), 8);
}

#[test]
fn looks_at_several_epochs_are_milestones_of_one_run() {
    for (profile, looks) in [(Profile::Smoke, 2), (Profile::Quick, 4), (Profile::Paper, 7)] {
        let e = experiment("alpha-rbm-epochs:generative");
        let points = plan(e, &Settings { repeats: Some(1), ..settings(profile, &[]) });
        let (stacks, strips) = planned(&points);
        // Ten and twenty classes, each with a twin.
        assert_eq!((stacks.len(), strips.len()), (4, 4 * looks), "{profile}");
        for (point, stack) in &stacks {
            assert_eq!(stack.milestones.len(), looks, "{}", point.label);
            let here = strips.iter().filter(|(strip, _)| strip.needs == [point.key.clone()]);
            let milestones: Vec<usize> = here.map(|(_, strip)| strip.milestone.unwrap()).collect();
            assert_eq!(milestones, stack.milestones);
        }
    }
}

#[test]
fn a_twin_learns_without_some_images_wherever_errors_on_unseen_ones_are_asked_for() {
    for e in all() {
        let points = plan(e, &Settings { repeats: Some(1), ..settings(Profile::Quick, &[]) });
        let (stacks, strips) = planned(&points);
        let (variants, held_out) = (alpha(e).variants.quick, alpha(e).held_out);
        // Models that differ in their Gibbs steps alone have one twin.
        let trained = |v: &Variant| format!("{:?}", Variant { label: "", value: "", gibbs: v.epochs, ..*v });
        let models = variants.iter().map(trained).collect::<BTreeSet<_>>().len();
        let shown = strips.iter().filter(|(_, s)| s.held_out == 0 && s.gibbs > 0).count();
        let twins = strips.iter().filter(|(_, s)| s.held_out == held_out && s.gibbs == 0).count();
        let expected = (variants.len(), if held_out > 0 { models } else { 0 });
        assert_eq!((shown, twins), expected, "{}", e.about.name());
        assert_eq!(strips.len(), shown + twins);
        let kept = stacks.iter().filter(|(_, s)| s.held_out > 0).count();
        assert_eq!(kept * 2, if held_out > 0 { stacks.len() } else { 0 }, "{}", e.about.name());
    }
}

#[test]
fn equal_models_of_different_experiments_are_one_point() {
    let names = ["alpha-rbm-reconstruction", "alpha-rbm-generation", "alpha-rbm-classes"];
    let zero = |name: &str| {
        let e = experiment(&format!("{name}:generative"));
        let points = plan(e, &Settings { repeats: Some(1), ..settings(Profile::Paper, &[]) });
        let (stacks, _) = planned(&points);
        let found = stacks.iter().find(|(_, s)| (s.characters.as_str(), s.held_out) == ("0", 0)).unwrap();
        found.0.key.clone()
    };
    assert!(zero(names[0]) == zero(names[1]) && zero(names[1]) == zero(names[2]));
}

#[test]
fn repeats_are_further_seeds() {
    let e = experiment("alpha-dbn-layers:generative");
    let of = |repeats| plan(e, &Settings { repeats: Some(repeats), ..settings(Profile::Smoke, &[]) });
    let (one, three) = (of(1), of(3));
    let keys = |points: &[Point]| -> BTreeSet<String> {
        let models = points.iter().filter(|point| kind(point) != "scorer");
        models.map(|point| point.key.to_string()).collect()
    };
    assert_eq!(keys(&three).len(), 3 * keys(&one).len());
    assert!(keys(&one).is_subset(&keys(&three)), "the first repeat is the run without repeats");
    let seeds: BTreeSet<u64> = planned(&three).0.iter().map(|(_, s)| s.seed).collect();
    assert_eq!(seeds, BTreeSet::from([1, 2, 3]));
}
