//! Other readings of what a report leaves open: the same model with one thing read otherwise.

/// One thing, read otherwise than the protocol does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// First weights of another standard deviation.
    Sigma(f32),
    /// The gradient is the sum over the mini-batch, not its mean.
    Summed,
    /// Reconstructions in training are probabilities, not states.
    Probabilities,
    /// As many classes, but not '1': its images, stretched to the size of all others, are black blocks.
    WithoutOne,
}

/// Weights of the standard deviation that [Hinton2010] advises.
pub(super) const SMALL: Reading = Reading::Sigma(0.01);

/// Which values of a sweep are run under a reading; all of them where none is named.
pub type Readings = &'static [(Reading, &'static [&'static str])];

impl Reading {
    /// Its name in tables and verdicts.
    pub fn name(self) -> String {
        match self {
            Self::Sigma(sigma) => format!("σ = {sigma}"),
            Self::Summed => "gradients summed over a mini-batch".to_owned(),
            Self::Probabilities => "probabilities as reconstructions in training".to_owned(),
            Self::WithoutOne => "without ‘1’".to_owned(),
        }
    }
}
