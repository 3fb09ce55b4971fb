//! The layers of a perceptron cut into panels of units: what one thread updates.

use std::sync::RwLock;

use tensor::binary::{PANEL, Rows, cut_lanes, matrix_of};
use tensor::layers::{Change, Moments};
use tensor::simd::{LANE, lanes_for};
use tensor::team::{read, write};

use crate::{Dense, Network};

/// Units of one panel: their weights, biases and moments.
pub(crate) struct Panel {
    /// Where its units begin among those of the layer, in lanes.
    pub lane: usize,
    pub weights: Rows, // inputs × panel
    pub moments: Moments,
    pub bias: Rows, // 1 × panel
    pub bias_moments: Moments,
}

/// The panels of one layer.
pub(crate) type Panels = Vec<RwLock<Panel>>;

/// Units of each panel, whole lanes but for the last: an even number of panels where several threads may share the
/// work. Depends on the shape alone.
fn widths(units: usize, shared: bool) -> Vec<usize> {
    let lanes = lanes_for(units);
    let fewest = lanes.div_ceil(PANEL);
    cut_lanes(units, if shared { fewest.next_multiple_of(2).min(lanes) } else { fewest })
}

/// One row of `values[begin..begin + width]`.
pub(crate) fn row(values: &[f32], begin: usize, width: usize) -> Rows {
    let mut rows = Rows::zeros(1, width);
    rows.row_mut(0)[..width].copy_from_slice(&values[begin..begin + width]);
    rows
}

/// Cuts a layer; `shared` says whether threads may share it.
pub(crate) fn cut(layer: &Dense, change: Change, shared: bool) -> Panels {
    let (inputs, mut begin) = (layer.weights.rows(), 0);
    let cut = widths(layer.bias.len(), shared).into_iter().map(|width| {
        let panel = Panel {
            lane: begin / LANE,
            weights: Rows::of_columns(&layer.weights, begin, width),
            moments: Moments::new(change, inputs, width),
            bias: row(&layer.bias, begin, width),
            bias_moments: Moments::new(change, 1, width),
        };
        begin += width;
        RwLock::new(panel)
    });
    cut.collect()
}

/// What is kept of a parameter: three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Itself.
    Value,
    /// Its first moment, or velocity.
    First,
    /// Its second moment.
    Second,
}

impl Panel {
    fn kept(&self, kept: Kept) -> (&Rows, &Rows) {
        match kept {
            Kept::Value => (&self.weights, &self.bias),
            Kept::First => (&self.moments.first, &self.bias_moments.first),
            Kept::Second => (&self.moments.second, &self.bias_moments.second),
        }
    }

    fn kept_mut(&mut self, kept: Kept) -> (&mut Rows, &mut Rows) {
        match kept {
            Kept::Value => (&mut self.weights, &mut self.bias),
            Kept::First => (&mut self.moments.first, &mut self.bias_moments.first),
            Kept::Second => (&mut self.moments.second, &mut self.bias_moments.second),
        }
    }
}

/// Values or moments of all layers as a network like `like`; moments that the rule does not keep are zero.
pub(super) fn collect(layers: &[Panels], kept: Kept, like: &Network) -> Network {
    let mut network = like.clone();
    layers.iter().zip(network.dense_mut()).for_each(|(panels, dense)| collect_layer(panels, kept, dense));
    network
}

/// Values or moments of one layer; moments that the rule does not keep are zero.
pub(crate) fn collect_layer(panels: &Panels, kept: Kept, dense: &mut Dense) {
    let panels: Vec<_> = panels.iter().map(read).collect();
    let kept: Vec<(&Rows, &Rows)> = panels.iter().map(|panel| panel.kept(kept)).collect();
    if kept.iter().any(|(weights, _)| weights.count() == 0) {
        dense.weights.as_mut_slice().fill(0.0);
        dense.bias.fill(0.0);
        return;
    }
    let weights: Vec<&Rows> = kept.iter().map(|(weights, _)| *weights).collect();
    dense.weights = matrix_of(&weights);
    dense.bias = kept.iter().flat_map(|(_, bias)| bias.floats(0)).copied().collect();
}

/// The way back. Moments that the rule does not keep are dropped.
pub(super) fn distribute(layers: &[Panels], kept: Kept, network: &Network) {
    layers.iter().zip(network.dense()).for_each(|(panels, layer)| distribute_layer(panels, kept, layer));
}

/// The way back of one layer.
pub(crate) fn distribute_layer(panels: &Panels, kept: Kept, layer: &Dense) {
    for panel in panels {
        let mut panel = write(panel);
        let (begin, width) = (panel.lane * LANE, panel.weights.width());
        let (weights, bias) = panel.kept_mut(kept);
        if weights.count() > 0 {
            *weights = Rows::of_columns(&layer.weights, begin, width);
            *bias = row(&layer.bias, begin, width);
        }
    }
}
