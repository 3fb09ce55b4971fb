//! How much memory this process may have: what the machine has, or less where its control group, its address space or its
//! scheduler says so. Clusters and containers limit processes that way, and end those that take more without a word.

use std::fs;
use std::path::{Path, PathBuf};

use crate::scheduler;

/// Memory in bytes that this process may have; none where the system does not say.
pub fn memory() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let limits = limit_files(&groups, Path::new("/sys/fs/cgroup"));
    let limits = limits.iter().filter_map(|file| limit(&fs::read_to_string(file).ok()?));
    let space = address_space(&fs::read_to_string("/proc/self/limits").unwrap_or_default());
    let given = scheduler::memory(&scheduler::environment);
    limits.chain(kibibytes("/proc/meminfo", "MemTotal:")).chain(space).chain(given).min()
}

/// The most memory this process has held, in bytes; none where the system does not say.
pub fn peak_memory() -> Option<u64> {
    kibibytes("/proc/self/status", "VmHWM:")
}

/// The files that may hold a limit, from the text of /proc/self/cgroup: of the process's own group and of all above it.
/// The second version of control groups has one tree with `memory.max`; the first a tree for memory, with
/// `memory.limit_in_bytes`.
fn limit_files(groups: &str, mount: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for line in groups.lines() {
        let mut fields = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(group)) = (fields.next(), fields.next()) else { continue };
        let (root, file) = match controllers {
            "" => (mount.to_path_buf(), "memory.max"),
            list if list.split(',').any(|one| one == "memory") => {
                (mount.join("memory"), "memory.limit_in_bytes")
            }
            _ => continue,
        };
        let own = root.join(group.trim_start_matches('/'));
        // Inside a container the path may be the host's; then the mount itself is the process's group.
        files.extend(
            own.ancestors().take_while(|folder| folder.starts_with(&root)).map(|folder| folder.join(file)),
        );
    }
    files
}

/// The soft limit of the address space in bytes, from the text of /proc/self/limits: what `ulimit -v` sets, and schedulers
/// that know no control groups. None if it says "unlimited".
fn address_space(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The limit in a file; none if it says "max". Without a limit, the first version says a number near 2⁶³.
fn limit(text: &str) -> Option<u64> {
    text.trim().parse().ok().filter(|&bytes: &u64| bytes < 1 << 60)
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
    fn the_limits_of_both_versions_are_looked_for_up_to_the_root() {
        let files = |groups| {
            let files = limit_files(groups, Path::new("/c"));
            files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(files("0::/a/b\n"), ["/c/a/b/memory.max", "/c/a/memory.max", "/c/memory.max"]);
        assert_eq!(
            files("12:cpu,cpuacct:/x\n4:memory:/job\n"),
            ["/c/memory/job/memory.limit_in_bytes", "/c/memory/memory.limit_in_bytes"]
        );
        assert!(files("").is_empty() && files("nonsense").is_empty());
    }

    #[test]
    fn the_address_space_is_read() {
        let line = "Max address space         2147483648           unlimited            bytes     \n";
        assert_eq!(address_space(line), Some(2 << 30));
        assert_eq!(address_space(&line.replace("2147483648", "unlimited")), None);
        assert_eq!(address_space(""), None);
    }

    #[test]
    fn no_limit_is_none() {
        assert_eq!(limit("max\n"), None);
        assert_eq!(limit("9223372036854771712\n"), None);
        assert_eq!(limit("100000000\n"), Some(100_000_000));
        assert_eq!(limit(""), None);
    }
}
