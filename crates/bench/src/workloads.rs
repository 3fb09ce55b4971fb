//! The workloads, free of names and clocks: matrix products, training of RBMs, perceptrons and convolutional networks, the
//! kernels of a training step.

use std::sync::Arc;

use anyhow::Result;
use energy::binary::{BinaryTrainer, Capacity};
use energy::{Input, Learning, Rbm, VisibleState};
use feedforward::fast::{FastMlp, FastOptions, Samples};
use feedforward::{Activation, Init, Network};
use rayon::{ThreadPool, ThreadPoolBuilder};
use tensor::binary::{
    FEW, Keys, MANY, Patterns, Rows, Spikes, Stripe, Subsets, add_few, add_outer, backward_lookup, dots,
    gather, panels_of, sample_rows,
};
use tensor::{Accum, Matrix, Seed, Stream, gemm};
use train::{Descent, Rule, Trainee};

/// Visible units, hidden units, and the mini-batch of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Visible units.
    pub visible: usize,
    /// Hidden units.
    pub hidden: usize,
    /// Samples of a mini-batch.
    pub batch: usize,
}

/// Numbers of mean 0, the same for the same shape.
pub(crate) fn normal(rows: usize, cols: usize, deviation: f32) -> Matrix {
    let mut matrix = Matrix::zeros(rows, cols);
    Seed::new((rows * cols) as u64).stream().normal(&mut matrix, deviation);
    matrix
}

/// `out = a · b`, out m × n and the depth k, on a pool of its own.
pub struct Product {
    a: Matrix, // k × m where `transposed`, else m × k
    b: Matrix, // k × n
    out: Matrix,
    transposed: bool,
    pool: ThreadPool,
}

impl Product {
    /// The product of a weight gradient: `a` as it lies.
    ///
    /// # Errors
    /// If the threads cannot be started.
    pub fn new(m: usize, k: usize, n: usize, threads: usize) -> Result<Self> {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
        let (a, b, out) = (normal(m, k, 1.0), normal(k, n, 1.0), Matrix::zeros(m, n));
        Ok(Self { a, b, out, transposed: false, pool })
    }

    /// The forward product `wᵀx` of `m` units with `k` inputs each, for a batch of `n`.
    ///
    /// # Errors
    /// If the threads cannot be started.
    pub fn forward(m: usize, k: usize, n: usize, threads: usize) -> Result<Self> {
        let product = Self::new(m, k, n, threads)?;
        Ok(Self { a: normal(k, m, 1.0), transposed: true, ..product })
    }

    /// Computes it `times` times.
    pub fn run(&mut self, times: usize) {
        let Self { a, b, out, transposed, pool } = self;
        let a = if *transposed { a.view().transpose() } else { a.view() };
        pool.install(|| {
            for _ in 0..times {
                gemm(out.view_mut(), Accum::Replace, a, b.view(), 1.0);
            }
        });
    }
}

/// A trainee, and its place in the epoch.
pub(crate) struct Course<T> {
    pub trainee: T,
    noise: Stream,
    order: Vec<usize>,
    at: usize,
    batch: usize,
}

impl<T: Trainee> Course<T> {
    pub fn new(trainee: T, samples: usize, batch: usize) -> Self {
        let mut noise = Seed::new(2).stream();
        let order = noise.permutation(samples);
        Self { trainee, noise, order, at: 0, batch }
    }

    pub fn run(&mut self, steps: usize) -> usize {
        let mut seen = 0;
        for _ in 0..steps {
            let end = (self.at + self.batch).min(self.order.len());
            self.trainee.step(&self.order[self.at..end], &mut self.noise);
            assert_eq!(self.trainee.non_finite(), None, "training stays finite");
            seen += end - self.at;
            self.at = end;
            if end == self.order.len() {
                self.order = self.noise.permutation(end);
                self.at = 0;
            }
        }
        seen
    }
}

/// A machine that learns.
pub struct Training(Course<BinaryTrainer>);

impl Training {
    /// A fresh machine for these samples, under CD-1.
    pub fn new(data: &Spikes, shape: Shape, visible: VisibleState, threads: usize) -> Self {
        Self::by(&Learning { visible, ..Learning::cd(1, 0.05) }, data, shape, threads)
    }

    /// A fresh machine for these samples, in this way of learning.
    pub fn by(learning: &Learning, data: &Spikes, shape: Shape, threads: usize) -> Self {
        let rbm = Rbm::new(shape.visible, shape.hidden, Seed::new(1));
        let capacity = Capacity { batch: shape.batch, threads };
        let trainee = BinaryTrainer::new(&rbm, Input::Binary(data.clone()), learning, capacity)
            .expect("lists of states hold nothing but 0 and 1");
        Self(Course::new(trainee, data.len(), shape.batch))
    }

    /// Learns from `steps` mini-batches, shuffled anew after each epoch; the samples seen.
    ///
    /// # Panics
    /// If a parameter is no longer finite: the time would mean nothing.
    pub fn run(&mut self, steps: usize) -> usize {
        self.0.run(steps)
    }

    /// Learns from one epoch; the samples seen.
    pub fn epoch(&mut self) -> usize {
        self.run(self.0.order.len().div_ceil(self.0.batch))
    }
}

