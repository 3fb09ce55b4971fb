//! Who gets which dessert? `cargo run --release --package transport --example desserts`
#![allow(clippy::print_stdout)]

use transport::{CostMatrix, TransportError, exact};

const GUESTS: [&str; 4] = ["Ada", "Emmy", "Grace", "Sofia"];
const DESSERTS: [&str; 3] = ["merveilleux", "eclair", "carrot cake"];

fn main() -> Result<(), TransportError> {
    let likes = [2.0, 1.0, 0.0, -2.0, 2.0, 1.0, 1.0, 2.0, -1.0, 0.5, 0.0, 2.0]; // a row for each guest
    let cost = likes.map(|like| -like);
    let (appetite, portions) = ([3.0, 2.0, 3.0, 1.0], [4.0, 3.0, 2.0]);
    let plan = exact(&CostMatrix::new(&cost, 4, 3)?, &appetite, &portions)?;
    plan.for_each(|entry| println!("{:6} {} × {}", GUESTS[entry.row], entry.mass, DESSERTS[entry.col]));
    println!("joy {}, and no other way gives more: {:?}", -plan.cost, plan.certificate);
    Ok(())
}
