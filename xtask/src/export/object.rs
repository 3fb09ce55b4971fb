//! The run's folder as a research object: files with their digests, and the run that made them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use disk::{Folder, Kind, Name};
use engine::store::{Artefact, HOST};
use engine::{Key, host};
use export::citation::Citation;
use export::research::{Description, Entry, METADATA, commit_address, day, metadata};
use report::Section;
use serde_json::Value;

use super::Run;

/// How the program wants to be cited.
const CITATION: &str = include_str!("../../../CITATION.cff");

/// Writes the description; gives how many files it describes.
pub fn write(run: &Run) -> Result<usize> {
    let mut files = BTreeMap::new();
    pages(run.root(), &mut files)?;
    for (folder, section) in &run.parts {
        let below = format!("{}/{}/", section.id, section.protocol);
        let about = |file: &Name| {
            let figure = section.figures.iter().find(|figure| figure.file == file.as_str());
            figure.map_or_else(String::new, |figure| figure.caption.clone())
        };
        add(folder, &below, &about, &mut files)?;
        for key in section.points.iter().filter_map(|key| key.parse::<Key>().ok()) {
            if run.store.has(&key)? {
                add(&run.store.path(&key), &format!("points/{key}/"), &|_| String::new(), &mut files)?;
            }
        }
    }
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let files: Vec<Entry> = files.into_values().collect();
    let standin = run.parts.iter().any(|(_, section)| section.standin);
    let data =
        if standin { engine::page::STAMP } else { "From the data sets that each manifest names by digest" };
    let software = Citation::parse(CITATION);
    let address = software.address.clone().or_else(|| Some(commit_address(&host::commit()?)));
    let description = Description {
        name: &format!("glyphlab, profile {}", run.profile),
        about: &format!(
            "Figures, tables, verdicts, weights and points of {} rerun experiments on generative models. {data}.",
            run.parts.len()
        ),
        date: &day(seconds),
        command: &command(run, standin),
        software: &software,
        source: address.as_deref(),
        host: &facts(run)?,
        files: &files,
    };
    run.store.disk().write(run.root(), &Name::new(METADATA)?, &metadata(&description))?;
    Ok(files.len())
}

/// The pages, and what lies beside them.
fn pages(root: &Folder, files: &mut BTreeMap<String, Entry>) -> Result<()> {
    for (file, kind) in root.entries()? {
        if kind == Kind::File && file.as_str() != METADATA && !file.as_str().starts_with('.') {
            let bytes = root.read(&file)?;
            insert(file.to_string(), &bytes, String::new(), files);
        }
    }
    Ok(())
}

fn add(
    folder: &Folder,
    below: &str,
    about: &dyn Fn(&Name) -> String,
    files: &mut BTreeMap<String, Entry>,
) -> Result<()> {
    for file in folder.files()? {
        let path = format!("{below}{file}");
        // Points are shared between experiments.
        if !files.contains_key(&path) {
            insert(path, &folder.read(&file)?, about(&file), files);
        }
    }
    Ok(())
}

fn insert(path: String, bytes: &[u8], about: String, files: &mut BTreeMap<String, Entry>) {
    let Artefact { bytes, sha256 } = Artefact::of(bytes);
    files.insert(path.clone(), Entry { path, bytes, sha256, about });
}

/// The command that makes all of it; what was set by hand stands in the names of folders, and makes commands of its own.
fn command(run: &Run, standin: bool) -> String {
    let words = |section: &Section| {
        let mut parts = section.protocol.split('+');
        let name = format!("{}:{}", section.id, parts.next().unwrap_or_default());
        (parts.map(|pair| format!(" --set {pair}")).collect::<String>(), name)
    };
    let mut commands: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (set, name) in run.parts.iter().map(|(_, section)| words(section)) {
        commands.entry(set).or_default().push(name);
    }
    let data = if standin { " --data standin" } else { "" };
    let line = |(set, names): (&String, &Vec<String>)| {
        format!("cargo xtask reproduce {} --profile {}{data}{set}", names.join(" "), run.profile)
    };
    commands.iter().map(line).collect::<Vec<_>>().join("; ")
}

/// What the host files of the experiments say; several values of one thing stand beside each other.
fn facts(run: &Run) -> Result<Vec<(String, String)>> {
    let mut facts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (folder, _) in &run.parts {
        let Some(bytes) = folder.read_if_there(&Name::new(HOST)?)? else { continue };
        let Ok(Value::Object(host)) = serde_json::from_slice(&bytes) else { continue };
        // Which build drew the figures is a size and a time, and tells a reader nothing.
        for (name, value) in host.into_iter().filter(|(name, _)| name != "drawn_by") {
            let text = match value {
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                _ => continue,
            };
            facts.entry(name).or_default().insert(text);
        }
    }
    let joined = |(name, values): (String, BTreeSet<String>)| {
        (name, values.into_iter().collect::<Vec<_>>().join(", "))
    };
    Ok(facts.into_iter().map(joined).collect())
}
