//! Where the letters' hyperparameters come from.

use engine::Origin::{Chosen, Course, Stated};
use engine::{Origin, Origins};

/// The exercise of the course that both reports answer.
const EXERCISE: Origin = Course("the course’s exercise asks for a centred normal law of variance 0.01");
const OWN_CODE: Origin = Course("the authors’ code draws weights of variance 0.1");
const STATES: Origin = Course("the authors’ code");
const SAMPLES: Origin = Chosen("the report judges by eye");

/// The report on generative models: figures 1 to 4, by their text.
pub(super) const BY_TEXT: Origins = Origins(&[
    ("characters", Stated("text")),
    ("layers", Stated("text")),
    ("hidden units a layer", Stated("text")),
    ("batch size", Chosen("as Tables 1 to 5 have it; the text does not say")),
    ("learning rate", Chosen("as Tables 1 to 5 have it; the text does not say")),
    ("initial weights N(0, σ²): σ", EXERCISE),
    ("initial biases", Stated("section “Implementation”")),
    ("epochs a layer", Stated("text, but for Figures 1 and 2, where it is that of Figure 3")),
    ("Gibbs steps", Stated("section “Generation”")),
    ("samples scored", SAMPLES),
    ("training", STATES),
]);

/// The report on generative models: what one of its tables states.
macro_rules! by_table {
    ($name:ident, $table:literal, $characters:expr, $layers:expr, $hidden:expr, $epochs:expr) => {
        pub(super) const $name: Origins = Origins(&[
            ("characters", $characters),
            ("layers", $layers),
            ("hidden units a layer", $hidden),
            ("batch size", Stated($table)),
            ("learning rate", Stated($table)),
            ("initial weights N(0, σ²): σ", EXERCISE),
            ("initial biases", Stated("section “Implementation”")),
            ("epochs a layer", $epochs),
            ("Gibbs steps", Stated("text over Figures 3 and 9; the tables’ one step is that of CD-1")),
            ("samples scored", SAMPLES),
            ("training", STATES),
        ]);
    };
}

const FIRST: Origin = Chosen("the first classes in order");

by_table!(TABLE_1, "Table 1", FIRST, Stated("one RBM"), Stated("Table 1"), Stated("Table 1"));
by_table!(
    TABLE_2,
    "Table 2",
    Stated("20 by the text, 10 by Table 2: both are run"),
    Stated("one RBM"),
    Stated("Table 2"),
    Chosen("the figure’s axis is not in the text")
);
by_table!(
    TABLE_3,
    "Table 3",
    Stated("5 to 15, in the text"),
    Stated("Table 3"),
    Stated("Table 3"),
    Stated("Table 3")
);
by_table!(
    TABLE_4,
    "Table 4",
    Stated("10, in Table 4"),
    Chosen("3 and 5 are named; the figure’s axis is not in the text"),
    Stated("Table 4"),
    Stated("Table 4")
);
by_table!(
    TABLE_5,
    "Table 5",
    Stated("10, in Table 5"),
    Stated("Table 5"),
    Chosen("the figure’s axis is not in the text"),
    Stated("Table 5")
);

/// The report written from scratch: what the caption of a figure states.
macro_rules! by_caption {
    ($name:ident, $caption:literal) => {
        pub(super) const $name: Origins = Origins(&[
            ("characters", Stated($caption)),
            ("layers", Stated($caption)),
            ("hidden units a layer", Stated($caption)),
            ("batch size", Stated($caption)),
            ("learning rate", Stated($caption)),
            ("initial weights N(0, σ²): σ", OWN_CODE),
            ("initial biases", Course("zero in the authors’ code and in the exercise")),
            ("epochs a layer", Stated($caption)),
            ("Gibbs steps", Stated($caption)),
            ("samples scored", SAMPLES),
            ("training", STATES),
        ]);
    };
}

by_caption!(FIGURE_2, "caption of Figure 2");
by_caption!(FIGURE_3, "caption of Figure 3");
by_caption!(FIGURE_4, "caption of Figure 4");
by_caption!(FIGURE_5, "caption of Figure 5");
by_caption!(FIGURE_6, "caption of Figure 6");
by_caption!(FIGURE_7, "caption of Figure 7");
