//! Publishing a point: its working folder gets its final name by one rename, with nothing in it but what was meant to be.
//!
//! A kill between any two steps leaves either the published point, or a working folder that is complete and needs only the
//! rename, or one whose work goes on from its checkpoints.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use disk::{Folder, Kind, Name};
use serde_json::Value;

use crate::canonical;
use crate::leftovers::is_contended;
use crate::point::{Key, Point};
use crate::rows::Rows;
use crate::store::{
    Artefact, Artefacts, HOST, MANIFEST, METRICS, Manifest, Store, Turn, name, read_if_file, refused, verify,
};

/// What becomes of a point that is published already when it is published once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publish {
    /// It stays, and must have the same bytes.
    Compare,
    /// The new one takes its place: `--force`.
    Replace,
}

/// What a job leaves to be published.
#[derive(Clone, Copy, Debug)]
pub struct Done<'a> {
    /// Its files, by the digests of what was written.
    pub kept: &'a Artefacts,
    /// What was measured.
    pub rows: &'a Rows,
    /// How it was run.
    pub host: &'a Value,
}

/// How often the final name is tried to be had where others want it, too.
const ATTEMPTS: u32 = 12;
/// The pauses between, which double. A network file system may say for seconds that nothing is there, although another
/// machine has just published the point.
const PAUSES: (Duration, Duration) = (Duration::from_millis(10), Duration::from_secs(2));

impl Store {
    /// Publishes a working folder: only the files named by `kept` go with it, and manifest and host. Their digests are
    /// those of the bytes that were written, so that a file that has changed since is found out.
    ///
    /// If the point is there already, `publish` says what becomes of it.
    ///
    /// # Errors
    /// If the disk refuses, a file has changed (names it), or the point is there with other bytes: then one of the two
    /// runs is wrong.
    pub fn publish(&self, point: &Point, turn: &Turn, done: Done<'_>, publish: Publish) -> Result<()> {
        let (work, disk) = (&turn.work, self.disk());
        let mut artefacts = done.kept.clone();
        let rows = done.rows.to_csv();
        self.overwrite(work, &name(METRICS), &rows)?;
        artefacts.insert(name(METRICS), Artefact::of(&rows));
        let manifest = Manifest {
            key: point.key.clone(),
            config: serde_json::from_str(&point.config).context("a canonical configuration reads back")?,
            needs: point.needs.clone(),
            metrics: last_values(done.rows),
            artefacts,
        };
        let at =
            || format!("cannot publish {}: what was written is not there any more", work.path().display());
        self.overwrite(work, &name(HOST), canonical::pretty(done.host).as_bytes())?;
        // From here on the folder is complete, and whoever finds it needs only to finish.
        disk.write(work, &name(MANIFEST), canonical::pretty(&manifest).as_bytes())?;
        // Unless somebody who has published the point took the folder away meanwhile: then what was written last made it anew,
        // with nothing else in it. So it is looked at after the last write; nothing makes it anew after that.
        if let Some(first) = verify(work, &manifest.artefacts).with_context(at)?.first() {
            return Err(io::Error::new(io::ErrorKind::NotFound, first.clone())).with_context(at);
        }
        self.release(&manifest, turn, publish)
    }

    /// Publishes a working folder that is complete but for the rename: a run was stopped there. False if it is not, and
    /// then its manifest is gone, and so is all of it if it is not a folder of plain files.
    ///
    /// # Errors
    /// As for [`Store::publish`].
    pub fn finish(&self, key: &Key, turn: &Turn, publish: Publish) -> Result<bool> {
        if !self.is_under_way(turn)? {
            return Ok(false);
        }
        match complete(&turn.work, key)? {
            Some(manifest) => self.release(&manifest, turn, publish).map(|()| true),
            None => self.clear(&turn.work, &name(MANIFEST)).map(|()| false),
        }
    }

    /// Whether there is a working folder. Something else in its place is removed, and so is a folder that holds links,
    /// pipes or names that are not ours: whoever put them there may have changed the rest, too.
    ///
    /// # Errors
    /// If the disk refuses.
    pub(crate) fn is_under_way(&self, turn: &Turn) -> Result<bool> {
        let plain = match turn.work.kind()? {
            None => return Ok(false),
            Some(Kind::Folder) => match turn.work.files() {
                Ok(_) => true,
                Err(error) if refused(&error) => return Err(error),
                Err(_) => false,
            },
            Some(_) => false,
        };
        if !plain {
            self.clear(&self.points(), &turn.work_name())?;
        }
        Ok(plain)
    }

