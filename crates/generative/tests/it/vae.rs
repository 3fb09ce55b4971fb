//! The autoencoder: its gradient, its counts, and what the bound is made of.

use feedforward::{Activation, Init};
use generative::{Likelihood, Normalised, Vae, VaeShape};
use tensor::{Matrix, Seed};
use train::{Kind, Parameters, check_gradient};

use crate::support::{binary, mean, normal, shape, vae};

const LAWS: [Likelihood; 2] = [Likelihood::Bernoulli, Likelihood::Gaussian { sigma: 0.7 }];

#[test]
fn the_gradient_is_that_of_the_bound_at_fixed_noise() {
    for normalised in [Normalised::No, Normalised::Batch] {
        for likelihood in LAWS {
            let (vae, x) = (vae(normalised, likelihood), binary(9, 24, 1));
            let loss = |vae: &Vae| -vae.gradient(&x, &mut Seed::new(8).stream()).0.total();
            let (_, gradient) = vae.gradient(&x, &mut Seed::new(8).stream());
            let check = check_gradient(&vae, &gradient, 1e-3, 1, loss);
            // Losses near 10 in single precision, over steps of 0.001.
            assert!(check.worst < 5e-3, "{normalised:?} {likelihood:?}: {check:?}");
        }
    }
}

#[test]
fn the_reports_autoencoder_has_its_count_of_parameters() {
    let reported = VaeShape {
        pixels: 784,
        hidden: vec![512, 256],
        latent: 2,
        activation: Activation::Relu,
        normalised: Normalised::Batch,
        likelihood: Likelihood::Bernoulli,
    };
    let count = |shape: &VaeShape| Vae::new(shape, Init::Uniform, Seed::new(1)).unwrap().count();
    assert_eq!(count(&reported), 1_074_980);
    assert_eq!(count(&VaeShape { normalised: Normalised::No, ..reported }), 1_068_820);
}

/// A mean over pixels in the place of their sum, which is a common slip, would weigh the divergence as many times more as there are
/// pixels.
#[test]
fn both_parts_are_sums_over_their_variables() {
    for likelihood in LAWS {
        let vae = vae(Normalised::No, likelihood);
        let x = binary(9, 5, 2);
        for (j, elbo) in vae.elbo(&x, &mut Seed::new(4).stream()).into_iter().enumerate() {
            let mut noise = Seed::new(4).stream();
            let mut epsilon = Matrix::zeros(2, 5);
            noise.normal(&mut epsilon, 1.0);
            let posterior = vae.posterior(&x);
            let means = vae.decode(&posterior.draw(&epsilon));
            let pixels = means.column(j).iter().zip(x.column(j));
            let by_hand: f64 = pixels
                .map(|(&p, &x)| {
                    let (p, x) = (f64::from(p), f64::from(x));
                    match likelihood {
                        Likelihood::Bernoulli => (if x > 0.5 { p } else { 1.0 - p }).ln(),
                        Likelihood::Gaussian { sigma } => {
                            let v = f64::from(sigma).powi(2);
                            -0.5 * ((x - p).powi(2) / v + (std::f64::consts::TAU * v).ln())
                        }
                    }
                })
                .sum();
            assert!((elbo.log_likelihood - by_hand).abs() < 1e-4, "{elbo:?} against {by_hand}");
            assert_eq!(elbo.divergence, posterior.divergence()[j]);
        }
    }
}

#[test]
fn logits_of_ten_thousand_keep_their_likelihood() {
    let outputs = Matrix::from_vec(2, 1, vec![1e4, -1e4]);
    let law = Likelihood::Bernoulli;
    assert_eq!(law.log_likelihood(&outputs, &Matrix::from_vec(2, 1, vec![1.0, 0.0])), [0.0]);
    assert_eq!(law.log_likelihood(&outputs, &Matrix::from_vec(2, 1, vec![0.0, 1.0])), [-2e4]);
}

#[test]
fn running_averages_take_the_place_of_the_mini_batch_when_it_is_used() {
    let vae = vae(Normalised::Batch, Likelihood::Bernoulli);
    let x = binary(9, 4, 3);
    let all = vae.posterior(&x);
    let first = vae.posterior(&x.gather(&[0]));
    for (a, b) in all.mean.column(0).iter().zip(first.mean.column(0)) {
        assert!((a - b).abs() < 1e-5, "{a} against {b}");
    }
    let (_, gradient) = vae.gradient(&x, &mut Seed::new(1).stream());
    let averages = gradient.params().into_iter().filter(|p| p.kind != Kind::Learned);
    assert!(averages.into_iter().any(|p| p.values.iter().any(|x| *x != 0.0)));
}

#[test]
fn descending_raises_the_bound() {
    let mut model = vae(Normalised::No, Likelihood::Bernoulli);
    let x = binary(9, 40, 5);
    let bound = |vae: &Vae| {
        let draws: Vec<f64> =
            (0..200).flat_map(|d| vae.elbo(&x, &mut Seed::new(d).stream())).map(|e| e.total()).collect();
        mean(&draws)
    };
    let before = bound(&model);
    let mut noise = Seed::new(6).stream();
    for _ in 0..200 {
        let (_, gradient) = model.gradient(&x, &mut noise);
        model.axpy(-0.05, &gradient);
    }
    assert!(bound(&model) > before + 0.1, "{} after {before}", bound(&model));
}

#[test]
fn a_shape_is_what_is_built() {
    let vae = Vae::new(&shape(Normalised::No, Likelihood::Bernoulli), Init::He, Seed::new(2)).unwrap();
    assert_eq!((vae.pixels(), vae.latent()), (9, 2));
    assert_eq!(vae.decode(&normal(2, 3, 1.0, 1)).rows(), 9);
    assert!(!vae.is_normalised());
    let names: Vec<String> = vae.params().into_iter().map(|p| p.name).collect();
    assert_eq!(names[0], "encoder.layers.0.weight");
    assert!(names.contains(&"log_variance.layers.0.bias".to_owned()));
}
