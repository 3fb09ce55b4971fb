//! The likelihood of one machine, between a bound from below and one from above, with the gates that must be green.

use anyhow::{Context, Result};
use energy::binary::BinaryPath;
use energy::partition::dbn;
use energy::partition::estimate::LogZ;
use energy::partition::gates::{distinct, log_mass};
use energy::{Bernoulli, Dbn, Rbm, Units, exact};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::Seed;
use tensor::binary::Spikes;

use super::binarised::Binarised;
use super::train::Stored;
use crate::annealing::Annealing;
use crate::data::{Data, Reads};
use crate::intervals::interval;
use crate::job::{Cost, Job};

/// How the likelihood of a machine is estimated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Likelihood {
    /// Hidden units of the machines below, bottom first: of a deep belief network, whose likelihood is bounded from below.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub below: Vec<usize>,
    /// Hidden units of the last machine needed.
    pub hidden: usize,
    /// Whose files the machines are in.
    #[serde(default, skip_serializing_if = "Stored::is_machines")]
    pub stored: Stored,
    /// What it learnt from, and what its likelihood is of.
    pub binarised: Binarised,
    /// Training images, for the base rates and the check of the mass.
    pub images: usize,
    /// Test images.
    pub test: usize,
    /// Temperatures of annealing.
    pub temperatures: usize,
    /// Chains, from each end.
    pub chains: usize,
    /// Gibbs steps by which chains that end at the machine settle before they go back, and after which they must not have
    /// drifted.
    pub settle: usize,
    /// Whether `log Z` is computed by listing all hidden states, too.
    pub listed: bool,
    /// Seed of the chains.
    pub seed: u64,
}

/// Weights times chains in a second of annealing.
const PACE: f64 = 2e10;
/// Images that the base rates of a network's top machine are taken from, and draws of its layers for each test image.
const BASE: usize = 10_000;
const DRAWS: usize = 20;
/// Images whose free energies are computed at once.
const BLOCK: usize = 500;

impl Job for Likelihood {
    const KIND: &'static str = "likelihood";
    // Walks are kept.
    const NUMERICS: u32 = 2;

    fn reads(&self) -> Reads {
        self.binarised.reads()
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let steps = (2 * self.temperatures + 2 * self.settle) * self.chains + self.images + self.test;
        let listing = if self.listed {
            6e-9 * ((self.binarised.pixels() as u64) << self.hidden.min(25)) as f64
        } else {
            0.0
        };
        let weights = self.binarised.pixels() * self.hidden;
        let seconds = (steps * weights) as f64 / PACE + listing + 0.1;
        Ok(Cost { seconds, bytes: (self.images * 900 + weights * 8) as u64 + (96 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let [train, test] = self.binarised.sets(data, self.images, self.test)?;
        let widths: Vec<usize> = self.below.iter().copied().chain([self.hidden]).collect();
        let mut below = self.stored.machines(&widths, train.rows(), bench)?;
        let rbm = below.pop().context("a likelihood is of one machine at least")?;
        if !below.is_empty() {
            return self.network(below, rbm, (&train, &test), bench);
        }
        let log_z = self.log_z(&rbm, &train.means(), train.len(), bench)?;
        bench.say("free energies");
        let (of_train, of_test) = (free_energies(&rbm, &train, bench)?, free_energies(&rbm, &test, bench)?);
        for (metric, free) in [("log_likelihood", mean(&of_test)), ("log_likelihood_train", mean(&of_train))]
        {
            interval(metric, log_z.log_likelihood(free), &[], &mut bench.rows);
        }
        bench.rows.push("free_energy_gap", mean(&of_test) - mean(&of_train), &[]);
        let distinct = distinct(&train, &of_train);
        bench.rows.push("log_mass", log_mass(&distinct, log_z.interval().low), &[]);
        if self.listed {
            let exact = exact::log_partition(&rbm, exact::Listed::Hidden);
            bench.rows.push("log_z_exact", exact, &[]);
            bench.rows.push("log_likelihood_exact", -mean(&of_test) - exact, &[]);
        }
        Ok(())
    }
}

impl Likelihood {
    /// The bound of a deep belief network: its top machine's `log Z`, and draws of what lies between.
    fn network(
        &self,
        mut machines: Vec<Rbm>,
        top: Rbm,
        (train, test): (&Spikes, &Spikes),
        bench: &mut Workbench<'_>,
    ) -> Result<()> {
        let mut block = Spikes::new(train.rows());
        block.extend_from(train, &(0..BASE.min(train.len())).collect::<Vec<_>>());
        let h = machines.iter().fold(block.to_matrix(), |x, rbm| rbm.hidden_mean(&x));
        let rates: Vec<f64> = h.sum_columns().iter().map(|sum| f64::from(*sum) / h.cols() as f64).collect();
        let log_z = self.log_z(&top, &rates, h.cols(), bench)?;
        machines.push(top);
        let network = Dbn::new(machines);
        let mut noise = Seed::new(self.seed).child("draws", 0).stream();
        let images = test.to_matrix();
        let mut sum = 0.0;
        for draw in 0..DRAWS {
            bench.say(&format!("draw {draw} of {DRAWS}"));
            bench.check_interrupt()?;
            let Ok(weights) = dbn::log_weights(&network, &images, &mut noise);
            sum += mean(&weights);
        }
        // What free energies are to a machine.
        interval("log_likelihood", log_z.log_likelihood(-sum / DRAWS as f64), &[], &mut bench.rows);
        Ok(())
    }

    /// `log Z` from both ends, recorded with its gates; the base has units that are on as often as these `rates` of so many
    /// samples.
    fn log_z(&self, rbm: &Rbm, rates: &[f64], samples: usize, bench: &mut Workbench<'_>) -> Result<LogZ> {
        let mut base = Bernoulli::new(rbm.visible.len());
        base.set_means(rates, samples);
        let annealing = Annealing {
            temperatures: self.temperatures,
            chains: self.chains,
            settle: self.settle,
            seed: Seed::new(self.seed).child("annealing", 0),
        };
        let path = BinaryPath::new(rbm, base, self.chains, bench.threads);
        let estimate = annealing.run(&path, None, bench)?;
        estimate.record(&mut bench.rows);
        Ok(estimate.log_z)
    }
}

fn mean(all: &[f64]) -> f64 {
    all.iter().sum::<f64>() / all.len() as f64
}

fn free_energies(rbm: &Rbm, images: &Spikes, bench: &Workbench<'_>) -> Result<Vec<f64>> {
    let mut all = Vec::with_capacity(images.len());
    for from in (0..images.len()).step_by(BLOCK) {
        bench.check_interrupt()?;
        let mut block = Spikes::new(images.rows());
        block.extend_from(images, &(from..(from + BLOCK).min(images.len())).collect::<Vec<_>>());
        all.extend(rbm.free_energy(&block.to_matrix()));
    }
    Ok(all)
}
