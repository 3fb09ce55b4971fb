//! What a caller's numbers can get wrong, and what the messages say.

use std::sync::Arc;

use feedforward::{Activation, Init};
use generative::{
    Adversaries, AdversaryTrainer, Contest, GenerativeError, Images, Likelihood, Normalised, Objective,
    Options, Vae, VaeShape, VaeTrainer,
};
use tensor::layers::Sparse;
use tensor::{Matrix, Seed};
use train::Descent;

use crate::support::{adversaries, binary, mlp, shape, vae};

const OPTIONS: Options = Options { batch: 4, threads: 1 };

fn refused<T>(made: Result<T, GenerativeError>) -> String {
    made.err().map_or_else(|| "made".to_owned(), |error| error.to_string())
}

#[test]
fn shapes_that_cannot_be_built_are_refused() {
    let good = shape(Normalised::No, Likelihood::Bernoulli);
    let nothing = "expected at least one latent variable and no empty layer";
    for bad in [
        VaeShape { latent: 0, ..good.clone() },
        VaeShape { hidden: vec![], ..good.clone() },
        VaeShape { hidden: vec![4, 0], ..good.clone() },
        VaeShape { pixels: 0, ..good.clone() },
    ] {
        assert_eq!(refused(Vae::new(&bad, Init::He, Seed::new(1))), nothing, "{bad:?}");
    }
    for sigma in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        let bad = VaeShape { likelihood: Likelihood::Gaussian { sigma }, ..good.clone() };
        let said = refused(Vae::new(&bad, Init::He, Seed::new(1)));
        assert!(said.starts_with("standard deviation of pixels: expected a positive number"), "{said}");
    }
    let net = |widths: &[usize]| mlp(widths, Activation::Relu, 1);
    let parts = [net(&[9, 5]), net(&[5, 2]), net(&[5, 3]), net(&[2, 9])];
    let said = refused(Vae::from_networks(parts, Likelihood::Bernoulli));
    assert_eq!(said, "log variance: expected 2 features, found 3");
}

#[test]
fn images_that_do_not_fit_are_refused() {
    let trainer = |x: &Matrix| {
        let images = Images::Fixed(Arc::new(Sparse::from_matrix(x)));
        VaeTrainer::new(vae(Normalised::No, Likelihood::Bernoulli), images, Descent::adam(1e-3), OPTIONS)
    };
    assert_eq!(refused(trainer(&binary(8, 5, 1))), "encoder: expected 9 features, found 8");
    assert_eq!(refused(trainer(&Matrix::zeros(9, 0))), "expected at least one of images, found none");
    let mut bright = binary(9, 5, 1);
    bright.column_mut(3)[2] = 255.0;
    assert_eq!(refused(trainer(&bright)), "image 3, pixel 2: expected a value from 0 to 1, found 255");
}

#[test]
fn adversaries_that_do_not_fit_are_refused() {
    let net = |widths: &[usize]| mlp(widths, Activation::Relu, 1);
    let said = refused(Adversaries::new(net(&[3, 6]), net(&[7, 1])));
    assert_eq!(said, "generator: expected 7 features, found 6");
    assert_eq!(refused(Adversaries::new(net(&[3, 6]), net(&[6, 2]))), "critic: expected 1 features, found 2");
    let adam = Descent::adam(1e-3);
    let contest =
        |objective, critic_steps| Contest { objective, critic_steps, generator: adam, critic: adam };
    let trainer = |images: Matrix, contest, activation| {
        AdversaryTrainer::new(adversaries(7, 6, activation), images, contest, OPTIONS)
    };
    let (relu, good) = (Activation::Relu, Objective::NonSaturating);
    let cases = [
        (
            refused(trainer(binary(6, 0, 1), contest(good, 1), relu)),
            "expected at least one of images, found none",
        ),
        (
            refused(trainer(binary(6, 4, 1), contest(good, 0), relu)),
            "expected at least one of steps of the critic, found none",
        ),
        (refused(trainer(binary(5, 4, 1), contest(good, 1), relu)), "critic: expected 6 features, found 5"),
        (
            refused(trainer(binary(6, 4, 1), contest(Objective::Wasserstein { clip: 0.0 }, 1), relu)),
            "clip: expected a positive number, found 0",
        ),
    ];
    for (said, expected) in cases {
        assert_eq!(said, expected);
    }
    let penalised = contest(Objective::Penalised { weight: 10.0 }, 1);
    let said = refused(trainer(binary(6, 4, 1), penalised, Activation::Tanh));
    assert!(said.contains("linear in pieces") && said.contains("tanh"), "{said}");
    let mut wide = binary(6, 4, 1);
    wide.column_mut(1)[0] = 1.5;
    let said = refused(trainer(wide, contest(good, 1), relu));
    assert_eq!(said, "image 1, pixel 0: expected a value from -1 to 1, found 1.5");
}
