//! One mini-batch of a tied layer shared by a team: blocks of samples up and down the stack, then panels of units.
//!
//! A block is corrupted, encoded by the fixed layers and the learning one, decoded, and its deltas come back, without waiting
//! for other blocks. Only sparsity needs all codes of the mini-batch before anything comes back: it makes two phases of one.

use std::sync::{Arc, RwLock, RwLockReadGuard};

use tensor::binary::Rows;
use tensor::layers::{Inputs, Part, Sparse, Squash, Update, differentiate, logistic, squash};
use tensor::team::{read, share};
use tensor::{Matrix, Seed};

use super::tied::{Input, Tied};
use super::{Denoising, Goal};
use crate::corruption::BLOCK;

/// The phases of a step.
#[derive(Clone, Copy)]
pub(super) enum Stage {
    /// Over blocks: noise and codes.
    Encode = 0,
    /// Over blocks: reconstructions, cost, deltas.
    Back = 1,
    /// Both of them, where nothing is needed in between.
    Pass = 2,
    /// Over panels: the update.
    Learn = 3,
}

/// What a block of samples leaves on its way.
pub(super) struct Block {
    begin: usize,       // its first sample in the mini-batch
    numbers: Matrix,    // of the noise, values × samples
    row: Vec<f32>,      // one image
    noisy: Sparse,      // images that came in, if they are what is corrupted
    lists: Sparse,      // the same, by pixels
    places: Vec<usize>, // 0, 1, 2, …
    targets: Rows,      // samples × outputs
    below: Vec<Rows>,   // codes of the fixed layers, the lowest first
    code: Rows,         // samples × units
    down: Vec<Rows>,    // what each decoder makes, the own one first: states, and deltas in the last
    errors: Vec<Rows>,  // deltas of all of these but the last
    delta: Rows,        // at the code's logits
    /// Sums of each unit's activations, for sparsity.
    pub sums: Vec<f64>,
    /// Sum of the cross-entropy over the samples.
    pub cost: f64,
}

impl Block {
    /// Room for `samples` samples from `begin`; `widths` are pixels and units up to the learning layer.
    pub fn new(begin: usize, samples: usize, widths: &[usize], goal: Goal) -> Self {
        let (fixed, units) = (widths.len() - 2, widths[widths.len() - 1]);
        let rows = |widths: &[usize]| widths.iter().map(|&width| Rows::zeros(samples, width)).collect();
        let outputs: Vec<usize> = match goal {
            Goal::Image => widths[..=fixed].iter().rev().copied().collect(),
            Goal::Code => vec![widths[fixed]],
        };
        let last = outputs[outputs.len() - 1];
        Self {
            begin,
            numbers: Matrix::zeros(last, BLOCK),
            row: vec![0.0; widths[0]],
            noisy: Sparse::new(widths[0]),
            lists: Sparse::new(0),
            places: (0..samples).collect(),
            targets: Rows::zeros(samples, last),
            below: rows(&widths[1..=fixed]),
            code: Rows::zeros(samples, units),
            errors: rows(&outputs[..outputs.len() - 1]),
            down: rows(&outputs),
            delta: Rows::zeros(samples, units),
            sums: vec![0.0; units],
            cost: 0.0,
        }
    }

    fn set_samples(&mut self, samples: usize) {
        let all = [&mut self.targets, &mut self.code, &mut self.delta].into_iter();
        let all = all.chain(&mut self.below).chain(&mut self.down).chain(&mut self.errors);
        all.for_each(|rows| rows.set_count(samples));
    }

    /// The deltas at the logits of the learning layer's decoder.
    fn decoder_deltas(&self) -> &Rows {
        self.errors.first().unwrap_or(&self.down[0])
    }

    /// What came into the learning layer.
    fn inputs(&self) -> Inputs<'_> {
        self.below.last().map_or(Inputs::Sparse(&self.lists), Inputs::Dense)
    }
}

/// What every member reads during a phase.
pub(super) struct Batch {
    pub indices: Vec<usize>,
    pub seed: Seed,
    pub update: Update,
    /// What sparsity adds to the gradient at each activation; zeros without it.
    pub slopes: Rows,
}

/// Everything that a team shares.
pub(super) struct Shared {
    /// Up to the learning layer, which is the last.
    pub layers: Vec<Tied>,
    pub blocks: Vec<RwLock<Block>>,
    pub batch: RwLock<Batch>,
    pub images: Arc<Sparse>,
    pub denoising: Denoising,
    pub threads: usize,
}

impl Shared {
    /// The layer that learns.
    pub fn own(&self) -> &Tied {
        &self.layers[self.layers.len() - 1]
    }

    fn fixed(&self) -> &[Tied] {
        &self.layers[..self.layers.len() - 1]
    }

