//! A ladder among the networks of a sweep: trained as [`Climb`] says, and measured after every epoch and kept as they are.
//!
//! What is kept beside the whole ladder is the perceptron that it classifies with.

use anyhow::Result;
use engine::Workbench;
use serde::{Deserialize, Serialize};
use train::Tensor;

use super::scored::{Scored, TRAIN_MEASURED, grey, sets};
use crate::autoencoder::ladder::{Climb, LADDER};
use crate::cost::{MEASURED, Weights};
use crate::data::{Data, Reads};
use crate::job::{Cost, Job};

/// A ladder that is looked at after every epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The ladder, and how it learns.
    pub ladder: Climb,
}

impl Job for Measured {
    const KIND: &'static str = "measured-ladder";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let digits = data.digits()?;
        let Climb { hidden, labels, epochs, .. } = &self.ladder;
        let looks = digits.test.len() + digits.held_out().len() + (*labels).min(TRAIN_MEASURED);
        let first = digits.train.features() * hidden.first().copied().unwrap_or(0);
        let rest: usize = hidden.windows(2).map(|pair| pair[0] * pair[1]).sum();
        let weights = Weights { first: first as f64, rest: rest as f64 };
        let once = self.ladder.cost(data)?;
        let seconds = once.seconds + MEASURED.seconds((looks * epochs) as f64, weights, 0.0);
        Ok(Cost { seconds, bytes: once.bytes + looks as u64 * 1600 })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let labelled = self.ladder.labelled.choose(self.ladder.labels, &digits)?;
        let (network, sets) = (self.ladder.trainer(&digits)?, sets(&digits, &labelled, grey));
        let mut scored = Scored { network, sets, classes: digits.train.classes.len() };
        self.ladder.descend(&mut scored, &digits, bench)?;
        scored.put(bench)?;
        bench.put_tensors(LADDER, Tensor::list(scored.network.ladder(), ""))
    }
}
