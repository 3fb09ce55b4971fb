use std::fs;

use experiments::disk::{self, Fault};
use experiments::jobs::ToyFault;
use experiments::page;
use experiments::plan::Plan;
use experiments::section::Section;
use experiments::store::Store;
use experiments::{Profile, Verdict, canonical, draw};

use tempfile::TempDir;

use crate::support::{contents, draw_all, draw_with, folder, lines, settings, store, train};

/// Lines that are trained and drawn.
fn drawn() -> (TempDir, Store, Plan) {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let plan = Plan::new(&[lines("lines", &[2, 4], None)], &settings()).unwrap();
    train(&plan, &store, 2);
    draw_all(&plan, &store).unwrap();
    (folder, store, plan)
}

#[test]
fn an_experiment_is_drawn_with_its_claims_and_the_page_shows_it() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let plan = Plan::new(&[lines("lines", &[2, 4], None)], &settings()).unwrap();
    train(&plan, &store, 2);
    let summary = draw_all(&plan, &store).unwrap();
    assert_eq!((summary.drawn, summary.unchanged, summary.verdicts.reports), (1, 0, [1, 0, 0]));
    let here = folder.path().join("lines/ours");
    let files = [
        "claims.csv",
        "host.json",
        "lines.csv",
        "lines.svg",
        "manifest.json",
        "section.json",
        "weights/picture.bin",
    ];
    assert_eq!(disk::list(&here).unwrap(), files);
    let claims = fs::read_to_string(here.join("claims.csv")).unwrap();
    assert!(
        claims.starts_with("says,reported,measured,verdict,why\nFour is more than two.,4 > 2,"),
        "{claims}"
    );
    assert!(claims.contains(",reproduced,"), "{claims}");
    let section = Section::read(&here).unwrap();
    assert_eq!(section.claims[0].finding.verdict, Verdict::Reproduced);
    let page = fs::read_to_string(summary.page.unwrap()).unwrap();
    assert!(page.contains("Four is more than two.") && page.contains("<svg"), "{page}");
    assert!(fs::read_to_string(folder.path().join("REPORT.md")).unwrap().contains("lines/ours/lines.svg"));
}

#[test]
fn nothing_is_drawn_twice_until_something_is_missing() {
    let (folder, store, plan) = drawn();
    let before = contents(folder.path());
    let operations = store.disk().operations();
    let again = draw_all(&plan, &store).unwrap();
    assert_eq!((again.drawn, again.unchanged, again.verdicts.reports), (0, 1, [1, 0, 0]));
    assert_eq!(store.disk().operations(), operations + 1, "only the lock was touched");
    for name in ["lines/ours/lines.svg", "index.html", "REPORT.md", "lines/ours/section.json"] {
        fs::remove_file(folder.path().join(name)).unwrap();
        draw_all(&plan, &store).unwrap();
        assert_eq!(contents(folder.path()), before, "{name}");
    }
}

#[test]
fn what_was_damaged_is_drawn_again() {
    let (folder, store, plan) = drawn();
    let before = contents(folder.path());
    for name in ["lines/ours/lines.svg", "lines/ours/section.json", "lines/ours/manifest.json"] {
        let path = folder.path().join(name);
        let zeros = vec![b'0'; fs::read(&path).unwrap().len()];
        fs::write(&path, zeros).unwrap();
        assert_eq!(draw_all(&plan, &store).unwrap().drawn, 1, "{name}");
        assert_eq!(contents(folder.path()), before, "{name}");
    }
}

/// A drawing of more seeds is another drawing, and no worse.
#[test]
fn a_check_for_other_seeds_looks_at_digests_alone() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let experiment = lines("lines", &[2, 4], None);
    let plan = Plan::new(&[experiment], &settings()).unwrap();
    train(&plan, &store, 2);
    let more = experiments::Settings { repeats: Some(2), ..settings() };
    let both = Plan::new(&[experiment], &more).unwrap();
    train(&both, &store, 2);
    draw_with(&both, &more, &store).unwrap();
    let check = || draw::check(&plan, &plan.experiments[0], &settings(), &store).unwrap();
    assert_eq!(check(), Vec::<String>::new());
    fs::write(folder.path().join("lines/ours/lines.svg"), "<svg/>").unwrap();
    assert_eq!(check().len(), 1);
}

#[test]
fn hyperparameters_set_by_hand_are_named_and_counted_apart() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let experiment = lines("lines", &[2, 4], None);
    let by_hand = experiments::Settings { set: vec![("epochs".into(), "7".into())], ..settings() };
    let plan = Plan::new(&[experiment], &by_hand).unwrap();
    train(&plan, &store, 2);
    let summary = draw_with(&plan, &by_hand, &store).unwrap();
    assert_eq!((summary.verdicts.reports, summary.verdicts.ours), ([0; 3], [1, 0, 0]));
    let section = &summary.sections[0];
    assert!(section.cuts.contains(&"set by hand: epochs = 7".to_owned()), "{:?}", section.cuts);
    assert!(section.notes[0].starts_with("Set by hand"), "{:?}", section.notes);
    let page = fs::read_to_string(folder.path().join("REPORT.md")).unwrap();
    assert!(page.contains("what follows it was set by hand"), "{page}");
}

