//! Greedy pretraining of a deep machine: restricted machines one after another, in which inputs stand in for the layer
//! that is not there yet [Salakhutdinov2009].
//!
//! In the deep machine a layer between two others hears both. The bottom machine's hidden layer therefore hears the data
//! twice, and the top machine's visible layer hears the top twice. A machine between them would be doubled both ways: that
//! is an ordinary machine with twice the weights, and it is trained as one; [`Dbm::compose`] halves its weights.
//!
//! Slow but generic; the quick way to train ordinary machines is [`crate::binary`].

use tensor::{Accum, Matrix, Stream, gemm};
use train::{Epoch, Optimiser, Parameters, Snapshot, Tensor, TensorError, Trainee};

use super::model::Dbm;
use crate::gibbs::VisibleState;
use crate::learning::input::{InputError, check, means};
use crate::learning::negative::Negative;
use crate::learning::options::{Learning, VisibleBias};
use crate::learning::statistics::Statistics;
use crate::rbm::Rbm;
use crate::units::{Bernoulli, Units};

/// Factors on what the layers of a restricted machine hear of each other; biases count once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Doubled {
    /// On `Wᵀv`, what the hidden layer hears.
    pub up: f32,
    /// On `Wh`, what the visible layer hears.
    pub down: f32,
}

impl Doubled {
    /// An ordinary machine.
    pub const NEITHER: Self = Self { up: 1.0, down: 1.0 };
    /// The bottom machine of several.
    pub const BOTTOM: Self = Self { up: 2.0, down: 1.0 };
    /// The top machine of several.
    pub const TOP: Self = Self { up: 1.0, down: 2.0 };

    /// The factors of machine `index` of so many, from 0 at the bottom.
    ///
    /// # Panics
    /// If there is no such machine.
    pub fn of(index: usize, machines: usize) -> Self {
        assert!(index < machines, "machine {index} of {machines}");
        match index {
            _ if machines == 1 => Self::NEITHER,
            0 => Self::BOTTOM,
            _ if index + 1 == machines => Self::TOP,
            _ => Self::NEITHER,
        }
    }

    /// `σ(up · Wᵀv + b)`, hidden × batch.
    pub fn hidden_mean(self, rbm: &Rbm, v: &Matrix) -> Matrix {
        let mut h = self.hidden_inputs(rbm, v);
        rbm.hidden.mean(&mut h);
        h
    }

    /// `σ(down · Wh + a)`, visible × batch.
    pub fn visible_mean(self, rbm: &Rbm, h: &Matrix) -> Matrix {
        let mut v = self.visible_inputs(rbm, h);
        rbm.visible.mean(&mut v);
        v
    }

    fn hidden_inputs(self, rbm: &Rbm, v: &Matrix) -> Matrix {
        let mut inputs = Matrix::zeros(rbm.hidden.len(), v.cols());
        gemm(inputs.view_mut(), Accum::Replace, rbm.weights.view().transpose(), v.view(), self.up);
        inputs
    }

    fn visible_inputs(self, rbm: &Rbm, h: &Matrix) -> Matrix {
        let mut inputs = Matrix::zeros(rbm.visible.len(), h.cols());
        gemm(inputs.view_mut(), Accum::Replace, rbm.weights.view(), h.view(), self.down);
        inputs
    }

    /// Hidden states given `v`, then the visible layer given them, sampled or as its mean.
    fn reconstruct(self, rbm: &Rbm, v: &Matrix, state: VisibleState, noise: &mut Stream) -> Matrix {
        let mut h = self.hidden_inputs(rbm, v);
        rbm.hidden.sample(&mut h, noise);
        match state {
            VisibleState::Mean => self.visible_mean(rbm, &h),
            VisibleState::Sampled => {
                let mut v = self.visible_inputs(rbm, &h);
                rbm.visible.sample(&mut v, noise);
                v
            }
        }
    }
}

/// Contrastive divergence with factors on the inputs: `⟨vhᵀ⟩_data − ⟨vhᵀ⟩_reconstruction` with `h = σ(up · Wᵀv + b)`.
///
/// With [`Doubled::NEITHER`] it takes the steps of [`crate::learning::Trainer`], bit for bit. The loss is the squared
/// error of the last reconstruction, averaged over the visible units. Of what [`Learning`] has beside negative phase and descent it
/// takes the visible biases to begin with and chains that grow.
pub struct DoubledTrainer<'a> {
    rbm: &'a mut Rbm,
    data: &'a Matrix,
    sweeps: usize,
    learning: Learning,
    doubled: Doubled,
    optimiser: Optimiser<Rbm>,
}

