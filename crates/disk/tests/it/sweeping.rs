//! Temporaries of killed processes go, those of living ones stay, and so do files of the user's.

use std::fs::{self, File};

use disk::{Disk, Folder};

use crate::support::{Running, actor, files, folder, name, nobody_starts, root, stage, started, wait_until};

const DEAD: &str = ".tmp-0123456789abcdef.part";
const ALIVE: &str = ".tmp-ABCDEFGHIJKLMNOP.part";

#[test]
fn what_nobody_holds_is_removed() {
    let (folder, _alone) = (folder(), nobody_starts());
    let (root, disk) = (root(&folder), Disk::new());
    fs::write(folder.path().join(DEAD), "half of a fi").unwrap();
    fs::write(folder.path().join(ALIVE), "half of a fi").unwrap();
    fs::create_dir(folder.path().join("deeper")).unwrap();
    fs::write(folder.path().join("deeper").join(DEAD), "not directly in it").unwrap();
    let writer = File::open(folder.path().join(ALIVE)).unwrap();
    writer.lock().unwrap();
    assert_eq!(disk.sweep(&root).unwrap(), 1);
    assert_eq!(files(&root), [ALIVE.to_owned(), format!("deeper/{DEAD}")]);
    drop(writer);
    assert_eq!((disk.sweep(&root).unwrap(), disk.sweep(&root).unwrap()), (1, 0));
    assert_eq!(disk.sweep(&root.folder(&name("not/there"))).unwrap(), 0);
}

#[cfg(unix)]
#[test]
fn half_a_copy_is_removed_when_nobody_holds_it() {
    let folder = folder();
    let (root, disk) = (root(&folder), Disk::new());
    for copy in [DEAD, ALIVE] {
        disk.write(&root, &name(&format!("{copy}/weights/rbm")), b"x").unwrap();
    }
    let copier = File::open(folder.path().join(ALIVE)).unwrap();
    copier.lock().unwrap();
    assert_eq!(disk.sweep(&root).unwrap(), 1);
    assert_eq!(files(&root), [format!("{ALIVE}/weights/rbm")]);
}

#[test]
fn names_that_are_almost_ours_stay() {
    let folder = folder();
    let almost = [
        ".tmp-q.png",
        ".tmp-",
        ".tmp-.part",
        ".tmp-0123456789abcde.part",
        ".tmp-0123456789abcdefg.part",
        ".tmp-0123456789abcdef",
        ".tmp-0123456789abcdef.png",
        ".tmp-0123456789abcd-f.part",
        ".tmp-äöüäöüäö.part",
        "x.tmp-0123456789abcdef.part",
        "0123456789abcdef.part",
        ".TMP-0123456789abcdef.part",
        ".lock-0f3c",
    ];
    for file in almost {
        fs::write(folder.path().join(file), "the user's own").unwrap();
    }
    assert_eq!(Disk::new().sweep(&root(&folder)).unwrap(), 0);
    assert_eq!(files(&root(&folder)).len(), almost.len());
}

/// A process killed at any instant leaves the file whole, and what else it leaves is swept.
#[test]
fn what_killed_writers_left_is_swept() {
    let folder = folder();
    let (root, disk) = (root(&folder), Disk::new());
    let (mut swept, picture) = (0, name("picture"));
    for round in 0..12 {
        disk.remove(&root, &picture).unwrap();
        let mut writer =
            Running(started(&mut actor(&[], "sweeping::writes_for_ever", folder.path())).unwrap());
        wait_until(|| root.has(&picture).unwrap());
        std::thread::sleep(std::time::Duration::from_micros(700 * round));
        writer.0.kill().unwrap();
        writer.0.wait().unwrap();
        assert!(is_whole(&root.read(&picture).unwrap()));
        swept += disk.sweep(&root).unwrap();
        assert_eq!(files(&root), ["picture"]);
    }
    // With most of its time spent on the temporary file, twelve lucky kills in a row mean that nothing was tried.
    assert!(swept > 0);
}

#[test]
fn those_who_sweep_do_not_disturb_those_who_write() {
    let folder = folder();
    let (root, disk) = (root(&folder), Disk::new());
    let picture = name("picture");
    let mut writer = Running(started(&mut actor(&[], "sweeping::writes_for_ever", folder.path())).unwrap());
    wait_until(|| root.has(&picture).unwrap());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            // What is swept between its creation and its lock is made again.
            scope.spawn(|| (0..2000).for_each(|_| assert!(disk.sweep(&root).is_ok())));
        }
        scope.spawn(|| (0..200).for_each(|_| assert!(is_whole(&root.read(&picture).unwrap()))));
        let other = Disk::new();
        for byte in 0..200 {
            other.write(&root, &name("other"), &[byte; SIZE]).unwrap();
        }
        assert_eq!(
            other.operations(),
            600,
            "a file is written, renamed and synced once: nobody took it away"
        );
    });
    assert!(writer.0.try_wait().unwrap().is_none(), "the writer failed");
}

const SIZE: usize = 200_000;

fn is_whole(bytes: &[u8]) -> bool {
    bytes.len() == SIZE && bytes.iter().all(|byte| *byte == bytes[0])
}

#[test]
fn writes_for_ever() {
    let Some(stage) = stage() else { return };
    let (root, disk) = (Folder::root(stage), Disk::new());
    for byte in (0..=255).cycle() {
        disk.write(&root, &name("picture"), &[byte; SIZE]).unwrap();
    }
}
