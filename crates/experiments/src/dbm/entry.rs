//! Figures 9 to 11 of the ANN4 report: filters and samples of a deep Boltzmann machine beside those of two small machines.

use engine::claim::OURS;
use engine::{Claim, Question, Scaled};

use super::claims;
use super::deep::Deep;
use super::recipe::DeepMachine;
use crate::components::GRID_MACHINES;
use crate::experiment::{Experiment, reports};
use crate::likelihood::binarised::Binarised;

/// The machine of the report’s exercise, and the images that it learns from.
pub const EXERCISE: Deep = Deep {
    hidden: [512, 1024],
    binarised: Binarised::Threshold,
    batches: [48, 100],
    greedy_rates: [0.05, 0.01],
    grows_every: 0,
    rates: [2e-3, 5e-6],
    momenta: [0.9, 0.9],
    epochs: [Scaled::new(1, 10, 64), Scaled::new(1, 8, 120), Scaled::new(1, 4, 100)],
    updates: Scaled::new(2, 10, 10),
    persistent: 100,
    sweeps: 1,
};
/// Training images.
pub const EXERCISE_IMAGES: Scaled<usize> = Scaled::new(96, 4000, 60_000);

pub(super) static DEEP: Experiment = Experiment {
    about: Question {
        id: "mnist-dbm",
        protocol: "ann4",
        report: reports::ANN4,
        title: "A deep Boltzmann machine: filters, samples, and how likely it finds digits",
        reproduces: "Figures 9, 10, 11",
        question: "What does a second layer add: detail in the filters, better samples, or fewer kinds of digits?",
        seed: 1,
        repeats: Scaled::same(1),
        data: &["MNIST"],
        artefacts: &[
            "metrics.csv",
            "filters-rbm.svg",
            "filters-dbm.svg",
            "samples.svg",
            "samples-from-images.svg",
            "classes.svg",
            "classes-from-images.svg",
        ],
        claims: &[
            Claim {
                says: "Filters of the second layer give more detail than those of the first.",
                place: "section 2.2, Figure 10",
                reported: "by eye",
                cause: "A filter of the second layer is a weighted sum of hundreds of the first, which smooths them: total variation for the ink is 1.2 against 1.8 in the quick run. What looks like detail is whole strokes.",
                test: claims::more_detail,
            },
            Claim {
                says: "The deep machine collapses: different digits are drawn as the same digit.",
                place: "section 2.2, Figure 11",
                reported: "by eye",
                cause: "In the quick run half of the chains from noise end at one digit, which leaves 4.3 effective classes of 9.0: about half, within the noise of a hundred samples. Chains from test images keep 8.9.",
                test: claims::collapses,
            },
            Claim {
                says: "The deep machine draws fewer kinds of digits than the small machines.",
                place: "section 2.2, Figure 11",
                reported: "mode collapse for the DBM",
                cause: "Chains of the small machines from noise mostly end at grey noise, and the scorer names a class for that, too: in the quick run they lie 0.13 and 0.15 from training images, test images 0.07.",
                test: claims::collapses_most,
            },
            Claim {
                says: "Depth adds to the power of a machine: test images are more likely than under the best small one.",
                place: "section 2.1",
                reported: "to increase its representation power",
                cause: "",
                test: claims::more_power,
            },
            Claim {
                says: "The deep machine’s samples lie nearer to training images than those of both small machines.",
                place: "",
                reported: OURS,
                cause: "",
                test: claims::nearest,
            },
            Claim {
                says: "Samples of the deep machine lie less far from each other than test images do.",
                place: "",
                reported: OURS,
                cause: "In the quick run 0.159 against 0.163, less than the noise of a hundred samples. States are drawn pixel by pixel, which sets even equal drawings apart; their probabilities lie 0.042 from each other, a quarter of the distance of test images.",
                test: claims::less_diverse,
            },
            Claim {
                says: "The deep machine’s chains draw more kinds of digits if they begin at test images.",
                place: "",
                reported: OURS,
                cause: "",
                test: claims::from_images,
            },
            Claim {
                says: "Joint training raises the bound on the likelihood of test images over pretraining alone.",
                place: "",
                reported: OURS,
                cause: "In the quick run log Z of the pretrained machine is proved too small by 3.8 nats, and a few epochs move the bound by less than the intervals are wide.",
                test: claims::joint_helps,
            },
        ],
    },
    recipe: &DeepMachine {
        machines: GRID_MACHINES,
        small: &[("rbm7", 20, 0.06), ("rbm3", 10, 0.06)],
        deep: EXERCISE,
        images: EXERCISE_IMAGES,
        samples: Scaled::new(20, 100, 1000),
        sweeps: 100,
        known: Scaled::new(100, 1000, 3000),
        test_images: Scaled::new(20, 200, 10_000),
        annealing: [Scaled::new(10, 300, 10_000), Scaled::new(4, 20, 100), Scaled::new(2, 100, 5000)],
    },
};
