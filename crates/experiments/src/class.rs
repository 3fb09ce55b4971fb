//! Exercises for a class: an experiment to run, its figure, and a question. No number is typed here; answers are made from the rows of one
//! experiment each. The lessons with planted bugs that belong to some of them are a crate of their own, which this one does not know.

use engine::guide::{Answer, Task};
use engine::{Evidence, pick};

use crate::numerals::{grouped, percent};

/// The exercises, in order.
pub const TASKS: &[Task] = &[
    Task {
        title: "More hidden units",
        task: "Train machines of one hidden unit and of many on a single character, and look how well they give back what they have seen.",
        lesson: None,
        answer: Answer {
            asks: "By how much does the error fall from the smallest machine to the largest, and is that a reason to take the largest?",
            name: "alpha-rbm-units:scratch",
            figure: "error.svg",
            says: units,
        },
    },
    Task {
        title: "One change at a time",
        task: "Change one hyperparameter of a machine that draws letters, and leave the others as they are.",
        lesson: None,
        answer: Answer {
            asks: "Which single change spoils the drawings most, and which helps most?",
            name: "alpha-rbm-panel:scratch",
            figure: "samples.svg",
            says: change,
        },
    },
    Task {
        title: "A likelihood that can be computed",
        task: "Train machines of ten and twenty hidden units on digits. So few can be listed, so that the likelihood is known exactly beside \
               the pseudo-likelihood that is usually shown.",
        lesson: Some((1, "Two programs estimate a partition function by annealing")),
        answer: Answer {
            asks: "Which machine has the highest likelihood of held-out images in the end, and is it the one of the highest pseudo-likelihood?",
            name: "mnist-rbm-grid:ann4",
            figure: "pseudo-likelihood.svg",
            says: likelihood,
        },
    },
    Task {
        title: "Momentum",
        task: "Train one convolutional network with three amounts of momentum at the same learning rate, from the same first weights.",
        lesson: Some((2, "Two programs descend with and without momentum")),
        answer: Answer {
            asks: "How many epochs does plain descent need for the accuracy that momentum 0.9 has after its first?",
            name: "mnist-cnn-momentum:cnn-sdae",
            figure: "accuracy.svg",
            says: momentum,
        },
    },
    Task {
        title: "More images",
        task: "Train the same network on more and more labelled digits, from random weights and from layers learnt without labels.",
        lesson: Some((3, "Two programs learn to read digits")),
        answer: Answer {
            asks: "What does the network of random weights gain from more images, and how far is each end from guessing?",
            name: "mnist-samples:scratch",
            figure: "error.svg",
            says: images,
        },
    },
    Task {
        title: "How much regularisation",
        task: "Move the colours of one picture to another by exact transport and by entropic transport with several amounts ε of \
               regularisation.",
        lesson: None,
        answer: Answer {
            asks: "When ε falls to a tenth, does the distance to the exact result fall to a tenth, too?",
            name: "ot-colour-transfer:ann4",
            figure: "rmse.svg",
            says: regularisation,
        },
    },
];

/// The texts of a column that are numbers, with the mean of a metric there, in order of the numbers.
fn along(evidence: &Evidence, metric: &str, at: &[(&str, &str)], column: &str) -> Vec<(String, f64)> {
    let mean = |text: &str| {
        let mut at = at.to_vec();
        at.push((column, text));
        Some((text.parse::<f64>().ok()?, text.to_owned(), evidence.mean(pick(metric, &at))?))
    };
    let texts = evidence.along(pick(metric, at), column);
    let mut found: Vec<(f64, String, f64)> = texts.into_iter().filter_map(mean).collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().map(|(_, text, value)| (text, value)).collect()
}

fn units(evidence: &Evidence) -> Option<String> {
    let curve = along(evidence, "mse_mean_train", &[], "hidden");
    let ((few, most_error), (many, least_error)) = (curve.first()?, curve.last()?);
    let drawings = along(evidence, "fidelity", &[], "hidden");
    let (best, fidelity) = drawings.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let largest = drawings.last()?.1;
    let verdict = if best == many { "Here it draws best, too" } else { "No: it does not draw best" };
    Some(format!(
        "From {most_error:.3} with {} hidden unit to {least_error:.1e} with {}: who remembers every image has no error on them. {verdict}: \
         the fidelity of its drawings is {largest:.2}, and the most is {fidelity:.2} with {} units.",
        grouped(few),
        grouped(many),
        grouped(best),
    ))
}

