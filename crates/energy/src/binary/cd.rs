//! CD-k on binary data as a [`Trainee`]: the epoch loop drives it, a team runs it.

use std::sync::{Arc, RwLock};

use tensor::binary::{FEW, Spikes};
use tensor::team::Team;
use tensor::{Matrix, Stream, all_finite};
use train::{Snapshot, Tensor, TensorError, Trainee};

use super::layer::{collect, groups_of};
use super::step::{Batch, Shared, Stage, States, read, write};
use crate::rbm::{Rbm, VisibleState};

/// What a machine learns from: visible × samples.
#[derive(Clone, Debug)]
pub enum Input {
    /// Binary states, the same in every epoch.
    Binary(Spikes),
    /// Probabilities, taken as they are: what the layers of a stack hand up [Hinton2006].
    Probabilities(Matrix),
}

impl Input {
    /// Number of samples.
    pub fn len(&self) -> usize {
        match self {
            Self::Binary(spikes) => spikes.len(),
            Self::Probabilities(matrix) => matrix.cols(),
        }
    }

    /// Whether there are no samples.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of visible units.
    pub fn rows(&self) -> usize {
        match self {
            Self::Binary(spikes) => spikes.rows(),
            Self::Probabilities(matrix) => matrix.rows(),
        }
    }
}

/// How the machine learns.
#[derive(Clone, Copy, Debug)]
pub struct CdOptions {
    /// Gibbs sweeps from the data, `k` of CD-k.
    pub sweeps: usize,
    /// Learning rate; the gradient is the mean over the mini-batch.
    pub rate: f32,
    /// The reconstruction: sampled, or its mean.
    pub visible: VisibleState,
    /// Largest mini-batch.
    pub batch: usize,
    /// Threads that share the machine. Small machines use one, whatever is offered.
    pub threads: usize,
}

/// Contrastive divergence [Hinton2002] for binary units with plain gradient descent.
///
/// Each mini-batch: hidden states are drawn given the data, `sweeps` reconstructions follow, and
/// `W += rate/B · (v₀h₀ᵀ − vₖhₖᵀ)` with probabilities for both `h`, as [`crate::learning::gradient`] has it.
/// The loss is the mean squared difference between data and reconstruction, per pixel.
pub struct BinaryTrainer {
    input: Input,
    options: CdOptions,
    shared: Arc<Shared>,
    team: Team,
    /// `Σ v₀` and `Σ vₖ` of the last mini-batch.
    data_sums: Vec<f32>,
    model_sums: Vec<f32>,
}

/// Multiply-adds of a product below which a second thread costs more than it gives.
const WORTH_A_TEAM: usize = 4 << 20;

impl BinaryTrainer {
    /// Takes over a machine and its data.
    ///
    /// # Panics
    /// If the input has other rows than the machine has visible units, or `sweeps`, `batch` or `threads` is 0.
    pub fn new(rbm: &Rbm, input: Input, options: CdOptions) -> Self {
        let visible = rbm.weights.rows();
        assert_eq!(input.rows(), visible, "data of {} rows for {visible} visible units", input.rows());
        assert!(options.sweeps > 0 && options.batch > 0 && options.threads > 0, "{options:?}");
        let groups = groups_of(rbm, options.batch);
        let worth = visible * rbm.weights.cols() * options.batch >= WORTH_A_TEAM;
        let threads = if worth { options.threads.min(groups.len()) } else { 1 };
        let states = |binary| States::new(visible, options.batch, binary);
        let batch = Batch {
            data: states(matches!(input, Input::Binary(_))),
            model: states(options.visible == VisibleState::Sampled),
            few: options.batch <= FEW,
            seed: tensor::Seed::new(0),
            rate: options.rate,
        };
        let shared = Arc::new(Shared {
            groups: groups.into_iter().map(RwLock::new).collect(),
            blocks: Shared::blocks(options.batch, visible),
            batch: RwLock::new(batch),
            visible_bias: RwLock::new(rbm.visible.bias.clone()),
            visible: options.visible,
            one_pass: !worth && options.batch <= FEW && options.visible == VisibleState::Mean,
            threads,
        });
        let work = Arc::clone(&shared);
        let team = Team::new(threads, Arc::new(move |member, phase| work.work(member, phase)));
        Self { input, options, shared, team, data_sums: vec![0.0; visible], model_sums: vec![0.0; visible] }
    }

