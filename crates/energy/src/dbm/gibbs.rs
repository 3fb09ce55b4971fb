//! Gibbs sampling: layers of odd number given those of even number, then the other way round.
//!
//! With one hidden layer these are the sweeps and the draws of [`crate::Rbm::gibbs`].

use tensor::{Matrix, Stream};

use super::model::Dbm;
use crate::gibbs::coin_flips;
use crate::units::Units;

/// What a chain may not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clamped {
    /// Nothing: samples of the model.
    Nothing,
    /// The visible layer: samples of the posterior of the hidden ones.
    Visible,
}

impl Dbm {
    /// States of so many chains that know nothing, all zero: one matrix a layer, units × chains.
    pub fn at_rest(&self, chains: usize) -> Vec<Matrix> {
        self.biases.iter().map(|layer| Matrix::zeros(layer.len(), chains)).collect()
    }

    /// The given visible states with fair coins above them, one draw of `noise` a layer.
    ///
    /// # Panics
    /// If `v` does not have one row a visible unit.
    pub fn above(&self, v: Matrix, noise: &mut Stream) -> Vec<Matrix> {
        let (rows, units, chains) = (v.rows(), self.biases[0].len(), v.cols());
        assert_eq!(rows, units, "{rows} rows for {units} visible units");
        let mut states = vec![v];
        states.extend(self.biases[1..].iter().map(|layer| coin_flips(layer.len(), chains, noise)));
        states
    }

    /// `sweeps` sweeps from `states` (one matrix a layer, units × chains), all chains side by side: first the layers of
    /// odd number, then those of even number, upwards, one draw of `noise` for each layer that is not clamped.
    ///
    /// # Panics
    /// If `states` does not fit the machine.
    pub fn gibbs(
        &self,
        mut states: Vec<Matrix>,
        sweeps: usize,
        clamped: Clamped,
        noise: &mut Stream,
    ) -> Vec<Matrix> {
        self.assert_fit(&states);
        let first = if clamped == Clamped::Visible { 2 } else { 0 };
        for _ in 0..sweeps {
            for layer in (1..=self.top()).step_by(2).chain((first..=self.top()).step_by(2)) {
                let mut x = self.inputs(layer, &states);
                self.biases[layer].sample(&mut x, noise);
                states[layer] = x;
            }
        }
        states
    }

    /// `⟨v⟩` given the first hidden layer of `states`, visible × batch: the usual picture of a sample.
    ///
    /// # Panics
    /// As [`Dbm::inputs`].
    pub fn visible_mean(&self, states: &[Matrix]) -> Matrix {
        self.mean(0, states)
    }
}