/// A perceptron and how it learns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Net {
    /// Inputs, hidden layers, classes.
    pub widths: [usize; 4],
    /// The non-linearity of the hidden layers.
    pub activation: Activation,
    /// Share of the hidden units that are dropped.
    pub dropout: f32,
    /// The rule.
    pub rule: Rule,
    /// Its rate.
    pub rate: f32,
    /// Samples of a mini-batch.
    pub batch: usize,
    /// Images of an epoch.
    pub images: usize,
}

/// A perceptron that learns to classify.
pub struct Classifying(Course<FastMlp>);

impl Classifying {
    /// A fresh network for these samples.
    ///
    /// # Errors
    /// If a label is not among the classes.
    pub fn new(samples: &Arc<Samples>, net: &Net, threads: usize) -> Result<Self> {
        let network = Network::mlp(&net.widths, net.activation, net.dropout, Init::Uniform, Seed::new(1))?;
        let descent = Descent::new(net.rule, net.rate);
        let options = FastOptions { descent, batch: net.batch, threads };
        let trainee = FastMlp::new(&network, Arc::clone(samples), options)?;
        Ok(Self(Course::new(trainee, samples.images.len(), net.batch)))
    }

    /// Learns from `steps` mini-batches, shuffled anew after each epoch; the samples seen.
    ///
    /// # Panics
    /// If a parameter is no longer finite.
    pub fn run(&mut self, steps: usize) -> usize {
        self.0.run(steps)
    }
}

/// The parts of a training step on one thread, on one mini-batch that stays in the cache.
pub struct Kernels {
    panels: Vec<Panel>,
    on: Spikes,         // visible × batch
    by_unit: Spikes,    // batch × visible
    patterns: Patterns, // the same, for a handful of samples
    down: Rows,         // batch × visible
    stripe: Stripe,
}

struct Panel {
    weights: Rows, // visible × panel
    bias: Vec<f32>,
    logits: Rows, // batch × panel
    states: Rows, // batch × panel
    keys: Keys,
    subsets: Subsets,
}

impl Kernels {
    /// The first mini-batch of these samples, and random weights.
    pub fn new(data: &Spikes, shape: Shape) -> Self {
        let mut on = Spikes::new(shape.visible);
        let first: Vec<usize> = (0..shape.batch).collect();
        on.extend_from(data, &first);
        let mut by_unit = Spikes::new(0);
        by_unit.set_transposed(shape.visible, first.iter().map(|&s| on.column(s)));
        let mut patterns = Patterns::default();
        if shape.batch <= FEW {
            patterns.set(&on);
        }
        let panel = |weights: Rows| Panel {
            bias: vec![0.0; weights.row(0).len()],
            logits: Rows::zeros(shape.batch, weights.width()),
            states: Rows::zeros(shape.batch, weights.width()),
            keys: Keys::default(),
            subsets: Subsets::new(shape.batch.min(FEW), weights.width()),
            weights,
        };
        let panels = panels_of(&normal(shape.visible, shape.hidden, 0.05)).into_iter().map(panel).collect();
        let (down, stripe) = (Rows::zeros(shape.batch, shape.visible), Stripe::new(shape.batch));
        Self { panels, on, by_unit, patterns, down, stripe }
    }

    /// Hidden logits from on-pixels.
    pub fn gather(&mut self) {
        for panel in &mut self.panels {
            gather(&mut panel.logits, &panel.bias, &panel.weights, &self.on);
        }
    }

    /// Bias, sigmoid and sample in one pass. The values settle where sigmoid(x) = x; its cost is that of any.
    pub fn sigmoid_sample(&mut self) {
        for (seed, panel) in self.panels.iter_mut().enumerate() {
            sample_rows(&mut panel.logits, &mut panel.states, Seed::new(seed as u64));
        }
    }

    /// What the hidden states send to the visible units.
    pub fn backward(&mut self) {
        let many = self.down.count() >= MANY;
        if many {
            self.panels.iter_mut().for_each(|panel| panel.keys.set_states(&panel.states));
        }
        let weights: Vec<&Rows> = self.panels.iter().map(|panel| &panel.weights).collect();
        if many {
            let keys: Vec<&Keys> = self.panels.iter().map(|panel| &panel.keys).collect();
            return backward_lookup(&mut self.down, &weights, &keys, &mut self.stripe);
        }
        let states: Vec<&Rows> = self.panels.iter().map(|panel| &panel.states).collect();
        dots(&mut self.down, &weights, &states);
    }

    /// `W += v h₀ᵀ + v h₁ᵀ`. However often it runs, the weights stay finite.
    pub fn update(&mut self) {
        for panel in &mut self.panels {
            if self.on.len() > FEW {
                let sides = ((&self.by_unit, &panel.logits), (&self.by_unit, &panel.states));
                add_outer(&mut panel.weights, 0.0, sides.0, sides.1);
            } else {
                panel.subsets.set(&panel.states);
                let half = (&self.patterns, &panel.subsets);
                add_few(&mut panel.weights, &[half, half], &[]);
            }
        }
    }
}
