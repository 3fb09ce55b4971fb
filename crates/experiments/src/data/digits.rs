//! MNIST, and its black and white version, which the experiments learn from.

use anyhow::{Result, ensure};
use datasets::Images;
use feedforward::fast::Samples;
use fetch::Source;
use tensor::Seed;
use tensor::binary::Spikes;
use tensor::layers::Sparse;

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

    /// How many images a point gets that asked for `asked` of the `there` that exist. The stand-in has fewer than experiments
    /// ask for, so that they get all of them; asking the published data for more than they have is a mistake.
    ///
    /// # Errors
    /// If published data have not so many; names the amount.
    pub fn amount(&self, what: &str, asked: usize, there: usize) -> Result<usize> {
        let enough = asked <= there || self.source == Source::Standin;
        ensure!(enough, "{what}: expected at most {there}, the data set has no more, found {asked}");
        Ok(asked.min(there))
    }

    /// Height and width of an image, in pixels.
    pub const SIZE: (usize, usize) = (28, 28);

    /// Training images at the end that choose epochs: 5000 of 60 000.
    pub fn held_out(&self) -> std::ops::Range<usize> {
        let n = self.train.len();
        n - n / 12..n
    }

    /// How often each pixel is on in the training images.
    pub fn mean_image(&self) -> Vec<f32> {
        let images = &self.train;
        let mut counts = vec![0u32; images.features()];
        for image in 0..images.len() {
            let pixels = images.image(image).iter();
            counts.iter_mut().zip(pixels).for_each(|(count, p)| *count += u32::from(*p > Self::THRESHOLD));
        }
        counts.iter().map(|&count| (f64::from(count) / images.len() as f64) as f32).collect()
    }

    /// These images in black and white, as lists of the pixels that are on.
    ///
    /// # Panics
    /// If there are not so many.
    pub fn spikes(images: &Images, chosen: impl IntoIterator<Item = usize>) -> Spikes {
        let mut spikes = Spikes::new(images.features());
        for i in chosen {
            let pixels = images.image(i).iter().enumerate();
            spikes.push(pixels.filter(|(_, p)| **p > Self::THRESHOLD).map(|(i, _)| i as u32));
        }
        spikes
    }

    /// So many training images, as many of each class, drawn at random from all but those that choose epochs; class after
    /// class. Where the number is not a multiple of the classes, the first classes have one more.
    ///
    /// # Errors
    /// If a class has not so many; names it.
    pub fn balanced(&self, count: usize, seed: Seed) -> Result<Vec<usize>> {
        let (classes, rest) = (self.train.classes.len(), self.held_out().start);
        let mut chosen = Vec::with_capacity(count);
        for class in 0..classes {
            let own: Vec<usize> = (0..rest).filter(|&i| usize::from(self.train.labels[i]) == class).collect();
            let wanted = count / classes + usize::from(class < count % classes);
            let there = own.len();
            ensure!(wanted <= there, "labels: expected at most {there} of class {class}, found {wanted}");
            let order = seed.child("class", class as u64).stream().permutation(there);
            chosen.extend(order[..wanted].iter().map(|&place| own[place]));
        }
        Ok(chosen)
    }

    /// These images in black and white, with their labels.
    ///
    /// # Panics
    /// If there are not so many.
    pub fn samples(images: &Images, chosen: impl IntoIterator<Item = usize>) -> Samples {
        Self::seen(images, chosen, |p| f32::from(u8::from(p > Self::THRESHOLD)))
    }

    /// The same in grey, from 0 to 1.
    ///
    /// # Panics
    /// If there are not so many.
    pub fn grey(images: &Images, chosen: impl IntoIterator<Item = usize>) -> Samples {
        Self::seen(images, chosen, |p| f32::from(p) / 255.0)
    }

    fn seen(images: &Images, chosen: impl IntoIterator<Item = usize>, value: fn(u8) -> f32) -> Samples {
        let (mut sparse, mut labels) = (Sparse::new(images.features()), Vec::new());
        for i in chosen {
            sparse.push(&images.image(i).iter().map(|&p| value(p)).collect::<Vec<f32>>());
            labels.push(images.labels[i]);
        }
        Samples { images: sparse, labels }
    }
}
