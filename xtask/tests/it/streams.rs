//! Readers that go away and disks that are full: nothing panics, and training goes on.

use std::fs::File;
use std::process::{Command, Output, Stdio};

use crate::support::{Folder, SMOKE, code, first, stderr, stdout, xtask};

const PANICKED: i32 = 101;

/// Ends it with nobody at the other end of its standard output.
fn unread(mut command: Command) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    child.wait_with_output().unwrap()
}

#[test]
fn a_table_that_nobody_reads_to_the_end_is_no_error() {
    for verb in ["plan", "list", "check"] {
        let (folder, mut command) = (Folder::new(), xtask(&[verb, "all"]));
        command.args(if verb == "list" { &[] } else { SMOKE }).arg("--out").arg(folder.path());
        let output = unread(command);
        assert_eq!(code(&output), 0, "{verb}: {}", stderr(&output));
        assert!(!stderr(&output).contains("error"), "{verb}: {}", stderr(&output));
    }
}

#[cfg(unix)]
#[test]
fn a_table_that_cannot_be_written_is_an_error_with_a_sentence() {
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    let output = xtask(&["list"]).stdout(full).output().unwrap();
    assert_eq!(code(&output), 1);
    let text = stderr(&output);
    assert!(
        text.starts_with("error: cannot write to standard output: ") && text.lines().count() == 1,
        "{text}"
    );
}

#[test]
fn training_goes_on_when_nobody_watches_any_more() {
    let (folder, name) = (Folder::new(), first().name());
    let mut command = xtask(&["reproduce", &name]);
    command.args(SMOKE).arg("--out").arg(folder.path());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    let output = child.wait_with_output().unwrap();
    assert_ne!(code(&output), PANICKED);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains(first().title), "{}", stdout(&output));
    assert!(folder.smoke().join("index.html").is_file());
}
