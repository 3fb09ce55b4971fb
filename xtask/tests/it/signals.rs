//! Words to stop: those that were to be ignored, and those that are said twice.

#![cfg(target_os = "linux")] // Signals are read from /proc.

use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use crate::support::{
    Folder, code, contents, differences, reference, reproduce_some, signals, stderr, xtask,
};

const HUP: u32 = 1;
const TERM: u32 = 15;

/// A few experiments: that what was stopped ends with the same bytes is tried on all of them elsewhere.
const SOME: &str = "alpha-rbm-*";

/// Their files of tables, figures and weights, without points and without the page, which all experiments share.
fn drawn(contents: &str) -> String {
    let lines = contents.lines().filter(|line| line.starts_with("alpha-rbm-"));
    lines.map(|line| format!("{line}\n")).collect()
}

/// Files that are not what an uninterrupted run drew.
fn unlike_the_reference(folder: &Folder) -> Vec<String> {
    let ours = drawn(&contents(&folder.smoke()));
    assert!(ours.lines().count() > 20, "{ours}");
    differences(&ours, &drawn(&reference().contents))
}

/// A run of [`SOME`], once it listens to signals; with `setting` said to the shell that starts it.
fn listening(folder: &Folder, setting: &str) -> Child {
    let program = reproduce_some(SOME, folder, &["--threads", "2"]);
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{setting} exec \"$0\" \"$@\"")]).arg(program.get_program());
    command.args(program.get_args()).env_remove("GLYPHLAB_DATA").stdin(Stdio::null());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while !signals(child.id(), "SigCgt:").contains(&TERM) {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it listened");
        std::thread::sleep(Duration::from_millis(1));
    }
    child
}

fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success(), "{signal} met nobody");
}

fn ended(child: Child) -> Output {
    child.wait_with_output().unwrap()
}

/// As `nohup` does it: the window that it was started from may be closed.
#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    let folder = Folder::new();
    let child = listening(&folder, "trap '' HUP;");
    assert!(signals(child.id(), "SigIgn:").contains(&HUP));
    send(&child, "-HUP");
    let output = ended(child);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let differ = unlike_the_reference(&folder);
    assert!(differ.is_empty(), "{differ:#?}");
}

#[test]
fn a_closed_window_stops_a_run_at_the_next_checkpoint() {
    let folder = Folder::new();
    let child = listening(&folder, "");
    if signals(child.id(), "SigIgn:").contains(&HUP) {
        // These tests themselves run under nohup.
        assert_eq!(code(&ended(child)), 0);
        return;
    }
    send(&child, "-HUP");
    let output = ended(child);
    assert_eq!(code(&output), 130, "{}", stderr(&output));
    assert!(stderr(&output).contains("to go on: cargo xtask reproduce"), "{}", stderr(&output));
}

/// Schedulers send a signal to a job and to each of its steps, within milliseconds.
#[test]
fn two_signals_at_once_are_one_word() {
    let folder = Folder::new();
    let child = listening(&folder, "");
    send(&child, "-TERM");
    std::thread::sleep(Duration::from_millis(20));
    // It may have stopped already: then the second met nobody.
    let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).output().unwrap();
    let output = ended(child);
    assert_eq!(code(&output), 130, "{}", stderr(&output));
    assert!(stderr(&output).contains("to go on: cargo xtask reproduce"), "{}", stderr(&output));
    let output = reproduce_some(SOME, &folder, &["-q"]).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let differ = unlike_the_reference(&folder);
    assert!(differ.is_empty(), "{differ:#?}");
}

/// What only tells does not touch signals at all.
#[test]
fn what_only_plans_leaves_signals_alone() {
    let mut child = xtask(&["plan", "all", "--profile", "smoke", "--data", "standin", "--offline"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while child.try_wait().unwrap().is_none() {
        assert!(!signals(child.id(), "SigCgt:").contains(&TERM));
        std::thread::sleep(Duration::from_millis(1));
    }
}
