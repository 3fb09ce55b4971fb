//! Filters of a machine as files, and how much detail they show.
//!
//! A unit of the first layer has its weights on the pixels; one of the second has them by way of the first, a column of
//! `W₀W₁`. Detail is total variation for the ink there is, `Σ |wᵢ − wⱼ| / Σ |wᵢ|` over neighbouring pixels `i, j`, which the
//! scale of a filter does not change: small for wide smooth blots, about 2.7 for
//! independent noise, and never above 4.

use anyhow::Result;
use energy::partition::estimate::bootstrap;
use engine::Workbench;
use serde::{Deserialize, Serialize};
use tensor::{Accum, Matrix, Seed, gemm};
use train::Tensor;

use super::machine::{Machine, mean};
use crate::data::{Data, Digits, Reads};
use crate::intervals::interval;
use crate::job::{Cost, Job};

/// The first filters of each layer of a machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// The machine, in the point needed.
    pub machine: Machine,
}

/// The file of the filters: `first`, and `second` where there is one, [units, 784].
pub(super) const FILTERS: &str = "filters.safetensors";
/// The names of the layers, in the rows and in the file.
pub(super) const LAYERS: [&str; 2] = ["first", "second"];
/// Filters of each layer, as many as the report shows.
const UNITS: usize = 100;

impl Job for Detail {
    const KIND: &'static str = "filter-detail";

    fn reads(&self) -> Reads {
        Reads::Nothing
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        Ok(Cost { seconds: 0.05, bytes: (self.machine.weights() * 16) as u64 + (32 << 20) })
    }

    fn run(&self, _: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let dbm = self.machine.read(bench, 0)?;
        let some = |weights: &Matrix| weights.gather(&(0..UNITS.min(weights.cols())).collect::<Vec<_>>());
        let mut layers = vec![some(&dbm.weights[0])];
        if let Some(upper) = dbm.weights.get(1).map(some) {
            let mut product = Matrix::zeros(dbm.weights[0].rows(), upper.cols());
            gemm(product.view_mut(), Accum::Replace, dbm.weights[0].view(), upper.view(), 1.0);
            layers.push(product);
        }
        let mut tensors = Vec::new();
        for (name, filters) in LAYERS.into_iter().zip(layers) {
            let all = filters.columns().map(|filter| detail(filter, Digits::SIZE));
            let found = bootstrap(&all.collect::<Vec<_>>(), &mut Seed::new(UNITS as u64).stream(), mean);
            interval("detail", found, &[("layer", &name)], &mut bench.rows);
            let shape = vec![filters.cols(), filters.rows()];
            tensors.push(Tensor::from_f32(name, shape, filters.into_vec()));
        }
        bench.put_tensors(FILTERS, tensors)
    }
}

/// `Σ |wᵢ − wⱼ| / Σ |wᵢ|` over pixels next to each other in a row or a column; 0 for a filter of zeros.
///
/// # Panics
/// If there is not one weight a pixel.
pub fn detail(filter: &[f32], (height, width): (usize, usize)) -> f64 {
    assert_eq!(filter.len(), height * width, "{} weights for {height} × {width} pixels", filter.len());
    let at = |i: usize| f64::from(filter[i]);
    let ink: f64 = (0..filter.len()).map(|i| at(i).abs()).sum();
    let across = (0..filter.len()).filter(|i| (i + 1) % width != 0).map(|i| (at(i) - at(i + 1)).abs());
    let down = (0..filter.len() - width).map(|i| (at(i) - at(i + width)).abs());
    let variation = across.chain(down).sum::<f64>();
    if ink > 0.0 { variation / ink } else { 0.0 }
}
