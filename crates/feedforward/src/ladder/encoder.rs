//! One pass through the encoder, clean or noisy, and back.
//!
//! `h₀ = x + noise`; for l = 1, …, L: `zₗ = N(Wₗᵀ hₗ₋₁) + noise`, `hₗ = f(zₗ + βₗ)`, and `h_L = softmax(γ (z_L + β_L))`.

use tensor::plain::log_sum_exp;
use tensor::{Accum, Matrix, Stream, gemm};

use super::Ladder;
use super::normal::{Asked, Stats, normalise, normalise_backward};
use crate::{Layer, Mode};

/// What a pass leaves behind; layers are counted from 0, the inputs.
pub(super) struct Path {
    /// `z`, with its noise; `z₀` is what came in.
    pub z: Vec<Matrix>,
    /// `z` without noise where there is some, from layer 1 on.
    normal: Vec<Option<Matrix>>,
    /// `h`; the last one holds probabilities.
    pub h: Vec<Matrix>,
    /// Of `Wᵀh`, from layer 1 on.
    pub stats: Vec<Stats>,
    /// `γ (z_L + β_L)`.
    pub logits: Matrix,
}

/// What is asked of a path on the way back.
pub(super) struct Back {
    /// At each `z`; nothing is asked of `z₀`.
    pub dz: Vec<Option<Matrix>>,
    /// At the statistics of each layer, from layer 1 on.
    pub asked: Vec<Option<Asked>>,
    /// At the logits.
    pub logits: Option<Matrix>,
}

impl Back {
    /// Nothing yet, of `depth` layers.
    pub fn nothing(depth: usize) -> Self {
        let none = |n| (0..n).map(|_| None).collect();
        Self { dz: none(depth + 1), asked: (0..depth).map(|_| None).collect(), logits: None }
    }
}

/// `x + N(0, σ²)`; nothing is drawn without noise.
fn with_noise(x: &Matrix, noise: &mut Option<(f32, &mut Stream)>) -> Option<Matrix> {
    let (sigma, stream) = noise.as_mut()?;
    let mut noisy = Matrix::zeros(x.rows(), x.cols());
    stream.normal(&mut noisy, *sigma);
    noisy.as_mut_slice().iter_mut().zip(x.as_slice()).for_each(|(n, x)| *n += x);
    Some(noisy)
}

/// The softmax of every column.
fn softmax(logits: &Matrix) -> Matrix {
    let mut p = logits.clone();
    for j in 0..p.cols() {
        let z: Vec<f64> = logits.column(j).iter().map(|&z| f64::from(z)).collect();
        let log_z = log_sum_exp(&z);
        p.column_mut(j).iter_mut().zip(z).for_each(|(p, z)| *p = (z - log_z).exp() as f32);
    }
    p
}

/// `dlogits = p (dp − Σ p dp)`, column by column.
pub(super) fn softmax_backward(p: &Matrix, mut dp: Matrix) -> Matrix {
    for j in 0..p.cols() {
        let p = p.column(j);
        let mean: f64 = p.iter().zip(dp.column(j)).map(|(&p, &d)| f64::from(p) * f64::from(d)).sum();
        dp.column_mut(j)
            .iter_mut()
            .zip(p)
            .for_each(|(d, &p)| *d = (f64::from(p) * (f64::from(*d) - mean)) as f32);
    }
    dp
}

