//! The class scorer: a kernel density per class, and Bayes' rule.
//!
//! ```text
//! p(c | x) ∝ 1/n_c Σ_{i in c} exp(−D(x, x_i) / 2σ²)          classes equally likely   [Parzen1962, Specht1990]
//! D(x, x_i) = min over shifts s of |blur(shift_s x) − blur(x_i)|²
//! ```
//!
//! Blur (0–2 passes), shifts (none, or one pixel in four directions) and σ are chosen by the leave-one-out
//! log-likelihood of the classes on the reference images: nothing is trained, and the same images always give the
//! same scorer. Sums over the images of a class are taken in the log domain. It is a classifier and not a
//! density: of an image that looks like nothing it says "any class", `max_c p(c | x)` near 1/C.

use tensor::Matrix;

use crate::pixels::{Size, blur, shift, squared_distances};

const MOST_BLURS: usize = 2;
/// Bandwidths σ² in units of the median squared distance to the nearest other image, largest first, each half
/// of the one before: halving σ² squares every kernel value, so that one exponential serves all of them.
const LARGEST_BANDWIDTH: f64 = 2.0;
const BANDWIDTHS: usize = 8;
/// Samples scored at a time, which bounds the memory that the distances take.
const BLOCK: usize = 256;

/// Which shifts of a sample are compared with an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shifts {
    /// The sample where it is.
    Still,
    /// And one pixel up, down, left and right.
    Cross,
}

impl Shifts {
    fn moves(self) -> &'static [(isize, isize)] {
        const CROSS: [(isize, isize); 5] = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)];
        match self {
            Shifts::Still => &CROSS[..1],
            Shifts::Cross => &CROSS,
        }
    }
}

/// What leave-one-out chose, and how well it did there.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Passes of the binomial blur.
    pub blurs: usize,
    /// Shifts that are tolerated.
    pub shifts: Shifts,
    /// σ, in units of (blurred) ink.
    pub sigma: f64,
    /// Mean over the reference images of `ln p(class | image)`, each image left out of its own class, in nats.
    pub log_likelihood: f64,
    /// Share of reference images whose most likely class is their own, each left out.
    pub accuracy: f64,
}

/// The fitted scorer: the blurred reference images with their groups.
#[derive(Clone, Debug)]
pub struct Scorer {
    size: Size,
    blurred: Matrix,     // d × n
    groups: Vec<usize>,  // n, the class of each image, counted without gaps
    members: Vec<usize>, // images in each group
    /// What was chosen.
    pub fit: Fit,
    /// `p(group | image)` with the image left out, groups × n.
    pub left_out: Vec<Vec<f64>>,
}

impl Scorer {
    /// Chooses blur, shifts and σ on `images` (d × n) of `groups` 0, 1, ….
    ///
    /// # Panics
    /// If a group has fewer than two images.
    pub fn fit(images: &Matrix, groups: &[usize], size: Size) -> Self {
        let mut members = vec![0; groups.iter().max().map_or(0, |g| g + 1)];
        groups.iter().for_each(|&g| members[g] += 1);
        assert!(members.iter().all(|&m| m > 1), "leave-one-out needs two different images of every class");
        let mut best: Option<Fit> = None;
        for blurs in 0..=MOST_BLURS {
            let blurred = blur(images, size, blurs);
            let mut distances = squared_distances(&blurred, &blurred);
            for shifts in [Shifts::Still, Shifts::Cross] {
                if shifts == Shifts::Cross {
                    lower_by_shifts(&mut distances, &blurred, images, size, blurs, shifts);
                }
                let candidate = choose_sigma(&distances, groups, &members, blurs, shifts);
                if best.as_ref().is_none_or(|b| candidate.log_likelihood > b.log_likelihood) {
                    best = Some(candidate);
                }
            }
        }
        let fit = best.expect("the grid is not empty");
        let blurred = blur(images, size, fit.blurs);
        let mut scorer = Self { size, blurred, groups: groups.to_vec(), members, fit, left_out: Vec::new() };
        let everyone: Vec<usize> = (0..images.cols()).collect();
        scorer.left_out = scorer.posterior(images, Some(&everyone));
        scorer
    }

    /// The samples as the scorer sees them.
    pub fn blur(&self, samples: &Matrix) -> Matrix {
        blur(samples, self.size, self.fit.blurs)
    }

    /// The blurred reference images, d × n.
    pub fn blurred(&self) -> &Matrix {
        &self.blurred
    }

