//! What a run says at its end: tables, what became of points and claims, and what it is against the reference run.

use std::time::Instant;

use anyhow::Result;
use engine::compare::{Comparison, Outcome};
use engine::page::{self, STAMP};
use engine::{draw, run};

use crate::lines::became;
use crate::say;
use crate::session::Session;
use crate::words::{count, duration};

/// So few experiments are shown on the terminal, too, and not on the page alone.
const SHOWN: usize = 2;

/// The final block.
pub fn sum_up(trained: &run::Summary, drawn: &draw::Summary, begun: Instant) {
    if drawn.sections.len() <= SHOWN {
        drawn.sections.iter().for_each(|section| say::line(section.text(STAMP)));
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

/// Holds what was drawn against the reference run, and says what came out.
///
/// # Errors
/// If the results cannot be listed.
pub fn against_reference(session: &Session) -> Result<()> {
    let binding = session.binding();
    let Some(reference) = binding.reference else { return Ok(()) };
    let comparison = Comparison::of(&session.catalogue, session.store.root(), reference)?;
    say::note(told(&comparison, page::REFERENCE));
    Ok(())
}

/// What a comparison with `other` found: what differs in each experiment, and a sentence about all of them.
pub fn told(comparison: &Comparison, other: &str) -> String {
    let mut told = String::new();
    for (name, outcome) in &comparison.experiments {
        match outcome {
            Outcome::Differs(difference) => told += &format!("{name} differs from {other}:\n{difference}"),
            Outcome::Unreadable(why) => told += &format!("{name}: cannot be compared: {why}\n"),
            Outcome::Same | Outcome::Alone | Outcome::OtherData => {}
        }
    }
    told + &comparison.sentence(other)
}
