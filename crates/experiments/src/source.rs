//! Where jobs get their images: loaded when first asked for, once a process, shared by all points.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;

use crate::data::{self, Loaded, LoadedMnist, Options, Policy, Source};

/// The data of one run.
#[derive(Debug)]
pub struct DataSource {
    options: Options,
    alphadigits: Lazy<Loaded>,
    mnist: Lazy<LoadedMnist>,
}

type Lazy<T> = Mutex<Option<Arc<T>>>;

impl DataSource {
    /// Data as these options say; nothing is looked for yet.
    pub fn new(options: Options) -> Self {
        Self { options, alphadigits: Mutex::default(), mnist: Mutex::default() }
    }

    /// The drawn stand-in.
    pub fn standin() -> Self {
        Self::new(Options { policy: Policy::Standin, ..Options::from_environment() })
    }

    /// AlphaDigits, with the digest that goes into points' keys.
    ///
    /// # Errors
    /// [`data::Missing`], or what is wrong with the file.
    pub fn alphadigits(&self) -> Result<Arc<Loaded>> {
        load(&self.alphadigits, || data::load_alphadigits(&self.options))
    }

    /// MNIST, with the digest that goes into points' keys.
    ///
    /// # Errors
    /// [`data::Missing`], or what is wrong with a file.
    pub fn mnist(&self) -> Result<Arc<LoadedMnist>> {
        load(&self.mnist, || data::load_mnist(&self.options))
    }

    /// Whether the loaded data set of this digest is a drawn stand-in.
    pub fn is_standin(&self, digest: &str) -> bool {
        let letters = loaded(&self.alphadigits).map(|set| (set.digest.clone(), set.source.clone()));
        let digits = loaded(&self.mnist).map(|set| (set.digest.clone(), set.source.clone()));
        letters.into_iter().chain(digits).any(|(known, source)| known == digest && source == Source::Standin)
    }
}

fn loaded<T>(slot: &Lazy<T>) -> Option<Arc<T>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Whoever comes while another loads waits for it.
fn load<T>(slot: &Lazy<T>, load: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(set) = &*slot {
        return Ok(Arc::clone(set));
    }
    let set = Arc::new(load()?);
    *slot = Some(Arc::clone(&set));
    Ok(set)
}
