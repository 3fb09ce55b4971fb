//! Losses: signs, closed forms, gradients by differences.

use generative::Objective;
use proptest::prelude::*;
use tensor::Matrix;

const ALL: [Objective; 4] = [
    Objective::NonSaturating,
    Objective::Minimax,
    Objective::Wasserstein { clip: 0.01 },
    Objective::Penalised { weight: 10.0 },
];

fn row(values: &[f32]) -> Matrix {
    Matrix::from_vec(1, values.len(), values.to_vec())
}

#[test]
fn gradients_are_those_of_the_losses() {
    let (real, fake) = (row(&[0.3, -1.2, 2.0]), row(&[-0.4, 0.9]));
    let h = 1e-2f32;
    for objective in ALL {
        let (_, [d_real, d_fake]) = objective.critic(&real, &fake);
        let (_, d_generator) = objective.generator(&fake);
        for j in 0..3 {
            let moved = |by: f32| {
                let mut real = real.clone();
                real.column_mut(j)[0] += by;
                objective.critic(&real, &fake).0
            };
            let slope = (moved(h) - moved(-h)) / (2.0 * f64::from(h));
            assert!((slope - f64::from(d_real.column(j)[0])).abs() < 1e-4, "{objective:?} real {j}");
        }
        for j in 0..2 {
            let moved = |by: f32| {
                let mut fake = fake.clone();
                fake.column_mut(j)[0] += by;
                [objective.critic(&real, &fake).0, objective.generator(&fake).0]
            };
            let (up, down) = (moved(h), moved(-h));
            for (k, d) in [&d_fake, &d_generator].into_iter().enumerate() {
                let slope = (up[k] - down[k]) / (2.0 * f64::from(h));
                assert!((slope - f64::from(d.column(j)[0])).abs() < 1e-4, "{objective:?} fake {j} {k}");
            }
        }
    }
}

/// Everyone's loss falls as it should: the critic's where it gives more to real samples or less to generated ones, the generator's
/// where the critic gives more to its samples.
#[test]
fn each_player_wants_what_it_should() {
    let outputs = row(&[-3.0, 0.0, 3.0]);
    for objective in ALL {
        let (_, [real, fake]) = objective.critic(&outputs, &outputs);
        let (_, generator) = objective.generator(&outputs);
        for j in 0..3 {
            assert!(real.column(j)[0] < 0.0 && fake.column(j)[0] > 0.0, "{objective:?}");
            assert!(generator.column(j)[0] < 0.0, "{objective:?}");
        }
    }
}

#[test]
fn the_two_generator_losses_pull_alike_and_differ_where_the_critic_is_sure() {
    let sure = row(&[-12.0]);
    let strong = Objective::NonSaturating.generator(&sure).1.column(0)[0];
    let weak = Objective::Minimax.generator(&sure).1.column(0)[0];
    assert!(strong < -0.99 && weak < 0.0 && weak > -1e-5, "{strong} {weak}");
    let even = row(&[0.0]);
    let [a, b] = [Objective::NonSaturating, Objective::Minimax].map(|o| o.generator(&even).1.column(0)[0]);
    assert_eq!(a, b);
}

#[test]
fn a_discriminator_that_cannot_tell_loses_ln_two() {
    let nothing = row(&[0.0; 4]);
    let (loss, _) = Objective::NonSaturating.critic(&nothing, &nothing);
    assert!((loss - std::f64::consts::LN_2).abs() < 1e-12);
    assert!((Objective::NonSaturating.generator(&nothing).0 - std::f64::consts::LN_2).abs() < 1e-12);
}

/// Descent on the outputs at the points of a discrete toy ends where `D = p / (p + q)` [Goodfellow2014, proposition 1].
#[test]
fn the_best_discriminator_is_the_share_of_the_real() {
    let (p, q) = ([4, 1, 3, 2], [1, 1, 2, 6]);
    let spread = |logits: &[f32], counts: [usize; 4]| {
        let all: Vec<f32> = (0..4).flat_map(|k| vec![logits[k]; counts[k]]).collect();
        row(&all)
    };
    let mut logits = vec![0.0f32; 4];
    for _ in 0..4000 {
        let (_, [d_real, d_fake]) = Objective::NonSaturating.critic(&spread(&logits, p), &spread(&logits, q));
        let sum = |d: &Matrix, counts: [usize; 4], k: usize| -> f32 {
            let begin: usize = counts[..k].iter().sum();
            d.as_slice()[begin..begin + counts[k]].iter().sum()
        };
        let slopes: Vec<f32> = (0..4).map(|k| sum(&d_real, p, k) + sum(&d_fake, q, k)).collect();
        logits.iter_mut().zip(slopes).for_each(|(z, slope)| *z -= 2.0 * slope);
    }
    for k in 0..4 {
        let found = 1.0 / (1.0 + f64::from(-logits[k]).exp());
        let expected = p[k] as f64 / (p[k] + q[k]) as f64;
        assert!((found - expected).abs() < 1e-4, "{k}: {found} against {expected}");
    }
}

proptest! {
    /// A Wasserstein critic's loss changes its sign where real and generated samples change places.
    #[test]
    fn a_wasserstein_loss_is_antisymmetric(a in prop::collection::vec(-5.0f32..5.0, 1..6), b in prop::collection::vec(-5.0f32..5.0, 1..6)) {
        let objective = Objective::Wasserstein { clip: 1.0 };
        let (one, _) = objective.critic(&row(&a), &row(&b));
        let (other, _) = objective.critic(&row(&b), &row(&a));
        prop_assert!((one + other).abs() < 1e-9);
    }
}