    /// `p(group | sample)` for every column of `samples` (d × m): m vectors that sum to one.
    ///
    /// `leave_out[j]` is the reference image that sample `j` is, and is not compared with.
    pub fn posterior(&self, samples: &Matrix, leave_out: Option<&[usize]>) -> Vec<Vec<f64>> {
        let columns: Vec<usize> = (0..samples.cols()).collect();
        let mut out = Vec::with_capacity(samples.cols());
        for block in columns.chunks(BLOCK) {
            let block_samples = samples.gather(block);
            let mut distances = squared_distances(&self.blurred, &self.blur(&block_samples));
            let Fit { blurs, shifts, .. } = self.fit;
            lower_by_shifts(&mut distances, &self.blurred, &block_samples, self.size, blurs, shifts);
            for (&j, column) in block.iter().zip(distances.columns()) {
                out.push(self.posterior_of(column, leave_out.map(|l| l[j])));
            }
        }
        out
    }

    fn posterior_of(&self, distances: &[f32], skip: Option<usize>) -> Vec<f64> {
        let scale = 0.5 / (self.fit.sigma * self.fit.sigma);
        let nearest = nearest_but(distances, skip);
        let mut sums = vec![0.0; self.members.len()];
        for (i, (&d, &g)) in distances.iter().zip(&self.groups).enumerate() {
            let exponent = f64::from(d - nearest) * scale;
            // Beyond e⁻⁴⁰ of the nearest image nothing is left in sixteen digits.
            if Some(i) != skip && exponent < 40.0 {
                sums[g] += (-exponent).exp();
            }
        }
        normalise(&mut sums, &self.members, skip.map(|i| self.groups[i]));
        sums
    }
}

/// `D ← min(D, distances of the shifted samples)` for every shift but staying still.
fn lower_by_shifts(
    distances: &mut Matrix,
    blurred: &Matrix,
    samples: &Matrix,
    size: Size,
    blurs: usize,
    shifts: Shifts,
) {
    for &(down, right) in &shifts.moves()[1..] {
        let moved = squared_distances(blurred, &blur(&shift(samples, size, down, right), size, blurs));
        for (d, m) in distances.as_mut_slice().iter_mut().zip(moved.as_slice()) {
            *d = d.min(*m);
        }
    }
}

/// The σ with the highest leave-one-out log-likelihood for given distances (n × n).
fn choose_sigma(
    distances: &Matrix,
    groups: &[usize],
    members: &[usize],
    blurs: usize,
    shifts: Shifts,
) -> Fit {
    let n = groups.len();
    let nearest: Vec<f32> = (0..n).map(|j| nearest_but(distances.column(j), Some(j))).collect();
    let mut sorted = nearest.clone();
    sorted.sort_by(f32::total_cmp);
    // Copies, or copies up to a shift, must not make σ zero.
    let unit = f64::from(sorted[n / 2]).max(1e-6 * distances.rows() as f64);
    let largest = LARGEST_BANDWIDTH * unit;
    let mut likelihood = [0.0; BANDWIDTHS];
    let mut right = [0_usize; BANDWIDTHS];
    let mut kernel = vec![0.0_f64; n];
    for (j, &own) in groups.iter().enumerate() {
        for (k, &d) in kernel.iter_mut().zip(distances.column(j)) {
            *k = (-f64::from(d - nearest[j]) * 0.5 / largest).exp();
        }
        kernel[j] = 0.0;
        for (likelihood, right) in likelihood.iter_mut().zip(&mut right) {
            let mut sums = vec![0.0; members.len()];
            kernel.iter().zip(groups).for_each(|(k, &g)| sums[g] += k);
            normalise(&mut sums, members, Some(own));
            *likelihood += sums[own].max(f64::MIN_POSITIVE).ln() / n as f64;
            *right += usize::from(most_likely(&sums) == own);
            kernel.iter_mut().for_each(|k| *k *= *k);
        }
    }
    let at = most_likely(&likelihood);
    Fit {
        blurs,
        shifts,
        sigma: (largest / f64::from(1 << at)).sqrt(),
        log_likelihood: likelihood[at],
        accuracy: right[at] as f64 / n as f64,
    }
}

/// The smallest distance to any image but `skip`.
fn nearest_but(distances: &[f32], skip: Option<usize>) -> f32 {
    let others = distances.iter().enumerate().filter(|&(i, _)| Some(i) != skip);
    others.fold(f32::INFINITY, |m, (_, &d)| m.min(d))
}

/// Sums of kernel values → probabilities of the groups; `left` is the group that lost one image.
fn normalise(sums: &mut [f64], members: &[usize], left: Option<usize>) {
    for (g, (s, &m)) in sums.iter_mut().zip(members).enumerate() {
        *s /= (m - usize::from(Some(g) == left)) as f64;
    }
    let total: f64 = sums.iter().sum();
    sums.iter_mut().for_each(|s| *s /= total);
}

/// Index of the largest value, the first of several.
pub(super) fn most_likely(values: &[f64]) -> usize {
    values.iter().enumerate().fold(0, |best, (i, v)| if *v > values[best] { i } else { best })
}
