//! Desserts shared out among guests so that joy is greatest: a transport problem with a proof.
//!
//! Gives the joy of the best plan, which costs minus as much.

use std::error::Error;

use transport::{CostMatrix, Entropic, exact, sinkhorn};

pub fn run() -> Result<f64, Box<dyn Error>> {
    let likes = [
        [2.0, 1.0, 0.0], // a row for each guest, a column for each dessert
        [-2.0, 2.0, 1.0],
        [1.0, 2.0, -1.0],
        [0.5, 0.0, 2.0],
    ];
    let cost: Vec<f64> = likes.iter().flatten().map(|like| -like).collect();
    let cost = CostMatrix::new(&cost, 4, 3)?;
    let (appetite, portions) = ([3.0, 2.0, 3.0, 1.0], [4.0, 3.0, 2.0]);
    let best = exact(&cost, &appetite, &portions)?;
    let blurred = sinkhorn(&cost, &appetite, &portions, &Entropic::new(1.0))?; // λ = 1/ε = 1
    assert!(blurred.cost >= best.cost, "no plan is cheaper than the exact one");
    Ok(-best.cost)
}
