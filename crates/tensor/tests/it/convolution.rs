//! Convolutions against the direct loops, adjoint identities, and max-pooling with its ties.

use proptest::prelude::*;
use tensor::Matrix;
use tensor::binary::Rows;
use tensor::convolution::{
    Correlation, Packed, Pool, SIDE, Spread, Window, add_bias_gradient, add_weight_gradient, gather_side,
    max_pool, max_pool_backward, scatter_side, sparse_side,
};
use tensor::layers::Sparse;
use tensor::plain::for_each_product;

use crate::support::{assert_sum, normal};

/// Windows of all strides, paddings and odd sizes; kernels of one pixel up to the whole padded map.
fn windows() -> impl Strategy<Value = (Window, u64)> {
    let sizes = (1usize..6, 1usize..12, 1usize..12, 1usize..8);
    let steps = ([1usize..8, 1usize..11], 1usize..5, 0usize..4, any::<u64>());
    (sizes, steps).prop_map(|((channels, height, width, filters), (kernel, stride, padding, seed))| {
        let [rows, cols] = kernel;
        let kernel = [rows.min(height + 2 * padding), cols.min(width + 2 * padding)];
        (Window { channels, height, width, filters, kernel, stride, padding }, seed)
    })
}

fn side(features: usize, seed: u64) -> Rows {
    let mut side = Rows::zeros(features, SIDE);
    gather_side(&mut side, &normal(features, SIDE, seed), 0);
    side
}

fn weights(window: &Window, seed: u64) -> Vec<f32> {
    normal(window.filters * window.taps(), 1, seed).into_vec()
}

fn forward(window: &Window, weights: &[f32], bias: &[f32], x: &Rows) -> Rows {
    let (plan, spread) = (Correlation::forward(window), Spread::new(window));
    let (mut out, mut room) = (Rows::zeros(window.outputs(), SIDE), spread.room());
    plan.apply(&mut out, &Packed::forward(window, weights, bias), spread.spread(x, &mut room));
    out
}

fn backward(window: &Window, weights: &[f32], bias: &[f32], dy: &Rows) -> Rows {
    let plan = Correlation::backward(window);
    let (mut out, mut room) = (Rows::zeros(window.inputs(), SIDE), plan.room());
    plan.widen(dy, &mut room);
    plan.apply(&mut out, &Packed::backward(window, weights, bias), &room);
    out
}

fn gradient(window: &Window, x: &Rows, dy: &Rows) -> Vec<f32> {
    let (mut gradient, spread) = (vec![0.0; window.filters * window.taps()], Spread::new(window));
    let mut room = spread.room();
    add_weight_gradient(&mut gradient, window, spread.spread(x, &mut room), dy);
    gradient
}

