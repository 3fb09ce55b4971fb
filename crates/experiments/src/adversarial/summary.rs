//! What games come to: curves of both players, and the evidence.
//!
//! Curves are along `step`: losses and accuracies as means of a stretch. Evidence of the players is what they showed in the first step of
//! all, in the middle stretch and in the last (column `instant`), mean and spread of the second half, and when a loss had settled, in
//! passes over the images. Evidence of samples is what the judge saw of them, along `step` and `passes` through the networks, and the
//! last of it, `NAME_last`; and the last within the passes that the cheapest game of the same seed takes in all, `NAME_compute`.

use anyhow::{Context, Result, ensure};
use engine::{Columns, Row, Rows, Task};

use super::adversary::Adversary;
use super::claims::Instant;
use super::curves::{moments, second_half, settles};
use super::game::{GAME, JUDGE, SEEN};
use crate::recipe::Drawing;

/// What both players show.
pub(super) const PLAYERS: [&str; 4] =
    ["critic_loss", "critic_accuracy", "generator_loss", "generator_accuracy"];
/// What the judge sees that is told of the end.
const JUDGED: [&str; 9] = [
    "covered",
    "entropy",
    "share",
    "effective_classes",
    "effective_classes_low",
    "effective_classes_high",
    "nearest",
    "nearest_low",
    "nearest_high",
];
/// Stretches that are averaged before it is asked when a loss had settled.
pub const WINDOW: usize = 5;

/// Evidence of an experiment's games, and curves of the players.
///
/// # Errors
/// If a point is not as expected.
pub(super) fn summary(drawing: &Drawing<'_>) -> Result<[Rows; 2]> {
    let finished = drawing.finished;
    let games: Vec<Game> =
        finished.tasks(&[GAME]).map(|task| Game::new(task, &finished.rows(task)?)).collect::<Result<_>>()?;
    let [mut all, mut curves] = [Rows::default(), Rows::default()];
    for game in &games {
        game.record(&mut all);
        game.record_curves(&mut curves);
    }
    for task in finished.tasks(&[SEEN]) {
        let game = games.iter().find(|game| game.columns == task.columns);
        let game = game.with_context(|| format!("{}: samples of no game", task.point.label))?;
        let budget = games.iter().filter(|other| game.is_beside(other)).map(Game::all_passes);
        let budget = budget.fold(f64::INFINITY, f64::min);
        all.rows.extend(seen(task, finished.rows(task)?, game, budget).rows);
    }
    let judged = finished.all(&[JUDGE])?.rows.into_iter().rfind(|row| row.metric == "accuracy_test");
    all.rows.extend(judged.map(|row| Row {
        columns: Vec::new(),
        epoch: None,
        metric: "judge_accuracy".to_owned(),
        ..row
    }));
    Ok([all, curves])
}

/// A game that was played.
struct Game {
    columns: Columns,
    /// Steps of the generator in a stretch, passes in a step, passes over the images in all.
    stretch: f64,
    passes: f64,
    epochs: f64,
    /// Of each stretch, in order, what both players showed.
    curves: [Vec<f64>; 4],
    /// What they showed in the first step of all.
    first: [f64; 4],
}

impl Game {
    fn new(task: &Task, rows: &Rows) -> Result<Self> {
        let job: Adversary = task.job()?;
        let of = |metric: &str| -> Vec<f64> {
            rows.rows.iter().filter(|row| row.metric == metric).map(|row| row.value).collect()
        };
        let curves = PLAYERS.map(of);
        ensure!(curves.iter().all(|curve| !curve.is_empty()), "{}: no stretch", task.point.label);
        let one = |metric: &str| of(metric).first().copied().with_context(|| format!("no row {metric}"));
        let first = |metric: &str| one(&format!("{metric}_first"));
        let [a, b, c, d] = PLAYERS;
        Ok(Self {
            columns: task.columns.clone(),
            stretch: job.stretch as f64,
            passes: job.passes() as f64,
            epochs: one("epochs_run")?,
            curves,
            first: [first(a)?, first(b)?, first(c)?, first(d)?],
        })
    }

