//! Replays a corpus, and every file of it damaged in all the ways that are cheap to list.
//!
//! The name of a file says what is expected of it: `good-…` is read, `bad-…` is refused.

use std::fs;
use std::path::PathBuf;

/// Bytes at the beginning of which every bit is flipped: headers stand there.
const FLIPPED: usize = 256;
/// Of longer files, about so many of the truncations and of the fields are tried, well spread.
const TRIED: usize = 1024;

/// The folder of a target's corpus.
pub fn folder(target: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus")).join(target)
}

/// Names and bytes of a target's corpus, sorted by name.
fn files(target: &str) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder(target)).expect("the corpus is part of the repository");
    let mut files: Vec<(String, Vec<u8>)> = entries
        .map(|entry| {
            let path = entry.expect("a folder of ours").path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            (name.expect("it has a name"), fs::read(&path).expect("a file of ours"))
        })
        .collect();
    files.sort();
    files
}

/// Every truncation, every flipped bit of the beginning, and every field of four bytes at its extremes.
fn damaged(bytes: &[u8], mut look: impl FnMut(&[u8])) {
    let step = bytes.len().div_ceil(TRIED).max(1);
    (0..bytes.len()).step_by(step).for_each(|length| look(&bytes[..length]));
    let mut other = bytes.to_vec();
    for bit in 0..8 * bytes.len().min(FLIPPED) {
        other[bit / 8] ^= 1 << (bit % 8);
        look(&other);
        other[bit / 8] ^= 1 << (bit % 8);
    }
    for at in (0..bytes.len().saturating_sub(3)).step_by(step) {
        for extreme in [0, 0xff] {
            other[at..at + 4].fill(extreme);
            look(&other);
        }
        other[at..at + 4].copy_from_slice(&bytes[at..at + 4]);
    }
}

/// Puts the corpus of a target through its check, whole and damaged.
///
/// # Panics
/// If the check does, a good file is refused, a bad one read, or there are too few of either.
pub fn replay(target: &str, check: impl Fn(&[u8]) -> bool) {
    let (mut good, mut bad, mut refused, mut tried) = (0, 0, 0, 0);
    for (name, bytes) in files(target) {
        let (is_good, is_bad) = (name.starts_with("good-"), name.starts_with("bad-"));
        assert!(is_good != is_bad, "{target}/{name}: expected a name that says whether it is good or bad");
        assert_eq!(check(&bytes), is_good, "{target}/{name}");
        (good, bad) = (good + usize::from(is_good), bad + usize::from(is_bad));
        damaged(&bytes, |damaged| {
            tried += 1;
            refused += usize::from(!check(damaged));
        });
    }
    assert!(good >= 2 && bad >= 4, "{target}: {good} good files and {bad} bad ones");
    assert!(20 * refused > tried, "{target}: of {tried} damaged files only {refused} are refused");
}

/// Writes the corpus of a target anew.
///
/// # Panics
/// If the disk refuses, or a file is too large for a corpus.
pub fn write(target: &str, files: &[(&str, Vec<u8>)]) {
    let folder = folder(target);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder of ours");
    for (name, bytes) in files {
        assert!(bytes.len() < 4096, "{target}/{name}: {} bytes", bytes.len());
        fs::write(folder.join(name), bytes).expect("a file of ours");
    }
}
