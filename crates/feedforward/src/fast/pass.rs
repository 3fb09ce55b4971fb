//! One mini-batch shared by a team: blocks of samples forward and back, then panels of units down the gradient.

use std::sync::{Arc, RwLock, RwLockReadGuard};

use tensor::Seed;
use tensor::binary::Rows;
use tensor::layers::{
    Inputs, Part, Sparse, Squash, Touched, Update, backward, differentiate, drop_out, forward, gather, learn,
    learn_bias, softmax, squash,
};
use tensor::team::{read, share, write};

use super::Samples;
use super::panels::{Panel, Panels};

/// Samples of a block: a multiple of those that share a generator, enough for the tiles of the products.
pub(super) const BLOCK: usize = 32;

/// The phases of a step, in the order in which they run.
#[derive(Clone, Copy)]
pub(super) enum Stage {
    /// Over blocks of samples: logits, loss, and back to the first layer's units.
    Pass = 0,
    /// Over panels of units: the update.
    Learn = 1,
}

/// What a block of samples leaves on its way.
pub(super) struct Block {
    /// Its first sample in the mini-batch.
    begin: usize,
    states: Vec<Rows>,    // of each hidden layer, samples × units, after dropout
    masks: Vec<Rows>,     // of each hidden layer, if anything is dropped
    deltas: Vec<Rows>,    // of each layer, samples × units: gradient at the logits
    lists: Sparse,        // for each input, the samples in which it is not zero
    few: Option<Touched>, // instead of the lists, in a mini-batch of a few samples
    pub loss: f64,
}

/// What a block needs room for.
pub(super) struct Room {
    /// Units of each layer, the output last.
    pub units: Vec<usize>,
    /// Whether anything is dropped.
    pub drops: bool,
    /// Whether mini-batches have few samples and descent is plain.
    pub few: bool,
}

impl Block {
    /// Room for `samples` samples.
    pub fn new(begin: usize, samples: usize, room: &Room) -> Self {
        let Room { units, drops, few } = room;
        let few = few.then(Touched::default);
        let rows = |units: &[usize]| units.iter().map(|&units| Rows::zeros(samples, units)).collect();
        let hidden = &units[..units.len() - 1];
        let masks = if *drops { rows(hidden) } else { Vec::new() };
        Self {
            begin,
            states: rows(hidden),
            masks,
            deltas: rows(units),
            lists: Sparse::new(0),
            few,
            loss: 0.0,
        }
    }

    fn set_samples(&mut self, samples: usize) {
        let all = self.states.iter_mut().chain(&mut self.masks).chain(&mut self.deltas);
        all.for_each(|rows| rows.set_count(samples));
    }

    /// The logits of the last pass without learning, samples × classes.
    pub fn logits(&self) -> &Rows {
        &self.deltas[self.deltas.len() - 1]
    }
}

/// What every member reads during a phase.
pub(super) struct Batch {
    pub indices: Vec<usize>,
    pub labels: Vec<u8>,
    /// One for each hidden layer, if anything is dropped.
    pub seeds: Vec<Seed>,
    pub update: Update,
}

/// Everything that a team shares; each part behind its own lock, none ever contended.
pub(super) struct Shared {
    pub layers: Vec<Panels>,
    pub blocks: Vec<RwLock<Block>>,
    pub batch: RwLock<Batch>,
    pub samples: Arc<Samples>,
    pub activation: Squash,
    /// Share of the units that dropout keeps.
    pub keep: f32,
    pub threads: usize,
}

impl Shared {
    /// The work of one member in one phase.
    pub fn work(&self, member: usize, phase: usize) {
        let batch = read(&self.batch);
        let share = |n: usize| share(n, member, self.threads);
        if phase == Stage::Pass as usize {
            self.blocks[share(self.blocks.len())]
                .iter()
                .for_each(|block| self.pass(&mut write(block), &batch));
            return;
        }
        let blocks: Vec<_> = self.blocks.iter().map(read).collect();
        for (layer, panels) in self.layers.iter().enumerate() {
            for panel in &panels[share(panels.len())] {
                learn_panel(&mut write(panel), layer, &blocks, &batch.update);
            }
        }
    }

    /// Forward, loss and backward for one block.
    fn pass(&self, block: &mut Block, batch: &Batch) {
        let end = (block.begin + BLOCK).min(batch.indices.len());
        let range = block.begin.min(end)..end;
        let (indices, labels) = (&batch.indices[range.clone()], &batch.labels[range]);
        self.forward(block, &self.samples.images, indices, &batch.seeds);
        let top = self.layers.len() - 1;
        block.loss = softmax(&mut block.deltas[top], labels, 1.0 / batch.indices.len() as f32);
        for layer in (1..=top).rev() {
            let panels: Vec<_> = self.layers[layer].iter().map(read).collect();
            let weights: Vec<&Rows> = panels.iter().map(|panel| &panel.weights).collect();
            let (below, above) = block.deltas.split_at_mut(layer);
            backward(&mut below[layer - 1], &weights, &above[0]);
            let mask = block.masks.get(layer - 1);
            differentiate(&mut below[layer - 1], &block.states[layer - 1], mask, self.activation);
        }
        match &mut block.few {
            None => block.lists.set_transposed(&self.samples.images, indices),
            Some(few) => few.set(&self.samples.images, indices),
        }
    }

    /// Logits of some columns of `images`, with dropout where there are seeds.
    pub fn forward(&self, block: &mut Block, images: &Sparse, indices: &[usize], seeds: &[Seed]) {
        block.set_samples(indices.len());
        let top = self.layers.len() - 1;
        for (layer, panels) in self.layers.iter().enumerate() {
            let (below, above) = block.states.split_at_mut(layer);
            let out = if layer == top { &mut block.deltas[top] } else { &mut above[0] };
            for panel in panels {
                let panel = read(panel);
                let parameters = (panel.bias.row(0), &panel.weights);
                match below.last() {
                    None => gather(out, panel.lane, parameters, images, indices),
                    Some(inputs) => forward(out, panel.lane, parameters, inputs),
                }
            }
            if layer < top {
                squash(out, self.activation);
                if let Some(&seed) = seeds.get(layer) {
                    drop_out(out, &mut block.masks[layer], self.keep, seed, block.begin);
                }
            }
        }
    }
}

/// What block `block` puts in and gets back at layer `layer`.
fn part(block: &Block, layer: usize) -> Part<'_> {
    let inputs = match (layer.checked_sub(1), &block.few) {
        (None, None) => Inputs::Sparse(&block.lists),
        (None, Some(few)) => Inputs::Few(few),
        (Some(below), _) => Inputs::Dense(&block.states[below]),
    };
    Part { inputs, deltas: &block.deltas[layer] }
}

/// Updates one panel of layer `layer`.
fn learn_panel(panel: &mut Panel, layer: usize, blocks: &[RwLockReadGuard<'_, Block>], update: &Update) {
    let parts: Vec<Part<'_>> = blocks.iter().map(|block| part(block, layer)).collect();
    let deltas: Vec<&Rows> = parts.iter().map(|part| part.deltas).collect();
    learn((&mut panel.weights, &mut panel.moments), panel.lane, &parts, update);
    learn_bias((&mut panel.bias, &mut panel.bias_moments), panel.lane, &deltas, update);
}
