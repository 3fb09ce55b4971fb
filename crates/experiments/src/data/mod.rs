//! Where jobs get their images: loaded when first asked for, once a process, shared by all points.

mod digits;
mod letters;
mod own;
mod pictures;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use fetch::{Loaded, LoadedMnist, Options, Source, load_alphadigits, load_mnist};

pub use digits::Digits;
pub use letters::{Letters, Split};
pub use own::{Ink, Own};
pub use pictures::Brought;

use ::pictures::Picture;

/// What a job reads: its digest is part of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Nothing but what the points that it needs have made.
    Nothing,
    /// AlphaDigits.
    Letters,
    /// MNIST.
    Digits,
    /// Two pictures that a user brought.
    Pictures,
    /// Images of a user's own.
    Own,
}

/// The data of one run.
#[derive(Debug)]
pub struct Data {
    options: Options,
    letters: Slot<Letters>,
    digits: Slot<Digits>,
    pictures: Option<Brought>,
    own: Option<Own>,
}

impl Default for Data {
    fn default() -> Self {
        Self::new(Options::from_environment())
    }
}

impl Data {
    /// Data as the options ask for; nothing is loaded yet.
    pub fn new(options: Options) -> Self {
        Self { options, letters: Mutex::new(None), digits: Mutex::new(None), pictures: None, own: None }
    }

    /// The same with two pictures that a user brought.
    pub fn with_pictures(self, pair: [Picture; 2]) -> Self {
        Self { pictures: Some(Brought::new(pair)), ..self }
    }

    /// The pictures that a user brought, if any.
    pub fn pictures(&self) -> Option<&Brought> {
        self.pictures.as_ref()
    }

    /// The same with images of a user's own.
    pub fn with_own(self, own: Own) -> Self {
        Self { own: Some(own), ..self }
    }

    /// Images of a user's own.
    ///
    /// # Errors
    /// If none were given.
    pub fn own(&self) -> Result<&Own> {
        self.own.as_ref().context("the images of this point were not given")
    }

    /// AlphaDigits, loaded on the first call.
    ///
    /// # Errors
    /// [`fetch::Missing`] if the data are not here and the stand-in is refused; otherwise what is wrong with a file.
    pub fn letters(&self) -> Result<Arc<Letters>> {
        once(&self.letters, || {
            let Loaded { images, source, digest } = load_alphadigits(&self.options)?;
            Ok(Letters::new(images, source, digest))
        })
    }

    /// MNIST, loaded on the first call.
    ///
    /// # Errors
    /// As [`Data::letters`].
    pub fn digits(&self) -> Result<Arc<Digits>> {
        once(&self.digits, || {
            let LoadedMnist { train, test, source, digest } = load_mnist(&self.options)?;
            Ok(Digits { train, test, source, digest })
        })
    }

    /// The digest of what a job reads; empty if it reads nothing.
    ///
    /// # Errors
    /// As [`Data::letters`]; or if the pictures were not given.
    pub fn digest(&self, reads: Reads) -> Result<String> {
        Ok(match reads {
            Reads::Nothing => String::new(),
            Reads::Letters => self.letters()?.digest.clone(),
            Reads::Digits => self.digits()?.digest.clone(),
            Reads::Own => self.own()?.digest.clone(),
            Reads::Pictures => {
                self.pictures().context("the pictures of this point were not given")?.digest.clone()
            }
        })
    }

    /// Whether the data set of this digest, loaded before, is the drawn stand-in.
    pub fn is_standin(&self, digest: &str) -> bool {
        let (letters, digits) = (held(&self.letters), held(&self.digits));
        let letters = letters.as_ref().map(|letters| (&letters.digest, &letters.source));
        let digits = digits.as_ref().map(|digits| (&digits.digest, &digits.source));
        [letters, digits]
            .into_iter()
            .flatten()
            .any(|(own, source)| own == digest && *source == Source::Standin)
    }
}

/// What is loaded when it is first asked for.
type Slot<T> = Mutex<Option<Arc<T>>>;

/// What a slot holds. A thread that panicked while it loaded has put nothing there.
fn held<T>(slot: &Slot<T>) -> MutexGuard<'_, Option<Arc<T>>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a slot holds, loaded if it is empty.
fn once<T>(slot: &Slot<T>, load: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
    let mut slot = held(slot);
    if let Some(there) = &*slot {
        return Ok(Arc::clone(there));
    }
    let loaded = Arc::new(load()?);
    *slot = Some(Arc::clone(&loaded));
    Ok(loaded)
}
