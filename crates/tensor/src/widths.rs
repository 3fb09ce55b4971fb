//! Every kernel that adds up or draws, with this processor's vectors and with arrays of four floats in their place: the same bits.

use crate::binary::*;
use crate::convolution::{Packed, Passes, SIDE, Window};
use crate::simd::imitation::without_vectors;
use crate::{Matrix, Seed, layers, simd};

/// Visible and hidden units of a panel, and samples: whole and broken lanes and register tiles, more and fewer samples than five.
const SHAPES: [(usize, usize, usize); 5] =
    [(320, 100, 5), (37, 24, 4), (65, 17, 1), (21, 160, 9), (33, 3, 12)];
/// Samples of what is made for many of them.
const CROWD: usize = MANY + 5;

/// Runs a kernel both ways and holds the bits of what it wrote against each other.
fn same(name: &str, kernel: &dyn Fn() -> Vec<f32>) {
    let bits = |values: Vec<f32>| values.into_iter().map(f32::to_bits).collect::<Vec<_>>();
    let here = bits(kernel());
    assert!(here.iter().any(|&x| x != 0), "{name} wrote nothing but zeros");
    assert_eq!(here, bits(without_vectors(kernel)), "{name}");
}

fn normal(rows: usize, cols: usize, seed: u64) -> Matrix {
    let mut values = Matrix::zeros(rows, cols);
    Seed::new(seed).stream().normal(&mut values, 1.0);
    values
}

fn coins(rows: usize, cols: usize, seed: u64) -> Matrix {
    let mut states = Matrix::from_fn(rows, cols, |_, _| 0.4);
    Seed::new(seed).stream().bernoulli(&mut states);
    states
}

/// `count` rows of `width` normal numbers.
fn rows(count: usize, width: usize, seed: u64) -> Rows {
    Rows::of_columns(&normal(count, width, seed), 0, width)
}

fn blocks(values: &Matrix) -> Blocks {
    let mut blocks = Blocks::zeros(values.cols(), values.rows());
    (0..values.cols()).for_each(|s| blocks.row_mut(s)[..values.rows()].copy_from_slice(values.column(s)));
    blocks
}

fn by_unit(on: &Spikes) -> Spikes {
    let mut turned = Spikes::new(0);
    turned.set_transposed(on.rows(), (0..on.len()).map(|s| on.column(s)));
    turned
}

/// A kernel that writes rows of this shape.
fn writes(name: &str, (count, width): (usize, usize), kernel: &dyn Fn(&mut Rows)) {
    same(name, &|| {
        let mut out = rows(count, width, 9);
        kernel(&mut out);
        out.flat().to_vec()
    });
}

#[test]
fn the_ways_up_and_down_have_the_bits_of_the_processor() {
    for (visible, hidden, samples) in SHAPES {
        let weights = rows(visible, hidden, 1);
        let bias = rows(1, hidden, 2).row(0).to_vec();
        let v = coins(visible, samples, 3);
        let (on, means) = (Spikes::from_matrix(&v), blocks(&normal(visible, samples, 4)));
        let (up, down) = ((samples, hidden), (samples, visible));
        let states = rows(samples, hidden, 5);
        let other = rows(visible, 19, 6);
        let others = rows(samples, 19, 7);
        writes("gather", up, &|out| gather(out, &bias, &weights, &on));
        writes("forward", up, &|out| forward(out, &bias, &weights, &means));
        writes("dots", down, &|out| dots(out, &[&weights, &other], &[&states, &others]));
        writes("sum_rows", up, &|out| sum_rows(out, &bias[..hidden], &[&states, &states], 0));
        let mut patterns = Patterns::default();
        if samples <= FEW {
            patterns.set(&on);
        }
        if patterns.are_sorted() {
            writes("gather_few", up, &|out| gather_few(out, &bias, &weights, &patterns));
        }
        let visible_bias = normal(visible, 1, 8);
        let reconstruction = |task: &dyn Fn(Blocks, Rows) -> Vec<f32>| {
            let (mut shown, mut logits) = (Blocks::zeros(samples, visible), Rows::zeros(samples, hidden));
            let pass = Pass { weights: &weights, bias: &bias, states: &states, logits: &mut logits };
            reconstruct(&mut shown, visible_bias.as_slice(), &mut [pass]);
            task(shown, logits)
        };
        same("visible units of reconstruct", &|| {
            reconstruction(&|shown, _| (0..samples).flat_map(|s| shown.row(s).to_vec()).collect())
        });
        same("hidden units of reconstruct", &|| reconstruction(&|_, logits| logits.flat().to_vec()));
    }
}

