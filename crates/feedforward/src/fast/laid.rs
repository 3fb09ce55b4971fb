//! A perceptron laid out for a team, for whoever trains several of them against each other or one behind the other.
//!
//! Its layers are cut into [`panels`](super::panels); blocks of samples pass through it forward and back, each in a [`Passage`] of
//! its own, and then every panel learns from all passages at once. Bits depend on shapes and data, never on the number of threads.

use std::ops::Range;
use std::sync::RwLock;

use tensor::binary::Rows;
use tensor::layers::{
    Change, Inputs, Part, Sparse, Squash, Update, backward, differentiate, forward, gather, learn,
    learn_bias, squash,
};
use tensor::team::{read, write};

use super::panels::{Kept, Panel, Panels, collect_layer, cut, distribute_layer};
use crate::layers::AnyLayer;
use crate::{Dense, Network, NetworkError};

/// Dense layers with one non-linearity between them, and another or none at the end.
pub struct Laid {
    layers: Vec<Panels>,
    widths: Vec<usize>, // inputs, then units of each layer
    hidden: Squash,
    output: Option<Squash>,
    zeros: Vec<f32>, // the bias of a tangent
}

/// Room for a block of samples on its way: what every layer shows, and the gradients there.
#[derive(Clone, Debug)]
pub struct Passage {
    states: Vec<Rows>, // of each layer, samples × units
    deltas: Vec<Rows>, // before its non-linearity
}

/// What comes into the first layer.
#[derive(Clone, Copy)]
pub enum Entry<'a> {
    /// Samples × inputs.
    Dense(&'a Rows),
    /// Some columns of inputs × samples, of which few are not zero.
    Sparse(&'a Sparse, &'a [usize]),
}

/// What a panel learns from: the sum over samples of the outer products of what came into a layer and the gradients there.
#[derive(Clone, Copy)]
pub struct Lesson<'a> {
    /// Into the first layer.
    pub entry: Inputs<'a>,
    /// Where the inputs of the layers above come from.
    pub states: &'a Passage,
    /// Where the gradients are.
    pub deltas: &'a Passage,
    /// Whether biases learn from it: not from tangents, which have none.
    pub biased: bool,
}

impl Laid {
    /// Lays a network out for updates of this kind; `shared` says whether threads may share it.
    ///
    /// # Errors
    /// If it is no sequence of dense layers with one kind of activation between them and at most one at the end.
    pub fn new(network: &Network, change: Change, shared: bool) -> Result<Self, NetworkError> {
        let (mut dense, mut squashes) = (Vec::new(), Vec::new());
        for (place, layer) in network.layers().iter().enumerate() {
            match layer {
                AnyLayer::Dense(layer) if dense.len() == squashes.len() => dense.push(layer),
                AnyLayer::Activation(activation) if dense.len() == squashes.len() + 1 => {
                    squashes.push(Squash::from(*activation));
                }
                other => return Err(NetworkError::NoPerceptron { place, found: Some(other.kind()) }),
            }
        }
        let output = (squashes.len() == dense.len()).then(|| squashes.pop()).flatten();
        let hidden = squashes.first().copied().unwrap_or(Squash::Relu);
        if let Some(other) = squashes.iter().position(|squash| *squash != hidden) {
            return Err(NetworkError::NoPerceptron { place: 2 * other + 1, found: Some("activation") });
        }
        let layers: Vec<Panels> = dense.iter().map(|layer| cut(layer, change, shared)).collect();
        let widest = layers.iter().flatten().map(|panel| read(panel).bias.row(0).len()).max().unwrap_or(0);
        let widths = std::iter::once(network.inputs()).chain(dense.iter().map(|layer| layer.bias.len()));
        Ok(Self { layers, widths: widths.collect(), hidden, output, zeros: vec![0.0; widest] })
    }

    /// Number of inputs.
    pub fn inputs(&self) -> usize {
        self.widths[0]
    }

    /// Room for `samples` samples.
    pub fn passage(&self, samples: usize) -> Passage {
        let rows = || self.widths[1..].iter().map(|&units| Rows::zeros(samples, units)).collect();
        Passage { states: rows(), deltas: rows() }
    }

    /// States of all layers.
    ///
    /// # Panics
    /// If the entry has another number of inputs, or of samples than the passage is set to.
    pub fn forward(&self, passage: &mut Passage, entry: Entry<'_>) {
        let top = self.layers.len() - 1;
        for (l, panels) in self.layers.iter().enumerate() {
            let (below, above) = passage.states.split_at_mut(l);
            let out = &mut above[0];
            for panel in panels {
                let panel = read(panel);
                let parameters = (panel.bias.row(0), &panel.weights);
                match (below.last(), entry) {
                    (Some(inputs), _) | (None, Entry::Dense(inputs)) => {
                        forward(out, panel.lane, parameters, inputs);
                    }
                    (None, Entry::Sparse(images, indices)) => {
                        gather(out, panel.lane, parameters, images, indices);
                    }
                }
            }
            if let Some(by) = if l < top { Some(self.hidden) } else { self.output } {
                squash(out, by);
            }
        }
    }

    /// Gradients of all layers from those at the outputs, which [`Passage::output_deltas`] holds.
    pub fn backward(&self, passage: &mut Passage) {
        let top = self.layers.len() - 1;
        if let Some(by) = self.output {
            differentiate(&mut passage.deltas[top], &passage.states[top], None, by);
        }
        for l in (1..=top).rev() {
            let (below, above) = passage.deltas.split_at_mut(l);
            self.back(l, &mut below[l - 1], &above[0]);
            differentiate(&mut below[l - 1], &passage.states[l - 1], None, self.hidden);
        }
    }

