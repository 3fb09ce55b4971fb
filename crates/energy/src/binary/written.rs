//! A gradient that is written down, panel by panel: for momentum, decay, schedules, centred units, and as many persistent chains
//! as one likes. Plain contrastive divergence needs none; its update goes straight into the weights.

use tensor::binary::{Rows, VisibleSlope, centre, matrix_of, panels_of};
use tensor::layers::{Change, Moments, Update, descend};
use tensor::simd::LANE;
use train::{Parameters, Snapshot, Tensor, TensorError};

use crate::learning::SLIDING;
use crate::rbm::Rbm;

/// What a panel keeps between steps, and the gradient of the step under way.
pub(super) struct Written {
    /// Visible × panel; zero between steps.
    gradient: Rows,
    /// Of the hidden biases, with the padding of a row.
    slope: Vec<f32>,
    moments: Moments,
    /// Moments of the hidden biases.
    bias: [Vec<f32>; 2],
    /// `λ` of centred units, with the padding of a row; empty where units are not centred.
    offsets: Vec<f32>,
}

/// What one step does with the gradient, the same for all panels.
pub(super) struct Descending {
    pub update: Update,
    /// The gradient of the visible biases.
    pub slope: Vec<f32>,
    /// `μ` of centred units; empty where units are not centred.
    pub means: Vec<f32>,
}

/// All that a descent keeps of a machine, in the machine's own shape.
#[derive(Clone)]
pub(super) struct Kept {
    /// First and second moments; those that the descent does not use are zero.
    pub moments: [Rbm; 2],
    /// `λ`, one for each hidden unit; empty where units are not centred.
    pub offsets: Vec<f32>,
}

impl Written {
    /// Of a panel of these weights, at rest.
    pub fn new(weights: &Rows, change: Change) -> Self {
        let (count, width, padded) = (weights.count(), weights.width(), weights.lanes() * LANE);
        let zeros = || vec![0.0; padded];
        Self {
            gradient: Rows::zeros(count, width),
            slope: zeros(),
            moments: Moments::new(change, count, width),
            bias: [zeros(), zeros()],
            offsets: Vec::new(),
        }
    }

    /// The gradient of the weights, to be added to.
    pub fn gradient(&mut self) -> &mut Rows {
        &mut self.gradient
    }

    /// Moves the offsets of centred units towards the mean of these activities.
    pub fn follow(&mut self, data: &Rows) {
        if self.offsets.is_empty() {
            return;
        }
        self.slope.fill(0.0);
        add_rows(&mut self.slope, 1.0 / data.count() as f32, data);
        for (offset, mean) in self.offsets.iter_mut().zip(&self.slope) {
            *offset += SLIDING * (mean - *offset);
        }
    }

    /// The gradient of the hidden biases: `⟨hₖ⟩ − ⟨h₀⟩`.
    pub fn set_slope(&mut self, data: &Rows, model: &Rows) {
        self.slope.fill(0.0);
        add_rows(&mut self.slope, -1.0 / data.count() as f32, data);
        add_rows(&mut self.slope, 1.0 / model.count() as f32, model);
    }

    /// One step of a panel down its gradient, which is zero afterwards. Adds `Gλ` to `pull` where units are centred.
    pub fn descend(&mut self, step: &Descending, weights: &mut Rows, bias: &mut [f32], pull: &mut [f32]) {
        if !self.offsets.is_empty() {
            let visible = VisibleSlope { slope: &step.slope, means: &step.means };
            centre(&mut self.gradient, visible, &self.offsets, &mut self.slope, pull);
        }
        descend(weights, &mut self.moments, &mut self.gradient, &step.update);
        let [first, second] = &mut self.bias;
        let moments = first.iter_mut().zip(second);
        for ((b, &g), (m, s)) in bias.iter_mut().zip(&self.slope).zip(moments) {
            step.update.apply(b, g, m, s);
        }
    }
}

/// `sums += factor · Σₛ rows[s]`, the samples in their order.
fn add_rows(sums: &mut [f32], factor: f32, rows: &Rows) {
    for s in 0..rows.count() {
        sums.iter_mut().zip(rows.row(s)).for_each(|(sum, x)| *sum += factor * x);
    }
}

impl Kept {
    /// Of a machine at rest.
    pub fn new(rbm: &Rbm, offsets: Vec<f32>) -> Self {
        let zeros = || rbm.zeros_like();
        Self { moments: [zeros(), zeros()], offsets }
    }

    /// Puts everything but what belongs to the visible biases into the panels, which follow each other over the hidden units.
    pub fn give<'a>(&self, panels: impl Iterator<Item = &'a mut Written>) {
        let [first, second] = self.moments.each_ref().map(|moment| panels_of(&moment.weights));
        let mut begin = 0;
        for (p, written) in panels.enumerate() {
            let end = begin + written.gradient.width();
            for (kept, own) in
                [(&first[p], &mut written.moments.first), (&second[p], &mut written.moments.second)]
            {
                if own.count() > 0 {
                    own.flat_mut().copy_from_slice(kept.flat());
                }
            }
            for (own, kept) in written.bias.iter_mut().zip(&self.moments) {
                own[..end - begin].copy_from_slice(&kept.hidden.bias[begin..end]);
            }
            if !self.offsets.is_empty() {
                written.offsets = self.offsets[begin..end].to_vec();
                written.offsets.resize(written.slope.len(), 0.0);
            }
            begin = end;
        }
    }

    /// Gathers the same from the panels.
    pub fn take<'a>(&mut self, panels: impl Iterator<Item = &'a Written>) {
        let written: Vec<&Written> = panels.collect();
        let widths: Vec<usize> = written.iter().map(|w| w.gradient.width()).collect();
        for (place, moment) in self.moments.iter_mut().enumerate() {
            let rows = written.iter().map(|w| [&w.moments.first, &w.moments.second][place]);
            let rows: Vec<&Rows> = rows.collect();
            if rows[0].count() > 0 {
                moment.weights = matrix_of(&rows);
            }
            let biases = written.iter().zip(&widths).flat_map(|(w, &width)| &w.bias[place][..width]);
            moment.hidden.bias = biases.copied().collect();
        }
        if !self.offsets.is_empty() {
            let offsets = written.iter().zip(&widths).flat_map(|(w, &width)| &w.offsets[..width]);
            self.offsets = offsets.copied().collect();
        }
    }

    /// All of it, for a snapshot: `optimiser.first.…`, `optimiser.second.…`, `offsets.hidden`.
    pub fn tensors(&self) -> Vec<Tensor> {
        let [first, second] = &self.moments;
        let mut tensors = Tensor::list(first, "optimiser.first");
        tensors.extend(Tensor::list(second, "optimiser.second"));
        if !self.offsets.is_empty() {
            let offsets = self.offsets.clone();
            tensors.push(Tensor::from_f32("offsets.hidden", vec![offsets.len()], offsets));
        }
        tensors
    }

    /// Takes over what [`Kept::tensors`] wrote.
    ///
    /// # Errors
    /// If something is missing or of another shape.
    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        let [first, second] = &mut self.moments;
        snapshot.write_into(first, "optimiser.first")?;
        snapshot.write_into(second, "optimiser.second")?;
        if !self.offsets.is_empty() {
            snapshot.shaped("offsets.hidden", &[self.offsets.len()])?;
            self.offsets.copy_from_slice(snapshot.f32s("offsets.hidden")?);
        }
        Ok(())
    }
}
