//! Runs a plan: points side by side, the most urgent first; one that fails never loses the others.
//!
//! A point has one thread while there are others to start; one that starts when fewer are ready than threads are free
//! gets the spare ones. Its results do not depend on that. A point that another process holds is asked for again, less and
//! less often, until it is published there or free.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use crate::host::{self, Effort};
use crate::limits;
use crate::plan::Plan;
use crate::point::Key;
use crate::progress::Notice;
use crate::publish::Publish;
use crate::store::Turn;
use crate::workbench::{Interrupted, Surroundings, Workbench};

/// How a plan is run.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Points side by side, at most.
    pub jobs: usize,
    /// Threads in all.
    pub threads: usize,
    /// Train what is published already once more.
    pub force: bool,
}

/// What became of the points.
#[derive(Debug, Default)]
pub struct Summary {
    /// Points trained here.
    pub ran: usize,
    /// Points that were published before, or by others meanwhile.
    pub cached: usize,
    /// Points that failed, with the error in one line.
    pub failed: Vec<(Key, String, String)>,
    /// Points that need a failed one.
    pub skipped: usize,
    /// Whether we were asked to stop.
    pub interrupted: bool,
    /// Wall time.
    pub took: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Waiting,
    Ready,
    /// Another process has it; not to be asked for before this instant.
    Elsewhere(Instant),
    Running {
        threads: usize,
    },
    Done,
    Failed,
    Skipped,
}

struct Board {
    states: Vec<State>,
    missing: Vec<usize>,
    /// Points that another process was found to have, and how long it is until they are asked for again.
    awaited: BTreeMap<usize, Duration>,
    /// How often the working folder of a point was removed by others.
    losses: BTreeMap<usize, usize>,
    summary: Summary,
}

struct Runner<'a> {
    plan: &'a Plan,
    wanted: Vec<bool>,
    dependents: Vec<Vec<usize>>,
    around: Surroundings<'a>,
    options: Options,
    memory: u64,
    board: Mutex<Board>,
    changed: Condvar,
}

/// How often a worker looks whether there is something to do; no disk is asked for that.
const POLL: Duration = Duration::from_millis(100);
/// The most seldom that a point is asked for that another process holds; from [`POLL`] on the pauses double.
const SELDOM: Duration = Duration::from_secs(5);
/// How often others may remove a working folder before that counts as a failure.
const MOST_LOSSES: usize = 8;
/// Share of the memory that this process may have that running points may be estimated to take.
const MEMORY_SHARE: f64 = 0.75;

/// Trains the points at `wanted` (places in the plan) and whatever they need that is not published.
///
/// # Errors
/// If the disk does not say what is published.
pub fn run(plan: &Plan, wanted: &[usize], around: Surroundings<'_>, options: Options) -> Result<Summary> {
    let begun = Instant::now();
    if !options.force {
        // What stays does no harm, and a disk that refuses says so as soon as something is to be written.
        let _ = around.store.sweep();
    }
    let mut selected = vec![false; plan.points.len()];
    plan.closure(wanted).into_iter().for_each(|place| selected[place] = true);
    let runner = Runner::new(plan, selected, around, options)?;
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.max(1) {
            scope.spawn(|| runner.work());
        }
    });
    around.store.listing.forget();
    let board = runner.board.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Summary { took: begun.elapsed(), ..board.summary })
}

