//! The pages of a profile: `index.html`, one for each chapter, and `REPORT.md` over everything that was ever drawn there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result};
use disk::{Disk, Folder, Kind, Name};
use report::{FigureEntry, Section, Tried};
use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::compare::Comparison;
use crate::digest::sha256;
use crate::guide::Guide;
use crate::host;
use crate::profile::Profile;
use crate::section::{drawn, is_of, section_in};
use crate::store::{Artefact, Artefacts, HOST, MANIFEST, Store, name, read_if_file, verify};
use crate::study::Question;

/// The first page.
pub const PAGE: &str = "index.html";
/// The same for GitHub.
pub const REPORT: &str = "REPORT.md";
/// The stamp on everything made from drawn data.
pub const STAMP: &str = "Made with drawn stand-in data, not with AlphaDigits or MNIST";
/// What a run is held against, in words.
pub const REFERENCE: &str = "the reference run";
/// No picture is larger; a file that is does not come from this program.
const LARGEST: u64 = 64 << 20;

/// What the page is bound from, beside the sections.
#[derive(Clone, Copy)]
pub struct Binding<'a> {
    /// All experiments, in the order of the page.
    pub catalogue: &'a [&'static Question],
    /// What leads a reader through them.
    pub guide: &'a Guide,
    /// The profile.
    pub profile: Profile,
    /// The folder of the reference run of this profile, if there is one.
    pub reference: Option<&'a Folder>,
    /// The folder of the reference run of the paper profile, if there is one: what another profile's verdicts are held
    /// against.
    pub paper: Option<&'a Folder>,
}

impl<'a> Binding<'a> {
    /// What the run in `root` is held against; the reference run itself is held against nothing.
    fn against(&self, root: &Folder) -> Option<&'a Folder> {
        self.reference.filter(|reference| *reference != root)
    }
}

/// What the pages were made of, and what they should be: kept beside them.
#[derive(PartialEq, Serialize, Deserialize)]
struct PageNote {
    /// Digest of the program and of all sections.
    page: String,
    /// Every page and the report.
    files: Artefacts,
}

/// Whether the page is what this program would bind from what is drawn.
///
/// # Errors
/// If a folder or file cannot be read.
pub fn is_current(binding: &Binding<'_>, store: &Store) -> Result<bool> {
    let made_of = made_of(binding, store.root())?;
    Ok(note(store.root())?.is_some_and(|note| note.page == made_of) && damage(store.root())?.is_empty())
}

/// What is wrong with the files of the page, one sentence each; nothing if there is no page.
///
/// # Errors
/// If they cannot be read.
pub fn damage(root: &Folder) -> Result<Vec<String>> {
    let Some(note) = note(root)? else { return Ok(vec![]) };
    verify(root, &note.files)
}

