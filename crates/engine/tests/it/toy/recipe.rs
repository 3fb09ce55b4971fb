//! The smallest recipe: a shared point, one line for each size, a table. The engine's own tests run it.

use anyhow::Result;

use crate::draw::Finished;
use crate::experiment::{Drawn, Experiment, Settings};
use crate::jobs::{self, Job, ToyFault};
use crate::point::{Estimate, Point};
use crate::profile::{Profile, Scaled};

/// Lines of several sizes, all beginning where a shared one ended.
#[derive(Debug)]
pub struct Toy {
    /// Sizes of the lines.
    pub sizes: &'static [usize],
    /// Passes over the samples.
    pub epochs: Scaled<usize>,
    /// What goes wrong in the line of the last size.
    pub fault: Option<ToyFault>,
}

/// Size and seed of a line; none for the shared one.
type Line = Option<(usize, u64)>;

impl Toy {
    pub(super) const KEYS: &'static [&'static str] = &["epochs"];

    fn points(&self, experiment: &Experiment, settings: &Settings) -> Result<Vec<(Point, Line)>> {
        let epochs = settings.get("epochs", self.epochs.at(settings.profile))?;
        let estimate = Estimate { seconds: epochs as f64 * 1e-4, bytes: 1 << 20 };
        let mut points = Vec::new();
        for seed in experiment.seeds(settings) {
            let job = |size, fault| Job::Toy(jobs::Toy { size, epochs, seed, fault });
            let shared = Point::new(format!("toy seed={seed}"), job(1, None), &[], estimate, "");
            for (i, &size) in self.sizes.iter().enumerate() {
                let fault = self.fault.filter(|_| i + 1 == self.sizes.len());
                let label = format!("toy size={size} seed={seed}");
                let point = Point::new(label, job(size, fault), &[&shared], estimate, "");
                points.push((point, Some((size, seed))));
            }
            points.push((shared, None));
        }
        Ok(points)
    }

    pub(super) fn plan(&self, experiment: &Experiment, settings: &Settings) -> Result<Vec<Point>> {
        Ok(self.points(experiment, settings)?.into_iter().map(|(point, _)| point).collect())
    }

    pub(super) fn draw(
        &self,
        experiment: &Experiment,
        settings: &Settings,
        finished: &Finished<'_>,
    ) -> Result<Drawn> {
        let mut drawn = Drawn::default();
        for (point, line) in self.points(experiment, settings)? {
            if let Some((size, seed)) = line {
                let rows = finished.rows(&point.key)?;
                drawn.evidence.extend_with(&rows, &[("model", &size), ("seed", &seed)]);
            }
        }
        let picture: Vec<u8> = (0..64 * 64).map(|i| u8::try_from(i % 251).unwrap_or_default()).collect();
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"80\" height=\"20\"><text y=\"15\">{} rows</text></svg>",
            drawn.evidence.rows.len()
        );
        drawn.files.push(("lines.csv".into(), drawn.evidence.to_csv()));
        drawn.show("lines.svg", svg, "How many rows there are.", "A number of rows.");
        drawn.files.push(("weights/picture.bin".into(), picture));
        Ok(drawn)
    }

    pub(super) fn hyperparameters(&self, settings: &Settings) -> Vec<(String, String)> {
        let epochs = settings.get("epochs", self.epochs.at(settings.profile)).unwrap_or_default();
        vec![("sizes".into(), format!("{:?}", self.sizes)), ("epochs".into(), epochs.to_string())]
    }

    pub(super) fn cuts(&self, settings: &Settings) -> Vec<String> {
        let (paper, here) = (self.epochs.at(Profile::Paper), self.epochs.at(settings.profile));
        if paper == here { vec![] } else { vec![format!("{here} epochs instead of {paper}")] }
    }
}
