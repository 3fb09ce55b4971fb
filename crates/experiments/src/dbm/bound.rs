//! The variational bound on the log-likelihood of a deep machine, `log p(v) ≥ E_q[−E(v, h)] + H(q) − log Z`, with `log Z` between
//! annealed chains from both ends [Salakhutdinov2009, Neal2001], and the gates that an estimate must pass.

use anyhow::Result;
use energy::partition::ais::{self, Ladder};
use energy::partition::estimate::LogZ;
use energy::partition::{Annealed, gates};
use energy::{Bernoulli, Clamped, Dbm, DbmPath, MeanField, Units};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed, Stream};
use train::{Snapshot, Tensor};

use super::machine::{Machine, PACE, pixels};
use crate::data::{Data, Digits, Reads};
use crate::intervals::interval;
use crate::job::{Cost, Job};

/// The bound of one deep machine on test and training images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// Hidden units of the machine in the point needed, bottom first.
    pub hidden: [usize; 2],
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

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let ([first, second], weights) = (self.hidden, Machine::Deep(self.hidden).weights());
        let chains = self.chains * weights * (4 * self.temperatures + 4 * self.sweeps);
        let images = 2 * self.images * (2 * self.mean_field.sweeps * first * second + 12 * weights);
        Ok(Cost {
            seconds: (chains + images) as f64 / PACE + 0.1,
            bytes: (weights * 12 + (BLOCK + self.chains) * 2400 * 12) as u64 + (96 << 20),
        })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let dbm = Machine::Deep(self.hidden).read(bench, 0)?;
        let seed = Seed::new(self.seed).child("bound", 0);
        let states = self.states(&dbm, &digits, seed, bench)?;
        let drift = gates::drift(&energies(&dbm, &states[0]), &energies(&dbm, &states[1]));
        let log_z = self.log_z(&dbm, &digits, (states[1].clone(), seed), bench)?;
        let value = log_z.interval();
        let mut masses = vec![gates::log_mass(
            &gates::distinct(&Spikes::from_matrix(&states[1]), &energies(&dbm, &states[1])),
            value.value,
        )];
        let sides = [("bound", &digits.test), ("bound_train", &digits.train)];
        for (metric, images) in sides {
            let count = digits.amount("test-images", self.images, images.len())?;
            let spikes = Digits::spikes(images, 0..count);
            let v = spikes.to_matrix();
            let free = self.free(&dbm, &v, bench)?;
            let negated: Vec<f64> = free.iter().map(|x| -x).collect();
            masses.push(gates::log_mass(&gates::distinct(&spikes, &negated), value.value));
            let mean = free.iter().sum::<f64>() / count as f64;
            interval(metric, value.map(|log_z| mean - log_z), &[], &mut bench.rows);
        }
        let mass = masses.into_iter().fold(f64::NEG_INFINITY, f64::max);
        let LogZ { effective, effective_reverse, .. } = log_z;
        let passed =
            mass <= 0.0 && drift <= gates::MOST_DRIFT && effective.min(effective_reverse) >= LEAST_EFFECTIVE;
        interval("log_z", value, &[], &mut bench.rows);
        interval("log_z_forward", log_z.forward, &[], &mut bench.rows);
        interval("log_z_reverse", log_z.reverse, &[], &mut bench.rows);
        for (metric, value) in [
            ("log_mass", mass),
            ("drift", drift),
            ("effective", effective),
            ("effective_reverse", effective_reverse),
            ("gates", f64::from(u8::from(passed))),
        ] {
            bench.rows.push(metric, value, &[]);
        }
        Ok(())
    }
}

impl Bound {
    /// First hidden layers of chains that began at training images, after the steps and after as many again.
    fn states(
        &self,
        dbm: &Dbm,
        digits: &Digits,
        seed: Seed,
        bench: &mut Workbench<'_>,
    ) -> Result<[Matrix; 2]> {
        let bytes = bench.stage("states.safetensors", |bench| {
            bench.say("chains from training images");
            let mut noise = seed.child("states", 0).stream();
            let chosen = noise.permutation(digits.train.len());
            let begun =
                Digits::spikes(&digits.train, chosen.into_iter().cycle().take(self.chains)).to_matrix();
            let mut states = dbm.above(begun, &mut noise);
            let mut kept = Vec::new();
            for name in ["before", "after"] {
                for _ in 0..self.sweeps {
                    bench.check_interrupt()?;
                    states = dbm.gibbs(states, 1, Clamped::Nothing, &mut noise);
                }
                let shape = vec![states[1].cols(), states[1].rows()];
                kept.push(Tensor::from_f32(name, shape, states[1].as_slice().to_vec()));
            }
            Ok(Snapshot { epoch: 0, tensors: kept }.encode(""))
        })?;
        let (file, _) = Snapshot::decode(&bytes)?;
        let of = |name: &str| -> Result<Matrix> {
            Ok(Matrix::from_vec(self.hidden[0], self.chains, file.f32s(name)?.to_vec()))
        };
        Ok([of("before")?, of("after")?])
    }

    /// Annealed chains both ways, those back from states of the machine.
    fn log_z(
        &self,
        dbm: &Dbm,
        digits: &Digits,
        (states, seed): (Matrix, Seed),
        bench: &mut Workbench<'_>,
    ) -> Result<LogZ> {
        let mut base = Bernoulli::new(pixels());
        let means: Vec<f64> = digits.mean_image().into_iter().map(f64::from).collect();
        base.set_means(&means, digits.train.len());
        let (path, ladder) = (DbmPath::new(dbm, base), Ladder::linear(self.temperatures));
        let forward = weights("forward", bench, |bench| {
            let noise = &mut seed.child("forward", 0).stream();
            Ok(ais::forward(&path, &ladder, self.chains, noise, &mut |_| bench.check_interrupt())?
                .log_weights)
        })?;
        let reverse = weights("reverse", bench, |bench| {
            let (noise, start) = (&mut seed.child("reverse", 0).stream(), path.chains(vec![states]));
            Ok(ais::reverse(&path, &ladder, start, noise, &mut |_| bench.check_interrupt())?.log_weights)
        })?;
        let noise: &mut Stream = &mut seed.child("bootstrap", 0).stream();
        Ok(LogZ::new(path.base_log_z(), &forward, &reverse, noise))
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

/// Runs a walk once and keeps its weights, bit for bit.
fn weights(
    name: &str,
    bench: &mut Workbench<'_>,
    walk: impl FnOnce(&Workbench<'_>) -> Result<Vec<f64>>,
) -> Result<Vec<f64>> {
    let bytes = bench.stage(&format!("{name}.safetensors"), |bench| {
        bench.say(&format!("annealing, {name}"));
        let bits: Vec<u64> = walk(bench)?.into_iter().map(f64::to_bits).collect();
        let tensors = vec![Tensor::from_u64("log_weights", vec![bits.len()], bits)];
        Ok(Snapshot { epoch: 0, tensors }.encode(""))
    })?;
    let (file, _) = Snapshot::decode(&bytes)?;
    Ok(file.u64s("log_weights")?.iter().map(|&bits| f64::from_bits(bits)).collect())
}

/// `−log` of the unnormalised probability of first hidden layers, the other layers summed out exactly.
fn energies(dbm: &Dbm, states: &Matrix) -> Vec<f64> {
    dbm.marginal_energy(&[None, Some(states), None])
}
