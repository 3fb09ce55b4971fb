//! Up-down fine-tuning: the delta rules, the phases, the steps' size, training and its resumption.

use std::ops::ControlFlow;

use energy::wake_sleep::{Phases, StepRule, UpDown, UpDownTrainer, fine_tune};
use energy::{Directed, InputError, LabelDbn, VisibleState, join, one_hot};
use tensor::{Matrix, Seed};
use train::{Event, Fit, Outcome, Parameters, Silent, Snapshot, Trainee, check_gradient};

use crate::listed::{all, joint, lively_labels, lively_network};
use crate::support::{assert_close, binary, flat, lively, plan};

const MEAN: UpDown = UpDown { rate: 0.05, step: StepRule::Mean, sweeps: 3, dream: VisibleState::Mean };

/// Twelve images of five pixels, each with one of three labels.
fn data() -> (Matrix, Matrix) {
    (binary(5, 12, 1), one_hot(&[0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], 3).unwrap())
}

#[test]
fn a_directed_layer_gives_each_state_the_product_of_its_units() {
    let (layer, given) = (Directed::up(&lively(4, 3, 1)), binary(4, 1, 2));
    let states = all(&layer.units);
    let log_p = layer.log_probability(&given.gather(&[0; 8]), &states);
    let mean = layer.mean(&given);
    for (state, log_p) in states.columns().zip(log_p) {
        let on = |(&x, &p): (&f32, &f32)| f64::from(if x == 1.0 { p } else { 1.0 - p });
        let product: f64 = state.iter().zip(mean.as_slice()).map(on).product();
        assert_close(&[log_p.exp()], &[product], 1e-6);
    }
}

#[test]
fn a_machine_used_in_one_direction_has_its_conditionals() {
    let (rbm, v, h) = (lively(4, 3, 3), binary(4, 5, 3), binary(3, 5, 4));
    assert_eq!(Directed::up(&rbm).mean(&v), rbm.hidden_mean(&v));
    let (down, mean) = (Directed::down(&rbm).mean(&h), rbm.visible_mean(&h));
    // Transposed weights may be summed in another order.
    let doubles = |x: &Matrix| x.as_slice().iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
    assert_close(&doubles(&down), &doubles(&mean), 1e-6);
}

/// Errors as those of the exact gradient in `exact.rs`, for a sum over twelve images.
#[test]
fn a_step_climbs_what_its_phases_say() {
    for dream in [VisibleState::Mean, VisibleState::Sampled] {
        let (dbn, (images, labels)) = (lively_network(), data());
        let phases =
            Phases::draw(&dbn, (&images, &labels), &UpDown { dream, ..MEAN }, &mut Seed::new(5).stream());
        let mut moved = dbn.clone();
        phases.learn(&mut moved, 1.0);
        moved.axpy(-1.0, &dbn);
        // Wake, the top, sleep: each parameter occurs in one of them.
        let climbed = |dbn: &LabelDbn| {
            let sum = |x: Vec<f64>| x.into_iter().sum::<f64>();
            let wake = -phases.wake_loss(dbn) * 12.0;
            let top =
                sum(dbn.top().free_energy(&phases.negative)) - sum(dbn.top().free_energy(&phases.positive));
            let layers = dbn.recognition().iter().zip(phases.sleep.windows(2));
            wake + top + layers.map(|(layer, x)| sum(layer.log_probability(&x[0], &x[1]))).sum::<f64>()
        };
        let check = check_gradient(&dbn, &moved, 1e-2, 1, climbed);
        assert!(check.worst < 1e-3, "{check:?}");
        for param in moved.params() {
            assert!(param.values.iter().any(|x| x.abs() > 0.1), "{} hardly moved", param.name);
        }
    }
}

#[test]
fn phases_are_drawn_upwards_along_the_chain_and_downwards() {
    let (dbn, (images, labels)) = (lively_network(), data());
    let phases = Phases::draw(&dbn, (&images, &labels), &MEAN, &mut Seed::new(6).stream());
    let mut noise = Seed::new(6).stream();
    let first = dbn.recognition()[0].sample(&images, &mut noise);
    let second = dbn.recognition()[1].sample(&first, &mut noise);
    assert_eq!(phases.positive, join(&second, &labels));
    assert_eq!(phases.wake, [images, first, second]);
    assert_eq!(phases.negative, dbn.top().gibbs(phases.positive.clone(), 3, &mut noise));
    let (dreamt, _) = dbn.top().visible.split(&phases.negative);
    let middle = dbn.generation()[1].sample(&dreamt, &mut noise);
    assert_eq!(phases.sleep, [dbn.generation()[0].mean(&middle), middle, dreamt]);
}

#[test]
fn a_dreamt_image_may_be_drawn() {
    let (dbn, (images, labels)) = (lively_network(), data());
    let options = UpDown { dream: VisibleState::Sampled, ..MEAN };
    let phases = Phases::draw(&dbn, (&images, &labels), &options, &mut Seed::new(6).stream());
    assert!(phases.sleep.iter().flat_map(|x| x.as_slice()).all(|&x| x == 0.0 || x == 1.0));
}

/// Mini-batches of four out of twelve, all of one size.
fn trained(options: &UpDown, epochs: usize) -> LabelDbn {
    let (mut dbn, (images, labels)) = (lively_network(), data());
    let outcome = fine_tune(&mut dbn, (&images, &labels), options, &plan(epochs, 4), &mut Silent);
    assert_eq!(outcome, Ok(Outcome::Finished));
    dbn
}

