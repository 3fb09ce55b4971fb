//! What the AlphaDigits experiments plan: shared points, milestones, twins, keys.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Point, Profile, Settings};
use experiments::greedy::{Greedy, Judge, Learned, Origin, Reconstruct, Sample, Score, Stacked};
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

/// A job with its point.
pub type With<'a, T> = (&'a Point, T);

/// The points of an experiment, taken apart.
pub struct Planned<'a> {
    /// Layers in training.
    pub stacks: Vec<With<'a, Greedy>>,
    /// Errors of models and of their twins.
    pub errors: Vec<With<'a, Reconstruct>>,
    /// Samples of models.
    pub samples: Vec<With<'a, Sample>>,
    /// Scores of samples.
    pub scores: Vec<With<'a, Score>>,
}

/// Takes the points of an experiment apart. What samples are held against is no model.
pub fn planned(points: &[Point]) -> Planned<'_> {
    let (stacks, errors, samples, scores) = (jobs(points), jobs(points), jobs(points), jobs(points));
    let others = points.iter().filter(|point| kind(point) == "scorer").count();
    let own = stacks.len() + errors.len() + samples.len() + scores.len();
    assert_eq!(own + others, points.len(), "all of AlphaDigits");
    Planned { stacks, errors, samples, scores }
}

/// The classes that a model learns from, and the images of each that are kept from it.
pub fn classes(learned: &Learned) -> (&str, usize) {
    match learned {
        Learned::Letters { characters, held_out } => (characters, *held_out),
        Learned::Digits { .. } | Learned::Own { .. } => panic!("expected letters, found {learned:?}"),
    }
}

/// Layers above none, and how many there are then.
fn ends(stack: &Greedy) -> (usize, usize) {
    let from = stack.below.widths.len();
    (from, from + stack.widths.len())
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
    check("alpha-rbm-generation:generative", &three, &|i| {
        [1, [100, 100, 300][i], 32, [1000, 1000, 5000][i], 1000]
    });
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

/// What the layers of one run have in common.
fn run(stack: &Greedy) -> String {
    let Greedy { learned, batch, rate, sigma, epochs, seed, .. } = stack;
    format!("{learned:?} {batch} {rate} {sigma} {epochs} {seed}")
}

/// Holds that a point needs these layers, in order, all of one run; gives the points that train them, bottom first.
fn follow<'a>(point: &Point, stacked: &Stacked, by_key: &BTreeMap<&str, &'a Greedy>) -> Vec<&'a Greedy> {
    let mut end = 0;
    assert_eq!(point.needs.len(), stacked.segments.len(), "{}", point.label);
    let stacks: Vec<&Greedy> = point.needs.iter().map(|key| by_key[key.as_str()]).collect();
    for (stack, &segment) in stacks.iter().zip(&stacked.segments) {
        assert_eq!(ends(stack), (end, segment), "{}", point.label);
        assert_eq!(stack.below.widths[..], stacked.widths[..end], "{}", point.label);
        assert_eq!(stack.widths[..], stacked.widths[end..segment], "{}", point.label);
        assert_eq!(run(stack), run(stacks[0]), "{}", point.label);
        end = segment;
    }
    assert_eq!(end, stacked.widths.len(), "{}: all layers", point.label);
    if let Some(milestone) = stacked.milestone {
        let bottom = stacks[0];
        assert!(bottom.milestones.contains(&milestone) && milestone <= bottom.epochs, "{}", point.label);
    }
    stacks
}

/// In every experiment each layer of each stack is trained once, in points that follow one another.
#[test]
fn layers_are_trained_once_in_points_that_follow_one_another() {
    for (e, profile) in all().flat_map(|e| Profile::ALL.map(|profile| (e, profile))) {
        let points = plan(e, &settings(profile, &[]));
        let Planned { stacks, .. } = planned(&points);
        let by_key: BTreeMap<&str, &Greedy> = stacks.iter().map(|(p, s)| (p.key.as_str(), s)).collect();
        let mut trained = BTreeSet::new();
        for (point, stack) in &stacks {
            assert!((1..=50).contains(&stack.widths.len()), "{}", point.label);
            let all = [&stack.below.widths[..], &stack.widths].concat();
            let (from, end) = ends(stack);
            for layer in from..end {
                let what = format!("{} {:?}", run(stack), &all[..=layer]);
                assert!(trained.insert(what.clone()), "{}: {what} twice", e.about.name());
            }
            for below in follow(point, &stack.below, &by_key) {
                assert_eq!(run(below), run(stack), "{}", point.label);
            }
            assert!(from == 0 || stack.milestones.is_empty(), "{}: only a first layer has any", point.label);
            assert_eq!(stack.below.milestone, None, "{}: layers lie on trained ones", point.label);
        }
    }
}

