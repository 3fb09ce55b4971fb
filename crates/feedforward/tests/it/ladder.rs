//! The ladder network: its gradient, its formulas by hand, the classifier that it becomes, training.

use std::ops::ControlFlow;
use std::sync::Arc;

use feedforward::ladder::{COMBINATOR, Labelled, Ladder, LadderTrainer, Recipe};
use feedforward::{Activation, NetworkError, predictions};
use tensor::layers::Sparse;
use tensor::{Matrix, Seed};
use train::{Descent, Event, Fit, Kind, Outcome, Parameters, Silent, Snapshot, epochs};
use train::{Trainee, check_gradient};

use crate::support::{labels, normal, pixels};

/// Every number is random: at their start most of a combinator's are zero, and hide each other.
pub fn ladder(widths: &[usize], activation: Activation) -> Ladder {
    let mut ladder = Ladder::new(widths, activation, Seed::new(1)).unwrap();
    for (i, param) in ladder.params_mut().into_iter().enumerate() {
        let random = normal(param.values.len(), 1, 0.3, i as u64);
        match param.name.as_str() {
            name if name.ends_with("running_var") => {
                param.values.iter_mut().zip(random.as_slice()).for_each(|(x, r)| *x = 0.5 + r.abs());
            }
            name if name.ends_with("weight") => {}
            _ => param.values.iter_mut().zip(random.as_slice()).for_each(|(x, r)| *x += r),
        }
    }
    ladder
}

fn recipe(depth: usize) -> Recipe {
    Recipe { noise: 0.3, denoising: (0..=depth).map(|l| [2.0, 1.0, 0.5, 1.5][l % 4]).collect() }
}

/// The cost is about ten, computed from states that are rounded to 6e-8 and divided by deviations of a few tenths: a difference
/// over a step of 4e-3 is good to about 1e-3. Over tenfold and over quarter steps the disagreement grows as curvature and as
/// rounding do. ReLU has one layer here, in which no unit comes within a step of its kink; deeper ones hardly miss all of them.
#[test]
fn the_gradient_of_the_whole_cost_is_that_of_central_differences() {
    let (x, y, unlabelled) = (pixels(7, 9, 0.6, 2), labels(9, 3, 2), pixels(7, 11, 0.6, 3));
    for (activation, widths) in [
        (Activation::Tanh, &[7, 6, 5, 3][..]),
        (Activation::Sigmoid, &[7, 6, 3]),
        (Activation::Tanh, &[7, 3]),
        (Activation::Relu, &[7, 6, 3]),
        (Activation::Relu, &[7, 5, 3]),
    ] {
        let ladder = ladder(widths, activation);
        let recipe = recipe(ladder.depth());
        let run =
            |ladder: &Ladder| ladder.gradient((&x, &y), &unlabelled, &recipe, &mut Seed::new(4).stream());
        let gradient = run(&ladder).1;
        let worst = check_gradient(&ladder, &gradient, 2e-3, 1, |ladder| run(ladder).0.total());
        assert!(worst.worst < 2e-3, "{activation:?} {widths:?}: {worst:?}");
        for param in gradient.params().iter().filter(|p| p.kind == Kind::Learned) {
            let largest = param.values.iter().map(|x| x.abs()).fold(0.0, f32::max);
            assert!(largest > 0.02, "{activation:?} {widths:?}: {} of {largest}", param.name);
        }
    }
}

/// Mean and root of the variance of every row, rows normalised, in double precision.
fn by_hand(x: &[Vec<f64>]) -> (Vec<(f64, f64)>, Vec<Vec<f64>>) {
    let n = x.len() as f64;
    let stats: Vec<(f64, f64)> = (0..x[0].len())
        .map(|i| {
            let mean = x.iter().map(|c| c[i]).sum::<f64>() / n;
            (mean, (x.iter().map(|c| (c[i] - mean).powi(2)).sum::<f64>() / n + 1e-10).sqrt())
        })
        .collect();
    let y = x.iter().map(|c| c.iter().zip(&stats).map(|(x, (m, r))| (x - m) / r).collect()).collect();
    (stats, y)
}

