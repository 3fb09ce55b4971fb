//! The recipe of colour transfer: two pictures, exact and entropic plans, both ways, and a range of regularisations.

mod draw;

use anyhow::{Result, ensure};

use super::{is_set, place};
use crate::draw::Finished;
use crate::experiment::{Drawn, Experiment, Settings};
use crate::jobs::transfer::{Direction, Pictures};
use crate::jobs::{Job, Transfer};
use crate::point::{Estimate, Point};
use crate::profile::{Profile, Scaled};
use crate::recolour::MOST_SAMPLES;

/// Colours of one picture moved to the palette of another.
#[derive(Debug)]
pub struct ColourTransfer {
    /// Rows of the painted pictures.
    pub height: Scaled<usize>,
    /// Pixels drawn from each picture.
    pub samples: Scaled<usize>,
    /// Weight ε of the entropy of the result that is shown.
    pub epsilon: f64,
    /// The range of ε that results are held against the exact one at, falling.
    pub epsilons: Scaled<&'static [f64]>,
}

pub(crate) use draw::{A_TO_B, EXACT};

/// The key that says that results belong to pictures of the user's, and to which.
pub const BROUGHT: &str = "pictures";

/// The points of a run, each a place in the list.
struct Points {
    points: Vec<Point>,
    pictures: usize,
    transfers: Vec<Planned>,
}

/// One transfer.
struct Planned {
    direction: Direction,
    epsilon: Option<f64>,
    seed: u64,
    place: usize,
}