fn change(evidence: &Evidence) -> Option<String> {
    let of = |model: &str| evidence.mean(pick("fidelity", &[("model", model)]));
    let base = of("base")?;
    let models = evidence.along(pick("fidelity", &[]), "model");
    let mut changed: Vec<(&str, f64)> = models
        .into_iter()
        .filter(|model| *model != "base")
        .filter_map(|model| Some((model, of(model)?)))
        .collect();
    changed.sort_by(|a, b| a.1.total_cmp(&b.1));
    let ((worst, least), (best, most)) = (changed.first()?, changed.last()?);
    let helps = if *most > base { "helps most" } else { "harms least" };
    Some(format!(
        "The change to “{worst}” spoils them most: a fidelity of {least:.2}, where the machine without a change has {base:.2} and real images \
         1. “{best}” {helps}, with {most:.2}."
    ))
}

fn likelihood(evidence: &Evidence) -> Option<String> {
    // The last of the epochs at which a machine was looked at.
    let last = |metric: &str, model: &str| {
        along(evidence, metric, &[("model", model)], "epochs").pop().map(|(_, value)| value)
    };
    let best = |metric: &str| {
        let models = evidence.along(pick(metric, &[]), "model");
        let values = models.into_iter().filter_map(|model| Some((model, last(metric, model)?)));
        values.max_by(|a, b| a.1.total_cmp(&b.1))
    };
    let ((model, nats), (other, pseudo)) = (best("log_likelihood")?, best("pseudo_likelihood_test")?);
    let word = if model == other { "It is" } else { "It is not" };
    Some(format!(
        "The machine of {model}, with {nats:.1} nats an image. {word}: the highest pseudo-likelihood of held-out images, {pseudo:.1}, is that \
         of {other}. A pseudo-likelihood asks for one pixel at a time, given all others, and never for a whole image."
    ))
}

/// The accuracy after each epoch, in order.
fn accuracies(evidence: &Evidence, network: &str, data: &str) -> Vec<(usize, f64)> {
    let of = |epoch: usize| {
        let rows = evidence.rows.iter().filter(|row| {
            row.metric == "accuracy_test"
                && row.epoch == Some(epoch)
                && row.column("network") == Some(network)
                && row.column("data") == Some(data)
        });
        let values: Vec<f64> = rows.map(|row| row.value).collect();
        (!values.is_empty()).then(|| (epoch, values.iter().sum::<f64>() / values.len() as f64))
    };
    (1..).map_while(of).collect()
}

fn momentum(evidence: &Evidence) -> Option<String> {
    let data = evidence.along(pick("accuracy_test", &[("network", "momentum 0.9")]), "data");
    let data = *data.iter().find(|data| !accuracies(evidence, "GD", data).is_empty())?;
    let (_, first) = *accuracies(evidence, "momentum 0.9", data).first()?;
    let plain = accuracies(evidence, "GD", data);
    let last = plain.last()?;
    let needed = plain.iter().find(|(_, accuracy)| *accuracy >= first);
    let found = match needed {
        Some((epoch, _)) => format!("{epoch}"),
        None => format!("More than its {}, after which it has {}", last.0, percent(last.1)),
    };
    let start = plain.first()?.1;
    Some(format!(
        "{found}. On {}, momentum 0.9 recognises {} of the test images after one epoch, plain descent {}.",
        data,
        percent(first),
        percent(start)
    ))
}

fn images(evidence: &Evidence) -> Option<String> {
    let curve = along(evidence, "error_last", &[("start", "random")], "images");
    let ((few, high), (many, low)) = (curve.first()?, curve.last()?);
    let (with_few, with_many) = (grouped(few), grouped(many));
    Some(format!(
        "Its error falls from {} with {with_few} images to {} with {with_many}, to {:.1} times as little. Guessing errs on nine of ten: a \
         network that stays there has learnt nothing of how images and labels belong together.",
        percent(*high),
        percent(*low),
        high / low
    ))
}

fn regularisation(evidence: &Evidence) -> Option<String> {
    let at =
        |epsilon: &str| evidence.mean(pick("rmse_to_exact", &[("direction", "A to B"), ("method", epsilon)]));
    let (one, tenth, hundredth) = (at("1")?, at("0.1")?, at("0.01")?);
    let shares = [tenth / one, hundredth / tenth];
    let word = if shares.iter().all(|share| *share > 0.2) { "No" } else { "Not always" };
    let [first, second] = shares.map(percent);
    Some(format!(
        "{word}: from ε = 1 to 0.1 it falls to {first} of what it was, and from 0.1 to 0.01 to {second}. A plan has weights of \
         exp(−cost / ε), and where the cost is a squared distance they are as wide as the root of ε."
    ))
}
