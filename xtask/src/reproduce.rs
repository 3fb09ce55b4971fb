//! `reproduce`: plan, train what is missing, draw, sum up.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use clap::Args;
use experiments::progress::Quiet;
use experiments::{Notice, Progress, REGISTRY, draw, limit_threads, run};

use crate::bars::Bars;
use crate::common::{Common, FAILED, INTERRUPT, INTERRUPTED, Session, catch_interrupt, shows_bars};
use crate::lines::{Lines, became, planned};
use crate::say;
use crate::words::{count, duration};

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
    let everything: Vec<usize> = (0..session.plan.points.len()).collect();
    session.check_memory(&everything, arguments.force)?;
    if arguments.dry_run {
        dry_run(&session, arguments.force);
        return Ok(ExitCode::SUCCESS);
    }
    catch_interrupt()?;
    // Of the large products; nobody needs them before.
    limit_threads(session.settings.threads);
    let work = |progress: &dyn Progress| {
        let trained = run::run(
            &session.plan,
            &everything,
            session.around(progress),
            run::Options { jobs: session.jobs, threads: session.settings.threads, force: arguments.force },
        );
        let drawn =
            if trained.interrupted { Ok(draw::Summary::default()) } else { draw_all(&session, progress) };
        (trained, drawn)
    };
    let (trained, drawn) =
        if arguments.quiet { work(&Quiet) } else { watched(&session, &everything, arguments.force, work) };
    if trained.interrupted {
        return Ok(interrupted());
    }
    let drawn = drawn?;
    sum_up(&trained, &drawn, begun);
    let failed = !trained.failed.is_empty() || !drawn.failed.is_empty();
    Ok(if failed { ExitCode::from(FAILED) } else { ExitCode::SUCCESS })
}

/// Tells how much there is to do for the `wanted` points, then does `work` while bars or lines watch.
pub fn watched<T>(
    session: &Session,
    wanted: &[usize],
    force: bool,
    work: impl FnOnce(&dyn Progress) -> T,
) -> T {
    let Session { plan, store, .. } = session;
    let totals = plan.totals_of(wanted, store, session.jobs, force);
    if shows_bars() {
        let points = plan.closure(wanted).into_iter().map(|place| &plan.points[place]);
        let open = points.filter(|point| force || !store.has(&point.key));
        let bars = Bars::new(open.map(|point| point.seconds).sum());
        bars.tell(&Notice::Planned(totals));
        let out = work(&bars);
        bars.clear();
        out
    } else {
        let lines = Lines::default();
        lines.tell(&Notice::Planned(totals));
        work(&lines)
    }
}

/// Draws what a session selected.
pub fn draw_all(session: &Session, progress: &dyn Progress) -> Result<draw::Summary> {
    draw::draw(
        &session.plan,
        &REGISTRY.iter().collect::<Vec<_>>(),
        &session.settings,
        &session.store,
        (progress, &INTERRUPT),
    )
}

/// Says how to go on.
pub fn interrupted() -> ExitCode {
    // A name that is not UTF-8 is told as well as it can be.
    let arguments = std::env::args_os().skip(1);
    let command: Vec<String> = arguments.map(|argument| quoted(&argument.to_string_lossy())).collect();
    say::note(format_args!("interrupted; to go on: cargo xtask {}", command.join(" ")));
    ExitCode::from(INTERRUPTED)
}

fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.,:/=+@%".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', r"'\''"))
    }
}

fn dry_run(session: &Session, force: bool) {
    let cached = session.plan.cached(&session.store);
    for (point, cached) in session.plan.points.iter().zip(cached) {
        let state = if cached && !force { "cached  " } else { "to train" };
        say::line(format_args!("{}  {state}  {:>9}  {}", point.key, duration(point.seconds), point.label));
    }
    say::note(planned(&session.plan.totals(&session.store, session.jobs, force)));
}

/// So few experiments are shown on the terminal, too, and not on the page alone.
const SHOWN: usize = 2;

/// The final block.
pub fn sum_up(trained: &run::Summary, drawn: &draw::Summary, begun: Instant) {
    if drawn.sections.len() <= SHOWN {
        drawn.sections.iter().for_each(|section| say::line(section.text()));
    }
    say::note("");
    say::note(became(trained));
    for (key, label, error) in &trained.failed {
        say::note(format_args!("  failed: {label} ({key}): {error}"));
    }
    for (name, error) in &drawn.failed {
        say::note(format_args!("  cannot draw {name}: {error}"));
    }
    for (name, missing) in &drawn.incomplete {
        say::note(format_args!("  not drawn: {name} waits for {}", count(*missing, "point")));
    }
    say::note(format_args!("claims: {}", drawn.verdicts));
    say::note(format_args!("{} drawn, {} unchanged", count(drawn.drawn, "experiment"), drawn.unchanged));
    say::note(format_args!("took {}", duration(begun.elapsed().as_secs_f64())));
    if let Some(page) = &drawn.page {
        let page = page.canonicalize().unwrap_or_else(|_| page.clone());
        say::note(format_args!("page: {}", page.display()));
    }
}