    /// The work of one member in one phase.
    pub fn work(&self, member: usize, phase: usize) {
        let batch = read(&self.batch);
        if phase == Stage::Learn as usize {
            return self.learn(member, &batch.update);
        }
        for block in &self.blocks[share(self.blocks.len(), member, self.threads)] {
            let block = &mut *tensor::team::write(block);
            if phase != Stage::Back as usize {
                self.encode(block, &batch);
            }
            if phase != Stage::Encode as usize {
                self.back(block, &batch);
            }
        }
    }

    fn learn(&self, member: usize, update: &Update) {
        let blocks: Vec<RwLockReadGuard<'_, Block>> = self.blocks.iter().map(read).collect();
        let decoded =
            blocks.iter().map(|b| Part { inputs: Inputs::Dense(b.decoder_deltas()), deltas: &b.code });
        let encoded = blocks.iter().map(|b| Part { inputs: b.inputs(), deltas: &b.delta });
        let parts: Vec<Part<'_>> = decoded.chain(encoded).collect();
        let codes: Vec<&Rows> = blocks.iter().map(|b| &b.delta).collect();
        let own = self.own();
        for panel in share(own.panels.len(), member, self.threads) {
            own.learn(panel, &parts, &codes, update);
        }
        if member + 1 == self.threads {
            let visible: Vec<&Rows> = blocks.iter().map(|b| b.decoder_deltas()).collect();
            own.learn_visible(&visible, update);
        }
    }

    /// Noise, and codes up to the learning layer's.
    fn encode(&self, block: &mut Block, batch: &Batch) {
        let end = (block.begin + BLOCK).min(batch.indices.len());
        let indices = &batch.indices[block.begin.min(end)..end];
        block.set_samples(indices.len());
        let Denoising { corruption, goal, sparsity } = self.denoising;
        corruption.draw(&mut block.numbers, batch.seed, block.begin / BLOCK);
        let of_images = goal == Goal::Image || self.fixed().is_empty();
        if of_images {
            self.corrupt_images(block, indices);
        }
        for (layer, tied) in self.layers.iter().enumerate() {
            let (below, above) = block.below.split_at_mut(layer);
            let input = match below.last() {
                Some(rows) => Input::Dense(rows),
                None if of_images => Input::Sparse(&block.noisy, &block.places[..indices.len()]),
                None => Input::Sparse(&self.images, indices),
            };
            tied.encode(above.first_mut().unwrap_or(&mut block.code), input);
            if !of_images && layer + 1 == self.fixed().len() {
                // The own layer's input: the clean code is the target, and noise comes upon it.
                let code = &mut block.below[layer];
                block.targets.flat_mut().copy_from_slice(code.flat());
                for s in 0..indices.len() {
                    let width = code.width();
                    corruption.apply(&mut code.row_mut(s)[..width], block.numbers.column(s));
                }
            }
        }
        if sparsity.is_some() {
            block.sums.fill(0.0);
            for s in 0..block.code.count() {
                let sums = block.sums.iter_mut().zip(block.code.floats(s));
                sums.for_each(|(sum, &y)| *sum += f64::from(y));
            }
        }
    }

    /// Clean images as targets, noisy ones as lists.
    fn corrupt_images(&self, block: &mut Block, indices: &[usize]) {
        block.noisy.clear();
        block.targets.flat_mut().fill(0.0);
        for (s, &j) in indices.iter().enumerate() {
            let target = block.targets.row_mut(s);
            self.images.column(j).iter().for_each(|&(v, x)| target[v as usize] = x);
            block.row.copy_from_slice(block.targets.floats(s));
            self.denoising.corruption.apply(&mut block.row, block.numbers.column(s));
            block.noisy.push(&block.row);
        }
        if self.fixed().is_empty() {
            block.lists.set_transposed(&block.noisy, &block.places[..indices.len()]);
        }
    }

    /// Down to what is reconstructed, and the deltas back up to the code.
    fn back(&self, block: &mut Block, batch: &Batch) {
        let own = self.own();
        own.decode(&mut block.down[0], &block.code);
        // One decoder less than there are results; the highest fixed layer comes first.
        let decoders: Vec<&Tied> = self.fixed().iter().rev().take(block.down.len() - 1).collect();
        for (k, decoder) in decoders.iter().enumerate() {
            let (above, below) = block.down.split_at_mut(k + 1);
            squash(&mut above[k], Squash::Sigmoid);
            decoder.decode(&mut below[0], &above[k]);
        }
        let last = block.down.len() - 1;
        block.cost = logistic(&mut block.down[last], &block.targets, 1.0 / batch.indices.len() as f32);
        for (k, decoder) in decoders.iter().enumerate().rev() {
            let (own, below) = block.errors.split_at_mut(k + 1);
            let deltas = below.first().unwrap_or(&block.down[last]);
            decoder.to_code(&mut own[k], deltas, None);
            differentiate(&mut own[k], &block.down[k], None, Squash::Sigmoid);
        }
        let deltas = block.errors.first().unwrap_or(&block.down[0]);
        own.to_code(&mut block.delta, deltas, Some(&batch.slopes));
        differentiate(&mut block.delta, &block.code, None, Squash::Sigmoid);
    }
}
