//! The generators that are compared, each with a way to plan its samples. One that joins them adds a line to [`GENERATORS`] and a
//! function that plans points: what it learns, and what it draws as `samples` or `states` (see [`crate::arena::Samples`]).

use anyhow::{Result, ensure};
use engine::{Key, Scaled};
use generative::Objective;

use crate::adversarial::{ADAM_OF_PENALTY, Game, ON_ALL_CLASSES, RMSPROP, RULES, drawn};
use crate::arena::Levels;
use crate::dbm::{Begin, EXERCISE, EXERCISE_IMAGES, Machine, Samples};
use crate::drawn::{DBN_STACK, DRAWS, RBM_STACK, Stack, parameters};
use crate::likelihood::binarised::Binarised;
use crate::likelihood::estimate::Likelihood;
use crate::likelihood::train::Stored;
use crate::recipe::Planning;
use crate::vae::{Decode, ImportanceBound, LEARNING, Latents, Model, VAE_2, VAE_20};

/// A generator.
#[derive(Clone, Copy, Debug)]
pub struct Generator {
    /// Its name.
    pub name: &'static str,
    /// What it draws: one that knows no grey is compared in black and white alone.
    pub draws: Levels,
    /// Numbers that it has learnt, running averages among them.
    pub parameters: usize,
    /// Plans its points.
    pub plan: fn(&Asked, u64, &mut Planning<'_>) -> Result<Planned>,
}

/// What is asked of every generator.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Pictures.
    pub samples: usize,
    /// Test images that likelihoods are of.
    pub bounded: usize,
    /// Temperatures of annealing, chains each way, and Gibbs steps before the way back.
    pub annealed: [usize; 3],
    /// Importance samples for each test image.
    pub importance: usize,
}

/// The points of a generator.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Its pictures.
    pub samples: Key,
    /// Its likelihood on digits in black and white, on above 128, if it has one: rows `log_likelihood` or, from below, `bound`.
    pub likelihood: Option<Key>,
}

/// All of them, in the order of the page.
pub const GENERATORS: &[Generator] = &[
    Generator {
        name: "RBM",
        draws: Levels::BlackAndWhite,
        parameters: parameters(RBM_STACK.widths),
        plan: |asked, seed, planning| stack(&RBM_STACK, asked, seed, planning),
    },
    Generator {
        name: "DBN",
        draws: Levels::BlackAndWhite,
        parameters: parameters(DBN_STACK.widths),
        plan: |asked, seed, planning| stack(&DBN_STACK, asked, seed, planning),
    },
    Generator { name: "DBM", draws: Levels::BlackAndWhite, parameters: DEEP_PARAMETERS, plan: deep },
    Generator {
        name: VAE_2.name,
        draws: Levels::Grey,
        parameters: VAE_2.parameters(),
        plan: |asked, seed, planning| autoencoder(&VAE_2, asked, seed, planning),
    },
    Generator {
        name: VAE_20.name,
        draws: Levels::Grey,
        parameters: VAE_20.parameters(),
        plan: |asked, seed, planning| autoencoder(&VAE_20, asked, seed, planning),
    },
    Generator {
        name: "GAN",
        draws: Levels::Grey,
        parameters: PLAYERS_PARAMETERS,
        plan: |asked, seed, planning| game(&ON_ALL_CLASSES, asked, seed, planning),
    },
    Generator {
        name: "WGAN",
        draws: Levels::Grey,
        parameters: PLAYERS_PARAMETERS,
        plan: |asked, seed, planning| game(&CLIPPED, asked, seed, planning),
    },
    Generator {
        name: "WGAN-GP",
        draws: Levels::Grey,
        parameters: PLAYERS_PARAMETERS,
        plan: |asked, seed, planning| game(&PENALISED, asked, seed, planning),
    },
];

/// The same players as the GAN's under a critic of the Wasserstein distance, with clipped weights. The least steps of the quick profile are
/// those of five critic steps each.
const CLIPPED: Game = Game {
    name: "WGAN of a million",
    objective: Objective::Wasserstein { clip: 0.01 },
    critic_steps: 5,
    rule: RMSPROP,
    steps: Scaled::new(10, 2000, 20_000),
    ..ON_ALL_CLASSES
};
/// The same with a penalty on the critic's slope.
const PENALISED: Game = Game {
    name: "WGAN-GP of a million",
    objective: Objective::Penalised { weight: 10.0 },
    rule: ADAM_OF_PENALTY,
    ..CLIPPED
};
/// 100–256–512–784 and 784–512–256–1, with their biases.
const PLAYERS_PARAMETERS: usize = {
    let generator = 100 * 256 + 256 * 512 + 512 * 784 + 256 + 512 + 784;
    let critic = 784 * 512 + 512 * 256 + 256 + 512 + 256 + 1;
    generator + critic
};

