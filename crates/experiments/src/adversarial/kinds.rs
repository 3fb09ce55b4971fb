//! Which digits a generator drew at each instant, how evenly, and how alike its samples are; the same of as many test images.
//!
//! A classifier of digits is the judge. It names a class for anything, so that what it says of test images stands beside it.

use std::fmt::Display;

use anyhow::{Result, ensure};
use datasets::Images;
use energy::partition::estimate::bootstrap;
use engine::{Rows, Workbench};
use feedforward::{Network, predictions};
use quality::pixels::nearest;
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed};
use train::{Snapshot, Tensor};

use super::adversary::kept_after;
use super::curves::moments;
use crate::data::{Data, Digits, Reads};
use crate::dbm::modes::{covered, effective, entropy, shares};
use crate::intervals::interval;
use crate::job::{Cost, Job};
use crate::networks::Architecture;

/// The samples of the first point needed before the classifier of the second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kinds {
    /// Layers of the classifier.
    pub judge: Architecture,
    /// Steps after which samples were kept.
    pub steps: Vec<usize>,
    /// The class that the generator has seen, if only one.
    pub only: Option<u8>,
    /// Samples at each instant, and test images beside them.
    pub samples: usize,
}

/// The file of the first test images that samples are held against: `samples` [n, pixels], bytes of grey.
pub const REAL: &str = "real.safetensors";
/// How many these are.
pub(super) const SHOWN: usize = 10;
/// The seed of the samples that are drawn again for intervals.
const RESAMPLED: u64 = 48;

impl Job for Kinds {
    const KIND: &'static str = "kinds-of-samples";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let (n, instants) = (self.samples as f64, (self.steps.len() + 1) as f64);
        let seconds = instants * n * (1e-4 + 2.0 * n * 784.0 / 2e10 + 2e-5) + 0.2;
        Ok(Cost { seconds, bytes: (self.samples * (self.samples + 40 * 784) * 8) as u64 + (96 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let judge = open(&self.judge, &digits, bench)?;
        self.real(&digits, &judge, bench)?;
        for &step in &self.steps {
            bench.check_interrupt()?;
            bench.say(&format!("samples after step {step}"));
            let samples = read(&bench.read_need(0, &kept_after(step))?, digits.test.features())?;
            let columns: [(&str, &dyn Display); 1] = [("step", &step)];
            record("", &look(&judge, &samples)?, &columns, &mut bench.rows);
        }
        Ok(())
    }
}

impl Kinds {
    /// The rows of as many test images, all of one class where the generator knows no other.
    fn real(&self, digits: &Digits, judge: &Network, bench: &mut Workbench<'_>) -> Result<()> {
        let images: &Images = &digits.test;
        let own = (0..images.len()).filter(|&i| self.only.is_none_or(|class| images.labels[i] == class));
        let chosen: Vec<usize> = own.take(self.samples).collect();
        ensure!(chosen.len() > 1, "test images: expected two of class {:?} at least", self.only);
        record("floor_", &look(judge, &images.to_matrix(&chosen))?, &[], &mut bench.rows);
        let shown: Vec<u8> = chosen.iter().take(SHOWN).flat_map(|&i| images.image(i)).copied().collect();
        let shape = vec![shown.len() / images.features(), images.features()];
        bench.put_tensors(REAL, vec![Tensor::from_u8("samples", shape, shown)])
    }
}

/// The trained classifier of the second point needed.
///
/// # Errors
/// If its weights do not fit the layers.
pub(super) fn open(judge: &Architecture, digits: &Digits, bench: &Workbench<'_>) -> Result<Network> {
    judge.read(digits.test.features(), digits.test.classes.len(), 1, bench)
}

/// Samples that were kept in bytes, pixels × samples from 0 to 1.
pub(super) fn read(file: &[u8], pixels: usize) -> Result<Matrix> {
    let (file, _) = Snapshot::decode(file)?;
    let grey: Vec<f32> = file.bytes("samples")?.iter().map(|&x| f32::from(x) / 255.0).collect();
    ensure!(
        grey.len().is_multiple_of(pixels),
        "samples: expected {pixels} pixels each, found {}",
        grey.len()
    );
    Ok(Matrix::from_vec(pixels, grey.len() / pixels, grey))
}

/// What is seen of a set of pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// What the judge takes each picture for.
    pub classes: Vec<u8>,
    /// The mean squared difference of a pixel between each picture and the one of the others that is most like it.
    pub nearest: Vec<f64>,
}

/// Looks at pictures, pixels × pictures.
///
/// # Errors
/// If there are fewer than two.
pub fn look(judge: &Network, pictures: &Matrix) -> Result<Look> {
    let count = pictures.cols();
    ensure!(count > 1, "pictures: expected at least two, found {count}");
    let itself: Vec<usize> = (0..count).collect();
    let classes = predictions(judge, pictures);
    Ok(Look { classes, nearest: nearest(pictures, pictures, Some(&itself)) })
}

/// Classes covered, the entropy of their shares in nats and its exponential, the effective number of classes; the share of each;
/// and the mean of the distances. Intervals are those of pictures drawn again.
fn record(before: &str, look: &Look, columns: &[(&str, &dyn Display)], rows: &mut Rows) {
    let named = |metric: &str| format!("{before}{metric}");
    let found = shares(&look.classes);
    rows.push(&named("covered"), covered(&found) as f64, columns);
    rows.push(&named("entropy"), entropy(&found), columns);
    for (class, share) in found.iter().enumerate() {
        let own: Vec<(&str, &dyn Display)> =
            columns.iter().copied().chain([("class", &class as &dyn Display)]).collect();
        rows.push(&named("share"), *share, &own);
    }
    let mut noise = Seed::new(RESAMPLED).stream();
    let classes: Vec<f64> = look.classes.iter().map(|&class| f64::from(class)).collect();
    interval(&named("effective_classes"), bootstrap(&classes, &mut noise, effective), columns, rows);
    let mean = |values: &[f64]| moments(values)[0];
    interval(&named("nearest"), bootstrap(&look.nearest, &mut noise, mean), columns, rows);
}
