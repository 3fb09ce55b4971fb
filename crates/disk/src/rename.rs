//! Renames: of files, and of whole folders, with a copy where the system cannot.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::calls::{Call, Calls};
use crate::file;
use crate::folder::Folder;
use crate::kind::Kind;
use crate::name::Name;
use crate::operations::{Disk, no_folder, sync};
use crate::temporary;
use crate::text::shown;

/// What the errors of a folder's move begin with.
const MOVE: &str = "move a finished folder to";

impl Disk {
    /// Renames a folder; `to` appears with all that `from` held, or not at all.
    ///
    /// Overlay file systems, as containers have them, do not rename folders of a lower layer: there the folder is
    /// copied, see [`Disk::copy_folder`], and `from` removed after that.
    ///
    /// # Errors
    /// If the two are not in the same folder, `from` is no folder, something is at `to`, or the system refuses.
    pub fn rename(&self, from: &Folder, to: &Folder) -> Result<()> {
        let (old, new) = (from.path(), to.path());
        check(from, to).with_context(|| format!("cannot {MOVE} {}", shown(&new)))?;
        match self.attempt(MOVE, &new, || self.move_to(&old, &new)) {
            Err(error) if crosses_layers(&error) => {
                self.copy_folder(from, to)?;
                self.remove_folder(from)
            }
            other => {
                other?;
                self.sync_around(&new)
            }
        }
    }

    /// Copies a folder into a temporary one beside `to`, syncs it, and renames that: `to` appears whole or not at all.
    /// Permissions are copied; times are not.
    ///
    /// # Errors
    /// As for [`Disk::rename`], or if something in `from` is neither a file nor a folder.
    pub fn copy_folder(&self, from: &Folder, to: &Folder) -> Result<()> {
        let path = to.path();
        let at = || format!("cannot copy a finished folder to {}", shown(&path));
        check(from, to).with_context(at)?;
        from.files().with_context(at)?;
        let beside = path.parent().unwrap_or(Path::new("."));
        let (copy, _lock) = self.attempt("copy a finished folder to", &path, || {
            let (copy, lock) = temporary::folder_in(&self.calls, beside)?;
            copy_into(&self.calls, &from.path(), copy.path())?;
            Ok((copy, lock))
        })?;
        self.attempt(MOVE, &path, || self.move_to(copy.path(), &path))?;
        // It has another name now, and is not to be removed.
        let _ = copy.keep();
        self.sync_around(&path)
    }

    /// Renames a file within a folder; a file or a link that has the new name is replaced.
    ///
    /// # Errors
    /// If `from` is no regular file, a folder is at `to`, something else than a folder is on the way, or the system
    /// refuses.
    pub fn rename_file(&self, folder: &Folder, from: &Name, to: &Name) -> Result<()> {
        let new = folder.file(to);
        let old = folder.place(from).and_then(|old| {
            Kind::at(&old)?.expect(Kind::File, &old)?;
            folder.place(to)?;
            no_folder(&new)?;
            Ok(old)
        });
        let old = old.with_context(|| format!("cannot move a finished file to {}", shown(&new)))?;
        self.attempt("move a finished file to", &new, || self.move_to(&old, &new))?;
        self.sync_around(&new)
    }

    fn move_to(&self, old: &Path, new: &Path) -> io::Result<()> {
        self.calls.make(Call::Rename, || fs::rename(old, new))
    }

    fn sync_around(&self, path: &Path) -> Result<()> {
        self.attempt("sync the directory of", path, || {
            path.parent().map_or(Ok(()), |folder| sync(&self.calls, folder))
        })
    }
}

fn check(from: &Folder, to: &Folder) -> Result<()> {
    let (old, new) = (from.path(), to.path());
    let (Some((here, _)), Some((there, _))) = (from.parent(), to.parent()) else {
        bail!("expected folders below a root, found {} and {}", shown(&old), shown(&new));
    };
    ensure!(here == there, "expected a folder in {}, found {}", shown(&there.path()), shown(&old));
    from.enter()?;
    match Kind::if_any(&new)? {
        Some(found) => bail!("expected nothing there, found {found}"),
        None => Ok(()),
    }
}

fn crosses_layers(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::CrossesDevices)
}

/// Fills the folder `to` with a copy of all that is in `from`; both are there.
fn copy_into(calls: &Calls, from: &Path, to: &Path) -> io::Result<()> {
    for entry in calls.make(Call::List, || fs::read_dir(from))? {
        let entry = entry?;
        let (old, new) = (entry.path(), to.join(entry.file_name()));
        if Kind::of(entry.file_type()?) == Kind::Folder {
            calls.make(Call::MakeFolder, || fs::create_dir(&new))?;
            copy_into(calls, &old, &new)?;
        } else {
            copy_file(calls, &old, &new)?;
        }
    }
    // Last, since a folder may be one that nobody writes into.
    fs::set_permissions(to, fs::metadata(from)?.permissions())?;
    sync(calls, to)
}

fn copy_file(calls: &Calls, from: &Path, to: &Path) -> io::Result<()> {
    // What is gone meanwhile stays known as that.
    let known = |error: anyhow::Error| error.downcast::<io::Error>().unwrap_or_else(io::Error::other);
    let (mut old, about) = file::open(calls, from, OpenOptions::new().read(true)).map_err(known)?;
    let make = || OpenOptions::new().write(true).create_new(true).open(to);
    let new = calls.make(Call::Open, make)?;
    io::copy(&mut old, &mut calls.writing(&new))?;
    new.set_permissions(about.permissions())?;
    calls.make(Call::Sync, || new.sync_all())
}