/// Weights of both layers, and biases of all three.
const DEEP_PARAMETERS: usize = {
    let [first, second] = EXERCISE.hidden;
    784 * first + first * second + 784 + first + second
};
/// Gibbs steps of the deep machine's chains, from noise; in the paper profile as many as those of the others.
const SWEEPS: Scaled<usize> = Scaled::new(20, 100, 1000);

/// A machine or a stack of machines, the one whose digits the first report shows.
fn stack(stack: &Stack, asked: &Asked, seed: u64, planning: &mut Planning<'_>) -> Result<Planned> {
    let (layers, samples) = DRAWS.samples(stack, asked.samples, seed, planning)?;
    let [temperatures, chains, settle] = asked.annealed;
    let [below @ .., hidden] = stack.widths else { anyhow::bail!("{}: a stack without layers", stack.name) };
    let job = Likelihood {
        below: below.to_vec(),
        hidden: *hidden,
        stored: Stored::Layers,
        binarised: Binarised::Threshold,
        images: DRAWS.images.at(planning.settings.profile),
        test: asked.bounded,
        temperatures,
        chains,
        settle,
        listed: false,
        seed,
    };
    let likelihood = planning.add(format!("likelihood of the {}, seed {seed}", stack.name), job, &layers)?;
    Ok(Planned { samples, likelihood: Some(likelihood) })
}

/// The deep machine of the report on four networks.
fn deep(asked: &Asked, seed: u64, planning: &mut Planning<'_>) -> Result<Planned> {
    let profile = planning.settings.profile;
    let [_, joint] = EXERCISE.plan(EXERCISE_IMAGES.at(profile), seed, planning)?;
    let job = Samples {
        machine: Machine::Deep(EXERCISE.hidden),
        begin: Begin::Noise,
        sweeps: SWEEPS.at(profile),
        chains: asked.samples,
        seed,
    };
    let samples =
        planning.add(format!("digits of the DBM, seed {seed}"), job, std::slice::from_ref(&joint))?;
    let likelihood = EXERCISE.bound(("the DBM", &joint), asked.bounded, asked.annealed, seed, planning)?;
    Ok(Planned { samples, likelihood: Some(likelihood) })
}

/// A variational autoencoder.
fn autoencoder(model: &Model, asked: &Asked, seed: u64, planning: &mut Planning<'_>) -> Result<Planned> {
    let trained = LEARNING.plan(model, seed, planning)?;
    let needs = std::slice::from_ref(&trained);
    let decode = Decode {
        shape: model.shape(),
        seen: model.seen,
        latents: Latents::Prior,
        pictures: asked.samples,
        seed,
    };
    let samples = planning.add(format!("samples of the {}, seed {seed}", model.name), decode, needs)?;
    let bound = ImportanceBound {
        shape: model.shape(),
        binarised: Binarised::Threshold,
        images: asked.bounded,
        samples: asked.importance,
        seed,
    };
    let likelihood = planning.add(format!("bound of the {}, seed {seed}", model.name), bound, needs)?;
    Ok(Planned { samples, likelihood: Some(likelihood) })
}

/// A generator that has played against its critic. It has no likelihood.
fn game(game: &Game, asked: &Asked, seed: u64, planning: &mut Planning<'_>) -> Result<Planned> {
    let samples = game.plan_samples(&RULES, seed, planning)?;
    let drawn = drawn(planning.settings.profile);
    ensure!(asked.samples <= drawn, "samples: expected at most {drawn}, found {}", asked.samples);
    Ok(Planned { samples, likelihood: None })
}

#[cfg(test)]
mod tests {
    use feedforward::Init;
    use generative::Vae;
    use tensor::Seed;
    use train::Parameters;

    use super::GENERATORS;
    use crate::vae::{VAE_2, VAE_20};

    #[test]
    fn every_generator_has_about_a_million_parameters() {
        for generator in GENERATORS {
            let millions = generator.parameters as f64 / 1e6;
            assert!((0.9..1.5).contains(&millions), "{}: {millions}", generator.name);
        }
    }

    #[test]
    fn autoencoders_are_counted_as_they_count_themselves() {
        for model in [VAE_2, VAE_20] {
            let vae = Vae::new(&model.shape(), Init::Uniform, Seed::new(1)).unwrap();
            assert_eq!(model.parameters(), vae.count(), "{}", model.name);
        }
    }
}
