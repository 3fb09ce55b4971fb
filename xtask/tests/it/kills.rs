//! A run that is killed goes on where it was and ends with the bytes of one that never stopped.

use std::process::Command;
use std::time::Duration;

use crate::support::{
    Dice, Folder, code, contents, differences, reference, reproduce, signals, started, stderr,
};

const KILLS: usize = 20;

#[test]
fn twenty_kills_at_random_instants_change_nothing() {
    let reference = reference();
    let (mut dice, mut kills, mut folder) = (Dice(20), 0, Folder::new());
    // Every epoch makes a checkpoint, so that kills fall into the writing of them too.
    let arguments = ["--threads", "2", "-q", "--checkpoint-every", "0"];
    while kills < KILLS {
        // A sixth of a whole run at most: a killed run is taken up several times before it is done.
        let instant = reference.took.mul_f64(dice.roll() / 6.0);
        let mut child = started(reproduce(&folder, &arguments));
        std::thread::sleep(instant);
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success());
            assert_same(&folder, kills);
            folder = Folder::new();
            continue;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    let output = reproduce(&folder, &arguments).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_same(&folder, kills);
}

fn assert_same(folder: &Folder, kills: usize) {
    let differ = differences(&contents(&folder.smoke()), &reference().contents);
    assert!(differ.is_empty(), "after {kills} kills: {differ:#?}");
}

/// Ctrl-C stops at a checkpoint with exit status 130 and says how to go on; the same command then does.
#[cfg(unix)]
#[test]
fn an_interrupted_run_says_how_to_go_on_and_does() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let reference = reference();
    let mut dice = Dice(130);
    for _ in 0..40 {
        let folder = Folder::new();
        let mut command = reproduce(&folder, &["--threads", "2"]);
        // A name that is not UTF-8, of a folder that is not there and not looked for.
        command.arg("--data-dir").arg(OsStr::from_bytes(b"\xff"));
        let child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
        std::thread::sleep(reference.took.mul_f64(dice.roll()).max(Duration::from_millis(5)));
        // A shell lets what it starts in the background ignore Ctrl-C, and so do the tests then, and what they start.
        let name = if signals(child.id(), "SigIgn:").contains(&2) { "-TERM" } else { "-INT" };
        let signal = Command::new("kill").args([name, &child.id().to_string()]).output().unwrap();
        let output = child.wait_with_output().unwrap();
        if !signal.status.success() || output.status.code() != Some(130) {
            // Too late: it was done. Or too early: the handler was not there yet.
            continue;
        }
        let text = stderr(&output);
        assert!(text.contains("to go on: cargo xtask reproduce all"), "{text}");
        let output = reproduce(&folder, &["--threads", "2"]).output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert_same(&folder, 0);
        return;
    }
    panic!("no interrupt met a running program");
}
