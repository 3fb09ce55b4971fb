//! What is said when real data are wanted and not to be had: all that is needed to get them by hand.

use std::fmt;
use std::path::PathBuf;

use crate::checksums::{Dataset, Entry};
use crate::locate;
use crate::nearby::nearby;
use crate::options::Options;
use crate::search::Found;

/// Files of a data set that are neither here nor could be downloaded. The exit status for it is 3.
#[derive(Debug, Clone)]
pub struct Missing {
    title: String,
    files: Vec<Entry>,
    here: Vec<PathBuf>,
    damaged: Vec<String>,
    nearby: Vec<String>,
    mirrors: Vec<String>,
    target: PathBuf,
    searched: Vec<PathBuf>,
    reasons: Vec<String>,
}

impl Missing {
    /// `found` is what there is of each file, in their order.
    pub(super) fn new(
        options: &Options,
        set: &Dataset,
        found: &[Option<Found>],
        reasons: Vec<String>,
    ) -> Self {
        let is_sound = |found: &Option<Found>| found.as_ref().is_some_and(|found| found.wrong().is_none());
        let lacking = set.files.iter().zip(found).filter(|(_, found)| !is_sound(found));
        let sound = found.iter().filter(|found| is_sound(found)).flatten();
        Missing {
            title: set.title.clone(),
            files: lacking.map(|(entry, _)| entry.clone()).collect(),
            here: sound.map(|found| found.located().path.clone()).collect(),
            damaged: found.iter().flatten().filter_map(Found::wrong).map(|wrong| wrong.why.clone()).collect(),
            nearby: nearby(options, set),
            mirrors: set.mirrors.clone(),
            target: options.home.join(&set.folder),
            searched: locate::places(options).into_iter().map(|(folder, _)| folder).collect(),
            reasons,
        }
    }

    /// Names of the files.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|entry| entry.name.as_str())
    }

    /// The one line that goes with a stand-in.
    pub(super) fn standin_line(&self) -> String {
        let reason = self.reasons.first().map_or("not downloaded", String::as_str);
        let found = if self.nearby.is_empty() {
            String::new()
        } else {
            format!("; found {}", self.nearby.join("; "))
        };
        format!(
            "{}: {} ({reason}){found}; using a drawn stand-in, and everything made from it says so \
             (--data real refuses instead)",
            self.title,
            self.lacking()
        )
    }

    /// What is not here, beside what is.
    fn lacking(&self) -> String {
        if self.here.is_empty() {
            return "not on this machine".to_owned();
        }
        let here: Vec<String> = self.here.iter().map(|path| path.display().to_string()).collect();
        let lacking: Vec<&str> = self.files().collect();
        format!("{} not on this machine beside {}", lacking.join(", "), here.join(", "))
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = if self.here.is_empty() && self.damaged.is_empty() { "" } else { "whole " };
        write!(f, "{} is not {whole}on this machine", self.title)?;
        for (place, path) in self.here.iter().enumerate() {
            let heading = if place == 0 { "\nhere:" } else { "" };
            write!(f, "{heading}\n  {}", path.display())?;
        }
        list(f, "here, and damaged", &self.damaged)?;
        write!(f, "\nmissing:")?;
        for Entry { name, bytes, sha256, .. } in &self.files {
            write!(f, "\n  {name}  {bytes} bytes  SHA-256 {sha256}")?;
        }
        list(f, "found, and not read", &self.nearby)?;
        write!(f, "\nsearched (each with its folders mnist and MNIST/raw, gzipped or not):")?;
        for folder in &self.searched {
            write!(f, "\n  {}", folder.display())?;
        }
        write!(f, "\nnot downloaded:")?;
        for reason in &self.reasons {
            write!(f, "\n  {reason}")?;
        }
        let target = self.target.display();
        write!(f, "\nto get it by hand:\n  mkdir -p '{target}' && cd '{target}'")?;
        for (i, mirror) in self.mirrors.iter().enumerate() {
            if i > 0 {
                write!(f, "\nor from")?;
            }
            for Entry { download, .. } in &self.files {
                write!(f, "\n  curl -f -L -O {mirror}{download}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Missing {}

/// A heading and a line for each, if there are any.
fn list(f: &mut fmt::Formatter<'_>, heading: &str, lines: &[String]) -> fmt::Result {
    for (place, line) in lines.iter().enumerate() {
        let heading = if place == 0 { format!("\n{heading}:") } else { String::new() };
        write!(f, "{heading}\n  {line}")?;
    }
    Ok(())
}
