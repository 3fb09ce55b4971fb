//! A results folder may come from somebody else: nothing outside of it is read into the page, changed or removed.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use disk::{Fault, Folder};
use engine::progress::Quiet;
use engine::run::{self, Options};
use engine::section::section_in;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    Drawn, NEVER, around, contents, copy_of, draw_all, drawn, everything, folder, lines, planned, settings,
    store, train,
};

const WORDS: &str = "precious bytes of mine";
/// The same in base64, without its end.
const WORDS_64: &str = "cHJlY2lvdXMgYnl0ZXMgb2YgbWl";

/// A folder outside of the results with a file in it.
fn treasure() -> (TempDir, PathBuf) {
    let folder = folder();
    let file = folder.path().join("p.txt");
    fs::write(&file, WORDS).unwrap();
    (folder, file)
}

/// The treasure is as it was, and the page holds nothing of it.
fn assert_safe(treasure: &(TempDir, PathBuf), results: &Path, at: &str) {
    assert_eq!(fs::read_to_string(&treasure.1).unwrap(), WORDS, "{at}");
    assert_eq!(fs::read_dir(treasure.0.path()).unwrap().count(), 1, "{at}");
    for page in ["index.html", "REPORT.md"] {
        let text = fs::read_to_string(results.join(page)).unwrap_or_default();
        assert!(!text.contains(WORDS) && !text.contains(WORDS_64), "{at}: {page}");
    }
}

/// Trains and draws once more; what went wrong, in one text.
fn again(drawn: &Drawn, results: &Path) -> String {
    let store = store(results, Fault::Never);
    let mut errors = Vec::new();
    let options = Options { jobs: 1, threads: 1, force: false };
    match run::run(&drawn.plan, &everything(&drawn.plan), around(&store, &Quiet, &NEVER), options) {
        Ok(summary) => errors.extend(summary.failed.into_iter().map(|(_, _, error)| error)),
        Err(error) => errors.push(format!("{error:#}")),
    }
    match draw_all(&drawn.studies, &drawn.plan, &store) {
        Ok(summary) => errors.extend(summary.failed.into_iter().map(|(_, error)| error)),
        Err(error) => errors.push(format!("{error:#}")),
    }
    errors.join("\n")
}

fn edit(file: &Path, change: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    change(&mut value);
    fs::write(file, value.to_string()).unwrap();
}

#[test]
fn a_manifest_cannot_name_what_is_outside_of_its_folder() {
    let (drawn, treasure) = (drawn(), treasure());
    let absolute = treasure.1.display().to_string();
    let steps = format!("../../../{}/p.txt", treasure.0.path().file_name().unwrap().display());
    for hostile in [absolute, steps] {
        for manifest in [
            "lines/ours/manifest.json".to_owned(),
            format!("points/{}/manifest.json", drawn.plan.points[0].key),
        ] {
            let results = copy_of(drawn.folder.path());
            edit(&results.path().join(&manifest), |manifest| {
                manifest["artefacts"][&hostile] = json!({ "bytes": 1, "sha256": "0".repeat(64) });
            });
            let at = format!("{hostile} in {manifest}");
            assert_eq!(again(&drawn, results.path()), "", "{at}");
            assert_safe(&treasure, results.path(), &at);
            assert_eq!(contents(results.path()), contents(drawn.folder.path()), "{at}");
        }
    }
}

/// What of the results is a link to a folder of the user's, and whether the run ends well all the same.
#[test]
fn links_to_folders_are_never_followed() {
    let (drawn, treasure) = (drawn(), treasure());
    let key = &drawn.plan.points[0].key;
    let places = [
        (format!("points/{key}"), true),
        (format!("points/.work-{key}"), true),
        (format!("points/.aside-{key}"), true),
        ("points".to_owned(), false),
        ("lines".to_owned(), false),
        ("lines/ours".to_owned(), false),
        ("lines/ours/weights".to_owned(), false),
    ];
    for (place, ends_well) in places {
        let results = copy_of(drawn.folder.path());
        let path = results.path().join(&place);
        // The point itself is to be trained again.
        fs::remove_dir_all(results.path().join(format!("points/{key}"))).unwrap();
        let _ = fs::remove_dir_all(&path);
        symlink(treasure.0.path(), &path).unwrap();
        let errors = again(&drawn, results.path());
        assert_safe(&treasure, results.path(), &place);
        if ends_well {
            assert_eq!(errors, "", "{place}");
            assert_eq!(contents(results.path()), contents(drawn.folder.path()), "{place}");
        } else {
            let named = path.display().to_string();
            assert!(errors.contains(&named) && errors.contains("found a link"), "{place}: {errors}");
        }
    }
}

