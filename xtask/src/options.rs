//! The options of every verb that plans, and how their texts are read.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};
use engine::Profile;

use crate::results::results;

/// Which data are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DataChoice {
    /// The real data, downloaded if need be; without network and data the drawn stand-in.
    Auto,
    /// The real data or nothing.
    Real,
    /// The drawn stand-in.
    Standin,
}

/// Options of every verb that plans.
#[derive(Args, Clone, Debug)]
pub struct Common {
    /// How much is run: smoke, quick or paper
    #[arg(long, default_value = "quick", value_parser = |text: &str| text.parse::<Profile>())]
    pub profile: Profile,
    /// Which data are used; in a job of a scheduler auto is real
    #[arg(long, value_enum, default_value = "auto")]
    pub data: DataChoice,
    /// Folder with the data files; looked into before $GLYPHLAB_DATA and data/
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Never touch the network
    #[arg(long)]
    pub offline: bool,
    /// Threads to use [default: all cores]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub threads: Option<usize>,
    /// Points trained side by side [default: as many as threads]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub jobs: Option<usize>,
    /// Seeds for each experiment [default: the experiment's own number]
    #[arg(long, value_name = "N", value_parser = repeats)]
    pub repeats: Option<usize>,
    /// Another value for one hyperparameter; the results go to a folder of their own
    #[arg(long, value_name = "KEY=VALUE", value_parser = assignment)]
    pub set: Vec<(String, String)>,
    /// Two pictures of yours, PNG, instead of the painted ones; for ot-colour-transfer
    #[arg(long, num_args = 2, value_names = ["A.png", "B.png"])]
    pub images: Vec<PathBuf>,
    /// Folder for results [default: results, beside Cargo.toml]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Least seconds between two checkpoints of a point; 0 for one after every epoch
    #[arg(long, value_name = "SECONDS", default_value_t = 15.0, value_parser = seconds, hide_short_help = true)]
    pub checkpoint_every: f64,
}

impl Common {
    /// The options with which another process, in another folder, plans the same: all but how many threads it has.
    ///
    /// # Errors
    /// If there is no current folder.
    pub fn forwarded(&self) -> Result<Vec<String>> {
        let text = |path: &Path| Ok::<_, io::Error>(std::path::absolute(path)?.display().to_string());
        let mut words = vec!["--profile".to_owned(), self.profile.to_string()];
        let mut add = |name: &str, value: String| words.extend([name.to_owned(), value]);
        if let Some(choice) = self.data.to_possible_value() {
            add("--data", choice.get_name().to_owned());
        }
        if let Some(folder) = &self.data_dir {
            add("--data-dir", text(folder)?);
        }
        if let Some(repeats) = self.repeats {
            add("--repeats", repeats.to_string());
        }
        self.set.iter().for_each(|(key, value)| add("--set", format!("{key}={value}")));
        add("--out", text(&results(self.out.as_deref()))?);
        add("--checkpoint-every", self.checkpoint_every.to_string());
        if let [a, b] = &self.images[..] {
            words.extend(["--images".to_owned(), text(a)?, text(b)?]);
        }
        if self.offline {
            words.push("--offline".to_owned());
        }
        Ok(words)
    }
}

/// More threads than any machine that this is for has.
const MOST_THREADS: usize = 1024;
/// A thousand seeds of everything are planned in minutes, and trained in months.
const MOST_REPEATS: usize = 1000;
/// Bytes of the value of a hyperparameter: a folder's name has 255.
const LONGEST: usize = 200;

/// A number of threads.
pub fn threads(text: &str) -> Result<usize, String> {
    up_to(MOST_THREADS, text)
}

fn repeats(text: &str) -> Result<usize, String> {
    up_to(MOST_REPEATS, text)
}

fn up_to(most: usize, text: &str) -> Result<usize, String> {
    let parsed = text.parse().ok().filter(|n| (1..=most).contains(n));
    parsed.ok_or_else(|| format!("expected a whole number from 1 to {most}, found {text:?}"))
}

fn seconds(text: &str) -> Result<f64, String> {
    let parsed = text.parse().ok().filter(|s| (0.0..1e9).contains(s));
    parsed.ok_or_else(|| format!("expected a number of seconds, found {text:?}"))
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(key, value)| !key.is_empty() && !value.is_empty());
    let (key, value) = pair.ok_or_else(|| format!("expected key=value, found {text:?}"))?;
    // The value becomes part of a folder's name.
    if value.len() > LONGEST {
        return Err(format!("expected a value of at most {LONGEST} bytes, found {}", value.len()));
    }
    match value.find(['/', '\\', '+']) {
        None => Ok((key.to_owned(), value.to_owned())),
        Some(_) => Err(format!("expected a value without /, \\ and +, found {value:?}")),
    }
}
