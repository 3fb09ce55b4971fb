//! `check`: results against their digests, figures and verdicts against the points they were drawn from.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use experiments::section::Verdicts;
use experiments::{Experiment, draw};

use crate::common::{Common, FAILED, Session};
use crate::say;
use crate::words::count;

/// What `check` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask check
  cargo xtask check report:scratch --profile paper

Exit status 1 if a file is not what its manifest says, or a claim's verdict not what the points give. \
A claim that did not come out is a finding, not a failure.")]
pub struct Arguments {
    /// Ids, id:protocol, globs, report:SLUG, or all
    #[arg(default_value = "all", value_name = "WHAT")]
    what: Vec<String>,
    #[command(flatten)]
    common: Common,
}

/// Prints one line an experiment with its verdicts, and one for each thing that does not fit.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    arguments.common.check_out()?;
    let session = arguments.common.session(&arguments.what)?;
    let (mut checked, mut bad, mut absent) = (0, 0, 0);
    for member in &session.plan.experiments {
        let name = member.0.name();
        let sound = match check(&session, member) {
            Ok(None) => {
                absent += 1;
                say::note(format_args!("{name}: not drawn yet"));
                continue;
            }
            Ok(Some((verdicts, trouble))) => {
                let state = if trouble.is_empty() { "ok" } else { "MISMATCH" };
                say::line(format_args!("{name}  {state}  {verdicts}"));
                trouble.iter().for_each(|line| say::line(format_args!("  {line}")));
                trouble.is_empty()
            }
            // What cannot be read does not fit, and hides nothing of the others.
            Err(error) => {
                say::line(format_args!("{name}  MISMATCH  {error:#}"));
                false
            }
        };
        checked += 1;
        bad += usize::from(!sound);
    }
    say::note(format_args!(
        "{} checked, {bad} with mismatches, {absent} not drawn",
        count(checked, "experiment")
    ));
    Ok(if bad == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// The verdicts of an experiment, and what does not fit; nothing if it is not drawn.
fn check(session: &Session, member: &Member) -> Result<Option<(Verdicts, Vec<String>)>> {
    let Some(section) = draw::section(member.0, &session.settings, &session.store)? else { return Ok(None) };
    let trouble = draw::check(&session.plan, member, &session.settings, &session.store)?;
    Ok(Some((section.verdicts(), trouble)))
}

/// An experiment and the places of its points.
type Member = (&'static Experiment, Vec<usize>);
