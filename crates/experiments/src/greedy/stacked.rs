//! Where the layers of a stack lie: in the points that a job needs, each layer a file, so that a stack of a thousand needs the
//! memory of one.

use std::borrow::Cow;

use anyhow::{Context, Error, Result};
use energy::stack::Layers;
use energy::{Bernoulli, Rbm};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::Matrix;
use train::Snapshot;

/// The layers of a stack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stacked {
    /// Hidden units of every layer, bottom first.
    pub widths: Vec<usize>,
    /// For each point needed, the number of layers up to its last.
    pub segments: Vec<usize>,
    /// The first layer after so many epochs, instead of its end.
    pub milestone: Option<usize>,
}

/// Name of the file of layer `index` (from 0).
pub fn layer_file(index: usize) -> String {
    format!("layer-{:04}.safetensors", index + 1)
}

/// Name of the file of the first layer after some epochs.
pub fn milestone_file(epoch: usize) -> String {
    format!("layer-0001-epoch-{epoch:06}.safetensors")
}

impl Stacked {
    /// Layers of these widths, each in a point of its own.
    pub fn one_each(widths: &[usize]) -> Self {
        Self { widths: widths.to_vec(), segments: (1..=widths.len()).collect(), milestone: None }
    }

    /// Units below a layer, on images of so many pixels.
    pub fn below(&self, index: usize, pixels: usize) -> usize {
        index.checked_sub(1).map_or(pixels, |below| self.widths[below])
    }

    /// Weights of the top machine.
    pub fn top_weights(&self, pixels: usize) -> usize {
        let top = self.widths.len().saturating_sub(1);
        self.below(top, pixels) * self.widths.last().copied().unwrap_or(0)
    }

    /// Weights of the largest layer.
    pub fn largest_weights(&self, pixels: usize) -> usize {
        let sizes = self.widths.iter().enumerate().map(|(index, width)| self.below(index, pixels) * width);
        sizes.max().unwrap_or(0)
    }

    /// Which needed point holds a layer, and its file there.
    ///
    /// # Errors
    /// If none does.
    pub fn file(&self, index: usize) -> Result<(usize, String)> {
        let need = self.segments.iter().position(|&end| index < end);
        let need = need.with_context(|| format!("layer {} is in none of the points needed", index + 1))?;
        Ok((
            need,
            match self.milestone {
                Some(epoch) if index == 0 => milestone_file(epoch),
                _ => layer_file(index),
            },
        ))
    }
}

/// A stack whose layers lie in the points that a job needs.
pub struct InPoints<'a> {
    stacked: &'a Stacked,
    pixels: usize,
    bench: &'a Workbench<'a>,
}

impl<'a> InPoints<'a> {
    /// These layers, on images of so many pixels.
    pub fn new(stacked: &'a Stacked, pixels: usize, bench: &'a Workbench<'a>) -> Self {
        Self { stacked, pixels, bench }
    }
}

impl Layers for InPoints<'_> {
    type Error = Error;

    fn count(&self) -> usize {
        self.stacked.widths.len()
    }

    /// Stops here when the run is asked to.
    fn layer(&self, index: usize) -> Result<Cow<'_, Rbm>> {
        self.bench.check_interrupt()?;
        let (need, file) = self.stacked.file(index)?;
        let bytes = self.bench.read_need(need, &file)?;
        let rbm = rbm_from(&bytes, self.stacked.below(index, self.pixels), self.stacked.widths[index]);
        Ok(Cow::Owned(rbm.with_context(|| format!("{file} of needed point number {}", need + 1))?))
    }
}

/// One layer from its file.
///
/// # Errors
/// If the bytes are not an RBM of these sizes, or hold NaN.
pub(crate) fn rbm_from(bytes: &[u8], visible: usize, hidden: usize) -> Result<Rbm> {
    let (file, _) = Snapshot::decode(bytes)?;
    file.check_finite()?;
    let mut rbm = Rbm {
        visible: Bernoulli::new(visible),
        hidden: Bernoulli::new(hidden),
        weights: Matrix::zeros(visible, hidden),
    };
    file.write_into(&mut rbm, "").with_context(|| format!("expected an RBM {visible} × {hidden}"))?;
    Ok(rbm)
}
