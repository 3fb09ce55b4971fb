//! Fidelity: what samples reach of real held-out images, in one number that agrees with the eye.
//!
//! ```text
//! fidelity = cleanness · √variety · ∜min(1, 2 · diversity)
//! ```
//!
//! Each factor is a share, "what the samples reach of what as many held-out real images reach", so that real images have
//! fidelity 1. Their weights were chosen on one half of some hundred strips that a reader had rated without knowing what
//! drew them, and held against the other half: `examples/blind.rs` of the crate `experiments` tells how. Confidence,
//! clarity and nearness are shares, too, and are shown beside it; the eye calls a letter clear that is twice as far from the
//! nearest training image as real ones are, and that the scorer, which is tuned to real images, takes for its neighbour.

use crate::scores::Scores;

/// Shares, at most 1 each, and what is made of three of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fidelity {
    /// Probability of the trained characters, `p / p_real`: what looks like something else fails here.
    pub confidence: f64,
    /// Probability of the clearest character, `p / p_real`: what looks like nothing fails here.
    pub clarity: f64,
    /// Distance to the nearest training image, `d_real / d`: noise on the pixels fails here.
    pub nearness: f64,
    /// Few pixels that stand alone, and ink as real images have it, `c / c_real`: noise, blanks and blocks fail here.
    pub cleanness: f64,
    /// Effective number of characters, `exp(H) / exp(H_real)`: one character repeated fails here.
    pub variety: f64,
    /// How far drawings of one character lie from each other, over how far real ones do: one drawing repeated fails here.
    pub diversity: f64,
}

impl Fidelity {
    /// The shares of some samples' scores, beside the scores of as many real held-out images.
    pub fn of(ours: &Scores, real: &Scores) -> Self {
        let share = |ours: f64, real: f64| (ours / real.max(f64::MIN_POSITIVE)).min(1.0);
        let variety = if ours.coverage == 0 { 0.0 } else { share(ours.entropy.exp(), real.entropy.exp()) };
        Self {
            confidence: share(ours.confidence, real.confidence),
            clarity: share(ours.best_confidence, real.best_confidence),
            nearness: share(real.nearest_train, ours.nearest_train.max(f64::MIN_POSITIVE)),
            cleanness: share(ours.cleanness, real.cleanness),
            variety,
            diversity: share(ours.diversity, real.diversity),
        }
    }

    /// `cleanness · √variety · ∜min(1, 2 · diversity)`.
    pub fn all(&self) -> f64 {
        self.cleanness * self.variety.sqrt() * (2.0 * self.diversity).min(1.0).sqrt().sqrt()
    }

    /// The shares and fidelity, by the names they have in tables.
    pub fn metrics(&self) -> [(&'static str, f64); 7] {
        [
            ("share_cleanness", self.cleanness),
            ("share_variety", self.variety),
            ("share_diversity", self.diversity),
            ("share_confidence", self.confidence),
            ("share_clarity", self.clarity),
            ("share_nearness", self.nearness),
            ("fidelity", self.all()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(cleanness: f64, entropy: f64, coverage: usize, diversity: f64) -> Scores {
        Scores {
            n_samples: 100,
            confidence: 0.9,
            best_confidence: 0.9,
            recognised: 0.9,
            coverage,
            n_characters: 10,
            entropy,
            frechet: 1.0,
            frechet_count: 10,
            nearest_train: 0.1,
            copies: 0.0,
            cleanness,
            diversity,
        }
    }

    #[test]
    fn real_images_reach_one_and_each_fault_shows_in_its_own_share() {
        let real = scores(0.95, 2.0, 10, 1.0);
        assert_eq!(Fidelity::of(&real, &real).metrics().map(|(_, share)| share), [1.0; 7]);
        let noisy = Fidelity::of(&scores(0.475, 2.0, 10, 1.0), &real);
        assert_eq!((noisy.cleanness, noisy.all()), (0.5, 0.5));
        let one = Fidelity::of(&scores(0.95, 0.0, 1, 1.0), &real);
        assert!(
            (one.variety - (-2.0_f64).exp()).abs() < 1e-12 && (one.all() - (-1.0_f64).exp()).abs() < 1e-12
        );
        let half = Fidelity::of(&scores(0.95, 2.0, 10, 0.5), &real);
        assert_eq!(half.all(), 1.0, "half as far apart as real images is varied enough");
        let repeated = Fidelity::of(&scores(0.95, 2.0, 10, 0.0), &real);
        assert_eq!(repeated.all(), 0.0, "one drawing again and again");
        assert_eq!(Fidelity::of(&scores(0.95, 2.0, 0, 1.0), &real).variety, 0.0);
    }

    #[test]
    fn better_than_real_is_no_more_than_real() {
        let real = scores(0.5, 1.0, 5, 1.0);
        assert_eq!(Fidelity::of(&scores(0.9, 2.0, 10, 3.0), &real).all(), 1.0);
    }
}
