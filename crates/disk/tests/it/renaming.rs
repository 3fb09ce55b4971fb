//! Renames, and the copy where the system cannot rename.

use std::fs;

use disk::{Disk, Folder};
use tempfile::TempDir;

use crate::support::{actor, files, folder, message, name, ran, root, stage};

/// A root with a folder `work` that holds a few things.
fn workshop() -> (TempDir, Folder) {
    let folder = folder();
    let root = root(&folder);
    let (work, disk) = (root.folder(&name("work")), Disk::new());
    disk.write(&work, &name("weights/rbm"), b"weights").unwrap();
    disk.write(&work, &name("rows.csv"), b"rows").unwrap();
    disk.create(&work.folder(&name("empty"))).unwrap();
    (folder, root)
}

#[test]
fn a_folder_gets_another_name_with_all_it_holds() {
    let (_folder, root) = workshop();
    Disk::new().rename(&root.folder(&name("work")), &root.folder(&name("published"))).unwrap();
    assert_eq!(files(&root), ["published/rows.csv", "published/weights/rbm"]);
}

#[test]
fn nothing_is_renamed_onto_something_or_elsewhere() {
    let (folder, root) = workshop();
    let disk = Disk::new();
    let work = root.folder(&name("work"));
    fs::create_dir(folder.path().join("there")).unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    for (from, to, why) in [
        ("work", "there", "expected nothing there, found a folder"),
        ("work", "file", "expected nothing there, found a file"),
        ("work", "there/work", "expected a folder in"),
        ("file", "new", "expected a folder at"),
        ("nothing", "new", "nothing"),
    ] {
        let (from, to) = (root.folder(&name(from)), root.folder(&name(to)));
        for error in [message(disk.rename(&from, &to)), message(disk.copy_folder(&from, &to))] {
            let why = error.contains(why) || (why == "nothing" && error.contains("No such file"));
            assert!(why && error.contains(&to.path().display().to_string()), "{error}");
        }
    }
    assert!(message(disk.rename(&root, &work)).contains("below a root"));
    assert_eq!(disk.operations(), 0);
    assert_eq!(files(&root), ["file", "work/rows.csv", "work/weights/rbm"]);
}

#[test]
fn a_copy_is_whole_and_leaves_the_first_alone() {
    let (folder, root) = workshop();
    Disk::new().copy_folder(&root.folder(&name("work")), &root.folder(&name("copy"))).unwrap();
    let expected = ["copy/rows.csv", "copy/weights/rbm", "work/rows.csv", "work/weights/rbm"];
    assert_eq!(files(&root), expected);
    assert_eq!(root.read(&name("copy/weights/rbm")).unwrap(), b"weights");
    assert!(root.folder(&name("copy/empty")).exists().unwrap());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[cfg(unix)]
#[test]
fn a_copy_keeps_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, root) = workshop();
    let at = |file: &str| folder.path().join(file);
    let modes = [("weights/rbm", 0o640), ("weights", 0o510), ("", 0o750)];
    for (file, mode) in modes {
        fs::set_permissions(at("work").join(file), fs::Permissions::from_mode(mode)).unwrap();
    }
    Disk::new().copy_folder(&root.folder(&name("work")), &root.folder(&name("copy"))).unwrap();
    for (file, mode) in modes {
        assert_eq!(fs::metadata(at("copy").join(file)).unwrap().permissions().mode() & 0o777, mode, "{file}");
    }
    for folder in ["work/weights", "copy/weights"] {
        fs::set_permissions(at(folder), fs::Permissions::from_mode(0o700)).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn what_is_neither_a_file_nor_a_folder_is_not_copied() {
    let (folder, root) = workshop();
    std::os::unix::fs::symlink("/etc", folder.path().join("work/weights/link")).unwrap();
    let error = message(Disk::new().copy_folder(&root.folder(&name("work")), &root.folder(&name("copy"))));
    assert!(error.contains("weights/link") && error.contains("found a link"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    // A rename takes it along unread.
    Disk::new().rename(&root.folder(&name("work")), &root.folder(&name("new"))).unwrap();
    assert!(fs::symlink_metadata(folder.path().join("new/weights/link")).unwrap().is_symlink());
}

#[test]
fn a_file_gets_another_name_and_replaces_what_had_it() {
    let (_folder, root) = workshop();
    let (work, disk) = (root.folder(&name("work")), Disk::new());
    disk.rename_file(&work, &name("rows.csv"), &name("old.csv")).unwrap();
    disk.write(&work, &name("rows.csv"), b"new").unwrap();
    disk.rename_file(&work, &name("rows.csv"), &name("old.csv")).unwrap();
    assert_eq!(work.read(&name("old.csv")).unwrap(), b"new");
    disk.rename_file(&work, &name("old.csv"), &name("weights/moved")).unwrap();
    assert_eq!(files(&work), ["weights/moved", "weights/rbm"]);
    assert!(message(disk.rename_file(&work, &name("weights"), &name("x"))).contains("expected a file at"));
    assert!(
        message(disk.rename_file(&work, &name("weights/rbm"), &name("empty"))).contains("expected a file at")
    );
    assert!(disk::absent(&disk.rename_file(&work, &name("no"), &name("x")).unwrap_err()));
}

/// As containers have them: folders of the lower layer are not renamed by the system. Where mounting is not allowed
/// there is nothing to see.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_of_a_lower_layer_is_copied_and_removed() {
    let (folder, root) = workshop();
    let work = |layer| root.folder(&name(layer)).folder(&name("work"));
    for layer in ["lower", "upper", "scratch", "merged"] {
        fs::create_dir(folder.path().join(layer)).unwrap();
    }
    fs::rename(folder.path().join("work"), work("lower").path()).unwrap();
    let part = ran(&mut actor(&["unshare", "-rm"], "renaming::renames_across_layers", folder.path()));
    // A test that fails ends with 101; anything else is that of a system that does not allow it.
    assert!(part.map_or(true, |status| status.code() != Some(101)));
    assert_eq!(files(&work("lower")), ["rows.csv", "weights/rbm"], "the lower layer stays");
}

#[cfg(target_os = "linux")]
#[test]
fn renames_across_layers() {
    let Some(stage) = stage() else { return };
    let layers =
        "lowerdir=lower,upperdir=upper,workdir=scratch".replace('=', &format!("={}/", stage.display()));
    let layers = layers + ",userxattr";
    let mut mount = std::process::Command::new("mount");
    mount.args(["-t", "overlay", "-o", &layers, "overlay"]).arg(stage.join("merged"));
    if !ran(&mut mount).is_ok_and(|status| status.success()) {
        return;
    }
    let (root, disk) = (Folder::root(stage.join("merged")), Disk::new());
    let (work, published) = (root.folder(&name("work")), root.folder(&name("published")));
    // Where the upper layer cannot take notes, no folder at all is renamed, not even a new one.
    fs::create_dir(root.path().join("new")).unwrap();
    if fs::rename(root.path().join("new"), root.path().join("newer")).is_err() {
        return;
    }
    let refused = fs::rename(work.path(), published.path());
    if refused.is_ok() {
        fs::rename(published.path(), work.path()).unwrap();
    }
    disk.rename(&work, &published).unwrap();
    assert!(!work.exists().unwrap());
    assert_eq!(files(&published), ["rows.csv", "weights/rbm"]);
    assert!(published.folder(&name("empty")).exists().unwrap());
    assert_eq!(disk.sweep(&root).unwrap(), 0);
    if refused.is_err() {
        assert!(disk.operations() > 3, "{} operations are not a copy", disk.operations());
    }
}
