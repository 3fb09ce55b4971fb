//! The fast adversaries as a [`Trainee`]: the epoch loop drives them, a team runs them.

use std::sync::{Arc, RwLock};

use feedforward::Network;
use feedforward::fast::{Kept, Laid};
use tensor::team::{Team, read, write};
use tensor::{Matrix, Stream};
use train::{Descent, Epoch, Parameters, Snapshot, Tensor, TensorError, Trainee};

use super::adversary_pass::{Batch, Block, Shared, Stage};
use super::{block, optimiser};
use crate::contest::{Contest, Course, First};
use crate::{Adversaries, Objective, Seen};

/// What the plain trainer computes, up to rounding.
pub(crate) struct FastAdversaries {
    like: Adversaries,
    contest: Contest,
    shared: Arc<Shared>,
    team: Team,
    images: Arc<Matrix>,
    room: usize,
    epoch: Epoch,
    steps: [u64; 2], // of generator and critic
    course: Course,
    loss: f64,
}

impl FastAdversaries {
    /// Takes over both networks and the images, which the caller has looked at; none where a network is not made of dense layers
    /// alone. A step has at most `batch` samples.
    pub fn new(
        players: &Adversaries,
        images: &Arc<Matrix>,
        contest: Contest,
        batch: usize,
        threads: usize,
    ) -> Option<Self> {
        let laid = |network: &Network, descent: Descent| {
            let change = descent.update(Epoch::default(), 1).change;
            Laid::new(network, change, batch > 16).ok()
        };
        let generator = laid(players.generator(), contest.generator)?;
        let critic = laid(players.critic(), contest.critic)?;
        let (room, objective) = (block(batch), contest.objective);
        let blocks: Vec<_> = (0..batch)
            .step_by(room)
            .map(|begin| Block::new(begin, room.min(batch - begin), &generator, &critic, objective))
            .map(RwLock::new)
            .collect();
        let threads = threads.min(blocks.len());
        let update = contest.critic.update(Epoch::default(), 1);
        let nothing = || Matrix::zeros(1, 0);
        let first = Batch { real: nothing(), z: nothing(), shares: Vec::new(), count: 0, update };
        let shared =
            Arc::new(Shared { generator, critic, blocks, batch: RwLock::new(first), objective, threads });
        let work = Arc::clone(&shared);
        let team = Team::new(threads, Arc::new(move |member, phase| work.work(member, phase)));
        Some(Self {
            like: players.zeros_like(),
            contest,
            shared,
            team,
            images: Arc::clone(images),
            room: batch,
            epoch: Epoch::default(),
            steps: [0; 2],
            course: Course::default(),
            loss: 0.0,
        })
    }

    fn kept(&self, kept: Kept) -> Adversaries {
        let mut players = self.like.clone();
        let [generator, critic] = players.parts_mut();
        self.shared.generator.write_into(kept, generator);
        self.shared.critic.write_into(kept, critic);
        players
    }

    pub fn players(&self) -> Adversaries {
        self.kept(Kept::Value)
    }

    pub fn first(&self) -> Option<&First> {
        self.course.first.as_ref()
    }

    /// What all blocks saw in the last phase.
    fn seen(&self) -> Seen {
        self.shared.blocks.iter().map(read).fold(Seen::default(), |mut sum, block| {
            sum.loss += block.seen.loss;
            sum.accuracy += block.seen.accuracy;
            sum
        })
    }

    /// One step of the critic; draws are those of the plain trainer, in its order.
    fn teach_critic(&mut self, count: usize, noise: &mut Stream) -> Seen {
        self.steps[1] += 1;
        {
            let batch = &mut *write(&self.shared.batch);
            let chosen: Vec<usize> = (0..count).map(|_| noise.below(self.images.cols())).collect();
            batch.real = self.images.gather(&chosen);
            batch.z = Matrix::zeros(self.like.latent(), count);
            noise.normal(&mut batch.z, 1.0);
            batch.shares.clear();
            if matches!(self.contest.objective, Objective::Penalised { .. }) {
                batch.shares.extend((0..count).map(|_| noise.unit() as f32));
            }
            batch.count = count;
            batch.update = self.contest.critic.update(self.epoch, self.steps[1]);
        }
        self.team.run(Stage::Judge as usize);
        self.team.run(Stage::LearnCritic as usize);
        self.seen()
    }

    fn teach_generator(&mut self, count: usize, noise: &mut Stream) -> Seen {
        self.steps[0] += 1;
        {
            let batch = &mut *write(&self.shared.batch);
            batch.z = Matrix::zeros(self.like.latent(), count);
            noise.normal(&mut batch.z, 1.0);
            batch.count = count;
            batch.update = self.contest.generator.update(self.epoch, self.steps[0]);
        }
        self.team.run(Stage::Draw as usize);
        self.team.run(Stage::LearnGenerator as usize);
        self.seen()
    }
}

impl Trainee for FastAdversaries {
    fn begin(&mut self, epoch: Epoch) {
        self.epoch = epoch;
        self.course.begin();
    }

    /// # Panics
    /// If there are more samples than there is room for.
    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        let (count, room) = (batch.len(), self.room);
        assert!(count <= room, "a mini-batch of {count} samples, where there is room for {room}");
        let mut critic = Seen::default();
        for _ in 0..self.contest.critic_steps {
            let seen = self.teach_critic(count, noise);
            critic.add(seen, 1.0 / self.contest.critic_steps as f64);
        }
        let generator = self.teach_generator(count, noise);
        self.course.add([critic, generator]);
        if self.steps[0] == 1 {
            self.course.first = Some(([critic, generator], self.players().generator().clone()));
        }
        self.loss = critic.loss;
        self.loss
    }

    fn non_finite(&self) -> Option<String> {
        let broken = !self.loss.is_finite()
            || self.shared.generator.non_finite().is_some()
            || self.shared.critic.non_finite().is_some();
        broken.then(|| self.players().first_non_finite()).flatten()
    }

    fn measure(&mut self, _: usize, metrics: &mut Vec<(&'static str, f64)>) {
        self.course.measure(metrics);
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(&self.players(), "model");
        let [generator, critic] = self.steps;
        let parts = [
            ("generator", &self.shared.generator, self.like.generator(), (self.contest.generator, generator)),
            ("critic", &self.shared.critic, self.like.critic(), (self.contest.critic, critic)),
        ];
        for (name, laid, like, (descent, steps)) in parts {
            let state = optimiser(laid, like, (descent, self.epoch, steps));
            tensors.extend(state.tensors().into_iter().map(|tensor| tensor.under(name)));
        }
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        let mut players = self.players();
        snapshot.write_into(&mut players, "model")?;
        let parts = [
            ("generator", &self.shared.generator, players.generator(), self.contest.generator),
            ("critic", &self.shared.critic, players.critic(), self.contest.critic),
        ];
        for (k, (name, laid, network, descent)) in parts.into_iter().enumerate() {
            let mut state = optimiser(laid, network, (descent, self.epoch, 0));
            state.restore(&snapshot.part(name))?;
            laid.read_from(Kept::Value, network);
            laid.read_from(Kept::First, &state.first);
            laid.read_from(Kept::Second, &state.second);
            self.steps[k] = state.steps;
        }
        self.loss = 0.0;
        Ok(())
    }
}
