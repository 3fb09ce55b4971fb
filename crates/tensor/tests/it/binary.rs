//! The binary kernels against naive loops in `f64`, over shapes with whole and broken lanes, one panel and several.

use proptest::prelude::*;
use tensor::binary::{
    Blocks, PANEL, Rows, Spikes, add_differences, add_outer, add_products, add_samples, dots, forward,
    gather, matrix_of, panel_widths, panels_of, sample_rows, scale_rows, sigmoid_rows, sum_of_squares,
    sum_rows,
};
use tensor::simd::LANE;
use tensor::{COLUMN_BLOCK, Matrix, Seed, plain};

use crate::support::{
    assert_sum, blocks_of, coins, garbage, normal, padding_is_zero, rows_of, shapes, transposed,
};

proptest! {
    #[test]
    fn lists_hold_what_the_matrix_holds((rows, _, cols, density, seed) in shapes()) {
        let states = coins(rows, cols, density, seed);
        let spikes = Spikes::from_matrix(&states);
        prop_assert_eq!((spikes.rows(), spikes.len(), spikes.is_empty()), (rows, cols, false));
        prop_assert!(spikes.to_matrix() == states);
        for j in 0..cols {
            prop_assert!(spikes.column(j).windows(2).all(|w| w[0] < w[1]), "ascending");
        }
        let (mut pushed, mut listed) = (Spikes::new(rows), Spikes::new(rows));
        for column in states.columns() {
            pushed.push_where_on(column);
            listed.push((0..rows as u32).filter(|&i| column[i as usize] == 1.0));
        }
        prop_assert!(pushed == spikes && listed == spikes);
        let turned = transposed(&spikes);
        prop_assert!(turned.to_matrix() == states.transposed());
        prop_assert!(transposed(&turned) == spikes);
        let chosen: Vec<usize> = (0..cols).rev().chain([0, 0]).collect();
        let mut copied = Spikes::new(rows);
        copied.push([0]);
        copied.clear();
        copied.extend_from(&spikes, &chosen);
        prop_assert!(copied.to_matrix() == states.gather(&chosen));
        copied.append(&spikes);
        let both: Vec<usize> = chosen.iter().copied().chain(0..cols).collect();
        prop_assert!(copied.to_matrix() == states.gather(&both));
        let ones = states.gather(&both).as_slice().iter().filter(|&&x| x == 1.0).count();
        prop_assert_eq!(copied.total(), ones);
    }

    #[test]
    fn forward_from_lists_and_from_floats_is_the_naive_sum((visible, hidden, batch, density, seed) in shapes()) {
        let (weights, inputs) = (normal(visible, hidden, seed), normal(visible, batch, seed ^ 1));
        let (bias, states) = (normal(hidden, 1, seed ^ 2), coins(visible, batch, density, seed));
        let mut begin = 0;
        for panel in panels_of(&weights) {
            let width = panel.width();
            let mut padded = bias.as_slice()[begin..begin + width].to_vec();
            padded.resize(panel.lanes() * 16, 0.0);
            let (mut listed, mut dense) = (garbage(batch, width), garbage(batch, width));
            gather(&mut listed, &padded, &panel, &Spikes::from_matrix(&states));
            forward(&mut dense, &padded, &panel, &blocks_of(&inputs));
            prop_assert!(padding_is_zero(&listed) && padding_is_zero(&dense));
            for (out, x) in [(&listed, &states), (&dense, &inputs)] {
                for (s, j) in (0..batch).flat_map(|s| (0..width).map(move |j| (s, j))) {
                    let pairs = x.column(s).iter().zip(weights.column(begin + j));
                    let terms = pairs.map(|(&x, &w)| f64::from(x) * f64::from(w));
                    assert_sum(out.floats(s)[j], padded[j], terms, "forward");
                }
            }
            begin += width;
        }
    }

    #[test]
    fn backward_is_the_naive_sum_over_all_panels((visible, hidden, batch, _, seed) in shapes()) {
        let (weights, states) = (normal(visible, hidden, seed), normal(hidden, batch, seed ^ 1));
        let panels = panels_of(&weights);
        let mut begin = 0;
        let parts: Vec<Rows> = panels
            .iter()
            .map(|panel| {
                let (from, width) = (begin, panel.width());
                begin += width;
                rows_of(&Matrix::from_fn(width, batch, |j, s| states.column(s)[from + j]))
            })
            .collect();
        let (panels, parts): (Vec<&Rows>, Vec<&Rows>) = (panels.iter().collect(), parts.iter().collect());
        let mut out = garbage(batch, visible);
        dots(&mut out, &panels, &parts);
        prop_assert!(padding_is_zero(&out));
        for (s, v) in (0..batch).flat_map(|s| (0..visible).map(move |v| (s, v))) {
            let weight = |j: usize| f64::from(weights.column(j)[v]);
            let terms = (0..hidden).map(|j| weight(j) * f64::from(states.column(s)[j]));
            assert_sum(out.floats(s)[v], 0.0, terms, "backward");
        }
    }

    #[test]
    fn the_updates_are_the_naive_outer_products((visible, hidden, batch, density, seed) in shapes(), rate in -2.0f32..2.0) {
        let width = hidden.min(PANEL * 16);
        let start = rows_of(&normal(width, visible, seed));
        let (h0, hk) = (normal(width, batch, seed ^ 1), normal(width, batch, seed ^ 2));
        let (v0, vk) = (coins(visible, batch, density, seed), coins(visible, batch, 0.4, seed ^ 3));
        let inputs = normal(visible, batch, seed ^ 4);
        let (mut listed, mut dense) = (start.clone(), start.clone());
        let [plus, minus] = [&v0, &vk].map(|v| transposed(&Spikes::from_matrix(v)));
        add_outer(&mut listed, rate, (&plus, &rows_of(&h0)), (&minus, &rows_of(&hk)));
        add_products(&mut dense, rate, &blocks_of(&inputs), &rows_of(&h0));
        prop_assert!([&listed, &dense].into_iter().all(padding_is_zero));
        let rate = f64::from(rate);
        for (v, j) in (0..visible).flat_map(|v| (0..width).map(move |j| (v, j))) {
            let term = |x: &Matrix, h: &Matrix, s: usize| rate * f64::from(x.column(s)[v]) * f64::from(h.column(s)[j]);
            let both = (0..batch).flat_map(|s| [term(&v0, &h0, s), -term(&vk, &hk, s)]);
            assert_sum(listed.floats(v)[j], start.floats(v)[j], both, "add_outer");
            let terms = (0..batch).map(|s| term(&inputs, &h0, s));
            assert_sum(dense.floats(v)[j], start.floats(v)[j], terms, "add_products");
        }
    }

    #[test]
    fn what_parts_send_to_a_block_is_summed_in_their_order((units, _, samples, _, seed) in shapes(), parts in 1usize..4, begin in 0usize..9) {
        let (bias, sent) = (normal(units, 1, seed), (0..parts).map(|p| normal(units, begin + samples, seed ^ p as u64)));
        let sent: Vec<Rows> = sent.map(|m| rows_of(&m)).collect();
        let mut out = garbage(samples, units);
        out.flat_mut().fill(0.0);
        sum_rows(&mut out, bias.as_slice(), &sent.iter().collect::<Vec<_>>(), begin);
        prop_assert!(padding_is_zero(&out));
        for (s, v) in (0..samples).flat_map(|s| (0..units).map(move |v| (s, v))) {
            let sum = sent.iter().fold(bias.as_slice()[v], |sum, part| sum + part.floats(begin + s)[v]);
            prop_assert_eq!(out.floats(s)[v], sum);
        }
    }

    #[test]
    fn the_samples_of_a_unit_are_summed_in_their_order((units, _, samples, _, seed) in shapes()) {
        let (start, values) = (normal(units, 1, seed), normal(units, samples, seed ^ 1));
        let mut sums = start.as_slice().to_vec();
        add_samples(&mut sums, &blocks_of(&values));
        for (v, found) in sums.into_iter().enumerate() {
            prop_assert_eq!(found, (0..samples).fold(start.as_slice()[v], |sum, s| sum + values.column(s)[v]));
        }
    }

    #[test]
    fn differences_are_added_in_the_order_of_the_samples((units, _, samples, _, seed) in shapes(), rate in -2.0f32..2.0) {
        let (plus, minus) = (normal(units, samples, seed), normal(units, samples, seed ^ 1));
        let start = rows_of(&normal(units, 1, seed ^ 2));
        let mut sums = start.row(0).to_vec();
        add_differences(&mut sums, rate, &rows_of(&plus), &rows_of(&minus));
        for (j, found) in sums.into_iter().enumerate() {
            let difference = |s: usize| if j < units { plus.column(s)[j] - minus.column(s)[j] } else { 0.0 };
            prop_assert_eq!(found, (0..samples).fold(start.row(0)[j], |sum, s| sum + rate * difference(s)));
        }
    }

    #[test]
    fn squares_are_the_naive_sum_and_exact_for_states((length, _, _, density, seed) in shapes()) {
        let values = normal(length, 1, seed);
        let terms = values.as_slice().iter().map(|&x| f64::from(x) * f64::from(x));
        assert_sum(sum_of_squares(values.as_slice()), 0.0, terms, "squares");
        let states = coins(length, 1, density, seed);
        prop_assert_eq!(sum_of_squares(states.as_slice()), states.as_slice().iter().sum::<f32>());
    }

    #[test]
    fn the_first_samples_do_not_depend_on_how_many_follow(width in 1usize..70, count in 1usize..30, more in 1usize..30, seed: u64) {
        let logits = normal(width, count + more, seed);
        let drawn = |n: usize| {
            let mut p = rows_of(&logits);
            p.set_count(n);
            let mut states = garbage(n, width);
            sample_rows(&mut p, &mut states, Seed::new(seed));
            (p, states)
        };
        let (short, long) = (drawn(count), drawn(count + more));
        for s in 0..count {
            prop_assert_eq!((short.0.row(s), short.1.row(s)), (long.0.row(s), long.1.row(s)));
        }
    }
}

