//! The reference run and yours: `adopt`, the end of `reproduce`, `compare`, `page`, and what `check` says of both.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use engine::digest::sha256;

use crate::support::{Folder, SMOKE, code, contents, list, stderr, stdout, xtask};

/// It reads no data, and is no stand-in whatever is asked for.
const OURS: &str = "ot-desserts";
/// Where it is drawn, below a profile.
const DRAWN: &str = "ot-desserts/ann4";
/// It reads data, and is drawn from the stand-in here.
const STANDIN: &str = "alpha-rbm-epochs:generative";

/// What the program knows this workspace by, and nothing else: results and reference run are its own.
struct Workspace(Folder);

impl Workspace {
    fn new() -> Self {
        let folder = Folder::new();
        let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for file in [
            "xtask/Cargo.toml",
            "crates/engine/Cargo.toml",
            "crates/experiments/Cargo.toml",
            "data/checksums.json",
        ] {
            let copy = folder.path().join(file);
            fs::create_dir_all(copy.parent().unwrap()).unwrap();
            fs::copy(real.join(file), copy).unwrap();
        }
        Self(folder)
    }

    /// A workspace in which something was drawn and made the reference run.
    fn adopted() -> Self {
        let workspace = Self::new();
        workspace.sound(&[&["reproduce", OURS, "-q"], SMOKE].concat());
        workspace.sound(&["adopt", "--profile", "smoke"]);
        workspace
    }

    fn own(&self) -> PathBuf {
        self.0.path().join("results/smoke")
    }

    fn reference(&self) -> PathBuf {
        self.0.path().join("results/reference/smoke")
    }

    fn run(&self, words: &[&str]) -> Output {
        xtask(words).current_dir(self.0.path()).output().unwrap()
    }

    /// A run that succeeds: what it writes to standard output and to standard error.
    fn sound(&self, words: &[&str]) -> (String, String) {
        let output = self.run(words);
        assert_eq!(code(&output), 0, "{words:?}: {}{}", stdout(&output), stderr(&output));
        (stdout(&output), stderr(&output))
    }

    /// A run that fails with status 1, and what it says.
    fn failing(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert_eq!(code(&output), 1, "{words:?}: {}{}", stdout(&output), stderr(&output));
        stdout(&output) + &stderr(&output)
    }

    fn check(&self) -> Vec<&'static str> {
        [&["check", OURS], SMOKE].concat()
    }
}

/// Changes a file of a drawn experiment, its length aside, as if it had been drawn that way.
fn redraw(drawn: &Path, file: &str, change: impl FnOnce(&mut String)) {
    let manifest = drawn.join("manifest.json");
    let mut text = fs::read_to_string(drawn.join(file)).unwrap();
    let before = sha256(text.as_bytes());
    change(&mut text);
    let noted = fs::read_to_string(&manifest).unwrap();
    assert!(noted.contains(&before));
    fs::write(&manifest, noted.replace(&before, &sha256(text.as_bytes()))).unwrap();
    fs::write(drawn.join(file), text).unwrap();
}

/// Another last number.
fn another_number(text: &mut String) {
    let place = text.rfind(|c: char| c.is_ascii_digit()).unwrap();
    let other = if &text[place..=place] == "7" { "3" } else { "7" };
    text.replace_range(place..=place, other);
}

fn copy(from: &Path, to: &Path) {
    for name in list(from) {
        let copy = to.join(&name);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(from.join(&name), copy).unwrap();
    }
}

#[test]
fn what_is_adopted_is_what_is_committed_and_the_next_run_says_that_it_is_the_same() {
    let workspace = Workspace::adopted();
    let files = list(&workspace.reference());
    assert!(files.contains(&"REPORT.md".to_owned()) && files.contains(&format!("{DRAWN}/section.json")));
    let left = [".html", "host.json", "weights/", "points/"];
    assert!(files.iter().all(|name| left.iter().all(|part| !name.contains(part))), "{files:?}");
    let report = fs::read_to_string(workspace.reference().join("REPORT.md")).unwrap();
    assert!(!report.contains("reference run"), "{report}");
    let same = "Same bytes as the reference run, in all 1 experiments that it has.";
    let (_, said) = workspace.sound(&[&["reproduce", OURS], SMOKE].concat());
    assert!(said.lines().any(|line| line == same), "{said}");
    for page in ["index.html", "REPORT.md"] {
        let page = fs::read_to_string(workspace.own().join(page)).unwrap();
        assert!(page.contains(same), "{page}");
    }
    let before = contents(&workspace.reference());
    workspace.sound(&["adopt", "--profile", "smoke"]);
    assert_eq!(contents(&workspace.reference()), before);
}

