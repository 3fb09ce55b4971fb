//! Where jobs get their images: loaded when first asked for, once a process, shared by all points.

use std::sync::{Arc, Mutex, OnceLock};

use anyhow::{Result, ensure};
use datasets::Images;
use feedforward::fast::Samples;
use tensor::Seed;
use tensor::binary::Spikes;
use tensor::layers::Sparse;

use crate::data::{Loaded, LoadedMnist, Options, Source, load_alphadigits, load_mnist};
use crate::point::sha256;
use crate::quality::Reference;
use crate::recolour::Picture;

/// The seed of the split of AlphaDigits into images to train on and images held out. Fixed, so that results compare.
const SPLIT_SEED: u64 = 29;
/// The seed of the reference's own splits.
const REFERENCE_SEED: u64 = 10;

/// The data of one run.
#[derive(Debug)]
pub struct DataSource {
    options: Options,
    letters: Mutex<Option<Arc<Letters>>>,
    digits: Mutex<Option<Arc<Digits>>>,
    pictures: Option<Brought>,
}

impl Default for DataSource {
    fn default() -> Self {
        Self::new(Options::from_environment())
    }
}

impl DataSource {
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
    /// [`crate::data::Missing`] if the data are not here and the stand-in is refused; otherwise what is wrong with a file.
    pub fn letters(&self) -> Result<Arc<Letters>> {
        let mut slot = self.letters.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(letters) = &*slot {
            return Ok(Arc::clone(letters));
        }
        let Loaded { images, source, digest } = load_alphadigits(&self.options)?;
        let letters = Arc::new(Letters { images, source, digest, reference: OnceLock::new() });
        *slot = Some(Arc::clone(&letters));
        Ok(letters)
    }

    /// MNIST, loaded on the first call.
    ///
    /// # Errors
    /// As [`DataSource::letters`].
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

/// Two pictures that a user brought.
#[derive(Debug)]
pub struct Brought {
    /// The one that is recoloured, and the one whose colours it gets.
    pub pair: [Picture; 2],
    /// Digest of both: sizes, layouts, depths, samples.
    pub digest: String,
}

impl Brought {
    fn new(pair: [Picture; 2]) -> Self {
        let digests = pair.each_ref().map(|picture| format!("{picture}: {}", sha256(picture.samples())));
        let digest = sha256(digests.join("\n").as_bytes());
        Self { pair, digest }
    }
}

/// MNIST, and its black and white version, which all experiments learn from.
#[derive(Debug)]
pub struct Digits {
    /// 60 000 grey images; the stand-in has fewer.
    pub train: Images,
    /// 10 000 grey images.
    pub test: Images,
    /// Published, or drawn.
    pub source: Source,
    /// Digest of pixels and labels.
    pub digest: String,
}

impl Digits {
    /// A pixel strictly above this grey level is on.
    pub const THRESHOLD: u8 = 128;

    /// So many images of the `there` that a point can have. The stand-in has fewer than experiments ask for, and they do
    /// with what it has; nobody asks the published data for more than there are but by mistake.
    ///
    /// # Errors
    /// If published data have not so many; names the amount.
    pub fn amount(&self, what: &str, asked: usize, there: usize) -> Result<usize> {
        let enough = asked <= there || self.source == Source::Standin;
        ensure!(enough, "{what}: expected at most {there}, the data set has no more, found {asked}");
        Ok(asked.min(there))
    }

    /// Training images at the end that choose epochs: 5000 of 60 000.
    pub fn held_out(&self) -> std::ops::Range<usize> {
        let n = self.train.len();
        n - n / 12..n
    }

    /// These images in black and white, as lists of the pixels that are on.
    ///
    /// # Panics
    /// If there are not so many.
    pub fn spikes(images: &Images, range: std::ops::Range<usize>) -> Spikes {
        let mut spikes = Spikes::new(images.features());
        for i in range {
            let pixels = images.image(i).iter().enumerate();
            spikes.push(pixels.filter(|(_, p)| **p > Self::THRESHOLD).map(|(i, _)| i as u32));
        }
        spikes
    }

    /// These images in black and white, with their labels.
    ///
    /// # Panics
    /// If there are not so many.
    pub fn samples(images: &Images, range: std::ops::Range<usize>) -> Samples {
        let mut sparse = Sparse::new(images.features());
        for i in range.clone() {
            let on = |p: &u8| f32::from(u8::from(*p > Self::THRESHOLD));
            sparse.push(&images.image(i).iter().map(on).collect::<Vec<f32>>());
        }
        Samples { images: sparse, labels: images.labels[range].to_vec() }
    }
}

/// AlphaDigits with what is looked up once: splits, and the reference that scores samples.
#[derive(Debug)]
pub struct Letters {
    /// 36 classes of 39 binary images.
    pub images: Images,
    /// Published, or drawn.
    pub source: Source,
    /// Digest of pixels and labels.
    pub digest: String,
    reference: OnceLock<Reference>,
}

/// Images of some classes, those to train on and those held out: indices in class order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// To train on.
    pub train: Vec<usize>,
    /// Never shown to the model.
    pub held_out: Vec<usize>,
}

impl Letters {
    /// The labels of characters, given by name: `"0A"`.
    ///
    /// # Errors
    /// If one is not a class, or comes twice.
    pub fn labels(&self, characters: &str) -> Result<Vec<u8>> {
        let label = |c: char| {
            let known = || self.images.classes.concat();
            self.images
                .label_of(c.encode_utf8(&mut [0; 4]))
                .ok_or_else(|| anyhow::anyhow!("expected characters among {}, found {c:?}", known()))
        };
        let labels = characters.chars().map(label).collect::<Result<Vec<u8>>>()?;
        let twice = characters.char_indices().find(|&(at, c)| characters[..at].contains(c));
        match twice {
            None => Ok(labels),
            Some((_, c)) => Err(anyhow::anyhow!("characters: expected each once, found {c:?} twice")),
        }
    }

    /// The images of these classes, `held_out` of each class kept apart: the published split, the same in every run.
    pub fn split(&self, labels: &[u8], held_out: usize) -> Split {
        let mut split = Split { train: Vec::new(), held_out: Vec::new() };
        for &label in labels {
            let images = self.images.of_classes(&[label]);
            let seed = Seed::new(SPLIT_SEED).child("held-out", u64::from(label));
            let order = seed.stream().permutation(images.len());
            let mut apart: Vec<usize> = order[..held_out.min(images.len())].to_vec();
            apart.sort_unstable();
            for (i, &image) in images.iter().enumerate() {
                let side = if apart.contains(&i) { &mut split.held_out } else { &mut split.train };
                side.push(image);
            }
        }
        split
    }

    /// What scores samples; fitted on the first call.
    pub fn reference(&self) -> &Reference {
        self.reference.get_or_init(|| Reference::new(&self.images, Seed::new(REFERENCE_SEED)))
    }
}