#[test]
fn the_sum_at_a_share_of_the_rate_is_the_mean() {
    let sum = UpDown { step: StepRule::Sum, rate: 0.05 / 4.0, ..MEAN };
    assert_eq!(MEAN.restated(StepRule::Sum, 4), sum);
    assert_eq!(sum.restated(StepRule::Mean, 4), MEAN);
    assert_eq!(sum.restated(StepRule::Sum, 4), sum);
    assert_eq!(trained(&sum, 5), trained(&MEAN, 5));
    assert_ne!(trained(&UpDown { step: StepRule::Sum, ..MEAN }, 5), trained(&MEAN, 5));
}

/// Exact `log p(v, l)` of all twelve, from a network that has never seen them.
#[test]
fn fine_tuning_raises_the_likelihood_of_images_with_their_labels() {
    let (images, labels) = data();
    let likelihood = |dbn: &LabelDbn| {
        let log_p = |j: usize| {
            let number = images.column(j).iter().enumerate().map(|(i, &x)| (x as usize) << i).sum::<usize>();
            joint(dbn, &labels.gather(&[j]))[number].ln()
        };
        (0..12).map(log_p).sum::<f64>() / 12.0
    };
    let (before, after) = (likelihood(&lively_network()), likelihood(&trained(&MEAN, 1000)));
    // Twelve different pairs cannot have more than log 1/12 = −2.48.
    assert!(after > before + 1.0 && after < -2.48, "{before} → {after}");
}

#[test]
fn a_killed_and_resumed_run_ends_with_the_same_bits() {
    let (images, labels) = data();
    let data = (&images, &labels);
    let mut bytes = Vec::new();
    let mut kill = |event: &Event<'_>| match event {
        Event::Epoch { epoch: 2, snapshot, .. } => {
            bytes = snapshot().encode("");
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    };
    // Mini-batches of five, the last one short.
    let outcome = fine_tune(&mut lively_network(), data, &MEAN, &plan(4, 5), &mut kill);
    assert_eq!(outcome, Ok(Outcome::Stopped { epoch: 2 }));
    let (mut straight, mut resumed) = (lively_network(), lively_network().zeros_like());
    let from = Fit { resume: Some(Snapshot::decode(&bytes).unwrap().0), ..plan(4, 5) };
    assert_eq!(fine_tune(&mut straight, data, &MEAN, &plan(4, 5), &mut Silent), Ok(Outcome::Finished));
    assert_eq!(fine_tune(&mut resumed, data, &MEAN, &from, &mut Silent), Ok(Outcome::Finished));
    assert!(resumed == straight && straight != lively_network());
    let mut wider = LabelDbn::tied(&[lively(5, 4, 1)], lively_labels(4, 3, 4, 1));
    let outcome = fine_tune(&mut wider, data, &MEAN, &from, &mut Silent);
    assert!(matches!(outcome, Ok(Outcome::Mismatch(_))), "{outcome:?}");
}

#[test]
fn the_loss_is_that_of_the_step_s_own_phases() {
    let (mut dbn, (images, labels)) = (lively_network(), data());
    let batch = [7, 2, 5];
    let loss = UpDownTrainer::new(&mut dbn, (&images, &labels), &MEAN)
        .unwrap()
        .step(&batch, &mut Seed::new(8).stream());
    let before = lively_network();
    let batch = (&images.gather(&batch), &labels.gather(&batch));
    let phases = Phases::draw(&before, batch, &MEAN, &mut Seed::new(8).stream());
    assert_eq!(loss, phases.wake_loss(&before));
    let mut expected = before.clone();
    phases.learn(&mut expected, 0.05 / 3.0);
    assert_eq!(flat(&dbn), flat(&expected));
}

#[test]
fn divergence_is_named() {
    let (mut dbn, (images, labels)) = (lively_network(), data());
    let wild = UpDown { rate: f32::MAX, ..MEAN };
    let outcome = fine_tune(&mut dbn, (&images, &labels), &wild, &plan(50, 4), &mut Silent);
    assert!(matches!(&outcome, Ok(Outcome::Diverged { .. })), "{outcome:?}");
}

#[test]
fn pixels_that_are_no_probabilities_are_refused_with_their_place() {
    let (mut images, labels) = data();
    images.column_mut(3)[2] = 255.0;
    let error = UpDownTrainer::new(&mut lively_network(), (&images, &labels), &MEAN).err().unwrap();
    assert_eq!(error, InputError { unit: 2, sample: 3, value: 255.0, expected: 0.0..=1.0 });
}

#[test]
#[should_panic(expected = "5 × 12 images and 3 × 11 labels for 5 pixels and 3 labels")]
fn images_without_a_label_each_are_refused_with_both_shapes() {
    let (images, labels) = data();
    let labels = labels.gather(&[0; 11]);
    let _ = UpDownTrainer::new(&mut lively_network(), (&images, &labels), &MEAN);
}

#[test]
fn options_are_written_and_read_as_json() {
    let json = r#"{"rate":0.05,"step":"mean","sweeps":3,"dream":"mean"}"#;
    assert_eq!(serde_json::to_string(&MEAN).unwrap(), json);
    assert_eq!(serde_json::from_str::<UpDown>(json).unwrap(), MEAN);
}