fn dot(a: &Rows, b: &Rows) -> f64 {
    a.flat().iter().zip(b.flat()).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

proptest! {
    #[test]
    fn all_three_products_are_those_of_the_direct_loops((window, seed) in windows()) {
        let (x, dy) = (side(window.inputs(), seed), side(window.outputs(), seed ^ 1));
        let (w, bias) = (weights(&window, seed ^ 2), normal(window.filters, 1, seed ^ 3).into_vec());
        let channel_bias = normal(window.channels, 1, seed ^ 4).into_vec();
        let (y, dx) = (forward(&window, &w, &bias, &x), backward(&window, &w, &channel_bias, &dy));
        let dw = gradient(&window, &x, &dy);
        let empty = |n: usize| vec![Vec::new(); n];
        let (mut ys, mut dxs) = (empty(window.outputs()), empty(window.inputs()));
        let mut dws = empty(w.len());
        for_each_product(&window, |weight, input, output| {
            ys[output].push((weight, input));
            dxs[input].push((weight, output));
            dws[weight].push((input, output));
        });
        let product = |a: f32, b: f32| f64::from(a) * f64::from(b);
        for s in [0, 7, 15] {
            for (output, terms) in ys.iter().enumerate() {
                let terms = terms.iter().map(|&(weight, input)| product(w[weight], x.row(input)[s]));
                assert_sum(y.row(output)[s], bias[output / (ys.len() / bias.len())], terms, "forward");
            }
            for (input, terms) in dxs.iter().enumerate() {
                let terms = terms.iter().map(|&(weight, output)| product(w[weight], dy.row(output)[s]));
                assert_sum(dx.row(input)[s], channel_bias[input / (dxs.len() / channel_bias.len())], terms, "backward");
            }
        }
        for (weight, terms) in dws.iter().enumerate() {
            let terms = terms.iter().flat_map(|&(i, o)| (0..SIDE).map(move |s| (i, o, s)));
            let terms = terms.map(|(i, o, s)| product(x.row(i)[s], dy.row(o)[s]));
            assert_sum(dw[weight], 0.0, terms, "gradient");
        }
    }

    #[test]
    fn forward_backward_and_gradient_are_one_trilinear_form((window, seed) in windows()) {
        let (x, u) = (side(window.inputs(), seed), side(window.outputs(), seed ^ 1));
        let w = weights(&window, seed ^ 2);
        let y = forward(&window, &w, &vec![0.0; window.filters], &x);
        let (dx, dw) = (backward(&window, &w, &[], &u), gradient(&window, &x, &u));
        let through = dw.iter().zip(&w).map(|(&g, &w)| f64::from(g) * f64::from(w)).sum::<f64>();
        // Rounding of every sum is relative to the norms of what is multiplied.
        let size = (dot(&y, &y) * dot(&u, &u)).sqrt() + (dot(&x, &x) * dot(&dx, &dx)).sqrt();
        let bound = 1e-5 * (1.0 + size);
        prop_assert!((dot(&y, &u) - dot(&x, &dx)).abs() < bound);
        prop_assert!((dot(&y, &u) - through).abs() < bound);
    }

    #[test]
    fn a_bias_gradient_is_the_sum_over_pixels_and_samples(maps in 1usize..7, pixels in 1usize..30, seed: u64) {
        let deltas = side(maps * pixels, seed);
        let mut found = vec![0.5; maps];
        add_bias_gradient(&mut found, &deltas);
        for (map, &found) in found.iter().enumerate() {
            let rows = (0..pixels).flat_map(|p| deltas.floats(map * pixels + p)).map(|&d| f64::from(d));
            assert_sum(found, 0.5, rows, "bias");
        }
    }

    #[test]
    fn pooling_takes_the_largest_and_sends_back_to_the_first_of_them(
        (channels, height, width, size) in (1usize..4, 1usize..10, 1usize..10, 1usize..5), seed: u64
    ) {
        let size = size.min(height).min(width);
        let pool = Pool { channels, height, width, size };
        // Few values, so that many squares have ties.
        let mut input = side(pool.inputs(), seed);
        input.flat_mut().iter_mut().for_each(|x| *x = x.round());
        let above = side(pool.outputs(), seed ^ 1);
        let (mut output, mut deltas) = (Rows::zeros(pool.outputs(), SIDE), side(pool.inputs(), seed ^ 2));
        max_pool(&mut output, &pool, &input);
        max_pool_backward(&mut deltas, &pool, (&input, &output), &above);
        let [rows, cols] = pool.output();
        let mut expected = Rows::zeros(pool.inputs(), SIDE);
        for (out, s) in (0..pool.outputs()).flat_map(|out| (0..SIDE).map(move |s| (out, s))) {
            let (c, i, j) = (out / cols / rows, out / cols % rows, out % cols);
            let pixel = |k: usize, l: usize| (c * height + i * size + k) * width + j * size + l;
            let pixels = (0..size).flat_map(|k| (0..size).map(move |l| (k, l))).map(|(k, l)| pixel(k, l));
            let first = pixels.reduce(|a, b| if input.row(b)[s] > input.row(a)[s] { b } else { a }).unwrap();
            prop_assert_eq!(output.row(out)[s], input.row(first)[s]);
            expected.row_mut(first)[s] = above.row(out)[s];
        }
        prop_assert!(deltas == expected);
    }

    #[test]
    fn sides_hold_samples_and_zeros_and_give_them_back(features in 1usize..40, n in 1usize..40, seed: u64) {
        let matrix = normal(features, n, seed);
        let (sparse, mut back) = (Sparse::from_matrix(&matrix), Matrix::zeros(features, n));
        for begin in (0..n).step_by(SIDE) {
            let (mut dense, mut few) = (side(features, 1), side(features, 2));
            gather_side(&mut dense, &matrix, begin);
            let indices: Vec<usize> = (begin..n.min(begin + SIDE)).collect();
            sparse_side(&mut few, &sparse, &indices);
            prop_assert!(dense == few);
            prop_assert!((0..features).all(|f| dense.row(f)[indices.len()..].iter().all(|&x| x == 0.0)));
            scatter_side(&mut back, begin, &dense);
        }
        prop_assert_eq!(back, matrix);
    }
}

#[test]
fn sizes_are_those_of_the_classic_network() {
    let first =
        Window { channels: 1, height: 28, width: 28, filters: 15, kernel: [9, 9], stride: 1, padding: 0 };
    assert_eq!((first.output(), first.taps()), ([20, 20], 81));
    let second = Window { channels: 15, height: 10, width: 10, filters: 20, kernel: [5, 5], ..first };
    assert_eq!((second.output(), second.outputs()), ([6, 6], 720));
    let strided = Window { stride: 2, padding: 1, kernel: [4, 4], ..first };
    assert_eq!(strided.output(), [14, 14]);
    assert!(!Window { kernel: [29, 1], ..first }.fits() && !Window { stride: 0, ..first }.fits());
}

#[test]
fn a_pool_shows_what_is_not_finite() {
    let pool = Pool { channels: 1, height: 2, width: 2, size: 2 };
    for place in 0..4 {
        let (mut input, mut out) = (side(4, 1), Rows::zeros(1, SIDE));
        input.row_mut(place)[3] = f32::NAN;
        max_pool(&mut out, &pool, &input);
        assert!(out.row(0)[3].is_nan() && out.row(0)[2].is_finite());
    }
}
