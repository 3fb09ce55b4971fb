//! Folders of ours: paths made of a root and a name, and all reading.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::calls::{Call, Calls};
use crate::file::{self, LARGEST};
use crate::kind::{Kind, if_found, if_there};
use crate::name::Name;
use crate::text::{escaped, shown};

/// A folder of ours below a root.
///
/// The root is what the user typed and may be reached through links. Below it nothing is followed: a link in the place
/// of a folder or a file is an error that names it, and so is anything else that is not what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    root: PathBuf,
    below: Option<Name>,
    calls: Calls,
}

/// What a folder holds directly.
#[derive(Default)]
struct Listing {
    known: Vec<(Name, Kind)>,
    /// What is no [`Name`], escaped.
    strangers: Vec<String>,
}

impl Folder {
    /// The folder at `path`, or the current one if that is empty; whether it is there shows later.
    pub fn root(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let root = if path.as_os_str().is_empty() { PathBuf::from(".") } else { path };
        Self { root, below: None, calls: Calls::default() }
    }

    /// The same folder, whose calls these count.
    pub(crate) fn counted(self, calls: Calls) -> Self {
        Self { calls, ..self }
    }

    /// The folder `name` in this one; touches no disk.
    #[must_use]
    pub fn folder(&self, name: &Name) -> Self {
        let below = self.below.as_ref().map_or_else(|| name.clone(), |below| below.join(name));
        Self { below: Some(below), ..self.clone() }
    }

    /// Its path, for messages.
    pub fn path(&self) -> PathBuf {
        self.steps().last().unwrap_or_else(|| self.root.clone())
    }

    /// The path of a file in it, for messages.
    pub fn file(&self, name: &Name) -> PathBuf {
        self.folder(name).path()
    }

    /// Whether the folder is there.
    ///
    /// # Errors
    /// If something else is in its place or on the way to it, such as a link, or if that cannot be told.
    pub fn exists(&self) -> Result<bool> {
        Ok(if_there(self.enter())
            .with_context(|| format!("cannot look at {}", shown(&self.path())))?
            .is_some())
    }

    /// What stands in the folder's place, without following a link; none if nothing does.
    ///
    /// # Errors
    /// If something else than a folder is on the way to it, or if that cannot be told.
    pub fn kind(&self) -> Result<Option<Kind>> {
        let kind = |path: &PathBuf| Kind::at(path).with_context(|| format!("cannot look at {}", shown(path)));
        let steps: Vec<PathBuf> = self.steps().collect();
        let Some((own, above)) = steps.split_last() else { return if_there(kind(&self.root)) };
        for step in above {
            match if_there(kind(step))? {
                None => return Ok(None),
                Some(found) => found.expect(Kind::Folder, step)?,
            }
        }
        if_there(kind(own))
    }

    /// Whether there is a regular file of this name.
    ///
    /// # Errors
    /// As for [`Folder::exists`].
    pub fn has(&self, name: &Name) -> Result<bool> {
        let there = self.place(name).and_then(|path| Kind::at(&path)?.expect(Kind::File, &path));
        Ok(if_there(there).with_context(|| format!("cannot look at {}", shown(&self.file(name))))?.is_some())
    }

    /// The bytes of a regular file of at most [`LARGEST`] bytes.
    ///
    /// # Errors
    /// If it is not there, cannot be read, is something else than a regular file, or is larger; names the path.
    pub fn read(&self, name: &Name) -> Result<Vec<u8>> {
        self.read_up_to(name, LARGEST)
    }

    /// The same; none if there is no file of this name, or no such folder.
    ///
    /// # Errors
    /// As for [`Folder::read`], but that it is not there.
    pub fn read_if_there(&self, name: &Name) -> Result<Option<Vec<u8>>> {
        if_there(self.read(name))
    }

    /// The bytes of a regular file that is at most `limit` bytes long.
    ///
    /// # Errors
    /// As for [`Folder::read`]; for a larger file with both sizes.
    pub fn read_up_to(&self, name: &Name, limit: u64) -> Result<Vec<u8>> {
        let bytes = self.place(name).and_then(|path| file::read(&self.calls, &path, limit));
        bytes.with_context(|| format!("cannot read {}", shown(&self.file(name))))
    }

