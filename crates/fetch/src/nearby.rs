//! What lies where a data set is looked for and nearly has the name of one of its files: an archive, a copy that a browser
//! numbered, a download under way. It is not read, but named, with a word on what it is.

use std::path::{Path, PathBuf};

use datasets::kind;

use crate::checksums::{Checksums, Dataset, Entry, plain_name};
use crate::locate::{BELOW, listed, places};
use crate::options::Options;
use crate::search::head;

/// How many are named.
const MOST: usize = 8;
/// Names of folders that are searched themselves.
const SEARCHED: [&str; 3] = ["mnist", "raw", "data"];

/// One line for each: its path, and what it is.
pub(crate) fn nearby(options: &Options, set: &Dataset) -> Vec<String> {
    let Checksums { alphadigits, mnist } = &options.checksums;
    let known = |name: &str| {
        let mut entries = alphadigits.files.iter().chain(&mnist.files);
        SEARCHED.contains(&plain_name(name).as_str()) || entries.any(|entry| entry.is_called(name))
    };
    let mut lines = Vec::new();
    for (folder, _) in places(options) {
        for below in BELOW {
            let inside: PathBuf = folder.join(below).components().collect();
            for name in listed(&inside) {
                let path = inside.join(&name);
                let name = name.to_string_lossy();
                if lines.len() < MOST && is_near(set, &name) && !known(&name) {
                    lines.push(format!("{}: {}", path.display(), what(&path)));
                }
            }
        }
    }
    lines
}

/// Whether a name has to do with a data set: its title in it, or the beginning of the name of one of its files.
fn is_near(set: &Dataset, name: &str) -> bool {
    let plain = plain_name(name).replace('-', "");
    let title: String = set.title.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let stem = |entry: &Entry| {
        let plain = plain_name(&entry.name);
        // "train-images-idx3-ubyte" is known by "trainimages", "binaryalphadigs.mat" by its first word.
        let words: Vec<&str> = plain.split('-').collect();
        words[..words.len().saturating_sub(2).max(1)].concat()
    };
    plain.contains(&title) || set.files.iter().any(|entry| plain.contains(&stem(entry)))
}

/// What it is, as far as its name and its first bytes say.
fn what(path: &Path) -> String {
    if path.is_dir() {
        return "a folder with another name, which is not searched (name it with --data-dir)".to_owned();
    }
    if !path.is_file() {
        return "no file".to_owned();
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    if name.ends_with(".npz") {
        return "a NumPy archive, as Keras keeps MNIST, which is not read (the four IDX files are)"
            .to_owned();
    }
    if [".part", ".crdownload", ".download", ".tmp", ".aria2"].iter().any(|end| name.ends_with(end)) {
        return "a download that has not ended".to_owned();
    }
    match kind::describe(&head(path)) {
        Some(kind) => kind.to_owned(),
        None => "another name than that of a published file".to_owned(),
    }
}
