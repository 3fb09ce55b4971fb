//! Figures 5 and 6 of the report, and one without a number: digits from labels, before and after fine-tuning by up-down.

use energy::wake_sleep::StepRule;
use engine::claim::{OURS, both, over};
use engine::predicates::{Trend, spread};
use engine::{Claim, Evidence, Finding, Question, Scaled, pick};

use super::entry::{CHOSEN, NOISE, STACK, longest};
use super::fine_recipe::{FromLabels, Generation, Size, WakeSleep};
use super::network::GIBBS;
use super::recognise::TEST;
use crate::experiment::{Experiment, reports};

pub(super) static GENERATION: Experiment = Experiment {
    about: Question {
        id: "mnist-dbn-label-generation",
        protocol: "rbm-lab",
        report: reports::RBM_LAB,
        title: "Digits from labels",
        reproduces: "a figure without a number, section 3.2",
        question: "What does the network draw when it is told a label?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "digits.svg", "digits.png", "recognised.svg"],
        claims: &[
            Claim {
                says: "Fed with a label, the network generates images of that digit.",
                place: "section 3.2",
                reported: "by eye",
                cause: "Whatever the label, chains from coins end in much the same dark blot: in the quick profile 80 % of the pictures are taken for the same digit after one step, and 82 % after 200. Nor does the report find anything recognisable in its recognition-specialised network.",
                test: |e| {
                    let at = [("steps", longest(e, "recognised", "steps"))];
                    e.within(pick("recognised", &at), 0.5, 1.0)
                },
            },
            Claim {
                says: "It does so for every label.",
                place: "section 3.2",
                reported: "by eye",
                cause: "Only under the label 0 are most pictures recognised, since nearly all pictures are taken for that digit.",
                test: |e| recognisable(e, &[], &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]),
            },
            Claim {
                says: "Longer chains draw more pictures that are recognised.",
                place: "",
                reported: OURS,
                cause: "Chains end where they were after one step: 11 % of the pictures are recognised after one step, 9 % after 200.",
                test: |e| e.rises_along(pick("recognised", &[]), "steps"),
            },
        ],
    },
    recipe: &Generation {
        stack: STACK,
        iterations: CHOSEN,
        from_labels: FromLabels {
            chains: Scaled::new(1, 10, 20),
            steps: Scaled::new(&[1, 5], &[1, 10, 100, 200], &[1, 10, 100, 200, 1000]),
            compared: Scaled::new(100, 5000, 10_000),
            checked: Scaled::new(20, 500, 1000),
        },
    },
};

const RECOGNITION: &str = "recognition-specialised";
const SPECIALISED: &str = "generation-specialised";

const SLOW: Size = Size { model: RECOGNITION, of_mean: "0.001", rate: 0.001, rule: StepRule::Mean };
const MIDDLE: Size = Size { model: "between, 0.01", of_mean: "0.01", rate: 0.01, rule: StepRule::Mean };
const FAST: Size = Size { model: SPECIALISED, of_mean: "0.1", rate: 0.01, rule: StepRule::Sum };

