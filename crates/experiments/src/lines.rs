//! The lines of the library that do in small what an experiment does: the files of the example `twenty_lines`, each for the
//! experiments that it stands beside on the pages.

use engine::Question;
use report::Snippet;

/// One file of the example.
struct Lines {
    /// Its name without the ending, and what the example takes.
    name: &'static str,
    /// Its text.
    text: &'static str,
    /// The ids of the experiments that do the same at large.
    of: &'static [&'static str],
}

const ALL: &[Lines] = &[
    Lines {
        name: "rbm",
        text: include_str!("../examples/twenty_lines/rbm.rs"),
        of: &[
            "alpha-rbm-panel",
            "alpha-rbm-units",
            "alpha-rbm-epochs",
            "alpha-rbm-classes",
            "alpha-rbm-generation",
            "alpha-rbm-reconstruction",
            "mnist-rbm-convergence",
            "mnist-rbm-stability",
            "mnist-rbm-grid",
            "mnist-rbm-learning-rate",
            "mnist-rbm-gibbs",
            "mnist-rbm-samples",
        ],
    },
    Lines {
        name: "inpainting",
        text: include_str!("../examples/twenty_lines/inpainting.rs"),
        of: &["mnist-rbm-inpainting"],
    },
    Lines {
        name: "dbn",
        text: include_str!("../examples/twenty_lines/dbn.rs"),
        of: &[
            "alpha-dbn-generation",
            "alpha-dbn-classes",
            "alpha-dbn-layers",
            "alpha-dbn-units",
            "mnist-dbn-samples",
        ],
    },
    Lines {
        name: "binarise",
        text: include_str!("../examples/twenty_lines/binarise.rs"),
        of: &["mnist-binarise"],
    },
    Lines {
        name: "pretraining",
        text: include_str!("../examples/twenty_lines/pretraining.rs"),
        of: &[
            "mnist-layers",
            "mnist-neurons",
            "mnist-samples",
            "mnist-best",
            "record-label-budget",
            "record-dbn-error",
        ],
    },
    Lines {
        name: "labels",
        text: include_str!("../examples/twenty_lines/labels.rs"),
        of: &["mnist-dbn-convergence", "mnist-dbn-accuracy", "mnist-dbn-receptive-fields"],
    },
    Lines {
        name: "wake_sleep",
        text: include_str!("../examples/twenty_lines/wake_sleep.rs"),
        of: &["mnist-dbn-label-generation", "mnist-dbn-wake-sleep"],
    },
    Lines {
        name: "likelihood",
        text: include_str!("../examples/twenty_lines/likelihood.rs"),
        of: &["record-rbm-likelihood", "record-alphadigits"],
    },
    Lines {
        name: "dbm",
        text: include_str!("../examples/twenty_lines/dbm.rs"),
        of: &["mnist-dbm", "record-dbm"],
    },
    Lines {
        name: "convolution",
        text: include_str!("../examples/twenty_lines/convolution.rs"),
        of: &["mnist-cnn-sgd", "mnist-cnn-momentum", "mnist-cnn-rmsprop", "record-cnn-error"],
    },
    Lines {
        name: "denoising",
        text: include_str!("../examples/twenty_lines/denoising.rs"),
        of: &["mnist-sdae", "mnist-sdae-finetune", "mnist-sdae-sparse", "record-sdae-error"],
    },
    Lines { name: "vae", text: include_str!("../examples/twenty_lines/vae.rs"), of: &["mnist-vae-samples"] },
    Lines {
        name: "adversaries",
        text: include_str!("../examples/twenty_lines/adversaries.rs"),
        of: &["mnist-gan", "mnist-wgan"],
    },
    Lines {
        name: "colours",
        text: include_str!("../examples/twenty_lines/colours.rs"),
        of: &["ot-colour-transfer"],
    },
    Lines {
        name: "desserts",
        text: include_str!("../examples/twenty_lines/desserts.rs"),
        of: &["ot-desserts"],
    },
    Lines {
        name: "barycentre",
        text: include_str!("../examples/twenty_lines/barycentre.rs"),
        of: &["ot-digits"],
    },
    Lines {
        name: "compared",
        text: include_str!("../examples/twenty_lines/compared.rs"),
        of: &["generators-compared"],
    },
];

/// The lines for an experiment. Its file opens with what it does, a sentence, and what its number means, another; both stand
/// over the lines on the page.
pub(crate) fn snippet(question: &Question) -> Option<Snippet> {
    let Lines { name, text, .. } = ALL.iter().find(|lines| lines.of.contains(&question.id))?;
    let words = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let words: Vec<&str> = words.collect();
    let mut sentences = words.split(|line| line.is_empty()).map(|lines| lines.join(" "));
    let source: Vec<&str> = text.lines().skip(words.len()).collect();
    Some(Snippet {
        name: (*name).to_owned(),
        says: sentences.next().unwrap_or_default(),
        gives: sentences.next().unwrap_or_default(),
        source: source.join("\n").trim().to_owned(),
        command: format!("cargo run --release -p experiments --example twenty_lines -- {name}"),
    })
}
