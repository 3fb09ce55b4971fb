//! The recipe of the record: candidates, a choice by held-out images, and the chosen network several times.

use anyhow::Result;
use engine::figures::{Better, Grid, Metric};
use engine::{Hyper, Hypers, Origin, Origins, Scaled, Settings};
use train::{Decay, Descent, Rule};

use super::search::{Candidate, Search};
use crate::hypers::{BATCH, IMAGES};
use crate::networks::{Architecture, NETWORK};
use crate::recipe::{Drawing, Planning, Recipe};

/// Networks to choose from.
#[derive(Debug)]
pub struct Choice {
    /// Training images.
    pub images: Scaled<usize>,
    /// The last so many of them choose.
    pub held_out: Scaled<usize>,
    /// Passes over them.
    pub epochs: Scaled<usize>,
    /// How often the chosen network learns.
    pub repeats: Scaled<usize>,
    /// Samples in a mini-batch.
    pub batch: usize,
}

const EPOCHS: Hyper<usize> = Hyper { key: "epochs", says: "epochs", unit: "epochs", range: 1..=10_000 };
const TIMES: Hyper<usize> = Hyper {
    key: "times",
    says: "times that the chosen network learns",
    unit: "times that the chosen network learns",
    range: 1..=100,
};

const OURS: Origin = Origin::Chosen("before any of them was run");
const ORIGINS: Origins = Origins(&[
    ("candidates", OURS),
    ("held out", Origin::Chosen("the last training images; no test image chooses")),
    ("training images", OURS),
    ("epochs", OURS),
    ("batch size", OURS),
    ("times that the chosen network learns", OURS),
    ("inputs", Origin::Chosen("grey levels from 0 to 1, neither moved nor distorted")),
]);

/// The candidates. Adam's rate falls to nothing along half a cosine.
fn candidates() -> Vec<Candidate> {
    let cosine = Descent::annealed(1e-3, 1e-4);
    let reported = Descent {
        decay: Decay::Coupled(1e-4),
        ..Descent::new(Rule::RmsProp { decay: 0.9, epsilon: 1e-6 }, 1e-3)
    };
    let of = |name: &str, blocks: &[(usize, usize)], hidden: usize, dropout: f32| Candidate {
        name: name.to_owned(),
        architecture: Architecture::Convolutional { blocks: blocks.to_vec(), hidden: vec![hidden], dropout },
        descent: cosine,
    };
    vec![
        Candidate {
            descent: reported,
            ..of("15 of 9 × 9, 20 of 5 × 5, 100, RMSProp", &[(15, 9), (20, 5)], 100, 0.0)
        },
        of("20 of 5 × 5, 50 of 5 × 5, 500", &[(20, 5), (50, 5)], 500, 0.0),
        of("32 of 5 × 5, 64 of 5 × 5, 500, dropout 0.5", &[(32, 5), (64, 5)], 500, 0.5),
        of("32 of 3 × 3, 64 of 3 × 3, 500, dropout 0.5", &[(32, 3), (64, 3)], 500, 0.5),
    ]
}

const ROLE: &str = "search";
const HELD_OUT: Metric = Metric::percent("error_held_out", "held-out error", Better::Lower).decimals(2);
const TEST: Metric = Metric::percent("error_test", "test error", Better::Lower).decimals(2);
const LOW: Metric = Metric::percent("error_test_low", "from", Better::Neither).decimals(2);
const HIGH: Metric = Metric::percent("error_test_high", "to", Better::Neither).decimals(2);

impl Recipe for Choice {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        let words: Vec<String> =
            candidates().iter().map(|own| format!("{} ({})", own.name, own.descent)).collect();
        hypers.fact("candidates", &words.join("; "));
        hypers.fact("held out", &format!("{} images", self.held_out.at(settings.profile)));
        hypers.add(&IMAGES, settings, &[self.images]);
        hypers.add(&EPOCHS, settings, &[self.epochs]);
        hypers.add(&BATCH, settings, &[Scaled::same(self.batch)]);
        hypers.add(&TIMES, settings, &[self.repeats]);
        hypers.fact("inputs", "grey levels from 0 to 1, neither moved nor distorted");
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        let settings = planning.settings;
        for &seed in planning.seeds {
            let job = Search {
                candidates: candidates(),
                images: IMAGES.at(settings, &self.images)?,
                held_out: self.held_out.at(settings.profile),
                batch: BATCH.of(settings, self.batch)?,
                epochs: EPOCHS.at(settings, &self.epochs)?,
                repeats: TIMES.at(settings, &self.repeats)?,
                seed,
            };
            let key =
                planning.add(format!("convolutional networks to choose from, seed {seed}"), job, &[])?;
            planning.name(&key, ROLE, &[("seed", &seed)]);
        }
        planning.notes.push(
            "The candidates learn from all training images but the last ones, which choose; the chosen one then learns from all \
             of them, several times from other first weights, and each of these is shown the test images once. Intervals are \
             Wilson’s, of 95 %. Published errors of small convolutional networks without augmentation lie from 0.45 % to 0.63 %, \
             and 0.92 % is what such a network had first."
                .into(),
        );
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        drawing.evidence.0 = drawing.finished.all(&[ROLE])?;
        drawing.metrics();
        drawing.grid(&Grid {
            caption: "Candidates, by their error on held-out training images",
            by: &["candidate"],
            heads: &["network"],
            metrics: &[HELD_OUT],
            label: None,
            reported: None,
        });
        drawing.grid(&Grid {
            caption: "The chosen network, each time from other first weights",
            by: &["chosen", "repeat"],
            heads: &["network", "time"],
            metrics: &[TEST, LOW, HIGH],
            label: None,
            reported: None,
        });
        let finished = drawing.finished;
        for task in finished.shown(ROLE) {
            drawing.weights(task, NETWORK, "network")?;
        }
        Ok(())
    }
}
