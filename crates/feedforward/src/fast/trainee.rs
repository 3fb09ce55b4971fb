//! The fast network as a [`Trainee`]: the epoch loop drives it, a team runs it.

use std::sync::{Arc, RwLock};

use tensor::Stream;
use tensor::layers::Touched;
use tensor::team::{Team, read, write};
use train::{Descent, Epoch, Optimiser, Parameters, Snapshot, Tensor, TensorError, Trainee};

use super::Samples;
use super::panels::{Kept, Panel, collect, cut, distribute};
use super::pass::{BLOCK, Batch, Block, Room, Shared, Stage};
use crate::classifier::largest;
use crate::mlp::Perceptron;
use crate::{Confusion, Network, NetworkError};

/// How the network learns.
#[derive(Clone, Copy, Debug)]
pub struct FastOptions {
    /// Rule, rate, decay and schedule.
    pub descent: Descent,
    /// Largest mini-batch: there is room for as many samples, and a step with more of them panics. It decides between the
    /// kernels for few samples and for many, so a shorter last mini-batch is computed as the others are.
    pub batch: usize,
    /// Threads that share the network. Small mini-batches use one, whatever is offered.
    pub threads: usize,
}

/// A perceptron under descent on the mean cross-entropy of mini-batches: what [`train::fit`] with [`Network::gradient`]
/// computes, up to rounding. Snapshots have the names of [`train::fit`], so that either goes on where the other stopped.
pub struct FastMlp {
    like: Network,
    descent: Descent,
    shared: Arc<Shared>,
    team: Team,
    room: usize,
    epoch: Epoch,
    steps: u64,
    loss: f64,
}

impl FastMlp {
    /// Takes over a network and its data.
    ///
    /// # Errors
    /// If the network is no perceptron ([`Network::mlp`]), there is not one label for each image, a label is not below the
    /// network's outputs, or a value of an image is not between 0 and 1.
    ///
    /// # Panics
    /// If images have other rows than the network has inputs, or `batch` or `threads` is 0.
    pub fn new(network: &Network, samples: Arc<Samples>, options: FastOptions) -> Result<Self, NetworkError> {
        let FastOptions { descent, batch, threads } = options;
        let (rows, inputs) = (samples.images.rows(), network.inputs());
        assert_eq!(rows, inputs, "images of {rows} rows for {inputs} inputs");
        assert!(batch > 0 && threads > 0, "{options:?}");
        let perceptron = Perceptron::of(network)?;
        samples.check(network.outputs())?;
        let (epoch, several) = (Epoch::default(), batch > BLOCK);
        let update = descent.update(epoch, 1);
        let layers = perceptron.dense.iter().map(|layer| cut(layer, update.change, several)).collect();
        let batch = batch.min(samples.images.len()).max(1);
        let few = batch <= Touched::MOST && update.rests_without_gradient();
        let room = Room { few, ..room(&perceptron) };
        let block = |begin| RwLock::new(Block::new(begin, BLOCK.min(batch - begin), &room));
        let blocks: Vec<_> = (0..batch).step_by(BLOCK).map(block).collect();
        let threads = threads.min(blocks.len());
        let shared = Arc::new(Shared {
            layers,
            blocks,
            batch: RwLock::new(Batch { indices: vec![], labels: vec![], seeds: vec![], update }),
            samples,
            activation: perceptron.activation.into(),
            keep: 1.0 - perceptron.dropout.rate(),
            threads,
        });
        let work = Arc::clone(&shared);
        let team = Team::new(threads, Arc::new(move |member, phase| work.work(member, phase)));
        let like = network.zeros_like();
        Ok(Self { like, descent, shared, team, room: batch, epoch, steps: 0, loss: 0.0 })
    }

    /// The network as it is now.
    pub fn network(&self) -> Network {
        collect(&self.shared.layers, Kept::Value, &self.like)
    }

    /// Confusion and mean cross-entropy (nats) on other samples, without dropout, on one thread.
    ///
    /// # Errors
    /// As [`FastMlp::predict`].
    ///
    /// # Panics
    /// If images have other rows than the network has inputs.
    pub fn evaluate(&self, samples: &Samples) -> Result<(Confusion, f64), NetworkError> {
        let (predictions, loss) = self.predict(samples)?;
        Ok((Confusion::new(&samples.labels, &predictions, self.like.outputs()), loss))
    }

