//! One mini-batch of an autoencoder shared by a team: blocks of samples through encoder, draw, decoder and back; then panels learn.

use std::sync::{Arc, RwLock};

use feedforward::fast::{Entry, Laid, Lesson, Passage};
use tensor::Matrix;
use tensor::binary::Rows;
use tensor::layers::{Inputs, Sparse, Update, logistic};
use tensor::team::{read, share, write};

use crate::{Likelihood, posterior};

/// The phases of a step, in the order in which they run.
#[derive(Clone, Copy)]
pub(super) enum Stage {
    /// Over blocks of samples: both parts of the bound, and back to the encoder's first layer.
    Pass = 0,
    /// Over panels of units: the update.
    Learn = 1,
}

/// What a block of samples leaves on its way.
pub(super) struct Block {
    begin: usize,
    room: usize,
    encoder: Passage,
    decoder: Passage,
    z: Rows,
    d_z: Rows,
    targets: Rows,
    lists: Sparse, // for each pixel, the samples in which it is not zero
    /// Sums over samples: log likelihood and divergence.
    pub sums: [f64; 2],
}

/// The samples at work.
pub(super) struct Batch {
    /// Images: all of them, or those of this mini-batch alone.
    pub images: Arc<Sparse>,
    pub indices: Vec<usize>,
    /// Latent variables × samples.
    pub epsilon: Matrix,
    pub update: Update,
}

/// Everything that a team shares; each part behind its own lock, none ever contended.
pub(super) struct Shared {
    /// Encoder and both heads; the last layer gives `μ`, then `ln σ²`.
    pub encoder: Laid,
    pub decoder: Laid,
    pub blocks: Vec<RwLock<Block>>,
    pub batch: RwLock<Batch>,
    pub likelihood: Likelihood,
    pub threads: usize,
}

impl Block {
    pub fn new(begin: usize, room: usize, encoder: &Laid, decoder: &Laid) -> Self {
        let rows = |width| Rows::zeros(room, width);
        Self {
            begin,
            room,
            encoder: encoder.passage(room),
            decoder: decoder.passage(room),
            z: rows(decoder.inputs()),
            d_z: rows(decoder.inputs()),
            targets: rows(encoder.inputs()),
            lists: Sparse::new(0),
            sums: [0.0; 2],
        }
    }

    fn set_samples(&mut self, samples: usize) {
        self.encoder.set_samples(samples);
        self.decoder.set_samples(samples);
        [&mut self.z, &mut self.d_z, &mut self.targets].into_iter().for_each(|rows| rows.set_count(samples));
    }
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
        let lesson = |entry, passage| Lesson { entry, states: passage, deltas: passage, biased: true };
        let encoded: Vec<Lesson<'_>> =
            blocks.iter().map(|b| lesson(Inputs::Sparse(&b.lists), &b.encoder)).collect();
        let decoded: Vec<Lesson<'_>> =
            blocks.iter().map(|b| lesson(Inputs::Dense(&b.z), &b.decoder)).collect();
        self.encoder.learn(&encoded, &batch.update, None, share);
        self.decoder.learn(&decoded, &batch.update, None, share);
    }

    fn pass(&self, block: &mut Block, batch: &Batch) {
        let end = (block.begin + block.room).min(batch.indices.len());
        let begin = block.begin.min(end);
        let indices = &batch.indices[begin..end];
        block.set_samples(indices.len());
        block.sums = [0.0; 2];
        self.encoder.forward(&mut block.encoder, Entry::Sparse(&batch.images, indices));
        let scale = 1.0 / batch.indices.len() as f32;
        block.draw(begin, batch);
        self.decoder.forward(&mut block.decoder, Entry::Dense(&block.z));
        block.set_targets(&batch.images, indices);
        block.sums[0] = block.compare(self.likelihood, scale);
        self.decoder.backward(&mut block.decoder);
        self.decoder.to_inputs(&block.decoder, &mut block.d_z);
        block.differentiate_heads(begin, batch, scale);
        self.encoder.backward(&mut block.encoder);
        block.lists.set_transposed(&batch.images, indices);
    }
}

impl Block {
    /// `z = μ + σ ε`, and the divergence.
    fn draw(&mut self, begin: usize, batch: &Batch) {
        let latent = self.z.width();
        let heads = self.encoder.outputs();
        for s in 0..heads.count() {
            let (mean, log_variance) = heads.floats(s).split_at(latent);
            let z = &mut self.z.row_mut(s)[..latent];
            for (i, e) in batch.epsilon.column(begin + s).iter().enumerate() {
                z[i] = posterior::draw(mean[i], log_variance[i], *e);
                self.sums[1] += posterior::divergence(mean[i], log_variance[i]);
            }
        }
    }

    fn set_targets(&mut self, images: &Sparse, indices: &[usize]) {
        self.targets.flat_mut().fill(0.0);
        for (s, &j) in indices.iter().enumerate() {
            let target = self.targets.row_mut(s);
            images.column(j).iter().for_each(|&(pixel, value)| target[pixel as usize] = value);
        }
    }

    /// The log likelihood, and the gradient of minus its mean at the outputs.
    fn compare(&mut self, likelihood: Likelihood, scale: f32) -> f64 {
        let (outputs, deltas) = self.decoder.ends();
        let width = deltas.width();
        match likelihood {
            Likelihood::Bernoulli => {
                deltas.flat_mut().copy_from_slice(outputs.flat());
                -logistic(deltas, &self.targets, scale)
            }
            Likelihood::Gaussian { sigma } => {
                let variance = f64::from(sigma).powi(2);
                let constant = (std::f64::consts::TAU * variance).ln();
                let mut total = 0.0;
                for s in 0..outputs.count() {
                    let parts = outputs.floats(s).iter().zip(self.targets.floats(s));
                    for (d, (a, x)) in deltas.row_mut(s)[..width].iter_mut().zip(parts) {
                        total -= 0.5 * (constant + (f64::from(*x) - f64::from(*a)).powi(2) / variance);
                        *d = scale / (sigma * sigma) * (a - x);
                    }
                }
                total
            }
        }
    }

    /// Gradients at `μ` and `ln σ²`, as [`crate::Posterior::backward`] has them.
    fn differentiate_heads(&mut self, begin: usize, batch: &Batch, scale: f32) {
        let latent = self.z.width();
        let (heads, deltas) = self.encoder.ends();
        for s in 0..heads.count() {
            let (mean, log_variance) = heads.floats(s).split_at(latent);
            let d_z = self.d_z.floats(s);
            let (d_mean, d_log_variance) = deltas.row_mut(s)[..2 * latent].split_at_mut(latent);
            for (i, e) in batch.epsilon.column(begin + s).iter().enumerate() {
                let own = [mean[i], log_variance[i], *e];
                [d_mean[i], d_log_variance[i]] = posterior::slopes(d_z[i], own, scale);
            }
        }
    }
}
