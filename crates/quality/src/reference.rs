//! Real images, looked at once: what samples are held against, each number beside its *floor*, the same number for real
//! held-out images.
//!
//! [`Reference::new`] looks at the real images once and is shared from then on; [`Reference::score`] takes a few
//! milliseconds for 100 samples.

use tensor::{Matrix, Seed};

use crate::clean::Clean;
use crate::digits::six_digits;
use crate::diversity;
use crate::features::Pca;
use crate::fidelity::Fidelity;
use crate::frechet::Gaussian;
use crate::kernel::{Fit, Scorer, most_likely};
use crate::merge::{Merged, merge};
use crate::pixels::{self, Size};
use crate::scores::{self, Scores};

/// Features of the Fréchet distance: twelve carry two thirds of AlphaDigits' variance, and are few enough that
/// ten images a class have something to say about their covariance. From 8 to 32 features the gap between clean
/// and slightly corrupted images hardly grows, while the floor, which is bias, grows fivefold.
const FEATURES: usize = 12;
/// Random splits of the real images that a Fréchet distance is averaged over.
const SPLITS: u64 = 8;
/// Random sets of real images that entropy and coverage are averaged over.
const SETS: u64 = 32;
/// Share of a class that is held out in a split, rounded up: 15 of 39, so that 24 are kept.
const HELD_OUT: (usize, usize) = (3, 8);
/// Share of a class, on average and rounded up, that is drawn from what is held out: 10 of 39.
const DRAWN: (usize, usize) = (1, 4);

/// Real images, looked at once: what samples are compared with. Immutable, to be shared by reference.
#[derive(Clone, Debug)]
pub struct Reference {
    images: Matrix,           // d × n, no image twice within a character
    labels: Vec<Vec<u8>>,     // n, every label under which the image occurs
    characters: Vec<Vec<u8>>, // the labels of each character, ascending
    group: Vec<usize>,        // n, the character of each image
    size: Size,
    scorer: Scorer,
    pca: Pca,
    features: Vec<Vec<f64>>, // n vectors of k values
    seed: Seed,
}

/// Real images that the scorer takes for another character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confusion {
    /// The (first) label of the images.
    pub label: u8,
    /// The (first) label of what they are taken for.
    pub taken_for: u8,
    /// How many.
    pub count: usize,
}

impl Reference {
    /// Fits scorer and features on `labels.len()` images of `height · width` values in [0, 1], row after row, one image after
    /// another; `seed` draws the splits of the Fréchet distance.
    ///
    /// # Panics
    /// If the lengths do not fit, a pixel is not finite, or a class has fewer than two different images.
    pub fn new(pixels: &[f32], labels: &[u8], size: Size, seed: Seed) -> Self {
        let d = size.height * size.width;
        let all = Matrix::from_vec(d, labels.len(), pixels.to_vec());
        assert!(d > 0 && !labels.is_empty() && all.is_finite(), "reference images must exist and be finite");
        let merged = merge(&all, labels);
        let images = all.gather(&merged.kept);
        let scorer = Scorer::fit(&images, &merged.group, size);
        let pca = Pca::fit(scorer.blurred(), FEATURES);
        let features = pca.features(scorer.blurred());
        let Merged { labels, characters, group, .. } = merged;
        Self { images, labels, characters, group, size, scorer, pca, features, seed }
    }

    /// What leave-one-out chose for the class scorer, and its accuracy there.
    pub fn fit(&self) -> &Fit {
        &self.scorer.fit
    }

    /// Share of the variance of the (blurred) images that the features of the Fréchet distance carry.
    pub fn explained(&self) -> f64 {
        self.pca.explained
    }

    /// The characters, each as its labels; more than one label where classes are the same images.
    pub fn characters(&self) -> &[Vec<u8>] {
        &self.characters
    }

    /// What the scorer confuses under leave-one-out, the most frequent first.
    pub fn confusions(&self) -> Vec<Confusion> {
        let n = self.characters.len();
        let mut counts = vec![0; n * n];
        for (&own, p) in self.group.iter().zip(&self.scorer.left_out) {
            counts[own * n + most_likely(p)] += 1;
        }
        let first = |g: usize| self.characters[g][0];
        let mut wrong: Vec<Confusion> = (0..n * n)
            .filter(|at| at / n != at % n && counts[*at] > 0)
            .map(|at| Confusion { label: first(at / n), taken_for: first(at % n), count: counts[at] })
            .collect();
        wrong.sort_by_key(|c| (usize::MAX - c.count, c.label, c.taken_for));
        wrong
    }

    /// `p(character | sample)`, a vector over [`Reference::characters`] for every sample (n · d values).
    ///
    /// # Panics
    /// If the samples are not whole images.
    pub fn posterior(&self, samples: &[f32]) -> Vec<Vec<f64>> {
        self.scorer.posterior(&self.columns(samples), None)
    }

