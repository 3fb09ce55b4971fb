//! Ours: how far apart sets of digits are, as transport sees it.

use engine::claim::{OURS, both, over};
use engine::{Claim, Evidence, Finding, Question, Scaled, pick};
use report::number;

use super::names::{BLANK, NOISE, TRAINING};
use super::recipe::DigitTransport;
use crate::experiment::{Experiment, reports};

const RBM: &str = "RBM";
const DBN: &str = "DBN";

pub(super) static DIGITS: Experiment = Experiment {
    about: Question {
        id: "ot-digits",
        protocol: "ours",
        report: reports::OURS,
        title: "How far digits are from digits",
        reproduces: "no figure: transport as a measure of generated digits",
        question: "How far are the classes of digits from each other, and generated digits from real ones?",
        seed: 1,
        repeats: Scaled::new(1, 1, 3),
        data: &["MNIST"],
        artefacts: &["metrics.csv", "classes.svg", "samples.svg", "distances.svg", "barycentres.svg"],
        claims: &[
            Claim {
                says: "Two classes are farther apart than two halves of either.",
                place: "",
                reported: OURS,
                cause: "",
                test: classes_apart,
            },
            Claim {
                says: "4, 7 and 9 are the classes that lie closest to each other.",
                place: "",
                reported: OURS,
                cause: "",
                test: closest,
            },
            Claim {
                says: "Digits that an RBM generates are farther from held-out digits than training digits are.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| farther(e, RBM, TRAINING),
            },
            Claim {
                says: "So are those of a DBN.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| farther(e, DBN, TRAINING),
            },
            Claim {
                says: "Both are nearer than pixel noise.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| both(farther(e, NOISE, RBM), farther(e, NOISE, DBN)),
            },
            Claim {
                says: "Both are nearer than blank paper.",
                place: "",
                reported: OURS,
                cause: "",
                test: |e| both(farther(e, BLANK, RBM), farther(e, BLANK, DBN)),
            },
            Claim {
                says: "A second layer brings generated digits nearer to real ones.",
                place: "",
                reported: OURS,
                cause: "A second layer draws digits that are clearer and farther from the mean; squared distances to other digits grow by that.",
                test: |e| farther(e, RBM, DBN),
            },
            Claim {
                says: "A barycentre spreads its ink over fewer pixels than the mean image, in every class.",
                place: "",
                reported: OURS,
                cause: "",
                test: sharper,
            },
        ],
    },
    recipe: &DigitTransport {
        images: Scaled::new(40, 300, 1000),
        class_images: Scaled::new(10, 150, 400),
        generators: &[(RBM, &[500]), (DBN, &[500, 500])],
        epochs: Scaled::new(2, 20, 50),
        batch: 128,
        rate: 0.1,
        learnt: Scaled::new(1000, 10_000, 60_000),
        gibbs: Scaled::new(20, 100, 100),
        barycentre: Scaled::new(2, 10, 20),
        iterations: Scaled::new(20, 200, 600),
        epsilon: 0.3,
    },
};

fn farther(evidence: &Evidence, far: &str, near: &str) -> Finding {
    evidence.above(pick("pixels", &[("origin", far)]), pick("pixels", &[("origin", near)]))
}

/// All distances between classes: the two classes and the distance.
fn pairs(evidence: &Evidence) -> Vec<(usize, usize, f64)> {
    let own = evidence.rows.iter().filter(|row| row.metric == "pixels");
    let pair = own.filter_map(|row| {
        let class = |name: &str| row.column(name)?.parse().ok();
        Some((class("from")?, class("to")?, row.value))
    });
    pair.collect()
}

fn classes_apart(evidence: &Evidence) -> Finding {
    let all = pairs(evidence);
    let own = |class: usize| all.iter().find(|(from, to, _)| *from == class && *to == class).map(|p| p.2);
    let apart: Vec<bool> = all
        .iter()
        .filter(|(from, to, _)| from != to)
        .filter_map(|&(from, to, pixels)| Some(pixels > own(from)?.max(own(to)?)))
        .collect();
    let held = apart.iter().filter(|held| **held).count();
    let answers: &[bool] = if apart.is_empty() { &[] } else { &[held == apart.len()] };
    over(answers, format!("in {held} of {} pairs", apart.len()), "W₂² of two classes above that within both")
}

fn closest(evidence: &Evidence) -> Finding {
    let all = pairs(evidence);
    let between = all.iter().filter(|(from, to, _)| from != to);
    let least = between.min_by(|a, b| a.2.total_cmp(&b.2));
    let answers: Vec<bool> =
        least.iter().map(|(from, to, _)| [from, to].iter().all(|class| [4, 7, 9].contains(*class))).collect();
    let measured = least
        .map_or_else(|| "–".to_owned(), |(from, to, pixels)| format!("{from} and {to}: {}", number(*pixels)));
    over(&answers, measured, "the pair with the least W₂² is of 4, 7 and 9")
}

fn sharper(evidence: &Evidence) -> Finding {
    let of = |metric: &str, class: usize| evidence.mean(pick(metric, &[("class", &class.to_string())]));
    let both = (0..10).filter_map(|class| Some((of("spread_barycentre", class)?, of("spread_mean", class)?)));
    let both: Vec<(f64, f64)> = both.collect();
    let held = both.iter().filter(|(barycentre, mean)| barycentre < mean).count();
    let mean = |values: &mut dyn Iterator<Item = f64>| number(values.sum::<f64>() / both.len().max(1) as f64);
    let measured = format!(
        "in {held} of {} classes; {} against {} pixels",
        both.len(),
        mean(&mut both.iter().map(|pair| pair.0)),
        mean(&mut both.iter().map(|pair| pair.1))
    );
    let answers: &[bool] = if both.is_empty() { &[] } else { &[held == both.len()] };
    over(answers, measured, "exp(entropy) of the ink below that of the mean image")
}
