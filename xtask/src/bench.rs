//! `bench`: hands over to the benchmark crate, so that its dependencies are built only when it is wanted.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use clap::Args;
use engine::limits;

use crate::options::threads;
use crate::place::root;
use crate::status::{FAILED, Usage};

/// What `bench` takes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask bench                                      our column alone
  cargo xtask bench --python ~/venv/bin/python           and PyTorch's, measured in turns
  cargo xtask bench --case rbm_cd1 --python python3 --data-dir ~/data --rounds 5
  cargo xtask bench --case transport --python python3    exact and entropic transport beside POT's

Cases: gemm, rbm_cd1, rbm_alpha, rbm_ways, gibbs, ais, dnn, cnn, sdae, vae, gan, wgan; transport, or one of its parts emd, sinkhorn and
transfer; side-by-side (two machines at once, one thread each); kernels. Transport has POT as its
peer, the last two have none, all others PyTorch. Our times of transport are those of one thread
from points to plan; POT's are those of all threads (sinkhorn: the better of one and all), with
costs at hand (but for transfer). Batches of at most 32 run on one thread, against the peer's
better of one and all threads. Values are medians of all rounds; ~ marks those that other programs
disturbed. Finer ones of the kernels: cargo bench -p bench.")]
pub struct Arguments {
    /// A case, or all; may be given several times
    #[arg(long, default_value = "all", value_name = "CASE")]
    case: Vec<String>,
    /// Threads for large batches [default: all cores, at most 2]
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<usize>,
    /// A Python with torch, and POT for transport, for the peer's column
    #[arg(long, value_name = "PYTHON")]
    python: Option<PathBuf>,
    /// Another script for the peer's column, that takes the same options and prints the same lines
    #[arg(long, value_name = "FILE", requires = "python")]
    peer: Option<PathBuf>,
    /// Folder with the data files; without it, noise of the same density is learnt
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Seconds for each variant in each round
    #[arg(long, default_value_t = 2.0, value_name = "SECONDS")]
    budget: f64,
    /// Times that everything is measured
    #[arg(long, default_value_t = 3, value_name = "R", value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
    /// Longest wait for an idle machine before each measurement
    #[arg(long, default_value_t = 10.0, value_name = "SECONDS")]
    idle: f64,
}

/// The program, as cargo is told of it. Its package is not named: cargo then chooses features of dependencies for the whole
/// workspace, as they are in what is built already, and not for this package alone, which would build most of them anew.
const BENCHMARK: [&str; 3] = ["--release", "--bin", "bench"];

/// Builds the benchmark and runs its comparison.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    for (name, seconds) in [("--budget", arguments.budget), ("--idle", arguments.idle)] {
        if !(0.0..86_400.0).contains(&seconds) {
            return Err(Usage(format!("{name}: expected seconds of a day, found {seconds}")).into());
        }
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    if status(Command::new(&cargo).arg("build").args(BENCHMARK).current_dir(root()))? != 0 {
        bail!("the benchmark does not build");
    }
    // Paths are relative to where the user is; cargo finds the workspace by its manifest.
    let mut command = Command::new(&cargo);
    command.args(["run", "--quiet"]).args(BENCHMARK).arg("--manifest-path").arg(root().join("Cargo.toml"));
    command.args(["--", "compare"]).args(arguments.rest());
    Ok(ExitCode::from(status(&mut command)?))
}

fn status(command: &mut Command) -> Result<u8> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(FAILED))
}

impl Arguments {
    /// The same options in the benchmark's words.
    fn rest(&self) -> Vec<OsString> {
        let threads = self.threads.unwrap_or_else(|| limits::processors().min(2));
        let mut rest: Vec<OsString> = Vec::new();
        let mut option = |name: &str, value: OsString| rest.extend([name.into(), value]);
        self.case.iter().for_each(|case| option("--case", case.into()));
        option("--threads", threads.to_string().into());
        option("--budget", self.budget.to_string().into());
        option("--rounds", self.rounds.to_string().into());
        option("--idle", self.idle.to_string().into());
        let paths = [("--python", &self.python), ("--peer", &self.peer), ("--data-dir", &self.data_dir)];
        for (name, path) in paths {
            if let Some(path) = path {
                option(name, path.into());
            }
        }
        rest
    }
}