pub(super) static WAKE_SLEEP: Experiment = Experiment {
    about: Question {
        id: "mnist-dbn-wake-sleep",
        protocol: "rbm-lab",
        report: reports::RBM_LAB,
        title: "Fine-tuning by wake and sleep, at two step sizes and between",
        reproduces: "Figures 5, 6",
        question: "Does fine-tuning make the network recognise better, or draw better?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &[
            "metrics.csv",
            "digits.svg",
            "digits.png",
            "accuracy-gibbs.svg",
            "accuracy-exact.svg",
            "sizes-accuracy.svg",
            "sizes-recognised.svg",
        ],
        claims: &[
            Claim {
                says: "The recognition-specialised network draws nothing recognisable; the generation-specialised one does.",
                place: "section 3.3, Figure 5",
                reported: "by eye",
                cause: "The quick profile makes 200 steps of up-down, the report 6000: after 200 of the large steps 8 % of the pictures are recognised, after 1600 22 %.",
                test: |e| {
                    both(
                        e.within(pick("recognised", &drawn(e, RECOGNITION)), 0.0, 0.5),
                        e.within(pick("recognised", &drawn(e, SPECIALISED)), 0.5, 1.0),
                    )
                },
            },
            Claim {
                says: "Of the generation-specialised network’s digits, 0, 5, 6, 7, 8 and 9 are recognisable.",
                place: "section 3.3, Figure 5b",
                reported: "0, 5, 6, 7, 8, 9",
                cause: "The quick profile makes 200 steps of up-down, the report 6000: after 200 of the large steps 8 % of the pictures are recognised, after 1600 22 %.",
                test: |e| recognisable(e, &[("model", SPECIALISED)], &["0", "5", "6", "7", "8", "9"]),
            },
            Claim {
                says: "The generation-specialised network draws better.",
                place: "section 3.3, Figure 5",
                reported: "best generation",
                cause: "The quick profile makes 200 steps of up-down, the report 6000: after 200 of the large steps 8 % of the pictures are recognised, after 1600 22 %.",
                test: |e| {
                    e.above(
                        pick("recognised", &drawn(e, SPECIALISED)),
                        pick("recognised", &drawn(e, RECOGNITION)),
                    )
                },
            },
            Claim {
                says: "The generation-specialised network recognises worse.",
                place: "section 3.3, Figure 6",
                reported: "lowest accuracy",
                cause: "",
                test: |e| {
                    let end = longest(e, "accuracy", "epochs");
                    e.below(
                        pick("accuracy", &tested(SPECIALISED, end)),
                        pick("accuracy", &tested(RECOGNITION, end)),
                    )
                },
            },
            Claim {
                says: "Fine-tuning does not improve the accuracy, at either step size.",
                place: "section 3.3, Figure 6",
                reported: "no improvement",
                cause: "The small steps gain three points, 76 % to 79 %, on 300 test images whose interval is five points to either side; the large ones lose thirteen.",
                test: |e| both(no_better(e, RECOGNITION), no_better(e, SPECIALISED)),
            },
            Claim {
                says: "The recognition-specialised network, too, is on a path of decreasing accuracy.",
                place: "section 3.3",
                reported: "very likely",
                cause: "With small steps the accuracy rises, from 76 % to 79 %.",
                test: |e| {
                    let at = [("model", RECOGNITION), ("set", TEST), ("by", GIBBS)];
                    let epochs = e.along(pick("accuracy", &at), "epochs");
                    e.trend(pick("accuracy", &at), "epochs", &epochs, Trend::FALLS.beyond(NOISE))
                },
            },
            Claim {
                says: "Along the scale of step sizes more and more pictures are recognised.",
                place: "",
                reported: OURS,
                cause: "The quick profile makes 200 steps of up-down, the report 6000: after 200 of the large steps 8 % of the pictures are recognised, after 1600 22 %.",
                test: |e| {
                    let at = [("steps", longest(e, "recognised", "steps"))];
                    e.rises_along(pick("recognised", &at), "rate")
                },
            },
        ],
    },
    recipe: &WakeSleep {
        stack: STACK,
        iterations: CHOSEN,
        sizes: Scaled::new(
            &[SLOW, FAST],
            &[SLOW, FAST],
            &[
                SLOW,
                Size { model: "between, 0.003", of_mean: "0.003", rate: 0.003, rule: StepRule::Mean },
                MIDDLE,
                Size { model: "between, 0.03", of_mean: "0.03", rate: 0.03, rule: StepRule::Mean },
                FAST,
            ],
        ),
        epochs: Scaled::new(1, 5, 10),
        images: Scaled::new(20, 400, 6000),
        middle: 5,
        tested: Scaled::new(20, 300, 10_000),
        sweeps: 15,
        from_labels: FromLabels {
            chains: Scaled::new(1, 5, 20),
            steps: Scaled::new(&[5], &[100], &[200]),
            compared: Scaled::new(100, 5000, 10_000),
            checked: Scaled::new(20, 500, 1000),
        },
    },
};

/// Pictures of one network after the last of the steps.
fn drawn<'a>(evidence: &'a Evidence, model: &'a str) -> [(&'a str, &'a str); 2] {
    [("model", model), ("steps", longest(evidence, "recognised", "steps"))]
}

/// Accuracy of one network as the report reads labels.
fn tested<'a>(model: &'a str, epochs: &'a str) -> [(&'a str, &'a str); 4] {
    [("model", model), ("set", TEST), ("by", GIBBS), ("epochs", epochs)]
}

/// Of each of these labels at least half of the pictures are recognised.
fn recognisable(evidence: &Evidence, at: &[(&str, &str)], digits: &[&str]) -> Finding {
    let steps = longest(evidence, "recognised", "steps");
    let of = |digit: &str| {
        let place: Vec<(&str, &str)> =
            at.iter().copied().chain([("steps", steps), ("digit", digit)]).collect();
        evidence.values(pick("recognised_digit", &place))
    };
    let shares: Vec<Vec<f64>> = digits.iter().map(|digit| of(digit)).collect();
    let seeds = shares.iter().map(Vec::len).min().unwrap_or(0);
    let answers: Vec<bool> = (0..seeds).map(|seed| shares.iter().all(|own| own[seed] >= 0.5)).collect();
    let texts: Vec<String> =
        digits.iter().zip(&shares).map(|(digit, own)| format!("{digit}: {}", spread(own))).collect();
    over(
        &answers,
        texts.join("; "),
        format!("at least half of the pictures of each of the labels {} recognised", digits.join(", ")),
    )
}

/// The accuracy after the last epoch is at most a hundredth above that before the first.
fn no_better(evidence: &Evidence, model: &str) -> Finding {
    let end = longest(evidence, "accuracy", "epochs");
    evidence.compare(
        pick("accuracy", &tested(model, end)),
        pick("accuracy", &tested(model, "0")),
        &format!("at most {NOISE} above"),
        |after, before| after <= before + NOISE,
    )
}
