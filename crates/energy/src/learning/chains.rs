//! Chains that live on from update to update: persistent ones, on fast weights, and at several temperatures.

use tensor::{Matrix, Stream};
use train::{Parameters, Snapshot, Tensor, TensorError};

use super::negative::Negative;
use super::tempering::Tempering;
use crate::rbm::Rbm;
use crate::units::Units;

/// What is left of the fast weights after an update [Tieleman2009].
const KEPT: f32 = 19.0 / 20.0;

/// The chains of one training.
pub(crate) enum Chains<V, H> {
    /// None: the negative phase begins at the data, or lists states.
    None,
    /// Visible states, visible × chains.
    Persistent(Matrix),
    /// The same, and weights that the chains add to the machine's.
    Fast { states: Matrix, fast: Rbm<V, H>, rate: f32 },
    /// States at several temperatures.
    Tempered(Tempering),
}

impl<V: Units, H: Units> Chains<V, H> {
    /// Chains of zeros, as the negative phase wants them.
    pub fn new(rbm: &Rbm<V, H>, negative: Negative) -> Self {
        let counts = negative.counts();
        let zeros = || Matrix::zeros(rbm.visible.len(), counts.chains);
        match negative {
            Negative::Cd { .. } | Negative::Exact => Self::None,
            Negative::Pcd { .. } => Self::Persistent(zeros()),
            Negative::Fpcd { fast_rate, .. } => {
                Self::Fast { states: zeros(), fast: rbm.zeros_like(), rate: fast_rate }
            }
            Negative::Tempered { temperatures, .. } => {
                Self::Tempered(Tempering::new(rbm.visible.len(), counts.chains, temperatures))
            }
        }
    }

    /// The states that stand for the model; no columns where there are no chains.
    pub fn states(&self) -> Option<&Matrix> {
        match self {
            Self::None => None,
            Self::Persistent(states) | Self::Fast { states, .. } => Some(states),
            Self::Tempered(tempering) => Some(tempering.states()),
        }
    }

    /// Moves the chains by so many Gibbs steps.
    pub fn run(&mut self, rbm: &Rbm<V, H>, sweeps: usize, noise: &mut Stream) {
        match self {
            Self::None => {}
            Self::Persistent(states) => *states = rbm.gibbs(taken(states), sweeps, noise),
            Self::Fast { states, fast, .. } => {
                let mut both = rbm.clone();
                both.axpy(1.0, fast);
                *states = both.gibbs(taken(states), sweeps, noise);
            }
            Self::Tempered(tempering) => tempering.run(rbm, sweeps, noise),
        }
    }

    /// Lets the fast weights learn and forget.
    pub fn learn(&mut self, gradient: &Rbm<V, H>) {
        if let Self::Fast { fast, rate, .. } = self {
            for param in fast.params_mut() {
                param.values.iter_mut().for_each(|x| *x *= KEPT);
            }
            fast.axpy(-*rate, gradient);
        }
    }

    /// All of it, for a snapshot.
    pub fn tensors(&self, visible: usize) -> Vec<Tensor> {
        let of = |name: &str, states: &Matrix| {
            Tensor::from_f32(name, vec![states.cols(), states.rows()], states.as_slice().to_vec())
        };
        match self {
            Self::None => vec![of("chains", &Matrix::zeros(visible, 0))],
            Self::Persistent(states) => vec![of("chains", states)],
            Self::Fast { states, fast, .. } => {
                let mut tensors = Tensor::list(fast, "fast");
                tensors.push(of("chains", states));
                tensors
            }
            Self::Tempered(tempering) => {
                let all = tempering.all().iter().enumerate();
                all.map(|(place, states)| of(&format!("chains.{place}"), states)).collect()
            }
        }
    }

    /// Takes over what [`Chains::tensors`] wrote.
    ///
    /// # Errors
    /// If something is missing or of another shape.
    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        let into = |name: &str, states: &mut Matrix| -> Result<(), TensorError> {
            snapshot.shaped(name, &[states.cols(), states.rows()])?;
            states.as_mut_slice().copy_from_slice(snapshot.f32s(name)?);
            Ok(())
        };
        match self {
            Self::None => Ok(()),
            Self::Persistent(states) => into("chains", states),
            Self::Fast { states, fast, .. } => {
                snapshot.write_into(fast, "fast")?;
                into("chains", states)
            }
            Self::Tempered(tempering) => {
                let mut all = tempering.all_mut().iter_mut().enumerate();
                all.try_for_each(|(place, states)| into(&format!("chains.{place}"), states))
            }
        }
    }
}

fn taken(states: &mut Matrix) -> Matrix {
    std::mem::replace(states, Matrix::zeros(0, 0))
}
