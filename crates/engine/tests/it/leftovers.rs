//! Whatever killed runs, interrupted copies and dying disks leave, the next run ends with the same bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use disk::{Fault, Folder};
use engine::plan::Plan;
use engine::run::{Options, Summary};
use engine::store::{MANIFEST, METRICS};
use engine::{Estimate, Task, Workbench};

use crate::support::{contents, copy_of, folder, name, plan_of, store, task_of, toy, train, train_with};
use crate::toy::{Act, Staged};

const FORCE: Options = Options { jobs: 1, threads: 1, force: true };
const ONE: Options = Options { jobs: 1, threads: 1, force: false };
const CHEAP: Estimate = Estimate { seconds: 1.0, bytes: 1 };

fn assert_well(summary: &Summary, ran: usize, at: &str) {
    assert!(summary.failed.is_empty(), "{at}: {:?}", summary.failed);
    assert_eq!((summary.ran, summary.skipped), (ran, 0), "{at}");
}

/// What an interrupted copy leaves of a point.
#[test]
fn a_point_without_its_whole_manifest_is_set_aside_and_trained_anew() {
    let needed = toy(3, 4, None, &[]);
    let plan = plan_of(&[&toy(2, 2, None, &[&needed]), &needed]);
    let reference = folder();
    train(&plan, &store(reference.path(), Fault::Never), 1);
    let expected = contents(reference.path());
    let copied = store(reference.path(), Fault::Never).path(&needed.point.key).path();
    let sound = fs::read(copied.join(MANIFEST)).unwrap();
    let others =
        fs::read(store(reference.path(), Fault::Never).path(&plan.points[1].key).file(&name(MANIFEST)));
    let manifests: [(&str, Option<&[u8]>); 5] = [
        ("none", None),
        ("empty", Some(b"")),
        ("cut off", Some(&sound[..sound.len() / 2])),
        ("another point's", Some(&others.unwrap())),
        ("no JSON", Some(b"\0\0\0")),
    ];
    for (which, manifest) in manifests {
        for (options, ran) in [(ONE, 1), (FORCE, 2)] {
            let at = format!("{which}, {options:?}");
            let folder = copy_of(reference.path());
            let store = store(folder.path(), Fault::Never);
            let path = store.path(&needed.point.key).file(&name(MANIFEST));
            match manifest {
                None => fs::remove_file(&path).unwrap(),
                Some(bytes) => fs::write(&path, bytes).unwrap(),
            }
            assert!(!store.has(&needed.point.key).unwrap(), "{at}");
            assert_well(&train_with(&plan, &store, options), ran, &at);
            assert_eq!(contents(folder.path()), expected, "{at}");
        }
    }
}

/// An empty folder, and a file where the folder should be.
#[test]
fn what_has_the_name_of_a_point_and_is_none_does_not_block_it() {
    let task = toy(3, 4, None, &[]);
    let plan = plan_of(&[&task]);
    let reference = folder();
    train(&plan, &store(reference.path(), Fault::Never), 1);
    let plants: [fn(&Path); 3] = [
        |path| fs::create_dir_all(path).unwrap(),
        |path| fs::write(path, "a placeholder").unwrap(),
        |path| fs::create_dir_all(path.join(MANIFEST)).unwrap(),
    ];
    for plant in plants {
        for place in ["", ".work-", ".aside-"] {
            let folder = folder();
            let store = store(folder.path(), Fault::Never);
            fs::create_dir(folder.path().join("points")).unwrap();
            plant(&folder.path().join("points").join(format!("{place}{}", task.point.key)));
            assert_well(&train(&plan, &store, 1), 1, place);
            assert_eq!(contents(folder.path()), contents(reference.path()), "{place}");
        }
    }
}

