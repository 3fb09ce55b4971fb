//! The kernels for a handful of samples and for many, against naive loops in `f64`.

use proptest::prelude::*;
use tensor::binary::{
    Blocks, FEW, Keys, MANY, PANEL, Pass, Patterns, Products, Rows, Spikes, Stripe, Subsets, add_few,
    backward_lookup, forward_lookup, gather_few, panels_of, pays, reconstruct,
};
use tensor::{Matrix, plain};

use crate::support::{assert_sum, blocks_of, coins, garbage, normal, padding_is_zero, rows_of};

/// Visible and hidden units, density of the visible states, seed.
fn machines() -> impl Strategy<Value = (usize, usize, f32, u64)> {
    let around = (1usize..19, 0usize..3).prop_map(|(lanes, off)| lanes * 16 + off - 1);
    let hidden = prop_oneof![1usize..300, around];
    (1usize..90, hidden, prop_oneof![Just(0.0), Just(1.0), 0.05f32..0.9], any::<u64>())
}

/// The hidden states of each panel, as rows.
fn cut(states: &Matrix, panels: &[Rows]) -> Vec<Rows> {
    let mut begin = 0;
    let part = |panel: &Rows| {
        let from = begin;
        begin += panel.width();
        rows_of(&Matrix::from_fn(panel.width(), states.cols(), |j, s| states.column(s)[from + j]))
    };
    panels.iter().map(part).collect()
}

fn padded(values: &[f32], panel: &Rows) -> Vec<f32> {
    let mut padded = values.to_vec();
    padded.resize(panel.lanes() * 16, 0.0);
    padded
}

