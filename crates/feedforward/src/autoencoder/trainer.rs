//! One layer of a stack under training: the epoch loop drives it; it chooses the fast code where that can do what is asked.

use std::sync::Arc;

use tensor::layers::Sparse;
use train::{Delegate, Trainee};

use super::fast::FastDenoiser;
use super::plain::PlainDenoiser;
use super::{Autoencoder, Denoising, Stack};
use crate::NetworkError;
use crate::fast::FastOptions;
use crate::fast::samples::check_greys;

/// Which code trains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trainer {
    /// Panels and teams, for tied weights.
    Fast,
    /// The equations, for any weights.
    Plain,
}

/// Layer `layer` of a stack as a [`Trainee`]. The loss is `J + β D(H)`; after each epoch `reconstruction` and `penalty` are told
/// apart. Snapshots have the names of [`train::fit`] on an [`Autoencoder`], whichever code trains. The fast code panics at mini-batches
/// of more samples than [`FastOptions::batch`].
pub struct Denoiser(Inner);

enum Inner {
    Fast(Box<FastDenoiser>),
    Plain(Box<PlainDenoiser>),
}

impl Denoiser {
    /// Trains layer `layer` of `stack` on `images`, pixels × samples, by the code that suits it.
    ///
    /// # Errors
    /// If noise or sparsity make no sense, or a value of an image is not between 0 and 1.
    ///
    /// # Panics
    /// If there is no such layer, images have other rows than the stack has inputs, or `batch` or `threads` is 0.
    pub fn new(
        stack: &Stack,
        layer: usize,
        images: Arc<Sparse>,
        denoising: Denoising,
        options: FastOptions,
    ) -> Result<Self, NetworkError> {
        let tied = |layer: &Autoencoder| matches!(layer.decoder, super::Decoder::Tied(_));
        let trainer = match stack.layers()[..=layer].iter().all(tied) {
            true => Trainer::Fast,
            false => Trainer::Plain,
        };
        Self::with(trainer, stack, layer, images, denoising, options)
    }

    /// The same by a code that the caller chooses: the plain one where the fast one cannot.
    ///
    /// # Errors
    /// As [`Denoiser::new`].
    ///
    /// # Panics
    /// As [`Denoiser::new`].
    pub fn with(
        trainer: Trainer,
        stack: &Stack,
        layer: usize,
        images: Arc<Sparse>,
        denoising: Denoising,
        options: FastOptions,
    ) -> Result<Self, NetworkError> {
        let (rows, inputs, layers) = (images.rows(), stack.inputs(), stack.layers().len());
        assert!(layer < layers, "layer {layer} of a stack of {layers}");
        assert_eq!(rows, inputs, "images of {rows} rows for {inputs} inputs");
        assert!(options.batch > 0 && options.threads > 0, "{options:?}");
        let denoising = denoising.checked()?;
        check_greys(&images)?;
        let fast = match trainer {
            Trainer::Fast => FastDenoiser::new(stack, layer, &images, denoising, options),
            Trainer::Plain => None,
        };
        let plain = || PlainDenoiser::new(stack.clone(), layer, images, denoising, options.descent);
        let inner = match fast {
            Some(fast) => Inner::Fast(Box::new(fast)),
            None => Inner::Plain(Box::new(plain())),
        };
        Ok(Self(inner))
    }

    /// Which code trains.
    pub fn trainer(&self) -> Trainer {
        match &self.0 {
            Inner::Fast(_) => Trainer::Fast,
            Inner::Plain(_) => Trainer::Plain,
        }
    }

    /// The layer as it is now; [`Stack::replace`] puts it back.
    pub fn autoencoder(&self) -> Autoencoder {
        match &self.0 {
            Inner::Fast(fast) => fast.autoencoder(),
            Inner::Plain(plain) => plain.autoencoder().clone(),
        }
    }
}

impl Delegate for Denoiser {
    fn inner(&self) -> &dyn Trainee {
        match &self.0 {
            Inner::Fast(fast) => &**fast,
            Inner::Plain(plain) => &**plain,
        }
    }

    fn inner_mut(&mut self) -> &mut dyn Trainee {
        match &mut self.0 {
            Inner::Fast(fast) => &mut **fast,
            Inner::Plain(plain) => &mut **plain,
        }
    }
}
