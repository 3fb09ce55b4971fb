//! The same bytes for any number of threads, and nothing to do the second time.

use crate::support::{Folder, code, contents, differences, reference, reproduce, stderr};

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let reference = reference();
    for threads in ["1", "3", "8"] {
        let folder = Folder::new();
        let output = reproduce(&folder, &["--threads", threads, "-q"]).output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let differ = differences(&contents(&folder.smoke()), &reference.contents);
        assert!(differ.is_empty(), "{threads} threads: {differ:#?}");
    }
}

/// One point after the other, each with all threads: the other way to use them.
#[test]
fn the_bytes_do_not_depend_on_how_threads_are_shared_out() {
    let reference = reference();
    let folder = Folder::new();
    let output = reproduce(&folder, &["--threads", "2", "--jobs", "1", "-q"]).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let differ = differences(&contents(&folder.smoke()), &reference.contents);
    assert!(differ.is_empty(), "{differ:#?}");
}

#[test]
fn a_second_run_finds_everything_cached_and_writes_nothing() {
    let reference = reference();
    let before = contents(&reference.folder.smoke());
    let output = reproduce(&reference.folder, &[]).output().unwrap();
    assert_eq!(code(&output), 0);
    let (text, points) = (stderr(&output), reference.points);
    assert!(text.contains("cached: nothing to train"), "{text}");
    assert!(text.contains(&format!("0 trained, {points} cached, 0 failed")), "{text}");
    assert!(text.contains("0 experiments drawn"), "{text}");
    assert_eq!(contents(&reference.folder.smoke()), before);
}
