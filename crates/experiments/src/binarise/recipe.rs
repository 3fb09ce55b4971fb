//! The recipe of digits in grey over the same digits in black and white.

use anyhow::Result;
use engine::figures::{Line, Place, Strip};
use engine::{Hyper, Hypers, Origin, Origins, Scaled, Settings, pick};
use report::{RowKind, number};

use super::job::{Binarise, PICTURES};
use crate::data::Digits;
use crate::recipe::{Drawing, Planning, Recipe};

/// The first training images, twice.
#[derive(Debug)]
pub struct BlackAndWhite {
    /// Images shown.
    pub images: usize,
}

const IMAGES: Hyper<usize> = Hyper { key: "images", says: "images", unit: "images", range: 1..=1_000_000 };
const PICTURED: &str = "pictures";

/// Where the values come from.
const ORIGINS: Origins = Origins(&[("images", Origin::Stated("caption of Figure 8"))]);

impl Recipe for BlackAndWhite {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        hypers.add(&IMAGES, settings, &[Scaled::same(self.images)]);
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        let images = IMAGES.of(planning.settings, self.images)?;
        let key = planning.add(format!("the first {images} digits"), Binarise { images }, &[])?;
        planning.name(&key, PICTURED, &[]);
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        let finished = drawing.finished;
        drawing.evidence.0 = finished.all(&[PICTURED])?;
        let mut lines = Vec::new();
        for task in finished.tasks(&[PICTURED]) {
            let file = finished.tensors(task, PICTURES)?;
            for (tensor, label) in [("grey", "grey levels"), ("binary", "black and white")] {
                let (label, pixels) = (label.to_owned(), file.f32s(tensor)?.to_vec());
                lines.push(Line { label, pixels, place: Place::new(), values: None, kind: RowKind::Plain });
            }
        }
        let caption = format!(
            "The first training images, grey over black and white: on is a grey level strictly above {}.",
            Digits::THRESHOLD
        );
        let strip = Strip {
            name: "digits",
            title: "",
            size: Digits::SIZE,
            per_line: 4,
            metrics: &[],
            caption: &caption,
            alt: "Digits in grey levels, and under them the same digits in black and white.",
        };
        drawing.strip(&strip, &lines);
        drawing.metrics();
        let share =
            |metric: &str| number(100.0 * drawing.evidence.mean(pick(metric, &[])).unwrap_or(f64::NAN));
        let note = format!(
            "{} % of all training pixels are not black, {} % are on. Whether the threshold itself counts as on hardly \
             matters: {} % of the pixels lie on it.",
            share("share_not_black"),
            share("share_on"),
            share("share_at_threshold")
        );
        drawing.notes.push(note);
        Ok(())
    }
}