/// Names that used to be those of temporaries, and the form that they have now.
#[test]
fn planted_links_in_the_place_of_files_are_not_written_through() {
    let (drawn, treasure) = (drawn(), treasure());
    let key = &drawn.plan.points[0].key;
    let temporary = ".tmp-0123456789abcdef.part";
    let mut places = vec![];
    for name in [".tmp-index.html", "index.html", "REPORT.md", "host.json", temporary] {
        places.push(name.to_owned());
    }
    for name in ["lines.svg", "section.json", "manifest.json", "host.json", ".tmp-lines.svg", temporary] {
        places.push(format!("lines/ours/{name}"));
    }
    let work =
        ["line.safetensors", ".stage-line.safetensors", "checkpoint.safetensors", "manifest.json", temporary];
    places.extend(work.map(|name| format!("points/.work-{key}/{name}")));
    for place in places {
        let results = copy_of(drawn.folder.path());
        fs::remove_dir_all(results.path().join(format!("points/{key}"))).unwrap();
        fs::remove_file(results.path().join("lines/ours/claims.csv")).unwrap();
        let path = results.path().join(&place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let _ = fs::remove_file(&path);
        symlink(&treasure.1, &path).unwrap();
        assert_eq!(again(&drawn, results.path()), "", "{place}");
        assert_safe(&treasure, results.path(), &place);
        // A link with a name that nobody writes is not ours to remove.
        if place.contains(".tmp-") && !place.contains(".work-") {
            fs::remove_file(&path).unwrap();
        }
        assert_eq!(contents(results.path()), contents(drawn.folder.path()), "{place}");
    }
}

/// A variant that somebody else drew, with a change to its section.
fn with_variant(drawn: &Drawn, change: impl FnOnce(&mut Value)) -> TempDir {
    let results = copy_of(drawn.folder.path());
    let (home, variant) = (results.path().join("lines/ours"), results.path().join("lines/ours+epochs=9"));
    let copy = copy_of(&home);
    fs::create_dir(&variant).unwrap();
    for file in ["manifest.json", "section.json", "lines.svg", "lines.csv"] {
        fs::copy(copy.path().join(file), variant.join(file)).unwrap();
    }
    edit(&variant.join("section.json"), |section| {
        section["protocol"] = json!("ours+epochs=9");
        change(section);
    });
    results
}

#[test]
fn a_section_cannot_bring_other_files_onto_the_page() {
    let (drawn, treasure) = (drawn(), treasure());
    let absolute = treasure.1.display().to_string();
    let steps = format!("../../../{}/p.txt", treasure.0.path().file_name().unwrap().display());
    for hostile in [absolute, steps] {
        let results = with_variant(&drawn, |section| section["figures"][0]["file"] = json!(hostile));
        let errors = again(&drawn, results.path());
        assert_safe(&treasure, results.path(), &hostile);
        assert!(errors.contains("lines/ours+epochs=9") && errors.contains("figure"), "{errors}");
    }
    let results = with_variant(&drawn, |_| {});
    fs::remove_file(results.path().join("lines/ours+epochs=9/lines.svg")).unwrap();
    symlink(&treasure.1, results.path().join("lines/ours+epochs=9/lines.svg")).unwrap();
    let errors = again(&drawn, results.path());
    assert_safe(&treasure, results.path(), "a picture that is a link");
    assert!(errors.contains("lines.svg") && errors.contains("found a link"), "{errors}");
}

#[test]
fn a_section_that_is_none_is_an_error_with_its_file_and_not_a_crash() {
    let drawn = drawn();
    let changes: [fn(&mut Value); 6] = [
        |section| {
            section["tables"] = json!([{ "caption": "", "columns": [["a", "", "l"]], "rows": [["x", "y"]] }]);
        },
        |section| section["tables"] = json!([{ "caption": "", "columns": [["a", "", "l"]], "rows": [[]] }]),
        |section| section["figures"] = json!("none"),
        |section| section["id"] = json!("<script>alert(1)</script>"),
        |section| section["protocol"] = json!("../../ours"),
        |section| *section = json!([]),
    ];
    for change in changes {
        let results = with_variant(&drawn, change);
        let errors = again(&drawn, results.path());
        let file = results.path().join("lines/ours+epochs=9/section.json").display().to_string();
        assert!(errors.contains(&file), "{errors}");
    }
}

#[test]
fn a_script_in_a_picture_or_a_text_does_not_reach_the_page_as_one() {
    let drawn = drawn();
    let script = "<script>alert(1)</script>";
    let results = with_variant(&drawn, |section| {
        section["title"] = json!(script);
        section["notes"] = json!([script]);
        section["figures"][0]["caption"] = json!(script);
    });
    let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\">{script}</svg>");
    fs::write(results.path().join("lines/ours+epochs=9/lines.svg"), svg).unwrap();
    fs::remove_file(results.path().join("index.html")).unwrap();
    assert_eq!(again(&drawn, results.path()), "");
    for page in ["index.html", "REPORT.md"] {
        let text = fs::read_to_string(results.path().join(page)).unwrap();
        assert!(text.contains("alert(1)") && !text.contains("<script>alert"), "{page}");
    }
}

