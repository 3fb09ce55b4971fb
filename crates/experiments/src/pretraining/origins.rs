//! Where the hyperparameters of networks on digits come from.

use engine::Origin::{Chosen, Course, Stated};
use engine::{Origin, Origins};

const INITIAL: Origin = Course(
    "batch, rate and epochs are stated in the table; N(0, 0.1²) is the exercise’s and the authors’ code’s",
);
const OWN_CODE: Origin =
    Course("rate, epochs and batch are stated in section 2; weights of variance 0.1 in the authors’ code");
const TUNED: Origin = Chosen("not in the report; searched on held-out training images");
const SIGMOID: Origin = Chosen("the layers were learnt as sigmoid units: what if they stay that");

/// The report on generative models.
macro_rules! by_table {
    ($name:ident, $table:literal, $layers:expr, $units:expr, $images:expr) => {
        pub(super) const $name: Origins = Origins(&[
            ("hidden layers", $layers),
            ("hidden units a layer", $units),
            ("labelled training images", $images),
            ("pretraining", INITIAL),
            ("epochs a layer of pretraining", Stated($table)),
            ("pretrained", Stated(concat!($table, "; the batch of 128 and the output layer are ours"))),
            (
                "random",
                Stated(concat!($table, "; the batch of 128 is ours, the first weights are the exercise’s")),
            ),
            ("pretrained, sigmoid", SIGMOID),
            ("tuned random", TUNED),
        ]);
    };
}

const AXIS: Origin = Chosen("the figure’s axis is not in the text");
const ALL: Origin = Stated("60 000, the training set");

by_table!(TABLE_6, "Table 6", AXIS, Stated("Table 6"), ALL);
by_table!(TABLE_7, "Table 7", Stated("Table 7"), AXIS, ALL);
by_table!(TABLE_8, "Table 8", Chosen("as in Table 7; Table 8 does not say"), Stated("Table 8"), AXIS);

/// The report written from scratch.
macro_rules! by_caption {
    ($name:ident, $caption:literal) => {
        pub(super) const $name: Origins = Origins(&[
            ("hidden layers", Stated($caption)),
            ("hidden units a layer", Stated($caption)),
            ("labelled training images", Stated(concat!($caption, "; which images is ours: the first ones"))),
            ("pretraining", OWN_CODE),
            ("epochs a layer of pretraining", Stated("section 2")),
            (
                "pretrained",
                Stated("section 2; the first weights of the output layer are the authors’ code’s"),
            ),
            ("random", Stated("section 2; the first weights are the authors’ code’s")),
            ("tuned random", TUNED),
        ]);
    };
}

by_caption!(FIGURE_9, "caption of Figure 9");
by_caption!(FIGURE_10, "caption of Figure 10");
by_caption!(FIGURE_11, "caption of Figure 11");
by_caption!(TABLE_1, "Table 1");

/// Our own question.
pub(super) const OURS: Origins = Origins(&[
    ("tuned random", TUNED),
    (
        "denoising stack",
        Chosen(
            "layers and units of the pretrained network, and its descent; how layers learn, as in the record of the stack, whose \
             masking is chosen on held-out training images",
        ),
    ),
    (
        "ladder",
        Chosen(
            "shape, noise, costs, rate and batch are the published ones [Rasmus2015]; 20 epochs of 150, so that twelve ladders \
             take no longer than all else here, with the rate falling over the last third as published",
        ),
    ),
]);
