//! The predicates of a deep machine's claims.

use energy::partition::gates::MOST_DRIFT;
use engine::claim::{both, over};
use engine::predicates::spread;
use engine::{Evidence, Finding, pick};

use super::bound::LEAST_EFFECTIVE;
use super::modes::REAL;
use super::recipe::{DEEP, GREEDY};

/// The columns of chains that begin at noise.
fn from_noise(model: &str) -> [(&str, &str); 2] {
    [("model", model), ("begin", "noise")]
}

/// The 95 % interval of a metric at a place, of each seed.
fn intervals(evidence: &Evidence, metric: &str, at: &[(&str, &str)]) -> Vec<(String, [f64; 2])> {
    let low = evidence.by_seed(pick(&format!("{metric}_low"), at));
    let high = evidence.values(pick(&format!("{metric}_high"), at));
    low.into_iter().zip(high).map(|((seed, low), high)| (seed, [low, high])).collect()
}

/// Judges whether the interval of a metric at one place lies below `factor` times that at another; where they meet, it cannot
/// be told.
fn below(evidence: &Evidence, metric: &str, [own, other]: [&[(&str, &str)]; 2], factor: f64) -> Finding {
    let (left, right) = (intervals(evidence, metric, own), intervals(evidence, metric, other));
    let answers: Vec<Option<bool>> = left
        .iter()
        .filter_map(|(seed, own)| {
            right.iter().find(|(other, _)| other == seed).map(|(_, other)| (own, other))
        })
        .map(|(own, other)| above(other.map(|end| factor * end), *own))
        .collect();
    let text = |at| spread(&evidence.values(pick(metric, at)));
    let share = if factor == 1.0 { String::new() } else { format!("{factor} times ") };
    let rule = format!(
        "the 95 % interval of {} wholly below {share}that of {}; where they meet it cannot be told",
        pick(metric, own),
        pick(metric, other)
    );
    over(&answers, format!("{} against {}", text(own), text(other)), rule)
}

/// Filters of the first layer vary less for their ink than those of the second.
pub(super) fn more_detail(evidence: &Evidence) -> Finding {
    let of = |layer| [("model", DEEP), ("layer", layer)];
    below(evidence, "detail", [&of("first"), &of("second")], 1.0)
}

/// At most half as many effective classes as test images have.
pub(super) fn collapses(evidence: &Evidence) -> Finding {
    below(evidence, "effective_classes", [&from_noise(DEEP), &from_noise(REAL)], 0.5)
}

/// Fewer effective classes than either small machine.
pub(super) fn collapses_most(evidence: &Evidence) -> Finding {
    below_small(evidence, "effective_classes")
}

/// Nearer to training images than either small machine.
pub(super) fn nearest(evidence: &Evidence) -> Finding {
    below_small(evidence, "nearest")
}

/// Chains that began at noise draw fewer effective classes than those that began at test images.
pub(super) fn from_images(evidence: &Evidence) -> Finding {
    let images = [("model", DEEP), ("begin", "test images")];
    below(evidence, "effective_classes", [&from_noise(DEEP), &images], 1.0)
}

fn below_small(evidence: &Evidence, metric: &str) -> Finding {
    let against = |small| below(evidence, metric, [&from_noise(DEEP), &from_noise(small)], 1.0);
    both(against("rbm7"), against("rbm3"))
}

/// The lower end of the bound lies above the exact log-likelihood of a small machine; its upper end below says no.
pub(super) fn more_power(evidence: &Evidence) -> Finding {
    judged(evidence, DEEP, |seed| {
        let small = seed.values(pick("log_likelihood", &[("model", "rbm3")]));
        small.first().map(|&exact| [exact, exact])
    })
}

/// The interval of the jointly trained machine's bound lies above that of the pretrained one.
pub(super) fn joint_helps(evidence: &Evidence) -> Finding {
    judged(evidence, DEEP, |seed| ends(seed, GREEDY))
}

/// The interval of a model's bound, if its estimate passes all gates.
fn ends(evidence: &Evidence, model: &str) -> Option<[f64; 2]> {
    let of = |metric: &str| evidence.values(pick(metric, &[("model", model)])).first().copied();
    (of("gates")? == 1.0).then_some([of("bound_low")?, of("bound_high")?])
}

/// Judges the interval of a model's bound against another interval, seed by seed.
fn judged(evidence: &Evidence, model: &str, other: impl Fn(&Evidence) -> Option<[f64; 2]>) -> Finding {
    let seeds: Vec<String> =
        evidence.by_seed(pick("bound", &[("model", model)])).into_iter().map(|(seed, _)| seed).collect();
    let (mut answers, mut texts) = (Vec::new(), Vec::new());
    for seed in &seeds {
        let own = evidence.only(&[("seed", seed)]);
        let (found, against) = (ends(&own, model), other(&own));
        answers.push(found.zip(against).and_then(|(found, against)| above(found, against)));
        let text = |ends: Option<[f64; 2]>| match ends {
            Some([low, high]) if low == high => format!("{low:.1}"),
            Some([low, high]) => format!("{low:.1} to {high:.1}"),
            None => "an estimate that fails a gate".to_owned(),
        };
        texts.push(format!("{} against {}", text(found), text(against)));
    }
    over(
        &answers,
        texts.join("; "),
        format!(
            "the whole interval of the bound above what it is held against, with log Z from annealing both ways; where a log \
             mass is above 0, a drift above {MOST_DRIFT}, or fewer than {LEAST_EFFECTIVE} chains count, nothing is told"
        ),
    )
}

/// Whether one interval lies above another; none where they meet.
pub fn above([low, high]: [f64; 2], [other_low, other_high]: [f64; 2]) -> Option<bool> {
    if low > other_high {
        Some(true)
    } else if high < other_low {
        Some(false)
    } else {
        None
    }
}

/// Samples of different chains lie less far apart than test images. That intervals must not meet was asked for after a first
/// look, at which the two numbers differed by less than their noise.
pub(super) fn less_diverse(evidence: &Evidence) -> Finding {
    below(evidence, "diversity", [&from_noise(DEEP), &from_noise(REAL)], 1.0)
}