#[test]
fn exactly_what_exceeds_one_half_is_on() {
    let states = [0.5, 0.500_001, 0.0, 1.0, 0.499_999, f32::NAN, -1.0, 2.0];
    let mut pushed = Spikes::new(8);
    pushed.push_where_on(&states);
    assert_eq!(pushed.column(0), [1, 3, 7]);
    assert_eq!(pushed, Spikes::from_matrix(&Matrix::from_vec(8, 1, states.to_vec())));
}

#[test]
fn panels_are_the_matrix_cut_into_even_pieces() {
    for hidden in 1..=600 {
        let widths = panel_widths(hidden);
        assert_eq!(widths.iter().sum::<usize>(), hidden);
        assert!(widths.iter().all(|&w| w > 0 && w <= PANEL * 16), "{hidden}: {widths:?}");
        assert!(widths.len() == 1 || widths.len().is_multiple_of(2), "{hidden}: {widths:?}");
        assert!(
            widths.iter().rev().skip(1).all(|w| w % 16 == 0),
            "only the last one has padding: {widths:?}"
        );
        let weights = normal(3, hidden, hidden as u64);
        let panels = panels_of(&weights);
        assert_eq!(panels.iter().map(Rows::width).collect::<Vec<_>>(), widths);
        assert!(panels.iter().all(padding_is_zero));
        assert_eq!(matrix_of(&panels.iter().collect::<Vec<_>>()), weights, "{hidden}");
    }
}