    /// Scores samples (n · d values, image after image: a `features × batch` matrix as it lies in memory) of a model that
    /// was trained on `classes`. Their order does not matter.
    ///
    /// # Panics
    /// If there is no sample, one is not finite or not a whole image, or a class is unknown.
    pub fn score(&self, samples: &[f32], classes: &[u8]) -> Scores {
        let samples = self.columns(samples);
        let samples = samples.gather(&pixels::order(&samples));
        assert!(samples.cols() > 0 && samples.is_finite(), "samples to be scored must exist and be finite");
        let (members, trained) = (self.members(classes), self.trained(classes));
        let posteriors = self.scorer.posterior(&samples, None);
        let views: Vec<&[f64]> = posteriors.iter().map(Vec::as_slice).collect();
        let real = self.images.gather(&members);
        let nearest = pixels::nearest(&samples, &real, None);
        let groups: Vec<usize> = views.iter().map(|p| likely_among(p, &trained)).collect();
        let features = self.pca.features(&self.scorer.blur(&samples));
        let (frechet, frechet_count) = self.frechet(&members, usize::MAX, |split, count| {
            let order = self.seed.child("samples", split).stream().permutation(features.len());
            order.into_iter().take(count).map(|i| features[i].as_slice()).collect()
        });
        let share = |holds: &dyn Fn(&f64) -> bool| {
            nearest.iter().filter(|distance| holds(distance)).count() as f64 / nearest.len() as f64
        };
        let clean = Clean::of(&real, self.size);
        let cleanness: Vec<f64> = samples.columns().map(|image| clean.share(image, self.size)).collect();
        Scores {
            frechet,
            frechet_count,
            nearest_train: mean(&nearest),
            copies: share(&|distance| *distance == 0.0),
            cleanness: mean(&cleanness),
            diversity: self.diversity(&samples, &groups, &members),
            ..scores::of_posteriors(&views, &trained)
        }
    }

    /// By how much the fidelity of `n_samples` real images of `classes`, drawn at random with replacement, falls below its
    /// mean by chance: no more than this in 19 of 20 draws.
    ///
    /// # Panics
    /// If a class is unknown or `n_samples` is 0.
    pub fn noise(&self, classes: &[u8], n_samples: usize) -> f64 {
        let floor = self.floor_for(classes, n_samples);
        let (members, trained) = (self.members(classes), self.trained(classes));
        let cleanness = self.cleanness(&members);
        let mut found: Vec<f64> = (0..SETS)
            .map(|set| {
                let mut draws = self.seed.child("noise", set).stream();
                let drawn: Vec<usize> = (0..n_samples).map(|_| draws.below(members.len())).collect();
                let views: Vec<&[f64]> = drawn.iter().map(|&i| self.left_out(members[i])).collect();
                let looked: Vec<f64> = drawn.iter().map(|&i| cleanness[i]).collect();
                // Nearness is no part of fidelity.
                let scores = Scores {
                    cleanness: mean(&looked),
                    diversity: 1.0,
                    ..scores::of_posteriors(&views, &trained)
                };
                Fidelity::of(&scores, &floor).all()
            })
            .collect();
        found.sort_by(f64::total_cmp);
        mean(&found) - found[found.len() / 20]
    }

    /// Of each of these images, the distance to the nearest other one.
    fn left_out_distances(&self, members: &[usize]) -> Vec<f64> {
        let images = self.images.gather(members);
        let themselves: Vec<usize> = (0..members.len()).collect();
        pixels::nearest(&images, &images, Some(&themselves))
    }

    /// The cleanness of each of these images, beside all of them.
    fn cleanness(&self, members: &[usize]) -> Vec<f64> {
        let real = self.images.gather(members);
        let clean = Clean::of(&real, self.size);
        real.columns().map(|image| clean.share(image, self.size)).collect()
    }

    /// The diversity of samples that are taken for these characters, as a share of that of real images.
    fn diversity(&self, samples: &Matrix, groups: &[usize], members: &[usize]) -> f64 {
        let n = self.characters.len();
        let of: Vec<usize> = members.iter().map(|&i| self.group[i]).collect();
        let real = diversity::within(&self.images.gather(members), &of, n);
        let ours = diversity::within(samples, groups, n);
        let mut drawn = vec![0; n];
        groups.iter().for_each(|&group| drawn[group] += 1);
        diversity::share(&ours, &real, &drawn)
    }

    /// The same numbers for real images of `classes`, each held out from what it is compared with: the mark that
    /// samples can hope for. For scores of at least as many samples as are drawn here (ten a class of 39).
    ///
    /// # Panics
    /// If a class is unknown.
    pub fn floor(&self, classes: &[u8]) -> Scores {
        let members = self.members(classes);
        self.real(&members, &self.trained(classes), usize::MAX)
    }

    /// [`Reference::floor`] with the biases of a score of `n_samples` samples: at most so many held-out images in the
    /// Fréchet distance, and entropy and coverage of so many images drawn at random, with replacement. Few samples show
    /// fewer characters than many, and more unevenly.
    ///
    /// # Panics
    /// If a class is unknown or `n_samples` is 0.
    pub fn floor_for(&self, classes: &[u8], n_samples: usize) -> Scores {
        assert!(n_samples > 0, "a floor for no samples");
        let (members, trained) = (self.members(classes), self.trained(classes));
        let (mut entropy, mut coverage) = (0.0, 0);
        for set in 0..SETS {
            let mut draws = self.seed.child("variety", set).stream();
            let drawn: Vec<&[f64]> =
                (0..n_samples).map(|_| self.left_out(members[draws.below(members.len())])).collect();
            let scores = scores::of_posteriors(&drawn, &trained);
            entropy += scores.entropy / SETS as f64;
            coverage += scores.coverage;
        }
        let coverage = (coverage as f64 / SETS as f64).round() as usize;
        Scores { entropy, coverage, ..self.real(&members, &trained, n_samples) }
    }

