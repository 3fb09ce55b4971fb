//! Machines and networks with labels: recognition and generation against sums over all states.

use std::ops::ControlFlow;

use energy::learning::train;
use energy::{Dbn, LabelDbn, LabelError, Learning, VisibleState, coin_flips, join, one_hot};
use tensor::{Matrix, Seed, plain::log_sum_exp};
use train::{Event, Outcome, Parameters};

use crate::listed::{all, draw_listed, joint, lively_labels, lively_network};
use crate::support::{assert_close, assert_drawn_from, binary, counts, lively, plan, up};

fn doubles(x: &[f32]) -> Vec<f64> {
    x.iter().map(|&x| f64::from(x)).collect()
}

/// States of the units and their means may be clamped alike; f32 inputs err by 1e-6 a unit.
#[test]
fn label_probabilities_are_sums_over_hidden_states() {
    let top = lively_labels(4, 3, 5, 1);
    let h = all(&top.hidden);
    let grey = Matrix::from_fn(4, 5, |i, j| (0.3 * (i + 2 * j) as f32).fract());
    for units in [all(&top.visible.units), grey] {
        let log_p = top.label_log_probabilities(&units);
        for j in 0..units.cols() {
            let score = |label: u8| {
                let v = join(&units.gather(&[j]), &one_hot(&[label], 3).unwrap());
                let energies = top.energy(&v.gather(&vec![0; h.cols()]), &h);
                log_sum_exp(&energies.into_iter().map(|e| -e).collect::<Vec<_>>())
            };
            let scores: Vec<f64> = (0..3).map(score).collect();
            let expected: Vec<f64> = scores.iter().map(|score| score - log_sum_exp(&scores)).collect();
            assert_close(&doubles(log_p.column(j)), &expected, 1e-5);
        }
    }
}

/// 300 chains of 600 sweeps on the same image: the bound is 6.5 standard errors over the chains. The first 300 sweeps
/// forget the start.
#[test]
fn labels_by_gibbs_sampling_tend_to_the_exact_ones() {
    let (dbn, mut noise) = (lively_network(), Seed::new(2).stream());
    let (image, chains) = (binary(5, 1, 3), 300);
    let images = image.gather(&vec![0; chains]);
    let exact: Vec<f64> =
        doubles(dbn.label_log_probabilities(&image).as_slice()).into_iter().map(f64::exp).collect();
    let found = dbn.recognise_by_gibbs(&images, VisibleState::Mean, 600, &mut noise);
    for (label, expected) in exact.iter().enumerate() {
        let values: Vec<f64> = found.columns().map(|p| f64::from(p[label])).collect();
        let mean = values.iter().sum::<f64>() / chains as f64;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / chains as f64;
        let bound = 6.5 * (variance / chains as f64).sqrt();
        assert!(bound < 0.02 && (mean - expected).abs() < bound, "{label}: {mean}, {expected} ± {bound}");
    }
    assert!(exact.iter().all(|&p| p < 0.9), "a label that is certain tests little: {exact:?}");
}

/// What a sweep notes is a distribution over labels, and the first sweep begins with equal labels.
#[test]
fn one_sweep_notes_the_labels_given_hidden_states_drawn_from_equal_labels() {
    let (top, units) = (lively_labels(4, 3, 5, 4), binary(4, 6, 4));
    let found = top.label_probabilities_by_gibbs(&units, 1, &mut Seed::new(5).stream());
    let equal = Matrix::from_fn(3, 6, |_, _| 1.0 / 3.0);
    let h = top.sample_hidden(&join(&units, &equal), &mut Seed::new(5).stream());
    let (_, expected) = top.visible.split(&top.visible_mean(&h));
    assert_close(&doubles(found.as_slice()), &doubles(expected.as_slice()), 1e-6);
}

