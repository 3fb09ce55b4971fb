//! A path of distributions from one that is known to one that is wanted: what annealed importance sampling walks along.
//!
//! `p_β(x) = exp(−E_β(x)) / Z_β`, where `p₀` is a base whose `Z₀` is known and that can be drawn from, and `p₁` is the model.
//! A model says here what it needs to be annealed; the walk itself is in [`super::ais`].

use tensor::Stream;

/// A model with a path to it. Chains run side by side and share nothing but the temperature.
pub trait Annealed {
    /// The chains: their states, and what a model likes to keep beside them.
    type Chains: Clone;

    /// `log Z₀`, exactly.
    fn base_log_z(&self) -> f64;

    /// So many independent draws from `p₀`.
    fn base(&self, chains: usize, noise: &mut Stream) -> Self::Chains;

    /// `E_β(x)` of each chain.
    fn energies(&self, chains: &Self::Chains, beta: f64) -> Vec<f64>;

    /// `E_from(x) − E_to(x)` of each chain: the logarithm of what its weight is multiplied with when the temperature changes.
    fn log_weights(&self, chains: &Self::Chains, from: f64, to: f64) -> Vec<f64> {
        let pairs = self.energies(chains, from).into_iter().zip(self.energies(chains, to));
        pairs.map(|(before, after)| before - after).collect()
    }

    /// One transition of every chain that leaves `p_β` as it is.
    fn sweep(&self, chains: &mut Self::Chains, beta: f64, noise: &mut Stream);
}
