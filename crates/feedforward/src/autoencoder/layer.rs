//! One autoencoder: `y = σ(Wᵀx + b)`, and back to the inputs, `z = σ(Vᵀy + c)`; tied weights are `V = Wᵀ`.
//!
//! Shapes: x and z inputs × batch, y units × batch, W inputs × units, V units × inputs. On disk `encoder.weight`
//! [units, inputs], `encoder.bias` [units], `decoder.bias` [inputs], and `decoder.weight` [inputs, units] unless tied: the
//! names of a PyTorch module with two `nn.Linear`, or with one and a bias. It knows no noise and no cost.

use tensor::{Accum, Matrix, Seed, gemm, simd};
use train::{Param, Parameters};

use crate::{Dense, Init, Layer, Mode, NetworkError};

/// How a decoder begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tying {
    /// The encoder's weights, transposed.
    Tied,
    /// Weights of its own.
    Untied,
}

/// The way from the units back to the inputs.
#[derive(Clone, Debug, PartialEq)]
pub enum Decoder {
    /// The encoder's weights, transposed, and one bias for each input.
    Tied(Vec<f32>),
    /// Weights units × inputs, and one bias for each input.
    Own(Dense),
}

/// An encoder and its decoder.
#[derive(Clone, Debug, PartialEq)]
pub struct Autoencoder {
    /// Inputs × units.
    pub encoder: Dense,
    /// Back.
    pub decoder: Decoder,
}

impl Autoencoder {
    /// A fresh autoencoder.
    ///
    /// # Errors
    /// If a width is 0.
    pub fn new(
        inputs: usize,
        units: usize,
        tying: Tying,
        init: Init,
        seed: Seed,
    ) -> Result<Self, NetworkError> {
        let encoder = Dense::new(inputs, units, init, seed.child("encoder", 0));
        let decoder = match tying {
            Tying::Tied => Decoder::Tied(vec![0.0; inputs]),
            Tying::Untied => Decoder::Own(Dense::new(units, inputs, init, seed.child("decoder", 0))),
        };
        let fresh = Self { encoder, decoder };
        fresh.check(0)?;
        Ok(fresh)
    }

    /// Ties a decoder to an encoder: of the decoder the biases stay, its weights become the encoder's.
    ///
    /// # Errors
    /// If the decoder's shape is not the encoder's transposed, a width is 0, or biases are too few or too many.
    pub fn tied(encoder: Dense, decoder: Dense) -> Result<Self, NetworkError> {
        let own = Self { encoder, decoder: Decoder::Own(decoder) };
        own.check(0)?;
        let Self { encoder, decoder } = own;
        let bias = match decoder {
            Decoder::Own(dense) => dense.bias,
            Decoder::Tied(bias) => bias,
        };
        Ok(Self { encoder, decoder: Decoder::Tied(bias) })
    }

    /// Number of inputs.
    pub fn inputs(&self) -> usize {
        self.encoder.weights.rows()
    }

    /// Number of units.
    pub fn units(&self) -> usize {
        self.encoder.weights.cols()
    }

    /// Whether all shapes fit, as autoencoder number `layer` of a stack.
    ///
    /// # Errors
    /// If not; names the layer and both shapes.
    pub fn check(&self, layer: usize) -> Result<(), NetworkError> {
        let (inputs, units) = (self.inputs(), self.units());
        for (width, place) in [(inputs, layer), (units, layer + 1)] {
            if width == 0 {
                return Err(NetworkError::ZeroWidth { place });
            }
        }
        let biases = |kind, units, found| match units == found {
            true => Ok(()),
            false => Err(NetworkError::Bias { kind, layer, units, found }),
        };
        biases("encoder", units, self.encoder.bias.len())?;
        match &self.decoder {
            Decoder::Tied(bias) => biases("decoder", inputs, bias.len()),
            Decoder::Own(dense) => {
                let found = [dense.weights.rows(), dense.weights.cols()];
                if found != [units, inputs] {
                    let encoder = [inputs, units];
                    return Err(NetworkError::Decoder { layer, encoder, decoder: found });
                }
                biases("decoder", inputs, dense.bias.len())
            }
        }
    }

    /// The code `σ(Wᵀx + b)`, units × batch.
    ///
    /// # Panics
    /// If `x` has other rows than there are inputs.
    pub fn encode(&self, x: &Matrix) -> Matrix {
        let mut y = self.encoder.forward(x, &mut Mode::Evaluate).0;
        simd::sigmoid(y.as_mut_slice());
        y
    }

