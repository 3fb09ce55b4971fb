//! What is drawn of finished points, what is left alone, and what the page says.

use std::fs;

use disk::{Fault, Folder};
use engine::check::check;
use engine::guide::Guide;
use engine::page::Binding;
use engine::section::section_in;
use engine::{Question, Settings, Verdict, canonical, draw, page};

use crate::support::{
    Drawn, binding, contents, draw_all, draw_bound, drawn, folder, lines, planned, question, settings, store,
    train,
};
use crate::toy::ToyFault;

/// Trains and draws lines under these settings.
fn reproduce(lines: &crate::toy::Lines, settings: &Settings, store: &engine::store::Store) -> draw::Summary {
    let studies = [lines.study(settings)];
    let plan = planned(&studies);
    train(&plan, store, 2);
    draw_all(&studies, &plan, store).unwrap()
}

fn by_hand() -> Settings {
    Settings { set: vec![("epochs".into(), "7".into())], ..settings() }
}

#[test]
fn an_experiment_is_drawn_with_its_claims_and_the_page_shows_it() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let summary = reproduce(&lines("lines", &[2, 4], None), &settings(), &store);
    assert_eq!((summary.drawn, summary.unchanged, summary.verdicts.reports), (1, 0, [1, 0, 0, 0]));
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
    assert_eq!(Folder::root(&here).files().unwrap(), files);
    let claims = fs::read_to_string(here.join("claims.csv")).unwrap();
    assert!(
        claims.starts_with("says,place,reported,measured,verdict,seeds,why,reason,readings\nFour is more than two.,Figure 1,4 > 2,"),
        "{claims}"
    );
    assert!(claims.contains(",reproduced,"), "{claims}");
    let section = section_in(&Folder::root(&here)).unwrap();
    assert_eq!(section.claims[0].finding.verdict, Verdict::Reproduced);
    let page = fs::read_to_string(summary.page.unwrap()).unwrap();
    assert!(page.contains("Four is more than two.") && page.contains("href=\"experiments.html\""), "{page}");
    let chapter = fs::read_to_string(folder.path().join("experiments.html")).unwrap();
    assert!(chapter.contains("src=\"lines/ours/lines.svg\""), "{chapter}");
    assert!(fs::read_to_string(folder.path().join("REPORT.md")).unwrap().contains("lines/ours/lines.svg"));
}

/// Also in the section of what was set by hand, which stands second and leads to the first.
#[test]
fn the_lines_that_a_guide_knows_stand_in_the_sections_of_their_experiment() {
    let code = |question: &Question| {
        let snippet = report::Snippet { name: question.id.to_owned(), ..report::Snippet::default() };
        (question.id == "lines").then(|| report::Snippet { source: "let two = 2;".to_owned(), ..snippet })
    };
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    for settings in [settings(), by_hand()] {
        let studies = ["lines", "others"].map(|id| lines(id, &[2, 4], None).study(&settings));
        let plan = planned(&studies);
        train(&plan, &store, 2);
        let catalogue = [studies[0].about, studies[1].about];
        let binding = Binding { guide: &Guide { code, ..Guide::PLAIN }, ..binding(&catalogue) };
        draw_bound(&studies, &plan, &binding, &store).unwrap();
    }
    let chapter = fs::read_to_string(folder.path().join("experiments.html")).unwrap();
    let parts: Vec<&str> = chapter.split("<section ").skip(1).collect();
    let found = |words: &str| parts.iter().map(|part| part.matches(words).count()).collect::<Vec<_>>();
    assert_eq!(found("let two = 2;"), [1, 0, 0, 0]);
    assert_eq!(found("href=\"#lines-lines\""), [0, 1, 0, 0]);
}

#[test]
fn nothing_is_drawn_twice_until_something_is_missing() {
    let Drawn { folder, store, studies, plan } = drawn();
    let before = contents(folder.path());
    let operations = store.disk().operations();
    let again = draw_all(&studies, &plan, &store).unwrap();
    assert_eq!((again.drawn, again.unchanged, again.verdicts.reports), (0, 1, [1, 0, 0, 0]));
    assert_eq!(store.disk().operations(), operations, "nothing was touched");
    for name in
        ["lines/ours/lines.svg", "index.html", "experiments.html", "REPORT.md", "lines/ours/section.json"]
    {
        fs::remove_file(folder.path().join(name)).unwrap();
        draw_all(&studies, &plan, &store).unwrap();
        assert_eq!(contents(folder.path()), before, "{name}");
    }
}

