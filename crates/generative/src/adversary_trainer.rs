//! Generator and critic under training: the epoch loop counts steps of the generator.
//!
//! A step gives the critic its own steps first, each on real images drawn anew with replacement and on fresh samples, then the generator
//! one. The samples of the epoch loop are places in mini-batches: with `b` of them in a mini-batch, an epoch of `b · s` samples is a
//! stretch of `s` steps, whatever images there are. So two games of different critics can be compared at equal steps.

use tensor::{Matrix, Stream};
use train::{Descent, Epoch, Optimiser, Parameters, Snapshot, Tensor, TensorError, Trainee};

use crate::error::check_range;
use crate::{Adversaries, GenerativeError, Objective, Seen};
use feedforward::Network;

/// How both learn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contest {
    /// What each wants.
    pub objective: Objective,
    /// Steps of the critic for one of the generator.
    pub critic_steps: usize,
    /// The generator's rule, rate and decay.
    pub generator: Descent,
    /// The critic's.
    pub critic: Descent,
}

/// Both players as a [`Trainee`]. The loss is the critic's; after each epoch `critic_loss`, `critic_accuracy`, `generator_loss`
/// and `generator_accuracy` stand beside it, means over its steps. Snapshots hold `model.generator.…`, `model.critic.…` and the state
/// of both descents.
pub struct AdversaryTrainer {
    players: Adversaries,
    contest: Contest,
    generator: Optimiser<Network>,
    critic: Optimiser<Network>,
    images: Matrix, // features × images
    sums: [Seen; 2],
    steps: usize,
    first: Option<First>,
}

/// What the first step of all showed: the critic, the generator, and the generator after it.
pub type First = ([Seen; 2], Network);

impl AdversaryTrainer {
    /// Takes over both networks and the images, features × samples, in the range of the generator's outputs, from −1 to 1.
    ///
    /// # Errors
    /// If there is no image, images have other features than the critic reads, a value is outside the range, a number of the
    /// objective is not positive, the critic has no steps, or a penalty is asked of a critic that is not linear in pieces.
    pub fn new(players: Adversaries, images: Matrix, contest: Contest) -> Result<Self, GenerativeError> {
        contest.objective.check()?;
        if images.cols() == 0 {
            return Err(GenerativeError::Nothing { what: "images" });
        }
        if contest.critic_steps == 0 {
            return Err(GenerativeError::Nothing { what: "steps of the critic" });
        }
        let (expected, found) = (players.critic().inputs(), images.rows());
        if expected != found {
            return Err(GenerativeError::Chain { part: "critic", expected, found });
        }
        check_range(&images, [-1.0, 1.0])?;
        if matches!(contest.objective, Objective::Penalised { .. }) {
            players.critic().check_piecewise_linear().map_err(crate::error::of("critic"))?;
        }
        let generator = Optimiser::with(contest.generator, players.generator());
        let critic = Optimiser::with(contest.critic, players.critic());
        Ok(Self {
            players,
            contest,
            generator,
            critic,
            images,
            sums: [Seen::default(); 2],
            steps: 0,
            first: None,
        })
    }

    /// Both networks as they are now.
    pub fn players(&self) -> &Adversaries {
        &self.players
    }

    /// What the first step showed, if it was taken here and not before a resume.
    pub fn first(&self) -> Option<&First> {
        self.first.as_ref()
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

impl Trainee for AdversaryTrainer {
    fn begin(&mut self, epoch: Epoch) {
        (self.generator.epoch, self.critic.epoch) = (epoch, epoch);
        (self.sums, self.steps) = ([Seen::default(); 2], 0);
    }

    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        let (count, critic_steps) = (batch.len(), self.contest.critic_steps);
        let mut critic = Seen::default();
        for _ in 0..critic_steps {
            let seen = self.teach_critic(count, noise);
            critic.loss += seen.loss / critic_steps as f64;
            critic.accuracy += seen.accuracy / critic_steps as f64;
        }
        let (generator, gradient) = self.players.generator_gradient(count, self.contest.objective, noise);
        let [network, _] = self.players.parts_mut();
        self.generator.step(network, &gradient);
        for (sum, seen) in self.sums.iter_mut().zip([critic, generator]) {
            sum.loss += seen.loss;
            sum.accuracy += seen.accuracy;
        }
        self.steps += 1;
        if self.generator.steps == 1 {
            self.first = Some(([critic, generator], self.players.generator().clone()));
        }
        critic.loss
    }

    fn non_finite(&self) -> Option<String> {
        self.players.first_non_finite()
    }

    fn measure(&mut self, _: usize, metrics: &mut Vec<(&'static str, f64)>) {
        let n = self.steps.max(1) as f64;
        let [critic, generator] = self.sums;
        metrics.extend([
            ("critic_loss", critic.loss / n),
            ("critic_accuracy", critic.accuracy / n),
            ("generator_loss", generator.loss / n),
            ("generator_accuracy", generator.accuracy / n),
        ]);
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
