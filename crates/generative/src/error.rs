//! Why a generative network cannot be made or trained as asked.

use std::fmt;

use feedforward::{AnyLayer, Network, NetworkError};

/// What a caller's numbers, as opposed to a caller's code, can get wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum GenerativeError {
    /// No latent variables, or hidden layers of no units.
    NoLatent,
    /// A network that cannot be made, or not be used so.
    Network {
        /// Which of the model's networks.
        part: &'static str,
        /// What is wrong.
        cause: NetworkError,
    },
    /// A network whose outputs are not what the next one reads.
    Chain {
        /// Which of the model's networks.
        part: &'static str,
        /// How many inputs or outputs it should have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// A value of an image outside the range that the model is made for.
    Pixel {
        /// The image, from 0.
        sample: usize,
        /// Its pixel, from 0.
        pixel: usize,
        /// The value.
        value: f32,
        /// The range.
        range: [f32; 2],
    },
    /// A number of the objective that must be positive and finite.
    Amount {
        /// What it is.
        what: &'static str,
        /// What it is set to.
        found: f32,
    },
    /// Fewer samples in a mini-batch than batch normalisation can take.
    Batch {
        /// How many.
        found: usize,
    },
    /// No images, or none of the amounts of a training run.
    Nothing {
        /// What there is none of.
        what: &'static str,
    },
}

impl fmt::Display for GenerativeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLatent => write!(f, "expected at least one latent variable and no empty layer"),
            Self::Network { part, cause } => write!(f, "{part}: {cause}"),
            Self::Chain { part, expected, found } => {
                write!(f, "{part}: expected {expected} features, found {found}")
            }
            Self::Pixel { sample, pixel, value, range: [low, high] } => {
                write!(
                    f,
                    "image {sample}, pixel {pixel}: expected a value from {low} to {high}, found {value}"
                )
            }
            Self::Amount { what, found } => write!(f, "{what}: expected a positive number, found {found}"),
            Self::Batch { found } => {
                write!(
                    f,
                    "expected mini-batches of at least 2 samples for batch normalisation, found {found}"
                )
            }
            Self::Nothing { what } => write!(f, "expected at least one of {what}, found none"),
        }
    }
}

impl std::error::Error for GenerativeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Network { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

/// Whether every value lies in the range.
///
/// # Errors
/// If not, or if it is no number; says where.
pub(crate) fn check_range(images: &tensor::Matrix, range: [f32; 2]) -> Result<(), GenerativeError> {
    let wrong = |x: &f32| !(range[0]..=range[1]).contains(x);
    let Some(at) = images.as_slice().iter().position(wrong) else { return Ok(()) };
    let (sample, pixel) = (at / images.rows(), at % images.rows());
    Err(GenerativeError::Pixel { sample, pixel, value: images.as_slice()[at], range })
}

/// Says which network something is wrong with.
pub(crate) fn of(part: &'static str) -> impl Fn(NetworkError) -> GenerativeError {
    move |cause| GenerativeError::Network { part, cause }
}

/// Whether a layer looks at a whole mini-batch.
pub(crate) fn is_normalised(network: &Network) -> bool {
    network.layers().iter().any(|layer| matches!(layer, AnyLayer::BatchNorm(_)))
}