#[test]
fn a_run_that_differs_says_in_which_experiment_and_number() {
    let workspace = Workspace::adopted();
    redraw(&workspace.reference().join(DRAWN), "metrics.csv", another_number);
    let (_, said) = workspace.sound(&[&["reproduce", OURS, "-q"], SMOKE].concat());
    for part in [
        "ot-desserts:ann4 differs from the reference run:\n  number: ",
        "\nSame bytes as the reference run in 0 of 1 experiments; no verdict differs.\n",
    ] {
        assert!(said.contains(part), "{part:?} in {said}");
    }
    let page = fs::read_to_string(workspace.own().join("REPORT.md")).unwrap();
    assert!(page.contains("Same bytes as the reference run in 0 of 1 experiments"), "{page}");
}

/// Drawn images are no measure, and no match.
#[test]
fn a_stand_in_is_never_held_against_the_reference_run_and_never_becomes_it() {
    let workspace = Workspace::adopted();
    workspace.sound(&[&["reproduce", STANDIN, OURS, "-q"], SMOKE].concat());
    let before = contents(&workspace.reference());
    let said = workspace.failing(&["adopt", "--profile", "smoke"]);
    assert!(said.contains(&format!("{STANDIN}: made with drawn stand-in data")), "{said}");
    assert_eq!(contents(&workspace.reference()), before, "nothing of it was adopted");
    // A reference run of real data, as it were.
    let drawn = STANDIN.replace(':', "/");
    copy(&workspace.own().join(&drawn), &workspace.reference().join(&drawn));
    redraw(&workspace.reference().join(&drawn), "section.json", |text| {
        assert!(text.contains("\"standin\": true"));
        *text = text.replace("\"standin\": true", "\"standin\":false");
    });
    let (_, said) = workspace.sound(&[&["reproduce", STANDIN, "-q"], SMOKE].concat());
    let told = "Same bytes as the reference run, in all 1 experiments that it has; 1 made from other data: not compared.";
    assert!(said.lines().any(|line| line == told), "{said}");
    fs::remove_dir_all(workspace.own().join("ot-desserts")).unwrap();
    let (_, said) = workspace.sound(&[&["reproduce", STANDIN, "-q"], SMOKE].concat());
    let told = "Not compared with the reference run: it was made from other data.";
    assert!(said.lines().any(|line| line == told), "{said}");
}

#[test]
fn what_was_set_by_hand_is_not_adopted_and_what_is_drawn_no_longer_goes() {
    let workspace = Workspace::new();
    let by_hand = [&["reproduce", OURS, "--set", "tolerance=0.01", "-q"], SMOKE].concat();
    workspace.sound(&by_hand);
    let said = workspace.failing(&["adopt", "--profile", "smoke"]);
    assert!(said.contains("nothing is drawn there that can be a reference"), "{said}");
    assert!(!workspace.reference().exists());
    workspace.sound(&[&["reproduce", OURS, "-q"], SMOKE].concat());
    for stale in
        ["ot-desserts/ann4/old.svg", "ot-desserts/old/old.svg", "old/ann4/old.svg", "index.html", "old.html"]
    {
        let stale = workspace.reference().join(stale);
        fs::create_dir_all(stale.parent().unwrap()).unwrap();
        fs::write(stale, "old").unwrap();
    }
    let (said, noted) = workspace.sound(&["adopt", "--profile", "smoke"]);
    assert!(said.starts_with("1 experiment adopted in "), "{said}");
    assert!(noted.contains("ot-desserts:ann4+tolerance=0.01: set by hand, not adopted"), "{noted}");
    let files = list(&workspace.reference());
    let known = |name: &String| name == "REPORT.md" || name.starts_with("ot-desserts/ann4/");
    assert!(
        files.iter().all(|name| known(name) && !name.contains("old") && !name.contains('+')),
        "{files:?}"
    );
}

#[test]
fn a_damaged_drawing_is_not_adopted() {
    let workspace = Workspace::adopted();
    let before = contents(&workspace.reference());
    fs::write(workspace.own().join(DRAWN).join("metrics.csv"), "damaged").unwrap();
    let said = workspace.failing(&["adopt", "--profile", "smoke"]);
    assert!(said.contains("ot-desserts:ann4: ") && said.contains("metrics.csv"), "{said}");
    assert_eq!(contents(&workspace.reference()), before);
    let named = workspace.reference().parent().unwrap().display().to_string();
    let said = workspace.failing(&["adopt", "--profile", "smoke", "--out", &named]);
    assert!(said.contains("is the reference run itself"), "{said}");
}

