//! Lines of code on the pages: escaped, once a page, linked from the other sections, and not in the Markdown.

use std::collections::BTreeMap;

use report::{Snippet, markdown};

use crate::pages::{HOSTILE, elements, page, pages};

/// Snippets by names of sections; what they say and have is hostile.
pub fn snippets(of: &[(&str, &str)]) -> BTreeMap<String, Snippet> {
    let snippet = |name: &str| Snippet {
        name: name.to_owned(),
        says: HOSTILE.to_owned(),
        gives: HOSTILE.to_owned(),
        source: format!("let less = 1 < 2; // {name}\n    let and = \"&\";\n{HOSTILE}\n"),
        command: format!("run -- {name}"),
    };
    of.iter().map(|(section, name)| (format!("{section}:scratch"), snippet(name))).collect()
}

#[test]
fn the_same_lines_are_once_on_a_page_and_the_other_sections_lead_there() {
    let pages = pages(&page(None));
    let [first, second] = ["first.html", "second.html"]
        .map(|name| pages.iter().find(|(page, _)| page == name).map(|(_, html)| elements(html)).unwrap());
    for (elements, name, again) in [(&first, "a", 1), (&second, "b", 0)] {
        let anchor = format!("lines-{name}");
        let of = |element: &str, class: &str| {
            let is = |e: &&crate::xml::Element| {
                e.name == element && e.attributes.get("class").is_some_and(|own| own == class)
            };
            elements.iter().filter(is).count()
        };
        assert_eq!((of("details", "snippet"), of("p", "same")), (1, again), "{name}");
        let at = |key: &str, value: &str| {
            elements.iter().filter(|e| e.attributes.get(key).is_some_and(|own| own == value)).count()
        };
        assert_eq!((at("id", &anchor), at("href", &format!("#{anchor}"))), (1, again), "{name}");
    }
}

/// Whatever the lines have in them, a reader can copy them as they are.
#[test]
fn lines_are_shown_as_they_are() {
    for (name, html) in pages(&page(None)).iter().filter(|(name, _)| name.starts_with(['f', 's'])) {
        let elements = elements(html);
        let code = elements.iter().zip(&elements[1..]).find(|(outer, _)| outer.name == "pre");
        let own = if name == "first.html" { "a" } else { "b" };
        let expected = format!("let less = 1 < 2; // {own}\n    let and = \"&\";\n{HOSTILE}");
        assert_eq!(code.map(|(_, inner)| (inner.name.as_str(), &inner.text)), Some(("code", &expected)));
        assert!(elements.iter().any(|e| e.name == "code" && e.text == format!("run -- {own}")), "{name}");
    }
}

#[test]
fn names_of_snippets_are_anchors_whatever_they_are() {
    let mut page = page(None);
    for snippet in page.chapters[0].snippets.values_mut() {
        snippet.name = "a \"b\"#c".to_owned();
    }
    let html = &pages(&page)[1].1;
    assert_eq!(
        (html.matches("id=\"lines-a--b--c\"").count(), html.matches("#lines-a--b--c\"").count()),
        (1, 1)
    );
}

#[test]
fn sections_without_lines_say_nothing_of_them_and_neither_does_the_markdown() {
    assert!(!markdown(&page(None)).contains("let less"));
    let mut page = page(None);
    for chapter in &mut page.chapters {
        chapter.snippets.clear();
    }
    for (name, html) in pages(&page) {
        assert!(!html.contains("class=\"snippet\"") && !html.contains("class=\"same\""), "{name}");
    }
}