/// What is measured and sampled has all the layers that it needs, in order; what is scored was sampled.
#[test]
fn errors_and_samples_need_all_of_their_layers_and_scores_their_samples() {
    for (e, profile) in all().flat_map(|e| Profile::ALL.map(|profile| (e, profile))) {
        let points = plan(e, &settings(profile, &[]));
        let Planned { stacks, errors, samples, scores } = planned(&points);
        let by_key: BTreeMap<&str, &Greedy> = stacks.iter().map(|(p, s)| (p.key.as_str(), s)).collect();
        let own = errors.iter().map(|(point, job)| (point, &job.learned, &job.stacked, job.seed));
        let drawn = samples.iter().map(|(point, job)| (point, &job.learned, &job.stacked, job.seed));
        for (point, learned, stacked, seed) in own.chain(drawn) {
            for stack in follow(point, stacked, &by_key) {
                assert_eq!((&stack.learned, stack.seed), (learned, seed), "{}", point.label);
            }
        }
        assert_eq!(scores.len(), samples.len(), "{}: all samples are scored", e.about.name());
        for (point, score) in &scores {
            let sampled: Vec<_> =
                samples.iter().filter(|(other, _)| point.needs == [other.key.clone()]).collect();
            let [(_, sample)] = &sampled[..] else { panic!("{}: {sampled:?}", point.label) };
            let (characters, held_out) = classes(&sample.learned);
            let judge = Judge::Letters { characters: characters.to_owned() };
            assert_eq!((score.origin, &score.judge, score.seed), (Origin::Samples, &judge, sample.seed));
            assert_eq!(held_out, 0, "{}: twins draw nothing", point.label);
        }
    }
}

#[test]
fn deeper_networks_share_the_layers_of_shallower_ones() {
    let e = experiment("alpha-dbn-layers:generative");
    let points = plan(e, &Settings { repeats: Some(1), ..settings(Profile::Paper, &[]) });
    let Planned { stacks, errors, samples, .. } = planned(&points);
    let trained: Vec<(usize, usize)> = stacks.iter().map(|(_, s)| ends(s)).collect();
    assert_eq!(trained, [(0, 1), (1, 2), (2, 3), (3, 5), (5, 7)], "seven layers in all");
    let needs = |depth: usize| &errors.iter().find(|(_, s)| s.stacked.widths.len() == depth).unwrap().0.needs;
    for (point, sample) in &samples {
        assert_eq!(&point.needs, needs(sample.stacked.widths.len()), "samples are of the models measured");
    }
    assert_eq!(needs(3)[..], needs(5)[..3]);
    assert_eq!(needs(5)[..], needs(7)[..4]);
    // An RBM beside a network of the same hyperparameters is that network's first layer.
    for name in ["alpha-dbn-generation:generative", "alpha-dbn-classes:scratch"] {
        let points = plan(experiment(name), &Settings { repeats: Some(1), ..settings(Profile::Paper, &[]) });
        let Planned { stacks, errors, .. } = planned(&points);
        let depth = |errors: &Reconstruct| errors.stacked.widths.len();
        for (point, rbm) in errors.iter().filter(|(_, s)| depth(s) == 1) {
            let mut deep = errors.iter().filter(|(_, s)| depth(s) > 1 && s.learned == rbm.learned);
            assert!(deep.all(|(other, _)| other.needs[0] == point.needs[0]), "{name}: {}", point.label);
        }
        let bottoms = stacks.iter().filter(|(_, s)| ends(s).0 == 0).count();
        let sets: BTreeSet<(&str, usize)> = errors.iter().map(|(_, s)| classes(&s.learned)).collect();
        assert_eq!(bottoms, sets.len(), "{name}");
    }
}

