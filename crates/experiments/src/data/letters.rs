//! AlphaDigits with what is looked up once: splits, and the reference that scores samples.

use std::sync::OnceLock;

use anyhow::Result;
use datasets::Images;
use fetch::Source;
use quality::{Reference, Size};
use tensor::Seed;

/// The seed of the split of AlphaDigits into images to train on and images held out. Fixed, so that results compare.
const SPLIT_SEED: u64 = 29;
/// The seed of the reference's own splits.
const REFERENCE_SEED: u64 = 10;

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
    /// Height and width of an image, in pixels.
    pub const SIZE: (usize, usize) = (20, 16);
    /// Images of a class.
    pub const PER_CLASS: usize = 39;

    /// These images, which have the digest.
    pub fn new(images: Images, source: Source, digest: String) -> Self {
        Self { images, source, digest, reference: OnceLock::new() }
    }

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
        let fit = || {
            let everyone: Vec<usize> = (0..self.images.len()).collect();
            let pixels = self.images.to_matrix(&everyone);
            let size = Size { height: self.images.height, width: self.images.width };
            Reference::new(pixels.as_slice(), &self.images.labels, size, Seed::new(REFERENCE_SEED))
        };
        self.reference.get_or_init(fit)
    }
}
