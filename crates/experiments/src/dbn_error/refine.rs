//! Fine-tunes a network with labels by up-down, in phases of more and more Gibbs steps [Hinton2006, section 6.1], and tests it
//! once.
//!
//! After every epoch the network is asked for the labels of held-out training images; the epoch at which it errs least there is
//! the one that is tested. A network that learns from all images has none to hold out: it stops after as many epochs as the
//! network of a needed point has chosen. Labels are asked for by their exact probabilities.

use anyhow::{Context, Result, ensure};
use energy::wake_sleep::{Phases, StepRule, UpDown};
use energy::{LabelDbn, VisibleState};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed, Stream};
use train::{Epoch, Fit, Parameters, Snapshot, Tensor, TensorError, Trainee};

use crate::data::{Data, Reads};
use crate::job::{Cost, Job};
use crate::label_dbn::network::{Labelled, NETWORK, WEIGHTS, named_exactly, read_network};
use crate::records;

/// Up-down with a chosen number of epochs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refine {
    /// The first so many training images.
    pub images: usize,
    /// Images in a mini-batch.
    pub batch: usize,
    /// Phases, one after another.
    pub phases: Vec<Phase>,
    /// Learning rate of the mean over a mini-batch.
    pub rate: f32,
    /// How many epochs there are.
    pub until: Until,
    /// The first so many test images, before and after; 0 for a network that only chooses.
    pub tested: usize,
    /// Seed of orders and noise.
    pub seed: u64,
}

/// A part of up-down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    /// Passes over the images.
    pub epochs: usize,
    /// Gibbs steps of the top machine.
    pub sweeps: usize,
}

/// How many epochs there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Until {
    /// Those of all phases; of the networks after each, the one that errs least on the first so many held-out images.
    Judged(usize),
    /// As many as the network of the second point needed has chosen.
    Chosen,
}

/// Names in the column `model`: the network before up-down, and after it.
pub const BEFORE: &str = "network with labels, greedy";
/// The same after up-down.
pub const AFTER: &str = "network with labels, up-down";
/// The file of the number of epochs that is chosen.
const CHOSEN: &str = "epochs.txt";
/// Seconds of a mini-batch, of a weight times an image in it, and of an image that is asked for its label.
const PACE: [f64; 3] = [2e-3, 7.5e-11, 1.5e-3];

