//! Ctrl-C, and a scheduler's word to stop: at the next checkpoint; a second one at once.
//!
//! A signal that was ignored when the program started stays ignored, as under `nohup`. Schedulers send the same signal twice
//! within milliseconds; two within two seconds are one.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::say;
use crate::status::INTERRUPTED;

/// Set when everything shall stop.
pub static INTERRUPT: AtomicBool = AtomicBool::new(false);

/// Signals closer to the first than this are the same word said twice.
const ONCE: Duration = Duration::from_secs(2);

/// Lets Ctrl-C, SIGTERM and SIGHUP stop the run at the next checkpoint, and a second one at once.
///
/// # Errors
/// If the handler cannot be set.
pub fn catch() -> Result<()> {
    let ignored = std::fs::read_to_string("/proc/self/status").map_or(0, |status| ignored(&status));
    let heard = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0);
    let mut signals = Signals::new(heard).context("cannot catch Ctrl-C")?;
    let listen = move || {
        let mut first: Option<Instant> = None;
        for _ in signals.forever() {
            match first {
                None => {
                    first = Some(Instant::now());
                    INTERRUPT.store(true, Ordering::Relaxed);
                    say::note(
                        "\nstopping at the next checkpoint; once more stops at once, and loses only what came after \
                         the last",
                    );
                }
                Some(begun) if begun.elapsed() < ONCE => {}
                Some(_) => std::process::exit(i32::from(INTERRUPTED)),
            }
        }
    };
    std::thread::Builder::new().name("signals".into()).spawn(listen).context("cannot catch Ctrl-C")?;
    Ok(())
}

/// The signals that this process ignores, bit n − 1 for signal n, from the text of /proc/self/status.
fn ignored(status: &str) -> u64 {
    let field = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    field.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nohup_ignores_is_seen() {
        assert_eq!(ignored("Name:\tx\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000001\n"), 1);
        assert_eq!(ignored("SigIgn:\t0000000000001006\n") >> (SIGINT - 1) & 1, 1);
        assert_eq!(ignored("nothing of the kind"), 0);
    }
}
