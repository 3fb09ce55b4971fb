//! Section 3 of the report: how losses and accuracies of a generator and its critic go, and whether training is stable.

use engine::{Claim, Evidence, Finding, Origin, Origins, Question, Scaled};
use generative::Objective;

use super::claims::{Instant, about, alike, higher_and_steadier, partly_collapses, settles_about};
use super::game::{ADAM, Game, Rules, convolutional, multilayer};
use super::recipe::{Games, Shown};
use crate::experiment::{Experiment, reports};

const CONVOLUTIONAL: &str = "convolutional GAN";
const MULTILAYER: &str = "multilayer GAN";
/// The class that the convolutional one sees.
const CLASS: u8 = 3;
const CRITIC: &str = "critic";
const GENERATOR: &str = "generator";

const COURSE: Origin = Origin::Course("the course’s code has it so");
const ORIGINS: Origins = Origins(&[
    (
        "networks",
        Origin::Chosen(
            "of the kind that the report names, small enough for two cores; the report has no sizes",
        ),
    ),
    ("objectives and rules", COURSE),
    ("steps of the generator", Origin::Stated("Fig. 13")),
    ("batch size", COURSE),
]);

/// A non-saturating game by Adam, step for step.
const fn gan(name: &'static str, only: Option<u8>, steps: Scaled<usize>) -> Game {
    let players = if only.is_some() { convolutional } else { multilayer };
    Game { name, players, objective: Objective::NonSaturating, critic_steps: 1, rule: ADAM, only, steps }
}

/// The multilayer game on all classes.
pub(crate) const ON_ALL_CLASSES: Game = gan(MULTILAYER, None, Scaled::new(10, 5000, 20_000));
/// What both games have in common.
pub(crate) const RULES: Rules = Rules {
    batch: 32,
    images: Scaled::new(1000, 12_000, 60_000),
    samples: Scaled::new(40, 500, 500),
    instants: Scaled::new(10, 20, 20),
};

/// Why numbers of single mini-batches are others.
const OTHERS: &str = "The report’s numbers are of one mini-batch of colour pictures under another network; on digits the critic stays ahead of its generator, so that its loss is lower and its accuracy higher.";

/// Loss and accuracy of a player of the convolutional game at one of the three instants.
fn shows(evidence: &Evidence, player: &str, instant: Instant, numbers: [f64; 2]) -> Finding {
    about(evidence, CONVOLUTIONAL, (player, instant), numbers)
}

