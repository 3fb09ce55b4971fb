//! An experiment is a constant: what a report asked, the typed recipe that answers it, what must come out.

use std::sync::Arc;

use anyhow::{Error, Result};
use engine::{BadSetting, Facts, Question, Settings, Study, page};
use fetch::Missing;

use crate::data::Data;
use crate::recipe::{Drawing, Planning, Recipe};

/// One question of one report, with its hyperparameters as data.
#[derive(Debug)]
pub struct Experiment {
    /// What was asked, and what the report says it saw.
    pub about: Question,
    /// Typed hyperparameters; says what to train and how to draw it.
    pub recipe: &'static dyn Recipe,
}

impl Experiment {
    /// Plans it.
    ///
    /// # Errors
    /// If it cannot be planned, with [`BadSetting`] as context where it could without `--set`; or the data are missing.
    pub fn study(&'static self, settings: &Settings, data: &Arc<Data>) -> Result<Study> {
        let seeds = self.about.seeds(settings);
        let mut planning = Planning::new(settings, &seeds, data);
        self.recipe.plan(&mut planning).map_err(|error| self.explained(error, settings, data))?;
        let (tasks, mut notes) = planning.finish();
        let mut hypers = self.recipe.hypers(settings);
        let by_hand = settings.set.iter().map(|(key, value)| format!("set by hand: {key} = {value}"));
        hypers.cuts.splice(0..0, by_hand);
        let (now, full) = (seeds.len(), self.about.repeats.paper);
        if now < full {
            hypers.cuts.push(format!("seeds: {now} instead of {full}"));
        }
        if !settings.set.is_empty() {
            notes.insert(0, BY_HAND.to_owned());
        }
        let mut variant = settings.suffix();
        if let Some(pictures) = data.pictures().filter(|_| self.recipe.takes_pictures()) {
            variant += &format!("+images={}", &pictures.digest[..8]);
        }
        let standin =
            tasks.iter().filter_map(|task| task.point.data()).any(|digest| data.is_standin(&digest));
        Ok(Study {
            about: &self.about,
            profile: settings.profile,
            tasks,
            facts: Facts { seeds, variant, hypers, notes },
            stamp: standin.then_some(page::STAMP),
            draw: Box::new(|finished| {
                let mut drawing = Drawing::new(finished);
                self.recipe.draw(&mut drawing)?;
                Ok(drawing.drawn)
            }),
        })
    }

    /// Why it cannot be planned. If it can without `--set`, then that is what makes no sense.
    fn explained(&self, error: Error, settings: &Settings, data: &Arc<Data>) -> Error {
        let experiment = self.about.name();
        let bare = Settings { set: Vec::new(), ..settings.clone() };
        let missing = error.chain().any(|cause| cause.is::<Missing>());
        let seeds = self.about.seeds(&bare);
        let mut planning = Planning::new(&bare, &seeds, data);
        if !settings.set.is_empty() && !missing && self.recipe.plan(&mut planning).is_ok() {
            error.context(BadSetting { experiment })
        } else {
            error.context(format!("cannot plan {experiment}"))
        }
    }
}

/// Stands first under figures of hyperparameters that no report has.
const BY_HAND: &str = "Set by hand: names of models and sentences of the report speak of the report's own values, and \
                       verdicts are not counted among those on its claims.";

/// The reports, by the names after `report:` on the command line.
pub mod reports {
    /// RBM, DBN, pretrained DNN, VAE on AlphaDigits and MNIST.
    pub const GENERATIVE: &str = "generative";
    /// RBM, label-DBN, wake-sleep on MNIST.
    pub const RBM_LAB: &str = "rbm-lab";
    /// RBM, DBN, DNN from scratch.
    pub const SCRATCH: &str = "scratch";
    /// CNN optimisers, stacked denoising autoencoders on MNIST.
    pub const CNN_SDAE: &str = "cnn-sdae";
    /// RBM, DBM, GAN, WGAN, optimal transport.
    pub const ANN4: &str = "ann4";
    /// None: our own records.
    pub const OURS: &str = "ours";
    /// All of them.
    pub const ALL: [&str; 6] = [GENERATIVE, RBM_LAB, SCRATCH, CNN_SDAE, ANN4, OURS];
}
