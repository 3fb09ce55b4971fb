//! The two halves of an update, that of the data and that of the model: which visible units are on in which samples, and the hidden
//! probabilities beside them.

use tensor::binary::{
    Blocks, Patterns, Products, Rows, Spikes, Subsets, add_few, add_outer, add_products, scale_rows,
};

/// Which visible units are on in which samples.
#[derive(Clone, Copy)]
pub(super) enum Lists<'a> {
    /// For each visible unit, the samples in which it is on.
    ByUnit(&'a Spikes),
    /// The same as bits.
    Few(&'a Patterns),
}

/// The visible side of one half: lists of what is on, or probabilities beside empty lists.
pub(super) struct Side<'a> {
    pub on: Lists<'a>,
    pub mean: Option<&'a Blocks>, // samples × visible
}

/// Both halves for one panel, the data's first.
pub(super) struct Halves<'a> {
    pub sides: [&'a Side<'a>; 2],
    pub states: [&'a mut Rows; 2], // samples × panel
    pub subsets: &'a mut [Subsets; 2],
}

impl Halves<'_> {
    /// `target += rates₀ · v₀h₀ᵀ − rates₁ · vₖhₖᵀ`. Uses up the states.
    pub fn add(self, target: &mut Rows, rates: [f32; 2]) {
        let Self { sides: [data, model], states: [h0, hk], subsets } = self;
        let (Lists::ByUnit(v0), Lists::ByUnit(vk)) = (data.on, model.on) else {
            scale_rows(h0, rates[0]);
            scale_rows(hk, -rates[1]);
            return add_to_few(target, subsets, [(data, h0), (model, hk)]);
        };
        let mut rate = rates[0];
        if rates[0] != rates[1] {
            scale_rows(h0, rates[0]);
            scale_rows(hk, rates[1]);
            rate = 1.0;
        }
        add_outer(target, rate, (v0, h0), (vk, hk));
        for (side, states, rate) in [(data, h0, rate), (model, hk, -rate)] {
            if let Some(mean) = side.mean {
                add_products(target, rate, mean, states);
            }
        }
    }
}

/// The update after a handful of samples: each half is listed or dense, and all are added in one pass.
fn add_to_few(weights: &mut Rows, subsets: &mut [Subsets; 2], halves: [(&Side<'_>, &mut Rows); 2]) {
    let mut listed: Vec<(&Patterns, &Subsets)> = Vec::with_capacity(2);
    let mut dense = Vec::with_capacity(2);
    for ((side, states), subsets) in halves.into_iter().zip(subsets) {
        match (side.mean, side.on) {
            (Some(inputs), _) => dense.push(Products { inputs, states }),
            (None, Lists::Few(patterns)) => {
                subsets.set(states);
                listed.push((patterns, subsets));
            }
            (None, Lists::ByUnit(_)) => unreachable!("both halves are listed in one way"),
        }
    }
    add_few(weights, &listed, &dense);
}
