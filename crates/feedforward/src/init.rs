//! What weights begin with. Random numbers are drawn as one matrix fan_in × fan_out.

use std::fmt;

use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed};

/// The distribution of fresh weights; biases are zero but for [`Init::Uniform`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Init {
    /// N(0, 0.01²), as [Hinton2010, section 8] gives an RBM.
    Small,
    /// N(0, σ²); use [`Init::normal`], which gives one value for one distribution.
    Normal {
        /// The standard deviation σ.
        sigma: f32,
    },
    /// Weights and biases uniform on ±1/√fan_in: the default of PyTorch's `Linear`.
    Uniform,
    /// Uniform on ±√(6 / (fan_in + fan_out)), for sigmoid and tanh [Glorot2010, eq. 16].
    Glorot,
    /// Uniform on ±4√(6 / (fan_in + fan_out)): Glorot's bound where the units are sigmoid ones, whose slope at zero is a
    /// quarter of tanh's.
    Sigmoid,
    /// N(0, 2 / fan_in), for ReLU [He2015, eq. 10].
    He,
}

/// The standard deviation of [`Init::Small`].
const SMALL: f32 = 0.01;

impl Init {
    /// N(0, σ²).
    pub fn normal(sigma: f32) -> Self {
        if sigma == SMALL { Self::Small } else { Self::Normal { sigma } }
    }

    /// σ of N(0, σ²); none where it depends on the layer, or the distribution is another one.
    pub fn sigma(self) -> Option<f32> {
        match self {
            Self::Small => Some(SMALL),
            Self::Normal { sigma } => Some(sigma),
            Self::Uniform | Self::Glorot | Self::Sigmoid | Self::He => None,
        }
    }

    /// Weights fan_in × fan_out, and biases.
    pub(crate) fn draw(self, fan_in: usize, fan_out: usize, seed: Seed) -> (Matrix, Vec<f32>) {
        self.draw_fans([fan_in, fan_out], [fan_in, fan_out], seed)
    }

    /// Weights rows × cols and a bias for each column, where the fans are others than the shape says: those of a filter that
    /// slides.
    pub(crate) fn draw_fans(
        self,
        [rows, cols]: [usize; 2],
        [fan_in, fan_out]: [usize; 2],
        seed: Seed,
    ) -> (Matrix, Vec<f32>) {
        let mut noise = seed.child("dense", 0).stream();
        let (mut weights, mut bias) = (Matrix::zeros(rows, cols), Matrix::zeros(cols, 1));
        let mut uniform = |out: &mut Matrix, bound: f64| {
            noise.uniform(out);
            out.as_mut_slice().iter_mut().for_each(|x| *x = ((2.0 * f64::from(*x) - 1.0) * bound) as f32);
        };
        let (n, m) = (fan_in as f64, fan_out as f64);
        match self {
            Self::Small => noise.normal(&mut weights, SMALL),
            Self::Normal { sigma } => noise.normal(&mut weights, sigma),
            Self::Uniform => {
                uniform(&mut weights, 1.0 / n.sqrt());
                uniform(&mut bias, 1.0 / n.sqrt());
            }
            Self::Glorot => uniform(&mut weights, (6.0 / (n + m)).sqrt()),
            Self::Sigmoid => uniform(&mut weights, 4.0 * (6.0 / (n + m)).sqrt()),
            Self::He => noise.normal(&mut weights, (2.0 / n).sqrt() as f32),
        }
        (weights, bias.into_vec())
    }
}

/// The distribution of the weights.
impl fmt::Display for Init {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Small => write!(f, "N(0, {SMALL}²)"),
            Self::Normal { sigma } => write!(f, "N(0, {sigma}²)"),
            Self::Uniform => f.write_str("±1/√fan-in"),
            Self::Glorot => f.write_str("±√(6/(fan-in + fan-out))"),
            Self::Sigmoid => f.write_str("±4√(6/(fan-in + fan-out))"),
            Self::He => f.write_str("N(0, 2/fan-in)"),
        }
    }
}
