//! Who may know whom: every Cargo.toml of the workspace against one table.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Crate, crates of ours it may use, crates of others. Test helpers are free.
const TABLE: &[(&str, &[&str], &[&str])] = &[
    ("tensor", &[], &["faer", "pulp", "rand", "rand_pcg", "rayon"]),
    ("train", &["tensor"], &["safetensors", "serde"]),
    ("datasets", &["tensor"], &["flate2"]),
    ("energy", &["tensor", "train"], &[]),
    ("feedforward", &["tensor", "train"], &["serde"]),
    ("generative", &["tensor", "train", "feedforward"], &[]),
    ("transport", &["tensor"], &[]),
    ("pictures", &[], &["png"]),
    ("report", &[], &["csv", "minijinja", "png"]),
    (
        "experiments",
        &[
            "tensor",
            "train",
            "datasets",
            "energy",
            "feedforward",
            "generative",
            "transport",
            "pictures",
            "report",
        ],
        &["anyhow", "serde", "serde_json", "sha2", "tempfile", "ureq"],
    ),
    ("xtask", &["experiments"], &["anyhow", "clap", "ctrlc", "indicatif"]),
];

/// Crates that nothing depends on and that may use everything: benchmarks.
const FREE: &[&str] = &["bench"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Names under `[dependencies]` and `[build-dependencies]`, of any target.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            let tail = section.rsplit_once("dependencies");
            inside = tail.is_some_and(|(head, _)| !head.ends_with("dev-"));
            if let (true, Some((_, name))) = (inside, tail) {
                names.extend(name.strip_prefix('.').map(str::to_owned));
                inside = name.is_empty();
            }
        } else if inside && !line.is_empty() && !line.starts_with('#') {
            let name: String =
                line.chars().take_while(|c| c.is_alphanumeric() || "_-".contains(*c)).collect();
            names.insert(name);
        }
    }
    names
}

#[test]
fn every_crate_knows_only_whom_it_may() {
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.push(root().join("xtask"));
    for folder in folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        if FREE.contains(&name.as_str()) || !folder.join("Cargo.toml").is_file() {
            continue;
        }
        let row = TABLE.iter().find(|row| row.0 == name);
        let (_, ours, others) = row.unwrap_or_else(|| panic!("crate {name} is not in the table"));
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        for dependency in dependencies(&manifest) {
            let known = ours.contains(&dependency.as_str()) || others.contains(&dependency.as_str());
            assert!(known, "{name} must not depend on {dependency}");
        }
    }
}

/// A row of the document's table: `–` is none, "all above" are the rows before it.
fn names(cell: &str, above: &[&'static str]) -> BTreeSet<String> {
    match cell {
        "–" => BTreeSet::new(),
        "all above" => above.iter().map(|name| (*name).to_owned()).collect(),
        list => list.split(", ").map(str::to_owned).collect(),
    }
}

#[test]
fn the_document_has_the_same_table_and_says_what_each_dependency_is_for() {
    let document = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let (_, section) = document.split_once("## Who may know whom").unwrap();
    let (rules, _) = section.split_once("\n## ").unwrap();
    let (_, purposes) = document.split_once("## What each dependency is for").unwrap();
    let mut above = Vec::new();
    for (name, ours, others) in TABLE {
        let row = rules.lines().find(|line| line.starts_with(&format!("| `{name}`")));
        let row = row.unwrap_or_else(|| panic!("{name} has no row in the document"));
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let owned = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(names(cells[2], &above), owned(ours), "crates of ours in {row}");
        // A crate that is still to come may not know yet.
        if *name != "generative" {
            assert_eq!(names(cells[3], &[]), owned(others), "crates of others in {row}");
        }
        for other in *others {
            assert!(purposes.contains(&format!("`{other}`")), "nothing says what {other} is for");
        }
        above.push(*name);
    }
}

#[test]
fn the_reader_of_manifests_sees_all_forms() {
    let manifest = "[package]\nname = \"x\"\n[dependencies]\na.workspace = true\nb = { version = \"1\" }\n# c\n\
                    [dev-dependencies]\nd = \"1\"\n[target.'cfg(unix)'.dependencies]\ne-f = \"1\"\n\
                    [build-dependencies]\ng_h = \"1\"\n[dependencies.i]\nversion = \"1\"\n[features]\nj = []\n";
    let expected = ["a", "b", "e-f", "g_h", "i"].map(str::to_owned);
    assert_eq!(dependencies(manifest), BTreeSet::from(expected));
}

#[test]
fn pure_crates_do_no_input_and_output() {
    for name in ["tensor", "train", "datasets", "energy", "feedforward", "transport", "pictures", "report"] {
        let sources = root().join("crates").join(name).join("src");
        for file in experiments::disk::list(&sources).unwrap().iter().filter(|file| file.ends_with(".rs")) {
            let text = std::fs::read_to_string(sources.join(file)).unwrap();
            for word in ["std::fs", "std::net", "std::env::", "std::process"] {
                assert!(!text.contains(word), "{name}/src/{file} uses {word}");
            }
        }
    }
}

#[test]
fn every_file_is_under_four_hundred_lines() {
    let mut long = Vec::new();
    for folder in ["crates", "xtask"] {
        for file in
            experiments::disk::list(&root().join(folder)).unwrap().iter().filter(|f| f.ends_with(".rs"))
        {
            let lines = std::fs::read_to_string(root().join(folder).join(file)).unwrap().lines().count();
            if lines > 400 {
                long.push(format!("{folder}/{file}: {lines}"));
            }
        }
    }
    assert!(long.is_empty(), "{long:?}");
}
