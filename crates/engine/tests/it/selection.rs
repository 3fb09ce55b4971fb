//! Which experiments a name on the command line means.

use engine::Question;
use engine::select::{glob, select};

use crate::support::question;

static QUESTIONS: [Question; 5] = [
    question("alpha-rbm-units", "scratch", "scratch"),
    question("alpha-rbm-classes", "generative", "generative"),
    question("alpha-rbm-classes", "scratch", "scratch"),
    question("mnist-layers", "generative", "generative"),
    question("record-rbm", "ours", "ours"),
];

fn catalogue() -> Vec<&'static Question> {
    QUESTIONS.iter().collect()
}

fn chosen(names: &[&str]) -> Vec<String> {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    select(&catalogue(), &names).unwrap().into_iter().map(|place| QUESTIONS[place].name()).collect()
}

fn refused(name: &str) -> String {
    select(&catalogue(), &[name.to_owned()]).unwrap_err().to_string()
}

#[test]
fn an_id_means_all_its_protocols_and_a_full_name_one() {
    assert_eq!(chosen(&["alpha-rbm-classes"]), ["alpha-rbm-classes:generative", "alpha-rbm-classes:scratch"]);
    assert_eq!(chosen(&["alpha-rbm-classes:scratch"]), ["alpha-rbm-classes:scratch"]);
}

#[test]
fn globs_and_reports_are_understood_and_the_order_is_the_registrys() {
    assert_eq!(chosen(&["mnist-*", "alpha-*:scratch"]).len(), 3);
    assert_eq!(
        chosen(&["mnist-layers", "alpha-rbm-units"]),
        ["alpha-rbm-units:scratch", "mnist-layers:generative"]
    );
    assert_eq!(chosen(&["report:generative"]), ["alpha-rbm-classes:generative", "mnist-layers:generative"]);
    assert_eq!(chosen(&["*", "alpha-rbm-units"]).len(), 4, "each once, records left out");
}

#[test]
fn records_run_only_when_named() {
    assert_eq!(chosen(&["all"]).len(), 4);
    assert_eq!(chosen(&["record-rbm"]), ["record-rbm:ours"]);
    assert_eq!(chosen(&["record-*"]), ["record-rbm:ours"]);
}

#[test]
fn an_unknown_name_is_refused_with_what_may_have_been_meant() {
    assert!(refused("alpha-rbm-unist").contains("did you mean \"alpha-rbm-units\""));
    assert!(refused("report:scratsh").contains("did you mean \"report:scratch\""));
    assert!(refused("alpha-rbm-units:generativ").contains("did you mean"));
    assert!(refused("report:cnn-sdae").starts_with("no experiment is called \"report:cnn-sdae\""));
    assert!(refused("quantum").contains("cargo xtask list"));
    assert!(refused("").contains("cargo xtask list"));
}

#[test]
fn a_glob_matches_runs_and_single_characters() {
    for (pattern, text, expected) in [
        ("*", "", true),
        ("a*c", "abc", true),
        ("a*c", "abcd", false),
        ("a**c", "ac", true),
        ("?b?", "abc", true),
        ("?", "", false),
        ("a*b*c", "a-b-b-c", true),
        ("", "a", false),
    ] {
        assert_eq!(glob(pattern, text), expected, "{pattern} against {text}");
    }
}
