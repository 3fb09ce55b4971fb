//! One step of either player shared by a team: blocks of samples through generator and critic and back; then panels learn.

use std::sync::RwLock;

use feedforward::fast::{Entry, Laid, Lesson, Passage};
use tensor::Matrix;
use tensor::binary::Rows;
use tensor::layers::{Inputs, Update};
use tensor::team::{read, share, write};

use super::set_rows;
use crate::penalty::of_slope;
use crate::{Objective, Seen};

/// The phases of both steps.
#[derive(Clone, Copy)]
pub(super) enum Stage {
    /// Over blocks: the critic's loss and gradient on real and generated samples, and at points between.
    Judge = 0,
    /// Over the critic's panels: the update.
    LearnCritic = 1,
    /// Over blocks: the generator's loss, back through the critic.
    Draw = 2,
    /// Over the generator's panels: the update.
    LearnGenerator = 3,
}

/// What a block of samples leaves on its way.
pub(super) struct Block {
    begin: usize,
    room: usize,
    z: Rows,
    real: Rows,
    generated: Passage,
    on_real: Passage,
    on_fake: Passage,
    between: Option<Between>,
    /// The part of this block in the means over the mini-batch.
    pub seen: Seen,
}

/// What a penalty needs room for.
struct Between {
    points: Rows,
    slopes: Rows,
    passed: Passage,
    tangents: Passage,
}

impl Between {
    fn set_samples(&mut self, samples: usize) {
        [&mut self.points, &mut self.slopes].into_iter().for_each(|rows| rows.set_count(samples));
        [&mut self.passed, &mut self.tangents].into_iter().for_each(|passage| passage.set_samples(samples));
    }
}

/// The samples at work.
pub(super) struct Batch {
    /// Features × samples.
    pub real: Matrix,
    /// Latent variables × samples.
    pub z: Matrix,
    /// For each sample, its place between a real and a generated one.
    pub shares: Vec<f32>,
    pub count: usize,
    pub update: Update,
}

/// Everything that a team shares; each part behind its own lock, none ever contended.
pub(super) struct Shared {
    pub generator: Laid,
    pub critic: Laid,
    pub blocks: Vec<RwLock<Block>>,
    pub batch: RwLock<Batch>,
    pub objective: Objective,
    pub threads: usize,
}

impl Block {
    pub fn new(begin: usize, room: usize, generator: &Laid, critic: &Laid, objective: Objective) -> Self {
        let features = critic.inputs();
        let between = matches!(objective, Objective::Penalised { .. }).then(|| Between {
            points: Rows::zeros(room, features),
            slopes: Rows::zeros(room, features),
            passed: critic.passage(room),
            tangents: critic.passage(room),
        });
        Self {
            begin,
            room,
            z: Rows::zeros(room, generator.inputs()),
            real: Rows::zeros(room, features),
            generated: generator.passage(room),
            on_real: critic.passage(room),
            on_fake: critic.passage(room),
            between,
            seen: Seen::default(),
        }
    }
}

impl Shared {
    /// The work of one member in one phase.
    pub fn work(&self, member: usize, phase: usize) {
        let batch = &*read(&self.batch);
        let share = |n: usize| share(n, member, self.threads);
        let own = || self.blocks[share(self.blocks.len())].iter();
        match phase {
            phase if phase == Stage::Judge as usize => own().for_each(|b| self.judge(&mut write(b), batch)),
            phase if phase == Stage::Draw as usize => own().for_each(|b| self.draw(&mut write(b), batch)),
            phase => {
                let blocks: Vec<_> = self.blocks.iter().map(read).collect();
                if phase == Stage::LearnCritic as usize {
                    let lessons: Vec<Lesson<'_>> = blocks.iter().flat_map(|b| b.of_critic()).collect();
                    let bound = match self.objective {
                        Objective::Wasserstein { clip } => Some(clip),
                        _ => None,
                    };
                    self.critic.learn(&lessons, &batch.update, bound, share);
                } else {
                    let lessons: Vec<Lesson<'_>> = blocks.iter().map(|b| b.of_generator()).collect();
                    self.generator.learn(&lessons, &batch.update, None, share);
                }
            }
        }
    }

    /// Latent variables into the block, and the samples that the generator makes of them.
    fn generate(&self, block: &mut Block, batch: &Batch) -> usize {
        let end = (block.begin + block.room).min(batch.count);
        let begin = block.begin.min(end);
        let count = end - begin;
        set_rows(&mut block.z, &batch.z, begin, count);
        block.generated.set_samples(count);
        block.on_fake.set_samples(count);
        block.seen = Seen::default();
        self.generator.forward(&mut block.generated, Entry::Dense(&block.z));
        self.critic.forward(&mut block.on_fake, Entry::Dense(block.generated.outputs()));
        begin
    }

