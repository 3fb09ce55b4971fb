//! A finished results folder is looked at without touching it, and a damaged page is noticed and mended.

use std::fs;

use disk::Folder;
use engine::page;

use crate::support::{Drawn, binding, contents, draw_all, drawn, train};

#[test]
fn a_damaged_page_is_found_and_mended_by_the_next_drawing() {
    let Drawn { folder, store, studies, plan } = drawn();
    let before = contents(folder.path());
    let root = Folder::root(folder.path());
    let catalogue = [studies[0].about];
    for file in ["index.html", "experiments.html", "REPORT.md"] {
        let sound = fs::read(folder.path().join(file)).unwrap();
        let mut flipped = sound.clone();
        flipped[sound.len() / 2] ^= 1;
        for bytes in [None, Some(&b""[..]), Some(&sound[..sound.len() / 2]), Some(&flipped)] {
            match bytes {
                None => fs::remove_file(folder.path().join(file)).unwrap(),
                Some(bytes) => fs::write(folder.path().join(file), bytes).unwrap(),
            }
            let damage = page::damage(&root).unwrap();
            assert!(damage.len() == 1 && damage[0].contains(file), "{damage:?}");
            assert!(!page::is_current(&binding(&catalogue), &store).unwrap());
            assert_eq!(draw_all(&studies, &plan, &store).unwrap().unchanged, 1);
            assert_eq!(page::damage(&root).unwrap(), Vec::<String>::new());
            assert_eq!(contents(folder.path()), before, "{file}");
        }
    }
}

#[test]
fn what_is_finished_is_looked_at_without_a_single_operation() {
    let Drawn { folder, store, studies, plan } = drawn();
    let operations = store.disk().operations();
    let before = contents(folder.path());
    assert_eq!(train(&plan, &store, 2).cached, plan.points.len());
    let summary = draw_all(&studies, &plan, &store).unwrap();
    assert_eq!(
        (summary.unchanged, summary.page.as_deref()),
        (1, Some(folder.path().join("index.html").as_path()))
    );
    assert_eq!(store.disk().operations(), operations);
    assert_eq!(contents(folder.path()), before);
}

/// What another build drew is made anew in memory, and noted as drawn by this one if it is the same.
#[test]
fn what_another_build_drew_is_kept_if_it_is_the_same() {
    let Drawn { folder, store, studies, plan } = drawn();
    let before = contents(folder.path());
    for host in ["host.json", "lines/ours/host.json"] {
        fs::write(folder.path().join(host), "{\"drawn_by\": \"another build\"}").unwrap();
    }
    let written = fs::metadata(folder.path().join("lines/ours/lines.svg")).unwrap().modified().unwrap();
    assert_eq!(draw_all(&studies, &plan, &store).unwrap().unchanged, 1);
    let left = fs::metadata(folder.path().join("lines/ours/lines.svg")).unwrap().modified().unwrap();
    assert_eq!((contents(folder.path()), left), (before, written));
    let operations = store.disk().operations();
    draw_all(&studies, &plan, &store).unwrap();
    assert_eq!(store.disk().operations(), operations, "it is noted as drawn by this build");
    // One whose drawings differ is drawn again.
    let manifest = folder.path().join("lines/ours/manifest.json");
    let text =
        fs::read_to_string(&manifest).unwrap().replace("\"profile\": \"smoke\"", "\"profile\": \"quick\"");
    fs::write(&manifest, text).unwrap();
    fs::write(folder.path().join("lines/ours/host.json"), "{}").unwrap();
    assert_eq!(draw_all(&studies, &plan, &store).unwrap().drawn, 1);
}

#[cfg(unix)]
#[test]
fn a_read_only_results_folder_is_looked_at() {
    use std::os::unix::fs::PermissionsExt;
    let Drawn { folder, store, studies, plan } = drawn();
    let mut folders: Vec<std::path::PathBuf> = Folder::root(folder.path())
        .files()
        .unwrap()
        .iter()
        .map(|file| folder.path().join(file.as_str()))
        .collect();
    folders = folders.iter().filter_map(|file| file.parent().map(std::path::Path::to_path_buf)).collect();
    folders.push(folder.path().join("points"));
    let mode = |mode| {
        for path in &folders {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    mode(0o555);
    // Root writes everywhere: nothing to see then.
    if fs::write(folder.path().join("probe"), "").is_err() {
        for by in ["this build", "another build"] {
            assert_eq!(train(&plan, &store, 1).cached, plan.points.len());
            let summary = draw_all(&studies, &plan, &store).unwrap();
            assert_eq!((summary.unchanged, summary.failed.len()), (1, 0), "{by}: {:?}", summary.failed);
            assert!(summary.page.is_some());
            mode(0o755);
            for host in ["host.json", "lines/ours/host.json"] {
                fs::write(folder.path().join(host), "{\"drawn_by\": \"another build\"}").unwrap();
            }
            mode(0o555);
        }
    }
    mode(0o755);
}
