//! How a deep machine of two hidden layers is pretrained, trained and held between bounds: hyperparameters and points, shared by
//! whoever asks for the same machine.

use anyhow::Result;
use energy::MeanField;
use engine::{Hyper, Hypers, Key, Scaled, Settings};

use super::bound::Bound;
use super::joint::Joint;
use super::pretraining::Pretraining;
use crate::likelihood::binarised::Binarised;
use crate::recipe::Planning;

/// A deep machine, and how it learns.
#[derive(Clone, Copy, Debug)]
pub struct Deep {
    /// Hidden units, bottom first.
    pub hidden: [usize; 2],
    /// What it learns from, in black and white, how.
    pub binarised: Binarised,
    /// Samples in a mini-batch of pretraining, and of joint training.
    pub batches: [usize; 2],
    /// Learning rates of the two machines of pretraining.
    pub greedy_rates: [f32; 2],
    /// After how many epochs each the chains of the top machine make one step more; 0 for never.
    pub grows_every: usize,
    /// Learning rate of the first and of the last epoch of joint training; a last one of 0 is fallen to along a line.
    pub rates: [f32; 2],
    /// Momentum of pretraining, and of joint training.
    pub momenta: [f32; 2],
    /// Epochs of the bottom machine, of the top machine, and of joint training.
    pub epochs: [Scaled<usize>; 3],
    /// Updates of the means for each mini-batch.
    pub updates: Scaled<usize>,
    /// Persistent chains of joint training.
    pub persistent: usize,
    /// Gibbs steps of them at every mini-batch.
    pub sweeps: usize,
}

/// How `log Z` is annealed: temperatures, chains each way, and Gibbs steps before the way back.
pub(crate) type Annealed = [usize; 3];

const EPOCHS: [Hyper<usize>; 3] = [
    epochs("bottom-epochs", "epochs of the bottom machine"),
    epochs("top-epochs", "epochs of the top machine"),
    epochs("joint-epochs", "epochs of joint training"),
];
const UPDATES: Hyper<usize> =
    Hyper { key: "updates", says: "mean-field updates", unit: "mean-field updates", range: 1..=1000 };
/// The means are updated until none changes by more than this, if the updates suffice.
pub(super) const TOLERANCE: f32 = 1e-7;
/// Updates of the means where the bound is measured.
pub(super) const MEASURED: usize = 50;

const fn epochs(key: &'static str, says: &'static str) -> Hyper<usize> {
    Hyper { key, says, unit: says, range: 1..=1_000_000 }
}

impl Deep {
    /// Adds what a page says of its training.
    pub fn tell(&self, hypers: &mut Hypers, settings: &Settings) {
        let [first, second] = self.hidden;
        hypers.fact("hidden units", &format!("{first}, {second}"));
        for (hyper, amount) in EPOCHS.iter().zip(self.epochs) {
            hypers.add(hyper, settings, &[amount]);
        }
        let [greedy, joint] = self.batches;
        hypers.fact("batch size", &format!("{greedy} in pretraining, {joint} in joint training"));
        let [bottom, top] = self.greedy_rates;
        hypers.fact(
            "learning rate of pretraining",
            &format!("{bottom} for the bottom machine, {top} for the top"),
        );
        let falling = match self.rates {
            [begin, 0.0] => format!("{begin} falling to 0 along a line"),
            [begin, end] => format!("{begin} falling geometrically to {end}, once an epoch"),
        };
        hypers.fact("learning rate of joint training", &falling);
        hypers.fact(
            "momentum",
            &match self.momenta {
                [one, other] if one == other => one.to_string(),
                [greedy, joint] => format!("{greedy} in pretraining, {joint} in joint training"),
            },
        );
        let grows = match self.grows_every {
            0 => String::new(),
            every => format!(", one step more in the top machine every {every} epochs"),
        };
        hypers.fact(
            "learning",
            &format!("CD-1 with doubled inputs from N(0, 0.01²), without weight decay{grows}; then mean field and chains"),
        );
        hypers.add(&UPDATES, settings, &[self.updates]);
        let steps =
            if self.sweeps == 1 { String::new() } else { format!(", {} steps a mini-batch", self.sweeps) };
        hypers.fact("persistent chains", &format!("{}, from training images{steps}", self.persistent));
    }

    /// Adds the points of pretraining and of joint training on so many images; gives their keys.
    ///
    /// # Errors
    /// If a value of `--set` makes no sense, or the data are missing.
    pub fn plan(&self, images: usize, seed: u64, planning: &mut Planning<'_>) -> Result<[Key; 2]> {
        let (settings, Self { hidden, binarised, .. }) = (planning.settings, *self);
        let of = |index: usize| EPOCHS[index].at(settings, &self.epochs[index]);
        let greedy = Pretraining {
            hidden,
            binarised,
            images,
            batch: self.batches[0],
            rates: self.greedy_rates,
            momentum: self.momenta[0],
            epochs: [of(0)?, of(1)?],
            grows_every: self.grows_every,
            seed,
        };
        let joint = Joint {
            hidden,
            binarised,
            images,
            batch: self.batches[1],
            rates: self.rates,
            momentum: self.momenta[1],
            epochs: of(2)?,
            mean_field: MeanField { sweeps: UPDATES.at(settings, &self.updates)?, tolerance: TOLERANCE },
            chains: self.persistent,
            sweeps: self.sweeps,
            seed,
        };
        let greedy = planning.add(format!("greedy pretraining, seed {seed}"), greedy, &[])?;
        let needs = std::slice::from_ref(&greedy);
        let joint = planning.add(format!("joint training, seed {seed}"), joint, needs)?;
        Ok([greedy, joint])
    }

    /// Adds the bound of a machine, whose point is `key`, on the first so many test images; gives its key.
    ///
    /// # Errors
    /// If the data are missing.
    pub fn bound(
        &self,
        (name, key): (&str, &Key),
        images: usize,
        [temperatures, chains, sweeps]: Annealed,
        seed: u64,
        planning: &mut Planning<'_>,
    ) -> Result<Key> {
        let Self { hidden, binarised, .. } = *self;
        let mean_field = MeanField { sweeps: MEASURED, tolerance: TOLERANCE };
        let job = Bound { hidden, binarised, images, mean_field, temperatures, chains, sweeps, seed };
        planning.add(format!("bound of {name}, seed {seed}"), job, std::slice::from_ref(key))
    }
}
