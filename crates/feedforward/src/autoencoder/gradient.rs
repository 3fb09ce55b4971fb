//! The gradient of one layer of a stack, two ways, as the equations have it. The fast path is held against this.
//!
//! [`Goal::Image`]: with `x̃` the noisy image, `y` = layer l's code of it through the fixed encoders below, and back through
//! layer l's decoder and the fixed decoders below to the logits `z` of an image; `J` is the cross-entropy of `z` and the clean
//! image. [`Goal::Code`]: with `t` the code of the clean image in the layer below, `J` is the cross-entropy of `t` and what
//! layer l makes of a noisy `t` [Vincent2010, section 3.5]. In the lowest layer both are the same. Only layer l moves.

use serde::{Deserialize, Serialize};
use tensor::{Matrix, Stream};
use train::Parameters;

use super::layer::through_sigmoid;
use super::{Autoencoder, Cost, Sparsity, Stack, logistic_cross_entropy};
use crate::{Corruption, NetworkError};

/// What a layer of a stack learns to reconstruct.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Goal {
    /// The image, through the fixed layers below; the image is corrupted.
    #[default]
    Image,
    /// The code that comes in from the layer below; that code is corrupted.
    Code,
}

/// What a layer is trained on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Denoising {
    /// The noise.
    pub corruption: Corruption,
    /// What is to come out.
    pub goal: Goal,
    /// A penalty on units that are often on.
    pub sparsity: Option<Sparsity>,
}

impl Denoising {
    /// The image, without a penalty.
    pub const fn new(corruption: Corruption) -> Self {
        Self { corruption, goal: Goal::Image, sparsity: None }
    }

    /// The same if noise and sparsity make sense.
    ///
    /// # Errors
    /// If one of them does not.
    pub fn checked(self) -> Result<Self, NetworkError> {
        self.corruption.checked()?;
        self.sparsity.map_or(Ok(()), |sparsity| sparsity.checked().map(drop))?;
        Ok(self)
    }
}

impl Stack {
    /// The cost of layer `layer` on clean images `x`, corrupted by `noise`, and its gradient in that layer's parameters.
    ///
    /// # Panics
    /// If there is no such layer, or `x` has other rows than there are pixels.
    pub fn gradient(
        &self,
        layer: usize,
        x: &Matrix,
        denoising: &Denoising,
        noise: &mut Stream,
    ) -> (Cost, Autoencoder) {
        let (own, mut noisy) = (&self.layers()[layer], x.clone());
        let mut gradient = own.zeros_like();
        // What comes in, what is to come out, and the fixed decoders between.
        let (input, target, decoders) = match denoising.goal {
            Goal::Image => {
                denoising.corruption.corrupt(&mut noisy, noise);
                (self.code(&noisy, layer), x.clone(), &self.layers()[..layer])
            }
            Goal::Code => {
                let target = self.code(x, layer);
                let mut input = target.clone();
                denoising.corruption.corrupt(&mut input, noise);
                (input, target, &[][..])
            }
        };
        let code = own.encode(&input);
        let z = own.decode(&code);
        let (reconstruction, dz) = down(decoders, z, &target);
        let mut dy = own.decode_backward(&code, &dz, &mut gradient);
        let penalty = denoising.sparsity.map_or(0.0, |sparsity| add_penalty(sparsity, &code, &mut dy));
        own.encode_backward(&input, &code, dy, &mut gradient);
        (Cost { reconstruction, penalty }, gradient)
    }

    /// The cross-entropy (nats, summed over pixels, mean over samples) of clean images and what the lowest `depth`
    /// autoencoders make of them.
    ///
    /// # Panics
    /// If `depth` is 0 or beyond the stack, or `x` has other rows than there are pixels.
    pub fn cost(&self, x: &Matrix, depth: usize) -> f64 {
        let layers = &self.layers()[..depth];
        let own = layers.last().expect("a depth of at least 1");
        down(&layers[..depth - 1], own.decode(&self.code(x, depth)), x).0
    }
}

/// The cost of what fixed decoders make of `σ(z)`, and its gradient at `z`.
fn down(decoders: &[Autoencoder], z: Matrix, target: &Matrix) -> (f64, Matrix) {
    let Some((decoder, rest)) = decoders.split_last() else { return logistic_cross_entropy(&z, target) };
    let mut state = z;
    tensor::simd::sigmoid(state.as_mut_slice());
    let (cost, below) = down(rest, decoder.decode(&state), target);
    let mut dz = decoder.to_code(&below);
    through_sigmoid(&mut dz, &state);
    (cost, dz)
}

/// Adds the slope of the penalty to `dy`; the penalty.
fn add_penalty(sparsity: Sparsity, code: &Matrix, dy: &mut Matrix) -> f64 {
    let mut sums = vec![0.0; code.rows()];
    code.columns().for_each(|y| sums.iter_mut().zip(y).for_each(|(sum, &y)| *sum += f64::from(y)));
    let mut slopes = vec![0.0; code.rows()];
    let penalty = sparsity.penalty(&sums, code.cols(), &mut slopes);
    dy.add_to_columns(&slopes);
    penalty
}
