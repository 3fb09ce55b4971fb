//! A team of threads that stays awake between the phases of a training step.
//!
//! Waking a sleeping thread costs up to half a millisecond on a virtual machine, as much as a whole step. Members
//! of a team spin for a while before they yield and finally sleep. The work is fixed when the team forms; what it
//! works on lies behind locks that the work owns, so that all of this is safe code.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What every member runs: `work(member, phase)`.
pub type Work = Arc<dyn Fn(usize, usize) + Send + Sync>;

/// `threads` members, of which the caller is number 0.
pub struct Team {
    control: Arc<Control>,
    work: Work,
    handles: Vec<JoinHandle<()>>,
}

/// Which of `n` pieces of work member `member` of `threads` does: nearly equal shares of neighbours, none left over.
pub fn share(n: usize, member: usize, threads: usize) -> Range<usize> {
    n * member / threads..n * (member + 1) / threads
}

const POISON: &str = "no member panics while it holds a lock";

/// Reads what members share. Phases keep readers and writers apart, so nobody ever waits here.
///
/// # Panics
/// If a member panicked while it wrote.
pub fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().expect(POISON)
}

/// Writes what members share; as [`read`].
///
/// # Panics
/// If a member panicked while it wrote.
pub fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().expect(POISON)
}

#[derive(Default)]
struct Control {
    /// Counts phases begun, and the end; a member has work when this is not the count that it has seen.
    calls: AtomicUsize,
    phase: AtomicUsize,
    finished: AtomicUsize,
    panicked: AtomicBool,
    quit: AtomicBool,
}

impl Team {
    /// Starts `threads − 1` threads beside the caller.
    ///
    /// # Panics
    /// If `threads` is 0 or a thread cannot be started.
    pub fn new(threads: usize, work: Work) -> Self {
        assert!(threads > 0, "a team of nobody");
        let control = Arc::new(Control::default());
        let start = |member| {
            let (control, work) = (Arc::clone(&control), Arc::clone(&work));
            let body = move || serve(&control, &work, member);
            std::thread::Builder::new()
                .name(format!("team-{member}"))
                .spawn(body)
                .expect("a thread can be started")
        };
        let handles = (1..threads).map(start).collect();
        Self { control, work, handles }
    }

    /// Members, the caller included.
    pub fn threads(&self) -> usize {
        self.handles.len() + 1
    }

    /// Runs one phase on every member and waits for all.
    ///
    /// # Panics
    /// If a member's work panicked, once all have ended; a panic of the caller's own share goes on as it was.
    pub fn run(&self, phase: usize) {
        if self.handles.is_empty() {
            return (self.work)(0, phase);
        }
        self.control.finished.store(0, Ordering::Relaxed);
        self.control.phase.store(phase, Ordering::Relaxed);
        self.control.calls.fetch_add(1, Ordering::Release);
        // The others may still be at work when the caller's own share panics.
        let own = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (self.work)(0, phase)));
        wait_until(|| self.control.finished.load(Ordering::Acquire) == self.handles.len());
        if let Err(payload) = own {
            std::panic::resume_unwind(payload);
        }
        assert!(!self.control.panicked.load(Ordering::Relaxed), "a member of the team panicked");
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        self.control.quit.store(true, Ordering::Relaxed);
        self.control.calls.fetch_add(1, Ordering::Release);
        for handle in self.handles.drain(..) {
            // A member's panic was reported by `run`.
            let _ = handle.join();
        }
    }
}

fn serve(control: &Control, work: &Work, member: usize) {
    let mut seen = 0;
    loop {
        wait_until(|| control.calls.load(Ordering::Acquire) != seen);
        seen += 1;
        if control.quit.load(Ordering::Relaxed) {
            return;
        }
        let phase = control.phase.load(Ordering::Relaxed);
        let run = std::panic::AssertUnwindSafe(|| work(member, phase));
        if std::panic::catch_unwind(run).is_err() {
            control.panicked.store(true, Ordering::Relaxed);
        }
        control.finished.fetch_add(1, Ordering::Release);
    }
}

/// Spins, then yields, then sleeps in short naps: an idle team costs next to nothing.
fn wait_until(ready: impl Fn() -> bool) {
    for _ in 0..4096 {
        if ready() {
            return;
        }
        std::hint::spin_loop();
    }
    let begin = Instant::now();
    while !ready() {
        if begin.elapsed() < Duration::from_millis(2) {
            std::thread::yield_now();
        } else {
            std::thread::sleep(Duration::from_micros(100));
        }
    }
}
