//! What a machine does beside plain contrastive divergence: momentum, persistent chains, sampling, annealing.

use anyhow::Result;
use energy::binary::{BinaryChains, BinaryPath, BinaryPathChains};
use energy::partition::Annealed;
use energy::{Bernoulli, Learning, Negative, Rbm};
use tensor::binary::Spikes;
use tensor::{Seed, Stream};
use train::{Descent, Rule};

use crate::data::{digits, noise};
use crate::names::{Name, chains_metric, digits_metric};
use crate::options::{Options, Report};
use crate::timing::{Measure, measure};
use crate::workloads::{Shape, Training, normal};

/// Chains, their machine, and sweeps of one unit of time.
pub const CHAINS: (Shape, usize) = (Shape { visible: 784, hidden: 500, batch: 100 }, 1000);

/// The machine that learns in several ways.
pub const WAYS_SHAPE: Shape = Shape { visible: 784, hidden: 500, batch: 128 };

/// The ways of learning, and what they are called.
const WAYS: [(&str, Learning); 3] = [
    ("plain", Learning::cd(1, 0.05)),
    (
        "momentum",
        Learning { descent: Descent::new(Rule::Sgd { momentum: 0.9 }, 0.05), ..Learning::cd(1, 0.05) },
    ),
    ("persistent", Learning { negative: Negative::Pcd { sweeps: 1, chains: 128 }, ..Learning::cd(1, 0.05) }),
];

/// Contrastive divergence, the same with momentum, and persistent chains, one step and as many chains as samples.
///
/// # Errors
/// If the data are not where they should be.
pub fn ways(options: &Options, report: Report<'_>) -> Result<()> {
    let data = digits(options.data.as_deref())?;
    let name = Name { case: "rbm_ways", metric: digits_metric(WAYS_SHAPE), unit: "samples/s" };
    for (variant, learning) in &WAYS {
        if !options.wants(&name.metric, variant) {
            continue;
        }
        let mut training = Training::by(learning, &data.spikes, WAYS_SHAPE, options.threads);
        let run = |steps| training.run(steps) as f64;
        let repetitions = measure(options.budget, Measure::Rate, 1.0, run);
        report(&name.of(variant, options.threads, &data, repetitions));
    }
    Ok(())
}

/// A machine with random weights.
fn machine(visible: usize, hidden: usize) -> Rbm {
    let mut rbm = Rbm::new(visible, hidden, Seed::new(1));
    rbm.weights = normal(visible, hidden, 0.05);
    rbm.visible.bias.fill(-1.0);
    rbm
}

/// Gibbs chains of a machine with random weights.
pub struct Chains {
    sampler: BinaryChains,
    noise: Stream,
}

impl Chains {
    /// One chain for each column of `start`.
    pub fn new(start: &Spikes, hidden: usize, threads: usize) -> Self {
        let rbm = machine(start.rows(), hidden);
        Self { sampler: BinaryChains::new(&rbm, start, threads), noise: Seed::new(3).stream() }
    }

    /// Advances every chain.
    pub fn run(&mut self, sweeps: usize) {
        self.sampler.run(sweeps, &mut self.noise);
    }
}

/// The same chains on their way from independent units to the machine, again and again.
pub struct Annealing {
    path: BinaryPath,
    chains: BinaryPathChains,
    log_weights: Vec<f64>,
    at: usize,
    noise: Stream,
}

/// Temperatures of a walk.
const TEMPERATURES: usize = 10_000;

impl Annealing {
    /// One chain for each column of `start`.
    pub fn new(start: &Spikes, hidden: usize, threads: usize) -> Self {
        let (visible, chains) = (start.rows(), start.len());
        let path = BinaryPath::new(&machine(visible, hidden), Bernoulli::new(visible), chains, threads);
        let mut noise = Seed::new(4).stream();
        let chains = path.base(chains, &mut noise);
        Self { path, log_weights: vec![0.0; start.len()], chains, at: 0, noise }
    }

    /// So many steps: weights, then a sweep.
    ///
    /// # Panics
    /// If a weight is no longer finite: the time would mean nothing.
    pub fn run(&mut self, steps: usize) {
        for _ in 0..steps {
            if self.at == TEMPERATURES {
                self.chains = self.path.base(self.log_weights.len(), &mut self.noise);
                self.at = 0;
            }
            let [from, to] = [self.at, self.at + 1].map(|at| at as f64 / TEMPERATURES as f64);
            let changes = self.path.log_weights(&self.chains, from, to);
            self.log_weights.iter_mut().zip(changes).for_each(|(sum, change)| *sum += change);
            self.path.sweep(&mut self.chains, to, &mut self.noise);
            self.at += 1;
        }
        assert!(self.log_weights.iter().all(|w| w.is_finite()), "weights stay finite");
    }
}

/// Gibbs sweeps (`gibbs`), or as many steps of annealing (`ais`), of as many chains of the same machine.
pub fn sample(case: &'static str, options: &Options, report: Report<'_>) {
    let (shape, sweeps) = CHAINS;
    let name = Name { case, metric: chains_metric(CHAINS), unit: "s" };
    if !options.wants(&name.metric, "in-place") {
        return;
    }
    let start = noise(shape.visible, shape.batch, 0.5);
    let mut run: Box<dyn FnMut(usize)> = if case == "ais" {
        let mut annealing = Annealing::new(&start.spikes, shape.hidden, options.threads);
        Box::new(move |steps| annealing.run(steps))
    } else {
        let mut chains = Chains::new(&start.spikes, shape.hidden, options.threads);
        Box::new(move |sweeps| chains.run(sweeps))
    };
    let repetitions = measure(options.budget, Measure::Time, sweeps as f64, |n| {
        run(n);
        n as f64
    });
    report(&name.of("in-place", options.threads, &start, repetitions));
}
