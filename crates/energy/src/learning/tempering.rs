//! Parallel tempering: chains of a machine at several temperatures that exchange their states [Cho2010].
//!
//! At the inverse temperature `β` all parameters are multiplied with `β`: at 0 a sweep is a toss of coins and mixes at once, at
//! 1 it is the machine's own. A chain and its warmer neighbour exchange their states with probability
//! `min(1, p_β(x′) p_β′(x) / (p_β(x) p_β′(x′)))`, hidden units summed out, which keeps all distributions as they are and lets
//! modes travel that Gibbs sampling alone would not leave.

use tensor::{Matrix, Stream};

use crate::partition::{Annealed, RbmPath};
use crate::rbm::Rbm;
use crate::units::Units;

/// Chains at inverse temperatures from 1 down to 0.
#[derive(Clone, Debug)]
pub struct Tempering {
    betas: Vec<f64>,
    states: Vec<Matrix>, // one a temperature, visible × chains
}

impl Tempering {
    /// So many chains at each of so many temperatures, evenly spaced; all states are zero.
    ///
    /// # Panics
    /// If there is no chain or there are fewer than two temperatures.
    pub fn new(visible: usize, chains: usize, temperatures: usize) -> Self {
        assert!(
            chains > 0 && temperatures >= 2,
            "{chains} chains at {temperatures} temperatures, expected at least one at two"
        );
        let last = (temperatures - 1) as f64;
        Self {
            betas: (0..temperatures).map(|k| 1.0 - k as f64 / last).collect(),
            states: vec![Matrix::zeros(visible, chains); temperatures],
        }
    }

    /// The states at the machine's own temperature, visible × chains.
    pub fn states(&self) -> &Matrix {
        &self.states[0]
    }

    /// The states at all temperatures, the machine's own first.
    pub fn all(&self) -> &[Matrix] {
        &self.states
    }

    /// The same, to be set.
    pub fn all_mut(&mut self) -> &mut [Matrix] {
        &mut self.states
    }

    /// So many Gibbs steps at every temperature, each followed by exchanges between all neighbours, the coldest
    /// pair first.
    ///
    /// # Panics
    /// If the states do not fit the machine.
    pub fn run<V: Units, H: Units>(&mut self, rbm: &Rbm<V, H>, sweeps: usize, noise: &mut Stream) {
        let path = RbmPath::new(rbm, rbm.visible.zeros_like());
        for _ in 0..sweeps {
            for (states, &beta) in self.states.iter_mut().zip(&self.betas) {
                let mut chains = path.chains(std::mem::replace(states, Matrix::zeros(0, 0)));
                path.sweep(&mut chains, beta, noise);
                *states = chains.v;
            }
            for colder in 0..self.betas.len() - 1 {
                self.exchange(&path, colder, noise);
            }
        }
    }

    fn exchange<V: Units, H: Units>(&mut self, path: &RbmPath<'_, V, H>, colder: usize, noise: &mut Stream) {
        let (own, other) = (self.betas[colder], self.betas[colder + 1]);
        let [cold, warm] = [colder, colder + 1]
            .map(|place| path.log_weights(&path.chains(self.states[place].clone()), own, other));
        for (chain, (cold, warm)) in cold.iter().zip(&warm).enumerate() {
            // The logarithm of a uniform number falls below that of the ratio with the probability that is wanted.
            if noise.unit().ln() < cold - warm {
                let (before, after) = self.states.split_at_mut(colder + 1);
                before[colder].column_mut(chain).swap_with_slice(after[0].column_mut(chain));
            }
        }
    }
}
