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

use super::centring::{Offsets, flat, set};
use super::chains::Chains;
use super::input::{InputError, check, means};
use super::negative::Negative;
use super::options::{Learning, Sparsity, VisibleBias};
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
/// - for persistent chains of all kinds the same of the mean-field reconstruction, since its chains reconstruct nothing;
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
    chains: Chains<V, H>,
    /// Of centred units.
    offsets: Option<Offsets>,
    /// Each hidden unit's running mean activity, where one is wanted.
    activity: Option<Vec<f32>>,
    epoch: usize,
}

impl<'a, V: Units, H: Units> Trainer<'a, V, H> {
    /// A trainer at rest, with chains of zeros.
    ///
    /// # Errors
    /// If a value of `data` is none that a visible unit can have ([`Units::range`]); says which and where.
    ///
    /// # Panics
    /// If `data` does not have as many rows as there are visible units, contrastive divergence or persistent chains
    /// make no sweep, there are no persistent chains to make one or fewer than two temperatures to temper with, or the momentum
    /// of the first epochs is to change in a rule that has none; and, for [`Negative::Exact`], as [`exact::smaller_layer`].
    pub fn new(rbm: &'a mut Rbm<V, H>, data: &'a Matrix, learning: &Learning) -> Result<Self, InputError> {
        let (pixels, units) = (data.rows(), rbm.visible.len());
        assert_eq!(pixels, units, "{pixels} pixels for {units} units");
        if learning.negative == Negative::Exact {
            exact::smaller_layer(rbm);
        }
        let chains = Chains::new(rbm, learning.negative);
        learning.check_warm_up();
        check(data, &rbm.visible.range())?;
        if learning.start == VisibleBias::FromData {
            rbm.visible.set_means(&means(data), data.cols());
        }
        let optimiser = Optimiser::with(learning.descent, rbm);
        let offsets = learning.centred.then(|| Offsets::new(rbm, &means(data)));
        let activity = learning.sparsity.map(|sparsity| vec![sparsity.target; rbm.hidden.len()]);
        Ok(Self { rbm, data, learning: *learning, optimiser, chains, offsets, activity, epoch: 0 })
    }

    /// The persistent chains that stand for the model, visible × chains; none for a negative phase that keeps none.
    pub fn chains(&self) -> Option<&Matrix> {
        self.chains.states()
    }

    /// The machine as it stands.
    pub fn rbm(&self) -> &Rbm<V, H> {
        self.rbm
    }

    /// The loss and the gradient on one mini-batch; moves the persistent chains.
    fn gradient(&mut self, data: &Matrix, noise: &mut Stream) -> (f64, Rbm<V, H>) {
        let rbm = &*self.rbm;
        let sweeps = self.learning.sweeps_in(self.learning.negative.counts().sweeps, self.epoch);
        if self.learning.negative == Negative::Exact {
            let (loss, mut gradient) = exact::loss_and_gradient(rbm, data);
            if self.offsets.is_some() || self.activity.is_some() {
                self.shape(data, &self.rbm.hidden_mean(data), &mut gradient);
            }
            return (loss, gradient);
        }
        let h = rbm.hidden_mean(data);
        self.chains.run(rbm, sweeps, noise);
        let (loss, model) = match self.chains.states() {
            None => {
                let fantasy = reconstruct(rbm, data, sweeps, self.learning.visible, noise);
                (data.mean_squared_difference(&fantasy), Statistics::of(&fantasy, &rbm.hidden_mean(&fantasy)))
            }
            Some(chains) => {
                let loss = data.mean_squared_difference(&rbm.visible_mean(&h));
                (loss, Statistics::of(chains, &rbm.hidden_mean(chains)))
            }
        };
        let mut gradient = Statistics::of(data, &h).minus(rbm, &model);
        self.chains.learn(&gradient);
        self.shape(data, &h, &mut gradient);
        (loss, gradient)
    }

    /// What is asked of the gradient beside the likelihood: centring, and a pull on the hidden units' activity.
    fn shape(&mut self, data: &Matrix, h: &Matrix, gradient: &mut Rbm<V, H>) {
        if let Some(offsets) = &mut self.offsets {
            offsets.follow(h);
            offsets.centre(gradient);
        }
        if let (Some(activity), Some(sparsity)) = (&mut self.activity, self.learning.sparsity) {
            pull(activity, sparsity, data, h, gradient);
        }
    }
}

/// Adds `cost · (q − target)` to the gradient of each hidden unit's input, and so that times the mean image to its weights.
fn pull<V: Units, H: Units>(
    activity: &mut [f32],
    Sparsity { target, cost, memory }: Sparsity,
    data: &Matrix,
    h: &Matrix,
    gradient: &mut Rbm<V, H>,
) {
    let count = h.cols() as f32;
    activity
        .iter_mut()
        .zip(h.sum_columns())
        .for_each(|(q, sum)| *q = memory * *q + (1.0 - memory) * sum / count);
    let pulls: Vec<f32> = activity.iter().map(|q| cost * (q - target)).collect();
    let mean: Vec<f32> = data.sum_columns().iter().map(|sum| sum / count).collect();
    for (j, pull) in pulls.iter().enumerate() {
        gradient.weights.column_mut(j).iter_mut().zip(&mean).for_each(|(w, mean)| *w += pull * mean);
    }
    let biases: Vec<f32> = flat(&gradient.hidden).iter().zip(&pulls).map(|(b, pull)| b + pull).collect();
    set(&mut gradient.hidden, &biases);
}

impl<V: Units, H: Units> Trainee for Trainer<'_, V, H> {
    fn begin(&mut self, epoch: Epoch) {
        self.optimiser.epoch = epoch;
        self.epoch = epoch.number - 1;
        self.optimiser.descent = self.learning.descent_in(epoch);
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
        tensors.extend(self.chains.tensors(self.rbm.visible.len()));
        tensors.extend(self.offsets.iter().flat_map(Offsets::tensors));
        let activity = self.activity.iter();
        tensors.extend(activity.map(|q| Tensor::from_f32("activity", vec![q.len()], q.clone())));
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        snapshot.write_into(self.rbm, "model")?;
        self.optimiser.restore(snapshot)?;
        self.chains.restore(snapshot)?;
        if let Some(offsets) = &mut self.offsets {
            offsets.restore(snapshot)?;
        }
        if let Some(activity) = &mut self.activity {
            snapshot.shaped("activity", &[activity.len()])?;
            activity.copy_from_slice(snapshot.f32s("activity")?);
        }
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
