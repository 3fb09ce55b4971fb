//! `reproduce`: plan, train what is missing, draw, sum up.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use clap::Args;
use engine::progress::Quiet;
use engine::{Progress, draw, run};
use experiments::limit_threads;

use crate::interrupt::{self, INTERRUPT};
use crate::lines::{listed, planned};
use crate::options::Common;
use crate::say;
use crate::session::Session;
use crate::status::FAILED;
use crate::summary::{against_reference, sum_up};
use crate::watch::{interrupted, watched};

/// What to reproduce, and how.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Ids, id:protocol, globs ('alpha-dbn-*'), report:SLUG, or all
    #[arg(required = true, value_name = "WHAT")]
    what: Vec<String>,
    #[command(flatten)]
    common: Common,
    /// Say what would be trained, and stop
    #[arg(long)]
    dry_run: bool,
    /// Train again what is finished
    #[arg(long)]
    force: bool,
    /// Only errors and the final summary
    #[arg(short, long)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask reproduce all
  cargo xtask reproduce alpha-rbm-units:scratch --profile paper
  cargo xtask reproduce report:scratch --repeats 5 --jobs 2
  cargo xtask reproduce alpha-rbm-epochs --set rate=0.05 --dry-run
  cargo xtask reproduce ot-colour-transfer --images forest.png autumn.png

The data are looked for in --data-dir, $GLYPHLAB_DATA and data/, and downloaded if they are nowhere.
Results go to results/<profile>/; a point that is finished is never trained again.";

/// Runs the verb.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let begun = Instant::now();
    let session = arguments.common.session(&arguments.what)?;
    let everything = session.everything();
    session.check_memory(&everything, arguments.force)?;
    if arguments.dry_run {
        dry_run(&session, arguments.force)?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some((trained, drawn)) = carry_out(&session, arguments.force, arguments.quiet)? else {
        return Ok(interrupted());
    };
    sum_up(&trained, &drawn, begun);
    against_reference(&session)?;
    let failed = !trained.failed.is_empty() || !drawn.failed.is_empty();
    Ok(if failed { ExitCode::from(FAILED) } else { ExitCode::SUCCESS })
}

/// Trains what is missing and draws; none if it was interrupted.
///
/// # Errors
/// As [`run::run`] and [`draw::draw`].
pub fn carry_out(
    session: &Session,
    force: bool,
    quiet: bool,
) -> Result<Option<(run::Summary, draw::Summary)>> {
    let everything = session.everything();
    interrupt::catch()?;
    // Of the large products; nobody needs them before.
    limit_threads(session.threads);
    let options = run::Options { jobs: session.jobs, threads: session.threads, force };
    let work = |progress: &dyn Progress| {
        let trained = run::run(&session.plan, &everything, session.around(progress), options)?;
        let stopped = trained.interrupted;
        let drawn = if stopped { Ok(draw::Summary::default()) } else { draw_all(session, progress) };
        Ok((trained, drawn))
    };
    let (trained, drawn) = if quiet { work(&Quiet)? } else { watched(session, &everything, force, work)? };
    if trained.interrupted {
        return Ok(None);
    }
    Ok(Some((trained, drawn?)))
}

/// Draws what a session selected.
///
/// # Errors
/// As [`draw::draw`].
pub fn draw_all(session: &Session, progress: &dyn Progress) -> Result<draw::Summary> {
    let watch = draw::Watch { progress, interrupt: &INTERRUPT };
    draw::draw(&session.studies, &session.plan, &session.binding(), &session.store, watch)
}

fn dry_run(session: &Session, force: bool) -> Result<()> {
    let settled = session.settled(force)?;
    let points = session.plan.points.iter().zip(&settled);
    say::lines(points.map(|(point, settled)| listed(point, *settled)));
    let totals = session.plan.totals(&session.everything(), &settled, &session.store, session.jobs);
    say::note(planned(&totals));
    Ok(())
}
