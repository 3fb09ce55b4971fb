//! Two runs held against each other: what differs, how much, from when on; and never a comparison of what is damaged.

use std::fs;
use std::path::Path;

use disk::{Fault, Folder};
use engine::compare::{Comparison, Difference, Outcome, folders};
use engine::guide::Guide;
use engine::page::{self, Binding};
use engine::{Drawn, Finished, Profile, Question, Study, Verdict};
use tempfile::TempDir;

use crate::support::{
    contents, copy_of, draw_all, drawn, folder, lines, planned, question, settings, store, train,
};

/// The numbers of one run: errors of two models, and a curve over three epochs.
#[derive(Clone, Copy)]
struct Numbers {
    errors: [f64; 2],
    curve: [f64; 3],
}

const OURS: Numbers = Numbers { errors: [2.0, 1.0], curve: [3.0, 2.0, 1.0] };

static ASKED: Question = Question { artefacts: &["numbers.csv"], ..question("numbers", "ours", "ours") };

/// Two models by their norms, of which the claim of the toys speaks.
fn study(numbers: Numbers, stamp: Option<&'static str>) -> Study {
    let draw = move |_: &Finished<'_>| {
        let mut drawn = Drawn::default();
        for (model, error) in [("4", numbers.errors[0]), ("2", numbers.errors[1])] {
            drawn.evidence.push("norm", error, &[("model", &model)]);
        }
        for (epoch, loss) in numbers.curve.iter().enumerate() {
            drawn.evidence.push_at(Some(epoch + 1), "loss", *loss, &[("model", &"4")]);
        }
        drawn.files.push(("numbers.csv".into(), drawn.evidence.to_csv()));
        drawn.show("picture.svg", format!("<svg>{:?}</svg>", numbers.errors), "What there is.", "Numbers.");
        Ok(drawn)
    };
    Study { about: &ASKED, stamp, draw: Box::new(draw), ..lines("lines", &[2], None).study(&settings()) }
}

fn run(numbers: Numbers, stamp: Option<&'static str>) -> TempDir {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let studies = [study(numbers, stamp)];
    let plan = planned(&studies);
    train(&plan, &store, 1);
    draw_all(&studies, &plan, &store).unwrap();
    folder
}

fn compared(first: &Path, second: &Path) -> Comparison {
    Comparison::of(&[&ASKED], &Folder::root(first), &Folder::root(second)).unwrap()
}

fn outcome(first: &TempDir, second: &TempDir) -> Outcome {
    let comparison = compared(first.path(), second.path());
    let [(name, outcome)] = &comparison.experiments[..] else { panic!("{comparison:?}") };
    assert_eq!(name, "numbers:ours");
    outcome.clone()
}

fn difference(numbers: Numbers) -> Difference {
    match outcome(&run(numbers, None), &run(OURS, None)) {
        Outcome::Differs(difference) => difference,
        other => panic!("{other:?}"),
    }
}

#[test]
fn equal_runs_have_the_same_bytes() {
    let (first, second) = (run(OURS, None), run(OURS, None));
    assert_eq!(outcome(&first, &second), Outcome::Same);
    let comparison = compared(first.path(), second.path());
    assert_eq!(comparison.same(), (1, 1));
    assert_eq!(
        comparison.sentence(page::REFERENCE),
        "Same bytes as the reference run, in all 1 experiments that it has."
    );
}

#[test]
fn what_the_other_run_does_not_have_is_not_compared() {
    let (first, second) = (run(OURS, None), folder());
    let comparison = compared(first.path(), second.path());
    assert_eq!(comparison.experiments[0].1, Outcome::Alone);
    assert_eq!(
        comparison.sentence(page::REFERENCE),
        "Not compared with the reference run: it has none of these experiments."
    );
    let error = folders(&[&ASKED], &Folder::root(first.path()), &Folder::root(second.path())).unwrap_err();
    let named = second.path().display().to_string();
    assert!(error.to_string().contains(&named) && error.to_string().contains("found none"), "{error}");
}

/// Changes a file of a drawn experiment as if it had been drawn that way.
fn redrawn(results: &TempDir, change: impl FnOnce(&mut serde_json::Value)) {
    let path = results.path().join("numbers/ours/manifest.json");
    let mut manifest = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(path, manifest.to_string()).unwrap();
}

#[test]
fn runs_on_other_data_or_on_drawn_ones_are_not_compared() {
    let (first, second) = (run(OURS, None), run(OURS, None));
    redrawn(&second, |manifest| manifest["data"] = serde_json::json!(["another digest"]));
    assert_eq!(outcome(&first, &second), Outcome::OtherData);
    let other = compared(first.path(), second.path()).sentence(page::REFERENCE);
    assert_eq!(other, "Not compared with the reference run: it was made from other data.");
    let mixed = ["numbers:ours", "numbers:more"].map(str::to_owned);
    let outcomes = [Outcome::Same, Outcome::OtherData];
    let mixed = Comparison { experiments: mixed.into_iter().zip(outcomes).collect() };
    assert_eq!(
        mixed.sentence("elsewhere"),
        "Same bytes as elsewhere, in all 1 experiments that it has; 1 made from other data: not compared."
    );
    let standin = run(Numbers { errors: [1.0, 2.0], ..OURS }, Some(page::STAMP));
    assert_eq!(outcome(&standin, &first), Outcome::OtherData);
    assert_eq!(outcome(&first, &standin), Outcome::OtherData);
}

