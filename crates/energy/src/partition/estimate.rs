//! From the weights of annealed chains to `log Z` with its error: means of weights, their spread over resampled chains,
//! how many chains really count, and Bennett's ratio where there are chains from both ends.

use tensor::Stream;
use tensor::plain::log_sum_exp;

/// Times that chains are resampled for an interval.
const RESAMPLED: usize = 1000;

/// An estimate with the ends of its 95 % interval, in nats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The estimate itself.
    pub value: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// What `f` makes of it, where `f` rises or falls throughout.
    pub fn map(self, f: impl Fn(f64) -> f64) -> Self {
        let (low, high) = (f(self.low), f(self.high));
        Self { low: low.min(high), value: f(self.value), high: low.max(high) }
    }

    /// From end to end.
    pub fn width(self) -> f64 {
        self.high - self.low
    }
}

/// `log Z` between two bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogZ {
    /// From the base to the model: below the truth on average.
    pub forward: Interval,
    /// From the model to the base: above the truth on average, if its chains began in states of the model.
    pub reverse: Interval,
    /// Bennett's ratio of both: the least biased of the three [Bennett1976].
    pub bennett: Interval,
    /// How many of the forward chains count.
    pub effective: f64,
    /// How many of the reverse chains count.
    pub effective_reverse: f64,
}

impl LogZ {
    /// From the logarithms of both kinds of weights: those of [`super::ais::forward`] and of [`super::ais::reverse`].
    ///
    /// # Panics
    /// If there are no weights of one kind.
    pub fn new(base_log_z: f64, forward: &[f64], reverse: &[f64], noise: &mut Stream) -> Self {
        Self {
            forward: bootstrap(forward, noise, log_mean_exp).map(|x| base_log_z + x),
            reverse: bootstrap(reverse, noise, log_mean_exp).map(|x| base_log_z - x),
            bennett: bootstrap_pair(forward, reverse, noise, bennett).map(|x| base_log_z + x),
            effective: effective(forward),
            effective_reverse: effective(reverse),
        }
    }

    /// The two-sided interval: from the lower end of the forward estimate to the upper end of the reverse one, with
    /// Bennett's ratio between them.
    pub fn interval(&self) -> Interval {
        let (low, high) = (self.forward.low.min(self.bennett.low), self.reverse.high.max(self.bennett.high));
        Interval { low, value: self.bennett.value, high }
    }

    /// The mean log-likelihood of samples whose mean free energy is this one, `−F̄ − log Z`, in nats a sample.
    pub fn log_likelihood(&self, mean_free_energy: f64) -> Interval {
        self.interval().map(|log_z| -mean_free_energy - log_z)
    }
}

/// `log (Σ wᵢ / n)` from `log wᵢ`.
///
/// # Panics
/// If there is none.
pub fn log_mean_exp(log_weights: &[f64]) -> f64 {
    assert!(!log_weights.is_empty(), "a mean of no weights");
    log_sum_exp(log_weights) - (log_weights.len() as f64).ln()
}

/// `(Σ wᵢ)² / Σ wᵢ²`: so many equal weights would say as much [Kong1994].
pub fn effective(log_weights: &[f64]) -> f64 {
    let twice: Vec<f64> = log_weights.iter().map(|x| 2.0 * x).collect();
    (2.0 * log_sum_exp(log_weights) - log_sum_exp(&twice)).exp()
}

/// `log (Z₁ / Z₀)` from `log w` of chains from both ends [Bennett1976]: the root `C` of
/// `Σᵢ f(m − fᵢ + C) = Σⱼ f(−m − rⱼ − C)` with `f(x) = 1 / (1 + eˣ)` and `m` the logarithm of the ratio of their numbers.
///
/// # Panics
/// If there are no weights of one kind.
pub fn bennett(forward: &[f64], reverse: &[f64]) -> f64 {
    assert!(!forward.is_empty() && !reverse.is_empty(), "Bennett's ratio needs chains from both ends");
    let m = (forward.len() as f64 / reverse.len() as f64).ln();
    let fermi = |x: f64| if x > 0.0 { (-x).exp() / (1.0 + (-x).exp()) } else { 1.0 / (1.0 + x.exp()) };
    // Falls from positive to negative as C grows.
    let excess = |c: f64| {
        let own: f64 = forward.iter().map(|f| fermi(m - f + c)).sum();
        let other: f64 = reverse.iter().map(|r| fermi(-m - r - c)).sum();
        own - other
    };
    let ends = forward.iter().copied().chain(reverse.iter().map(|r| -r));
    let (mut low, mut high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
    (low, high) = (low - m.abs() - 1.0, high + m.abs() + 1.0);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if excess(middle) > 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// A statistic of all chains, with the 2.5 % and 97.5 % quantiles of the same over resampled chains [Efron1979].
pub fn bootstrap(weights: &[f64], noise: &mut Stream, statistic: impl Fn(&[f64]) -> f64) -> Interval {
    bootstrap_pair(weights, weights, noise, |drawn, _| statistic(drawn))
}

fn bootstrap_pair(
    a: &[f64],
    b: &[f64],
    noise: &mut Stream,
    statistic: impl Fn(&[f64], &[f64]) -> f64,
) -> Interval {
    let mut resampled: Vec<f64> = (0..RESAMPLED)
        .map(|_| {
            let [a, b] = [a, b].map(|all| resample(all, noise));
            statistic(&a, &b)
        })
        .collect();
    resampled.sort_by(f64::total_cmp);
    let at = |share: f64| resampled[(share * (RESAMPLED - 1) as f64).round() as usize];
    Interval { low: at(0.025), value: statistic(a, b), high: at(0.975) }
}

fn resample(all: &[f64], noise: &mut Stream) -> Vec<f64> {
    all.iter().map(|_| all[noise.below(all.len())]).collect()
}
