//! Weight decay and running averages: ten steps written out in `f64`, and traces of PyTorch's optimisers.
//!
//! The traces are the parameters after ten steps of PyTorch 2.15 in double precision, from `1 − 0.3 i` (eight of them)
//! with the gradients of [`gradient`], rounded to seven digits.

use train::{Decay, Descent, Epoch, Kind, Optimiser, Param, Parameters, Rule, Schedule, check_gradient};

use crate::toy::Toy;

const ADAM: Rule = Rule::Adam { beta1: 0.9, beta2: 0.999 };
const HEAVY: Rule = Rule::Sgd { momentum: 0.7 };

/// The gradient of step `t` (from 1) at parameter `i`.
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

/// Ten steps, two of them an epoch.
fn ten_steps(descent: Descent) -> Vec<f32> {
    let mut toy = as_toy(|i| 1.0 - 0.3 * i as f64);
    let mut optimiser = Optimiser::with(descent, &toy);
    for t in 1..=10usize {
        optimiser.epoch = Epoch { number: t.div_ceil(2), of: 5 };
        optimiser.step(&mut toy, &as_toy(|i| gradient(t, i)));
    }
    toy.flat()
}

fn assert_ends(descent: Descent, expected: [f64; 8]) {
    for (i, (a, b)) in ten_steps(descent).iter().zip(expected).enumerate() {
        // Ten roundings of a number near 1, and the seventh digit of the trace.
        assert!((f64::from(*a) - b).abs() < 2e-6, "{descent:?}, parameter {i}: {a} against {b}");
    }
}

/// Ten steps by hand: `shrink` and `add` from the decay, `change` from the rule.
fn by_hand(rate: f64, decay: Decay, rule: impl Fn(&mut [f64; 2], i32, f64) -> f64) -> [f64; 8] {
    std::array::from_fn(|i| {
        let (mut x, mut state) = (f64::from((1.0 - 0.3 * i as f64) as f32), [0.0; 2]);
        for t in 1..=10 {
            let mut g = f64::from(gradient(t, i) as f32);
            match decay {
                Decay::None => {}
                Decay::Coupled(decay) => g += f64::from(decay) * x,
                Decay::Decoupled(decay) => x -= rate * f64::from(decay) * x,
            }
            x -= rate * rule(&mut state, t as i32, g);
        }
        x
    })
}

fn heavy(state: &mut [f64; 2], _: i32, g: f64) -> f64 {
    state[0] = f64::from(0.7_f32) * state[0] + g;
    state[0]
}

fn adam([m, s]: &mut [f64; 2], t: i32, g: f64) -> f64 {
    let (b1, b2) = (f64::from(0.9_f32), f64::from(0.999_f32));
    *m = b1 * *m + (1.0 - b1) * g;
    *s = b2 * *s + (1.0 - b2) * g * g;
    (*m / (1.0 - b1.powi(t))) / ((*s / (1.0 - b2.powi(t))).sqrt() + 1e-8)
}

#[test]
fn decay_joins_the_gradient_or_the_weight() {
    for decay in [Decay::None, Decay::Coupled(0.2), Decay::Decoupled(0.2)] {
        let descent = |rule, rate| Descent { decay, ..Descent::new(rule, rate) };
        assert_ends(descent(HEAVY, 0.05), by_hand(f64::from(0.05_f32), decay, heavy));
        assert_ends(descent(ADAM, 0.01), by_hand(f64::from(0.01_f32), decay, adam));
    }
}

/// `SGD(lr=0.05, momentum=0.7, weight_decay=0.2)`, `Adam(lr=0.01, weight_decay=0.2)`, `AdamW(lr=0.01, weight_decay=0.2)`.
#[test]
fn decay_is_that_of_pytorch() {
    let descent = |rule, rate, decay| Descent { decay, ..Descent::new(rule, rate) };
    let (coupled, decoupled) = (Decay::Coupled(0.2), Decay::Decoupled(0.2));
    let sgd = [0.7520611, 0.4860721, 0.7178164, 0.0808905, -0.0831641, -0.5143118, -0.6122766, -0.7974564];
    let adam = [0.906465, 0.6630697, 0.4038073, 0.0985159, -0.1646952, -0.4954584, -0.7025216, -1.0697356];
    let adam_w = [0.9391262, 0.6628142, 0.3968746, 0.1270134, -0.1644777, -0.487125, -0.8239686, -1.0894101];
    assert_ends(descent(HEAVY, 0.05, coupled), sgd);
    assert_ends(descent(ADAM, 0.01, coupled), adam);
    assert_ends(descent(ADAM, 0.01, decoupled), adam_w);
}

/// `SGD(lr=0.05, momentum=0.7)` with `CosineAnnealingLR(T_max=4, eta_min=0.005)` stepped after every second step.
#[test]
fn an_optimiser_follows_its_schedule() {
    let schedule = Schedule::Cosine { last: 0.1, epochs: Some(4) };
    let expected =
        [0.9783603, 0.6138673, 1.5282313, 0.1180736, -0.0489509, -1.0347824, -0.8158583, -1.1532951];
    assert_ends(Descent { schedule, ..Descent::new(HEAVY, 0.05) }, expected);
}

/// A weight and a running average beside it.
#[derive(Clone)]
struct Averaging([f32; 2]);

impl Parameters for Averaging {
    fn params(&self) -> Vec<Param<&[f32]>> {
        vec![Param::new("w", [1], &self.0[..1]), Param::new("mean", [1], &self.0[1..]).average(0.25)]
    }
    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let (w, mean) = self.0.split_at_mut(1);
        vec![Param::new("w", [1], w), Param::new("mean", [1], mean).average(0.25)]
    }
}

#[test]
fn no_rule_moves_a_running_average() {
    for rule in [HEAVY, ADAM, Rule::RmsProp { decay: 0.9, epsilon: 1e-6 }] {
        let mut model = Averaging([1.0, 8.0]);
        let descent = Descent { decay: Decay::Coupled(0.5), ..Descent::new(rule, 0.1) };
        let mut optimiser = Optimiser::with(descent, &model);
        optimiser.step(&mut model, &Averaging([1.0, 4.0]));
        optimiser.step(&mut model, &Averaging([1.0, 3.0]));
        // 8 → 8 + (4 − 8)/4 = 7 → 7 + (3 − 7)/4 = 6.
        assert_eq!(model.0[1], 6.0);
        assert!(model.0[0] < 1.0);
    }
}

#[test]
fn running_averages_have_no_gradient_norm_or_bound() {
    let mut model = Averaging([3.0, 8.0]);
    assert_eq!(model.params()[1].kind, Kind::Average { momentum: 0.25 });
    assert_eq!((model.norm(), model.count()), (3.0, 2));
    model.clamp(1.0);
    assert_eq!(model.0, [1.0, 8.0]);
    let check = check_gradient(&model, &Averaging([2.0, 99.0]), 1e-2, 1, |m| 2.0 * f64::from(m.0[0]));
    assert!(check.worst < 1e-6, "{check:?}");
}