impl Ladder {
    /// Up through the encoder, with noise of this σ at every layer or without.
    ///
    /// # Panics
    /// If `x` has other rows than there are inputs, or fewer than two columns.
    pub(super) fn encode(&self, x: &Matrix, mut noise: Option<(f32, &mut Stream)>) -> Path {
        let top = self.depth() - 1;
        let start = with_noise(x, &mut noise).unwrap_or_else(|| x.clone());
        let (mut z, mut h) = (vec![start.clone()], vec![start]);
        let (mut normal, mut all, mut logits) = (Vec::new(), Vec::new(), Matrix::zeros(0, 0));
        for (l, rung) in self.encoder.iter().enumerate() {
            let mut before = Matrix::zeros(rung.weights.cols(), x.cols());
            gemm(before.view_mut(), Accum::Replace, rung.weights.view().transpose(), h[l].view(), 1.0);
            let (own, stats) = normalise(&before);
            let noisy = with_noise(&own, &mut noise);
            let state = noisy.as_ref().unwrap_or(&own).clone();
            let mut shifted = state.clone();
            shifted.add_to_columns(&rung.bias);
            if l == top {
                for column in shifted.as_mut_slice().chunks_exact_mut(self.scale.len()) {
                    column.iter_mut().zip(&self.scale).for_each(|(x, c)| *x *= c);
                }
                h.push(softmax(&shifted));
                logits = shifted;
            } else {
                h.push(self.activation.forward(&shifted, &mut Mode::Evaluate).0);
            }
            normal.push(noisy.map(|_| own));
            z.push(state);
            all.push(stats);
        }
        Path { z, normal, h, stats: all, logits }
    }

    /// Back through a path; adds to the gradient of weights, β and γ.
    pub(super) fn encode_backward(&self, path: &Path, mut back: Back, gradient: &mut Ladder) {
        let top = self.depth() - 1;
        let mut above: Option<Matrix> = None; // at h of this layer
        for (l, rung) in self.encoder.iter().enumerate().rev() {
            let shifted = if l == top {
                back.logits.take().map(|d| self.scale_backward(path, d, gradient))
            } else {
                above.take().map(|dh| {
                    let mut unused = self.activation;
                    self.activation.backward(&path.h[l + 1], &path.h[l + 1], &(), dh, &mut unused)
                })
            };
            if let Some(d) = &shifted {
                let bias = gradient.encoder[l].bias.iter_mut();
                bias.zip(d.sum_columns()).for_each(|(b, sum)| *b += sum);
            }
            let asked = back.asked[l].take();
            let Some(dz) = sum(back.dz[l + 1].take(), shifted) else {
                above = None;
                continue;
            };
            let normal = path.normal[l].as_ref().unwrap_or(&path.z[l + 1]);
            let before = normalise_backward(&dz, normal, &path.stats[l], asked.as_ref());
            let weights = gradient.encoder[l].weights.view_mut();
            gemm(weights, Accum::Add, path.h[l].view(), before.view().transpose(), 1.0);
            if l > 0 {
                let mut dh = Matrix::zeros(rung.weights.rows(), before.cols());
                gemm(dh.view_mut(), Accum::Replace, rung.weights.view(), before.view(), 1.0);
                above = Some(dh);
            }
        }
    }

    /// From the logits to `z_L + β_L`: `∂γ += Σ d (z + β)`, and `γ d`.
    fn scale_backward(&self, path: &Path, mut d: Matrix, gradient: &mut Ladder) -> Matrix {
        let (top, bias) = (self.depth(), &self.encoder[self.depth() - 1].bias);
        let mut sums = vec![0.0_f64; self.scale.len()];
        for j in 0..d.cols() {
            let z = path.z[top].column(j);
            for (k, d) in d.column_mut(j).iter_mut().enumerate() {
                sums[k] += f64::from(*d) * f64::from(z[k] + bias[k]);
                *d *= self.scale[k];
            }
        }
        gradient.scale.iter_mut().zip(sums).for_each(|(c, sum)| *c += sum as f32);
        d
    }
}

fn sum(a: Option<Matrix>, b: Option<Matrix>) -> Option<Matrix> {
    match (a, b) {
        (Some(mut a), Some(b)) => {
            a.as_mut_slice().iter_mut().zip(b.as_slice()).for_each(|(a, b)| *a += b);
            Some(a)
        }
        (a, b) => a.or(b),
    }
}