#[test]
fn tables_of_many_samples_have_the_bits_of_the_processor() {
    for (visible, hidden, _) in SHAPES {
        let weights = rows(visible, hidden, 1);
        let bias = rows(1, hidden, 2).row(0).to_vec();
        let (mut up, mut down) = (Keys::default(), Keys::default());
        up.set_lists(&Spikes::from_matrix(&coins(visible, CROWD, 3)));
        down.set_states(&Rows::of_columns(&coins(CROWD, hidden, 4), 0, hidden));
        writes("forward_lookup", (CROWD, hidden), &|out| {
            forward_lookup(out, &bias, &weights, &up, &mut Stripe::new(CROWD));
        });
        writes("backward_lookup", (CROWD, visible), &|out| {
            backward_lookup(out, &[&weights], &[&down], &mut Stripe::new(CROWD));
        });
    }
}

#[test]
fn updates_have_the_bits_of_the_processor() {
    for (visible, hidden, samples) in SHAPES {
        let (plus, minus) = (rows(samples, hidden, 1), rows(samples, hidden, 2));
        let [v0, vk] = [3, 4].map(|seed| Spikes::from_matrix(&coins(visible, samples, seed)));
        let means = blocks(&normal(visible, samples, 5));
        let weights = (visible, hidden);
        writes("add_outer", weights, &|out| {
            add_outer(out, 0.3, (&by_unit(&v0), &plus), (&by_unit(&vk), &minus));
        });
        writes("add_products", weights, &|out| add_products(out, 0.3, &means, &plus));
        if samples <= FEW {
            writes("add_few", weights, &|out| {
                let (mut patterns, mut subsets) = (Patterns::default(), Subsets::new(samples, hidden));
                patterns.set(&v0);
                subsets.set(&plus);
                add_few(out, &[(&patterns, &subsets)], &[Products { inputs: &means, states: &minus }]);
            });
        }
        writes("add_differences", (1, hidden), &|out| add_differences(out.row_mut(0), 0.3, &plus, &minus));
        writes("scale_rows", (samples, hidden), &|out| scale_rows(out, 0.3));
        same("add_samples", &|| {
            let mut sums = vec![0.0; visible];
            add_samples(&mut sums, &means);
            sums
        });
    }
}

#[test]
fn draws_and_sums_have_the_bits_of_the_processor() {
    for (visible, hidden, samples) in SHAPES {
        let logits = rows(samples, hidden, 1);
        writes("sigmoid_rows", (samples, hidden), &|out| sigmoid_rows(out));
        writes("sample_rows", (samples, hidden), &|out| sample_rows(&mut logits.clone(), out, Seed::new(2)));
        same("probabilities of sample_rows", &|| {
            let mut probabilities = logits.clone();
            sample_rows(&mut probabilities, &mut rows(samples, hidden, 3), Seed::new(2));
            probabilities.flat().to_vec()
        });
        let values = normal(visible, samples, 4);
        same("sum_of_squares", &|| vec![sum_of_squares(values.as_slice())]);
        same("a matrix of normal numbers", &|| normal(visible, samples, 5).as_slice().to_vec());
        same("a matrix of coins", &|| coins(visible, samples, 6).as_slice().to_vec());
        same("sigmoid", &|| {
            let mut values = values.clone();
            simd::sigmoid(values.as_mut_slice());
            values.as_slice().to_vec()
        });
    }
}

