//! What a run takes of the machine.

#![cfg(target_os = "linux")] // Read from /proc.

use std::path::Path;
use std::time::Duration;

use crate::support::{Folder, reproduce, started};

/// How many threads of a process have a name that begins so.
fn threads_named(process: u32, prefix: &str) -> usize {
    let Ok(tasks) = std::fs::read_dir(format!("/proc/{process}/task")) else { return 0 };
    let name = |task: &Path| std::fs::read_to_string(task.join("comm")).unwrap_or_default();
    tasks.flatten().filter(|task| name(&task.path()).starts_with(prefix)).count()
}

/// Large products outside training have a pool of their own, of one thread for each core unless told otherwise.
#[test]
fn large_products_have_no_more_threads_than_were_asked_for() {
    for threads in [1, 3] {
        let folder = Folder::new();
        let mut child = started(reproduce(&folder, &["--threads", &threads.to_string(), "-q"]));
        let mut most = 0;
        while child.try_wait().unwrap().is_none() {
            most = most.max(threads_named(child.id(), "gemm-"));
            std::thread::sleep(Duration::from_millis(2));
        }
        assert!(child.wait().unwrap().success());
        assert_eq!(most, threads);
    }
}
