//! The comparison of all generators.

use engine::claim::{OURS, both};
use engine::{Claim, Question, Scaled};
use quality::Sight;

use super::claims::{more, planted, ranks_differ, struggles};
use super::generators::GENERATORS;
use super::recipe::Comparison;
use crate::arena::Levels;
use crate::experiment::{Experiment, reports};

const CONCLUSION: &str = "report on generative models, conclusion";

pub(super) static COMPARED: Experiment = Experiment {
    about: Question {
        id: "generators-compared",
        protocol: "ours",
        report: reports::OURS,
        title: "All generators of digits before one judge",
        reproduces: "the first report’s “visual comparison”, in numbers",
        question: "Which generator of about a million parameters draws the most realistic and the most diverse digits, and do likelihoods say the same?",
        seed: 1,
        // As many as there are of the report’s stack, which takes hours.
        repeats: Scaled::same(1),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "generators.csv", "samples.svg", "precision-recall.svg", "frechet.svg"],
        claims: &[
            Claim {
                says: "The RBM struggles to draw digits of high quality.",
                place: CONCLUSION,
                reported: "by eye",
                cause: "",
                test: |e| struggles(e, "RBM"),
            },
            Claim {
                says: "The DBN’s digits are more realistic than the RBM’s.",
                place: CONCLUSION,
                reported: "by eye",
                cause: "",
                test: |e| more(e, "precision", "DBN", "RBM"),
            },
            Claim {
                says: "The DBN’s digits are more diverse than the RBM’s.",
                place: CONCLUSION,
                reported: "by eye",
                cause: "",
                test: |e| more(e, "recall", "DBN", "RBM"),
            },
            Claim {
                says: "The VAE’s digits are more realistic than the RBM’s.",
                place: CONCLUSION,
                reported: "by eye",
                cause: "",
                test: |e| more(e, "precision", "VAE", "RBM"),
            },
            Claim {
                says: "The VAE’s digits are more diverse than the RBM’s.",
                place: CONCLUSION,
                reported: "by eye",
                cause: "In the quick run the RBM draws dots on empty paper. Recall cannot see wrong samples, whose balls are large where they lie far apart; by coverage, which measures balls of real images, it is 0.11 against 0.29.",
                test: |e| more(e, "recall", "VAE", "RBM"),
            },
            Claim {
                says: "Likelihood and looks disagree: the RBM is likelier than the VAE, and its digits lie farther from real ones.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| ranks_differ(e, "RBM", "VAE"),
            },
            Claim {
                says: "Twenty latent variables draw more diverse digits than two.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| more(e, "recall", "VAE, 20 latent", "VAE"),
            },
            Claim {
                says: "Every metric ranks planted generators below real images where it says that it sees them, and not where it says that it is blind.",
                place: "",
                reported: OURS,
                cause: "In the quick run the kernel distance of the swapper is 35, and those of eight draws of 500 real images lie between 14 and 36. Its own permutation test and the Fréchet distance tell the swapper from them.",
                test: |e| both(planted(e, Sight::Sees, Levels::Grey), planted(e, Sight::Blind, Levels::Grey)),
            },
        ],
    },
    recipe: &Comparison {
        generators: GENERATORS,
        samples: Scaled::new(20, 500, 5000),
        fitted: Scaled::new(100, 5000, 20_000),
        held_out: Scaled::new(40, 1500, 10_000),
        matched: Scaled::new(20, 300, 1000),
        draws: Scaled::new(3, 8, 8),
        bounded: Scaled::new(4, 100, 1000),
        annealed: [Scaled::new(10, 300, 10_000), Scaled::new(4, 20, 100), Scaled::new(2, 100, 5000)],
        importance: Scaled::new(20, 500, 5000),
    },
};
