//! The deep machine of the published record, 500–1000 units on digits drawn once [Salakhutdinov2009, section 4].
//!
//! Published are mini-batches of 100, 100 persistent chains with five Gibbs steps each, and a rate of 0.005 that falls to
//! nothing; chains of the top machine that grow in pretraining are the authors' code's. Epochs and momentum are ours.

use engine::Scaled;

use super::deep::Deep;
use crate::likelihood::binarised::Binarised;

/// 784–500–1000.
pub const RECORD: Deep = Deep {
    hidden: [500, 1000],
    binarised: Binarised::Drawn,
    batches: [100, 100],
    greedy_rates: [0.05, 0.05],
    grows_every: 20,
    rates: [5e-3, 0.0],
    momenta: [0.5, 0.5],
    epochs: [Scaled::new(1, 5, 100), Scaled::new(1, 5, 100), Scaled::new(1, 3, 300)],
    updates: Scaled::new(2, 10, 10),
    persistent: 100,
    sweeps: 5,
};