/// A kill between any two operations is a disk that is gone from one on.
#[test]
fn a_forced_run_that_is_killed_anywhere_loses_nothing() {
    let needed = toy(3, 2, None, &[]);
    let plan = plan_of(&[&toy(2, 2, None, &[&needed]), &needed]);
    let reference = folder();
    train(&plan, &store(reference.path(), Fault::Never), 1);
    let expected = contents(reference.path());
    let whole = copy_of(reference.path());
    let counted = store(whole.path(), Fault::Never);
    assert_well(&train_with(&plan, &counted, FORCE), 2, "never killed");
    assert_eq!(contents(whole.path()), expected);
    let operations = counted.disk().operations();
    assert!(operations > 40, "{operations}");
    for n in 0..operations {
        for again in [ONE, FORCE] {
            let folder = copy_of(reference.path());
            let killed = train_with(&plan, &store(folder.path(), Fault::From(n)), FORCE);
            assert!(!killed.failed.is_empty(), "{n}: nobody said anything");
            let summary = train_with(&plan, &store(folder.path(), Fault::Never), again);
            assert!(summary.failed.is_empty(), "{n}: {:?}", summary.failed);
            assert_eq!(contents(folder.path()), expected, "killed at {n}, then {again:?}");
        }
    }
}

/// What is done to the bytes of a file, and its name.
type Damage = (&'static str, fn(&mut Vec<u8>));

/// Damage that disks, sync tools and power cuts do to a file.
const DAMAGES: [Damage; 3] = [
    ("a bit flipped", |bytes| {
        let middle = bytes.len() / 2;
        if let Some(byte) = bytes.get_mut(middle) {
            *byte ^= 1;
        }
    }),
    ("cut off", |bytes| bytes.truncate(bytes.len() / 2)),
    ("emptied", Vec::clear),
];

/// The files of the working folder after a run that ended with its `n`-th operation.
fn killed_at(n: usize, plan: &Plan, task: &Task) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = folder();
    let store = store(folder.path(), Fault::From(n));
    train(plan, &store, 1);
    let points = Folder::root(folder.path().join("points"));
    let entries = if points.exists().unwrap() { points.entries().unwrap() } else { vec![] };
    let own = format!(".work-{}.", task.point.key);
    let work = entries.iter().find(|(entry, _)| entry.as_str().starts_with(&own));
    let files = work.map_or_else(Vec::new, |(entry, _)| {
        let work = points.folder(entry);
        work.files().unwrap().iter().map(|file| work.file(file)).collect()
    });
    (folder, files)
}

#[test]
fn a_damaged_file_of_a_point_under_way_is_never_published_and_never_in_the_way() {
    let task = task_of("staged", Staged, &[], CHEAP);
    let plan = plan_of(&[&task]);
    let reference = folder();
    let counted = store(reference.path(), Fault::Never);
    assert_well(&train(&plan, &counted, 1), 1, "undamaged");
    let expected = contents(reference.path());
    let mut seen = std::collections::BTreeSet::new();
    for n in 0..counted.disk().operations() {
        let files = killed_at(n, &plan, &task).1.len();
        for file in 0..files {
            for (damage, harm) in DAMAGES {
                let (folder, files) = killed_at(n, &plan, &task);
                let mut bytes = fs::read(&files[file]).unwrap();
                harm(&mut bytes);
                fs::write(&files[file], bytes).unwrap();
                let at = format!("killed at {n}, {} {damage}", files[file].display());
                assert_well(&train(&plan, &store(folder.path(), Fault::Never), 1), 1, &at);
                assert_eq!(contents(folder.path()), expected, "{at}");
                seen.insert(files[file].file_name().unwrap().to_owned());
            }
        }
    }
    // Every kind of file was there to be damaged.
    for kind in [
        ".stage-first.bin",
        "checkpoint.previous.safetensors",
        "checkpoint.safetensors",
        "first-2.safetensors",
        "first.bin",
        "last.bin",
        MANIFEST,
        METRICS,
        "notes.txt",
    ] {
        assert!(seen.contains(std::ffi::OsStr::new(kind)), "{kind}: {seen:?}");
    }
}

/// The same for what is no file any more.
#[test]
fn a_folder_in_the_place_of_a_file_under_way_is_not_in_the_way() {
    let task = task_of("staged", Staged, &[], CHEAP);
    let plan = plan_of(&[&task]);
    let reference = folder();
    let counted = store(reference.path(), Fault::Never);
    train(&plan, &counted, 1);
    for n in 0..counted.disk().operations() {
        for file in 0..killed_at(n, &plan, &task).1.len() {
            let (folder, files) = killed_at(n, &plan, &task);
            fs::remove_file(&files[file]).unwrap();
            fs::create_dir(&files[file]).unwrap();
            fs::write(files[file].join("inside"), "x").unwrap();
            let at = format!("killed at {n}, {}", files[file].display());
            assert_well(&train(&plan, &store(folder.path(), Fault::Never), 1), 1, &at);
            assert_eq!(contents(folder.path()), contents(reference.path()), "{at}");
        }
    }
}

