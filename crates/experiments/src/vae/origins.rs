//! Where the values of the report's autoencoder come from.

use engine::Origin::{Chosen, Stated};
use engine::Origins;

pub(super) const ORIGINS: Origins = Origins(&[
    ("hidden units", Stated("Table 11; the decoder mirrors the encoder")),
    ("latent variables", Stated("Table 11, the last of its hidden sizes")),
    (
        "batch normalisation",
        Chosen(
            "of every layer but the last, both heads among them: Table 11’s 1 074 980 parameters are the 1 068 820 of the plain network \
             and four numbers for each of 1540 normalised units",
        ),
    ),
    ("non-linearity", Stated("Table 11")),
    ("learning rate", Stated("Table 11, Adam’s")),
    ("batch size", Stated("Table 11")),
    ("epochs", Stated("Table 11")),
    ("training images", Stated("section “Bonus: visual comparison”, 60 000")),
    ("law of pixels", Chosen("the report is silent; the usual one")),
    ("first weights", Chosen("the report is silent; uniform within 1/√(fan-in), biases too")),
    ("pictures drawn", Chosen("")),
    ("importance samples", Chosen("as many as are published")),
]);
