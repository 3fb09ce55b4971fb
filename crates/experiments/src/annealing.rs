//! `log Z` of a machine between annealed chains from both ends [Neal2001, Burda2015], for whoever prints a likelihood.
//!
//! Three walks, each kept as a stage, so that a run that is stopped loses one of them at most: chains from the base to the
//! machine; chains at the machine that settle, and make as many steps again to see whether they still move; chains back from
//! there. It knows no data: what likelihood follows is the caller's.

use anyhow::Result;
use energy::DbmPath;
use energy::binary::BinaryPath;
use energy::partition::ais::{self, Ladder, Walk};
use energy::partition::estimate::LogZ;
use energy::partition::{Annealed, gates};
use engine::{Rows, Workbench};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed};
use train::{Snapshot, Tensor};

use crate::intervals::interval;

/// A path whose chains can be written and read back.
pub(crate) trait Kept: Annealed {
    /// The states of chains, units × chains each.
    fn states(chains: &Self::Chains) -> Vec<Matrix>;

    /// Chains in these states.
    fn chains_at(&self, states: Vec<Matrix>) -> Self::Chains;
}

impl Kept for BinaryPath {
    fn states(chains: &Self::Chains) -> Vec<Matrix> {
        vec![chains.v.to_matrix()]
    }

    fn chains_at(&self, states: Vec<Matrix>) -> Self::Chains {
        self.chains(Spikes::from_matrix(&states[0]))
    }
}

impl Kept for DbmPath<'_> {
    fn states(chains: &Self::Chains) -> Vec<Matrix> {
        chains.odd().to_vec()
    }

    fn chains_at(&self, states: Vec<Matrix>) -> Self::Chains {
        self.chains(states)
    }
}

/// How `log Z` is estimated.
pub(crate) struct Annealing {
    /// Steps from the base to the machine, all of one size.
    pub temperatures: usize,
    /// Chains from each end.
    pub chains: usize,
    /// Gibbs steps at the machine before the way back, and as many again.
    pub settle: usize,
    /// Of all walks.
    pub seed: Seed,
}

/// What the walks say.
pub(crate) struct Estimate<C> {
    /// Between both ends.
    pub log_z: LogZ,
    /// Standard errors by which the mean free energy moved in the second half of the settling.
    pub drift: f64,
    /// Chains at the machine, after all of the settling.
    pub settled: C,
}

/// Steps between two words on how far a walk is.
const SAID_EVERY: usize = 100;

impl Annealing {
    /// Runs the walks, or reads what is left of them. Chains settle from `first`, or from where the forward walk ends.
    ///
    /// # Errors
    /// If the run is interrupted or the disk refuses.
    pub fn run<P: Kept>(
        &self,
        path: &P,
        first: Option<P::Chains>,
        bench: &mut Workbench<'_>,
    ) -> Result<Estimate<P::Chains>> {
        let ladder = Ladder::linear(self.temperatures);
        let noise = |walk: &str| self.seed.child(walk, 0).stream();
        let (forward, ends) = walk("forward", path, bench, |bench| {
            let each = &mut |done| self.step("annealing", done, bench);
            ais::forward(path, &ladder, self.chains, &mut noise("forward"), each)
        })?;
        let [before, after] = self.settle(path, first.unwrap_or(ends), bench)?;
        let drift = gates::drift(&path.energies(&before, 1.0), &path.energies(&after, 1.0));
        let (reverse, _) = walk("reverse", path, bench, |bench| {
            let each = &mut |done| self.step("annealing back", done, bench);
            ais::reverse(path, &ladder, after.clone(), &mut noise("reverse"), each)
        })?;
        let log_z = LogZ::new(path.base_log_z(), &forward, &reverse, &mut noise("bootstrap"));
        Ok(Estimate { log_z, drift, settled: after })
    }

    fn step(&self, what: &str, done: usize, bench: &Workbench<'_>) -> Result<()> {
        if done.is_multiple_of(SAID_EVERY) {
            bench.say(&format!("{what}: temperature {done} of {}", self.temperatures));
        }
        bench.check_interrupt()
    }

