//! Several processes on one results folder share the work.

use std::process::Stdio;

use crate::support::{Folder, code, contents, differences, reference, reproduce, stderr, trained};

#[test]
fn eight_processes_train_every_point_once_between_them() {
    let reference = reference();
    let folder = Folder::new();
    let children: Vec<_> = (0..8)
        .map(|_| reproduce(&folder, &["--threads", "1", "-q"]).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    let mut total = 0;
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        total += trained(&output);
    }
    assert_eq!(total, reference.points);
    let differ = differences(&contents(&folder.smoke()), &reference.contents);
    assert!(differ.is_empty(), "{differ:#?}");
}
