//! Inverted dropout: units are dropped in training and the others grow, so that evaluation is the identity.

use tensor::Matrix;
use train::{Param, Parameters};

use crate::{Layer, Mode, NetworkError};

/// `y = x · m / (1 − rate)` with `m` 0 with probability `rate`, else 1, drawn anew for every unit and sample
/// [Srivastava2014, section 4].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dropout {
    rate: f32,
}

impl Dropout {
    /// No unit is dropped, and no noise drawn.
    pub const NONE: Self = Self { rate: 0.0 };

    /// Drops a unit with probability `rate`.
    ///
    /// # Errors
    /// If `rate` is not in [0, 1).
    pub fn new(rate: f32) -> Result<Self, NetworkError> {
        if (0.0..1.0).contains(&rate) { Ok(Self { rate }) } else { Err(NetworkError::Dropout { rate }) }
    }

    /// The probability of being dropped.
    pub fn rate(self) -> f32 {
        self.rate
    }
}

impl Layer for Dropout {
    /// `m / (1 − rate)`; nothing where nothing is dropped.
    type Trace = Option<Matrix>;

    fn forward(&self, x: &Matrix, mode: &mut Mode<'_>) -> (Matrix, Self::Trace) {
        let Mode::Train(noise) = mode else { return (x.clone(), None) };
        if self.rate == 0.0 {
            return (x.clone(), None);
        }
        let keep = 1.0 - self.rate;
        let mut mask = Matrix::zeros(x.rows(), x.cols());
        noise.uniform(&mut mask);
        mask.as_mut_slice().iter_mut().for_each(|u| *u = if *u < keep { 1.0 / keep } else { 0.0 });
        let mut y = x.clone();
        y.as_mut_slice().iter_mut().zip(mask.as_slice()).for_each(|(y, m)| *y *= m);
        (y, Some(mask))
    }

    fn backward(&self, _: &Matrix, _: &Matrix, mask: &Self::Trace, mut dy: Matrix, _: &mut Self) -> Matrix {
        if let Some(mask) = mask {
            dy.as_mut_slice().iter_mut().zip(mask.as_slice()).for_each(|(d, m)| *d *= m);
        }
        dy
    }

    /// A diagonal is its own transpose.
    fn tangent(&self, x: &Matrix, y: &Matrix, mask: &Self::Trace, tangent: Matrix) -> Matrix {
        self.backward(x, y, mask, tangent, &mut self.clone())
    }
}

impl Parameters for Dropout {
    fn params(&self) -> Vec<Param<&[f32]>> {
        Vec::new()
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        Vec::new()
    }
}