#[test]
fn what_was_damaged_is_drawn_again() {
    let Drawn { folder, store, studies, plan } = drawn();
    let before = contents(folder.path());
    for name in ["lines/ours/lines.svg", "lines/ours/section.json", "lines/ours/manifest.json"] {
        let path = folder.path().join(name);
        let zeros = vec![b'0'; fs::read(&path).unwrap().len()];
        fs::write(&path, zeros).unwrap();
        assert_eq!(draw_all(&studies, &plan, &store).unwrap().drawn, 1, "{name}");
        assert_eq!(contents(folder.path()), before, "{name}");
    }
}

/// A drawing of more seeds is another drawing, and no worse.
#[test]
fn a_check_for_other_seeds_looks_at_digests_alone() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let lines = lines("lines", &[2, 4], None);
    let studies = [lines.study(&settings())];
    let plan = planned(&studies);
    train(&plan, &store, 2);
    reproduce(&lines, &Settings { repeats: Some(2), ..settings() }, &store);
    let check = || check(&studies[0], &plan, &plan.members[0], &store).unwrap();
    assert_eq!(check(), Vec::<String>::new());
    fs::write(folder.path().join("lines/ours/lines.svg"), "<svg/>").unwrap();
    assert_eq!(check().len(), 1);
}

#[test]
fn hyperparameters_set_by_hand_are_named_and_counted_apart() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let summary = reproduce(&lines("lines", &[2, 4], None), &by_hand(), &store);
    assert_eq!((summary.verdicts.reports, summary.verdicts.ours), ([0; 4], [1, 0, 0, 0]));
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
    let catalogue = [first.about, second.about];
    for lines in [second, first] {
        let studies = [lines.study(&settings())];
        let plan = planned(&studies);
        train(&plan, &store, 2);
        draw_bound(&studies, &plan, &binding(&catalogue), &store).unwrap();
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
    let studies = [bad.study(&settings()), good.study(&settings())];
    let plan = planned(&studies);
    train(&plan, &store, 2);
    let summary = draw_all(&studies, &plan, &store).unwrap();
    assert_eq!((summary.drawn, summary.incomplete), (1, vec![("bad:ours".to_owned(), 1)]));
    assert!(!folder.path().join("bad").exists());
}

#[test]
fn a_changed_hyperparameter_has_a_folder_of_its_own() {
    let folder = folder();
    let store = store(folder.path(), Fault::Never);
    let lines = lines("lines", &[2, 4], None);
    let mut points = Vec::new();
    for settings in [settings(), by_hand()] {
        let plan = planned(&[lines.study(&settings)]);
        points.push(plan.points.iter().map(|point| point.key.clone()).collect::<Vec<_>>());
        reproduce(&lines, &settings, &store);
    }
    assert!(points[0].iter().all(|key| !points[1].contains(key)));
    assert!(folder.path().join("lines/ours+epochs=7/lines.svg").is_file());
    let page = fs::read_to_string(folder.path().join("REPORT.md")).unwrap();
    assert!(page.contains("ours+epochs=7"), "{page}");
}

#[test]
fn a_check_finds_changed_figures_and_changed_verdicts() {
    let Drawn { folder, store, studies, plan } = drawn();
    let check = || check(&studies[0], &plan, &plan.members[0], &store).unwrap();
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
    static LETTERS: Question =
        Question { data: &["Binary AlphaDigits"], ..question("alpha-rbm-units", "scratch", "scratch") };
    let letters = &LETTERS;
    let catalogue = [toy.about, letters];
    let write = || {
        page::write(&binding(&catalogue), store.root(), store.disk()).unwrap();
        ["index.html", "REPORT.md"].map(|name| fs::read_to_string(folder.path().join(name)).unwrap())
    };
    reproduce(&toy, &settings(), &store);
    for page in write() {
        assert!(!page.contains("AlphaDigits") && !page.contains("MNIST"), "toys read no data: {page}");
    }
    // The toy's section under a name of the registry, drawn with the option --set.
    for (standin, note) in [
        (false, "Binary AlphaDigits, checked by SHA-256."),
        (true, "Images drawn by a program stand in for Binary AlphaDigits."),
    ] {
        let mut section = section_in(&Folder::root(folder.path().join("lines/ours"))).unwrap();
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
