//! Training: resumed, on any number of threads, clipped, and what is measured.

use std::sync::Arc;

use feedforward::Activation;
use generative::{
    AdversaryTrainer, Contest, GenerativeError, Images, Likelihood, Normalised, Objective, VaeTrainer,
};
use tensor::layers::Sparse;
use tensor::{Matrix, Seed};
use train::{Descent, Event, Fit, Outcome, Parameters, Rule, Silent, Snapshot, Trainee, epochs};

use crate::support::{adversaries, binary, vae};

fn fit(epochs: usize, batch: usize) -> Fit {
    Fit { epochs, batch, seed: Seed::new(5), resume: None }
}

/// The state after all epochs at once, and after a stop in the middle and a resume.
fn at_once_and_resumed<T: Trainee>(make: impl Fn() -> T, samples: usize, batch: usize) -> [Snapshot; 2] {
    let mut whole = make();
    assert_eq!(epochs(&mut whole, samples, &fit(4, batch), &mut Silent), Outcome::Finished);
    let mut first = make();
    let mut kept = None;
    let stopped = epochs(&mut first, samples, &fit(4, batch), &mut |event: &Event<'_>| match event {
        Event::Epoch { epoch: 2, snapshot, .. } => {
            kept = Some(snapshot());
            std::ops::ControlFlow::Break(())
        }
        _ => std::ops::ControlFlow::Continue(()),
    });
    assert_eq!(stopped, Outcome::Stopped { epoch: 2 });
    let mut second = make();
    let rest = Fit { resume: kept, ..fit(4, batch) };
    assert_eq!(epochs(&mut second, samples, &rest, &mut Silent), Outcome::Finished);
    [whole.snapshot(), second.snapshot()]
}

fn images(drawn: bool) -> Images {
    let sparse = Arc::new(Sparse::from_matrix(&binary(9, 23, 1)));
    if drawn { Images::Drawn(sparse) } else { Images::Fixed(sparse) }
}

#[test]
fn a_resumed_autoencoder_has_the_bits_of_one_that_was_not_stopped() {
    for normalised in [Normalised::No, Normalised::Batch] {
        for drawn in [false, true] {
            let model = vae(normalised, Likelihood::Bernoulli);
            let make = || VaeTrainer::new(model.clone(), images(drawn), 5, Descent::adam(1e-2)).unwrap();
            let [whole, resumed] = at_once_and_resumed(make, 23, 5);
            assert!(whole == resumed, "{normalised:?} {drawn}");
        }
    }
}

fn contest(objective: Objective, critic_steps: usize) -> Contest {
    let adam = Descent::new(Rule::Adam { beta1: 0.5, beta2: 0.999 }, 2e-3);
    Contest { objective, critic_steps, generator: adam, critic: adam }
}

const ALL: [Objective; 4] = [
    Objective::NonSaturating,
    Objective::Minimax,
    Objective::Wasserstein { clip: 0.05 },
    Objective::Penalised { weight: 10.0 },
];

fn trainer(objective: Objective, critic_steps: usize) -> AdversaryTrainer {
    let players = adversaries(7, 6, Activation::LeakyRelu);
    AdversaryTrainer::new(players, binary(6, 30, 2), contest(objective, critic_steps)).unwrap()
}

#[test]
fn resumed_adversaries_have_the_bits_of_those_that_were_not_stopped() {
    for objective in ALL {
        let [whole, resumed] = at_once_and_resumed(|| trainer(objective, 2), 24, 8);
        assert!(whole == resumed, "{objective:?}");
    }
}

#[test]
fn parameters_stay_within_the_clip() {
    let clip = 0.05;
    let mut trainer = trainer(Objective::Wasserstein { clip }, 3);
    let mut noise = Seed::new(1).stream();
    for _ in 0..20 {
        trainer.step(&[0; 8], &mut noise);
        let critic = trainer.players().critic();
        assert!(critic.params().into_iter().all(|p| p.values.iter().all(|x| x.abs() <= clip)));
    }
    // It had to be held: the generator, which is not clipped, has larger ones.
    let generator = trainer.players().generator();
    assert!(generator.params().into_iter().any(|p| p.values.iter().any(|x| x.abs() > clip)));
}

