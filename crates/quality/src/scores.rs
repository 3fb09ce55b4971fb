//! The numbers that stand beside a strip of samples.

/// How good a set of samples is, or, from [`super::Reference::floor`], how good real images are.
///
/// A *character* is a set of classes that no scorer can tell apart because they are the same images (in
/// AlphaDigits '0' and 'O' are); for every other class it is the class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// Number of samples scored.
    pub n_samples: usize,
    /// Mean probability of the trained characters together, Σ_{c trained} p(c | x), in [0, 1]; higher is better. Says
    /// nothing when every character was trained: it is then 1.
    pub confidence: f64,
    /// Mean of max_c p(c | x) over all characters, in [0, 1]: how clearly a sample is *some* character. Near 1/C for
    /// noise.
    pub best_confidence: f64,
    /// Share of samples whose most likely character is a trained one, in [0, 1].
    pub recognised: f64,
    /// Number of trained characters that are the most likely one of at least one sample.
    pub coverage: usize,
    /// Number of trained characters: the best that `coverage` can be.
    pub n_characters: usize,
    /// Entropy in nats of the histogram of recognised samples over the trained characters: ln `n_characters` when all
    /// appear equally often, 0 when only one does (or none).
    pub entropy: f64,
    /// Fréchet distance to real images of the trained classes in the features' units (squared ink), to six digits; lower is better.
    pub frechet: f64,
    /// How many images a side of the Fréchet distance on the samples' side had: the smaller, the larger its bias.
    pub frechet_count: usize,
    /// Mean squared distance per pixel to the nearest image of the trained classes: for binary images the share of
    /// pixels that differ. Far above the floor: noise; far below: copies of the training images.
    pub nearest_train: f64,
    /// Share of samples that are, pixel for pixel, a training image of these classes.
    pub copies: f64,
    /// Mean cleanness of the samples: 1 for as few pixels that stand alone as real images have, 0 for pure noise, for blank
    /// paper and for black blocks.
    pub cleanness: f64,
    /// How far samples that are taken for one character lie from each other, over how far real images of it do: the mean
    /// over the characters drawn; 0 where one drawing is repeated.
    pub diversity: f64,
}

impl Scores {
    /// The scores by name, for a table of metrics.
    pub fn metrics(&self) -> [(&'static str, f64); 11] {
        [
            ("confidence", self.confidence),
            ("best_confidence", self.best_confidence),
            ("recognised", self.recognised),
            ("coverage", self.coverage as f64),
            ("characters", self.n_characters as f64),
            ("entropy", self.entropy),
            ("frechet", self.frechet),
            ("nearest_train", self.nearest_train),
            ("copies", self.copies),
            ("cleanness", self.cleanness),
            ("diversity", self.diversity),
        ]
    }
}

/// The five scores that come from class probabilities: one vector of probabilities a sample, `trained[g]` tells
/// whether character g was trained. The others are left at zero.
pub(super) fn of_posteriors(posteriors: &[&[f64]], trained: &[bool]) -> Scores {
    let n = posteriors.len() as f64;
    let mut histogram = vec![0_usize; trained.len()];
    let (mut confidence, mut best_confidence) = (0.0, 0.0);
    for p in posteriors {
        let best = super::kernel::most_likely(p);
        histogram[best] += usize::from(trained[best]);
        confidence += p.iter().zip(trained).filter(|(_, t)| **t).map(|(p, _)| p).sum::<f64>() / n;
        best_confidence += p[best] / n;
    }
    let recognised: usize = histogram.iter().sum();
    let shares = histogram.iter().filter(|h| **h > 0).map(|&h| h as f64 / recognised as f64);
    Scores {
        n_samples: posteriors.len(),
        confidence: confidence.min(1.0),
        best_confidence: best_confidence.min(1.0),
        recognised: recognised as f64 / n,
        coverage: histogram.iter().filter(|h| **h > 0).count(),
        n_characters: trained.iter().filter(|t| **t).count(),
        entropy: shares.map(|s| -s * s.ln()).sum::<f64>().max(0.0),
        frechet: 0.0,
        frechet_count: 0,
        nearest_train: 0.0,
        copies: 0.0,
        cleanness: 0.0,
        diversity: 0.0,
    }
}
