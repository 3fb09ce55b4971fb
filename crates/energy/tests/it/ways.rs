//! Ways of learning beyond contrastive divergence and persistent chains: fast weights, tempering, centring, sparsity, chains and
//! momentum that change with the epochs.

use energy::learning::{Sparsity, Tempering, Trainer, WarmUp};
use energy::{Learning, Negative, Rbm, exact};
use tensor::{Matrix, Seed};
use train::{Descent, Epoch, Parameters, Rule, Trainee};

use crate::contrastive::assert_resumes;
use crate::support::{assert_close, assert_drawn_from, binary, counts, draw, flat, lively};

const PCD: Negative = Negative::Pcd { sweeps: 2, chains: 6 };
const EXACT: Learning = Learning { negative: Negative::Exact, ..Learning::cd(1, 0.2) };

/// One step on the first samples.
fn step(rbm: &Rbm, data: &Matrix, learning: &Learning, epoch: usize) -> Rbm {
    let mut rbm = rbm.clone();
    let mut trainer = Trainer::new(&mut rbm, data, learning).unwrap();
    trainer.begin(Epoch { number: epoch, of: 9 });
    let all: Vec<usize> = (0..data.cols()).collect();
    let _ = trainer.step(&all, &mut Seed::new(3).stream());
    rbm
}

#[test]
fn exchanges_keep_every_temperatures_distribution() {
    let mut rbm = lively(4, 3, 1);
    rbm.scale(1.5);
    let (chains, temperatures) = (30_000, 3);
    let mut tempering = Tempering::new(4, chains, temperatures);
    let mut noise = Seed::new(2).stream();
    let at = |beta: f32| {
        let mut machine = rbm.clone();
        machine.scale(beta);
        exact::visible_probabilities(&machine)
    };
    let wanted: Vec<Vec<f64>> = [1.0, 0.5, 0.0].map(at).to_vec();
    for (states, p) in tempering.all_mut().iter_mut().zip(&wanted) {
        *states = draw(p, 4, chains, &mut noise);
    }
    tempering.run(&rbm, 3, &mut noise);
    for (states, p) in tempering.all().iter().zip(&wanted) {
        assert_drawn_from(&counts(states), p);
    }
}

/// Two modes that a Gibbs chain does not leave: all units on, or all off.
#[test]
fn tempered_chains_cross_where_gibbs_chains_stay() {
    let mut rbm = Rbm::new(8, 4, Seed::new(1));
    rbm.weights.as_mut_slice().fill(3.0);
    rbm.visible.bias.fill(-6.0);
    rbm.hidden.bias.fill(-12.0);
    let on = |states: &Matrix| {
        let on = states.columns().filter(|v| v.iter().sum::<f32>() > 4.0).count();
        on as f64 / states.cols() as f64
    };
    let mut noise = Seed::new(2).stream();
    assert_eq!(on(&rbm.gibbs(Matrix::zeros(8, 200), 200, &mut noise)), 0.0);
    let mut tempering = Tempering::new(8, 200, 8);
    tempering.run(&rbm, 200, &mut noise);
    let p = exact::visible_probabilities(&rbm);
    let exact: f64 = (0..256_usize).filter(|state| state.count_ones() > 4).map(|state| p[state]).sum();
    // A share of 200 chains: five standard errors.
    assert!((on(tempering.states()) - exact).abs() < 0.18, "{} against {exact}", on(tempering.states()));
    assert!(exact > 0.3 && exact < 0.7);
}

#[test]
fn fast_weights_that_do_not_learn_are_persistent_chains() {
    let (rbm, data) = (lively(6, 5, 3), binary(6, 9, 3));
    let with = |fast_rate| Negative::Fpcd { sweeps: 2, chains: 6, fast_rate };
    let run = |negative| {
        let mut machine = rbm.clone();
        let mut trainer =
            Trainer::new(&mut machine, &data, &Learning { negative, ..Learning::cd(1, 0.1) }).unwrap();
        let mut noise = Seed::new(4).stream();
        for _ in 0..5 {
            let _ = trainer.step(&[0, 1, 2, 3], &mut noise);
        }
        machine
    };
    assert_eq!(run(with(0.0)), run(PCD));
    assert_ne!(run(with(0.5)), run(PCD));
}

/// The machine of the same distribution with the meaning of visible bit `i` exchanged.
fn flipped(rbm: &Rbm, i: usize) -> Rbm {
    let mut other = rbm.clone();
    for (j, bias) in other.hidden.bias.iter_mut().enumerate() {
        let w = &mut other.weights.column_mut(j)[i];
        *bias += *w;
        *w = -*w;
    }
    other.visible.bias[i] = -other.visible.bias[i];
    other
}

