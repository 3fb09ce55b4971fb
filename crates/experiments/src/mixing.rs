//! How slowly a machine's chains mix: free energy and activity are followed along Gibbs chains, and their integrated
//! autocorrelation times become rows ([`quality::integrated_time`]).
//!
//! Chains make as many steps before as are watched then. In a deep belief network they are those of its top machine, and activity
//! is that of the layer under it.

use anyhow::Result;
use energy::stack::Layers;
use energy::{Rbm, coin_flips};
use engine::figures::{Better, Grid, Metric};
use engine::{Hypers, Scaled, Settings, Workbench};
use quality::integrated_time;
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed, Stream};

use crate::components::job::machine_file;
use crate::data::{Data, Digits, Reads};
use crate::greedy::{InPoints, Stacked, rbm_from};
use crate::job::{Cost, Job};
use crate::recipe::Drawing;

/// Chains of one machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mixing {
    /// The machine.
    pub machine: Machine,
    /// Chains, side by side.
    pub chains: usize,
    /// Gibbs steps that are watched, after as many that are not.
    pub steps: usize,
    /// Seed of the chains.
    pub seed: u64,
}

/// Which machine chains are of, and where they begin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Machine {
    /// One of few hidden units after an epoch, in the point needed; chains begin at grey test images.
    Components {
        /// Hidden units.
        hidden: usize,
        /// The epoch.
        epoch: usize,
    },
    /// The top machine of a stack of digits, in the points needed; chains begin at fair coins.
    Top(Stacked),
}

/// Weights times chains in a second of a step.
const PACE: f64 = 1.5e9;
/// Steps between two words on how far it is.
const SAID_EVERY: usize = 100;

impl Job for Mixing {
    const KIND: &'static str = "mixing";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let pixels = Digits::SIZE.0 * Digits::SIZE.1;
        let weights = match &self.machine {
            Machine::Components { hidden, .. } => pixels * hidden,
            Machine::Top(stacked) => stacked.top_weights(pixels),
        };
        let seconds = (2 * self.steps * self.chains * weights) as f64 / PACE + 0.05;
        Ok(Cost { seconds, bytes: (weights * 12 + self.steps * self.chains * 32) as u64 + (96 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let mut noise = Seed::new(self.seed).child("mixing", 0).stream();
        let (rbm, mut v) = self.begin(data, &mut noise, bench)?;
        let watched = || vec![Vec::with_capacity(self.steps); self.chains];
        let (mut energies, mut activities) = (watched(), watched());
        for step in 0..2 * self.steps {
            if step.is_multiple_of(SAID_EVERY) {
                bench.say(&format!("Gibbs step {step} of {}", 2 * self.steps));
            }
            bench.check_interrupt()?;
            v = rbm.gibbs(v, 1, &mut noise);
            if step >= self.steps {
                let free = rbm.free_energy(&v).into_iter();
                energies.iter_mut().zip(free).for_each(|(chain, x)| chain.push(x));
                let on = v.columns().map(|v| v.iter().map(|&x| f64::from(x)).sum::<f64>() / v.len() as f64);
                activities.iter_mut().zip(on).for_each(|(chain, x)| chain.push(x));
            }
        }
        for (name, chains) in [("free_energy", &energies), ("activity", &activities)] {
            let mean = chains.iter().flatten().sum::<f64>() / (self.chains * self.steps) as f64;
            bench.rows.push(&format!("chain_{name}"), mean, &[]);
            // Chains that stand still have no time of their own.
            if let Some(found) = integrated_time(chains) {
                bench.rows.push(&format!("time_{name}"), found.time, &[]);
                bench.rows.push(&format!("trusted_{name}"), f64::from(u8::from(found.long_enough)), &[]);
            }
        }
        Ok(())
    }
}

impl Mixing {
    /// The machine, and where its chains begin.
    fn begin(&self, data: &Data, noise: &mut Stream, bench: &Workbench<'_>) -> Result<(Rbm, Matrix)> {
        let digits = data.digits()?;
        Ok(match &self.machine {
            &Machine::Components { hidden, epoch } => {
                let test = &digits.test;
                let first: Vec<usize> = (0..self.chains).map(|chain| chain % test.len()).collect();
                let bytes = bench.read_need(0, &machine_file(epoch))?;
                (rbm_from(&bytes, test.features(), hidden)?, test.to_matrix(&first))
            }
            Machine::Top(stacked) => {
                let layers = InPoints::new(stacked, digits.train.features(), bench);
                let rbm = layers.layer(layers.count() - 1)?.into_owned();
                let begun = coin_flips(rbm.weights.rows(), self.chains, noise);
                (rbm, begun)
            }
        })
    }
}

/// What a page says beside such times.
pub(crate) const SAID: &str = "Autocorrelation is measured along chains of its own, all units drawn anew at every step, after as \
                               many steps that are not watched; one that begins and stays elsewhere counts as correlated.";

/// Adds what a page says of the chains and of their steps.
pub(crate) fn tell([chains, steps]: [Scaled<usize>; 2], hypers: &mut Hypers, settings: &Settings) {
    let (chains_here, steps_here) = (chains.at(settings.profile), steps.at(settings.profile));
    hypers.fact("chains of autocorrelation", &format!("{chains_here}, {steps_here} Gibbs steps each"));
    hypers.cut("chains of autocorrelation", settings.profile, &[chains]);
    hypers.cut("Gibbs steps of autocorrelation", settings.profile, &[steps]);
}

/// The table of times of the evidence, told apart by a column, under this heading.
pub(crate) fn table(by: &str, heading: &str, drawing: &mut Drawing<'_>) {
    drawing.grid(&Grid {
        caption: "Integrated autocorrelation times in Gibbs steps: the mean over so many steps of a chain says as much as one \
                  independent state. A time is to be trusted where chains are fifty times as long",
        by: &[by],
        heads: &[heading],
        metrics: &[
            Metric::new("time_free_energy", "of the free energy", Better::Lower).unit("steps").decimals(1),
            Metric::new("trusted_free_energy", "to be trusted", Better::Neither).decimals(0),
            Metric::new("time_activity", "of the mean activity", Better::Lower).unit("steps").decimals(1),
            Metric::new("trusted_activity", "to be trusted", Better::Neither).decimals(0),
            Metric::new("chain_free_energy", "mean free energy", Better::Neither).unit("nats").decimals(1),
        ],
        label: None,
        reported: None,
    });
}
