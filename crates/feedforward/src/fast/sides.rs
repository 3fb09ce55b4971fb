//! One side of sixteen samples through a network of any layers, forward and backward.
//!
//! States are features × 16, as [`tensor::convolution`] has them; a dense layer is a product of such matrices. An
//! activation right above a layer with weights works in place, since neither of the two needs what was there before.

use tensor::binary::Rows;
use tensor::convolution::{
    Packed, Passes, Room, SIDE, Window, add_bias_gradient, max_pool, max_pool_backward,
};
use tensor::layers::{differentiate, drop_out, softmax, squash};
use tensor::{Accum, Seed, gemm};

use crate::layers::AnyLayer;
use crate::{Dense, Network};

/// What a layer with filters needs besides its parameters.
#[derive(Clone, Debug)]
struct Filters {
    passes: Passes,
    across: Packed,
    back: Packed,
}

/// A network, and its filters as the kernels want them.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub network: Network,
    plans: Vec<Option<Filters>>,
    places: Vec<[usize; 2]>, // of each layer: the states that it reads and writes
}

/// Room for one side: what a thread works in. Nothing in it outlives a side.
pub(super) struct Workspace {
    states: Vec<Rows>,        // features × 16, the images first
    deltas: Vec<Rows>,        // gradients at the states; none at the images
    masks: Vec<Option<Rows>>, // of each layer: what dropout keeps
    rooms: Vec<Option<Room>>, // of each layer
    logits: Rows,             // 16 × classes
}

impl Prepared {
    /// Plans for every layer.
    pub fn new(network: Network) -> Self {
        let (mut places, mut top) = (Vec::new(), 0);
        for (l, layer) in network.layers().iter().enumerate() {
            let affine = l > 0 && network.layers()[l - 1].list().is_some();
            let in_place = affine && matches!(layer, AnyLayer::Activation(_));
            let below = top;
            top += usize::from(!in_place);
            places.push([below, top]);
        }
        let plan = |layer: &AnyLayer| match layer {
            AnyLayer::Convolution(layer) => Some(Filters::new(layer.window())),
            AnyLayer::TransposedConvolution(layer) => Some(Filters::new(layer.window())),
            _ => None,
        };
        let plans = network.layers().iter().map(plan).collect();
        let mut prepared = Self { network, plans, places };
        prepared.pack();
        prepared
    }

    /// To be called when parameters have changed.
    pub fn pack(&mut self) {
        for (layer, plan) in self.network.layers().iter().zip(&mut self.plans) {
            let Some(Filters { across, back, .. }) = plan else { continue };
            match layer {
                AnyLayer::Convolution(layer) => {
                    let weights = layer.weights().as_slice();
                    *across = Packed::forward(layer.window(), weights, layer.bias());
                    *back = Packed::backward(layer.window(), weights, &[]);
                }
                AnyLayer::TransposedConvolution(layer) => {
                    let weights = layer.weights().as_slice();
                    *across = Packed::forward(layer.window(), weights, &[]);
                    *back = Packed::backward(layer.window(), weights, layer.bias());
                }
                _ => {}
            }
        }
    }

    /// Room for one side.
    pub fn workspace(&self) -> Workspace {
        let mut widths = vec![self.network.inputs()];
        for (layer, [below, above]) in self.network.layers().iter().zip(&self.places) {
            let width = layer.widths().map_or(widths[*below], |[_, out]| out);
            widths.resize(above + 1, width);
        }
        let rows = |&width: &usize| Rows::zeros(width, SIDE);
        let states: Vec<Rows> = widths.iter().map(rows).collect();
        let deltas = [0].iter().chain(&widths[1..]).map(rows).collect();
        let mask = |(layer, place): (&AnyLayer, &[usize; 2])| {
            matches!(layer, AnyLayer::Dropout(_)).then(|| Rows::zeros(widths[place[1]], SIDE))
        };
        let masks = self.network.layers().iter().zip(&self.places).map(mask).collect();
        let rooms = self.plans.iter().map(|plan| plan.as_ref().map(|plan| plan.passes.room())).collect();
        Workspace { states, deltas, masks, rooms, logits: Rows::zeros(SIDE, self.network.outputs()) }
    }