/// What happens to a file of a point between its writing and its publication.
fn lost(harm: fn(&Path)) {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    static HARMLESS: AtomicBool = AtomicBool::new(false);
    HARMLESS.store(false, Ordering::SeqCst);
    let points = folder.path().join("points");
    let deed = move |bench: &mut Workbench<'_>| {
        bench.put("first.bin", b"first")?;
        bench.put("second.bin", b"second")?;
        if !HARMLESS.load(Ordering::SeqCst) {
            let work = fs::read_dir(&points)?.filter_map(Result::ok).map(|entry| entry.path());
            let mut work = work.filter(|path| path.is_dir());
            harm(&work.next().unwrap().join("second.bin"));
        }
        Ok(())
    };
    let task = task_of("lost", Act("lost", Box::new(deed)), &[], CHEAP);
    let plan = plan_of(&[&task]);
    let summary = train(&plan, &store, 1);
    let [(_, _, error)] = &summary.failed[..] else { panic!("{summary:?}") };
    assert_eq!(summary.ran, 0);
    assert!(error.contains("second.bin") && error.contains("cannot publish"), "{error}");
    assert!(!store.has(&task.point.key).unwrap());
    HARMLESS.store(true, Ordering::SeqCst);
    assert_well(&train(&plan, &store, 1), 1, "the next run");
    assert!(store.verify(&task.point.key).unwrap().is_empty());
}

#[test]
fn a_file_that_is_lost_before_it_is_published_is_a_failure_that_names_it() {
    lost(|file| fs::remove_file(file).unwrap());
    lost(|file| fs::write(file, "other bytes").unwrap());
    lost(|file| {
        fs::remove_file(file).unwrap();
        fs::create_dir(file).unwrap();
    });
}

/// A reader comes by while another process replaces a point.
#[test]
fn a_point_that_is_being_replaced_is_waited_for() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let task = toy(3, 2, None, &[]);
    train(&plan_of(&[&task]), &store, 1);
    let own = store.path(&task.point.key).path();
    let aside = folder.path().join("points").join(format!(".aside-{}", task.point.key));
    fs::rename(&own, &aside).unwrap();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| store.read(&task.point.key, "line.safetensors"));
        std::thread::sleep(Duration::from_millis(120));
        fs::rename(&aside, &own).unwrap();
        assert!(reader.join().unwrap().is_ok());
    });
    fs::remove_dir_all(&own).unwrap();
    let error = format!("{:#}", store.read(&task.point.key, "line.safetensors").unwrap_err());
    assert!(error.contains(MANIFEST) && !error.contains("remove the folder"), "nothing is there: {error}");
}

#[test]
fn temporaries_and_folders_of_killed_runs_are_swept() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let (done, open) = (toy(3, 2, None, &[]), toy(4, 2, None, &[]));
    train(&plan_of(&[&done]), &store, 1);
    let expected = contents(folder.path());
    let points = folder.path().join("points");
    let temporary = ".tmp-0123456789abcdef.part";
    fs::write(points.join(temporary), "half a file").unwrap();
    for what in [".work-", ".aside-"] {
        fs::create_dir(points.join(format!("{what}{}", done.point.key))).unwrap();
    }
    fs::create_dir(points.join(format!(".work-{}", open.point.key))).unwrap();
    fs::write(points.join(format!(".work-{}", open.point.key)).join("stays"), "").unwrap();
    // Somebody trains it once more at this moment: nothing of it is touched.
    let turn = store.turn(&done.point.key).unwrap().unwrap();
    train(&plan_of(&[&done]), &store, 1);
    assert!(turn.work.exists().unwrap() && !points.join(temporary).exists());
    turn.retire();
    train(&plan_of(&[&done]), &store, 1);
    let left = contents(folder.path());
    assert_eq!(left.lines().count(), expected.lines().count() + 1, "{left}");
    assert!(left.contains("stays"), "a point that is not published may go on: {left}");
    assert_eq!(fs::read_dir(&points).unwrap().count(), 2);
    assert_eq!(train(&plan_of(&[&open]), &store, 1).ran, 1);
    assert!(!contents(folder.path()).contains("stays"));
}