    /// The machine as it is now.
    pub fn rbm(&self) -> Rbm {
        let groups: Vec<_> = self.shared.groups.iter().map(read).collect();
        let mut rbm = Rbm {
            visible: crate::units::Bernoulli { bias: read(&self.shared.visible_bias).clone() },
            hidden: crate::units::Bernoulli { bias: Vec::new() },
            weights: Matrix::zeros(0, 0),
        };
        collect(groups.iter().map(|g| &**g), &mut rbm);
        rbm
    }

    /// Puts the samples of a mini-batch in place.
    fn load(&self, indices: &[usize], noise: &mut Stream) {
        let batch = &mut *write(&self.shared.batch);
        let data = &mut batch.data;
        data.on.clear();
        match &self.input {
            Input::Binary(spikes) => {
                data.on.extend_from(spikes, indices);
                data.index(batch.few);
            }
            Input::Probabilities(matrix) => {
                data.mean.set_count(indices.len());
                for (s, &index) in indices.iter().enumerate() {
                    data.on.push([]);
                    data.mean.row_mut(s)[..matrix.rows()].copy_from_slice(matrix.column(index));
                }
            }
        }
        batch.seed = noise.next_seed();
        batch.rate = self.options.rate / indices.len() as f32;
    }

    /// `a += rate · Σ(v₀ − vₖ)`, and the lists that the weights' update needs.
    fn finish_visible(&mut self) {
        let batch = &mut *write(&self.shared.batch);
        if !batch.few {
            batch.data.transpose();
            batch.model.transpose();
        }
        self.data_sums.fill(0.0);
        batch.data.add_to(&mut self.data_sums);
        let sums = self.data_sums.iter().zip(&self.model_sums);
        for (a, (v0, vk)) in write(&self.shared.visible_bias).iter_mut().zip(sums) {
            *a += batch.rate * (v0 - vk);
        }
    }
}

impl Trainee for BinaryTrainer {
    fn step(&mut self, indices: &[usize], noise: &mut Stream) -> f64 {
        self.load(indices, noise);
        self.team.run(Stage::FromData as usize);
        let mut error = 0.0;
        for sweep in 1..=self.options.sweeps {
            if sweep > 1 {
                write(&self.shared.batch).seed = noise.next_seed();
                self.team.run(Stage::Onward as usize);
            }
            if self.shared.one_pass {
                error = self.shared.down_and_up(&mut self.model_sums);
            } else {
                self.team.run(Stage::Reconstruct as usize);
                error = self.shared.assemble(&mut self.model_sums);
            }
        }
        self.finish_visible();
        self.team.run(Stage::Learn as usize);
        error / (indices.len() * self.input.rows()) as f64
    }

    fn non_finite(&self) -> Option<String> {
        if !all_finite(&read(&self.shared.visible_bias)) {
            return Some("v_bias".to_owned());
        }
        self.shared.groups.iter().any(|g| !read(g).is_finite()).then(|| "h_bias".to_owned())
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot { epoch: 0, tensors: Tensor::list(&self.rbm(), "") }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        snapshot.check_finite()?;
        let mut rbm = self.rbm();
        snapshot.write_into(&mut rbm, "")?;
        *write(&self.shared.visible_bias) = rbm.visible.bias.clone();
        for (group, fresh) in self.shared.groups.iter().zip(groups_of(&rbm, self.options.batch)) {
            *write(group) = fresh;
        }
        Ok(())
    }
}
