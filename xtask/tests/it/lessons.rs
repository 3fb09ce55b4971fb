//! `lesson`: both programs side by side, no answer unless asked for, and the same lessons as the page for a class has.

use experiments::guide::GUIDE;
use lessons::LESSONS;

use crate::support::{code, run, stderr, stdout};

#[test]
fn lessons_are_listed_and_others_are_an_error_of_usage() {
    let output = run(&["lesson"]);
    assert_eq!(code(&output), 0);
    assert_eq!(stdout(&output).lines().count(), LESSONS.len());
    let output = run(&["lesson", "99"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("there are 1 to 3"), "{}", stderr(&output));
    assert_eq!(code(&run(&["lesson", "--answer"])), 2);
}

#[test]
fn both_programs_stand_side_by_side_and_the_answer_waits_to_be_asked_for() {
    for lesson in LESSONS {
        let number = lesson.number.to_string();
        let output = run(&["lesson", &number]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let (asked, answered) = (stdout(&output), stdout(&run(&["lesson", &number, "--answer"])));
        for word in ["program A", "program B", lesson.look] {
            assert!(asked.contains(word), "{word} in {asked}");
        }
        assert!(!asked.contains(lesson.answer) && !asked.contains(lesson.place));
        let told = format!("Program {} {}", lesson.planted(), lesson.answer);
        assert!(answered.contains(&told) && answered.contains(lesson.place), "{answered}");
    }
}

/// The experiments do not know the lessons, and the page repeats what they are called.
#[test]
fn the_page_for_a_class_names_the_lessons_as_they_are_called() {
    let named: Vec<(usize, &str)> = GUIDE.exercises.iter().filter_map(|exercise| exercise.lesson).collect();
    let all: Vec<(usize, &str)> = LESSONS.iter().map(|lesson| (lesson.number, lesson.title)).collect();
    assert_eq!(named, all);
}
