//! A results folder from somebody else: nothing outside of it is read, written or removed, and nothing hangs.

#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use disk::{Disk, Folder, Kind, Locking, escaped};
use tempfile::TempDir;

use crate::support::{files, folder, message, name, pipe, root};

/// Somebody's own files, which must stay as they are.
fn treasure() -> TempDir {
    let folder = folder();
    fs::create_dir(folder.path().join("deep")).unwrap();
    fs::write(folder.path().join("secret"), "secret").unwrap();
    fs::write(folder.path().join("deep/secret"), "secret").unwrap();
    folder
}

fn is_whole(treasure: &TempDir) -> bool {
    let secret = |file| fs::read(treasure.path().join(file)).is_ok_and(|bytes| bytes == b"secret");
    files(&root(treasure)) == ["deep/secret", "secret"] && secret("secret") && secret("deep/secret")
}

/// No call goes through a link in the place of a folder, first or later on the way.
#[test]
fn a_link_in_the_place_of_a_folder_is_refused() {
    let (folder, treasure, disk) = (folder(), treasure(), Disk::new());
    fs::create_dir(folder.path().join("points")).unwrap();
    symlink(treasure.path(), folder.path().join("points/.work-0f3c")).unwrap();
    symlink(treasure.path(), folder.path().join("quick")).unwrap();
    symlink("points", folder.path().join("inside")).unwrap();
    let root = root(&folder);
    let (secret, points) = (name("secret"), root.folder(&name("points")));
    for link in ["points/.work-0f3c", "quick", "points/.work-0f3c/deep", "quick/deep"] {
        let here = root.folder(&name(link));
        let errors = [
            message(here.exists()),
            message(here.has(&secret)),
            message(here.read(&secret)),
            message(here.read_if_there(&secret)),
            message(here.files()),
            message(here.entries()),
            message(disk.create(&here)),
            message(disk.create(&here.folder(&name("new")))),
            message(disk.write(&here, &secret, b"x")),
            message(disk.write(&here, &name("new"), b"x")),
            message(disk.write(&here, &name("new/new"), b"x")),
            message(disk.remove(&here, &secret)),
            message(disk.remove_folder(&here.folder(&name("deep")))),
            message(disk.rename_file(&here, &secret, &name("new"))),
            message(disk.rename(&here.folder(&name("deep")), &here.folder(&name("new")))),
            message(disk.copy_folder(&here.folder(&name("deep")), &here.folder(&name("new")))),
            message(disk.lock(&here, &name(".lock"))),
            message(disk.lock(&here, &secret)),
            message(disk.sweep(&here)),
        ];
        for error in errors {
            let named = error.contains(&folder.path().display().to_string());
            assert!(
                named && error.contains("expected a folder at") && error.contains("found a link"),
                "{error}"
            );
        }
        assert_eq!(disk.holder(&here, &secret), None);
        assert!(is_whole(&treasure));
    }
    assert!(
        message(disk.rename(&points.folder(&name(".work-0f3c")), &points.folder(&name("0f3c"))))
            .contains("link")
    );
    assert!(
        message(root.folder(&name("inside")).exists()).contains("found a link"),
        "a link within is one as well"
    );
    assert_eq!(disk.operations(), 0);
}

/// Removing a work folder that is a link removes the link.
#[test]
fn links_are_removed_and_not_what_they_lead_to() {
    let (folder, treasure, disk) = (folder(), treasure(), Disk::new());
    let root = root(&folder);
    let link = folder.path().join("work");
    symlink(treasure.path(), &link).unwrap();
    disk.remove_folder(&root.folder(&name("work"))).unwrap();
    assert!(is_whole(&treasure) && fs::symlink_metadata(&link).is_err());

    symlink(treasure.path().join("secret"), &link).unwrap();
    disk.remove(&root, &name("work")).unwrap();
    assert!(is_whole(&treasure) && fs::symlink_metadata(&link).is_err());

    fs::create_dir_all(link.join("deeper")).unwrap();
    symlink(treasure.path(), link.join("deeper/folder")).unwrap();
    symlink(treasure.path().join("secret"), link.join("deeper/file")).unwrap();
    symlink("nowhere", link.join("deeper/nothing")).unwrap();
    disk.remove_folder(&root.folder(&name("work"))).unwrap();
    assert!(is_whole(&treasure) && fs::symlink_metadata(&link).is_err());
}

