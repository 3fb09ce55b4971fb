//! Questions with the answers of a run: those that people come with, and those that a class is asked.

/// A question with the answer of this run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answered {
    /// "Does pretraining help?"
    pub asks: String,
    /// What the rows say.
    pub answer: String,
    /// The section that has them: its id and protocol.
    pub section: (String, String),
    /// The name of the figure that shows it.
    pub figure: String,
}

/// An exercise of a class: something to run, a figure that should come out, and a question whose answer is folded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exercise {
    /// Its heading.
    pub title: String,
    /// What to do, in a sentence or two.
    pub task: String,
    /// The number of the lesson with a planted bug that belongs to it, and what its programs do.
    pub lesson: Option<(usize, String)>,
    /// The question with the answer of this run, its section and its figure.
    pub answered: Answered,
}
