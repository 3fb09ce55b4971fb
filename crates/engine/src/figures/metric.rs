//! A metric: what a number in the rows is called, in which unit and with how many decimals a reader sees it.

use report::Spread;

use crate::evidence::{Evidence, pick};
use crate::figures::place::{Place, at};

/// Which way is better, said on the axis of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// The smaller the better.
    Lower,
    /// The larger the better.
    Higher,
    /// Neither.
    Neither,
}

impl Better {
    /// What stands behind the label of an axis.
    pub fn words(self) -> &'static str {
        match self {
            Self::Lower => " (lower is better)",
            Self::Higher => " (higher is better)",
            Self::Neither => "",
        }
    }
}

/// A metric of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name in the rows: "error_last".
    pub name: &'static str,
    /// What a reader sees: "test error after the last epoch".
    pub heading: &'static str,
    /// Its unit; empty if it has none. A share with the unit "%" is shown as so many hundredths.
    pub unit: &'static str,
    /// Which way is better.
    pub better: Better,
    /// Decimals, where all numbers of a column have as many; by significant digits if not given.
    pub decimals: Option<u8>,
    /// What is said of values that the axis is broken off before: "did not learn". Empty for no special word.
    pub beyond: &'static str,
}

impl Metric {
    /// A metric without unit and with significant digits.
    pub const fn new(name: &'static str, heading: &'static str, better: Better) -> Self {
        Self { name, heading, unit: "", better, decimals: None, beyond: "" }
    }

    /// A share, shown in per cent with two decimals.
    pub const fn percent(name: &'static str, heading: &'static str, better: Better) -> Self {
        Self::new(name, heading, better).unit("%").decimals(2)
    }

    /// The same with so many decimals.
    pub const fn decimals(self, decimals: u8) -> Self {
        Self { decimals: Some(decimals), ..self }
    }

    /// The same with a unit.
    pub const fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    /// The same with a word for values that the axis is broken off before.
    pub const fn beyond(self, beyond: &'static str) -> Self {
        Self { beyond, ..self }
    }

    /// What a value of the rows is multiplied by before it is shown.
    pub fn factor(&self) -> f64 {
        if self.unit == "%" { 100.0 } else { 1.0 }
    }

    /// What was measured at a place, over all seeds; of one seed with its interval, where the rows have one under
    /// `NAME_low` and `NAME_high`. None where nothing was measured.
    pub fn spread(&self, evidence: &Evidence, place: &Place) -> Option<Spread> {
        let (at, factor) = (at(place), self.factor());
        let values = |name: &str| -> Vec<f64> {
            evidence.values(pick(name, &at)).into_iter().map(|x| factor * x).collect()
        };
        let own = values(self.name);
        let [low, high] = ["low", "high"].map(|end| values(&format!("{}_{end}", self.name)));
        match (&own[..], &low[..], &high[..]) {
            ([value], [low], [high]) => Some(Spread::interval(*value, *low, *high)),
            _ => Spread::of(&own),
        }
    }

    /// The same as text; `–` where nothing was measured.
    pub fn text(&self, evidence: &Evidence, place: &Place) -> String {
        self.shown(self.spread(evidence, place))
    }

    /// What was measured, as text; `–` for nothing.
    pub fn shown(&self, measured: Option<Spread>) -> String {
        let decimals = self.decimals.map(usize::from);
        measured.map_or_else(|| "–".to_owned(), |spread| spread.text(decimals))
    }
}
