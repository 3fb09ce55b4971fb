//! The recipe of digits in grey over the same digits in black and white.

use anyhow::{Result, ensure};
use report::{GreyImage, StripFigure, StripRow};
use train::Snapshot;

use crate::claim::number;
use crate::data::Source;
use crate::draw::Finished;
use crate::experiment::{Drawn, Experiment, Settings};
use crate::jobs::{self, Job, PICTURES};
use crate::page::STAMP;
use crate::point::{Estimate, Point};
use crate::rows::{Evidence, pick};
use crate::source::Digits;

/// The first training images, twice.
#[derive(Debug)]
pub struct Binarise {
    /// Images shown.
    pub images: usize,
}

impl Binarise {
    pub(super) const KEYS: &'static [&'static str] = &["images"];

    fn point(&self, settings: &Settings) -> Result<Point> {
        let digits = settings.data.digits()?;
        let images = settings.get("images", self.images)?;
        ensure!(images > 0, "images: expected at least 1, found 0");
        let estimate = Estimate { seconds: 0.3, bytes: 96 << 20 };
        let job = Job::Binarise(jobs::Binarise { images });
        Ok(Point::new(format!("the first {images} digits"), job, &[], estimate, &digits.digest))
    }

    pub(super) fn plan(&self, settings: &Settings) -> Result<Vec<Point>> {
        Ok(vec![self.point(settings)?])
    }

    pub(super) fn draw(&self, _: &Experiment, settings: &Settings, finished: &Finished<'_>) -> Result<Drawn> {
        let digits = settings.data.digits()?;
        let key = self.point(settings)?.key;
        let mut drawn = Drawn { evidence: Evidence(finished.rows(&key)?), ..Drawn::default() };
        let (file, _) = Snapshot::decode(&finished.read(&key, PICTURES)?)?;
        let (height, width) = (digits.train.height, digits.train.width);
        let mut figure = StripFigure { images_per_line: 4, scale: 4, ..StripFigure::default() };
        for (tensor, label) in [("grey", "grey levels"), ("binary", "black and white")] {
            let pixels = file.f32s(tensor)?;
            let images =
                pixels.chunks_exact(height * width).map(|p| GreyImage::new(p, height, width)).collect();
            figure.rows.push(StripRow { label: label.to_owned(), images, ..StripRow::default() });
        }
        figure.stamp = (digits.source == Source::Standin).then_some(STAMP);
        let caption = format!(
            "The first training images, grey over black and white: on is a grey level strictly above {}.",
            Digits::THRESHOLD
        );
        let alt = "Digits in grey levels, and under them the same digits in black and white.";
        drawn.show("digits.svg", report::strips(&figure), &caption, alt);
        drawn.files.push(("metrics.csv".into(), drawn.evidence.to_csv()));
        let share = |metric: &str| number(100.0 * drawn.evidence.mean(pick(metric, &[])).unwrap_or(f64::NAN));
        drawn.notes.push(format!(
            "{} % of all training pixels are not black, {} % are on. Whether the threshold itself counts as on hardly \
             matters: {} % of the pixels lie on it.",
            share("share_not_black"),
            share("share_on"),
            share("share_at_threshold")
        ));
        Ok(drawn)
    }
}
