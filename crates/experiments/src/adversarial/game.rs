//! Games as constants of an entry, the points that each of them takes, and the classifier that judges all of them.

use std::fmt::Display;

use anyhow::{Result, ensure};
use engine::rows::READING;
use engine::{Key, Profile, Scaled, Settings};
use feedforward::Activation;
use generative::Objective;
use train::{Descent, Rule};

use super::adversary::Adversary;
use super::between::Between;
use super::kinds::Kinds;
use super::players::Players;
use crate::hypers::{BATCH, IMAGES};
use crate::networks::{Architecture, Learner};
use crate::recipe::Planning;
use engine::Hyper;

/// A generator and its critic.
#[derive(Clone, Copy, Debug)]
pub struct Game {
    /// What it is called on the page.
    pub name: &'static str,
    /// Layers of both.
    pub players: fn() -> Players,
    /// What each wants.
    pub objective: Objective,
    /// Steps of the critic for one of the generator.
    pub critic_steps: usize,
    /// How both learn.
    pub rule: Descent,
    /// The class that they see, if only one.
    pub only: Option<u8>,
    /// Steps of the generator.
    pub steps: Scaled<usize>,
}

/// What all games of an experiment have in common.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Real images in a mini-batch.
    pub batch: usize,
    /// Training images.
    pub images: Scaled<usize>,
    /// Samples kept at each instant.
    pub samples: Scaled<usize>,
    /// Instants at which they are.
    pub instants: Scaled<usize>,
}

/// Steps of the generator.
pub(super) const STEPS: Hyper<usize> = Hyper {
    key: "steps",
    says: "steps of the generator",
    unit: "steps of the generator",
    range: 1..=10_000_000,
};
/// Samples at each instant.
pub(super) const SAMPLES: Hyper<usize> = Hyper {
    key: "samples",
    says: "samples at each instant",
    unit: "samples at each instant",
    range: 20..=10_000,
};
/// Stretches of a game, after each of which losses are recorded: as many as the engine records at most.
pub(super) const STRETCHES: Scaled<usize> = Scaled::new(10, 100, 200);
/// Samples drawn in the end, for whoever measures them further.
const DRAWN: Scaled<usize> = Scaled::new(40, 1000, 5000);
/// How many samples a game draws in the end.
pub(crate) fn drawn(profile: Profile) -> usize {
    DRAWN.at(profile)
}
/// Ways through latent space, and pictures of each.
const WAYS: usize = 5;
pub(super) const PICTURES: usize = 10;

/// Roles of tasks.
pub(super) const GAME: &str = "game";
pub(super) const SEEN: &str = "seen";
pub(super) const BETWEEN: &str = "between";
pub(super) const JUDGE: &str = "judge";

/// Adam as adversarial networks are mostly trained [Radford2016, section 4].
pub(super) const ADAM: Descent = Descent::new(Rule::Adam { beta1: 0.5, beta2: 0.999 }, 2e-4);
/// RMSProp as Wasserstein critics are [Arjovsky2017, algorithm 1], with the decay and ε that PyTorch has where nothing is said; its ε of
/// 10⁻⁸ is added to the root, so that ours, which stands inside, is the square.
pub(crate) const RMSPROP: Descent = Descent::new(Rule::RmsProp { decay: 0.99, epsilon: 1e-16 }, 5e-5);
/// Adam as critics with a penalty are [Gulrajani2017, algorithm 1].
pub(crate) const ADAM_OF_PENALTY: Descent = Descent::new(Rule::Adam { beta1: 0.0, beta2: 0.9 }, 1e-4);

/// Transposed convolutions against convolutions, about half a million parameters.
pub(super) fn convolutional() -> Players {
    Players::Convolutional { latent: 100, maps: [64, 32] }
}

/// 100–256–512–784 against 784–512–256–1, about a million parameters.
pub(super) fn multilayer() -> Players {
    let (generator, critic) = (vec![100, 256, 512], vec![512, 256]);
    Players::Multilayer { generator, critic, activation: Activation::LeakyRelu }
}

