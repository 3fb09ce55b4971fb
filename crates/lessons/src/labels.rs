//! A network that learns digits with their own labels, and one that learns them with somebody else's.
//!
//! Images are taken in a new order in every epoch; in the planted program their labels are taken in the order of the file. Each image
//! then has a label that has nothing to do with it, and another one in the next epoch.

use feedforward::{Activation, Confusion, Init, Network, NetworkError, mean_cross_entropy, predictions};
use tensor::Seed;
use train::{Descent, Fit, Optimiser, Silent, fit};

use crate::digits::Digits;
use crate::shown::{Program, Reading, Shown};

/// Passes over the images.
const EPOCHS: usize = 10;
/// Images in a mini-batch.
const BATCH: usize = 20;
/// For a standard normal quantile of 95 %.
const NORMAL: f64 = 1.96;

/// What a network is worth after so many epochs.
#[derive(Clone, Copy, Debug)]
pub struct Worth {
    /// Mean cross-entropy over the images learnt from, in nats.
    pub loss: f64,
    /// Share of other images that it recognises.
    pub accuracy: f64,
    /// The 95 % interval of that share.
    pub interval: [f64; 2],
}

/// Trains a network 784–64–10 for so many epochs and tests it.
///
/// # Errors
/// Never for this network; the constructor's own.
pub fn worth(program: Program, epochs: usize, digits: &Digits, seed: Seed) -> Result<Worth, NetworkError> {
    let mut network = Network::mlp(&[digits.train.rows(), 64, 10], Activation::Relu, 0.0, Init::He, seed)?;
    let mut optimiser = Optimiser::with(Descent::sgd(0.1), &network);
    let count = digits.train.cols();
    let plan = Fit { epochs, batch: BATCH, seed, resume: None };
    let mut taken = 0;
    fit(&mut network, &mut optimiser, count, &plan, &mut Silent, |network, batch, noise| {
        let labels: Vec<u8> = match program {
            Program::Sound => batch.iter().map(|&i| digits.train_labels[i]).collect(),
            // The planted bug: the next labels of the file, whatever images have been drawn.
            Program::Planted => {
                (taken..taken + batch.len()).map(|i| digits.train_labels[i % count]).collect()
            }
        };
        taken += batch.len();
        network.gradient(&digits.train.gather(batch), &labels, noise)
    });
    let confusion = Confusion::new(&digits.test_labels, &predictions(&network, &digits.test), 10);
    let [low, high] = confusion.interval(NORMAL);
    Ok(Worth {
        loss: mean_cross_entropy(&network, &digits.train, &digits.train_labels),
        accuracy: 1.0 - confusion.error_rate(),
        interval: [1.0 - high, 1.0 - low],
    })
}

/// Both programs, untrained, after an epoch, and after all.
///
/// # Errors
/// As [`worth`].
pub fn lesson(seed: Seed) -> Result<Shown, NetworkError> {
    let digits = Digits::drawn(2000, 1000, seed);
    let text = |worth: Worth| {
        let [low, high] = worth.interval.map(|share| 100.0 * share);
        format!("{:.3} nats, {:.1} % ({low:.1} to {high:.1})", worth.loss, 100.0 * worth.accuracy)
    };
    let mut readings = Vec::new();
    for epochs in [0, 1, EPOCHS] {
        readings.push(Reading {
            at: format!("after {epochs} epochs"),
            sound: text(worth(Program::Sound, epochs, &digits, seed)?),
            planted: text(worth(Program::Planted, epochs, &digits, seed)?),
        });
    }
    Ok(Shown {
        what: "cross-entropy on the images learnt from, and the share of other images recognised with its 95 % interval"
            .to_owned(),
        truth: format!("guessing has ln 10 = {:.3} nats, and recognises 10 %", 10f64.ln()),
        readings,
    })
}
