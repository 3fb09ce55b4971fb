//! `check`: results against their digests, figures and verdicts against the points they were drawn from.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use disk::Folder;
use engine::section::section_in;
use engine::{check, draw, page};
use report::Verdicts;

use crate::options::Common;
use crate::results::must_be_there;
use crate::say;
use crate::session::Session;
use crate::status::FAILED;
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

/// Prints one line an experiment with its verdicts, and one for each thing that does not fit; then the same of the reference
/// run.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    must_be_there(arguments.common.out.as_deref())?;
    let session = arguments.common.session(&arguments.what)?;
    let mut tally = Tally::default();
    for (study, places) in session.studies.iter().zip(&session.plan.members) {
        let folder = draw::folder_of(session.store.root(), study);
        let found = if folder.exists()? {
            Some(check::check(study, &session.plan, places, &session.store))
        } else {
            None
        };
        tally.say(&study.about.name(), &folder, found);
    }
    for trouble in page::damage(session.store.root())? {
        tally.bad += 1;
        say::line(format_args!("page  MISMATCH  {trouble}"));
    }
    if tally.absent < session.studies.len() {
        tally.sum_up("");
    }
    let reference = reference(&session)?;
    if reference.checked > 0 {
        reference.sum_up("of the reference run ");
    } else if tally.absent == session.studies.len() {
        tally.sum_up("");
    }
    let bad = tally.bad + reference.bad;
    Ok(if bad == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// The committed reference run of this profile against its digests.
fn reference(session: &Session) -> Result<Tally> {
    let mut tally = Tally::default();
    let Some(reference) = &session.reference else { return Ok(tally) };
    for study in &session.studies {
        let folder = draw::folder_of(reference, study);
        if folder.exists()? {
            let found = check::against_digests(&folder);
            tally.say(&format!("reference {}", study.about.name()), &folder, Some(found));
        }
    }
    Ok(tally)
}

/// How many experiments were looked at, and what came out.
#[derive(Default)]
struct Tally {
    checked: usize,
    bad: usize,
    absent: usize,
}

impl Tally {
    /// Says what was found of one experiment; none if it is not drawn.
    fn say(&mut self, name: &str, folder: &Folder, found: Option<Result<Vec<String>>>) {
        let verdicts = || section_in(folder).map(|section| section.verdicts());
        let sound = match found.map(|found| found.and_then(|trouble| Ok((trouble, verdicts()?)))) {
            None => {
                self.absent += 1;
                say::note(format_args!("{name}: not drawn yet"));
                return;
            }
            Some(Ok((trouble, verdicts))) => {
                let verdicts: Verdicts = verdicts;
                let state = if trouble.is_empty() { "ok" } else { "MISMATCH" };
                say::line(format_args!("{name}  {state}  {verdicts}"));
                trouble.iter().for_each(|line| say::line(format_args!("  {line}")));
                trouble.is_empty()
            }
            // What cannot be read does not fit, and hides nothing of the others.
            Some(Err(error)) => {
                say::line(format_args!("{name}  MISMATCH  {error:#}"));
                false
            }
        };
        self.checked += 1;
        self.bad += usize::from(!sound);
    }

    fn sum_up(&self, which: &str) {
        let Self { checked, bad, absent } = self;
        let checked = count(*checked, "experiment");
        say::note(format_args!("{checked} {which}checked, {bad} with mismatches, {absent} not drawn"));
    }
}
