//! What leads a reader through a run: the chapters, and the questions that people come with. No number is typed here; answers are
//! made from the rows of one experiment each.

use engine::guide::{Answer, Guide, Outline, Trial};
use engine::{Evidence, Question, pick};

use crate::class::TASKS;
use crate::compared::GENERATORS;
use crate::experiment::reports;
use crate::letters::claims::GOOD;
use crate::lines;
use crate::numerals::{capital, grouped, percent};
use crate::vocabulary::WORDS;

/// The words of our pages.
pub const GUIDE: Guide = Guide {
    about: "Five student and course reports on generative deep learning, rerun from first to last figure on handwritten letters and \
            digits: every sentence of theirs that can be checked is checked, with the rule that decides and the rows behind it.",
    chapters: CHAPTERS,
    answers: ANSWERS,
    exercises: TASKS,
    code: lines::snippet,
    words: WORDS,
    tried: Some(BROWSER),
};

/// The machine that learns in a reader's browser; the verb `browser` writes it.
pub const BROWSER: Trial = Trial {
    title: "Train one yourself",
    about: "The lab's own Boltzmann machine, compiled for the browser, learns letters in front of you, yours if you draw some. Its \
            weights have the same bits as in a native run, and the page holds their digests against each other.",
    file: "browser.html",
    command: "cargo xtask browser",
};

const CHAPTERS: &[Outline] = &[
    Outline {
        slug: "scratch",
        title: "RBM, DBN and DNN from scratch",
        about: "A report on restricted Boltzmann machines and deep belief networks that learn to draw letters, and on whether their \
                layers help a network that reads digits.",
        headline: Some((
            "mnist-samples:scratch",
            "The pretrained network errs less, however many images there are.",
        )),
        holds: |question| question.report == reports::SCRATCH,
    },
    Outline {
        slug: "generative",
        title: "RBM, DBN, pretrained DNN and VAE",
        about: "The same questions asked by another report, with other hyperparameters, and a comparison of machines, belief networks \
                and autoencoders as painters of digits.",
        headline: Some(("mnist-layers:generative", "The pretrained network errs less than the random one.")),
        holds: |question| question.report == reports::GENERATIVE,
    },
    Outline {
        slug: "rbm-lab",
        title: "The RBM lab: labels and wake-sleep",
        about: "A course's lab on machines and belief networks that see digits and their labels, recognise, draw on demand, and are \
                fine-tuned by waking and sleeping.",
        headline: Some((
            "mnist-dbn-accuracy:rbm-lab",
            "Too many iterations lead to overfitting: the accuracy on test images falls again.",
        )),
        holds: |question| question.report == reports::RBM_LAB,
    },
    Outline {
        slug: "cnn-sdae",
        title: "Convolutional networks and denoising autoencoders",
        about: "A report that trains a small convolutional network with three optimisers, and stacks of denoising autoencoders for a \
                network that reads digits.",
        headline: Some((
            "mnist-sdae-finetune:cnn-sdae",
            "On 12 000 images the accuracy is better with the layers of the autoencoder than without.",
        )),
        holds: |question| question.report == reports::CNN_SDAE,
    },
    Outline {
        slug: "ann4",
        title: "RBM, DBM, GAN, WGAN and optimal transport",
        about: "A course session on machines that fill in missing rows, deep Boltzmann machines, adversarial networks, and colours moved \
                from one picture to another.",
        headline: Some((
            "ot-colour-transfer:ann4",
            "EMD and Sinkhorn do not differ significantly (regularisation 0.1).",
        )),
        holds: |question| question.report == reports::ANN4,
    },
    Outline {
        slug: "comparisons",
        title: "Comparisons of our own",
        about: "What no report asked, side by side.",
        headline: None,
        holds: |question| question.report == reports::OURS && !question.is_record(),
    },
    Outline {
        slug: "records",
        title: "Records of the field",
        about: "How near these programs come to the best published numbers, chosen on held-out training images and tested once.",
        headline: None,
        holds: Question::is_record,
    },
];

const ANSWERS: &[Answer] = &[
    Answer {
        asks: "Does pretraining help?",
        name: "record-label-budget:ours",
        figure: "error.svg",
        says: pretraining,
    },
    Answer {
        asks: "What do a hundred labels buy?",
        name: "record-label-budget:ours",
        figure: "epochs.svg",
        says: labels,
    },
    Answer {
        asks: "How many characters does an RBM hold?",
        name: "alpha-rbm-classes:scratch",
        figure: "quality.svg",
        says: characters,
    },
    Answer {
        asks: "Which generator draws best?",
        name: "generators-compared:ours",
        figure: "frechet.svg",
        says: generator,
    },
    Answer {
        asks: "Is Sinkhorn good enough?",
        name: "ot-colour-transfer:ann4",
        figure: "rmse.svg",
        says: sinkhorn,
    },
];

/// The error of one kind of network on so many labels, after the last epoch.
fn error(evidence: &Evidence, labels: &str, start: &str) -> Option<f64> {
    evidence.mean(pick("error_last", &[("labels", labels), ("start", start)]))
}

