//! Exact transport: the linear program, solved to a vertex.

use crate::certificate::Certificate;
use crate::certify::{certify, certify_checked};
use crate::cost::Cost;
use crate::error::{TransportError, check_balanced, total};
use crate::kernels::{exponents, least_difference, lower};
use crate::near::potentials;
use crate::plan::{Entry, Mass, Plan, Status};
use crate::polish::{polish, size};
use crate::simplex::optimise;
use crate::start::start;
use crate::tree::Arc;
use crate::view::{View, check_cost};

/// A plan that is proven to less than this share of what it typically pays is polished.
const SHARP: f64 = 1e-11;
/// Reduced costs above minus this share of the largest cost are rounding, at first: [`crate::polish`] looks closer.
const TOLERANCE: f64 = 1e-14;
/// Exponents of two between costs and forbidding costs: below this, the plain method is precise enough.
const GAP: u64 = 16;

/// Exact optimal transport by the network simplex method [PeyreCuturi2019, section 3.5].
///
/// `min ⟨C, P⟩` over `P ≥ 0` with `P1 = a`, `Pᵀ1 = b`. `cost` is rows × cols, `a` holds one mass for each row, `b` for each
/// column; any non-negative masses with equal totals, which need not be 1. Integer masses give an integer plan.
///
/// The answer is a vertex: at most `rows + cols − 1` entries, potentials `u_i + v_j ≤ c_ij` (also for points without
/// mass), and the [`crate::Certificate`] that proves it, in terms of the costs that flow. Costs of 1e32 among small ones, the
/// usual way to forbid an arc, are fine, and so are points far from all others: the other costs keep their precision, and
/// such an arc is used only if it must be.
///
/// Choose it up to some thousands of points, or when the plan must be sparse; time grows a little faster than the number
/// of arcs. Costs between points ([`crate::PointCost`]) take no memory of the size rows × cols below six dimensions.
/// On a line, [`crate::quantile_coupling`] gives the same in a sort.
///
/// # Errors
/// If a side is empty, a mass negative or not finite, all masses of a side zero, the totals different by
/// more than rounding (1e-9 of them), a length wrong, or a cost NaN, infinite, or so
/// large that sums of costs overflow.
pub fn exact<C: Cost + ?Sized>(cost: &C, a: &[f64], b: &[f64]) -> Result<Plan, TransportError> {
    exact_until(cost, a, b, &|| false)
}

/// As [`exact`], to the last bit, but `stop` is asked at every pivot and every row of costs that is searched.
///
/// # Errors
/// As [`exact`], and [`TransportError::Stopped`] as soon as `stop` says so.
pub fn exact_until<C: Cost + ?Sized>(
    cost: &C,
    a: &[f64],
    b: &[f64],
    stop: &dyn Fn() -> bool,
) -> Result<Plan, TransportError> {
    let factor = check_balanced(a, b, cost.rows(), cost.cols())?;
    let seen = check_cost(cost)?;
    let (mut view, supply, mut demand) = View::new(cost, a, b, 0.0);
    view.seen = Some(seen);
    if factor != 1.0 {
        demand.iter_mut().for_each(|b| *b *= factor);
    }
    check_overflow(&view)?;
    if let Some(plan) = single_source(&view, a, b, &demand)? {
        return Ok(plan);
    }
    let caps = caps(&view);
    view.cap = caps[0];
    let mut tree = start(&view, &supply, &demand);
    let mut range = (0.0, 0.0);
    for cap in caps {
        view.cap = cap;
        tree.reprice(|row, col| view.at(row, col));
        range = view.range();
        optimise(&view, &mut tree, tolerance(range), stop)?;
        // Potentials for capped costs are feasible for higher ones, so that without flow on a capped arc both are optimal.
        let original =
            |arc: &Arc| cost.at(view.rows[arc.row as usize] as usize, view.cols[arc.col as usize] as usize);
        if tree.flows(&supply, &demand).iter().all(|arc| original(arc) <= cap) {
            break;
        }
    }
    let mut plan = vertex(&view, &tree.flows(&supply, &demand), tree.potentials());
    let mut proof = certify(cost, a, b, &plan)?;
    if !is_sharp(&proof, cost, &plan, range.0) {
        polish(&view, &mut tree, tolerance(range), range.0, stop)?;
        plan = vertex(&view, &tree.flows(&supply, &demand), tree.potentials());
        proof = certify(cost, a, b, &plan)?;
        if !is_sharp(&proof, cost, &plan, range.0) {
            proof = prove_near(cost, a, b, &mut plan, proof, stop)?;
        }
    }
    plan.certificate = Some(proof);
    Ok(plan)
}

