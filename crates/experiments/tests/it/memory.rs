//! What points are estimated to take in memory. What they do take is measured where the program runs as a whole.

use std::collections::BTreeSet;

use engine::{Point, Profile};
use experiments::greedy::{Greedy, Reconstruct, Sample};
use experiments::registry;

use crate::support::{experiment, jobs, plan, settings, whole_plan};

/// A point that trains layers, or reads trained ones.
struct Layers<'a> {
    point: &'a Point,
    /// Of an image.
    pixels: usize,
    /// Hidden units of all layers, bottom first.
    widths: Vec<usize>,
    /// How many of them are there already.
    from: usize,
}

fn layers(points: &[Point]) -> Vec<Layers<'_>> {
    let trained = jobs::<Greedy>(points).into_iter().map(|(point, job)| {
        let (pixels, from) = (job.learned.pixels(), job.below.widths.len());
        Layers { point, pixels, widths: [job.below.widths, job.widths].concat(), from }
    });
    let measured = jobs::<Reconstruct>(points).into_iter().map(|(point, job)| {
        let (pixels, widths) = (job.learned.pixels(), job.stacked.widths);
        Layers { point, pixels, widths, from: 0 }
    });
    let sampled = jobs::<Sample>(points).into_iter().map(|(point, job)| {
        let (pixels, widths) = (job.learned.pixels(), job.stacked.widths);
        Layers { point, pixels, widths, from: 0 }
    });
    trained.chain(measured).chain(sampled).collect()
}

/// What an experiment may take.
const CEILING: u64 = 600 << 20;

/// Only the widest machines of two sweeps and a network with labels on all images take more, and only the paper profile runs them.
#[test]
fn points_stay_below_600_mebibytes_but_for_the_widest_of_two_sweeps() {
    for profile in Profile::ALL {
        let mut above = BTreeSet::new();
        for e in registry::all() {
            let points = plan(e, &settings(profile, &[]));
            let layers = layers(&points);
            for point in points.iter().filter(|point| point.bytes >= CEILING) {
                let own = layers.iter().find(|own| own.point.key == point.key);
                let widest = own.and_then(|own| own.widths.iter().max());
                above.insert((e.about.name(), widest.copied().unwrap_or(0)));
            }
        }
        let known = [
            ("alpha-dbn-units:scratch".to_owned(), 10_000),
            ("alpha-rbm-units:scratch".to_owned(), 100_000),
            // Grey levels of all images and what two layers make of them.
            ("record-dbn-error:ours".to_owned(), 0),
        ];
        let expected = if profile == Profile::Paper { BTreeSet::from(known) } else { BTreeSet::new() };
        assert_eq!(above, expected, "{profile}");
    }
}

/// An estimate below what the matrices alone take would be none: a point that trains holds the weights in the fast
/// layout and as a model, one that samples holds both, too, and one that measures reads a model from its file.
#[test]
fn no_estimate_is_below_twice_the_weights_of_the_widest_layer() {
    for e in registry::all() {
        let points = plan(e, &settings(Profile::Paper, &[]));
        for Layers { point, pixels, widths, from } in layers(&points) {
            let below = |layer: usize| if layer == 0 { pixels } else { widths[layer - 1] };
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

/// What the reports ask for is never refused on a machine of four gibibytes.
#[test]
fn every_experiment_fits_into_four_gibibytes() {
    for profile in Profile::ALL {
        let plan = whole_plan(&settings(profile, &[]));
        plan.check_memory(0..plan.points.len(), 4 << 30).unwrap();
    }
}
