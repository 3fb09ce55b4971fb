//! What lies beside the published points, by the keys it is of; remembered for a moment, since listing thousands of points
//! takes a while over a network.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use disk::{Folder, Name};

use crate::point::Key;

/// What the names of points under way begin with.
pub(crate) const WORK: &str = ".work-";
/// What the names of points begin with that were in the way.
pub(crate) const ASIDE: &str = ".aside-";
/// How long a list is good.
const GOOD_FOR: Duration = Duration::from_secs(1);
/// And how many times as long as it took.
const GOOD_FOR_TIMES: u32 = 50;

/// The list, if it is remembered.
#[derive(Debug, Default)]
pub(crate) struct Listing(Mutex<Option<Listed>>);

/// The names, and until when they are good.
#[derive(Debug)]
pub(crate) struct Listed {
    until: Instant,
    pub names: BTreeMap<Key, Vec<Name>>,
}

impl Listing {
    fn now(&self) -> MutexGuard<'_, Option<Listed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is left of a point; lists anew if the list is none or old.
    pub fn of(&self, key: &Key, list: impl FnOnce() -> Result<Listed>) -> Result<Vec<Name>> {
        let mut now = self.now();
        let listed = match now.take().filter(|listed| Instant::now() < listed.until) {
            Some(listed) => listed,
            None => list()?,
        };
        Ok(now.insert(listed).names.get(key).cloned().unwrap_or_default())
    }

    pub fn remember(&self, listed: Listed) {
        *self.now() = Some(listed);
    }

    /// The next who asks looks again: somebody else is at work here.
    pub fn forget(&self) {
        *self.now() = None;
    }
}

impl Listed {
    /// Looks into the folder of all points.
    pub fn of(points: &Folder) -> Result<Self> {
        let begun = Instant::now();
        let mut names: BTreeMap<Key, Vec<Name>> = BTreeMap::new();
        for (entry, _) in points.entries()? {
            if let Some((key, _)) = parsed(&entry) {
                names.entry(key).or_default().push(entry);
            }
        }
        let until = Instant::now() + GOOD_FOR.max(begun.elapsed() * GOOD_FOR_TIMES);
        Ok(Self { until, names })
    }
}

/// The key that a name beside the points is of, and what follows it.
pub(crate) fn parsed(entry: &Name) -> Option<(Key, &str)> {
    let rest = [WORK, ASIDE].iter().find_map(|what| entry.as_str().strip_prefix(what))?;
    let (key, own) = rest.split_once('.').unwrap_or((rest, ""));
    Some((key.parse().ok()?, own))
}
