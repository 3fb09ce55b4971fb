//! What a network draws when it is told a label: a chain at the top with the label held, then once down.

use anyhow::{Result, ensure};
use energy::{coin_flips, one_hot};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed};
use train::Tensor;

use super::nearest::Nearest;
use super::network::{CLASSES, Labelled, WEIGHTS, WIDTHS, read_network};
use crate::data::{Data, Reads};
use crate::job::{Cost, Job};

/// Pictures from labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Generate {
    /// Chains of each label, which begin at fair coins.
    pub chains: usize,
    /// After how many Gibbs steps pictures are taken; rising.
    pub steps: Vec<usize>,
    /// Training images that pictures are likened to.
    pub compared: usize,
    /// Test images that tell how far to trust that.
    pub checked: usize,
    /// Seed of the chains.
    pub seed: u64,
}

/// The file of the pictures: for each number of steps `steps-N`, [n, 784], label after label.
pub const DRAWN: &str = "drawn.safetensors";
/// Pictures of a label that are kept.
const KEPT: usize = 10;
/// Gibbs steps between two looks at the interrupt.
const STRIDE: usize = 20;
/// Weights times chains in a second of Gibbs sampling; pixels times pairs in a second of likening.
const PACE: (f64, f64) = (8e9, 1e10);

impl Job for Generate {
    const KIND: &'static str = "label-generate";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let (chains, last) = (self.chains * CLASSES, self.steps.last().copied().unwrap_or(0));
        let drawn = (2 * last * chains * WEIGHTS[2]) as f64 / PACE.0;
        let likened = chains * self.steps.len() + self.checked;
        let seconds = drawn + (likened * self.compared * 784) as f64 / PACE.1 + 0.2;
        let pairs = self.checked.max(chains) * self.compared;
        let bytes = ((self.compared * 784 + pairs + WEIGHTS.iter().sum::<usize>() * 4) * 4) as u64;
        Ok(Cost { seconds, bytes: bytes + (96 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        ensure!(self.chains > 0, "chains: expected at least 1 of each label, found 0");
        let dbn = read_network(0, bench)?;
        let nearest = Nearest::new(Labelled::train(data, self.compared)?);
        let test = Labelled::test(data, self.checked)?;
        let checked = nearest.agree(&test.images, &test.labels);
        bench.rows.push("recognised_real", share(&checked), &[]);
        let labels: Vec<u8> = (0..CLASSES as u8).flat_map(|label| vec![label; self.chains]).collect();
        let clamped = one_hot(&labels, CLASSES)?;
        let mut noise = Seed::new(self.seed).child("generate", 0).stream();
        let mut states = coin_flips(WIDTHS[2], labels.len(), &mut noise);
        let (mut done, mut tensors) = (0, Vec::new());
        for &steps in &self.steps {
            while done < steps {
                bench.check_interrupt()?;
                bench.say(&format!("{done} of {steps} Gibbs steps"));
                let more = STRIDE.min(steps - done);
                states = dbn.top().units_by_gibbs(states, &clamped, more, &mut noise).states;
                done += more;
            }
            // Down as it is now; the chain itself goes on from where it was.
            let pictures = down(&dbn, states.clone(), &mut noise);
            self.score(&nearest, &pictures, &labels, steps, bench);
            tensors.push(self.kept(&pictures, steps));
        }
        bench.put_tensors(DRAWN, tensors)
    }
}

/// Probabilities of the pixels, with states drawn in all layers above them.
fn down(dbn: &energy::LabelDbn, states: Matrix, noise: &mut tensor::Stream) -> Matrix {
    let mut layers = dbn.generation().iter().rev();
    let bottom = layers.next_back();
    let states = layers.fold(states, |x, layer| layer.sample(&x, noise));
    bottom.map_or_else(|| states.clone(), |bottom| bottom.mean(&states))
}

impl Generate {
    fn score(
        &self,
        nearest: &Nearest,
        pictures: &Matrix,
        labels: &[u8],
        steps: usize,
        bench: &mut Workbench<'_>,
    ) {
        let found = nearest.labels(pictures);
        bench.rows.push("alike", alike(&found), &[("steps", &steps)]);
        let agree: Vec<bool> = found.iter().zip(labels).map(|(found, label)| found == label).collect();
        bench.rows.push("recognised", share(&agree), &[("steps", &steps)]);
        for (digit, own) in agree.chunks(self.chains).enumerate() {
            bench.rows.push("recognised_digit", share(own), &[("steps", &steps), ("digit", &digit)]);
        }
    }

    /// The first pictures of every label.
    fn kept(&self, pictures: &Matrix, steps: usize) -> Tensor {
        let some = KEPT.min(self.chains);
        let kept: Vec<usize> =
            (0..CLASSES).flat_map(|label| (0..some).map(move |own| label * self.chains + own)).collect();
        let some = pictures.gather(&kept);
        Tensor::from_f32(format!("steps-{steps}"), vec![kept.len(), some.rows()], some.into_vec())
    }
}

/// The share of the label that is found most often: a tenth where every label is drawn, 1 where all pictures look alike.
fn alike(found: &[u8]) -> f64 {
    let count = |label: u8| found.iter().filter(|own| **own == label).count();
    let most = (0..CLASSES as u8).map(count).max().unwrap_or(0);
    most as f64 / found.len().max(1) as f64
}

fn share(hits: &[bool]) -> f64 {
    hits.iter().filter(|hit| **hit).count() as f64 / hits.len().max(1) as f64
}
