//! What to load, from where, and what is allowed for it.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::checksums::Checksums;
use crate::home;

/// The environment variable that names a folder with data.
pub const ENVIRONMENT: &str = "GLYPHLAB_DATA";

/// Which data are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// The real ones if they are here or can be downloaded, else the stand-in, saying so.
    #[default]
    Auto,
    /// The real ones, or an error of type [`Missing`].
    Real,
    /// The drawn stand-in.
    Standin,
}

/// Whether the network may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Network {
    /// For what is missing.
    #[default]
    Allowed,
    /// Never.
    Off,
}

/// Whom to tell what happened, one line at a time.
#[derive(Clone)]
pub struct Say(Arc<dyn Fn(&str) + Send + Sync>);

impl Say {
    /// Tells this function.
    pub fn new(listener: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Say(Arc::new(listener))
    }

    /// Says one line.
    pub fn line(&self, text: &str) {
        (self.0)(text);
    }
}

impl fmt::Debug for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Say")
    }
}

/// What to load, from where, and what is allowed for it.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which data are wanted.
    pub policy: Policy,
    /// Whether the network may be used.
    pub network: Network,
    /// The folder that the user named, searched first.
    pub data_dir: Option<PathBuf>,
    /// The folder that the environment names, searched second.
    pub environment: Option<PathBuf>,
    /// `data/` of the workspace: searched last, and where downloads are kept.
    pub home: PathBuf,
    /// Files, digests, mirrors.
    pub checksums: Checksums,
    /// How long to wait before the second and before the third attempt at a mirror that failed in passing.
    pub backoff: [Duration; 2],
    /// How slow a mirror may be.
    pub patience: Patience,
    /// Whom to tell.
    pub say: Say,
}

/// How slow a mirror may be before it is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Bytes that must arrive in each [`Patience::window`].
    pub bytes: u64,
    /// How long a window is.
    pub window: Duration,
    /// How long all files of a data set may take together.
    pub whole: Duration,
}

impl Default for Patience {
    /// A kilobyte a second over half a minute; ten minutes for a data set.
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { bytes: 30_000, window: seconds(30), whole: seconds(600) }
    }
}

impl Options {
    /// The published data sets, the environment as it is, `data/` of this workspace; nobody is told anything.
    pub fn from_environment() -> Self {
        Options {
            policy: Policy::default(),
            network: Network::default(),
            data_dir: None,
            environment: std::env::var_os(ENVIRONMENT).filter(|name| !name.is_empty()).map(PathBuf::from),
            home: home::workspace_data(),
            checksums: Checksums::published(),
            backoff: [Duration::from_secs(1), Duration::from_secs(2)],
            patience: Patience::default(),
            say: Say::new(|_| {}),
        }
    }
}
