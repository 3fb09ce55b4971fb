//! Files that the user named.

use std::fs;

use disk::{Disk, Fault, destination};

use crate::support::{files, folder, root};

#[test]
fn a_file_the_user_named_is_written_whole_and_its_neighbours_stay() {
    let folder = folder();
    let disk = Disk::new();
    let out = folder.path().join("q.png");
    fs::write(folder.path().join(".tmp-q.png"), "the user's own").unwrap();
    disk.write_user_file(&out, b"picture").unwrap();
    assert_eq!(disk.sweep(&root(&folder)).unwrap(), 0);
    assert_eq!(fs::read(&out).unwrap(), b"picture");
    assert_eq!(fs::read(folder.path().join(".tmp-q.png")).unwrap(), b"the user's own");
    assert_eq!(files(&root(&folder)), [".tmp-q.png", "q.png"]);
    assert!(disk.write_user_file(&folder.path().join("no/such/folder.png"), b"x").is_err());
    assert!(!folder.path().join("no").exists());
}

/// Its name need be no name of ours.
#[cfg(unix)]
#[test]
fn a_user_may_name_a_file_as_they_like() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder();
    for file in [&b"back\\slash.png"[..], b"line\nbreak.png", b"\xff.png", &[b'x'; 255]] {
        let path = folder.path().join(std::ffi::OsStr::from_bytes(file));
        Disk::new().write_user_file(&path, b"picture").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"picture");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
}

#[cfg(unix)]
#[test]
fn a_link_the_user_named_stays_and_what_it_leads_to_is_written() {
    use std::os::unix::fs::symlink;
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("deep")).unwrap();
    fs::write(at("deep/picture"), "old").unwrap();
    symlink("deep/picture", at("link")).unwrap();
    symlink("link", at("link of a link")).unwrap();
    symlink("deep/new", at("to nothing yet")).unwrap();
    for (link, target) in
        [("link", "deep/picture"), ("link of a link", "deep/picture"), ("to nothing yet", "deep/new")]
    {
        let bytes = link.as_bytes();
        Disk::new().write_user_file(&at(link), bytes).unwrap();
        assert!(fs::symlink_metadata(at(link)).unwrap().is_symlink());
        assert_eq!(fs::read(at(target)).unwrap(), bytes);
    }
    assert_eq!(fs::read_dir(at("deep")).unwrap().count(), 2);
    symlink("circle", at("circle")).unwrap();
    symlink("/dev/null", at("device")).unwrap();
    for (wrong, found) in
        [("deep", "found a folder"), ("device", "found something else"), ("circle", "circle")]
    {
        let error = format!("{:#}", destination(&at(wrong)).unwrap_err());
        assert!(error.contains("cannot write") && error.contains(found), "{error}");
        assert!(Disk::new().write_user_file(&at(wrong), b"x").is_err());
    }
}

#[test]
fn a_fault_leaves_the_old_file_or_the_new_one_and_nothing_else() {
    let folder = folder();
    let out = folder.path().join("out.png");
    for n in 0..3 {
        for fault in [Fault::Once(n), Fault::From(n)] {
            fs::write(&out, "old").unwrap();
            let error = Disk::with_fault(fault).write_user_file(&out, b"new").unwrap_err().to_string();
            assert!(error.contains("cannot ") && error.contains("out.png"), "{error}");
            let found = fs::read(&out).unwrap();
            // The last operation is a sync, after the rename.
            assert_eq!(found, if n < 2 { b"old" } else { b"new" }, "{fault:?}");
            assert_eq!(files(&root(&folder)), ["out.png"], "{fault:?}");
        }
    }
}
