//! Desserts for guests: who gets which, if all are to like theirs? [Cuturi2013] by the exact and by entropic plans.
//!
//! Eight guests, five desserts, portions of both [Stock2017]; the cost of a portion is minus the guest's preference. The entropic plans
//! are those of `exp(−λ·C)`, so that λ = 1/ε: the report's λ is the inverse of the regularisation.

use anyhow::{Context, Result};
use engine::Workbench;
use serde::{Deserialize, Serialize};
use transport::{CostMatrix, Entropic, Plan, Status, exact, sinkhorn};

use crate::data::{Data, Reads};
use crate::job::{Cost, Job};

/// The exact plan, and one entropic plan for each λ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Desserts {
    /// 1/ε of each entropic plan.
    pub lambdas: Vec<f64>,
    /// The marginal error, as a share of all portions, at which an entropic plan has converged.
    pub tolerance: f64,
}

/// Portions that each guest gets.
pub const GUESTS: [f64; 8] = [3.0, 3.0, 3.0, 4.0, 2.0, 2.0, 2.0, 1.0];
/// Portions that there are of each dessert.
pub const PORTIONS: [f64; 5] = [4.0, 2.0, 6.0, 4.0, 4.0];
/// The desserts.
pub const DESSERTS: [&str; 5] = ["merveilleux", "éclair", "chocolate mousse", "bavarois", "carrot cake"];
/// How much each guest likes each dessert, from −2 to 2: guests × desserts.
pub const LIKES: [[f64; 5]; 8] = [
    [2.0, 2.0, 1.0, 0.0, 0.0],
    [0.0, -2.0, -2.0, -2.0, 2.0],
    [1.0, 2.0, 2.0, 2.0, -1.0],
    [2.0, 1.0, 0.0, 1.0, -1.0],
    [0.5, 2.0, 2.0, 1.0, 0.0],
    [0.0, 1.0, 1.0, 1.0, -1.0],
    [-2.0, 2.0, 2.0, 1.0, 1.0],
    [2.0, 1.0, 2.0, 1.0, -1.0],
];

/// The name of the exact plan in the column `plan`; the others are called after their λ.
pub const EXACT: &str = "exact";
/// Iterations of an entropic plan, at most; λ = 10 takes some hundreds.
const ITERATIONS: usize = 100_000;

impl Job for Desserts {
    const KIND: &'static str = "desserts";

    fn reads(&self) -> Reads {
        Reads::Nothing
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        Ok(Cost { seconds: 0.05, bytes: 16 << 20 })
    }

    fn run(&self, _: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let cost: Vec<f64> = LIKES.as_flattened().iter().map(|like| -like).collect();
        let cost = CostMatrix::new(&cost, GUESTS.len(), PORTIONS.len())?;
        let plan = exact(&cost, &GUESTS, &PORTIONS)?;
        let proof = plan.certificate.context("an exact plan has a certificate")?;
        for (metric, value) in [
            ("certificate_gap", proof.gap),
            ("certificate_infeasibility", proof.infeasibility),
            ("certificate_slackness", proof.slackness),
        ] {
            bench.rows.push(metric, value, &[("plan", &EXACT)]);
        }
        measure(&plan, EXACT, bench)?;
        for &lambda in &self.lambdas {
            bench.check_interrupt()?;
            let options =
                Entropic { epsilon: 1.0 / lambda, tolerance: self.tolerance, iterations: ITERATIONS };
            let plan = sinkhorn(&cost, &GUESTS, &PORTIONS, &options)?;
            if let Status::Converged { iterations } = plan.status {
                bench.rows.push("iterations", iterations as f64, &[("plan", &lambda)]);
            }
            measure(&plan, &lambda.to_string(), bench)?;
        }
        Ok(())
    }
}

/// Records a plan: its cost `⟨C, P⟩`, its marginal error, the portions that are disliked and those that are neither liked nor disliked, its distance
/// `½ Σ|P − ab/n|` from a plan that asks nobody, as a share of all portions, and what each guest gets.
fn measure(plan: &Plan, name: &str, bench: &mut Workbench<'_>) -> Result<()> {
    let dense = plan.to_dense();
    let total: f64 = GUESTS.iter().sum();
    let (mut disliked, mut indifferent, mut apart) = (0.0, 0.0, 0.0);
    for (guest, (portions, likes)) in dense.chunks_exact(PORTIONS.len()).zip(&LIKES).enumerate() {
        let mut satisfaction = 0.0;
        for (dessert, (portion, like)) in portions.iter().zip(likes).enumerate() {
            let columns: [(&str, &dyn std::fmt::Display); 3] =
                [("plan", &name), ("guest", &(guest + 1)), ("dessert", &DESSERTS[dessert])];
            bench.rows.push("portions", *portion, &columns);
            satisfaction += portion * like;
            disliked += if *like < 0.0 { *portion } else { 0.0 };
            indifferent += if *like == 0.0 { *portion } else { 0.0 };
            apart += (portion - GUESTS[guest] * PORTIONS[dessert] / total).abs() / 2.0;
        }
        let columns: [(&str, &dyn std::fmt::Display); 2] = [("plan", &name), ("guest", &(guest + 1))];
        bench.rows.push("satisfaction", satisfaction / GUESTS[guest], &columns);
    }
    for (metric, value) in [
        ("cost", plan.cost),
        ("marginal_error", plan.marginal_error(&GUESTS, &PORTIONS)?),
        ("portions_disliked", disliked),
        ("portions_indifferent", indifferent),
        ("distance_to_product", apart / total),
        ("portions_not_whole", dense.iter().map(|x| (x - x.round()).abs()).sum()),
    ] {
        bench.rows.push(metric, value, &[("plan", &name)]);
    }
    Ok(())
}
