//! The restricted Boltzmann machine on its way from a base without couplings.
//!
//! `p_β(v) ∝ exp(−E_β(v)) Σₕ exp(−βE_h(h) + β(Wᵀv)ᵀh)`, with the visible layer between the base's and the machine's own
//! [Salakhutdinov2008]. At `β = 0` visible units are independent with the base's biases and hidden ones free; hidden units
//! are summed out in closed form, so that weights are as good as they can be.

use tensor::{Matrix, Stream};

use super::annealed::Annealed;
use crate::rbm::Rbm;
use crate::units::Units;

/// A machine and the visible layer that its path begins with.
#[derive(Clone, Debug)]
pub struct RbmPath<'a, V, H> {
    rbm: &'a Rbm<V, H>,
    base: V,
    free: H,
}

/// Visible states, one chain a column, with the `Wᵀv` that both the weights and the next sweep need.
#[derive(Clone, Debug)]
pub struct RbmChains {
    /// visible × chains.
    pub v: Matrix,
    inputs: Matrix,
}

impl<'a, V: Units, H: Units> RbmPath<'a, V, H> {
    /// The path from `base`: the visible layer whose units, alone, are on as often as in the data makes the best start
    /// [Salakhutdinov2008], since then little is left to anneal. [`Units::set_means`] makes one.
    ///
    /// # Panics
    /// If the base has another number of units than the machine's visible layer.
    pub fn new(rbm: &'a Rbm<V, H>, base: V) -> Self {
        let (units, found) = (rbm.visible.len(), base.len());
        assert_eq!(found, units, "a base of {found} units for {units} visible ones");
        Self { rbm, base, free: rbm.hidden.zeros_like() }
    }

    /// Chains in these visible states, visible × chains: where a walk back from the machine begins.
    ///
    /// # Panics
    /// If the states do not fit the machine.
    pub fn chains(&self, v: Matrix) -> RbmChains {
        let inputs = self.rbm.hidden_inputs(&v);
        RbmChains { v, inputs }
    }

    fn visible(&self, beta: f64) -> V {
        self.rbm.visible.between(&self.base, beta)
    }

    fn hidden(&self, beta: f64) -> H {
        self.rbm.hidden.between(&self.free, beta)
    }
}

impl<V: Units, H: Units> Annealed for RbmPath<'_, V, H> {
    type Chains = RbmChains;

    fn base_log_z(&self) -> f64 {
        let alone = |units: usize| Matrix::zeros(units, 1);
        let visible = self.base.log_partition(&alone(self.base.len()));
        let hidden = self.free.log_partition(&alone(self.free.len()));
        visible[0] + hidden[0]
    }

    fn base(&self, chains: usize, noise: &mut Stream) -> RbmChains {
        let mut v = Matrix::zeros(self.base.len(), chains);
        self.base.sample(&mut v, noise);
        self.chains(v)
    }

    /// With the hidden units summed out.
    fn energies(&self, chains: &RbmChains, beta: f64) -> Vec<f64> {
        let hidden = self.hidden(beta).log_partition(&scaled(&chains.inputs, beta));
        self.visible(beta).energy(&chains.v).into_iter().zip(hidden).map(|(e, l)| e - l).collect()
    }

    fn sweep(&self, chains: &mut RbmChains, beta: f64, noise: &mut Stream) {
        let mut h = scaled(&chains.inputs, beta);
        self.hidden(beta).sample(&mut h, noise);
        let mut v = self.rbm.visible_inputs(&h);
        v.as_mut_slice().iter_mut().for_each(|x| *x *= beta as f32);
        self.visible(beta).sample(&mut v, noise);
        *chains = self.chains(v);
    }
}

/// `βx`.
fn scaled(x: &Matrix, beta: f64) -> Matrix {
    let mut scaled = x.clone();
    scaled.as_mut_slice().iter_mut().for_each(|x| *x *= beta as f32);
    scaled
}
