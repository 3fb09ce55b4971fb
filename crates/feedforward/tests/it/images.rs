//! Layers of images: against direct loops, central differences and adjoints; their sizes, maps and messages.

use feedforward::{
    Activation, AnyLayer, BatchNorm, Block, Cnn, Convolution, Dense, Dropout, Init, Layer, Maps, MaxPool,
    Mode, Network, NetworkError, Sliding, TransposedConvolution,
};
use proptest::prelude::*;
use tensor::plain::for_each_product;
use tensor::{Matrix, Seed};
use train::Parameters;

use crate::support::{Pass, assert_close, check, normal};

/// Sums of up to 300 products over a step of 2e-2.
const TOLERANCE: f64 = 2e-3;
const H: f32 = 1e-2;

fn maps(channels: usize, height: usize, width: usize) -> Maps {
    Maps { channels, height, width }
}

fn sliding(kernel: [usize; 2], stride: usize, padding: usize) -> Sliding {
    Sliding { kernel, stride, padding }
}

fn convolution(image: Maps, filters: usize, sliding: Sliding) -> Convolution {
    Convolution::new(image, filters, sliding, Init::Uniform, Seed::new(1)).unwrap()
}

fn transposed(image: Maps, channels: usize, sliding: Sliding) -> TransposedConvolution {
    TransposedConvolution::new(image, channels, sliding, Init::Uniform, Seed::new(2)).unwrap()
}

/// Values at least 0.05 apart, and from zero, in random places: no step of a difference changes which is largest, or a sign.
fn apart(rows: usize, cols: usize, seed: u64) -> Matrix {
    let order = Seed::new(seed).stream().permutation(rows * cols);
    Matrix::from_vec(
        rows,
        cols,
        order.iter().map(|&i| 0.05 * (i as f32 - (rows * cols / 2) as f32 + 0.5)).collect(),
    )
}

