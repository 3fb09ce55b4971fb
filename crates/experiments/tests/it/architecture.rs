//! Who may know whom: every Cargo.toml of the workspace against one table.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Crate, crates of ours it may use, crates of others. Test helpers are free.
const TABLE: &[(&str, &[&str], &[&str])] = &[
    ("tensor", &[], &["faer", "pulp", "rand", "rand_pcg", "rayon"]),
    ("train", &["tensor"], &["safetensors", "serde"]),
    ("datasets", &["tensor"], &["flate2"]),
    ("energy", &["tensor", "train"], &["serde"]),
    ("feedforward", &["tensor", "train"], &["serde"]),
    ("generative", &["tensor", "train", "feedforward"], &["serde"]),
    ("transport", &["tensor"], &[]),
    ("pictures", &[], &["image-webp", "jpeg-encoder", "png", "zune-jpeg"]),
    ("quality", &["tensor"], &[]),
    ("report", &[], &["base64", "csv", "minijinja", "png", "serde", "serde_json"]),
    ("disk", &[], &["anyhow", "serde", "tempfile"]),
    ("fetch", &["datasets", "disk", "tensor"], &["anyhow", "serde", "serde_json", "sha2", "ureq"]),
    ("engine", &["train", "report", "disk"], &["anyhow", "csv", "serde", "serde_json", "sha2", "strsim"]),
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
            "quality",
            "report",
            "disk",
            "fetch",
            "engine",
        ],
        &["anyhow", "serde", "serde_json"],
    ),
    ("lessons", &["tensor", "train", "datasets", "energy", "feedforward"], &[]),
    ("browser", &["tensor", "train", "datasets", "energy"], &["base64", "sha2"]),
    ("export", &[], &["base64", "crc32c", "crc32fast", "serde_json"]),
    (
        "xtask",
        &["disk", "fetch", "engine", "experiments", "report", "export", "lessons", "browser"],
        &["anyhow", "clap", "indicatif", "serde_json", "signal-hook"],
    ),
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
        assert_eq!(names(cells[3], &[]), owned(others), "crates of others in {row}");
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

/// All Rust files below a folder, by their paths relative to it, sorted.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn pure_crates_do_no_input_and_output() {
    for name in [
        "tensor",
        "train",
        "datasets",
        "energy",
        "feedforward",
        "generative",
        "transport",
        "pictures",
        "quality",
        "report",
        "lessons",
        "browser",
        "export",
    ] {
        let sources = root().join("crates").join(name).join("src");
        for file in files(&sources) {
            let text = read(&sources.join(&file));
            for word in ["std::fs", "std::net", "std::env::", "std::process"] {
                assert!(!text.contains(word), "{name}/src/{file} uses {word}");
            }
        }
    }
}

/// The engine plans, runs, keeps and draws; what is trained and what it is about are none of its business.
#[test]
fn the_engine_knows_no_experiment() {
    let sources = root().join("crates/engine/src");
    for file in files(&sources) {
        let text = read(&sources.join(&file)).to_lowercase();
        for word in ["rbm", "dbn", "perceptron", "autoencoder"] {
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let found = code.filter(|line| line.contains(word)).count();
            assert_eq!(found, 0, "engine/src/{file} speaks of {word}");
        }
    }
}

/// A folder that is declared and not listed would be built and never run.
#[test]
fn every_folder_with_entries_is_in_the_registry() {
    let sources = root().join("crates/experiments/src");
    let registry = read(&sources.join("registry.rs"));
    let mut listed = 0;
    for file in files(&sources) {
        let Some(folder) = file.strip_suffix("/mod.rs") else { continue };
        if read(&sources.join(&file)).contains("pub const ENTRIES") {
            assert!(
                registry.contains(&format!("    crate::{folder}::ENTRIES,\n")),
                "{folder} is not in the registry"
            );
            listed += 1;
        }
    }
    assert_eq!(listed, registry.matches("::ENTRIES,").count());
}

#[test]
fn every_file_is_under_four_hundred_lines() {
    let mut long = Vec::new();
    for folder in ["crates", "xtask"] {
        for file in files(&root().join(folder)) {
            let lines = read(&root().join(folder).join(&file)).lines().count();
            if lines > 400 {
                long.push(format!("{folder}/{file}: {lines}"));
            }
        }
    }
    assert!(long.is_empty(), "{long:?}");
}

/// The file of a crate in which a path such as `crate::a::b::C` is defined, or the module that it names.
fn file_of(path: &[&str], files: &[String]) -> Option<String> {
    let there = |name: String| files.contains(&name).then_some(name);
    (1..=path.len()).rev().find_map(|n| {
        let joined = path[..n].join("/");
        there(format!("{joined}.rs")).or_else(|| there(format!("{joined}/mod.rs")))
    })
}

/// What a file of a crate imports from others of that crate: `use crate::...` and `use super::...`. Modules that only
/// declare and re-export their children are no knot: what is imported through them counts for the child's file.
fn imports(file: &str, text: &str, files: &[String]) -> BTreeSet<String> {
    let own: Vec<&str> = file.trim_end_matches(".rs").split('/').filter(|part| *part != "mod").collect();
    let mut found = BTreeSet::new();
    for statement in text.split(';').filter_map(|part| part.rsplit_once("use ").map(|(_, path)| path)) {
        let head: String = statement.split(['{', ' ', '\n']).next().unwrap_or_default().to_owned();
        let mut parts: Vec<&str> = head.split("::").filter(|part| !part.is_empty()).collect();
        let mut base: Vec<&str> = Vec::new();
        match parts.first() {
            Some(&"crate") => {
                parts.remove(0);
            }
            Some(&"super") => {
                base = own[..own.len().saturating_sub(1)].to_vec();
                parts.remove(0);
            }
            _ => continue,
        }
        let list = statement.split_once('{').map_or("", |(_, list)| list.trim_end_matches('}'));
        for name in list.split(',').map(|name| name.trim().split("::").next().unwrap_or_default()) {
            let path: Vec<&str> = base.iter().chain(&parts).copied().chain([name]).collect();
            let path: Vec<&str> = path.into_iter().filter(|part| !part.is_empty()).collect();
            found.extend(file_of(&path, files).filter(|other| other != file && !other.ends_with("mod.rs")));
        }
    }
    found
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.push(root().join("xtask"));
    for folder in folders.into_iter().map(|folder| folder.join("src")).filter(|folder| folder.is_dir()) {
        let files = files(&folder);
        let mut left: BTreeMap<String, BTreeSet<String>> = files
            .iter()
            .map(|file| (file.clone(), imports(file, &read(&folder.join(file)), &files)))
            .collect();
        // Whatever imports nothing that is left cannot be part of a circle.
        loop {
            let free: Vec<String> = left
                .iter()
                .filter(|(_, own)| own.iter().all(|other| !left.contains_key(other)))
                .map(|(file, _)| file.clone())
                .collect();
            if free.is_empty() {
                break;
            }
            free.iter().for_each(|file| drop(left.remove(file)));
        }
        assert!(left.is_empty(), "{}: these import each other: {left:?}", folder.display());
    }
}

#[test]
fn the_reader_of_imports_sees_all_forms() {
    let files = ["a.rs", "b/mod.rs", "b/c.rs", "b/d.rs"].map(str::to_owned);
    let text = "use std::fmt;\nuse crate::a::Thing;\nuse super::c;\nuse crate::b::{c::X, Y};\n";
    let expected = ["a.rs", "b/c.rs"].map(str::to_owned);
    assert_eq!(imports("b/d.rs", text, &files), BTreeSet::from(expected));
}