fn product(w: &Matrix, x: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let unit = |c: &[f64], j: usize| w.column(j).iter().zip(c).map(|(w, x)| f64::from(*w) * x).sum();
    x.iter().map(|c| (0..w.cols()).map(|j| unit(c, j)).collect()).collect()
}

/// Without noise both encoders are one, so that everything can be written down in a few lines.
#[test]
fn the_costs_are_those_of_the_published_formulas() {
    let (x, y) = (pixels(5, 8, 0.6, 2), labels(8, 3, 2));
    let ladder = ladder(&[5, 4, 3], Activation::Relu);
    let recipe = Recipe { noise: 0.0, denoising: vec![2.0, 1.0, 0.5] };
    let (cost, gradient) = ladder.gradient((&x, &y), &x, &recipe, &mut Seed::new(4).stream());

    let z0: Vec<Vec<f64>> = x.columns().map(|c| c.iter().map(|&x| f64::from(x)).collect()).collect();
    let (s1, z1) = by_hand(&product(&ladder.encoder[0].weights, &z0));
    let add = |z: &[f64], b: &[f32]| z.iter().zip(b).map(|(z, b)| z + f64::from(*b)).collect::<Vec<_>>();
    let h1: Vec<Vec<f64>> =
        z1.iter().map(|z| add(z, &ladder.encoder[0].bias).iter().map(|x| x.max(0.0)).collect()).collect();
    let (s2, z2) = by_hand(&product(&ladder.encoder[1].weights, &h1));
    let logits: Vec<Vec<f64>> = z2
        .iter()
        .map(|z| {
            let shifted = add(z, &ladder.encoder[1].bias);
            shifted.iter().zip(&ladder.scale).map(|(x, c)| x * f64::from(*c)).collect()
        })
        .collect();
    let log_z: Vec<f64> = logits.iter().map(|z| tensor::plain::log_sum_exp(z)).collect();
    let supervised: f64 = (0..8).map(|j| log_z[j] - logits[j][usize::from(y[j])]).sum::<f64>() / 8.0;
    assert!((cost.supervised - supervised).abs() < 1e-5, "{cost:?} against {supervised}");

    let sigmoid = tensor::plain::sigmoid;
    let combine = |l: usize, z: &[Vec<f64>], u: &[Vec<f64>]| -> Vec<Vec<f64>> {
        let a = |k: usize, i: usize| f64::from(ladder.combinators[l].column(k - 1)[i]);
        let unit = |z: f64, u: f64, i: usize| {
            let mean = a(1, i) * sigmoid(a(2, i) * u + a(3, i)) + a(4, i) * u + a(5, i);
            let weight = a(6, i) * sigmoid(a(7, i) * u + a(8, i)) + a(9, i) * u + a(10, i);
            (z - mean) * weight + mean
        };
        z.iter().zip(u).map(|(z, u)| (0..z.len()).map(|i| unit(z[i], u[i], i)).collect()).collect()
    };
    let softmax: Vec<Vec<f64>> =
        logits.iter().zip(&log_z).map(|(z, log_z)| z.iter().map(|z| (z - log_z).exp()).collect()).collect();
    let e2 = combine(2, &z2, &by_hand(&softmax).1);
    let e1 = combine(1, &z1, &by_hand(&product(&ladder.decoder[1], &e2)).1);
    let e0 = combine(0, &z0, &by_hand(&product(&ladder.decoder[0], &e1)).1);
    let plain = vec![(0.0, 1.0); 5];
    for (l, (e, z, stats)) in [(&e0, &z0, &plain), (&e1, &z1, &s1), (&e2, &z2, &s2)].into_iter().enumerate() {
        let error = |j: usize, i: usize| ((e[j][i] - stats[i].0) / stats[i].1 - z[j][i]).powi(2);
        let sum: f64 =
            (0..8).flat_map(|j| (0..z[0].len()).map(move |i| (j, i))).map(|(j, i)| error(j, i)).sum();
        let expected = f64::from(recipe.denoising[l]) * sum / (8 * z[0].len()) as f64;
        // Estimates are divided by deviations of a few tenths.
        let found = cost.denoising[l];
        assert!((found - expected).abs() < 1e-5 * expected.max(1.0), "layer {l}: {found} against {expected}");
    }
    for (rung, stats) in gradient.encoder.iter().zip([&s1, &s2]) {
        for (j, (mean, root)) in stats.iter().enumerate() {
            assert!((f64::from(rung.running_mean[j]) - mean).abs() < 1e-6);
            assert!((f64::from(rung.running_var[j]) - root * root * 8.0 / 7.0).abs() < 1e-6);
        }
    }
}

