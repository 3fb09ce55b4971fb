//! The machine with labels beside its visible units: which label, given the units, and which units, given a label.
//!
//! `E(u, l, h) = −aᵀu − cᵀl − bᵀh − uᵀWh − lᵀUh` with one-hot `l` [Larochelle2008, section 2]; `U` are the last rows of
//! the weights. Units and labels are rows × batch. What stays clamped is multiplied with the weights once, not in every
//! sweep.

use std::fmt;

use tensor::{Accum, Matrix, Stream, gemm};

use crate::rbm::Rbm;
use crate::stack::Samples;
use crate::units::{Bernoulli, Joined, Softmax, Units};

/// A binary machine whose visible layer is binary units and, below them, one label.
pub type LabelRbm = Rbm<Joined<Bernoulli, Softmax>>;

/// A label that is not among the classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelError {
    /// Which sample, from 0.
    pub sample: usize,
    /// Its label.
    pub label: u8,
    /// Classes; labels go from 0 to one less.
    pub classes: usize,
}

impl fmt::Display for LabelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sample, label, classes } = self;
        write!(f, "sample {sample}: expected a label below {classes}, found {label}")
    }
}

impl std::error::Error for LabelError {}

/// Labels as states of [`Softmax`] units, classes × samples. [`crate::join`] puts them below the units: what a
/// [`LabelRbm`] learns from.
///
/// # Errors
/// If a label is not below `classes`; says which.
pub fn one_hot(labels: &[u8], classes: usize) -> Result<Matrix, LabelError> {
    let mut states = Matrix::zeros(classes, labels.len());
    for (sample, &label) in labels.iter().enumerate() {
        let state = states.column_mut(sample).get_mut(usize::from(label));
        *state.ok_or(LabelError { sample, label, classes })? = 1.0;
    }
    Ok(states)
}

impl LabelRbm {
    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.visible.labels.len()
    }

    /// `log p(l | u)` in nats for every label, classes × batch [Larochelle2008, eq. 2]: the normalised
    /// `c_l + Σⱼ softplus(bⱼ + (Wᵀu)ⱼ + U_lj)`, in which the units' own energy cancels. Computed in `f64` and rounded.
    ///
    /// # Panics
    /// If `units` does not have as many rows as there are units beside the labels.
    pub fn label_log_probabilities(&self, units: &Matrix) -> Matrix {
        let (inputs, classes) = (self.inputs_from_units(units), self.classes());
        let rows = self.label_weights();
        let scores: Vec<Vec<f64>> = (0..classes)
            .map(|label| {
                let mut inputs = inputs.clone();
                inputs.add_to_columns(rows.column(label));
                let bias = f64::from(self.visible.labels.bias[label]);
                self.hidden.log_partition(&inputs).into_iter().map(|score| bias + score).collect()
            })
            .collect();
        let mut log_p = Matrix::zeros(classes, units.cols());
        for j in 0..units.cols() {
            let column: Vec<f64> = scores.iter().map(|scores| scores[j]).collect();
            let normaliser = tensor::plain::log_sum_exp(&column);
            let pairs = log_p.column_mut(j).iter_mut().zip(&column);
            pairs.for_each(|(log_p, score)| *log_p = (score - normaliser) as f32);
        }
        log_p
    }

    /// The labels' probabilities by Gibbs sampling with clamped units, classes × batch: labels begin at equal
    /// probabilities [Hinton2006, section 6.1]; in every sweep hidden units are drawn, the labels' probabilities given
    /// them are noted, and a label is drawn. The mean of what the later half of the sweeps noted is given. It tends to
    /// the exponential of [`LabelRbm::label_log_probabilities`].
    ///
    /// # Panics
    /// If there is no sweep, or `units` does not have as many rows as there are units beside the labels.
    pub fn label_probabilities_by_gibbs(&self, units: &Matrix, sweeps: usize, noise: &mut Stream) -> Matrix {
        assert!(sweeps > 0, "no label is seen in {sweeps} sweeps");
        let clamped = self.inputs_from_units(units);
        let (n, classes) = (self.visible.units.len(), self.classes());
        let share = 1.0 / classes as f32;
        let mut labels = Matrix::from_fn(classes, units.cols(), |_, _| share);
        let mut mean = Matrix::zeros(classes, units.cols());
        let counted = sweeps.div_ceil(2);
        for sweep in 0..sweeps {
            let mut h = clamped.clone();
            let weights = self.weights.view().subrows(n, classes);
            gemm(h.view_mut(), Accum::Add, weights.transpose(), labels.view(), 1.0);
            self.hidden.sample(&mut h, noise);
            gemm(labels.view_mut(), Accum::Replace, weights, h.view(), 1.0);
            if sweep >= sweeps - counted {
                let mut p = labels.clone();
                self.visible.labels.mean(&mut p);
                let pairs = mean.as_mut_slice().iter_mut().zip(p.as_slice());
                pairs.for_each(|(mean, p)| *mean += p / counted as f32);
            }
            self.visible.labels.sample(&mut labels, noise);
        }
        mean
    }

    /// `sweeps` steps of Gibbs sampling from these units (units × chains) with clamped labels (classes × chains): h given
    /// both, then the units given h.
    ///
    /// # Panics
    /// If there is no sweep, `units` or `labels` does not fit its part of the visible layer, or they have different
    /// numbers of columns.
    pub fn units_by_gibbs(
        &self,
        mut units: Matrix,
        labels: &Matrix,
        sweeps: usize,
        noise: &mut Stream,
    ) -> Samples {
        let (n, m, chains) = (self.visible.units.len(), self.classes(), units.cols());
        assert!(sweeps > 0, "no samples of {sweeps} sweeps");
        assert!(
            (units.rows(), labels.rows(), labels.cols()) == (n, m, chains),
            "{} × {chains} units and {} × {} labels for {n} units and {m} labels",
            units.rows(),
            labels.rows(),
            labels.cols()
        );
        let mut clamped = Matrix::zeros(self.hidden.len(), chains);
        let label_weights = self.weights.view().subrows(n, m);
        gemm(clamped.view_mut(), Accum::Replace, label_weights.transpose(), labels.view(), 1.0);
        let weights = self.weights.view().subrows(0, n);
        let mut means = Matrix::zeros(n, chains);
        for sweep in 1..=sweeps {
            let mut h = clamped.clone();
            gemm(h.view_mut(), Accum::Add, weights.transpose(), units.view(), 1.0);
            self.hidden.sample(&mut h, noise);
            gemm(units.view_mut(), Accum::Replace, weights, h.view(), 1.0);
            if sweep == sweeps {
                means = units.clone();
                self.visible.units.mean(&mut means);
            }
            self.visible.units.sample(&mut units, noise);
        }
        Samples { states: units, means }
    }

    /// `Wᵀu`, hidden × batch: what the units alone say to the hidden layer.
    fn inputs_from_units(&self, units: &Matrix) -> Matrix {
        let n = self.visible.units.len();
        assert_eq!(units.rows(), n, "{} × {} units for {n} beside the labels", units.rows(), units.cols());
        let mut inputs = Matrix::zeros(self.hidden.len(), units.cols());
        let weights = self.weights.view().subrows(0, n);
        gemm(inputs.view_mut(), Accum::Replace, weights.transpose(), units.view(), 1.0);
        inputs
    }

    /// `Uᵀ`, hidden × classes: a column is what its label says to the hidden layer.
    fn label_weights(&self) -> Matrix {
        let n = self.visible.units.len();
        Matrix::from_fn(self.hidden.len(), self.classes(), |j, label| self.weights.column(j)[n + label])
    }
}
