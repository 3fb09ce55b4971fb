//! How the letters' questions are answered: hyperparameters, plan, drawing.

use anyhow::Result;
use engine::{Hypers, Scaled, Settings};

use super::model::{Alpha, EPOCHS, GIBBS, HIDDEN, LAYERS, SAMPLES, Variant};
use super::{draw, plan};
use crate::hypers::{BATCH, RATE, SIGMA, readings};
use crate::recipe::{Drawing, Planning, Recipe};

impl Recipe for Alpha {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let variants = self.variants.at(settings.profile);
        let staged = self.is_staged();
        let same = |value: fn(&Variant) -> usize| -> Vec<Scaled<usize>> {
            variants.iter().map(|v| Scaled::same(value(v))).collect()
        };
        let scaled = |amount: fn(&Variant) -> Scaled<usize>| -> Vec<Scaled<usize>> {
            variants.iter().map(amount).collect()
        };
        let rates: Vec<Scaled<f32>> = variants.iter().map(|v| Scaled::same(v.rate)).collect();
        let sigmas: Vec<Scaled<f32>> = variants.iter().map(|v| Scaled::same(v.sigma)).collect();
        let mut hypers = Hypers::new(self.origins);
        let names = |variants: &'static [Variant]| variants.iter().map(|v| v.value).collect::<Vec<_>>();
        hypers.left_out("models", &names(variants), &names(self.variants.paper));
        let characters: Vec<&str> = variants.iter().map(|v| v.characters).collect();
        hypers.choice("characters", settings, &characters, self.share(|v| v.characters));
        hypers.with(&LAYERS, settings, &same(|v| v.layers), !staged && self.share(|v| v.layers));
        hypers.with(&HIDDEN, settings, &same(|v| v.hidden), self.share(|v| v.hidden));
        hypers.with(&BATCH, settings, &same(|v| v.batch), self.share(|v| v.batch));
        hypers.with(&RATE, settings, &rates, self.share(|v| v.rate.to_bits()));
        hypers.with(&SIGMA, settings, &sigmas, self.share(|v| v.sigma.to_bits()));
        hypers.with(&EPOCHS, settings, &scaled(|v| v.epochs), !staged && self.share(|v| v.epochs.paper));
        hypers.with(&GIBBS, settings, &scaled(|v| v.gibbs), self.share(|v| v.gibbs.paper));
        // How many samples are scored is no part of a model.
        hypers.with(&SAMPLES, settings, &scaled(|v| v.samples), true);
        hypers.fact("training", "CD-1: states drawn for the reconstruction, probabilities of hidden units in the gradient, which is the mean over \
             the mini-batch; no momentum, no decay");
        hypers.fact("initial biases", "zero");
        if !self.readings.is_empty() && settings.most_read() > 0 {
            let named = self.readings.iter().map(|(reading, values)| (reading.name(), *values));
            hypers.fact("other readings", &readings(named, "all models"));
        }
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        plan::plan(self, planning)
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        draw::draw(self, drawing)
    }
}