impl Job for Refine {
    const KIND: &'static str = "label-refine";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let judged = if let Until::Judged(images) = self.until { images } else { 0 };
        let mut seconds = 0.2 + PACE[2] * (2 * self.tested) as f64;
        for Phase { epochs, sweeps } in &self.phases {
            let steps = (epochs * self.images).div_ceil(self.batch.max(1)) as f64;
            let weights = (2 * (WEIGHTS[0] + WEIGHTS[1]) + (2 + sweeps) * WEIGHTS[2]) as f64;
            seconds += steps * (PACE[0] + PACE[1] * weights * self.batch as f64);
            seconds += PACE[2] * (epochs * judged) as f64;
        }
        let images = self.images + self.tested.max(judged);
        Ok(Cost { seconds, bytes: (images * 784 * 4) as u64 + (192 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let train = Labelled::train(data, self.images)?;
        let labels = train.one_hot()?;
        let dbn = read_network(0, bench)?;
        let all: usize = self.phases.iter().map(|phase| phase.epochs).sum();
        let (epochs, judge) = match self.until {
            Until::Judged(count) => {
                let start = data.digits()?.held_out().start;
                ensure!(
                    train.len() <= start,
                    "images: expected at most {start}, the others choose, found {}",
                    train.len()
                );
                (all, Some(Labelled::held_out(data, count)?))
            }
            Until::Chosen => (read_chosen(&bench.read_need(1, CHOSEN)?)?.min(all), None),
        };
        let mut test = |model: &str, dbn: &LabelDbn| self.test(model, dbn, data, bench);
        test(BEFORE, &dbn)?;
        let seed = Seed::new(self.seed).child("refine", 0);
        let fit = Fit { epochs, batch: self.batch, seed: seed.child("fit", 0), resume: None };
        let mut refined = Refined {
            best: Best { dbn: dbn.clone(), wrong: u64::MAX, epoch: 0 },
            now: dbn,
            images: &train.images,
            labels: &labels,
            judge,
            phases: &self.phases,
            options: UpDown { rate: self.rate, step: StepRule::Mean, sweeps: 1, dream: VisibleState::Mean },
        };
        bench.train("up-down", &mut refined, train.len(), &fit, &mut |_, _, _| Ok(()))?;
        let (chosen, epoch) = match refined.judge {
            Some(_) => (refined.best.dbn, refined.best.epoch),
            None => (refined.now, epochs),
        };
        bench.rows.push("epoch_chosen", epoch as f64, &[("model", &AFTER)]);
        self.test(AFTER, &chosen, data, bench)?;
        bench.put(CHOSEN, epoch.to_string().as_bytes())?;
        bench.put_tensors(NETWORK, Tensor::list(&chosen, ""))
    }
}

impl Refine {
    /// Records the test error of a network, if it is to be tested.
    fn test(&self, model: &str, dbn: &LabelDbn, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        if self.tested == 0 {
            return Ok(());
        }
        let test = Labelled::test(data, self.tested)?;
        bench.say("test images");
        let hits = named_exactly(dbn, &test, &|| bench.check_interrupt())?;
        let wrong = hits.iter().filter(|hit| !**hit).count() as u64;
        records::error(wrong, hits.len() as u64, &[("model", &model)], &mut bench.rows);
        Ok(())
    }
}

/// The number of epochs as it was written.
fn read_chosen(bytes: &[u8]) -> Result<usize> {
    std::str::from_utf8(bytes)?.parse().with_context(|| format!("{CHOSEN}: expected a number"))
}

/// A network of some epoch, by what it errs on.
struct Best {
    dbn: LabelDbn,
    wrong: u64,
    epoch: usize,
}

/// A network under way, with the one that has erred least so far: both are the state of training.
struct Refined<'a> {
    now: LabelDbn,
    best: Best,
    images: &'a Matrix, // pixels × samples
    labels: &'a Matrix, // classes × samples
    judge: Option<Labelled>,
    phases: &'a [Phase],
    options: UpDown,
}

/// The Gibbs steps of an epoch, from 1: those of its phase; of the last phase behind all.
pub fn sweeps_of(phases: &[Phase], epoch: usize) -> usize {
    let mut left = epoch;
    for phase in phases {
        if left <= phase.epochs {
            return phase.sweeps;
        }
        left -= phase.epochs;
    }
    phases.last().map_or(1, |phase| phase.sweeps)
}

impl Trainee for Refined<'_> {
    fn begin(&mut self, epoch: Epoch) {
        self.options.sweeps = sweeps_of(self.phases, epoch.number);
    }

    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        let data = (&self.images.gather(batch), &self.labels.gather(batch));
        let phases = Phases::draw(&self.now, data, &self.options, noise);
        let loss = phases.wake_loss(&self.now);
        phases.learn(&mut self.now, self.options.share(batch.len()));
        loss
    }

    fn non_finite(&self) -> Option<String> {
        self.now.first_non_finite()
    }

    fn measure(&mut self, epoch: usize, metrics: &mut Vec<(&'static str, f64)>) {
        let Some(judge) = &self.judge else { return };
        let never = || Ok::<(), std::convert::Infallible>(());
        let Ok(hits) = named_exactly(&self.now, judge, &never);
        let wrong = hits.iter().filter(|hit| !**hit).count() as u64;
        if wrong < self.best.wrong {
            self.best = Best { dbn: self.now.clone(), wrong, epoch };
        }
        metrics.push((records::HELD_OUT.name, wrong as f64 / hits.len() as f64));
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(&self.now, "model");
        tensors.extend(Tensor::list(&self.best.dbn, "best"));
        tensors.push(Tensor::from_u64("best.of", vec![2], vec![self.best.wrong, self.best.epoch as u64]));
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        snapshot.write_into(&mut self.now, "model")?;
        snapshot.write_into(&mut self.best.dbn, "best")?;
        if let [wrong, epoch] = *snapshot.u64s("best.of")? {
            (self.best.wrong, self.best.epoch) = (wrong, epoch as usize);
        }
        Ok(())
    }
}
