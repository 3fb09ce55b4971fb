//! Element-wise non-linearities. Each derivative is written in terms of the result `y`.

use std::fmt;

use serde::{Deserialize, Serialize};
use tensor::layers::{LEAK, Squash};
use tensor::{Matrix, simd};
use train::{Param, Parameters};

use crate::{Layer, Mode};

/// The non-linearity of hidden units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// `1 / (1 + e⁻ˣ)`, derivative `y (1 − y)`.
    Sigmoid,
    /// `max(x, 0)`, derivative 1 where `y > 0`, else 0.
    Relu,
    /// `max(x, 0.2 x)`, derivative 1 where `y > 0`, else 0.2: what critics of adversarial networks use, since a unit at
    /// rest still tells the generator where to go [Radford2016, section 3].
    LeakyRelu,
    /// `tanh x`, derivative `1 − y²`.
    Tanh,
}

impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sigmoid => "sigmoid",
            Self::Relu => "ReLU",
            Self::LeakyRelu => "leaky ReLU",
            Self::Tanh => "tanh",
        })
    }
}

/// The kernels have a type of their own, since `tensor` knows neither files nor configurations.
impl From<Activation> for Squash {
    fn from(activation: Activation) -> Self {
        match activation {
            Activation::Sigmoid => Self::Sigmoid,
            Activation::Relu => Self::Relu,
            Activation::LeakyRelu => Self::LeakyRelu,
            Activation::Tanh => Self::Tanh,
        }
    }
}

impl Layer for Activation {
    type Trace = ();

    fn forward(&self, x: &Matrix, _: &mut Mode<'_>) -> (Matrix, ()) {
        let mut y = x.clone();
        let values = y.as_mut_slice();
        match self {
            Self::Sigmoid => simd::sigmoid(values),
            // NaN stays: `max` would hide a diverged network.
            Self::Relu => values.iter_mut().for_each(|x| *x = if *x < 0.0 { 0.0 } else { *x }),
            Self::LeakyRelu => values.iter_mut().for_each(|x| *x = if *x < 0.0 { LEAK * *x } else { *x }),
            Self::Tanh => values.iter_mut().for_each(|x| *x = x.tanh()),
        }
        (y, ())
    }

    fn backward(&self, _: &Matrix, y: &Matrix, (): &(), mut dy: Matrix, _: &mut Self) -> Matrix {
        for (d, &y) in dy.as_mut_slice().iter_mut().zip(y.as_slice()) {
            *d *= match self {
                Self::Sigmoid => y * (1.0 - y),
                Self::Relu => f32::from(u8::from(y > 0.0)),
                Self::LeakyRelu => {
                    if y > 0.0 {
                        1.0
                    } else {
                        LEAK
                    }
                }
                Self::Tanh => 1.0 - y * y,
            };
        }
        dy
    }

    /// A diagonal is its own transpose.
    fn tangent(&self, x: &Matrix, y: &Matrix, (): &(), tangent: Matrix) -> Matrix {
        self.backward(x, y, &(), tangent, &mut self.clone())
    }
}

impl Parameters for Activation {
    fn params(&self) -> Vec<Param<&[f32]>> {
        Vec::new()
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        Vec::new()
    }
}
