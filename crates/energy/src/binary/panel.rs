//! The hidden layer cut into panels, the panels dealt into groups: what one thread works on.

use tensor::binary::{
    Blocks, FEW, Keys, MANY, Pass, Patterns, Products, Rows, Spikes, Stripe, Subsets, add_differences,
    add_few, add_outer, add_products, backward_lookup, dots, forward, forward_lookup, gather, gather_few,
    panels_of, sample_rows, scale_rows, sigmoid_rows,
};
use tensor::{Matrix, Seed, all_finite};

use crate::rbm::Rbm;

/// Hidden units of one panel: their weights, biases, and the states of a batch.
pub(super) struct Panel {
    pub weights: Rows,     // visible × panel
    pub bias: Vec<f32>,    // padded to whole lanes
    pub data: Rows,        // samples × panel: probabilities given the data
    pub model: Rows,       // samples × panel: probabilities given the reconstruction
    pub states: Rows,      // samples × panel: drawn from the one or the other
    keys: Keys,            // the same states, where the samples are many
    subsets: [Subsets; 2], // of the data's and the model's samples, where they are few
}

/// Panels that one thread handles together, and what they send down.
pub(super) struct Group {
    pub panels: Vec<Panel>,
    pub down: Rows, // samples × visible
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
            bias.resize(weights.lanes() * 16, 0.0);
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
            stripe,
            first,
        });
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

    /// What the states send down.
    pub fn down(&mut self) {
        let many = self.down.count() >= MANY;
        if many {
            self.panels.iter_mut().for_each(|panel| panel.keys.set_states(&panel.states));
        }
        let weights: Vec<&Rows> = self.panels.iter().map(|p| &p.weights).collect();
        if many {
            let keys: Vec<&Keys> = self.panels.iter().map(|p| &p.keys).collect();
            return backward_lookup(&mut self.down, &weights, &keys, &mut self.stripe);
        }
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
            let weights = &mut panel.weights;
            match (data.on, model.on) {
                (Lists::ByUnit(v0), Lists::ByUnit(vk)) => {
                    add_outer(weights, rate, (v0, &panel.data), (vk, &panel.model));
                    for (side, states, rate) in [(data, &panel.data, rate), (model, &panel.model, -rate)] {
                        if let Some(mean) = side.mean {
                            add_products(weights, rate, mean, states);
                        }
                    }
                }
                _ => {
                    scale_rows(&mut panel.data, rate);
                    scale_rows(&mut panel.model, -rate);
                    add_to_few(weights, &mut panel.subsets, [(data, &panel.data), (model, &panel.model)]);
                }
            }
        }
    }

    /// Whether a bias is NaN or infinite: one step after a weight is.
    pub fn is_finite(&self) -> bool {
        self.panels.iter().all(|panel| all_finite(&panel.bias))
    }
}

/// The update after a handful of samples: each half is listed or dense, and all are added in one pass.
fn add_to_few(weights: &mut Rows, subsets: &mut [Subsets; 2], halves: [(&Side<'_>, &Rows); 2]) {
    let mut listed: Vec<(&Patterns, &Subsets)> = Vec::with_capacity(2);
    let mut dense = Vec::with_capacity(2);
    for ((side, states), subsets) in halves.into_iter().zip(subsets) {
        match (side.mean, side.on) {
            (Some(inputs), _) => dense.push(Products { inputs, states }),
            (None, Lists::Few(patterns)) => {
                subsets.set(states);
                listed.push((patterns, subsets));
            }
            (None, Lists::ByUnit(_)) => unreachable!("both halves have as many samples"),
        }
    }
    add_few(weights, &listed, &dense);
}

/// Which visible units are on in which samples.
#[derive(Clone, Copy)]
pub(super) enum Lists<'a> {
    /// For each visible unit, the samples in which it is on.
    ByUnit(&'a Spikes),
    /// The same as bits.
    Few(&'a Patterns),
}

/// One half of an update: lists of what is on, or probabilities beside empty lists.
pub(super) struct Side<'a> {
    pub on: Lists<'a>,
    pub mean: Option<&'a Blocks>, // samples × visible
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
