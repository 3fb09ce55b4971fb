//! The words of lessons: numbered, silent about the answer where they should be, and right about where the mistake is.

use std::path::Path;

use lessons::{LESSONS, Lesson};

#[test]
fn lessons_are_numbered_from_one() {
    let numbers: Vec<usize> = LESSONS.iter().map(|lesson| lesson.number).collect();
    assert_eq!(numbers, (1..=LESSONS.len()).collect::<Vec<_>>());
    assert!(Lesson::numbered(0).is_none() && Lesson::numbered(LESSONS.len() + 1).is_none());
}

#[test]
fn hints_name_no_program_and_answers_go_on_after_its_name() {
    for lesson in LESSONS {
        for name in
            ["program A", "program B", "Program A", "Program B", "planted", "velocity", "order", "shuffle"]
        {
            assert!(!lesson.look.contains(name) && !lesson.title.contains(name), "{name} in {}", lesson.look);
        }
        assert!(lesson.answer.starts_with(char::is_lowercase), "{}", lesson.answer);
    }
    // Nobody should learn that it is always the first one.
    assert!(["A", "B"].iter().all(|name| LESSONS.iter().any(|lesson| lesson.planted().to_string() == *name)));
}

#[test]
fn the_place_of_each_mistake_is_a_function_of_a_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for lesson in LESSONS {
        let (file, function) = lesson.place.split_once(", ").unwrap();
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        let name = function.rsplit("::").next().unwrap();
        assert!(text.contains(&format!("fn {name}")) && text.contains("The planted bug"), "{}", lesson.place);
    }
}
