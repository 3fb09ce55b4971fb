//! Update rules against ten steps written out here in `f64`, straight from the papers.

use train::{Optimiser, Parameters, Rule, Snapshot};

use crate::toy::Toy;

/// The gradient of step `t` (from 1) at parameter `i`: signs, sizes and zeros vary.
fn gradient(t: usize, i: usize) -> f64 {
    if (t + i).is_multiple_of(4) {
        0.0
    } else {
        (t as f64 * 0.7 + i as f64).sin() * 10f64.powi(i as i32 % 3 - 1)
    }
}

fn as_toy(f: impl Fn(usize) -> f64) -> Toy {
    Toy::new(std::array::from_fn(|i| f(i) as f32), std::array::from_fn(|i| f(i + 6) as f32))
}

fn start() -> Toy {
    as_toy(|i| 1.0 - 0.3 * i as f64)
}

/// Ten steps of `rule` against ten steps of `step(t, g) → change`, which keeps its own state for each parameter.
fn assert_ten_steps<S: FnMut(usize, f64) -> f64>(rule: Rule, rate: f32, reference: impl Fn() -> S) {
    let (mut toy, mut optimiser) = (start(), Optimiser::new(rule, rate, &start()));
    let mut steps: Vec<S> = (0..8).map(|_| reference()).collect();
    let mut expected: Vec<f64> = start().flat().iter().map(|&x| f64::from(x)).collect();
    for t in 1..=10 {
        let g = as_toy(|i| gradient(t, i));
        optimiser.step(&mut toy, &g);
        for (i, x) in expected.iter_mut().enumerate() {
            *x -= f64::from(rate) * steps[i](t, f64::from(g.flat()[i]));
        }
        for (i, (a, b)) in toy.flat().iter().zip(&expected).enumerate() {
            // Ten roundings of a number near 1, and of a change near 1 times the rate.
            assert!((f64::from(*a) - b).abs() < 2e-6, "{rule:?}, step {t}, parameter {i}: {a} against {b}");
        }
    }
    assert_eq!(optimiser.steps, 10);
}

#[test]
fn plain_descent() {
    assert_ten_steps(Rule::Sgd { momentum: 0.0 }, 0.1, || |_, g| g);
}

#[test]
fn heavy_ball() {
    assert_ten_steps(Rule::Sgd { momentum: 0.7 }, 0.05, || {
        let mut velocity = 0.0;
        move |_, g| {
            velocity = f64::from(0.7_f32) * velocity + g;
            velocity
        }
    });
}

#[test]
fn rmsprop_with_epsilon_inside_the_root() {
    assert_ten_steps(Rule::RmsProp { decay: 0.9, epsilon: 1e-2 }, 0.01, || {
        let mut square = 0.0;
        let (decay, epsilon) = (f64::from(0.9_f32), f64::from(1e-2_f32));
        move |_, g| {
            square = decay * square + (1.0 - decay) * g * g;
            g / (square + epsilon).sqrt()
        }
    });
}

#[test]
fn adam_with_both_corrections() {
    assert_ten_steps(Rule::Adam { beta1: 0.9, beta2: 0.999 }, 0.01, || {
        let (mut mean, mut square) = (0.0, 0.0);
        let (b1, b2) = (f64::from(0.9_f32), f64::from(0.999_f32));
        move |t, g| {
            mean = b1 * mean + (1.0 - b1) * g;
            square = b2 * square + (1.0 - b2) * g * g;
            let (m, s) = (mean / (1.0 - b1.powi(t as i32)), square / (1.0 - b2.powi(t as i32)));
            m / (s.sqrt() + 1e-8)
        }
    });
}

#[test]
fn adam_s_first_step_is_the_rate_whatever_the_gradient_s_size() {
    for size in [1e-3, 1.0, 1e3] {
        let (mut toy, g) = (start(), as_toy(|_| size));
        Optimiser::new(Rule::Adam { beta1: 0.9, beta2: 0.999 }, 0.01, &toy).step(&mut toy, &g);
        for (after, before) in toy.flat().iter().zip(start().flat()) {
            assert!((before - after - 0.01).abs() < 1e-6, "{before} → {after}");
        }
    }
}

#[test]
fn an_optimiser_restored_from_bytes_makes_the_same_steps() {
    for rule in [Rule::Sgd { momentum: 0.9 }, Rule::Adam { beta1: 0.9, beta2: 0.999 }] {
        let (mut toy, mut optimiser) = (start(), Optimiser::new(rule, 0.1, &start()));
        (1..=3).for_each(|t| optimiser.step(&mut toy, &as_toy(|i| gradient(t, i))));
        let bytes = Snapshot { epoch: 0, tensors: optimiser.tensors() }.encode("");
        let (mut other, mut restored) = (toy.clone(), Optimiser::new(rule, 0.1, &start()));
        restored.restore(&Snapshot::decode(&bytes).unwrap().0).unwrap();
        (4..=6).for_each(|t| {
            optimiser.step(&mut toy, &as_toy(|i| gradient(t, i)));
            restored.step(&mut other, &as_toy(|i| gradient(t, i)));
        });
        assert!(toy == other && optimiser.tensors() == restored.tensors());
    }
}

#[test]
#[should_panic(expected = "matrix: [2, 3] against [3, 2]")]
fn a_gradient_of_another_shape_is_refused_with_both() {
    use train::Param;
    #[derive(Clone)]
    struct Turned(Toy, bool);
    impl Parameters for Turned {
        fn params(&self) -> Vec<Param<&[f32]>> {
            let shape = if self.1 { [3, 2] } else { [2, 3] };
            vec![Param::new("matrix", shape, &self.0.matrix[..])]
        }
        fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
            let shape = if self.1 { [3, 2] } else { [2, 3] };
            vec![Param::new("matrix", shape, &mut self.0.matrix[..])]
        }
    }
    let (mut model, gradient) = (Turned(start(), false), Turned(start(), true));
    Optimiser::new(Rule::Sgd { momentum: 0.0 }, 0.1, &model).step(&mut model, &gradient);
}

/// A parameter that saw one gradient and then none: its moments shrink by a constant factor a step.
#[test]
fn moments_that_fade_become_zero_and_not_subnormal() {
    for rule in [
        Rule::Sgd { momentum: 0.7 },
        Rule::RmsProp { decay: 0.9, epsilon: 1e-2 },
        Rule::Adam { beta1: 0.9, beta2: 0.99 },
    ] {
        let (mut toy, mut optimiser) = (start(), Optimiser::new(rule, 0.1, &start()));
        optimiser.step(&mut toy, &as_toy(|i| gradient(1, i)));
        let rest = as_toy(|_| 0.0);
        for _ in 0..10_000 {
            optimiser.step(&mut toy, &rest);
            let moments = [optimiser.first.flat(), optimiser.second.flat()].concat();
            assert!(!moments.iter().any(|m| m.is_subnormal()), "{rule:?}: {moments:?}");
        }
        assert!(
            [optimiser.first.flat(), optimiser.second.flat()].concat().iter().all(|&m| m == 0.0),
            "{rule:?}"
        );
    }
}
