//! What a published point holds, and what happens when it is damaged or published again.

use std::fs;

use disk::Fault;
use engine::Rows;
use engine::digest::sha256;
use engine::publish::{Done, Publish};
use engine::run::Options;
use engine::store::{Artefacts, HOST, MANIFEST, METRICS};

use crate::support::{contents, folder, plan_of, store, toy, train, train_with};

#[test]
fn a_published_point_has_its_artefacts_its_rows_and_two_notes() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let task = toy(3, 4, None, &[]);
    let point = &task.point;
    assert_eq!(train(&plan_of(&[&task]), &store, 1).ran, 1);
    let files = store.path(&point.key).files().unwrap();
    assert_eq!(files, [HOST, "line.safetensors", MANIFEST, METRICS]);
    let manifest = store.manifest(&point.key).unwrap();
    assert_eq!(manifest.artefacts.keys().collect::<Vec<_>>(), ["line.safetensors", METRICS]);
    assert_eq!(manifest.config.to_string(), point.config);
    assert!(manifest.metrics["norm"].is_some_and(f64::is_finite));
    let rows = store.rows(&point.key).unwrap();
    assert_eq!(rows.rows.iter().filter(|row| row.metric == "loss").count(), 4);
    // Nothing is left of the work but published points.
    let left = fs::read_dir(folder.path().join("points")).unwrap().count();
    assert_eq!(left, 1);
}

#[test]
fn a_damaged_point_is_found_out_by_name() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let task = toy(3, 4, None, &[]);
    let point = &task.point;
    train(&plan_of(&[&task]), &store, 1);
    assert!(store.verify(&point.key).unwrap().is_empty());
    let path = store.path(&point.key).path().join("line.safetensors");
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, bytes).unwrap();
    let trouble = store.verify(&point.key).unwrap();
    assert!(trouble.len() == 1 && trouble[0].contains("line.safetensors"), "{trouble:?}");
    fs::remove_file(&path).unwrap();
    assert_eq!(store.verify(&point.key).unwrap().len(), 1);
}

/// One look at the folder of all points says what a look at each of them says: published, under way, cut off, not a folder, nothing.
#[test]
fn which_points_are_published_is_what_each_of_them_says() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let tasks: Vec<_> = (1..6).map(|size| toy(size, 2, None, &[])).collect();
    let keys = || tasks.iter().map(|task| &task.point.key);
    assert_eq!(store.which(keys()).unwrap(), [false; 5], "no folder at all");
    train(&plan_of(&[&tasks[0], &tasks[1]]), &store, 1);
    fs::remove_file(store.path(&tasks[1].point.key).path().join(MANIFEST)).unwrap();
    fs::create_dir(store.work(&tasks[2].point.key).path()).unwrap();
    fs::write(store.path(&tasks[3].point.key).path(), "a file").unwrap();
    let each: Vec<bool> = keys().map(|key| store.has(key).unwrap()).collect();
    assert_eq!(each, [true, false, false, false, false]);
    assert_eq!(store.which(keys()).unwrap(), each);
}

/// Nothing is computed from what is damaged, and nobody reads rows that were changed.
#[test]
fn a_point_that_needs_a_damaged_one_fails_and_says_what_to_remove() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let needed = toy(3, 4, None, &[]);
    let dependent = toy(2, 4, None, &[&needed]);
    let plan = plan_of(&[&dependent, &needed]);
    assert_eq!(train(&plan, &store, 1).ran, 2);
    let path = store.path(&needed.point.key).path().join("line.safetensors");
    let (sound, mut bytes) = (fs::read(&path).unwrap(), fs::read(&path).unwrap());
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, &bytes).unwrap();
    fs::remove_dir_all(store.path(&dependent.point.key).path()).unwrap();
    let summary = train(&plan, &store, 1);
    let [(key, _, error)] = &summary.failed[..] else { panic!("{:?}", summary.failed) };
    assert_eq!((key, summary.ran), (&dependent.point.key, 0));
    let remove = format!("remove the folder {}", store.path(&needed.point.key).path().display());
    for word in [&path.display().to_string(), &sha256(&sound), &sha256(&bytes), &remove] {
        assert!(error.contains(word.as_str()), "{word} in {error}");
    }
    // What it says is enough.
    fs::remove_dir_all(store.path(&needed.point.key).path()).unwrap();
    assert_eq!(train(&plan, &store, 1).ran, 2);

    assert!(
        store.read(&needed.point.key, "line.safetensors").is_ok() && store.rows(&needed.point.key).is_ok()
    );
    assert!(store.read(&needed.point.key, HOST).unwrap_err().to_string().contains("manifest"));
    let path = store.path(&needed.point.key).path().join(METRICS);
    let text = fs::read_to_string(&path).unwrap().replacen("loss", "boss", 1);
    fs::write(&path, text).unwrap();
    assert!(store.rows(&needed.point.key).unwrap_err().to_string().contains(METRICS));
    fs::remove_file(&path).unwrap();
    assert!(format!("{:#}", store.rows(&needed.point.key).unwrap_err()).contains("remove the folder"));
}

#[test]
fn force_trains_again_and_gives_the_same_bytes() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let plan = plan_of(&[&toy(3, 4, None, &[])]);
    train(&plan, &store, 1);
    let before = contents(folder.path());
    let options = Options { jobs: 1, threads: 1, force: true };
    assert_eq!(train_with(&plan, &store, options).ran, 1);
    assert_eq!(contents(folder.path()), before);
}

/// A working folder that was complete when the process died needs only the rename.
#[test]
fn a_point_killed_just_before_its_rename_is_not_trained_again() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let task = toy(3, 4, None, &[]);
    let point = &task.point;
    train(&plan_of(&[&task]), &store, 1);
    let before = contents(folder.path());
    fs::rename(store.path(&point.key).path(), store.work(&point.key).path()).unwrap();
    assert!(!store.has(&point.key).unwrap());
    let turn = store.turn(&point.key).unwrap().unwrap();
    assert!(store.finish(&point.key, &turn, Publish::Compare).unwrap());
    turn.retire();
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn a_point_published_twice_with_other_bytes_is_a_loud_error() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let task = toy(3, 4, None, &[]);
    let point = &task.point;
    train(&plan_of(&[&task]), &store, 1);
    let before = contents(folder.path());
    let (kept, rows, host) = (Artefacts::new(), Rows::default(), serde_json::json!({}));
    let done = Done { kept: &kept, rows: &rows, host: &host };
    let turn = store.turn(&point.key).unwrap().unwrap();
    let error = store.publish(point, &turn, done, Publish::Compare).unwrap_err().to_string();
    store.give_back(&point.key, &turn).unwrap();
    turn.retire();
    let kept = store.work(&point.key).path().display().to_string();
    assert!(error.contains(&kept), "{error}");
    assert!(error.contains("with other bytes") && error.contains(point.key.as_str()), "{error}");
    fs::remove_dir_all(store.work(&point.key).path()).unwrap();
    assert_eq!(contents(folder.path()), before, "what was published stays");
}
