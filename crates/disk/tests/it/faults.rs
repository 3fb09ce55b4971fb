//! Fail the Nth operation, for every N: the error names a path, what is there is whole, and the next run succeeds.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use disk::{Call, Disk, Fault, Folder};

use crate::support::{folder, name, root};

/// All files below, with what they hold.
fn contents(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let read = |file| (String::from(disk::Name::clone(&file)), folder.read(&file).unwrap());
    folder.files().unwrap().into_iter().map(read).collect()
}

/// One of everything, in the order of a point that is worked on and published.
fn all_there_is(disk: &Disk, root: &Folder) -> Result<()> {
    let points = root.folder(&name("points"));
    let (work, published) = (points.folder(&name(".work")), points.folder(&name("published")));
    let _lock = disk.lock(&points, &name(".lock"))?;
    disk.sweep(&points)?;
    disk.remove_folder(&published)?;
    disk.remove_folder(&points.folder(&name("copy")))?;
    disk.create(&work.folder(&name("layers")))?;
    disk.write(&work, &name("checkpoint"), b"first")?;
    disk.rename_file(&work, &name("checkpoint"), &name("previous"))?;
    disk.write(&work, &name("checkpoint"), b"second")?;
    disk.write(&work, &name("layers/1"), b"layer")?;
    disk.remove(&work, &name("previous"))?;
    disk.copy_folder(&work, &points.folder(&name("copy")))?;
    disk.rename(&work, &published)
}

#[test]
fn whatever_operation_fails_files_are_whole_and_the_next_run_ends_the_same() {
    let reference = folder();
    let disk = Disk::new();
    all_there_is(&disk, &root(&reference)).unwrap();
    let (expected, operations) = (contents(&root(&reference)), disk.operations());
    assert!(operations > 15, "{operations}");
    for n in 0..operations {
        for fault in [Fault::Once(n), Fault::From(n)] {
            let folder = folder();
            let root = root(&folder);
            let error = format!("{:#}", all_there_is(&Disk::with_fault(fault), &root).unwrap_err());
            let named = error.contains(&folder.path().display().to_string());
            assert!(
                named && error.starts_with("cannot ") && error.contains("by a test"),
                "{fault:?}: {error}"
            );
            for (file, bytes) in contents(&root) {
                let whole: &[&[u8]] = match file.rsplit_once('/').map(|(_, last)| last) {
                    Some("checkpoint") => &[b"first", b"second"],
                    Some("previous") => &[b"first"],
                    Some("1") => &[b"layer"],
                    Some(".lock") => &[b""],
                    _ => panic!("{fault:?}: {file} stayed"),
                };
                assert!(whole.contains(&&bytes[..]), "{fault:?}: {file}");
            }
            all_there_is(&Disk::new(), &root).unwrap();
            assert_eq!(contents(&root), expected, "{fault:?}");
        }
    }
}

/// The calls behind the operations, one by one, and those of folders that are read on the same disk.
#[cfg(unix)]
#[test]
fn whatever_call_of_the_system_fails_files_are_whole_and_an_interrupted_one_is_made_again() {
    const INTERRUPTED: i32 = 4;
    const FULL: i32 = 28;
    let work = |disk: &Disk, folder: &Path| {
        let root = disk.root(folder);
        all_there_is(disk, &root)?;
        disk.create(&root.folder(&name("empty")))?;
        disk.remove_folder(&root.folder(&name("empty")))?;
        root.read(&name("points/published/layers/1"))
    };
    let reference = folder();
    let counting = Disk::with_failing_call(usize::MAX, 0);
    assert_eq!(work(&counting, reference.path()).unwrap(), b"layer");
    let expected = contents(&root(&reference));
    let made = Call::ALL.map(|call| counting.calls(call));
    assert!(made.iter().all(|&calls| calls > 0), "{made:?} of {:?}", Call::ALL);
    for number in 0..made.iter().sum::<usize>() {
        let interrupted = folder();
        work(&Disk::with_failing_call(number, INTERRUPTED), interrupted.path()).unwrap();
        assert_eq!(contents(&root(&interrupted)), expected, "call {number} interrupted");
        let full = folder();
        let disk = Disk::with_failing_call(number, FULL);
        let error = work(&disk, full.path()).unwrap_err();
        let text = format!("{error:#}");
        let named = text.contains(&full.path().display().to_string());
        assert!(text.starts_with("cannot ") && named, "call {number}: {text}");
        let system = error.chain().find_map(|cause| cause.downcast_ref::<std::io::Error>());
        assert_eq!(system.and_then(std::io::Error::raw_os_error), Some(FULL), "call {number}: {text}");
        assert_eq!(disk.sweep(&root(&full).folder(&name("points"))).ok().unwrap_or(0), 0, "call {number}");
        for (file, bytes) in contents(&root(&full)) {
            let whole: &[&[u8]] = &[b"first", b"second", b"layer", b""];
            assert!(whole.contains(&&bytes[..]), "call {number}: half of {file} stayed");
        }
        work(&Disk::new(), full.path()).unwrap();
        assert_eq!(contents(&root(&full)), expected, "call {number}, the next run");
    }
    assert_eq!(Disk::new().calls(Call::Open), 0, "counted only where a test wants it");
}

/// The file that was there stays until the new one is whole; the only later operation is a sync.
#[test]
fn a_file_is_the_old_one_or_the_new_one() {
    for n in 0..3 {
        for fault in [Fault::Once(n), Fault::From(n)] {
            let folder = folder();
            let root = root(&folder);
            Disk::new().write(&root, &name("rows.csv"), b"old").unwrap();
            let disk = Disk::with_fault(fault);
            assert!(disk.write(&root, &name("rows.csv"), b"new").is_err());
            let expected: &[u8] = if n < 2 { b"old" } else { b"new" };
            assert_eq!(
                contents(&root),
                BTreeMap::from([("rows.csv".to_owned(), expected.to_vec())]),
                "{fault:?}"
            );
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
    let root = root(&folder);
    let errors = [
        Disk::new().write(&root, &name("rows.csv"), b"x"),
        Disk::new().create(&root.folder(&name("points"))),
        Disk::new().lock(&root, &name(".lock")).map(|_| ()),
    ];
    for error in errors {
        let error = error.unwrap_err().to_string();
        assert!(error.contains("--out"), "{error}");
    }
}

/// /proc takes no new files, not even root's.
#[cfg(target_os = "linux")]
#[test]
fn a_file_system_that_refuses_is_named() {
    if Path::new("/proc/self").exists() {
        let error = Disk::new().write_user_file(Path::new("/proc/rows.csv"), b"x").unwrap_err().to_string();
        assert!(error.starts_with("cannot write /proc/rows.csv"), "{error}");
    }
}
