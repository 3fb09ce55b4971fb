//! Opens a trained network: its filters, how noisy they are, and what every layer makes of two digits.

use anyhow::{Context, Result};
use engine::Workbench;
use feedforward::{AnyLayer, Convolution, Network};
use serde::{Deserialize, Serialize};
use train::Tensor;

use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};
use crate::networks::Architecture;

/// Looks into the network of the point needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Its layers.
    pub architecture: Architecture,
    /// The digits whose maps are kept: the first test image of each of these classes.
    pub digits: Vec<u8>,
}

/// The file of what was seen: for each digit `D`, `D.image` and `D.maps.0`, `D.maps.1` …, each [channels, height, width]; and
/// `filters.0`, `filters.1` …, each [filters · channels, height, width].
pub const SEEN: &str = "seen.safetensors";

impl Job for Look {
    const KIND: &'static str = "look";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        Ok(Cost { seconds: 0.2, bytes: 64 << 20 })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let (pixels, classes) = (digits.test.features(), digits.test.classes.len());
        let network = self.architecture.read(pixels, classes, 0, bench)?;
        let mut tensors = Vec::new();
        for (number, filters) in convolutions(&network).enumerate() {
            let window = filters.window();
            let ([height, width], count) = (window.kernel, filters.weights().cols());
            bench.rows.push("roughness", roughness(filters), &[("layer", &(number + 1))]);
            let values = filters.weights().as_slice().to_vec();
            let shape = vec![values.len() / (height * width), height, width];
            bench.rows.push("filters", count as f64, &[("layer", &(number + 1))]);
            tensors.push(Tensor::from_f32(format!("filters.{number}"), shape, values));
        }
        for &class in &self.digits {
            let place = digits.test.labels.iter().position(|&label| label == class);
            let place = place.with_context(|| format!("no test image of class {class}"))?;
            let image = digits.test.to_matrix(&[place]);
            if let Some(first) = convolutions(&network).next() {
                for (filter, best) in correlations(first, image.as_slice()).into_iter().enumerate() {
                    let columns: [(&str, &dyn std::fmt::Display); 2] =
                        [("digit", &class), ("filter", &(filter + 1))];
                    bench.rows.push("correlation", best, &columns);
                }
            }
            let (height, width) = Digits::SIZE;
            let pixels = image.as_slice().to_vec();
            tensors.push(Tensor::from_f32(format!("{class}.image"), vec![1, height, width], pixels));
            let states = network.states(&image);
            let shown = states.iter().filter(|state| ["activation", "max-pooling"].contains(&state.kind));
            for (number, (state, maps)) in shown.filter_map(|state| Some((state, state.maps?))).enumerate() {
                let shape = vec![maps.channels, maps.height, maps.width];
                let values = state.values.as_slice().to_vec();
                tensors.push(Tensor::from_f32(format!("{class}.maps.{number}"), shape, values));
            }
        }
        bench.put_tensors(SEEN, tensors)
    }
}

/// The convolutions of a network, the one on the image first.
fn convolutions(network: &Network) -> impl Iterator<Item = &Convolution> {
    network.layers().iter().filter_map(|layer| match layer {
        AnyLayer::Convolution(convolution) => Some(convolution),
        _ => None,
    })
}

/// The mean step between neighbouring weights of a filter, over the mean size of a weight: total variation by the number of
/// neighbours and the mean absolute value. About 1.4 for white noise, less the smoother filters are.
pub fn roughness(layer: &Convolution) -> f64 {
    let ([height, width], channels) = (layer.window().kernel, layer.window().channels);
    let (mut steps, mut neighbours, mut sizes, mut weights) = (0.0, 0.0, 0.0, 0.0);
    for filter in 0..layer.weights().cols() {
        for channel in 0..channels {
            let values = layer.filter(filter, channel);
            let at = |i: usize, j: usize| f64::from(values[i * width + j]);
            for (i, j) in (0..height).flat_map(|i| (0..width).map(move |j| (i, j))) {
                sizes += at(i, j).abs();
                weights += 1.0;
                if i + 1 < height {
                    steps += (at(i + 1, j) - at(i, j)).abs();
                    neighbours += 1.0;
                }
                if j + 1 < width {
                    steps += (at(i, j + 1) - at(i, j)).abs();
                    neighbours += 1.0;
                }
            }
        }
    }
    (steps / neighbours) / (sizes / weights)
}

/// Of each filter of a layer on one channel, its largest correlation with any patch of the image: Pearson's, over the pixels of the patch.
pub fn correlations(layer: &Convolution, image: &[f32]) -> Vec<f64> {
    let (height, width) = Digits::SIZE;
    let [rows, cols] = layer.window().kernel;
    let patches = (0..=height - rows).flat_map(|top| (0..=width - cols).map(move |left| (top, left)));
    let patches: Vec<Vec<f64>> = patches
        .map(|(top, left)| {
            let lines = (top..top + rows).flat_map(|i| &image[i * width + left..i * width + left + cols]);
            lines.map(|&x| f64::from(x)).collect()
        })
        .collect();
    let best = |filter: usize| {
        let weights: Vec<f64> = layer.filter(filter, 0).iter().map(|&x| f64::from(x)).collect();
        patches.iter().map(|patch| pearson(&weights, patch)).fold(-1.0, f64::max)
    };
    (0..layer.weights().cols()).map(best).collect()
}

/// Pearson's correlation; 0 where one of the two does not vary.
fn pearson(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let moment = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
        a.iter().zip(b).map(|(&a, &b)| f(a - mean_a, b - mean_b)).sum()
    };
    let [both, own_a, own_b] = [moment(&|a, b| a * b), moment(&|a, _| a * a), moment(&|_, b| b * b)];
    if own_a * own_b > 0.0 { both / (own_a * own_b).sqrt() } else { 0.0 }
}
