//! Autoencoders on top of each other: each one's inputs are the code of the one below.
//!
//! Shapes: layer l encodes width l into width l + 1. On disk `layers.0.encoder.weight` and so on, the layer on the pixels first.

use tensor::{Matrix, Seed, simd};
use train::{Param, Parameters};

use super::{Autoencoder, Tying};
use crate::{Activation, Dense, Init, Network, NetworkError};

/// Autoencoders that fit on each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    layers: Vec<Autoencoder>,
}

impl Stack {
    /// These autoencoders, the one on the pixels first.
    ///
    /// # Errors
    /// If there are none, one does not fit on the one below, or the shapes of one do not fit; names the layer and both shapes.
    pub fn new(layers: Vec<Autoencoder>) -> Result<Self, NetworkError> {
        let mut below = layers.first().ok_or(NetworkError::Empty)?.inputs();
        for (layer, own) in layers.iter().enumerate() {
            own.check(layer)?;
            let (expected, found) = (own.inputs(), below);
            if expected != found {
                return Err(NetworkError::Chain { kind: "autoencoder", layer, expected, found });
            }
            below = own.units();
        }
        Ok(Self { layers })
    }

    /// Fresh autoencoders; `widths` are the inputs and the units of each.
    ///
    /// # Errors
    /// If there are fewer than two widths, or one of them is 0.
    pub fn fresh(widths: &[usize], tying: Tying, init: Init, seed: Seed) -> Result<Self, NetworkError> {
        let zero = widths.iter().position(|&width| width == 0);
        zero.map_or(Ok(()), |place| Err(NetworkError::ZeroWidth { place }))?;
        let pairs = widths.windows(2).enumerate();
        let fresh = pairs.map(|(layer, pair)| {
            Autoencoder::new(pair[0], pair[1], tying, init, seed.child("autoencoder", layer as u64))
        });
        Self::new(fresh.collect::<Result<_, _>>()?)
    }

    /// The autoencoders, the one on the pixels first.
    pub fn layers(&self) -> &[Autoencoder] {
        &self.layers
    }

    /// One of them to be written; its shapes must stay.
    pub(super) fn layer_mut(&mut self, layer: usize) -> &mut Autoencoder {
        &mut self.layers[layer]
    }

    /// Number of pixels.
    pub fn inputs(&self) -> usize {
        self.layers[0].inputs()
    }

    /// Another autoencoder in the place of layer `layer`: the way of a trained one back into its stack.
    ///
    /// # Errors
    /// If it does not fit there.
    ///
    /// # Panics
    /// If there is no such layer.
    pub fn replace(&mut self, layer: usize, own: Autoencoder) -> Result<(), NetworkError> {
        let mut layers = self.layers.clone();
        layers[layer] = own;
        *self = Self::new(layers)?;
        Ok(())
    }

    /// The codes of all layers for clean images, the first one first.
    ///
    /// # Panics
    /// If `x` has other rows than there are pixels.
    pub fn codes(&self, x: &Matrix) -> Vec<Matrix> {
        let mut codes: Vec<Matrix> = Vec::with_capacity(self.layers.len());
        for layer in &self.layers {
            codes.push(layer.encode(codes.last().unwrap_or(x)));
        }
        codes
    }

    /// The code of layer `depth`, counted from 1; the images themselves for 0.
    pub(super) fn code(&self, x: &Matrix, depth: usize) -> Matrix {
        self.layers[..depth].iter().fold(x.clone(), |x, layer| layer.encode(&x))
    }

    /// The images that the lowest `depth` autoencoders make of `x`: up to that code and back to the pixels.
    ///
    /// # Panics
    /// If `depth` is 0 or beyond the stack, or `x` has other rows than there are pixels.
    pub fn reconstruct(&self, x: &Matrix, depth: usize) -> Matrix {
        assert!(
            (1..=self.layers.len()).contains(&depth),
            "depth {depth} in a stack of {} layers",
            self.layers.len()
        );
        let code = self.code(x, depth);
        self.layers[..depth].iter().rev().fold(code, |y, layer| {
            let mut z = layer.decode(&y);
            simd::sigmoid(z.as_mut_slice());
            z
        })
    }

    /// The encoders as the hidden layers of a classifier: sigmoid units, no dropout, and a fresh output layer.
    ///
    /// # Errors
    /// If `classes` is 0.
    pub fn into_classifier(self, classes: usize, output: Init, seed: Seed) -> Result<Network, NetworkError> {
        let top = self.layers.last().map_or(0, Autoencoder::units);
        let output = Dense::new(top, classes, output, seed.child("output", 0));
        let hidden = self.layers.into_iter().map(|layer| layer.encoder);
        Network::from_dense(hidden.chain([output]), Activation::Sigmoid, 0.0)
    }
}

fn name(layer: usize) -> String {
    format!("layers.{layer}")
}

impl Parameters for Stack {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let layers = self.layers.iter().enumerate();
        layers.flat_map(|(l, layer)| layer.params().into_iter().map(move |p| p.under(&name(l)))).collect()
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let layers = self.layers.iter_mut().enumerate();
        layers.flat_map(|(l, layer)| layer.params_mut().into_iter().map(move |p| p.under(&name(l)))).collect()
    }
}
