//! Part B 3: the same stack with few active units and momentum, and a classifier that begins as it.

use engine::claim::OURS;
use engine::{Claim, Question, Scaled, pick};
use feedforward::autoencoder::Sparsity;
use train::{Descent, Rule};

use super::claims::{
    DENOISING, SPARSE as LAYERS, all, begins_high, close, convolutions_beat, costs, each, ends_higher, few,
    few_active, settles_sooner,
};
use super::entry::LEARNING;
use super::entry_finetune::{ALL_EPOCHS, FEW_EPOCHS};
use super::network::{self, CNN_MOMENTUM, CNN_RMSPROP, CNN_SGD, Network, PRETRAINED, RANDOM, Size, Start};
use super::origins::ORIGINS;
use super::recipe::Autoencoders;
use super::stack::Layers;
use crate::experiment::{Experiment, reports};

const STACK: Layers = Layers {
    name: "sparse",
    momentum: 0.1,
    sparsity: Some(Sparsity { target: 0.05, weight: 0.5 }),
    ..network::DENOISING
};

const NETWORK: Network = Network {
    name: "pretrained, sparse",
    start: Start::Pretrained(&STACK),
    descent: Descent::new(Rule::Sgd { momentum: 0.1 }, 0.1),
};

pub(super) static SPARSE: Experiment = Experiment {
    about: Question {
        id: "mnist-sdae-sparse",
        protocol: "cnn-sdae",
        report: reports::CNN_SDAE,
        title: "A stack of sparse denoising autoencoders",
        reproduces: "part B 3: the stack with a sparsity constraint and momentum, the network that begins as it, and the comparison of \
                     all networks on 12 000 images",
        question: "What do layers see whose units are seldom on, and does a network that begins as them learn better?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &[
            "metrics.csv",
            "epochs.csv",
            "costs.svg",
            "active.svg",
            "filters.svg",
            "reconstructions-sparse.svg",
            "error-60000.svg",
        ],
        claims: &[
            Claim {
                says: "The costs of the three layers come to about 66, 68 and 72.",
                place: "part B 3",
                reported: "66, 68, 72",
                cause: "In the quick run, of three epochs a layer instead of 25, they still fall.",
                test: |e| costs(e, &LAYERS, [66.0, 68.0, 72.0]),
            },
            Claim {
                says: "They lie above those without sparsity.",
                place: "part B 3",
                reported: "a bit above",
                cause: "",
                test: |e| {
                    each(
                        [0, 1, 2].map(|layer| {
                            e.above(pick("loss", &LAYERS[layer]), pick("loss", &DENOISING[layer]))
                        }),
                    )
                },
            },
            Claim {
                says: "Images are reconstructed very well.",
                place: "part B 3",
                reported: "by eye",
                cause: "Very well means nine tenths of the variance of pixels. In the quick run, of three epochs a layer, it is 88 % after the first layer and 77 % after the third.",
                test: |e| close(e, &LAYERS),
            },
            Claim {
                says: "The weights of the first layer are more precise.",
                place: "part B 3",
                reported: "way more precise",
                cause: "",
                test: |e| e.below(pick("filter_detail", &LAYERS[0]), pick("filter_detail", &DENOISING[0])),
            },
            Claim {
                says: "Only few units are active.",
                place: "part B 3",
                reported: "only few neurons active",
                cause: "",
                test: |e| few_active(e, &LAYERS, &DENOISING),
            },
            Claim {
                says: "On all images the accuracy is high from the first epoch on.",
                place: "part B 3",
                reported: "since the first epoch",
                cause: "",
                test: |e| begins_high(e, &all(NETWORK.name)),
            },
            Claim {
                says: "On 12 000 images the network ends higher than without sparsity.",
                place: "part B 3",
                reported: "a better accuracy",
                cause: "",
                test: |e| ends_higher(e, &few(NETWORK.name), &few("pretrained")),
            },
            Claim {
                says: "Sparsity slows the convergence down, even with momentum.",
                place: "part B 3",
                reported: "a bit",
                cause: "In the quick run both networks still learn after 40 epochs.",
                test: |e| settles_sooner(e, &few("pretrained"), &few(NETWORK.name)),
            },
            Claim {
                says: "The convolutional networks perform better.",
                place: "part B 3",
                reported: "by eye",
                cause: "",
                test: |e| convolutions_beat(e, &few(NETWORK.name)),
            },
            Claim {
                says: "On all images, too, the network ends higher than without sparsity.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| ends_higher(e, &all(NETWORK.name), &all("pretrained")),
            },
        ],
    },
    recipe: &Autoencoders {
        stacks: &[STACK, network::DENOISING],
        learning: LEARNING,
        sizes: &[
            Size { images: 60_000, tested: 10_000, epochs: ALL_EPOCHS, networks: &[NETWORK, PRETRAINED] },
            Size {
                images: 12_000,
                tested: 2000,
                epochs: FEW_EPOCHS,
                networks: &[CNN_SGD, CNN_MOMENTUM, CNN_RMSPROP, PRETRAINED, RANDOM, NETWORK],
            },
        ],
        readings: &[],
        reported: &[
            ("sparse, layer 1", 66.0),
            ("sparse, layer 2", 68.0),
            ("sparse, layer 3", 72.0),
            ("denoising, layer 1", 60.0),
            ("denoising, layer 2", 60.0),
            ("denoising, layer 3", 60.0),
        ],
        origins: ORIGINS,
    },
};