/// Nobody waits for a pipe.
#[test]
fn pipes_in_the_place_of_files_are_not_opened() {
    let drawn = drawn();
    let key = &drawn.plan.points[0].key;
    for place in [
        format!("points/{key}/manifest.json"),
        format!("points/.work-{key}/manifest.json"),
        format!("points/.work-{key}/.stage-line.safetensors"),
        "lines/ours/manifest.json".to_owned(),
        "lines/ours/section.json".to_owned(),
        "lines/ours/host.json".to_owned(),
        "host.json".to_owned(),
        "index.html".to_owned(),
    ] {
        let results = copy_of(drawn.folder.path());
        let path = results.path().join(&place);
        if place.contains(".work-") {
            fs::remove_dir_all(results.path().join(format!("points/{key}"))).unwrap();
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let _ = fs::remove_file(&path);
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        assert_eq!(again(&drawn, results.path()), "", "{place}");
        assert_eq!(contents(results.path()), contents(drawn.folder.path()), "{place}");
    }
    let results = with_variant(&drawn, |_| {});
    let path = results.path().join("lines/ours+epochs=9/manifest.json");
    fs::remove_file(&path).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let errors = again(&drawn, results.path());
    assert!(errors.contains(&path.display().to_string()), "{errors}");
}

/// What is in the way of one experiment does not keep the others from being drawn.
#[test]
fn one_experiment_in_the_way_leaves_the_others_alone() {
    for place in ["first", "first/ours"] {
        let (folder, treasure) = (folder(), treasure());
        let store = store(folder.path(), Fault::Never);
        let studies = ["first", "second"].map(|id| lines(id, &[2], None).study(&settings()));
        let plan = planned(&studies);
        train(&plan, &store, 1);
        let path = folder.path().join(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(treasure.0.path(), &path).unwrap();
        let summary = draw_all(&studies, &plan, &store).unwrap();
        let [(failed, error)] = &summary.failed[..] else { panic!("{summary:?}") };
        assert!(failed == "first:ours" && error.contains(&path.display().to_string()), "{error}");
        assert_eq!(summary.drawn, 1);
        assert_safe(&treasure, folder.path(), place);
        let chapter = summary.page.unwrap().with_file_name("experiments.html");
        assert!(fs::read_to_string(chapter).unwrap().contains("second:ours"));
    }
}

/// Parsers quote what they find as it is, and what they say is printed.
#[test]
fn what_a_parser_says_of_a_file_is_one_line() {
    let drawn = drawn();
    let variant = Folder::root(drawn.folder.path().join("lines/ours"));
    edit(&variant.path().join("section.json"), |section| {
        section["claims"][0]["finding"]["verdict"] = json!("\u{1b}[2J\r\nall is well");
    });
    let error = format!("{:#}", section_in(&variant).unwrap_err());
    assert!(!error.contains(char::is_control) && error.contains("\\u{1b}[2J all is well"), "{error:?}");
    assert!(error.contains("section.json") && error.contains("line 1 column "), "{error}");
}
