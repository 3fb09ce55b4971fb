//! A lesson: two programs under the names A and B, what they give, where to look, and the answer.

use feedforward::NetworkError;
use tensor::Seed;

use crate::shown::{Program, Shown};
use crate::{annealing, labels, momentum};

/// Two programs, one of which is wrong.
pub struct Lesson {
    /// Its number, from 1.
    pub number: usize,
    /// What the programs do.
    pub title: &'static str,
    /// What to look for; says neither which program is wrong nor why.
    pub look: &'static str,
    /// What is wrong, and how the numbers say so.
    pub answer: &'static str,
    /// The file and function with the mistake.
    pub place: &'static str,
    /// The program that stands first, under the name A.
    pub first: Program,
    run: fn(Seed) -> Result<Shown, NetworkError>,
}

impl Lesson {
    /// The lesson of this number.
    pub fn numbered(number: usize) -> Option<&'static Self> {
        LESSONS.iter().find(|lesson| lesson.number == number)
    }

    /// Runs both programs; the same seed gives the same numbers.
    ///
    /// # Errors
    /// If a network cannot be made, which no lesson asks for.
    pub fn run(&self, seed: u64) -> Result<Shown, NetworkError> {
        (self.run)(Seed::new(seed))
    }

    /// The name under which the planted program stands.
    pub fn planted(&self) -> char {
        if self.first == Program::Planted { 'A' } else { 'B' }
    }
}

/// All lessons, in order of their numbers.
pub const LESSONS: &[Lesson] = &[
    Lesson {
        number: 1,
        title: "Two programs estimate a partition function by annealing",
        look: "Annealing estimates a lower bound: on average log Z comes out too small, and the less so the more temperatures there \
               are. Hold both columns against the truth from above, where temperatures are few. On which side of it may an estimate \
               lie, and on which side may a whole interval not?",
        answer: "moves a chain before it takes the factor of the weight, so that the chain has already seen the temperature that the \
                 weight should bring it to. Its intervals lie above the truth where temperatures are few, which no lower bound may do, \
                 and come down to it as they become many: with many temperatures alone the mistake cannot be seen.",
        place: "crates/lessons/src/annealing.rs, planted",
        first: Program::Planted,
        run: |seed| Ok(annealing::lesson(seed)),
    },
    Lesson {
        number: 2,
        title: "Two programs descend with and without momentum",
        look: "Both columns fall, and nothing in one of them alone says that it is wrong. Compare within a column: what should change \
               when momentum goes from 0 to 0.9, and does it, to the last digit?",
        answer: "keeps a velocity and then takes its step along the plain gradient. With momentum 0.9 its losses are those without, digit \
                 for digit, where the other's are lower: a hyperparameter that changes nothing is not connected to anything.",
        place: "crates/lessons/src/momentum.rs, Learner::planted",
        first: Program::Sound,
        run: momentum::lesson,
    },
    Lesson {
        number: 3,
        title: "Two programs learn to read digits",
        look: "Both run through, and both change their weights. What does a network reach that has learnt nothing of how images and labels \
               belong together, in nats and in per cent, and is it inside an interval?",
        answer: "takes images in a new order in every epoch and labels in the order of the file. Its accuracy stays about the tenth that \
                 guessing has and its cross-entropy at ln 10, while the other's leaves both behind in the first epoch.",
        place: "crates/lessons/src/labels.rs, worth",
        first: Program::Planted,
        run: labels::lesson,
    },
];
