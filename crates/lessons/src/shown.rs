//! What both programs of a lesson give.

/// Which of the two programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// As it should be.
    Sound,
    /// With the mistake.
    Planted,
}

/// What both programs give at one place, as text with as many digits as mean something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Where: "30 temperatures".
    pub at: String,
    /// Of the sound program.
    pub sound: String,
    /// Of the planted one.
    pub planted: String,
}

/// What a lesson shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What was measured, with its unit.
    pub what: String,
    /// What is known otherwise, to hold the numbers against.
    pub truth: String,
    /// The numbers.
    pub readings: Vec<Reading>,
}