/// Bits coded the other way lead a centred machine to the same distribution, and an ordinary one elsewhere.
#[test]
fn a_centred_machine_learns_the_same_however_bits_are_coded() {
    let (rbm, data) = (lively(6, 4, 5), binary(6, 12, 5));
    let mut coded = data.clone();
    (0..12).for_each(|j| {
        let x = &mut coded.column_mut(j)[2];
        *x = 1.0 - *x;
    });
    let apart = |learning: &Learning| {
        let (mut a, mut b) = (rbm.clone(), flipped(&rbm, 2));
        for _ in 0..20 {
            (a, b) = (step(&a, &data, learning, 1), step(&b, &coded, learning, 1));
        }
        let (own, other) = (flat(&a), flat(&flipped(&b, 2)));
        own.iter().zip(&other).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max)
    };
    let centred = apart(&Learning { centred: true, ..EXACT });
    assert!(centred < 1e-4, "{centred}");
    assert!(apart(&EXACT) > 0.01);
}

/// Centred or not, the exact gradient leads to a better likelihood at every step.
#[test]
fn a_centred_gradient_ascends_the_likelihood() {
    let data = binary(6, 12, 6);
    let mut rbm = lively(6, 4, 6);
    let mut before = exact::log_likelihood(&rbm, &data);
    for _ in 0..50 {
        rbm = step(&rbm, &data, &Learning { centred: true, ..EXACT }, 1);
        let after = exact::log_likelihood(&rbm, &data);
        assert!(after > before, "{before} → {after}");
        before = after;
    }
}

/// Pixels that never change, at the border of every picture, break nothing: their offset is their only value.
#[test]
fn pixels_of_no_variance_stay_finite_under_centring() {
    let data = Matrix::from_fn(6, 10, |i, j| f32::from(i == 0 || i > 1 && (i + j) % 2 == 0));
    let mut rbm = Rbm::new(6, 4, Seed::new(1));
    for negative in [Negative::Exact, Negative::Cd { sweeps: 1 }, PCD] {
        let learning = Learning { centred: true, negative, ..EXACT };
        (0..200).for_each(|_| rbm = step(&rbm, &data, &learning, 1));
        assert_eq!(rbm.first_non_finite(), None);
    }
}

const SPARSE: Sparsity = Sparsity { target: 0.1, cost: 0.5, memory: 0.0 };

/// The pull alone: what a step with it does beyond the same step without.
fn pull(rbm: &Rbm, data: &Matrix, sparsity: Sparsity) -> Rbm {
    let mut with = step(rbm, data, &Learning { sparsity: Some(sparsity), ..EXACT }, 1);
    with.axpy(-1.0, &step(rbm, data, &EXACT, 1));
    with
}

/// Means over samples, not sums: the same images twice pull as much.
#[test]
fn the_pull_to_sparsity_is_a_mean_over_samples_of_each_unit_alone() {
    let (rbm, data) = (lively(5, 4, 7), binary(5, 6, 7));
    let once = pull(&rbm, &data, SPARSE);
    let twice = pull(&rbm, &data.gather(&[0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]), SPARSE);
    assert_close(&flat(&once), &flat(&twice), 1e-5);
    let means = rbm.hidden_mean(&data).sum_columns();
    for (j, sum) in means.iter().enumerate() {
        let expected = -0.2 * 0.5 * f64::from(sum / 6.0 - 0.1);
        assert_close(&[f64::from(once.hidden.bias[j])], &[expected], 1e-5);
        for (i, on) in data.sum_columns().iter().enumerate() {
            assert_close(&[f64::from(once.weights.column(j)[i])], &[expected * f64::from(on / 6.0)], 1e-5);
        }
    }
    assert!(once.visible.bias.iter().all(|b| b.abs() < 1e-6));
}

#[test]
fn hidden_units_come_to_the_activity_that_is_wanted() {
    let data = binary(8, 40, 8);
    let mut rbm = lively(8, 6, 8);
    let sparsity = Sparsity { target: 0.15, cost: 5.0, memory: 0.5 };
    let learning = Learning { sparsity: Some(sparsity), ..Learning::cd(1, 0.1) };
    (0..400).for_each(|_| rbm = step(&rbm, &data, &learning, 1));
    for sum in rbm.hidden_mean(&data).sum_columns() {
        assert!((sum / 40.0 - 0.15).abs() < 0.05, "{}", sum / 40.0);
    }
}

