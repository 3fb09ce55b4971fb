//! Training all layers together: mean field on the data's side, persistent chains on the model's [Salakhutdinov2009].
//!
//! A step descends `⟨∂E⟩_q − ⟨∂E⟩_model`, the gradient of the mean negative bound. Chains end each sweep with the layers of
//! even number; those of odd number enter the gradient as means given them, which has the same expectation and less
//! noise. Centring takes the place of greedy pretraining, without which the upper layers of a plain machine hardly learn
//! [Montavon2012, Melchior2016].

use serde::{Deserialize, Serialize};
use tensor::{Matrix, Stream};
use train::{
    Descent, Epoch, Fit, Observer, Optimiser, Outcome, Parameters, Snapshot, Tensor, TensorError, Trainee,
    epochs,
};

use super::gibbs::Clamped;
use super::gradient::{centred, gradient};
use super::mean_field::MeanField;
use super::model::Dbm;
use crate::learning::input::{InputError, check, means};
use crate::learning::options::VisibleBias;
use crate::units::Units;

/// How a deep machine learns.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DbmLearning {
    /// The data's side of the gradient.
    pub mean_field: MeanField,
    /// Number of persistent chains, zero at first; they are kept from step to step.
    pub chains: usize,
    /// Gibbs sweeps of the chains at every step.
    pub sweeps: usize,
    /// How the gradient, which is the mean over the mini-batch, becomes a step.
    pub descent: Descent,
    /// The visible biases that learning begins with; not written where the machine keeps its own.
    #[serde(default, skip_serializing_if = "VisibleBias::is_kept")]
    pub start: VisibleBias,
    /// Centres the gradient with running means, in which each mini-batch has this weight (0.01 in [Melchior2016]). The
    /// visible ones begin with the data's means, the hidden ones with what biases alone make of their units. Momentum
    /// and decay then act on steps of the ordinary parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub centring: Option<f32>,
}

/// Trains `dbm` on the columns of `data` (visible × samples). The loop's `loss` is the squared error of the mean-field
/// reconstruction, per sample, averaged over the visible units. Chains and offsets are part of every snapshot.
///
/// # Errors
/// As [`DbmTrainer::new`].
///
/// # Panics
/// As [`DbmTrainer::new`].
pub fn train(
    dbm: &mut Dbm,
    data: &Matrix,
    learning: &DbmLearning,
    plan: &Fit,
    observer: &mut dyn Observer,
) -> Result<Outcome, InputError> {
    Ok(epochs(&mut DbmTrainer::new(dbm, data, learning)?, data.cols(), plan, observer))
}

/// A deep machine, its data, and all state of its training.
pub struct DbmTrainer<'a> {
    dbm: &'a mut Dbm,
    data: &'a Matrix,
    learning: DbmLearning,
    optimiser: Optimiser<Dbm>,
    chains: Vec<Matrix>,    // one a layer, units × chains
    offsets: Vec<Vec<f32>>, // one a layer; none without centring
}

impl<'a> DbmTrainer<'a> {
    /// A trainer at rest, with chains of zeros.
    ///
    /// # Errors
    /// If a value of `data` does not lie between 0 and 1; says which and where.
    ///
    /// # Panics
    /// If `data` does not have as many rows as there are visible units, there is no sweep or no chain, or the weight
    /// of a mini-batch in the running means does not lie between 0 and 1.
    pub fn new(dbm: &'a mut Dbm, data: &'a Matrix, learning: &DbmLearning) -> Result<Self, InputError> {
        let (pixels, units) = (data.rows(), dbm.biases[0].len());
        assert_eq!(pixels, units, "{pixels} pixels for {units} units");
        let DbmLearning { chains, sweeps, centring, .. } = *learning;
        assert!(
            chains > 0 && sweeps > 0,
            "{sweeps} sweeps of {chains} chains, at least one of each is needed"
        );
        assert!(
            centring.is_none_or(|w| (0.0..=1.0).contains(&w)),
            "{centring:?} as a weight of running means"
        );
        check(data, &dbm.biases[0].range())?;
        if learning.start == VisibleBias::FromData {
            dbm.biases[0].set_means(&means(data), data.cols());
        }
        let chains = dbm.at_rest(chains);
        let offsets = if centring.is_some() { first_offsets(dbm, data) } else { Vec::new() };
        let optimiser = Optimiser::with(learning.descent, dbm);
        Ok(Self { dbm, data, learning: *learning, optimiser, chains, offsets })
    }