#[test]
fn every_row_begins_on_a_cache_line() {
    // Several at once, so that the allocator gives different places.
    let many: Vec<Rows> = (0..50).map(|i| Rows::zeros(1 + i % 7, 1 + 13 * i)).collect();
    for rows in many.iter().chain(&many.iter().map(Clone::clone).collect::<Vec<_>>()) {
        assert_eq!(rows.lanes(), rows.width().div_ceil(16));
        for i in 0..rows.count() {
            assert_eq!(rows.row(i).as_ptr() as usize % 64, 0, "row {i} of width {}", rows.width());
            assert_eq!((rows.row(i).len(), rows.floats(i).len()), (rows.lanes() * 16, rows.width()));
        }
    }
}

#[test]
fn fewer_rows_can_be_shown_and_all_again_but_never_more() {
    let all = rows_of(&normal(20, 9, 1));
    let mut rows = rows_of(&normal(20, 9, 1));
    rows.set_count(4);
    assert_eq!((rows.count(), rows.flat().len()), (4, 4 * 32));
    assert_eq!(rows.flat(), &all.flat()[..4 * 32]);
    rows.set_count(9);
    assert_eq!(rows, all);
    let more = std::panic::AssertUnwindSafe(|| rows.set_count(10));
    assert!(std::panic::catch_unwind(more).is_err());
}

