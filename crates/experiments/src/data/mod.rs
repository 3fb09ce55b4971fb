//! Where jobs get their images: loaded when first asked for, once a process, shared by all points.

mod digits;
mod letters;
mod pictures;

use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use fetch::{Loaded, LoadedMnist, Options, Source, load_alphadigits, load_mnist};

pub use digits::Digits;
pub use letters::{Letters, Split};
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
}

/// The data of one run.
#[derive(Debug)]
pub struct Data {
    options: Options,
    letters: Mutex<Option<Arc<Letters>>>,
    digits: Mutex<Option<Arc<Digits>>>,
    pictures: Option<Brought>,
}

impl Default for Data {
    fn default() -> Self {
        Self::new(Options::from_environment())
    }
}

impl Data {
    /// Data as the options ask for; nothing is loaded yet.
    pub fn new(options: Options) -> Self {
        Self { options, letters: Mutex::new(None), digits: Mutex::new(None), pictures: None }
    }

    /// The same with two pictures that a user brought.
    pub fn with_pictures(self, pair: [Picture; 2]) -> Self {
        Self { pictures: Some(Brought::new(pair)), ..self }
    }

    /// The pictures that a user brought, if any.
    pub fn pictures(&self) -> Option<&Brought> {
        self.pictures.as_ref()
    }

    /// AlphaDigits, loaded on the first call.
    ///
    /// # Errors
    /// [`fetch::Missing`] if the data are not here and the stand-in is refused; otherwise what is wrong with a file.
    pub fn letters(&self) -> Result<Arc<Letters>> {
        let mut slot = self.letters.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(letters) = &*slot {
            return Ok(Arc::clone(letters));
        }
        let Loaded { images, source, digest } = load_alphadigits(&self.options)?;
        let letters = Arc::new(Letters::new(images, source, digest));
        *slot = Some(Arc::clone(&letters));
        Ok(letters)
    }

    /// MNIST, loaded on the first call.
    ///
    /// # Errors
    /// As [`Data::letters`].
    pub fn digits(&self) -> Result<Arc<Digits>> {
        let mut slot = self.digits.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(digits) = &*slot {
            return Ok(Arc::clone(digits));
        }
        let LoadedMnist { train, test, source, digest } = load_mnist(&self.options)?;
        let digits = Arc::new(Digits { train, test, source, digest });
        *slot = Some(Arc::clone(&digits));
        Ok(digits)
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
            Reads::Pictures => {
                self.pictures().context("the pictures of this point were not given")?.digest.clone()
            }
        })
    }

    /// Whether the data set of this digest, loaded before, is the drawn stand-in.
    pub fn is_standin(&self, digest: &str) -> bool {
        let letters = self.letters.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let digits = self.digits.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let letters = letters.as_ref().map(|letters| (&letters.digest, &letters.source));
        let digits = digits.as_ref().map(|digits| (&digits.digest, &digits.source));
        [letters, digits]
            .into_iter()
            .flatten()
            .any(|(own, source)| own == digest && *source == Source::Standin)
    }
}
