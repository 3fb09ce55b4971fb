//! `show`: what is in a file of weights.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use engine::weights;
use report::text::printable;

use crate::say;

/// What `show` takes.
#[derive(Args)]
#[command(after_help = "\
Example:
  cargo xtask show results/quick/alpha-rbm-panel/scratch/weights/base.safetensors

Exit status 1 if a value is NaN or infinite.")]
pub struct Arguments {
    /// A safetensors file
    #[arg(value_name = "WEIGHTS.safetensors")]
    file: PathBuf,
}

/// Prints one line a tensor.
///
/// # Errors
/// If the file is no file of weights; after the table, if a value is not finite.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let file = weights::describe(&arguments.file)?;
    let width = file.tensors.iter().map(|tensor| printable(&tensor.name).len()).max().unwrap_or(0).max(4);
    say::line(format_args!(
        "{:width$}  {:4}  {:>16}  {:>11}  {:>11}  {:>11}  {:>5}",
        "name", "type", "shape", "min", "mean", "max", "NaN"
    ));
    for tensor in &file.tensors {
        let sizes: Vec<String> = tensor.shape.iter().map(usize::to_string).collect();
        let (name, kind, shape) = (printable(&tensor.name), tensor.kind, format!("[{}]", sizes.join(", ")));
        let (low, mean, high) = (cell(tensor.min), cell(tensor.mean), cell(tensor.max));
        say::line(format_args!(
            "{name:width$}  {kind:4}  {shape:>16}  {low}  {mean}  {high}  {:>5}",
            tensor.not_finite
        ));
    }
    if !file.metadata.is_empty() {
        say::line(format_args!("metadata: {}", printable(&file.metadata)));
    }
    let broken: Vec<String> = file
        .tensors
        .iter()
        .filter(|tensor| tensor.not_finite > 0)
        .map(|tensor| {
            let values = tensor.shape.iter().product::<usize>();
            format!("{}: {} of {values}", printable(&tensor.name), tensor.not_finite)
        })
        .collect();
    if !broken.is_empty() {
        bail!("{}: values that are NaN or infinite in {}", arguments.file.display(), broken.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

fn cell(x: f64) -> String {
    format!("{x:>11.4e}")
}