    /// Names of the regular files below, `/` between folders, sorted.
    ///
    /// # Errors
    /// If something below is neither a file nor a folder, has a name that is no [`Name`], or cannot be listed.
    pub fn files(&self) -> Result<Vec<Name>> {
        let mut names = Vec::new();
        let mut folders = vec![None];
        while let Some(below) = folders.pop() {
            let here = below.as_ref().map_or_else(|| self.clone(), |below| self.folder(below));
            let at = || format!("cannot list {}", shown(&here.path()));
            let listing = here.list().with_context(at)?;
            if let Some(stranger) = listing.strangers.first() {
                return Err(anyhow::anyhow!("expected names of files of ours, found {stranger}"))
                    .with_context(at);
            }
            for (name, kind) in listing.known {
                let full = below.as_ref().map_or_else(|| name.clone(), |below: &Name| below.join(&name));
                match kind {
                    Kind::Folder => folders.push(Some(full)),
                    found => {
                        found.expect(Kind::File, &here.file(&name)).with_context(at)?;
                        names.push(full);
                    }
                }
            }
        }
        names.sort();
        Ok(names)
    }

    /// What it holds directly, sorted by name. What has no [`Name`] is left out; see [`Folder::strangers`].
    ///
    /// # Errors
    /// If it cannot be listed.
    pub fn entries(&self) -> Result<Vec<(Name, Kind)>> {
        Ok(self.list().with_context(|| format!("cannot list {}", shown(&self.path())))?.known)
    }

    /// How many of its direct entries have names that are no [`Name`].
    ///
    /// # Errors
    /// If it cannot be listed.
    pub fn strangers(&self) -> Result<usize> {
        Ok(self.list().with_context(|| format!("cannot list {}", shown(&self.path())))?.strangers.len())
    }

    fn list(&self) -> Result<Listing> {
        self.enter()?;
        let mut listing = Listing::default();
        for entry in self.calls.make(Call::List, || fs::read_dir(self.path()))? {
            let entry = entry?;
            let name = entry.file_name();
            match name.to_str().and_then(|name| Name::new(name).ok()) {
                // What somebody removes meanwhile is not there.
                Some(name) => {
                    listing.known.extend(if_found(entry.file_type())?.map(|kind| (name, Kind::of(kind))));
                }
                None => listing.strangers.push(escaped(&name.to_string_lossy())),
            }
        }
        listing.known.sort_by(|a, b| a.0.cmp(&b.0));
        listing.strangers.sort();
        Ok(listing)
    }

    /// Looks at the root and each folder on the way down: an error unless all are real folders.
    pub(crate) fn enter(&self) -> Result<()> {
        if !fs::metadata(&self.root)?.is_dir() {
            bail!("expected a folder at {}, found something else", shown(&self.root));
        }
        for path in self.steps() {
            Kind::at(&path)?.expect(Kind::Folder, &path)?;
        }
        Ok(())
    }

    /// The path of a file, after a look at each folder on the way to it.
    pub(crate) fn place(&self, name: &Name) -> Result<PathBuf> {
        self.holder_of(name).enter()?;
        Ok(self.file(name))
    }

    /// The folder that directly holds the file `name`.
    pub(crate) fn holder_of(&self, name: &Name) -> Self {
        name.split().0.map_or_else(|| self.clone(), |folder| self.folder(&folder))
    }

    /// The folder that holds this one, and its name there; none for a root.
    pub(crate) fn parent(&self) -> Option<(Self, Name)> {
        let (folder, last) = self.below.as_ref()?.split();
        Some((Self { below: folder, ..self.clone() }, last))
    }

    /// The root.
    pub(crate) fn top(&self) -> &Path {
        &self.root
    }

    /// The paths of the folders from below the root to this one.
    pub(crate) fn steps(&self) -> impl Iterator<Item = PathBuf> {
        let components = self.below.iter().flat_map(Name::components);
        components.scan(self.root.clone(), |path, component| {
            path.push(component);
            Some(path.clone())
        })
    }

    /// Opens a regular file in it, for a look at its beginning.
    pub(crate) fn open(&self, name: &Name, options: &mut OpenOptions) -> Result<fs::File> {
        Ok(file::open(&self.calls, &self.place(name)?, options)?.0)
    }
}
