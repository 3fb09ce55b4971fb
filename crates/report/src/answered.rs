//! Questions with the answers of a run: those that people come with, those that a class is asked, and what readers try for themselves.

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

/// A page on which readers try something for themselves. It is not written here, and may not be there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tried {
    /// Its heading.
    pub title: String,
    /// What one can do there, in a sentence or two.
    pub about: String,
    /// The name of its file, beside the other pages.
    pub file: String,
    /// Whether it is there.
    pub is_there: bool,
    /// The command that makes it.
    pub command: String,
}
