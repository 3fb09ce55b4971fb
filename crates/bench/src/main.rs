//! Times the workloads and prints one line of JSON for each, as the peers do; `compare` prints a table instead.
#![allow(clippy::print_stdout, clippy::print_stderr)] // a program whose output is data

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use bench::compare::{Comparison, compare};
use bench::options::Options;
use bench::run::{CASES, TRANSPORT, run};
use clap::{Args, Parser, Subcommand};

/// Time matrix products, training of RBMs and perceptrons, Gibbs sampling, and optimal transport
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    lines: Lines,
}

#[derive(Subcommand)]
enum Verb {
    /// Print a table, with the peer's column where a Python with torch, or POT for transport, is named
    Compare(Compare),
}

#[derive(Args)]
struct Lines {
    /// One of: all gemm rbm_cd1 rbm_alpha rbm_ways gibbs ais dnn cnn sdae vae gan wgan transport (emd sinkhorn transfer) side-by-side kernels
    #[arg(long, default_value = "all")]
    case: String,
    /// Threads for every workload
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Seconds for each variant
    #[arg(long, default_value_t = 3.0)]
    seconds_budget: f64,
    /// Measure only variants whose metric/variant contains this
    #[arg(long, default_value = "")]
    only: String,
    /// Folder with the data sets; without it, noise of the same density is learnt
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(Args)]
struct Compare {
    /// One of the cases, or all; may be given several times
    #[arg(long, default_value = "all")]
    case: Vec<String>,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// A Python that has torch, and POT for transport
    #[arg(long)]
    python: Option<String>,
    /// Another script than those in tools/peers, for all cases
    #[arg(long)]
    peer: Option<PathBuf>,
    #[arg(long)]
    data_dir: Option<PathBuf>,
    #[arg(long, default_value_t = 2.0)]
    budget: f64,
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    #[arg(long, default_value_t = 10.0)]
    idle: f64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.verb {
        Some(Verb::Compare(compare)) => print_table(compare),
        None => print_lines(&arguments.lines),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn chosen(case: &str) -> Result<Vec<&str>> {
    match CASES.iter().find(|known| **known == case) {
        Some(case) => Ok(vec![case]),
        None if case == "all" => Ok(CASES.to_vec()),
        None if case == TRANSPORT.0 => Ok(TRANSPORT.1.to_vec()),
        None => bail!("--case: expected all, {} or one of {}, found {case}", TRANSPORT.0, CASES.join(", ")),
    }
}

fn print_lines(lines: &Lines) -> Result<()> {
    if lines.threads == 0 {
        bail!("--threads: expected at least 1, found 0");
    }
    let options = Options {
        threads: lines.threads,
        budget: lines.seconds_budget,
        only: lines.only.clone(),
        data: lines.data.clone(),
    };
    for case in chosen(&lines.case)? {
        run(case, &options, &mut |measurement| println!("{}", measurement.json()))?;
    }
    Ok(())
}

fn print_table(arguments: &Compare) -> Result<()> {
    let mut cases = Vec::new();
    for case in &arguments.case {
        cases.extend(chosen(case)?.into_iter().map(str::to_owned));
    }
    let comparison = Comparison {
        cases,
        threads: arguments.threads.max(1),
        python: arguments.python.clone(),
        script: arguments.peer.clone(),
        data: arguments.data_dir.clone(),
        budget: arguments.budget,
        rounds: arguments.rounds.max(1),
        idle: arguments.idle,
    };
    let table = compare(&comparison, &mut |line| eprintln!("{line}"))?;
    print!("{}", table.render(comparison.python.as_ref().map(|_| "peer")));
    if table.is_unreliable() {
        eprintln!("~ others used the machine during most repetitions: measure again when it is idle");
    }
    Ok(())
}
