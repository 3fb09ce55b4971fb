//! The two voices of the program: tables on standard output, everything else on standard error.
//!
//! Whoever reads may go away, and a disk may be full; neither may stop a training run. Standard output whose reader has
//! gone is quietly no longer written; any other trouble with it is kept for the end of the program, which then
//! fails ([`failure`]). What cannot be written to standard error is dropped.

use std::fmt::{Display, Write as _};
use std::io::{self, ErrorKind, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the first write to standard output met that did not succeed; none is written after it.
static TROUBLE: Mutex<Option<io::Error>> = Mutex::new(None);

/// Writes a line of a table to standard output.
pub fn line(text: impl Display) {
    whole(&format!("{text}\n"));
}

/// Writes many lines of a table, so many at a time that the system is not asked for each of them.
pub fn lines<T: Display>(texts: impl Iterator<Item = T>) {
    let mut held = String::new();
    for text in texts {
        // A string takes every text.
        let _ = writeln!(held, "{text}");
        if held.len() > HELD {
            whole(&held);
            held.clear();
        }
    }
    whole(&held);
}

/// Bytes of lines that are written together.
const HELD: usize = 1 << 16;

fn whole(text: &str) {
    let mut trouble = trouble();
    if trouble.is_none() {
        let mut out = io::stdout().lock();
        *trouble = out.write_all(text.as_bytes()).and_then(|()| out.flush()).err();
    }
}

/// Writes a line for people to standard error.
pub fn note(text: impl Display) {
    // Nobody is left to be told.
    let _ = io::stderr().lock().write_all(format!("{text}\n").as_bytes());
}

/// Why a table is not complete; none if it is, or if its reader did not want the rest.
pub fn failure() -> Option<String> {
    let trouble = trouble();
    let error = trouble.as_ref().filter(|error| error.kind() != ErrorKind::BrokenPipe)?;
    Some(format!("cannot write to standard output: {error}"))
}

fn trouble() -> MutexGuard<'static, Option<io::Error>> {
    TROUBLE.lock().unwrap_or_else(PoisonError::into_inner)
}