/// 100–256–256–784 against 784–256–256–1, the report's.
pub(super) fn narrow() -> Players {
    let (generator, critic) = (vec![100, 256, 256], vec![256, 256]);
    Players::Multilayer { generator, critic, activation: Activation::Relu }
}

/// The classifier that names the classes of samples: the report's network on digits, trained by Adam.
fn judge(settings: &Settings) -> Learner {
    let profile = settings.profile;
    Learner {
        architecture: Architecture::classic(),
        images: Scaled::new(1000, 12_000, 60_000).at(profile),
        tested: Scaled::new(200, 10_000, 10_000).at(profile),
        descent: Descent::annealed(1e-3, 1e-4),
        batch: 128,
        epochs: Scaled::new(2, 15, 15).at(profile),
        // Fixed, so that what it says of games of different seeds can be compared.
        seed: 47,
    }
}

/// Plans and names the classifier.
///
/// # Errors
/// If the data are missing.
pub(super) fn plan_judge(planning: &mut Planning<'_>) -> Result<Key> {
    let job = judge(planning.settings);
    let key = planning.add("classifier that names the classes of samples", job, &[])?;
    planning.name(&key, JUDGE, &[]);
    Ok(key)
}

impl Game {
    /// The game itself.
    ///
    /// # Errors
    /// If a value of `--set` makes no sense, or steps cannot be cut into equal stretches.
    pub(super) fn job(&self, rules: &Rules, seed: u64, settings: &Settings) -> Result<Adversary> {
        let stretches = STRETCHES.at(settings.profile);
        let steps = STEPS.at(settings, &self.steps)?;
        ensure!(steps.is_multiple_of(stretches), "steps: expected a multiple of {stretches}, found {steps}");
        Ok(Adversary {
            players: (self.players)(),
            objective: self.objective,
            critic_steps: self.critic_steps,
            generator: self.rule,
            critic: self.rule,
            batch: BATCH.of(settings, rules.batch)?,
            stretches,
            stretch: steps / stretches,
            instants: rules.instants.at(settings.profile),
            samples: SAMPLES.at(settings, &rules.samples)?,
            drawn: DRAWN.at(settings.profile),
            images: IMAGES.at(settings, &rules.images)?,
            only: self.only,
            seed,
        })
    }

    /// Plans the game alone, for whoever looks at the samples that it draws in the end.
    ///
    /// # Errors
    /// As [`Game::job`], or if the data are missing.
    pub(crate) fn plan_samples(&self, rules: &Rules, seed: u64, planning: &mut Planning<'_>) -> Result<Key> {
        let job = self.job(rules, seed, planning.settings)?;
        planning.add(format!("{}, seed {seed}", self.name), job, &[])
    }

    /// Plans and names the game, what the judge sees of it, and ways through its latent space.
    ///
    /// # Errors
    /// As [`Game::job`], or if the data are missing.
    pub(super) fn plan(
        &self,
        rules: &Rules,
        judge: &Key,
        (seed, reading): (u64, &str),
        planning: &mut Planning<'_>,
    ) -> Result<()> {
        let job = self.job(rules, seed, planning.settings)?;
        let by = if reading.is_empty() { String::new() } else { format!(", {reading}") };
        let label = format!("{}{by}, seed {seed}", self.name);
        let (players, samples, only) = (job.players.clone(), job.samples, job.only);
        let architecture = Architecture::classic();
        let kinds = Kinds { judge: architecture.clone(), steps: job.kept(), only, samples };
        let between = Between { players, judge: architecture, samples, ways: WAYS, pictures: PICTURES, seed };
        let game = planning.add(label.clone(), job, &[])?;
        let needs = [game.clone(), judge.clone()];
        let seen = planning.add(format!("classes of {label}"), kinds, &needs)?;
        let ways = planning.add(format!("between samples of {label}"), between, &needs)?;
        let columns: [(&str, &dyn Display); 3] =
            [("model", &self.name), ("seed", &seed), (READING, &reading)];
        for (key, role) in [(&game, GAME), (&seen, SEEN), (&ways, BETWEEN)] {
            planning.name(key, role, &columns);
        }
        Ok(())
    }
}
