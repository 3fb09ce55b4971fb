//! What a command line asks of the data store; everything comes back as values, nothing is printed.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use datasets::standin;
use tensor::Seed;

use crate::checksums::{Dataset, Entry};
use crate::load::STANDIN_SEED;
use crate::locate::{Located, Origin};
use crate::missing::Missing;
use crate::options::Options;
use crate::search::{Found, search};
use crate::{download, keep, locate};

/// What [`fetch`] did.
#[derive(Debug)]
pub struct Fetched {
    /// Each file of both data sets.
    pub files: Vec<(String, Got)>,
    /// Each data set that is not complete now; the exit status is 3 if there is one.
    pub missing: Vec<Missing>,
}

/// How [`fetch`] fared with one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Got {
    /// It was there.
    Already(PathBuf),
    /// It is there now.
    Downloaded(PathBuf),
    /// It is not.
    Nothing,
}

/// Downloads what is not here, of both data sets, and what is damaged.
///
/// # Errors
/// If a named folder is not there, something else has the name of a file, or one cannot be written. That a mirror fails
/// is not an error but a value.
pub fn fetch(options: &Options) -> Result<Fetched> {
    locate::check_folders(options)?;
    let mut fetched = Fetched { files: Vec::new(), missing: Vec::new() };
    for set in sets(options) {
        complete(options, set, &mut fetched)?;
    }
    Ok(fetched)
}

/// Downloads what is lacking of a data set, and what is damaged.
fn complete(options: &Options, set: &Dataset, fetched: &mut Fetched) -> Result<()> {
    let look = |entry: &Entry| search(options, set, entry);
    let before: Vec<Option<Found>> = set.files.iter().map(look).collect();
    // What stands in the way of a file, other than a file, is not ours to replace.
    if let Some(wrong) = before.iter().flatten().filter_map(Found::wrong).find(|wrong| !wrong.is_file) {
        bail!(wrong.why.clone());
    }
    let is_sound = |found: &Option<Found>| found.as_ref().is_some_and(|found| found.wrong().is_none());
    let was_sound: Vec<bool> = before.iter().map(is_sound).collect();
    let lacking: Vec<&Entry> =
        set.files.iter().zip(&was_sound).filter(|(_, sound)| !**sound).map(|(entry, _)| entry).collect();
    let reasons = if lacking.is_empty() { vec![] } else { download::download(options, set, &lacking)? };
    let again = |found: Option<Found>, entry: &Entry| if is_sound(&found) { found } else { look(entry) };
    let after: Vec<Option<Found>> =
        set.files.iter().zip(before).map(|(entry, found)| again(found, entry)).collect();
    fetched.missing.extend((!reasons.is_empty()).then(|| Missing::new(options, set, &after, reasons)));
    let got = |((entry, found), was_sound): ((&Entry, Option<Found>), bool)| {
        let got = match found {
            Some(Found::Sound(file)) if was_sound => Got::Already(file.located.path),
            Some(Found::Sound(file)) => Got::Downloaded(file.located.path),
            _ => Got::Nothing,
        };
        (entry.name.clone(), got)
    };
    fetched.files.extend(set.files.iter().zip(after).zip(was_sound).map(got));
    Ok(())
}

/// What [`verify`] found out about one file.
#[derive(Debug)]
pub struct Checked {
    /// Name of the file, not compressed.
    pub name: String,
    /// Where it is, if anywhere.
    pub located: Option<Located>,
    /// What it is.
    pub state: State,
}

/// Whether a file is what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The published content.
    Sound,
    /// Something else; its path and why.
    Wrong(String),
    /// Not there.
    Absent,
}

/// Holds every file that is here against its registered digest. The network is not used.
///
/// # Errors
/// If a named folder is not there.
pub fn verify(options: &Options) -> Result<Vec<Checked>> {
    locate::check_folders(options)?;
    let mut checked = Vec::new();
    for set in sets(options) {
        for entry in &set.files {
            let found = search(options, set, entry);
            let located = found.as_ref().map(|found| found.located().clone());
            let state = match found {
                None => State::Absent,
                Some(Found::Sound(_)) => State::Sound,
                Some(Found::Wrong(wrong)) => State::Wrong(wrong.why),
            };
            checked.push(Checked { name: entry.name.clone(), located, state });
        }
    }
    Ok(checked)
}

/// Where files are looked for, and where each was found.
#[derive(Debug)]
pub struct Whereabouts {
    /// The folders, in the order in which they are searched.
    pub places: Vec<(PathBuf, Origin)>,
    /// Each file: what is registered of it, its addresses, where it is.
    pub files: Vec<(Entry, Vec<String>, Option<Located>)>,
}

/// Where files are looked for, and where each was found. No file is read, and the network is not used.
pub fn where_is(options: &Options) -> Whereabouts {
    let mut files = Vec::new();
    for set in sets(options) {
        for entry in &set.files {
            let urls = set.mirrors.iter().map(|mirror| format!("{mirror}{}", entry.download)).collect();
            files.push((entry.clone(), urls, locate::locate(options, entry)));
        }
    }
    Whereabouts { places: locate::places(options), files }
}

/// Writes the drawn stand-in as the five files of the two data sets; a file that is there already stays.
///
/// # Errors
/// If another file of the same name is there, or one cannot be written.
pub fn write_standin(folder: &Path) -> Result<Vec<PathBuf>> {
    let letters = standin::alphadigits(Seed::new(STANDIN_SEED), standin::PER_CLASS);
    let digits = crate::load::drawn_mnist_files();
    let files = [
        ("binaryalphadigs.mat", &letters),
        ("train-images-idx3-ubyte", &digits.train_images),
        ("train-labels-idx1-ubyte", &digits.train_labels),
        ("t10k-images-idx3-ubyte", &digits.test_images),
        ("t10k-labels-idx1-ubyte", &digits.test_labels),
    ];
    let keep = |(name, bytes): (&str, &Vec<u8>)| keep::keep_new(folder, name, bytes);
    files.into_iter().map(keep).collect::<Result<_>>().context("the stand-in was not written")
}

fn sets(options: &Options) -> [&Dataset; 2] {
    [&options.checksums.alphadigits, &options.checksums.mnist]
}