    /// The persistent chains as they stand, one matrix a layer, units × chains.
    pub fn chains(&self) -> &[Matrix] {
        &self.chains
    }

    /// The offsets of centring as they stand, one vector a layer; none without centring.
    pub fn offsets(&self) -> &[Vec<f32>] {
        &self.offsets
    }

    /// The loss and the gradient on one mini-batch; moves chains and offsets.
    fn gradient(&mut self, data: &Matrix, noise: &mut Stream) -> (f64, Dbm) {
        let dbm = &*self.dbm;
        let posterior = dbm.mean_field(data, self.learning.mean_field).states;
        let loss = data.mean_squared_difference(&dbm.visible_mean(&posterior));
        let chains = std::mem::take(&mut self.chains);
        self.chains = dbm.gibbs(chains, self.learning.sweeps, Clamped::Nothing, noise);
        let model = (0..self.chains.len()).map(|i| match i % 2 {
            0 => self.chains[i].clone(),
            _ => dbm.mean(i, &self.chains),
        });
        let plain = gradient(dbm, &posterior, &model.collect::<Vec<_>>());
        let Some(weight) = self.learning.centring else { return (loss, plain) };
        for (offsets, x) in self.offsets.iter_mut().zip(&posterior) {
            let means = x.sum_columns().into_iter().map(|sum| sum / x.cols() as f32);
            offsets.iter_mut().zip(means).for_each(|(offset, mean)| *offset += weight * (mean - *offset));
        }
        (loss, centred(&plain, &self.offsets))
    }

    fn chain_shape(&self, layer: usize) -> Vec<usize> {
        vec![self.chains[layer].cols(), self.chains[layer].rows()]
    }
}

impl Trainee for DbmTrainer<'_> {
    fn begin(&mut self, epoch: Epoch) {
        self.optimiser.epoch = epoch;
    }

    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        let (loss, gradient) = self.gradient(&self.data.gather(batch), noise);
        self.optimiser.step(self.dbm, &gradient);
        loss
    }

    fn non_finite(&self) -> Option<String> {
        self.dbm.first_non_finite()
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(self.dbm, "model");
        tensors.extend(self.optimiser.tensors());
        for (i, x) in self.chains.iter().enumerate() {
            tensors.push(Tensor::from_f32(format!("chains.{i}"), self.chain_shape(i), x.as_slice().to_vec()));
        }
        for (i, c) in self.offsets.iter().enumerate() {
            tensors.push(Tensor::from_f32(format!("offsets.{i}"), vec![c.len()], c.clone()));
        }
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        snapshot.write_into(self.dbm, "model")?;
        self.optimiser.restore(snapshot)?;
        for i in 0..self.chains.len() {
            let name = format!("chains.{i}");
            snapshot.shaped(&name, &self.chain_shape(i))?;
            self.chains[i].as_mut_slice().copy_from_slice(snapshot.f32s(&name)?);
        }
        for (i, c) in self.offsets.iter_mut().enumerate() {
            let name = format!("offsets.{i}");
            snapshot.shaped(&name, &[c.len()])?;
            c.copy_from_slice(snapshot.f32s(&name)?);
        }
        Ok(())
    }
}

/// The data's means, and those of hidden units that hear nothing.
fn first_offsets(dbm: &Dbm, data: &Matrix) -> Vec<Vec<f32>> {
    let alone = |layer: usize| {
        let mut x = Matrix::zeros(dbm.biases[layer].len(), 1);
        dbm.biases[layer].mean(&mut x);
        x.into_vec()
    };
    let visible = means(data).into_iter().map(|mean| mean as f32).collect();
    std::iter::once(visible).chain((1..=dbm.top()).map(alone)).collect()
}
