//! The recipe of the record of a deep machine: its bound beside the published one, and classifiers that begin on it.

use anyhow::Result;
use energy::MeanField;
use engine::figures::{Better, Metric};
use engine::{Hypers, Origin, Origins, Rows, Scaled, Settings};
use report::{Column, Table};

use super::deep::{Deep, TOLERANCE};
use super::fine::{FineTune, NETWORK};
use super::machine::DEEP as DEEP_FILE;
use super::recipe::{ANNEALING, BOUND, DEEP, GREEDY, IMAGES};
use crate::hypers::TEST_IMAGES;
use crate::recipe::{Drawing, Planning, Recipe, slug};
use crate::records;
use crate::tuned::Tuning;

/// A deep machine, and classifiers that begin on it.
#[derive(Debug)]
pub struct DeepRecord {
    /// The machine.
    pub deep: Deep,
    /// Training images.
    pub images: Scaled<usize>,
    /// Test images of the bound, and as many training images.
    pub test_images: Scaled<usize>,
    /// Temperatures of annealing, chains each way, and Gibbs steps before the way back.
    pub annealing: [Scaled<usize>; 3],
    /// Classifiers: what they are called, how they learn, and for how many epochs at most.
    pub classifiers: &'static [(&'static str, Tuning, Scaled<usize>)],
    /// Updates of the means that become input.
    pub updates: usize,
    /// Test images of the classifiers.
    pub tested: Scaled<usize>,
    /// Published bounds of the machine: on test images, and on training images.
    pub bounds: [&'static str; 2],
    /// What others published of classifiers, by the names of models.
    pub published: &'static [(&'static str, &'static str)],
}

const FINE: &str = "fine";
const PAPER: Origin = Origin::Course("[Salakhutdinov2009, section 4]");

const ORIGINS: Origins = Origins(&[
    ("hidden units", PAPER),
    ("batch size", PAPER),
    ("persistent chains", PAPER),
    (
        "learning rate of joint training",
        Origin::Course("[Salakhutdinov2009, section 4]: from 0.005, gradually to 0; the line is ours"),
    ),
    (
        "DBM, fine-tuned",
        Origin::Chosen("there by conjugate gradients; of two rules the better on held-out images"),
    ),
    (
        "DBM, fine-tuned with dropout",
        Origin::Course(
            "[Srivastava2014]: half of the hidden units; there a fifth of the pixels, too. The rule is ours",
        ),
    ),
    ("temperatures", Origin::Chosen("half as many as are published for this machine")),
    ("annealed chains", Origin::Course("as many as are published for this machine")),
]);

impl Recipe for DeepRecord {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        self.deep.tell(&mut hypers, settings);
        hypers.fact("digits", &format!("black and white, {}", self.deep.binarised));
        hypers.add(&IMAGES, settings, &[self.images]);
        hypers.add(&TEST_IMAGES, settings, &[self.test_images]);
        for (hyper, amount) in ANNEALING.iter().zip(self.annealing) {
            hypers.add(hyper, settings, &[amount]);
        }
        for &(name, tuning, epochs) in self.classifiers {
            let tuning = Tuning { epochs: epochs.at(settings.profile), ..tuning };
            hypers.fact(name, &tuning.describe());
            hypers.cut(&format!("epochs of “{name}”"), settings.profile, &[epochs]);
        }
        hypers.fact("updates of means that become input", &self.updates.to_string());
        hypers.fact("test images of classifiers", &self.tested.at(settings.profile).to_string());
        hypers.cut("test images of classifiers", settings.profile, &[self.tested]);
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        let (settings, profile) = (planning.settings, planning.settings.profile);
        let images = IMAGES.at(settings, &self.images)?;
        let test = TEST_IMAGES.at(settings, &self.test_images)?;
        let of = |index: usize| ANNEALING[index].at(settings, &self.annealing[index]);
        let annealed = [of(0)?, of(1)?, of(2)?];
        for &seed in planning.seeds {
            let [greedy, joint] = self.deep.plan(images, seed, planning)?;
            for (name, key) in [(GREEDY, &greedy), (DEEP, &joint)] {
                let bound = self.deep.bound((name, key), test, annealed, seed, planning)?;
                planning.name(&bound, BOUND, &[("model", &name), ("seed", &seed)]);
            }
            for &(name, tuning, epochs) in self.classifiers {
                let job = FineTune {
                    hidden: self.deep.hidden,
                    binarised: self.deep.binarised,
                    images,
                    tested: self.tested.at(profile),
                    mean_field: MeanField { sweeps: self.updates, tolerance: TOLERANCE },
                    tuning: Tuning { epochs: epochs.at(profile), ..tuning },
                    seed,
                };
                let key = planning.add(format!("{name}, seed {seed}"), job, std::slice::from_ref(&joint))?;
                planning.name(&key, FINE, &[("model", &name), ("seed", &seed)]);
            }
        }
        let rest = planning.data.digits()?.held_out().len();
        planning.notes.push(format!(
            "Bounds are on the likelihood of images in black and white, in nats an image, from the lower end of the interval of \
             annealed chains towards the machine to the upper end of those back from it; the same machine stands in the table of \
             record-rbm-likelihood. The last {rest} training images choose epochs of classifiers: one that learns from all images \
             learns anew from all of them for as many epochs."
        ));
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        let finished = drawing.finished;
        let rows = finished.all(&[FINE])?;
        let curves = Rows { rows: rows.rows.iter().filter(|row| row.epoch.is_some()).cloned().collect() };
        drawing.evidence.0 = finished.all(&[BOUND])?;
        drawing.evidence.rows.extend(rows.rows.into_iter().filter(|row| row.epoch.is_none()));
        drawing.metrics();
        self.bounds(drawing);
        super::draw::gates(drawing);
        records::held_out(curves, drawing);
        records::beside(self.published, drawing);
        for task in finished.shown(BOUND) {
            let bytes = finished.read_need(task, 0, DEEP_FILE)?;
            let name = slug(task.columns.get("model"));
            drawing.files.push((format!("weights/{name}.safetensors"), bytes));
        }
        for task in finished.shown(FINE) {
            let name = slug(task.columns.get("model"));
            drawing.weights(task, NETWORK, &name)?;
        }
        Ok(())
    }
}

impl DeepRecord {
    /// Our bounds beside the published ones.
    fn bounds(&self, drawing: &mut Drawing<'_>) {
        let metrics = [
            Metric::new("bound", "bound, test", Better::Higher).unit("nats").decimals(2),
            Metric::new("bound_train", "bound, training", Better::Higher).unit("nats").decimals(2),
        ];
        let row = |model: &str| {
            let place = vec![("model".to_owned(), model.to_owned())];
            let [test, train] = metrics.map(|metric| metric.text(&drawing.drawn.evidence, &place));
            let [published, published_train] =
                if model == DEEP { self.bounds } else { ["–"; 2] }.map(str::to_owned);
            vec![model.to_owned(), test, published, train, published_train]
        };
        let heads = vec![
            Column::text("machine"),
            Column::number("ours, test", "nats"),
            Column::number("published, test", "nats"),
            Column::number("ours, training", "nats"),
            Column::number("published, training", "nats"),
        ];
        let caption =
            "Bounds on the log-likelihood of digits drawn once, from end to end of the annealing both ways";
        let rows = [GREEDY, DEEP].map(row).to_vec();
        drawing.tables.push(Table::new(caption, heads, rows));
    }
}
