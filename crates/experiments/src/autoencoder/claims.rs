//! Predicates that the experiments on autoencoders share, and what their words mean in numbers.

use engine::claim::{both, over};
use engine::predicates::spread;
use engine::{Evidence, Finding, Pick, pick};

/// Two costs are about equal if they differ by no more than this share.
const ABOUT: f64 = 0.1;
/// A reconstruction is close if it explains at least this share of the variance of pixels.
const CLOSE: f64 = 0.9;
/// An accuracy is high from here.
const HIGH: f64 = 0.9;
/// Few units are active if at most this share of activations is above one half.
const FEW: f64 = 0.1;

/// Column and text of a layer's rows.
pub(super) type At = [(&'static str, &'static str); 1];
/// Columns and texts of a network's rows.
pub(super) type On = [(&'static str, &'static str); 2];

/// The three layers of part B 1.
pub(super) const DENOISING: [At; 3] =
    layers(["denoising, layer 1", "denoising, layer 2", "denoising, layer 3"]);
/// The three layers of part B 3.
pub(super) const SPARSE: [At; 3] = layers(["sparse, layer 1", "sparse, layer 2", "sparse, layer 3"]);

const fn layers([a, b, c]: [&'static str; 3]) -> [At; 3] {
    [[("model", a)], [("model", b)], [("model", c)]]
}

/// A network on all images.
pub(super) const fn all(network: &'static str) -> On {
    [("images", "60000"), ("network", network)]
}

/// A network on 12 000 images.
pub(super) const fn few(network: &'static str) -> On {
    [("images", "12000"), ("network", network)]
}

/// All of three findings.
pub(super) fn each(three: [Finding; 3]) -> Finding {
    let [a, b, c] = three;
    both(both(a, b), c)
}

/// The costs of three layers are about these.
pub(super) fn costs(evidence: &Evidence, at: &[At; 3], nats: [f64; 3]) -> Finding {
    let cost = |layer: usize| {
        let around = nats[layer];
        evidence.within(pick("loss", &at[layer]), (1.0 - ABOUT) * around, (1.0 + ABOUT) * around)
    };
    each([0, 1, 2].map(cost))
}

/// The second and third layer cost more than the first, and not much more.
pub(super) fn slightly_higher(evidence: &Evidence, at: &[At; 3]) -> Finding {
    let cost = |layer: usize| pick("loss", &at[layer]);
    let slightly = |layer: usize| {
        let relation = format!("above, by at most {} %, ", 100.0 * ABOUT);
        evidence.compare(cost(layer), cost(0), &relation, |x, y| x > y && x <= (1.0 + ABOUT) * y)
    };
    both(slightly(1), slightly(2))
}

/// A value of each seed on the right side of a bound.
fn bounded(evidence: &Evidence, own: Pick<'_>, rule: &str, holds: impl Fn(f64) -> bool) -> Finding {
    let values = evidence.values(own);
    let answers: Vec<bool> = values.iter().map(|x| holds(*x)).collect();
    over(&answers, spread(&values), format!("{own} {rule}"))
}

/// Reconstructions of noisy images are close at every depth.
pub(super) fn close(evidence: &Evidence, at: &[At; 3]) -> Finding {
    let rule = format!("at least {CLOSE}");
    each([0, 1, 2].map(|layer| bounded(evidence, pick("explained", &at[layer]), &rule, |x| x >= CLOSE)))
}

/// Few units are active in every layer, fewer than in the layer of the same depth of the other stack.
pub(super) fn few_active(evidence: &Evidence, at: &[At; 3], others: &[At; 3]) -> Finding {
    let rule = format!("at most {FEW}");
    let one = |layer: usize| {
        let own = pick("active", &at[layer]);
        both(bounded(evidence, own, &rule, |x| x <= FEW), evidence.below(own, pick("active", &others[layer])))
    };
    each([0, 1, 2].map(one))
}

/// The accuracy is high after the first epoch.
pub(super) fn begins_high(evidence: &Evidence, at: &On) -> Finding {
    let rule = format!("at least {HIGH}");
    bounded(evidence, pick("accuracy_first", at), &rule, |x| x >= HIGH)
}

/// The accuracy after the last epoch is at least this.
pub(super) fn reaches(evidence: &Evidence, at: &On, least: f64) -> Finding {
    bounded(evidence, pick("accuracy_last", at), &format!("at least {least}"), |x| x >= least)
}

/// One network ends higher than another.
pub(super) fn ends_higher(evidence: &Evidence, a: &On, b: &On) -> Finding {
    evidence.above(pick("accuracy_last", a), pick("accuracy_last", b))
}

/// One network settles in fewer epochs than another.
pub(super) fn settles_sooner(evidence: &Evidence, a: &On, b: &On) -> Finding {
    evidence.below(pick("epoch_settled", a), pick("epoch_settled", b))
}

/// Each convolutional network ends higher than another.
pub(super) fn convolutions_beat(evidence: &Evidence, other: &On) -> Finding {
    let names = ["CNN, SGD", "CNN, momentum", "CNN, RMSProp"];
    each(names.map(|name| ends_higher(evidence, &few(name), other)))
}
