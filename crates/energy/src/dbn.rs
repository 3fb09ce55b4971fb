//! The deep belief network: restricted Boltzmann machines, each trained on what the one below makes of the data.
//!
//! The top machine is an undirected model of its two layers; below it every machine is used in one direction,
//! `p(v | h)`, so that a sample is Gibbs sampling at the top and one pass down [Hinton2006].
//!
//! This is the one whose machines all lie in memory. How a stack is trained, and what goes up and down through it, is
//! written once, in [`crate::stack`], for machines that lie here or elsewhere.

use std::borrow::Cow;
use std::convert::Infallible;

use tensor::Matrix;
use train::{Param, Parameters};

use crate::rbm::Rbm;
use crate::stack::Layers;

/// A stack of binary machines, the first one on the data.
#[derive(Clone, Debug, PartialEq)]
pub struct Dbn {
    rbms: Vec<Rbm>,
}

impl Dbn {
    /// A stack of these machines, bottom first.
    ///
    /// # Panics
    /// If there is none, or one's hidden layer does not have the size of the next one's visible layer.
    pub fn new(rbms: Vec<Rbm>) -> Self {
        assert!(!rbms.is_empty(), "a network needs at least one machine");
        for (layer, pair) in rbms.windows(2).enumerate() {
            let (hidden, visible) = (pair[0].weights.cols(), pair[1].weights.rows());
            assert_eq!(
                hidden, visible,
                "{hidden} hidden units of machine {layer} under {visible} visible ones"
            );
        }
        Self { rbms }
    }

    /// The machines, bottom first.
    pub fn rbms(&self) -> &[Rbm] {
        &self.rbms
    }

    /// Weights (fan-in × fan-out) and biases of each layer upwards: what a feed-forward network starts from.
    pub fn recognition(&self) -> impl ExactSizeIterator<Item = (&Matrix, &[f32])> {
        self.rbms.iter().map(|rbm| (&rbm.weights, &rbm.hidden.bias[..]))
    }
}

impl Layers for Dbn {
    type Error = Infallible;

    fn count(&self) -> usize {
        self.rbms.len()
    }

    fn layer(&self, index: usize) -> Result<Cow<'_, Rbm>, Infallible> {
        Ok(Cow::Borrowed(&self.rbms[index]))
    }
}

/// On disk: the machines' names under `rbms.0`, `rbms.1` and so on.
impl Parameters for Dbn {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let layers = self.rbms.iter().enumerate();
        layers.flat_map(|(i, rbm)| rbm.params().into_iter().map(move |p| p.under(&layer_name(i)))).collect()
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let layers = self.rbms.iter_mut().enumerate();
        layers
            .flat_map(|(i, rbm)| rbm.params_mut().into_iter().map(move |p| p.under(&layer_name(i))))
            .collect()
    }
}

fn layer_name(layer: usize) -> String {
    format!("rbms.{layer}")
}