    /// Gives a complete working folder its final name.
    fn release(&self, manifest: &Manifest, turn: &Turn, publish: Publish) -> Result<()> {
        let (key, work, own) = (&manifest.key, &turn.work, self.path(&manifest.key));
        let stays =
            |file: &Name| manifest.artefacts.contains_key(file) || [MANIFEST, HOST].contains(&file.as_str());
        let mut pause = PAUSES.0;
        for attempt in 0..ATTEMPTS {
            if own.kind()?.is_some() {
                if publish == Publish::Compare
                    && let Some(theirs) = self.find(key)?
                {
                    return self.give_way(&theirs, manifest, turn);
                }
                self.set_aside(key, turn)?;
            }
            if attempt == 0 {
                for file in work.files()?.into_iter().filter(|file| !stays(file)) {
                    self.disk().remove(work, &file)?;
                }
            }
            match self.disk().rename(work, &own) {
                Ok(()) => {
                    self.clear(&self.points(), &turn.aside_name())?;
                    return self.clear_left(turn);
                }
                // Another process was faster: by a lock that is not shared, or because a name is remembered that is gone.
                Err(error) if is_contended(&error) && work.kind()?.is_some() => match self.find(key)? {
                    Some(theirs) => return self.give_way(&theirs, manifest, turn),
                    None => std::thread::sleep(pause),
                },
                Err(error) => return Err(error),
            }
            pause = (2 * pause).min(PAUSES.1);
        }
        bail!("cannot publish {}: others publish it as fast as it is set aside", own.path().display())
    }

    /// Moves what has the name of a published point out of the way. What is no folder is removed: a link is nobody's
    /// point.
    fn set_aside(&self, key: &Key, turn: &Turn) -> Result<()> {
        let (points, own) = (self.points(), self.path(key));
        self.clear(&points, &turn.aside_name())?;
        match own.kind()? {
            // Another process may have moved it, and may put another one there at this moment.
            None => return Ok(()),
            Some(Kind::Folder) => {}
            Some(_) => return self.disk().remove(&points, &name(key.as_str())),
        }
        match self.disk().rename(&own, &points.folder(&turn.aside_name())) {
            // Another process may have moved it.
            Err(error) if is_contended(&error) && own.kind()?.is_none() => Ok(()),
            result => result,
        }
    }

    /// Leaves a point to the one that is published, which must have the same bytes.
    fn give_way(&self, theirs: &Manifest, ours: &Manifest, turn: &Turn) -> Result<()> {
        let differs = |(file, artefact): &(&Name, &Artefact)| theirs.artefacts.get(*file) != Some(*artefact);
        let first = ours.artefacts.iter().find(differs);
        let first = first.map_or("a file of the published one", |(file, _)| file.as_str());
        ensure!(
            theirs.artefacts == ours.artefacts,
            "point {} is published in {} with other bytes ({first} differs): the same configuration gave two results; \
             ours is kept in {}",
            ours.key,
            self.path(&ours.key).path().display(),
            self.work(&ours.key).path().display()
        );
        self.disk().remove_folder(&turn.work)?;
        self.clear(&self.points(), &turn.aside_name())?;
        self.clear_left(turn)
    }
}

/// The manifest of a working folder, if it is whole and so are all files.
fn complete(work: &Folder, key: &Key) -> Result<Option<Manifest>> {
    let bytes = read_if_file(work, &name(MANIFEST))?;
    let Some(manifest) = bytes.and_then(|bytes| Manifest::of(key, &bytes)) else { return Ok(None) };
    let whole = verify(work, &manifest.artefacts)?.is_empty();
    Ok(whole.then_some(manifest))
}

fn last_values(rows: &Rows) -> BTreeMap<String, Option<f64>> {
    let finite = |x: f64| x.is_finite().then_some(x);
    rows.rows.iter().map(|row| (row.metric.clone(), finite(row.value))).collect()
}
