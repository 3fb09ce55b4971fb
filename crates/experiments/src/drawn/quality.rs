//! What good and poor digits are, where a report judges by eye: how far samples have gone from real digits to pixel noise.

use engine::claim::over;
use engine::predicates::spread;
use engine::{Evidence, Finding, pick};

use super::recipe::{NOISE, REAL};

/// How far the samples have gone from real digits to pixel noise, by their distance to held-out digits. The claims first asked
/// for half as far again as real digits, which nothing reaches: blank paper lies 1.4 times as far.
pub(crate) fn on_the_way(evidence: &Evidence, origin: &str, holds: fn(f64) -> bool, words: &str) -> Finding {
    let of = |origin: &str| evidence.values(pick("pixels", &[("origin", origin)]));
    let (own, real, noise) = (of(origin), of(REAL), of(NOISE));
    let share = |(own, (real, noise)): (&f64, (&f64, &f64))| (own - real) / (noise - real);
    let shares: Vec<f64> = own.iter().zip(real.iter().zip(&noise)).map(share).collect();
    let answers: Vec<bool> = shares.iter().map(|share| holds(*share)).collect();
    let percent: Vec<f64> = shares.iter().map(|share| 100.0 * share).collect();
    over(
        &answers,
        format!("{} % of the way", spread(&percent)),
        format!(
            "pixels of the {origin}, less those of real digits, {words} half of those of pixel noise less those of real digits"
        ),
    )
}
