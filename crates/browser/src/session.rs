//! A machine in training: one epoch a call, so that a page can show what it has learnt between two of them.
//!
//! Contrastive divergence with one Gibbs step [Hinton2002] at a constant rate, mini-batches of five. The epoch loop is
//! [`train::epochs`], resumed from a snapshot at every call; a resumed run has the bits of an uninterrupted one.

use std::fmt::Write;
use std::ops::ControlFlow;

use energy::binary::{BinaryChains, BinaryTrainer, Capacity};
use energy::{Input, Learning, Rbm, coin_flips};
use sha2::{Digest, Sha256};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed};
use train::{Event, Fit, Outcome, Snapshot, Tensor, epochs};

/// Samples in a mini-batch.
pub const BATCH: usize = 5;
/// Learning rate.
pub const RATE: f32 = 0.1;

/// A machine, its letters, and how far it has come.
pub struct Session {
    trainer: BinaryTrainer,
    samples: usize,
    seed: Seed,
    losses: Vec<f64>,
    last: Option<Snapshot>,
    diverged: bool,
}

impl Session {
    /// A fresh machine of `hidden` units for `letters` (pixels × samples, each 0 or 1). Weights, order and noise follow from
    /// `seed` alone.
    ///
    /// # Panics
    /// If there is no letter or no hidden unit.
    pub fn new(seed: u64, letters: &Matrix, hidden: usize) -> Self {
        let (pixels, samples) = (letters.rows(), letters.cols());
        assert!(samples > 0 && hidden > 0, "{samples} letters for {hidden} hidden units");
        let seed = Seed::new(seed);
        let rbm = Rbm::new(pixels, hidden, seed.child("model", 0));
        let input = Input::Binary(Spikes::from_matrix(letters));
        let capacity = Capacity { batch: BATCH, threads: 1 };
        let trainer = BinaryTrainer::new(&rbm, input, &Learning::cd(1, RATE), capacity)
            .expect("lists of states hold nothing but probabilities");
        Self { trainer, samples, seed: seed.child("fit", 0), losses: Vec::new(), last: None, diverged: false }
    }

    /// One pass over the letters: the mean squared difference between pixels and their reconstructions. `None` once a number
    /// is not finite any more; nothing is learnt from then on.
    pub fn epoch(&mut self) -> Option<f64> {
        if self.diverged {
            return None;
        }
        let plan =
            Fit { epochs: self.losses.len() + 1, batch: BATCH, seed: self.seed, resume: self.last.take() };
        let (mut loss, mut last) = (None, None);
        let mut keep = |event: &Event<'_>| {
            if let Event::Epoch { metrics, snapshot, .. } = event {
                loss = metrics.first().map(|(_, value)| *value);
                last = Some(snapshot());
            }
            ControlFlow::Continue(())
        };
        let outcome = epochs(&mut self.trainer, self.samples, &plan, &mut keep);
        self.diverged = outcome != Outcome::Finished;
        self.last = last;
        self.losses.extend(loss);
        loss
    }

    /// The loss of every epoch so far.
    pub fn losses(&self) -> &[f64] {
        &self.losses
    }

    /// The machine as it stands.
    pub fn rbm(&self) -> Rbm {
        self.trainer.rbm()
    }

    /// The machine as a safetensors file, as every experiment writes its weights.
    pub fn weights(&self) -> Vec<u8> {
        Snapshot { epoch: 0, tensors: Tensor::list(&self.rbm(), "") }.encode("")
    }

    /// The SHA-256 of [`Session::weights`] in hexadecimal digits.
    pub fn digest(&self) -> String {
        Sha256::digest(self.weights()).iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a string takes what is written");
            text
        })
    }

    /// What the machine draws: `⟨v⟩`, pixels × chains, after `sweeps` Gibbs steps from coin flips. The same at every call
    /// between two epochs.
    ///
    /// # Panics
    /// If there is no chain.
    pub fn samples(&self, chains: usize, sweeps: usize) -> Matrix {
        let rbm = self.rbm();
        let mut noise = self.seed.child("samples", 0).stream();
        let start = coin_flips(rbm.weights.rows(), chains, &mut noise);
        let mut running = BinaryChains::new(&rbm, &Spikes::from_matrix(&start), 1);
        running.run(sweeps, &mut noise);
        running.means()
    }
}

/// A session after so many epochs, or fewer if it diverges.
///
/// # Panics
/// As [`Session::new`].
pub fn train(seed: u64, letters: &Matrix, hidden: usize, epochs: usize) -> Session {
    let mut session = Session::new(seed, letters, hidden);
    for _ in 0..epochs {
        if session.epoch().is_none() {
            break;
        }
    }
    session
}
