//! Figures 3 and 4 of the report: greedy training of the network with labels, its accuracy, and its filters.

use engine::claim::{OURS, both, over};
use engine::predicates::spread;
use engine::{Claim, Evidence, Finding, Question, Scaled, pick};

use super::network::{EXACT, GIBBS};
use super::recipe::{Accuracy, Convergence, Fields};
use super::recognise::{TEST, TEST_FEW, TRAINING};
use super::stack::Stack;
use super::train::{LAYERS, Steps};
use crate::experiment::{Experiment, reports};

const STEPS: Steps = Steps { batch: 10, rate: 0.01, momentum: 0.7 };

/// The training on 6000 images, which four experiments share.
pub(super) const STACK: Stack = Stack {
    images: Scaled::new(100, 6000, 6000),
    iterations: Scaled::new(20, 1500, 3000),
    milestones: Scaled::new(
        &[10, 20],
        &[50, 100, 400, 800, 1500],
        &[50, 100, 200, 400, 800, 1200, 1500, 1600, 2000, 2500, 3000],
    ),
    logged: Scaled::same(&[]),
    steps: STEPS,
};

/// The network that is drawn from and fine-tuned.
pub(super) const CHOSEN: Scaled<&[usize]> = Scaled::new(&[20], &[800], &[800]);

pub(super) static CONVERGENCE: Experiment = Experiment {
    about: Question {
        id: "mnist-dbn-convergence",
        protocol: "rbm-lab",
        report: reports::RBM_LAB,
        title: "How fast the machines of a network with labels converge",
        reproduces: "Figure 3a",
        question: "After how many iterations does each of three stacked machines reconstruct its inputs?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "convergence.svg"],
        claims: &[
            Claim {
                says: "By 800 iterations all machines reconstruct their inputs nicely.",
                place: "section 3.2, Figure 3a",
                reported: "by 800 iterations",
                cause: "",
                test: |e| every_layer(e, settled),
            },
            Claim {
                says: "What the machines reconstruct after 800 iterations is less than half as wrong as at the beginning.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| every_layer(e, halved),
            },
        ],
    },
    recipe: &Convergence {
        stack: Stack {
            images: Scaled::new(100, 600, 600),
            iterations: Scaled::new(20, 1000, 3000),
            milestones: Scaled::new(&[20], &[1000], &[3000]),
            logged: Scaled::new(
                &[10, 20],
                &[10, 20, 50, 100, 200, 400, 600, 800, 1000],
                &[
                    10, 20, 50, 100, 200, 300, 400, 500, 600, 700, 800, 1000, 1200, 1400, 1600, 2000, 2500,
                    3000,
                ],
            ),
            steps: STEPS,
        },
        last: Scaled::new(&[20], &[1000], &[3000]),
    },
};

