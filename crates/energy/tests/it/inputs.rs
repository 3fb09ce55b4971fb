//! What a machine cannot learn from, and what is more than it has room for, is refused before anything is trained; and
//! where learning begins.

use energy::binary::{BinaryTrainer, Capacity};
use energy::learning::{self, Trainer, WarmUp};
use energy::{
    Bernoulli, Gaussian, Input, InputError, Learning, Negative, Rbm, Units, VisibleBias, VisibleState, exact,
};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed};
use train::{Decay, Descent, Outcome, Rule, Schedule, Silent, Trainee, epochs};

use crate::support::{assert_close, binary, plan};

const CD: Learning = Learning::cd(1, 0.1);
const ROOM: Capacity = Capacity { batch: 5, threads: 1 };

/// Binary states but for one entry.
fn with(unit: usize, sample: usize, value: f32) -> Matrix {
    let mut data = binary(6, 9, 1);
    data.column_mut(sample)[unit] = value;
    data
}

#[test]
fn values_that_are_no_probabilities_are_refused_by_both_trainers_with_value_and_place() {
    for (unit, sample, value) in
        [(0, 0, 255.0), (5, 8, 1.000_1), (3, 2, -1e-6), (2, 7, f32::NAN), (1, 1, f32::INFINITY)]
    {
        let data = with(unit, sample, value);
        let rbm = Rbm::new(6, 4, Seed::new(1));
        let mut plain = rbm.clone();
        let errors = [
            BinaryTrainer::new(&rbm, Input::Probabilities(data.clone()), &CD, ROOM).err().unwrap(),
            learning::train(&mut plain, &data, &CD, &plan(3, 5), &mut Silent).unwrap_err(),
        ];
        assert_eq!(plain, rbm, "nothing is trained");
        for error in errors {
            assert_eq!((error.unit, error.sample), (unit, sample));
            assert_eq!(error.value.to_bits(), value.to_bits());
            let text = error.to_string();
            let place =
                format!("visible unit {unit} of sample {sample}: expected a value from 0 to 1, found");
            assert!(text.starts_with(&place), "{text}");
            assert_eq!(text.contains("divided by 255"), value == 255.0, "{text}");
        }
    }
}

#[test]
fn the_ends_of_the_range_are_in_it() {
    for value in [0.0, 1.0, 0.5, f32::MIN_POSITIVE] {
        assert!(
            BinaryTrainer::new(
                &Rbm::new(6, 4, Seed::new(1)),
                Input::Probabilities(with(1, 1, value)),
                &CD,
                ROOM
            )
            .is_ok()
        );
    }
}

#[test]
fn gaussian_units_take_any_finite_value_and_no_other() {
    let fresh = || Rbm::with_units(Gaussian::new(6), Bernoulli::new(4), Seed::new(2));
    assert!(Trainer::new(&mut fresh(), &with(2, 3, 255.0), &CD).is_ok());
    for value in [f32::NAN, f32::NEG_INFINITY] {
        let error: InputError = Trainer::new(&mut fresh(), &with(2, 3, value), &CD).err().unwrap();
        assert_eq!(
            error.to_string(),
            format!("visible unit 2 of sample 3: expected a finite value, found {value}")
        );
    }
}

fn binary_trainer(learning: &Learning) -> BinaryTrainer {
    let input = Input::Binary(Spikes::from_matrix(&binary(6, 9, 3)));
    BinaryTrainer::new(&Rbm::new(6, 4, Seed::new(3)), input, learning, ROOM).unwrap()
}

#[test]
#[should_panic(expected = "a mini-batch of 6 samples, expected at most 5")]
fn a_mini_batch_larger_than_its_room_is_refused_with_both_numbers() {
    let _ = binary_trainer(&CD).step(&[0, 1, 2, 3, 4, 5], &mut Seed::new(4).stream());
}

/// The epoch loop has a batch of its own: stated twice, compared at the first step.
#[test]
#[should_panic(expected = "a mini-batch of 8 samples, expected at most 5")]
fn a_loop_with_larger_mini_batches_is_refused_at_its_first_step() {
    let _ = epochs(&mut binary_trainer(&CD), 9, &plan(1, 8), &mut Silent);
}

