//! What this process and the rest of the machine do meanwhile, read from `/proc`; nothing where there is none.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Ticks a second of `/proc`: the same on every Linux, whatever the kernel's own clock.
const TICKS: f64 = 100.0;

/// Share of one core that others may use before a repetition counts as disturbed.
const OTHERS: f64 = 0.04;
/// Seconds of others that the coarse ticks can make up.
const GRAIN: f64 = 0.015;

/// Counters at one moment.
pub struct Reading {
    at: Instant,
    machine: Option<f64>, // busy seconds of all cores, time stolen by other guests included
    own: Option<f64>,     // busy seconds of this process, ended threads included
    threads: Threads,
}

/// Seconds that the living threads of this process ran, and waited for a core.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Threads {
    ran: f64,
    waited: f64,
}

/// What happened between a reading and now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Seconds of wall time.
    pub seconds: f64,
    /// Whether others used more than 4 % of a core. Threads that wait for each other then lose whole time slices.
    pub disturbed: bool,
    /// Of the time that threads of this process wanted a core, the share in which they had one; 1 is undisturbed.
    pub cpu_share: Option<f64>,
    /// Threads of this process that ran, on average.
    pub cores: Option<f64>,
}

impl Reading {
    /// The counters now.
    pub fn now() -> Self {
        let machine = fs::read_to_string("/proc/stat").ok().and_then(|text| busy_seconds(&text));
        let own = fs::read_to_string("/proc/self/stat").ok().and_then(|text| own_seconds(&text));
        Self { at: Instant::now(), machine, own, threads: threads() }
    }

    /// What happened since.
    pub fn elapsed(&self) -> Load {
        let seconds = self.at.elapsed().as_secs_f64();
        let now = Self::now();
        let difference = |from: Option<f64>, to: Option<f64>| Some(to? - from?);
        let others = difference(self.machine, now.machine)
            .zip(difference(self.own, now.own))
            .map(|(machine, own)| machine - own);
        let ran = now.threads.ran - self.threads.ran;
        let waited = now.threads.waited - self.threads.waited;
        let known = ran > 0.0 && waited >= 0.0;
        Load {
            seconds,
            disturbed: others.is_some_and(|others| others > OTHERS * seconds + GRAIN),
            cpu_share: known.then(|| ran / (ran + waited)),
            cores: known.then(|| ran / seconds),
        }
    }
}

/// Busy seconds of all cores, from the text of `/proc/stat`.
pub fn busy_seconds(text: &str) -> Option<f64> {
    let line = text.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<f64> = line.split_whitespace().map_while(|n| n.parse().ok()).collect();
    // user, nice, system, idle, waiting for a disk, interrupts (two kinds), stolen; guests are in user already.
    let [user, nice, system, _idle, _wait, hard, soft, stolen, ..] = ticks[..] else { return None };
    Some((user + nice + system + hard + soft + stolen) / TICKS)
}

/// Busy seconds of a process, from the text of its `stat`.
pub fn own_seconds(text: &str) -> Option<f64> {
    // The name, in parentheses, may hold anything; user and system time are fields 14 and 15, the state is 3.
    let mut fields = text.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<f64>().ok();
    Some((next()? + next()?) / TICKS)
}

fn threads() -> Threads {
    let mut all = Threads::default();
    for task in fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
        let text = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
        let mut nanoseconds = text.split_whitespace().map_while(|n| n.parse::<f64>().ok());
        all.ran += nanoseconds.next().unwrap_or(0.0) / 1e9;
        all.waited += nanoseconds.next().unwrap_or(0.0) / 1e9;
    }
    all
}

/// Most memory that this process ever had, in MB.
pub fn peak_megabytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
}

/// Waits until the machine was nearly idle for a second, but no longer than `limit` seconds.
pub fn wait_idle(limit: f64) {
    let begin = Instant::now();
    while begin.elapsed().as_secs_f64() < limit {
        let reading = Reading::now();
        sleep(Duration::from_secs(1));
        if !reading.elapsed().disturbed {
            return;
        }
    }
}