/// Whether the files of the page are what this program would write, whoever wrote them.
///
/// # Errors
/// As [`bind`].
pub fn is_same(binding: &Binding<'_>, root: &Folder) -> Result<bool> {
    for (file, text) in printed(binding, root)? {
        if read_if_file(root, &file)? != Some(text.into_bytes()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes the page anew if a section, the program, or the page itself has changed; gives its path.
///
/// # Errors
/// If a section or a picture cannot be read, or the disk refuses.
pub fn bind(binding: &Binding<'_>, store: &Store) -> Result<PathBuf> {
    let path = store.root().file(&name(PAGE));
    if !is_current(binding, store)? {
        write(binding, store.root(), store.disk())?;
    }
    Ok(path)
}

/// Writes the page of what is drawn in a folder.
///
/// # Errors
/// As [`bind`].
pub fn write(binding: &Binding<'_>, root: &Folder, disk: &Disk) -> Result<PathBuf> {
    let made_of = made_of(binding, root)?;
    let earlier = note(root)?.map_or_else(Artefacts::new, |note| note.files);
    let pages = printed(binding, root)?;
    let mut files = Artefacts::new();
    for (file, text) in pages {
        disk.write(root, &file, text.as_bytes())?;
        files.insert(file, Artefact::of(text.as_bytes()));
    }
    for file in earlier.into_keys().filter(|file| is_page(file) && !files.contains_key(file)) {
        disk.remove(root, &file)?;
    }
    let note = PageNote { page: made_of, files };
    disk.write(root, &name(HOST), canonical::pretty(&note).as_bytes())?;
    Ok(root.file(&name(PAGE)))
}

/// Removes every page from a folder, but for `REPORT.md`, and the note beside them.
///
/// # Errors
/// If the disk refuses.
pub fn remove(root: &Folder, disk: &Disk) -> Result<()> {
    for (file, _) in root.entries()?.into_iter().filter(|(file, kind)| *kind == Kind::File && is_page(file)) {
        disk.remove(root, &file)?;
    }
    disk.remove(root, &name(HOST))
}

/// Whether a name in a note is one that a page can have: a note is a file like others, and may name anything.
fn is_page(file: &Name) -> bool {
    file.as_str().ends_with(".html") && !file.as_str().contains('/')
}

/// All pages as HTML and the report as Markdown, the first page last: who finds it finds the others.
fn printed(binding: &Binding<'_>, root: &Folder) -> Result<Vec<(Name, String)>> {
    let (page, pictures) = assemble(binding, root)?;
    let picture = |section: &Section, figure: &FigureEntry| pictures.get(&place_of(section, figure)).cloned();
    let mut pages = vec![(name(REPORT), report::markdown(&page))];
    for (file, text) in report::html(&page, &picture).into_iter().rev() {
        pages.push((Name::new(&file)?, text));
    }
    Ok(pages)
}

/// Writes `REPORT.md` alone: what of the page is committed.
///
/// # Errors
/// As [`bind`].
pub fn write_report(binding: &Binding<'_>, root: &Folder, disk: &Disk) -> Result<()> {
    let (page, _) = assemble(binding, root)?;
    disk.write(root, &name(REPORT), report::markdown(&page).as_bytes())
}

fn note(root: &Folder) -> Result<Option<PageNote>> {
    if !root.exists()? {
        return Ok(None);
    }
    let bytes = read_if_file(root, &name(HOST))?;
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// The digest of everything that the page follows from.
fn made_of(binding: &Binding<'_>, root: &Folder) -> Result<String> {
    let mut made_of = host::build();
    for run in [root].into_iter().chain(binding.against(root)).chain(binding.paper) {
        for folder in drawn(binding.catalogue, run)? {
            made_of += &sha256(&folder.read(&name(MANIFEST))?);
        }
    }
    let tried = tried(binding, root)?;
    made_of += if tried.is_some_and(|tried| tried.is_there) { "tried" } else { "" };
    Ok(sha256(made_of.as_bytes()))
}

/// What readers may try for themselves.
fn tried(binding: &Binding<'_>, root: &Folder) -> Result<Option<Tried>> {
    binding.guide.tried.map(|trial| trial.of(root)).transpose()
}

/// The bytes of pictures by their paths below the profile.
type Pictures = BTreeMap<String, Vec<u8>>;

/// The path of a section's picture.
fn place_of(section: &Section, figure: &FigureEntry) -> String {
    format!("{}/{}/{}", section.id, section.protocol, figure.file)
}

fn assemble(binding: &Binding<'_>, root: &Folder) -> Result<(report::Page, Pictures)> {
    let (mut sections, mut pictures) = (Vec::new(), Pictures::new());
    for folder in drawn(binding.catalogue, root)? {
        let section = section_in(&folder)?;
        for figure in &section.figures {
            let at = || format!("{}: figure {:?}", folder.path().display(), figure.file);
            let bytes = folder.read_up_to(&Name::new(&figure.file).with_context(at)?, LARGEST)?;
            pictures.insert(place_of(&section, figure), bytes);
        }
        sections.push(section);
    }
    let standin = sections.iter().any(|section| section.standin);
    let points: BTreeSet<&String> = sections.iter().flat_map(|section| &section.points).collect();
    let facts = [("experiments", sections.len()), ("trained points", points.len())];
    let page = report::Page {
        title: "glyphlab".to_owned(),
        about: binding.guide.about.to_owned(),
        answers: binding.guide.answers(root)?,
        exercises: binding.guide.exercises(root)?,
        tried: tried(binding, root)?,
        lead: lead(binding, root, &sections)?,
        profile: binding.profile.to_string(),
        data_note: data_note(&data_sets(binding.catalogue, &sections), standin),
        stamp: standin.then(|| STAMP.to_owned()),
        facts: facts.map(|(name, count)| (name.to_owned(), count.to_string())).to_vec(),
        apart: apart(binding, &sections)?,
        chapters: binding.guide.chapters(binding.catalogue, sections),
    };
    Ok((page, pictures))
}

/// The data sets that the sections read.
fn data_sets(catalogue: &[&'static Question], sections: &[Section]) -> BTreeSet<&'static str> {
    let is_drawn = |question: &&&'static Question| {
        let of = |section: &Section| question.id == section.id && is_of(&section.protocol, question.protocol);
        sections.iter().any(of)
    };
    catalogue.iter().filter(is_drawn).flat_map(|question| question.data).copied().collect()
}

/// What stands on top of the page.
fn lead(binding: &Binding<'_>, root: &Folder, sections: &[Section]) -> Result<String> {
    let mut lead = amounts(binding.profile).to_owned();
    if sections.iter().any(Section::is_by_hand) {
        lead = format!("{lead} {BY_HAND}");
    }
    if let Some(reference) = binding.against(root) {
        let comparison = Comparison::of(binding.catalogue, root, reference)?;
        lead = format!("{lead} {}", comparison.sentence(REFERENCE));
    }
    Ok(lead)
}

/// Which verdicts the paper profile has otherwise. Nothing for that profile itself, for the smallest one, which decides
/// nothing, and for drawn data.
fn apart(binding: &Binding<'_>, sections: &[Section]) -> Result<Option<(String, Vec<String>)>> {
    let Some(paper) = binding.paper.filter(|_| binding.profile == Profile::Quick) else { return Ok(None) };
    let theirs: Vec<Section> =
        drawn(binding.catalogue, paper)?.iter().map(section_in).collect::<Result<_>>()?;
    let (mut lines, mut all) = (Vec::new(), 0);
    for own in sections.iter().filter(|own| !own.standin) {
        let same = |other: &&Section| (&other.id, &other.protocol) == (&own.id, &own.protocol);
        let Some(other) = theirs.iter().find(same) else { continue };
        for claim in &own.claims {
            let Some(there) = other.claims.iter().find(|there| there.says == claim.says) else { continue };
            all += 1;
            let (here, there) = (claim.finding.verdict, there.finding.verdict);
            if here != there {
                lines
                    .push(format!("{}:{}: {} Here {here}, there {there}.", own.id, own.protocol, claim.says));
            }
        }
    }
    let heading = format!("{} of {all} verdicts are otherwise in the paper profile", lines.len());
    Ok((all > 0).then_some((heading, lines)))
}

fn amounts(profile: Profile) -> &'static str {
    match profile {
        Profile::Smoke => "The smallest run through every line: it shows that all of it works, not how well.",
        Profile::Quick => {
            "Architectures, learning rates and batch sizes of the reports; fewer epochs, samples and grid points."
        }
        Profile::Paper => {
            "Every setting that a report states is used as stated; what it leaves open is chosen by us."
        }
    }
}

const BY_HAND: &str = "Where a name has a +, what follows it was set by hand.";

/// Which data sets the sections on the page read; nothing if they read none.
fn data_note(data_sets: &BTreeSet<&str>, standin: bool) -> String {
    let names = data_sets.iter().copied().collect::<Vec<_>>().join(" and ");
    match (data_sets.is_empty(), standin) {
        (true, _) => String::new(),
        (false, true) => format!("Images drawn by a program stand in for {names}."),
        (false, false) => format!("{names}, checked by SHA-256."),
    }
}
