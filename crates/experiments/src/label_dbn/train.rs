//! Trains the machines of the network greedily: the bottom one in a point that all networks of a sweep share, the two above
//! it in a point for each number of iterations.

use anyhow::{Result, ensure};
use energy::learning::Trainer;
use energy::{LabelDbn, Learning, Rbm, Units, join};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed};
use train::{Descent, Fit, Rule, Snapshot, Tensor};

use super::network::{Labelled, NETWORK, TOP, WEIGHTS, WIDTHS, machine, top, width};
use super::slices::{SLICE, Sliced};
use super::strokes::{CLEAR, smoothness, stroke};
use crate::data::{Data, Reads};
use crate::greedy::rbm_from;
use crate::job::{Cost, Job};

/// How every machine learns: CD-1 with sampled reconstructions and momentum.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Steps {
    /// Images in a mini-batch.
    pub batch: usize,
    /// Learning rate of the mean over a mini-batch.
    pub rate: f32,
    /// Momentum.
    pub momentum: f32,
}

/// The bottom machine, 784–500.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bottom {
    /// The first so many training images, in grey.
    pub images: usize,
    /// How it learns.
    pub steps: Steps,
    /// Mini-batches.
    pub iterations: usize,
    /// After how many of them the machine is kept.
    pub milestones: Vec<usize>,
    /// After how many of them its error is measured; also before the first.
    pub logged: Vec<usize>,
    /// Seed of weights, orders and noise.
    pub seed: u64,
}

/// The two machines above it, 500–500 and (500 + 10)–2000.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Upper {
    /// The same images as the bottom machine's.
    pub images: usize,
    /// How they learn.
    pub steps: Steps,
    /// Mini-batches of each of them, and those after which the bottom machine is taken.
    pub iterations: usize,
    /// After how many of them errors are measured; also before the first.
    pub logged: Vec<usize>,
    /// Seed of weights, orders and noise.
    pub seed: u64,
}

/// What the machines are called in the column `layer`, bottom first.
pub const LAYERS: [&str; 3] = ["784–500", "500–500", "(500 + 10)–2000"];
/// Images that errors are a mean of.
const SCORED: usize = 500;
/// Seconds of a mini-batch, and of a weight times an image in it.
const PACE: (f64, f64) = (5e-4, 5e-10);

/// The file of the bottom machine after so many iterations: `W`, `v_bias`, `h_bias`.
pub fn bottom_file(iterations: usize) -> String {
    format!("bottom-{iterations:06}.safetensors")
}

const MIDDLE: &str = "middle.safetensors";

fn cost(images: usize, work: f64) -> Cost {
    let seconds = PACE.1 * work + 0.2;
    Cost { seconds, bytes: (images * (784 + 510) * 4) as u64 * 2 + (96 << 20) }
}

/// Weights times images of so many iterations, with the measuring, and what a mini-batch costs beside.
fn work(weights: usize, iterations: usize, logged: usize, batch: usize) -> f64 {
    let fixed = PACE.0 / PACE.1 * iterations as f64;
    (weights * iterations) as f64 * (batch as f64 + 10.0) + (weights * logged * SCORED) as f64 + fixed
}

impl Job for Bottom {
    const KIND: &'static str = "label-bottom";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let work = work(WEIGHTS[0], self.iterations, self.logged.len(), self.steps.batch);
        Ok(cost(self.images, work))
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let images = Labelled::train(data, self.images)?.images;
        let seed = layer_seed(self.seed, 0);
        let mut rbm = machine(WIDTHS[0], WIDTHS[1], seed);
        let plan = Plan {
            steps: self.steps,
            iterations: self.iterations,
            logged: &self.logged,
            milestones: &self.milestones,
            seed,
        };
        let kept = |iterations: usize, rbm: &Rbm, bench: &mut Workbench<'_>| {
            filters(rbm, iterations, bench);
            bench.put_tensors(&bottom_file(iterations), Tensor::list(rbm, ""))
        };
        plan.train(0, &mut rbm, &images, bench, &kept)
    }
}

