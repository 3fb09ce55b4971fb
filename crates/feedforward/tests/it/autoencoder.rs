//! Autoencoders by the equations: gradients against central differences, direct formulas, what is refused.

use feedforward::autoencoder::{
    Autoencoder, Decoder, Denoising, Goal, Sparsity, Stack, Tying, logistic_cross_entropy,
};
use feedforward::{Activation, Corruption, Dense, Init, NetworkError};
use tensor::plain::sigmoid;
use tensor::{Matrix, Seed};
use train::{Parameters, check_gradient};

use crate::support::{assert_close, normal, pixels};

pub const SPARSE: Sparsity = Sparsity { target: 0.05, weight: 0.5 };

/// Biases are random too: at zero, some terms would not be seen.
pub fn stack(widths: &[usize], tying: Tying) -> Stack {
    let mut stack = Stack::fresh(widths, tying, Init::Glorot, Seed::new(1)).unwrap();
    for (i, param) in stack.params_mut().into_iter().enumerate().filter(|(_, p)| p.shape.len() == 1) {
        let random = normal(param.values.len(), 1, 0.5, i as u64);
        param.values.copy_from_slice(random.as_slice());
    }
    stack
}

fn denoising(goal: Goal, sparsity: Option<Sparsity>) -> Denoising {
    Denoising { goal, sparsity, ..Denoising::new(Corruption::Masking(0.3)) }
}

/// Differences over steps of 2e-2 of a cost of about 6 nats, from activations rounded to 6e-8, are good to about 1e-5;
/// curvature adds h²/6 = 2e-5 times a third derivative of order one.
#[test]
fn every_gradient_is_that_of_central_differences() {
    let x = pixels(7, 9, 0.6, 2);
    for tying in [Tying::Tied, Tying::Untied] {
        for goal in [Goal::Image, Goal::Code] {
            for sparsity in [None, Some(SPARSE)] {
                for layer in 0..3 {
                    let (mut stack, denoising) = (stack(&[7, 6, 5, 4], tying), denoising(goal, sparsity));
                    // Steeper sigmoids let more of the gradient through three decoders.
                    stack.scale(2.0);
                    let run =
                        |stack: &Stack| stack.gradient(layer, &x, &denoising, &mut Seed::new(3).stream());
                    let gradient = run(&stack).1;
                    let own = &stack.layers()[layer];
                    let worst = check_gradient(own, &gradient, 1e-2, 1, |own| {
                        let mut moved = stack.clone();
                        moved.replace(layer, own.clone()).unwrap();
                        run(&moved).0.total()
                    });
                    assert!(worst.worst < 4e-5, "{tying:?} {goal:?} {sparsity:?} {layer}: {worst:?}");
                    assert!(gradient.norm() > 0.05, "there is something to compare: {}", gradient.norm());
                }
            }
        }
    }
}

/// The same functions with weights of their own: their two gradients, one transposed, add up to the tied one.
#[test]
fn a_tied_gradient_is_the_sum_of_both_uses_of_an_untied_one() {
    let (tied, x) = (stack(&[7, 6, 5], Tying::Tied), pixels(7, 9, 0.6, 2));
    let untied = Stack::new(tied.layers().iter().map(untie).collect()).unwrap();
    for (goal, layer) in [(Goal::Image, 0), (Goal::Image, 1), (Goal::Code, 1)] {
        let denoising = denoising(goal, Some(SPARSE));
        let run = |stack: &Stack| stack.gradient(layer, &x, &denoising, &mut Seed::new(3).stream());
        let ((cost, one), (same, two)) = (run(&tied), run(&untied));
        assert!((cost.total() - same.total()).abs() < 1e-6, "{cost:?} against {same:?}");
        let (Decoder::Tied(bias), Decoder::Own(own)) = (&one.decoder, &two.decoder) else { panic!() };
        let mut sum = own.weights.transposed();
        sum.as_mut_slice().iter_mut().zip(two.encoder.weights.as_slice()).for_each(|(a, b)| *a += b);
        assert_close(one.encoder.weights.as_slice(), sum.as_slice(), 1e-6);
        assert_close(&one.encoder.bias, &two.encoder.bias, 1e-6);
        assert_close(bias, &own.bias, 1e-6);
    }
}

fn untie(tied: &Autoencoder) -> Autoencoder {
    let Decoder::Tied(bias) = &tied.decoder else { panic!("{tied:?}") };
    let own = Dense { weights: tied.encoder.weights.transposed(), bias: bias.clone() };
    Autoencoder { encoder: tied.encoder.clone(), decoder: Decoder::Own(own) }
}

