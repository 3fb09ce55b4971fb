//! Entropic transport by Sinkhorn's iteration, stabilised.
//!
//! `min ⟨C, P⟩ + ε KL(P | a⊗b)` has the solution `P_ij = a_i b_j exp((f_i + g_j − c_ij)/ε)` [Cuturi2013]. The iteration
//! scales a kernel `K_ij = exp((f_i + g_j − c_ij)/ε)`: `y_i = a_i / Σ_j K_ij x_j`, then `x_j = b_j / Σ_i y_i K_ij`, here with one look at
//! each row for both halves. With `f = g = 0` this is the plain iteration. Before the scalings leave what numbers can
//! hold, their logarithms are **absorbed** into `f` and `g` and the kernel is made anew [Schmitzer2019]; a row or
//! column that underflowed altogether is set right by one log-sum-exp. Where `c/ε` has too wide a range for a plain
//! start, `ε` comes down in steps from a large one, each starting at the potentials of the last [Schmitzer2019].

use crate::cost::Cost;
use crate::error::{TransportError, ask, check_balanced, check_positive};
use crate::kernels::{add_exp, dot, gibbs_row, log_sum, raise, sweep, weigh_row};
use crate::pace::Pace;
use crate::plan::{Mass, Plan, Status};
use crate::softmin::{PLAIN, TINY, extend};
use crate::view::{View, check_cost, check_epsilon};

/// Scalings outside `1/HUGE..HUGE` are absorbed.
const HUGE: f64 = 1e100;
/// Each step divides ε by this.
const STEP: f64 = 4.0;
/// On the way down, a step ends at this marginal error, as a share of the total mass, or after this many iterations.
const ROUGH: (f64, usize) = (0.01, 50);

/// What entropic solvers are asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entropic {
    /// Weight `ε > 0` of the entropy, in units of cost. (Some texts write `λ = 1/ε`.)
    pub epsilon: f64,
    /// The marginal error, as a share of the total mass, at which an iteration has converged.
    pub tolerance: f64,
    /// Iterations after which it stops anyway.
    pub iterations: usize,
}

impl Entropic {
    /// Weight `epsilon`, tolerance 1e-9, at most 10 000 iterations.
    pub fn new(epsilon: f64) -> Self {
        Self { epsilon, tolerance: 1e-9, iterations: 10_000 }
    }

    pub(crate) fn check(&self) -> Result<(), TransportError> {
        check_positive("epsilon", self.epsilon)?;
        if !self.epsilon.recip().is_finite() {
            return Err(TransportError::Parameter { what: "epsilon", value: self.epsilon });
        }
        check_positive("tolerance", self.tolerance)
    }
}

/// Entropic transport: `min ⟨C, P⟩ + ε KL(P | a⊗b)` over `P ≥ 0` with `P1 = a`, `Pᵀ1 = b` [Cuturi2013].
///
/// `cost` is rows × cols, `a` holds one mass for each row, `b` for each column; equal totals, which need not be 1.
/// The plan is dense; its row sums are exact, its column sums as good as [`Status`] says. Its dual holds `f` and `g` with
/// `P_ij = a_i b_j exp((f_i + g_j − c_ij)/ε) / total`; `cost` is `⟨C, P⟩` without the entropy, which is at most
/// `ε log(rows · cols) · total` above the optimum. However small ε is, the numbers are finite; the smaller, the more iterations.
///
/// Choose it for thousands of points where a blurred plan will do, or is wanted: time goes with the number of costs times
/// the iterations, a dozen of those at an ε of a tenth of the largest cost. It holds `8 · rows · cols` bytes.
///
/// # Errors
/// As [`crate::exact`], and if the tolerance is not a positive finite number, or ε is none or is below 1e-13 of the largest
/// cost, where `c/ε` has no digits left. Not converging is no error.
pub fn sinkhorn<C: Cost + ?Sized>(
    cost: &C,
    a: &[f64],
    b: &[f64],
    options: &Entropic,
) -> Result<Plan, TransportError> {
    sinkhorn_until(cost, a, b, options, &|| false)
}

