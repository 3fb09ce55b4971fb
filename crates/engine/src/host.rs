//! What differs from machine to machine and from run to run: commit, toolchain, machine,
//! job of a scheduler, processor, threads, times, memory.

use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use disk::Folder;
use serde_json::{Value, json};

use crate::owner;
use crate::point::Point;
use crate::scheduler;
use crate::store::{HOST, name};

/// How one point was run.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Threads it had.
    pub threads: usize,
    /// Points that ran at the same time when it ended, itself among them: they share the peak of memory.
    pub beside: usize,
    /// Wall time of this run; an earlier one that was stopped does not count.
    pub took: Duration,
}

/// The host file of a point.
pub fn of_point(point: &Point, effort: Effort) -> Value {
    let mut host = here();
    host["label"] = json!(point.label);
    host["threads"] = json!(effort.threads);
    host["seconds"] = json!(effort.took.as_secs_f64());
    host["estimated_seconds"] = json!(point.seconds);
    host["estimated_bytes"] = json!(point.bytes);
    host["points_in_process"] = json!(effort.beside);
    host["process_peak_bytes"] = json!(crate::limits::peak_memory());
    host
}

/// What is true of this process: commit, toolchain, machine, job, processor.
pub fn here() -> Value {
    static HERE: OnceLock<Value> = OnceLock::new();
    let make = || {
        json!({
            "commit": commit(),
            "rustc": env!("GLYPHLAB_RUSTC"),
            "target": env!("GLYPHLAB_TARGET"),
            "host": owner::host(),
            "job": scheduler::here(),
            "processor": processor(),
            "cores": std::thread::available_parallelism().map_or(1, usize::from),
        })
    };
    HERE.get_or_init(make).clone()
}

/// Seconds a published point took, if it had one thread.
pub fn seconds_on_one_thread(folder: &Folder) -> Option<f64> {
    let host = published(folder)?;
    (host["threads"].as_u64()? == 1).then(|| host["seconds"].as_f64())?
}

/// What a published point is called, by its host file; none if that does not say.
pub fn label_of(folder: &Folder) -> Option<String> {
    published(folder)?["label"].as_str().map(str::to_owned)
}

/// The host file of a published point; none if there is none, or it is no JSON.
fn published(folder: &Folder) -> Option<Value> {
    serde_json::from_slice(&folder.read(&name(HOST)).ok()?).ok()
}

/// Which build this is: it changes when the program is built anew.
pub fn build() -> String {
    let describe = || {
        let file = std::env::current_exe().and_then(std::fs::metadata).ok()?;
        let built = file.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
        Some(format!("{} bytes, {}", file.len(), built.as_nanos()))
    };
    describe().unwrap_or_default()
}

/// The commit of the checkout that this program was built in; none if that is no repository, or is not there any more.
pub fn commit() -> Option<String> {
    let arguments = ["-C", env!("CARGO_MANIFEST_DIR"), "rev-parse", "HEAD"];
    let output =
        Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("model name"))?;
    Some(line.trim_start_matches([' ', '\t', ':']).to_owned())
}
