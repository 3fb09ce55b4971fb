//! Samplers against the distributions that they claim to draw from. Seeds are fixed; the bounds would be broken by
//! chance less than once in 10⁹.

use energy::exact;
use energy::partition::transition::transition;
use energy::{Dbn, Rbm, Units};
use tensor::{Matrix, Seed};

use crate::support::{assert_drawn_from, counts, draw, generate, lively};

#[test]
fn chains_drawn_from_the_model_stay_at_it() {
    let rbm = lively(6, 5, 11);
    let p = exact::visible_probabilities(&rbm);
    let mut noise = Seed::new(1).stream();
    let start = draw(&p, 6, 40_000, &mut noise);
    assert_drawn_from(&counts(&start), &p);
    for sweeps in [1, 10] {
        assert_drawn_from(&counts(&rbm.gibbs(start.clone(), sweeps, &mut noise)), &p);
    }
}

#[test]
fn one_sweep_follows_the_transition_matrix_from_every_start() {
    let rbm = lively(5, 4, 12);
    let t = transition(&rbm);
    let mut noise = Seed::new(2).stream();
    for from in 0..t.states() {
        let start = rbm.visible.states(from as u64, 1).gather(&[0; 8000]);
        assert_drawn_from(&counts(&rbm.gibbs(start, 1, &mut noise)), t.row(from));
    }
}

#[test]
fn neighbouring_chains_are_independent() {
    // Pairs of columns as one state of twice the units: independent chains give the product distribution.
    let rbm = lively(3, 3, 13);
    let t = transition(&rbm);
    let out = rbm.gibbs(Matrix::zeros(3, 60_000), 1, &mut Seed::new(3).stream());
    let product: Vec<f64> = (0..64).map(|s| t.row(0)[s & 7] * t.row(0)[s >> 3]).collect();
    for apart in [1, 8] {
        let pair = |i: usize, j: usize| {
            let first = (j / apart) * 2 * apart + j % apart;
            out.column(if i < 3 { first } else { first + apart })[i % 3]
        };
        assert_drawn_from(&counts(&Matrix::from_fn(6, 28_000, pair)), &product);
    }
}

/// With `W₁ = W₀ᵀ` the second machine models exactly the first one's hidden layer: the stack is the first machine
/// [Hinton2006, section 4].
#[test]
fn samples_of_a_stack_with_tied_weights_are_those_of_its_first_machine() {
    let rbm = lively(6, 4, 14);
    let above =
        Rbm { visible: rbm.hidden.clone(), hidden: rbm.visible.clone(), weights: rbm.weights.transposed() };
    let start_p = exact::visible_probabilities(&above);
    let p = exact::visible_probabilities(&rbm);
    let dbn = Dbn::new(vec![rbm, above]);
    let mut noise = Seed::new(4).stream();
    let start = draw(&start_p, 4, 40_000, &mut noise);
    assert_drawn_from(&counts(&generate(&dbn, &start, 3, &mut noise).states), &p);
}

#[test]
fn a_reconstruction_is_the_last_half_of_a_sweep() {
    let rbm = lively(5, 4, 15);
    let t = transition(&rbm);
    let v = Matrix::zeros(5, 30_000);
    assert_drawn_from(&counts(&rbm.reconstruct_sample(&v, &mut Seed::new(5).stream())), t.row(0));
    let (a, b) = (&mut Seed::new(6).stream(), &mut Seed::new(6).stream());
    assert_eq!(rbm.reconstruct_sample(&v, a), rbm.gibbs(v.clone(), 1, b));
}

/// With some units held, a long chain draws the others given them.
#[test]
fn clamped_chains_draw_the_free_units_given_the_held_ones() {
    let rbm = lively(6, 5, 21);
    let p = exact::visible_probabilities(&rbm);
    // Units 1 and 4 are held at 1 and 0.
    let free = [true, false, true, true, false, true];
    let given: Vec<f64> =
        (0..64).map(|s| if s >> 1 & 1 == 1 && s >> 4 & 1 == 0 { p[s] } else { 0.0 }).collect();
    let total: f64 = given.iter().sum();
    let given: Vec<f64> = given.iter().map(|p| p / total).collect();
    let start = Matrix::from_fn(6, 40_000, |i, _| f32::from(i == 1));
    let end = rbm.gibbs_clamped(&start, &free, 60, &mut Seed::new(5).stream());
    assert_drawn_from(&counts(&end), &given);
}

#[test]
fn held_grey_levels_stay_grey_and_nothing_moves_where_all_are_held() {
    let rbm = lively(4, 3, 22);
    let start = Matrix::from_fn(4, 5, |i, j| (i + j) as f32 / 10.0);
    let mut noise = Seed::new(6).stream();
    assert_eq!(rbm.gibbs_clamped(&start, &[false; 4], 3, &mut noise), start);
    let (held, whole) = (
        rbm.gibbs_clamped(&start, &[true; 4], 3, &mut Seed::new(7).stream()),
        rbm.gibbs(start, 3, &mut Seed::new(7).stream()),
    );
    assert_eq!(held, whole);
}

#[test]
#[should_panic(expected = "7 units to hold or let free, the machine has 4")]
fn more_units_to_hold_than_there_are_is_refused() {
    let _ = lively(4, 3, 23).gibbs_clamped(&Matrix::zeros(4, 1), &[false; 7], 1, &mut Seed::new(1).stream());
}
