//! What up-down is expected to do, where recognition is exact: the gradient of the likelihood, and no change of
//! recognition.

use energy::wake_sleep::{Phases, StepRule, UpDown};
use energy::{Bernoulli, Directed, LabelDbn, Rbm, Units, VisibleState, one_hot};
use tensor::plain::softplus;
use tensor::{Matrix, Seed};
use train::Parameters;

use crate::listed::{all, joint, lively_labels};
use crate::support::{assert_close, flat};

/// A network 5 – 2 – (2 + 3) – 4 whose recognition is exact.
///
/// A pixel listens to one hidden unit only, and the top has no weights, so that the posterior of hidden unit `j` is
/// logistic: its log-odds are `aⱼ + Σᵢ vᵢwᵢⱼ − Σᵢ (softplus(bᵢ + wᵢⱼ) − softplus(bᵢ))`, with the top's bias `aⱼ`. The
/// first recognition weights are these. Without weights, one sweep at the top is an exact sample of it.
fn with_exact_recognition() -> LabelDbn {
    let mut top = lively_labels(2, 3, 4, 1);
    top.weights.as_mut_slice().fill(0.0);
    let parent = [0, 0, 1, 1, 1];
    let strength = [1.5f32, -1.0, 0.8, 1.2, -2.0];
    let bias = vec![0.3f32, -0.2, 0.1, 0.5, 0.4];
    let weights = Matrix::from_fn(5, 2, |i, j| if parent[i] == j { strength[i] } else { 0.0 });
    let log_odds = |j: usize| {
        let lost = bias.iter().zip(weights.column(j)).map(|(&b, &w)| {
            let b = f64::from(b);
            softplus(b + f64::from(w)) - softplus(b)
        });
        (f64::from(top.visible.units.bias[j]) - lost.sum::<f64>()) as f32
    };
    let hidden = Bernoulli { bias: vec![log_odds(0), log_odds(1)] };
    LabelDbn::tied(&[Rbm { visible: Bernoulli { bias }, hidden, weights }], top)
}

/// Image number 22 with label 1.
fn image_and_label(samples: usize) -> (Matrix, Matrix) {
    (Bernoulli::new(5).states(22, 1).gather(&vec![0; samples]), one_hot(&vec![1; samples], 3).unwrap())
}

/// `∂f/∂θ` for every parameter, by central differences.
fn slopes<M: Parameters + Clone>(model: &M, f: impl Fn(&M) -> f64) -> Vec<f64> {
    let mut slopes = Vec::new();
    for (p, param) in model.params().into_iter().enumerate() {
        for index in 0..param.values.len() {
            let at = |by: f32| {
                let mut moved = model.clone();
                moved.params_mut().swap_remove(p).values[index] += by;
                f(&moved)
            };
            slopes.push((at(1e-2) - at(-1e-2)) / 2e-2);
        }
    }
    slopes
}

/// The posterior by Bayes' rule is what the recognition weights say.
#[test]
fn recognition_of_the_prepared_network_is_exact() {
    let dbn = with_exact_recognition();
    let (up, down) = (&dbn.recognition()[0], &dbn.generation()[0]);
    let h = all(&up.units);
    for v in 0..32 {
        let v = Bernoulli::new(5).states(v, 1).gather(&[0; 4]);
        let prior = Directed { weights: Matrix::zeros(5, 2), units: dbn.top().visible.units.clone() };
        let log_p: Vec<f64> = prior
            .log_probability(&v, &h)
            .into_iter()
            .zip(down.log_probability(&h, &v))
            .map(|(a, b)| a + b)
            .collect();
        let evidence = tensor::plain::log_sum_exp(&log_p);
        let posterior: Vec<f64> = log_p.into_iter().map(|log_p| log_p - evidence).collect();
        assert_close(&up.log_probability(&v, &h), &posterior, 1e-5);
    }
}