    /// Whether another game is of the same seed and reading.
    fn is_beside(&self, other: &Self) -> bool {
        let same = |name: &str| self.columns.get(name) == other.columns.get(name);
        same("seed") && same(engine::rows::READING)
    }

    /// Passes of the whole game.
    fn all_passes(&self) -> f64 {
        self.passes * self.stretch * self.curves[0].len() as f64
    }

    fn push(&self, metric: &str, value: f64, more: &[(&str, &str)], rows: &mut Rows) {
        let mut columns = self.columns.0.clone();
        columns.extend(more.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
        rows.rows.push(Row { columns, epoch: None, metric: metric.to_owned(), value });
    }

    fn record_curves(&self, rows: &mut Rows) {
        for (metric, curve) in PLAYERS.iter().zip(&self.curves) {
            for (place, value) in curve.iter().enumerate() {
                let step = ((place + 1) as f64 * self.stretch).to_string();
                self.push(metric, *value, &[("step", &step)], rows);
            }
        }
    }

    fn record(&self, rows: &mut Rows) {
        for ((metric, curve), first) in PLAYERS.iter().zip(&self.curves).zip(self.first) {
            let (middle, last) = (curve[(curve.len() / 2).saturating_sub(1)], curve[curve.len() - 1]);
            for (instant, value) in Instant::ALL.into_iter().zip([first, middle, last]) {
                self.push(metric, value, &[("instant", instant.name())], rows);
            }
            let [mean, spread] = second_half(curve);
            self.push(&format!("{metric}_mean"), mean, &[], rows);
            self.push(&format!("{metric}_spread"), spread, &[], rows);
            if let (true, Some(place)) = (metric.ends_with("_loss"), settles(curve, WINDOW)) {
                let settled = self.epochs * (place + 1) as f64 / curve.len() as f64;
                self.push(&format!("{metric}_settled"), settled, &[], rows);
            }
        }
        self.push("epochs_run", self.epochs, &[], rows);
        self.push("passes_a_step", self.passes, &[], rows);
    }
}

/// The step after which a row was made.
fn step(row: &Row) -> Option<f64> {
    row.column("step").and_then(|text| text.parse().ok())
}

/// What the judge saw of a game's samples, and what it comes to at the end of the game and of a budget of passes.
fn seen(task: &Task, found: Rows, game: &Game, budget: f64) -> Rows {
    let mut rows = Rows::default();
    for (suffix, within) in [("last", f64::INFINITY), ("compute", budget)] {
        let passes = |row: &Row| step(row).map_or(0.0, |step| step * game.passes);
        let end = found.rows.iter().map(passes).filter(|own| *own <= within).fold(0.0, f64::max);
        let told = |row: &&Row| step(row).is_some() && JUDGED.contains(&row.metric.as_str());
        for row in found.rows.iter().filter(told).filter(|row| passes(row) == end) {
            let mut row = row.clone();
            row.columns.retain(|(name, _)| name != "step");
            row.metric = renamed(&row.metric, suffix);
            rows.rows.push(row);
        }
        let late = found.rows.iter().filter(|row| (0.5 * end..=end).contains(&passes(row)));
        let late: Vec<f64> =
            late.filter(|row| row.metric == "effective_classes").map(|row| row.value).collect();
        if late.len() > 1 {
            let (columns, metric) = (task.columns.0.clone(), renamed("effective_classes_spread", suffix));
            rows.rows.push(Row { columns, epoch: None, metric, value: moments(&late)[1] });
        }
    }
    // Shares of classes at each instant stay in the point.
    for mut row in found.rows.into_iter().filter(|row| row.metric != "share" || step(row).is_none()) {
        let passes = step(&row).map(|step| ("passes".to_owned(), (step * game.passes).to_string()));
        row.columns.extend(passes);
        rows.rows.push(row);
    }
    rows
}

/// `effective_classes_last` and `effective_classes_last_low`: the end of an interval stays the end of the name.
fn renamed(metric: &str, suffix: &str) -> String {
    for end in ["_low", "_high"] {
        if let Some(name) = metric.strip_suffix(end) {
            return format!("{name}_{suffix}{end}");
        }
    }
    format!("{metric}_{suffix}")
}
