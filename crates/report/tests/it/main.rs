//! What the crate draws, held against what it was given.