pub(super) static ACCURACY: Experiment = Experiment {
    about: Question {
        id: "mnist-dbn-accuracy",
        protocol: "rbm-lab",
        report: reports::RBM_LAB,
        title: "Accuracy of a network with labels against iterations",
        reproduces: "Figure 3b",
        question: "How long should the machines be trained for the network to name digits best?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "accuracy-gibbs.svg", "accuracy-exact.svg"],
        claims: &[
            Claim {
                says: "Accuracy on test images peaks between 800 and 2000 iterations.",
                place: "section 3.2, Figure 3b",
                reported: "800–2000",
                cause: "Learning from 6000 images at the course’s rate, it still rises after 3000 iterations, the most that the report tries: nothing is overfitted yet.",
                test: peak,
            },
            Claim {
                says: "Too many iterations lead to overfitting: the accuracy on test images falls again.",
                place: "section 3.2, Figure 3b",
                reported: "overfitting",
                cause: "Learning from 6000 images at the course’s rate, it still rises after 3000 iterations, the most that the report tries: nothing is overfitted yet.",
                test: overfitting,
            },
            Claim {
                says: "The best accuracy on training images is about 84 %.",
                place: "section 3.2",
                reported: "84 %",
                cause: "It is 90 % after 3000 iterations and still rises; in the quick profile, which ends after 800, it is 80 %.",
                test: |e| best_within(e, TRAINING, [0.82, 0.86]),
            },
            Claim {
                says: "The best accuracy on the first 100 test images is about 82 %, within what 100 images can tell.",
                place: "section 3.2",
                reported: "82 %",
                cause: "After 3000 iterations 93 of the first 100 are named right, which are easier than the others: 89 % of all are.",
                test: |e| best_within(e, TEST_FEW, [0.733, 0.883]),
            },
            Claim {
                says: "The same on all test images.",
                place: "section 3.2",
                reported: "82 %",
                cause: "It is 89 % after 3000 iterations, and still rises.",
                test: |e| best_within(e, TEST, [0.733, 0.883]),
            },
            Claim {
                says: "Exact probabilities name more labels than fifteen Gibbs steps, after the most iterations.",
                place: "",
                reported: OURS,
                cause: "On 500 test images both name 382: what the later half of fifteen steps says on average is close to the exact probabilities.",
                test: |e| {
                    let longest = longest(e, "accuracy", "iterations");
                    let at = |by| [("set", TEST), ("by", by), ("iterations", longest)];
                    e.above(pick("accuracy", &at(EXACT)), pick("accuracy", &at(GIBBS)))
                },
            },
        ],
    },
    recipe: &Accuracy {
        stack: STACK,
        sweep: Scaled::new(&[10, 20], &[100, 400, 800], &[100, 200, 400, 800, 1200, 1600, 2000, 2500, 3000]),
        counted: Scaled::new(20, 500, 6000),
        tested: Scaled::new(20, 500, 10_000),
        sweeps: 15,
        reading: (
            "steps along the sum over a mini-batch",
            Stack { steps: Steps { rate: 0.1, ..STEPS }, ..STACK },
            Scaled::new(&[20], &[], &[100, 200, 400, 800, 1200, 1600, 2000, 2500, 3000]),
        ),
        given: Scaled::new(20, 800, 800),
    },
};

pub(super) static FIELDS: Experiment = Experiment {
    about: Question {
        id: "mnist-dbn-receptive-fields",
        protocol: "rbm-lab",
        report: reports::RBM_LAB,
        title: "Filters of the bottom machine",
        reproduces: "Figure 4",
        question: "When do the weights of the bottom machine begin to look like strokes?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "filters.svg", "strokes.svg"],
        claims: &[
            Claim {
                says: "After 50 iterations no distinct features have been found.",
                place: "section 3.2, Figure 4a",
                reported: "by eye",
                cause: "",
                test: |e| e.within(pick("clear", &[("iterations", "50")]), 0.0, 0.5),
            },
            Claim {
                says: "After 1500 iterations there are clear shapes that resemble pieces of digits.",
                place: "section 3.2, Figure 4b",
                reported: "by eye",
                cause: "",
                test: |e| e.within(pick("clear", &[("iterations", "1500")]), 0.5, 1.0),
            },
            Claim {
                says: "Filters grow smoother with the iterations.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| e.rises_along(pick("smoothness", &[]), "iterations"),
            },
        ],
    },
    recipe: &Fields { stack: STACK, shown: Scaled::new(&[10, 20], &[50, 1500], &[50, 1500]) },
};

/// The last text of a column among rows of a metric.
pub(super) fn longest<'a>(evidence: &'a Evidence, metric: &str, column: &str) -> &'a str {
    evidence.along(pick(metric, &[]), column).last().copied().unwrap_or_default()
}

/// Judges all three machines.
fn every_layer(evidence: &Evidence, judge: fn(&Evidence, &str) -> Finding) -> Finding {
    let [bottom, middle, top] = LAYERS.map(|layer| judge(evidence, layer));
    both(both(bottom, middle), top)
}

/// The errors of one machine of each seed: before training, after 800 iterations, at the end.
fn errors(evidence: &Evidence, layer: &str) -> Vec<[f64; 3]> {
    let end = longest(evidence, "reconstruction", "iterations");
    let at =
        |iterations| evidence.values(pick("reconstruction", &[("layer", layer), ("iterations", iterations)]));
    let (first, then, last) = (at("0"), at("800"), at(end));
    first.iter().zip(&then).zip(&last).map(|((first, then), last)| [*first, *then, *last]).collect()
}

fn said(errors: &[[f64; 3]], layer: &str) -> String {
    let at = |place: usize| spread(&errors.iter().map(|own| own[place]).collect::<Vec<_>>());
    format!("{layer}: {} → {} → {}", at(0), at(1), at(2))
}

