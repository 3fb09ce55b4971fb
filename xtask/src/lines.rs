//! Progress without a terminal: plain lines, at most one an epoch and one in ten seconds for each point.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use engine::{Key, Notice, Point, Progress, Totals, run};
use report::number;

use crate::say;
use crate::words::{count, duration};

const PAUSE: Duration = Duration::from_secs(10);

/// Writes lines to standard error.
#[derive(Default)]
pub struct Lines {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    to_train: usize,
    ended: usize,
    running: HashMap<Key, Running>,
}

struct Running {
    label: String,
    stage: Option<(String, Instant, usize)>,
    said: Instant,
}

impl Progress for Lines {
    fn tell(&self, notice: &Notice<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = state.line(notice) {
            say::note(line);
        }
    }
}

impl State {
    fn line(&mut self, notice: &Notice<'_>) -> Option<String> {
        match *notice {
            Notice::Planned(totals) => {
                self.to_train = totals.to_train;
                Some(planned(&totals))
            }
            Notice::Started { point, threads } => {
                let (label, said) = (point.label.clone(), Instant::now());
                self.running.insert(point.key.clone(), Running { label, stage: None, said });
                Some(format!("started  {} ({})", point.label, count(threads, "thread")))
            }
            Notice::Epoch { key, stage, epoch, epochs, loss } => {
                let running = self.running.get_mut(key)?;
                let now = Instant::now();
                if running.stage.as_ref().is_none_or(|(name, ..)| name != stage) {
                    running.stage = Some((stage.to_owned(), now, epoch));
                }
                let (_, begun, first) = running.stage.as_ref()?;
                if now - running.said < PAUSE {
                    return None;
                }
                running.said = now;
                let each = (now - *begun).as_secs_f64() / epoch.saturating_sub(*first).max(1) as f64;
                let left = duration(each * epochs.saturating_sub(epoch) as f64);
                let label = &running.label;
                Some(format!("{label}  {stage}  epoch {epoch}/{epochs}  loss {}  {left} left", number(loss)))
            }
            Notice::Doing { key, what } => {
                let running = self.running.get_mut(key).filter(|running| running.said.elapsed() >= PAUSE)?;
                running.said = Instant::now();
                Some(format!("{}  {what}", running.label))
            }
            Notice::Finished { point, took } => {
                let took = duration(took.as_secs_f64());
                Some(self.ended(&point.key, &format!("finished {} in {took}", point.label)))
            }
            Notice::NoLocks => Some(NO_LOCKS.to_owned()),
            Notice::Waiting { point, holder } => Some(waiting(&point.label, holder)),
            Notice::WaitingToDraw { holder } => Some(waiting_to_draw(holder)),
            Notice::Elsewhere { point } => {
                Some(self.ended(&point.key, &format!("finished {} by another process", point.label)))
            }
            Notice::Failed { point, error } => {
                Some(self.ended(&point.key, &format!("FAILED   {}: {error:#}", point.label)))
            }
            Notice::Skipped { point, .. } => Some(
                self.ended(&point.key, &format!("skipped  {}: it needs a point that failed", point.label)),
            ),
            Notice::Interrupted { point } => {
                self.running.remove(&point.key);
                Some(format!("stopped  {}", point.label))
            }
            Notice::Drawn { name, directory } => Some(format!("drawn    {name} in {}", directory.display())),
        }
    }

    fn ended(&mut self, key: &Key, text: &str) -> String {
        self.running.remove(key);
        self.ended += 1;
        format!("[{}/{}] {text}", self.ended, self.to_train)
    }
}

/// What is said once where two processes cannot keep out of each other's way.
pub const NO_LOCKS: &str =
    "this file system has no locks: two processes may train the same point, and one of them lets it go";

/// Why nothing seems to happen.
pub fn waiting(label: &str, holder: Option<&str>) -> String {
    format!("waiting for {} that trains {label}", holder.unwrap_or("another process"))
}

/// The same of drawing.
pub fn waiting_to_draw(holder: Option<&str>) -> String {
    format!("waiting for {} that draws", holder.unwrap_or("another process"))
}

/// What became of the points, after everything has run.
pub fn became(summary: &run::Summary) -> String {
    let run::Summary { ran, cached, skipped, .. } = *summary;
    let failed = summary.failed.len();
    let points = count(ran + cached + failed + skipped, "point");
    let and_skipped = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    format!("{points}: {ran} trained, {cached} cached, {failed} failed{and_skipped}")
}

/// One point of a plan.
pub fn listed(point: &Point, cached: bool) -> String {
    let state = if cached { "cached  " } else { "to train" };
    format!("{}  {state}  {:>9}  {}", point.key, duration(point.seconds), point.label)
}

/// How much is to be done, before anything runs.
pub fn planned(totals: &Totals) -> String {
    let Totals { points, cached, to_train, seconds } = *totals;
    if to_train == 0 {
        return format!("all {} cached: nothing to train", count(points, "point"));
    }
    let points = count(points, "point");
    format!("{points}: {to_train} to train, {cached} cached; about {}", duration(seconds))
}
