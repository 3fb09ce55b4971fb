//! Whose a working folder is. Locks may not be shared between the machines that share a folder, so that each process works
//! in folders whose names nobody else makes: machine, process, and a count.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::scheduler;

/// Letters of the machine's name in the name of a folder, which file systems bound.
const LONGEST_HOST: usize = 40;

/// An ending for a name: `<host>.<kernel>.<process>.<count>`; no two turns have the same.
pub(crate) fn own_ending() -> String {
    static TURNS: AtomicUsize = AtomicUsize::new(0);
    let nth = TURNS.fetch_add(1, Ordering::Relaxed);
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' };
    let host: String = host().chars().map(plain).take(LONGEST_HOST).collect();
    format!("{host}.{}.{}.{nth}", kernel(), std::process::id())
}

/// Whether the process that chose this ending ran on this very kernel and is gone. False where that cannot be told: on
/// another machine, in another container, without /proc.
pub(crate) fn is_gone(ending: &str) -> bool {
    let mut parts = ending.rsplit('.').skip(1);
    let (process, its_kernel) = (parts.next(), parts.next());
    let Some(process) = process.and_then(|text| text.parse::<u32>().ok()) else { return false };
    let can_be_told = Path::new("/proc/self").exists() && its_kernel == Some(kernel());
    can_be_told && !Path::new("/proc").join(process.to_string()).exists()
}

/// The name of this machine.
pub fn host() -> &'static str {
    static HOST: OnceLock<String> = OnceLock::new();
    HOST.get_or_init(|| {
        let named = fs::read_to_string("/proc/sys/kernel/hostname").ok();
        let named =
            named.or_else(|| std::env::var("HOSTNAME").or_else(|_| std::env::var("COMPUTERNAME")).ok());
        let name = named.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        name.unwrap_or_else(|| "unnamed".to_owned())
    })
}

/// This process in a line for people: its number, machine, and job of a scheduler.
pub fn whoami() -> String {
    let process = format!("process {} on {}", std::process::id(), host());
    match scheduler::here() {
        Some(job) => format!("{process}, {job}"),
        None => process,
    }
}

/// What differs between any two kernels, and between containers that do not see each other's processes: since when it
/// runs, and which processes it shows. Where the system does not say, when this was first asked: nobody else has that.
fn kernel() -> &'static str {
    static KERNEL: OnceLock<String> = OnceLock::new();
    KERNEL.get_or_init(|| {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok();
        let seen = fs::read_link("/proc/self/ns/pid").ok();
        if let (Some(boot), Some(seen)) = (boot, seen) {
            let digits: String = seen.to_string_lossy().chars().filter(char::is_ascii_digit).collect();
            let boot: String = boot.chars().filter(char::is_ascii_hexdigit).take(12).collect();
            return format!("{boot}-{digits}");
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        format!("{since}-{}", std::process::id())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_differ_and_tell_who_is_gone() {
        let (one, two) = (own_ending(), own_ending());
        assert_ne!(one, two);
        assert!(!is_gone(&one), "this process is there");
        for text in ["", "node1", "node1.kernel.x.0", "another.machine.0.0", "1-2-3"] {
            assert!(!is_gone(text), "{text:?} cannot be told");
        }
        // No process has a number as large as this.
        let never = format!("node1.{}.{}.0", kernel(), u32::MAX);
        assert_eq!(is_gone(&never), cfg!(target_os = "linux"));
    }
}
