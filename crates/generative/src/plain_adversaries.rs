//! Generator and critic under training, as the equations have it: networks of any layers, gradients that are written down.

use std::sync::Arc;

use feedforward::Network;
use tensor::{Matrix, Stream};
use train::{Epoch, Optimiser, Parameters, Snapshot, Tensor, TensorError, Trainee};

use crate::contest::{Contest, Course, First};
use crate::{Adversaries, Objective, Seen};

/// The oracle of the fast trainer, and what trains convolutional networks.
pub(crate) struct PlainAdversaries {
    players: Adversaries,
    contest: Contest,
    generator: Optimiser<Network>,
    critic: Optimiser<Network>,
    images: Arc<Matrix>, // features × images
    course: Course,
}

impl PlainAdversaries {
    /// Takes over both networks and the images, which the caller has looked at.
    pub fn new(players: Adversaries, images: Arc<Matrix>, contest: Contest) -> Self {
        let generator = Optimiser::with(contest.generator, players.generator());
        let critic = Optimiser::with(contest.critic, players.critic());
        Self { players, contest, generator, critic, images, course: Course::default() }
    }

    pub fn players(&self) -> &Adversaries {
        &self.players
    }

    pub fn first(&self) -> Option<&First> {
        self.course.first.as_ref()
    }

    /// One step of the critic on `count` images.
    fn teach_critic(&mut self, count: usize, noise: &mut Stream) -> Seen {
        let chosen: Vec<usize> = (0..count).map(|_| noise.below(self.images.cols())).collect();
        let real = self.images.gather(&chosen);
        let found = self.players.critic_gradient(&real, self.contest.objective, noise);
        let (seen, gradient) = found.expect("the critic was looked at when the trainer was made");
        let [_, critic] = self.players.parts_mut();
        self.critic.step(critic, &gradient);
        if let Objective::Wasserstein { clip } = self.contest.objective {
            critic.clamp(clip);
        }
        seen
    }
}

impl Trainee for PlainAdversaries {
    fn begin(&mut self, epoch: Epoch) {
        (self.generator.epoch, self.critic.epoch) = (epoch, epoch);
        self.course.begin();
    }

    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        let (count, critic_steps) = (batch.len(), self.contest.critic_steps);
        let mut critic = Seen::default();
        for _ in 0..critic_steps {
            let seen = self.teach_critic(count, noise);
            critic.add(seen, 1.0 / critic_steps as f64);
        }
        let (generator, gradient) = self.players.generator_gradient(count, self.contest.objective, noise);
        let [network, _] = self.players.parts_mut();
        self.generator.step(network, &gradient);
        self.course.add([critic, generator]);
        if self.generator.steps == 1 {
            self.course.first = Some(([critic, generator], self.players.generator().clone()));
        }
        critic.loss
    }

    fn non_finite(&self) -> Option<String> {
        self.players.first_non_finite()
    }

    fn measure(&mut self, _: usize, metrics: &mut Vec<(&'static str, f64)>) {
        self.course.measure(metrics);
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(&self.players, "model");
        for (name, optimiser) in [("generator", &self.generator), ("critic", &self.critic)] {
            tensors.extend(optimiser.tensors().into_iter().map(|tensor| tensor.under(name)));
        }
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        snapshot.write_into(&mut self.players, "model")?;
        self.generator.restore(&snapshot.part("generator"))?;
        self.critic.restore(&snapshot.part("critic"))
    }
}