impl ColourTransfer {
    pub(super) const KEYS: &'static [&'static str] = &["samples", "epsilon", "height", BROUGHT];

    fn samples(&self, settings: &Settings) -> Result<usize> {
        let samples = settings.get("samples", self.samples.at(settings.profile))?;
        ensure!(
            (1..=MOST_SAMPLES).contains(&samples),
            "samples: expected 1 to {MOST_SAMPLES}, found {samples}"
        );
        Ok(samples)
    }

    fn epsilon(&self, settings: &Settings) -> Result<f64> {
        let epsilon = settings.get("epsilon", self.epsilon)?;
        ensure!((1e-5..=1e3).contains(&epsilon), "epsilon: expected 0.00001 to 1000, found {epsilon}");
        Ok(epsilon)
    }

    fn height(&self, settings: &Settings) -> Result<usize> {
        let height = settings.get("height", self.height.at(settings.profile))?;
        ensure!((2..=4000).contains(&height), "height: expected 2 to 4000 rows, found {height}");
        Ok(height)
    }

    /// The range, with the ε that is shown, falling.
    fn epsilons(&self, settings: &Settings) -> Result<Vec<f64>> {
        let mut all = self.epsilons.at(settings.profile).to_vec();
        all.push(self.epsilon(settings)?);
        all.sort_by(|a, b| b.total_cmp(a));
        all.dedup();
        Ok(all)
    }

    /// The point of the pictures, and pixels of the larger one.
    fn pictures(&self, settings: &Settings) -> Result<(Point, f64)> {
        let asked = settings.get(BROUGHT, String::new())?;
        let height = self.height(settings)?;
        let (job, pixels, digest) = match settings.data.pictures() {
            Some(brought) => {
                ensure!(
                    !asked.is_empty() && brought.digest.starts_with(&asked),
                    "pictures: expected the first digits of {}, found {asked:?}",
                    brought.digest
                );
                ensure!(
                    !settings.set.iter().any(|(key, _)| key == "height"),
                    "height: pictures that are brought keep their own"
                );
                let pixels = brought.pair.iter().map(|picture| picture.pixels()).max().unwrap_or(0);
                (Pictures::Brought, pixels, brought.digest.as_str())
            }
            None => {
                ensure!(asked.is_empty(), "pictures: bring them with --images A.png B.png");
                (Pictures::Painted { height }, height * height * 3 / 2, "")
            }
        };
        let pixels = pixels as f64;
        let estimate = match job {
            Pictures::Painted { .. } => Estimate { seconds: 1.6e-5 * pixels + 0.05, bytes: 64 << 20 },
            Pictures::Brought => {
                Estimate { seconds: 4e-7 * pixels + 0.1, bytes: (64 << 20) + (32.0 * pixels) as u64 }
            }
        };
        Ok((Point::new("two pictures", Job::Pictures(job), &[], estimate, digest), pixels))
    }

    fn points(&self, experiment: &Experiment, settings: &Settings) -> Result<Points> {
        let (pictures, pixels) = self.pictures(settings)?;
        let mut list = Points { points: vec![pictures], pictures: 0, transfers: Vec::new() };
        let shown = self.epsilon(settings)?;
        let epsilons = self.epsilons(settings)?;
        for seed in experiment.seeds(settings) {
            for direction in [Direction::AToB, Direction::BToA] {
                let exact = self.transfer((direction, None, seed), (settings, pixels), None, &mut list)?;
                for &epsilon in &epsilons {
                    if epsilon == shown || direction == Direction::AToB {
                        let what = (direction, Some(epsilon), seed);
                        self.transfer(what, (settings, pixels), Some(exact), &mut list)?;
                    }
                }
            }
        }
        Ok(list)
    }

    /// Adds one transfer; gives its place.
    fn transfer(
        &self,
        (direction, epsilon, seed): (Direction, Option<f64>, u64),
        (settings, pixels): (&Settings, f64),
        exact: Option<usize>,
        list: &mut Points,
    ) -> Result<usize> {
        let samples = self.samples(settings)?;
        let n = samples as f64;
        // Iterations grow as ε falls.
        let solve = epsilon.map_or(0.0, |epsilon| n * n * 1e-9 * (20.0 + 0.3 / epsilon).min(10_000.0));
        // Costs of pixels are computed as they are needed.
        let estimate = Estimate {
            seconds: 6e-7 * n * n + solve + 6e-7 * pixels + 0.1,
            bytes: (64 << 20) + (n * 8192.0 + 28.0 * pixels) as u64,
        };
        let way = if direction == Direction::AToB { "A in B's colours" } else { "B in A's colours" };
        let how = epsilon.map_or_else(|| "exact".to_owned(), |epsilon| format!("ε = {epsilon}"));
        let keep = epsilon.is_none_or(|epsilon| self.epsilon(settings).is_ok_and(|shown| shown == epsilon));
        let job = Transfer { direction, epsilon, samples, seed, keep };
        let needs: Vec<&Point> =
            [Some(list.pictures), exact].into_iter().flatten().map(|place| &list.points[place]).collect();
        let label = format!("{way}, {how}, {samples} samples, seed {seed}");
        let point = Point::new(label, Job::Transfer(job), &needs, estimate, "");
        let at = place(&mut list.points, point);
        list.transfers.push(Planned { direction, epsilon, seed, place: at });
        Ok(at)
    }

    pub(super) fn plan(&self, experiment: &Experiment, settings: &Settings) -> Result<Vec<Point>> {
        Ok(self.points(experiment, settings)?.points)
    }

    pub(super) fn draw(
        &self,
        experiment: &Experiment,
        settings: &Settings,
        finished: &Finished<'_>,
    ) -> Result<Drawn> {
        draw::draw(self, experiment, settings, finished)
    }

    pub(super) fn hyperparameters(&self, settings: &Settings) -> Vec<(String, String)> {
        let say = |value: Result<String>| value.unwrap_or_else(|_| "–".into());
        let pictures = match settings.data.pictures() {
            Some(brought) => format!("{} and {}", brought.pair[0], brought.pair[1]),
            None => say(self.height(settings).map(|h| format!("painted, {} × {h} pixels", h * 3 / 2))),
        };
        let epsilons =
            self.epsilons(settings).map(|all| all.iter().map(f64::to_string).collect::<Vec<_>>().join(", "));
        vec![
            ("pictures".into(), pictures),
            ("pixels drawn from each".into(), say(self.samples(settings).map(|n| n.to_string()))),
            ("cost".into(), "squared distance of red, green and blue, each from 0 to 1".into()),
            ("ε shown".into(), say(self.epsilon(settings).map(|e| e.to_string()))),
            ("range of ε".into(), say(epsilons)),
            ("other pixels".into(), "move as their nearest sampled colour does".into()),
        ]
    }

    pub(super) fn cuts(&self, settings: &Settings) -> Vec<String> {
        let mut cuts = Vec::new();
        let (here, paper) = (settings.profile, Profile::Paper);
        let mut amount = |key: &str, what: &str, scaled: Scaled<usize>| {
            if !is_set(settings, key) && scaled.at(here) != scaled.at(paper) {
                cuts.push(format!("{} {what} instead of {}", scaled.at(here), scaled.at(paper)));
            }
        };
        amount("samples", "pixels drawn from each picture", self.samples);
        amount("height", "rows of the painted pictures", self.height);
        let (n, all) = (self.epsilons.at(here).len(), self.epsilons.at(paper).len());
        if n < all {
            cuts.push(format!("{n} of {all} regularisations"));
        }
        cuts
    }
}
