//! Locks: one holder at a time, gone with its process, and told apart from a file system without locks.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use disk::{Disk, Folder, Lock, Locking, lacks_locks};

use crate::support::{Running, actor, files, folder, name, nobody_starts, root, stage, started, wait_until};

fn held(disk: &Disk, folder: &Folder) -> Option<Lock> {
    match disk.lock(folder, &name(".lock-0f3c")).unwrap() {
        Locking::Held(lock) => Some(lock),
        Locking::Elsewhere => None,
        Locking::Unsupported(error) => panic!("{error}"),
    }
}

#[test]
fn one_holds_a_lock_and_the_file_says_who() {
    let (folder, _alone) = (folder(), nobody_starts());
    let (points, disk) = (root(&folder).folder(&name("points")), Disk::new());
    let (file, me) = (name(".lock-0f3c"), format!("process {}", std::process::id()));
    assert_eq!(disk.holder(&points, &file), None);
    let lock = held(&disk, &points).unwrap();
    assert!(held(&disk, &points).is_none());
    let holder = disk.holder(&points, &file).unwrap();
    assert!(holder.starts_with(&me), "{holder}");
    let text = String::from_utf8(points.read(&file).unwrap()).unwrap();
    assert_eq!(text.lines().count(), 1, "{text:?}");
    drop(lock);
    assert_eq!((files(&points), disk.holder(&points, &file)), (vec![".lock-0f3c".to_owned()], None));
    let operations = disk.operations();
    let lock = held(&disk, &points).unwrap();
    assert_eq!(disk.operations(), operations + 1);
    lock.retire();
    assert!(files(&points).is_empty());
    assert!(held(&disk, &points).is_some());
}

/// Also when each holder removes the file: who waits with the old one in hand does not get a lock that nobody sees.
#[test]
fn nobody_holds_a_lock_beside_another() {
    nobody_is_beside_another(Disk::new);
}

/// A file that was removed says so itself: its name may be remembered where files come over a network.
#[test]
fn nobody_holds_a_lock_whose_file_was_removed_though_its_name_is_remembered() {
    nobody_is_beside_another(|| Disk::new().with_remembered_names());
}

fn nobody_is_beside_another(disk: fn() -> Disk) {
    let folder = folder();
    let (root, inside) = (root(&folder), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for worker in 0..8 {
            let (root, inside) = (&root, &inside);
            scope.spawn(move || {
                let disk = disk();
                for round in 0..200 {
                    let lock = loop {
                        match held(&disk, root) {
                            Some(lock) => break lock,
                            None => std::thread::yield_now(),
                        }
                    };
                    assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                    // Whoever wakes up takes the processor from one that has opened the file and not locked it yet.
                    std::thread::sleep(Duration::from_micros(100));
                    inside.fetch_sub(1, Ordering::SeqCst);
                    if (worker + round) % 3 == 0 { drop(lock) } else { lock.retire() }
                }
            });
        }
    });
}

#[test]
fn a_lock_goes_with_its_process() {
    let folder = folder();
    let (root, disk) = (root(&folder), Disk::new());
    let mut other = Running(started(&mut actor(&[], "locking::holds_a_lock", folder.path())).unwrap());
    wait_until(|| root.has(&name("ready")).unwrap());
    assert!(held(&disk, &root).is_none());
    let holder = disk.holder(&root, &name(".lock-0f3c")).unwrap();
    assert!(holder.starts_with(&format!("process {}", other.0.id())), "{holder}");
    other.0.kill().unwrap();
    other.0.wait().unwrap();
    assert!(held(&disk, &root).is_some());
}

#[test]
fn holds_a_lock() {
    let Some(stage) = stage() else { return };
    let (root, disk) = (Folder::root(stage), Disk::new());
    let _lock = held(&disk, &root).unwrap();
    disk.write(&root, &name("ready"), b"").unwrap();
    loop {
        std::thread::park();
    }
}

/// A network file system without its lock daemon says ENOLCK; others say ENOTSUP or ENOSYS.
#[cfg(target_os = "linux")]
#[test]
fn a_file_system_without_locks_is_told_from_a_failing_one() {
    let (enolck, enotsup, enosys) = (37, 95, 38);
    for code in [enolck, enotsup, enosys] {
        assert!(lacks_locks(&io::Error::from_raw_os_error(code)), "{code}");
    }
    let (eio, eacces, ebadf) = (5, 13, 9);
    for code in [eio, eacces, ebadf] {
        assert!(!lacks_locks(&io::Error::from_raw_os_error(code)), "{code}");
    }
}

#[test]
fn a_disk_without_locks_says_so_and_keeps_nobody_off() {
    let folder = folder();
    let disk = Disk::new().without_locks();
    for _ in 0..2 {
        let locking = disk.lock(&root(&folder), &name(".lock")).unwrap();
        assert!(matches!(&locking, Locking::Unsupported(error) if lacks_locks(error)), "{locking:?}");
    }
}

#[test]
fn a_signed_disk_says_who_holds_its_locks() {
    let (folder, _alone) = (folder(), nobody_starts());
    let disk = Disk::new().signed("process 7 on node3, Slurm job 12".to_owned());
    let lock = held(&disk, &root(&folder)).unwrap();
    assert_eq!(
        Disk::new().holder(&root(&folder), &name(".lock-0f3c")).unwrap(),
        "process 7 on node3, Slurm job 12"
    );
    drop(lock);
}