    /// The images' states to logits, 16 × classes; the first `samples` are meant. Drops where there is a seed for a layer.
    pub fn forward<'a>(
        &self,
        room: &'a mut Workspace,
        samples: usize,
        seeds: &[Option<Seed>],
    ) -> &'a mut Rows {
        for (l, layer) in self.network.layers().iter().enumerate() {
            self.layer_forward(room, (l, layer), seeds.get(l).copied().flatten());
        }
        let top = &room.states[room.states.len() - 1];
        room.logits.set_count(samples);
        for s in 0..samples {
            let logits = room.logits.row_mut(s);
            top.flat().chunks_exact(SIDE).zip(logits).for_each(|(unit, z)| *z = unit[s]);
        }
        &mut room.logits
    }

    fn layer_forward(&self, room: &mut Workspace, (l, layer): (usize, &AnyLayer), seed: Option<Seed>) {
        let [below, above] = self.places[l];
        let (lower, upper) = room.states.split_at_mut(above);
        let out = &mut upper[0];
        if below < above && matches!(layer, AnyLayer::Activation(_) | AnyLayer::Dropout(_)) {
            out.flat_mut().copy_from_slice(lower[below].flat());
        }
        match (layer, &self.plans[l], &mut room.rooms[l]) {
            (AnyLayer::Dense(dense), ..) => dense_forward(out, dense, &lower[below]),
            (AnyLayer::Convolution(_), Some(Filters { passes, across, .. }), Some(room)) => {
                passes.across(out, across, &lower[below], room);
            }
            (AnyLayer::TransposedConvolution(_), Some(Filters { passes, back, .. }), Some(room)) => {
                passes.back(out, back, &lower[below], room);
            }
            (AnyLayer::MaxPool(layer), ..) => max_pool(out, layer.pool(), &lower[below]),
            (AnyLayer::Activation(activation), ..) => squash(out, (*activation).into()),
            (AnyLayer::Dropout(dropout), ..) => {
                if let (Some(seed), Some(mask)) = (seed, &mut room.masks[l]) {
                    drop_out(out, mask, 1.0 - dropout.rate(), seed, 0);
                }
            }
            (layer, ..) => unreachable!("{} was refused", layer.kind()),
        }
    }

    /// Loss of the logits, summed over the samples, and its gradient, times `scale`, added to `gradient`.
    pub fn backward(&self, room: &mut Workspace, gradient: &mut Network, labels: &[u8], scale: f32) -> f64 {
        let loss = softmax(&mut room.logits, labels, scale);
        let top = room.deltas.len() - 1;
        let deltas = room.deltas[top].flat_mut().chunks_exact_mut(SIDE).enumerate();
        for (unit, deltas) in deltas {
            deltas.fill(0.0);
            deltas.iter_mut().zip(0..labels.len()).for_each(|(d, s)| *d = room.logits.row(s)[unit]);
        }
        for (l, layer) in gradient.layers_mut().iter_mut().enumerate().rev() {
            self.layer_backward(room, l, layer);
        }
        loss
    }

    /// Nothing goes back to the images: the first layer only learns.
    fn layer_backward(&self, room: &mut Workspace, l: usize, gradient: &mut AnyLayer) {
        let [below, above] = self.places[l];
        let (lower, upper) = room.deltas.split_at_mut(above);
        let (dy, x, y) = (&mut upper[0], &room.states[below], &room.states[above]);
        let mut dx = lower.get_mut(below).filter(|_| below > 0);
        match (&self.network.layers()[l], gradient, &self.plans[l], &mut room.rooms[l]) {
            (AnyLayer::Dense(dense), AnyLayer::Dense(gradient), ..) => {
                dense_backward(dx, dense, gradient, (x, dy));
            }
            (
                AnyLayer::Convolution(_),
                AnyLayer::Convolution(gradient),
                Some(Filters { passes, back, .. }),
                Some(room),
            ) => {
                let (weights, bias) = gradient.parts_mut();
                passes.learn(weights, x, dy, room);
                add_bias_gradient(bias, dy);
                if let Some(dx) = dx {
                    passes.back(dx, back, dy, room);
                }
            }
            (
                AnyLayer::TransposedConvolution(_),
                AnyLayer::TransposedConvolution(gradient),
                Some(Filters { passes, across, .. }),
                Some(room),
            ) => {
                let (weights, bias) = gradient.parts_mut();
                passes.learn(weights, dy, x, room);
                add_bias_gradient(bias, dy);
                if let Some(dx) = dx {
                    passes.across(dx, across, dy, room);
                }
            }
            (AnyLayer::MaxPool(layer), ..) => {
                if let Some(dx) = dx {
                    max_pool_backward(dx, layer.pool(), (x, y), dy);
                }
            }
            (AnyLayer::Activation(activation), ..) => {
                differentiate(dy, y, None, (*activation).into());
                if let Some(dx) = &mut dx {
                    dx.flat_mut().copy_from_slice(dy.flat());
                }
            }
            (AnyLayer::Dropout(_), ..) => {
                let mask = room.masks[l].as_ref().map_or(&[][..], Rows::flat);
                dy.flat_mut().iter_mut().zip(mask).for_each(|(d, m)| *d *= m);
                if let Some(dx) = &mut dx {
                    dx.flat_mut().copy_from_slice(dy.flat());
                }
            }
            (layer, ..) => unreachable!("{} was refused", layer.kind()),
        }
    }
}

impl Workspace {
    /// Where the images go.
    pub fn images(&mut self) -> &mut Rows {
        &mut self.states[0]
    }
}

impl Filters {
    fn new(window: &Window) -> Self {
        Self { passes: Passes::new(window), across: Packed::default(), back: Packed::default() }
    }
}

/// `yᵀ = xᵀ W + b`.
fn dense_forward(out: &mut Rows, dense: &Dense, x: &Rows) {
    gemm(out.view_mut(), Accum::Replace, x.view(), dense.weights.view(), 1.0);
    for (row, b) in out.flat_mut().chunks_exact_mut(SIDE).zip(&dense.bias) {
        row.iter_mut().for_each(|y| *y += b);
    }
}

/// `∂W += x dyᵀ`, `∂b += Σ dy`, `dx = W dy`.
fn dense_backward(dx: Option<&mut Rows>, dense: &Dense, gradient: &mut Dense, (x, dy): (&Rows, &Rows)) {
    gemm(gradient.weights.view_mut(), Accum::Add, x.view().transpose(), dy.view(), 1.0);
    add_bias_gradient(&mut gradient.bias, dy);
    if let Some(dx) = dx {
        gemm(dx.view_mut(), Accum::Replace, dy.view(), dense.weights.view().transpose(), 1.0);
    }
}
