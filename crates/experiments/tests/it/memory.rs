//! What points are estimated to take in memory. What they do take is measured where the program runs as a whole.

use std::collections::BTreeSet;

use experiments::jobs::Job;
use experiments::plan::Plan;
use experiments::{Profile, REGISTRY};

use crate::alpha::{experiment, plan, settings};
use crate::support::{plan_of, toy};

/// What an experiment may take.
const CEILING: u64 = 600 << 20;

/// Only the widest machines of two sweeps take more, and only the paper profile runs them.
#[test]
fn points_stay_below_600_mebibytes_but_for_the_widest_of_two_sweeps() {
    for profile in Profile::ALL {
        let mut above = BTreeSet::new();
        for e in REGISTRY {
            for point in plan(e, &settings(profile, &[])).iter().filter(|point| point.bytes >= CEILING) {
                let widest = match &point.job {
                    Job::Stack(stack) => stack.widths.iter().max(),
                    Job::Strip(strip) => strip.widths.iter().max(),
                    _ => None,
                };
                above.insert((e.name(), widest.copied().unwrap_or(0)));
            }
        }
        let known =
            [("alpha-dbn-units:scratch".to_owned(), 10_000), ("alpha-rbm-units:scratch".to_owned(), 100_000)];
        let expected = if profile == Profile::Paper { BTreeSet::from(known) } else { BTreeSet::new() };
        assert_eq!(above, expected, "{profile}");
    }
}

/// An estimate below what the matrices alone take would be none: a point that trains holds the weights in the fast
/// layout and as a model, one that samples holds both, too.
#[test]
fn no_estimate_is_below_twice_the_weights_of_the_widest_layer() {
    for e in REGISTRY {
        for point in plan(e, &settings(Profile::Paper, &[])) {
            let (widths, from) = match &point.job {
                Job::Stack(stack) => (&stack.widths, stack.from),
                Job::Strip(strip) => (&strip.widths, 0),
                _ => continue,
            };
            let below = |layer: usize| if layer == 0 { 320 } else { widths[layer - 1] };
            let largest = (from..widths.len()).map(|layer| below(layer) * widths[layer]).max().unwrap_or(0);
            assert!(point.bytes >= 2 * 4 * largest as u64, "{}: {} bytes", point.label, point.bytes);
        }
    }
}

/// Hidden units and chains multiply: the weights of this machine are few, its states are not.
#[test]
fn states_of_many_chains_count_as_memory() {
    let e = experiment("alpha-rbm-panel:scratch");
    let set = settings(Profile::Smoke, &[("hidden", "1000000"), ("samples", "100000")]);
    let most = plan(e, &set).iter().map(|point| point.bytes).max();
    // Probabilities and states, 4 bytes each.
    assert!(most >= Some(8 * 1_000_000 * 100_000), "{most:?}");
}

#[test]
fn a_point_that_the_machine_cannot_hold_is_refused_by_name_with_both_sizes() {
    let (small, large) = (toy(1, 1, None, &[]), toy(2, 1, None, &[]));
    let mut plan = plan_of(&[&small, &large]);
    plan.points[1].bytes = 7 << 30;
    assert!(plan.check_memory([0, 1], 7 << 30).is_ok());
    assert!(plan.check_memory([0], 1 << 20).is_ok(), "the other one is not to be trained");
    let error = plan.check_memory([0, 1], 2 << 30).unwrap_err().to_string();
    assert!(["toy 2", "7.0 GiB", "2.0 GiB"].iter().all(|word| error.contains(word)), "{error}");
}

/// What the reports ask for is never refused on a machine of four gibibytes.
#[test]
fn every_experiment_fits_into_four_gibibytes() {
    for profile in Profile::ALL {
        let plan = Plan::new(&REGISTRY.iter().collect::<Vec<_>>(), &settings(profile, &[])).unwrap();
        plan.check_memory(0..plan.points.len(), 4 << 30).unwrap();
    }
}
