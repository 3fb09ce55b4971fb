//! Files and folders that behave: what is written is read back.

use std::fs;

use disk::{Disk, Folder, Kind, absent};

use crate::support::{actor, files, folder, message, name, ran, root, stage};

#[test]
fn what_was_written_is_read_back_and_listed() {
    let folder = folder();
    let (root, disk) = (root(&folder), Disk::new());
    let drawn = root.folder(&name("quick/alpha"));
    assert!(!drawn.exists().unwrap() && !drawn.has(&name("rows.csv")).unwrap());
    assert_eq!(drawn.read_if_there(&name("rows.csv")).unwrap(), None);
    disk.write(&drawn, &name("weights/rbm.safetensors"), b"weights").unwrap();
    disk.write(&drawn, &name("rows.csv"), b"first").unwrap();
    disk.write(&drawn, &name("rows.csv"), b"second, and longer").unwrap();
    assert!(drawn.exists().unwrap() && drawn.has(&name("rows.csv")).unwrap());
    assert_eq!(drawn.read(&name("rows.csv")).unwrap(), b"second, and longer");
    assert_eq!(drawn.read_if_there(&name("weights/rbm.safetensors")).unwrap().unwrap(), b"weights");
    assert_eq!(files(&root), ["quick/alpha/rows.csv", "quick/alpha/weights/rbm.safetensors"]);
    let expected = [(name("rows.csv"), Kind::File), (name("weights"), Kind::Folder)];
    assert_eq!(drawn.entries().unwrap(), expected);
    assert_eq!(fs::read(drawn.file(&name("rows.csv"))).unwrap(), b"second, and longer");
}

#[test]
fn folders_are_values_and_touch_no_disk() {
    let folder = Folder::root("/nowhere/at all").folder(&name("a")).folder(&name("b/c"));
    assert_eq!(folder.path(), std::path::Path::new("/nowhere/at all/a/b/c"));
    assert_eq!(folder.file(&name("d")), std::path::Path::new("/nowhere/at all/a/b/c/d"));
    assert_eq!(folder, Folder::root("/nowhere/at all").folder(&name("a/b/c")));
    assert_eq!(Folder::root("").path(), std::path::Path::new("."));
    assert!(!folder.exists().unwrap());
}

#[test]
fn what_is_not_there_can_be_told_from_what_cannot_be_read() {
    let folder = folder();
    let root = root(&folder);
    let error = root.read(&name("rows.csv")).unwrap_err();
    assert!(absent(&error) && format!("{error:#}").contains("cannot read"), "{error:#}");
    assert!(absent(&root.folder(&name("no")).entries().unwrap_err()));
    fs::create_dir(folder.path().join("rows.csv")).unwrap();
    let error = root.read(&name("rows.csv")).unwrap_err();
    assert!(!absent(&error), "{error:#}");
}

/// An error of the system is no absence: what is there but cannot be looked at must not be made anew.
#[cfg(unix)]
#[test]
fn an_error_of_the_system_is_not_absence() {
    let folder = folder();
    std::os::unix::fs::symlink("circle", folder.path().join("circle")).unwrap();
    let circle = Folder::root(folder.path().join("circle"));
    let deep = name(&vec!["x".repeat(250); 20].join("/"));
    let rows = name("rows.csv");
    let root = root(&folder);
    let mut errors = vec![
        message(circle.exists()),
        message(circle.has(&rows)),
        message(circle.read_if_there(&rows)),
        message(Folder::root(root.file(&deep)).exists()),
    ];
    // Root may look everywhere: nothing to see then.
    let closed = folder.path().join("closed");
    fs::create_dir_all(closed.join("inside")).unwrap();
    fs::set_permissions(&closed, std::os::unix::fs::PermissionsExt::from_mode(0o0)).unwrap();
    if fs::read_dir(&closed).is_err() {
        errors.push(message(root.folder(&name("closed/inside")).exists()));
        errors.push(message(root.has(&name("closed/inside/rows.csv"))));
        errors.push(message(Disk::new().write(&root, &name("closed/rows.csv"), b"x")));
    }
    fs::set_permissions(&closed, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    for error in errors {
        assert!(error.contains("cannot ") && error.contains(&folder.path().display().to_string()), "{error}");
    }
}

#[test]
fn creating_removing_and_removing_again() {
    let folder = folder();
    let (root, disk) = (root(&folder), Disk::new());
    let work = root.folder(&name("points/.work-0f3c"));
    disk.create(&work).unwrap();
    let operations = disk.operations();
    disk.create(&work).unwrap();
    assert_eq!(disk.operations(), operations, "nothing was left to do");
    disk.write(&work, &name("a/b"), b"x").unwrap();
    disk.remove(&work, &name("a/b")).unwrap();
    disk.remove(&work, &name("a/b")).unwrap();
    disk.remove(&work, &name("no/such/folder")).unwrap();
    assert!(message(disk.remove(&work, &name("a"))).contains("expected a file at"));
    assert!(message(disk.write(&work, &name("a"), b"x")).contains("expected a file at"));
    disk.write(&work, &name("c"), b"x").unwrap();
    assert!(message(disk.remove_folder(&work.folder(&name("c")))).contains("expected a folder at"));
    assert!(message(disk.create(&work.folder(&name("c/d")))).contains("expected a folder at"));
    disk.remove_folder(&work).unwrap();
    disk.remove_folder(&work).unwrap();
    assert!(!work.exists().unwrap() && files(&root).is_empty());
    disk.remove_folder(&root).unwrap();
    assert!(!root.exists().unwrap());
    // A root that was gone comes back with what is written.
    disk.write(&root, &name("x"), b"x").unwrap();
    assert_eq!(files(&root), ["x"]);
}

#[test]
fn an_error_names_the_path() {
    let folder = folder();
    let path = folder.path().join("file").join("below");
    fs::write(folder.path().join("file"), "in the way").unwrap();
    let root = root(&folder);
    let error = message(Disk::new().write(&root, &name("file/below"), b"x"));
    assert!(error.contains(&path.display().to_string()), "{error}");
    assert!(Disk::new().create(&root.folder(&name("file/below"))).unwrap_err().to_string().contains("below"));
}

#[cfg(unix)]
fn mode(path: impl AsRef<std::path::Path>) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode()
}