#[test]
fn sums_of_logits_and_centred_gradients_have_the_bits_of_the_processor() {
    for (visible, hidden, samples) in SHAPES {
        for scale in [0.3, 30.0] {
            let mut logits = rows(samples, hidden, 1);
            scale_rows(&mut logits, scale);
            same("add_softplus_steps", &|| {
                let mut sums = vec![0.0; samples];
                add_softplus_steps(&logits, [0.4, 0.5], &mut sums);
                sums.into_iter().map(|x| x as f32).collect()
            });
        }
        let [slope, means] = [2, 3].map(|seed| normal(visible, 1, seed).as_slice().to_vec());
        let [offsets, biases] = [4, 5].map(|seed| rows(1, hidden, seed).row(0).to_vec());
        same("centre", &|| {
            let (mut gradient, mut slopes) = (rows(visible, hidden, 6), biases.clone());
            let mut pull = vec![0.0; visible];
            centre(
                &mut gradient,
                VisibleSlope { slope: &slope, means: &means },
                &offsets,
                &mut slopes,
                &mut pull,
            );
            [gradient.flat(), &slopes, &pull].concat()
        });
    }
}

#[test]
fn layers_have_the_bits_of_the_processor() {
    for (inputs, units, samples) in SHAPES {
        let (weights, more) = (rows(inputs, units, 1), rows(inputs, 19, 2));
        let bias = rows(1, units, 3).row(0).to_vec();
        let states = rows(samples, inputs, 4);
        let lanes = weights.lanes() + more.lanes();
        let deltas = rows(samples, lanes * simd::LANE, 5);
        writes("forward", (samples, units), &|out| {
            layers::forward(out, 0, (&bias, &weights), &states);
        });
        writes("backward", (samples, inputs), &|out| layers::backward(out, &[&weights, &more], &deltas));
    }
}

#[test]
fn losses_have_the_bits_of_the_processor() {
    for (outputs, samples) in [(784, 5), (1500, 3), (33, 12), (10, 7)] {
        let logits = rows(samples, outputs, 1);
        let mut targets = rows(samples, outputs, 2);
        sigmoid_rows(&mut targets);
        same("logistic", &|| {
            let mut deltas = logits.clone();
            let loss = layers::logistic(&mut deltas, &targets, 0.3);
            let [high, low] = [loss.to_bits() >> 32, loss.to_bits() & 0xffff_ffff].map(|half| half as u32);
            [deltas.flat(), &[f32::from_bits(high), f32::from_bits(low)]].concat()
        });
    }
}

#[test]
fn convolutions_have_the_bits_of_the_processor() {
    let window = |stride, padding| Window {
        channels: 2,
        height: 9,
        width: 8,
        filters: 7,
        kernel: [3, 5],
        stride,
        padding,
    };
    for window in [window(1, 0), window(1, 2), window(2, 1)] {
        let passes = Passes::new(&window);
        let weights = normal(window.filters * window.taps(), 1, 1);
        let (inputs, outputs) = (rows(window.inputs(), SIDE, 2), rows(window.outputs(), SIDE, 3));
        writes("across", (window.outputs(), SIDE), &|out| {
            let bias = vec![0.1; window.filters];
            let packed = Packed::forward(&window, weights.as_slice(), &bias);
            passes.across(out, &packed, &inputs, &mut passes.room());
        });
        writes("back", (window.inputs(), SIDE), &|out| {
            let bias = vec![0.1; window.channels];
            let packed = Packed::backward(&window, weights.as_slice(), &bias);
            passes.back(out, &packed, &outputs, &mut passes.room());
        });
        same("learn", &|| {
            let mut gradient = vec![0.0; weights.as_slice().len()];
            passes.learn(&mut gradient, &inputs, &outputs, &mut passes.room());
            gradient
        });
    }
}
