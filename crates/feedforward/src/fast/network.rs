//! The network's layers cut into panels of units: what one thread updates.

use std::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use tensor::Matrix;
use tensor::binary::{Rows, matrix_of};
use tensor::layers::{Moments, Rule};
use tensor::simd::lanes_for;
use train::Step;

use crate::{Dense, Mlp};

/// Units of one panel: their weights, biases and moments.
pub(super) struct Panel {
    /// Where its units begin among those of the layer, in lanes.
    pub lane: usize,
    pub weights: Rows, // inputs × panel
    pub moments: Moments,
    pub bias: Rows, // 1 × panel
    pub bias_moments: Moments,
}

/// The panels of one layer.
pub(super) type Panels = Vec<RwLock<Panel>>;

const POISON: &str = "no member panics while it holds a lock";

pub(super) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().expect(POISON)
}

pub(super) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().expect(POISON)
}

/// The most lanes of a panel: what two cores share of MNIST's weights and moments fits their second-level caches.
const PANEL: usize = 16;

/// Units of each panel, whole lanes but for the last: an even number of panels where several threads may share the
/// work. Depends on the shape alone.
fn widths(units: usize, shared: bool) -> Vec<usize> {
    let lanes = lanes_for(units);
    let fewest = lanes.div_ceil(PANEL);
    let count = if shared { fewest.next_multiple_of(2).min(lanes) } else { fewest };
    let ends: Vec<usize> = (0..=count).map(|p| (lanes * p / count * 16).min(units)).collect();
    ends.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// Columns `begin..begin + width` of `matrix`, one row for each of its rows.
fn columns(matrix: &Matrix, begin: usize, width: usize) -> Rows {
    let mut rows = Rows::zeros(matrix.rows(), width);
    for j in 0..width {
        for (i, &w) in matrix.column(begin + j).iter().enumerate() {
            rows.row_mut(i)[j] = w;
        }
    }
    rows
}

/// One row of `values[begin..begin + width]`.
fn row(values: &[f32], begin: usize, width: usize) -> Rows {
    let mut rows = Rows::zeros(1, width);
    rows.row_mut(0)[..width].copy_from_slice(&values[begin..begin + width]);
    rows
}

/// Cuts a layer; `shared` says whether threads may share it.
pub(super) fn cut(layer: &Dense, rule: Rule, shared: bool) -> Panels {
    let (inputs, mut begin) = (layer.weights.rows(), 0);
    let cut = widths(layer.bias.len(), shared).into_iter().map(|width| {
        let panel = Panel {
            lane: begin / 16,
            weights: columns(&layer.weights, begin, width),
            moments: Moments::new(rule, inputs, width),
            bias: row(&layer.bias, begin, width),
            bias_moments: Moments::new(rule, 1, width),
        };
        begin += width;
        RwLock::new(panel)
    });
    cut.collect()
}

/// Which of a parameter's three numbers.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Value,
    First,
    Second,
}

impl Panel {
    fn part(&self, part: Part) -> (&Rows, &Rows) {
        match part {
            Part::Value => (&self.weights, &self.bias),
            Part::First => (&self.moments.first, &self.bias_moments.first),
            Part::Second => (&self.moments.second, &self.bias_moments.second),
        }
    }

    fn part_mut(&mut self, part: Part) -> (&mut Rows, &mut Rows) {
        match part {
            Part::Value => (&mut self.weights, &mut self.bias),
            Part::First => (&mut self.moments.first, &mut self.bias_moments.first),
            Part::Second => (&mut self.moments.second, &mut self.bias_moments.second),
        }
    }
}

/// Values or moments of all layers as a network like `like`; moments that the rule does not keep are zero.
pub(super) fn collect(layers: &[Panels], part: Part, like: &Mlp) -> Mlp {
    let dense = layers.iter().zip(like.layers()).map(|(panels, like)| {
        let panels: Vec<_> = panels.iter().map(read).collect();
        let parts: Vec<(&Rows, &Rows)> = panels.iter().map(|panel| panel.part(part)).collect();
        if parts.iter().any(|(weights, _)| weights.count() == 0) {
            let (inputs, units) = (like.weights.rows(), like.weights.cols());
            return Dense { weights: Matrix::zeros(inputs, units), bias: vec![0.0; units] };
        }
        let weights: Vec<&Rows> = parts.iter().map(|(weights, _)| *weights).collect();
        let bias = parts.iter().flat_map(|(_, bias)| bias.floats(0)).copied().collect();
        Dense { weights: matrix_of(&weights), bias }
    });
    Mlp::from_layers(dense.collect(), like.activation(), like.dropout().rate())
        .expect("the panels are those of a network")
}

/// The way back. Moments that the rule does not keep are dropped.
pub(super) fn distribute(layers: &[Panels], part: Part, network: &Mlp) {
    for (panels, layer) in layers.iter().zip(network.layers()) {
        for panel in panels {
            let mut panel = write(panel);
            let (begin, width) = (panel.lane * 16, panel.weights.width());
            let (weights, bias) = panel.part_mut(part);
            if weights.count() > 0 {
                *weights = columns(&layer.weights, begin, width);
                *bias = row(&layer.bias, begin, width);
            }
        }
    }
}

/// The rule of a step as the kernels take it.
pub(super) fn kernel_rule(step: &Step) -> Rule {
    match step.rule {
        train::Rule::Sgd { momentum: 0.0 } => Rule::Plain,
        train::Rule::Sgd { momentum } => Rule::HeavyBall { momentum },
        train::Rule::RmsProp { decay, epsilon } => Rule::RmsProp { decay, epsilon },
        train::Rule::Adam { beta1, beta2 } => {
            Rule::Adam { betas: [beta1, beta2], corrections: step.corrections, epsilon: train::ADAM_EPSILON }
        }
    }
}
