//! What a stack does, bit for bit against plain loops over its machines: the loops with which the letters and the digits of
//! the published results were trained and drawn. Which random numbers are drawn, and in which order, must not change.

use energy::binary::{BinaryChains, BinaryTrainer, Capacity};
use energy::stack::{self, Chains};
use energy::{Dbn, Input, Learning, Rbm, VisibleState, coin_flips};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed, Stream};
use train::{Fit, Outcome, Silent, epochs};

use crate::support::binary;

const WIDTHS: [usize; 3] = [40, 300, 25];
/// Chains advance by so many sweeps between two looks at the clock.
const SWEEPS: usize = 10;
const THREADS: usize = 2;

fn images() -> Matrix {
    binary(60, 33, 1)
}

/// One layer as the letters have it (`purpose` "layer") and the digits ("belief").
fn trained(purpose: &str, layer: usize, input: Input) -> Rbm {
    let seed = Seed::new(3).child(purpose, layer as u64);
    let samples = input.len();
    let rbm = Rbm::new(input.rows(), WIDTHS[layer], seed);
    let capacity = Capacity { batch: 5, threads: THREADS };
    let mut trainee = BinaryTrainer::new(&rbm, input, &Learning::cd(1, 0.1), capacity).unwrap();
    let fit = Fit { epochs: 4, batch: 5, seed: seed.child("fit", 0), resume: None };
    assert_eq!(epochs(&mut trainee, samples, &fit, &mut Silent), Outcome::Finished);
    trainee.rbm()
}

fn matrix_of(input: &Input) -> Matrix {
    match input {
        Input::Binary(spikes) => spikes.to_matrix(),
        Input::Probabilities(matrix) => matrix.clone(),
    }
}

/// All layers, trained by a plain loop.
fn layers(purpose: &str) -> Vec<Rbm> {
    let mut input = Input::Binary(Spikes::from_matrix(&images()));
    let mut rbms = Vec::new();
    for layer in 0..WIDTHS.len() {
        let rbm = trained(purpose, layer, input.clone());
        input = Input::Probabilities(rbm.hidden_mean(&matrix_of(&input)));
        rbms.push(rbm);
    }
    rbms
}

#[test]
fn greedy_training_is_the_loop_over_layers() {
    for purpose in ["layer", "belief"] {
        let expected = layers(purpose);
        let mut rbms = Vec::new();
        let input = Input::Binary(Spikes::from_matrix(&images()));
        stack::greedy(input, 0..WIDTHS.len(), |layer, input| {
            rbms.push(trained(purpose, layer, input.clone()));
            Ok::<_, ()>(rbms[layer].clone())
        })
        .unwrap();
        assert_eq!(rbms, expected);
    }
}

/// What an upper layer of the digits learns from is computed again from the images, a block at a time.
#[test]
fn recognition_is_the_fold_over_layers() {
    let rbms = layers("belief");
    let expected = rbms.iter().fold(images(), |x, rbm| rbm.hidden_mean(&x));
    let Ok(found) = stack::up(&Dbn::new(rbms), images(), WIDTHS.len());
    assert_eq!(found, expected);
}

#[test]
fn reconstructions_are_those_of_the_letters() {
    let rbms = layers("layer");
    let seed = Seed::new(5).child("strip", 0).child("train", 0);
    let (mut mean, mut sampled, mut noise) = (images(), images(), seed.stream());
    for rbm in &rbms {
        mean = rbm.hidden_mean(&mean);
        sampled = rbm.sample_hidden(&sampled, &mut noise);
    }
    for rbm in rbms.iter().rev() {
        mean = rbm.visible_mean(&mean);
        sampled = rbm.sample_visible(&sampled, &mut noise);
    }
    let Ok(found) = stack::reconstruct(&Dbn::new(rbms), &images(), &mut seed.stream());
    assert!(found.mean == mean && found.sampled == sampled);
}

/// The samples of the letters: states and the probabilities that they were drawn from.
fn of_letters(rbms: &[Rbm], gibbs: usize, noise: &mut Stream) -> (Matrix, Matrix) {
    let (rbm, below) = rbms.split_last().unwrap();
    let start = Spikes::from_matrix(&coin_flips(rbm.weights.rows(), 23, noise));
    let mut chains = BinaryChains::new(rbm, &start, THREADS);
    for done in (0..gibbs).step_by(SWEEPS) {
        chains.run(SWEEPS.min(gibbs - done), noise);
    }
    let (mut states, mut means) = (chains.states().to_matrix(), chains.means());
    for rbm in below.iter().rev() {
        means = rbm.visible_mean(&states);
        states = rbm.visible(&states, VisibleState::Sampled, noise);
    }
    (states, means)
}

#[test]
fn samples_are_those_of_the_letters() {
    let rbms = layers("layer");
    let seed = Seed::new(6).child("strip", 0).child("chains", 0);
    for depth in 1..=rbms.len() {
        let expected = of_letters(&rbms[..depth], 25, &mut seed.stream());
        let dbn = Dbn::new(rbms[..depth].to_vec());
        let mut noise = seed.stream();
        let start = coin_flips(dbn.rbms()[depth - 1].weights.rows(), 23, &mut noise);
        // The bits depend neither on the threads nor on where the sweeps are cut.
        for chains in [
            Chains { sweeps: 25, pause: SWEEPS, threads: THREADS },
            Chains { sweeps: 25, pause: 7, threads: 1 },
        ] {
            let Ok(found) = stack::generate(&dbn, &start, chains, &mut noise.clone(), &mut |_| Ok(()));
            assert!((found.states, found.means) == expected, "{depth} layers, {chains:?}");
        }
    }
}

/// The digits begin at pixels that are on as often as in the data, sent up through the layers below the top one.
#[test]
fn samples_are_those_of_the_digits() {
    let rbms = layers("belief");
    let independent = |noise: &mut Stream| {
        let mut start = Matrix::from_fn(60, 23, |pixel, _| pixel as f32 / 100.0);
        noise.bernoulli(&mut start);
        start
    };
    let seed = Seed::new(8).child("origin", 0);
    let mut noise = seed.stream();
    let (top, below) = rbms.split_last().unwrap();
    let mut start = independent(&mut noise);
    for rbm in below {
        start = rbm.sample_hidden(&start, &mut noise);
    }
    let mut chains = BinaryChains::new(top, &Spikes::from_matrix(&start), THREADS);
    for done in (0..25).step_by(SWEEPS) {
        chains.run(SWEEPS.min(25 - done), &mut noise);
    }
    let mut states = chains.states().to_matrix();
    for rbm in below.iter().rev() {
        states = rbm.visible(&states, VisibleState::Sampled, &mut noise);
    }
    let dbn = Dbn::new(rbms.clone());
    let mut noise = seed.stream();
    let start = independent(&mut noise);
    let Ok(start) = stack::sample_up(&dbn, start, WIDTHS.len() - 1, &mut noise);
    let chains = Chains { sweeps: 25, pause: SWEEPS, threads: THREADS };
    let Ok(found) = stack::generate(&dbn, &start, chains, &mut noise, &mut |_| Ok(()));
    assert_eq!(found.states, states);
}