proptest! {
    #[test]
    fn sums_that_are_looked_up_are_the_naive_ones((visible, hidden, density, seed) in machines(), batch in 1usize..70) {
        let (weights, bias) = (normal(visible, hidden, seed), normal(hidden, 1, seed ^ 2));
        let (v, h) = (coins(visible, batch, density, seed), coins(hidden, batch, 0.5, seed ^ 1));
        let panels = panels_of(&weights);
        let mut stripe = Stripe::new(batch);
        let mut keys = Keys::default();
        keys.set_lists(&Spikes::from_matrix(&v));
        prop_assert_eq!((keys.len(), keys.is_empty()), (batch, false));
        let mut begin = 0;
        for panel in &panels {
            let own = padded(&bias.as_slice()[begin..begin + panel.width()], panel);
            let mut out = garbage(batch, panel.width());
            forward_lookup(&mut out, &own, panel, &keys, &mut stripe);
            prop_assert!(padding_is_zero(&out));
            for (s, j) in (0..batch).flat_map(|s| (0..panel.width()).map(move |j| (s, j))) {
                let pairs = v.column(s).iter().zip(weights.column(begin + j));
                assert_sum(out.floats(s)[j], own[j], pairs.map(|(&v, &w)| f64::from(v) * f64::from(w)), "up");
            }
            begin += panel.width();
        }
        let keys: Vec<Keys> = cut(&h, &panels).iter().map(|states| {
            let mut keys = Keys::default();
            keys.set_states(states);
            keys
        }).collect();
        let mut out = garbage(batch, visible);
        let (all, of): (Vec<&Rows>, Vec<&Keys>) = (panels.iter().collect(), keys.iter().collect());
        backward_lookup(&mut out, &all, &of, &mut stripe);
        prop_assert!(padding_is_zero(&out));
        for (s, v) in (0..batch).flat_map(|s| (0..visible).map(move |v| (s, v))) {
            let terms = (0..hidden).map(|j| f64::from(weights.column(j)[v]) * f64::from(h.column(s)[j]));
            assert_sum(out.floats(s)[v], 0.0, terms, "down");
        }
    }

    #[test]
    fn a_handful_of_samples_goes_up_as_the_naive_sum((visible, hidden, density, seed) in machines(), batch in 1usize..6) {
        let (weights, bias) = (normal(visible, hidden, seed), normal(hidden, 1, seed ^ 2));
        let v = coins(visible, batch, density, seed);
        let on = Spikes::from_matrix(&v);
        let mut patterns = Patterns::default();
        patterns.set(&on);
        prop_assert_eq!(patterns.are_sorted(), 4 * on.total() > visible * batch);
        let mut begin = 0;
        for panel in panels_of(&weights) {
            let own = padded(&bias.as_slice()[begin..begin + panel.width()], &panel);
            if patterns.are_sorted() {
                let mut out = garbage(batch, panel.width());
                gather_few(&mut out, &own, &panel, &patterns);
                prop_assert!(padding_is_zero(&out));
                for (s, j) in (0..batch).flat_map(|s| (0..panel.width()).map(move |j| (s, j))) {
                    let pairs = v.column(s).iter().zip(weights.column(begin + j));
                    assert_sum(out.floats(s)[j], own[j], pairs.map(|(&v, &w)| f64::from(v) * f64::from(w)), "up");
                }
            }
            begin += panel.width();
        }
    }

    #[test]
    fn an_update_by_subsets_is_the_naive_outer_product((visible, hidden, density, seed) in machines(), batch in 1usize..=FEW) {
        let width = hidden.min(PANEL * 16);
        let start = rows_of(&normal(width, visible, seed));
        let (h0, hk) = (normal(width, batch, seed ^ 1), normal(width, batch, seed ^ 2));
        let (v0, vk) = (coins(visible, batch, density, seed), coins(visible, batch, 0.4, seed ^ 3));
        let means = [normal(visible, batch, seed ^ 4), normal(visible, batch, seed ^ 5)];
        let listed = [&v0, &vk].map(|v| {
            let mut patterns = Patterns::default();
            patterns.set(&Spikes::from_matrix(v));
            patterns
        });
        // Room for the largest mini-batch, as a trainer keeps it.
        let states = [&h0, &hk].map(rows_of);
        let subsets = [0, 1].map(|i| {
            let mut subsets = Subsets::new(FEW, width);
            subsets.set(&rows_of(&normal(width, FEW, seed)));
            subsets.set(&states[i]);
            subsets
        });
        let inputs = means.each_ref().map(blocks_of);
        let list = |i: usize| (&listed[i], &subsets[i]);
        let dense = |i: usize| Products { inputs: &inputs[i], states: &states[i] };
        let (mut lists, mut mixed, mut products) = (start.clone(), start.clone(), start.clone());
        add_few(&mut lists, &[list(0), list(1)], &[]);
        add_few(&mut mixed, &[list(0)], &[dense(1)]);
        add_few(&mut products, &[], &[dense(0), dense(1)]);
        prop_assert!([&lists, &mixed, &products].into_iter().all(padding_is_zero));
        for (v, j) in (0..visible).flat_map(|v| (0..width).map(move |j| (v, j))) {
            let term = |x: &Matrix, h: &Matrix, s: usize| f64::from(x.column(s)[v]) * f64::from(h.column(s)[j]);
            for (found, x0, xk, what) in
                [(&lists, &v0, &vk, "lists"), (&mixed, &v0, &means[1], "mixed"), (&products, &means[0], &means[1], "dense")]
            {
                let terms = (0..batch).flat_map(|s| [term(x0, &h0, s), term(xk, &hk, s)]);
                assert_sum(found.floats(v)[j], start.floats(v)[j], terms, what);
            }
        }
    }

    #[test]
    fn down_and_up_in_one_pass_is_both_one_after_the_other((visible, hidden, _, seed) in machines(), batch in 1usize..13) {
        let mut weights = normal(visible, hidden, seed);
        weights.as_mut_slice().iter_mut().for_each(|w| *w *= 0.2);
        let (a, b) = (normal(visible, 1, seed ^ 1), normal(hidden, 1, seed ^ 2));
        let h = coins(hidden, batch, 0.5, seed ^ 3);
        let panels = panels_of(&weights);
        let states = cut(&h, &panels);
        let mut logits: Vec<Rows> = panels.iter().map(|panel| garbage(batch, panel.width())).collect();
        let mut begin = 0;
        let biases: Vec<Vec<f32>> = panels.iter().map(|panel| {
            begin += panel.width();
            padded(&b.as_slice()[begin - panel.width()..begin], panel)
        }).collect();
        let mut means = blocks_of(&Matrix::from_fn(visible, batch, |_, _| f32::NAN));
        let parts = panels.iter().zip(&states).zip(&biases).zip(&mut logits);
        let mut passes: Vec<Pass<'_>> =
            parts.map(|(((weights, states), bias), logits)| Pass { weights, bias, states, logits }).collect();
        reconstruct(&mut means, a.as_slice(), &mut passes);
        prop_assert!((0..batch).all(|s| means.row(s)[visible..].iter().all(|&x| x == 0.0)));
        prop_assert!(logits.iter().all(padding_is_zero));
        for s in 0..batch {
            for v in 0..visible {
                let sum: f64 = (0..hidden).map(|j| f64::from(weights.column(j)[v]) * f64::from(h.column(s)[j])).sum();
                let expected = plain::sigmoid(f64::from(a.as_slice()[v]) + sum);
                prop_assert!((f64::from(means.floats(s)[v]) - expected).abs() < 5e-6, "{} {expected}", means.floats(s)[v]);
            }
            let mut begin = 0;
            for (panel, logits) in panels.iter().zip(&logits) {
                for j in 0..panel.width() {
                    // From the means as they were rounded: the two ways are judged apart.
                    let pairs = means.floats(s).iter().zip(weights.column(begin + j));
                    let terms = pairs.map(|(&v, &w)| f64::from(v) * f64::from(w));
                    assert_sum(logits.floats(s)[j], b.as_slice()[begin + j], terms, "up");
                }
                begin += panel.width();
            }
        }
    }
}

