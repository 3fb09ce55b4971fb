//! The fast network as a [`Trainee`]: the epoch loop drives it, a team runs it.

use std::sync::{Arc, RwLock};

use tensor::layers::{FEW, Sparse, Squash, Update};
use tensor::team::Team;
use tensor::{Matrix, Stream};
use train::{Descent, Optimiser, Parameters, Snapshot, Step, Tensor, TensorError, Trainee};

use super::network::{Panel, Part, collect, cut, distribute, kernel_rule, read, write};
use super::pass::{BLOCK, Batch, Block, Room, Shared, Stage};
use crate::classifier::largest;
use crate::{Activation, Confusion, Mlp, NetworkError, check_labels};

/// Images and their classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    /// Features × samples.
    pub images: Sparse,
    /// One for each image.
    pub labels: Vec<u8>,
}

impl Samples {
    /// The columns of `images` and their labels.
    pub fn new(images: &Matrix, labels: &[u8]) -> Self {
        Self { images: Sparse::from_matrix(images), labels: labels.to_vec() }
    }
}

/// How the network learns.
#[derive(Clone, Copy, Debug)]
pub struct FastOptions {
    /// Rule, rate, decay and schedule.
    pub descent: Descent,
    /// Largest mini-batch.
    pub batch: usize,
    /// Threads that share the network. Small mini-batches use one, whatever is offered.
    pub threads: usize,
}

/// A perceptron under descent on the mean cross-entropy of mini-batches: what [`train::fit`] with [`Mlp::gradient`]
/// computes, up to rounding. Snapshots have the names of [`train::fit`], so that either goes on where the other stopped.
pub struct FastMlp {
    like: Mlp,
    descent: Descent,
    shared: Arc<Shared>,
    team: Team,
    epoch: usize,
    steps: u64,
    loss: f64,
}

impl FastMlp {
    /// Takes over a network and its data.
    ///
    /// # Errors
    /// If there is not one label for each image, or a label is not below the network's outputs.
    ///
    /// # Panics
    /// If images have other rows than the network has inputs, or `batch` or `threads` is 0.
    pub fn new(network: &Mlp, samples: Arc<Samples>, options: FastOptions) -> Result<Self, NetworkError> {
        let FastOptions { descent, batch, threads } = options;
        let (rows, inputs) = (samples.images.rows(), network.inputs());
        assert_eq!(rows, inputs, "images of {rows} rows for {inputs} inputs");
        assert!(batch > 0 && threads > 0, "{options:?}");
        check_labels(&samples.labels, samples.images.len(), network.outputs())?;
        let update = update(&descent.step(1, 1));
        let shared = batch > BLOCK;
        let layers = network.layers().iter().map(|layer| cut(layer, update.rule, shared)).collect();
        let batch = batch.min(samples.images.len()).max(1);
        let few = batch <= FEW && update.rests_without_gradient();
        let room = Room { few, ..room(network) };
        let block = |begin| RwLock::new(Block::new(begin, BLOCK.min(batch - begin), &room));
        let blocks: Vec<_> = (0..batch).step_by(BLOCK).map(block).collect();
        let threads = threads.min(blocks.len());
        let shared = Arc::new(Shared {
            layers,
            blocks,
            batch: RwLock::new(Batch { indices: vec![], labels: vec![], seeds: vec![], update }),
            samples,
            activation: squash_of(network.activation()),
            keep: 1.0 - network.dropout().rate(),
            threads,
        });
        let work = Arc::clone(&shared);
        let team = Team::new(threads, Arc::new(move |member, phase| work.work(member, phase)));
        Ok(Self { like: network.zeros_like(), descent, shared, team, epoch: 1, steps: 0, loss: 0.0 })
    }

    /// The network as it is now.
    pub fn mlp(&self) -> Mlp {
        collect(&self.shared.layers, Part::Value, &self.like)
    }

    /// Confusion and mean cross-entropy (nats) on other samples, without dropout, on one thread.
    ///
    /// # Errors
    /// If there is not one label for each image, or a label is out of range.
    ///
    /// # Panics
    /// If images have other rows than the network has inputs.
    pub fn evaluate(&self, samples: &Samples) -> Result<(Confusion, f64), NetworkError> {
        let (n, classes) = (samples.images.len(), self.like.outputs());
        check_labels(&samples.labels, n, classes)?;
        let mut block = Block::new(0, BLOCK, &Room { drops: false, ..room(&self.like) });
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
        Ok((Confusion::new(&samples.labels, &predictions, classes), loss / n as f64))
    }

    /// The state as [`train::fit`] has it.
    fn optimiser(&self) -> Optimiser<Mlp> {
        let moment = |part| collect(&self.shared.layers, part, &self.like);
        let (first, second) = (moment(Part::First), moment(Part::Second));
        Optimiser { descent: self.descent, epoch: self.epoch, steps: self.steps, first, second }
    }
}

fn room(network: &Mlp) -> Room {
    let units = network.layers().iter().map(|layer| layer.bias.len()).collect();
    Room { units, drops: network.dropout().rate() > 0.0, few: false }
}

fn squash_of(activation: Activation) -> Squash {
    match activation {
        Activation::Sigmoid => Squash::Sigmoid,
        Activation::Relu => Squash::Relu,
        Activation::Tanh => Squash::Tanh,
    }
}

fn update(step: &Step) -> Update {
    Update { rule: kernel_rule(step), rate: step.rate, coupled: step.coupled, shrink: step.shrink }
}

impl Trainee for FastMlp {
    fn begin(&mut self, epoch: usize) {
        self.epoch = epoch;
    }

    fn step(&mut self, indices: &[usize], noise: &mut Stream) -> f64 {
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
            batch.update = update(&self.descent.step(self.epoch, self.steps));
        }
        self.team.run(Stage::Pass as usize);
        self.team.run(Stage::Learn as usize);
        let sum: f64 = self.shared.blocks.iter().map(|block| read(block).loss).sum();
        self.loss = sum / indices.len() as f64;
        self.loss
    }

    fn non_finite(&self) -> Option<String> {
        if !self.loss.is_finite() {
            return self.mlp().first_non_finite();
        }
        let finite = |panel: &RwLock<Panel>| read(panel).bias.floats(0).iter().all(|b| b.is_finite());
        let broken = self.shared.layers.iter().position(|panels| !panels.iter().all(finite));
        broken.map(|layer| format!("layers.{layer}.bias"))
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(&self.mlp(), "model");
        tensors.extend(self.optimiser().tensors());
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        let (mut network, mut optimiser) = (self.mlp(), self.optimiser());
        snapshot.write_into(&mut network, "model")?;
        optimiser.restore(snapshot)?;
        distribute(&self.shared.layers, Part::Value, &network);
        distribute(&self.shared.layers, Part::First, &optimiser.first);
        distribute(&self.shared.layers, Part::Second, &optimiser.second);
        (self.steps, self.loss) = (optimiser.steps, 0.0);
        Ok(())
    }
}