#[test]
fn compare_takes_folders_of_a_profile_and_results_folders() {
    let workspace = Workspace::adopted();
    for folders in [["results/smoke", "results/reference/smoke"], ["results", "results/reference"]] {
        let (said, _) = workspace.sound(&[&["compare"], &folders[..], &["--profile", "smoke"]].concat());
        assert_eq!(said, format!("Same bytes as {}, in all 1 experiments that it has.\n", folders[1]));
    }
    redraw(&workspace.own().join(DRAWN), "metrics.csv", another_number);
    let (said, _) = workspace.sound(&["compare", "results/smoke", "results/reference/smoke"]);
    assert!(said.starts_with("ot-desserts:ann4 differs from results/reference/smoke:\n  number: "), "{said}");
    let said = workspace.failing(&["compare", "results/smoke", "nowhere"]);
    assert!(said.contains("nowhere: expected a results folder, found none"), "{said}");
    let said = workspace.failing(&["compare", "crates", "results/smoke"]);
    assert!(said.contains("crates: expected a results folder with drawn experiments"), "{said}");
}

#[test]
fn page_binds_what_is_drawn_or_else_the_reference_run_and_prints_its_path() {
    let workspace = Workspace::adopted();
    let path =
        |folder: PathBuf| folder.canonicalize().unwrap().join("index.html").display().to_string() + "\n";
    let (own, theirs) = (path(workspace.own()), path(workspace.reference()));
    let report = fs::read(workspace.reference().join("REPORT.md")).unwrap();
    fs::remove_file(workspace.own().join("index.html")).unwrap();
    assert_eq!(workspace.sound(&["page", "--profile", "smoke"]).0, own);
    assert!(fs::read_to_string(own.trim_end()).unwrap().contains("Same bytes as the reference run"));
    assert_eq!(workspace.sound(&["page", "--profile", "smoke", "--reference"]).0, theirs);
    fs::remove_dir_all(workspace.own()).unwrap();
    fs::remove_file(theirs.trim_end()).unwrap();
    assert_eq!(workspace.sound(&["page", "--profile", "smoke"]).0, theirs);
    assert!(!fs::read_to_string(theirs.trim_end()).unwrap().contains("Same bytes as"));
    // However it is named, it is not held against itself: what is committed stays as it is.
    workspace.sound(&["page", "--profile", "smoke", "--out", "results/reference"]);
    assert_eq!(fs::read(workspace.reference().join("REPORT.md")).unwrap(), report);
    let said = workspace.failing(&["page", "--profile", "smoke", "--out", "resluts"]);
    assert!(said.contains("--out names resluts, which is not there"), "{said}");
    let said = workspace.failing(&["page", "--profile", "paper"]);
    assert!(said.contains("nothing is drawn there"), "{said}");
}

#[test]
fn check_holds_both_runs_against_their_digests() {
    let workspace = Workspace::adopted();
    let words = workspace.check();
    let (said, noted) = workspace.sound(&words);
    assert!(said.contains("ot-desserts:ann4  ok  "), "{said}");
    assert!(said.contains("reference ot-desserts:ann4  ok  "), "{said}");
    assert!(noted.contains("1 experiment of the reference run checked, 0 with mismatches"), "{noted}");
    // A results folder as it is committed: no points, no weights, no page.
    fs::remove_dir_all(workspace.own()).unwrap();
    copy(&workspace.reference(), &workspace.own());
    assert!(workspace.sound(&words).0.starts_with("ot-desserts:ann4  ok  "));
    fs::remove_dir_all(workspace.own()).unwrap();
    let (said, noted) = workspace.sound(&words);
    assert!(
        said.starts_with("reference ot-desserts:ann4  ok  ") && noted.contains("not drawn yet"),
        "{said}"
    );
}

#[test]
fn check_says_in_a_sentence_what_is_damaged_in_either_run() {
    let workspace = Workspace::adopted();
    let words = workspace.check();
    for folder in [workspace.own(), workspace.reference()] {
        for file in ["metrics.csv", "section.json", "manifest.json", "claims.csv"] {
            let path = folder.join(DRAWN).join(file);
            let whole = fs::read(&path).unwrap();
            for damaged in [&b""[..], b"{}", &whole[..whole.len() / 2]] {
                fs::write(&path, damaged).unwrap();
                let said = workspace.failing(&words);
                let told = said.lines().filter(|line| line.contains(&path.display().to_string()));
                assert!(told.count() > 0 && said.contains("MISMATCH"), "{}: {said}", path.display());
            }
            fs::remove_file(&path).unwrap();
            assert!(workspace.failing(&words).contains(&path.display().to_string()));
            fs::write(&path, whole).unwrap();
        }
    }
    workspace.sound(&words);
    for page in ["index.html", "REPORT.md"] {
        let path = workspace.own().join(page);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, "").unwrap();
        let said = workspace.failing(&words);
        assert!(said.contains("page  MISMATCH  ") && said.contains(page), "{said}");
        fs::write(&path, whole).unwrap();
    }
    workspace.sound(&words);
}