#[test]
fn tables_pay_for_many_samples_with_more_than_a_quarter_on() {
    let on = |count: usize, of: usize| {
        Spikes::from_matrix(&Matrix::from_fn(40, count, |i, _| f32::from(u8::from(i < of))))
    };
    assert!(pays(&on(MANY, 11)));
    assert!(!pays(&on(MANY, 10)) && !pays(&on(MANY - 1, 40)));
}

#[test]
fn shapes_that_do_not_fit_are_refused() {
    let refused = |f: &dyn Fn()| std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).is_err();
    let rows = Rows::zeros;
    let keys = |samples, states| {
        let mut keys = Keys::default();
        keys.set_lists(&Spikes::from_matrix(&Matrix::zeros(states, samples)));
        keys
    };
    let up = |samples, visible, room| {
        let stripe = &mut Stripe::new(room);
        forward_lookup(&mut rows(3, 20), &[0.0; 32], &rows(4, 20), &keys(samples, visible), stripe);
    };
    up(3, 4, 3);
    assert!(refused(&|| up(2, 4, 3)) && refused(&|| up(3, 5, 3)) && refused(&|| up(3, 4, 2)));
    let down = |samples, hidden| {
        backward_lookup(&mut rows(3, 4), &[&rows(4, 20)], &[&keys(samples, hidden)], &mut Stripe::new(3));
    };
    down(3, 20);
    assert!(refused(&|| down(2, 20)) && refused(&|| down(3, 21)));
    let patterns = |samples, visible| {
        let mut patterns = Patterns::default();
        patterns.set(&Spikes::from_matrix(&Matrix::from_fn(visible, samples, |_, _| 1.0)));
        patterns
    };
    assert!(refused(&|| drop(patterns(FEW + 1, 4))), "too many samples");
    assert!(
        refused(&|| gather_few(&mut rows(3, 20), &[0.0; 32], &rows(5, 20), &patterns(3, 4))),
        "visible units"
    );
    assert!(
        refused(&|| gather_few(&mut rows(6, 20), &[0.0; 32], &rows(4, 20), &patterns(6, 4))),
        "not one group"
    );
    let listed =
        |visible, width| add_few(&mut rows(4, 20), &[(&patterns(3, visible), &Subsets::new(3, width))], &[]);
    listed(4, 20);
    assert!(refused(&|| listed(5, 20)) && refused(&|| listed(4, 40)));
    let dense = |visible, samples| {
        let (inputs, states) = (Blocks::zeros(3, visible), rows(samples, 20));
        add_few(&mut rows(4, 20), &[], &[Products { inputs: &inputs, states: &states }]);
    };
    dense(4, 3);
    assert!(refused(&|| dense(5, 3)) && refused(&|| dense(4, 2)));
    let pass = |states| {
        let (weights, states, mut logits) = (rows(4, 20), rows(states, 20), rows(3, 20));
        let pass = Pass { weights: &weights, bias: &[0.0; 32], states: &states, logits: &mut logits };
        reconstruct(&mut Blocks::zeros(3, 4), &[0.0; 4], &mut [pass]);
    };
    pass(3);
    assert!(refused(&|| pass(2)) && refused(&|| reconstruct(&mut Blocks::zeros(3, 4), &[0.0; 4], &mut [])));
}