#[test]
fn chains_grow_with_the_epochs() {
    let (rbm, data) = (lively(6, 5, 9), binary(6, 8, 9));
    let growing = Learning { grows_every: 2, ..Learning::cd(1, 0.1) };
    for (epoch, sweeps) in [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3)] {
        let fixed = Learning::cd(sweeps, 0.1);
        assert_eq!(step(&rbm, &data, &growing, epoch), step(&rbm, &data, &fixed, epoch), "epoch {epoch}");
    }
}

#[test]
fn momentum_warms_up() {
    let (rbm, data) = (lively(6, 5, 10), binary(6, 8, 10));
    let with = |momentum| Descent::new(Rule::Sgd { momentum }, 0.1);
    let warm = Some(WarmUp { momentum: 0.5, epochs: 1 });
    let warming = Learning { descent: with(0.9), warm_up: warm, ..EXACT };
    // Two steps in an epoch each: momentum shows in the second.
    let run = |learning: &Learning, epoch: usize| {
        let mut machine = rbm.clone();
        let mut trainer = Trainer::new(&mut machine, &data, learning).unwrap();
        trainer.begin(Epoch { number: epoch, of: 2 });
        let mut noise = Seed::new(1).stream();
        let _ = trainer.step(&[0, 1], &mut noise);
        let _ = trainer.step(&[2, 3], &mut noise);
        machine
    };
    let constant = |momentum| Learning { descent: with(momentum), ..EXACT };
    assert_eq!(run(&warming, 1), run(&constant(0.5), 1));
    assert_eq!(run(&warming, 2), run(&constant(0.9), 2));
    assert_ne!(run(&warming, 1), run(&warming, 2));
}

/// Momentum is worth `1 / (1 − momentum)` of the rate, not of the rate times the momentum.
#[test]
fn momentum_sums_to_its_full_worth() {
    let (mut moved, mut still) = (lively(3, 2, 11), lively(3, 2, 11));
    let gradient = lively(3, 2, 12);
    let start = moved.clone();
    let mut with = train::Optimiser::new(Rule::Sgd { momentum: 0.9 }, 1e-4, &moved);
    let mut without = train::Optimiser::new(Rule::PLAIN, 1e-4, &still);
    for _ in 0..400 {
        with.step(&mut moved, &gradient);
        without.step(&mut still, &gradient);
    }
    let way = |to: &Rbm| flat(to).iter().zip(flat(&start)).map(|(a, b)| (a - b).abs()).sum::<f64>();
    let worth = way(&moved) / way(&still);
    assert!((worth - 10.0).abs() < 0.3, "{worth}");
}

#[test]
fn every_way_resumes_with_the_same_bits() {
    let (rbm, data) = (lively(6, 5, 12), binary(6, 10, 12));
    let momentum = Descent::new(Rule::Sgd { momentum: 0.8 }, 0.05);
    let plain = Learning { descent: momentum, ..Learning::cd(1, 0.05) };
    let ways = [
        Learning { negative: Negative::Fpcd { sweeps: 1, chains: 5, fast_rate: 0.1 }, ..plain },
        Learning { negative: Negative::Tempered { sweeps: 2, chains: 5, temperatures: 3 }, ..plain },
        Learning { centred: true, negative: PCD, ..plain },
        Learning { sparsity: Some(Sparsity { memory: 0.9, ..SPARSE }), ..plain },
        Learning { grows_every: 2, warm_up: Some(WarmUp { momentum: 0.5, epochs: 2 }), ..plain },
    ];
    for learning in ways {
        assert_resumes(&rbm, &data, &learning);
        // As a job writes it down and reads it back.
        let text = serde_json::to_string(&learning).unwrap();
        assert_eq!(serde_json::from_str::<Learning>(&text).unwrap(), learning, "{text}");
        assert_eq!(learning.plain_sweeps(), None);
    }
}

#[test]
#[should_panic(expected = "1 temperatures, at least two")]
fn one_temperature_is_refused() {
    let negative = Negative::Tempered { sweeps: 1, chains: 1, temperatures: 1 };
    let _ = Trainer::new(&mut lively(3, 2, 1), &binary(3, 2, 1), &Learning { negative, ..EXACT });
}

#[test]
#[should_panic(expected = "no momentum to warm up")]
fn a_rule_without_momentum_has_none_to_warm_up() {
    let learning =
        Learning { descent: Descent::adam(0.1), warm_up: Some(WarmUp { momentum: 0.5, epochs: 1 }), ..EXACT };
    let _ = Trainer::new(&mut lively(3, 2, 1), &binary(3, 2, 1), &learning);
}
