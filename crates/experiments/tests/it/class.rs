//! The exercises for a class: experiments and figures that exist, and answers made from the rows of the reference run.

use std::path::{Path, PathBuf};

use engine::{Evidence, Rows};
use experiments::guide::GUIDE;
use experiments::registry;

/// The folder of an experiment in the quick reference run.
fn reference(name: &str) -> PathBuf {
    let (id, protocol) = name.split_once(':').unwrap();
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/reference/quick").join(id).join(protocol)
}

#[test]
fn every_exercise_is_about_an_experiment_that_all_runs() {
    assert!(GUIDE.exercises.len() >= 6);
    for exercise in GUIDE.exercises {
        let name = exercise.answer.name;
        let question = registry::catalogue().into_iter().find(|question| question.name() == name);
        let question = question.unwrap_or_else(|| panic!("no experiment {name}"));
        assert!(!question.is_record(), "{name} is run only when it is named");
    }
}

#[test]
fn the_reference_run_has_each_figure_and_answers_each_question_with_numbers() {
    for exercise in GUIDE.exercises {
        let folder = reference(exercise.answer.name);
        assert!(folder.join(exercise.answer.figure).is_file(), "{}", exercise.answer.figure);
        let rows = Rows::from_csv(&std::fs::read(folder.join("metrics.csv")).unwrap()).unwrap();
        let said = (exercise.answer.says)(&Evidence(rows))
            .unwrap_or_else(|| panic!("{} has no answer", exercise.title));
        assert!(said.chars().filter(char::is_ascii_digit).count() >= 4 && said.ends_with('.'), "{said}");
        assert!(!said.contains("NaN") && !said.contains("inf"), "{said}");
    }
}

#[test]
fn rows_that_do_not_have_it_give_no_answer() {
    for exercise in GUIDE.exercises {
        assert_eq!((exercise.answer.says)(&Evidence::default()), None, "{}", exercise.title);
    }
}

/// By hand, from the committed rows: the epoch from which on plain descent is as good as momentum after one.
#[test]
fn the_answer_about_momentum_is_what_the_rows_have() {
    let exercise = GUIDE.exercises.iter().find(|exercise| exercise.title == "Momentum").unwrap();
    let rows =
        Rows::from_csv(&std::fs::read(reference(exercise.answer.name).join("metrics.csv")).unwrap()).unwrap();
    let accuracy = |network: &str, epoch: usize| {
        let found = rows.rows.iter().find(|row| {
            row.metric == "accuracy_test"
                && row.epoch == Some(epoch)
                && row.column("network") == Some(network)
                && row.column("data") == Some("12 000 images")
        });
        found.unwrap().value
    };
    let first = accuracy("momentum 0.9", 1);
    let epoch = (1..=40).find(|&epoch| accuracy("GD", epoch) >= first).unwrap();
    let said = (exercise.answer.says)(&Evidence(rows.clone())).unwrap();
    assert!(said.starts_with(&format!("{epoch}. ")) && said.contains("12 000 images"), "{said}");
    assert!(said.contains(&format!("{:.1}", 100.0 * first)), "{said}");
}
