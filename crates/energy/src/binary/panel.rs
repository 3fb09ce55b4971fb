//! The hidden layer cut into panels, the panels dealt into groups: what one thread works on.

use tensor::binary::{
    Blocks, FEW, Keys, MANY, Pass, Patterns, Rows, Spikes, Stripe, Subsets, add_differences,
    add_softplus_steps, backward_lookup, dots, forward, forward_lookup, gather, gather_few, panels_of,
    sample_rows, scale_rows, sigmoid_rows,
};
use tensor::simd::LANE;
use tensor::{Matrix, Seed, all_finite};

use super::halves::{Halves, Side};
use super::written::{Descending, Written};
use crate::rbm::Rbm;

/// Hidden units of one panel: their weights, biases, and the states of a batch.
pub(super) struct Panel {
    pub weights: Rows,                 // visible × panel
    pub bias: Vec<f32>,                // padded to whole lanes
    pub data: Rows,                    // samples × panel: probabilities given the data
    pub model: Rows,                   // samples × panel: probabilities given the reconstruction
    pub states: Rows,                  // samples × panel: drawn from the one or the other
    keys: Keys,                        // the same states, where the samples are many
    subsets: [Subsets; 2],             // of the data's and the model's samples, where they are few
    pub written: Option<Box<Written>>, // the gradient, where the update does not go straight into the weights
}

/// Panels that one thread handles together, and what they send down.
pub(super) struct Group {
    pub panels: Vec<Panel>,
    pub down: Rows,        // samples × visible
    pub pull: Vec<f32>, // `Gλ` of centred units, one for each visible unit; empty where units are not centred
    pub weights: Vec<f64>, // of annealed chains: what the last change of temperature added to each
    stripe: Stripe,
    /// Number of the first panel, which keys its noise.
    first: usize,
}

/// Which states of a panel a pass writes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Data,
    Model,
}

/// The visible side of a pass: lists of on-pixels, the same as bits by sample or by unit, or probabilities.
pub(super) enum Visible<'a> {
    Binary(&'a Spikes),
    Keys(&'a Keys),
    Few(&'a Patterns),
    Mean(&'a Blocks),
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
            bias.resize(weights.lanes() * LANE, 0.0);
            begin += width;
            let states = || Rows::zeros(samples, width);
            let few = if samples <= FEW { samples } else { 0 };
            let subsets = [Subsets::new(few, width), Subsets::new(few, width)];
            Panel {
                bias,
                data: states(),
                model: states(),
                states: states(),
                keys: Keys::default(),
                subsets,
                written: None,
                weights,
            }
        })
        .collect();
    let (count, groups) = (panels.len(), panels.len().min(GROUPS));
    let mut cut: Vec<Group> = Vec::with_capacity(groups);
    for g in (0..groups).rev() {
        let first = count * g / groups;
        let stripe = Stripe::new(if samples < MANY { 0 } else { samples });
        cut.push(Group {
            panels: panels.split_off(first),
            down: Rows::zeros(samples, visible),
            pull: Vec::new(),
            weights: Vec::new(),
            stripe,
            first,
        });
    }
    cut.reverse();
    cut
}

impl Panel {
    /// The weights, and both sides of their update.
    fn halves<'a>(&'a mut self, data: &'a Side<'a>, model: &'a Side<'a>) -> (&'a mut Rows, Halves<'a>) {
        let Self { weights, data: h0, model: hk, subsets, .. } = self;
        (weights, Halves { sides: [data, model], states: [h0, hk], subsets })
    }
}

impl Group {
    /// Shows so many samples and so many states of the model, of those there is room for.
    pub fn set_samples(&mut self, samples: usize, fantasies: usize) {
        self.down.set_count(fantasies);
        for panel in &mut self.panels {
            panel.data.set_count(samples);
            panel.model.set_count(fantasies);
            panel.states.set_count(fantasies);
        }
    }

    /// The data's logits to probabilities, and what those of the first `probed` samples send down: a mean-field reconstruction.
    pub fn probe(&mut self, probed: usize) {
        self.down.set_count(probed);
        for panel in &mut self.panels {
            sigmoid_rows(&mut panel.data);
            panel.states.set_count(probed);
            for s in 0..probed {
                panel.states.row_mut(s).copy_from_slice(panel.data.row(s));
            }
        }
        self.dots();
    }

