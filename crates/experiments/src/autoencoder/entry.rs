//! Part B 1: three denoising layers, and a narrow one beside them.

use engine::{Claim, Question, Scaled, pick};
use feedforward::Init;

use super::claims::{DENOISING, close, costs, slightly_higher};
use super::network;
use super::origins::ORIGINS;
use super::recipe::Autoencoders;
use super::stack::{Layers, Learning, Reading};
use crate::experiment::{Experiment, reports};

/// How all layers of this report are learnt.
pub(super) const LEARNING: Learning = Learning {
    images: Scaled::new(200, 60_000, 60_000),
    epochs: Scaled::new(2, 3, 25),
    batch: 128,
    rate: 0.1,
    masking: 0.1,
    init: Init::Sigmoid,
};

const NARROW: Layers = Layers { name: "undercomplete", widths: &[169], momentum: 0.0, sparsity: None };

pub(super) static STACKED: Experiment = Experiment {
    about: Question {
        id: "mnist-sdae",
        protocol: "cnn-sdae",
        report: reports::CNN_SDAE,
        title: "A stack of denoising autoencoders",
        reproduces: "part B 1: costs, weights, activations and reconstructions of three layers, and weights of a narrow one",
        question: "How much do digits lose on their way through one, two and three layers and back, and what do the layers see?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "costs.svg", "filters.svg", "reconstructions-denoising.svg"],
        claims: &[
            Claim {
                says: "The costs of all three layers converge to almost the same value.",
                place: "part B 1",
                reported: "around 60",
                cause: "In the quick run, of three epochs a layer instead of 25, the third layer stands at 67 and still falls.",
                test: |e| costs(e, &DENOISING, [60.0; 3]),
            },
            Claim {
                says: "The second and third layer cost slightly more than the first.",
                place: "part B 1",
                reported: "a tiny augmentation",
                cause: "",
                test: |e| slightly_higher(e, &DENOISING),
            },
            Claim {
                says: "Reconstructions are very close to the images, through one, two and three layers.",
                place: "part B 1",
                reported: "very close",
                cause: "Close means nine tenths of the variance of pixels; in the quick run, of three epochs a layer, the third layer comes to 89 %.",
                test: |e| close(e, &DENOISING),
            },
            Claim {
                says: "The filters of an undercomplete layer are less noisy than those of the overcomplete one.",
                place: "part B 1",
                reported: "by eye",
                cause: "",
                test: |e| {
                    let narrow = pick("filter_detail", &[("model", "undercomplete")]);
                    e.below(narrow, pick("filter_detail", &DENOISING[0]))
                },
            },
        ],
    },
    recipe: &Autoencoders {
        stacks: &[network::DENOISING, NARROW],
        learning: LEARNING,
        sizes: &[],
        readings: &[Reading::OwnCode, Reading::Kept],
        reported: &[("denoising, layer 1", 60.0), ("denoising, layer 2", 60.0), ("denoising, layer 3", 60.0)],
        origins: ORIGINS,
    },
};
