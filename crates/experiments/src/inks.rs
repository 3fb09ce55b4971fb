//! The kinds of models and starts that have a colour of their own in every chart of the project.

use engine::figures::Inks;

/// In the order of the palette.
pub const INKS: Inks = Inks(&[
    "pretrained",
    "random",
    "tuned random",
    "pretrained, sigmoid",
    "RBM",
    "DBN",
    "training images",
    "unseen images",
]);
