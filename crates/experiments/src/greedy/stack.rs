//! Trains the layers of a stack of RBMs on letters, greedily, one after another: an RBM is a stack of one.
//!
//! Layers are written one file each, so that a stack of a thousand needs the memory of one. A point trains the layers
//! `from..widths.len()` on top of the layers of the point it needs, whose activations it reads.

use anyhow::{Context, Result, ensure};
use energy::fast::{CdOptions, FastCd, Input};
use energy::{Rbm, VisibleState};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed};
use train::{Fit, Snapshot, Tensor};

use crate::cost::{OVERHEAD, TRAINED};
use crate::data::{Data, Letters, Reads};
use crate::job::{Cost, Job};

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

/// Pixels of an image of AlphaDigits.
pub(crate) const PIXELS: usize = Letters::SIZE.0 * Letters::SIZE.1;

/// Images of these characters when so many of each are kept apart.
pub(crate) fn images_of(characters: &str, held_out: usize) -> usize {
    characters.chars().count() * Letters::PER_CLASS.saturating_sub(held_out).max(1)
}

/// Bytes of the states of so many units for all images of these characters.
pub(crate) fn image_bytes(characters: &str, units: usize) -> u64 {
    (images_of(characters, 0) as u64).saturating_mul(4 * units as u64)
}

impl Job for Stack {
    const KIND: &'static str = "stack";
    const NUMERICS: u32 = 2;

    fn reads(&self) -> Reads {
        Reads::Letters
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let images = images_of(&self.characters, self.held_out);
        let layers = || (self.from..self.widths.len()).map(|layer| self.below(layer) * self.widths[layer]);
        let (weights, largest) = (layers().sum::<usize>(), layers().max().unwrap_or(0));
        let passes = (self.epochs * images) as f64;
        let steps = passes / self.batch.min(images) as f64 * (self.widths.len() - self.from) as f64;
        Ok(Cost {
            seconds: passes * weights as f64 / TRAINED + steps * OVERHEAD + 0.01,
            bytes: ((largest * 4 * 5 + (64 << 20)) as u64).max(self.state_bytes()),
        })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let mut input = self.input(data, bench)?;
        for layer in self.from..self.widths.len() {
            let bytes = bench.stage(&layer_file(layer), |bench| self.train(layer, input.clone(), bench))?;
            let rbm = rbm_from(&bytes, input.rows(), self.widths[layer])?;
            drop(bytes);
            input = Input::Probabilities(rbm.hidden_mean(&matrix_of(&input)));
        }
        let Input::Probabilities(top) = input else { unreachable!("a stack has at least one layer") };
        let shape = vec![top.cols(), top.rows()];
        let tensors = vec![Tensor::from_f32("activations", shape, top.into_vec())];
        bench.put(ACTIVATIONS, &Snapshot { epoch: 0, tensors }.encode(""))
    }
}

impl Stack {
    /// Units below a layer.
    fn below(&self, layer: usize) -> usize {
        layer.checked_sub(1).map_or(PIXELS, |below| self.widths[below])
    }

    /// The activations handed up: as a matrix, in a file, and in the bytes that become one.
    fn state_bytes(&self) -> u64 {
        let widest = self.widths[self.from..].iter().max().copied().unwrap_or(0);
        image_bytes(&self.characters, widest).saturating_mul(3)
    }

    fn input(&self, data: &Data, bench: &Workbench<'_>) -> Result<Input> {
        if self.from > 0 {
            let (file, _) = Snapshot::decode(&bench.read_need(0, ACTIVATIONS)?)?;
            let shape = file.tensor("activations")?.shape.clone();
            ensure!(shape.len() == 2, "activations: expected two dimensions, found {shape:?}");
            let matrix = Matrix::from_vec(shape[1], shape[0], file.f32s("activations")?.to_vec());
            return Ok(Input::Probabilities(matrix));
        }
        let letters = data.letters()?;
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
