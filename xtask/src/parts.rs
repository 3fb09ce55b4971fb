//! `plan`, `run`, `draw`: the parts of `reproduce`, for schedulers of others. `plan` lists keys, `run` works on some,
//! `draw` draws; a Slurm array or GNU parallel does the rest, on machines that share the results folder.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use clap::Args;
use engine::progress::Quiet;
use engine::{Point, Progress, run};
use experiments::limit_threads;

use crate::interrupt;
use crate::launch::{Engine, Launch};
use crate::lines::{became, listed, planned};
use crate::options::Common;
use crate::reproduce::draw_all;
use crate::results::must_be_there;
use crate::say;
use crate::session::Session;
use crate::share::{Balance, Partition, wanted};
use crate::status::FAILED;
use crate::summary::sum_up;
use crate::watch::{interrupted, watched};
use crate::words::{count, duration};

/// What `plan` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask plan all --profile paper
  cargo xtask plan all --ids | parallel -j4 target/release/xtask run {}
  cargo xtask plan report:scratch --json > plan.json
  cargo xtask plan all --profile paper --engine slurm --tasks 16 > paper.sh && bash paper.sh

The file of --engine starts so many tasks that take whatever is free, each with the memory of the largest point, and after \
them a drawing that fails if anything is missing. For Slurm it is an array: two minutes before its time limit a task gets a \
signal, keeps a checkpoint and is queued again. More words to bash go to sbatch, hq or parallel.")]
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
    /// A file that hands the plan to a scheduler: bash FILE
    #[arg(long, value_enum, conflicts_with_all = ["json", "ids"])]
    engine: Option<Engine>,
    /// Tasks side by side, for --engine
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = crate::options::threads)]
    tasks: usize,
    /// Time limit of a task in minutes, for --engine [default: by the estimates]
    #[arg(long, value_name = "N", value_parser = crate::options::threads)]
    minutes: Option<usize>,
}

/// Lists a plan on standard output. One that this process may not hold is listed, too, and is then an error.
pub fn plan(arguments: &PlanArguments) -> Result<ExitCode> {
    let session = arguments.common.session(&arguments.what)?;
    let cached = session.plan.cached(&session.store)?;
    let open = session.plan.points.iter().zip(&cached).filter(|(_, cached)| !**cached);
    if let Some(engine) = arguments.engine {
        say::line(arguments.launch(&session, &cached)?.script(engine).trim_end());
    } else if arguments.json {
        say::line(session.plan.to_json(&cached).trim_end());
    } else if arguments.ids {
        say::lines(open.map(|(point, _)| &point.key));
    } else {
        table(&session, &cached);
    }
    session.check_memory(&session.everything(), false)?;
    Ok(ExitCode::SUCCESS)
}

impl PlanArguments {
    /// What a scheduler has to know.
    fn launch(&self, session: &Session, cached: &[bool]) -> Result<Launch> {
        let open = || session.plan.points.iter().zip(cached).filter(|(_, cached)| !**cached);
        let totals = session.plan.totals(&session.everything(), cached, &session.store, self.tasks);
        Ok(Launch {
            program: std::env::current_exe()?,
            what: self.what.clone(),
            options: self.common.forwarded()?,
            points: totals.to_train,
            tasks: self.tasks,
            seconds: totals.seconds,
            minutes: self.minutes,
            bytes: open().map(|(point, _)| point.bytes).max().unwrap_or(0),
            threads: self.common.threads.unwrap_or(1),
        })
    }
}

/// A line for each point, and what they take together.
fn table(session: &Session, cached: &[bool]) {
    let line = |(point, &cached): (&Point, &bool)| {
        let needs =
            if point.needs.is_empty() { String::new() } else { format!("  needs {}", point.needs.len()) };
        format!("{}{needs}", listed(point, cached))
    };
    say::lines(session.plan.points.iter().zip(cached).map(line));
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
  cargo xtask run --partition auto --profile paper    the part of this task of a job array

Without a key and a part it takes whatever is free, the longest chain of points first, until all is finished: several such \
processes end together, which no cutting into parts beforehand does. Words of digits and letters from a to f are keys, all \
others are experiments. A point that another needs is trained by whoever comes first; the others wait for it. Exit status \
130: stopped by a signal, and the same command goes on; some schedulers show it as signal 2.")]
pub struct RunArguments {
    /// Keys of points, of which the first digits are enough; or experiments, as for --of
    #[arg(value_name = "KEY|WHAT")]
    words: Vec<String>,
    /// Part k of n of the plan; auto takes k and n from the scheduler's variables, auto/N only k
    #[arg(long, value_name = "K/N", value_parser = Partition::parse)]
    partition: Option<Partition>,
    /// How the plan is cut into parts
    #[arg(long, value_enum, default_value = "key", requires = "partition")]
    balance: Balance,
    /// The experiments whose points are meant [default: all]
    #[arg(long, value_name = "WHAT")]
    of: Vec<String>,
    #[command(flatten)]
    common: Common,
    /// Only errors and the final line
    #[arg(short, long)]
    quiet: bool,
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
    let wanted = wanted(&session.plan.points, &keys, arguments.partition, arguments.balance)?;
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

/// What `draw` takes.
#[derive(Args)]
pub struct DrawArguments {
    /// Ids, id:protocol, globs, report:SLUG, or all
    #[arg(default_value = "all", value_name = "WHAT")]
    what: Vec<String>,
    #[command(flatten)]
    common: Common,
    /// Fail, and draw nothing, unless every point of every experiment named is finished
    #[arg(long)]
    complete: bool,
    /// Only errors and the final summary
    #[arg(short, long)]
    quiet: bool,
}

/// Draws what is finished.
pub fn draw(arguments: &DrawArguments) -> Result<ExitCode> {
    let begun = Instant::now();
    must_be_there(arguments.common.out.as_deref())?;
    let session = arguments.common.session(&arguments.what)?;
    if arguments.complete && !is_complete(&session)? {
        return Ok(ExitCode::from(FAILED));
    }
    interrupt::catch()?;
    let drawn = draw_all(&session, &Quiet)?;
    let cached = session.plan.cached(&session.store)?.into_iter().filter(|&cached| cached).count();
    sum_up(&run::Summary { cached, ..run::Summary::default() }, &drawn, begun);
    let complete = drawn.failed.is_empty();
    Ok(if complete { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// Whether every point is finished; says which are not.
fn is_complete(session: &Session) -> Result<bool> {
    let cached = session.plan.cached(&session.store)?;
    let missing = cached.iter().filter(|cached| !**cached).count();
    for (study, places) in session.studies.iter().zip(&session.plan.members) {
        let open: Vec<usize> = places.iter().copied().filter(|&place| !cached[place]).collect();
        if !open.is_empty() {
            say::note(format_args!(
                "not drawn: {} waits for {}",
                study.about.name(),
                count(open.len(), "point")
            ));
        }
        for point in open.iter().map(|&place| &session.plan.points[place]) {
            say::note(format_args!("  {}  {}", point.key, point.label));
        }
    }
    if missing > 0 {
        say::note(format_args!(
            "error: {} of {} missing: nothing is drawn",
            missing,
            count(cached.len(), "point")
        ));
    }
    Ok(missing == 0)
}