    /// Gradients at the inputs, samples × inputs, after [`Laid::backward`].
    pub fn to_inputs(&self, passage: &Passage, out: &mut Rows) {
        self.back(0, out, &passage.deltas[0]);
    }

    fn back(&self, layer: usize, out: &mut Rows, deltas: &Rows) {
        let panels: Vec<_> = self.layers[layer].iter().map(read).collect();
        let weights: Vec<&Rows> = panels.iter().map(|panel| &panel.weights).collect();
        backward(out, &weights, deltas);
    }

    /// How all states move when the inputs move along `tangent`, samples × inputs: through the masks of `passed`, without biases
    /// ([`crate::Layer::tangent`]).
    pub fn tangents(&self, tangents: &mut Passage, tangent: &Rows, passed: &Passage) {
        let top = self.layers.len() - 1;
        for (l, panels) in self.layers.iter().enumerate() {
            let (below, above) = tangents.states.split_at_mut(l);
            let (inputs, out) = (below.last().unwrap_or(tangent), &mut above[0]);
            for panel in panels {
                let panel = read(panel);
                let bias = &self.zeros[..panel.bias.row(0).len()];
                forward(out, panel.lane, (bias, &panel.weights), inputs);
            }
            if let Some(by) = if l < top { Some(self.hidden) } else { self.output } {
                differentiate(out, &passed.states[l], None, by);
            }
        }
    }

    /// Updates the panels of one member of a team by the gradient summed over all lessons in order, and keeps every parameter
    /// within ±`bound`, if there is one. Dense entries come before sparse ones.
    pub fn learn(
        &self,
        lessons: &[Lesson<'_>],
        update: &Update,
        bound: Option<f32>,
        share: impl Fn(usize) -> Range<usize>,
    ) {
        for (l, panels) in self.layers.iter().enumerate() {
            let parts: Vec<Part<'_>> = lessons.iter().map(|lesson| lesson.part(l)).collect();
            let biased: Vec<&Rows> = lessons
                .iter()
                .filter(|lesson| lesson.biased)
                .map(|lesson| &lesson.deltas.deltas[l])
                .collect();
            for panel in &panels[share(panels.len())] {
                let panel = &mut *write(panel);
                learn((&mut panel.weights, &mut panel.moments), panel.lane, &parts, update);
                learn_bias((&mut panel.bias, &mut panel.bias_moments), panel.lane, &biased, update);
                if let Some(bound) = bound {
                    for rows in [&mut panel.weights, &mut panel.bias] {
                        rows.flat_mut().iter_mut().for_each(|x| *x = x.clamp(-bound, bound));
                    }
                }
            }
        }
    }

    /// The layers' values or moments.
    pub fn dense(&self, kept: Kept) -> Vec<Dense> {
        let pairs = self.widths.windows(2).zip(&self.layers);
        let layer = |(widths, panels): (&[usize], &Panels)| {
            let (weights, bias) = (tensor::Matrix::zeros(widths[0], widths[1]), vec![0.0; widths[1]]);
            let mut dense = Dense { weights, bias };
            collect_layer(panels, kept, &mut dense);
            dense
        };
        pairs.map(layer).collect()
    }

    /// The way back.
    pub fn set(&self, kept: Kept, dense: &[Dense]) {
        self.layers.iter().zip(dense).for_each(|(panels, layer)| distribute_layer(panels, kept, layer));
    }

    /// Values or moments written into the dense layers of a network of these widths.
    pub fn write_into(&self, kept: Kept, network: &mut Network) {
        network.dense_mut().zip(self.dense(kept)).for_each(|(to, from)| *to = from);
    }

    /// The way back, from a network of these widths.
    pub fn read_from(&self, kept: Kept, network: &Network) {
        self.set(kept, &network.dense().cloned().collect::<Vec<_>>());
    }

    /// The first layer whose biases are not finite; a weight that is not makes them so one step later.
    pub fn non_finite(&self) -> Option<usize> {
        let finite = |panel: &RwLock<Panel>| read(panel).bias.floats(0).iter().all(|b| b.is_finite());
        self.layers.iter().position(|panels| !panels.iter().all(finite))
    }
}

impl Passage {
    /// Sets the number of samples, at most as many as there is room for.
    pub fn set_samples(&mut self, samples: usize) {
        self.states.iter_mut().chain(&mut self.deltas).for_each(|rows| rows.set_count(samples));
    }

    /// What comes out of the last layer, samples × outputs.
    pub fn outputs(&self) -> &Rows {
        &self.states[self.states.len() - 1]
    }

    /// The gradients at the outputs, to be set before [`Laid::backward`].
    pub fn output_deltas(&mut self) -> &mut Rows {
        let top = self.deltas.len() - 1;
        &mut self.deltas[top]
    }

    /// Outputs and the gradients there.
    pub fn ends(&mut self) -> (&Rows, &mut Rows) {
        let top = self.deltas.len() - 1;
        (&self.states[top], &mut self.deltas[top])
    }
}

impl<'a> Lesson<'a> {
    fn part(&self, layer: usize) -> Part<'a> {
        let inputs = match layer.checked_sub(1) {
            None => self.entry,
            Some(below) => Inputs::Dense(&self.states.states[below]),
        };
        Part { inputs, deltas: &self.deltas.deltas[layer] }
    }
}
