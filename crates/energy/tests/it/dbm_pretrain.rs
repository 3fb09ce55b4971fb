//! Greedy pretraining of deep machines: doubled inputs, and what the parts become when they are composed.

use energy::dbm::{self, Doubled, DoubledTrainer};
use energy::learning::Trainer;
use energy::{Dbm, Learning, MeanField, Rbm, VisibleBias, VisibleState};
use tensor::{Matrix, Seed};
use train::{Descent, Outcome, Rule, Silent, epochs};

use crate::dbm_train::patterns;
use crate::support::{assert_close, binary, lively, plan};

#[test]
fn factors_of_one_give_ordinary_contrastive_divergence_bit_for_bit() {
    let (start, data) = (lively(6, 5, 15), binary(6, 10, 15));
    for (sweeps, visible, grows_every) in
        [(1, VisibleState::Sampled, 0), (3, VisibleState::Mean, 0), (1, VisibleState::Sampled, 2)]
    {
        let descent = Descent::new(Rule::Sgd { momentum: 0.5 }, 0.05);
        let learning = Learning { visible, descent, grows_every, ..Learning::cd(sweeps, 0.05) };
        let (mut a, mut b) = (start.clone(), start.clone());
        let mut doubled = DoubledTrainer::new(&mut a, &data, &learning, Doubled::NEITHER).unwrap();
        let mut plain = Trainer::new(&mut b, &data, &learning).unwrap();
        assert_eq!(epochs(&mut doubled, 10, &plan(3, 4), &mut Silent), Outcome::Finished);
        assert_eq!(epochs(&mut plain, 10, &plan(3, 4), &mut Silent), Outcome::Finished);
        assert!(a == b && a != start);
    }
}

/// The factors are those of a machine with twice the weights on that way.
#[test]
fn doubled_inputs_are_those_of_twice_the_weights() {
    let (rbm, v, h) = (lively(6, 5, 16), binary(6, 4, 16), binary(5, 4, 17));
    let mut twice = rbm.clone();
    twice.weights.as_mut_slice().iter_mut().for_each(|w| *w *= 2.0);
    assert_eq!(Doubled::BOTTOM.hidden_mean(&rbm, &v), twice.hidden_mean(&v));
    assert_eq!(Doubled::BOTTOM.visible_mean(&rbm, &h), rbm.visible_mean(&h));
    assert_eq!(Doubled::TOP.hidden_mean(&rbm, &v), rbm.hidden_mean(&v));
    assert_eq!(Doubled::TOP.visible_mean(&rbm, &h), twice.visible_mean(&h));
    let of = |machines: usize| (0..machines).map(|i| Doubled::of(i, machines)).collect::<Vec<_>>();
    assert_eq!(of(1), [Doubled::NEITHER]);
    assert_eq!(of(4), [Doubled::BOTTOM, Doubled::NEITHER, Doubled::NEITHER, Doubled::TOP]);
}

/// In the composed machine a layer whose neighbours agree with what its machine said hears what it heard there: the pass
/// upwards with doubled inputs is that of the pretrained machines, up to biases.
#[test]
fn the_first_pass_of_a_composed_machine_is_that_of_its_parts() {
    let mut parts = [lively(6, 5, 18), lively(5, 4, 19), lively(4, 3, 20)];
    for i in 0..2 {
        parts[i + 1].visible.bias = parts[i].hidden.bias.clone();
    }
    let (dbm, v) = (Dbm::compose(&parts), binary(6, 7, 18));
    let states = dbm.mean_field(&v, MeanField::sweeps(0)).states;
    let mut x = v;
    for (i, part) in parts.iter().enumerate() {
        x = Doubled::of(i, 3).hidden_mean(part, &x);
        let wide = |x: &Matrix| x.as_slice().iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
        assert_close(&wide(&states[i + 1]), &wide(&x), 1e-6);
    }
    assert_eq!(dbm.weights[2], parts[2].weights);
    assert_close(
        &[f64::from(dbm.weights[1].as_slice()[7])],
        &[0.5 * f64::from(parts[1].weights.as_slice()[7])],
        1e-7,
    );
}

#[test]
fn shared_layers_get_the_mean_of_their_biases() {
    let (bottom, top) = (lively(4, 3, 21), lively(3, 2, 22));
    let dbm = Dbm::compose(&[bottom.clone(), top.clone()]);
    let mean = |i: usize| 0.5 * (bottom.hidden.bias[i] + top.visible.bias[i]);
    assert_eq!(dbm.biases[1].bias, [mean(0), mean(1), mean(2)]);
    assert_eq!((&dbm.biases[0], &dbm.biases[2]), (&bottom.visible, &top.hidden));
    assert_eq!((&dbm.weights[0], &dbm.weights[1]), (&bottom.weights, &top.weights));
}

/// Greedy machines on data with structure compose to a deep machine that knows some of it.
#[test]
fn pretraining_gives_more_than_independent_units() {
    let data = patterns();
    let learning = Learning { start: VisibleBias::FromData, ..Learning::cd(1, 0.1) };
    let trained = dbm::pretrain(&data, 2, |index, input, doubled| {
        let mut rbm = Rbm::drawn(input.rows(), [6, 4][index], 0.1, Seed::new(index as u64));
        let mut trainer = DoubledTrainer::new(&mut rbm, input, &learning, doubled)?;
        assert_eq!(epochs(&mut trainer, 40, &plan(100, 10), &mut Silent), Outcome::Finished);
        Ok::<Rbm, energy::InputError>(rbm)
    });
    let dbm = trained.unwrap();
    assert_eq!(dbm.weights.iter().map(|w| (w.rows(), w.cols())).collect::<Vec<_>>(), [(8, 6), (6, 4)]);
    let likelihood = dbm.log_probability(&data).iter().sum::<f64>() / 40.0;
    // Eight pixels that are on half of the time, one by one, take 8 log 2 = 5.55 nats.
    assert!(likelihood > -4.5, "{likelihood}");
}

#[test]
#[should_panic(expected = "3 hidden units of machine 0 under 4 visible ones")]
fn machines_that_do_not_fit_are_refused() {
    let _ = Dbm::compose(&[lively(5, 3, 1), lively(4, 2, 2)]);
}