#[test]
fn probabilities_are_sigmoids_and_padding_becomes_zero() {
    for (width, count) in [(1, 1), (15, 9), (16, 8), (17, 20), (300, 3)] {
        let logits = normal(width, count, 3);
        let (mut sampled, mut plain_rows, mut states) =
            (rows_of(&logits), rows_of(&logits), garbage(count, width));
        for rows in [&mut sampled, &mut plain_rows, &mut states] {
            (0..count).for_each(|s| rows.row_mut(s)[width..].fill(-3.0));
        }
        sample_rows(&mut sampled, &mut states, Seed::new(1));
        sigmoid_rows(&mut plain_rows);
        assert!(padding_is_zero(&sampled) && padding_is_zero(&states) && padding_is_zero(&plain_rows));
        assert_eq!(sampled, plain_rows);
        for s in 0..count {
            assert!(states.floats(s).iter().all(|&x| x == 0.0 || x == 1.0));
            for (p, x) in sampled.floats(s).iter().zip(logits.column(s)) {
                // The documented error of the vector sigmoid.
                assert!((f64::from(*p) - plain::sigmoid(f64::from(*x))).abs() < 2e-7, "σ({x}) = {p}");
            }
        }
    }
}

/// Residuals `state − p` sum to zero for every unit, and are uncorrelated between units, between samples, and between
/// blocks of samples. Bounds: 6.5 standard deviations, passed by chance once in 10¹⁰.
#[test]
fn states_are_independent_draws_with_these_probabilities() {
    let count = 8000;
    for width in [1, 16, 33] {
        let mut p = rows_of(&normal(width, count, 4));
        let mut states = garbage(count, width);
        sample_rows(&mut p, &mut states, Seed::new(2));
        let residual = |s: usize, j: usize| f64::from(states.floats(s)[j]) - f64::from(p.floats(s)[j]);
        let variance = |s: usize, j: usize| f64::from(p.floats(s)[j]) * (1.0 - f64::from(p.floats(s)[j]));
        for j in 0..width {
            let sum: f64 = (0..count).map(|s| residual(s, j)).sum();
            let bound = 6.5 * (0..count).map(|s| variance(s, j)).sum::<f64>().sqrt();
            assert!(sum.abs() < bound, "unit {j} of {width}: {sum}, bound {bound}");
        }
        for (ds, dj) in [(1, 0), (COLUMN_BLOCK, 0), (0, 1), (0, 16), (1, 1)] {
            let pairs = || (0..count - ds).flat_map(|s| (0..width.saturating_sub(dj)).map(move |j| (s, j)));
            let sum: f64 = pairs().map(|(s, j)| residual(s, j) * residual(s + ds, j + dj)).sum();
            let bound =
                6.5 * pairs().map(|(s, j)| variance(s, j) * variance(s + ds, j + dj)).sum::<f64>().sqrt();
            assert!(sum.abs() <= bound, "{ds} samples and {dj} units apart: {sum}, bound {bound}");
        }
    }
}

#[test]
fn nan_logits_stay_visible_as_probabilities() {
    let mut p = rows_of(&Matrix::from_fn(5, 3, |i, s| if (i, s) == (2, 1) { f32::INFINITY } else { 0.0 }));
    let mut states = garbage(3, 5);
    sample_rows(&mut p, &mut states, Seed::new(3));
    assert!((0..3).all(|s| (0..5).all(|i| p.floats(s)[i].is_nan() == ((i, s) == (2, 1)))));
    assert_eq!(states.floats(1)[2], 0.0);
}

