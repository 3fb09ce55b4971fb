//! `plan`, `run`, `draw`: the parts of `reproduce`, for schedulers of others. `plan` lists keys, `run` works on some,
//! `draw` draws; a Slurm array or GNU parallel does the rest, on machines that share the results folder.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use clap::Args;
use engine::progress::Quiet;
use engine::{Progress, run};
use experiments::limit_threads;

use crate::interrupt;
use crate::lines::{became, listed, planned};
use crate::options::Common;
use crate::reproduce::draw_all;
use crate::results::must_be_there;
use crate::say;
use crate::session::Session;
use crate::status::{FAILED, Usage};
use crate::summary::sum_up;
use crate::watch::{interrupted, watched};
use crate::words::duration;

/// What `plan` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask plan all --profile paper
  cargo xtask plan all --ids | parallel -j4 target/release/xtask run {}
  cargo xtask plan report:scratch --json > plan.json")]
pub struct PlanArguments {
    /// Ids, id:protocol, globs, report:SLUG, or all
    #[arg(default_value = "all", value_name = "WHAT")]
    what: Vec<String>,
    #[command(flatten)]
    common: Common,
    /// Everything about each point, as JSON
    #[arg(long, conflicts_with = "ids")]
    json: bool,
    /// Keys of the points that are not finished, one a line, needed ones first
    #[arg(long)]
    ids: bool,
}

/// Lists a plan on standard output. One that this process may not hold is listed, too, and is then an error.
pub fn plan(arguments: &PlanArguments) -> Result<ExitCode> {
    let session = arguments.common.session(&arguments.what)?;
    let cached = session.plan.cached(&session.store)?;
    let open = session.plan.points.iter().zip(&cached).filter(|(_, cached)| !**cached);
    if arguments.json {
        say::line(session.plan.to_json(&cached).trim_end());
    } else if arguments.ids {
        open.for_each(|(point, _)| say::line(&point.key));
    } else {
        table(&session, &cached);
    }
    session.check_memory(&session.everything(), false)?;
    Ok(ExitCode::SUCCESS)
}

/// A line for each point, and what they take together.
fn table(session: &Session, cached: &[bool]) {
    for (point, &cached) in session.plan.points.iter().zip(cached) {
        let needs =
            if point.needs.is_empty() { String::new() } else { format!("  needs {}", point.needs.len()) };
        say::line(format_args!("{}{needs}", listed(point, cached)));
    }
    let totals = session.plan.totals(&session.everything(), cached, &session.store, session.jobs);
    say::note(planned(&totals));
}

/// What `run` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask run 0f3c9a… --profile paper
  cargo xtask run 'mnist-*' --profile paper           whatever is free, beside others who do the same
  cargo xtask run --partition 3/8 --profile paper     the third of eight parts of the plan

Words of digits and letters from a to f are keys, all others are experiments. A point that another needs is trained by whoever comes first; the others wait for it.")]
pub struct RunArguments {
    /// Keys of points, of which the first digits are enough; or experiments, as for --of
    #[arg(value_name = "KEY|WHAT")]
    words: Vec<String>,
    /// Part k of n of the plan
    #[arg(long, value_name = "K/N", value_parser = part)]
    partition: Option<(usize, usize)>,
    /// The experiments whose points are meant [default: all]
    #[arg(long, value_name = "WHAT")]
    of: Vec<String>,
    #[command(flatten)]
    common: Common,
    /// Only errors and the final line
    #[arg(short, long)]
    quiet: bool,
}

fn part(text: &str) -> Result<(usize, usize), String> {
    let parsed = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    parsed
        .filter(|&(k, n): &(usize, usize)| 1 <= k && k <= n)
        .ok_or_else(|| format!("expected k/n with k from 1 to n, found {text:?}"))
}

/// Trains some points.
pub fn run(arguments: &RunArguments) -> Result<ExitCode> {
    let (keys, what): (Vec<String>, Vec<String>) =
        arguments.words.iter().cloned().partition(|word| word.chars().all(|c| c.is_ascii_hexdigit()));
    let mut what = [what, arguments.of.clone()].concat();
    if what.is_empty() {
        what.push("all".to_owned());
    }
    let session = arguments.common.session(&what)?;
    let wanted = wanted(&session, &keys, arguments.partition)?;
    session.check_memory(&wanted, false)?;
    interrupt::catch()?;
    limit_threads(session.threads);
    let options = run::Options { jobs: session.jobs, threads: session.threads, force: false };
    let work = |progress: &dyn Progress| run::run(&session.plan, &wanted, session.around(progress), options);
    let summary = if arguments.quiet { work(&Quiet)? } else { watched(&session, &wanted, false, work)? };
    if summary.interrupted {
        return Ok(interrupted());
    }
    for (key, label, error) in &summary.failed {
        say::note(format_args!("failed: {label} ({key}): {error}"));
    }
    say::note(format_args!("{}; took {}", became(&summary), duration(summary.took.as_secs_f64())));
    Ok(if summary.failed.len() + summary.skipped > 0 { ExitCode::from(FAILED) } else { ExitCode::SUCCESS })
}

/// Places of the points that are meant: those with the keys, a part, or else all.
fn wanted(session: &Session, keys: &[String], part: Option<(usize, usize)>) -> Result<Vec<usize>> {
    let points = &session.plan.points;
    // By key, so that the parts do not depend on what is finished when each of them starts.
    let order: BTreeMap<&str, usize> =
        points.iter().enumerate().map(|(place, point)| (point.key.as_str(), place)).collect();
    match part {
        Some(_) if !keys.is_empty() => {
            Err(Usage("--partition: expected no keys beside it".to_owned()).into())
        }
        Some((k, n)) => Ok(order.into_values().skip(k - 1).step_by(n).collect()),
        None if keys.is_empty() => Ok(session.everything()),
        None => keys.iter().map(|text| place(&order, text)).collect(),
    }
}

/// The place of the one point whose key begins so.
fn place(order: &BTreeMap<&str, usize>, text: &str) -> Result<usize> {
    let mut found = order.range(text..).take_while(|(key, _)| key.starts_with(text)).map(|(_, &place)| place);
    match (found.next(), found.count()) {
        (Some(place), 0) => Ok(place),
        (None, _) => {
            Err(Usage(format!("no point of this plan has a key that begins with {text}; `plan` lists them"))
                .into())
        }
        (Some(_), more) => Err(Usage(format!("{} points have keys that begin with {text}", more + 1)).into()),
    }
}

/// What `draw` takes.
#[derive(Args)]
pub struct DrawArguments {
    /// Ids, id:protocol, globs, report:SLUG, or all
    #[arg(default_value = "all", value_name = "WHAT")]
    what: Vec<String>,
    #[command(flatten)]
    common: Common,
    /// Only errors and the final summary
    #[arg(short, long)]
    quiet: bool,
}

/// Draws what is finished.
pub fn draw(arguments: &DrawArguments) -> Result<ExitCode> {
    let begun = Instant::now();
    must_be_there(arguments.common.out.as_deref())?;
    let session = arguments.common.session(&arguments.what)?;
    interrupt::catch()?;
    let drawn = draw_all(&session, &Quiet)?;
    let cached = session.plan.cached(&session.store)?.into_iter().filter(|&cached| cached).count();
    sum_up(&run::Summary { cached, ..run::Summary::default() }, &drawn, begun);
    let complete = drawn.failed.is_empty();
    Ok(if complete { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}
