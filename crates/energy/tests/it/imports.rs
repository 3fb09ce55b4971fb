//! No file of this crate imports one that imports it, along whatever way.
//!
//! A file imports what its paths through `crate::` and `super::` name, and what a `mod.rs` or `lib.rs` re-exports. A path
//! to something that `lib.rs` re-exports leads through `lib.rs`, which imports everything.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Files = BTreeMap<Vec<String>, String>;

/// All files below a folder: the path of modules, and the text without comments.
fn collect(folder: &Path, module: &[String], files: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let inner = [module, std::slice::from_ref(&stem)].concat();
        if path.is_dir() {
            collect(&path, &inner, files);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let code: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap()).collect();
        let own = if stem == "mod" || stem == "lib" { module.to_vec() } else { inner };
        files.insert(own, code.join("\n"));
    }
}

/// The module that a path of names leads to, as far as its names are modules.
fn resolve(from: &[String], path: &str, files: &Files) -> Vec<String> {
    let mut module = from.to_vec();
    for name in path.split("::") {
        module.push(name.trim().to_owned());
        if !files.contains_key(&module) {
            module.pop();
            break;
        }
    }
    module
}

fn names(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    &text[..end.unwrap_or(text.len())]
}

/// The modules that a file imports.
fn imports(module: &[String], text: &str, files: &Files) -> BTreeSet<Vec<String>> {
    let parent = &module[..module.len().saturating_sub(1)];
    let through = |word: &str, from: &[String]| -> Vec<Vec<String>> {
        text.split(word).skip(1).map(|rest| resolve(from, names(rest), files)).collect()
    };
    let mut found = [through("crate::", &[]), through("super::", parent)].concat();
    found.extend(through("pub use ", module).into_iter().filter(|target| target != module));
    found.into_iter().filter(|target| target != module).collect()
}

/// A way from a module back to itself.
fn circle(files: &Files) -> Option<Vec<String>> {
    let edges: BTreeMap<&Vec<String>, BTreeSet<Vec<String>>> =
        files.iter().map(|(module, text)| (module, imports(module, text, files))).collect();
    edges.keys().map(|module| (*module).clone()).find(|start| {
        let (mut seen, mut next) = (BTreeSet::new(), edges[start].clone());
        while let Some(module) = next.pop_first() {
            if seen.insert(module.clone()) {
                next.extend(edges[&module].iter().cloned());
            }
        }
        seen.contains(start)
    })
}

#[test]
fn no_file_imports_one_that_imports_it() {
    let mut files = Files::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &[], &mut files);
    assert!(files.len() > 15 && files.contains_key(&Vec::new()), "{:?}", files.keys());
    assert_eq!(circle(&files), None);
}

#[test]
fn a_circle_is_found_through_the_root_and_through_a_folder() {
    let files = |list: &[(&str, &str)]| -> Files {
        let module = |name: &str| name.split("::").filter(|n| !n.is_empty()).map(str::to_owned).collect();
        list.iter().map(|(name, text)| (module(name), (*text).to_owned())).collect()
    };
    let root = ("", "mod a;\nmod b;\npub use a::A;\npub use b::B;");
    assert!(circle(&files(&[root, ("a", "use crate::B;"), ("b", "")])).is_some());
    assert!(circle(&files(&[root, ("a", "use crate::b::B;"), ("b", "")])).is_none());
    assert!(circle(&files(&[root, ("a", "use crate::b::B;"), ("b", "fn f(a: crate::a::A) {}")])).is_some());
    let folder = ("a", "mod c;\npub use c::C;");
    assert!(circle(&files(&[root, folder, ("a::c", "use super::D;"), ("b", "")])).is_some());
    assert!(circle(&files(&[root, folder, ("a::c", "use crate::b::B;"), ("b", "")])).is_none());
}
