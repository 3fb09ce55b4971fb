//! Two layers side by side that make one: the pixels or features of a machine, and the labels beside them.
//!
//! `E(x) = E_units(u) + E_labels(l)` with `x = [u; l]`, the rows of the units first. Given their inputs the two are
//! independent, so that everything is a sum, a product or one after the other.

use std::ops::RangeInclusive;

use tensor::{Matrix, Stream};
use train::{Param, Parameters};

use super::layer::Units;

/// Two layers as one, the rows of `units` first: `E([u; l]) = E_units(u) + E_labels(l)`. 500 binary units beside a
/// softmax of 10 are the visible layer of the top machine of [Hinton2006, section 6].
#[derive(Clone, Debug, PartialEq)]
pub struct Joined<A, B> {
    /// The first rows.
    pub units: A,
    /// The rows below them.
    pub labels: B,
}

/// `[units; labels]`: two batches of as many columns, one above the other.
///
/// # Panics
/// If they have different numbers of columns.
pub fn join(units: &Matrix, labels: &Matrix) -> Matrix {
    let (n, m) = (units.cols(), labels.cols());
    assert_eq!(n, m, "{n} columns of units beside {m} columns of labels");
    let mut data = Vec::with_capacity(units.as_slice().len() + labels.as_slice().len());
    for j in 0..n {
        data.extend_from_slice(units.column(j));
        data.extend_from_slice(labels.column(j));
    }
    Matrix::from_vec(units.rows() + labels.rows(), n, data)
}

impl<A: Units, B: Units> Joined<A, B> {
    /// The two parts of a batch: the rows of `units`, and those of `labels`.
    ///
    /// # Panics
    /// If `x` does not have as many rows as both have units.
    pub fn split(&self, x: &Matrix) -> (Matrix, Matrix) {
        let (n, m, rows, cols) = (self.units.len(), self.labels.len(), x.rows(), x.cols());
        assert_eq!(rows, n + m, "layers of {n} and {m} units against {rows} × {cols}");
        let (mut first, mut second) = (Matrix::zeros(n, cols), Matrix::zeros(m, cols));
        for j in 0..cols {
            let (u, l) = x.column(j).split_at(n);
            first.column_mut(j).copy_from_slice(u);
            second.column_mut(j).copy_from_slice(l);
        }
        (first, second)
    }
}

impl<A: Units, B: Units> Units for Joined<A, B> {
    fn len(&self) -> usize {
        self.units.len() + self.labels.len()
    }

    /// From the lower of the two lower ends to the upper of the upper ones.
    fn range(&self) -> RangeInclusive<f32> {
        let (a, b) = (self.units.range(), self.labels.range());
        a.start().min(*b.start())..=a.end().max(*b.end())
    }

    fn set_means(&mut self, means: &[f64], samples: usize) {
        assert_eq!(means.len(), self.len(), "{} means for {} units", means.len(), self.len());
        let (units, labels) = means.split_at(self.units.len());
        self.units.set_means(units, samples);
        self.labels.set_means(labels, samples);
    }

    fn energy(&self, x: &Matrix) -> Vec<f64> {
        let (u, l) = self.split(x);
        sums(self.units.energy(&u), &self.labels.energy(&l))
    }

    fn log_partition(&self, inputs: &Matrix) -> Vec<f64> {
        let (u, l) = self.split(inputs);
        sums(self.units.log_partition(&u), &self.labels.log_partition(&l))
    }

    fn mean(&self, inputs: &mut Matrix) {
        let (mut u, mut l) = self.split(inputs);
        self.units.mean(&mut u);
        self.labels.mean(&mut l);
        *inputs = join(&u, &l);
    }

    fn sample(&self, inputs: &mut Matrix, noise: &mut Stream) {
        let (mut u, mut l) = self.split(inputs);
        self.units.sample(&mut u, noise);
        self.labels.sample(&mut l, noise);
        *inputs = join(&u, &l);
    }

    fn energy_gradient(&self, x: &[f32]) -> Self {
        let (u, l) = x.split_at(self.units.len());
        Self { units: self.units.energy_gradient(u), labels: self.labels.energy_gradient(l) }
    }

    fn between(&self, base: &Self, beta: f64) -> Self {
        Self { units: self.units.between(&base.units, beta), labels: self.labels.between(&base.labels, beta) }
    }

    fn count_states(&self) -> Option<u64> {
        let product = self.units.count_states()?.checked_mul(self.labels.count_states()?)?;
        (product < 1 << 63).then_some(product)
    }

    /// State number `a + b · A` has the units in state `a` of their `A` states, and the labels in state `b`.
    fn states(&self, from: u64, n: usize) -> Matrix {
        let Some(period) = self.units.count_states().filter(|_| self.count_states().is_some()) else {
            panic!("the states of {} and {} units cannot be listed", self.units.len(), self.labels.len())
        };
        let mut data = Vec::with_capacity(self.len() * n);
        let (mut number, end) = (from, from + n as u64);
        while number < end {
            // As far as the labels stay the same.
            let run = (period - number % period).min(end - number) as usize;
            let units = self.units.states(number % period, run);
            let labels = self.labels.states(number / period, 1).gather(&vec![0; run]);
            data.extend(join(&units, &labels).into_vec());
            number += run as u64;
        }
        Matrix::from_vec(self.len(), n, data)
    }
}

/// On disk: `units_bias` and `labels_bias`; in a machine `v_units_bias` and `v_labels_bias`.
impl<A: Units, B: Units> Parameters for Joined<A, B> {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let units = self.units.params().into_iter().map(|p| part("units", p));
        units.chain(self.labels.params().into_iter().map(|p| part("labels", p))).collect()
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let units = self.units.params_mut().into_iter().map(|p| part("units", p));
        units.chain(self.labels.params_mut().into_iter().map(|p| part("labels", p))).collect()
    }
}

fn sums(mut a: Vec<f64>, b: &[f64]) -> Vec<f64> {
    a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
    a
}

/// The parameter under the name of its part, `part_name`.
pub(crate) fn part<S>(part: &str, mut param: Param<S>) -> Param<S> {
    param.name = format!("{part}_{}", param.name);
    param
}