#[test]
fn chains_with_a_clamped_label_stay_at_what_they_are_drawn_from() {
    let (top, mut noise) = (lively_labels(4, 3, 5, 6), Seed::new(6).stream());
    let u = all(&top.visible.units);
    for label in 0..3 {
        let labels = one_hot(&vec![label; 10_000], 3).unwrap();
        let free = top.free_energy(&join(&u, &labels.gather(&[0; 16])));
        let log: Vec<f64> = free.into_iter().map(|free| -free).collect();
        let p: Vec<f64> = log.iter().map(|log_p| (log_p - log_sum_exp(&log)).exp()).collect();
        let exact = draw_listed(&p, &u, 10_000, &mut noise);
        let anywhere = coin_flips(4, 10_000, &mut noise);
        for (start, sweeps) in [(exact, 1), (anywhere, 40)] {
            let samples = top.units_by_gibbs(start, &labels, sweeps, &mut noise);
            assert_drawn_from(&counts(&samples.states), &p);
        }
    }
}

/// `p(v | l)` by listing every layer, from `joint`.
#[test]
fn generated_images_have_the_distribution_of_their_label() {
    let (dbn, mut noise) = (lively_network(), Seed::new(7).stream());
    for label in 0..3 {
        let labels = one_hot(&vec![label; 10_000], 3).unwrap();
        let p = joint(&dbn, &labels.gather(&[0]));
        let total: f64 = p.iter().sum();
        let p: Vec<f64> = p.into_iter().map(|p| p / total).collect();
        let start = coin_flips(3, 10_000, &mut noise);
        let samples = dbn.generate(&labels, start, 40, &mut noise);
        assert_drawn_from(&counts(&samples.states), &p);
        // The means of many pictures are the probabilities of pixels, within 6.5 of the largest standard error.
        for (i, &sum) in samples.means.sum_columns().iter().enumerate() {
            let on: f64 = p.iter().enumerate().filter(|(v, _)| v >> i & 1 == 1).map(|(_, p)| p).sum();
            let found = f64::from(sum) / 10_000.0;
            assert!((found - on).abs() < 6.5 * 0.5 / 10_000.0f64.sqrt(), "pixel {i}: {found} against {on}");
        }
    }
}

#[test]
fn labels_and_images_have_a_joint_distribution() {
    let dbn = lively_network();
    let labels = (0..3).map(|label| one_hot(&[label], 3).unwrap());
    let total: f64 = labels.flat_map(|label| joint(&dbn, &label)).sum();
    assert_close(&[total], &[1.0], 1e-5);
}

/// Without machines below, the network is its top machine.
#[test]
fn a_network_of_the_top_machine_alone_is_that_machine() {
    let top = lively_labels(4, 3, 5, 8);
    let (dbn, images) = (LabelDbn::tied(&[], top.clone()), binary(4, 7, 8));
    let labels = one_hot(&[0, 1, 2, 0, 1, 2, 0], 3).unwrap();
    assert_eq!(dbn.label_log_probabilities(&images), top.label_log_probabilities(&images));
    let (a, b) = (&mut Seed::new(9).stream(), &mut Seed::new(9).stream());
    let samples = dbn.generate(&labels, images.clone(), 3, a);
    assert_eq!(samples, top.units_by_gibbs(images, &labels, 3, b));
    assert_eq!((dbn.pixels(), dbn.top().classes()), (4, 3));
}

#[test]
fn a_tied_network_goes_up_as_its_stack_does() {
    let (below, images) = ([lively(5, 4, 31), lively(4, 3, 32)], binary(5, 9, 10));
    let (dbn, stack) = (lively_network(), Dbn::new(below.to_vec()));
    let mut noise = Seed::new(1).stream();
    let penultimate = dbn.penultimate(&images, VisibleState::Mean, &mut noise);
    assert!(penultimate == up(&stack, &images) && noise == Seed::new(1).stream());
    assert_eq!(dbn.label_log_probabilities(&images), dbn.top().label_log_probabilities(&penultimate));
    let drawn = dbn.penultimate(&images, VisibleState::Sampled, &mut noise);
    let Ok(same) = energy::stack::sample_up(&stack, images, 2, &mut Seed::new(1).stream());
    assert_eq!(drawn, same);
}