#[test]
fn a_link_in_the_place_of_a_file_is_replaced_and_never_read() {
    let (folder, treasure, disk) = (folder(), treasure(), Disk::new());
    let root = root(&folder);
    for (place, target) in
        [("a", treasure.path().join("secret")), ("b", "nowhere".into()), ("c", "/dev/zero".into())]
    {
        symlink(target, folder.path().join(place)).unwrap();
        let place = name(place);
        for error in
            [message(root.has(&place)), message(root.read(&place)), message(root.read_up_to(&place, 9))]
        {
            assert!(error.contains("expected a file at") && error.contains("found a link"), "{error}");
        }
        assert!(message(root.read_if_there(&place)).contains("found a link"));
        assert!(message(root.files()).contains("found a link"));
        assert!(message(disk.rename_file(&root, &place, &name("new"))).contains("found a link"));
        assert!(message(disk.lock(&root, &place)).contains("found a link"));
        disk.write(&root, &place, b"ours").unwrap();
        assert_eq!(root.read(&place).unwrap(), b"ours");
    }
    symlink(treasure.path().join("secret"), folder.path().join("d")).unwrap();
    disk.rename_file(&root, &name("a"), &name("d")).unwrap();
    assert_eq!(root.read(&name("d")).unwrap(), b"ours");
    assert_eq!(files(&root), ["b", "c", "d"]);
    assert!(is_whole(&treasure));
}

/// Fixed names of temporary files were links that somebody had planted.
#[test]
fn a_planted_temporary_is_not_written_through_nor_swept() {
    let (folder, treasure, disk) = (folder(), treasure(), Disk::new());
    let root = root(&folder);
    let planted = [".tmp-index.html", ".tmp-0123456789abcdef.part"];
    for link in planted {
        symlink(treasure.path().join("secret"), folder.path().join(link)).unwrap();
    }
    disk.write(&root, &name("index.html"), b"page").unwrap();
    disk.write_user_file(&folder.path().join("index.html"), b"page").unwrap();
    assert_eq!(disk.sweep(&root).unwrap(), 0);
    assert!(is_whole(&treasure));
    for link in planted {
        assert!(fs::symlink_metadata(folder.path().join(link)).unwrap().is_symlink());
    }
}

/// A root is the user's own choice, and may be a link to another disk.
#[test]
fn the_root_may_be_reached_through_links() {
    let (folder, disk) = (folder(), Disk::new());
    fs::create_dir(folder.path().join("real")).unwrap();
    symlink("real", folder.path().join("link")).unwrap();
    let root = Folder::root(folder.path().join("link"));
    disk.write(&root, &name("a/b"), b"x").unwrap();
    assert!(root.exists().unwrap() && root.has(&name("a/b")).unwrap());
    assert_eq!(files(&Folder::root(folder.path().join("real"))), ["a/b"]);
    symlink("nowhere", folder.path().join("dangling")).unwrap();
    assert!(!Folder::root(folder.path().join("dangling")).exists().unwrap());
    fs::write(folder.path().join("file"), "").unwrap();
    assert!(message(Folder::root(folder.path().join("file")).exists()).contains("expected a folder"));
}

#[test]
fn pipes_and_devices_are_neither_opened_nor_waited_for() {
    let (folder, disk) = (folder(), Disk::new());
    let root = root(&folder);
    let devices = Folder::root("/dev");
    assert!(message(devices.read(&name("zero"))).contains("found something else"));
    assert!(message(devices.has(&name("null"))).contains("found something else"));
    let manifest = name("manifest.json");
    if !pipe(&folder.path().join("manifest.json")) {
        return;
    }
    for error in [
        message(root.has(&manifest)),
        message(root.read(&manifest)),
        message(root.read_if_there(&manifest)),
        message(root.files()),
        message(disk.lock(&root, &manifest)),
        message(disk.rename_file(&root, &manifest, &name("new"))),
    ] {
        assert!(error.contains("expected a file at") && error.contains("found something else"), "{error}");
    }
    assert_eq!(disk.holder(&root, &manifest), None);
    assert_eq!(root.entries().unwrap(), [(manifest.clone(), Kind::Other)]);
    assert!(pipe(&folder.path().join(".tmp-0123456789abcdef.part")));
    assert_eq!(disk.sweep(&root).unwrap(), 0);
    disk.write(&root, &manifest, b"{}").unwrap();
    assert_eq!(root.read(&manifest).unwrap(), b"{}");
}

