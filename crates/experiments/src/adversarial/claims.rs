//! How sentences about games are judged: Fig. 13 number by number, curves by their second halves, samples by what the judge saw.

use engine::claim::{both, over};
use engine::predicates::spread;
use engine::{Evidence, Finding, Verdict, pick};

use crate::dbm::claims::above;

/// Where in a game.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instant {
    /// The first step of all.
    First,
    /// Half the steps.
    Middle,
    /// The last stretch.
    Last,
}

impl Instant {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::First, Self::Middle, Self::Last];

    /// The text of the column `instant`.
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Middle => "middle",
            Self::Last => "last",
        }
    }
}

/// A loss agrees with the report's if it differs by at most so much of it; an accuracy, of 64 images in the report's code, by at most
/// two standard deviations of a share of 64, `2 · √(¼ / 64)`.
const LOSS: f64 = 0.25;
const ACCURACY: f64 = 0.125;
/// Effective classes below which all samples are of one kind.
const ONE: f64 = 1.5;
/// Classes of digits.
const CLASSES: f64 = 10.0;
/// Seeds over which steadiness is judged, at least.
const SEEDS: usize = 5;

/// Loss and accuracy of a player ("critic", "generator") at an instant are about the report's.
pub fn about(
    evidence: &Evidence,
    model: &str,
    (player, instant): (&str, Instant),
    [loss, accuracy]: [f64; 2],
) -> Finding {
    let [losses, accuracies] = ["loss", "accuracy"].map(|what| format!("{player}_{what}"));
    let at = [("model", model), ("instant", instant.name())];
    // Four decimals are those of the report.
    let bounds = |low: f64, high: f64| [low, high].map(|x| (1e4 * x).round() / 1e4);
    let [low, high] = bounds((1.0 - LOSS) * loss, (1.0 + LOSS) * loss);
    let [least, most] = bounds(accuracy - ACCURACY, accuracy + ACCURACY);
    both(evidence.within(pick(&losses, &at), low, high), evidence.within(pick(&accuracies, &at), least, most))
}

/// Over the second half of the steps, the mean of `high` lies above that of `low`, and `steady` spreads less than `other`.
pub fn higher_and_steadier(
    evidence: &Evidence,
    model: &str,
    [high, low]: [&str; 2],
    [steady, other]: [&str; 2],
) -> Finding {
    let at = [("model", model)];
    let of = |metric: &str, what: &str| format!("{metric}_{what}");
    both(
        evidence.above(pick(&of(high, "mean"), &at), pick(&of(low, "mean"), &at)),
        evidence.below(pick(&of(steady, "spread"), &at), pick(&of(other, "spread"), &at)),
    )
}

/// Both losses settle within a factor of two of the report's epoch; a run of fewer epochs than the later end cannot tell.
pub fn settles_about(evidence: &Evidence, model: &str, epoch: f64) -> Finding {
    let (low, high) = (0.5 * epoch, 2.0 * epoch);
    let of = |player: &str| {
        let metric = format!("{player}_loss_settled");
        let runs = evidence.by_seed(pick("epochs_run", &[("model", model)]));
        let found = evidence.by_seed(pick(&metric, &[("model", model)]));
        let settled =
            |seed: &String| found.iter().find(|(own, _)| own == seed).map_or(f64::INFINITY, |(_, x)| *x);
        let answers: Vec<Option<bool>> = runs
            .iter()
            .map(|(seed, run)| (*run >= high).then(|| (low..=high).contains(&settled(seed))))
            .collect();
        let measured: Vec<f64> = found.iter().map(|(_, x)| *x).collect();
        let why = format!(
            "the {player}’s loss, averaged over five stretches, stays within two standard deviations of the mean of its second half \
             from a place between epochs {low} and {high} on, an epoch being as many images as there are; fewer than {high} epochs \
             cannot tell"
        );
        let mut finding = over(&answers, format!("{} epochs", spread(&measured)), why);
        if !answers.is_empty() && answers.iter().all(Option::is_none) {
            finding.reason = format!("The run has fewer than {high} epochs.");
        }
        finding
    };
    both(of("critic"), of("generator"))
}

/// At the end, the mean distance of a sample to the one most like it lies below that of as many test images, with both intervals.
pub fn alike(evidence: &Evidence, model: &str) -> Finding {
    let at = [("model", model)];
    let (own, real) = (ends(evidence, "nearest_last", &at), ends(evidence, "floor_nearest", &at));
    let answers: Vec<Option<bool>> = own.iter().zip(&real).map(|(own, real)| above(*real, *own)).collect();
    let of = |metric: &str| spread(&evidence.values(pick(metric, &at)));
    over(
        &answers,
        format!("{} against {}", of("nearest_last"), of("floor_nearest")),
        "the 95 % interval of the mean squared difference to the most similar other sample wholly below that of as many test images",
    )
}