/// Under several umasks, each in a process of its own: the umask is the process's.
#[cfg(unix)]
#[test]
fn files_have_the_permissions_of_the_umask() {
    for umask in ["000", "022", "027", "077"] {
        let folder = folder();
        let line = format!("umask {umask}; exec \"$@\"");
        let mut part = actor(&["sh", "-c", &line, "sh"], "storing::writes_under_an_umask", folder.path());
        assert!(ran(&mut part).unwrap().success(), "{umask}");
        let open = u32::from_str_radix(umask, 8).unwrap();
        assert_eq!(mode(folder.path().join("ours")) & 0o777, 0o666 & !open, "{umask}");
    }
}

#[cfg(unix)]
#[test]
fn writes_under_an_umask() {
    let Some(stage) = stage() else { return };
    let (root, disk) = (Folder::root(&stage), Disk::new());
    fs::File::create(stage.join("plain")).unwrap();
    fs::create_dir(stage.join("folder")).unwrap();
    disk.write(&root, &name("ours"), b"x").unwrap();
    disk.write(&root, &name("work/ours"), b"x").unwrap();
    disk.write_user_file(&stage.join("user's"), b"x").unwrap();
    disk.copy_folder(&root.folder(&name("work")), &root.folder(&name("copy"))).unwrap();
    for file in ["ours", "work/ours", "user's", "copy/ours"] {
        assert_eq!(mode(stage.join(file)), mode(stage.join("plain")), "{file}");
    }
    for folder in ["work", "copy"] {
        assert_eq!(mode(stage.join(folder)), mode(stage.join("folder")), "{folder}");
    }
}

/// A file system of a few pages, mounted for one process alone; where that is not allowed there is nothing to see.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_called_full() {
    let folder = folder();
    let part = ran(&mut actor(&["unshare", "-rm"], "storing::writes_until_the_disk_is_full", folder.path()));
    // A test that fails ends with 101; anything else is that of a system that does not allow it.
    assert!(part.map_or(true, |status| status.code() != Some(101)));
}

#[cfg(target_os = "linux")]
#[test]
fn writes_until_the_disk_is_full() {
    let Some(stage) = stage() else { return };
    let mount = ["-t", "tmpfs", "-o", "size=64k", "tmpfs"];
    let mounted = std::process::Command::new("mount").args(mount).arg(&stage).status();
    if !mounted.is_ok_and(|status| status.success()) {
        return;
    }
    let (root, disk) = (Folder::root(&stage), Disk::new());
    disk.write(&root, &name("rows.csv"), b"old").unwrap();
    let error = disk.write(&root, &name("rows.csv"), &[1; 1 << 20]).unwrap_err().to_string();
    assert!(error.contains("the disk is full") && error.contains("rows.csv"), "{error}");
    assert_eq!(
        (files(&root), root.read(&name("rows.csv")).unwrap()),
        (vec!["rows.csv".to_owned()], b"old".to_vec())
    );
}
