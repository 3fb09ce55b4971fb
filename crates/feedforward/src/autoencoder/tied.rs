//! A tied autoencoder in panels of units: encode, decode and both ways back with one set of weights.
//!
//! Shapes: inputs samples × inputs, codes samples × units. The weights of one input to all units of a panel are contiguous.
//! Encoding adds up such rows, decoding takes dot products with them, and their update sums both uses in registers.

use std::sync::{RwLock, RwLockReadGuard};

use tensor::binary::Rows;
use tensor::layers::{
    Change, Moments, Part, Sparse, Squash, Update, add_bias, backward, forward, gather, learn, learn_bias,
    squash,
};
use tensor::simd::LANE;
use tensor::team::{read, write};

use super::{Autoencoder, Decoder};
use crate::fast::panels::{Kept, Panel, Panels, collect_layer, cut, distribute_layer, row};

/// The biases of the inputs.
struct Visible {
    bias: Rows, // 1 × inputs
    moments: Moments,
}

impl Visible {
    fn kept(&self, kept: Kept) -> &Rows {
        match kept {
            Kept::Value => &self.bias,
            Kept::First => &self.moments.first,
            Kept::Second => &self.moments.second,
        }
    }

    fn kept_mut(&mut self, kept: Kept) -> &mut Rows {
        match kept {
            Kept::Value => &mut self.bias,
            Kept::First => &mut self.moments.first,
            Kept::Second => &mut self.moments.second,
        }
    }
}

/// One tied layer; each part behind its own lock, none ever contended.
pub(super) struct Tied {
    pub panels: Panels,
    visible: RwLock<Visible>,
    flat: Rows, // 1 × units: no slopes
}

/// What comes into a layer.
#[derive(Clone, Copy)]
pub(super) enum Input<'a> {
    /// Some columns of sparse ones.
    Sparse(&'a Sparse, &'a [usize]),
    /// Samples × inputs.
    Dense(&'a Rows),
}

impl Tied {
    /// Cuts a layer; `shared` says whether threads may share it. None if its weights are not tied.
    pub fn new(layer: &Autoencoder, change: Change, shared: bool) -> Option<Self> {
        let Decoder::Tied(bias) = &layer.decoder else { return None };
        let moments = Moments::new(change, 1, bias.len());
        let visible = Visible { bias: row(bias, 0, bias.len()), moments };
        let (visible, flat) = (RwLock::new(visible), Rows::zeros(1, layer.units()));
        Some(Self { panels: cut(&layer.encoder, change, shared), visible, flat })
    }

    /// `out = σ(Wᵀ input + b)`.
    pub fn encode(&self, out: &mut Rows, input: Input<'_>) {
        for panel in &self.panels {
            let panel = read(panel);
            let parameters = (panel.bias.row(0), &panel.weights);
            match input {
                Input::Sparse(columns, indices) => gather(out, panel.lane, parameters, columns, indices),
                Input::Dense(rows) => forward(out, panel.lane, parameters, rows),
            }
        }
        squash(out, Squash::Sigmoid);
    }

    /// The logits `W code + c`.
    pub fn decode(&self, out: &mut Rows, code: &Rows) {
        let panels: Vec<RwLockReadGuard<'_, Panel>> = self.panels.iter().map(read).collect();
        let weights: Vec<&Rows> = panels.iter().map(|panel| &panel.weights).collect();
        backward(out, &weights, code);
        add_bias(out, read(&self.visible).bias.row(0));
    }

    /// `out = slopes + Wᵀ deltas`, from the decoder's logits back to the code; no slopes are zeros.
    pub fn to_code(&self, out: &mut Rows, deltas: &Rows, slopes: Option<&Rows>) {
        let slopes = slopes.unwrap_or(&self.flat);
        for panel in &self.panels {
            let panel = read(panel);
            let begin = panel.lane * LANE;
            let slopes = &slopes.row(0)[begin..begin + panel.weights.lanes() * LANE];
            forward(out, panel.lane, (slopes, &panel.weights), deltas);
        }
    }

    /// Updates one panel by both uses of its weights; `codes` are the deltas at the code.
    pub fn learn(&self, panel: usize, parts: &[Part<'_>], codes: &[&Rows], update: &Update) {
        let panel = &mut *write(&self.panels[panel]);
        learn((&mut panel.weights, &mut panel.moments), panel.lane, parts, update);
        learn_bias((&mut panel.bias, &mut panel.bias_moments), panel.lane, codes, update);
    }

    /// Updates the biases of the inputs by the deltas at the decoder's logits.
    pub fn learn_visible(&self, deltas: &[&Rows], update: &Update) {
        let visible = &mut *write(&self.visible);
        learn_bias((&mut visible.bias, &mut visible.moments), 0, deltas, update);
    }

    /// Values or moments as an autoencoder like `like`; moments that the rule does not keep are zero.
    pub fn collect(&self, kept: Kept, like: &Autoencoder) -> Autoencoder {
        let mut own = like.clone();
        collect_layer(&self.panels, kept, &mut own.encoder);
        let visible = read(&self.visible);
        let rows = visible.kept(kept);
        let inputs = own.inputs();
        let bias = if rows.count() == 0 { vec![0.0; inputs] } else { rows.floats(0).to_vec() };
        own.decoder = Decoder::Tied(bias);
        own
    }

    /// The way back. Moments that the rule does not keep are dropped.
    pub fn distribute(&self, kept: Kept, own: &Autoencoder) {
        distribute_layer(&self.panels, kept, &own.encoder);
        let mut visible = write(&self.visible);
        let rows = visible.kept_mut(kept);
        if let (Decoder::Tied(bias), true) = (&own.decoder, rows.count() > 0) {
            *rows = row(bias, 0, bias.len());
        }
    }

    /// The first kind of bias that is not finite, by name: weights that are not make it so one step later.
    pub fn non_finite(&self) -> Option<String> {
        let finite = |rows: &Rows| rows.floats(0).iter().all(|b| b.is_finite());
        if !self.panels.iter().all(|panel| finite(&read(panel).bias)) {
            return Some("encoder.bias".to_owned());
        }
        (!finite(&read(&self.visible).bias)).then(|| "decoder.bias".to_owned())
    }
}
