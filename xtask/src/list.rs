//! `list`: the catalogue.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use experiments::select::select;
use experiments::{Profile, REGISTRY, page};

use crate::common::{Usage, root};
use crate::say;

/// What `list` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask list
  cargo xtask list report:scratch")]
pub struct Arguments {
    /// Ids, id:protocol, globs, report:SLUG, or all; all that there are if nothing is given
    #[arg(value_name = "WHAT")]
    what: Vec<String>,
    /// Folder with results [default: results, beside Cargo.toml]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints one line an experiment: name, profiles it is drawn in, report, what it reproduces.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let everything = ["all", "record-*"].map(str::to_owned);
    let records = REGISTRY.iter().any(|experiment| experiment.is_record());
    let all = if records { &everything[..] } else { &everything[..1] };
    let what = if arguments.what.is_empty() { all } else { &arguments.what };
    let experiments = select(REGISTRY, what).map_err(|unknown| Usage(unknown.to_string()))?;
    let out = arguments.out.clone().unwrap_or_else(|| root().join("results"));
    let mut drawn = Vec::new();
    for profile in Profile::ALL {
        drawn.push((profile, page::drawn(&REGISTRY.iter().collect::<Vec<_>>(), &out.join(profile.name()))?));
    }
    let width = experiments.iter().map(|experiment| experiment.name().len()).max().unwrap_or(0);
    for experiment in experiments {
        let end = PathBuf::from(experiment.id).join(experiment.protocol);
        let here = drawn.iter().filter(|(_, folders)| folders.iter().any(|folder| folder.ends_with(&end)));
        let profiles: Vec<&str> = here.map(|(profile, _)| profile.name()).collect();
        let state = if profiles.is_empty() { "-".to_owned() } else { profiles.join(",") };
        let (name, report, reproduces) = (experiment.name(), experiment.report.slug(), experiment.reproduces);
        say::line(format_args!("{name:width$}  {state:17}  {report:10}  {reproduces}"));
    }
    Ok(ExitCode::SUCCESS)
}