/// What counts as rounding of costs in this range.
fn tolerance((least, most): (f64, f64)) -> f64 {
    TOLERANCE * least.abs().max(most.abs())
}

/// The only plan of a single source, with its proof: it sends to each target what that is to receive, at the cost that is its
/// target's potential. Nothing where there are several sources, or where the masses fit so badly that the proof is not
/// sharp: then the general way finds the same plan and looks for a sharper one.
fn single_source<C: Cost + ?Sized>(
    view: &View<'_, C>,
    a: &[f64],
    b: &[f64],
    demand: &[f64],
) -> Result<Option<Plan>, TransportError> {
    if view.rows.len() != 1 {
        return Ok(None);
    }
    let mut costs = vec![0.0; view.cols.len()];
    let (row, mut whole) = (view.rows[0] as usize, vec![0.0; view.cost.cols()]);
    let all = view.cost.row(row, &mut whole);
    costs.iter_mut().zip(&view.cols).for_each(|(cost, &col)| *cost = all[col as usize]);
    let entry = |(&col, &mass): (&u32, &f64)| Entry { row, col: col as usize, mass };
    let entries = view.cols.iter().zip(demand).map(entry).collect();
    let cost = demand.iter().zip(&costs).map(|(mass, cost)| mass * cost).sum();
    let dual = restore(view, vec![0.0], costs);
    let mut plan = plan_of(view, entries, cost, dual);
    let proof = certify_checked(view.cost, [a, b], total(a), &plan)?;
    plan.certificate = Some(proof);
    Ok(is_sharp(&proof, view.cost, &plan, view.range().0).then_some(plan))
}

/// The plan of some flows, with its potentials.
fn vertex<C: Cost + ?Sized>(view: &View<'_, C>, flows: &[Arc], [u, v]: [Vec<f64>; 2]) -> Plan {
    let entry = |arc: &Arc| Entry {
        row: view.rows[arc.row as usize] as usize,
        col: view.cols[arc.col as usize] as usize,
        mass: arc.flow,
    };
    let entries: Vec<Entry> = flows.iter().map(entry).collect();
    let cost = entries.iter().map(|e| e.mass * view.cost.at(e.row, e.col)).sum();
    let dual = restore(view, u, v);
    plan_of(view, entries, cost, dual)
}

fn plan_of<C: Cost + ?Sized>(
    view: &View<'_, C>,
    entries: Vec<Entry>,
    cost: f64,
    dual: [Vec<f64>; 2],
) -> Plan {
    let (rows, cols, mass) = (view.cost.rows(), view.cost.cols(), Mass::Sparse(entries));
    Plan { mass, rows, cols, cost, dual, status: Status::Exact, certificate: None }
}

/// Whether a proof is good enough for the costs of most of the plan: for their median, so that a few huge ones that must be
/// paid do not excuse what goes wrong among the others.
fn is_sharp<C: Cost + ?Sized>(proof: &Certificate, cost: &C, plan: &Plan, least: f64) -> bool {
    // The median is large enough if so are all but half of the entries: nothing has to be sorted.
    let (off, mut entries, mut too_small) = (proof.off(), 0usize, 0usize);
    plan.for_each(|entry| {
        let enough = off <= SHARP * size(cost.at(entry.row, entry.col), least) * proof.total;
        entries += 1;
        too_small += usize::from(!enough);
    });
    too_small <= entries / 2
}

/// The sharper of two proofs: the one there is, and that of potentials near zero, which the plan then gets.
fn prove_near<C: Cost + ?Sized>(
    cost: &C,
    a: &[f64],
    b: &[f64],
    plan: &mut Plan,
    proof: Certificate,
    stop: &dyn Fn() -> bool,
) -> Result<Certificate, TransportError> {
    let Mass::Sparse(entries) = &plan.mass else { return Ok(proof) };
    let Some(near) = potentials(cost, entries, stop)? else { return Ok(proof) };
    let far = std::mem::replace(&mut plan.dual, near);
    let other = certify(cost, a, b, plan)?;
    if other.off() < proof.off() {
        return Ok(other);
    }
    plan.dual = far;
    Ok(proof)
}