    fn judge(&self, block: &mut Block, batch: &Batch) {
        let begin = self.generate(block, batch);
        let count = block.z.count();
        set_rows(&mut block.real, &batch.real, begin, count);
        block.on_real.set_samples(count);
        // A short mini-batch leaves the last blocks empty, which then must hold nothing of the one before.
        if let Some(between) = &mut block.between {
            between.set_samples(count);
        }
        self.critic.forward(&mut block.on_real, Entry::Dense(&block.real));
        let (real, fake) = (outputs(&block.on_real), outputs(&block.on_fake));
        if count == 0 {
            return;
        }
        // Means are over the mini-batch, of which this block is a share.
        let part = count as f64 / batch.count as f64;
        let (loss, [d_real, d_fake]) = self.objective.critic(&real, &fake);
        let right = hits(&real, |r| r > 0.0) + hits(&fake, |f| f <= 0.0);
        block.seen = Seen { loss: part * loss, accuracy: 0.5 * right / batch.count as f64 };
        for (passage, d) in [(&mut block.on_real, d_real), (&mut block.on_fake, d_fake)] {
            set_deltas(passage, &d, part as f32);
            self.critic.backward(passage);
        }
        self.penalise(block, batch, begin);
    }

    /// The penalty at points between ([`crate::penalty`]): its gradient is that of the tangent along `v`.
    fn penalise(&self, block: &mut Block, batch: &Batch, begin: usize) {
        let Objective::Penalised { weight } = self.objective else { return };
        let Some(between) = &mut block.between else { return };
        let count = block.real.count();
        let Between { points, slopes, passed, tangents } = between;
        let width = points.width();
        for s in 0..count {
            let share = batch.shares[begin + s];
            let ends = block.real.floats(s).iter().zip(block.generated.outputs().floats(s));
            let row = points.row_mut(s)[..width].iter_mut();
            row.zip(ends).for_each(|(p, (x, y))| *p = share * x + (1.0 - share) * y);
        }
        self.critic.forward(passed, Entry::Dense(points));
        let ones = Matrix::from_fn(1, count, |_, _| 1.0);
        set_deltas(passed, &ones, 1.0);
        self.critic.backward(passed);
        self.critic.to_inputs(passed, slopes);
        let weight = f64::from(weight) / batch.count as f64;
        for s in 0..count {
            block.seen.loss += of_slope(&mut slopes.row_mut(s)[..width], weight);
        }
        self.critic.tangents(tangents, slopes, passed);
    }

    fn draw(&self, block: &mut Block, batch: &Batch) {
        self.generate(block, batch);
        let count = block.z.count();
        if count == 0 {
            return;
        }
        let part = count as f64 / batch.count as f64;
        let fake = outputs(&block.on_fake);
        let (loss, d) = self.objective.generator(&fake);
        block.seen = Seen { loss: part * loss, accuracy: hits(&fake, |f| f > 0.0) / batch.count as f64 };
        set_deltas(&mut block.on_fake, &d, part as f32);
        self.critic.backward(&mut block.on_fake);
        self.critic.to_inputs(&block.on_fake, block.generated.output_deltas());
        self.generator.backward(&mut block.generated);
    }
}

impl Block {
    /// What the critic learns from.
    fn of_critic(&self) -> Vec<Lesson<'_>> {
        let lesson = |entry, passage| Lesson {
            entry: Inputs::Dense(entry),
            states: passage,
            deltas: passage,
            biased: true,
        };
        let mut lessons =
            vec![lesson(&self.real, &self.on_real), lesson(self.generated.outputs(), &self.on_fake)];
        lessons.extend(self.between.as_ref().map(|between| Lesson {
            entry: Inputs::Dense(&between.slopes),
            states: &between.tangents,
            deltas: &between.passed,
            biased: false,
        }));
        lessons
    }

    /// What the generator learns from.
    fn of_generator(&self) -> Lesson<'_> {
        let passage = &self.generated;
        Lesson { entry: Inputs::Dense(&self.z), states: passage, deltas: passage, biased: true }
    }
}

/// A critic's outputs, 1 × samples.
fn outputs(passage: &Passage) -> Matrix {
    let rows = passage.outputs();
    Matrix::from_fn(1, rows.count(), |_, s| rows.row(s)[0])
}

fn set_deltas(passage: &mut Passage, d: &Matrix, scale: f32) {
    let deltas = passage.output_deltas();
    for s in 0..d.cols() {
        let row = deltas.row_mut(s);
        row.fill(0.0);
        row[0] = scale * d.column(s)[0];
    }
}

fn hits(outputs: &Matrix, holds: impl Fn(f32) -> bool) -> f64 {
    outputs.as_slice().iter().filter(|x| holds(**x)).count() as f64
}
