//! How far each of Sinkhorn's steps goes.
//!
//! Near its end the plain iteration is linear in the logarithms of the scalings, with eigenvalues between 0 and some `θ < 1`
//! that can be very near 1. Overrelaxation mends that [Lehmann2022]; here in the form of Richardson's second-order
//! method [Golub1961], which leaves row sums exact: with the plain step `r` in logarithms,
//! `velocity ← (ω − 1) velocity + ω γ r`, where `γ = 2/(2 − θ)`, `σ = θ/(2 − θ)`, `ω = 2/(1 + √(1 − σ²))`. Errors then fall by
//! `√(ω − 1) ≈ 1 − 2√(1 − θ)` a step instead of `θ`. `θ` is read off the errors, and read again when they fall
//! more slowly than that. Any step is harmless: what is returned is judged by its marginal error alone.

/// Least number of iterations over which a rate is measured.
const WINDOW: usize = 12;
/// Errors that rise by this within a window end it.
const RISE: f64 = 4.0;
/// One reading changes `1 − θ` by no more than this factor.
const CHANGE: f64 = 4.0;

pub(crate) struct Pace {
    /// Assumed distance `1 − θ` of the largest eigenvalue from 1; 1 for plain steps.
    gap: f64,
    velocity: Vec<f64>,
    /// Iterations in this window, the error at its begin, and the rate of the one before.
    count: usize,
    first: f64,
    rate: f64,
}

impl Pace {
    /// Plain steps for `n` scalings, until errors fall steadily.
    pub fn new(n: usize) -> Self {
        Self { gap: 1.0, velocity: vec![0.0; n], count: 0, first: f64::NAN, rate: f64::NAN }
    }

    /// Plain steps again, for instance because the scalings were set anew.
    pub fn restart(&mut self) {
        (self.gap, self.count, self.rate) = (1.0, 0, f64::NAN);
        self.velocity.fill(0.0);
    }

    /// One step of the scalings `x` towards `b/w`, after an iteration whose column sums were off by `error`.
    pub fn step(&mut self, error: f64, x: &mut [f64], w: &[f64], b: &[f64]) {
        self.adapt(error);
        let (keep, push) = self.weights();
        for (((x, w), b), velocity) in x.iter_mut().zip(w).zip(b).zip(&mut self.velocity) {
            let plain = b / w;
            if self.gap < 1.0 {
                *velocity = keep * *velocity + push * (plain / *x).ln();
                *x *= velocity.exp();
            } else {
                *x = plain;
            }
        }
    }

    /// `ω − 1` and `ω γ`.
    fn weights(&self) -> (f64, f64) {
        let (gamma, sigma) = (2.0 / (1.0 + self.gap), (1.0 - self.gap) / (1.0 + self.gap));
        let omega = 2.0 / (1.0 + (1.0 - sigma * sigma).sqrt());
        (omega - 1.0, omega * gamma)
    }

    fn adapt(&mut self, error: f64) {
        if self.count == 0 {
            self.first = error;
        }
        let promised = 1.0 - self.weights().0.sqrt();
        let (growth, span) = (error / self.first, self.count as f64);
        self.count += 1;
        // Momentum makes errors swing: a window is at least as long as they take to fall by e² as promised.
        let full = span >= WINDOW as f64 && span * promised >= 2.0;
        if growth < RISE && !full {
            return;
        }
        let rate = growth.powf(1.0 / span);
        let before = std::mem::replace(&mut self.rate, rate);
        (self.count, self.first) = (1, error);
        if self.gap == 1.0 {
            let steady = (1.0 - rate) > 0.5 * (1.0 - before) && (1.0 - before) > 0.5 * (1.0 - rate);
            if steady && rate > 0.5 && rate < 1.0 {
                self.gap = 1.0 - rate;
            }
        } else if growth.is_nan() {
            self.restart();
        } else if growth >= 1.0 {
            // Too much momentum: it starts anew, with less.
            self.gap = (self.gap * CHANGE).min(0.5);
            self.velocity.fill(0.0);
        } else if 1.0 - rate < 0.5 * promised {
            let keep = self.weights().0;
            let sigma = (rate * rate + keep) / ((1.0 + keep) * rate);
            self.gap = ((1.0 - sigma) / (1.0 + sigma)).clamp(self.gap / CHANGE, self.gap);
        }
    }
}
