//! Entropic transport between sides of different totals: mass may appear and vanish at a price.

use crate::cost::Cost;
use crate::error::{Side, TransportError, check_masses, check_positive};
use crate::kernels::{dot, exp, gibbs_row, log_sum};
use crate::plan::{Mass, Plan, Status};
use crate::sinkhorn::Entropic;
use crate::softmin::{SoftMin, TINY, extend, with_masses};
use crate::view::{View, check_cost};

/// Unbalanced entropic transport with Kullback–Leibler penalties [Chizat2018].
///
/// `min ⟨C, P⟩ + ε KL(P | a⊗b) + ρ KL(P1 | a) + ρ KL(Pᵀ1 | b)` over `P ≥ 0`, where `KL(p | q) = Σ p ln(p/q) − p + q`. `cost` is
/// rows × cols, `a` holds one mass for each row, `b` for each column; their totals may differ. `penalty` is `ρ > 0`, in
/// units of cost: mass that would have to travel for much more than `2ρ` is rather dropped. As `ρ → ∞` with equal totals
/// of 1 this becomes [`crate::sinkhorn`].
///
/// The plan is dense. Its dual holds `f` and `g` with `P_ij = a_i b_j exp((f_i + g_j − c_ij)/ε)`, and its sums are to be
/// `a_i exp(−f_i/ρ)` and `b_j exp(−g_j/ρ)`: the marginal error of [`Status`] is how far the row sums are from that (column
/// sums are exact), and `tolerance` is that error as a share of the plan's mass.
///
/// Choose it where totals mean something, or where outliers must not drag the rest along.
///
/// # Errors
/// As [`crate::sinkhorn`], but totals may differ; also if the penalty is not a positive finite number, or costs are so far
/// below zero beside it that no number can hold the masses of the plan.
pub fn unbalanced<C: Cost + ?Sized>(
    cost: &C,
    a: &[f64],
    b: &[f64],
    penalty: f64,
    options: &Entropic,
) -> Result<Plan, TransportError> {
    options.check()?;
    check_positive("penalty", penalty)?;
    check_masses(a, cost.rows(), Side::Source)?;
    check_masses(b, cost.cols(), Side::Target)?;
    check_cost(cost)?;
    let (view, a, b) = View::new(cost, a, b, TINY);
    let epsilon = options.epsilon;
    let (soft, damping) = (SoftMin::new(&view, epsilon)?, penalty / (penalty + epsilon));
    let (mut f, mut g) = (vec![0.0; a.len()], vec![0.0; b.len()]);
    let mut iterations = 0;
    let status = loop {
        iterations += 1;
        // The common level of all potentials converges slowest, and has a closed form given the rest [Sejourne2022].
        let level = 0.5 * penalty * (worth(&f, &a, penalty) - worth(&g, &b, penalty));
        f.iter_mut().for_each(|f| *f += level);
        let new_g = soft.over_rows(&with_masses(&f, &a, epsilon));
        g.iter_mut().zip(&new_g).for_each(|(g, new)| *g = damping * new);
        let new_f = soft.over_cols(&with_masses(&g, &b, epsilon));
        let error = Mismatch::of(&f, &new_f, &a, (epsilon, penalty));
        if error.is_within(options.tolerance) {
            break Status::Converged { iterations };
        }
        if iterations >= options.iterations {
            break Status::Stopped { marginal_error: error.sum };
        }
        f.iter_mut().zip(&new_f).for_each(|(f, new)| *f = damping * new);
    };
    check_masses_fit(&f, &a, penalty)?;
    let (cols, mut line) = (b.len(), view.line());
    let (mut masses, mut paid) = (vec![0.0; a.len() * cols], 0.0);
    for (i, row) in masses.chunks_exact_mut(cols).enumerate() {
        let costs = view.row(i, &mut line);
        gibbs_row(row, f[i] + epsilon * a[i].ln(), &with_masses(&g, &b, epsilon), costs, epsilon);
        paid += dot(row, costs);
    }
    let mut dual = extend(&view, [&f, &g], [&a, &b], epsilon);
    damp(&mut dual[0], &view.rows, damping);
    damp(&mut dual[1], &view.cols, damping);
    let (rows, cols, mass) = (cost.rows(), cost.cols(), Mass::Dense(view.spread(masses)));
    Ok(Plan { mass, rows, cols, cost: paid, dual, status, certificate: None })
}

/// How far row sums `a exp((f − new_f)/ε)` are from what they are to be, `a exp(−f/ρ)`.
struct Mismatch {
    /// In all.
    sum: f64,
    /// The mass of the plan.
    mass: f64,
    /// The largest difference of logarithms: all that is left to compare where masses are too large or too small for numbers.
    logarithms: f64,
}

/// Exponents beyond this are held by [`exp`], or nearly.
const REACH: f64 = 700.0;

impl Mismatch {
    fn of(f: &[f64], new_f: &[f64], a: &[f64], (epsilon, penalty): (f64, f64)) -> Self {
        let mut all = Self { sum: 0.0, mass: 0.0, logarithms: 0.0 };
        let mut held = false;
        for ((f, new), a) in f.iter().zip(new_f).zip(a) {
            let (found, expected) = ((f - new) / epsilon, -f / penalty);
            let sum = a * exp(found);
            all.sum += (sum - a * exp(expected)).abs();
            all.mass += sum;
            all.logarithms = all.logarithms.max((found - expected).abs());
            held |= found.max(expected) > REACH;
        }
        if held {
            (all.sum, all.mass) = (f64::INFINITY, f64::INFINITY);
        }
        all
    }

    fn is_within(&self, tolerance: f64) -> bool {
        if self.mass > 0.0 && self.mass.is_finite() {
            self.sum <= tolerance * self.mass
        } else {
            self.logarithms <= tolerance.max(LOGARITHMS)
        }
    }
}

/// Logarithms of masses are known to this, where they are of the order of a thousand.
const LOGARITHMS: f64 = 1e-9;

/// Refuses a plan whose row sums `a exp(−f/ρ)` no number can hold.
fn check_masses_fit(f: &[f64], a: &[f64], penalty: f64) -> Result<(), TransportError> {
    let log = f.iter().zip(a).map(|(f, a)| a.ln() - f / penalty).fold(f64::NEG_INFINITY, f64::max);
    if log > REACH {
        Err(TransportError::Overflow { what: "the mass of a row of the plan", log })
    } else {
        Ok(())
    }
}

/// `ln Σ m exp(−p/ρ)`.
fn worth(potential: &[f64], masses: &[f64], penalty: f64) -> f64 {
    log_sum(&with_masses(&vec![0.0; masses.len()], masses, penalty), potential, penalty)
}

/// Potentials that were extended have yet to be damped.
fn damp(potential: &mut [f64], held: &[u32], damping: f64) {
    let mut held = held.iter().copied().peekable();
    for (k, p) in potential.iter_mut().enumerate() {
        if held.next_if_eq(&(k as u32)).is_none() {
            *p *= damping;
        }
    }
}
