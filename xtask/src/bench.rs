//! `bench`: hands over to the benchmark crate, so that its dependencies are built only when it is wanted.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::Args;

use crate::common::{FAILED, root};

/// What `bench` takes.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub struct Arguments {
    /// Passed to the benchmark
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    rest: Vec<String>,
}

/// Runs `cargo run --release -p bench -- ARGUMENTS`.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(&cargo);
    command.args(["run", "--release", "--package", "bench", "--"]).args(&arguments.rest).current_dir(root());
    let status = command.status().with_context(|| format!("cannot start {}", cargo.to_string_lossy()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(FAILED);
    Ok(ExitCode::from(code))
}
