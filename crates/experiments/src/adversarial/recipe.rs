//! The recipe of games on digits: the same points for each, drawn as one report's question or the other's.

use anyhow::Result;
use engine::figures::{Axis, Better, Curve, Grid, Metric, Steps};
use engine::{Hypers, Origins, Rows, Settings};

use super::draw::{
    COVERED, CRITIC_ACCURACY, CRITIC_LOSS, EFFECTIVE, GENERATOR_ACCURACY, GENERATOR_LOSS, HALF_ACCURACIES,
    HALF_LOSSES, NEAREST, STEP, along, begin, classes, last_samples, players, samples, second_halves, ways,
    weights, without_repeats,
};
use super::game::{Game, Rules, SAMPLES, STEPS, plan_judge};
use crate::hypers::{BATCH, IMAGES};
use crate::inks::CURVE;
use crate::recipe::{Drawing, Planning, Recipe};

/// Games on digits.
#[derive(Debug)]
pub struct Games {
    /// The games.
    pub games: &'static [Game],
    /// Games under another reading, by its name; those of the others that they are held against are named again.
    pub readings: &'static [(&'static str, &'static [Game])],
    /// What all have in common.
    pub rules: Rules,
    /// What is drawn of them.
    pub shown: Shown,
    /// Layers in words, for the page.
    pub networks: &'static str,
    /// Objectives and rules in words.
    pub descents: &'static str,
    /// Where values come from.
    pub origins: Origins,
}

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Both players of each game.
    Players,
    /// Games of several objectives beside each other.
    Objectives,
}

impl Recipe for Games {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(self.origins);
        hypers.fact("networks", self.networks);
        hypers.fact("objectives and rules", self.descents);
        let steps: Vec<_> = self.games.iter().map(|game| game.steps).collect();
        hypers.add(&STEPS, settings, &steps);
        hypers.add(&BATCH, settings, &[engine::Scaled::same(self.rules.batch)]);
        hypers.add(&IMAGES, settings, &[self.rules.images]);
        hypers.add(&SAMPLES, settings, &[self.rules.samples]);
        hypers.fact("first weights", "uniform within ±√(6 / (fan-in + fan-out)); biases 0");
        hypers.fact("images", "grey levels from −1 to 1");
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        let judge = plan_judge(planning)?;
        for &seed in planning.seeds {
            for game in self.games {
                game.plan(&self.rules, &judge, (seed, ""), planning)?;
            }
            for (reading, games) in self.readings.iter().filter(|_| planning.settings.most_read() > 0) {
                for game in *games {
                    game.plan(&self.rules, &judge, (seed, reading), planning)?;
                }
            }
        }
        planning.notes.push(
            "The critic is what the report calls the discriminator, D. Its accuracy is the share of real and generated images that it \
             tells rightly; the generator’s is the share of its samples that the critic takes for real. Losses and accuracies are means \
             over a stretch of steps; those of the first step are of one mini-batch. A class is covered if it has a hundredth of the \
             samples."
                .into(),
        );
        planning.notes.extend(self.told());
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        let curves = begin(drawing)?;
        let whole = without_repeats(drawing);
        match self.shown {
            Shown::Players => self.draw_players(&curves, drawing)?,
            Shown::Objectives => self.draw_objectives(&curves, drawing)?,
        }
        drawing.evidence = whole;
        weights(drawing)
    }
}

impl Games {
    /// What a reader must know of this question alone.
    fn told(&self) -> Option<String> {
        let text = match self.shown {
            Shown::Players => {
                "The report’s generator saw one class of small colour pictures, which are no part of this project; one class of digits \
                 stands for it. The axis of its Fig. 14 has no epochs: an epoch is taken to be as many steps as show as many images as \
                 there are."
            }
            Shown::Objectives => {
                "“Classifies” in the report’s sentence on zeros means “generates”. A pass is one mini-batch through one of the networks, \
                 forward or backward. A critic’s step takes five, the generator’s four, so that a step of the generator with one step of \
                 the critic takes 9, with five 29, and with five under a penalty, which takes four more each, 49. At equal compute, a \
                 game is seen at the last instant before it has taken as many passes as the cheapest one takes in all. Steadiness is the \
                 standard deviation of the effective number of classes over the second half of steps, or of passes; a generator that \
                 draws a single kind of sample all the time is steady, too."
            }
        };
        Some(text.to_owned())
    }

