//! The Sinkhorn divergence: entropic transport made into a distance.
//!
//! `S(a, b) = OT(a, b) − ½ OT(a, a) − ½ OT(b, b)` with `OT(a, b) = min ⟨C, P⟩ + ε KL(P | a⊗b)` [Feydy2019]. By
//! duality `OT = ⟨f, a⟩ + ⟨g, b⟩` once row sums are exact. The self terms have `f = g`, and averaging the two halves of an
//! iteration finds it in a few steps [Feydy2019].

use crate::cost::Cost;
use crate::error::TransportError;
use crate::kernels::{dot, exp};
use crate::plan::{Status, check_length};
use crate::sinkhorn::{Entropic, sinkhorn};
use crate::softmin::{SoftMin, TINY, with_masses};
use crate::view::{View, check_cost};

/// What rounding may take of a sum of terms, as a share of them.
const ROUNDING: f64 = 1e-13;

/// A Sinkhorn divergence and how its iterations ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Divergence {
    /// `S(a, b)`, in units of cost times mass; what rounding, or the tolerance, pushes below 0 is 0.
    pub value: f64,
    /// Converged, with the iterations of all three problems, or the largest marginal error of the three.
    pub status: Status,
}

/// The Sinkhorn divergence `OT(a, b) − ½ OT(a, a) − ½ OT(b, b)` [Feydy2019].
///
/// `costs` are sources × targets, sources × sources and targets × targets, the last two symmetric; `a` and `b` have equal
/// totals. For costs such as `‖x − y‖²` and `‖x − y‖` it is 0 exactly when both sides are the same, and positive
/// otherwise; it goes to the exact cost as `ε → 0`. Where `exp(−C/ε)` is not positive definite, as for shortest paths in some
/// graphs, it may be below 0, and is given as it is.
///
/// Choose it to compare clouds of thousands of points with each other, where the plan itself does not matter: unlike the
/// entropic cost it does not favour a shrunken cloud.
///
/// # Errors
/// As [`crate::sinkhorn`], or if the shapes of the three costs do not fit together.
pub fn sinkhorn_divergence<C: Cost + ?Sized>(
    costs: [&C; 3],
    a: &[f64],
    b: &[f64],
    options: &Entropic,
) -> Result<Divergence, TransportError> {
    let [across, sources, targets] = costs;
    for (what, side, cost) in
        [("source cost", across.rows(), sources), ("target cost", across.cols(), targets)]
    {
        check_length(what, side, cost.rows())?;
        check_length(what, side, cost.cols())?;
        check_cost(cost)?;
    }
    let plan = sinkhorn(across, a, b, options)?;
    let both = value(&plan.dual[0], a) + value(&plan.dual[1], b);
    let (source, first) = alone(sources, a, options)?;
    let (target, second) = alone(targets, b, options)?;
    let status = [first, second].into_iter().fold(plan.status, worse);
    let value = both - 0.5 * (source + target);
    // Marginals are off by this in all, and potentials by rounding.
    let total = crate::error::total(a);
    let off = match status {
        Status::Stopped { marginal_error } => marginal_error,
        _ => options.tolerance * total,
    };
    let reach = plan.dual.iter().flatten().fold(options.epsilon, |reach, p| reach.max(p.abs()));
    let negligible = 4.0 * reach * (off + ROUNDING * total);
    Ok(Divergence { value: if value < 0.0 && -value <= negligible { 0.0 } else { value }, status })
}

/// `⟨potential, masses⟩`.
fn value(potential: &[f64], masses: &[f64]) -> f64 {
    dot(potential, masses)
}

/// `OT(a, a)` and how its iteration ended.
fn alone<C: Cost + ?Sized>(cost: &C, a: &[f64], options: &Entropic) -> Result<(f64, Status), TransportError> {
    let (view, mut a, _) = View::new(cost, a, a, TINY);
    let total = crate::error::total(&a);
    a.iter_mut().for_each(|mass| *mass /= total);
    let epsilon = options.epsilon;
    let soft = SoftMin::new(&view, epsilon)?;
    let mut f = vec![0.0; a.len()];
    let mut iterations = 0;
    loop {
        let next = soft.over_cols(&with_masses(&f, &a, epsilon));
        iterations += 1;
        // Row sums of the plan that f gives on both sides are a_i exp((f_i − next_i)/ε).
        let off = |((f, next), a): ((&f64, &f64), &f64)| a * (exp((f - next) / epsilon) - 1.0).abs();
        let error: f64 = f.iter().zip(&next).zip(&a).map(off).sum();
        if error <= options.tolerance || iterations >= options.iterations {
            // (next, f) is a pair with exact row sums.
            let worth = total * (value(&next, &a) + value(&f, &a));
            let status = match error <= options.tolerance {
                true => Status::Converged { iterations },
                false => Status::Stopped { marginal_error: error * total },
            };
            return Ok((worth, status));
        }
        f.iter_mut().zip(&next).for_each(|(f, next)| *f = 0.5 * (*f + next));
    }
}

/// Both together: as bad as the worse.
fn worse(x: Status, y: Status) -> Status {
    use Status::{Converged, Exact, Stopped};
    match (x, y) {
        (Stopped { marginal_error: x }, Stopped { marginal_error: y }) => {
            Stopped { marginal_error: x.max(y) }
        }
        (Stopped { .. }, _) => x,
        (_, Stopped { .. }) => y,
        (Converged { iterations: x }, Converged { iterations: y }) => Converged { iterations: x + y },
        (Converged { .. }, Exact) => x,
        (Exact, _) => y,
    }
}
