//! The colours of one picture in another: both pictures as a point, and each way to move the colours as one more.

use anyhow::{Context, Result, ensure};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::Seed;
use train::Tensor;
use transport::{Metric, PointCost, Points, Status, exact_until};

use super::hue;
use super::landscape::Landscape;
use super::recolour::{Depth, Layout, Method, Picture, Recolourer, Recolouring, palette};
use crate::data::{Data, Reads};
use crate::job::{Cost, Job};

/// The two pictures, as files that others need.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pictures {
    /// The program's own landscapes, so many rows high.
    Painted {
        /// Rows.
        height: usize,
        /// Levels that are left of each channel of the second; all 256 where none is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        levels: Option<u8>,
    },
    /// Those that the user brought; the point's data say which.
    Brought,
}

/// Recolours one picture with the colours of the other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transfer {
    /// Which way.
    pub direction: Direction,
    /// Weight ε of the entropy; none for the exact plan.
    pub epsilon: Option<f64>,
    /// Pixels drawn from each picture.
    pub samples: usize,
    /// Seed of the draw.
    pub seed: u64,
    /// Whether the picture is kept, or only what was measured of it.
    pub keep: bool,
    /// Pixels of the larger picture: for what it will cost, and no part of the key, since the pictures are.
    #[serde(skip)]
    pub pixels: usize,
}

/// Which picture is recoloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// A gets the colours of B.
    AToB,
    /// B gets the colours of A.
    BToA,
}

/// The files of both pictures.
pub const PICTURES: [&str; 2] = ["a.png", "b.png"];
/// The recoloured picture.
pub const RECOLOURED: &str = "recoloured.png";
/// Sampled colours `before`, `target` and `after`, each [n, 3]; the last from the recoloured picture, drawn anew.
pub const PALETTES: &str = "palettes.safetensors";

impl Pictures {
    /// Pixels of the larger one.
    pub(super) fn pixels(&self, data: &Data) -> usize {
        match (self, data.pictures()) {
            (Self::Painted { height, .. }, _) => height * height * 3 / 2,
            (Self::Brought, Some(brought)) => {
                brought.pair.iter().map(|picture| picture.pixels()).max().unwrap_or(0)
            }
            (Self::Brought, None) => 0,
        }
    }
}

impl Job for Pictures {
    const KIND: &'static str = "pictures";

    fn reads(&self) -> Reads {
        match self {
            Self::Painted { .. } => Reads::Nothing,
            Self::Brought => Reads::Pictures,
        }
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let pixels = self.pixels(data) as f64;
        let seconds = match self {
            Self::Painted { .. } => 1.6e-5 * pixels + 0.05,
            Self::Brought => 4e-7 * pixels + 0.1,
        };
        Ok(Cost { seconds, bytes: (64 << 20) + (32.0 * pixels) as u64 })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let pair = match self {
            Self::Painted { height, levels } => {
                bench.say("painting");
                [(Landscape::Valley, None), (Landscape::Desert, *levels)].map(|(landscape, levels)| {
                    let painting = landscape.paint(*height);
                    let (width, height, mut pixels) = (painting.width, painting.height, painting.pixels);
                    if let Some(levels) = levels {
                        posterise(&mut pixels, levels);
                    }
                    Picture::new(width, height, Layout::Rgb, Depth::Eight, pixels)
                })
            }
            Self::Brought => {
                let brought = data.pictures().context("the pictures of this point were not given")?;
                brought.pair.clone()
            }
        };
        for (picture, name) in pair.iter().zip(PICTURES) {
            bench.check_interrupt()?;
            bench.rows.push("pixels", picture.pixels() as f64, &[("picture", &name)]);
            bench.put(name, &picture.encode())?;
        }
        Ok(())
    }
}

/// Needs the point of the pictures; an entropic one also that of the exact result it is held against.
impl Job for Transfer {
    const KIND: &'static str = "transfer";

    fn reads(&self) -> Reads {
        Reads::Nothing
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        let (n, pixels) = (self.samples as f64, self.pixels as f64);
        // Iterations grow as ε falls.
        let solve = self.epsilon.map_or(0.0, |epsilon| n * n * 1e-9 * (20.0 + 0.3 / epsilon).min(10_000.0));
        // Costs of pixels are computed as they are needed.
        Ok(Cost {
            seconds: 6e-7 * n * n + solve + 6e-7 * pixels + 0.1,
            bytes: (64 << 20) + (n * 8192.0 + 28.0 * pixels) as u64,
        })
    }

