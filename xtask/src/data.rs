//! `data`: the data sets.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use experiments::source::DataSource;

use crate::common::Common;

/// What `data` takes.
#[derive(Args)]
pub struct Arguments {}

/// Runs one of its verbs.
pub fn run(_: &Arguments) -> Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}

/// The data that the options ask for; nothing is loaded yet.
pub fn source(_: &Common) -> Result<DataSource> {
    Ok(DataSource::default())
}

/// Whether an error says that data are missing.
pub fn is_missing(_: &anyhow::Error) -> bool {
    false
}