/// The ends of the 95 % interval of a metric, of each seed.
fn ends(evidence: &Evidence, metric: &str, at: &[(&str, &str)]) -> Vec<[f64; 2]> {
    let of = |end: &str| evidence.values(pick(&format!("{metric}_{end}"), at));
    of("low").into_iter().zip(of("high")).map(|(low, high)| [low, high]).collect()
}

/// Of each seed, what was seen at the instants of the second half.
fn late(evidence: &Evidence, metric: &str, model: &str) -> Vec<Vec<f64>> {
    let at = [("model", model)];
    let steps = evidence.along(pick(metric, &at), "step");
    let curves = evidence.curves(pick(metric, &at), "step", &steps);
    curves.into_iter().map(|(_, curve)| curve[curve.len() / 2..].to_vec()).collect()
}

/// In the second half, samples are never all of one kind, and a class is missing at half of the instants at least.
pub fn partly_collapses(evidence: &Evidence, model: &str) -> Finding {
    let (effective, covered) = (late(evidence, "effective_classes", model), late(evidence, "covered", model));
    let least: Vec<f64> =
        effective.iter().map(|curve| curve.iter().copied().fold(f64::INFINITY, f64::min)).collect();
    let missing: Vec<f64> = covered
        .iter()
        .map(|curve| curve.iter().filter(|x| **x < CLASSES).count() as f64 / curve.len() as f64)
        .collect();
    let share: Vec<f64> = missing.iter().map(|x| 100.0 * x).collect();
    both(
        over(
            &least.iter().map(|x| *x >= ONE).collect::<Vec<_>>(),
            format!("at least {} effective classes", spread(&least)),
            format!("at no instant of the second half fewer than {ONE} effective classes"),
        ),
        over(
            &missing.iter().map(|x| *x >= 0.5).collect::<Vec<_>>(),
            format!("a class missing at {} % of the instants", spread(&share)),
            "at half of the instants of the second half at least, one class has less than a hundredth of the samples",
        ),
    )
}

/// At the end, at least nine tenths of the samples are taken for this class.
pub fn all_of(evidence: &Evidence, model: &str, class: &str) -> Finding {
    let values = evidence.values(pick("share_last", &[("model", model), ("class", class)]));
    let share: Vec<f64> = values.iter().map(|x| 100.0 * x).collect();
    let answers: Vec<bool> = values.iter().map(|x| *x >= 0.9).collect();
    over(
        &answers,
        format!("{} %", spread(&share)),
        format!("at least nine tenths of the last samples of {model} are taken for {class}"),
    )
}

/// At the end, every class has a hundredth of the samples at least.
pub fn covers_all(evidence: &Evidence, model: &str) -> Finding {
    let values = evidence.values(pick("covered_last", &[("model", model)]));
    let answers: Vec<bool> = values.iter().map(|x| *x >= CLASSES).collect();
    over(
        &answers,
        format!("{} classes", spread(&values)),
        format!("each of the ten classes has at least a hundredth of the last samples of {model}"),
    )
}

/// What two games are held against each other by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Equal {
    /// As many steps of the generator.
    Steps,
    /// As many passes through the networks: those of the cheapest game.
    Compute,
}

impl Equal {
    fn suffix(self) -> &'static str {
        match self {
            Self::Steps => "last",
            Self::Compute => "compute",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Steps => "after as many steps of the generator",
            Self::Compute => "after as many passes through the networks",
        }
    }
}

/// The effective number of classes of `more` lies above that of `less`, with both intervals.
pub fn more_kinds(evidence: &Evidence, [more, less]: [&str; 2], equal: Equal) -> Finding {
    let metric = format!("effective_classes_{}", equal.suffix());
    let of = |model: &str| ends(evidence, &metric, &[("model", model)]);
    let answers: Vec<Option<bool>> =
        of(more).iter().zip(&of(less)).map(|(more, less)| above(*more, *less)).collect();
    let text = |model: &str| spread(&evidence.values(pick(&metric, &[("model", model)])));
    over(
        &answers,
        format!("{} against {}", text(more), text(less)),
        format!(
            "the 95 % interval of the effective number of classes of {more} wholly above that of {less}, {}",
            equal.words()
        ),
    )
}

/// Over the second half of the same steps or passes, the effective number of classes of `steady` has the smaller standard deviation, in
/// every seed; fewer than five seeds cannot tell.
pub fn steadier(evidence: &Evidence, [steady, other]: [&str; 2], equal: Equal) -> Finding {
    let metric = format!("effective_classes_spread_{}", equal.suffix());
    let mut finding = evidence.below(pick(&metric, &[("model", steady)]), pick(&metric, &[("model", other)]));
    finding.why = format!("{}, {}; fewer than {SEEDS} seeds cannot tell", finding.why, equal.words());
    if finding.seeds < SEEDS && finding.seeds > 0 {
        finding.verdict = Verdict::CannotTell;
        finding.reason = format!("Fewer than {SEEDS} seeds were run.");
    }
    finding
}
