//! The verbs of glyphlab. Each file is one verb or a few that belong together; there is no equation here.
//!
//! Data and tables go to standard output, everything else to standard error, both through [`say`]. Exit status: 0 done,
//! 1 something failed, 2 usage, 3 data missing, 130 interrupted (the same command goes on).

mod adopt;
mod bars;
mod bench;
mod browser;
mod check;
mod compare;
mod data;
mod dream;
mod export;
mod interrupt;
mod launch;
mod lesson;
mod lines;
mod list;
mod options;
mod page;
mod parts;
mod place;
mod reproduce;
mod results;
mod say;
mod session;
mod share;
mod show;
mod status;
mod summary;
mod transfer;
mod watch;
mod words;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Reruns the reports' experiments on AlphaDigits and MNIST, and sets our figures and numbers beside theirs.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, arg_required_else_help = true, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask reproduce all                    every experiment of every report, in minutes
  cargo xtask reproduce 'alpha-dbn-*' --dry-run
  cargo xtask list                             what there is
  cargo xtask transfer A.png B.png -o OUT.png  your picture in the colours of another
  cargo xtask dream FOLDER                     what a machine draws that has learnt your pictures
  cargo xtask export notebook                  your run as Jupyter notebooks
  cargo xtask lesson 1                         find the planted bug

Exit status: 0 done, 1 something failed, 2 usage, 3 data missing, 130 interrupted (run the same command to go on)";

#[derive(Subcommand)]
enum Verb {
    /// Train what is missing, draw the figures, write the page.
    Reproduce(reproduce::Arguments),
    /// List the experiments.
    List(list::Arguments),
    /// Look into a file of weights: names, shapes, least, mean and greatest value, NaN.
    Show(show::Arguments),
    /// List the points of a plan, for a scheduler.
    Plan(parts::PlanArguments),
    /// Train some points of a plan, by key or by part.
    Run(parts::RunArguments),
    /// Draw figures and page from finished points; no training.
    Draw(parts::DrawArguments),
    /// Hold results against their digests and claims against their points.
    Check(check::Arguments),
    /// Hold two results folders against each other: bytes, verdicts, numbers, curves.
    Compare(compare::Arguments),
    /// Bind the page from what is drawn, or from the committed reference run.
    Page(page::Arguments),
    /// Make what was drawn the reference run that is committed.
    Adopt(adopt::Arguments),
    /// Fetch, verify or locate the data sets, or draw a stand-in.
    Data(data::Arguments),
    /// Recolour a picture of yours in the colours of another.
    Transfer(transfer::Arguments),
    /// Train a machine on images of yours, and see what it draws.
    Dream(dream::Arguments),
    /// Write a finished run as notebooks, event files, NumPy arrays or a research object.
    Export(export::Arguments),
    /// Two small programs, one of which has a planted bug: which?
    Lesson(lesson::Arguments),
    /// Write a page with a machine that trains in the reader's browser, and the digests of the same training here.
    Browser(browser::Arguments),
    /// Measure the kernels and a training epoch.
    Bench(bench::Arguments),
}

fn main() -> ExitCode {
    let result = match Cli::parse().verb {
        Verb::Reproduce(arguments) => reproduce::run(&arguments),
        Verb::List(arguments) => list::run(&arguments),
        Verb::Show(arguments) => show::run(&arguments),
        Verb::Plan(arguments) => parts::plan(&arguments),
        Verb::Run(arguments) => parts::run(&arguments),
        Verb::Draw(arguments) => parts::draw(&arguments),
        Verb::Check(arguments) => check::run(&arguments),
        Verb::Compare(arguments) => compare::run(&arguments),
        Verb::Page(arguments) => page::run(&arguments),
        Verb::Adopt(arguments) => adopt::run(&arguments),
        Verb::Data(arguments) => data::run(&arguments),
        Verb::Transfer(arguments) => transfer::run(&arguments),
        Verb::Dream(arguments) => dream::run(&arguments),
        Verb::Export(arguments) => export::run(&arguments),
        Verb::Lesson(arguments) => lesson::run(&arguments),
        Verb::Browser(arguments) => browser::run(&arguments),
        Verb::Bench(arguments) => bench::run(&arguments),
    };
    match result {
        Ok(code) => match say::failure() {
            None => code,
            Some(failure) => {
                say::note(format_args!("error: {failure}"));
                ExitCode::from(status::FAILED)
            }
        },
        Err(error) => {
            let code = status::of(&error);
            if code != status::INTERRUPTED {
                say::note(format_args!("error: {error:#}"));
            }
            if code == status::DATA_MISSING
                && let Some(job) = engine::scheduler::here()
            {
                say::note(format_args!(
                    "in a {job} the stand-in is drawn only where --data standin asks for it"
                ));
            }
            ExitCode::from(code)
        }
    }
}