    /// The class that each of other samples is taken for, and the mean cross-entropy (nats), without dropout, on one thread.
    ///
    /// # Errors
    /// If there is not one label for each image, a label is out of range, or a value of an image is not between 0 and 1.
    ///
    /// # Panics
    /// If images have other rows than the network has inputs.
    pub fn predict(&self, samples: &Samples) -> Result<(Vec<u8>, f64), NetworkError> {
        let n = samples.images.len();
        samples.check(self.like.outputs())?;
        let room = Room { drops: false, ..room(&Perceptron::of(&self.like)?) };
        let mut block = Block::new(0, BLOCK, &room);
        let (mut predictions, mut loss) = (Vec::with_capacity(n), 0.0);
        let order: Vec<usize> = (0..n).collect();
        for indices in order.chunks(BLOCK) {
            self.shared.forward(&mut block, &samples.images, indices, &[]);
            for (s, &j) in indices.iter().enumerate() {
                let logits = block.logits().floats(s);
                predictions.push(largest(logits));
                let logits: Vec<f64> = logits.iter().map(|&z| f64::from(z)).collect();
                loss += tensor::plain::log_sum_exp(&logits) - logits[usize::from(samples.labels[j])];
            }
        }
        Ok((predictions, loss / n as f64))
    }

    /// The state as [`train::fit`] has it.
    fn optimiser(&self) -> Optimiser<Network> {
        let moment = |kept| collect(&self.shared.layers, kept, &self.like);
        let (first, second) = (moment(Kept::First), moment(Kept::Second));
        Optimiser { descent: self.descent, epoch: self.epoch, steps: self.steps, first, second }
    }
}

fn room(perceptron: &Perceptron<'_>) -> Room {
    let units = perceptron.dense.iter().map(|layer| layer.bias.len()).collect();
    Room { units, drops: perceptron.dropout.rate() > 0.0, few: false }
}

impl Trainee for FastMlp {
    fn begin(&mut self, epoch: Epoch) {
        self.epoch = epoch;
    }

    /// # Panics
    /// If there are more samples than [`FastOptions::batch`] or than the data hold: there is no room for them.
    fn step(&mut self, indices: &[usize], noise: &mut Stream) -> f64 {
        let (samples, room) = (indices.len(), self.room);
        assert!(
            samples <= room,
            "a mini-batch of {samples} samples, where FastOptions::batch made room for {room}"
        );
        self.steps += 1;
        {
            let batch = &mut *write(&self.shared.batch);
            batch.indices.clear();
            batch.indices.extend_from_slice(indices);
            batch.labels.clear();
            batch.labels.extend(indices.iter().map(|&j| self.shared.samples.labels[j]));
            batch.seeds.clear();
            if self.shared.keep < 1.0 {
                batch.seeds.extend((1..self.shared.layers.len()).map(|_| noise.next_seed()));
            }
            batch.update = self.descent.update(self.epoch, self.steps);
        }
        self.team.run(Stage::Pass as usize);
        self.team.run(Stage::Learn as usize);
        let sum: f64 = self.shared.blocks.iter().map(|block| read(block).loss).sum();
        self.loss = sum / indices.len() as f64;
        self.loss
    }

    fn non_finite(&self) -> Option<String> {
        if !self.loss.is_finite() {
            return self.network().first_non_finite();
        }
        let finite = |panel: &RwLock<Panel>| read(panel).bias.floats(0).iter().all(|b| b.is_finite());
        let broken = self.shared.layers.iter().position(|panels| !panels.iter().all(finite));
        broken.map(|layer| format!("layers.{layer}.bias"))
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(&self.network(), "model");
        tensors.extend(self.optimiser().tensors());
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        let (mut network, mut optimiser) = (self.network(), self.optimiser());
        snapshot.write_into(&mut network, "model")?;
        optimiser.restore(snapshot)?;
        distribute(&self.shared.layers, Kept::Value, &network);
        distribute(&self.shared.layers, Kept::First, &optimiser.first);
        distribute(&self.shared.layers, Kept::Second, &optimiser.second);
        (self.steps, self.loss) = (optimiser.steps, 0.0);
        Ok(())
    }
}
