//! What the sentences on drawn digits mean in numbers. All of it was written before the first look at a result.

use engine::claim::over;
use engine::predicates::spread;
use engine::{Evidence, Finding, pick};

use super::recipe::{RECONSTRUCTIONS, SAMPLES, TEST};

/// Different digits are recognisable if the classifier is sure of at least this part of what it is sure of among test images.
const RECOGNISABLE: f64 = 0.8;
/// Some pictures are blurry if at least this share is: twice as many as of real images.
const SOME: f64 = 0.1;

fn of<'a>(model: &'a str, pictures: &'a str) -> [(&'a str, &'a str); 2] {
    [("model", model), ("pictures", pictures)]
}

/// The classifier is sure of samples nearly as often as of test images.
pub(super) fn recognisable(evidence: &Evidence, model: &str) -> Finding {
    let (own, real) = (of(model, SAMPLES), of(TEST, TEST));
    let relation = format!("at least {} % of", 100.0 * RECOGNISABLE);
    // Test images are looked at once, for all seeds.
    let real = evidence.mean(pick("recognised", &real)).unwrap_or(f64::NAN);
    let own = evidence.values(pick("recognised", &own));
    let answers: Vec<bool> = own.iter().map(|share| *share >= RECOGNISABLE * real).collect();
    over(
        &answers,
        format!("{} against {}", spread(&own), report::number(real)),
        format!("share of samples that the classifier is sure of {relation} that of test images"),
    )
}

/// Samples show all ten classes, each at least a tenth as often as if they were equally frequent.
pub(super) fn different(evidence: &Evidence, model: &str) -> Finding {
    evidence.within(pick("covered", &of(model, SAMPLES)), 10.0, 10.0)
}

/// Some samples are blurry.
pub(super) fn blurry(evidence: &Evidence, model: &str) -> Finding {
    evidence.within(pick("blurred", &of(model, SAMPLES)), SOME, 1.0)
}

/// So are some reconstructions, so that the prior is not to blame.
pub(super) fn blurs_what_it_sees(evidence: &Evidence, model: &str) -> Finding {
    evidence.within(pick("blurred", &of(model, RECONSTRUCTIONS)), SOME, 1.0)
}

/// It has exactly so many parameters.
pub(super) fn parameters(evidence: &Evidence, model: &str, count: f64) -> Finding {
    let found = evidence.values(pick("parameters", &[("model", model)]));
    let answers: Vec<bool> = found.iter().map(|own| *own == count).collect();
    let measured = found.first().map_or_else(|| "–".to_owned(), f64::to_string);
    over(&answers, measured, format!("parameters of the {model}, running averages among them, are {count}"))
}

/// The lower end of the interval of the bound is above `nats`.
pub(super) fn likely(evidence: &Evidence, model: &str, nats: f64) -> Finding {
    let values = evidence.values(pick("bound_low", &[("model", model)]));
    let answers: Vec<bool> = values.iter().map(|value| *value > nats).collect();
    over(
        &answers,
        format!("at least {} nats", spread(&values)),
        format!("lower end of the interval of the bound of {model}, digits drawn once, above {nats}"),
    )
}