/// As [`sinkhorn`], to the last bit, but `stop` is asked before every iteration.
///
/// # Errors
/// As [`sinkhorn`], and [`TransportError::Stopped`] as soon as `stop` says so.
pub fn sinkhorn_until<C: Cost + ?Sized>(
    cost: &C,
    a: &[f64],
    b: &[f64],
    options: &Entropic,
    stop: &dyn Fn() -> bool,
) -> Result<Plan, TransportError> {
    options.check()?;
    let factor = check_balanced(a, b, cost.rows(), cost.cols())?;
    let seen = check_cost(cost)?;
    let (mut view, a_held, mut b_held) = View::new(cost, a, b, TINY);
    view.seen = Some(seen);
    b_held.iter_mut().for_each(|b| *b *= factor);
    let (least, most) = check_epsilon(&view, options.epsilon)?;
    let mut scaling = Scaling::new(&view, a_held, b_held);
    let (mut epsilon, mut used) = (options.epsilon.max((most - least) / PLAIN), 0);
    scaling.begin(least, epsilon);
    let error = loop {
        let last = epsilon <= options.epsilon;
        let (tolerance, limit) = if last {
            (options.tolerance, options.iterations.saturating_sub(used))
        } else {
            (options.tolerance.max(ROUGH.0), ROUGH.1.min(options.iterations.saturating_sub(used)))
        };
        let (error, iterations) = scaling.iterate(tolerance, limit, stop)?;
        used += iterations;
        if last {
            break error;
        }
        scaling.absorb();
        epsilon = options.epsilon.max(epsilon / STEP);
        scaling.rebuild(epsilon);
    };
    let status = match error <= options.tolerance {
        true => Status::Converged { iterations: used },
        false => Status::Stopped { marginal_error: error * scaling.total },
    };
    Ok(scaling.finish(status))
}

/// Sinkhorn's iteration under way. Masses are held as shares, so that kernels do not depend on their total.
struct Scaling<'a, C: ?Sized> {
    view: &'a View<'a, C>,
    total: f64,
    a: Vec<f64>,
    b: Vec<f64>,
    epsilon: f64,
    f: Vec<f64>,
    g: Vec<f64>,
    kernel: Vec<f64>, // rows × cols: exp((f_i + g_j − c_ij)/ε)
    y: Vec<f64>,
    x: Vec<f64>,
    w: Vec<f64>,
}

impl<'a, C: Cost + ?Sized> Scaling<'a, C> {
    fn new(view: &'a View<'a, C>, mut a: Vec<f64>, mut b: Vec<f64>) -> Self {
        let (rows, cols) = (a.len(), b.len());
        let total = crate::error::total(&a);
        a.iter_mut().chain(&mut b).for_each(|mass| *mass /= total);
        let (x, y, w) = (b.clone(), a.clone(), vec![0.0; cols]);
        let (f, g, kernel) = (vec![0.0; rows], vec![0.0; cols], vec![0.0; rows * cols]);
        Self { view, total, a, b, epsilon: 0.0, f, g, kernel, y, x, w }
    }

    /// The plain start: all exponents between −`PLAIN` and 0.
    fn begin(&mut self, least: f64, epsilon: f64) {
        self.f.fill(least);
        self.rebuild(epsilon);
    }

    /// The kernel of the present potentials; the scalings begin at 1.
    fn rebuild(&mut self, epsilon: f64) {
        self.epsilon = epsilon;
        let (cols, mut line) = (self.b.len(), self.view.line());
        for (i, row) in self.kernel.chunks_exact_mut(cols).enumerate() {
            gibbs_row(row, self.f[i], &self.g, self.view.row(i, &mut line), epsilon);
        }
        self.x.copy_from_slice(&self.b);
        self.y.copy_from_slice(&self.a);
    }

