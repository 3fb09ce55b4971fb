//! Boltzmann learning: contrastive divergence, persistent chains, and the exact gradient, in one trainer.
//!
//! `∂(−log-likelihood) = ∂⟨F⟩_data − ∂⟨F⟩_model` [Hinton2002, eq. 5], and `∂F/∂W = −v⟨h⟩ᵀ`: the three ways differ only
//! in where the states that stand for the model come from. CD starts a short chain at the data and follows the
//! difference of two contrastive divergences only approximately; persistent chains [Tieleman2008] go on from step
//! to step; the exact gradient lists all states of the smaller layer. Hidden states that make a reconstruction are
//! sampled, hidden probabilities enter the gradient [Hinton2010, section 3].
//!
//! Generic over units and rules; plain CD on binary units also has [`crate::binary`], made for the processor.

use tensor::{Matrix, Stream};
use train::{
    Epoch, Fit, Observer, Optimiser, Outcome, Parameters, Snapshot, Tensor, TensorError, Trainee, epochs,
};

use super::input::{InputError, check, means};
use super::negative::Negative;
use super::options::{Learning, VisibleBias};
use super::statistics::Statistics;
use crate::gibbs::VisibleState;
use crate::partition::exact;
use crate::rbm::Rbm;
use crate::units::Units;

/// `∂⟨F⟩_data − ∂⟨F⟩_model` from samples: the whole of Boltzmann learning is this difference.
///
/// `data` and `fantasy` are visible × any number of columns, averaged each over its own. The result is to be
/// descended: it estimates the gradient of the mean negative log-likelihood.
pub fn gradient<V: Units, H: Units>(rbm: &Rbm<V, H>, data: &Matrix, fantasy: &Matrix) -> Rbm<V, H> {
    Statistics::of(data, &rbm.hidden_mean(data))
        .minus(rbm, &Statistics::of(fantasy, &rbm.hidden_mean(fantasy)))
}

/// Trains `rbm` on the columns of `data` (visible × samples). The loop's `loss` is, per sample,
///
/// - for [`Negative::Cd`] the squared error of the last reconstruction, averaged over the visible units;
/// - for [`Negative::Pcd`] the same of the mean-field reconstruction, since its chains reconstruct nothing;
/// - for [`Negative::Exact`] the negative log-likelihood in nats.
///
/// Chains are part of every snapshot.
///
/// # Errors
/// As [`Trainer::new`].
///
/// # Panics
/// As [`Trainer::new`].
pub fn train<V: Units, H: Units>(
    rbm: &mut Rbm<V, H>,
    data: &Matrix,
    learning: &Learning,
    plan: &Fit,
    observer: &mut dyn Observer,
) -> Result<Outcome, InputError> {
    Ok(epochs(&mut Trainer::new(rbm, data, learning)?, data.cols(), plan, observer))
}

/// A machine, its data, and all state of its training.
pub struct Trainer<'a, V, H> {
    rbm: &'a mut Rbm<V, H>,
    data: &'a Matrix,
    learning: Learning,
    optimiser: Optimiser<Rbm<V, H>>,
    chains: Matrix, // visible × chains
}

impl<'a, V: Units, H: Units> Trainer<'a, V, H> {
    /// A trainer at rest, with chains of zeros.
    ///
    /// # Errors
    /// If a value of `data` is none that a visible unit can have ([`Units::range`]); says which and where.
    ///
    /// # Panics
    /// If `data` does not have as many rows as there are visible units, contrastive divergence or persistent chains
    /// make no sweep, or there are no persistent chains to make one; and, for [`Negative::Exact`], as
    /// [`exact::smaller_layer`].
    pub fn new(rbm: &'a mut Rbm<V, H>, data: &'a Matrix, learning: &Learning) -> Result<Self, InputError> {
        let (pixels, units) = (data.rows(), rbm.visible.len());
        assert_eq!(pixels, units, "{pixels} pixels for {units} units");
        if learning.negative == Negative::Exact {
            exact::smaller_layer(rbm);
        }
        let chains = Matrix::zeros(units, learning.negative.chains());
        check(data, &rbm.visible.range())?;
        if learning.start == VisibleBias::FromData {
            rbm.visible.set_means(&means(data), data.cols());
        }
        let optimiser = Optimiser::with(learning.descent, rbm);
        Ok(Self { rbm, data, learning: *learning, optimiser, chains })
    }

    /// The persistent chains as they stand, visible × chains; no columns without [`Negative::Pcd`].
    pub fn chains(&self) -> &Matrix {
        &self.chains
    }

    /// The loss and the gradient on one mini-batch; moves the persistent chains.
    fn gradient(&mut self, data: &Matrix, noise: &mut Stream) -> (f64, Rbm<V, H>) {
        let rbm = &*self.rbm;
        match self.learning.negative {
            Negative::Cd { sweeps } => {
                let h = rbm.hidden_mean(data);
                let fantasy = reconstruct(rbm, data, sweeps, self.learning.visible, noise);
                let model = Statistics::of(&fantasy, &rbm.hidden_mean(&fantasy));
                (mean_squared_error(data, &fantasy), Statistics::of(data, &h).minus(rbm, &model))
            }
            Negative::Pcd { sweeps, .. } => {
                let chains = std::mem::replace(&mut self.chains, Matrix::zeros(0, 0));
                self.chains = rbm.gibbs(chains, sweeps, noise);
                let h = rbm.hidden_mean(data);
                let loss = mean_squared_error(data, &rbm.visible_mean(&h));
                let model = Statistics::of(&self.chains, &rbm.hidden_mean(&self.chains));
                (loss, Statistics::of(data, &h).minus(rbm, &model))
            }
            Negative::Exact => exact::loss_and_gradient(rbm, data),
        }
    }
}

impl<V: Units, H: Units> Trainee for Trainer<'_, V, H> {
    fn begin(&mut self, epoch: Epoch) {
        self.optimiser.epoch = epoch;
    }

    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        let (loss, gradient) = self.gradient(&self.data.gather(batch), noise);
        self.optimiser.step(self.rbm, &gradient);
        loss
    }

    fn non_finite(&self) -> Option<String> {
        self.rbm.first_non_finite()
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(self.rbm, "model");
        tensors.extend(self.optimiser.tensors());
        let shape = vec![self.chains.cols(), self.chains.rows()];
        tensors.push(Tensor::from_f32("chains", shape, self.chains.as_slice().to_vec()));
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        snapshot.write_into(self.rbm, "model")?;
        self.optimiser.restore(snapshot)?;
        let shape = vec![self.chains.cols(), self.chains.rows()];
        snapshot.shaped("chains", &shape)?;
        self.chains.as_mut_slice().copy_from_slice(snapshot.f32s("chains")?);
        Ok(())
    }
}

/// The end of a chain of `sweeps` Gibbs steps, at least one, from the data; hidden states are sampled, visible ones as told.
fn reconstruct<V: Units, H: Units>(
    rbm: &Rbm<V, H>,
    data: &Matrix,
    sweeps: usize,
    state: VisibleState,
    noise: &mut Stream,
) -> Matrix {
    let step = |v: &Matrix, noise: &mut Stream| rbm.visible(&rbm.sample_hidden(v, noise), state, noise);
    (1..sweeps).fold(step(data, noise), |v, _| step(&v, noise))
}

/// The mean of `(a − b)²` over all entries.
fn mean_squared_error(a: &Matrix, b: &Matrix) -> f64 {
    let squares = a.as_slice().iter().zip(b.as_slice()).map(|(a, b)| f64::from(a - b).powi(2));
    squares.sum::<f64>() / a.as_slice().len() as f64
}
