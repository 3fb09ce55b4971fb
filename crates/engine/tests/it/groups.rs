//! What control groups grant, read from folders as kernels of both versions show them.

use std::fs;
use std::path::Path;

use engine::groups::Groups;
use tempfile::TempDir;

use crate::support::folder;

/// Where the trees of groups are: the second version alone; both side by side; the first alone, with a tree for two controllers.
const SECOND: &str =
    "30 23 0:28 / /sys/fs/cgroup rw,nosuid,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
const BOTH: &str = "\
32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
";
const FIRST: &str = "\
24 18 8:1 / / rw,relatime - ext4 /dev/sda1 rw
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro,relatime master:1 shared:7 - cgroup cgroup rw,memory
";

/// A system with these mounts, in which this process is in these groups, and whose groups hold these files.
fn system(mounts: &str, groups: &str, files: &[(&str, &str)]) -> TempDir {
    let root = folder();
    let write = |file: &str, text: &str| {
        let path = root.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("proc/self/mountinfo", mounts);
    write("proc/self/cgroup", groups);
    files.iter().for_each(|(file, text)| write(&format!("sys/fs/cgroup/{file}"), text));
    root
}

/// Memory and processors that are granted.
fn granted(mounts: &str, groups: &str, files: &[(&str, &str)]) -> (Option<u64>, Option<usize>) {
    let system = system(mounts, groups, files);
    let groups = Groups::below(system.path());
    (groups.memory(), groups.processors())
}

#[test]
fn the_least_of_a_group_and_all_above_it_counts() {
    let files = [
        ("job/step/memory.max", "max\n"),
        ("job/step/memory.high", "9000000000\n"),
        ("job/step/cpu.max", "max 100000\n"),
        ("job/memory.max", "8000000000\n"),
        ("job/memory.high", "max\n"),
        ("job/cpu.max", "350000 100000\n"),
        ("memory.max", "20000000000\n"),
        ("cpu.max", "800000 100000\n"),
        // Nobody's business: beside the way up.
        ("job/other/memory.max", "1\n"),
        ("job/other/cpu.max", "1000 100000\n"),
    ];
    assert_eq!(granted(SECOND, "0::/job/step\n", &files), (Some(8_000_000_000), Some(3)));
    assert_eq!(granted(SECOND, "0::/job\n", &files), (Some(8_000_000_000), Some(3)));
    assert_eq!(granted(SECOND, "0::/\n", &files), (Some(20_000_000_000), Some(8)));
    assert_eq!(granted(SECOND, "0::/job/other\n", &files), (Some(1), Some(1)));
}

#[test]
fn memory_that_is_taken_back_counts_as_much_as_memory_that_is_refused() {
    let files = [("memory.max", "max\n"), ("a/memory.max", "5000\n"), ("a/memory.high", "4000\n")];
    assert_eq!(granted(SECOND, "0::/a\n", &files), (Some(4000), None));
    assert_eq!(
        granted(SECOND, "0::/a/b/c\n", &files),
        (Some(4000), None),
        "groups below have none of their own"
    );
}

#[test]
fn the_first_version_has_a_tree_for_each_controller() {
    let files = [
        ("memory/slurm/uid_1/job_2/memory.limit_in_bytes", "9223372036854771712\n"),
        ("memory/slurm/uid_1/memory.limit_in_bytes", "3221225472\n"),
        ("memory/memory.limit_in_bytes", "9223372036854771712\n"),
        ("cpu/batch/cpu.cfs_quota_us", "250000\n"),
        ("cpu/batch/cpu.cfs_period_us", "100000\n"),
        ("cpu/cpu.cfs_quota_us", "-1\n"),
        ("cpu/cpu.cfs_period_us", "100000\n"),
        ("unified/memory.max", "max\n"),
    ];
    let groups = "9:name=systemd:/\n4:memory:/slurm/uid_1/job_2\n3:cpuset:/x\n1:cpu:/batch\n0::/\n";
    assert_eq!(granted(BOTH, groups, &files), (Some(3 << 30), Some(2)));
    // The tree of the second version may have controllers of its own beside those of the first.
    let unified =
        [&files[..], &[("unified/memory.max", "1073741824\n"), ("unified/cpu.max", "100000 100000\n")]];
    assert_eq!(granted(BOTH, groups, &unified.concat()), (Some(1 << 30), Some(1)));
}

/// In a container the names may be the host's, and what is to be seen begins with the container's own group.
#[test]
fn in_a_container_its_own_group_is_where_the_tree_begins() {
    let files = [
        ("memory/memory.limit_in_bytes", "1073741824\n"),
        ("memory/inner/memory.limit_in_bytes", "536870912\n"),
        ("cpu,cpuacct/cpu.cfs_quota_us", "50000\n"),
        ("cpu,cpuacct/cpu.cfs_period_us", "100000\n"),
    ];
    let groups = |memory: &str| format!("4:memory:{memory}\n2:cpu,cpuacct:/docker/abc\n");
    assert_eq!(
        granted(FIRST, &groups("/docker/abc"), &files),
        (Some(1 << 30), Some(1)),
        "half a processor is one"
    );
    assert_eq!(granted(FIRST, &groups("/docker/abc/inner"), &files), (Some(1 << 29), Some(1)));
    assert_eq!(granted(FIRST, &groups("/another"), &files), (Some(1 << 30), Some(1)));
    // A process that came from outside of its namespace of groups.
    let outside = [("memory.max", "2000\n"), ("cpu.max", "200000 100000\n")];
    assert_eq!(granted(SECOND, "0::/../../init.scope\n", &outside), (Some(2000), Some(2)));
}

#[test]
fn what_says_nothing_or_nonsense_is_no_limit() {
    let max = [("memory.max", "max\n"), ("memory.high", "max\n"), ("cpu.max", "max 100000\n")];
    assert_eq!(granted(SECOND, "0::/\n", &max), (None, None));
    let nonsense = [("memory.max", "-1"), ("memory.high", ""), ("cpu.max", "100000 0\n")];
    assert_eq!(granted(SECOND, "0::/\n", &nonsense), (None, None));
    assert_eq!(granted(SECOND, "0::/\n", &[("cpu.max", "100000")]), (None, None));
    let limited = [("memory.max", "1000\n"), ("cpu.max", "100000 100000\n")];
    for (mounts, groups) in
        [("", "0::/\n"), (SECOND, ""), ("nonsense\n1 2 - 3\n", "0::/\n"), (SECOND, "nonsense\n:\n::\n")]
    {
        assert_eq!(granted(mounts, groups, &limited).0, None, "{mounts:?}, {groups:?}");
    }
    let nothing = Groups::below(Path::new("/nowhere/at/all"));
    assert_eq!((nothing.memory(), nothing.processors()), (None, None));
}
