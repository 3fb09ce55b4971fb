//! What several verbs share: the options that choose experiments, profile, data and folder, and what they become.

use std::fmt;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use clap::{Args, ValueEnum};
use experiments::disk::Disk;
use experiments::host;
use experiments::plan::Plan;
use experiments::recipes::colour_transfer::BROUGHT;
use experiments::recolour;
use experiments::select::{closest, select};
use experiments::store::Store;
use experiments::workbench::Surroundings;
use experiments::{Experiment, Profile, Progress, REGISTRY, Settings};

/// Something failed.
pub const FAILED: u8 = 1;
/// The command line makes no sense.
pub const USAGE: u8 = 2;
/// The data are not at hand and cannot be had.
pub const DATA_MISSING: u8 = 3;
/// Stopped on request; the same command goes on.
pub const INTERRUPTED: u8 = 130;

/// A command line that makes no sense.
#[derive(Debug)]
pub struct Usage(pub String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

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
    /// Which data are used
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

/// More threads than any machine that this is for has.
const MOST_THREADS: usize = 1024;
/// A thousand seeds of everything are planned in minutes, and trained in months.
const MOST_REPEATS: usize = 1000;
/// Layers of all seeds of a model: a plan names the layers below of every point, some 200 MB for each model.
const MOST_LAYERS: usize = 100_000;
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

/// A selection of experiments with all that running it takes.
pub struct Session {
    /// Profile, repeats, hyperparameters, data.
    pub settings: Settings,
    /// Where points are and go.
    pub store: Store,
    /// What is to be done.
    pub plan: Plan,
    /// Points side by side.
    pub jobs: usize,
    checkpoint_every: Duration,
}

impl Common {
    /// Selects experiments and plans them.
    ///
    /// # Errors
    /// [`Usage`] for a name or hyperparameter that does not exist; missing data; a recipe that cannot plan.
    pub fn session(&self, what: &[String]) -> Result<Session> {
        let experiments = select(REGISTRY, what).map_err(|unknown| Usage(unknown.to_string()))?;
        self.check_keys(&experiments)?;
        self.check_images(&experiments)?;
        let threads = self.threads.unwrap_or_else(cores);
        let (mut set, mut data) = (self.set.clone(), crate::data::source(self));
        if let [a, b] = &self.images[..] {
            data = data.with_pictures([recolour::open(a)?, recolour::open(b)?]);
            // Results of other pictures go to a folder of their own, as those of another hyperparameter do.
            let digest = data.pictures().map(|brought| brought.digest[..8].to_owned());
            set.extend(digest.map(|digest| (BROUGHT.to_owned(), digest)));
        }
        let (profile, repeats, data) = (self.profile, self.repeats, Arc::new(data));
        let settings = Settings { profile, repeats, set, data, threads };
        check_layers(&settings)?;
        let plan = Plan::new(&experiments, &settings)?;
        let store = Store::new(self.out().join(self.profile.name()), Disk::new());
        let checkpoint_every = Duration::from_secs_f64(self.checkpoint_every);
        Ok(Session { settings, store, plan, jobs: self.jobs.unwrap_or(threads), checkpoint_every })
    }

    /// The results folder.
    pub fn out(&self) -> PathBuf {
        self.out.clone().unwrap_or_else(|| root().join("results"))
    }

    /// Where results are only read, a folder that the user names must be there: a misspelt one is not an empty one.
    ///
    /// # Errors
    /// If it is not.
    pub fn check_out(&self) -> Result<()> {
        let absent = self.out.as_ref().filter(|folder| !folder.is_dir());
        absent.map_or(Ok(()), |folder| Err(anyhow!("--out names {}, which is not there", folder.display())))
    }

    fn check_images(&self, experiments: &[&'static Experiment]) -> Result<()> {
        if self.set.iter().any(|(key, _)| key == BROUGHT) {
            return Err(Usage(format!("--set {BROUGHT}: bring pictures with --images A.png B.png")).into());
        }
        let takes = |e: &&&Experiment| e.recipe.keys().contains(&BROUGHT);
        match experiments.iter().find(|e| !self.images.is_empty() && !takes(e)) {
            None => Ok(()),
            Some(other) => {
                let name = other.name();
                Err(Usage(format!("--images: {name} takes no pictures; ot-colour-transfer does")).into())
            }
        }
    }

    fn check_keys(&self, experiments: &[&'static Experiment]) -> Result<()> {
        for (key, _) in &self.set {
            for experiment in experiments {
                let keys = experiment.recipe.keys();
                if keys.contains(&key.as_str()) {
                    continue;
                }
                // Pictures are brought another way.
                let keys: Vec<&str> = keys.iter().copied().filter(|key| *key != BROUGHT).collect();
                let name = experiment.name();
                let hint = match closest(key, keys.iter().copied()) {
                    Some(close) => format!("did you mean {close:?}?"),
                    None if keys.is_empty() => "it has none that can be set".to_owned(),
                    None => format!("it has {}", keys.join(", ")),
                };
                return Err(Usage(format!("--set {key}: {name} has no such hyperparameter; {hint}")).into());
            }
        }
        Ok(())
    }
}

/// Layers and repeats multiply. What is no number is refused by the plan.
fn check_layers(settings: &Settings) -> Result<()> {
    let (layers, repeats) = (settings.get("layers", 1).unwrap_or(1), settings.repeats.unwrap_or(1));
    if repeats * layers > MOST_LAYERS {
        let found = format!("found {layers} of each of {repeats} repeats");
        return Err(Usage(format!("--set layers: expected at most {MOST_LAYERS} in all, {found}")).into());
    }
    Ok(())
}

impl Session {
    /// Refuses what this machine cannot hold, before anything runs: points at `wanted` (places in the plan) and what they
    /// need, but for those that are published, unless `force`.
    ///
    /// # Errors
    /// Names the point, its estimate and the memory.
    pub fn check_memory(&self, wanted: &[usize], force: bool) -> Result<()> {
        let Some(memory) = host::memory() else { return Ok(()) };
        let cached = self.plan.cached(&self.store);
        let open = self.plan.closure(wanted).into_iter().filter(|&place| force || !cached[place]);
        self.plan.check_memory(open, memory)
    }

    /// What the engine needs of its surroundings.
    pub fn around<'a>(&'a self, progress: &'a dyn Progress) -> Surroundings<'a> {
        Surroundings {
            store: &self.store,
            data: &self.settings.data,
            progress,
            interrupt: &INTERRUPT,
            checkpoint_every: self.checkpoint_every,
        }
    }
}

/// Set when everything shall stop.
pub static INTERRUPT: AtomicBool = AtomicBool::new(false);

/// Lets Ctrl-C (and a scheduler's SIGTERM) stop at the next checkpoint, and a second one at once.
///
/// # Errors
/// If the handler cannot be set.
pub fn catch_interrupt() -> Result<()> {
    static SIGNALS: AtomicUsize = AtomicUsize::new(0);
    let handler = || {
        INTERRUPT.store(true, Ordering::Relaxed);
        if SIGNALS.fetch_add(1, Ordering::Relaxed) > 0 {
            std::process::exit(i32::from(INTERRUPTED));
        }
        crate::say::note(
            "\nstopping at the next checkpoint; once more stops at once, and loses only what came after the last",
        );
    };
    ctrlc::set_handler(handler).context("cannot catch Ctrl-C")
}

/// Whether bars show on standard error: a dumb terminal or NO_COLOR hides every bar of indicatif's.
pub fn shows_bars() -> bool {
    let dumb =
        std::env::var_os("NO_COLOR").is_some() || std::env::var("TERM").map_or(true, |term| term == "dumb");
    std::io::stderr().is_terminal() && !dumb
}

/// Cores of the machine that this process may use.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The folder of the workspace: where the program was built, or, if it was moved, the first folder above this one that
/// holds a workspace.
pub fn root() -> PathBuf {
    let built = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let here = std::env::current_dir().unwrap_or_default();
    let marks =
        |folder: &std::path::Path| folder.join("Cargo.toml").is_file() && folder.join("xtask").is_dir();
    let above = here.ancestors().find(|folder| marks(folder)).map(PathBuf::from);
    let built = built.canonicalize().ok().filter(|folder| marks(folder));
    above.or(built).unwrap_or(here)
}
