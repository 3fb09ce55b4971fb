//! What control groups grant this process, by what the kernel shows of them below a root: `/`, or a folder of a test's.
//!
//! `/proc/self/cgroup` names the process's group in each tree of groups, `/proc/self/mountinfo` where these trees are. A
//! group has what all groups above it have at most, so the least of all counts.
//!
//! | | second version | first version |
//! |---|---|---|
//! | memory, bytes | `memory.max`, `memory.high` | `memory.limit_in_bytes` |
//! | processors | `cpu.max`: quota and period in µs | `cpu.cfs_quota_us`, `cpu.cfs_period_us` |
//!
//! Above `memory.high` nobody is ended, but the system takes back memory as fast as it is asked for, so that nothing gets on:
//! it counts like a limit. Limits on swap, soft limits and shares are not looked at.

use std::fs;
use std::path::{Path, PathBuf};

/// The groups that this process is in, with all above them, as folders of the kernel's.
#[derive(Debug)]
pub struct Groups {
    memory: Vec<Group>,
    processors: Vec<Group>,
}

/// A folder in the tree of a version of control groups.
#[derive(Debug)]
struct Group {
    is_second_version: bool,
    folder: PathBuf,
}

impl Groups {
    /// The groups of this process by the files `proc/self/cgroup` and `proc/self/mountinfo` below `root`; none where
    /// the system has no control groups.
    pub fn below(root: &Path) -> Self {
        let text = |file: &str| fs::read_to_string(root.join(file)).unwrap_or_default();
        let (groups, mounts) = (text("proc/self/cgroup"), text("proc/self/mountinfo"));
        let mounts: Vec<Mount<'_>> = mounts.lines().filter_map(Mount::of).collect();
        let of = |controller: &str| {
            let own = groups.lines().filter_map(|line| own_group(line, controller));
            own.flat_map(|(is_second_version, group)| {
                let kind = |mount: &&Mount<'_>| mount.has(is_second_version, controller);
                let folders = mounts.iter().filter(kind).flat_map(|mount| mount.folders(root, group));
                folders.map(|folder| Group { is_second_version, folder }).collect::<Vec<_>>()
            })
            .collect()
        };
        Self { memory: of("memory"), processors: of("cpu") }
    }

    /// The memory in bytes that all of them grant; none where no group has a limit.
    pub fn memory(&self) -> Option<u64> {
        let limits = self.memory.iter().flat_map(|group| {
            let files: &[&str] = if group.is_second_version {
                &["memory.max", "memory.high"]
            } else {
                &["memory.limit_in_bytes"]
            };
            files.iter().filter_map(|file| limit(&group.read(file)?))
        });
        limits.min()
    }

    /// How many processors' time all of them grant, rounded down, and 1 at least; none where no group has a limit.
    pub fn processors(&self) -> Option<usize> {
        self.processors.iter().filter_map(Group::processors).min()
    }
}

impl Group {
    fn read(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.folder.join(file)).ok()
    }

    fn processors(&self) -> Option<usize> {
        let numbers = match self.is_second_version {
            true => self.read("cpu.max")?,
            false => format!("{} {}", self.read("cpu.cfs_quota_us")?.trim(), self.read("cpu.cfs_period_us")?),
        };
        // Without a limit the quota is "max", or -1.
        let mut numbers = numbers.split_whitespace().map(str::parse::<usize>);
        let (Some(Ok(quota)), Some(Ok(period))) = (numbers.next(), numbers.next()) else { return None };
        Some(quota.checked_div(period)?.max(1))
    }
}

/// The limit in a file; none if it says "max". Without a limit, the first version says a number near 2⁶³.
fn limit(text: &str) -> Option<u64> {
    text.trim().parse().ok().filter(|&bytes: &u64| bytes < 1 << 60)
}

/// Whether a line of /proc/self/cgroup is about the second version or one of the first with this controller, and the
/// group that it names: `0::/job/step`, `4:memory:/job`.
fn own_group<'a>(line: &'a str, controller: &str) -> Option<(bool, &'a str)> {
    let (controllers, group) = line.split_once(':')?.1.split_once(':')?;
    if !group.starts_with('/') {
        return None;
    }
    match controllers.is_empty() {
        true => Some((true, group)),
        false => controllers.split(',').any(|one| one == controller).then_some((false, group)),
    }
}

/// Where a tree of groups, or a part of one, is to be seen.
struct Mount<'a> {
    /// The group whose folder it shows.
    group: &'a str,
    point: &'a str,
    kind: &'a str,
    options: &'a str,
}

impl<'a> Mount<'a> {
    /// A line of /proc/self/mountinfo: number, parent, device, what is shown, where, options, any number of tags, a dash,
    /// kind, source, options of the file system.
    fn of(line: &'a str) -> Option<Self> {
        let (place, system) = line.split_once(" - ")?;
        let mut place = place.split(' ').skip(3);
        let mut system = system.split(' ');
        let (group, point) = (place.next()?, place.next()?);
        let (kind, _, options) = (system.next()?, system.next()?, system.next()?);
        Some(Self { group, point, kind, options })
    }

    fn has(&self, is_second_version: bool, controller: &str) -> bool {
        match is_second_version {
            true => self.kind == "cgroup2",
            false => self.kind == "cgroup" && self.options.split(',').any(|option| option == controller),
        }
    }

    /// The folders of a group and of all above it that are to be seen here, those that are not there among them.
    fn folders(&self, root: &Path, group: &str) -> Vec<PathBuf> {
        let mount = root.join(self.point.trim_start_matches('/'));
        // A container may see no more than its own group, and still be told the host's name of it, or one above with "..".
        let inside = Path::new(group).strip_prefix(self.group).ok();
        let inside = inside.filter(|inside| !inside.to_string_lossy().contains(".."));
        let own = inside.map_or_else(|| mount.clone(), |inside| mount.join(trimmed(inside)));
        own.ancestors().take_while(|folder| folder.starts_with(&mount)).map(Path::to_path_buf).collect()
    }
}

/// Joined to a folder, a path that begins with `/` would take its place.
fn trimmed(path: &Path) -> &Path {
    path.strip_prefix("/").unwrap_or(path)
}
