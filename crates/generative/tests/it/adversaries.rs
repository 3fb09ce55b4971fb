//! Both players' gradients against differences of their losses.

use feedforward::{Activation, Network};
use generative::{Adversaries, Objective};
use tensor::{Matrix, Seed};
use train::check_gradient;

use crate::support::adversaries;

const ALL: [Objective; 4] = [
    Objective::NonSaturating,
    Objective::Minimax,
    Objective::Wasserstein { clip: 0.5 },
    Objective::Penalised { weight: 2.0 },
];

fn images() -> Matrix {
    crate::support::binary(6, 5, 3)
}

#[test]
fn gradients_of_both_players_are_those_of_their_losses() {
    for objective in ALL {
        let players = adversaries(7, 6, Activation::LeakyRelu);
        let noise = || Seed::new(11).stream();
        let (_, gradient) = players.critic_gradient(&images(), objective, &mut noise()).unwrap();
        let with = |critic: &Network| Adversaries::new(players.generator().clone(), critic.clone()).unwrap();
        let loss = |critic: &Network| {
            with(critic).critic_gradient(&images(), objective, &mut noise()).unwrap().0.loss
        };
        let check = check_gradient(players.critic(), &gradient, 1e-3, 1, loss);
        assert!(check.worst < 2e-2, "critic, {objective:?}: {check:?}");
        let (_, gradient) = players.generator_gradient(5, objective, &mut noise());
        let loss = |generator: &Network| {
            let players = Adversaries::new(generator.clone(), players.critic().clone()).unwrap();
            players.generator_gradient(5, objective, &mut noise()).0.loss
        };
        let check = check_gradient(players.generator(), &gradient, 1e-2, 1, loss);
        assert!(check.worst < 5e-3, "generator, {objective:?}: {check:?}");
    }
}

#[test]
fn samples_are_in_the_range_of_the_generator() {
    let players = adversaries(7, 6, Activation::Relu);
    let samples = players.draw(50, &mut Seed::new(1).stream());
    assert_eq!((samples.rows(), samples.cols()), (6, 50));
    assert!(samples.as_slice().iter().all(|x| x.abs() <= 1.0));
}
