//! What is in a file of weights, as numbers for a table.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use train::Snapshot;
pub use train::{Tensor, Values};

use crate::limits;

/// A file of weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Its tensors, sorted by name.
    pub tensors: Vec<Summary>,
    /// The value of its one metadata key; empty if it has none.
    pub metadata: String,
}

/// One tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Its name.
    pub name: String,
    /// Element type as safetensors calls it.
    pub kind: &'static str,
    /// Row-major shape.
    pub shape: Vec<usize>,
    /// Least finite value; infinity if there is none.
    pub min: f64,
    /// Mean of the finite values.
    pub mean: f64,
    /// Greatest finite value.
    pub max: f64,
    /// How many values are NaN or infinite.
    pub not_finite: usize,
}

/// Reads a safetensors file, one of a network that broke too: values that are not finite are counted.
///
/// # Errors
/// If it is no regular file, is too large for this machine's memory, or cannot be read; if it is no safetensors file, names
/// file, byte offset, expected and found.
pub fn describe(path: &Path) -> Result<Weights> {
    let at = || format!("cannot read {}", path.display());
    let about = std::fs::metadata(path).with_context(at)?;
    let found = if about.is_dir() { "a folder" } else { "something else" };
    ensure!(about.is_file(), "{}: expected a safetensors file, found {found}", path.display());
    // The bytes, and the numbers in them.
    let most = limits::memory().unwrap_or(u64::MAX) / 4;
    ensure!(about.len() <= most, "{}: expected at most {most} bytes, found {}", path.display(), about.len());
    let bytes = std::fs::read(path).with_context(at)?;
    let (snapshot, metadata) = Snapshot::decode_as_is(&bytes).with_context(|| path.display().to_string())?;
    Ok(Weights { tensors: snapshot.tensors.iter().map(summary).collect(), metadata })
}

/// The tensors in the bytes of a safetensors file, whether or not all values are finite.
///
/// # Errors
/// If they are none; names byte offset, expected and found.
pub fn tensors(bytes: &[u8]) -> Result<Vec<Tensor>> {
    Ok(Snapshot::decode_as_is(bytes)?.0.tensors)
}

fn summary(tensor: &Tensor) -> Summary {
    let (kind, values): (_, Vec<f64>) = match &tensor.values {
        Values::F32(values) => ("F32", values.iter().map(|&x| f64::from(x)).collect()),
        Values::U64(values) => ("U64", values.iter().map(|&x| x as f64).collect()),
        Values::U8(values) => ("U8", values.iter().map(|&x| f64::from(x)).collect()),
    };
    let finite = values.iter().copied().filter(|x| x.is_finite());
    let n = finite.clone().count();
    Summary {
        name: tensor.name.clone(),
        kind,
        shape: tensor.shape.clone(),
        min: finite.clone().fold(f64::INFINITY, f64::min),
        mean: finite.clone().sum::<f64>() / n as f64,
        max: finite.fold(f64::NEG_INFINITY, f64::max),
        not_finite: values.len() - n,
    }
}
