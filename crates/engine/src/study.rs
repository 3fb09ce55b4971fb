//! A study: one experiment as the engine sees it. What was asked is a constant; what is to be done is a list of tasks;
//! what is drawn from them is a function.

use anyhow::Result;

use crate::claim::Claim;
use crate::evidence::Evidence;
use crate::finished::Finished;
use crate::hyper::Hypers;
use crate::profile::{Profile, Scaled};
use crate::settings::Settings;
use crate::task::Task;

use report::Figure;
pub use report::FigureEntry;

/// What one report asked, and what it says it saw.
#[derive(Debug)]
pub struct Question {
    /// What `reproduce` takes: "alpha-rbm-units". One id may have several protocols.
    pub id: &'static str,
    /// The same question under one report's hyperparameters: "scratch".
    pub protocol: &'static str,
    /// The name of the report that asked; what `report:NAME` selects.
    pub report: &'static str,
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
    /// The data sets that its points read, by the names that a reader knows.
    pub data: &'static [&'static str],
    /// Names of the files that a finished experiment has at least.
    pub artefacts: &'static [&'static str],
    /// What the report says it saw.
    pub claims: &'static [Claim],
}

impl Question {
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

/// What of one study was chosen on the command line, and what a reader is told of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The seeds of all repeats.
    pub seeds: Vec<u64>,
    /// What the folder's name has after the protocol: `+rate=0.2` for what was set by hand, empty for the report's own.
    pub variant: String,
    /// Hyperparameters, and what the profile cuts of them.
    pub hypers: Hypers,
    /// Remarks that follow from the plan.
    pub notes: Vec<String>,
}

/// One experiment, planned.
pub struct Study {
    /// What was asked.
    pub about: &'static Question,
    /// How much of it is run.
    pub profile: Profile,
    /// What is to be done.
    pub tasks: Vec<Task>,
    /// What a reader is told of it.
    pub facts: Facts,
    /// Stands on everything that is drawn, if the data are not what the report had.
    pub stamp: Option<&'static str>,
    /// Draws the finished tasks. It sees no command line, plans nothing and reads no data but theirs.
    pub draw: Draw,
}

/// Makes tables, figures and evidence from finished tasks.
pub type Draw = Box<dyn Fn(&Finished<'_>) -> Result<Drawn> + Send + Sync>;

impl Study {
    /// The name of its folder below the experiment's id: the protocol, and what was set by hand.
    pub fn folder(&self) -> String {
        format!("{}{}", self.about.protocol, self.facts.variant)
    }
}

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
    pub fn show(&mut self, file: &str, figure: impl Into<Figure>, caption: &str, alt: &str) {
        let Figure { svg, readout } = figure.into();
        self.files.push((file.to_owned(), svg.into_bytes()));
        let (file, caption, alt) = (file.to_owned(), caption.to_owned(), alt.to_owned());
        self.figures.push(FigureEntry { file, caption, alt, readout });
    }
}
