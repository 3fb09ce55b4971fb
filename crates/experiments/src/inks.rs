//! What all charts of the project have in common: the kinds of models and starts that have a colour of their own, and a
//! curve of which a recipe says only what is special.

use engine::figures::{Axis, Curve, Inks, Steps};
use report::Mark;

/// In the order of the palette.
const INKS: Inks = Inks(&[
    "pretrained",
    "random",
    "tuned random",
    "pretrained, sigmoid",
    "RBM",
    "DBN",
    "training images",
    "unseen images",
]);

const UNNAMED: Axis<'static> = Axis { label: "", steps: Steps::Linear };

/// Nothing on it: `Curve { file, title, x, y, along, metrics, caption, ..CURVE }` is a chart of one series with markers.
pub const CURVE: Curve<'static> = Curve {
    file: "",
    title: "",
    x: UNNAMED,
    y: UNNAMED,
    only: &[],
    along: "",
    split: "",
    metrics: &[],
    inks: INKS,
    dashed: &[],
    reported: Vec::new(),
    references: Vec::new(),
    mark: Mark::LineMarkers,
    caption: "",
    alt: "",
};
