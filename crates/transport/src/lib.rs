//! Optimal transport: what is the cheapest way to turn one heap of mass into another?
//!
//! A **problem** is a cost `C` (rows × cols: a [`CostMatrix`], or a [`PointCost`] between [`Points`]) and masses `a` of the rows
//! and `b` of the columns. A **plan** `P ≥ 0` says how much goes from where to where; its row sums are `a`, its column sums
//! `b`. Everything is computed in `f64`.
//!
//! | function | finds | choose it |
//! |---|---|---|
//! | [`exact`] | `min ⟨C, P⟩`, a vertex, with a proof | to some thousands of points; for sparse plans |
//! | [`sinkhorn`] | `min ⟨C, P⟩ + ε KL(P ∣ a⊗b)` | for blurred plans, or speed |
//! | [`sinkhorn_divergence`] | the same as a distance | to compare clouds |
//! | [`unbalanced`] | the same when totals differ | if mass may appear and vanish |
//! | [`quantile_coupling`] | `min ⟨C, P⟩` on a line | always when points are numbers |
//! | [`sliced_wasserstein`] | mean distance over directions | for large clouds without a plan |
//! | [`barycentre`], [`free_barycentre`] | the mean of distributions | on a grid; for points that move |
//! | [`Map`], [`project`] | where points go | to move what was not sampled, such as pixels |
//!
//! Problems that make no sense are a [`TransportError`], found before anything is computed. Not having converged is
//! no error: [`Status`] says it. Results do not depend on threads: all of this runs on the caller's. The solvers that may
//! take minutes have a twin that can be asked to stop: [`exact_until`], [`sinkhorn_until`], [`barycentre_until`].

mod cost;
mod error;
mod plan;
mod points;

mod exact;
mod near;
mod nodes;
mod polish;
mod simplex;
mod start;
mod tree;

mod certificate;
mod certify;

mod sinkhorn;

mod pace;
mod softmin;

mod divergence;
mod unbalanced;

mod line;
mod sliced;

mod barycentre;
mod map;
mod nearest;

mod kernels;
mod view;

pub use barycentre::{Barycentre, FreeBarycentre, barycentre, barycentre_until, free_barycentre};
pub use certificate::Certificate;
pub use certify::certify;
pub use cost::{Cost, CostMatrix, Metric, PointCost};
pub use divergence::{Divergence, sinkhorn_divergence};
pub use error::{Side, TransportError};
pub use exact::{exact, exact_until};
pub use line::quantile_coupling;
pub use map::{Map, project};
pub use plan::{Entry, Mass, Plan, Status};
pub use points::{Cloud, Points};
pub use sinkhorn::{Entropic, sinkhorn, sinkhorn_until};
pub use sliced::{Sliced, sliced_wasserstein};
pub use unbalanced::unbalanced;