/// A file that is exchanged for a link or a pipe between the look and the opening: a reader never sees the secret and
/// never waits.
#[test]
fn an_exchanged_file_is_found_out() {
    let (folder, treasure) = (folder(), treasure());
    let at = |file: &str| folder.path().join(file);
    fs::write(at("own"), "own").unwrap();
    symlink(treasure.path().join("secret"), at("link")).unwrap();
    let mut faces = vec!["own", "link"];
    if pipe(&at("pipe")) {
        faces.extend(["own", "pipe"]);
    }
    let exchange = |face: &str| {
        fs::hard_link(at(face), at("next")).unwrap();
        fs::rename(at("next"), at("face")).unwrap();
        // A rename onto the same file does nothing, and leaves the other name.
        let _ = fs::remove_file(at("next"));
    };
    exchange("own");
    let (done, root) = (AtomicBool::new(false), root(&folder));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                faces.iter().for_each(|face| exchange(face));
            }
        });
        let read: BTreeSet<_> = (0..20_000).filter_map(|_| root.read(&name("face")).ok()).collect();
        done.store(true, Ordering::Relaxed);
        assert_eq!(read, BTreeSet::from([b"own".to_vec()]));
    });
}

#[test]
fn large_files_are_refused_with_both_sizes() {
    let folder = folder();
    let root = root(&folder);
    let file = fs::File::create(folder.path().join("huge")).unwrap();
    file.set_len(20 << 30).unwrap();
    for error in [message(root.read(&name("huge"))), message(root.read_up_to(&name("huge"), 1000))] {
        assert!(error.contains("huge") && error.contains("found 21474836480"), "{error}");
    }
    assert!(message(root.read_up_to(&name("huge"), 1000)).contains("at most 1000 bytes"));
    file.set_len(1000).unwrap();
    assert_eq!(root.read_up_to(&name("huge"), 1000).unwrap().len(), 1000);
    assert!(root.read_up_to(&name("huge"), 999).is_err());
    file.set_len(0).unwrap();
    assert_eq!(root.read_up_to(&name("huge"), 0).unwrap(), b"");
    // A file without a size, though not an empty one.
    let status = Folder::root("/proc/self");
    if Path::new("/proc/self/status").exists() {
        assert!(!status.read(&name("status")).unwrap().is_empty());
        assert!(message(status.read_up_to(&name("status"), 10)).contains("found more"));
    }
}

/// File names are texts from somebody else, and an error is printed.
#[test]
fn names_that_forge_lines_are_counted_and_escaped() {
    let folder = folder();
    let root = root(&folder);
    fs::write(folder.path().join("a"), "").unwrap();
    fs::write(folder.path().join("\u{1b}[2Jall is well\n"), "").unwrap();
    fs::write(folder.path().join("\u{202e}gnp"), "").unwrap();
    fs::write(folder.path().join(std::ffi::OsStr::new("back\\slash")), "").unwrap();
    assert_eq!(root.entries().unwrap(), [(name("a"), Kind::File)]);
    assert_eq!(root.strangers().unwrap(), 3);
    let error = message(root.files());
    assert!(error == escaped(&error) && error.contains("\\u{1b}[2J"), "{error:?}");
    let odd = Folder::root(folder.path().join("no\u{1b}[2J"));
    let error = message(odd.read(&name("x")));
    assert!(error == escaped(&error) && error.contains("no\\u{1b}[2J"), "{error:?}");
    assert!(!odd.exists().unwrap());
}

#[test]
fn a_planted_line_about_who_holds_a_lock_is_bounded_and_fit_to_print() {
    let (folder, disk) = (folder(), Disk::new());
    let root = root(&folder);
    let line = format!("\u{1b}[2Jroot\u{202e}{}\nsecond", "x".repeat(1 << 20));
    fs::write(folder.path().join(".lock"), line).unwrap();
    let holder = disk.holder(&root, &name(".lock")).unwrap();
    assert!(holder.len() < 400 && holder == escaped(&holder) && holder.contains("root"), "{holder:?}");
    fs::write(folder.path().join(".lock"), "\n\n").unwrap();
    assert_eq!(disk.holder(&root, &name(".lock")), None);
    assert!(matches!(disk.lock(&root, &name(".lock")).unwrap(), Locking::Held(_)));
}