impl<'a> Runner<'a> {
    fn new(plan: &'a Plan, wanted: Vec<bool>, around: Surroundings<'a>, options: Options) -> Result<Self> {
        let published = plan.cached(around.store)?;
        let cached: Vec<bool> = published.iter().map(|&published| published && !options.force).collect();
        let missing: Vec<usize> = (0..plan.points.len())
            .map(|place| plan.needs(place).filter(|&need| !cached[need]).count())
            .collect();
        let state = |place: usize| match (cached[place], missing[place]) {
            (true, _) => State::Done,
            (false, 0) => State::Ready,
            (false, _) => State::Waiting,
        };
        let states = (0..plan.points.len()).map(state).collect();
        let cached = (0..plan.points.len()).filter(|&place| wanted[place] && cached[place]).count();
        let summary = Summary { cached, ..Summary::default() };
        Ok(Self {
            plan,
            wanted,
            dependents: plan.dependents(),
            around,
            options,
            memory: limits::memory().map_or(u64::MAX, |bytes| (bytes as f64 * MEMORY_SHARE) as u64),
            board: Mutex::new(Board {
                states,
                missing,
                awaited: BTreeMap::new(),
                losses: BTreeMap::new(),
                summary,
            }),
            changed: Condvar::new(),
        })
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn interrupted(&self) -> bool {
        self.around.interrupt.load(Ordering::Relaxed)
    }

    /// One worker: takes points until none is left.
    fn work(&self) {
        let mut board = self.board();
        loop {
            if self.interrupted() {
                board.summary.interrupted |= self.unfinished(&board);
                break;
            }
            if let Some((place, threads)) = self.choose(&board) {
                board.states[place] = State::Running { threads };
                drop(board);
                let outcome = self.attempt(place, threads);
                board = self.board();
                self.settle(&mut board, place, outcome);
                self.changed.notify_all();
            } else if self.unfinished(&board) {
                board = match self.changed.wait_timeout(board, POLL) {
                    Ok((board, _)) => board,
                    Err(poisoned) => poisoned.into_inner().0,
                };
            } else {
                break;
            }
        }
        self.changed.notify_all();
    }

    fn unfinished(&self, board: &Board) -> bool {
        let open = |state: &State| !matches!(state, State::Done | State::Failed | State::Skipped);
        board.states.iter().zip(&self.wanted).any(|(state, wanted)| *wanted && open(state))
    }

    /// The most urgent point that may start, and its threads.
    fn choose(&self, board: &Board) -> Option<(usize, usize)> {
        let now = Instant::now();
        let running =
            |state: &State| if let State::Running { threads } = state { Some(*threads) } else { None };
        let used: usize = board.states.iter().filter_map(running).sum();
        let busy = board.states.iter().filter_map(running).count();
        let estimate = |place: usize| self.plan.points[place].bytes;
        let held: u64 = (0..board.states.len())
            .filter(|&place| running(&board.states[place]).is_some())
            .map(estimate)
            .fold(0, u64::saturating_add);
        let startable = |place: &usize| match board.states[*place] {
            State::Ready => self.wanted[*place],
            State::Elsewhere(until) => self.wanted[*place] && until <= now,
            _ => false,
        };
        let fits = |place: &usize| busy == 0 || held.saturating_add(estimate(*place)) <= self.memory;
        let ready: Vec<usize> = (0..board.states.len()).filter(startable).filter(fits).collect();
        let urgency = |place: usize| self.plan.urgency[place];
        let chosen = ready.iter().copied().reduce(|a, b| if urgency(b) > urgency(a) { b } else { a })?;
        let others = (ready.len() - 1).min(self.options.jobs.saturating_sub(busy + 1));
        let spare = self.options.threads.saturating_sub(used + others);
        Some((chosen, spare.max(1)))
    }

    fn attempt(&self, place: usize, threads: usize) -> Outcome {
        let attempted = catch_unwind(AssertUnwindSafe(|| self.train(place, threads)));
        attempted.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
            Outcome::Failed(anyhow!("panicked: {}", disk::one_line(text)))
        })
    }

    fn train(&self, place: usize, threads: usize) -> Outcome {
        match self.try_train(place, threads) {
            Ok(outcome) => outcome,
            Err(error) if error.is::<Interrupted>() => Outcome::Interrupted,
            Err(error) => Outcome::Failed(error),
        }
    }

    fn try_train(&self, place: usize, threads: usize) -> Result<Outcome> {
        let (store, point) = (self.around.store, &self.plan.points[place]);
        let Some(turn) = store.turn(&point.key)? else { return Ok(Outcome::Elsewhere) };
        if store.found_no_locks() {
            self.around.progress.tell(&Notice::NoLocks);
        }
        let outcome = self.use_turn(place, threads, &turn);
        match outcome {
            Err(error) if store.is_lost(&point.key, &turn, &error) => {
                let outcome = self.lost(place, error)?;
                store.drop_turn(&point.key, &turn)?;
                Ok(outcome)
            }
            Err(error) => {
                // It is kept under another name if the disk refuses.
                let _ = store.give_back(&point.key, &turn);
                Err(error)
            }
            done => {
                turn.retire();
                done
            }
        }
    }

    fn use_turn(&self, place: usize, threads: usize, turn: &Turn) -> Result<Outcome> {
        let (store, point) = (self.around.store, &self.plan.points[place]);
        let publish = if self.options.force { Publish::Replace } else { Publish::Compare };
        if publish == Publish::Compare && store.has(&point.key)? {
            store.drop_turn(&point.key, turn)?;
            return Ok(Outcome::PublishedElsewhere);
        }
        let begun = Instant::now();
        self.around.progress.tell(&Notice::Started { point, threads });
        if !store.finish(&point.key, turn, publish)? {
            let mut bench = Workbench::new(point, turn, self.around, threads)?;
            self.plan.works[place].run(&mut bench)?;
            let beside = self.board().states.iter().filter(|s| matches!(s, State::Running { .. })).count();
            let effort = Effort { threads, beside, took: begun.elapsed() };
            bench.publish(&host::of_point(point, effort), publish)?;
        }
        Ok(Outcome::Trained(begun.elapsed()))
    }

    /// The folder that a point was under way in is gone: another process has published it, or is about to.
    fn lost(&self, place: usize, error: anyhow::Error) -> Result<Outcome> {
        if self.around.store.has(&self.plan.points[place].key)? {
            return Ok(Outcome::PublishedElsewhere);
        }
        let mut board = self.board();
        let losses = board.losses.entry(place).or_default();
        *losses += 1;
        if *losses > MOST_LOSSES { Err(error) } else { Ok(Outcome::Elsewhere) }
    }

    fn settle(&self, board: &mut Board, place: usize, outcome: Outcome) {
        let (point, progress) = (&self.plan.points[place], self.around.progress);
        match outcome {
            Outcome::Trained(took) => {
                progress.tell(&Notice::Finished { point, took });
                board.summary.ran += 1;
                self.done(board, place);
            }
            Outcome::PublishedElsewhere => {
                progress.tell(&Notice::Elsewhere { point });
                board.summary.cached += 1;
                self.done(board, place);
            }
            Outcome::Elsewhere => {
                let pause = match board.awaited.get(&place) {
                    Some(pause) => (2 * *pause).min(SELDOM),
                    None => {
                        let holder = self.around.store.holder(point.key.as_str());
                        progress.tell(&Notice::Waiting { point, holder: holder.as_deref() });
                        POLL
                    }
                };
                board.awaited.insert(place, pause);
                board.states[place] = State::Elsewhere(Instant::now() + pause);
            }
            Outcome::Interrupted => {
                progress.tell(&Notice::Interrupted { point });
                board.summary.interrupted = true;
                board.states[place] = State::Ready;
            }
            Outcome::Failed(error) => {
                progress.tell(&Notice::Failed { point, error: &error });
                board.summary.failed.push((point.key.clone(), point.label.clone(), format!("{error:#}")));
                board.states[place] = State::Failed;
                self.skip(board, place);
            }
        }
    }

    fn done(&self, board: &mut Board, place: usize) {
        board.states[place] = State::Done;
        for &dependent in &self.dependents[place] {
            board.missing[dependent] -= 1;
            if board.missing[dependent] == 0 && board.states[dependent] == State::Waiting {
                board.states[dependent] = State::Ready;
            }
        }
    }

    /// Everything that needs a failed point, directly or not.
    fn skip(&self, board: &mut Board, failed: usize) {
        let mut open = self.dependents[failed].clone();
        while let Some(place) = open.pop() {
            if board.states[place] == State::Waiting {
                board.states[place] = State::Skipped;
                if self.wanted[place] {
                    board.summary.skipped += 1;
                    let (point, needs) = (&self.plan.points[place], &self.plan.points[failed].key);
                    self.around.progress.tell(&Notice::Skipped { point, needs });
                }
                open.extend(&self.dependents[place]);
            }
        }
    }
}

enum Outcome {
    Trained(Duration),
    PublishedElsewhere,
    Elsewhere,
    Interrupted,
    Failed(anyhow::Error),
}