#[test]
fn experiments_drawn_earlier_stay_on_the_page_in_the_order_of_the_registry() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let (first, second) = (lines("first", &[2, 4], None), lines("second", &[1], None));
    for experiment in [second, first] {
        let plan = Plan::new(&[experiment], &settings()).unwrap();
        train(&plan, &store, 2);
        draw::draw(
            &plan,
            &[first, second],
            &settings(),
            &store,
            (&experiments::progress::Quiet, &crate::support::NEVER),
        )
        .unwrap();
    }
    let page = fs::read_to_string(folder.path().join("REPORT.md")).unwrap();
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"));
    assert!(place("first/ours/lines.svg") < place("second/ours/lines.svg"));
}

#[test]
fn an_experiment_with_missing_points_waits_and_the_others_are_drawn() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let (good, bad) = (lines("good", &[2, 4], None), lines("bad", &[2, 8], Some(ToyFault::Error)));
    let plan = Plan::new(&[bad, good], &settings()).unwrap();
    train(&plan, &store, 2);
    let summary = draw_all(&plan, &store).unwrap();
    assert_eq!((summary.drawn, summary.incomplete), (1, vec![("bad:ours".to_owned(), 1)]));
    assert!(!folder.path().join("bad").exists());
}

#[test]
fn a_changed_hyperparameter_has_a_folder_of_its_own() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let experiment = lines("lines", &[2, 4], None);
    let changed = experiments::Settings { set: vec![("epochs".into(), "7".into())], ..settings() };
    let mut points = Vec::new();
    for settings in [settings(), changed] {
        let plan = Plan::new(&[experiment], &settings).unwrap();
        points.push(plan.points.iter().map(|point| point.key.clone()).collect::<Vec<_>>());
        train(&plan, &store, 2);
        draw_with(&plan, &settings, &store).unwrap();
    }
    assert!(points[0].iter().all(|key| !points[1].contains(key)));
    assert!(folder.path().join("lines/ours+epochs=7/lines.svg").is_file());
    let page = fs::read_to_string(folder.path().join("REPORT.md")).unwrap();
    assert!(page.contains("ours+epochs=7"), "{page}");
}

#[test]
fn a_check_finds_changed_figures_and_changed_verdicts() {
    let (folder, store, plan) = drawn();
    let check = || draw::check(&plan, &plan.experiments[0], &settings(), &store).unwrap();
    assert_eq!(check(), Vec::<String>::new());
    let weights = folder.path().join("lines/ours/weights");
    fs::remove_dir_all(weights).unwrap();
    assert_eq!(check(), Vec::<String>::new(), "weights need not be there");
    let claims = folder.path().join("lines/ours/claims.csv");
    let text = fs::read_to_string(&claims).unwrap();
    fs::write(&claims, text.replace("reproduced", "not reproduced")).unwrap();
    let trouble = check();
    assert!(trouble.len() == 1 && trouble[0].contains("claims.csv"), "{trouble:?}");
}

#[test]
fn the_page_names_the_data_sets_that_its_sections_read_and_no_others() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let toy = lines("lines", &[2], None);
    let letters = crate::alpha::experiment("alpha-rbm-units:scratch");
    let write = || {
        page::write(&[toy, letters], Profile::Smoke, &store).unwrap();
        ["index.html", "REPORT.md"].map(|name| fs::read_to_string(folder.path().join(name)).unwrap())
    };
    let plan = Plan::new(&[toy], &settings()).unwrap();
    train(&plan, &store, 2);
    draw_all(&plan, &store).unwrap();
    for page in write() {
        assert!(!page.contains("AlphaDigits") && !page.contains("MNIST"), "toys read no data: {page}");
    }
    // The toy's section under a name of the registry, drawn with the option --set.
    for (standin, note) in [
        (false, "Binary AlphaDigits, checked by SHA-256."),
        (true, "Images drawn by a program stand in for Binary AlphaDigits."),
    ] {
        let mut section = Section::read(&folder.path().join("lines/ours")).unwrap();
        section.id = letters.id.to_owned();
        section.protocol = format!("{}+rate=0.2", letters.protocol);
        section.standin = standin;
        section.figures.clear();
        let home = folder.path().join(&section.id).join(&section.protocol);
        fs::create_dir_all(&home).unwrap();
        fs::write(home.join("section.json"), canonical::json(&section)).unwrap();
        fs::write(home.join("manifest.json"), format!("{standin}")).unwrap();
        for page in write() {
            assert!(page.contains(note), "{note}: {page}");
        }
    }
}
