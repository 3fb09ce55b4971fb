//! Any network under descent as a [`Trainee`]: samples go their ways side by side, shares of them on several threads.
//!
//! A mini-batch is cut into sides of sixteen samples, and these into at most eight shares by their number alone. A share
//! sums its gradient side by side, and the shares are summed in order, so the bits are the same for any number of threads.
//! What [`train::fit`] with [`Network::gradient`] computes, up to rounding, and but for the draws of dropout. Batch
//! normalisation looks at a whole mini-batch and is refused: `train::fit` trains it.

use std::sync::{Arc, RwLock};

use tensor::binary::Rows;
use tensor::convolution::{SIDE, sparse_side};
use tensor::plain::log_sum_exp;
use tensor::team::{Team, read, share, write};
use tensor::{Seed, Stream};
use train::{Epoch, Optimiser, Parameters, Snapshot, Tensor, TensorError, Trainee};

use super::sides::{Prepared, Workspace};
use super::{FastOptions, Samples};
use crate::classifier::largest;
use crate::layers::AnyLayer;
use crate::{Confusion, Network, NetworkError};

/// The most shares of a batch, and so the most threads that help.
const SHARES: usize = 8;

/// What a team does.
#[derive(Clone, Copy)]
enum Stage {
    /// The gradient of each share.
    Learn = 0,
    /// Classes and loss of each share.
    Predict = 1,
}

/// What a share of a batch leaves.
struct Share {
    gradient: Network,
    predictions: Vec<u8>,
    loss: f64,
}

/// The samples at work.
struct Batch {
    samples: Arc<Samples>,
    indices: Vec<usize>,
    seed: Option<Seed>, // of dropout
}

/// Everything that a team shares; each part behind its own lock, none ever contended.
struct Shared {
    prepared: RwLock<Prepared>,
    batch: RwLock<Batch>,
    rooms: Vec<RwLock<Workspace>>, // one for each thread
    shares: Vec<RwLock<Share>>,
}

/// A network of any layers but batch normalisation, under descent on the mean cross-entropy of mini-batches. Snapshots
/// have the names of [`train::fit`], so that either goes on where the other stopped.
pub struct FastNetwork {
    optimiser: Optimiser<Network>,
    shared: Arc<Shared>,
    samples: Arc<Samples>,
    team: Team,
    drops: bool,
}

impl FastNetwork {
    /// Takes over a network and its data. [`FastOptions::batch`] has no meaning here: mini-batches may have any size.
    ///
    /// # Errors
    /// If a layer looks at a whole mini-batch, images have other than the network's inputs, there is not one label for each
    /// image, a label is not below the network's outputs, or a value of an image is not between 0 and 1.
    ///
    /// # Panics
    /// If `threads` is 0.
    pub fn new(network: &Network, samples: Arc<Samples>, options: FastOptions) -> Result<Self, NetworkError> {
        assert!(options.threads > 0, "{options:?}");
        let batch_norm = |layer: &AnyLayer| matches!(layer, AnyLayer::BatchNorm(_));
        if let Some(place) = network.layers().iter().position(batch_norm) {
            return Err(NetworkError::WholeBatch { place, kind: network.layers()[place].kind() });
        }
        check(network, &samples)?;
        let prepared = Prepared::new(network.clone());
        let threads = options.threads.min(SHARES);
        let share = || Share { gradient: network.zeros_like(), predictions: Vec::new(), loss: 0.0 };
        let shared = Arc::new(Shared {
            rooms: (0..threads).map(|_| RwLock::new(prepared.workspace())).collect(),
            prepared: RwLock::new(prepared),
            batch: RwLock::new(Batch { samples: Arc::clone(&samples), indices: Vec::new(), seed: None }),
            shares: (0..SHARES).map(|_| RwLock::new(share())).collect(),
        });
        let work = Arc::clone(&shared);
        let team = Team::new(threads, Arc::new(move |member, phase| work.work(member, phase)));
        let drops = network.layers().iter().any(|layer| matches!(layer, AnyLayer::Dropout(_)));
        Ok(Self { optimiser: Optimiser::with(options.descent, network), shared, samples, team, drops })
    }

    /// The network as it is now.
    pub fn network(&self) -> Network {
        read(&self.shared.prepared).network.clone()
    }

    /// The class that each of other samples is taken for, and the mean cross-entropy (nats), without dropout, on all threads.
    ///
    /// # Errors
    /// As [`FastNetwork::new`].
    pub fn predict(&self, samples: &Arc<Samples>) -> Result<(Vec<u8>, f64), NetworkError> {
        check(&read(&self.shared.prepared).network, samples)?;
        let n = samples.images.len();
        self.run(
            Stage::Predict,
            Batch { samples: Arc::clone(samples), indices: (0..n).collect(), seed: None },
        );
        let shares: Vec<_> = self.shared.shares.iter().map(read).collect();
        let predictions = shares.iter().flat_map(|share| share.predictions.iter().copied()).collect();
        Ok((predictions, shares.iter().map(|share| share.loss).sum::<f64>() / n as f64))
    }