#[test]
fn only_plain_contrastive_divergence_updates_the_weights_in_place() {
    assert_eq!(Learning::cd(3, f32::NAN).plain_sweeps(), Some(3));
    assert_eq!(
        Learning { visible: VisibleState::Mean, start: VisibleBias::FromData, ..CD }.plain_sweeps(),
        Some(1)
    );
    let with = |descent| Learning { descent, ..CD };
    for other in [
        with(Descent::new(Rule::Sgd { momentum: 0.5 }, 0.1)),
        with(Descent::adam(0.1)),
        with(Descent { schedule: Schedule::Cosine { last: 0.0, epochs: None }, ..CD.descent }),
        with(Descent { decay: Decay::Decoupled(0.1), ..CD.descent }),
        Learning { negative: Negative::Exact, ..CD },
    ] {
        assert_eq!(other.plain_sweeps(), None, "{other:?}");
        assert_eq!(other.suits_binary_trainer(), other.negative != Negative::Exact, "{other:?}");
    }
}

#[test]
#[should_panic(expected = "expected contrastive divergence or persistent chains, found")]
fn fast_weights_are_not_silently_something_else_in_the_binary_trainer() {
    let negative = Negative::Fpcd { sweeps: 1, chains: 3, fast_rate: 0.1 };
    let _ = binary_trainer(&Learning { negative, ..CD });
}

#[test]
#[should_panic(expected = "has no momentum to warm up")]
fn momentum_of_a_rule_without_any_is_refused_by_the_binary_trainer() {
    let warm_up = Some(WarmUp { momentum: 0.5, epochs: 2 });
    let _ = binary_trainer(&Learning { warm_up, descent: Descent::adam(0.1), ..CD });
}

#[test]
fn biases_from_the_data_are_the_log_odds_of_their_means_in_both_trainers() {
    let mut data = binary(6, 9, 5);
    // One unit never on, one always.
    (0..9).for_each(|j| data.column_mut(j)[..2].copy_from_slice(&[0.0, 1.0]));
    let learning = Learning { start: VisibleBias::FromData, ..Learning::cd(1, 0.0) };
    let rbm = Rbm::new(6, 4, Seed::new(5));
    let mut plain = rbm.clone();
    assert_eq!(
        learning::train(&mut plain, &data, &learning, &plan(1, 5), &mut Silent),
        Ok(Outcome::Finished)
    );
    let expected: Vec<f64> = (0..6)
        .map(|i| (0..9).map(|j| f64::from(data.column(j)[i])).sum::<f64>() / 9.0)
        .map(|p| p.clamp(0.5 / 9.0, 8.5 / 9.0))
        .map(|p| (p / (1.0 - p)).ln())
        .collect();
    let doubles = |bias: &[f32]| bias.iter().map(|&b| f64::from(b)).collect::<Vec<_>>();
    assert_close(&doubles(&plain.visible.bias), &expected, 1e-6);
    for input in [Input::Binary(Spikes::from_matrix(&data)), Input::Probabilities(data.clone())] {
        let trainee = BinaryTrainer::new(&rbm, input, &learning, ROOM).unwrap();
        assert_eq!(trainee.rbm().visible, plain.visible);
        assert_eq!((trainee.rbm().weights, trainee.rbm().hidden), (rbm.weights.clone(), rbm.hidden.clone()));
    }
    // Without hidden units, that is the most likely machine there is.
    let mut means = plain.visible.clone();
    means.set_means(&[0.25; 6], 9);
    let mut x = Matrix::zeros(6, 1);
    means.mean(&mut x);
    assert!(x.as_slice().iter().all(|p| (p - 0.25).abs() < 1e-6));
}

#[test]
fn gaussian_biases_from_the_data_are_its_means() {
    let mut units = Gaussian::new(2);
    units.set_means(&[3.5, -1.0], 7);
    assert_eq!(units.bias, [3.5, -1.0]);
}

