use std::fs;

use experiments::disk::{self, Fault};
use experiments::point::sha256;
use experiments::store::{HOST, MANIFEST, METRICS};

use crate::support::{contents, data, folder, plan_of, store, toy, train};

#[test]
fn a_published_point_has_its_artefacts_its_rows_and_two_notes() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let point = toy(3, 4, None, &[]);
    assert_eq!(train(&plan_of(&[&point]), &store, 1).ran, 1);
    let files = disk::list(&store.path(&point.key)).unwrap();
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
    let point = toy(3, 4, None, &[]);
    train(&plan_of(&[&point]), &store, 1);
    assert!(store.verify(&point.key).unwrap().is_empty());
    let path = store.path(&point.key).join("line.safetensors");
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, bytes).unwrap();
    let trouble = store.verify(&point.key).unwrap();
    assert!(trouble.len() == 1 && trouble[0].contains("line.safetensors"), "{trouble:?}");
    fs::remove_file(&path).unwrap();
    assert_eq!(store.verify(&point.key).unwrap().len(), 1);
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
    let path = store.path(&needed.key).join("line.safetensors");
    let (sound, mut bytes) = (fs::read(&path).unwrap(), fs::read(&path).unwrap());
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, &bytes).unwrap();
    fs::remove_dir_all(store.path(&dependent.key)).unwrap();
    let summary = train(&plan, &store, 1);
    let [(key, _, error)] = &summary.failed[..] else { panic!("{:?}", summary.failed) };
    assert_eq!((key, summary.ran), (&dependent.key, 0));
    let remove = format!("remove the folder {}", store.path(&needed.key).display());
    for word in [&path.display().to_string(), &sha256(&sound), &sha256(&bytes), &remove] {
        assert!(error.contains(word.as_str()), "{word} in {error}");
    }
    // What it says is enough.
    fs::remove_dir_all(store.path(&needed.key)).unwrap();
    assert_eq!(train(&plan, &store, 1).ran, 2);

    assert!(store.read(&needed.key, "line.safetensors").is_ok() && store.rows(&needed.key).is_ok());
    assert!(store.read(&needed.key, HOST).unwrap_err().to_string().contains("manifest"));
    let path = store.path(&needed.key).join(METRICS);
    let text = fs::read_to_string(&path).unwrap().replacen("loss", "boss", 1);
    fs::write(&path, text).unwrap();
    assert!(store.rows(&needed.key).unwrap_err().to_string().contains(METRICS));
    fs::remove_file(&path).unwrap();
    assert!(format!("{:#}", store.rows(&needed.key).unwrap_err()).contains("remove the folder"));
}

#[test]
fn force_trains_again_and_gives_the_same_bytes() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let plan = plan_of(&[&toy(3, 4, None, &[])]);
    train(&plan, &store, 1);
    let before = contents(folder.path());
    let data = data();
    let around = crate::support::around(&store, &data, &experiments::progress::Quiet, &crate::support::NEVER);
    let options = experiments::run::Options { jobs: 1, threads: 1, force: true };
    assert_eq!(experiments::run::run(&plan, &[0], around, options).ran, 1);
    assert_eq!(contents(folder.path()), before);
}

/// A working folder that was complete when the process died needs only the rename.
#[test]
fn a_point_killed_just_before_its_rename_is_not_trained_again() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let point = toy(3, 4, None, &[]);
    train(&plan_of(&[&point]), &store, 1);
    let before = contents(folder.path());
    fs::rename(store.path(&point.key), store.work(&point.key)).unwrap();
    assert!(!store.has(&point.key));
    assert!(store.finish(&point.key).unwrap());
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn a_point_published_twice_with_other_bytes_is_a_loud_error() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let point = toy(3, 4, None, &[]);
    train(&plan_of(&[&point]), &store, 1);
    let before = contents(folder.path());
    let rows = experiments::Rows::default();
    fs::create_dir(store.work(&point.key)).unwrap();
    let error = store.publish(&point, &[], &rows, &serde_json::json!({})).unwrap_err().to_string();
    assert!(error.contains("with other bytes") && error.contains(point.key.as_str()), "{error}");
    fs::remove_dir_all(store.work(&point.key)).unwrap();
    assert_eq!(contents(folder.path()), before, "what was published stays");
}

#[cfg(unix)]
#[test]
fn files_have_the_permissions_of_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let plain = folder.path().join("plain");
    fs::write(&plain, "").unwrap();
    let ours = folder.path().join("ours");
    disk::Disk::new().write(&ours, b"x").unwrap();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&ours), mode(&plain));
}

#[test]
fn an_error_names_the_path() {
    let folder = folder();
    let path = folder.path().join("file").join("below");
    fs::write(folder.path().join("file"), "in the way").unwrap();
    let error = format!("{:#}", disk::Disk::new().write(&path, b"x").unwrap_err());
    assert!(error.contains(&path.display().to_string()), "{error}");
    assert!(disk::Disk::new().create_directory(&path).unwrap_err().to_string().contains("below"));
}

/// /dev/full answers every write with "no space left on device".
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_called_full() {
    let folder = folder();
    let path = folder.path().join("rows.csv");
    std::os::unix::fs::symlink("/dev/full", folder.path().join(".tmp-rows.csv")).unwrap();
    let error = format!("{:#}", disk::Disk::new().write(&path, b"x").unwrap_err());
    assert!(error.contains("the disk is full") && error.contains("rows.csv"), "{error}");
    assert!(!path.exists());
}
