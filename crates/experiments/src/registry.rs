//! Every experiment there is, in the order of the page.

use crate::claim::Claim;
use crate::experiment::{Experiment, Report};
use crate::profile::Scaled;
use crate::recipes::{Recipe, Toy};
use crate::rows::pick;

/// The catalogue.
pub static REGISTRY: &[Experiment] = &[Experiment {
    id: "toy-lines",
    protocol: "ours",
    report: Report::Ours,
    title: "Lines of several lengths",
    reproduces: "nothing: the engine's own example",
    question: "Does a line of four numbers end longer than one of two?",
    seed: 1,
    repeats: Scaled::new(2, 2, 3),
    recipe: Recipe::Toy(Toy { sizes: &[1, 2, 4, 8], epochs: Scaled::new(20, 200, 2000), fault: None }),
    artefacts: &["lines.csv"],
    claims: &[Claim {
        says: "Longer lines have a larger norm.",
        reported: "√n",
        test: |evidence| evidence.above(pick("norm", &[("model", "4")]), pick("norm", &[("model", "2")])),
    }],
}];
