//! The deep belief network: restricted Boltzmann machines, each trained on what the one below makes of the data.
//!
//! The top machine is an undirected model of its two layers; below it every machine is used in one direction,
//! `p(v | h)`, so that a sample is Gibbs sampling at the top and one pass down [Hinton2006].
//!
//! A network of a thousand layers need not fit in memory: what goes up and down through the machines is written once, in
//! [`crate::stack`], for machines that lie here or elsewhere.

use std::borrow::Cow;

use tensor::{Matrix, Seed, Stream};
use train::{Param, Parameters};

use crate::rbm::{Rbm, VisibleState};
use crate::stack::{self, Layers};

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

    /// Trains a stack greedily. `hidden` gives the size of each hidden layer; `train` gets the layer's number, a
    /// fresh machine, and what the layers below make of `data` (means, visible × samples).
    ///
    /// # Errors
    /// The first one of `train`.
    ///
    /// # Panics
    /// If `hidden` is empty.
    pub fn greedy<E>(
        data: &Matrix,
        hidden: &[usize],
        seed: Seed,
        mut train: impl FnMut(usize, &mut Rbm, &Matrix) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut rbms: Vec<Rbm> = Vec::with_capacity(hidden.len());
        let mut below: Option<Matrix> = None;
        for (layer, &n) in hidden.iter().enumerate() {
            let input = below.as_ref().unwrap_or(data);
            let mut rbm = Rbm::new(input.rows(), n, seed.child("layer", layer as u64));
            train(layer, &mut rbm, input)?;
            below = Some(rbm.hidden_mean(input));
            rbms.push(rbm);
        }
        Ok(Self::new(rbms))
    }

    /// The machines, bottom first.
    pub fn rbms(&self) -> &[Rbm] {
        &self.rbms
    }

    /// Weights (fan-in × fan-out) and biases of each layer upwards: what a feed-forward network starts from.
    pub fn recognition(&self) -> impl ExactSizeIterator<Item = (&Matrix, &[f32])> {
        self.rbms.iter().map(|rbm| (&rbm.weights, &rbm.hidden.bias[..]))
    }

    /// Mean-field recognition to the topmost hidden layer.
    pub fn up(&self, v: &Matrix) -> Matrix {
        let Ok(h) = stack::up(self, v.clone(), self.rbms.len());
        h
    }

    /// Sampled recognition to the topmost hidden layer.
    pub fn sample_up(&self, v: &Matrix, noise: &mut Stream) -> Matrix {
        let Ok(h) = stack::sample_up(self, v.clone(), self.rbms.len(), noise);
        h
    }

    /// One directed pass from the topmost hidden layer to the data: sampled states on the way, `bottom` at the end.
    pub fn down(&self, h: &Matrix, bottom: VisibleState, noise: &mut Stream) -> Matrix {
        let (top, below) = self.rbms.split_last().expect("a network has at least one machine");
        let v = top.visible(h, self.state_of_top(bottom), noise);
        directed(below, v, bottom, noise)
    }

    /// Samples: `sweeps` Gibbs steps in the top machine from `start`, then one directed pass down.
    ///
    /// `start` is the top machine's visible layer, one chain a column: [`coin_flips`], or data sent up to there.
    /// With [`VisibleState::Mean`] the result holds probabilities, the usual picture; the states on the way are
    /// sampled all the same.
    pub fn generate(&self, start: Matrix, sweeps: usize, bottom: VisibleState, noise: &mut Stream) -> Matrix {
        let (top, below) = self.rbms.split_last().expect("a network has at least one machine");
        let v = top.gibbs_then(start, sweeps, self.state_of_top(bottom), noise);
        directed(below, v, bottom, noise)
    }

    /// The top machine's visible layer is the picture itself when it is the only machine.
    fn state_of_top(&self, bottom: VisibleState) -> VisibleState {
        if self.rbms.len() == 1 { bottom } else { VisibleState::Sampled }
    }
}

/// Downwards through `below` (bottom first), sampled but for the last step.
fn directed(below: &[Rbm], states: Matrix, bottom: VisibleState, noise: &mut Stream) -> Matrix {
    below.iter().enumerate().rev().fold(states, |h, (layer, rbm)| {
        rbm.visible(&h, if layer == 0 { bottom } else { VisibleState::Sampled }, noise)
    })
}

impl Layers for Dbn {
    type Error = std::convert::Infallible;

    fn count(&self) -> usize {
        self.rbms.len()
    }

    fn layer(&self, index: usize) -> Result<Cow<'_, Rbm>, Self::Error> {
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