    /// Iterates until the column sums are off by `tolerance` in all; gives that error and the iterations.
    fn iterate(
        &mut self,
        tolerance: f64,
        limit: usize,
        stop: &dyn Fn() -> bool,
    ) -> Result<(f64, usize), TransportError> {
        let (mut error, mut pace) = (f64::INFINITY, Pace::new(self.b.len()));
        for iteration in 1..=limit.max(1) {
            ask(stop)?;
            sweep(&self.kernel, &self.a, &self.x, &mut self.y, &mut self.w);
            if !self.within_reach() {
                self.set_right();
                pace.restart();
                sweep(&self.kernel, &self.a, &self.x, &mut self.y, &mut self.w);
            }
            error = self.x.iter().zip(&self.w).zip(&self.b).map(|((x, w), b)| (x * w - b).abs()).sum();
            if error <= tolerance || iteration >= limit {
                return Ok((error, iteration));
            }
            pace.step(error, &mut self.x, &self.w, &self.b);
        }
        Ok((error, limit))
    }

    /// Whether every scaling is a number that products with the kernel can bear.
    fn within_reach(&self) -> bool {
        let fits = |scaled: &[f64], mass: &[f64]| {
            scaled.iter().zip(mass).all(|(s, m)| *s < HUGE * m && *s > m / HUGE)
        };
        let sums = self.w.iter().all(|w| *w > 1.0 / HUGE && *w < HUGE);
        sums && fits(&self.y, &self.a) && fits(&self.x, &self.b)
    }

    /// Takes what the scalings have found into the potentials, by a log-sum-exp over rows, then columns: right whatever
    /// the scalings have become.
    fn set_right(&mut self) {
        let (epsilon, cols, mut line) = (self.epsilon, self.b.len(), self.view.line());
        for ((g, x), b) in self.g.iter_mut().zip(&self.x).zip(&self.b) {
            let step = epsilon * (x / b).ln();
            *g += if step.is_finite() { step } else { 0.0 };
        }
        let h: Vec<f64> = self.g.iter().zip(&self.b).map(|(g, b)| g + epsilon * b.ln()).collect();
        for (i, f) in self.f.iter_mut().enumerate() {
            *f = -epsilon * log_sum(&h, self.view.row(i, &mut line), epsilon);
        }
        let h: Vec<f64> = self.f.iter().zip(&self.a).map(|(f, a)| f + epsilon * a.ln()).collect();
        let (mut top, mut sums) = (vec![f64::NEG_INFINITY; cols], vec![0.0; cols]);
        h.iter().enumerate().for_each(|(i, h)| raise(&mut top, *h, self.view.row(i, &mut line)));
        for (i, h) in h.iter().enumerate() {
            add_exp(&mut sums, &top, *h, self.view.row(i, &mut line), epsilon);
        }
        for ((g, top), sum) in self.g.iter_mut().zip(&top).zip(&sums) {
            *g = -top - epsilon * sum.ln();
        }
        self.rebuild(epsilon);
    }

    /// `f ← f + ε ln(y/a)`, `g ← g + ε ln(x/b)`.
    fn absorb(&mut self) {
        let epsilon = self.epsilon;
        let take = |potential: &mut [f64], scaled: &[f64], mass: &[f64]| {
            for ((p, s), m) in potential.iter_mut().zip(scaled).zip(mass) {
                *p += epsilon * (s / m).ln();
            }
        };
        take(&mut self.f, &self.y, &self.a);
        take(&mut self.g, &self.x, &self.b);
    }

    /// The plan `total · y_i K_ij x_j` of all points, those without mass included.
    fn finish(mut self, status: Status) -> Plan {
        self.absorb();
        let (view, cost, total) = (self.view, self.view.cost, self.total);
        let (rows, cols, held) = (cost.rows(), cost.cols(), self.b.len());
        let (mut paid, mut line) = (0.0, view.line());
        for (i, (row, y)) in self.kernel.chunks_exact_mut(held).zip(&self.y).enumerate() {
            weigh_row(row, *y, &self.x, total);
            paid += dot(row, view.row(i, &mut line));
        }
        let mass = Mass::Dense(view.spread(self.kernel));
        let dual = extend(view, [&self.f, &self.g], [&self.a, &self.b], self.epsilon);
        Plan { mass, rows, cols, cost: paid, dual, status, certificate: None }
    }
}