impl<'a> DoubledTrainer<'a> {
    /// A trainer at rest.
    ///
    /// # Errors
    /// If a value of `data` does not lie between 0 and 1; says which and where.
    ///
    /// # Panics
    /// If `data` does not have as many rows as there are visible units, or `learning` is not contrastive divergence of
    /// at least one sweep.
    pub fn new(
        rbm: &'a mut Rbm,
        data: &'a Matrix,
        learning: &Learning,
        doubled: Doubled,
    ) -> Result<Self, InputError> {
        let (pixels, units) = (data.rows(), rbm.visible.len());
        assert_eq!(pixels, units, "{pixels} pixels for {units} units");
        let sweeps = match learning.negative {
            Negative::Cd { sweeps } if sweeps > 0 => sweeps,
            other => panic!("factors go with at least one sweep of contrastive divergence, found {other:?}"),
        };
        check(data, &rbm.visible.range())?;
        if learning.start == VisibleBias::FromData {
            rbm.visible.set_means(&means(data), data.cols());
        }
        let optimiser = Optimiser::with(learning.descent, rbm);
        Ok(Self { rbm, data, sweeps, learning: *learning, doubled, optimiser })
    }
}

impl Trainee for DoubledTrainer<'_> {
    fn begin(&mut self, epoch: Epoch) {
        self.optimiser.epoch = epoch;
    }

    fn step(&mut self, batch: &[usize], noise: &mut Stream) -> f64 {
        let (data, rbm, doubled) = (self.data.gather(batch), &*self.rbm, self.doubled);
        let step = |v: &Matrix, noise: &mut Stream| doubled.reconstruct(rbm, v, self.learning.visible, noise);
        let sweeps = self.learning.sweeps_in(self.sweeps, self.optimiser.epoch.number - 1);
        let fantasy = (1..sweeps).fold(step(&data, noise), |v, _| step(&v, noise));
        let model = Statistics::of(&fantasy, &doubled.hidden_mean(rbm, &fantasy));
        let gradient = Statistics::of(&data, &doubled.hidden_mean(rbm, &data)).minus(rbm, &model);
        self.optimiser.step(self.rbm, &gradient);
        data.mean_squared_difference(&fantasy)
    }

    fn non_finite(&self) -> Option<String> {
        self.rbm.first_non_finite()
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(self.rbm, "model");
        tensors.extend(self.optimiser.tensors());
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        snapshot.write_into(self.rbm, "model")?;
        self.optimiser.restore(snapshot)
    }
}

/// Trains `machines` restricted machines one after another and composes them: `train` gets a machine's number, what it
/// learns from (visible × samples) and its factors; what it gives back hands its hidden means up.
///
/// # Errors
/// The first one of `train`.
///
/// # Panics
/// If there is no machine; as [`Dbm::compose`].
pub fn pretrain<E>(
    data: &Matrix,
    machines: usize,
    mut train: impl FnMut(usize, &Matrix, Doubled) -> Result<Rbm, E>,
) -> Result<Dbm, E> {
    let mut trained: Vec<Rbm> = Vec::with_capacity(machines);
    let mut input = data.clone();
    for index in 0..machines {
        let doubled = Doubled::of(index, machines);
        let rbm = train(index, &input, doubled)?;
        if index + 1 < machines {
            input = doubled.hidden_mean(&rbm, &input);
        }
        trained.push(rbm);
    }
    Ok(Dbm::compose(&trained))
}

impl Dbm {
    /// The deep machine of restricted ones, bottom first, that were trained with the factors of [`Doubled::of`]. Weights
    /// between the bottom and the top machine are halved; a layer that two machines share gets the mean of its biases.
    ///
    /// # Panics
    /// If there is none, or one's hidden layer does not have the size of the next one's visible layer.
    pub fn compose(machines: &[Rbm]) -> Self {
        assert!(!machines.is_empty(), "a deep machine needs at least one restricted one");
        let top = machines.len() - 1;
        let mut biases = vec![machines[0].visible.clone()];
        for (i, pair) in machines.windows(2).enumerate() {
            let (hidden, visible) = (&pair[0].hidden.bias, &pair[1].visible.bias);
            let (n, m) = (hidden.len(), visible.len());
            assert_eq!(n, m, "{n} hidden units of machine {i} under {m} visible ones");
            biases.push(Bernoulli { bias: hidden.iter().zip(visible).map(|(a, b)| 0.5 * (a + b)).collect() });
        }
        biases.push(machines[top].hidden.clone());
        let weights = machines.iter().enumerate().map(|(i, rbm)| {
            let mut weights = rbm.weights.clone();
            if i > 0 && i < top {
                weights.as_mut_slice().iter_mut().for_each(|w| *w *= 0.5);
            }
            weights
        });
        Self { weights: weights.collect(), biases }
    }
}
