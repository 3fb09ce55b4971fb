//! `data fetch | verify | where | standin`: the data sets; and the data that other verbs ask for.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use experiments::data::Data;
use fetch::{Got, Network, Options, Origin, Policy, Say, State};

use crate::options::{Common, DataChoice};
use crate::place::root;
use crate::say;
use crate::status::{DATA_MISSING, FAILED};

/// What `data` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask data fetch
  cargo xtask data where --data-dir ~/data
  cargo xtask data standin /tmp/drawn

Looked up in --data-dir, $GLYPHLAB_DATA and data/, each also in its folders mnist and MNIST/raw (torchvision's), \
gzipped or not, under any spelling of the names. Exit status 3 if something is missing.")]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Download what is not here, or damaged, into data/, and check it.
    Fetch(Places),
    /// Hold every file that is here against its SHA-256; no network.
    Verify(Places),
    /// Say where files are looked for, found, and to be had.
    Where(Places),
    /// Write the drawn stand-in, in the data sets' own formats.
    Standin {
        /// Folder for the five files
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

#[derive(Args)]
struct Places {
    /// Folder with the data files; looked into before $GLYPHLAB_DATA and data/
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Never touch the network
    #[arg(long)]
    offline: bool,
}

/// Runs one of its verbs.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    match &arguments.verb {
        Verb::Fetch(places) => get(&places.options()),
        Verb::Verify(places) => verify(&places.options()),
        Verb::Where(places) => Ok(whereabouts(&places.options())),
        Verb::Standin { folder } => {
            for path in fetch::write_standin(folder)? {
                say::line(path.display());
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The data that the options ask for; nothing is loaded yet. Nobody watches a job of a scheduler: it gets real data or none.
pub fn source(common: &Common) -> Data {
    let places = Places { data_dir: common.data_dir.clone(), offline: common.offline };
    let policy = match common.data {
        DataChoice::Auto if engine::scheduler::here().is_some() => Policy::Real,
        DataChoice::Auto => Policy::Auto,
        DataChoice::Real => Policy::Real,
        DataChoice::Standin => Policy::Standin,
    };
    Data::new(Options { policy, ..places.options() })
}

impl Places {
    fn options(&self) -> Options {
        let network = if self.offline { Network::Off } else { Network::Allowed };
        let say = Say::new(|line| say::note(line));
        let home = root().join("data");
        Options { network, data_dir: self.data_dir.clone(), home, say, ..Options::from_environment() }
    }
}

fn get(options: &Options) -> Result<ExitCode> {
    let fetched = fetch::fetch(options)?;
    for (name, got) in &fetched.files {
        match got {
            Got::Already(path) => say::line(format_args!("{name}  here already  {}", path.display())),
            Got::Downloaded(path) => say::line(format_args!("{name}  downloaded  {}", path.display())),
            Got::Nothing => say::line(format_args!("{name}  missing")),
        }
    }
    for missing in &fetched.missing {
        say::note(format_args!("error: {missing}"));
    }
    Ok(status(!fetched.missing.is_empty(), false))
}

fn verify(options: &Options) -> Result<ExitCode> {
    let (mut absent, mut wrong) = (false, false);
    for file in fetch::verify(options)? {
        let path = file.located.map_or_else(String::new, |located| located.path.display().to_string());
        match file.state {
            State::Sound => say::line(format_args!("{}  sound  {path}", file.name)),
            State::Absent => {
                absent = true;
                say::line(format_args!("{}  missing", file.name));
            }
            State::Wrong(why) => {
                wrong = true;
                say::line(format_args!("{}  WRONG  {why}", file.name));
            }
        }
    }
    Ok(status(absent, wrong))
}

fn whereabouts(options: &Options) -> ExitCode {
    let found = fetch::where_is(options);
    say::line("searched, each with its folders mnist and MNIST/raw:");
    for (folder, origin) in &found.places {
        // The workspace's own is made when something is kept.
        let there = if folder.is_dir() || *origin == Origin::Workspace { "" } else { "; not there" };
        let why = match origin {
            Origin::DataDir => "--data-dir",
            Origin::Environment => fetch::ENVIRONMENT,
            Origin::Workspace => "downloads are kept here",
        };
        say::line(format_args!("  {}  ({why}{there})", folder.display()));
    }
    let mut absent = false;
    for (entry, urls, located) in &found.files {
        say::line(format_args!("{}  {} bytes  SHA-256 {}", entry.name, entry.bytes, entry.sha256));
        match located {
            Some(located) => say::line(format_args!("  {}", located.path.display())),
            None => say::line("  missing"),
        }
        if let Some(why) = fetch::in_the_way(options, entry) {
            say::line(format_args!("  {why}"));
        }
        absent |= located.is_none();
        urls.iter().for_each(|url| say::line(format_args!("  {url}")));
    }
    status(absent, false)
}

fn status(missing: bool, wrong: bool) -> ExitCode {
    match (wrong, missing) {
        (true, _) => ExitCode::from(FAILED),
        (false, true) => ExitCode::from(DATA_MISSING),
        (false, false) => ExitCode::SUCCESS,
    }
}
