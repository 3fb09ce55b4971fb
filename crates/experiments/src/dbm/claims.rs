//! The predicates of a deep machine's claims.

use energy::partition::gates::MOST_DRIFT;
use engine::claim::{both, over};
use engine::{Evidence, Finding, pick};

use super::bound::LEAST_EFFECTIVE;
use super::modes::REAL;
use super::recipe::{DEEP, GREEDY};

/// The columns of chains that begin at noise.
fn from_noise<'a>(model: &'a str) -> [(&'a str, &'a str); 2] {
    [("model", model), ("begin", "noise")]
}

/// Filters of the second layer vary more for their ink than those of the first.
pub(super) fn more_detail(evidence: &Evidence) -> Finding {
    evidence.above(
        pick("detail", &[("model", DEEP), ("layer", "second")]),
        pick("detail", &[("model", DEEP), ("layer", "first")]),
    )
}

/// At most half as many effective classes as test images have.
pub(super) fn collapses(evidence: &Evidence) -> Finding {
    evidence.compare(
        pick("effective_classes", &from_noise(DEEP)),
        pick("effective_classes", &from_noise(REAL)),
        "at most half of",
        |own, real| own <= 0.5 * real,
    )
}

/// Fewer effective classes than either small machine.
pub(super) fn collapses_most(evidence: &Evidence) -> Finding {
    below_small(evidence, "effective_classes")
}

/// Nearer to training images than either small machine.
pub(super) fn nearest(evidence: &Evidence) -> Finding {
    below_small(evidence, "nearest")
}

/// Chains that began at test images draw more effective classes than those that began at noise.
pub(super) fn from_images(evidence: &Evidence) -> Finding {
    evidence.above(
        pick("effective_classes", &[("model", DEEP), ("begin", "test images")]),
        pick("effective_classes", &from_noise(DEEP)),
    )
}

fn below_small(evidence: &Evidence, metric: &str) -> Finding {
    let against =
        |small: &str| evidence.below(pick(metric, &from_noise(DEEP)), pick(metric, &from_noise(small)));
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

/// Samples of different chains lie less far apart than test images.
pub(super) fn less_diverse(evidence: &Evidence) -> Finding {
    evidence.below(pick("diversity", &from_noise(DEEP)), pick("diversity", &from_noise(REAL)))
}
