//! The deep belief network that knows labels: directed layers under a machine whose visible layer is joined by a label.
//!
//! `p(v, l) = Σ p(v | x₁) … p(x_{L−1} | x_L) p(x_L, l)` with `p(x_L, l)` of the top machine [Hinton2006, section 6]:
//! 784–500–(500 + 10)–2000 for digits. Recognition, `q(x₁ | v) … q(x_L | x_{L−1})`, has weights of its own, which are
//! those of generation as long as nothing but greedy training has been done; [`crate::wake_sleep`] moves them apart.
//! Labels touch the top machine only. Images, states and labels are rows × batch.

use tensor::{Matrix, Stream};
use train::{Param, Parameters};

use crate::directed::Directed;
use crate::gibbs::VisibleState;
use crate::labels::LabelRbm;
use crate::rbm::Rbm;
use crate::stack::Samples;
use crate::units::Units;

/// Directed layers, both ways, under a machine with labels.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelDbn {
    recognition: Vec<Directed>, // bottom first, each upwards
    generation: Vec<Directed>,  // bottom first, each downwards
    top: LabelRbm,
}

impl LabelDbn {
    /// The network after greedy training: machines, bottom first, used in both directions, and the one on top of them.
    /// Without machines below, the top one is on the data.
    ///
    /// # Panics
    /// If one's hidden layer does not have the size of the next one's visible layer, labels apart.
    pub fn tied(below: &[Rbm], top: LabelRbm) -> Self {
        let above = below.iter().skip(1).map(|rbm| rbm.visible.len()).chain([top.visible.units.len()]);
        for (layer, (rbm, visible)) in below.iter().zip(above).enumerate() {
            let hidden = rbm.hidden.len();
            assert_eq!(
                hidden, visible,
                "{hidden} hidden units of machine {layer} under {visible} visible ones"
            );
        }
        let (recognition, generation) =
            (below.iter().map(Directed::up).collect(), below.iter().map(Directed::down).collect());
        Self { recognition, generation, top }
    }

    /// Number of visible units: pixels of an image.
    pub fn pixels(&self) -> usize {
        self.generation.first().map_or(self.top.visible.units.len(), |layer| layer.units.len())
    }

    /// The layers upwards, bottom first: `q(x_{i+1} | x_i)`, weights `x_i` × `x_{i+1}`.
    pub fn recognition(&self) -> &[Directed] {
        &self.recognition
    }

    /// The layers downwards, bottom first: `p(x_i | x_{i+1})`, weights `x_{i+1}` × `x_i`.
    pub fn generation(&self) -> &[Directed] {
        &self.generation
    }

    /// The machine on top.
    pub fn top(&self) -> &LabelRbm {
        &self.top
    }

    /// All three, to be written: recognition, generation, top.
    pub(crate) fn parts_mut(&mut self) -> (&mut [Directed], &mut [Directed], &mut LabelRbm) {
        (&mut self.recognition, &mut self.generation, &mut self.top)
    }

    /// What images make of the penultimate layer, beside the labels, units × batch: probabilities all the way, or states
    /// drawn in every layer.
    pub fn penultimate(&self, images: &Matrix, state: VisibleState, noise: &mut Stream) -> Matrix {
        self.recognition.iter().fold(images.clone(), |x, layer| match state {
            VisibleState::Sampled => layer.sample(&x, noise),
            VisibleState::Mean => layer.mean(&x),
        })
    }

    /// `log p(l | x_L)` in nats, classes × batch, with probabilities all the way up to `x_L`: the recognition that
    /// [Hinton2006, section 6.1] reports. As [`LabelRbm::label_log_probabilities`].
    pub fn label_log_probabilities(&self, images: &Matrix) -> Matrix {
        let means = self.recognition.iter().fold(images.clone(), |x, layer| layer.mean(&x));
        self.top.label_log_probabilities(&means)
    }

    /// The labels' probabilities by Gibbs sampling at the top, classes × batch, with the penultimate layer clamped to
    /// what one pass up made of it, drawn or means. As [`LabelRbm::label_probabilities_by_gibbs`].
    ///
    /// # Panics
    /// If there is no sweep.
    pub fn recognise_by_gibbs(
        &self,
        images: &Matrix,
        state: VisibleState,
        sweeps: usize,
        noise: &mut Stream,
    ) -> Matrix {
        let penultimate = self.penultimate(images, state, noise);
        self.top.label_probabilities_by_gibbs(&penultimate, sweeps, noise)
    }

    /// Samples given clamped labels (classes × chains): `sweeps` of Gibbs sampling at the top from `start`, then one pass
    /// down with states drawn in every layer.
    ///
    /// `start` are states of the penultimate layer, units × chains: [`crate::coin_flips`], images sent up, or where chains
    /// that [`LabelRbm::units_by_gibbs`] has run are now.
    ///
    /// # Panics
    /// If there is no sweep, or `start` or `labels` does not fit the top machine.
    pub fn generate(&self, labels: &Matrix, start: Matrix, sweeps: usize, noise: &mut Stream) -> Samples {
        let top = self.top.units_by_gibbs(start, labels, sweeps, noise);
        let Some((bottom, above)) = self.generation.split_first() else { return top };
        let states = above.iter().rev().fold(top.states, |x, layer| layer.sample(&x, noise));
        Samples { means: bottom.mean(&states), states: bottom.sample(&states, noise) }
    }
}

/// On disk: the layers' names under `recognition.0`, `generation.0` and so on, bottom first, the machine's under `top`.
impl Parameters for LabelDbn {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let mut params = Vec::new();
        for (name, layers) in [("recognition", &self.recognition), ("generation", &self.generation)] {
            for (i, layer) in layers.iter().enumerate() {
                params.extend(layer.params().into_iter().map(|p| p.under(&format!("{name}.{i}"))));
            }
        }
        params.extend(self.top.params().into_iter().map(|p| p.under("top")));
        params
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let mut params = Vec::new();
        for (name, layers) in [("recognition", &mut self.recognition), ("generation", &mut self.generation)] {
            for (i, layer) in layers.iter_mut().enumerate() {
                params.extend(layer.params_mut().into_iter().map(|p| p.under(&format!("{name}.{i}"))));
            }
        }
        params.extend(self.top.params_mut().into_iter().map(|p| p.under("top")));
        params
    }
}
