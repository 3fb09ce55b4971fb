//! What a run takes of the machine.

#![cfg(target_os = "linux")] // Read from /proc.

use std::path::Path;
use std::time::Duration;

use crate::support::{
    Folder, SMOKE, code, list, reference, reproduce_some, run, started, stderr, stdout, xtask,
};

/// What an experiment may take.
const CEILING: u64 = 600 << 20;

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
        // Large products are taken when layers are handed up and when samples are judged.
        let more = ["--threads", &threads.to_string(), "-q"];
        let mut child = started(reproduce_some("mnist-dbn-*", &folder, &more));
        let mut most = 0;
        while child.try_wait().unwrap().is_none() {
            most = most.max(threads_named(child.id(), "gemm-"));
            std::thread::sleep(Duration::from_millis(2));
        }
        assert!(child.wait().unwrap().success());
        assert_eq!(most, threads);
    }
}

#[test]
fn what_only_plans_starts_no_threads() {
    for verb in [&["reproduce", "all", "--dry-run"][..], &["plan", "all"]] {
        let mut command = xtask(verb);
        command.args(SMOKE).args(["--threads", "1024"]);
        let mut child = started(command);
        let (mut most, mut looks) = (0, 0);
        while child.try_wait().unwrap().is_none() {
            most = most.max(threads_named(child.id(), ""));
            looks += 1;
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(child.wait().unwrap().success());
        assert!(most <= 1 && looks > 1, "{verb:?}: {most} threads in {looks} looks");
    }
}

/// Legal, and far beyond a machine: 10¹² weights are estimated to take 18 TiB.
#[test]
fn what_the_machine_cannot_hold_is_refused_before_anything_is_trained() {
    let folder = Folder::new();
    let out = folder.path().display().to_string();
    let set = ["--set", "hidden=1000000", "--set", "layers=2", "--out", &out];
    let output = run(&[&["reproduce", "alpha-rbm-classes:scratch"], &set[..], SMOKE].concat());
    assert_eq!(code(&output), 1);
    let text = stderr(&output);
    assert!(
        text.contains("× 1000000") && text.contains("18626.8 GiB") && text.contains("this machine has"),
        "{text}"
    );
    // What only plans says so, too: whoever hands the plan to a scheduler learns it first.
    for verb in [&["reproduce", "--dry-run"][..], &["plan"], &["plan", "--ids"], &["plan", "--json"]] {
        let output = run(&[verb, &["alpha-rbm-classes:scratch"], &set, SMOKE].concat());
        assert_eq!(code(&output), 1, "{verb:?}");
        assert!(stderr(&output).contains("18626.8 GiB"), "{verb:?}: {}", stderr(&output));
        assert_eq!(stdout(&output).is_empty(), verb[0] == "reproduce", "{verb:?}");
    }
    assert!(!folder.smoke().exists(), "nothing was begun");
}

/// The numbers behind a name in some JSON, wherever it stands.
fn numbers(json: &str, name: &str) -> Vec<u64> {
    let digits = |text: &str| text.trim_start().chars().take_while(char::is_ascii_digit).collect::<String>();
    json.split(&format!("\"{name}\":")).skip(1).filter_map(|rest| digits(rest).parse().ok()).collect()
}

/// Every experiment in one process, two points at a time: the widest machine of 10 000 units among them, since
/// architectures are not cut. Each point says what the process had taken by its end.
#[test]
fn every_point_says_its_peak_of_memory_which_is_below_600_mebibytes_and_below_the_estimates() {
    let (points, root) = (reference().points, reference().folder.smoke().join("points"));
    let (mut peaks, mut estimates) = (Vec::new(), Vec::new());
    for name in list(&root).iter().filter(|name| name.ends_with("host.json")) {
        let host = String::from_utf8(std::fs::read(root.join(name)).unwrap()).unwrap();
        peaks.extend(numbers(&host, "process_peak_bytes"));
        estimates.extend(numbers(&host, "estimated_bytes"));
    }
    assert_eq!((peaks.len(), estimates.len()), (points, points));
    let (peak, estimate) = (*peaks.iter().max().unwrap(), *estimates.iter().max().unwrap());
    assert!(peak > 1 << 20 && peak < CEILING, "{peak} bytes");
    assert!(
        peak < 2 * estimate,
        "{peak} bytes measured, at most {estimate} estimated for each of two points"
    );
}