pub(super) static GAN: Experiment = Experiment {
    about: Question {
        id: "mnist-gan",
        protocol: "ann4",
        report: reports::ANN4,
        title: "A generator and its critic",
        reproduces: "Fig. 13 to 15: samples, losses and accuracies of both players",
        question: "How do losses and accuracies of a generator and its critic go while both learn, and does training settle?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &[
            "metrics.csv",
            "steps.csv",
            "samples-convolutional-gan.svg",
            "samples-multilayer-gan.svg",
            "accuracy.svg",
            "loss.svg",
            "critic.svg",
            "generator.svg",
            "coverage.svg",
            "between-multilayer-gan.svg",
        ],
        claims: &[
            Claim {
                says: "In the first step, the discriminator’s loss is 1.2105 and its accuracy 0.3438.",
                place: "section 3.1, Fig. 13",
                reported: "1.2105, 0.3438",
                cause: "Fresh weights give outputs near zero here, and so a loss near ln 2 = 0.693.",
                test: |e| shows(e, CRITIC, Instant::First, [1.2105, 0.3438]),
            },
            Claim {
                says: "In the first step, the generator’s loss is 0.499 and its accuracy 0.7344.",
                place: "section 3.1, Fig. 13",
                reported: "0.499, 0.7344",
                cause: "Fresh weights give outputs near zero here, and so a loss near ln 2 = 0.693.",
                test: |e| shows(e, GENERATOR, Instant::First, [0.499, 0.7344]),
            },
            Claim {
                says: "In the middle, the discriminator’s loss is 0.6916 and its accuracy 0.4688.",
                place: "section 3.1, Fig. 13",
                reported: "0.6916, 0.4688",
                cause: OTHERS,
                test: |e| shows(e, CRITIC, Instant::Middle, [0.6916, 0.4688]),
            },
            Claim {
                says: "In the middle, the generator’s loss is 0.7905 and its accuracy 0.2344.",
                place: "section 3.1, Fig. 13",
                reported: "0.7905, 0.2344",
                cause: OTHERS,
                test: |e| shows(e, GENERATOR, Instant::Middle, [0.7905, 0.2344]),
            },
            Claim {
                says: "In the end, the discriminator’s loss is 0.7291 and its accuracy 0.4219.",
                place: "section 3.1, Fig. 13",
                reported: "0.7291, 0.4219",
                cause: OTHERS,
                test: |e| shows(e, CRITIC, Instant::Last, [0.7291, 0.4219]),
            },
            Claim {
                says: "In the end, the generator’s loss is 0.7381 and its accuracy 0.4062.",
                place: "section 3.1, Fig. 13",
                reported: "0.7381, 0.4062",
                cause: OTHERS,
                test: |e| shows(e, GENERATOR, Instant::Last, [0.7381, 0.4062]),
            },
            Claim {
                says: "The discriminator’s accuracy is higher and more stable than the generator’s.",
                place: "section 3.1, Fig. 14, plot 1",
                reported: "by eye",
                cause: "Once both have settled, the accuracies of the two vary by as much.",
                test: |e| curves(e, ["critic_accuracy", "generator_accuracy"], "critic_accuracy"),
            },
            Claim {
                says: "The discriminator’s loss is lower and more stable than the generator’s.",
                place: "section 3.1, Fig. 14, plot 2",
                reported: "by eye",
                cause: "Once both have settled, the losses of the two vary by as much.",
                test: |e| curves(e, ["generator_loss", "critic_loss"], "critic_loss"),
            },
            Claim {
                says: "The discriminator’s loss is higher and more stable than its accuracy.",
                place: "section 3.1, Fig. 14, plot 3",
                reported: "by eye",
                cause: "The report’s losses stay near ln 2 = 0.69 and its accuracies below one half, where a critic is fooled; a critic that tells most images rightly has a loss below and an accuracy above.",
                test: |e| curves(e, ["critic_loss", "critic_accuracy"], "critic_loss"),
            },
            Claim {
                says: "The generator’s loss is higher and more stable than its accuracy.",
                place: "section 3.1, Fig. 14, plot 4",
                reported: "by eye",
                cause: "A generator’s loss rises without bound where its critic is sure, while the share of critics fooled lies between 0 and 1, and near 0 has no room to vary.",
                test: |e| curves(e, ["generator_loss", "generator_accuracy"], "generator_loss"),
            },
            Claim {
                says: "Training converges at epoch 6.",
                place: "section 3.2, Fig. 14",
                reported: "epoch 6",
                cause: "The axis of the report’s figure has no epochs, and where a noisy curve settles differs from run to run.",
                test: |e| settles_about(e, CONVOLUTIONAL, 6.0),
            },
            Claim {
                says: "Some images look alike in the end: the mode starts collapsing.",
                place: "section 3.2, Fig. 15",
                reported: "images 2–6, 4–7 and 5–8",
                cause: "Of any 500 samples some look alike, and so do digits of one class; those of the generator no more than those.",
                test: |e| alike(e, CONVOLUTIONAL),
            },
            Claim {
                says: "A complete collapse is not common, but a partial one happens often.",
                place: "section 3.2",
                reported: "in words",
                cause: "A generator of all ten classes misses one now and then, not most of the time.",
                test: |e| partly_collapses(e, MULTILAYER),
            },
        ],
    },
    recipe: &Games {
        games: &[gan(CONVOLUTIONAL, Some(CLASS), Scaled::new(10, 1000, 20_000)), ON_ALL_CLASSES],
        readings: &[],
        rules: RULES,
        shown: Shown::Players,
        networks: "convolutional, on one class: 100 to 64 maps of 7 × 7, 32 of 14 × 14 and an image, ReLU and tanh, against 32 and 64 \
                   maps, leaky ReLU and 1; multilayer, on all: 100–256–512–784, leaky ReLU and tanh, against 784–512–256–1, leaky ReLU",
        descents: "cross-entropy, and for the generator the form that does not saturate; Adam, β 0.5 and 0.999, rate 0.0002, for both",
        origins: ORIGINS,
    },
};

/// Over the second half, the first of both lies higher, and `steady`, one of them, spreads less than the other.
fn curves(evidence: &Evidence, pair: [&str; 2], steady: &str) -> Finding {
    let other = if pair[0] == steady { pair[1] } else { pair[0] };
    higher_and_steadier(evidence, CONVOLUTIONAL, pair, [steady, other])
}