    fn run(&self, _: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let [a, b] = PICTURES;
        let (from, to) = match self.direction {
            Direction::AToB => (open(bench, 0, a)?, open(bench, 0, b)?),
            Direction::BToA => (open(bench, 0, b)?, open(bench, 0, a)?),
        };
        bench.say("transport between palettes");
        let method = self.epsilon.map_or(Method::Exact, |epsilon| Method::Entropic { epsilon });
        let asked = Recolouring { samples: self.samples, method, seed: self.seed };
        let recolourer = bench.until_interrupted(|stop| asked.fit_until(&from, &to, stop))?;
        let ours = recolourer.apply(&from, bench.threads, &mut |done, all| {
            bench.say(&format!("pixel {done} of {all}"));
        });
        bench.check_interrupt()?;
        record(&recolourer, bench);
        bench.rows.push("rmse_to_original", rmse(&from, &ours)?, &[]);
        if self.epsilon.is_some() {
            bench.rows.push("rmse_to_exact", rmse(&open(bench, 1, RECOLOURED)?, &ours)?, &[]);
        }
        let after = self.palettes(&recolourer.palettes, &ours, &to, bench)?;
        for (metric, value) in hue::greens(&from, &ours) {
            bench.rows.push(metric, value, &[]);
        }
        let [before, target] = &recolourer.palettes;
        let tensors = [("before", before), ("target", target), ("after", &after)].map(|(name, colours)| {
            let values: Vec<f32> = colours.iter().map(|&c| c as f32).collect();
            Tensor::from_f32(name, vec![colours.len() / 3, 3], values)
        });
        bench.put_tensors(PALETTES, tensors.into())?;
        if self.keep { bench.put(RECOLOURED, &ours.encode()) } else { Ok(()) }
    }
}

impl Transfer {
    /// How near the recoloured picture's colours are to those of the other, both drawn anew: `W₂²` between palettes, beside
    /// what it was before, and what two palettes of the other picture have between them. Gives the new palette.
    fn palettes(
        &self,
        [before, target]: &[Vec<f64>; 2],
        ours: &Picture,
        to: &Picture,
        bench: &mut Workbench<'_>,
    ) -> Result<Vec<f64>> {
        let anew = Seed::new(self.seed).child("palette", 1);
        let after = palette(ours, self.samples, anew)?;
        let other = palette(to, self.samples, anew)?;
        for (metric, x) in [
            ("palette_distance_before", before),
            ("palette_distance_after", &after),
            ("palette_distance_floor", &other),
        ] {
            let cost = distance(x, target, bench)?;
            bench.rows.push(metric, cost, &[]);
        }
        bench.rows.push("palette_variance_after", variance(&after), &[]);
        bench.rows.push("palette_variance_target", variance(target), &[]);
        Ok(after)
    }
}

/// Leaves `levels` levels of each channel, at least two, evenly from black to full: each value becomes the nearest.
pub fn posterise(pixels: &mut [u8], levels: u8) {
    let steps = f32::from(levels.max(2) - 1);
    for value in pixels {
        *value = ((f32::from(*value) / 255.0 * steps).round() / steps * 255.0).round() as u8;
    }
}

/// A picture of the `need`-th point needed.
fn open(bench: &Workbench<'_>, need: usize, name: &str) -> Result<Picture> {
    Picture::decode(&bench.read_need(need, name)?).map_err(|error| anyhow::anyhow!("{name}: {error}"))
}

/// Cost, certificate, marginal error and how the solver ended.
fn record(recolourer: &Recolourer, bench: &mut Workbench<'_>) {
    bench.rows.push("cost", recolourer.cost, &[]);
    bench.rows.push("marginal_error", recolourer.marginal_error, &[]);
    if let Some(proof) = &recolourer.certificate {
        bench.rows.push("certificate_gap", proof.gap, &[]);
    }
    match recolourer.status {
        Status::Converged { iterations } => bench.rows.push("iterations", iterations as f64, &[]),
        Status::Stopped { .. } => bench.rows.push("stopped", 1.0, &[]),
        Status::Exact => {}
    }
}

/// Root of the mean squared difference of red, green and blue, over all pixels.
fn rmse(x: &Picture, y: &Picture) -> Result<f64> {
    ensure!(x.pixels() == y.pixels(), "pictures of {} and {} pixels", x.pixels(), y.pixels());
    let width = x.width();
    let (mut sum, mut ours, mut theirs) = (0.0, vec![0.0; 3 * width], vec![0.0; 3 * width]);
    for first in (0..x.pixels()).step_by(width) {
        x.rgb(first..first + width, &mut ours);
        y.rgb(first..first + width, &mut theirs);
        sum += ours.iter().zip(&theirs).map(|(x, y)| (x - y) * (x - y)).sum::<f64>();
    }
    Ok((sum / (3 * x.pixels()) as f64).sqrt())
}

/// Exact `W₂²` between two palettes, each of mass 1.
fn distance(x: &[f64], y: &[f64], bench: &Workbench<'_>) -> Result<f64> {
    let (x, y) = (Points::new(x, 3)?, Points::new(y, 3)?);
    let cost = PointCost::new(x, y, Metric::SquaredEuclidean)?;
    let [a, b] = [x.len(), y.len()].map(|n| vec![1.0 / n as f64; n]);
    Ok(bench.until_interrupted(|stop| exact_until(&cost, &a, &b, stop))?.cost)
}

/// Mean squared distance of colours from their mean.
fn variance(colours: &[f64]) -> f64 {
    let n = (colours.len() / 3) as f64;
    let moment = |channel: usize, middle: f64| {
        colours.iter().skip(channel).step_by(3).map(|c| (c - middle) * (c - middle)).sum::<f64>() / n
    };
    let mean = |channel: usize| colours.iter().skip(channel).step_by(3).sum::<f64>() / n;
    (0..3).map(|channel| moment(channel, mean(channel))).sum()
}