/// The least and the most labels of the sweep.
fn budgets(evidence: &Evidence) -> Option<[String; 2]> {
    let of = pick("error_last", &[("start", "pretrained")]);
    let mut sizes: Vec<usize> =
        evidence.along(of, "labels").iter().filter_map(|labels| labels.parse().ok()).collect();
    sizes.sort_unstable();
    Some([sizes.first()?.to_string(), sizes.last()?.to_string()])
}

fn pretraining(evidence: &Evidence) -> Option<String> {
    let [few, many] = budgets(evidence)?;
    let at = |labels: &str| {
        let of = |start| error(evidence, labels, start);
        Some((of("pretrained")?, of("tuned random")?))
    };
    let ((few_with, few_without), (many_with, many_without)) = (at(&few)?, at(&many)?);
    let word = |with: f64, without: f64| if with < without { "Yes" } else { "No" };
    let (few, many) = (grouped(&few), grouped(&many));
    Some(format!(
        "{} with few labels, {} with many. With {few} labels a network on layers learnt without labels errs on {} of the test \
         images, a random one tuned on held-out labels on {}; with {many}, on {} and {}.",
        word(few_with, few_without),
        word(many_with, many_without).to_lowercase(),
        percent(few_with),
        percent(few_without),
        percent(many_with),
        percent(many_without),
    ))
}

/// The kind of network that errs least on so many labels, of all that were run, and its error.
fn best<'e>(evidence: &'e Evidence, labels: &str) -> Option<(&'e str, f64)> {
    let starts = evidence.along(pick("error_last", &[("labels", labels)]), "start");
    let errors = starts.into_iter().filter_map(|start| Some((start, error(evidence, labels, start)?)));
    errors.min_by(|a, b| a.1.total_cmp(&b.1))
}

fn labels(evidence: &Evidence) -> Option<String> {
    let [few, many] = budgets(evidence)?;
    let said = |labels: &str| {
        let (start, error) = best(evidence, labels)?;
        Some(format!("{} after {} ({start})", percent(error), grouped(labels)))
    };
    let (start, error) = best(evidence, &few)?;
    let middle = said("1000").map_or_else(String::new, |said| format!("{said}, "));
    Some(format!(
        "Most of the way: the best network errs on {} of the test images after {few} labels ({start}), {middle}{}; guessing errs on nine \
         of ten.",
        percent(error),
        said(&many)?,
    ))
}

fn characters(evidence: &Evidence) -> Option<String> {
    let at = [("series", "characters of the figure")];
    let of = pick("fidelity", &at);
    let mut curve: Vec<(usize, f64)> = evidence
        .along(of, "classes")
        .into_iter()
        .filter_map(|classes| {
            let value = evidence.mean(pick("fidelity", &[at[0], ("classes", classes)]))?;
            Some((classes.parse().ok()?, value))
        })
        .collect();
    curve.sort_by_key(|(classes, _)| *classes);
    let held = curve.iter().take_while(|(_, fidelity)| *fidelity >= GOOD).last();
    let (one, last) = (curve.first()?, curve.last()?);
    let found = match held {
        Some((1, _)) => "One: with two its drawings are no longer good".to_owned(),
        Some((classes, _)) => format!("{}; with more, its drawings stop being good", capital(*classes)),
        None => "Not one".to_owned(),
    };
    Some(format!(
        "{found}. On a scale where real images have 1 and {GOOD} counts as good, a machine of one character reaches {:.2}, of {} \
         characters {:.2}.",
        one.1, last.0, last.1
    ))
}

/// The generator whose digits lie nearest to real ones, by the Fréchet distance in black and white, which all of them are measured by.
fn generator(evidence: &Evidence) -> Option<String> {
    let at = [("levels", "black and white")];
    let of = |metric, origin| evidence.mean(pick(metric, &[at[0], ("origin", origin)]));
    let mut found: Vec<(&str, f64)> = GENERATORS
        .iter()
        .filter_map(|generator| Some((generator.name, of("frechet", generator.name)?)))
        .collect();
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    let ((best, least), (worst, most)) = (found.first()?, found.last()?);
    let (real, coverage) = (of("frechet", "held-out images")?, of("coverage", best)?);
    Some(format!(
        "The {best}, of {} with about a million parameters each: its digits lie {least:.0} from real ones by the Fréchet distance of a \
         classifier’s features, those of the {worst} {most:.0}, other real ones {real:.0}; they cover {} of the kinds of real digits.",
        found.len(),
        percent(coverage)
    ))
}

fn sinkhorn(evidence: &Evidence) -> Option<String> {
    let of = |metric, method| evidence.mean(pick(metric, &[("direction", "A to B"), ("method", method)]));
    let (change, at, sharp) =
        (of("rmse_to_original", "exact")?, of("rmse_to_exact", "0.1")?, of("rmse_to_exact", "0.01")?);
    let word = if sharp <= 0.1 * change { "Yes, if ε is small enough" } else { "Not quite" };
    Some(format!(
        "{word}. At the usual ε of 0.1 the picture differs from that of the exact plan by {} of what the transfer changes at all, at \
         0.01 by {}.",
        percent(at / change),
        percent(sharp / change)
    ))
}