    /// Hidden logits from visible states.
    pub fn up(&mut self, visible: &Visible<'_>, phase: Phase) {
        for panel in &mut self.panels {
            let Panel { weights, bias, data, model, .. } = panel;
            let out = if phase == Phase::Data { data } else { model };
            match visible {
                Visible::Binary(spikes) => gather(out, bias, weights, spikes),
                Visible::Keys(keys) => forward_lookup(out, bias, weights, keys, &mut self.stripe),
                Visible::Few(patterns) => gather_few(out, bias, weights, patterns),
                Visible::Mean(rows) => forward(out, bias, weights, rows),
            }
        }
    }

    /// Hidden logits to probabilities, and states drawn from them.
    pub fn sample(&mut self, phase: Phase, seed: Seed) {
        for (i, panel) in self.panels.iter_mut().enumerate() {
            let logits = if phase == Phase::Data { &mut panel.data } else { &mut panel.model };
            sample_rows(logits, &mut panel.states, seed.child("panel", (self.first + i) as u64));
        }
    }

    /// Hidden states drawn at inverse temperature `beta` from the model's logits, which stay as they are.
    pub fn cool(&mut self, beta: f32, seed: Seed) {
        for (i, panel) in self.panels.iter_mut().enumerate() {
            panel.data.flat_mut().copy_from_slice(panel.model.flat());
            scale_rows(&mut panel.data, beta);
            let noise = seed.child("panel", (self.first + i) as u64);
            sample_rows(&mut panel.data, &mut panel.states, noise);
        }
    }

    /// `Σⱼ softplus(to · x) − softplus(from · x)` of each chain over this group's units, `x` the model's logits.
    pub fn weigh(&mut self, betas: [f64; 2]) {
        self.weights.clear();
        self.weights.resize(self.down.count(), 0.0);
        for panel in &self.panels {
            add_softplus_steps(&panel.model, betas, &mut self.weights);
        }
    }

    /// What the states send down.
    pub fn down(&mut self) {
        let many = self.down.count() >= MANY;
        if many {
            self.panels.iter_mut().for_each(|panel| panel.keys.set_states(&panel.states));
        }
        if many {
            let weights: Vec<&Rows> = self.panels.iter().map(|p| &p.weights).collect();
            let keys: Vec<&Keys> = self.panels.iter().map(|p| &p.keys).collect();
            return backward_lookup(&mut self.down, &weights, &keys, &mut self.stripe);
        }
        self.dots();
    }

    fn dots(&mut self) {
        let weights: Vec<&Rows> = self.panels.iter().map(|p| &p.weights).collect();
        let states: Vec<&Rows> = self.panels.iter().map(|p| &p.states).collect();
        dots(&mut self.down, &weights, &states);
    }

    /// The panels' parts in a reconstruction that goes down and up in one pass, from the drawn states to the model's
    /// logits.
    pub fn passes(&mut self) -> impl Iterator<Item = Pass<'_>> {
        self.panels.iter_mut().map(|panel| Pass {
            weights: &panel.weights,
            bias: &panel.bias,
            states: &panel.states,
            logits: &mut panel.model,
        })
    }

    /// The model's logits to probabilities, then the update of weights and hidden biases:
    /// `W += rate · (v₀h₀ᵀ − vₖhₖᵀ)`, `b += rate · Σ(h₀ − hₖ)`. Uses up both.
    pub fn update(&mut self, rate: f32, data: &Side<'_>, model: &Side<'_>) {
        for panel in &mut self.panels {
            sigmoid_rows(&mut panel.model);
            add_differences(&mut panel.bias, rate, &panel.data, &panel.model);
            let (weights, halves) = panel.halves(data, model);
            halves.add(weights, [rate; 2]);
        }
    }

    /// The same where gradients are written down.
    pub fn descend(&mut self, step: &Descending, data: &Side<'_>, model: &Side<'_>) {
        self.pull.fill(0.0);
        for panel in &mut self.panels {
            sigmoid_rows(&mut panel.model);
            let mut written = panel.written.take().expect("a descent writes gradients down");
            written.follow(&panel.data);
            written.set_slope(&panel.data, &panel.model);
            let rates = [-1.0 / panel.data.count() as f32, -1.0 / panel.model.count() as f32];
            panel.halves(data, model).1.add(written.gradient(), rates);
            written.descend(step, &mut panel.weights, &mut panel.bias, &mut self.pull);
            panel.written = Some(written);
        }
    }

    /// Takes the weights and hidden biases of another group of the same shape.
    pub fn take_weights(&mut self, other: Self) {
        for (panel, other) in self.panels.iter_mut().zip(other.panels) {
            (panel.weights, panel.bias) = (other.weights, other.bias);
        }
    }

    /// Whether a bias is NaN or infinite: one step after a weight is.
    pub fn is_finite(&self) -> bool {
        self.panels.iter().all(|panel| all_finite(&panel.bias))
    }
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
