//! Training: resumed, on any number of threads, clipped, and what is measured.

use std::sync::Arc;

use feedforward::Activation;
use generative::{
    AdversaryTrainer, Contest, GenerativeError, Images, Likelihood, Normalised, Objective, Options, Vae,
    VaeTrainer,
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

fn options(batch: usize, threads: usize) -> Options {
    Options { batch, threads }
}

type MakeVae = fn(Vae, Images, Descent, Options) -> Result<VaeTrainer, GenerativeError>;
const MAKERS: [MakeVae; 2] = [VaeTrainer::new, VaeTrainer::plain];

#[test]
fn a_resumed_autoencoder_has_the_bits_of_one_that_was_not_stopped() {
    for normalised in [Normalised::No, Normalised::Batch] {
        for drawn in [false, true] {
            let model = vae(normalised, Likelihood::Bernoulli);
            for make in MAKERS {
                let make = || make(model.clone(), images(drawn), Descent::adam(1e-2), options(5, 1)).unwrap();
                let [whole, resumed] = at_once_and_resumed(make, 23, 5);
                assert!(whole == resumed, "{normalised:?} {drawn}");
            }
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
    AdversaryTrainer::new(players, binary(6, 30, 2), contest(objective, critic_steps), options(8, 1)).unwrap()
}

fn plain(objective: Objective, critic_steps: usize) -> AdversaryTrainer {
    let players = adversaries(7, 6, Activation::LeakyRelu);
    AdversaryTrainer::plain(players, binary(6, 30, 2), contest(objective, critic_steps), options(8, 1))
        .unwrap()
}

#[test]
fn resumed_adversaries_have_the_bits_of_those_that_were_not_stopped() {
    for objective in ALL {
        for make in [trainer, plain] {
            let [whole, resumed] = at_once_and_resumed(|| make(objective, 2), 24, 8);
            assert!(whole == resumed, "{objective:?}");
        }
    }
}

#[test]
fn parameters_stay_within_the_clip() {
    let clip = 0.05;
    for make in [trainer, plain] {
        let mut trainer = make(Objective::Wasserstein { clip }, 3);
        let mut noise = Seed::new(1).stream();
        for _ in 0..20 {
            trainer.step(&[0; 8], &mut noise);
            let players = trainer.players();
            let all = players.critic().params();
            assert!(all.into_iter().all(|p| p.values.iter().all(|x| x.abs() <= clip)));
        }
        // It had to be held: the generator, which is not clipped, has larger ones.
        let players = trainer.players();
        let all = players.generator().params();
        assert!(all.into_iter().any(|p| p.values.iter().any(|x| x.abs() > clip)));
    }
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
    assert!(trainer.is_fast());
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
        let mut trainer = AdversaryTrainer::new(players, images, contest, options(32, 1)).unwrap();
        epochs(&mut trainer, 32 * 600, &fit(1, 32), &mut Silent);
        let samples = trainer.players().draw(200, &mut Seed::new(4).stream());
        for (i, expected) in [0.6f32, -0.3].into_iter().enumerate() {
            let mean = samples.columns().map(|c| c[i]).sum::<f32>() / 200.0;
            assert!((mean - expected).abs() < 0.15, "{objective:?}: {mean} against {expected}");
        }
    }
}

/// Wide enough for several panels and blocks.
fn wide_vae(likelihood: Likelihood) -> Vae {
    let shape = generative::VaeShape {
        hidden: vec![150, 40],
        activation: Activation::Relu,
        ..crate::support::shape(Normalised::No, likelihood)
    };
    Vae::new(&shape, feedforward::Init::Uniform, Seed::new(3)).unwrap()
}

#[test]
fn bits_do_not_depend_on_threads() {
    let run = |threads: usize| {
        tensor::limit_threads(threads);
        let many = || {
            let sparse = Arc::new(Sparse::from_matrix(&binary(9, 150, 1)));
            Images::Drawn(sparse)
        };
        let mut snapshots = Vec::new();
        for model in [vae(Normalised::Batch, Likelihood::Bernoulli), wide_vae(Likelihood::Bernoulli)] {
            let mut trainer =
                VaeTrainer::new(model, many(), Descent::adam(1e-2), options(70, threads)).unwrap();
            epochs(&mut trainer, 150, &fit(2, 70), &mut Silent);
            snapshots.push(trainer.snapshot());
        }
        for objective in ALL {
            let players = adversaries(150, 6, Activation::LeakyRelu);
            let (images, contest) = (binary(6, 90, 2), contest(objective, 2));
            let mut trainer = AdversaryTrainer::new(players, images, contest, options(70, threads)).unwrap();
            epochs(&mut trainer, 210, &fit(2, 70), &mut Silent);
            snapshots.push(trainer.snapshot());
        }
        snapshots
    };
    let alone = run(1);
    assert!([2, 3, 8].into_iter().all(|threads| run(threads) == alone));
}

/// The largest difference of two states, relative to the largest value of each tensor.
fn difference(a: &Snapshot, b: &Snapshot) -> (f32, String) {
    assert_eq!(a.tensors.len(), b.tensors.len());
    let pairs = a.tensors.iter().zip(&b.tensors);
    let each = pairs.map(|(a, b)| {
        assert_eq!((&a.name, &a.shape), (&b.name, &b.shape));
        let name = &a.name;
        let (train::Values::F32(a), train::Values::F32(b)) = (&a.values, &b.values) else {
            assert_eq!(a.values, b.values);
            return (0.0, String::new());
        };
        let scale = a.iter().fold(1e-6_f32, |most, x| most.max(x.abs()));
        let worst = a.iter().zip(b).map(|(a, b)| (a - b).abs() / scale).fold(0.0, f32::max);
        (worst, name.clone())
    });
    each.fold((0.0, String::new()), |most, one| if one.0 > most.0 { one } else { most })
}

/// A few steps, since rounding grows with them; the last mini-batch is short.
#[test]
fn the_fast_autoencoder_does_what_the_plain_one_does() {
    for likelihood in [Likelihood::Bernoulli, Likelihood::Gaussian { sigma: 0.7 }] {
        for (batch, samples, drawn) in [(5, 23, false), (70, 150, false), (40, 99, true)] {
            let sparse = Arc::new(Sparse::from_matrix(&binary(9, samples, 1)));
            let images = if drawn { Images::Drawn(sparse) } else { Images::Fixed(sparse) };
            for descent in [Descent::new(Rule::Sgd { momentum: 0.0 }, 1e-2), Descent::adam(1e-3)] {
                let model = wide_vae(likelihood);
                let mut told = Vec::new();
                let [fast, plain] = MAKERS.map(|make| {
                    let mut trainer =
                        make(model.clone(), images.clone(), descent, options(batch, 2)).unwrap();
                    epochs(&mut trainer, samples, &fit(2, batch), &mut |event: &Event<'_>| {
                        if let Event::Epoch { metrics, .. } = event {
                            told.push(metrics.to_vec());
                        }
                        std::ops::ControlFlow::Continue(())
                    });
                    trainer
                });
                assert!(fast.is_fast() && !plain.is_fast());
                let found = difference(&fast.snapshot(), &plain.snapshot());
                assert!(found.0 < 2e-3, "{likelihood:?} {batch} {drawn} {descent:?}: {found:?}");
                for (fast, plain) in told[..2].iter().flatten().zip(told[2..].iter().flatten()) {
                    assert!((fast.1 - plain.1).abs() < 1e-4 * (1.0 + plain.1.abs()), "{fast:?} {plain:?}");
                }
            }
        }
    }
}

#[test]
fn the_fast_adversaries_do_what_the_plain_ones_do() {
    for objective in ALL {
        for (batch, descent) in [
            (8, Descent::new(Rule::Sgd { momentum: 0.0 }, 1e-2)),
            (70, Descent::new(Rule::Adam { beta1: 0.5, beta2: 0.999 }, 1e-4)),
            (33, Descent::new(Rule::RmsProp { decay: 0.99, epsilon: 1e-4 }, 1e-4)),
            (8, Descent::new(Rule::RmsProp { decay: 0.99, epsilon: 1e-4 }, 1e-4)),
        ] {
            // The bias of a Wasserstein critic's output has no gradient but rounding, which Adam would make whole steps of.
            if !objective.is_logistic() && matches!(descent.rule, Rule::Adam { .. }) {
                continue;
            }
            let contest = Contest { objective, critic_steps: 2, generator: descent, critic: descent };
            let players = adversaries(150, 6, Activation::LeakyRelu);
            let run = |mut trainer: AdversaryTrainer| {
                epochs(&mut trainer, 2 * batch + 3, &fit(2, batch), &mut Silent);
                trainer
            };
            let images = binary(6, 90, 2);
            let options = options(batch, 2);
            let fast = run(AdversaryTrainer::new(players.clone(), images.clone(), contest, options).unwrap());
            let plain = run(AdversaryTrainer::plain(players, images, contest, options).unwrap());
            assert!(fast.is_fast() && !plain.is_fast());
            let found = difference(&fast.snapshot(), &plain.snapshot());
            assert!(found.0 < 2e-3, "{objective:?} {batch}: {found:?}");
            let [(a, _), (b, _)] = [&fast, &plain].map(|trainer| trainer.first().unwrap());
            for (a, b) in a.iter().zip(b) {
                assert!(
                    (a.loss - b.loss).abs() < 1e-5 && (a.accuracy - b.accuracy).abs() < 1e-9,
                    "{a:?} {b:?}"
                );
            }
        }
    }
}

#[test]
fn either_path_goes_on_where_the_other_stopped() {
    let mut first = plain(Objective::NonSaturating, 1);
    epochs(&mut first, 24, &fit(1, 8), &mut Silent);
    let mut second = trainer(Objective::NonSaturating, 1);
    second.restore(&first.snapshot()).unwrap();
    assert!(second.snapshot() == first.snapshot());
    let mut model =
        VaeTrainer::plain(wide_vae(Likelihood::Bernoulli), images(false), Descent::adam(1e-3), options(5, 1))
            .unwrap();
    epochs(&mut model, 23, &fit(1, 5), &mut Silent);
    let mut other =
        VaeTrainer::new(wide_vae(Likelihood::Bernoulli), images(false), Descent::adam(1e-3), options(5, 1))
            .unwrap();
    other.restore(&model.snapshot()).unwrap();
    assert!(other.is_fast() && other.snapshot() == model.snapshot());
}

#[test]
fn one_image_cannot_be_normalised() {
    let model = vae(Normalised::Batch, Likelihood::Bernoulli);
    for (batch, found) in [(1, true), (22, true), (11, true), (5, false)] {
        let made = VaeTrainer::new(model.clone(), images(false), Descent::adam(1e-2), options(batch, 1));
        assert_eq!(made.err() == Some(GenerativeError::Batch { found: 1 }), found, "{batch}");
    }
}

/// Samples beyond the room would be left out of a sum that is divided by all of them.
#[test]
#[should_panic(expected = "a mini-batch of 8 samples, where there is room for 5")]
fn an_autoencoders_mini_batch_beyond_its_room_is_refused() {
    let model = wide_vae(Likelihood::Bernoulli);
    let mut trainer = VaeTrainer::new(model, images(false), Descent::adam(1e-2), options(5, 1)).unwrap();
    assert!(trainer.is_fast());
    trainer.step(&[0; 8], &mut Seed::new(1).stream());
}

#[test]
#[should_panic(expected = "a mini-batch of 9 samples, where there is room for 8")]
fn a_games_mini_batch_beyond_its_room_is_refused() {
    trainer(Objective::NonSaturating, 1).step(&[0; 9], &mut Seed::new(1).stream());
}