/// Recognition reads its own weights and the top, generation its own and the top.
#[test]
fn recognition_and_generation_have_weights_of_their_own() {
    let (dbn, images) = (lively_network(), binary(5, 6, 11));
    let labels = one_hot(&[0, 1, 2, 0, 1, 2], 3).unwrap();
    let without = |prefix: &str| {
        let mut dbn = lively_network();
        let params = dbn.params_mut().into_iter().filter(|p| p.name.starts_with(prefix));
        params.for_each(|p| p.values.fill(0.0));
        dbn
    };
    let recognised = |dbn: &LabelDbn| dbn.label_log_probabilities(&images);
    let generated =
        |dbn: &LabelDbn| dbn.generate(&labels, Matrix::zeros(3, 6), 2, &mut Seed::new(2).stream());
    let (blind, mute) = (without("recognition"), without("generation"));
    assert!(recognised(&mute) == recognised(&dbn) && recognised(&blind) != recognised(&dbn));
    assert!(generated(&blind) == generated(&dbn) && generated(&mute) != generated(&dbn));
}

#[test]
fn names_on_disk_say_direction_and_layer() {
    let mut dbn = lively_network();
    let names: Vec<_> = dbn.params().into_iter().map(|p| (p.name, p.shape)).collect();
    let expected = [
        ("recognition.0.W", vec![4, 5]),
        ("recognition.0.bias", vec![4]),
        ("recognition.1.W", vec![3, 4]),
        ("recognition.1.bias", vec![3]),
        ("generation.0.W", vec![5, 4]),
        ("generation.0.bias", vec![5]),
        ("generation.1.W", vec![4, 3]),
        ("generation.1.bias", vec![4]),
        ("top.W", vec![4, 6]),
        ("top.v_units_bias", vec![3]),
        ("top.v_labels_bias", vec![3]),
        ("top.h_bias", vec![4]),
    ];
    assert_eq!(names, expected.map(|(name, shape)| (name.to_owned(), shape)));
    let same: Vec<_> = dbn.params_mut().into_iter().map(|p| (p.name, p.shape)).collect();
    assert_eq!(same, names);
}

/// Four images of four classes: contrastive divergence on images joined by labels learns to tell them.
#[test]
fn the_general_trainer_learns_labels_beside_images() {
    let images = Matrix::from_fn(6, 4, |i, j| f32::from((i + j) % 4 < 2));
    let data = join(&images, &one_hot(&[0, 1, 2, 3], 4).unwrap());
    let mut top = lively_labels(6, 4, 8, 12);
    top.scale(0.1);
    let right = |top: &energy::LabelRbm| {
        let log_p = top.label_log_probabilities(&images);
        (0..4).map(|j| f64::from(log_p.column(j)[j])).sum::<f64>() / 4.0
    };
    let before = right(&top);
    let mut listen = |_: &Event<'_>| ControlFlow::Continue(());
    let outcome = train(&mut top, &data, &Learning::cd(1, 0.1), &plan(1500, 4), &mut listen);
    // From about log ¼ = −1.39 to almost certain.
    assert!(outcome == Ok(Outcome::Finished) && before < -1.0 && right(&top) > -0.2, "{}", right(&top));
}

#[test]
fn labels_are_one_hot_columns_and_others_are_refused() {
    assert_eq!(one_hot(&[2, 0], 3).unwrap().as_slice(), [0.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
    let error = one_hot(&[2, 0, 10], 10).unwrap_err();
    assert_eq!(error, LabelError { sample: 2, label: 10, classes: 10 });
    assert_eq!(error.to_string(), "sample 2: expected a label below 10, found 10");
}

#[test]
#[should_panic(expected = "4 hidden units of machine 0 under 3 visible ones")]
fn a_top_that_does_not_fit_is_refused_with_both_sizes() {
    let _ = LabelDbn::tied(&[lively(5, 4, 1)], lively_labels(3, 3, 4, 1));
}

#[test]
#[should_panic(expected = "4 × 2 units and 3 × 1 labels for 4 units and 3 labels")]
fn labels_of_another_number_are_refused_with_both_shapes() {
    let labels = one_hot(&[1], 3).unwrap();
    let _ =
        lively_labels(4, 3, 5, 1).units_by_gibbs(Matrix::zeros(4, 2), &labels, 1, &mut Seed::new(1).stream());
}