    /// The logits `Vᵀy + c` of the reconstruction, inputs × batch.
    ///
    /// # Panics
    /// If `y` has other rows than there are units.
    pub fn decode(&self, y: &Matrix) -> Matrix {
        match &self.decoder {
            Decoder::Own(dense) => dense.forward(y, &mut Mode::Evaluate).0,
            Decoder::Tied(bias) => {
                let mut z = Matrix::zeros(self.inputs(), y.cols());
                gemm(z.view_mut(), Accum::Replace, self.encoder.weights.view(), y.view(), 1.0);
                z.add_to_columns(bias);
                z
            }
        }
    }

    /// The reconstruction `σ(Vᵀ σ(Wᵀx + b) + c)`.
    ///
    /// # Panics
    /// If `x` has other rows than there are inputs.
    pub fn reconstruct(&self, x: &Matrix) -> Matrix {
        let mut z = self.decode(&self.encode(x));
        simd::sigmoid(z.as_mut_slice());
        z
    }

    /// From `dz` at the reconstruction's logits to the code: `V dz`, which is returned, and the decoder's part of the
    /// gradient, `∂V += y dzᵀ` and `∂c += Σ dz`. Tied weights take it in transposed: `∂W += dz yᵀ`.
    ///
    /// # Panics
    /// If the gradient is tied and this is not, or the other way round.
    pub fn decode_backward(&self, y: &Matrix, dz: &Matrix, gradient: &mut Self) -> Matrix {
        match (&self.decoder, &mut gradient.decoder) {
            (Decoder::Own(dense), Decoder::Own(gradient)) => dense.backward(y, dz, &(), dz.clone(), gradient),
            (Decoder::Tied(_), Decoder::Tied(bias)) => {
                gemm(gradient.encoder.weights.view_mut(), Accum::Add, dz.view(), y.view().transpose(), 1.0);
                bias.iter_mut().zip(dz.sum_columns()).for_each(|(b, sum)| *b += sum);
                self.to_code(dz)
            }
            _ => panic!("the gradient of a tied decoder for one with weights of its own, or the reverse"),
        }
    }

    /// `V dz` alone: what the decoder sends back where it stays as it is.
    pub(super) fn to_code(&self, dz: &Matrix) -> Matrix {
        let mut dy = Matrix::zeros(self.units(), dz.cols());
        let weights = match &self.decoder {
            Decoder::Own(dense) => dense.weights.view(),
            Decoder::Tied(_) => self.encoder.weights.view().transpose(),
        };
        gemm(dy.view_mut(), Accum::Replace, weights, dz.view(), 1.0);
        dy
    }

    /// From `dy` at the code to the encoder's part of the gradient, by way of `y (1 − y)`.
    pub fn encode_backward(&self, x: &Matrix, y: &Matrix, mut dy: Matrix, gradient: &mut Self) {
        through_sigmoid(&mut dy, y);
        gemm(gradient.encoder.weights.view_mut(), Accum::Add, x.view(), dy.view().transpose(), 1.0);
        let bias = gradient.encoder.bias.iter_mut();
        bias.zip(dy.sum_columns()).for_each(|(b, sum)| *b += sum);
    }
}

/// `dy ← dy · y (1 − y)`.
pub(super) fn through_sigmoid(dy: &mut Matrix, y: &Matrix) {
    dy.as_mut_slice().iter_mut().zip(y.as_slice()).for_each(|(d, &y)| *d *= y * (1.0 - y));
}

impl Parameters for Autoencoder {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let mut params: Vec<_> = self.encoder.params().into_iter().map(|p| p.under("encoder")).collect();
        match &self.decoder {
            Decoder::Tied(bias) => params.push(Param::new("decoder.bias", [bias.len()], &bias[..])),
            Decoder::Own(dense) => params.extend(dense.params().into_iter().map(|p| p.under("decoder"))),
        }
        params
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let mut params: Vec<_> = self.encoder.params_mut().into_iter().map(|p| p.under("encoder")).collect();
        match &mut self.decoder {
            Decoder::Tied(bias) => params.push(Param::new("decoder.bias", [bias.len()], &mut bias[..])),
            Decoder::Own(dense) => params.extend(dense.params_mut().into_iter().map(|p| p.under("decoder"))),
        }
        params
    }
}
