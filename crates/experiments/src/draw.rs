//! Draws experiments whose points are finished.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::disk;
use crate::point::Key;
use crate::rows::Rows;
use crate::store::Store;

/// The finished points of one experiment.
#[derive(Clone, Copy)]
pub struct Finished<'a> {
    store: &'a Store,
}

impl<'a> Finished<'a> {
    /// The finished points of a store.
    pub fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// The rows of a point.
    ///
    /// # Errors
    /// If it is not published, or its rows cannot be read.
    pub fn rows(&self, key: &Key) -> Result<Rows> {
        self.store.rows(key)
    }

    /// An artefact of a point.
    ///
    /// # Errors
    /// If it is not published, or has no such artefact.
    pub fn read(&self, key: &Key, name: &str) -> Result<Vec<u8>> {
        disk::read(&self.path(key).join(name)).with_context(|| format!("point {key} has no artefact {name}"))
    }

    /// The folder of a point.
    pub fn path(&self, key: &Key) -> PathBuf {
        self.store.path(key)
    }
}
