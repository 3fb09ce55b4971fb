//! How surely the reference classifier takes pictures for digits, for which, and how sharp they are: what a report judges by eye
//! when it says that digits are recognisable, different and blurry.
//!
//! A picture is *recognised* if the classifier gives one class a probability of at least [`SURE`]. It is *blurred* if it is less
//! sharp than all but one in twenty of as many training images, so that of real images about one in twenty is; *blank* if all of its pixels are the same.

use anyhow::Result;
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::Matrix;

use super::reference::{Reference, Seen};
use super::samples::Samples;
use super::sharpness::{quantile, sharpness};
use crate::data::{Data, Digits, Reads};
use crate::dbm::modes::{covered, entropy, shares};
use crate::job::{Cost, Job};

/// Looks at pictures with the classifier of the first point needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recognise {
    /// Which pictures.
    pub shown: Shown,
    /// The first so many.
    pub pictures: usize,
}

/// Whose pictures are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// What the second point needed has drawn.
    Samples,
    /// Test images, in grey.
    Test,
}

/// From this probability on the classifier is sure.
pub const SURE: f64 = 0.9;
/// The share of training images that count as blurred.
pub const BLURRED: f64 = 0.05;

impl Job for Recognise {
    const KIND: &'static str = "recognise";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        Ok(Cost {
            seconds: 2e-4 * self.pictures as f64 + 0.1,
            bytes: (self.pictures * 784 * 16) as u64 + (128 << 20),
        })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let reference = Reference::read(bench, 0)?;
        let n = digits.amount("pictures", self.pictures, digits.test.len())?;
        let images = match self.shown {
            Shown::Samples => Samples::read(bench, 1)?.first(n)?,
            Shown::Test => digits.test.to_matrix(&(0..n).collect::<Vec<_>>()),
        };
        let seen = reference.look(&images, bench)?;
        self.record(&seen, bench);
        if self.shown == Shown::Test {
            let right =
                seen.classes.iter().zip(&digits.test.labels).filter(|(found, own)| found == own).count();
            bench.rows.push("recognised_rightly", right as f64 / n as f64, &[]);
        }
        let real = digits.train.to_matrix(&(0..n.min(digits.train.len())).collect::<Vec<_>>());
        let least = quantile(&edges(&real), BLURRED);
        let own = edges(&images);
        let blurred = own.iter().filter(|&&edge| edge < least).count();
        bench.rows.push("blank", (n - own.len()) as f64 / n as f64, &[]);
        bench.rows.push("blurred", blurred as f64 / n as f64, &[]);
        if !own.is_empty() {
            bench.rows.push("sharpness", own.iter().sum::<f64>() / own.len() as f64, &[]);
        }
        Ok(())
    }
}

impl Recognise {
    /// What the classifier says.
    fn record(&self, seen: &Seen, bench: &mut Workbench<'_>) {
        let n = seen.classes.len() as f64;
        let sure = seen.sureness.iter().filter(|&&probability| probability >= SURE).count();
        let shares = shares(&seen.classes);
        bench.rows.push("pictures", n, &[]);
        bench.rows.push("recognised", sure as f64 / n, &[]);
        bench.rows.push("sureness", seen.sureness.iter().sum::<f64>() / n, &[]);
        bench.rows.push("covered", covered(&shares) as f64, &[]);
        bench.rows.push("effective_classes", entropy(&shares).exp(), &[]);
        for (class, share) in shares.iter().enumerate() {
            bench.rows.push("share", *share, &[("class", &class)]);
        }
    }
}

/// The sharpness of each picture that has an edge.
fn edges(images: &Matrix) -> Vec<f64> {
    images.columns().filter_map(|image| sharpness(image, Digits::SIZE)).collect()
}
