use std::collections::BTreeMap;
use std::path::{Component, Path};

use disk::{BadName, Folder, Name, escaped, one_line};
use proptest::prelude::*;

use crate::support::name;

#[test]
fn plain_components_make_a_name() {
    let longest = "x".repeat(255);
    for text in [
        "rows.csv",
        ".work-0f3c",
        "weights/rbm.safetensors",
        "alpha/cd-10+epochs=3",
        "ä ö/日本",
        "..a",
        &longest,
    ] {
        assert_eq!(name(text).as_str(), text);
        assert_eq!(text.parse::<Name>().unwrap().to_string(), text);
    }
    assert_eq!(name("a/b").components().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(name("a").join(&name("b/c")), "a/b/c");
}

/// Refused however it comes, with an error that can be printed.
fn assert_no_name(text: &str) {
    let error: BadName = Name::new(text).unwrap_err();
    let said = error.to_string();
    assert!(said.starts_with("expected a name inside the folder, found \""), "{said}");
    assert!(said.len() < 1000 && said == escaped(&said), "{said:?}");
    assert!(Name::try_from(text.to_owned()).is_err() && text.parse::<Name>().is_err());
    let quoted = serde_json::to_string(text).unwrap();
    assert!(serde_json::from_str::<Name>(&quoted).unwrap_err().to_string().contains("inside the folder"));
}

#[test]
fn what_could_leave_the_folder_is_no_name() {
    let absolute = ["/", "/etc/passwd", "//host/share", "\\\\host\\share", "C:", "C:x", "c:\\x", "a/C:x"];
    let upwards = ["..", "../x", "a/../b", "a/..", "..\\x", "a\\b", ".. ", "..."];
    let empty = ["", " ", ".", "./a", "a/.", "a/./b", "a//b", "a/", "/a/"];
    absolute.into_iter().chain(upwards).chain(empty).for_each(assert_no_name);
    for long in ["x".repeat(256), "ä".repeat(128), format!("a/{}", "x".repeat(256))] {
        assert_no_name(&long);
    }
}

#[test]
fn what_could_forge_a_line_is_no_name() {
    let controls = ["a\0", "\u{1b}[2J", "a\nb", "a\rb", "a\tb", "a\u{7f}", "a\u{9b}2J"];
    let separators = ["a\u{2028}b", "a\u{2029}b"];
    let directions = ["\u{202e}gnp.exe", "\u{2066}a\u{2069}", "a\u{200e}", "a\u{200f}", "a\u{61c}"];
    controls.into_iter().chain(separators).chain(directions).for_each(assert_no_name);
}

#[test]
fn an_error_shows_what_was_found_and_why_it_is_no_name() {
    let said = |text: &str| Name::new(text).unwrap_err().to_string();
    assert!(said("../x").contains("\"../x\"") && said("../x").contains("dots"));
    assert!(said("/etc/passwd").contains("absolute"));
    assert!(said("\u{1b}[2J").contains("\\u{1b}[2J"));
    // A manifest may hold megabytes in the place of a name.
    assert!(said(&"x".repeat(1 << 20)).len() < 200);
}

#[test]
fn texts_for_a_terminal_keep_what_can_be_printed() {
    assert_eq!(escaped("grün/\"日本\" 'x' \\"), "grün/\"日本\" 'x' \\");
    assert_eq!(escaped("a\u{1b}[2J\r\nb\u{202e}"), "a\\u{1b}[2J\\r\\nb\\u{202e}");
    assert_eq!(one_line(" a\u{1b}[2J\r\n\tb\u{2028}c\u{202e}\n"), "a\\u{1b}[2J b c\\u{202e}");
}

#[test]
fn names_are_texts_in_files_and_in_maps() {
    let map: BTreeMap<Name, u8> = serde_json::from_str(r#"{"b/c": 2, "a": 1}"#).unwrap();
    assert_eq!((map.get("a"), map.get("b/c"), map.get("c")), (Some(&1), Some(&2), None));
    assert_eq!(serde_json::to_string(&map).unwrap(), r#"{"a":1,"b/c":2}"#);
    assert!(serde_json::from_str::<BTreeMap<Name, u8>>(r#"{"../b": 2}"#).is_err());
    assert!(serde_json::from_str::<Name>("7").is_err());
}

/// Parts of which paths that lead elsewhere are made, and any text.
fn part() -> impl Strategy<Value = String> {
    let known =
        ["", ".", "..", "...", "a", "weights", "/", "\\", "C:", "C:\\", "~", "\0", "\u{202e}", " ", ".. "];
    prop_oneof![4 => proptest::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(part(), 1..6).prop_map(|parts| parts.join("/"))
}

/// What is left of `path` without the root consists of plain components.
fn is_below(path: &Path, root: &Path) -> bool {
    let plain = |component: Component<'_>| matches!(component, Component::Normal(_));
    path.strip_prefix(root).is_ok_and(|rest| rest.components().count() > 0 && rest.components().all(plain))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever text a file holds: it is refused, or its path lies below the root.
    #[test]
    fn no_name_leaves_its_root(
        root in proptest::sample::select(vec!["/results", "results/quick", "../results", "."]),
        first in text(),
        second in text(),
    ) {
        let folder = Folder::root(root);
        let root = folder.path();
        for (outer, inner) in [(&first, &second), (&second, &first)] {
            let Ok(outer) = Name::new(outer) else { continue };
            let below = folder.folder(&outer);
            prop_assert!(is_below(&below.path(), &root), "{outer:?}");
            prop_assert!(is_below(&folder.file(&outer), &root), "{outer:?}");
            let Ok(inner) = Name::new(inner) else { continue };
            prop_assert!(is_below(&below.folder(&inner).path(), &below.path()), "{inner:?}");
            prop_assert_eq!(below.folder(&inner), folder.folder(&outer.join(&inner)));
        }
    }

    /// A text that is a name survives being written and read.
    #[test]
    fn names_read_back(text in text()) {
        if let Ok(name) = Name::new(&text) {
            let back: Name = serde_json::from_str(&serde_json::to_string(&name).unwrap()).unwrap();
            prop_assert_eq!(String::from(back), text);
        }
    }
}