#[test]
fn the_classifier_is_the_clean_encoder_with_running_averages() {
    let (ladder, x) = (ladder(&[7, 6, 5, 3], Activation::Relu), pixels(7, 20, 0.6, 2));
    let logits = ladder.classifier().unwrap().logits(&x);
    for (j, x) in x.columns().enumerate() {
        let mut h: Vec<f64> = x.iter().map(|&x| f64::from(x)).collect();
        for (l, rung) in ladder.encoder.iter().enumerate() {
            let before = product(&rung.weights, &[h]).remove(0);
            h = (0..before.len())
                .map(|i| {
                    let root = (f64::from(rung.running_var[i]) + 1e-10).sqrt();
                    let z = (before[i] - f64::from(rung.running_mean[i])) / root + f64::from(rung.bias[i]);
                    if l == 2 { f64::from(ladder.scale[i]) * z } else { z.max(0.0) }
                })
                .collect();
        }
        for (found, expected) in logits.column(j).iter().zip(h) {
            assert!((f64::from(*found) - expected).abs() < 1e-5, "{found} against {expected}");
        }
    }
}

#[test]
fn a_fresh_ladder_has_the_published_shapes_and_numbers() {
    let widths = [784, 1000, 500, 250, 250, 250, 10];
    let ladder = Ladder::new(&widths, Activation::Relu, Seed::new(1)).unwrap();
    assert_eq!((ladder.depth(), ladder.scale.len()), (6, 10));
    for (l, width) in widths.into_iter().enumerate() {
        assert_eq!((ladder.width(l), ladder.combinators[l].cols()), (width, COMBINATOR));
        for k in 0..COMBINATOR {
            let start = if k == 1 || k == 6 { 1.0 } else { 0.0 };
            assert!(ladder.combinators[l].column(k).iter().all(|&a| a == start));
        }
    }
    assert_eq!(Recipe::published(6).denoising, [1000.0, 10.0, 0.1, 0.1, 0.1, 0.1, 0.1]);
    let n = 784.0 * 1000.0;
    let variance =
        ladder.encoder[0].weights.as_slice().iter().map(|&w| f64::from(w).powi(2)).sum::<f64>() / n;
    // The variance of n squares of normal numbers: √(2 / n) of itself; six of these.
    assert!((variance * 784.0 - 1.0).abs() < 6.0 * (2.0 / n).sqrt(), "{variance}");
}

const N: usize = 120;

/// Two classes of pictures, told apart by which half of their pixels is brighter.
fn data() -> (Matrix, Vec<u8>) {
    let (mut x, y) = (pixels(20, N, 0.6, 5), labels(N, 2, 5));
    for (j, &label) in y.iter().enumerate() {
        let dark = 10 * usize::from(label);
        x.column_mut(j)[dark..dark + 10].iter_mut().for_each(|x| *x *= 0.4);
    }
    (x, y)
}

fn trainer(labelled: usize) -> LadderTrainer {
    let ((x, y), ladder) = (data(), Ladder::new(&[20, 15, 10, 2], Activation::Relu, Seed::new(6)).unwrap());
    let labelled = Labelled { indices: (0..labelled).collect(), labels: y[..labelled].to_vec(), batch: 10 };
    let recipe = Recipe { noise: 0.3, denoising: vec![10.0, 1.0, 0.1, 0.1] };
    let descent =
        Descent { schedule: train::Schedule::Linear { last: 0.0, epochs: None }, ..Descent::adam(0.01) };
    LadderTrainer::new(ladder, Arc::new(Sparse::from_matrix(&x)), labelled, recipe, descent).unwrap()
}

