//! The fast autoencoder as a [`Trainee`]: the epoch loop drives it, a team runs it.

use std::sync::{Arc, RwLock};

use feedforward::fast::{Kept, Laid};
use feedforward::{AnyLayer, Dense, Network};
use tensor::layers::Sparse;
use tensor::team::{Team, read, write};
use tensor::{Matrix, Stream};
use train::{Descent, Epoch, Optimiser, Parameters, Snapshot, Tensor, TensorError, Trainee};

use super::block;
use super::vae_pass::{Batch, Block, Shared, Stage};
use crate::Vae;
use crate::images::{Images, Sums};

/// What the plain trainer computes, up to rounding.
pub(crate) struct FastVae {
    like: Vae,
    shared: Arc<Shared>,
    team: Team,
    images: Images,
    room: usize,
    descent: Descent,
    epoch: Epoch,
    steps: u64,
    sums: Sums,
    loss: f64,
}

/// Encoder and both heads as one network, the heads' units side by side; none where one of them is another kind of network.
fn joined(vae: &Vae) -> Option<Network> {
    let [encoder, mean, log_variance, _] = vae.networks();
    let head = |network: &Network| match network.layers() {
        [AnyLayer::Dense(dense)] => Some(dense.clone()),
        _ => None,
    };
    let (mean, log_variance) = (head(mean)?, head(log_variance)?);
    let inputs = mean.weights.rows();
    let mut weights = mean.weights.into_vec();
    weights.extend(log_variance.weights.into_vec());
    let bias: Vec<f32> = mean.bias.into_iter().chain(log_variance.bias).collect();
    let weights = Matrix::from_vec(inputs, bias.len(), weights);
    let mut layers = encoder.layers().to_vec();
    layers.push(AnyLayer::Dense(Dense { weights, bias }));
    Network::new(layers).ok()
}

/// The way back: the dense layers of the joined network into those of the autoencoder.
fn part(dense: &[Dense], decoder: &[Dense], vae: &mut Vae) {
    let latent = vae.latent();
    let Some((heads, hidden)) = dense.split_last() else { return };
    let [encoder, mean, log_variance, own_decoder] = vae.dense_mut();
    encoder.into_iter().zip(hidden).for_each(|(to, from)| *to = from.clone());
    for (to, columns) in [(mean, 0..latent), (log_variance, latent..2 * latent)] {
        for to in to {
            to.weights = heads.weights.gather(&columns.clone().collect::<Vec<_>>());
            to.bias = heads.bias[columns.clone()].to_vec();
        }
    }
    own_decoder.into_iter().zip(decoder).for_each(|(to, from)| *to = from.clone());
}

impl FastVae {
    /// Takes over an autoencoder and its images; none where it is not made of dense layers alone. The caller has looked at the
    /// images.
    pub fn new(vae: &Vae, images: &Images, batch: usize, descent: Descent, threads: usize) -> Option<Self> {
        let update = descent.update(Epoch::default(), 1);
        let batch = batch.min(images.sparse().len());
        let (room, several) = (block(batch), batch > 16);
        let encoder = Laid::new(&joined(vae)?, update.change, several).ok()?;
        let decoder = Laid::new(vae.networks()[3], update.change, several).ok()?;
        let blocks: Vec<_> = (0..batch)
            .step_by(room)
            .map(|begin| RwLock::new(Block::new(begin, room.min(batch - begin), &encoder, &decoder)))
            .collect();
        let threads = threads.min(blocks.len());
        let first = Batch {
            images: Arc::clone(images.shared()),
            indices: Vec::new(),
            epsilon: Matrix::zeros(vae.latent(), 0),
            update,
        };
        let likelihood = vae.likelihood();
        let shared = Shared { encoder, decoder, blocks, batch: RwLock::new(first), likelihood, threads };
        let shared = Arc::new(shared);
        let work = Arc::clone(&shared);
        let team = Team::new(threads, Arc::new(move |member, phase| work.work(member, phase)));
        Some(Self {
            like: vae.zeros_like(),
            shared,
            team,
            images: images.clone(),
            room: batch,
            descent,
            epoch: Epoch::default(),
            steps: 0,
            sums: Sums::default(),
            loss: 0.0,
        })
    }

    fn kept(&self, kept: Kept) -> Vae {
        let mut vae = self.like.clone();
        part(&self.shared.encoder.dense(kept), &self.shared.decoder.dense(kept), &mut vae);
        vae
    }

    fn set(&self, kept: Kept, vae: &Vae) {
        if let Some(joined) = joined(vae) {
            self.shared.encoder.read_from(kept, &joined);
        }
        self.shared.decoder.read_from(kept, vae.networks()[3]);
    }

    pub fn vae(&self) -> Vae {
        self.kept(Kept::Value)
    }

    /// The state as [`train::fit`] has it.
    fn optimiser(&self) -> Optimiser<Vae> {
        let (first, second) = (self.kept(Kept::First), self.kept(Kept::Second));
        Optimiser { descent: self.descent, epoch: self.epoch, steps: self.steps, first, second }
    }
}

impl Trainee for FastVae {
    fn begin(&mut self, epoch: Epoch) {
        (self.epoch, self.sums) = (epoch, Sums::default());
    }

    /// # Panics
    /// If there are more samples than there is room for.
    fn step(&mut self, indices: &[usize], noise: &mut Stream) -> f64 {
        let (n, room) = (indices.len(), self.room);
        assert!(n <= room, "a mini-batch of {n} samples, where there is room for {room}");
        self.steps += 1;
        {
            let batch = &mut *write(&self.shared.batch);
            batch.indices.clear();
            if matches!(self.images, Images::Drawn(_)) {
                // Drawn as the plain trainer draws, so that both see the same images.
                let drawn = self.images.batch(indices, noise);
                batch.images = Arc::new(Sparse::from_matrix(&drawn));
                batch.indices.extend(0..n);
            } else {
                batch.indices.extend_from_slice(indices);
            }
            batch.epsilon = Matrix::zeros(self.like.latent(), n);
            noise.normal(&mut batch.epsilon, 1.0);
            batch.update = self.descent.update(self.epoch, self.steps);
        }
        self.team.run(Stage::Pass as usize);
        self.team.run(Stage::Learn as usize);
        let mut sums = [0.0; 2];
        for block in &self.shared.blocks {
            sums.iter_mut().zip(read(block).sums).for_each(|(sum, own)| *sum += own);
        }
        self.sums.add(sums, n as f64);
        self.loss = (sums[1] - sums[0]) / n as f64;
        self.loss
    }

    fn non_finite(&self) -> Option<String> {
        let broken = !self.loss.is_finite()
            || self.shared.encoder.non_finite().is_some()
            || self.shared.decoder.non_finite().is_some();
        broken.then(|| self.vae().first_non_finite()).flatten()
    }

    fn measure(&mut self, _: usize, metrics: &mut Vec<(&'static str, f64)>) {
        self.sums.measure(metrics);
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(&self.vae(), "model");
        tensors.extend(self.optimiser().tensors());
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        let (mut vae, mut optimiser) = (self.vae(), self.optimiser());
        snapshot.write_into(&mut vae, "model")?;
        optimiser.restore(snapshot)?;
        self.set(Kept::Value, &vae);
        self.set(Kept::First, &optimiser.first);
        self.set(Kept::Second, &optimiser.second);
        (self.steps, self.loss) = (optimiser.steps, 0.0);
        Ok(())
    }
}