#[test]
fn a_thousand_layers_are_trained_in_twenty_odd_points() {
    let one = Settings { repeats: Some(1), ..settings(Profile::Paper, &[]) };
    let points = plan(experiment("alpha-dbn-layers:scratch"), &one);
    let Planned { stacks, errors, samples, scores } = planned(&points);
    assert_eq!(stacks.iter().map(|(_, s)| s.widths.len()).sum::<usize>(), 1000);
    assert!(stacks.len() <= 26, "{} points of at most 50 layers, cut at every depth shown", stacks.len());
    assert_eq!([errors.len(), samples.len(), scores.len()], [8; 3]);
}

#[test]
fn looks_at_several_epochs_are_milestones_of_one_run() {
    for (profile, looks) in [(Profile::Smoke, 2), (Profile::Quick, 4), (Profile::Paper, 7)] {
        let e = experiment("alpha-rbm-epochs:generative");
        let points = plan(e, &Settings { repeats: Some(1), ..settings(profile, &[]) });
        let Planned { stacks, errors, samples, .. } = planned(&points);
        // Ten and twenty classes, each with a twin, which draws no samples.
        let found = (stacks.len(), errors.len(), samples.len());
        assert_eq!(found, (4, 4 * looks, 2 * looks), "{profile}");
        for (point, stack) in &stacks {
            assert_eq!(stack.milestones.len(), looks, "{}", point.label);
            let here = |other: &Point| other.needs == [point.key.clone()];
            let measured = errors.iter().filter(|(own, _)| here(own)).map(|(_, job)| &job.stacked);
            let milestones: Vec<usize> = measured.map(|stacked| stacked.milestone.unwrap()).collect();
            assert_eq!(milestones, stack.milestones, "{}", point.label);
            let sampled = samples.iter().filter(|(own, _)| here(own)).map(|(_, job)| &job.stacked);
            let sampled: Vec<usize> = sampled.map(|stacked| stacked.milestone.unwrap()).collect();
            let twin = classes(&stack.learned).1 > 0;
            assert_eq!(sampled, if twin { Vec::new() } else { milestones }, "{}", point.label);
        }
    }
}

#[test]
fn a_twin_learns_without_some_images_wherever_errors_on_unseen_ones_are_asked_for() {
    for e in all() {
        let points = plan(e, &Settings { repeats: Some(1), ..settings(Profile::Quick, &[]) });
        let Planned { stacks, errors, samples, .. } = planned(&points);
        let (variants, held_out) = (alpha(e).variants.quick, alpha(e).held_out);
        // Models that differ in what is drawn of them alone have the same errors, and one twin.
        let trained = |v: &Variant| {
            format!("{:?}", Variant { label: "", value: "", gibbs: v.epochs, samples: v.epochs, ..*v })
        };
        let models = variants.iter().map(trained).collect::<BTreeSet<_>>().len();
        let own = errors.iter().filter(|(_, s)| classes(&s.learned).1 == 0).count();
        let twins = errors.iter().filter(|(_, s)| held_out > 0 && classes(&s.learned).1 == held_out).count();
        let expected = (variants.len(), models, if held_out > 0 { models } else { 0 });
        assert_eq!((samples.len(), own, twins), expected, "{}", e.about.name());
        assert_eq!(errors.len(), own + twins);
        let kept = stacks.iter().filter(|(_, s)| classes(&s.learned).1 > 0).count();
        assert_eq!(kept * 2, if held_out > 0 { stacks.len() } else { 0 }, "{}", e.about.name());
    }
}

#[test]
fn equal_models_of_different_experiments_are_one_point() {
    let names = ["alpha-rbm-reconstruction", "alpha-rbm-generation", "alpha-rbm-classes"];
    let zero = |name: &str| {
        let e = experiment(&format!("{name}:generative"));
        let points = plan(e, &Settings { repeats: Some(1), ..settings(Profile::Paper, &[]) });
        let Planned { stacks, .. } = planned(&points);
        let found = stacks.iter().find(|(_, s)| classes(&s.learned) == ("0", 0)).unwrap();
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
    let seeds: BTreeSet<u64> = planned(&three).stacks.iter().map(|(_, s)| s.seed).collect();
    assert_eq!(seeds, BTreeSet::from([1, 2, 3]));
}