    /// Confusion and mean cross-entropy (nats) on other samples, without dropout, on all threads.
    ///
    /// # Errors
    /// As [`FastNetwork::new`].
    pub fn evaluate(&self, samples: &Arc<Samples>) -> Result<(Confusion, f64), NetworkError> {
        let (predictions, loss) = self.predict(samples)?;
        let classes = read(&self.shared.prepared).network.outputs();
        Ok((Confusion::new(&samples.labels, &predictions, classes), loss))
    }

    fn run(&self, stage: Stage, batch: Batch) {
        *write(&self.shared.batch) = batch;
        self.team.run(stage as usize);
    }
}

/// Whether a network can look at these samples.
fn check(network: &Network, samples: &Samples) -> Result<(), NetworkError> {
    network.check_width(samples.images.rows())?;
    samples.check(network.outputs())
}

impl Shared {
    /// The work of one member in one phase.
    fn work(&self, member: usize, phase: usize) {
        let (prepared, batch, room) =
            (read(&self.prepared), read(&self.batch), &mut *write(&self.rooms[member]));
        for number in share(SHARES, member, self.rooms.len()) {
            let own = &mut *write(&self.shares[number]);
            own.loss = 0.0;
            own.predictions.clear();
            if phase == Stage::Learn as usize {
                own.gradient.scale(0.0);
            }
            for side in share(batch.indices.len().div_ceil(SIDE), number, SHARES) {
                let indices = &batch.indices[side * SIDE..batch.indices.len().min((side + 1) * SIDE)];
                let seeds = batch.seeds(&prepared.network, side);
                sparse_side(room.images(), &batch.samples.images, indices);
                let logits = prepared.forward(room, indices.len(), &seeds);
                let labels: Vec<u8> = indices.iter().map(|&j| batch.samples.labels[j]).collect();
                if phase == Stage::Learn as usize {
                    let scale = 1.0 / batch.indices.len() as f32;
                    own.loss += prepared.backward(room, &mut own.gradient, &labels, scale);
                } else {
                    own.predict(logits, &labels);
                }
            }
        }
    }
}

impl Share {
    /// Takes note of the largest of each sample's logits, and of the loss.
    fn predict(&mut self, logits: &Rows, labels: &[u8]) {
        for (s, &label) in labels.iter().enumerate() {
            let logits = logits.floats(s);
            self.predictions.push(largest(logits));
            let logits: Vec<f64> = logits.iter().map(|&z| f64::from(z)).collect();
            self.loss += log_sum_exp(&logits) - logits[usize::from(label)];
        }
    }
}

impl Batch {
    /// One seed for each layer that drops, where this batch does.
    fn seeds(&self, network: &Network, side: usize) -> Vec<Option<Seed>> {
        let Some(seed) = self.seed else { return Vec::new() };
        let layers = network.layers().iter().enumerate();
        let own = |(l, layer): (usize, &AnyLayer)| {
            let of_layer = seed.child("layer", l as u64).child("side", side as u64);
            matches!(layer, AnyLayer::Dropout(dropout) if dropout.rate() > 0.0).then_some(of_layer)
        };
        layers.map(own).collect()
    }
}

impl Trainee for FastNetwork {
    fn begin(&mut self, epoch: Epoch) {
        self.optimiser.epoch = epoch;
    }

    fn step(&mut self, indices: &[usize], noise: &mut Stream) -> f64 {
        let seed = self.drops.then(|| noise.next_seed());
        let samples = Arc::clone(&self.samples);
        self.run(Stage::Learn, Batch { samples, indices: indices.to_vec(), seed });
        let (first, others) = self.shared.shares.split_first().expect("there is a share");
        let sum = &mut *write(first);
        let mut loss = sum.loss;
        for share in others {
            let share = read(share);
            sum.gradient.axpy(1.0, &share.gradient);
            loss += share.loss;
        }
        let prepared = &mut *write(&self.shared.prepared);
        self.optimiser.step(&mut prepared.network, &sum.gradient);
        prepared.pack();
        loss / indices.len() as f64
    }

    fn non_finite(&self) -> Option<String> {
        read(&self.shared.prepared).network.first_non_finite()
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(&read(&self.shared.prepared).network, "model");
        tensors.extend(self.optimiser.tensors());
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        let prepared = &mut *write(&self.shared.prepared);
        snapshot.write_into(&mut prepared.network, "model")?;
        prepared.pack();
        self.optimiser.restore(snapshot)
    }
}
