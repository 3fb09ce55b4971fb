//! The verbs of glyphlab.
fn main() {}
