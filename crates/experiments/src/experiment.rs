//! An experiment is a constant: what a report asked, the typed recipe that answers it, what must come out.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};

use crate::claim::Claim;
use crate::profile::{Profile, Scaled};
use crate::recipes::Recipe;
use crate::rows::Evidence;
use crate::source::DataSource;

/// One question of one report, with its hyperparameters as data.
#[derive(Debug)]
pub struct Experiment {
    /// What `reproduce` takes: "alpha-rbm-units". One id may have several protocols.
    pub id: &'static str,
    /// The same question under one report's hyperparameters: "scratch".
    pub protocol: &'static str,
    /// The report that asked.
    pub report: Report,
    /// The heading of its section on the page: "An RBM of one letter, by hidden units".
    pub title: &'static str,
    /// "Figure 3 (a)–(h): the number of hidden units".
    pub reproduces: &'static str,
    /// The question in one sentence.
    pub question: &'static str,
    /// Seed of the first repeat; repeat `r` has `seed + r`.
    pub seed: u64,
    /// How many seeds, unless `--repeats` says otherwise.
    pub repeats: Scaled<usize>,
    /// Typed hyperparameters; says what to train and how to draw it.
    pub recipe: Recipe,
    /// Names of the files that a finished experiment has at least.
    pub artefacts: &'static [&'static str],
    /// What the report says it saw.
    pub claims: &'static [Claim],
}

impl Experiment {
    /// `id:protocol`, the full name.
    pub fn name(&self) -> String {
        format!("{}:{}", self.id, self.protocol)
    }

    /// Whether `all` leaves it out: records run only when named.
    pub fn is_record(&self) -> bool {
        self.id.starts_with("record-")
    }

    /// The seeds of all repeats under these settings.
    pub fn seeds(&self, settings: &Settings) -> Vec<u64> {
        let repeats = settings.repeats.unwrap_or_else(|| self.repeats.at(settings.profile));
        (0..repeats.max(1) as u64).map(|repeat| self.seed + repeat).collect()
    }
}

/// The five reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Report {
    /// RBM, DBN, pretrained DNN, VAE on AlphaDigits and MNIST.
    Generative,
    /// RBM, label-DBN, wake-sleep on MNIST.
    RbmLab,
    /// RBM, DBN, DNN from scratch.
    Scratch,
    /// CNN optimisers, stacked denoising autoencoders on MNIST.
    CnnSdae,
    /// RBM, DBM, GAN, WGAN, optimal transport.
    Ann4,
    /// None: our own records.
    Ours,
}

impl Report {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Generative, Self::RbmLab, Self::Scratch, Self::CnnSdae, Self::Ann4, Self::Ours];

    /// The name after `report:` on the command line.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Generative => "generative",
            Self::RbmLab => "rbm-lab",
            Self::Scratch => "scratch",
            Self::CnnSdae => "cnn-sdae",
            Self::Ann4 => "ann4",
            Self::Ours => "ours",
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// What the command line chose for one run; the same for all its experiments.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How much is run.
    pub profile: Profile,
    /// `--repeats`, instead of the experiment's own number.
    pub repeats: Option<usize>,
    /// `--set key=value`, in order.
    pub set: Vec<(String, String)>,
    /// Where images come from; loaded once a process, when first asked for.
    pub data: Arc<DataSource>,
    /// Threads of the machine that may be used.
    pub threads: usize,
}

/// The most that `--set` takes of what costs memory or time: ten times what the reports have, or more. Beyond, a plan
/// alone could take all memory.
const MOST: &[(&str, u32)] = &[
    ("layers", 10_000),
    ("hidden", 1_000_000),
    ("batch", 100_000),
    ("samples", 100_000),
    ("epochs", 1_000_000),
    ("pretraining-epochs", 1_000_000),
    ("gibbs", 1_000_000),
    ("iterations", 1_000_000),
    ("images", 1_000_000),
    ("class-images", 1_000_000),
    ("barycentre-images", 1_000_000),
];

impl Settings {
    /// The value of hyperparameter `key`: what `--set` says, else `default`.
    ///
    /// # Errors
    /// If the text given to `--set` is not such a value, or a number far beyond what a machine can do.
    pub fn get<T: FromStr>(&self, key: &str, default: T) -> Result<T> {
        let Some((_, text)) = self.set.iter().rev().find(|(k, _)| k == key) else { return Ok(default) };
        let most = MOST.iter().find(|(k, _)| *k == key).map(|(_, most)| *most);
        // No number has too many digits for a float.
        if let (Some(most), Ok(value)) = (most, text.parse::<f64>())
            && value > f64::from(most)
        {
            bail!("--set {key}={text}: expected at most {most}");
        }
        let kind = if "0.5".parse::<T>().is_ok() { "a number" } else { "a whole number" };
        text.parse().map_err(|_| anyhow!("--set {key}={text}: expected {kind}"))
    }

    /// What the results folder's name ends in: empty, or `+key=value` for each `--set`.
    pub fn suffix(&self) -> String {
        self.set.iter().map(|(key, value)| format!("+{key}={value}")).collect()
    }
}

/// `--set` asks an experiment for what it cannot be: the context of the error that says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadSetting {
    /// Full name of the experiment.
    pub experiment: String,
}

impl fmt::Display for BadSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot plan {} with these settings", self.experiment)
    }
}

impl std::error::Error for BadSetting {}

/// What drawing an experiment gives: files and evidence. No training.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    /// Name, which may begin with a folder (`weights/rbm.safetensors`), and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// What the claims look at.
    pub evidence: Evidence,
    /// The pictures of the page, in order.
    pub figures: Vec<FigureEntry>,
    /// The tables of the page, under the figures; files of their own if they are worth it.
    pub tables: Vec<report::Table>,
    /// Sentences under the figures: what a reader must know to judge them.
    pub notes: Vec<String>,
}

impl Drawn {
    /// Adds a drawing, as a file and as a picture of the page.
    pub(crate) fn show(&mut self, file: &str, svg: String, caption: &str, alt: &str) {
        self.files.push((file.to_owned(), svg.into_bytes()));
        let (caption, alt) = (caption.to_owned(), alt.to_owned());
        self.figures.push(FigureEntry { file: file.to_owned(), caption, alt });
    }
}

/// A picture among the files.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FigureEntry {
    /// Its name in [`Drawn::files`]; ends in `.svg` or `.png`.
    pub file: String,
    /// What is shown.
    pub caption: String,
    /// The one-sentence finding, for those who cannot see it.
    pub alt: String,
}
