//! `browser`: the index leads to its page, and where nothing can be compiled the program says what is missing. What the page's
//! module computes is tested in the crate `browser`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Folder, code, run, stderr, stdout, xtask};

/// A file that passes for a module.
fn module(folder: &Folder) -> PathBuf {
    let path = folder.path().join("module.wasm");
    std::fs::write(&path, b"\0asm\x01\0\0\0").unwrap();
    path
}

fn browser(folder: &Folder, module: &Path, more: &[&str]) -> Command {
    let mut command = xtask(&["browser", "--profile", "smoke", "--epochs", "3", "--hidden", "20"]);
    command.arg("--out").arg(folder.path()).arg("--module").arg(module).args(more);
    command
}

#[test]
fn the_index_of_a_run_leads_to_the_page_and_before_says_how_to_make_it() {
    let folder = Folder::new();
    let mut drawing = xtask(&["reproduce", "alpha-rbm-reconstruction:generative"]);
    drawing.args(crate::support::SMOKE).arg("--out").arg(folder.path());
    let output = drawing.output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let index = || std::fs::read_to_string(folder.smoke().join("index.html")).unwrap();
    assert!(index().contains("<code>cargo xtask browser</code>") && !index().contains("browser.html"));
    let report = std::fs::read(folder.smoke().join("REPORT.md")).unwrap();
    let output = browser(&folder, &module(&folder), &[]).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).trim().ends_with("browser.html"), "{}", stdout(&output));
    assert!(index().contains("<a href=\"browser.html\">") && !index().contains("cargo xtask browser"));
    assert_eq!(std::fs::read(folder.smoke().join("REPORT.md")).unwrap(), report);
    // Bound anew by another verb, the index still leads there; without the page it does not.
    std::fs::remove_file(folder.smoke().join("browser.html")).unwrap();
    let out = folder.path().to_str().unwrap();
    assert_eq!(code(&run(&["page", "--profile", "smoke", "--out", out])), 0);
    assert!(!index().contains("browser.html"));
}

#[test]
fn letters_that_nothing_draws_and_files_that_are_no_module_are_refused() {
    let folder = Folder::new();
    let output = browser(&folder, &module(&folder), &["--letters", "ß!"]).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("0 to 9 and A to Z"), "{}", stderr(&output));
    let text = folder.path().join("text.wasm");
    std::fs::write(&text, "not found").unwrap();
    let output = browser(&folder, &text, &[]).output().unwrap();
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("no WebAssembly module"), "{}", stderr(&output));
    assert!(!folder.smoke().join("browser.html").exists());
}

/// A compiler that answers nothing has no standard library for the target.
#[cfg(unix)]
#[test]
fn without_the_target_the_program_says_how_to_get_it() {
    let folder = Folder::new();
    let mut command = xtask(&["browser", "--profile", "smoke", "--out"]);
    let output = command.arg(folder.path()).env("RUSTC", "true").output().unwrap();
    assert_eq!(code(&output), 1);
    let said = stderr(&output);
    assert!(said.contains("rustup target add wasm32-unknown-unknown") && said.contains("--module"), "{said}");
}
