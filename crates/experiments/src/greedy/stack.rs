//! Trains the layers of a stack of RBMs on letters, greedily, one after another: an RBM is a stack of one.
//!
//! Layers are written one file each, so that a stack of a thousand needs the memory of one. A point trains the layers
//! `from..widths.len()` on top of the layers of the point it needs, whose activations it reads.

use anyhow::{Context, Result, ensure};
use energy::fast::{CdOptions, FastCd, Input};
use energy::{Rbm, VisibleState};
use serde::{Deserialize, Serialize};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed};
use train::{Fit, Snapshot, Tensor};

use crate::workbench::Workbench;

/// Greedy training of some layers of a stack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stack {
    /// The classes, by name: "0A".
    pub characters: String,
    /// Images of each class kept from training.
    pub held_out: usize,
    /// Hidden units of every layer from the bottom, up to the last one that this point trains.
    pub widths: Vec<usize>,
    /// Layers that are there already, in the points needed.
    pub from: usize,
    /// Samples in a mini-batch.
    pub batch: usize,
    /// Learning rate of CD-1.
    pub rate: f32,
    /// Passes over the images, for each layer.
    pub epochs: usize,
    /// Epochs after which the first layer is kept as well.
    pub milestones: Vec<usize>,
    /// Seed of weights, shuffles and noise.
    pub seed: u64,
}

/// Name of the file of layer `index` (from 0).
pub fn layer_file(index: usize) -> String {
    format!("layer-{:04}.safetensors", index + 1)
}

/// Name of the file of the first layer after some epochs.
pub fn milestone_file(epoch: usize) -> String {
    format!("layer-0001-epoch-{epoch:06}.safetensors")
}

/// Mean hidden activations of the top layer for the training images: what the next layer learns from.
const ACTIVATIONS: &str = "activations.safetensors";

/// Images of a class of AlphaDigits.
const IMAGES: u64 = 39;

/// Bytes of the states of so many units for all images of these characters.
pub(super) fn image_bytes(characters: &str, units: usize) -> u64 {
    (characters.chars().count() as u64 * IMAGES).saturating_mul(4 * units as u64)
}

impl Stack {
    /// The activations handed up: as a matrix, in a file, and in the bytes that become one.
    pub(super) fn state_bytes(&self) -> u64 {
        let widest = self.widths[self.from..].iter().max().copied().unwrap_or(0);
        image_bytes(&self.characters, widest).saturating_mul(3)
    }

    pub(super) fn run(&self, bench: &mut Workbench<'_>) -> Result<()> {
        let mut input = self.input(bench)?;
        let layers = self.widths.len();
        for layer in self.from..layers {
            let bytes = bench.stage(&layer_file(layer), |bench| self.train(layer, input.clone(), bench))?;
            let rbm = rbm_from(&bytes, input.rows(), self.widths[layer])?;
            drop(bytes);
            input = Input::Probabilities(rbm.hidden_mean(&matrix_of(&input)));
        }
        for &epoch in &self.milestones {
            // Written while the layer was trained; read so that they are published after a restart, too.
            bench.read(&milestone_file(epoch))?;
        }
        let Input::Probabilities(top) = input else { unreachable!("a stack has at least one layer") };
        let shape = vec![top.cols(), top.rows()];
        let tensors = vec![Tensor::from_f32("activations", shape, top.into_vec())];
        bench.put(ACTIVATIONS, &Snapshot { epoch: 0, tensors }.encode(""))
    }

    fn input(&self, bench: &Workbench<'_>) -> Result<Input> {
        if self.from > 0 {
            let (file, _) = Snapshot::decode(&bench.read_need(0, ACTIVATIONS)?)?;
            let shape = file.tensor("activations")?.shape.clone();
            ensure!(shape.len() == 2, "activations: expected two dimensions, found {shape:?}");
            let matrix = Matrix::from_vec(shape[1], shape[0], file.f32s("activations")?.to_vec());
            return Ok(Input::Probabilities(matrix));
        }
        let letters = bench.data.letters()?;
        let split = letters.split(&letters.labels(&self.characters)?, self.held_out);
        Ok(Input::Binary(Spikes::from_matrix(&letters.images.to_matrix(&split.train))))
    }

    fn train(&self, layer: usize, input: Input, bench: &mut Workbench<'_>) -> Result<Vec<u8>> {
        let seed = Seed::new(self.seed).child("layer", layer as u64);
        let (samples, what) = (input.len(), format!("layer {} of {}", layer + 1, self.widths.len()));
        let options = CdOptions {
            sweeps: 1,
            rate: self.rate,
            visible: VisibleState::Sampled,
            batch: self.batch.min(samples),
            threads: bench.threads,
        };
        let rbm = Rbm::new(input.rows(), self.widths[layer], seed);
        let mut trainee = FastCd::new(&rbm, input, options);
        drop(rbm);
        let fit = Fit { epochs: self.epochs, batch: self.batch, seed: seed.child("fit", 0), resume: None };
        let milestones: &[usize] = if layer == 0 { &self.milestones } else { &[] };
        bench.train(&what, &mut trainee, samples, &fit, &mut |epoch, snapshot, bench| {
            if milestones.contains(&epoch) {
                let state = Snapshot { epoch: 0, tensors: snapshot().tensors };
                bench.put(&milestone_file(epoch), &state.encode(""))?;
            }
            Ok(())
        })?;
        let rbm = trainee.rbm();
        Ok(Snapshot { epoch: 0, tensors: Tensor::list(&rbm, "") }.encode(""))
    }
}

fn matrix_of(input: &Input) -> Matrix {
    match input {
        Input::Binary(spikes) => spikes.to_matrix(),
        Input::Probabilities(matrix) => matrix.clone(),
    }
}

/// One layer from its file.
///
/// # Errors
/// If the bytes are not an RBM of these sizes, or hold NaN.
pub fn rbm_from(bytes: &[u8], visible: usize, hidden: usize) -> Result<Rbm> {
    let (file, _) = Snapshot::decode(bytes)?;
    file.check_finite()?;
    let mut rbm = Rbm {
        visible: energy::Bernoulli::new(visible),
        hidden: energy::Bernoulli::new(hidden),
        weights: Matrix::zeros(visible, hidden),
    };
    file.write_into(&mut rbm, "").with_context(|| format!("expected an RBM {visible} × {hidden}"))?;
    Ok(rbm)
}
