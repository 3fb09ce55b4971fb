//! Sampling from a restricted Boltzmann machine: each layer given the other, and Gibbs chains of both in turn.
//!
//! Generic over units, in the order of the layers; chains of binary machines have a layout of their own in
//! [`crate::binary`], with other draws from the same distribution.

use serde::{Deserialize, Serialize};
use tensor::{Matrix, Stream};

use crate::rbm::Rbm;
use crate::units::Units;

/// What a reconstruction holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VisibleState {
    /// States drawn from their distribution.
    Sampled,
    /// Their means: probabilities, for binary units.
    Mean,
}

impl<V: Units, H: Units> Rbm<V, H> {
    /// `h ~ p(h | v)`, hidden × batch.
    pub fn sample_hidden(&self, v: &Matrix, noise: &mut Stream) -> Matrix {
        let mut h = self.hidden_inputs(v);
        self.hidden.sample(&mut h, noise);
        h
    }

    /// `v ~ p(v | h)`, visible × batch.
    pub fn sample_visible(&self, h: &Matrix, noise: &mut Stream) -> Matrix {
        let mut v = self.visible_inputs(h);
        self.visible.sample(&mut v, noise);
        v
    }

    /// The visible layer given `h`, sampled or as its mean.
    pub fn visible(&self, h: &Matrix, state: VisibleState, noise: &mut Stream) -> Matrix {
        match state {
            VisibleState::Sampled => self.sample_visible(h, noise),
            VisibleState::Mean => self.visible_mean(h),
        }
    }

    /// `sweeps` full steps of Gibbs sampling from `v`, all columns side by side: h given v, then v given h.
    pub fn gibbs(&self, mut v: Matrix, sweeps: usize, noise: &mut Stream) -> Matrix {
        for _ in 0..sweeps {
            let h = self.sample_hidden(&v, noise);
            v = self.sample_visible(&h, noise);
        }
        v
    }

    /// The same with some visible units held: after every step those that are not `free` are again what they were in `v`, so
    /// that the chain draws the free ones given the others.
    ///
    /// # Panics
    /// If `free` does not have one entry a visible unit.
    pub fn gibbs_clamped(&self, v: &Matrix, free: &[bool], sweeps: usize, noise: &mut Stream) -> Matrix {
        let (units, found) = (self.visible.len(), free.len());
        assert_eq!(found, units, "{found} units to hold or let free, the machine has {units} visible ones");
        let mut state = v.clone();
        for _ in 0..sweeps {
            state = self.gibbs(state, 1, noise);
            for j in 0..v.cols() {
                let held =
                    state.column_mut(j).iter_mut().zip(v.column(j)).zip(free).filter(|(_, free)| !**free);
                held.for_each(|((x, own), _)| *x = *own);
            }
        }
        state
    }

    /// The sampled reconstruction: one Gibbs step.
    pub fn reconstruct_sample(&self, v: &Matrix, noise: &mut Stream) -> Matrix {
        self.sample_visible(&self.sample_hidden(v, noise), noise)
    }
}

/// States of `units` fair coins in `chains` columns: where a chain begins that knows nothing.
pub fn coin_flips(units: usize, chains: usize, noise: &mut Stream) -> Matrix {
    let mut states = Matrix::from_fn(units, chains, |_, _| 0.5);
    noise.bernoulli(&mut states);
    states
}
