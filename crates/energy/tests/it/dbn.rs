//! Stacks: shapes, names, recognition, generation, and one layer at a time.

use energy::{Dbn, Rbm, VisibleState, coin_flips, exact};
use tensor::{Matrix, Seed};
use train::Parameters;

use crate::support::{assert_close, binary, lively};

fn stack() -> Dbn {
    Dbn::new(vec![lively(7, 6, 1), lively(6, 5, 2), lively(5, 4, 3)])
}

#[test]
fn names_on_disk_are_those_of_the_machines() {
    let names: Vec<_> = stack().params().into_iter().map(|p| (p.name, p.shape)).collect();
    let expect = |layer: usize, v: usize, h: usize| {
        let name = |n: &str| format!("rbms.{layer}.{n}");
        [(name("W"), vec![h, v]), (name("v_bias"), vec![v]), (name("h_bias"), vec![h])]
    };
    let expected: Vec<_> =
        [expect(0, 7, 6), expect(1, 6, 5), expect(2, 5, 4)].into_iter().flatten().collect();
    assert_eq!(names, expected);
    let mut dbn = stack();
    let same: Vec<_> = dbn.params_mut().into_iter().map(|p| (p.name, p.shape)).collect();
    assert_eq!(same, names);
}

#[test]
fn one_layer_at_a_time_gives_the_bits_of_the_whole() {
    let (dbn, v) = (stack(), binary(7, 20, 1));
    let layers = dbn.rbms();
    assert_eq!(layers.iter().fold(v.clone(), |x, rbm| rbm.hidden_mean(&x)), dbn.up(&v));
    let mut noise = Seed::new(1).stream();
    let streamed = layers.iter().fold(v.clone(), |x, rbm| rbm.sample_hidden(&x, &mut noise));
    assert_eq!(streamed, dbn.sample_up(&v, &mut Seed::new(1).stream()));
    for bottom in [VisibleState::Sampled, VisibleState::Mean] {
        let start = coin_flips(5, 30, &mut Seed::new(2).stream());
        let mut noise = Seed::new(3).stream();
        let mut x = layers[2].gibbs(start.clone(), 4, &mut noise);
        x = layers[1].sample_visible(&x, &mut noise);
        x = layers[0].visible(&x, bottom, &mut noise);
        assert_eq!(x, dbn.generate(start, 4, bottom, &mut Seed::new(3).stream()));
        assert_eq!(x.as_slice().iter().all(|&p| p == 0.0 || p == 1.0), bottom == VisibleState::Sampled);
    }
}

#[test]
fn down_is_generation_without_the_chain() {
    let (dbn, h) = (stack(), binary(4, 12, 3));
    let (mut a, mut b) = (Seed::new(4).stream(), Seed::new(4).stream());
    let start = dbn.rbms()[2].sample_visible(&h, &mut a);
    let down = dbn.down(&h, VisibleState::Mean, &mut b);
    assert_eq!(dbn.generate(start, 0, VisibleState::Mean, &mut a), down);
}

#[test]
fn a_stack_of_one_is_its_machine() {
    let rbm = lively(6, 5, 4);
    let dbn = Dbn::new(vec![rbm.clone()]);
    let start = coin_flips(6, 9, &mut Seed::new(5).stream());
    let generate = |bottom| dbn.generate(start.clone(), 7, bottom, &mut Seed::new(6).stream());
    assert_eq!(generate(VisibleState::Sampled), rbm.gibbs(start.clone(), 7, &mut Seed::new(6).stream()));
    // The same chain, seen as the probabilities that its last states were drawn from.
    let mut drawn = generate(VisibleState::Mean);
    assert!(drawn.as_slice().iter().all(|&p| 0.0 < p && p < 1.0), "probabilities, not states");
    let mut noise = Seed::new(6).stream();
    (0..13).for_each(|_| {
        let _ = noise.next_seed();
    });
    noise.bernoulli(&mut drawn);
    assert_eq!(drawn, generate(VisibleState::Sampled));
}

/// `Σₕ p₁(h) p(v | h)` with `W₁ = W₀ᵀ` is `p₀(v)` [Hinton2006, section 4]; f32 conditionals err by 1e-6.
#[test]
fn a_stack_with_tied_weights_has_the_distribution_of_its_first_machine() {
    let rbm = lively(5, 4, 5);
    let above =
        Rbm { visible: rbm.hidden.clone(), hidden: rbm.visible.clone(), weights: rbm.weights.transposed() };
    let top = exact::visible_probabilities(&above);
    let h = Matrix::from_fn(4, 16, |i, j| f32::from(j >> i & 1 == 1));
    let mean = rbm.visible_mean(&h);
    let p_given = |v: usize, h: usize| -> f64 {
        let on = mean.column(h).iter().map(|&p| f64::from(p)).enumerate();
        on.map(|(i, p)| if v >> i & 1 == 1 { p } else { 1.0 - p }).product()
    };
    let p: Vec<f64> = (0..32).map(|v| (0..16).map(|h| top[h] * p_given(v, h)).sum()).collect();
    assert_close(&p, &exact::visible_probabilities(&rbm), 2e-6);
}

#[test]
fn greedy_training_hands_each_layer_the_means_of_the_one_below() {
    let data = binary(7, 10, 6);
    let mut seen = Vec::new();
    let dbn = Dbn::greedy(&data, &[6, 5, 4], Seed::new(7), |layer, rbm, input| {
        rbm.weights.as_mut_slice().iter_mut().for_each(|w| *w *= 50.0);
        seen.push((layer, input.clone()));
        Ok::<(), ()>(())
    })
    .unwrap();
    let mut expected = data.clone();
    for (layer, (number, input)) in seen.iter().enumerate() {
        assert!(*number == layer && *input == expected);
        expected = dbn.rbms()[layer].hidden_mean(input);
    }
    assert_eq!(expected, dbn.up(&data));
    let sizes: Vec<_> = dbn.recognition().map(|(w, b)| (w.rows(), w.cols(), b.len())).collect();
    assert_eq!(sizes, [(7, 6, 6), (6, 5, 5), (5, 4, 4)]);
    assert_ne!(dbn.rbms()[1].weights.as_slice()[..5], dbn.rbms()[2].weights.as_slice()[..5]);
}

#[test]
fn greedy_training_stops_at_the_first_error() {
    let stop = Dbn::greedy(&binary(7, 10, 8), &[6, 5, 4], Seed::new(8), |layer, _, _| {
        if layer == 1 { Err("layer 1 diverged") } else { Ok(()) }
    });
    assert_eq!(stop.unwrap_err(), "layer 1 diverged");
}

#[test]
#[should_panic(expected = "a network needs at least one machine")]
fn greedy_training_of_no_layer_is_refused() {
    let _ = Dbn::greedy(&binary(7, 10, 8), &[], Seed::new(8), |_, _, _| Ok::<(), ()>(()));
}

#[test]
#[should_panic(expected = "6 hidden units of machine 0 under 5 visible ones")]
fn layers_that_do_not_fit_are_refused_with_both_sizes() {
    let _ = Dbn::new(vec![lively(7, 6, 1), lively(5, 4, 3)]);
}
