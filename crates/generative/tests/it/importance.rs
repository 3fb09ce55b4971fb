//! Importance-weighted bounds beside sums by hand.

use generative::{Likelihood, Normalised, Posterior, importance};
use tensor::{Matrix, Seed};

use crate::support::{binary, vae};

#[test]
fn a_bound_is_the_mean_weight_by_hand() {
    let model = vae(Normalised::No, Likelihood::Bernoulli);
    let x = binary(9, 1, 1);
    let samples = 300; // more than go through the decoder at once
    let found = importance::bound(&model, &x, samples, Seed::new(4));
    let mut noise = Seed::new(4).stream();
    let mut weights = Vec::new();
    for count in [256, 44] {
        let mut epsilon = Matrix::zeros(2, count);
        noise.normal(&mut epsilon, 1.0);
        let posterior = model.posterior(&x.gather(&vec![0; count]));
        let z = posterior.draw(&epsilon);
        let likelihoods = model.likelihood().log_likelihood(&model.outputs(&z), &x.gather(&vec![0; count]));
        let others = Posterior::log_prior(&z).into_iter().zip(posterior.log_density(&z));
        weights.extend(likelihoods.into_iter().zip(others).map(|(l, (p, q))| (l + p - q).exp()));
    }
    let by_hand = (weights.iter().sum::<f64>() / samples as f64).ln();
    // One image's posterior and that of many copies differ by the rounding of products of other widths.
    assert!((found - by_hand).abs() < 1e-5, "{found} against {by_hand}");
}

#[test]
fn an_images_bound_does_not_depend_on_its_neighbours() {
    let model = vae(Normalised::Batch, Likelihood::Bernoulli);
    let x = binary(9, 5, 2);
    let all = importance::bounds(&model, &x, 20, Seed::new(1));
    let some = importance::bounds(&model, &x.gather(&[0, 1]), 20, Seed::new(1));
    assert_eq!(all[..2], some);
    assert!(all.iter().all(|bound| bound.is_finite() && *bound < 0.0));
}