/// By 800 iterations a machine has come nineteen twentieths of its way from the first error to the last.
fn settled(evidence: &Evidence, layer: &str) -> Finding {
    let errors = errors(evidence, layer);
    let holds = |[first, then, last]: &[f64; 3]| first > last && first - then >= 0.95 * (first - last);
    let answers: Vec<bool> = errors.iter().map(holds).collect();
    over(
        &answers,
        said(&errors, layer),
        "of each machine, the reconstruction error after 800 iterations has fallen by at least 95 % of what it falls by to the end",
    )
}

fn halved(evidence: &Evidence, layer: &str) -> Finding {
    let errors = errors(evidence, layer);
    let answers: Vec<bool> = errors.iter().map(|[first, then, _]| *then < 0.5 * first).collect();
    over(
        &answers,
        said(&errors, layer),
        "of each machine, the reconstruction error after 800 iterations below half of that before training",
    )
}

/// The curve of accuracies as the report reads labels, of each seed, with the iterations.
fn accuracies(evidence: &Evidence, set: &str) -> (Vec<f64>, Vec<Vec<f64>>) {
    let at = [("set", set), ("by", GIBBS)];
    let along = evidence.along(pick("accuracy", &at), "iterations");
    let curves = evidence.curves(pick("accuracy", &at), "iterations", &along);
    let iterations = along.iter().map(|text| text.parse().unwrap_or(f64::NAN)).collect();
    (iterations, curves.into_iter().map(|(_, curve)| curve).filter(|curve| curve.len() > 1).collect())
}

/// Where a curve is highest.
fn highest(curve: &[f64]) -> usize {
    (0..curve.len()).fold(0, |best, own| if curve[own] > curve[best] { own } else { best })
}

/// A curve that is highest at its end has no peak that is known, unless it ends beyond 2000 iterations.
fn peak(evidence: &Evidence) -> Finding {
    let (iterations, curves) = accuracies(evidence, TEST);
    let end = iterations.last().copied().unwrap_or_default();
    let peaks: Vec<f64> = curves.iter().map(|curve| iterations[highest(curve)]).collect();
    let holds = |peak: &f64| (*peak < end || end > 2000.0).then(|| (800.0..=2000.0).contains(peak));
    let answers: Vec<Option<bool>> = peaks.iter().map(holds).collect();
    over(
        &answers,
        format!("{} iterations", spread(&peaks)),
        "accuracy on test images by Gibbs steps highest at 800 to 2000 iterations; cannot be told where it is highest at the end \
         of a shorter sweep",
    )
}

/// The most that a difference may be and still be noise.
pub(super) const NOISE: f64 = 0.01;

/// Nothing is said of a sweep that does not go beyond 2000 iterations.
fn overfitting(evidence: &Evidence) -> Finding {
    let (iterations, curves) = accuracies(evidence, TEST);
    let end = iterations.last().copied().unwrap_or_default();
    let ends: Vec<[f64; 2]> =
        curves.iter().map(|curve| [curve[highest(curve)], curve[curve.len() - 1]]).collect();
    let holds = |[best, last]: &[f64; 2]| match best - last {
        gap if gap > NOISE => Some(true),
        gap if gap > 0.0 || end <= 2000.0 => None,
        _ => Some(false),
    };
    let answers: Vec<Option<bool>> = ends.iter().map(holds).collect();
    let at = |place: usize| spread(&ends.iter().map(|own| own[place]).collect::<Vec<_>>());
    over(
        &answers,
        format!("{} at best, {} at the end", at(0), at(1)),
        "accuracy on test images by Gibbs steps more than 0.01 lower after the most iterations than at its best; cannot be told \
         if lower by less, or highest at the end of a sweep to at most 2000",
    )
}

fn best_within(evidence: &Evidence, set: &str, [low, high]: [f64; 2]) -> Finding {
    let (_, curves) = accuracies(evidence, set);
    let best: Vec<f64> = curves.iter().map(|curve| curve[highest(curve)]).collect();
    let answers: Vec<bool> = best.iter().map(|best| (low..=high).contains(best)).collect();
    over(
        &answers,
        spread(&best),
        format!("highest accuracy on {set} by Gibbs steps, over all iterations, between {low} and {high}"),
    )
}