#[test]
fn verdicts_and_numbers_that_differ_are_told_the_largest_first() {
    let found = difference(Numbers { errors: [1.0, 1.01], ..OURS });
    let [(says, ours, theirs)] = &found.verdicts[..] else { panic!("{found:?}") };
    assert_eq!(
        (says.as_str(), *ours, *theirs),
        ("Four is more than two.", Verdict::NotReproduced, Verdict::Reproduced)
    );
    let numbers: Vec<(&str, f64, f64)> =
        found.numbers.iter().map(|pair| (pair.what.as_str(), pair.first, pair.second)).collect();
    assert_eq!(numbers, [("norm at model = 4", 1.0, 2.0), ("norm at model = 2", 1.01, 1.0)]);
    assert!(found.curves.is_empty() && found.unmatched == 0, "{found:?}");
    let text = found.to_string();
    assert!(text.contains("verdict: not reproduced against reproduced: Four is more than two."), "{text}");
    assert!(text.contains("number: norm at model = 4: 1 against 2 (50 %)"), "{text}");
}

#[test]
fn the_first_epoch_at_which_curves_part_is_named() {
    let found = difference(Numbers { curve: [3.0, 2.5, 0.5], ..OURS });
    assert_eq!(found.curves, [("loss at model = 4".to_owned(), 2)]);
    assert!(found.numbers.is_empty() && found.verdicts.is_empty());
    let text = found.to_string();
    assert!(text.contains("parts at epoch 2") && !text.contains("all numbers are the same"), "{text}");
}

#[test]
fn numbers_that_are_none_differ_by_all() {
    let found = difference(Numbers { errors: [2.001, f64::NAN], ..OURS });
    let what: Vec<&str> = found.numbers.iter().map(|pair| pair.what.as_str()).collect();
    assert_eq!(what, ["norm at model = 2", "norm at model = 4"]);
    assert_eq!(found.numbers[0].relative(), 1.0);
}

/// Texts of a folder that came from somebody else do not play tricks on a terminal.
#[test]
fn what_differs_is_told_in_printable_characters() {
    let pair = engine::compare::NumberPair { what: "\u{1b}[2J".into(), first: 1.0, second: 2.0 };
    let verdicts = vec![("a\nforged line".to_owned(), Verdict::Reproduced, Verdict::NotReproduced)];
    let curves = vec![("\u{202e}".to_owned(), 1)];
    let text = Difference { verdicts, numbers: vec![pair], curves, ..Difference::default() }.to_string();
    assert!(!text.contains(['\u{1b}', '\u{202e}']) && text.lines().count() == 3, "{text}");
}

#[test]
fn damaged_files_are_named_and_never_compared() {
    let first = run(Numbers { errors: [2.5, 1.0], ..OURS }, None);
    let sound = run(OURS, None);
    assert!(matches!(outcome(&first, &sound), Outcome::Differs(_)));
    for file in ["numbers.csv", "section.json", "claims.csv", "picture.svg", "manifest.json"] {
        for damage in ["flipped", "emptied", "removed", "a folder"] {
            // A manifest that is gone says that nothing is drawn there.
            if file == "manifest.json" && ["removed", "a folder"].contains(&damage) {
                continue;
            }
            let second = copy_of(sound.path());
            let path = second.path().join("numbers/ours").join(file);
            let mut bytes = fs::read(&path).unwrap();
            fs::remove_file(&path).unwrap();
            match damage {
                "flipped" => {
                    // In a digest, a number or a word: never what the file is known by.
                    let place =
                        bytes.windows(6).position(|six| six == b"sha256").unwrap_or(bytes.len() - 20) + 12;
                    bytes[place] ^= 1;
                    fs::write(&path, bytes).unwrap();
                }
                "emptied" => fs::write(&path, "").unwrap(),
                "removed" => {}
                _ => fs::create_dir(&path).unwrap(),
            }
            for (a, b) in [(&first, &second), (&second, &first)] {
                let Outcome::Unreadable(why) = outcome(a, b) else { panic!("{file} {damage}") };
                assert!(why.contains("numbers/ours"), "{file} {damage}: {why}");
            }
            let sentence = compared(first.path(), second.path()).sentence(page::REFERENCE);
            assert_eq!(
                sentence,
                "Same bytes as the reference run in 0 of 1 experiments; 1 cannot be compared, since files are damaged \
                 or not there."
            );
        }
    }
}

#[test]
fn the_page_says_how_the_run_stands_against_the_reference() {
    let Pages { results, reference } = against(|_| {});
    assert!(
        results.contains("Same bytes as the reference run, in all 1 experiments that it has."),
        "{results}"
    );
    let Pages { results, .. } = against(|reference| {
        fs::write(reference.join("lines/ours/lines.csv"), "damaged").unwrap();
    });
    assert!(results.contains("1 cannot be compared"), "{results}");
    assert!(!reference.is_empty());
}

/// The words of a page, and what its reference holds.
struct Pages {
    results: String,
    reference: String,
}

/// A page that is bound against a copy of itself with a change.
fn against(change: fn(&Path)) -> Pages {
    let drawn = drawn();
    let copy = copy_of(drawn.folder.path());
    change(copy.path());
    let reference = Folder::root(copy.path());
    let catalogue = [drawn.studies[0].about];
    let binding = Binding {
        catalogue: &catalogue,
        guide: &Guide::PLAIN,
        profile: Profile::Smoke,
        reference: Some(&reference),
        paper: None,
    };
    page::bind(&binding, &drawn.store).unwrap();
    let results = fs::read_to_string(drawn.folder.path().join("REPORT.md")).unwrap();
    Pages { results, reference: contents(copy.path()) }
}
