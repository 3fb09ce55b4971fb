//! Fail the Nth operation on the disk, for every N: a clear error, nothing lost, and the next run ends with the same bytes.

use std::path::Path;

use disk::Fault;
use engine::Study;

use crate::support::{contents, draw_all, folder, lines, planned, settings, store, train};

/// Trains and draws; the errors met, and the operations it took.
fn attempt(studies: &[Study], root: &Path, fault: Fault) -> (Vec<String>, usize) {
    let (store, plan) = (store(root, fault), planned(studies));
    let trained = train(&plan, &store, 1);
    let mut errors: Vec<String> = trained.failed.into_iter().map(|(_, _, error)| error).collect();
    match draw_all(studies, &plan, &store) {
        Ok(drawn) => errors.extend(drawn.failed.into_iter().map(|(_, error)| error)),
        Err(error) => errors.push(format!("{error:#}")),
    }
    (errors, store.disk().operations())
}

#[test]
fn whatever_operation_fails_nothing_is_lost_and_the_next_run_ends_the_same() {
    let studies = [lines("lines", &[2], None).study(&settings())];
    let reference = folder();
    let (errors, operations) = attempt(&studies, reference.path(), Fault::Never);
    assert!(errors.is_empty(), "{errors:?}");
    assert!(operations > 50, "{operations}");
    let expected = contents(reference.path());
    for n in 0..operations {
        for fault in [Fault::Once(n), Fault::From(n)] {
            let folder = folder();
            let (errors, _) = attempt(&studies, folder.path(), fault);
            assert!(!errors.is_empty(), "{fault:?}: nobody said anything");
            assert!(errors.iter().all(|error| error.contains("cannot ")), "{fault:?}: {errors:?}");
            let named = folder.path().display().to_string();
            assert!(errors.iter().all(|error| error.contains(&named)), "{fault:?}: {errors:?}");
            // What is published is whole.
            let after = store(folder.path(), Fault::Never);
            for key in after.published().unwrap() {
                assert_eq!(after.verify(&key).unwrap(), Vec::<String>::new(), "{fault:?}");
            }
            let (errors, _) = attempt(&studies, folder.path(), Fault::Never);
            assert!(errors.is_empty(), "{fault:?}: {errors:?}");
            assert_eq!(contents(folder.path()), expected, "{fault:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_gives_a_clear_error() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o555)).unwrap();
    // Root writes everywhere: nothing to see then.
    if std::fs::write(folder.path().join("probe"), "").is_ok() {
        return;
    }
    let studies = [lines("lines", &[1], None).study(&settings())];
    let (errors, _) = attempt(&studies, folder.path(), Fault::Never);
    assert!(errors.iter().all(|error| error.contains("--out")), "{errors:?}");
}
