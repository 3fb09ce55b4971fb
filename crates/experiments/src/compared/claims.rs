//! What the first report's conclusion on generators means in numbers, in black and white. All of it was written before the first look
//! at a result.
//!
//! *Realistic* is precision: the share of samples that lie among real images. *Diverse* is recall: the share of real images that
//! lie among samples. Differences below four standard deviations of what draws of real images differ by cannot be told.

use engine::claim::over;
use engine::predicates::spread;
use engine::{Evidence, Finding, pick};
use quality::{METRICS, Metric, Planted, Sight};

use super::names::{FLOOR, name};
use crate::arena::{Levels, Origin};

/// Deviations of the floor within which nothing can be told.
const DEVIATIONS: f64 = 4.0;
/// A generator struggles if it reaches less than this part of what real images do.
const STRUGGLES: f64 = 0.5;

/// The values of a metric over the draws of held-out images.
pub(super) fn floors(evidence: &Evidence, metric: &str, levels: Levels) -> Vec<f64> {
    let own = |row: &&engine::Row| {
        row.metric == metric
            && row.column("origin") == Some(FLOOR)
            && row.column("levels") == Some(levels.name())
    };
    evidence.rows.iter().filter(own).map(|row| row.value).collect()
}

/// The standard deviation over draws of real images.
fn deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0)).sqrt()
}

fn at(origin: &str) -> [(&str, &str); 2] {
    [("origin", origin), ("levels", Levels::BlackAndWhite.name())]
}

/// `a` has more of a metric than `b`.
pub(super) fn more(evidence: &Evidence, metric: &str, a: &str, b: &str) -> Finding {
    let noise = DEVIATIONS * deviation(&floors(evidence, metric, Levels::BlackAndWhite));
    let relation = "above, by more than four deviations of real images,";
    evidence.compare(pick(metric, &at(a)), pick(metric, &at(b)), relation, |x, y| {
        ((x - y).abs() > noise).then_some(x > y)
    })
}

/// A generator reaches less than half of the precision of real images.
pub(super) fn struggles(evidence: &Evidence, origin: &str) -> Finding {
    let own = evidence.values(pick("precision", &at(origin)));
    let real = evidence.mean(pick("precision", &at(FLOOR))).unwrap_or(f64::NAN);
    let answers: Vec<bool> = own.iter().map(|x| *x < STRUGGLES * real).collect();
    over(
        &answers,
        format!("{} against {}", spread(&own), report::number(real)),
        format!("precision of the {origin} below half of that of held-out images, in black and white"),
    )
}

/// Whether metrics put planted generators where they say: below real images where they see them, and not below where they are blind.
pub(super) fn planted(evidence: &Evidence, sight: Sight, levels: Levels) -> Finding {
    let mut wrong: Vec<String> = Vec::new();
    let mut asked = 0;
    for metric in METRICS {
        let floors = floors(evidence, metric.name, levels);
        for origin in Origin::PLANTED {
            let Some(planted) = origin.planted().filter(|planted| metric.sight(*planted) == sight) else {
                continue;
            };
            let Some(worse) = below(evidence, &metric, planted, (levels, &floors)) else { continue };
            asked += 1;
            if worse != (sight == Sight::Sees) {
                wrong.push(format!("{} of the {}", metric.heading, name(origin)));
            }
        }
    }
    let answers: &[bool] = if asked == 0 { &[] } else { &[wrong.is_empty()] };
    let measured = match wrong.len() {
        0 => format!("in all {asked} cases"),
        n => format!("in {} of {asked} cases; not {}", asked - n, wrong.join(", ")),
    };
    let rule = match sight {
        Sight::Sees => "worse than real images wherever a metric says that it sees a planted generator",
        _ => "not worse than real images wherever a metric says that it is blind",
    };
    over(answers, measured, format!("{rule}, in {}", levels.name()))
}

/// Whether a metric ranks a planted generator below real images; none where it was not measured.
pub(super) fn below(
    evidence: &Evidence,
    metric: &Metric,
    planted: Planted,
    (levels, floors): (Levels, &[f64]),
) -> Option<bool> {
    let place = [("origin", planted.name()), ("levels", levels.name())];
    let value = evidence.mean(pick(metric.name, &place)).filter(|_| !floors.is_empty())?;
    Some(metric.worse(value, floors))
}

/// Likelihood and looks rank two generators in opposite ways: `a` is likelier, `b` nearer to real images by the Fréchet distance.
pub(super) fn ranks_differ(evidence: &Evidence, a: &str, b: &str) -> Finding {
    let own = |metric: &str, origin: &str| evidence.values(pick(metric, &[("origin", origin)]));
    let (low, high) = (own("log_likelihood_low", a), own("log_likelihood_high", b));
    let frechet = |origin: &str| evidence.values(pick("frechet", &at(origin)));
    let (far, near) = (frechet(a), frechet(b));
    let answers: Vec<bool> = low
        .iter()
        .zip(&high)
        .zip(far.iter().zip(&near))
        .map(|((low, high), (far, near))| low > high && far > near)
        .collect();
    over(
        &answers,
        format!(
            "nats at least {} against at most {}; Fréchet distance {} against {}",
            spread(&low),
            spread(&high),
            spread(&far),
            spread(&near)
        ),
        format!("range of the likelihood of the {a} above that of the {b}, and a larger Fréchet distance"),
    )
}