    /// Both players of each game: of the first in four charts, of the others in one each.
    fn draw_players(&self, curves: &Rows, drawing: &mut Drawing<'_>) -> Result<()> {
        samples(&[0.5, 1.0], drawing)?;
        let first = self.games[0].name;
        for (file, title, metrics) in FOUR {
            let title = format!("{title}: {first}");
            players(chart(file, &title, metrics, &[("model", first)]), curves, drawing);
        }
        for game in &self.games[1..] {
            let file = format!("players-{}.svg", crate::recipe::slug(game.name));
            let title = format!("Both players: {}", game.name);
            players(chart(&file, &title, ALL, &[("model", game.name)]), curves, drawing);
        }
        let steps = ("step", STEP);
        let all = self.games.iter().find(|game| game.only.is_none()).map(|game| [("model", game.name)]);
        if let Some(all) = all {
            along(("coverage.svg", "Effective classes of samples"), steps, EFFECTIVE, &all, drawing);
            classes(&all, drawing);
        }
        along(("nearest.svg", "How alike samples are"), steps, NEAREST, &[], drawing);
        ways(drawing)?;
        reported_instants(drawing);
        last_samples(drawing);
        second_halves(&[HALF_LOSSES, HALF_ACCURACIES].concat(), drawing);
        Ok(())
    }

    /// Games of several objectives beside each other.
    fn draw_objectives(&self, curves: &Rows, drawing: &mut Drawing<'_>) -> Result<()> {
        samples(&[0.05, 0.25, 0.5, 1.0], drawing)?;
        let steps = ("step", STEP);
        along(("covered.svg", "Classes covered at equal steps"), steps, COVERED, &[], drawing);
        along(("coverage.svg", "Effective classes at equal steps"), steps, EFFECTIVE, &[], drawing);
        let passes = ("passes", Axis { label: "passes through the networks", steps: Steps::Linear });
        let title = "Effective classes at equal compute";
        along(("coverage-compute.svg", title), passes, EFFECTIVE, &[], drawing);
        classes(&[], drawing);
        for game in self.games {
            let file = format!("players-{}.svg", crate::recipe::slug(game.name));
            let title = format!("Losses: {}", game.name);
            players(chart(&file, &title, LOSSES, &[("model", game.name)]), curves, drawing);
        }
        ways(drawing)?;
        last_samples(drawing);
        compared(drawing);
        second_halves(&HALF_LOSSES, drawing);
        Ok(())
    }
}

const LOSSES: &[Metric] = &[CRITIC_LOSS, GENERATOR_LOSS];
const ALL: &[Metric] = &[CRITIC_LOSS, GENERATOR_LOSS, CRITIC_ACCURACY, GENERATOR_ACCURACY];
/// The four plots of Fig. 14.
const FOUR: [(&str, &str, &[Metric]); 4] = [
    ("accuracy.svg", "Accuracies of both players", &[CRITIC_ACCURACY, GENERATOR_ACCURACY]),
    ("loss.svg", "Losses of both players", LOSSES),
    ("critic.svg", "Loss and accuracy of the critic", &[CRITIC_LOSS, CRITIC_ACCURACY]),
    ("generator.svg", "Loss and accuracy of the generator", &[GENERATOR_LOSS, GENERATOR_ACCURACY]),
];

/// A chart of the players of one game.
fn chart<'a>(
    file: &'a str,
    title: &'a str,
    metrics: &'a [Metric],
    only: &'a [(&'a str, &'a str)],
) -> Curve<'a> {
    let accuracies = metrics.iter().filter(|metric| metric.name.ends_with("accuracy")).count();
    let label = match accuracies {
        0 => "loss",
        n if n == metrics.len() => "accuracy",
        _ => "loss, and accuracy as a share",
    };
    Curve {
        file,
        title,
        y: Axis { label, steps: Steps::Linear },
        only,
        metrics,
        caption: "Means over stretches of steps.",
        ..CURVE
    }
}

/// What both players show at the report's three instants.
fn reported_instants(drawing: &mut Drawing<'_>) {
    drawing.grid(&Grid {
        caption: "The first step of all, the middle and the last stretch",
        by: &["model", "instant"],
        heads: &["game", "instant"],
        metrics: ALL,
        label: None,
        reported: None,
    });
}

/// Games at equal steps and at equal compute.
fn compared(drawing: &mut Drawing<'_>) {
    let of = |name, heading| Metric::new(name, heading, Better::Neither).decimals(2);
    drawing.grid(&Grid {
        caption: "Effective classes at equal steps and at equal compute, and how much they move over the second half",
        by: &["model"],
        heads: &["game"],
        metrics: &[
            Metric::new("passes_a_step", "passes a step", Better::Neither).decimals(0),
            of("effective_classes_last", "equal steps"),
            of("effective_classes_spread_last", "deviation"),
            of("effective_classes_compute", "equal compute"),
            of("effective_classes_spread_compute", "deviation"),
        ],
        label: None,
        reported: None,
    });
}
