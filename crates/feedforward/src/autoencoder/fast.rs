//! The fast code for a tied layer as a [`Trainee`]: the epoch loop drives it, a team runs it.

use std::sync::{Arc, RwLock};

use tensor::binary::Rows;
use tensor::layers::Sparse;
use tensor::team::{Team, read, write};
use tensor::{Seed, Stream};
use train::{Epoch, Optimiser, Parameters, Snapshot, Tensor, TensorError, Trainee};

use super::course::Course;
use super::pass::{Batch, Block, Shared, Stage};
use super::tied::Tied;
use super::{Autoencoder, Cost, Denoising, Stack};
use crate::corruption::BLOCK;
use crate::fast::FastOptions;
use crate::fast::panels::Kept;

/// What [`super::plain`] computes, up to rounding. Bits depend on shapes and data, never on the number of threads.
pub(super) struct FastDenoiser {
    like: Autoencoder,
    shared: Arc<Shared>,
    team: Team,
    room: usize,
    course: Course,
    sums: Vec<f64>, // of each unit's activations over the mini-batch
    cost: Cost,
}

impl FastDenoiser {
    /// Takes over a layer and those below it; none where one of them is not tied.
    pub fn new(
        stack: &Stack,
        layer: usize,
        images: &Arc<Sparse>,
        denoising: Denoising,
        options: FastOptions,
    ) -> Option<Self> {
        let FastOptions { descent, batch, threads } = options;
        let layers = &stack.layers()[..=layer];
        let (batch, several) = (batch.min(images.len()).max(1), batch > BLOCK);
        let update = descent.update(Epoch::default(), 1);
        let tied = layers.iter().map(|layer| Tied::new(layer, update.change, several));
        let tied: Vec<Tied> = tied.collect::<Option<_>>()?;
        let widths: Vec<usize> =
            std::iter::once(stack.inputs()).chain(layers.iter().map(Autoencoder::units)).collect();
        let goal = denoising.goal;
        let block = |begin| RwLock::new(Block::new(begin, BLOCK.min(batch - begin), &widths, goal));
        let blocks: Vec<_> = (0..batch).step_by(BLOCK).map(block).collect();
        let threads = threads.min(blocks.len());
        let own = &layers[layer];
        let slopes = Rows::zeros(1, own.units());
        let shared = Arc::new(Shared {
            layers: tied,
            blocks,
            batch: RwLock::new(Batch { indices: Vec::new(), seed: Seed::new(0), update, slopes }),
            images: Arc::clone(images),
            denoising,
            threads,
        });
        let work = Arc::clone(&shared);
        let team = Team::new(threads, Arc::new(move |member, phase| work.work(member, phase)));
        let (like, sums) = (own.zeros_like(), vec![0.0; own.units()]);
        let (course, cost) = (Course::new(descent), Cost::default());
        Some(Self { like, shared, team, room: batch, course, sums, cost })
    }

    pub fn autoencoder(&self) -> Autoencoder {
        self.shared.own().collect(Kept::Value, &self.like)
    }

    /// The state as [`train::fit`] has it.
    fn optimiser(&self) -> Optimiser<Autoencoder> {
        let moment = |kept| self.shared.own().collect(kept, &self.like);
        let (first, second) = (moment(Kept::First), moment(Kept::Second));
        let Course { descent, epoch, steps, .. } = self.course;
        Optimiser { descent, epoch, steps, first, second }
    }

    /// The penalty of the codes that the blocks hold; its slopes go to the batch.
    fn penalty(&mut self, samples: usize) -> f64 {
        let Some(sparsity) = self.shared.denoising.sparsity else { return 0.0 };
        self.sums.fill(0.0);
        for block in &self.shared.blocks {
            self.sums.iter_mut().zip(&read(block).sums).for_each(|(sum, own)| *sum += own);
        }
        let slopes = &mut write(&self.shared.batch).slopes;
        let units = slopes.width();
        sparsity.penalty(&self.sums, samples, &mut slopes.row_mut(0)[..units])
    }
}

impl Trainee for FastDenoiser {
    fn begin(&mut self, epoch: Epoch) {
        self.course.begin(epoch);
    }

    fn step(&mut self, indices: &[usize], noise: &mut Stream) -> f64 {
        let (samples, room) = (indices.len(), self.room);
        assert!(
            samples <= room,
            "a mini-batch of {samples} samples, where FastOptions::batch made room for {room}"
        );
        self.course.steps += 1;
        {
            let batch = &mut *write(&self.shared.batch);
            batch.indices.clear();
            batch.indices.extend_from_slice(indices);
            batch.seed = noise.next_seed();
            batch.update = self.course.descent.update(self.course.epoch, self.course.steps);
        }
        if self.shared.denoising.sparsity.is_some() {
            self.team.run(Stage::Encode as usize);
            self.cost.penalty = self.penalty(samples);
            self.team.run(Stage::Back as usize);
        } else {
            self.team.run(Stage::Pass as usize);
        }
        self.team.run(Stage::Learn as usize);
        let sum: f64 = self.shared.blocks.iter().map(|block| read(block).cost).sum();
        self.cost.reconstruction = sum / samples as f64;
        self.course.add(self.cost, samples);
        self.cost.total()
    }

    fn non_finite(&self) -> Option<String> {
        if !self.cost.total().is_finite() {
            return self.autoencoder().first_non_finite();
        }
        self.shared.own().non_finite()
    }

    fn measure(&mut self, _: usize, metrics: &mut Vec<(&'static str, f64)>) {
        self.course.measure(metrics);
    }

    fn snapshot(&self) -> Snapshot {
        let mut tensors = Tensor::list(&self.autoencoder(), "model");
        tensors.extend(self.optimiser().tensors());
        Snapshot { epoch: 0, tensors }
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        let (mut own, mut optimiser) = (self.autoencoder(), self.optimiser());
        snapshot.write_into(&mut own, "model")?;
        optimiser.restore(snapshot)?;
        let tied = self.shared.own();
        tied.distribute(Kept::Value, &own);
        tied.distribute(Kept::First, &optimiser.first);
        tied.distribute(Kept::Second, &optimiser.second);
        (self.course.steps, self.cost) = (optimiser.steps, Cost::default());
        Ok(())
    }
}
