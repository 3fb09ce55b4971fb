//! A stack of binary machines, each on the hidden layer of the one below: what goes up and down through it, written once,
//! wherever its layers lie.
//!
//! A stack of a thousand layers need not fit in memory: each function asks for one layer at a time, in the order in which
//! states pass through. Upwards that is recognition, downwards generation [Hinton2006]; a sample is Gibbs sampling in the
//! top machine and one pass down.

use std::borrow::Cow;
use std::ops::Range;

use tensor::binary::Spikes;
use tensor::{Matrix, Stream};

use crate::binary::BinaryChains;
use crate::learning::Input;
use crate::rbm::Rbm;

/// Where the layers of a stack lie: in memory, or in files that are read one at a time.
pub trait Layers {
    /// Why a layer could not be had; [`std::convert::Infallible`] in memory.
    type Error;

    /// How many machines there are.
    fn count(&self) -> usize;

    /// Machine `index`, from 0 at the bottom.
    ///
    /// # Errors
    /// If it cannot be read.
    fn layer(&self, index: usize) -> Result<Cow<'_, Rbm>, Self::Error>;
}

/// `⟨h⟩` of the first `through` machines, mean-field: each layer's probabilities go up as they are.
///
/// # Errors
/// If a layer cannot be read.
pub fn up<L: Layers>(layers: &L, v: Matrix, through: usize) -> Result<Matrix, L::Error> {
    (0..through).try_fold(v, |x, index| Ok(layers.layer(index)?.hidden_mean(&x)))
}

/// States of the hidden layer of machine `through − 1`, drawn layer by layer.
///
/// # Errors
/// If a layer cannot be read.
pub fn sample_up<L: Layers>(
    layers: &L,
    v: Matrix,
    through: usize,
    noise: &mut Stream,
) -> Result<Matrix, L::Error> {
    (0..through).try_fold(v, |x, index| Ok(layers.layer(index)?.sample_hidden(&x, noise)))
}

/// Trains machines greedily, one after another [Hinton2006]: `train` gets a layer's number and what it learns from, and
/// gives back the machine that has learnt it, whose mean activations the next one learns from.
///
/// Where `layers` do not begin at 0, `input` is what the layers below make of the data. Seeds and files are the
/// caller's: a layer that lies in a file already need not be trained again.
///
/// # Errors
/// The first one of `train`.
///
/// # Panics
/// If a machine does not have as many visible units as its input has rows.
pub fn greedy<E>(
    mut input: Input,
    layers: Range<usize>,
    mut train: impl FnMut(usize, &Input) -> Result<Rbm, E>,
) -> Result<(), E> {
    let top = layers.end;
    for layer in layers {
        let rbm = train(layer, &input)?;
        let (rows, units) = (input.rows(), rbm.weights.rows());
        assert_eq!(rows, units, "layer {layer} has {units} visible units, its input {rows} rows");
        if layer + 1 < top {
            let means = rbm.hidden_mean(&input.to_matrix());
            input = Input::Probabilities(means);
        }
    }
    Ok(())
}

/// All the way up and down.
#[derive(Clone, Debug, PartialEq)]
pub struct Reconstructions {
    /// With probabilities throughout, visible × images.
    pub mean: Matrix,
    /// With states drawn throughout, visible × images.
    pub sampled: Matrix,
}

/// Sends images all the way up and down, both ways, reading each layer twice.
///
/// # Errors
/// If a layer cannot be read.
pub fn reconstruct<L: Layers>(
    layers: &L,
    images: &Matrix,
    noise: &mut Stream,
) -> Result<Reconstructions, L::Error> {
    let (mut mean, mut sampled) = (images.clone(), images.clone());
    for index in 0..layers.count() {
        let rbm = layers.layer(index)?;
        mean = rbm.hidden_mean(&mean);
        sampled = rbm.sample_hidden(&sampled, noise);
    }
    for index in (0..layers.count()).rev() {
        let rbm = layers.layer(index)?;
        mean = rbm.visible_mean(&mean);
        sampled = rbm.sample_visible(&sampled, noise);
    }
    Ok(Reconstructions { mean, sampled })
}

/// How chains are run in the top machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chains {
    /// Gibbs sweeps, at least one.
    pub sweeps: usize,
    /// Sweeps between two calls of the listener.
    pub pause: usize,
    /// Threads that share the machine.
    pub threads: usize,
}

/// Samples of a stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    /// Binary states, visible × chains.
    pub states: Matrix,
    /// The probabilities that they were drawn from, visible × chains: the usual picture.
    pub means: Matrix,
}

/// Samples: Gibbs sweeps in the top machine from `start`, then one pass down with states drawn in every layer.
///
/// `start` are states of the top machine's visible layer, one chain a column: [`crate::coin_flips`], or images sent up to
/// there. `each` hears how many sweeps are done, and may stop the run with an error. From `noise` are drawn first what
/// the sweeps need, in order, then one matrix for each layer below the top one, downwards.
///
/// # Errors
/// If a layer cannot be read, or `each` stops it.
///
/// # Panics
/// If there is no layer or no sweep, or `start` does not fit the top machine.
pub fn generate<L: Layers>(
    layers: &L,
    start: &Matrix,
    chains: Chains,
    noise: &mut Stream,
    each: &mut dyn FnMut(usize) -> Result<(), L::Error>,
) -> Result<Samples, L::Error> {
    assert!(layers.count() > 0 && chains.sweeps > 0 && chains.pause > 0, "no samples of {chains:?}");
    let top = layers.count() - 1;
    // The chains have their own copy of the machine, in their own layout.
    let mut running = BinaryChains::new(&*layers.layer(top)?, &Spikes::from_matrix(start), chains.threads);
    for done in (0..chains.sweeps).step_by(chains.pause) {
        each(done)?;
        running.run(chains.pause.min(chains.sweeps - done), noise);
    }
    let (states, means) = (running.states().to_matrix(), running.means());
    drop(running);
    if top == 0 { Ok(Samples { states, means }) } else { down(layers, &states, top, noise) }
}

/// One directed pass from states of the hidden layer of machine `from − 1` (one a column) to the data, with states drawn
/// in every layer.
///
/// # Errors
/// If a layer cannot be read.
///
/// # Panics
/// If `from` is 0: there is no layer to pass.
pub fn down<L: Layers>(
    layers: &L,
    states: &Matrix,
    from: usize,
    noise: &mut Stream,
) -> Result<Samples, L::Error> {
    assert!(from > 0, "a pass down through no layer");
    let above = (1..from).rev().try_fold(Cow::Borrowed(states), |h, index| {
        Ok(Cow::Owned(layers.layer(index)?.sample_visible(&h, noise)))
    })?;
    let bottom = layers.layer(0)?;
    let (means, states) = (bottom.visible_mean(&above), bottom.sample_visible(&above, noise));
    Ok(Samples { states, means })
}
