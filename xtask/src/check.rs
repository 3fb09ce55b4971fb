//! `check`: results against their digests, figures and verdicts against the points they were drawn from.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use experiments::draw;

use crate::common::{Common, FAILED};
use crate::say;
use crate::words::count;

/// What `check` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask check
  cargo xtask check report:scratch --profile paper

Exit status 1 if a file is not what its manifest says, or a claim's verdict not what the points give. A claim that did
not come out is a finding, not a failure.")]
pub struct Arguments {
    /// Ids, id:protocol, globs, report:SLUG, or all
    #[arg(default_value = "all", value_name = "WHAT")]
    what: Vec<String>,
    #[command(flatten)]
    common: Common,
}

/// Prints one line an experiment with its verdicts, and one for each thing that does not fit.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let session = arguments.common.session(&arguments.what)?;
    let (mut checked, mut bad, mut absent) = (0, 0, 0);
    for member in &session.plan.experiments {
        let name = member.0.name();
        let Some(section) = draw::section(member.0, &session.settings, &session.store)? else {
            absent += 1;
            say::note(format_args!("{name}: not drawn yet"));
            continue;
        };
        let trouble = draw::check(&session.plan, member, &session.settings, &session.store)?;
        let state = if trouble.is_empty() { "ok" } else { "MISMATCH" };
        say::line(format_args!("{name}  {state}  {}", section.verdicts()));
        for line in &trouble {
            say::line(format_args!("  {line}"));
        }
        checked += 1;
        bad += usize::from(!trouble.is_empty());
    }
    say::note(format_args!(
        "{} checked, {bad} with mismatches, {absent} not drawn",
        count(checked, "experiment")
    ));
    Ok(if bad == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}
