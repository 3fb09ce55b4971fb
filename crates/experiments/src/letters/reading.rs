//! Other readings of what a report leaves open: the same model with one thing read otherwise.

/// One thing, read otherwise than the protocol does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// First weights of another standard deviation.
    Sigma(f32),
    /// What a notebook in the repository of the report's authors has: mini-batches of 15, and the error on '0' alone.
    Notebook,
    /// As many classes, but not '1': its images, stretched to the size of all others, are black blocks.
    WithoutOne,
}

/// The standard deviation that [Hinton2010] advises.
pub(super) const ADVISED: Reading = Reading::Sigma(0.01);
/// That of the course's exercise.
pub(super) const EXERCISE: Reading = Reading::Sigma(0.1);

/// Which values of a sweep are run under a reading; all of them where none is named.
pub type Readings = &'static [(Reading, &'static [&'static str])];

impl Reading {
    /// Its name in tables and verdicts.
    pub fn name(self) -> String {
        match self {
            Self::Sigma(sigma) => format!("σ = {sigma}"),
            Self::Notebook => "mini-batches of 15, error on ‘0’ alone".to_owned(),
            Self::WithoutOne => "without ‘1’".to_owned(),
        }
    }
}
