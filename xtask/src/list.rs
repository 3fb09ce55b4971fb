//! `list`: the catalogue.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use engine::select::select;
use engine::{Profile, section};
use experiments::registry;

use crate::results::{of_profile, results};
use crate::say;
use crate::status::Usage;

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
    let catalogue = registry::catalogue();
    let everything = ["all", "record-*"].map(str::to_owned);
    let records = catalogue.iter().any(|question| question.is_record());
    let all = if records { &everything[..] } else { &everything[..1] };
    let what = if arguments.what.is_empty() { all } else { &arguments.what };
    let chosen = select(&catalogue, what).map_err(|unknown| Usage(unknown.to_string()))?;
    let out = results(arguments.out.as_deref());
    let mut drawn = Vec::new();
    for profile in Profile::ALL {
        let folders = section::drawn(&catalogue, &of_profile(out.clone(), profile))?;
        drawn.push((profile, folders.iter().map(section::name_of).collect::<Vec<_>>()));
    }
    let width = chosen.iter().map(|&place| catalogue[place].name().len()).max().unwrap_or(0);
    for question in chosen.into_iter().map(|place| catalogue[place]) {
        let name = question.name();
        let here = drawn.iter().filter(|(_, names)| names.contains(&name));
        let profiles: Vec<&str> = here.map(|(profile, _)| profile.name()).collect();
        let state = if profiles.is_empty() { "-".to_owned() } else { profiles.join(",") };
        let (report, reproduces) = (question.report, question.reproduces);
        say::line(format_args!("{name:width$}  {state:17}  {report:10}  {reproduces}"));
    }
    Ok(ExitCode::SUCCESS)
}
