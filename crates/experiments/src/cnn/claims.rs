//! What the claims about optimisers look at: curves of accuracy, epoch by epoch.

use std::collections::BTreeMap;

use engine::claim::over;
use engine::predicates::spread;
use engine::{Evidence, Finding};

/// The accuracies of one network on test images after every epoch that was recorded, a curve a seed.
fn curves(evidence: &Evidence, network: &str, data: &str) -> BTreeMap<String, Vec<(usize, f64)>> {
    let mut curves: BTreeMap<String, Vec<(usize, f64)>> = BTreeMap::new();
    let own = evidence.of_protocol();
    for row in &own.rows {
        let here = row.metric == "accuracy_test"
            && row.column("network") == Some(network)
            && row.column("data") == Some(data);
        if let (true, Some(epoch)) = (here, row.epoch) {
            curves.entry(row.column("seed").unwrap_or("").to_owned()).or_default().push((epoch, row.value));
        }
    }
    curves
}

/// A number of each seed's curve.
fn numbers<T>(
    evidence: &Evidence,
    (network, data): (&str, &str),
    number: impl Fn(&[(usize, f64)]) -> Option<T>,
) -> Vec<T> {
    curves(evidence, network, data).values().filter_map(|curve| number(curve)).collect()
}

/// The best accuracy of any epoch.
pub fn best(evidence: &Evidence, network: &str, data: &str, low: f64, high: f64) -> Finding {
    let found = numbers(evidence, (network, data), |curve| curve.iter().map(|(_, x)| *x).reduce(f64::max));
    let answers: Vec<bool> = found.iter().map(|x| (low..=high).contains(x)).collect();
    over(&answers, spread(&found), format!("the best accuracy of any epoch lies from {low} to {high}"))
}

/// The first epoch in which the accuracy is at least so large; none if there is none.
fn first(curve: &[(usize, f64)], least: f64) -> Option<usize> {
    curve.iter().find(|(_, x)| *x >= least).map(|(epoch, _)| *epoch)
}

fn epochs(found: &[Option<usize>]) -> String {
    let say = |epoch: &Option<usize>| epoch.map_or_else(|| "never".to_owned(), |epoch| epoch.to_string());
    if found.is_empty() { "–".to_owned() } else { found.iter().map(say).collect::<Vec<_>>().join(", ") }
}

/// `a` reaches an accuracy in at most `share` of the epochs that `b` needs; a network that never does needs more than all.
pub fn sooner(evidence: &Evidence, [a, b]: [&str; 2], data: &str, (least, share): (f64, f64)) -> Finding {
    let of = |network: &str| numbers(evidence, (network, data), |curve| Some(first(curve, least)));
    let (fast, slow) = (of(a), of(b));
    let answers: Vec<Option<bool>> = fast
        .iter()
        .zip(&slow)
        .map(|(fast, slow)| match (fast, slow) {
            (Some(fast), Some(slow)) => Some(*fast as f64 <= share * *slow as f64 && fast < slow),
            (Some(_), None) => Some(true),
            (None, Some(_)) => Some(false),
            (None, None) => None,
        })
        .collect();
    let times =
        if share < 1.0 { format!("at most {share} of the epochs") } else { "fewer epochs".to_owned() };
    over(
        &answers,
        format!("epoch {} against {}", epochs(&fast), epochs(&slow)),
        format!("{a} reaches an accuracy of {least} in {times} of {b}"),
    )
}

/// The accuracy is first reached within a factor of two of the report's epoch.
pub fn about(evidence: &Evidence, network: &str, data: &str, (least, reported): (f64, usize)) -> Finding {
    let found = numbers(evidence, (network, data), |curve| Some(first(curve, least)));
    let (low, high) = (reported / 2, 2 * reported);
    let answers: Vec<bool> =
        found.iter().map(|epoch| epoch.is_some_and(|epoch| (low..=high).contains(&epoch))).collect();
    let why = format!("{network} first reaches an accuracy of {least} in epoch {low} to {high}");
    over(&answers, format!("epoch {}", epochs(&found)), why)
}

/// After so many epochs the accuracy moves by at most 0.2 points to the end of the run; a shorter run cannot tell.
pub fn settled(evidence: &Evidence, network: &str, data: &str, by: usize) -> Finding {
    let found = numbers(evidence, (network, data), |curve| {
        let last = curve.last()?;
        let then = curve.iter().find(|(epoch, _)| *epoch >= by && *epoch < last.0)?;
        Some((last.1 - then.1).abs())
    });
    let answers: Vec<bool> = found.iter().map(|x| *x <= 0.002).collect();
    over(
        &answers,
        spread(&found),
        format!("from epoch {by} to the last, the accuracy moves by at most 0.002"),
    )
}

/// The last accuracy lies at most 0.2 points below the best.
pub fn stays(evidence: &Evidence, network: &str, data: &str) -> Finding {
    let found = numbers(evidence, (network, data), |curve| {
        let best = curve.iter().map(|(_, x)| *x).reduce(f64::max)?;
        Some(best - curve.last()?.1)
    });
    let answers: Vec<bool> = found.iter().map(|x| *x <= 0.002).collect();
    over(&answers, spread(&found), "the last accuracy lies at most 0.002 below the best")
}

/// The largest fall from one epoch to the next within the first twenty is larger for `a` than for `b`.
pub fn jumps(evidence: &Evidence, [a, b]: [&str; 2], data: &str) -> Finding {
    let of = |network: &str| {
        numbers(evidence, (network, data), |curve| {
            let early: Vec<f64> = curve.iter().filter(|(epoch, _)| *epoch <= 20).map(|(_, x)| *x).collect();
            early.windows(2).map(|pair| pair[0] - pair[1]).reduce(f64::max)
        })
    };
    let (a_falls, b_falls) = (of(a), of(b));
    let answers: Vec<bool> = a_falls.iter().zip(&b_falls).map(|(a, b)| a > b).collect();
    let measured = format!("{} against {}", spread(&a_falls), spread(&b_falls));
    over(&answers, measured, format!("{a} falls further than {b} between two of the first twenty epochs"))
}