    /// `p(character | image)` of a real image, as if it were not known.
    fn left_out(&self, image: usize) -> &[f64] {
        &self.scorer.left_out[image]
    }

    fn real(&self, members: &[usize], trained: &[bool], n_samples: usize) -> Scores {
        let views: Vec<&[f64]> = members.iter().map(|&i| self.left_out(i)).collect();
        let nearest = self.left_out_distances(members);
        let (frechet, frechet_count) = self.frechet(members, n_samples, |split, count| {
            let (_, held_out) = self.split(members, split);
            held_out.into_iter().take(count).map(|i| self.features[i].as_slice()).collect()
        });
        Scores {
            frechet,
            frechet_count,
            nearest_train: mean(&nearest),
            cleanness: mean(&self.cleanness(members)),
            diversity: 1.0,
            ..scores::of_posteriors(&views, trained)
        }
    }

    /// Mean Fréchet distance over the splits, between the part of `members` that is not held out and `others`, which gives
    /// features for a split and a number of images: as many as the split draws, or `at_most`.
    fn frechet<'a>(
        &self,
        members: &[usize],
        at_most: usize,
        others: impl Fn(u64, usize) -> Vec<&'a [f64]>,
    ) -> (f64, usize) {
        let (mut sum, mut count) = (0.0, 0);
        for split in 0..SPLITS {
            let (kept, held_out) = self.split(members, split);
            let kept: Vec<&[f64]> = kept.iter().map(|&i| self.features[i].as_slice()).collect();
            let others = others(split, held_out.len().min(at_most));
            count = others.len();
            sum += Gaussian::of(&kept).frechet(&Gaussian::of(&others));
        }
        (six_digits(sum / SPLITS as f64), count)
    }

    /// Images kept in split number `split`, and images drawn from those held out.
    ///
    /// The split takes the same share of every character. What is held out is then drawn with characters at random, as a
    /// model draws its samples: with equally many of each, the floor would lack the noise of the shares, and real images
    /// drawn at random would score twice or three times the floor. More is held out than drawn, so that hardly an image
    /// comes twice.
    fn split(&self, members: &[usize], split: u64) -> (Vec<usize>, Vec<usize>) {
        let (mut kept, mut pools, mut tickets) = (Vec::new(), Vec::new(), Vec::new());
        let seed = self.seed.child("split", split);
        for character in 0..self.characters.len() {
            let own: Vec<usize> = members.iter().copied().filter(|&i| self.group[i] == character).collect();
            let share = |(part, whole): (usize, usize)| (own.len() * part).div_ceil(whole);
            let order = seed.child("character", character as u64).stream().permutation(own.len());
            let (out, rest) = order.split_at(share(HELD_OUT));
            tickets.extend(vec![pools.len(); share(DRAWN)]);
            pools.push(out.iter().map(|&i| own[i]).collect::<Vec<_>>());
            kept.extend(rest.iter().map(|&i| own[i]));
        }
        let mut draws = seed.child("held out", 0).stream();
        let mut used = vec![0; pools.len()];
        let draw = |_| {
            let pool = tickets[draws.below(tickets.len())];
            used[pool] += 1;
            pools[pool][(used[pool] - 1) % pools[pool].len()]
        };
        (kept, (0..tickets.len()).map(draw).collect())
    }

    /// Images that occur under one of `classes`.
    fn members(&self, classes: &[u8]) -> Vec<usize> {
        for class in classes {
            assert!(
                self.characters.iter().flatten().any(|l| l == class),
                "no reference image of class {class}"
            );
        }
        let members: Vec<usize> =
            (0..self.group.len()).filter(|&i| self.labels[i].iter().any(|l| classes.contains(l))).collect();
        assert!(!members.is_empty(), "samples need a class that the model was trained on");
        members
    }

    fn trained(&self, classes: &[u8]) -> Vec<bool> {
        self.characters.iter().map(|labels| labels.iter().any(|l| classes.contains(l))).collect()
    }

    fn columns(&self, samples: &[f32]) -> Matrix {
        let d = self.images.rows();
        assert_eq!(
            samples.len() % d,
            0,
            "{} values are no whole number of images of {d} pixels",
            samples.len()
        );
        Matrix::from_vec(d, samples.len() / d, samples.to_vec())
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The most likely of the characters that were trained.
fn likely_among(posterior: &[f64], trained: &[bool]) -> usize {
    let own: Vec<f64> =
        posterior.iter().zip(trained).map(|(p, trained)| if *trained { *p } else { -1.0 }).collect();
    most_likely(&own)
}
