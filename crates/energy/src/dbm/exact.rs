//! Exact answers for tiny machines: every second layer is listed, the others are summed out in closed form.
//!
//! Given the listed layers the others are independent, so that `Z` of a machine of layers 10–6–8 costs 2⁶ states. The
//! cheaper half of the layers is listed. Sums over states are `f64`.

use tensor::Matrix;

use super::model::Dbm;
use crate::partition::exact::{LogSumExp, MOST_STATES};
use crate::units::{Bernoulli, Units};

/// States listed at a time.
const BLOCK: u64 = 1024;

impl Dbm {
    /// `log Z` in nats, by enumeration.
    ///
    /// # Panics
    /// If both halves of the layers have more than [`MOST_STATES`] states; names the number of the smaller one.
    pub fn log_partition(&self) -> f64 {
        let mut sum = LogSumExp::default();
        self.for_each_block(&self.cheaper_half(0), None, |given| {
            self.marginal_energy(given).iter().for_each(|e| sum.add(-e));
        });
        sum.value()
    }

    /// `F(v) = −log Σₕ exp(−E(v, h))` in nats over all hidden layers, one number per column of `v` (visible × batch).
    ///
    /// # Panics
    /// If both halves of the hidden layers have more than [`MOST_STATES`] states, or `v` does not have one row a visible
    /// unit.
    pub fn free_energy(&self, v: &Matrix) -> Vec<f64> {
        let (rows, units) = (v.rows(), self.biases[0].len());
        assert_eq!(rows, units, "{rows} rows for {units} visible units");
        let listed = self.cheaper_half(1);
        if listed.is_empty() {
            return self.marginal_energy(&[Some(v), None]);
        }
        let free = |j: usize| {
            let mut sum = LogSumExp::default();
            self.for_each_block(&listed, Some(&v.gather(&[j])), |given| {
                self.marginal_energy(given).iter().for_each(|e| sum.add(-e));
            });
            -sum.value()
        };
        (0..v.cols()).map(free).collect()
    }

    /// `log p(v)` in nats, one number per column of `v` (visible × batch).
    ///
    /// # Panics
    /// As [`Dbm::log_partition`] and [`Dbm::free_energy`].
    pub fn log_probability(&self, v: &Matrix) -> Vec<f64> {
        let log_z = self.log_partition();
        self.free_energy(v).into_iter().map(|free| -free - log_z).collect()
    }

    /// States of all layers with their probabilities, a block at a time: those of the cheaper half are listed, the
    /// others are means given the listed ones. Expectations that are linear in each layer are exact sums over them.
    pub(super) fn for_each_weighted(&self, mut f: impl FnMut(&[Matrix], &[f64])) {
        let log_z = self.log_partition();
        self.for_each_block(&self.cheaper_half(0), None, |given| {
            let p: Vec<f64> = self.marginal_energy(given).iter().map(|e| (-e - log_z).exp()).collect();
            let state = |i: usize| match given[i] {
                Some(x) => x.clone(),
                None => {
                    let below = i.checked_sub(1).and_then(|i| given[i]);
                    let mut x = self.inputs_from(i, below, given.get(i + 1).copied().flatten());
                    self.biases[i].mean(&mut x);
                    x
                }
            };
            f(&(0..given.len()).map(state).collect::<Vec<_>>(), &p);
        });
    }

    /// Of the layers from number `from` on, every second one: the half with fewer units.
    fn cheaper_half(&self, from: usize) -> Vec<usize> {
        let half = |parity: usize| (from..=self.top()).filter(|i| i % 2 == parity).collect::<Vec<_>>();
        let units = |half: &[usize]| half.iter().map(|&i| self.biases[i].len()).sum::<usize>();
        let (even, odd) = (half(0), half(1));
        let cheaper = if units(&even) <= units(&odd) { even } else { odd };
        let states = u32::try_from(units(&cheaper)).ok().and_then(|n| 1u128.checked_shl(n));
        assert!(
            states.is_some_and(|n| n <= u128::from(MOST_STATES)),
            "the states of {} units to be listed, expected at most {MOST_STATES} states",
            units(&cheaper)
        );
        cheaper
    }

    /// Gives the states of the `listed` layers to `f`, a block at a time, beside the visible state `v` if there is one.
    fn for_each_block(&self, listed: &[usize], v: Option<&Matrix>, mut f: impl FnMut(&[Option<&Matrix>])) {
        let all = Bernoulli::new(listed.iter().map(|&i| self.biases[i].len()).sum());
        let count = 1_u64 << all.len();
        for from in (0..count).step_by(BLOCK as usize) {
            let n = (count - from).min(BLOCK) as usize;
            let states = all.states(from, n);
            let mut first = 0;
            let mut layers: Vec<Option<Matrix>> = vec![None; self.biases.len()];
            layers[0] = v.map(|v| v.gather(&vec![0; n]));
            for &i in listed {
                let units = self.biases[i].len();
                layers[i] = Some(Matrix::from_fn(units, n, |unit, j| states.column(j)[first + unit]));
                first += units;
            }
            f(&layers.iter().map(Option::as_ref).collect::<Vec<_>>());
        }
    }
}