impl Job for Upper {
    const KIND: &'static str = "label-upper";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let logged = self.logged.len();
        let both = WEIGHTS[1..].iter().map(|w| work(*w, self.iterations, logged, self.steps.batch));
        Ok(cost(self.images, both.sum()))
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let data = Labelled::train(data, self.images)?;
        let bottom = rbm_from(&bench.read_need(0, &bottom_file(self.iterations))?, WIDTHS[0], WIDTHS[1])?;
        let plan = |layer: usize| Plan {
            steps: self.steps,
            iterations: self.iterations,
            logged: &self.logged,
            milestones: &[],
            seed: layer_seed(self.seed, layer as u64),
        };
        let inputs = bottom.hidden_mean(&data.images);
        let bytes = bench.stage(MIDDLE, |bench| {
            let mut fresh = machine(WIDTHS[1], WIDTHS[2], layer_seed(self.seed, 1));
            plan(1).train(1, &mut fresh, &inputs, bench, &|_, _, _| Ok(()))?;
            Ok(Snapshot { epoch: 0, tensors: Tensor::list(&fresh, "") }.encode(""))
        })?;
        let middle = rbm_from(&bytes, WIDTHS[1], WIDTHS[2])?;
        let inputs = join(&middle.hidden_mean(&inputs), &data.one_hot()?);
        let mut highest = top(layer_seed(self.seed, 2));
        debug_assert_eq!(highest.hidden.len(), TOP);
        plan(2).train(2, &mut highest, &inputs, bench, &|_, _, _| Ok(()))?;
        bench.put_tensors(NETWORK, Tensor::list(&LabelDbn::tied(&[bottom, middle], highest), ""))
    }
}

/// The seed of a layer, from 0 at the bottom.
fn layer_seed(seed: u64, layer: u64) -> Seed {
    Seed::new(seed).child("label network", layer)
}

/// What is done with a machine at a milestone.
type Kept<'f, M> = dyn Fn(usize, &M, &mut Workbench<'_>) -> Result<()> + 'f;

/// How one machine is trained.
struct Plan<'a> {
    steps: Steps,
    iterations: usize,
    logged: &'a [usize],
    milestones: &'a [usize],
    seed: Seed,
}

impl Plan<'_> {
    /// Trains a machine on inputs, units × images, and measures it.
    fn train<V: Units>(
        &self,
        layer: usize,
        rbm: &mut Rbm<V>,
        inputs: &Matrix,
        bench: &mut Workbench<'_>,
        kept: &Kept<'_, Rbm<V>>,
    ) -> Result<()> {
        let Steps { batch, rate, momentum } = self.steps;
        ensure!(
            self.iterations.is_multiple_of(SLICE),
            "iterations: expected a multiple of {SLICE}, found {}",
            self.iterations
        );
        let scored = inputs.gather(&(0..SCORED.min(inputs.cols())).collect::<Vec<_>>());
        let name = LAYERS[layer];
        if !self.logged.is_empty() {
            measure(rbm, &scored, (name, 0), bench);
        }
        let mut now = rbm.clone();
        let descent = Descent::new(Rule::Sgd { momentum }, rate);
        let mut trainer = Trainer::new(rbm, inputs, &Learning { descent, ..Learning::cd(1, rate) })?;
        let mut sliced = Sliced::new(&mut trainer, inputs.cols(), batch, self.seed);
        let samples = sliced.samples();
        let fit =
            Fit { epochs: self.iterations / SLICE, batch, seed: self.seed.child("fit", 0), resume: None };
        let what = format!("machine {name}");
        bench.train(&what, &mut sliced, samples, &fit, &mut |slice, snapshot, bench| {
            let iterations = slice * SLICE;
            let [logged, wanted] = [self.logged, self.milestones].map(|list| list.contains(&iterations));
            if logged || wanted {
                snapshot().write_into(&mut now, "model")?;
            }
            if logged {
                measure(&now, &scored, (name, iterations), bench);
            }
            if wanted { kept(iterations, &now, bench) } else { Ok(()) }
        })
    }
}

/// Records the mean squared error of the mean reconstruction, per unit.
fn measure<V: Units>(
    rbm: &Rbm<V>,
    inputs: &Matrix,
    (layer, iterations): (&str, usize),
    bench: &mut Workbench<'_>,
) {
    let error = inputs.mean_squared_difference(&rbm.reconstruct_mean(inputs));
    bench.rows.push("reconstruction", error, &[("layer", &layer), ("iterations", &iterations)]);
}

/// Records what the weights of the bottom machine look like.
fn filters(rbm: &Rbm, iterations: usize, bench: &mut Workbench<'_>) {
    let filters: Vec<&[f32]> = rbm.weights.columns().collect();
    let mean = |of: &dyn Fn(&[f32]) -> f64| {
        filters.iter().map(|filter| of(filter)).sum::<f64>() / filters.len() as f64
    };
    for (metric, value) in [
        ("stroke", mean(&|filter| stroke(filter, width()))),
        ("clear", mean(&|filter| f64::from(u8::from(stroke(filter, width()) >= CLEAR)))),
        ("smoothness", mean(&|filter| smoothness(filter, width()))),
        ("weight", mean(&|filter| rms(filter))),
    ] {
        bench.rows.push(metric, value, &[("iterations", &iterations)]);
    }
}

/// The root of the mean square.
fn rms(filter: &[f32]) -> f64 {
    (filter.iter().map(|w| f64::from(*w).powi(2)).sum::<f64>() / filter.len() as f64).sqrt()
}
