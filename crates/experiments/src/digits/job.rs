//! Transport between classes of digits. An image in black and white is a point of ℝ⁷⁸⁴; see [`crate::greedy::Score`].

use anyhow::Result;
use engine::Workbench;
use serde::{Deserialize, Serialize};

use crate::data::{Data, Reads};
use crate::greedy::{distance, lit, points};
use crate::job::{Cost, Job};

/// Exact distances between all classes of held-out digits, and between two halves of each class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassDistances {
    /// Images of each class, at most half of what the smallest has; of the stand-in those that there are.
    pub images: usize,
}

impl Job for ClassDistances {
    const KIND: &'static str = "class-distances";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, data: &Data) -> Result<Cost> {
        let digits = data.digits()?;
        let pixels = digits.train.features() as f64;
        let pairs = self.images.min(digits.test.len() / 20) as f64;
        Ok(Cost {
            seconds: 55.0 * pairs * pairs * (pixels * 1.0e-9 + 1e-7) + 0.05,
            bytes: (96 << 20) + (pairs * (pairs + 4.0 * pixels) * 8.0) as u64,
        })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let classes: Vec<Vec<usize>> = (0..10).map(|class| digits.test.of_classes(&[class])).collect();
        let smallest = classes.iter().map(Vec::len).min().unwrap_or(0);
        let n = digits.amount("class-images", self.images, smallest / 2)?;
        bench.rows.push("images_a_class", n as f64, &[]);
        let pixels = digits.test.features();
        let side = |class: usize, half: usize| {
            let chosen = &classes[class][half * n..(half + 1) * n];
            points(&lit(&digits.test, chosen))
        };
        for from in 0..10 {
            let first = side(from, 0);
            for to in from..10 {
                bench.check_interrupt()?;
                bench.say(&format!("digits {from} and {to}"));
                let (cost, gap) = distance(&first, &side(to, 1), pixels, bench)?;
                let columns: [(&str, &dyn std::fmt::Display); 2] = [("from", &from), ("to", &to)];
                bench.rows.push("pixels", cost, &columns);
                bench.rows.push("wasserstein", cost.sqrt(), &columns);
                bench.rows.push("certificate_gap", gap, &columns);
            }
        }
        Ok(())
    }
}
