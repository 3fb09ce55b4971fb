//! The variational bound on the log-likelihood of a deep machine, `log p(v) ≥ E_q[−E(v, h)] + H(q) − log Z`, with `log Z` between
//! annealed chains from both ends [Salakhutdinov2009, Neal2001], and the gates that an estimate must pass.

use anyhow::Result;
use energy::partition::gates;
use energy::{Bernoulli, Clamped, Dbm, DbmChains, DbmPath, MeanField, Units};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed};

use super::machine::{Machine, PACE, mean, pixels};
use crate::annealing::Annealing;
use crate::data::{Data, Reads};
use crate::intervals::interval;
use crate::job::{Cost, Job};
use crate::likelihood::binarised::Binarised;

/// The bound of one deep machine on test and training images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// Hidden units of the machine in the point needed, bottom first.
    pub hidden: [usize; 2],
    /// What it learnt from, and what the bound is of.
    #[serde(default, skip_serializing_if = "Binarised::is_threshold")]
    pub binarised: Binarised,
    /// The first so many test images, and as many training images.
    pub images: usize,
    /// Updates of the means.
    pub mean_field: MeanField,
    /// Steps from the base to the machine, all of one size.
    pub temperatures: usize,
    /// Annealed chains, as many each way.
    pub chains: usize,
    /// Gibbs steps from training images to states of the machine, and as many again to see whether they still move.
    pub sweeps: usize,
    /// Seed of the chains.
    pub seed: u64,
}

/// Fewer chains that count than this are one chain's word.
pub const LEAST_EFFECTIVE: f64 = 2.0;
/// Images whose means are updated at a time.
const BLOCK: usize = 250;

impl Job for Bound {
    const KIND: &'static str = "deep-bound";
    // Chains settle as they are annealed: a layer of odd number after those of even number.
    const NUMERICS: u32 = 2;

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let ([first, second], weights) = (self.hidden, Machine::Deep(self.hidden).weights());
        let chains = self.chains * weights * (4 * self.temperatures + 4 * self.sweeps);
        let images = 2 * self.images * (2 * self.mean_field.sweeps * first * second + 12 * weights);
        Ok(Cost {
            seconds: (chains + images) as f64 / PACE + 0.1,
            bytes: (weights * 12 + (BLOCK + self.chains) * 2400 * 12) as u64 + (136 << 20),
        })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let dbm = Machine::Deep(self.hidden).read(bench, 0)?;
        let seed = Seed::new(self.seed).child("bound", 0);
        let all = self.binarised.spikes(&digits.train, "train", 0..digits.train.len());
        let mut base = Bernoulli::new(pixels());
        base.set_means(&all.means(), all.len());
        let path = DbmPath::new(&dbm, base);
        let annealing =
            Annealing { temperatures: self.temperatures, chains: self.chains, settle: self.sweeps, seed };
        let first = self.first(&dbm, &path, &all, seed);
        let estimate = annealing.run(&path, Some(first), bench)?;
        estimate.record(&mut bench.rows);
        let value = estimate.log_z.interval();
        let states = &estimate.settled.odd()[0];
        let energies = dbm.marginal_energy(&[None, Some(states), None]);
        let mut masses =
            vec![gates::log_mass(&gates::distinct(&Spikes::from_matrix(states), &energies), value.value)];
        for (metric, name, images) in
            [("bound", "test", &digits.test), ("bound_train", "train", &digits.train)]
        {
            let count = digits.amount("test-images", self.images, images.len())?;
            let spikes = self.binarised.spikes(images, name, 0..count);
            let free = self.free(&dbm, &spikes.to_matrix(), bench)?;
            let negated: Vec<f64> = free.iter().map(|x| -x).collect();
            masses.push(gates::log_mass(&gates::distinct(&spikes, &negated), value.value));
            interval(metric, value.map(|log_z| mean(&free) - log_z), &[], &mut bench.rows);
        }
        let mass = masses.into_iter().fold(f64::NEG_INFINITY, f64::max);
        let least = estimate.log_z.effective.min(estimate.log_z.effective_reverse);
        let passed = mass <= 0.0 && estimate.drift <= gates::MOST_DRIFT && least >= LEAST_EFFECTIVE;
        bench.rows.push("log_mass", mass, &[]);
        bench.rows.push("gates", f64::from(u8::from(passed)), &[]);
        Ok(())
    }
}

impl Bound {
    /// Chains that begin at training images: the first hidden layer given an image and fair coins above it.
    fn first(&self, dbm: &Dbm, path: &DbmPath<'_>, images: &Spikes, seed: Seed) -> DbmChains {
        let mut noise = seed.child("states", 0).stream();
        let order = noise.permutation(images.len());
        let chosen: Vec<usize> = order.into_iter().cycle().take(self.chains).collect();
        let mut begun = Spikes::new(images.rows());
        begun.extend_from(images, &chosen);
        let states = dbm.above(begun.to_matrix(), &mut noise);
        let mut states = dbm.gibbs(states, 1, Clamped::Visible, &mut noise);
        path.chains(vec![states.swap_remove(1)])
    }

    /// The bound on `log p(v) + log Z` of each image.
    fn free(&self, dbm: &Dbm, v: &Matrix, bench: &Workbench<'_>) -> Result<Vec<f64>> {
        let mut free = Vec::with_capacity(v.cols());
        for begin in (0..v.cols()).step_by(BLOCK) {
            bench.check_interrupt()?;
            let block = v.gather(&(begin..(begin + BLOCK).min(v.cols())).collect::<Vec<_>>());
            free.extend(dbm.bound(&dbm.mean_field(&block, self.mean_field).states, 0.0));
        }
        Ok(free)
    }
}
