//! Where the values of the report's autoencoders come from.

use engine::Origin::{Chosen, Stated};
use engine::Origins;

pub(super) const ORIGINS: Origins = Origins(&[
    ("hidden units", Stated("part B 1")),
    ("images of the layers", Stated("part B 1, “all the dataset”")),
    ("epochs a layer", Stated("part B 1")),
    ("batch size", Stated("part B 1")),
    ("learning rate", Stated("part B 1")),
    ("momentum", Stated("part B 3, where layers have any")),
    (
        "masking",
        Stated(
            "part B 1, “a binomial distribution with a probability of 0.1”; that this is the share removed is ours",
        ),
    ),
    ("sparsity", Stated("part B 3")),
    (
        "first weights",
        Chosen(
            "the report is silent; Glorot’s bound, four times as wide for sigmoid units, whose slope is a quarter of tanh’s",
        ),
    ),
    (
        "epochs of the networks",
        Chosen("part B does not say; those of part A 1, beside which the report draws them"),
    ),
    (
        "images of the networks",
        Stated(
            "parts A 2 and B 2: the whole set, or 12 000 and 2000 for testing; which ones is ours: the first",
        ),
    ),
    ("pretrained", Chosen("the report is silent on fine-tuning; rate and batch of the layers")),
    ("random", Chosen("the same as the pretrained network")),
    ("pretrained, sparse", Stated("part B 3, the momentum; rate and batch are ours: those of the layers")),
    ("CNN, SGD", Stated("part A 1")),
    ("CNN, momentum", Stated("part A 2")),
    ("CNN, RMSProp", Stated("part A 3")),
]);
