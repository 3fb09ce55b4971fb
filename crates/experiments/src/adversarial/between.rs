//! From one digit to another through the latent space of a generator.
//!
//! Standard normal variables of many dimensions have almost the same length, `√n`, and what lies on the straight line between two of
//! them is shorter than any that the generator has seen. The way is therefore a part of the circle through both:
//! `z(t) = (sin((1 − t) θ) a + sin(t θ) b) / sin θ`, with `θ` the angle between `a` and `b`.

use anyhow::{Result, ensure};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::{Matrix, Seed};
use train::{Snapshot, Tensor};

use super::adversary::{PLAYERS, latents, show};
use super::kinds::open;
use super::players::Players;
use crate::data::{Data, Reads};
use crate::job::{Cost, Job};
use crate::networks::{self, Architecture};

/// Ways between samples of the first point needed, which the classifier of the second names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Between {
    /// Layers of generator and critic.
    pub players: Players,
    /// Layers of the classifier.
    pub judge: Architecture,
    /// Samples to choose the ends from: those of the instants.
    pub samples: usize,
    /// Ways, at most.
    pub ways: usize,
    /// Pictures of a way, both ends among them.
    pub pictures: usize,
    /// The seed of the game.
    pub seed: u64,
}

/// The file of the ways: `samples` [ways · pictures, pixels], from 0 to 1, and `ends` [ways, 2], what the classifier takes their ends
/// for.
pub const WAYS: &str = "ways.safetensors";

impl Job for Between {
    const KIND: &'static str = "between-samples";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        Ok(Cost { seconds: 0.3, bytes: (self.samples * 784 * 200) as u64 + (64 << 20) })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        ensure!(self.samples > 1 && self.pictures > 1, "expected two samples and two pictures at least");
        let digits = data.digits()?;
        let judge = open(&self.judge, &digits, bench)?;
        let mut players = self.players.fresh(digits.test.features(), Seed::new(0))?;
        let (file, _) = Snapshot::decode(&bench.read_need(0, PLAYERS)?)?;
        file.write_into(&mut players, "")?;
        let z = latents(self.seed, self.players.latent(), self.samples);
        let likely: Vec<(u8, f64)> = judge.logits(&show(&players, &z)).columns().map(likeliest).collect();
        let (mut pixels, mut ends) = (Vec::new(), Vec::new());
        for [from, to] in pairs(&likely, self.ways) {
            let way = circle(z.column(from), z.column(to), self.pictures);
            pixels.extend(show(&players, &way).into_vec());
            ends.extend([likely[from].0, likely[to].0]);
        }
        let rows = ends.len() / 2;
        let shape = vec![rows * self.pictures, digits.test.features()];
        bench.rows.push("ways", rows as f64, &[]);
        bench.put_tensors(
            WAYS,
            vec![Tensor::from_f32("samples", shape, pixels), Tensor::from_u8("ends", vec![rows, 2], ends)],
        )
    }
}

/// The most likely class by its logits, and the logarithm of its probability.
///
/// # Panics
/// If there is no class.
pub fn likeliest(logits: &[f32]) -> (u8, f64) {
    let (best, sum) = networks::likeliest(logits);
    (best, -sum.ln())
}

/// Ends of the ways, from the most likely class of each sample and how likely it is: the surest samples of the two lowest classes, those
/// of the next two, and so on. Where all samples are of one class, two by two as they come.
///
/// # Panics
/// If there are fewer than two samples.
pub fn pairs(likely: &[(u8, f64)], ways: usize) -> Vec<[usize; 2]> {
    assert!(likely.len() > 1, "a way between {} samples", likely.len());
    let surest = |class: u8| {
        let own = (0..likely.len()).filter(|&i| likely[i].0 == class);
        own.reduce(|best, i| if likely[i].1 > likely[best].1 { i } else { best })
    };
    let mut ends: Vec<usize> = (0..=u8::MAX).filter_map(surest).collect();
    if ends.len() < 2 {
        ends = (0..likely.len()).collect();
    }
    ends.chunks_exact(2).take(ways).map(|pair| [pair[0], pair[1]]).collect()
}

/// So many points from `a` to `b` along the circle through both, both ends among them: a column each. Along the straight line where
/// the circle is not defined, since one of them is zero or both point the same or the opposite way.
///
/// # Panics
/// If the lengths differ, or there are fewer than two points.
pub fn circle(a: &[f32], b: &[f32], points: usize) -> Matrix {
    assert_eq!(a.len(), b.len(), "the ends of a way");
    assert!(points > 1, "a way of {points} points");
    let dot = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum::<f64>();
    let angle = (dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()).clamp(-1.0, 1.0).acos();
    let weights = |t: f64| {
        // Below this sine a quotient of two of them has lost half its digits; NaN is a zero end.
        if angle.sin() > 1e-8 {
            [((1.0 - t) * angle).sin() / angle.sin(), (t * angle).sin() / angle.sin()]
        } else {
            [1.0 - t, t]
        }
    };
    Matrix::from_fn(a.len(), points, |i, j| {
        let [from, to] = weights(j as f64 / (points - 1) as f64);
        (from * f64::from(a[i]) + to * f64::from(b[i])) as f32
    })
}
