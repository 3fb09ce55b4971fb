//! What the program says to people, and its exit status.

use experiments::registry;

use crate::support::{Folder, SMOKE, code, first, reference, run, stderr, stdout};

#[test]
fn no_verb_is_a_short_help_and_a_usage_error() {
    let output = run(&[]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("reproduce"), "{}", stderr(&output));
}

#[test]
fn every_verb_has_a_help() {
    for verb in [
        "reproduce",
        "list",
        "show",
        "plan",
        "run",
        "draw",
        "check",
        "compare",
        "page",
        "adopt",
        "data",
        "transfer",
        "browser",
        "bench",
    ] {
        let output = run(&[verb, "--help"]);
        assert_eq!(code(&output), 0, "{verb}");
        let text = stdout(&output);
        assert!(text.contains("Usage: cargo xtask"), "{verb}: {text}");
        // A line that is wrapped by hand and then by its width leaves a word or two on a line of their own.
        let lines: Vec<&str> = text.lines().collect();
        let broken = lines.windows(3).find(|lines| {
            let [long, short, next] = [0, 1, 2].map(|k| lines[k].trim().chars().count());
            long > 85 && (1..20).contains(&short) && next > 0 && !lines[1].starts_with(' ')
        });
        assert!(broken.is_none(), "{verb}: {broken:?}");
    }
    let help = stdout(&run(&["reproduce", "--help"]));
    for word in ["Examples:", "GLYPHLAB_DATA", "--profile", "--set", "[default: quick]"] {
        assert!(help.contains(word), "{word} in {help}");
    }
}

#[test]
fn an_unknown_experiment_is_a_usage_error_with_a_suggestion() {
    let name = first().id;
    let misspelt = format!("{}x", &name[..name.len() - 1]);
    let output = run(&["reproduce", &misspelt]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains(&format!("did you mean {name:?}")), "{}", stderr(&output));
    assert_eq!(code(&run(&["reproduce"])), 2);
    assert_eq!(code(&run(&["reproduce", "all", "--profile", "huge"])), 2);
    assert_eq!(code(&run(&["reproduce", "all", "--threads", "0"])), 2);
    assert_eq!(code(&run(&["reproduce", "all", "--set", "nonsense"])), 2);
    assert_eq!(code(&run(&["run", "--partition", "4/3"])), 2);
}

