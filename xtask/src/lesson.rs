//! `lesson`: two small programs side by side, one of which has a planted bug.

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use clap::Args;
use lessons::{LESSONS, Lesson, Program};

use crate::say;
use crate::status::Usage;

/// What `lesson` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask lesson             what there is
  cargo xtask lesson 1           both programs, and what to look for
  cargo xtask lesson 1 --answer  which one is wrong, and where

Both programs learn from drawn digits; a lesson takes some seconds. The exercises that they belong to are on the page class.html \
of a run.")]
pub struct Arguments {
    /// The number of a lesson
    #[arg(value_name = "N")]
    number: Option<usize>,
    /// Say which program is wrong, why, and where the mistake stands
    #[arg(long, requires = "number")]
    answer: bool,
    /// Another seed for data, weights and noise
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

/// Lists the lessons, or runs one.
///
/// # Errors
/// [`Usage`] if there is no lesson of this number.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Some(number) = arguments.number else {
        LESSONS.iter().for_each(|lesson| say::line(format_args!("{}  {}", lesson.number, lesson.title)));
        return Ok(ExitCode::SUCCESS);
    };
    let Some(lesson) = Lesson::numbered(number) else {
        let told = format!("no lesson {number}: there are 1 to {}", LESSONS.len());
        return Err(Usage(told).into());
    };
    table(lesson, arguments.seed)?;
    say::line("");
    if arguments.answer {
        say::line(format_args!("Program {} {}", lesson.planted(), lesson.answer));
        say::line(format_args!("It stands in {}.", lesson.place));
    } else {
        say::line(lesson.look);
        say::line(format_args!("The answer: cargo xtask lesson {number} --answer"));
    }
    Ok(ExitCode::SUCCESS)
}

/// What both programs give.
fn table(lesson: &Lesson, seed: u64) -> Result<()> {
    let shown = lesson.run(seed).map_err(|error| anyhow!("{error}"))?;
    say::line(format_args!("{}: {}", lesson.title, shown.what));
    let lines = shown.readings.iter().map(|reading| match lesson.first {
        Program::Sound => [&reading.at, &reading.sound, &reading.planted],
        Program::Planted => [&reading.at, &reading.planted, &reading.sound],
    });
    let lines: Vec<[&str; 3]> = lines.map(|line| line.map(String::as_str)).collect();
    let lines = [&[["", "program A", "program B"]][..], &lines].concat();
    let width = |place: usize| lines.iter().map(|line| line[place].chars().count()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    for [at, a, b] in lines {
        say::line(format_args!("{at:first$}  {a:second$}  {b}"));
    }
    say::line(shown.truth);
    Ok(())
}
