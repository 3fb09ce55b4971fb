//! Figure 18 and Table 11 of the report on generative models: digits that a variational autoencoder draws.

use engine::claim::{OURS, both};
use engine::{Claim, Question, Scaled, pick};
use generative::Normalised;

use super::claims::{blurry, blurs_what_it_sees, different, likely, parameters, recognisable};
use super::model::{Learning, Model};
use super::origins::ORIGINS;
use super::recipe::Vaes;
use super::train::Seen;
use crate::drawn::on_the_way;
use crate::experiment::{Experiment, reports};

/// The report's autoencoder.
pub const VAE_2: Model =
    Model { name: "VAE", hidden: &[512, 256], latent: 2, normalised: Normalised::Batch, seen: Seen::Grey };
/// The same without normalisation.
const PLAIN: Model = Model { name: "VAE, not normalised", normalised: Normalised::No, ..VAE_2 };
/// The same with twenty latent variables, on images in black and white drawn anew: what published likelihoods are of.
pub const VAE_20: Model = Model { name: "VAE, 20 latent", latent: 20, seen: Seen::Drawn, ..VAE_2 };
/// How they learn.
pub const LEARNING: Learning = Learning {
    images: Scaled::new(200, 20_000, 60_000),
    epochs: Scaled::new(2, 6, 30),
    tested: Scaled::new(40, 1000, 10_000),
    batch: 128,
    rate: 1e-3,
};

pub(super) static SAMPLES: Experiment = Experiment {
    about: Question {
        id: "mnist-vae-samples",
        protocol: "generative",
        report: reports::GENERATIVE,
        title: "Digits that a variational autoencoder draws",
        reproduces: "Figure 18, Table 11",
        question: "How good are the digits of an autoencoder of 1 074 980 parameters, and which of them are blurry?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &[
            "metrics.csv",
            "samples.svg",
            "samples.png",
            "reconstructions.svg",
            "latent.svg",
            "manifold.svg",
            "manifold.png",
            "interpolation.svg",
            "interpolation.png",
            "bound-grey.svg",
            "bound-drawn.svg",
        ],
        claims: &[
            Claim {
                says: "The samples exhibit good quality overall.",
                place: "section “Variational Auto Encoder”, Figure 18",
                reported: "by eye",
                cause: "",
                test: |e| on_the_way(e, VAE_2.name, |share| share < 0.5, "less than"),
            },
            Claim {
                says: "They facilitate recognition of the different digits.",
                place: "section “Variational Auto Encoder”, Figure 18",
                reported: "by eye",
                cause: "A normalised head begins at a log variance of 0 and moves by at most the learning rate in a step: for many epochs the decoder sees mostly noise, which the quick profile does not leave behind, and after thirty epochs the bound still trails.",
                test: |e| both(recognisable(e, VAE_2.name), different(e, VAE_2.name)),
            },
            Claim {
                says: "Some images appear blurry.",
                place: "section “Variational Auto Encoder”, Figure 18",
                reported: "by eye",
                cause: "",
                test: |e| blurry(e, VAE_2.name),
            },
            Claim {
                says: "The blur is the architecture’s own: what it makes of test images is blurry, too.",
                place: "section “Variational Auto Encoder”",
                reported: "inherent limitations",
                cause: "",
                test: |e| blurs_what_it_sees(e, VAE_2.name),
            },
            Claim {
                says: "The network has 1 074 980 parameters.",
                place: "Table 11",
                reported: "1 074 980",
                cause: "",
                test: |e| parameters(e, VAE_2.name, 1_074_980.0),
            },
            Claim {
                says: "Normalised layers reach a better bound on test images than plain ones.",
                place: "",
                reported: OURS,
                cause: "A normalised head begins at a log variance of 0 and moves by at most the learning rate in a step: for many epochs the decoder sees mostly noise, which the quick profile does not leave behind, and after thirty epochs the bound still trails.",
                test: |e| {
                    let of = |model| [("model", model)];
                    e.above(pick("elbo_test", &of(VAE_2.name)), pick("elbo_test", &of(PLAIN.name)))
                },
            },
            Claim {
                says: "With twenty latent variables, test images drawn once are likelier than −100 nats.",
                place: "",
                reported: OURS,
                cause: "The quick profile learns from a third of the images for six epochs, draws a tenth of the importance samples, and its interval is of 100 images.",
                test: |e| likely(e, VAE_20.name, -100.0),
            },
        ],
    },
    recipe: &Vaes {
        models: &[VAE_2, PLAIN, VAE_20],
        learning: LEARNING,
        drawn: Scaled::new(20, 1000, 5000),
        matched: Scaled::new(20, 200, 1000),
        mapped: Scaled::new(40, 5000, 5000),
        grid: 20,
        pairs: &[[0, 1], [4, 9], [3, 8], [7, 2]],
        steps: 12,
        bounded: Scaled::new(4, 100, 1000),
        importance: Scaled::new(20, 500, 5000),
        origins: ORIGINS,
    },
};
