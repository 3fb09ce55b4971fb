//! What measurements are called, in the words of the programs in `tools/peers`.

use crate::data::Samples;
use crate::timing::{Measurement, Repetitions};
use crate::workloads::Shape;

/// Case, metric and unit of some variants.
pub struct Name {
    /// Group of metrics.
    pub case: &'static str,
    /// Shapes.
    pub metric: String,
    /// Unit of the value.
    pub unit: &'static str,
}

impl Name {
    /// The measurement of one variant.
    pub fn of(
        &self,
        variant: &'static str,
        threads: usize,
        data: &Samples,
        repetitions: Repetitions<f64>,
    ) -> Measurement {
        let Self { case, unit, .. } = *self;
        let (metric, data) = (self.metric.clone(), Some(data.source));
        Measurement { case, metric, variant, unit, threads, data, repetitions }
    }
}

/// `f32-128x784x500`.
pub fn product_metric([m, k, n]: [usize; 3]) -> String {
    format!("f32-{m}x{k}x{n}")
}

/// `784x500-b128`.
pub fn digits_metric(shape: Shape) -> String {
    format!("{}x{}-b{}", shape.visible, shape.hidden, shape.batch)
}

/// `320x500-b5-n39`.
pub fn letters_metric(shape: Shape, count: usize) -> String {
    format!("{}-n{count}", digits_metric(shape))
}

/// `784x500-chains100-steps1000`.
pub fn chains_metric((shape, sweeps): (Shape, usize)) -> String {
    format!("{}x{}-chains{}-steps{sweeps}", shape.visible, shape.hidden, shape.batch)
}
