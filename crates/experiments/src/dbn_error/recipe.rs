//! The recipe of errors of deep belief networks: one with labels that is fine-tuned by up-down, and others that go on by
//! backpropagation.

use anyhow::Result;
use engine::{Hyper, Hypers, Key, Origin, Origins, Rows, Scaled, Settings};
use feedforward::Init;

use super::refine::{AFTER, BEFORE, Phase, Refine, Until};
use crate::greedy::DigitLayers;
use crate::label_dbn::network::NETWORK;
use crate::label_dbn::stack::Stack;
use crate::pretraining::job::{Classifier, Labelled, NETWORK as WEIGHTS};
use crate::pretraining::{Greedy, Regime, chosen};
use crate::recipe::{Drawing, Planning, Recipe, slug};
use crate::records;

/// Networks 784–500–500–2000, with labels beside the third layer or above the fourth.
#[derive(Debug)]
pub struct DbnError {
    /// Greedy training of the network with labels.
    pub stack: Stack,
    /// Phases of up-down.
    pub phases: Scaled<&'static [Phase]>,
    /// Learning rate of up-down.
    pub rate: f32,
    /// Held-out images that choose the epoch of up-down.
    pub judged: Scaled<usize>,
    /// Test images of the network with labels.
    pub tested: Scaled<usize>,
    /// Hidden units of the networks without labels, bottom first.
    pub widths: &'static [usize],
    /// How their layers are trained greedily.
    pub greedy: Greedy,
    /// How they go on by backpropagation.
    pub regimes: &'static [Regime],
    /// What others published, by the names of models.
    pub published: &'static [(&'static str, &'static str)],
}

const FINE_RATE: Hyper<f32> = Hyper {
    key: "fine-rate",
    says: "learning rate of up-down",
    unit: "learning rate of up-down",
    range: 0.0..=100.0,
};
const REFINED: &str = "refined";
const JUDGE: &str = "judge";
const DESCENDED: &str = "descended";
const TWIN: &str = "twin";

const ORIGINS: Origins = Origins(&[
    ("units", Origin::Course("[Hinton2006, figure 1]")),
    (
        "phases of up-down",
        Origin::Course("[Hinton2006, section 6.1]: 3, then 6, then 10 Gibbs steps, a hundred epochs each"),
    ),
    ("batch size", Origin::Course("[Hinton2006, section 6.1]; there each has ten images of every digit")),
    (
        "greedy training with labels",
        Origin::Chosen("epochs as in [Hinton2006, section 6.1], the rest is not published"),
    ),
    (
        "learning rate of up-down",
        Origin::Chosen("not published; of 0.02, 0.1 and 0.5 the best on held-out images"),
    ),
    (
        "DBN, backpropagation",
        Origin::Chosen(
            "there by plain steps or conjugate gradients; of two rules the better on held-out images",
        ),
    ),
    (
        "DBN, backpropagation with dropout",
        Origin::Course(
            "[Srivastava2014]: half of the hidden units; there a fifth of the pixels, too. The rule is ours",
        ),
    ),
]);

