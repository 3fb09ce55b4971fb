//! What the benchmark's own arithmetic must get right; nothing here looks at how fast anything is.

mod comparing;
mod measuring;
mod readings;
