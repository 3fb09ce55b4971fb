//! The gradient penalty against differences of itself, and what a critic learns with it.

use feedforward::{Activation, AnyLayer, Convolution, Dense, Init, Maps, Network, Sliding};
use generative::Objective;
use generative::penalty::{between, of_slopes, penalty};
use tensor::{Matrix, Seed};
use train::{Descent, Optimiser, Parameters, check_gradient};

use crate::support::{mlp, normal};

/// Central differences of the penalty, which itself holds a first derivative: second differences of the critic.
fn check(critic: &Network, points: &Matrix, what: &str) {
    let mut gradient = critic.zeros_like();
    let total = penalty(critic, points, 3.0, &mut gradient).unwrap();
    assert!(total > 0.0, "{what}");
    let value = |critic: &Network| penalty(critic, points, 3.0, &mut critic.zeros_like()).unwrap();
    let found = check_gradient(critic, &gradient, 1e-3, 1, value);
    // Steps small enough to stay on one side of every kink at almost all points; slopes are f32 numbers near 1.
    assert!(found.worst < 2e-2, "{what}: {found:?}");
    for param in gradient.params().into_iter().filter(|p| p.name.ends_with("bias")) {
        assert!(param.values.iter().all(|x| *x == 0.0), "{what}: {} has a gradient", param.name);
    }
}

#[test]
fn the_gradient_of_the_penalty_is_its_difference() {
    for activation in [Activation::Relu, Activation::LeakyRelu] {
        let network = Network::mlp(&[5, 8, 6, 1], activation, 0.0, Init::He, Seed::new(4)).unwrap();
        check(&network, &normal(5, 4, 1.0, 1), &activation.to_string());
    }
    let image = Maps { channels: 1, height: 5, width: 5 };
    let convolution =
        Convolution::new(image, 3, Sliding { kernel: [3, 3], stride: 1, padding: 0 }, Init::He, Seed::new(5))
            .unwrap();
    let out = convolution.maps()[1].features();
    let layers = vec![
        AnyLayer::Convolution(convolution),
        AnyLayer::Activation(Activation::LeakyRelu),
        AnyLayer::Dense(Dense::new(out, 1, Init::He, Seed::new(6))),
    ];
    check(&Network::new(layers).unwrap(), &normal(25, 3, 1.0, 2), "convolution");
}

#[test]
fn a_linear_critic_pays_for_its_norm() {
    let critic = mlp(&[3, 1], Activation::Relu, 7);
    let weights = critic.dense().next().unwrap().weights.as_slice().to_vec();
    let norm = weights.iter().map(|w| f64::from(w * w)).sum::<f64>().sqrt();
    let mut gradient = critic.zeros_like();
    let total = penalty(&critic, &normal(3, 6, 1.0, 1), 10.0, &mut gradient).unwrap();
    assert!((total - 10.0 * (norm - 1.0).powi(2)).abs() < 1e-5);
    for (g, w) in gradient.dense().next().unwrap().weights.as_slice().iter().zip(&weights) {
        let expected = 20.0 * (1.0 - 1.0 / norm) * f64::from(*w);
        assert!((f64::from(*g) - expected).abs() < 1e-4, "{g} against {expected}");
    }
}

#[test]
fn a_slope_of_zero_moves_nothing() {
    let (total, v) = of_slopes(Matrix::zeros(3, 2), 10.0);
    assert_eq!(total, 10.0);
    assert!(v.as_slice().iter().all(|x| *x == 0.0));
}

#[test]
fn a_smooth_critic_is_refused() {
    let critic = mlp(&[3, 4, 1], Activation::Tanh, 7);
    let error = penalty(&critic, &normal(3, 2, 1.0, 1), 1.0, &mut critic.zeros_like()).unwrap_err();
    assert!(error.to_string().contains("tanh"), "{error}");
}

#[test]
fn points_between_lie_on_the_segment() {
    let (x, y) = (normal(2, 50, 1.0, 1), normal(2, 50, 1.0, 2));
    let points = between(&x, &y, &mut Seed::new(3).stream());
    for j in 0..50 {
        let share = |i: usize| {
            let [p, x, y] = [&points, &x, &y].map(|m| f64::from(m.column(j)[i]));
            (p - y) / (x - y)
        };
        assert!((share(0) - share(1)).abs() < 1e-3 && (-1e-4..1.0001).contains(&share(0)));
    }
}

/// Two normal laws of equal width lie as far apart as their means, and a critic of slope 1 finds that.
#[test]
fn a_critic_of_two_shifted_laws_recovers_the_shift() {
    let shift = 1.7f32;
    let mut critic = Network::mlp(&[1, 16, 16, 1], Activation::Relu, 0.0, Init::He, Seed::new(9)).unwrap();
    let mut optimiser = Optimiser::with(Descent::adam(5e-3), &critic);
    let objective = Objective::Penalised { weight: 10.0 };
    let mut noise = Seed::new(2).stream();
    let mut found = Vec::new();
    for step in 0..800 {
        let (mut real, mut fake) = (Matrix::zeros(1, 256), Matrix::zeros(1, 256));
        noise.normal(&mut real, 0.5);
        noise.normal(&mut fake, 0.5);
        real.as_mut_slice().iter_mut().for_each(|x| *x += shift);
        let mut gradient = critic.zeros_like();
        let mode = &mut feedforward::Mode::Evaluate;
        let [(on_real, a), (on_fake, b)] =
            [&real, &fake].map(|x| feedforward::Layer::forward(&critic, x, mode));
        let (loss, [d_real, d_fake]) = objective.critic(&on_real, &on_fake);
        feedforward::Layer::backward(&critic, &real, &on_real, &a, d_real, &mut gradient);
        feedforward::Layer::backward(&critic, &fake, &on_fake, &b, d_fake, &mut gradient);
        penalty(&critic, &between(&real, &fake, &mut noise), 10.0, &mut gradient).unwrap();
        optimiser.step(&mut critic, &gradient);
        if step >= 600 {
            found.push(-loss);
        }
    }
    let distance = crate::support::mean(&found);
    // The penalty lets the slope exceed 1 a little: its best weight is (1 + shift / 20) of it.
    assert!((distance - f64::from(shift)).abs() < 0.25, "{distance}");
}
