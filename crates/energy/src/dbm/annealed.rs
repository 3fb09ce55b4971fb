//! The path to a deep machine for annealed importance sampling: all weights grow from zero together.
//!
//! `E_β` has the weights times β and biases between the base's and the machine's; the base has visible biases of the
//! caller's choice, such as those that fit the data's means, zero hidden biases and no weights [Salakhutdinov2008]. Chains
//! keep the layers of odd number; those of even number, the visible one among them, are summed out in closed form, which
//! takes their noise out of the weights [Salakhutdinov2009].

use tensor::{Matrix, Stream};

use super::model::Dbm;
use crate::gibbs::coin_flips;
use crate::partition::Annealed;
use crate::units::{Bernoulli, Units};

/// A deep machine and the base that annealing begins with.
#[derive(Clone, Debug)]
pub struct DbmPath<'a> {
    dbm: &'a Dbm,
    base: Vec<Bernoulli>, // one a layer
}

/// Chains of odd layers.
#[derive(Clone, Debug, PartialEq)]
pub struct DbmChains {
    odd: Vec<Matrix>,    // layers 1, 3, 5 …: states, units × chains
    inputs: Vec<Matrix>, // layers 0, 2, 4 …: what they hear from the states at β = 1, without biases
}

impl DbmChains {
    /// The states of layers 1, 3, 5 and so on, units × chains each.
    pub fn odd(&self) -> &[Matrix] {
        &self.odd
    }
}

impl<'a> DbmPath<'a> {
    /// A path from independent units, with these visible biases and zero hidden ones, to the machine.
    ///
    /// # Panics
    /// If `visible` does not have as many units as the machine's visible layer.
    pub fn new(dbm: &'a Dbm, visible: Bernoulli) -> Self {
        let (found, units) = (visible.len(), dbm.biases[0].len());
        assert_eq!(found, units, "a base of {found} units for a layer of {units}");
        let hidden = dbm.biases[1..].iter().map(|layer| Bernoulli::new(layer.len()));
        Self { dbm, base: std::iter::once(visible).chain(hidden).collect() }
    }

    /// Chains in these states of layers 1, 3, 5 and so on, units × chains each.
    ///
    /// # Panics
    /// If a matrix is missing or does not fit.
    pub fn chains(&self, odd: Vec<Matrix>) -> DbmChains {
        let layers = self.dbm.top().div_ceil(2);
        assert_eq!(odd.len(), layers, "{} matrices of states for {layers} layers of odd number", odd.len());
        let inputs = (0..=self.dbm.top()).step_by(2).map(|i| {
            let below = (i / 2).checked_sub(1).map(|k| &odd[k]);
            self.dbm.inputs_from(i, below, odd.get(i / 2))
        });
        DbmChains { inputs: inputs.collect(), odd }
    }

    fn layer(&self, i: usize, beta: f64) -> Bernoulli {
        self.dbm.biases[i].between(&self.base[i], beta)
    }
}

impl Annealed for DbmPath<'_> {
    type Chains = DbmChains;

    fn base_log_z(&self) -> f64 {
        self.base.iter().map(|layer| layer.log_partition(&Matrix::zeros(layer.len(), 1))[0]).sum()
    }

    fn base(&self, chains: usize, noise: &mut Stream) -> DbmChains {
        // Hidden biases of zero are fair coins.
        let odd = self.base.iter().skip(1).step_by(2);
        self.chains(odd.map(|layer| coin_flips(layer.len(), chains, noise)).collect())
    }

    /// `F_β(x₁, x₃ …) = −log Σ exp(−E_β)` over the layers of even number, one number a chain.
    fn energies(&self, chains: &DbmChains, beta: f64) -> Vec<f64> {
        let mut free = vec![0.0; chains.odd[0].cols()];
        for (k, x) in chains.odd.iter().enumerate() {
            let energies = self.layer(2 * k + 1, beta).energy(x);
            free.iter_mut().zip(energies).for_each(|(sum, e)| *sum += e);
        }
        for (k, inputs) in chains.inputs.iter().enumerate() {
            let sums = self.layer(2 * k, beta).log_partition(&scaled(inputs, beta));
            free.iter_mut().zip(sums).for_each(|(sum, l)| *sum -= l);
        }
        free
    }

    fn sweep(&self, chains: &mut DbmChains, beta: f64, noise: &mut Stream) {
        let sample = |i: usize, inputs: &Matrix, noise: &mut Stream| {
            let mut x = scaled(inputs, beta);
            self.layer(i, beta).sample(&mut x, noise);
            x
        };
        let even: Vec<Matrix> =
            chains.inputs.iter().enumerate().map(|(k, inputs)| sample(2 * k, inputs, noise)).collect();
        let odd = (1..=self.dbm.top()).step_by(2).map(|i| {
            let inputs = self.dbm.inputs_from(i, Some(&even[i / 2]), even.get(i / 2 + 1));
            sample(i, &inputs, noise)
        });
        *chains = self.chains(odd.collect());
    }
}

fn scaled(inputs: &Matrix, beta: f64) -> Matrix {
    let scaled = inputs.as_slice().iter().map(|&x| (f64::from(x) * beta) as f32);
    Matrix::from_vec(inputs.rows(), inputs.cols(), scaled.collect())
}
