//! Annealed importance sampling: partition functions of models too large to list [Neal2001, Salakhutdinov2008].
//!
//! A chain begins with a draw from the base. At every temperature its weight is multiplied with
//! `p*_{k+1}(x) / p*_k(x)` **at the state drawn so far**, and only then the chain moves, by a transition that keeps
//! `p_{k+1}`. In this order, and in no other, the expected weight is exactly `Z₁ / Z₀` for any number of temperatures: a
//! program that moves first overestimates. The logarithm of a mean of weights lies below the truth on average, by Jensen's
//! inequality: forward chains give a lower bound in that sense. Chains that begin in states of the model and go the other way
//! have the expected weight `Z₀ / Z₁`, and bound `log Z` from above: as far as their first states are the model's own, which
//! [`super::gates::drift`] looks at.

use std::fmt;

use tensor::Stream;

use super::annealed::Annealed;

/// Inverse temperatures `0 = β₀ < β₁ < … < 1`.
#[derive(Clone, Debug, PartialEq)]
pub struct Ladder(Vec<f64>);

/// What is wrong with a list of temperatures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LadderError {
    /// Fewer than two, or other ends than 0 and 1.
    Ends,
    /// One that does not lie above the one before.
    NotRising {
        /// Its place, from 0.
        place: usize,
        /// The one before.
        before: f64,
        /// Itself.
        found: f64,
    },
}

impl fmt::Display for LadderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ends => write!(f, "temperatures: expected a list from 0 to 1"),
            Self::NotRising { place, before, found } => {
                write!(f, "temperature {place}: expected more than {before}, the one before, found {found}")
            }
        }
    }
}

impl std::error::Error for LadderError {}

impl Ladder {
    /// These temperatures.
    ///
    /// # Errors
    /// If they do not rise strictly from 0 to 1.
    pub fn new(betas: Vec<f64>) -> Result<Self, LadderError> {
        if betas.len() < 2 || betas[0] != 0.0 || betas[betas.len() - 1] != 1.0 {
            return Err(LadderError::Ends);
        }
        let rises = |pair: &[f64]| pair[0] < pair[1];
        match betas.windows(2).position(|pair| !rises(pair)) {
            Some(at) => {
                Err(LadderError::NotRising { place: at + 1, before: betas[at], found: betas[at + 1] })
            }
            None => Ok(Self(betas)),
        }
    }

    /// So many steps of the same size.
    ///
    /// # Panics
    /// If there is none.
    pub fn linear(steps: usize) -> Self {
        assert!(steps > 0, "a ladder of no steps");
        Self((0..=steps).map(|k| k as f64 / steps as f64).collect())
    }

    /// Steps that get smaller towards the model, where distributions change most: shares of 500 to 4000 to 10 000 on the
    /// thirds up to 0.5, 0.9 and 1 [Salakhutdinov2008], `steps` in all.
    ///
    /// # Panics
    /// If there are fewer than three.
    pub fn graded(steps: usize) -> Self {
        assert!(steps >= 3, "a graded ladder of {steps} steps, expected at least 3");
        let first = (steps * 500 / 14_500).max(1);
        let second = (steps * 4000 / 14_500).max(1);
        let mut betas = Vec::with_capacity(steps + 1);
        for (from, to, n) in [(0.0, 0.5, first), (0.5, 0.9, second), (0.9, 1.0, steps - first - second)] {
            betas.extend((0..n).map(|k| from + (to - from) * k as f64 / n as f64));
        }
        betas.push(1.0);
        Self(betas)
    }

    /// The temperatures.
    pub fn betas(&self) -> &[f64] {
        &self.0
    }

    /// How many steps there are between them.
    pub fn steps(&self) -> usize {
        self.0.len() - 1
    }
}

/// The logarithm of each chain's weight, and where the chains ended.
#[derive(Clone, Debug)]
pub struct Walk<C> {
    /// `log w`, one a chain.
    pub log_weights: Vec<f64>,
    /// The chains after their last step.
    pub chains: C,
}

/// From the base to the model: `E[w] = Z₁ / Z₀`. `each` hears how many steps are done, and may stop the walk.
///
/// # Errors
/// If `each` stops it.
///
/// # Panics
/// If there is no chain.
pub fn forward<A: Annealed, E>(
    model: &A,
    ladder: &Ladder,
    chains: usize,
    noise: &mut Stream,
    each: &mut dyn FnMut(usize) -> Result<(), E>,
) -> Result<Walk<A::Chains>, E> {
    assert!(chains > 0, "annealing needs at least one chain");
    let start = model.base(chains, noise);
    walk(model, ladder.betas().iter().copied(), start, noise, each)
}

/// From states of the model back to the base: `E[w] = Z₀ / Z₁` if `start` are independent states of the model. `each` hears
/// how many steps are done, and may stop the walk.
///
/// # Errors
/// If `each` stops it.
///
/// # Panics
/// If there is no chain.
pub fn reverse<A: Annealed, E>(
    model: &A,
    ladder: &Ladder,
    start: A::Chains,
    noise: &mut Stream,
    each: &mut dyn FnMut(usize) -> Result<(), E>,
) -> Result<Walk<A::Chains>, E> {
    walk(model, ladder.betas().iter().rev().copied(), start, noise, each)
}

fn walk<A: Annealed, E>(
    model: &A,
    mut betas: impl ExactSizeIterator<Item = f64>,
    mut chains: A::Chains,
    noise: &mut Stream,
    each: &mut dyn FnMut(usize) -> Result<(), E>,
) -> Result<Walk<A::Chains>, E> {
    let mut at = betas.next().expect("a ladder has temperatures");
    let steps = betas.len();
    let mut log_weights: Vec<f64> = Vec::new();
    for (done, next) in betas.enumerate() {
        each(done)?;
        let changes = model.log_weights(&chains, at, next);
        assert!(!changes.is_empty(), "annealing needs at least one chain");
        log_weights.resize(changes.len(), 0.0);
        log_weights.iter_mut().zip(changes).for_each(|(sum, change)| *sum += change);
        // At the last temperature there is no weight left to take.
        if done + 1 < steps {
            model.sweep(&mut chains, next, noise);
        }
        at = next;
    }
    Ok(Walk { log_weights, chains })
}
