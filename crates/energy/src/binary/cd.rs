//! CD-k on binary data as a [`Trainee`]: the epoch loop drives it, a team runs it.

use std::sync::{Arc, RwLock};

use tensor::binary::FEW;
use tensor::team::Team;
use tensor::{Matrix, Stream, all_finite};
use train::{Snapshot, Tensor, TensorError, Trainee};

use super::panel::{collect, groups_of};
use super::step::{Batch, Shared, Stage, States, read, write};
use crate::gibbs::VisibleState;
use crate::learning::{Input, InputError, Learning, VisibleBias};
use crate::rbm::Rbm;
use crate::units::{Bernoulli, Units};

/// What a trainer has room for. The bits of what is learnt do not depend on the threads; they do on the room for a
/// mini-batch, which decides how products are formed and hence in which order numbers are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Samples of the largest mini-batch.
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
    sweeps: usize,
    rate: f32,
    /// Samples of the largest mini-batch.
    batch: usize,
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
    /// # Errors
    /// If a value of the input is no probability; says which and where.
    ///
    /// # Panics
    /// If the input has other rows than the machine has visible units, there is no sweep, no room for a sample or no
    /// thread, or `learning` is anything but plain contrastive divergence ([`Learning::plain_sweeps`]).
    pub fn new(rbm: &Rbm, input: Input, learning: &Learning, capacity: Capacity) -> Result<Self, InputError> {
        let (visible, Capacity { batch, threads }) = (rbm.weights.rows(), capacity);
        assert_eq!(input.rows(), visible, "data of {} rows for {visible} visible units", input.rows());
        let sweeps = learning.plain_sweeps();
        let sweeps =
            sweeps.unwrap_or_else(|| panic!("expected plain contrastive divergence, found {learning:?}"));
        assert!(sweeps > 0 && batch > 0 && threads > 0, "{sweeps} sweeps, {capacity:?}");
        input.check(&rbm.visible.range())?;
        let mut bias = rbm.visible.clone();
        if learning.start == VisibleBias::FromData {
            bias.set_means(&input.means(), input.len());
        }
        let shared = Arc::new(share(rbm, bias, &input, learning, capacity));
        let work = Arc::clone(&shared);
        let team = Team::new(shared.threads, Arc::new(move |member, phase| work.work(member, phase)));
        let sums = || vec![0.0; visible];
        Ok(Self {
            input,
            sweeps,
            rate: learning.descent.rate,
            batch,
            shared,
            team,
            data_sums: sums(),
            model_sums: sums(),
        })
    }

    /// The machine as it is now.
    pub fn rbm(&self) -> Rbm {
        let groups: Vec<_> = self.shared.groups.iter().map(read).collect();
        let mut rbm = Rbm {
            visible: Bernoulli { bias: read(&self.shared.visible_bias).clone() },
            hidden: Bernoulli { bias: Vec::new() },
            weights: Matrix::zeros(0, 0),
        };
        collect(groups.iter().map(|g| &**g), &mut rbm);
        rbm
    }

    /// Puts the samples of a mini-batch in place.
    ///
    /// # Panics
    /// If there are more than there is room for.
    fn load(&self, indices: &[usize], noise: &mut Stream) {
        let (found, room) = (indices.len(), self.batch);
        assert!(found <= room, "a mini-batch of {found} samples, expected at most {room}");
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
        batch.rate = self.rate / indices.len() as f32;
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

/// What the team shares: the machine in panels, with room for a mini-batch.
fn share(rbm: &Rbm, visible: Bernoulli, input: &Input, learning: &Learning, capacity: Capacity) -> Shared {
    let (rows, room) = (rbm.weights.rows(), capacity.batch);
    let groups = groups_of(rbm, room);
    let worth = rows * rbm.weights.cols() * room >= WORTH_A_TEAM;
    let threads = if worth { capacity.threads.min(groups.len()) } else { 1 };
    let batch = Batch {
        data: States::new(rows, room, matches!(input, Input::Binary(_))),
        model: States::new(rows, room, learning.visible == VisibleState::Sampled),
        few: room <= FEW,
        seed: tensor::Seed::new(0),
        rate: learning.descent.rate,
    };
    Shared {
        groups: groups.into_iter().map(RwLock::new).collect(),
        blocks: Shared::blocks(room, rows),
        batch: RwLock::new(batch),
        visible_bias: RwLock::new(visible.bias),
        visible: learning.visible,
        one_pass: !worth && room <= FEW && learning.visible == VisibleState::Mean,
        threads,
    }
}

impl Trainee for BinaryTrainer {
    fn step(&mut self, indices: &[usize], noise: &mut Stream) -> f64 {
        self.load(indices, noise);
        self.team.run(Stage::FromData as usize);
        let mut error = 0.0;
        for sweep in 1..=self.sweeps {
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
        for (group, fresh) in self.shared.groups.iter().zip(groups_of(&rbm, self.batch)) {
            *write(group) = fresh;
        }
        Ok(())
    }
}
