//! Bars or lines watch while work is done, and what is said when it was interrupted.

use std::process::ExitCode;

use anyhow::Result;
use engine::{Notice, Progress, owner, scheduler};

use crate::bars::Bars;
use crate::lines::Lines;
use crate::place::shows_bars;
use crate::say;
use crate::session::Session;
use crate::status::INTERRUPTED;
use crate::words::count;

/// Tells how much there is to do for the `wanted` points, then does `work` while bars or lines watch.
///
/// # Errors
/// As `work`; or if the disk does not say what is published.
pub fn watched<T>(
    session: &Session,
    wanted: &[usize],
    force: bool,
    work: impl FnOnce(&dyn Progress) -> Result<T>,
) -> Result<T> {
    if let Some(job) = scheduler::here() {
        say::note(format_args!("{job} on {}, {}", owner::host(), count(session.threads, "thread")));
    }
    let (plan, settled) = (&session.plan, session.settled(force)?);
    let totals = plan.totals(wanted, &settled, &session.store, session.jobs);
    if shows_bars() {
        let open = plan.closure(wanted).into_iter().filter(|&place| !settled[place]);
        let bars = Bars::new(open.map(|place| plan.points[place].seconds).sum());
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

/// Says how to go on.
pub fn interrupted() -> ExitCode {
    // A name that is not UTF-8 is told as well as it can be.
    let arguments = std::env::args_os().skip(1);
    let command: Vec<String> = arguments.map(|argument| quoted(&argument.to_string_lossy())).collect();
    say::note(format_args!("interrupted; to go on: cargo xtask {}", command.join(" ")));
    ExitCode::from(INTERRUPTED)
}

/// An argument as a shell takes it.
pub fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.,:/=+@%".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', r"'\''"))
    }
}