/// Potentials of all points: those without mass get the largest that the others allow.
fn restore<C: Cost + ?Sized>(view: &View<'_, C>, u: Vec<f64>, v: Vec<f64>) -> [Vec<f64>; 2] {
    let (rows, cols) = (view.cost.rows(), view.cost.cols());
    if u.len() == rows && v.len() == cols {
        return [u, v];
    }
    let (mut all_u, mut all_v) = (vec![f64::NAN; rows], vec![f64::INFINITY; cols]);
    view.rows.iter().zip(u).for_each(|(row, u)| all_u[*row as usize] = u);
    // Columns without mass hold −∞ here and are never the least.
    let mut held = vec![f64::NEG_INFINITY; cols];
    view.cols.iter().zip(&v).for_each(|(col, v)| held[*col as usize] = *v);
    let (mut buffer, mut reduced) = (vec![0.0; cols], vec![0.0; cols]);
    for (row, u) in all_u.iter_mut().enumerate() {
        let costs = view.cost.row(row, &mut buffer);
        if u.is_nan() {
            *u = least_difference(costs, &held).0;
        }
        reduced.iter_mut().zip(costs).for_each(|(reduced, c)| *reduced = c - *u);
        lower(&mut all_v, &reduced);
    }
    view.cols.iter().zip(v).for_each(|(col, v)| all_v[*col as usize] = v);
    [all_u, all_v]
}

/// Potentials are sums of costs along paths: none may overflow.
fn check_overflow<C: Cost + ?Sized>(view: &View<'_, C>) -> Result<(), TransportError> {
    let nodes = (view.rows.len() + view.cols.len() + 2) as f64;
    let (least, most) = view.range();
    let bound = f64::MAX / (4.0 * nodes);
    if least.abs().max(most.abs()) <= bound {
        return Ok(());
    }
    let mut buffer = vec![0.0; view.cost.cols()];
    for row in 0..view.cost.rows() {
        let values = view.cost.row(row, &mut buffer);
        if let Some(col) = values.iter().position(|c| c.abs() > bound) {
            return Err(TransportError::Cost { row, col, value: values[col] });
        }
    }
    Ok(())
}

/// The caps to solve with, one after the other; the last is infinite.
///
/// A cost of 1e32 stands for "never". Beside it, potentials would lose all digits of the other costs. So where costs
/// fall into classes with wide gaps between them, the higher classes are first cut down to what still
/// outweighs any cycle of lower costs.
fn caps<C: Cost + ?Sized>(view: &View<'_, C>) -> Vec<f64> {
    let (least, most) = view.range();
    let mut line = view.line();
    let top = exponent(most - least);
    let seen =
        (0..view.rows.len()).fold(0, |seen, row| seen | exponents(view.row(row, &mut line), least, top));
    let places: Vec<u64> = (0..64).filter(|k| seen >> k & 1 == 1).collect();
    if places.windows(2).all(|pair| pair[1] - pair[0] < GAP) {
        return vec![f64::INFINITY];
    }
    let mut counts = vec![0usize; 2048];
    for row in 0..view.rows.len() {
        view.row(row, &mut line).iter().for_each(|c| counts[exponent(c - least) as usize] += 1);
    }
    let nodes = (view.rows.len() + view.cols.len()) as f64;
    let classes: Vec<usize> = (1..counts.len()).filter(|&e| counts[e] > 0).collect();
    let gaps = classes.windows(2).filter(|pair| (pair[1] - pair[0]) as u64 >= GAP);
    let cap = |below: usize| least + 2.0 * (nodes + 1.0) * 2f64.powi(below as i32 - 1022);
    gaps.map(|pair| (cap(pair[0]), pair[1]))
        .filter(|(cap, above)| *cap - least < 2f64.powi(*above as i32 - 1023))
        .map(|(cap, _)| cap)
        .chain([f64::INFINITY])
        .collect()
}

/// The binary exponent of a number that is not negative, plus 1023; 0 for zero.
fn exponent(x: f64) -> u64 {
    (x.to_bits() >> 52) & 2047
}
