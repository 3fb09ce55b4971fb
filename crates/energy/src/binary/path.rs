//! A binary machine on its way from a base without couplings, laid out for the processor: [`crate::partition::RbmPath`] of binary
//! units, several times as fast.
//!
//! Chains are lists of on-pixels with the logits `x = b + Wᵀv` of all hidden units beside them, which both the weights and the next
//! sweep need. With the hidden units summed out, a change of temperature multiplies a chain's weight with
//! `exp((to − from) (a − a₀)ᵀv + Σⱼ softplus(to · xⱼ) − softplus(from · xⱼ))`.

use std::sync::{Arc, Mutex, PoisonError};

use tensor::binary::{Rows, Spikes};
use tensor::plain::softplus;
use tensor::team::Team;
use tensor::{Matrix, Stream};

use super::step::{Shared, Stage, read, write};
use crate::partition::Annealed;
use crate::rbm::Rbm;
use crate::units::{Bernoulli, Units};

/// A binary machine, the visible layer that its path begins with, and room for so many chains.
pub struct BinaryPath {
    base: Bernoulli,
    bias: Vec<f32>,
    hidden: usize,
    chains: usize,
    shared: Arc<Shared>,
    team: Mutex<Team>,
}

/// Visible states, with the hidden logits that belong to them, panel by panel.
#[derive(Clone, Debug)]
pub struct BinaryPathChains {
    /// visible × chains.
    pub v: Spikes,
    inputs: Vec<Rows>, // chains × panel
}

impl BinaryPath {
    /// The path from `base` for `chains` chains; as [`crate::partition::RbmPath::new`].
    ///
    /// # Panics
    /// If the base has another number of units than the machine's visible layer, there is no chain, or no thread.
    pub fn new(rbm: &Rbm, base: Bernoulli, chains: usize, threads: usize) -> Self {
        let (visible, hidden) = (rbm.weights.rows(), rbm.weights.cols());
        assert_eq!(base.len(), visible, "a base of {} units for {visible} visible ones", base.len());
        assert!(chains > 0 && threads > 0, "{chains} chains on {threads} threads");
        let shared = Arc::new(Shared::sampling(rbm, chains, threads));
        let work = Arc::clone(&shared);
        let team = Team::new(shared.threads, Arc::new(move |member, phase| work.work(member, phase)));
        let bias = rbm.visible.bias.clone();
        Self { base, bias, hidden, chains, shared, team: Mutex::new(team) }
    }

    /// Chains in these visible states: where a walk back from the machine begins.
    ///
    /// # Panics
    /// If there are not as many as there is room for, or they do not fit the machine.
    pub fn chains(&self, v: Spikes) -> BinaryPathChains {
        let (found, expected) = ((v.len(), v.rows()), (self.chains, self.bias.len()));
        assert_eq!(found, expected, "chains and visible units");
        let rows = |width| Rows::zeros(self.chains, width);
        let mut inputs = Vec::new();
        for group in &self.shared.groups {
            inputs.extend(read(group).panels.iter().map(|panel| rows(panel.weights.width())));
        }
        let mut chains = BinaryPathChains { v, inputs };
        self.with(&mut chains, |team| {
            write(&self.shared.batch).model.index(false);
            team.run(Stage::Up as usize);
        });
        chains
    }

    /// Does something with these chains in the team's hands.
    fn with(&self, chains: &mut BinaryPathChains, work: impl FnOnce(&Team)) {
        // A panic of the work leaves nothing behind that a later call would believe.
        let team = self.team.lock().unwrap_or_else(PoisonError::into_inner);
        self.swap(chains);
        work(&team);
        self.swap(chains);
    }

    fn swap(&self, chains: &mut BinaryPathChains) {
        std::mem::swap(&mut chains.v, &mut write(&self.shared.batch).model.on);
        let mut inputs = chains.inputs.iter_mut();
        for group in &self.shared.groups {
            let group = &mut *write(group);
            group
                .panels
                .iter_mut()
                .zip(&mut inputs)
                .for_each(|(panel, x)| std::mem::swap(&mut panel.model, x));
        }
    }

    /// `Σᵢ f(i)` over the units that are on, of each chain.
    fn sums(&self, chains: &BinaryPathChains, f: impl Fn(usize) -> f64) -> Vec<f64> {
        (0..self.chains).map(|s| chains.v.column(s).iter().map(|&i| f(i as usize)).sum()).collect()
    }
}

impl Annealed for BinaryPath {
    type Chains = BinaryPathChains;

    fn base_log_z(&self) -> f64 {
        let visible = self.base.log_partition(&Matrix::zeros(self.base.len(), 1));
        visible[0] + self.hidden as f64 * std::f64::consts::LN_2
    }

    /// # Panics
    /// If there is no room for so many chains.
    fn base(&self, chains: usize, noise: &mut Stream) -> BinaryPathChains {
        let mut v = Matrix::zeros(self.base.len(), chains);
        self.base.sample(&mut v, noise);
        self.chains(Spikes::from_matrix(&v))
    }

    fn energies(&self, chains: &BinaryPathChains, beta: f64) -> Vec<f64> {
        let bias = |i: usize| (1.0 - beta) * f64::from(self.base.bias[i]) + beta * f64::from(self.bias[i]);
        let mut energies = self.sums(chains, |i| -bias(i));
        for inputs in &chains.inputs {
            for (s, energy) in energies.iter_mut().enumerate() {
                *energy -= inputs.floats(s).iter().map(|&x| softplus(beta * f64::from(x))).sum::<f64>();
            }
        }
        energies
    }

    fn log_weights(&self, chains: &BinaryPathChains, from: f64, to: f64) -> Vec<f64> {
        let change = |i: usize| (to - from) * (f64::from(self.bias[i]) - f64::from(self.base.bias[i]));
        let mut changes = self.sums(chains, change);
        // The team needs them in its hands, and gives them back as they were.
        let mut chains = chains.clone();
        self.with(&mut chains, |team| {
            write(&self.shared.batch).betas = [from, to];
            team.run(Stage::Weigh as usize);
        });
        for group in &self.shared.groups {
            changes.iter_mut().zip(&read(group).weights).for_each(|(sum, x)| *sum += x);
        }
        changes
    }

    fn sweep(&self, chains: &mut BinaryPathChains, beta: f64, noise: &mut Stream) {
        let mut sums = vec![0.0; self.bias.len()];
        self.with(chains, |team| {
            let biases = self.bias.iter().zip(&self.base.bias);
            for (blend, (&own, &base)) in write(&self.shared.visible_bias).iter_mut().zip(biases) {
                // The logits are multiplied by `beta` as a whole.
                *blend = (f64::from(own) + (1.0 - beta) / beta * f64::from(base)) as f32;
            }
            {
                let batch = &mut *write(&self.shared.batch);
                (batch.seed, batch.betas) = (noise.next_seed(), [beta; 2]);
            }
            team.run(Stage::Cool as usize);
            team.run(Stage::Reconstruct as usize);
            self.shared.assemble(&mut sums);
            team.run(Stage::Up as usize);
        });
    }
}
