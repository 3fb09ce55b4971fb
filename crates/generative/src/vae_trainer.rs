//! A variational autoencoder under training: the epoch loop goes through the images.

use train::{Delegate, Descent, Trainee};

use crate::fast::FastVae;
use crate::images::Images;
use crate::options::Options;
use crate::plain_vae::PlainVae;
use crate::{GenerativeError, Vae};

/// An autoencoder as a [`Trainee`], on the fast path where it is made of dense layers alone. After each epoch `log_likelihood` and
/// `divergence` stand beside the loss, which is minus the bound. Snapshots have the names of [`train::fit`], whichever path wrote
/// them.
pub struct VaeTrainer(Path);

enum Path {
    Fast(Box<FastVae>),
    Plain(Box<PlainVae>),
}

impl VaeTrainer {
    /// Takes over an autoencoder and its images, pixels × samples.
    ///
    /// # Errors
    /// If there is no image, images have another number of pixels, a value is not between 0 and 1, or layers are normalised
    /// and a mini-batch would have one image, the last one of an epoch among them.
    ///
    /// # Panics
    /// If `threads` is 0.
    pub fn new(
        vae: Vae,
        images: Images,
        descent: Descent,
        options: Options,
    ) -> Result<Self, GenerativeError> {
        check(&vae, &images, options)?;
        let fast = FastVae::new(&vae, &images, options.batch, descent, options.threads);
        Ok(Self(fast.map_or_else(
            || Path::Plain(Box::new(PlainVae::new(vae, images, descent))),
            |fast| Path::Fast(Box::new(fast)),
        )))
    }

    /// The same on the plain path, whatever the layers: the fast path's oracle.
    ///
    /// # Errors
    /// As [`VaeTrainer::new`].
    pub fn plain(
        vae: Vae,
        images: Images,
        descent: Descent,
        options: Options,
    ) -> Result<Self, GenerativeError> {
        check(&vae, &images, options)?;
        Ok(Self(Path::Plain(Box::new(PlainVae::new(vae, images, descent)))))
    }

    /// Whether the fast path trains.
    pub fn is_fast(&self) -> bool {
        matches!(self.0, Path::Fast(_))
    }

    /// The autoencoder as it is now.
    pub fn vae(&self) -> Vae {
        match &self.0 {
            Path::Fast(trainer) => trainer.vae(),
            Path::Plain(trainer) => trainer.vae().clone(),
        }
    }
}

fn check(vae: &Vae, images: &Images, options: Options) -> Result<(), GenerativeError> {
    assert!(options.threads > 0, "{options:?}");
    let (sparse, batch) = (images.sparse(), options.batch);
    if sparse.is_empty() || batch == 0 {
        return Err(GenerativeError::Nothing { what: "images" });
    }
    let alone = batch.min(sparse.len()) == 1 || sparse.len() % batch == 1;
    if alone && vae.is_normalised() {
        return Err(GenerativeError::Batch { found: 1 });
    }
    let (expected, found) = (vae.pixels(), sparse.rows());
    if expected != found {
        return Err(GenerativeError::Chain { part: "encoder", expected, found });
    }
    for sample in 0..sparse.len() {
        let outside = |(_, value): &&(u32, f32)| !(0.0..=1.0).contains(value);
        if let Some(&(pixel, value)) = sparse.column(sample).iter().find(outside) {
            return Err(GenerativeError::Pixel { sample, pixel: pixel as usize, value, range: [0.0, 1.0] });
        }
    }
    Ok(())
}

impl Delegate for VaeTrainer {
    fn inner(&self) -> &dyn Trainee {
        match &self.0 {
            Path::Fast(trainer) => trainer.as_ref(),
            Path::Plain(trainer) => trainer.as_ref(),
        }
    }

    fn inner_mut(&mut self) -> &mut dyn Trainee {
        match &mut self.0 {
            Path::Fast(trainer) => trainer.as_mut(),
            Path::Plain(trainer) => trainer.as_mut(),
        }
    }
}