/// One layer by hand, in double precision: `up` from inputs to units, else back.
fn by_hand(layer: &Autoencoder, x: &[f64], up: bool) -> Vec<f64> {
    let Decoder::Tied(back) = &layer.decoder else { panic!("{layer:?}") };
    let (w, bias) = (&layer.encoder.weights, if up { &layer.encoder.bias } else { back });
    let weight = |i: usize, j: usize| f64::from(if up { w.column(j)[i] } else { w.column(i)[j] });
    let unit = |(j, b): (usize, &f32)| {
        sigmoid(f64::from(*b) + x.iter().enumerate().map(|(i, x)| x * weight(i, j)).sum::<f64>())
    };
    bias.iter().enumerate().map(unit).collect()
}

fn entropy(targets: &[f64], made: &[f64]) -> f64 {
    targets.iter().zip(made).map(|(t, p)| -t * p.ln() - (1.0 - t) * (1.0 - p).ln()).sum()
}

#[test]
fn both_ways_of_training_a_stack_cost_what_their_formulas_say() {
    let (stack, x) = (stack(&[7, 6, 5], Tying::Tied), pixels(7, 40, 0.6, 2));
    let [low, high] = [&stack.layers()[0], &stack.layers()[1]];
    let doubles = |x: &[f32]| x.iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
    let seed = || Seed::new(3).stream();
    for corruption in [Corruption::Masking(0.3), Corruption::SaltAndPepper(0.3), Corruption::Gaussian(0.3)] {
        // On the image: noise on the pixels, cost at the pixels.
        let mut noisy = x.clone();
        corruption.corrupt(&mut noisy, &mut seed());
        let (mut cost, mut active) = (0.0, [0.0; 5]);
        for (noisy, clean) in noisy.columns().zip(x.columns()) {
            let code = by_hand(high, &by_hand(low, &doubles(noisy), true), true);
            let made = by_hand(low, &by_hand(high, &code, false), false);
            cost += entropy(&doubles(clean), &made) / 40.0;
            active.iter_mut().zip(&code).for_each(|(sum, y)| *sum += y / 40.0);
        }
        let [rho, beta] = [f64::from(SPARSE.target), f64::from(SPARSE.weight)];
        let unit = |m: f64| rho * (rho / m).ln() + (1.0 - rho) * ((1.0 - rho) / (1.0 - m)).ln();
        let penalty = beta * active.into_iter().map(unit).sum::<f64>();
        let on = |goal| Denoising { corruption, goal, sparsity: Some(SPARSE) };
        let found = stack.gradient(1, &x, &on(Goal::Image), &mut seed()).0;
        assert!((found.reconstruction - cost).abs() < 1e-5, "{corruption}: {found:?} against {cost}");
        assert!((found.penalty - penalty).abs() < 1e-5, "{corruption}: {found:?} against {penalty}");

        // On the code: noise on the code of the clean image, cost at that code.
        let clean = low.encode(&x);
        let mut noisy = clean.clone();
        corruption.corrupt(&mut noisy, &mut seed());
        let pairs = noisy.columns().zip(clean.columns());
        let cost = pairs.map(|(noisy, clean)| {
            let made = by_hand(high, &by_hand(high, &doubles(noisy), true), false);
            entropy(&doubles(clean), &made) / 40.0
        });
        let (cost, found) = (cost.sum::<f64>(), stack.gradient(1, &x, &on(Goal::Code), &mut seed()).0);
        assert!((found.reconstruction - cost).abs() < 1e-5, "{corruption}: {found:?} against {cost}");
    }
    // Without noise, the cost of a stack is that of its reconstructions.
    let made = stack.reconstruct(&x, 2);
    let pairs = x.columns().zip(made.columns());
    let cost = pairs.map(|(x, made)| entropy(&doubles(x), &doubles(made)) / 40.0).sum::<f64>();
    assert!((stack.cost(&x, 2) - cost).abs() < 1e-5);
    assert_eq!(stack.codes(&x)[1].rows(), 5);
}

#[test]
fn in_the_lowest_layer_both_ways_are_one() {
    let (stack, x) = (stack(&[7, 6, 5], Tying::Tied), pixels(7, 9, 0.6, 2));
    let run = |goal| stack.gradient(0, &x, &denoising(goal, Some(SPARSE)), &mut Seed::new(3).stream());
    assert!(run(Goal::Image) == run(Goal::Code));
}

#[test]
fn the_cost_of_logits_far_out_is_finite_and_exact() {
    let logits = Matrix::from_vec(2, 2, vec![1e4, -1e4, 0.0, 3.0]);
    let targets = Matrix::from_vec(2, 2, vec![1.0, 1.0, 0.5, 0.25]);
    let (cost, gradient) = logistic_cross_entropy(&logits, &targets);
    let last = (1.0 + 3.0_f64.exp()).ln() - 0.75;
    assert!((cost - (1e4 + 2.0_f64.ln() + last) / 2.0).abs() < 1e-9);
    let slope = ((sigmoid(3.0) - 0.25) / 2.0) as f32;
    assert_eq!(gradient.as_slice(), [0.0, -0.5, 0.0, slope]);
}