#[test]
fn shapes_that_do_not_fit_are_refused() {
    let refused = |f: &dyn Fn()| std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).is_err();
    let rows = Rows::zeros;
    let spikes = Spikes::from_matrix(&Matrix::zeros(4, 3));
    assert!(refused(&|| gather(&mut rows(3, 20), &[0.0; 32], &rows(5, 20), &spikes)), "visible units");
    assert!(refused(&|| gather(&mut rows(2, 20), &[0.0; 32], &rows(4, 20), &spikes)), "samples");
    assert!(refused(&|| gather(&mut rows(3, 20), &[0.0; 20], &rows(4, 20), &spikes)), "bias");
    assert!(
        refused(&|| forward(&mut rows(3, 20), &[0.0; 32], &rows(4, 20), &Blocks::zeros(3, 5))),
        "visible units"
    );
    assert!(refused(&|| add_products(&mut rows(4, 20), 1.0, &Blocks::zeros(3, 4), &rows(2, 20))), "samples");
    assert!(refused(&|| add_outer(&mut rows(4, 20), 1.0, (&spikes, &rows(3, 20)), (&spikes, &rows(3, 20)))));
    assert!(refused(&|| sample_rows(&mut rows(3, 20), &mut rows(3, 21), Seed::new(1))));
    assert!(refused(&|| dots(&mut rows(3, 4), &[&rows(5, 20)], &[&rows(3, 20)])), "visible");
    assert!(refused(&|| dots(&mut rows(3, 4), &[&rows(4, 20)], &[&rows(3, 40)])), "hidden");
    assert!(refused(&|| add_differences(&mut [0.0; 20], 1.0, &rows(3, 20), &rows(3, 20))), "lanes");
    assert!(refused(&|| add_differences(&mut [0.0; 32], 1.0, &rows(3, 20), &rows(2, 20))), "samples");
}

#[test]
fn blocks_are_the_same_rows_and_change_hands_without_a_copy() {
    let m = normal(20, 19, 1);
    let mut blocks = blocks_of(&m);
    assert_eq!((blocks.count(), blocks.width()), (19, 20));
    assert!((0..19).all(|i| blocks.floats(i) == m.column(i)));
    let other = normal(20, 8, 2);
    let mut block = rows_of(&other);
    blocks.swap(1, &mut block);
    assert!((0..8).all(|i| block.floats(i) == m.column(8 + i) && blocks.floats(8 + i) == other.column(i)));
    assert!((16..19).all(|i| blocks.floats(i) == m.column(i)));
    blocks.set_count(9);
    blocks.set_count(19);
    assert!((16..19).all(|i| blocks.floats(i) == m.column(i)), "what is hidden stays");
    let refused = |f: &mut dyn FnMut()| std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).is_err();
    assert!(refused(&mut || blocks.set_count(25)), "more blocks than there are");
    assert!(refused(&mut || blocks.swap(2, &mut Rows::zeros(8, 20))), "another number of rows");
}

#[test]
fn rows_are_scaled_in_place() {
    let m = normal(20, 3, 1);
    let mut rows = rows_of(&m);
    scale_rows(&mut rows, -2.5);
    assert!(padding_is_zero(&rows));
    assert!((0..3).all(|s| rows.floats(s).iter().zip(m.column(s)).all(|(x, y)| *x == -2.5 * y)));
}

/// Sixteen sums, whatever a vector holds; then fours of neighbours, then the sums of fours in their order.
#[test]
fn lanes_are_summed_in_one_order_on_every_processor() {
    let (weights, states) = (normal(9, 77, 1), normal(77, 7, 2));
    let (panels, states) = (panels_of(&weights), rows_of(&states));
    let mut out = garbage(7, 9);
    dots(&mut out, &panels.iter().collect::<Vec<_>>(), &[&states]);
    for (s, v) in (0..7).flat_map(|s| (0..9).map(move |v| (s, v))) {
        let mut sums = [0.0_f32; LANE];
        for (w, h) in panels[0].row(v).chunks(LANE).zip(states.row(s).chunks(LANE)) {
            (0..LANE).for_each(|i| sums[i] = w[i].mul_add(h[i], sums[i]));
        }
        let fours = sums.as_chunks::<4>().0.iter();
        let expected = fours.map(|x| (x[0] + x[1]) + (x[2] + x[3])).fold(0.0, |sum, x| sum + x);
        assert_eq!(out.floats(s)[v].to_bits(), expected.to_bits(), "sample {s}, unit {v}");
    }
}
