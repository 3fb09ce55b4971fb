//! Contrastive divergence and persistent chains on binary data as a [`Trainee`]: the epoch loop drives it, a team runs it.

use std::sync::{Arc, RwLock};

use tensor::binary::{FEW, Spikes};
use tensor::team::Team;
use tensor::{Matrix, Stream, all_finite};
use train::{Epoch, Snapshot, Tensor, TensorError, Trainee};

use super::panel::{collect, groups_of};
use super::step::{Batch, Shared, Stage, States, read, write};
use super::written::{Descending, Kept, Written};
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

/// Contrastive divergence [Hinton2002] and persistent chains [Tieleman2008] for binary units, with any descent.
///
/// Each mini-batch of contrastive divergence: hidden states are drawn given the data, `sweeps` reconstructions follow, and
/// `W += rate/B · (v₀h₀ᵀ − vₖhₖᵀ)` with probabilities for both `h`, as [`crate::learning::gradient`] has it. Beside plain descent,
/// the gradient is written down, centred where that is asked for, and descended.
/// The loss is the mean squared difference between data and reconstruction, per pixel; beside persistent chains, which reconstruct
/// nothing, that of the mean-field reconstruction of the first eight samples of each mini-batch.
pub struct BinaryTrainer {
    input: Input,
    learning: Learning,
    sweeps: usize,
    /// Persistent chains; 0 for none.
    chains: usize,
    /// States of the largest mini-batch, and of the chains if they are more.
    room: usize,
    epoch: Epoch,
    steps: u64,
    shared: Arc<Shared>,
    team: Team,
    /// `Σ v₀` and `Σ vₖ` of the last mini-batch.
    data_sums: Vec<f32>,
    model_sums: Vec<f32>,
    /// Where the gradient is written down: what the descent keeps. Of its moments, those of the visible biases are the ones in
    /// use; the panels have the others.
    kept: Option<Kept>,
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
    /// If the input has other rows than the machine has visible units, there is no sweep, no chain, no room for a sample or no
    /// thread, `learning` is none that this trainer knows ([`Learning::suits_binary_trainer`]), or the momentum of the first epochs
    /// is to change in a rule that has none.
    pub fn new(rbm: &Rbm, input: Input, learning: &Learning, capacity: Capacity) -> Result<Self, InputError> {
        let (visible, Capacity { batch, threads }) = (rbm.weights.rows(), capacity);
        assert_eq!(input.rows(), visible, "data of {} rows for {visible} visible units", input.rows());
        assert!(
            learning.suits_binary_trainer(),
            "expected contrastive divergence or persistent chains, found {learning:?}"
        );
        learning.check_warm_up();
        let counts = learning.negative.counts();
        assert!(batch > 0 && threads > 0, "{capacity:?}");
        input.check(&rbm.visible.range())?;
        let mut rbm = rbm.clone();
        if learning.start == VisibleBias::FromData {
            rbm.visible.set_means(&input.means(), input.len());
        }
        let room = batch.max(counts.chains);
        let shared = Arc::new(share(&rbm, &input, learning, Capacity { batch: room, threads }));
        let work = Arc::clone(&shared);
        let team = Team::new(shared.threads, Arc::new(move |member, phase| work.work(member, phase)));
        let sums = || vec![0.0; visible];
        let mut trainer = Self {
            input,
            learning: *learning,
            sweeps: counts.sweeps,
            chains: counts.chains,
            room,
            epoch: Epoch::default(),
            steps: 0,
            shared,
            team,
            data_sums: sums(),
            model_sums: sums(),
            kept: None,
        };
        if learning.plain_sweeps().is_none() {
            trainer.write_gradients(&rbm);
        }
        if counts.chains > 0 {
            trainer.set_chains(&Matrix::zeros(visible, counts.chains));
        }
        Ok(trainer)
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

    /// The persistent chains, visible × chains; none for a way of learning that keeps none.
    pub fn chains(&self) -> Option<Matrix> {
        (self.chains > 0).then(|| read(&self.shared.batch).model.on.to_matrix())
    }

    /// From now on gradients are written down.
    fn write_gradients(&mut self, rbm: &Rbm) {
        let visible = rbm.weights.rows();
        let update = self.learning.descent.update(self.epoch, 1);
        let centred = self.learning.centred;
        let (mut means, mut offsets) = (Vec::new(), Vec::new());
        if centred {
            means = self.input.means().into_iter().map(|mean| mean as f32).collect();
            offsets = rbm.hidden_mean(&Matrix::from_vec(visible, 1, means.clone())).into_vec();
        }
        for group in &self.shared.groups {
            let group = &mut *write(group);
            for panel in &mut group.panels {
                panel.written = Some(Box::new(Written::new(&panel.weights, update.change)));
            }
            group.pull = vec![0.0; if centred { visible } else { 0 }];
        }
        write(&self.shared.batch).descending = Some(Descending { update, slope: vec![0.0; visible], means });
        let kept = Kept::new(rbm, offsets);
        self.give(&kept);
        self.kept = Some(kept);
    }

    /// Hands the panels what a descent keeps of them.
    fn give(&self, kept: &Kept) {
        let mut groups: Vec<_> = self.shared.groups.iter().map(write).collect();
        let panels = groups.iter_mut().flat_map(|group| &mut group.panels);
        kept.give(panels.filter_map(|panel| panel.written.as_deref_mut()));
    }

    /// Puts the persistent chains in place.
    fn set_chains(&mut self, states: &Matrix) {
        let batch = &mut *write(&self.shared.batch);
        batch.model.on = Spikes::from_matrix(states);
        batch.model.index(batch.few);
    }

    /// Puts the samples of a mini-batch in place.
    ///
    /// # Panics
    /// If there are more than there is room for.
    fn load(&self, indices: &[usize], noise: &mut Stream) {
        let (found, room) = (indices.len(), self.room);
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
        batch.fantasies = if self.chains > 0 { self.chains } else { indices.len() };
        batch.seed = noise.next_seed();
        batch.rate = self.learning.descent.rate / indices.len() as f32;
    }

    /// The reconstructions, or the chains moved on; returns the loss.
    fn sample(&mut self, samples: usize, noise: &mut Stream) -> f64 {
        let persistent = self.chains > 0;
        let sweeps = self.learning.sweeps_in(self.sweeps, self.epoch.number.saturating_sub(1));
        let probed = if persistent { self.shared.probed_error() } else { 0.0 };
        let mut error = 0.0;
        for sweep in 1..=sweeps {
            if persistent || sweep > 1 {
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
        if persistent { probed } else { error / (samples * self.input.rows()) as f64 }
    }

    /// The gradient of the visible biases, and the lists that the weights' update needs. Plain descent updates those biases here:
    /// `a += rate · Σ(v₀ − vₖ)`.
    fn finish_visible(&mut self, samples: usize) {
        let batch = &mut *write(&self.shared.batch);
        if !batch.few {
            batch.data.transpose();
            batch.model.transpose();
        }
        self.data_sums.fill(0.0);
        batch.data.add_to(&mut self.data_sums);
        let sums = self.data_sums.iter().zip(&self.model_sums);
        let Some(descending) = &mut batch.descending else {
            for (a, (v0, vk)) in write(&self.shared.visible_bias).iter_mut().zip(sums) {
                *a += batch.rate * (v0 - vk);
            }
            return;
        };
        descending.update = self.learning.descent_in(self.epoch).update(self.epoch, self.steps);
        let (samples, fantasies) = (samples as f32, batch.fantasies as f32);
        for (slope, (v0, vk)) in descending.slope.iter_mut().zip(sums) {
            *slope = vk / fantasies - v0 / samples;
        }
    }

    /// Where the gradient is written down: the visible biases a step along theirs, `a′ = a − Gλ` of centred units.
    fn descend_visible(&mut self) {
        let (Some(kept), batch) = (&mut self.kept, read(&self.shared.batch)) else { return };
        let descending = batch.descending.as_ref().expect("made with what is kept");
        let groups: Vec<_> = self.shared.groups.iter().map(read).collect();
        let [first, second] = kept.moments.each_mut().map(|moment| &mut moment.visible.bias);
        for (v, a) in write(&self.shared.visible_bias).iter_mut().enumerate() {
            let pull: f32 = groups.iter().filter_map(|group| group.pull.get(v)).sum();
            descending.update.apply(a, descending.slope[v] - pull, &mut first[v], &mut second[v]);
        }
    }
}

/// What the team shares: the machine in panels, with room for a mini-batch and for chains.
fn share(rbm: &Rbm, input: &Input, learning: &Learning, capacity: Capacity) -> Shared {
    let (rows, room) = (rbm.weights.rows(), capacity.batch);
    let groups = groups_of(rbm, room);
    let worth = rows * rbm.weights.cols() * room >= WORTH_A_TEAM;
    let threads = if worth { capacity.threads.min(groups.len()) } else { 1 };
    let persistent = learning.negative.counts().chains > 0;
    let visible = if persistent { VisibleState::Sampled } else { learning.visible };
    let data = States::new(rows, room, matches!(input, Input::Binary(_)));
    let model = States::new(rows, room, visible == VisibleState::Sampled);
    Shared {
        groups: groups.into_iter().map(RwLock::new).collect(),
        blocks: Shared::blocks(room, rows),
        batch: RwLock::new(Batch::new(data, model, room <= FEW)),
        visible_bias: RwLock::new(rbm.visible.bias.clone()),
        visible,
        persistent,
        one_pass: !worth && room <= FEW && visible == VisibleState::Mean,
        threads,
    }
}

impl Trainee for BinaryTrainer {
    fn begin(&mut self, epoch: Epoch) {
        self.epoch = epoch;
    }

    fn step(&mut self, indices: &[usize], noise: &mut Stream) -> f64 {
        self.steps += 1;
        self.load(indices, noise);
        self.team.run(Stage::FromData as usize);
        let loss = self.sample(indices.len(), noise);
        self.finish_visible(indices.len());
        self.team.run(Stage::Learn as usize);
        self.descend_visible();
        loss
    }

    fn non_finite(&self) -> Option<String> {
        if !all_finite(&read(&self.shared.visible_bias)) {
            return Some("v_bias".to_owned());
        }
        self.shared.groups.iter().any(|g| !read(g).is_finite()).then(|| "h_bias".to_owned())
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(&self.rbm(), "");
        if let Some(kept) = &self.kept {
            let mut kept = kept.clone();
            let groups: Vec<_> = self.shared.groups.iter().map(read).collect();
            let panels = groups.iter().flat_map(|group| &group.panels);
            kept.take(panels.filter_map(|panel| panel.written.as_deref()));
            tensors.extend(kept.tensors());
            tensors.push(Tensor::from_u64("optimiser.steps", vec![], vec![self.steps]));
        }
        if let Some(chains) = self.chains() {
            let shape = vec![chains.cols(), chains.rows()];
            tensors.push(Tensor::from_f32("chains", shape, chains.into_vec()));
        }
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        snapshot.check_finite()?;
        let mut rbm = self.rbm();
        snapshot.write_into(&mut rbm, "")?;
        let mut kept = self.kept.clone();
        if let Some(kept) = &mut kept {
            kept.restore(snapshot)?;
            self.steps = snapshot.u64s("optimiser.steps")?[0];
        }
        let rows = rbm.weights.rows();
        if self.chains > 0 {
            snapshot.shaped("chains", &[self.chains, rows])?;
            self.set_chains(&Matrix::from_vec(rows, self.chains, snapshot.f32s("chains")?.to_vec()));
        }
        *write(&self.shared.visible_bias) = rbm.visible.bias.clone();
        for (group, fresh) in self.shared.groups.iter().zip(groups_of(&rbm, self.room)) {
            write(group).take_weights(fresh);
        }
        if let Some(kept) = kept {
            self.give(&kept);
            self.kept = Some(kept);
        }
        Ok(())
    }
}