fn dot(a: &Matrix, b: &Matrix) -> f64 {
    a.as_slice().iter().zip(b.as_slice()).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

fn run<L: Layer>(layer: &L, x: &Matrix) -> Matrix {
    layer.forward(x, &mut Mode::Evaluate).0
}

proptest! {
    #[test]
    fn a_convolution_and_its_transpose_are_the_direct_loops(
        (channels, height, width, filters) in (1usize..4, 1usize..9, 1usize..9, 1usize..6),
        (kernel, stride, padding) in ([1usize..5, 1usize..5], 1usize..4, 0usize..3),
        (samples, seed) in (1usize..36, any::<u64>()),
    ) {
        let kernel = [kernel[0].min(height + 2 * padding), kernel[1].min(width + 2 * padding)];
        let (image, sliding) = (maps(channels, height, width), sliding(kernel, stride, padding));
        let layer = Convolution::new(image, filters, sliding, Init::Uniform, Seed::new(seed)).unwrap();
        let (window, x) = (*layer.window(), normal(image.features(), samples, 1.0, seed));
        let mut expected = Matrix::from_fn(window.outputs(), samples, |i, _| layer.bias()[i * filters / window.outputs()]);
        let weights = layer.weights().as_slice();
        for j in 0..samples {
            for_each_product(&window, |w, i, o| expected.column_mut(j)[o] += weights[w] * x.column(j)[i]);
        }
        assert_close(run(&layer, &x).as_slice(), expected.as_slice(), 1e-5);
        // The transpose of the same bytes, from the maps that came out; it makes the smallest image that gives them.
        let small = layer.maps()[1];
        let Ok(back) = TransposedConvolution::new(small, channels, sliding, Init::Uniform, Seed::new(seed)) else {
            // Padding ate all of the smallest image.
            return Ok(());
        };
        let (large, y) = (*back.window(), normal(small.features(), samples, 1.0, seed ^ 1));
        let mut expected = Matrix::from_fn(large.inputs(), samples, |i, _| back.bias()[i * channels / large.inputs()]);
        let weights = back.weights().as_slice();
        for j in 0..samples {
            for_each_product(&large, |w, i, o| expected.column_mut(j)[i] += weights[w] * y.column(j)[o]);
        }
        assert_close(run(&back, &y).as_slice(), expected.as_slice(), 1e-5);
    }
}

#[test]
fn a_transposed_convolution_is_the_adjoint_of_the_convolution_with_the_same_bytes() {
    for (stride, padding, size) in [(1, 0, 7), (2, 1, 8), (3, 2, 9), (1, 3, 5)] {
        let sliding = sliding([3, 3 + usize::from(padding == 3)], stride, padding);
        let image = maps(3, size, size + stride);
        let mut forth = convolution(image, 4, sliding);
        let mut back = transposed(forth.maps()[1], 3, sliding);
        if back.maps()[1] != image {
            continue;
        }
        forth.params_mut()[1].values.fill(0.0);
        back.params_mut()[1].values.fill(0.0);
        assert_eq!(forth.params()[0].shape, back.params()[0].shape);
        back.params_mut()[0].values.copy_from_slice(forth.weights().as_slice());
        let (x, y) = (normal(image.features(), 5, 1.0, 1), normal(forth.maps()[1].features(), 5, 1.0, 2));
        let (a, b) = (dot(&run(&forth, &x), &y), dot(&x, &run(&back, &y)));
        assert!((a - b).abs() < 1e-4 * (1.0 + a.abs()), "{stride} {padding}: {a} against {b}");
    }
}

#[test]
fn layers_of_images_have_the_gradients_of_central_differences() {
    for (kernel, stride, padding) in [([3, 2], 1, 0), ([2, 3], 2, 1), ([1, 1], 3, 0), ([4, 3], 1, 2)] {
        let sliding = sliding(kernel, stride, padding);
        let layer = convolution(maps(2, 5, 6), 3, sliding);
        let worst = check(&layer, &normal(60, 3, 1.0, 3), Pass::Evaluate, H);
        assert!(worst.worst < TOLERANCE, "{sliding:?}: {worst:?}");
        let Ok(layer) = TransposedConvolution::new(maps(3, 4, 3), 2, sliding, Init::Uniform, Seed::new(2))
        else {
            continue;
        };
        let worst = check(&layer, &normal(36, 3, 1.0, 3), Pass::Evaluate, H);
        assert!(worst.worst < TOLERANCE, "transposed, {sliding:?}: {worst:?}");
    }
    for size in [1, 2, 3] {
        let worst = check(&MaxPool::new(maps(2, 5, 6), size).unwrap(), &apart(60, 4, 5), Pass::Evaluate, H);
        assert!(worst.worst < TOLERANCE, "{size}: {worst:?}");
    }
}

/// A layer's tangent against differences of the forward pass along a direction, and against its backward pass.
fn assert_tangent<L: Layer>(layer: &L, x: &Matrix, pass: Pass, what: &str) {
    let forward = |x: &Matrix| match pass {
        Pass::Train(seed) => layer.forward(x, &mut Mode::Train(&mut Seed::new(seed).stream())),
        Pass::Evaluate => layer.forward(x, &mut Mode::Evaluate),
    };
    let (y, trace) = forward(x);
    let (v, u) = (normal(x.rows(), x.cols(), 1.0, 11), normal(y.rows(), y.cols(), 1.0, 12));
    let found = layer.tangent(x, &y, &trace, v.clone());
    // A direction of at most about 4 times 2e-3 stays away from kinks that are 0.025 away.
    let moved =
        |h: f32| forward(&Matrix::from_fn(x.rows(), x.cols(), |i, j| x.column(j)[i] + h * v.column(j)[i])).0;
    let (up, down) = (moved(2e-3), moved(-2e-3));
    for (i, found) in found.as_slice().iter().enumerate() {
        let difference = (up.as_slice()[i] - down.as_slice()[i]) / 4e-3;
        // Values of up to about 10 are rounded to 1e-6 over a step of 4e-3.
        assert!(
            (found - difference).abs() < 2e-3 * (1.0 + found.abs()),
            "{what}: {found} against {difference}"
        );
    }
    let back = layer.backward(x, &y, &trace, u.clone(), &mut layer.zeros_like());
    let (a, b) = (dot(&found, &u), dot(&v, &back));
    assert!((a - b).abs() < 1e-4 * (1.0 + a.abs()), "{what}: {a} against {b}");
}

#[test]
fn tangents_are_directional_derivatives_and_adjoints_of_backward() {
    let (image, x) = (maps(2, 5, 6), apart(60, 4, 7));
    let x = &Matrix::from_fn(60, 4, |i, j| x.column(j)[i].clamp(-4.0, 4.0) + 1e-3 * x.column(j)[i]);
    let apart = &apart(60, 2, 8);
    let mut norm = BatchNorm::new(60);
    norm.weight.iter_mut().enumerate().for_each(|(i, w)| *w = 0.5 + i as f32 / 60.0);
    assert_tangent(&convolution(image, 3, sliding([3, 2], 2, 1)), x, Pass::Evaluate, "convolution");
    assert_tangent(&transposed(image, 3, sliding([3, 2], 2, 1)), x, Pass::Evaluate, "transposed");
    assert_tangent(&MaxPool::new(image, 2).unwrap(), apart, Pass::Evaluate, "pool");
    assert_tangent(&Dense::new(60, 7, Init::Uniform, Seed::new(3)), x, Pass::Evaluate, "dense");
    assert_tangent(&Dropout::new(0.4).unwrap(), x, Pass::Train(5), "dropout");
    assert_tangent(&norm, &normal(60, 6, 1.0, 9), Pass::Evaluate, "running averages");
    assert_tangent(&norm, &normal(60, 6, 1.0, 9), Pass::Train(5), "mini-batch");
    for activation in [Activation::Sigmoid, Activation::Tanh] {
        assert_tangent(&activation, &normal(60, 4, 1.0, 10), Pass::Evaluate, "activation");
    }
    assert_tangent(&Activation::Relu, apart, Pass::Evaluate, "ReLU");
}

#[test]
fn the_tangent_of_a_network_goes_through_the_masks_of_its_forward_pass() {
    let block = Block { filters: 4, sliding: sliding([3, 3], 1, 1), pool: 2 };
    let cnn = Cnn { image: maps(1, 6, 6), blocks: &[block], hidden: &[9], classes: 3, ..Cnn::CLASSIC };
    let network = Network::cnn(&cnn, Init::He, Seed::new(4)).unwrap();
    assert_eq!(network.check_piecewise_linear(), Ok(()));
    let (x, v, u) = (normal(36, 3, 1.0, 1), normal(36, 3, 1.0, 2), normal(3, 3, 1.0, 3));
    let (y, trace) = network.forward(&x, &mut Mode::Evaluate);
    let found = network.tangent(&x, &y, &trace, v.clone());
    let back = network.backward(&x, &y, &trace, u.clone(), &mut network.zeros_like());
    assert!((dot(&found, &u) - dot(&v, &back)).abs() < 1e-4 * (1.0 + dot(&found, &u).abs()));
    // Along x itself, without biases, a network that is linear in pieces gives its own outputs.
    let mut homogeneous = network.clone();
    homogeneous
        .params_mut()
        .into_iter()
        .filter(|p| p.name.ends_with("bias"))
        .for_each(|p| p.values.fill(0.0));
    let (y, trace) = homogeneous.forward(&x, &mut Mode::Evaluate);
    assert_close(homogeneous.tangent(&x, &y, &trace, x.clone()).as_slice(), y.as_slice(), 1e-4);
    let smooth = Network::cnn(&Cnn { activation: Activation::Tanh, ..cnn }, Init::He, Seed::new(4)).unwrap();
    assert_eq!(
        smooth.check_piecewise_linear().unwrap_err().to_string(),
        "expected layers that are linear in pieces, found tanh as layer 1 of the sequence"
    );
}

#[test]
fn ties_go_to_the_first_in_reading_order_and_an_odd_row_is_dropped() {
    let pool = MaxPool::new(maps(1, 3, 5), 2).unwrap();
    assert_eq!(pool.maps(), [maps(1, 3, 5), maps(1, 1, 2)]);
    let x = Matrix::from_vec(15, 1, vec![1., 3., 7., 7., 9., 3., 3., 7., 0., 9., 9., 9., 9., 9., 9.]);
    let y = run(&pool, &x);
    assert_eq!(y.as_slice(), [3.0, 7.0]);
    let dx = pool.backward(&x, &y, &(), Matrix::from_vec(2, 1, vec![5.0, 6.0]), &mut pool.clone());
    let mut expected = vec![0.0; 15];
    (expected[1], expected[2]) = (5.0, 6.0);
    assert_eq!(dx.as_slice(), expected);
    // Dropped by itself it leaves the 3×3 of a 7×7 map.
    assert_eq!(MaxPool::new(maps(20, 7, 7), 2).unwrap().maps()[1], maps(20, 3, 3));
}

#[test]
fn the_classic_network_has_the_reported_maps_and_shows_them() {
    let network = Network::cnn(&Cnn::CLASSIC, Init::Uniform, Seed::new(1)).unwrap();
    let expected = [maps(15, 20, 20), maps(15, 20, 20), maps(15, 10, 10)];
    let expected = expected.into_iter().chain([maps(20, 6, 6), maps(20, 6, 6), maps(20, 3, 3)]).map(Some);
    let expected: Vec<_> = expected.chain([None; 3]).collect();
    assert_eq!(network.maps(), expected);
    assert_eq!(
        (network.inputs(), network.outputs(), network.count()),
        (784, 10, 1230 + 7520 + 18_100 + 1010)
    );
    let x = normal(784, 3, 1.0, 2);
    let states = network.states(&x);
    assert_eq!(states.iter().map(|state| state.maps).collect::<Vec<_>>(), expected);
    for state in &states {
        let features = state.maps.map_or(state.values.rows(), Maps::features);
        assert_eq!((state.values.rows(), state.values.cols()), (features, 3), "{}", state.kind);
    }
    assert_eq!(states[8].values, network.logits(&x));
    let AnyLayer::Convolution(second) = &network.layers()[3] else {
        panic!("{}", network.layers()[3].kind())
    };
    // Filter 7 in channel 4, as PyTorch's weight[7, 4] lies.
    let begin = (7 * 15 + 4) * 25;
    assert_eq!(second.filter(7, 4), &second.params()[0].values[begin..begin + 25]);
}

#[test]
fn fans_of_filters_are_those_of_pytorch() {
    // U(±1/√fan_in): 4·3·3 for the filters; PyTorch takes the maps that come out for the transpose.
    for (weights, bias, fan_in) in [
        {
            let c = convolution(maps(4, 9, 9), 50, Sliding::square(3));
            (c.weights().clone(), c.bias().to_vec(), 36.0_f32)
        },
        {
            let t = transposed(maps(50, 9, 9), 4, Sliding::square(3));
            (t.weights().clone(), t.bias().to_vec(), 36.0)
        },
    ] {
        let largest = weights.as_slice().iter().chain(&bias).fold(0.0_f32, |a, w| a.max(w.abs()));
        assert!(largest <= 1.0 / fan_in.sqrt() && largest > 0.98 / fan_in.sqrt(), "{largest}");
    }
}

fn message<T: std::fmt::Debug>(result: Result<T, NetworkError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn filters_and_pools_that_do_not_fit_are_refused_with_both_shapes() {
    let new = |sliding| Convolution::new(maps(3, 4, 5), 6, sliding, Init::He, Seed::new(1));
    let expected = |found: &str| {
        format!(
            "convolution: expected filters that fit into the image and move, found 6 of {found} for an image of 3×4×5"
        )
    };
    assert_eq!(message(new(sliding([5, 5], 1, 0))), expected("5×5 with stride 1 and padding 0"));
    assert_eq!(message(new(sliding([2, 2], 0, 0))), expected("2×2 with stride 0 and padding 0"));
    assert_eq!(message(new(sliding([0, 2], 1, 3))), expected("0×2 with stride 1 and padding 3"));
    assert!(new(sliding([5, 5], 1, 1)).is_ok());
    let grow = |sliding| TransposedConvolution::new(maps(3, 1, 1), 2, sliding, Init::He, Seed::new(1));
    for wrong in [sliding([3, 3], 0, 0), sliding([2, 2], 1, 1), sliding([0, 3], 1, 0)] {
        assert!(
            message(grow(wrong)).starts_with("transposed convolution: expected filters that fit"),
            "{wrong:?}"
        );
    }
    assert_eq!(
        message(MaxPool::new(maps(3, 4, 5), 5)),
        "max-pooling: expected squares that fit into the image, found 5×5 for 3×4×5"
    );
    assert!(message(MaxPool::new(maps(3, 4, 5), 0)).contains("found 0×0"));
    assert_eq!(
        message(Maps::new(1, 0, 28)),
        "expected an image of at least one pixel, and not more than can be counted, found 1×0×28"
    );
    assert!(Maps::new(usize::MAX, 2, 2).is_err());
    let blocks = &[Block::classic(15, 9), Block::classic(20, 11)];
    assert_eq!(
        message(Network::cnn(&Cnn { blocks, ..Cnn::CLASSIC }, Init::He, Seed::new(1))),
        "block 1 of the network: convolution: expected filters that fit into the image and move, found 20 of 11×11 with \
         stride 1 and padding 0 for an image of 15×10×10"
    );
}

#[test]
fn sequences_whose_maps_do_not_chain_are_refused_with_both_shapes() {
    let first = || AnyLayer::Convolution(convolution(maps(1, 8, 8), 6, Sliding::square(3)));
    let pool = |image| AnyLayer::MaxPool(MaxPool::new(image, 2).unwrap());
    let relu = || AnyLayer::Activation(Activation::Relu);
    let dense = |n| AnyLayer::Dense(Dense::new(n, 4, Init::He, Seed::new(1)));
    // 6×6×6 maps come out; 3×12×6 ones are as many features.
    assert_eq!(
        message(Network::new(vec![first(), relu(), pool(maps(3, 12, 6))])),
        "max-pooling 0 expects maps of 3×12×6, found 6×6×6 below it"
    );
    let second = AnyLayer::Convolution(convolution(maps(6, 3, 4), 2, Sliding::square(2)));
    assert_eq!(
        message(Network::new(vec![first(), pool(maps(6, 6, 6)), second])),
        "convolution 1 expects maps of 6×3×4, found 6×3×3 below it"
    );
    assert_eq!(
        message(Network::new(vec![first(), pool(maps(6, 6, 6)), dense(55)])),
        "layer 0 expects 55 inputs, found 54 units below it"
    );
    // A list of units may be seen as maps: that is how a generator begins.
    let begin = AnyLayer::TransposedConvolution(transposed(maps(1, 2, 2), 3, Sliding::square(3)));
    let generator = Network::new(vec![dense(9), begin]).unwrap();
    assert_eq!((generator.inputs(), generator.outputs()), (9, 48));
    let network = Network::new(vec![relu(), first()]).unwrap();
    assert_eq!(network.check_width(64), Ok(()));
    assert_eq!(
        message(network.check_width(49)),
        "convolution 0 expects samples of 64 features (1×8×8), found 49"
    );
}

#[test]
#[should_panic(expected = "samples of 49 features for maps 1×8×8")]
fn an_image_of_another_size_is_refused() {
    let _ = run(&convolution(maps(1, 8, 8), 6, Sliding::square(3)), &normal(49, 2, 1.0, 1));
}
