//! All metrics of samples at once, of any generator, beside those of as many real images and of generators that were planted: the
//! metrics of [`quality::Standard`] in the features of the reference classifier, and the exact transport distance.
//!
//! *Fitted* are the first training images, *held out* the first test images; what planted generators other than the copier are made of are
//! the last training images, which are in neither. All of them, real and drawn, are taken in grey or all in black and white, since a
//! generator that knows no grey is told from grey images by that alone.

use anyhow::{Result, ensure};
use engine::{Rows, Workbench};
use quality::{Labelled, Measures, Planted, Size, Standard};
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed};

use super::reference::Reference;
use super::samples::Samples;
use crate::data::{Data, Digits, Reads};
use crate::greedy::to_held_out;
use crate::job::{Cost, Job};

/// Measures pictures with the classifier of the first point needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Whose pictures.
    pub origin: Origin,
    /// As what all pictures are taken.
    pub levels: Levels,
    /// How many pictures, and what they are held against.
    pub amounts: Amounts,
}

/// Whose pictures are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// What the second point needed has drawn.
    Samples,
    /// Held-out images, several draws: what a perfect generator reaches, and what chance does to it.
    HeldOut,
    /// Training images, by heart.
    Copier,
    /// Real images of one class only.
    OneMode,
    /// Real images, blurred.
    Blurrer,
    /// Upper halves of real images on lower halves of others.
    Swapper,
}

/// As what pictures are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Levels {
    /// In black and white, on above the grey level of the digits that machines learn from.
    BlackAndWhite,
    /// As they are.
    Grey,
}

/// How many of each kind; of the stand-in those that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amounts {
    /// Pictures of a generator.
    pub samples: usize,
    /// Training images that they are held against.
    pub fitted: usize,
    /// Held-out images.
    pub held_out: usize,
    /// Pictures on both sides of the transport distance.
    pub matched: usize,
    /// Draws of the floor.
    pub draws: usize,
}

/// Fixed, so that all generators are held against the same images.
const SEED: u64 = 61;

impl Origin {
    /// The planted generators.
    pub const PLANTED: [Self; 4] = [Self::Copier, Self::OneMode, Self::Blurrer, Self::Swapper];

    /// The generator of [`quality`], if it is a planted one.
    pub fn planted(self) -> Option<Planted> {
        match self {
            Self::Samples | Self::HeldOut => None,
            Self::Copier => Some(Planted::Copier),
            Self::OneMode => Some(Planted::OneMode),
            Self::Blurrer => Some(Planted::Blurrer),
            Self::Swapper => Some(Planted::Swapper),
        }
    }
}

impl Levels {
    /// What the column `levels` says.
    pub fn name(self) -> &'static str {
        match self {
            Self::BlackAndWhite => "black and white",
            Self::Grey => "grey",
        }
    }

    fn of(self, images: Matrix) -> Matrix {
        match self {
            Self::BlackAndWhite => Samples::black_and_white(&images),
            Self::Grey => images,
        }
    }
}

impl Job for Measure {
    const KIND: &'static str = "measure-samples";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let Amounts { samples, fitted, held_out, matched, draws } = self.amounts;
        let sets = if self.origin == Origin::HeldOut { draws } else { 1 };
        let [n, m, h, t] = [samples, fitted, held_out, matched].map(|x| x as f64);
        let nearest = (h + n) * m * 784.0 / 2e10;
        let own = sets as f64 * (n * n * 2e-7 + 1e-3 * n.min(1000.0));
        let seconds = 1.5e-4 * (n + m + h) + nearest + own + t * t * 1e-6 + 0.2;
        Ok(Cost { seconds, bytes: ((samples + fitted + held_out) * 784 * 12) as u64 + (192 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let rest = digits.held_out().start;
        let fitted = digits.amount("fitted images", self.amounts.fitted, rest)?;
        let held_out = digits.amount("held-out images", self.amounts.held_out, digits.test.len())?;
        let reference = Reference::read(bench, 0)?;
        let first = |images: &datasets::Images, n: usize| {
            self.levels.of(images.to_matrix(&(0..n).collect::<Vec<_>>()))
        };
        let train = first(&digits.train, fitted);
        bench.say("real images");
        let real = [&train, &first(&digits.test, held_out)];
        let [ours, theirs] = real.map(|images| described(images, &reference, bench));
        let standard = Standard::new(ours?, theirs?, CLASSES, Seed::new(SEED).child("standard", 0))?;
        let n = self.amounts.samples.min(held_out);
        bench.rows.push("samples", n as f64, &[]);
        if self.origin == Origin::HeldOut {
            bench.say("the floor");
            for (draw, measures) in standard.floors(n, self.amounts.draws)?.iter().enumerate() {
                record(measures, &[("draw", &draw)], &mut bench.rows);
            }
            let unseen: Vec<usize> = digits.held_out().collect();
            return self.transport(&digits, &digits.train.to_matrix(&unseen), bench);
        }
        let pictures = self.pictures(&digits, train, n, bench)?;
        bench.say("metrics");
        let measures = standard.measure(&described(&pictures, &reference, bench)?)?;
        record(&measures, &[], &mut bench.rows);
        self.transport(&digits, &pictures, bench)
    }
}

const CLASSES: usize = 10;

impl Measure {
    /// The pictures that are measured, pixels × n.
    fn pictures(&self, digits: &Digits, train: Matrix, n: usize, bench: &Workbench<'_>) -> Result<Matrix> {
        let Some(planted) = self.origin.planted() else {
            return Ok(self.levels.of(Samples::read(bench, 1)?.first(n)?));
        };
        let unseen: Vec<usize> = digits.held_out().collect();
        let images = match planted {
            Planted::Copier => train,
            _ => digits.train.to_matrix(&unseen),
        };
        let labels: Vec<u8> = match planted {
            Planted::Copier => digits.train.labels[..images.cols()].to_vec(),
            _ => unseen.iter().map(|&image| digits.train.labels[image]).collect(),
        };
        let (height, width) = Digits::SIZE;
        let real = Labelled { images: &images, labels: &labels, size: Size { height, width } };
        Ok(self.levels.of(planted.draw(&real, n, Seed::new(SEED).child("planted", 0))?))
    }

    /// The exact transport distance to held-out digits, in black and white whatever the levels, as for machines.
    fn transport(&self, digits: &Digits, pictures: &Matrix, bench: &mut Workbench<'_>) -> Result<()> {
        let n = self.amounts.matched.min(pictures.cols()).min(digits.test.len());
        ensure!(n > 0, "expected pictures to match, found none");
        bench.say("transport");
        let ours = Samples::black_and_white(&pictures.gather(&(0..n).collect::<Vec<_>>()));
        let (cost, gap) = to_held_out(digits, &ours, bench)?;
        bench.rows.push("pixels", cost, &[]);
        bench.rows.push("certificate_gap", gap, &[]);
        bench.rows.push("matched", n as f64, &[]);
        Ok(())
    }
}

/// Pictures with the features and classes that the classifier gives them.
fn described(images: &Matrix, reference: &Reference, bench: &Workbench<'_>) -> Result<quality::Samples> {
    let seen = reference.look(images, bench)?;
    Ok(quality::Samples::new(images, &seen.features, &seen.classes)?)
}

fn record(measures: &Measures, columns: &[(&str, &dyn std::fmt::Display)], rows: &mut Rows) {
    for (metric, value) in measures.metrics() {
        rows.push(metric, value, columns);
    }
}
