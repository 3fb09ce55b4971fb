//! The project's own citation: read in full, and as the workspace has it.

use std::path::Path;

use export::citation::{Author, Citation};

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)).unwrap()
}

#[test]
fn groups_and_persons_lists_and_single_values_are_read() {
    let text = "title: \"A: b\"\nversion: 2.0.1\nauthors:\n  - name: 'The group'\n    website: https://x\n\
                - given-names: Ada\n    family-names: Lovelace\nlicense: MIT\nkeywords:\n  - name\n";
    let text = text.replace("- given", "  - given");
    let found = Citation::parse(&text);
    assert_eq!((found.title.as_str(), found.version.as_str()), ("A: b", "2.0.1"));
    let person = Author::Person("Ada".to_owned(), "Lovelace".to_owned());
    assert_eq!(found.authors, [Author::Group("The group".to_owned()), person]);
    assert_eq!(found.licences, ["MIT"]);
    assert_eq!(found.address, None);
}

#[test]
fn the_code_s_own_address_comes_before_a_page_about_it() {
    let address = |text: &str| Citation::parse(text).address;
    assert_eq!(address("url: \"https://page\"\n").as_deref(), Some("https://page"));
    assert_eq!(
        address("url: https://page\nrepository-code: https://code\n").as_deref(),
        Some("https://code")
    );
}

/// The one place for version and licence is the workspace's manifest; this file repeats them.
#[test]
fn the_citation_has_version_and_licences_of_the_workspace_and_what_the_format_requires() {
    let (manifest, text) = (file("Cargo.toml"), file("CITATION.cff"));
    let citation = Citation::parse(&text);
    let field = |name: &str| {
        let line = manifest.lines().find_map(|line| line.strip_prefix(&format!("{name} = "))).unwrap();
        line.trim_matches('"').to_owned()
    };
    assert_eq!(citation.version, field("version"));
    assert_eq!(citation.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(citation.licences, field("license").split(" OR ").collect::<Vec<_>>());
    assert!(!citation.title.is_empty() && !citation.authors.is_empty());
    for line in ["cff-version: 1.2.0", "type: software"] {
        assert!(text.lines().any(|own| own == line), "{line}");
    }
    assert!(text.lines().any(|line| line.starts_with("message: ")));
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        assert!(!file(licence).is_empty());
    }
}
