//! Research objects: every reference has its entity, every file its digest, nobody is named who is not cited.

use std::collections::BTreeSet;

use export::citation::{Author, Citation};
use export::research::{Description, Entry, commit_address, day, metadata};
use serde_json::Value;

fn description() -> Value {
    let software = Citation {
        title: "a program".to_owned(),
        version: "1.2.3".to_owned(),
        authors: vec![Author::Group("The authors".to_owned())],
        licences: vec!["MIT".to_owned(), "Apache-2.0".to_owned()],
        address: None,
    };
    let file = |path: &str, about: &str| Entry {
        path: path.to_owned(),
        bytes: 12,
        sha256: "ab".repeat(32),
        about: about.to_owned(),
    };
    let bytes = metadata(&Description {
        name: "a run",
        about: "what is in it",
        date: "2031-02-28",
        command: "cargo xtask reproduce all",
        software: &software,
        source: Some(&commit_address(&"c0".repeat(20))),
        host: &[("processor".to_owned(), "a fast one".to_owned())],
        files: &[file("a/σ = 1.svg", "a figure"), file("metrics.csv", "")],
    });
    serde_json::from_slice(&bytes).unwrap()
}

/// All `@id` of references, wherever they stand.
fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) if fields.len() == 1 && fields.contains_key("@id") => {
            found.insert(fields["@id"].as_str().unwrap());
        }
        Value::Object(fields) => fields.values().for_each(|value| references(value, found)),
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_to_an_entity_and_every_entity_has_one_identifier() {
    let whole = description();
    let graph = whole["@graph"].as_array().unwrap();
    let ids: Vec<&str> = graph.iter().map(|entity| entity["@id"].as_str().unwrap()).collect();
    let distinct: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), distinct.len());
    let mut found = BTreeSet::new();
    graph.iter().for_each(|entity| references(entity, &mut found));
    // The specification that the file follows is no part of it.
    found.remove("https://w3id.org/ro/crate/1.2");
    assert!(found.is_subset(&distinct), "{:?}", found.difference(&distinct).collect::<Vec<_>>());
}

#[test]
fn a_file_has_an_address_a_size_a_digest_and_a_media_type() {
    let whole = description();
    let graph = whole["@graph"].as_array().unwrap();
    let file = graph.iter().find(|entity| entity["@id"] == "a/%CF%83%20%3D%201.svg").unwrap();
    assert_eq!(file["contentSize"], "12");
    assert_eq!(file["sha256"], "ab".repeat(32));
    assert_eq!([&file["encodingFormat"], &file["description"]], ["image/svg+xml", "a figure"]);
    let table = graph.iter().find(|entity| entity["@id"] == "metrics.csv").unwrap();
    assert_eq!([&table["encodingFormat"], &table["description"]], ["text/csv", "A table"]);
    let root = graph.iter().find(|entity| entity["@id"] == "./").unwrap();
    assert_eq!(root["hasPart"].as_array().unwrap().len(), 2);
    assert_eq!(root["license"].as_array().unwrap().len(), 2);
    let people =
        graph.iter().filter(|entity| entity["@type"] == "Person" || entity["@type"] == "Organization");
    assert_eq!(people.map(|one| one["name"].as_str().unwrap()).collect::<Vec<_>>(), ["The authors"]);
}

/// What RO-Crate 1.2 asks of software: a name, a version, an address.
#[test]
fn the_program_has_a_name_a_version_and_an_address() {
    let whole = description();
    let graph = whole["@graph"].as_array().unwrap();
    let program = graph.iter().find(|entity| entity["@type"] == "SoftwareApplication").unwrap();
    let address = format!("swh:1:rev:{}", "c0".repeat(20));
    assert_eq!([&program["name"], &program["version"]], ["a program", "1.2.3"]);
    assert_eq!(program["url"], address.as_str());
}

#[test]
fn days_are_those_of_the_calendar() {
    let at = |days: u64| day(days * 86_400 + 86_399);
    assert_eq!(
        [at(0), at(58), at(59), at(364), at(365)],
        ["1970-01-01", "1970-02-28", "1970-03-01", "1970-12-31", "1971-01-01"]
    );
    // Leap years by the rule of four and of four hundred; 2100 is none.
    assert_eq!(
        [at(789), at(11_016), at(47_540), at(47_541)],
        ["1972-02-29", "2000-02-29", "2100-02-28", "2100-03-01"]
    );
}
