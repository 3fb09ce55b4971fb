//! The verbs for data, without a network.

use crate::support::{Folder, code, run, stderr, stdout};

#[test]
fn the_stand_in_is_written_and_known_for_what_it_is() {
    let folder = Folder::new();
    let here = folder.path().display().to_string();
    let output = run(&["data", "standin", &here]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(stdout(&output).lines().count(), 5);
    let output = run(&["data", "where", "--offline", "--data-dir", &here]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    assert!(stdout(&output).contains(&here) && stdout(&output).contains("https://"));
    let output = run(&["data", "verify", "--data-dir", &here]);
    assert_eq!(code(&output), 1, "drawn files are not the published ones");
    for line in stdout(&output).lines() {
        assert!(line.contains(&format!("  WRONG  {here}/")), "{line}");
    }
}

#[test]
fn a_misspelt_data_folder_is_an_error_that_names_it() {
    let output = run(&["data", "verify", "--data-dir", "/no/such/folder"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("/no/such/folder, which is not there"), "{}", stderr(&output));
    let output = run(&["data", "where", "--data-dir", "/no/such/folder"]);
    assert!(stdout(&output).contains("/no/such/folder  (--data-dir; not there)"), "{}", stdout(&output));
}

/// Only where the data are not at hand can they be missed.
#[test]
fn missing_data_have_an_exit_status_of_their_own() {
    let output = run(&["data", "where", "--offline"]);
    let missing = stdout(&output).contains("  missing");
    assert_eq!(code(&output), if missing { 3 } else { 0 });
    if missing {
        let output = run(&["data", "fetch", "--offline"]);
        assert_eq!(code(&output), 3);
        assert!(stderr(&output).contains("curl"), "{}", stderr(&output));
    }
}
