//! Part B 2: a classifier that begins as the stack, beside one that does not and convolutional ones.

use engine::claim::{OURS, both};
use engine::{Claim, Question, Scaled, pick};

use super::claims::{all, begins_high, convolutions_beat, ends_higher, few, reaches, settles_sooner};
use super::entry::LEARNING;
use super::network::{CNN_MOMENTUM, CNN_RMSPROP, CNN_SGD, NARROW_START, PRETRAINED, RANDOM, Size};
use super::origins::ORIGINS;
use super::recipe::Autoencoders;
use crate::cnn::PART_EPOCHS;
use crate::experiment::{Experiment, reports};

/// Epochs on all images.
pub(super) const ALL_EPOCHS: Scaled<usize> = Scaled::new(2, 3, 100);
/// Epochs on 12 000 images, those of the convolutional networks.
pub(super) const FEW_EPOCHS: Scaled<usize> = PART_EPOCHS;

pub(super) static FINE: Experiment = Experiment {
    about: Question {
        id: "mnist-sdae-finetune",
        protocol: "cnn-sdae",
        report: reports::CNN_SDAE,
        title: "A classifier that begins as a stack of denoising autoencoders",
        reproduces: "part B 2: accuracy and error of the five-layer network, and the comparison on 12 000 images",
        question: "What does a network gain that begins as three denoising layers, and does it come up to a convolutional one?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "epochs.csv", "error-60000.svg", "filters-networks.svg"],
        claims: &[
            Claim {
                says: "On all images learning begins at a very high accuracy.",
                place: "part B 2",
                reported: "by eye",
                cause: "",
                test: |e| {
                    let (own, other) = (all("pretrained"), all("random"));
                    both(
                        begins_high(e, &own),
                        e.above(pick("accuracy_first", &own), pick("accuracy_first", &other)),
                    )
                },
            },
            Claim {
                says: "On 12 000 images the accuracy is better with the layers of the autoencoder than without.",
                place: "part B 2",
                reported: "way better",
                cause: "",
                test: |e| ends_higher(e, &few("pretrained"), &few("random")),
            },
            Claim {
                says: "With them the network converges faster.",
                place: "part B 2",
                reported: "faster and smoother",
                cause: "In the quick run both still learn after 40 epochs, and each is judged by its own last accuracy: the pretrained network begins where the other comes to after five epochs, and goes on to learn for longer.",
                test: |e| settles_sooner(e, &few("pretrained"), &few("random")),
            },
            Claim {
                says: "The convolutional networks perform best.",
                place: "part B 2",
                reported: "by eye",
                cause: "",
                test: |e| {
                    both(convolutions_beat(e, &few("pretrained")), convolutions_beat(e, &few("random")))
                },
            },
            Claim {
                says: "Without pretraining the weights of the first layer are noisier.",
                place: "part B 2",
                reported: "very noisy and uniform",
                cause: "",
                test: |e| {
                    let (own, other) = (few("pretrained"), few("random"));
                    e.below(pick("filter_detail", &own), pick("filter_detail", &other))
                },
            },
            Claim {
                says: "On all images, too, the pretrained network ends higher.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| ends_higher(e, &all("pretrained"), &all("random")),
            },
            Claim {
                says: "Fine-tuned on all images, at least 98.3 % of test images are recognised.",
                place: "",
                reported: OURS,
                cause: "The quick run has three epochs of a hundred.",
                test: |e| reaches(e, &all("pretrained"), 0.983),
            },
        ],
    },
    recipe: &Autoencoders {
        stacks: &[],
        learning: LEARNING,
        sizes: &[
            Size { images: 60_000, tested: 10_000, epochs: ALL_EPOCHS, networks: &[PRETRAINED, RANDOM] },
            Size {
                images: 12_000,
                tested: 2000,
                epochs: FEW_EPOCHS,
                networks: &[CNN_SGD, CNN_MOMENTUM, CNN_RMSPROP, PRETRAINED, RANDOM],
            },
        ],
        readings: &[NARROW_START],
        reported: &[],
        origins: ORIGINS,
    },
};