impl Recipe for DbnError {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let (mut hypers, profile) = (Hypers::new(ORIGINS), settings.profile);
        let (stack, all) = (&self.stack, &self.stack.images);
        hypers.fact("units", "784–500–(500 + 10)–2000; without labels 784–500–500–2000–10");
        hypers.fact("training images", &all.at(profile).to_string());
        hypers.cut("training images", profile, &[*all]);
        let (steps, iterations) = (stack.steps, stack.iterations.at(profile));
        hypers.fact("batch size", &steps.batch.to_string());
        hypers.fact(
            "greedy training with labels",
            &format!(
                "{iterations} mini-batches a machine, CD-1, rate {}, momentum {}, grey levels",
                steps.rate, steps.momentum
            ),
        );
        hypers.cut("mini-batches a machine", profile, &[stack.iterations]);
        let said = |phase: &Phase| format!("{} epochs of {} Gibbs steps", phase.epochs, phase.sweeps);
        let phases: Vec<String> = self.phases.at(profile).iter().map(said).collect();
        hypers.fact("phases of up-down", &phases.join(", "));
        let epochs = |phases: &[Phase]| phases.iter().map(|phase| phase.epochs).sum::<usize>();
        let Scaled { smoke, quick, paper } = self.phases;
        let epochs = Scaled::new(epochs(smoke), epochs(quick), epochs(paper));
        hypers.cut("epochs of up-down", profile, &[epochs]);
        hypers.add(&FINE_RATE, settings, &[Scaled::same(self.rate)]);
        hypers.fact("held-out images that choose", &self.judged.at(profile).to_string());
        hypers.cut("held-out images that choose", profile, &[self.judged]);
        hypers.fact("test images of the network with labels", &self.tested.at(profile).to_string());
        hypers.cut("test images of the network with labels", profile, &[self.tested]);
        let Greedy { epochs, batch, rate, sigma } = self.greedy;
        hypers.fact(
            "greedy training without labels",
            &format!(
                "{} epochs a layer, CD-1 from N(0, {sigma}²), batch {batch}, rate {rate}, black and white",
                epochs.at(profile)
            ),
        );
        hypers.cut("epochs a layer", profile, &[epochs]);
        for regime in self.regimes {
            hypers.fact(regime.name, &regime.describe(settings));
            hypers.cut(&format!("epochs of “{}”", regime.name), profile, &[regime.epochs]);
        }
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        let (images, digits) = (self.stack.images.at(planning.settings.profile), planning.data.digits()?);
        let rest = digits.held_out();
        let twins = images > rest.start;
        for &seed in planning.seeds {
            self.labelled((images, twins.then_some(rest.start)), seed, planning)?;
            for regime in self.regimes {
                let columns: [(&str, &dyn std::fmt::Display); 2] = [("model", &regime.name), ("seed", &seed)];
                let network = self.classifier(regime, images, images, seed, planning)?;
                planning.name(&network, DESCENDED, &columns);
                if twins {
                    let twin = self.classifier(regime, rest.start, images, seed, planning)?;
                    planning.name(&twin, TWIN, &columns);
                }
            }
        }
        planning.notes.push(match twins {
            true => format!(
                "Networks learn from all training images, for as many epochs as others chose that learnt without the last {}.",
                rest.len()
            ),
            false => format!("The last {} training images, which no network learns from, choose epochs.", rest.len()),
        });
        planning.notes.push(
            "Labels of the network with labels are named by their exact probabilities. Networks that go on by backpropagation see \
             test images after every epoch, and nothing depends on it: what is shown is the error at the chosen epoch."
                .into(),
        );
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        let finished = drawing.finished;
        let (mut curves, mut evidence) = (Rows::default(), Rows::default());
        for role in [REFINED, JUDGE] {
            for task in finished.tasks(&[role]) {
                let mut rows = finished.rows(task)?;
                let mut held_out = rows.clone();
                held_out.rows.retain(|row| row.metric == records::HELD_OUT.name);
                held_out.rows.iter_mut().for_each(|row| row.columns.push(("model".into(), AFTER.into())));
                curves.rows.extend(held_out.rows);
                // What only chooses is no result.
                rows.rows.retain(|row| role == REFINED && row.epoch.is_none());
                evidence.rows.extend(rows.rows);
            }
        }
        for task in finished.tasks(&[DESCENDED]) {
            let twin = finished.tasks(&[TWIN]).find(|twin| twin.columns == task.columns);
            let (rows, held_out) = chosen(finished, task, twin)?;
            evidence.rows.extend(rows.rows);
            curves.rows.extend(held_out.rows);
        }
        drawing.drawn.evidence.0 = evidence;
        drawing.metrics();
        records::held_out(curves, drawing);
        records::beside(self.published, drawing);
        for task in finished.shown(REFINED) {
            drawing.weights(task, NETWORK, &slug(AFTER))?;
        }
        for task in finished.shown(DESCENDED) {
            drawing.weights(task, WEIGHTS, &slug(task.columns.get("model")))?;
        }
        Ok(())
    }
}

impl DbnError {
    /// The network with labels, and the one that chooses its epochs where it learns from all images.
    fn labelled(
        &self,
        (images, without): (usize, Option<usize>),
        seed: u64,
        planning: &mut Planning<'_>,
    ) -> Result<()> {
        let (profile, rate) = (planning.settings.profile, FINE_RATE.of(planning.settings, self.rate)?);
        let mut refine = |images: usize, until: Until, tested: usize, judge: Option<Key>| {
            let stack = Stack { images: Scaled::same(images), ..self.stack };
            let greedy = stack.network(self.stack.iterations.at(profile), seed, planning)?;
            let (batch, phases) = (self.stack.steps.batch, self.phases.at(profile).to_vec());
            let job = Refine { images, batch, phases, rate, until, tested, seed };
            let needs: Vec<Key> = [Some(greedy), judge].into_iter().flatten().collect();
            planning.add(format!("up-down on {images} images, seed {seed}"), job, &needs)
        };
        let (judged, tested) = (self.judged.at(profile), self.tested.at(profile));
        let judge = without.map(|images| refine(images, Until::Judged(judged), 0, None)).transpose()?;
        let until = if judge.is_some() { Until::Chosen } else { Until::Judged(judged) };
        let network = refine(images, until, tested, judge.clone())?;
        planning.name(&network, REFINED, &[("seed", &seed)]);
        if let Some(judge) = judge {
            planning.name(&judge, JUDGE, &[("seed", &seed)]);
        }
        Ok(())
    }

    /// A network on layers that were learnt from `unlabelled` images.
    fn classifier(
        &self,
        regime: &Regime,
        images: usize,
        unlabelled: usize,
        seed: u64,
        planning: &mut Planning<'_>,
    ) -> Result<Key> {
        let (profile, Greedy { epochs, batch, rate, sigma }) = (planning.settings.profile, self.greedy);
        let epochs = epochs.at(profile);
        let layers =
            DigitLayers { images: unlabelled, widths: self.widths, batch, rate, sigma, epochs, seed };
        let layers = layers.plan(planning)?;
        let job = Classifier {
            images,
            labelled: Labelled::First,
            hidden: self.widths.to_vec(),
            start: regime.start,
            activation: regime.activation,
            dropout: regime.dropout,
            descent: regime.descent,
            batch: regime.batch,
            epochs: regime.epochs.at(profile),
            output: Init::normal(sigma),
            seed,
        };
        planning.add(format!("{}, {images} images, seed {seed}", regime.name), job, &layers)
    }
}

/// Names of models that nothing is published of.
pub(super) const UNPUBLISHED: (&str, &str) = (BEFORE, "");
