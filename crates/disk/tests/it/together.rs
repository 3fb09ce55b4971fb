//! Several writers of one file: all succeed, one whole file is there in the end, and nothing beside it.

use disk::{Disk, Folder};

use crate::support::{actor, files, folder, name, root, stage, started};

const WRITERS: u8 = 8;
const ROUNDS: usize = 50;

fn write_often(folder: &Folder, byte: u8) {
    let disk = Disk::new();
    for _ in 0..ROUNDS {
        disk.write(folder, &name("a/b/rows.csv"), &vec![byte; 10_000 + usize::from(byte)]).unwrap();
        disk.write_user_file(&folder.path().join("out.png"), &vec![byte; 10_000 + usize::from(byte)])
            .unwrap();
    }
}

fn assert_whole(folder: &Folder) {
    assert_eq!(files(folder), ["a/b/rows.csv", "out.png"]);
    for file in ["a/b/rows.csv", "out.png"] {
        let bytes = folder.read(&name(file)).unwrap();
        assert!(bytes.len() == 10_000 + usize::from(bytes[0]) && bytes.iter().all(|byte| *byte == bytes[0]));
    }
}

#[test]
fn threads_that_write_the_same_file_all_succeed() {
    let folder = folder();
    let root = root(&folder);
    std::thread::scope(|scope| {
        for byte in 0..WRITERS {
            let root = &root;
            scope.spawn(move || write_often(root, byte));
        }
    });
    assert_whole(&root);
}

#[test]
fn processes_that_write_the_same_file_all_succeed() {
    let folder = folder();
    let start = |_| started(&mut actor(&[], "together::writes_often", folder.path())).unwrap();
    let writers: Vec<_> = (0..WRITERS).map(start).collect();
    for mut writer in writers {
        assert!(writer.wait().unwrap().success());
    }
    assert_whole(&root(&folder));
}

#[test]
fn writes_often() {
    let Some(stage) = stage() else { return };
    write_often(&Folder::root(stage), (std::process::id() % 251) as u8);
}
