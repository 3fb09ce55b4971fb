//! Fidelity: what samples reach of real held-out images in four respects, and the least of them.

use crate::scores::Scores;

/// Four shares, each "what the samples reach of what as many held-out real images reach", at most 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fidelity {
    /// Probability of the trained characters, `p / p_real`: what looks like something else fails here.
    pub confidence: f64,
    /// Probability of the clearest character, `p / p_real`: what looks like nothing fails here.
    pub clarity: f64,
    /// Effective number of characters, `exp(H) / exp(H_real)`: one character repeated fails here.
    pub variety: f64,
    /// Distance to the nearest training image, `d_real / d`: noise on the pixels fails here.
    pub nearness: f64,
}

impl Fidelity {
    /// The shares of some samples' scores, beside the scores of as many real held-out images.
    pub fn of(ours: &Scores, real: &Scores) -> Self {
        let share = |ours: f64, real: f64| (ours / real.max(f64::MIN_POSITIVE)).min(1.0);
        let variety = if ours.coverage == 0 { 0.0 } else { share(ours.entropy.exp(), real.entropy.exp()) };
        Self {
            confidence: share(ours.confidence, real.confidence),
            clarity: share(ours.best_confidence, real.best_confidence),
            variety,
            nearness: share(real.nearest_train, ours.nearest_train.max(f64::MIN_POSITIVE)),
        }
    }

    /// The least of the four.
    pub fn least(&self) -> f64 {
        self.confidence.min(self.clarity).min(self.variety).min(self.nearness)
    }

    /// The four shares and the least of them, by the names they have in tables.
    pub fn metrics(&self) -> [(&'static str, f64); 5] {
        [
            ("share_confidence", self.confidence),
            ("share_clarity", self.clarity),
            ("share_variety", self.variety),
            ("share_nearness", self.nearness),
            ("fidelity", self.least()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(confidence: f64, entropy: f64, coverage: usize, nearest_train: f64) -> Scores {
        let best_confidence = confidence;
        let (frechet, frechet_count, n_characters, n_samples, recognised) = (1.0, 10, 10, 100, confidence);
        Scores {
            confidence,
            best_confidence,
            entropy,
            coverage,
            frechet,
            frechet_count,
            nearest_train,
            n_characters,
            n_samples,
            recognised,
        }
    }

    #[test]
    fn real_images_reach_one_and_each_fault_shows_in_its_own_share() {
        let real = scores(0.9, 2.0, 10, 0.1);
        assert_eq!(Fidelity::of(&real, &real).metrics().map(|(_, share)| share), [1.0; 5]);
        let unlike = Fidelity::of(&scores(0.45, 2.0, 10, 0.1), &real);
        assert_eq!((unlike.confidence, unlike.least()), (0.5, 0.5));
        let one = Fidelity::of(&scores(0.9, 0.0, 1, 0.1), &real);
        assert!((one.variety - (-2.0_f64).exp()).abs() < 1e-12 && one.least() == one.variety);
        let noisy = Fidelity::of(&scores(0.9, 2.0, 10, 0.4), &real);
        assert_eq!((noisy.nearness, noisy.least()), (0.25, 0.25));
        assert_eq!(Fidelity::of(&scores(0.9, 2.0, 0, 0.1), &real).variety, 0.0);
    }

    #[test]
    fn better_than_real_is_no_more_than_real() {
        let real = scores(0.5, 1.0, 5, 0.2);
        assert_eq!(Fidelity::of(&scores(0.9, 2.0, 10, 0.0), &real).least(), 1.0);
    }
}