fn plan(epochs: usize) -> Fit {
    Fit { epochs, batch: 30, seed: Seed::new(7), resume: None }
}

#[test]
fn costs_fall_and_images_without_labels_are_told_apart() {
    let (mut trainer, mut told) = (trainer(10), Vec::new());
    let mut note = |event: &Event<'_>| {
        if let Event::Epoch { metrics, .. } = event {
            told.push(metrics.iter().map(|m| m.1).collect::<Vec<_>>());
        }
        ControlFlow::Continue(())
    };
    assert_eq!(epochs(&mut trainer, N, &plan(60), &mut note), Outcome::Finished);
    let (first, last) = (&told[0], &told[59]);
    for (k, name) in ["loss", "supervised", "denoising"].into_iter().enumerate() {
        assert!(last[k] < 0.7 * first[k], "{name}: {} to {}", first[k], last[k]);
        assert!((first[0] - first[1] - first[2]).abs() < 1e-9);
    }
    let ((x, y), network) = (data(), trainer.ladder().classifier().unwrap());
    let found = predictions(&network, &x);
    let errors = found[10..].iter().zip(&y[10..]).filter(|(a, b)| a != b).count();
    // Of 110 coin tosses, fewer than 30 heads come up once in two million.
    assert!(errors < 30, "{errors} of 110");
}

#[test]
fn a_run_that_is_stopped_goes_on_with_the_same_bits() {
    for labelled in [10, 47] {
        let mut straight = trainer(labelled);
        epochs(&mut straight, N, &plan(5), &mut Silent);
        let (mut stopped, mut bytes) = (trainer(labelled), Vec::new());
        let mut kill = |event: &Event<'_>| match event {
            Event::Epoch { epoch: 2, snapshot, .. } => {
                bytes = snapshot().encode("");
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        };
        epochs(&mut stopped, N, &plan(5), &mut kill);
        let mut resumed = trainer(labelled);
        let rest = Fit { resume: Some(Snapshot::decode(&bytes).unwrap().0), ..plan(5) };
        assert_eq!(epochs(&mut resumed, N, &rest, &mut Silent), Outcome::Finished);
        assert!(resumed.snapshot() == straight.snapshot(), "{labelled}");
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let message = |error: NetworkError| error.to_string();
    let fresh = |widths: &[usize]| Ladder::new(widths, Activation::Relu, Seed::new(1)).unwrap_err();
    assert_eq!(fresh(&[7]), NetworkError::Empty);
    assert_eq!(message(fresh(&[7, 0, 3])), "width 1 of the network is 0, expected at least 1");
    let refused = |recipe: Recipe, labelled: Labelled| {
        let ladder = Ladder::new(&[20, 15, 2], Activation::Relu, Seed::new(6)).unwrap();
        let images = Arc::new(Sparse::from_matrix(&data().0));
        message(LadderTrainer::new(ladder, images, labelled, recipe, Descent::adam(0.01)).err().unwrap())
    };
    let labelled = |labels: Vec<u8>| Labelled { indices: vec![0, 1, 2], labels, batch: 3 };
    let loud = Recipe { noise: 1.5, ..Recipe::published(2) };
    let expected = "Gaussian noise: expected a strength from 0 to 1, found 1.5";
    assert_eq!(refused(loud, labelled(vec![0, 1, 0])), expected);
    let expected = "expected a denoising cost for each of 3 layers, found 4";
    assert_eq!(refused(Recipe::published(3), labelled(vec![0, 1, 0])), expected);
    let found = refused(Recipe::published(2), labelled(vec![0, 2, 0]));
    assert_eq!(found, "sample 1: expected a label below 2, found 2");
    assert_eq!(refused(Recipe::published(2), labelled(vec![0, 1])), "expected 3 labels, found 2");
    let alone = Labelled { indices: vec![0], labels: vec![1], batch: 3 };
    assert_eq!(refused(Recipe::published(2), alone), "expected 2 labels, found 1");
}
