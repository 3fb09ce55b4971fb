//! What earlier turns left of a point: taken over, given back, swept.
//!
//! Each turn works in a folder of its own. What a stopped run gives back is named by the key alone, and whoever renames it
//! first has it. What a killed one left is renamed, too, if its process is known to be gone. If that cannot be told, it may
//! be at work on a machine that does not share its locks: then it is copied, and loses nothing. A copy may be torn, as
//! what a kill leaves may be; stages and checkpoints are known by digests, so that what is not whole is computed again.

use std::io::ErrorKind;
use std::time::Duration;

use anyhow::{Error, Result};
use disk::{Folder, Kind, Locking, Name};

use crate::listing::{ASIDE, Listed, WORK, parsed};
use crate::owner;
use crate::point::Key;
use crate::store::{Store, Turn, name};

/// How often a folder is removed that somebody writes into.
const ATTEMPTS: usize = 8;
/// From what age on a folder is nobody's, where nothing else says.
const LONG_AGO: Duration = Duration::from_secs(24 * 60 * 60);
/// Whether an error says that somebody else was faster: something is there already, or not any more.
pub(crate) fn is_contended(error: &Error) -> bool {
    let mut kinds = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>()).peekable();
    let found_something_else = kinds.peek().is_none();
    found_something_else
        || kinds.any(|error| {
            let kind = error.kind();
            is_vanished(kind) || matches!(kind, ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty)
        })
}

fn is_vanished(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::StaleNetworkFileHandle)
}

impl Store {
    /// What is left of a point.
    pub(crate) fn left_of(&self, key: &Key) -> Result<Vec<Name>> {
        self.listing.of(key, || Listed::of(&self.points()))
    }

    /// Puts into the folder of a new turn what an earlier one left: of several the one with most files in it.
    pub(crate) fn take_over(&self, turn: &Turn) -> Result<()> {
        let mut left: Vec<(usize, Folder, &str)> = Vec::new();
        for entry in turn.left.iter().filter(|entry| entry.as_str().starts_with(WORK)) {
            let (folder, Some((_, own))) = (self.points().folder(entry), parsed(entry)) else { continue };
            // What is no plain folder is not ours to go on with; it is removed when the point is published.
            let files = if folder.kind()? == Some(Kind::Folder) { folder.files() } else { continue };
            left.extend(files.into_iter().map(|files| (files.len(), folder.clone(), own)));
        }
        left.sort_by_key(|(files, ..)| std::cmp::Reverse(*files));
        for (files, folder, own) in left {
            let taken = if own.is_empty() || owner::is_gone(own) {
                self.disk().rename(&folder, &turn.work)
            } else if files > 0 {
                self.disk().copy_folder(&folder, &turn.work)
            } else {
                continue;
            };
            match taken {
                Err(error) if is_contended(&error) => {}
                done => return done,
            }
        }
        Ok(())
    }

    /// Leaves what a turn has done to whoever comes next: the folder is named by the key again. If somebody gave back
    /// another one meanwhile, both stay.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn give_back(&self, key: &Key, turn: &Turn) -> Result<()> {
        self.listing.forget();
        if turn.work.kind()? != Some(Kind::Folder) {
            return Ok(());
        }
        match self.disk().rename(&turn.work, &self.work(key)) {
            Err(error) if is_contended(&error) => Ok(()),
            done => done,
        }
    }

    /// Removes what earlier turns left of a point that is published now. Whoever is still at work there on another
    /// machine finds his folder gone, looks, and sees that the point is published.
    pub(crate) fn clear_left(&self, turn: &Turn) -> Result<()> {
        turn.left.iter().try_for_each(|entry| self.clear_from_under(entry))
    }

    /// Removes what somebody may write into, or be about to publish, at this moment: first it gets a name that nobody else
    /// knows, by one rename, so that it is either published whole or gone. Whoever wrote there last removes the rest
    /// himself, once he sees that the point is published.
    fn clear_from_under(&self, entry: &Name) -> Result<()> {
        let (there, points) = (self.points().folder(entry), self.points());
        if there.kind()? != Some(Kind::Folder) {
            return self.clear(&points, entry);
        }
        let Some((key, _)) = parsed(entry) else { return Ok(()) };
        let away = name(&format!("{ASIDE}{key}.{}", owner::own_ending()));
        match self.disk().rename(&there, &points.folder(&away)) {
            Err(error) if is_contended(&error) => return Ok(()),
            moved => moved?,
        }
        for _ in 0..ATTEMPTS {
            match self.clear(&points, &away) {
                Err(error) if is_contended(&error) => {}
                done => return done,
            }
        }
        Ok(())
    }

    /// Removes what a turn has done that comes to nothing. What it has set aside and what earlier turns left stay until
    /// the point is published.
    pub(crate) fn drop_turn(&self, key: &Key, turn: &Turn) -> Result<()> {
        self.listing.forget();
        self.clear_from_under(&turn.work_name())?;
        if self.has(key)? {
            self.clear_from_under(&turn.aside_name())?;
            self.clear_left(turn)?;
        }
        Ok(())
    }

    /// Whether an error of a turn means no more than that others removed its folder, since they have published the point:
    /// see [`Store::clear_left`]. What is written after that makes the folder anew, without what was there before.
    pub(crate) fn is_lost(&self, key: &Key, turn: &Turn, error: &Error) -> bool {
        let refusals: Vec<_> =
            error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>()).collect();
        let is_missed = refusals.iter().all(|error| is_vanished(error.kind()));
        let is_gone = || matches!(turn.work.kind(), Ok(None));
        is_missed && (is_gone() || !refusals.is_empty() && matches!(self.has(key), Ok(true)))
    }

    /// Removes what killed processes left of points that are published, and their temporaries. Nothing is touched if there
    /// is none of it; what another process works on stays.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn sweep(&self) -> Result<()> {
        self.listing.forget();
        if !self.points().exists()? {
            return Ok(());
        }
        let listed = Listed::of(&self.points())?;
        for (key, entries) in &listed.names {
            if !self.has(key)? {
                continue;
            }
            let locking = self.lock(key.as_str())?;
            for entry in entries {
                let is_left = match &locking {
                    Locking::Held(_) => true,
                    Locking::Unsupported(_) => self.is_nobodys(entry),
                    Locking::Elsewhere => false,
                };
                if is_left {
                    self.clear_from_under(entry)?;
                }
            }
            if let Locking::Held(lock) = locking {
                lock.retire();
            }
        }
        self.listing.remember(listed);
        self.disk().sweep(&self.points()).map(|_| ())
    }

    /// Whether the process of a folder is gone, or nothing was put there for so long that nobody works there any more.
    fn is_nobodys(&self, entry: &Name) -> bool {
        let about = std::fs::symlink_metadata(self.points().file(entry));
        let age = about.and_then(|about| about.modified()).map(|time| time.elapsed());
        let is_old = matches!(age, Ok(Ok(age)) if age > LONG_AGO);
        is_old || parsed(entry).is_some_and(|(_, own)| owner::is_gone(own))
    }
}