#[test]
fn an_unknown_hyperparameter_is_a_usage_error() {
    let output = run(&["reproduce", first().id, "--set", "colour=blue", "--dry-run"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("colour"), "{}", stderr(&output));
    let output = run(&["reproduce", "ot-colour-transfer", "--set", "foo=3", "--dry-run"]);
    let text = stderr(&output);
    assert!(code(&output) == 2 && text.contains("samples") && !text.contains("pictures"), "{text}");
}

#[test]
fn a_value_that_makes_no_sense_is_a_usage_error_that_names_it() {
    for (what, set, named) in [
        ("alpha-rbm-classes", "epochs=abc", "epochs=abc"),
        ("alpha-rbm-classes", "hidden=0", "hidden: expected at least 1"),
        ("alpha-rbm-classes", "hidden=1000000000000", "hidden=1000000000000: expected at most"),
        ("alpha-rbm-panel", "samples=18446744073709551615", "expected at most"),
        ("alpha-rbm-panel", "layers=1000000000000", "expected at most"),
        ("alpha-rbm-panel", "characters=a?", "'a'"),
        ("ot-desserts", "tolerance=-1", "tolerance: expected a positive number, found -1"),
        ("ot-desserts", "tolerance=0", "tolerance: expected a positive number, found 0"),
        ("ot-desserts", "lambda=NaN", "lambda: expected a positive number, found NaN"),
        ("ot-desserts", "lambda=inf", "lambda: expected a finite number, found inf"),
        ("mnist-layers", "images=-5", "images=-5"),
    ] {
        let output = run(&[&["reproduce", what, "--set", set, "--dry-run"], SMOKE].concat());
        assert_eq!(code(&output), 2, "{set}: {}", stderr(&output));
        let text = stderr(&output);
        assert!(text.starts_with("error: cannot plan") && text.contains(named), "{set}: {text}");
    }
    let long = format!("characters={}", "A".repeat(201));
    let output = run(&["reproduce", "alpha-rbm-panel", "--set", &long, "--dry-run"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("at most 200 bytes"), "{}", stderr(&output));
}

#[test]
fn numbers_beyond_all_machines_are_usage_errors_with_the_bound() {
    for (option, value, most) in [
        ("--repeats", "18446744073709551615", "1000"),
        ("--repeats", "1001", "1000"),
        ("--repeats", "0", "1000"),
        ("--threads", "20000", "1024"),
        ("--jobs", "20000", "1024"),
    ] {
        let output = run(&["reproduce", "alpha-rbm-panel", option, value, "--dry-run"]);
        assert_eq!(code(&output), 2, "{option} {value}: {}", stderr(&output));
        let expected = format!("expected a whole number from 1 to {most}, found \"{value}\"");
        assert!(stderr(&output).contains(&expected), "{}", stderr(&output));
    }
    let many = ["--set", "layers=10000", "--repeats", "1000", "--dry-run"];
    let output = run(&[&["reproduce", "alpha-rbm-panel"], &many[..], SMOKE].concat());
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("10000 of each of 1000 repeats"), "{}", stderr(&output));
    let output = run(&[&["reproduce", "ot-desserts", "--repeats", "1000", "--dry-run"], SMOKE].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

#[test]
fn a_list_names_every_experiment() {
    let output = run(&["list"]);
    assert_eq!(code(&output), 0);
    for experiment in registry::catalogue() {
        assert!(stdout(&output).contains(&experiment.name()), "{}", experiment.name());
    }
    assert_eq!(code(&run(&["list", "no-such-thing-at-all"])), 2);
}

#[test]
fn a_dry_run_says_what_would_be_trained_and_writes_nothing() {
    let (reference, folder) = (reference(), Folder::new());
    let out = folder.path().display().to_string();
    let output = run(&[&["reproduce", "all", "--dry-run", "--out", &out], SMOKE].concat());
    assert_eq!(code(&output), 0);
    assert_eq!(stdout(&output).lines().filter(|line| line.contains("to train")).count(), reference.points);
    let text = stderr(&output);
    assert!(text.contains(&format!("{} to train, 0 cached; about ", reference.points)), "{text}");
    assert!(!folder.smoke().exists());
}

#[test]
fn progress_goes_to_standard_error_in_plain_lines_and_tables_to_standard_output() {
    let folder = Folder::new();
    let name = first().name();
    let out = folder.path().display().to_string();
    let output = run(&[&["reproduce", &name, "--out", &out], SMOKE].concat());
    assert_eq!(code(&output), 0);
    let (text, tables) = (stderr(&output), stdout(&output));
    for word in ["to train", "started  ", "finished ", "drawn    ", "claims: ", "page: "] {
        assert!(text.contains(word) && !tables.contains(word), "{word} in {text}");
    }
    for word in [name.as_str(), first().title, "stand-in", "───", "reproduced: "] {
        assert!(tables.contains(word), "{word} in {tables}");
    }
    for claim in first().claims {
        assert!(tables.contains(claim.says), "{} in {tables}", claim.says);
    }
    assert!(!text.contains('\u{1b}'), "no escape sequences without a terminal");
}

#[test]
fn a_misspelt_folder_of_results_is_an_error_and_is_not_made() {
    let folder = Folder::new();
    let typo = folder.path().join("resluts");
    let out = typo.display().to_string();
    for verb in ["check", "draw"] {
        let output = run(&[&[verb, "all", "--out", &out], SMOKE].concat());
        assert_eq!(code(&output), 1, "{verb}");
        let told = format!("error: --out names {out}, which is not there\n");
        assert_eq!((stdout(&output), stderr(&output)), (String::new(), told), "{verb}");
    }
    assert!(!typo.exists());
}

#[test]
fn a_folder_that_cannot_be_written_is_a_clear_error() {
    let folder = Folder::new();
    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "in the way").unwrap();
    let out = blocked.display().to_string();
    let output = run(&[&["reproduce", &first().name(), "-q", "--out", &out], SMOKE].concat());
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains(&out), "{}", stderr(&output));
}
