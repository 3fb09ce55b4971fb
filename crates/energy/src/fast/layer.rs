//! The hidden layer cut into panels, the panels dealt into groups: what one thread works on.

use tensor::binary::{
    Rows, Spikes, add_outer, add_products, backward, forward, gather, panels_of, sample_rows, scatter_outer,
    sigmoid_rows,
};
use tensor::{Matrix, Seed};

use crate::Rbm;

/// Hidden units of one panel: their weights, biases, and the states of a batch.
pub(super) struct Panel {
    pub weights: Rows,  // visible × panel
    pub bias: Vec<f32>, // padded to whole lanes
    pub data: Rows,     // samples × panel: probabilities given the data
    pub model: Rows,    // samples × panel: probabilities given the reconstruction
    pub states: Rows,   // samples × panel: drawn from the one or the other
}

/// Panels that one thread handles together, and what they send down.
pub(super) struct Group {
    pub panels: Vec<Panel>,
    pub down: Rows, // samples × visible
    /// Number of the first panel, which keys its noise.
    first: usize,
}

/// Which states of a panel a pass writes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Data,
    Model,
}

/// The visible side of a pass: lists of on-pixels, or probabilities.
pub(super) enum Visible<'a> {
    Binary(&'a Spikes),
    Mean(&'a Rows),
}

/// More groups than this would only add traffic; two cores share any even number.
const GROUPS: usize = 4;

/// Cuts a machine into groups of panels, with room for `samples` states.
pub(super) fn groups_of(rbm: &Rbm, samples: usize) -> Vec<Group> {
    let visible = rbm.weights.rows();
    let mut begin = 0;
    let mut panels: Vec<Panel> = panels_of(&rbm.weights)
        .into_iter()
        .map(|weights| {
            let width = weights.width();
            let mut bias = rbm.hidden.bias[begin..begin + width].to_vec();
            bias.resize(weights.lanes() * 16, 0.0);
            begin += width;
            let states = || Rows::zeros(samples, width);
            Panel { bias, data: states(), model: states(), states: states(), weights }
        })
        .collect();
    let (count, groups) = (panels.len(), panels.len().min(GROUPS));
    let mut cut: Vec<Group> = Vec::with_capacity(groups);
    for g in (0..groups).rev() {
        let first = count * g / groups;
        cut.push(Group { panels: panels.split_off(first), down: Rows::zeros(samples, visible), first });
    }
    cut.reverse();
    cut
}

impl Group {
    /// Shows `samples` states of those there is room for.
    pub fn set_samples(&mut self, samples: usize) {
        self.down.set_count(samples);
        for panel in &mut self.panels {
            for rows in [&mut panel.data, &mut panel.model, &mut panel.states] {
                rows.set_count(samples);
            }
        }
    }

    /// Hidden logits from visible states.
    pub fn up(&mut self, visible: &Visible<'_>, phase: Phase) {
        for panel in &mut self.panels {
            let out = if phase == Phase::Data { &mut panel.data } else { &mut panel.model };
            match visible {
                Visible::Binary(spikes) => gather(out, &panel.bias, &panel.weights, spikes),
                Visible::Mean(rows) => forward(out, &panel.bias, &panel.weights, rows),
            }
        }
    }

    /// Hidden logits to probabilities, states drawn from them, and what the states send down.
    pub fn sample_down(&mut self, phase: Phase, seed: Seed) {
        for (i, panel) in self.panels.iter_mut().enumerate() {
            let logits = if phase == Phase::Data { &mut panel.data } else { &mut panel.model };
            sample_rows(logits, &mut panel.states, seed.child("panel", (self.first + i) as u64));
        }
        let weights: Vec<&Rows> = self.panels.iter().map(|p| &p.weights).collect();
        let states: Vec<&Rows> = self.panels.iter().map(|p| &p.states).collect();
        backward(&mut self.down, &weights, &states);
    }

    /// The model's logits to probabilities, then the update of weights and hidden biases:
    /// `W += rate · (v₀h₀ᵀ − vₖhₖᵀ)`, `b += rate · Σ(h₀ − hₖ)`.
    pub fn update(&mut self, rate: f32, data: &Side<'_>, model: &Side<'_>) {
        for panel in &mut self.panels {
            sigmoid_rows(&mut panel.model);
            let Panel { weights, data: h0, model: hk, .. } = panel;
            let lists = ((data.on, &*h0), (model.on, &*hk));
            if data.by_unit {
                add_outer(weights, rate, lists.0, lists.1);
            } else {
                scatter_outer(weights, rate, lists.0, lists.1);
            }
            for (side, states, rate) in [(data, &*h0, rate), (model, &*hk, -rate)] {
                if let Some(mean) = side.mean {
                    add_products(weights, rate, mean, states);
                }
            }
            for s in 0..panel.data.count() {
                let rows = panel.data.row(s).iter().zip(panel.model.row(s));
                for (b, (h0, hk)) in panel.bias.iter_mut().zip(rows) {
                    *b += rate * (h0 - hk);
                }
            }
        }
    }

    /// Whether a bias is NaN or infinite: one step after a weight is.
    pub fn is_finite(&self) -> bool {
        self.panels.iter().all(|p| p.bias.iter().all(|b| b.is_finite()))
    }
}

/// One half of an update: lists of what is on, or probabilities beside empty lists.
pub(super) struct Side<'a> {
    pub on: &'a Spikes,
    /// Whether the lists name samples by visible unit, or visible units by sample; the same for both halves.
    pub by_unit: bool,
    pub mean: Option<&'a Rows>, // samples × visible
}

/// Puts weights and hidden biases back into a machine.
pub(super) fn collect<'a>(groups: impl Iterator<Item = &'a Group>, rbm: &mut Rbm) {
    let panels: Vec<&Panel> = groups.flat_map(|g| &g.panels).collect();
    let weights: Vec<&Rows> = panels.iter().map(|p| &p.weights).collect();
    rbm.weights = tensor::binary::matrix_of(&weights);
    rbm.hidden.bias = panels.iter().flat_map(|p| &p.bias[..p.weights.width()]).copied().collect();
}

/// Copies rows (samples × features) out as a matrix of features × samples.
pub(super) fn rows_to_matrix(rows: &Rows) -> Matrix {
    let data = (0..rows.count()).flat_map(|s| rows.floats(s)).copied().collect();
    Matrix::from_vec(rows.width(), rows.count(), data)
}