    /// Chains at the machine after the first half of the settling, and after all of it.
    fn settle<P: Kept>(
        &self,
        path: &P,
        mut chains: P::Chains,
        bench: &mut Workbench<'_>,
    ) -> Result<[P::Chains; 2]> {
        let bytes = bench.stage("settled.safetensors", |bench| {
            let mut noise = self.seed.child("settle", 0).stream();
            let mut kept = Vec::new();
            for half in HALVES {
                for done in 0..self.settle {
                    if done.is_multiple_of(SAID_EVERY) {
                        bench.say(&format!("settling, {half}: step {done} of {}", self.settle));
                    }
                    bench.check_interrupt()?;
                    path.sweep(&mut chains, 1.0, &mut noise);
                }
                kept.extend(tensors(half, &P::states(&chains)));
            }
            Ok(Snapshot { epoch: 0, tensors: kept }.encode(""))
        })?;
        let (file, _) = Snapshot::decode(&bytes)?;
        let [before, after] = HALVES.map(|half| states(half, &file));
        Ok([path.chains_at(before?), path.chains_at(after?)])
    }
}

const HALVES: [&str; 2] = ["before", "after"];
const ENDS: &str = "ends";

/// Runs a walk once and keeps its weights, bit for bit, and where its chains ended.
fn walk<P: Kept>(
    name: &str,
    path: &P,
    bench: &mut Workbench<'_>,
    make: impl FnOnce(&Workbench<'_>) -> Result<Walk<P::Chains>>,
) -> Result<(Vec<f64>, P::Chains)> {
    let bytes = bench.stage(&format!("{name}.safetensors"), |bench| {
        let Walk { log_weights, chains } = make(bench)?;
        let bits: Vec<u64> = log_weights.into_iter().map(f64::to_bits).collect();
        let mut kept = tensors(ENDS, &P::states(&chains));
        kept.push(Tensor::from_u64("log_weights", vec![bits.len()], bits));
        Ok(Snapshot { epoch: 0, tensors: kept }.encode(""))
    })?;
    let (file, _) = Snapshot::decode(&bytes)?;
    let weights = file.u64s("log_weights")?.iter().map(|&bits| f64::from_bits(bits)).collect();
    Ok((weights, path.chains_at(states(ENDS, &file)?)))
}

/// States as tensors `NAME.0`, `NAME.1` and so on, [chains, units] each.
fn tensors(name: &str, states: &[Matrix]) -> Vec<Tensor> {
    let tensor = |(i, x): (usize, &Matrix)| {
        Tensor::from_f32(format!("{name}.{i}"), vec![x.cols(), x.rows()], x.as_slice().to_vec())
    };
    states.iter().enumerate().map(tensor).collect()
}

/// What [`tensors`] has written.
fn states(name: &str, file: &Snapshot) -> Result<Vec<Matrix>> {
    let prefix = format!("{name}.");
    let own = file.tensors.iter().filter(|tensor| tensor.name.starts_with(&prefix));
    own.map(|tensor| {
        let [chains, units] = tensor.shape[..] else {
            anyhow::bail!("{}: expected two dimensions, found {:?}", tensor.name, tensor.shape);
        };
        Ok(Matrix::from_vec(units, chains, file.f32s(&tensor.name)?.to_vec()))
    })
    .collect()
}

impl<C> Estimate<C> {
    /// Records `log Z` from either end, from Bennett's ratio and from end to end; the width of that, the chains that count
    /// either way, and the drift.
    pub fn record(&self, rows: &mut Rows) {
        let log_z = &self.log_z;
        for (name, found) in [
            ("forward", log_z.forward),
            ("reverse", log_z.reverse),
            ("bennett", log_z.bennett),
            ("both", log_z.interval()),
        ] {
            interval(&format!("log_z_{name}"), found, &[], rows);
        }
        for (metric, value) in [
            ("width", log_z.interval().width()),
            ("effective", log_z.effective),
            ("effective_reverse", log_z.effective_reverse),
            ("drift", self.drift),
        ] {
            rows.push(metric, value, &[]);
        }
    }
}
