//! How much memory, and how many processors, this process may have: what the machine has, or less where its control group, its
//! address space or its scheduler says so. Clusters and containers limit processes that way, and end those that take more
//! memory without a word.

use std::fs;
use std::path::Path;

use crate::groups::Groups;
use crate::scheduler;

/// Memory in bytes that this process may have; none where the system does not say.
pub fn memory() -> Option<u64> {
    let groups = Groups::below(Path::new("/")).memory();
    let space = address_space(&fs::read_to_string("/proc/self/limits").unwrap_or_default());
    let given = scheduler::memory(&scheduler::environment);
    groups.into_iter().chain(kibibytes("/proc/meminfo", "MemTotal:")).chain(space).chain(given).min()
}

/// Processors that this process may use, 1 at least: those that the system lets it run on, or fewer if its control group or
/// its scheduler gave it fewer.
pub fn processors() -> usize {
    // The standard library knows quotas, too, but not in a container that is told the host's name of its group.
    let allowed = std::thread::available_parallelism().map_or(1, usize::from);
    let groups = Groups::below(Path::new("/")).processors();
    let given = scheduler::cores(&scheduler::environment);
    groups.into_iter().chain(given).fold(allowed, usize::min)
}

/// The most memory this process has held, in bytes; none where the system does not say.
pub fn peak_memory() -> Option<u64> {
    kibibytes("/proc/self/status", "VmHWM:")
}

/// The soft limit of the address space in bytes, from the text of /proc/self/limits: what `ulimit -v` sets, and schedulers
/// that know no control groups. None if it says "unlimited".
fn address_space(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn kibibytes(path: &str, field: &str) -> Option<u64> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(field))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_space_is_read() {
        let line = "Max address space         2147483648           unlimited            bytes     \n";
        assert_eq!(address_space(line), Some(2 << 30));
        assert_eq!(address_space(&line.replace("2147483648", "unlimited")), None);
        assert_eq!(address_space(""), None);
    }
}