/// `⟨v − p(v | h)⟩` under `q(h | v)`, listed: the gradient of `log p(v)` along the generative parameters.
#[test]
fn the_wake_update_expected_under_exact_recognition_is_the_gradient_of_the_likelihood() {
    let dbn = with_exact_recognition();
    let (up, down) = (&dbn.recognition()[0], &dbn.generation()[0]);
    let (v, h) = (image_and_label(4).0, all(&up.units));
    let mut expected = vec![0.0; down.count()];
    for (y, log_q) in up.log_probability(&v, &h).into_iter().enumerate() {
        let mut moved = down.clone();
        moved.learn(&h.gather(&[y]), &v.gather(&[0]), 1.0);
        moved.axpy(-1.0, down);
        expected.iter_mut().zip(flat(&moved)).for_each(|(sum, x)| *sum += log_q.exp() * x);
    }
    let labels: Vec<Matrix> = (0..3).map(|label| one_hot(&[label], 3).unwrap()).collect();
    let log_p = |dbn: &LabelDbn| labels.iter().map(|label| joint(dbn, label)[22]).sum::<f64>().ln();
    let slopes = slopes(&dbn, log_p);
    let names = dbn.params();
    let before: usize =
        names.iter().take_while(|p| p.name.starts_with("recognition")).map(|p| p.values.len()).sum();
    // The step of 1e-2 costs h²/6 of a third derivative below 1, rounding about 1e-5.
    assert_close(&expected, &slopes[before..before + expected.len()], 1e-4);
    assert!(expected.iter().any(|x| x.abs() > 0.3), "a gradient near zero tests nothing");
}

/// Over 400 mini-batches of 100 copies of one image: the mean move of each parameter, and its standard error.
fn mean_move(dbn: &LabelDbn, options: &UpDown) -> (Vec<f64>, Vec<f64>) {
    let (batches, batch) = (400, 100);
    let (images, labels) = image_and_label(batch);
    let mut noise = Seed::new(3).stream();
    let (mut sums, mut squares) = (vec![0.0; dbn.count()], vec![0.0; dbn.count()]);
    for _ in 0..batches {
        let mut moved = dbn.clone();
        Phases::draw(dbn, (&images, &labels), options, &mut noise).learn(&mut moved, 1.0 / batch as f32);
        moved.axpy(-1.0, dbn);
        for ((sum, square), x) in sums.iter_mut().zip(&mut squares).zip(flat(&moved)) {
            *sum += x;
            *square += x * x;
        }
    }
    let n = f64::from(batches);
    let mean: Vec<f64> = sums.iter().map(|sum| sum / n).collect();
    let error =
        squares.iter().zip(&mean).map(|(square, mean)| ((square / n - mean * mean) / n).sqrt()).collect();
    (mean, error)
}

/// In the network with exact recognition and a top that one sweep samples, a step is expected to climb `log p(v, l)`
/// with generation and top, and to leave recognition, which has nothing to learn.
#[test]
fn a_step_with_exact_recognition_climbs_the_likelihood_and_leaves_recognition() {
    let dbn = with_exact_recognition();
    let options = UpDown { rate: 1.0, step: StepRule::Mean, sweeps: 1, dream: VisibleState::Sampled };
    let (mean, error) = mean_move(&dbn, &options);
    let label = one_hot(&[1], 3).unwrap();
    let slopes = slopes(&dbn, |dbn| joint(dbn, &label)[22].ln());
    let names = dbn.params().into_iter().flat_map(|p| vec![p.name; p.values.len()]);
    for (at, name) in names.enumerate() {
        let expected = if name.starts_with("recognition") { 0.0 } else { slopes[at] };
        // 6.5 standard errors, and 1e-3 for central differences and for moves of one size, which have no error.
        let bound = 6.5 * error[at] + 1e-3;
        assert!((mean[at] - expected).abs() < bound, "{name}: {} against {expected} ± {bound}", mean[at]);
    }
    assert!(error.iter().all(|&error| error < 0.02), "bounds must be small beside the gradient: {error:?}");
    assert!(slopes.iter().any(|x| x.abs() > 0.3), "a gradient near zero tests nothing");
}

/// What dreams say of recognition, `⟨log q(h | v)⟩`, is concave and largest where recognition is exact: from anywhere the
/// expected move has a positive product with the way there.
#[test]
fn wrong_recognition_is_moved_towards_the_posterior() {
    let (right, options) = (
        with_exact_recognition(),
        UpDown { rate: 1.0, step: StepRule::Mean, sweeps: 1, dream: VisibleState::Sampled },
    );
    let mut wrong = right.clone();
    wrong
        .params_mut()
        .into_iter()
        .filter(|p| p.name.starts_with("recognition"))
        .for_each(|p| p.values.fill(0.0));
    let (mean, error) = mean_move(&wrong, &options);
    let way: Vec<f64> = flat(&right).iter().zip(flat(&wrong)).map(|(right, wrong)| right - wrong).collect();
    let product: f64 = way.iter().zip(&mean).map(|(way, mean)| way * mean).sum();
    let bound: f64 = way.iter().zip(&error).map(|(way, error)| 6.5 * way.abs() * error).sum();
    assert!(product > bound, "{product} beside {bound}");
}
