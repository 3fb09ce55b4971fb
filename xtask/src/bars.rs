//! Progress on a terminal: one bar for each running point and one in all, with time left.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use engine::{Key, Notice, Progress};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use report::number;

use crate::lines::{NO_LOCKS, planned, waiting, waiting_to_draw};
use crate::say;
use crate::words::{count, duration};

/// Draws bars on standard error.
pub struct Bars {
    bars: MultiProgress,
    total: ProgressBar,
    state: Mutex<State>,
}

struct State {
    begun: Instant,
    /// Estimated seconds on one thread of all points, and of those that have ended.
    estimated: f64,
    ended: f64,
    running: HashMap<Key, Running>,
}

struct Running {
    bar: ProgressBar,
    begun: Instant,
    estimate: f64,
    stage: String,
    shown: Option<Instant>,
}

/// Least time between two looks of a bar: tiny epochs come thousands a second.
const PAUSE: Duration = Duration::from_millis(100);

impl Bars {
    /// Bars for so many estimated seconds of work, all points together.
    pub fn new(estimated: f64) -> Self {
        let bars = MultiProgress::new();
        let total = bars.add(ProgressBar::new(1));
        total.set_style(style("{bar:28.green} {pos}/{len} points  {elapsed} gone, {msg}"));
        let state = State { begun: Instant::now(), estimated, ended: 0.0, running: HashMap::new() };
        Self { bars, total, state: Mutex::new(state) }
    }

    /// Takes the bars away.
    pub fn clear(&self) {
        self.total.finish_and_clear();
        // A terminal that has gone away needs no clearing.
        let _ = self.bars.clear();
    }

    fn say(&self, line: &str) {
        self.bars.suspend(|| say::note(line));
    }

    fn end(&self, state: &mut State, key: &Key, estimate: f64) {
        if let Some(running) = state.running.remove(key) {
            running.bar.finish_and_clear();
            self.bars.remove(&running.bar);
        }
        state.ended += estimate;
        self.total.inc(1);
        self.show_left(state);
        if Some(self.total.position()) == self.total.length() {
            self.total.set_message("drawing");
        }
    }

    fn show_left(&self, state: &State) {
        if let Some(left) = state.left() {
            self.total.set_message(left);
        }
    }
}

impl Progress for Bars {
    fn tell(&self, notice: &Notice<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match *notice {
            Notice::Planned(totals) => {
                self.say(&planned(&totals));
                self.total.set_length(totals.to_train as u64);
                self.total.set_message(format!("about {} left", duration(totals.seconds)));
                self.total.enable_steady_tick(Duration::from_millis(500));
            }
            Notice::Started { point, threads } => {
                let bar = self.bars.insert_before(&self.total, ProgressBar::new(1));
                bar.set_style(style("{bar:28.cyan} {prefix}  {msg}"));
                let beside =
                    if threads > 1 { format!(" ({})", count(threads, "thread")) } else { String::new() };
                bar.set_prefix(format!("{}{beside}", point.label));
                let (estimate, stage) = (point.seconds, String::new());
                let running = Running { bar, begun: Instant::now(), estimate, stage, shown: None };
                state.running.insert(point.key.clone(), running);
            }
            Notice::Epoch { key, stage, epoch, epochs, loss } => {
                let shown = state.running.get_mut(key).is_some_and(|r| r.epoch(stage, epoch, epochs, loss));
                if shown {
                    self.show_left(&state);
                }
            }
            Notice::Doing { key, what } => {
                if let Some(running) = state.running.get(key) {
                    running.bar.set_message(what.to_owned());
                }
            }
            Notice::NoLocks => self.say(NO_LOCKS),
            Notice::Waiting { point, holder } => self.say(&waiting(&point.label, holder)),
            Notice::WaitingToDraw { holder } => self.say(&waiting_to_draw(holder)),
            Notice::Finished { point, .. } | Notice::Elsewhere { point } => {
                self.end(&mut state, &point.key, point.seconds);
            }
            Notice::Failed { point, error } => {
                self.say(&format!("FAILED {}: {error:#}", point.label));
                self.end(&mut state, &point.key, point.seconds);
            }
            Notice::Skipped { point, .. } => self.end(&mut state, &point.key, point.seconds),
            Notice::Interrupted { point } => {
                if let Some(running) = state.running.remove(&point.key) {
                    running.bar.abandon_with_message("stopped");
                }
            }
            Notice::Drawn { name, .. } => self.total.set_message(format!("drew {name}")),
        }
    }
}

impl Running {
    /// Whether it was time to show it.
    fn epoch(&mut self, stage: &str, epoch: usize, epochs: usize, loss: f64) -> bool {
        if self.stage == stage && self.shown.is_some_and(|shown| shown.elapsed() < PAUSE) {
            return false;
        }
        self.shown = Some(Instant::now());
        if self.stage != stage {
            stage.clone_into(&mut self.stage);
            self.bar.set_length(epochs as u64);
            self.bar.set_position(epoch as u64);
            // A resumed run begins in the middle: its pace counts from here.
            self.bar.reset_eta();
        }
        self.bar.set_position(epoch as u64);
        let left = duration(self.bar.eta().as_secs_f64());
        let loss = number(loss);
        self.bar.set_message(format!("{stage}  epoch {epoch}/{epochs}  loss {loss}  {left} left"));
        true
    }
}

impl State {
    /// Time left at the pace so far, once there is a pace; a running point counts for its time, at most for its estimate.
    fn left(&self) -> Option<String> {
        let running = self.running.values();
        let under_way: f64 = running.map(|r| r.begun.elapsed().as_secs_f64().min(r.estimate)).sum();
        let (done, gone) = (self.ended + under_way, self.begun.elapsed().as_secs_f64());
        if done <= 0.0 || gone < 2.0 {
            return None;
        }
        Some(format!("about {} left", duration((self.estimated - done).max(0.0) * gone / done)))
    }
}

/// How a bar looks.
pub fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .expect("a template that is part of the program is valid")
        .progress_chars("━╸─")
}