/// A unit that is never on has a mean of 0, where the penalty and its slope are infinite.
#[test]
fn a_unit_that_is_never_on_has_a_finite_penalty() {
    let mut own = stack(&[7, 6], Tying::Tied).layers()[0].clone();
    own.encoder.bias = vec![-200.0, 200.0, 0.0, 0.0, 0.0, 0.0];
    let stack = Stack::new(vec![own]).unwrap();
    let x = pixels(7, 9, 0.6, 2);
    let noise = &mut Seed::new(3).stream();
    let (cost, gradient) = stack.gradient(0, &x, &denoising(Goal::Image, Some(SPARSE)), noise);
    assert!(cost.penalty.is_finite() && gradient.first_non_finite().is_none(), "{cost:?}");
}

#[test]
fn the_encoders_become_the_hidden_layers_of_a_classifier() {
    let (stack, x) = (stack(&[7, 6, 5], Tying::Tied), pixels(7, 9, 0.6, 2));
    let codes = stack.codes(&x);
    let network = stack.into_classifier(10, Init::Glorot, Seed::new(4)).unwrap();
    assert_eq!((network.inputs(), network.outputs()), (7, 10));
    assert!(
        network.layers().iter().any(|l| matches!(l, feedforward::AnyLayer::Activation(Activation::Sigmoid)))
    );
    assert!(network.hidden(&x) == codes);
}

fn message<T: std::fmt::Debug>(result: Result<T, NetworkError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn shapes_that_cannot_be_tied_are_refused_with_both_shapes() {
    let dense = |n, m| Dense::new(n, m, Init::Small, Seed::new(1));
    let expected = "autoencoder 0 encodes 784 × 900, so its decoder must be 900 × 784, found 784 × 900";
    assert_eq!(message(Autoencoder::tied(dense(784, 900), dense(784, 900))), expected);
    let expected = "autoencoder 0 encodes 784 × 900, so its decoder must be 900 × 784, found 900 × 783";
    assert_eq!(message(Autoencoder::tied(dense(784, 900), dense(900, 783))), expected);
    let tied = Autoencoder::tied(dense(30, 20), dense(20, 30)).unwrap();
    assert_eq!((tied.inputs(), tied.units()), (30, 20));

    let other = Autoencoder { encoder: dense(20, 15), decoder: Decoder::Own(dense(15, 19)) };
    let expected = "autoencoder 1 encodes 20 × 15, so its decoder must be 15 × 20, found 15 × 19";
    assert_eq!(message(Stack::new(vec![tied.clone(), other])), expected);
    let short = Autoencoder { encoder: dense(20, 15), decoder: Decoder::Tied(vec![0.0; 19]) };
    assert_eq!(message(Stack::new(vec![tied.clone(), short])), "decoder 1 has 20 units, found 19 biases");
    let above = Autoencoder { encoder: dense(21, 15), decoder: Decoder::Tied(vec![0.0; 21]) };
    let expected = "autoencoder 1 expects 21 inputs, found 20 units below it";
    assert_eq!(message(Stack::new(vec![tied, above])), expected);
}

#[test]
fn widths_of_zero_and_stacks_of_nothing_are_refused() {
    for tying in [Tying::Tied, Tying::Untied] {
        let fresh = |widths: &[usize]| Stack::fresh(widths, tying, Init::Small, Seed::new(1));
        for (place, widths) in [(0, [0, 5, 4]), (1, [7, 0, 4]), (2, [7, 5, 0])] {
            let expected = format!("width {place} of the network is 0, expected at least 1");
            assert_eq!(message(fresh(&widths)), expected);
        }
        assert_eq!(fresh(&[7]).unwrap_err(), NetworkError::Empty);
        let alone = |n, m| Autoencoder::new(n, m, tying, Init::Small, Seed::new(1));
        assert_eq!(message(alone(0, 5)), "width 0 of the network is 0, expected at least 1");
        assert_eq!(message(alone(7, 0)), "width 1 of the network is 0, expected at least 1");
    }
    let classes = stack(&[7, 6], Tying::Tied).into_classifier(0, Init::Small, Seed::new(1));
    assert_eq!(message(classes), "width 2 of the network is 0, expected at least 1");
}

#[test]
fn sparsity_that_makes_no_sense_is_refused() {
    for (target, weight) in [(0.0, 0.5), (1.0, 0.5), (f32::NAN, 0.5), (0.1, -1.0), (0.1, f32::INFINITY)] {
        let sparsity = Some(Sparsity { target, weight });
        let expected = format!(
            "expected a mean activation between 0 and 1 and a weight of at least 0, found {target} and {weight}"
        );
        assert_eq!(message(denoising(Goal::Image, sparsity).checked()), expected);
    }
    let noisy = Denoising::new(Corruption::Masking(1.5)).checked();
    assert_eq!(message(noisy), "masking: expected a strength from 0 to 1, found 1.5");
}