#[test]
fn a_stretch_tells_both_losses_and_accuracies_and_the_first_step_is_kept() {
    let mut trainer = trainer(Objective::NonSaturating, 1);
    let mut told = Vec::new();
    epochs(&mut trainer, 24, &fit(2, 8), &mut |event: &Event<'_>| {
        if let Event::Epoch { metrics, .. } = event {
            told.push(metrics.to_vec());
        }
        std::ops::ControlFlow::Continue(())
    });
    let names: Vec<&str> = told[1].iter().map(|(name, _)| *name).collect();
    let expected = ["loss", "critic_loss", "critic_accuracy", "generator_loss", "generator_accuracy"];
    assert_eq!(names, expected);
    assert!((told[1][0].1 - told[1][1].1).abs() < 1e-12);
    let ([critic, generator], network) = trainer.first().unwrap();
    assert!((critic.loss - 0.69).abs() < 0.2 && (generator.loss - 0.69).abs() < 0.3);
    assert!(network != trainer.players().generator());
}

/// Generated points must move to where the data are: both play their parts with the right signs.
#[test]
fn a_generator_finds_a_point() {
    let adam = Descent::new(Rule::Adam { beta1: 0.5, beta2: 0.999 }, 5e-3);
    let rms = Descent::new(Rule::RmsProp { decay: 0.99, epsilon: 1e-8 }, 5e-3);
    for (objective, critic_steps, descent) in [
        (Objective::NonSaturating, 1, adam),
        (Objective::Wasserstein { clip: 0.1 }, 5, rms),
        (Objective::Penalised { weight: 10.0 }, 5, adam),
    ] {
        let images = Matrix::from_fn(2, 20, |i, _| [0.6, -0.3][i]);
        let players = adversaries(16, 2, Activation::LeakyRelu);
        let contest = Contest { objective, critic_steps, generator: descent, critic: descent };
        let mut trainer = AdversaryTrainer::new(players, images, contest).unwrap();
        epochs(&mut trainer, 32 * 600, &fit(1, 32), &mut Silent);
        let samples = trainer.players().draw(200, &mut Seed::new(4).stream());
        for (i, expected) in [0.6f32, -0.3].into_iter().enumerate() {
            let mean = samples.columns().map(|c| c[i]).sum::<f32>() / 200.0;
            assert!((mean - expected).abs() < 0.15, "{objective:?}: {mean} against {expected}");
        }
    }
}

#[test]
fn bits_do_not_depend_on_threads() {
    let run = |threads: usize| {
        tensor::limit_threads(threads);
        let model = vae(Normalised::Batch, Likelihood::Bernoulli);
        let mut first = VaeTrainer::new(model, images(true), 5, Descent::adam(1e-2)).unwrap();
        epochs(&mut first, 23, &fit(2, 5), &mut Silent);
        let mut second = trainer(Objective::Penalised { weight: 10.0 }, 2);
        epochs(&mut second, 24, &fit(2, 8), &mut Silent);
        [first.snapshot(), second.snapshot()]
    };
    let alone = run(1);
    assert!([2, 3, 8].into_iter().all(|threads| run(threads) == alone));
}

#[test]
fn one_image_cannot_be_normalised() {
    let model = vae(Normalised::Batch, Likelihood::Bernoulli);
    for (batch, found) in [(1, true), (22, true), (11, true), (5, false)] {
        let made = VaeTrainer::new(model.clone(), images(false), batch, Descent::adam(1e-2));
        assert_eq!(made.err() == Some(GenerativeError::Batch { found: 1 }), found, "{batch}");
    }
}
