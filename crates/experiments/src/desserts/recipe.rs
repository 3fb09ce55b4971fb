//! The recipe of desserts for guests: the exact plan beside entropic ones.

use anyhow::Result;
use engine::hyper::POSITIVE;
use engine::rows::READING;
use engine::{Hyper, Hypers, Origin, Origins, Settings};

use super::draw;
use super::job::Desserts;
use crate::recipe::{Drawing, Planning, Recipe};

/// The exact plan beside entropic ones.
#[derive(Debug)]
pub struct Portions {
    /// 1/ε of the entropic plans.
    pub lambdas: &'static [f64],
    /// A larger one, of another reading.
    pub larger: f64,
    /// The marginal error, as a share of all portions, at which they have converged.
    pub tolerance: f64,
}

const LAMBDA: Hyper<f64> = Hyper { key: "lambda", says: "λ = 1/ε", unit: "λ", range: POSITIVE };
const TOLERANCE: Hyper<f64> =
    Hyper { key: "tolerance", says: "tolerance of marginals", unit: "tolerance", range: POSITIVE };

impl Portions {
    /// One λ set by hand stands for all of them.
    fn lambdas(&self, settings: &Settings) -> Result<Vec<f64>> {
        if settings.text(LAMBDA.key).is_none() {
            return Ok(self.lambdas.to_vec());
        }
        Ok(vec![LAMBDA.of(settings, 1.0)?])
    }

    fn larger_name(&self) -> String {
        format!("a big λ of {}", self.larger)
    }

    fn tolerance(&self, settings: &Settings) -> Result<f64> {
        TOLERANCE.of(settings, self.tolerance)
    }
}

/// Where the values come from.
const ORIGINS: Origins = Origins(&[
    (
        "guests, desserts, portions",
        Origin::Course("a public script that solves the same example [Stock2017]"),
    ),
    ("cost of a portion", Origin::Course("the same script")),
    ("λ = 1/ε", Origin::Chosen("the report has a large and a small one, without numbers")),
    ("other readings", Origin::Chosen("how big is big is not said")),
]);

impl Recipe for Portions {
    fn hypers(&self, settings: &Settings) -> Hypers {
        let mut hypers = Hypers::new(ORIGINS);
        hypers.keys.extend([LAMBDA.key, TOLERANCE.key]);
        let lambdas = self.lambdas(settings).unwrap_or_default();
        let lambdas: Vec<String> = lambdas.iter().map(f64::to_string).collect();
        hypers.fact("guests, desserts, portions", "8, 5, 20");
        hypers.fact("cost of a portion", "the guest's negated preference");
        hypers.fact(LAMBDA.says, &lambdas.join(", "));
        hypers.fact(TOLERANCE.says, &format!("{:e}", self.tolerance(settings).unwrap_or_default()));
        if settings.most_read() > 0 {
            hypers.fact("other readings", &self.larger_name());
        }
        hypers
    }

    fn plan(&self, planning: &mut Planning<'_>) -> Result<()> {
        let (lambdas, tolerance) = (self.lambdas(planning.settings)?, self.tolerance(planning.settings)?);
        let key = planning.add("desserts for eight guests", Desserts { lambdas, tolerance }, &[])?;
        planning.name(&key, draw::PLANS, &[]);
        if planning.settings.most_read() > 0 {
            let (reading, lambdas) = (self.larger_name(), vec![self.larger]);
            let label = format!("desserts for eight guests, {reading}");
            let key = planning.add(label, Desserts { lambdas, tolerance }, &[])?;
            planning.name(&key, draw::PLANS, &[(READING, &reading)]);
        }
        Ok(())
    }

    fn draw(&self, drawing: &mut Drawing<'_>) -> Result<()> {
        draw::draw(drawing)
    }
}
