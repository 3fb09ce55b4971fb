//! The planted mistakes show in the numbers that lessons print, and the sound programs show none.

#![allow(clippy::unwrap_used)] // In helpers of tests as in tests.

mod answers;
mod planted;