/// Five of 3000 units on a sample, as in counts of words: from zero biases every hidden unit turns on for every sample
/// and says nothing; from the data's biases hidden units stay apart.
#[test]
fn sparse_data_do_not_turn_all_hidden_units_on_when_biases_come_from_them() {
    let mut spikes = Spikes::new(3000);
    let mut noise = Seed::new(6).stream();
    (0..200).for_each(|_| {
        let mut on: Vec<u32> = noise.permutation(3000)[..5].iter().map(|&unit| unit as u32).collect();
        on.sort_unstable();
        spikes.push(on);
    });
    let data = spikes.to_matrix();
    let ends = |start: VisibleBias| {
        let learning = Learning { start, ..Learning::cd(1, 0.05) };
        let rbm = Rbm::new(3000, 20, Seed::new(7));
        let input = Input::Binary(spikes.clone());
        let mut trainee =
            BinaryTrainer::new(&rbm, input, &learning, Capacity { batch: 10, threads: 1 }).unwrap();
        assert_eq!(epochs(&mut trainee, 200, &plan(5, 10), &mut Silent), Outcome::Finished);
        let h = trainee.rbm().hidden_mean(&data);
        let certain = h.as_slice().iter().filter(|&&p| !(0.05..0.95).contains(&p)).count();
        certain as f64 / h.as_slice().len() as f64
    };
    let (kept, from_data) = (ends(VisibleBias::Kept), ends(VisibleBias::FromData));
    assert!(
        kept > 0.9 && from_data < 0.1,
        "certain hidden states: {kept} from zero, {from_data} from the data"
    );
}

/// Of each function that lists states, with the number that it would have to list.
#[test]
fn what_cannot_be_listed_in_time_is_refused_with_the_number_of_states() {
    type Listing = (&'static str, fn());
    fn machine(visible: usize, hidden: usize) -> Rbm {
        Rbm::new(visible, hidden, Seed::new(8))
    }
    let listings: [Listing; 7] = [
        ("1099511627776 states", || {
            let _ = exact::log_likelihood(&machine(50, 40), &Matrix::zeros(50, 1));
        }),
        ("1099511627776 states", || {
            let _ = exact::gradient(&machine(40, 50), &Matrix::zeros(40, 1));
        }),
        ("1099511627776 states", || {
            let _ = exact::log_partition(&machine(40, 3), exact::Listed::Visible);
        }),
        ("67108864 states", || {
            let _ = exact::log_partition(&machine(3, 26), exact::Listed::Hidden);
        }),
        ("67108864 states", || {
            let _ = exact::log_partition(&machine(13, 13), exact::Listed::Both);
        }),
        ("67108864 states", || {
            let _ = exact::visible_probabilities(&machine(26, 3));
        }),
        ("67108864 states", || {
            let learning = Learning { negative: Negative::Exact, ..CD };
            drop(Trainer::new(&mut machine(26, 26), &Matrix::zeros(26, 1), &learning));
        }),
    ];
    for (expected, listing) in listings {
        let panic = std::panic::catch_unwind(listing).unwrap_err();
        let text = panic.downcast_ref::<String>().unwrap();
        assert!(text.starts_with(expected) && text.contains("at most 33554432"), "{text}");
    }
}

#[test]
fn learning_is_written_with_what_is_usual_left_out_and_read_back() {
    let text = r#"{"negative":{"cd":{"sweeps":1}},"visible":"sampled","descent":{"rule":"sgd","rate":0.1}}"#;
    assert_eq!(serde_json::to_string(&CD).unwrap(), text);
    let other = Learning {
        negative: Negative::Pcd { sweeps: 2, chains: 100 },
        visible: VisibleState::Mean,
        descent: Descent::adam(0.001),
        start: VisibleBias::FromData,
        ..CD
    };
    for learning in [CD, other, Learning { negative: Negative::Exact, ..CD }] {
        let text = serde_json::to_string(&learning).unwrap();
        assert_eq!(serde_json::from_str::<Learning>(&text).unwrap(), learning, "{text}");
    }
    let unknown = text.replace("visible", "visibel");
    assert!(serde_json::from_str::<Learning>(&unknown).unwrap_err().to_string().contains("visibel"));
}
