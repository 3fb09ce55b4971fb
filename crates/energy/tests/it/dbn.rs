//! Stacks: shapes, names, recognition, generation, and one layer at a time.

use energy::binary::BinaryChains;
use energy::{Dbn, Input, Rbm, VisibleState, coin_flips, exact, stack};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed};
use train::Parameters;

use crate::support::{assert_close, binary, generate, lively, up};

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
    assert_eq!(layers.iter().fold(v.clone(), |x, rbm| rbm.hidden_mean(&x)), up(&dbn, &v));
    let mut noise = Seed::new(1).stream();
    let streamed = layers.iter().fold(v.clone(), |x, rbm| rbm.sample_hidden(&x, &mut noise));
    let Ok(whole) = stack::sample_up(&dbn, v, 3, &mut Seed::new(1).stream());
    assert_eq!(streamed, whole);
    let start = coin_flips(5, 30, &mut Seed::new(2).stream());
    let whole = generate(&dbn, &start, 4, &mut Seed::new(3).stream());
    for bottom in [VisibleState::Sampled, VisibleState::Mean] {
        let mut noise = Seed::new(3).stream();
        let mut chains = BinaryChains::new(&layers[2], &Spikes::from_matrix(&start), 1);
        chains.run(4, &mut noise);
        let mut x = layers[1].sample_visible(&chains.states().to_matrix(), &mut noise);
        x = layers[0].visible(&x, bottom, &mut noise);
        assert_eq!(
            x,
            if bottom == VisibleState::Sampled { whole.states.clone() } else { whole.means.clone() }
        );
        assert_eq!(x.as_slice().iter().all(|&p| p == 0.0 || p == 1.0), bottom == VisibleState::Sampled);
    }
}

#[test]
fn down_is_generation_without_the_chain() {
    let (dbn, h) = (stack(), binary(4, 12, 3));
    let (mut a, mut b) = (Seed::new(4).stream(), Seed::new(4).stream());
    let start = dbn.rbms()[2].sample_visible(&h, &mut a);
    let Ok(whole) = stack::down(&dbn, &h, 3, &mut b);
    let Ok(rest) = stack::down(&dbn, &start, 2, &mut a);
    assert_eq!(rest, whole);
    let mut chains = BinaryChains::new(&dbn.rbms()[2], &Spikes::from_matrix(&start), 1);
    chains.run(3, &mut a);
    let Ok(rest) = stack::down(&dbn, &chains.states().to_matrix(), 2, &mut a);
    assert_eq!(generate(&dbn, &start, 3, &mut b), rest);
}

#[test]
fn a_stack_of_one_is_its_machine() {
    let rbm = lively(6, 5, 4);
    let dbn = Dbn::new(vec![rbm.clone()]);
    let start = coin_flips(6, 9, &mut Seed::new(5).stream());
    let samples = generate(&dbn, &start, 7, &mut Seed::new(6).stream());
    let mut chains = BinaryChains::new(&rbm, &Spikes::from_matrix(&start), 1);
    chains.run(7, &mut Seed::new(6).stream());
    assert_eq!(samples.states, chains.states().to_matrix());
    // The same chain, seen as the probabilities that its last states were drawn from.
    assert_eq!(samples.means, chains.means());
    assert!(samples.means.as_slice().iter().all(|&p| 0.0 < p && p < 1.0), "probabilities, not states");
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
    let (data, widths) = (binary(7, 10, 6), [6, 5, 4]);
    let (mut seen, mut rbms) = (Vec::new(), Vec::new());
    stack::greedy(Input::Binary(Spikes::from_matrix(&data)), 0..3, |layer, input| {
        let mut rbm = Rbm::new(input.rows(), widths[layer], Seed::new(7).child("layer", layer as u64));
        rbm.weights.as_mut_slice().iter_mut().for_each(|w| *w *= 50.0);
        assert_eq!(matches!(input, Input::Binary(_)), layer == 0);
        seen.push((layer, input.to_matrix().into_owned()));
        rbms.push(rbm.clone());
        Ok::<_, ()>(rbm)
    })
    .unwrap();
    let dbn = Dbn::new(rbms);
    let mut expected = data.clone();
    for (layer, (number, input)) in seen.iter().enumerate() {
        assert!(*number == layer && *input == expected);
        expected = dbn.rbms()[layer].hidden_mean(input);
    }
    assert_eq!(expected, up(&dbn, &data));
    let sizes: Vec<_> = dbn.recognition().map(|(w, b)| (w.rows(), w.cols(), b.len())).collect();
    assert_eq!(sizes, [(7, 6, 6), (6, 5, 5), (5, 4, 4)]);
    assert_ne!(dbn.rbms()[1].weights.as_slice()[..5], dbn.rbms()[2].weights.as_slice()[..5]);
}

/// Layers that are there already are not trained again: the first number says how many.
#[test]
fn greedy_training_goes_on_above_layers_that_are_there() {
    let (dbn, data) = (stack(), binary(7, 10, 9));
    let mut trained = Vec::new();
    let [first, second, third] = dbn.rbms() else { panic!("a stack of three") };
    let below = first.hidden_mean(&data);
    stack::greedy(Input::Probabilities(below.clone()), 1..3, |layer, input| {
        trained.push((layer, input.to_matrix().into_owned()));
        Ok::<_, ()>(if layer == 1 { second.clone() } else { third.clone() })
    })
    .unwrap();
    assert_eq!(trained, [(1, below.clone()), (2, second.hidden_mean(&below))]);
}

#[test]
fn greedy_training_stops_at_the_first_error() {
    let stop = stack::greedy(Input::Probabilities(binary(7, 10, 8)), 0..3, |layer, input| {
        if layer == 1 { Err("layer 1 diverged") } else { Ok(lively(input.rows(), 6, 8)) }
    });
    assert_eq!(stop.unwrap_err(), "layer 1 diverged");
}

#[test]
#[should_panic(expected = "layer 0 has 6 visible units, its input 7 rows")]
fn a_machine_that_does_not_fit_its_input_is_refused_with_both_numbers() {
    let _ = stack::greedy(Input::Probabilities(binary(7, 10, 8)), 0..1, |_, _| Ok::<_, ()>(lively(6, 5, 8)));
}

#[test]
#[should_panic(expected = "a network needs at least one machine")]
fn a_network_of_no_machine_is_refused() {
    let _ = Dbn::new(Vec::new());
}

#[test]
#[should_panic(expected = "6 hidden units of machine 0 under 5 visible ones")]
fn layers_that_do_not_fit_are_refused_with_both_sizes() {
    let _ = Dbn::new(vec![lively(7, 6, 1), lively(5, 4, 3)]);
}
