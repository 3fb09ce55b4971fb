//! One mini-batch shared by a team: phases over groups of hidden units and blocks of samples.

use std::sync::RwLock;

use tensor::binary::{
    Blocks, Keys, Patterns, Rows, Spikes, add_samples, pays, reconstruct, sample_rows, scale_rows,
    sigmoid_rows, sum_of_squares, sum_rows,
};
use tensor::{COLUMN_BLOCK, Seed, team};

pub(super) use tensor::team::{read, write};

use super::halves::{Lists, Side};
use super::panel::{Group, Phase, Visible, groups_of};
use super::written::Descending;
use crate::gibbs::VisibleState;
use crate::rbm::Rbm;

/// The phases of a step, in the order in which they run.
#[derive(Clone, Copy)]
pub(super) enum Stage {
    /// Over groups: hidden from data, sampled, and down. Beside persistent chains nothing is sampled, and only the means of a few
    /// samples go down.
    FromData = 0,
    /// Over blocks of samples: visible logits to states.
    Reconstruct = 1,
    /// Over groups: hidden from the reconstruction, sampled, and down again.
    Onward = 2,
    /// Over groups: hidden from the last reconstruction, and the update.
    Learn = 3,
    /// Over groups: hidden from the model's states.
    Up = 4,
    /// Over groups: hidden sampled at a temperature from the logits that are there, which stay, and down.
    Cool = 5,
    /// Over groups: what the hidden units, summed out, change in each chain's weight.
    Weigh = 6,
}

const STAGES: [Stage; 7] =
    [Stage::FromData, Stage::Reconstruct, Stage::Onward, Stage::Learn, Stage::Up, Stage::Cool, Stage::Weigh];

/// Eight samples on the visible side.
pub(super) struct Block {
    logits: Rows,
    states: Rows,
    on: Spikes,
    /// Sum over samples and pixels of the squared difference to the data.
    error: f64,
    /// `Σₛ v` of the reconstruction.
    sums: Vec<f32>,
}

/// Visible states of a mini-batch: lists of on-pixels, or probabilities.
pub(super) struct States {
    pub binary: bool,
    pub on: Spikes,         // visible × samples; empty columns beside probabilities
    pub by_unit: Spikes,    // for each visible unit, the samples in which it is on
    pub patterns: Patterns, // the same as bits, where the samples are few
    pub keys: Keys,         // `on` as bits, where that is faster; otherwise empty
    pub mean: Blocks,       // samples × visible
}

impl States {
    pub fn new(visible: usize, samples: usize, binary: bool) -> Self {
        // Lists of binary states need no room for probabilities.
        let mean = Blocks::zeros(if binary { 0 } else { samples }, visible);
        let (on, by_unit) = (Spikes::new(visible), Spikes::new(visible));
        Self { binary, on, by_unit, patterns: Patterns::default(), keys: Keys::default(), mean }
    }

    pub fn len(&self) -> usize {
        self.on.len()
    }

    fn shown(&self, few: bool) -> Visible<'_> {
        match self.binary {
            false => Visible::Mean(&self.mean),
            true if few && self.patterns.are_sorted() => Visible::Few(&self.patterns),
            true if self.keys.is_empty() => Visible::Binary(&self.on),
            true => Visible::Keys(&self.keys),
        }
    }

    fn side(&self, few: bool) -> Side<'_> {
        let on = if few { Lists::Few(&self.patterns) } else { Lists::ByUnit(&self.by_unit) };
        Side { on, mean: (!self.binary).then_some(&self.mean) }
    }

    /// Notes what is on in the form that the way up wants: bits by unit where the samples are few, bits by sample
    /// where many units are on in many samples.
    pub fn index(&mut self, few: bool) {
        self.keys.clear();
        if few {
            self.patterns.set(&self.on);
        } else if pays(&self.on) {
            self.keys.set_lists(&self.on);
        }
    }

    /// Makes the lists by visible unit.
    pub fn transpose(&mut self) {
        let on = &self.on;
        self.by_unit.set_transposed(on.rows(), (0..on.len()).map(|s| on.column(s)));
    }

    /// `sums += Σₛ v`.
    pub fn add_to(&self, sums: &mut [f32]) {
        if !self.binary {
            return add_samples(sums, &self.mean);
        }
        for s in 0..self.len() {
            self.on.column(s).iter().for_each(|&v| sums[v as usize] += 1.0);
        }
    }

    /// `Σᵥ (x − v)²` for sample `s`.
    fn squared_error(&self, s: usize, row: &[f32]) -> f64 {
        if self.binary {
            return squared_error(row, self.on.column(s));
        }
        row.iter().zip(self.mean.floats(s)).map(|(x, v)| f64::from(x - v).powi(2)).sum()
    }
}

/// What every member reads during a phase.
pub(super) struct Batch {
    pub data: States,
    pub model: States,
    /// Whether a mini-batch is a handful of samples.
    pub few: bool,
    pub seed: Seed,
    pub rate: f32,
    /// Where the gradient is written down: what is done with it.
    pub descending: Option<Descending>,
    /// States that stand for the model: persistent chains, or as many reconstructions as samples.
    pub fantasies: usize,
    /// The inverse temperature of sampling, and the one that it comes from.
    pub betas: [f64; 2],
}

impl Batch {
    /// Of states yet to be filled, without seed, rate and descent.
    pub fn new(data: States, model: States, few: bool) -> Self {
        Self {
            data,
            model,
            few,
            seed: Seed::new(0),
            rate: 0.0,
            descending: None,
            fantasies: 0,
            betas: [1.0; 2],
        }
    }
}

/// Samples of a mini-batch that are reconstructed for the loss beside persistent chains, which reconstruct nothing.
const PROBED: usize = COLUMN_BLOCK;

/// Everything that a team shares; each part behind its own lock, none ever contended.
pub(super) struct Shared {
    pub groups: Vec<RwLock<Group>>,
    pub blocks: Vec<RwLock<Block>>,
    pub batch: RwLock<Batch>,
    pub visible_bias: RwLock<Vec<f32>>,
    pub visible: VisibleState,
    /// Whether the model's states are chains that live on from step to step.
    pub persistent: bool,
    /// Whether reconstructions go down and up in one pass: by one thread, with mean-field visible units.
    pub one_pass: bool,
    pub threads: usize,
}

impl Shared {
    /// A machine, and so many chains that are sampled and learn nothing.
    pub fn sampling(rbm: &Rbm, chains: usize, threads: usize) -> Self {
        let visible = rbm.weights.rows();
        let groups = groups_of(rbm, chains);
        let threads = threads.min(groups.len());
        let states = || States::new(visible, chains, true);
        Self {
            groups: groups.into_iter().map(RwLock::new).collect(),
            blocks: Self::blocks(chains, visible),
            batch: RwLock::new(Batch { fantasies: chains, ..Batch::new(states(), states(), false) }),
            visible_bias: RwLock::new(rbm.visible.bias.clone()),
            visible: VisibleState::Sampled,
            persistent: true,
            one_pass: false,
            threads,
        }
    }

    /// Blocks for up to `samples` samples of `visible` units.
    pub fn blocks(samples: usize, visible: usize) -> Vec<RwLock<Block>> {
        let block = |begin: usize| {
            let rows = || Rows::zeros(COLUMN_BLOCK.min(samples - begin), visible);
            RwLock::new(Block {
                logits: rows(),
                states: rows(),
                on: Spikes::new(visible),
                error: 0.0,
                sums: vec![0.0; visible],
            })
        };
        (0..samples).step_by(COLUMN_BLOCK).map(block).collect()
    }

    /// The work of one member in one phase.
    pub fn work(&self, member: usize, phase: usize) {
        let stage = STAGES[phase];
        let batch = read(&self.batch);
        let share = |n: usize| team::share(n, member, self.threads);
        if let Stage::Reconstruct = stage {
            let blocks = batch.fantasies.div_ceil(COLUMN_BLOCK);
            return share(blocks).for_each(|b| self.reconstruct(b, &batch));
        }
        for group in &self.groups[share(self.groups.len())] {
            let mut group = write(group);
            match stage {
                Stage::FromData => {
                    group.set_samples(batch.data.len(), batch.fantasies);
                    group.up(&batch.data.shown(batch.few), Phase::Data);
                    match self.persistent {
                        true => group.probe(PROBED.min(batch.data.len())),
                        false => self.sample_down(&mut group, Phase::Data, &batch),
                    }
                }
                Stage::Onward => {
                    group.set_samples(batch.data.len(), batch.fantasies);
                    self.up_from_model(&mut group, &batch);
                    self.sample_down(&mut group, Phase::Model, &batch);
                }
                Stage::Learn => {
                    self.up_from_model(&mut group, &batch);
                    let (data, model) = (batch.data.side(batch.few), batch.model.side(batch.few));
                    match &batch.descending {
                        Some(step) => group.descend(step, &data, &model),
                        None => group.update(batch.rate, &data, &model),
                    }
                }
                Stage::Up => {
                    group.set_samples(batch.fantasies, batch.fantasies);
                    self.up_from_model(&mut group, &batch);
                }
                Stage::Cool => {
                    group.cool(batch.betas[1] as f32, batch.seed);
                    group.down();
                }
                Stage::Weigh => group.weigh(batch.betas),
                Stage::Reconstruct => {}
            }
        }
    }

    fn up_from_model(&self, group: &mut Group, batch: &Batch) {
        if !self.one_pass {
            group.up(&batch.model.shown(batch.few), Phase::Model);
        }
    }

    fn sample_down(&self, group: &mut Group, phase: Phase, batch: &Batch) {
        group.sample(phase, batch.seed);
        if !self.one_pass {
            group.down();
        }
    }

    /// The reconstruction in one pass: visible means into the batch, the model's logits into the panels. Returns the
    /// squared error, and `Σₛ v` in `sums`.
    pub fn down_and_up(&self, sums: &mut [f32]) -> f64 {
        let Batch { data, model, .. } = &mut *write(&self.batch);
        let samples = data.len();
        model.mean.set_count(samples);
        model.on.clear();
        let mut groups: Vec<_> = self.groups.iter().map(write).collect();
        let mut passes: Vec<_> = groups.iter_mut().flat_map(|group| group.passes()).collect();
        reconstruct(&mut model.mean, &read(&self.visible_bias), &mut passes);
        (0..samples).for_each(|_| model.on.push([]));
        sums.fill(0.0);
        add_samples(sums, &model.mean);
        (0..samples).map(|s| data.squared_error(s, model.mean.floats(s))).sum()
    }

    /// Visible states of one block of samples, from what the groups sent down.
    fn reconstruct(&self, index: usize, batch: &Batch) {
        let begin = index * COLUMN_BLOCK;
        let samples = COLUMN_BLOCK.min(batch.fantasies - begin);
        let block = &mut *write(&self.blocks[index]);
        block.logits.set_count(samples);
        block.states.set_count(samples);
        self.visible_logits(begin, &mut block.logits);
        let beta = batch.betas[1] as f32;
        if beta != 1.0 {
            scale_rows(&mut block.logits, beta);
        }
        match self.visible {
            VisibleState::Sampled => {
                sample_rows(&mut block.logits, &mut block.states, batch.seed.child("visible", index as u64));
            }
            VisibleState::Mean => sigmoid_rows(&mut block.logits),
        }
        let shown = if self.visible == VisibleState::Sampled { &block.states } else { &block.logits };
        block.on.clear();
        block.error = 0.0;
        block.sums.fill(0.0);
        for s in 0..samples {
            let row = shown.floats(s);
            block.sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
            if !self.persistent {
                block.error += batch.data.squared_error(begin + s, row);
            }
            if self.visible == VisibleState::Sampled {
                block.on.push_where_on(row);
            } else {
                block.on.push([]);
            }
        }
    }

    /// `a + Σ down` over the groups, in their order.
    pub fn visible_logits(&self, begin: usize, logits: &mut Rows) {
        let groups: Vec<_> = self.groups.iter().map(read).collect();
        let parts: Vec<&Rows> = groups.iter().map(|group| &group.down).collect();
        sum_rows(logits, &read(&self.visible_bias), &parts, begin);
    }

    /// The mean squared error, per sample and pixel, of the samples that [`Group::probe`] sent down.
    pub fn probed_error(&self) -> f64 {
        let batch = &*read(&self.batch);
        let samples = PROBED.min(batch.data.len());
        let block = &mut *write(&self.blocks[0]);
        block.logits.set_count(samples);
        self.visible_logits(0, &mut block.logits);
        sigmoid_rows(&mut block.logits);
        let errors = (0..samples).map(|s| batch.data.squared_error(s, block.logits.floats(s)));
        errors.sum::<f64>() / (samples * block.logits.width()) as f64
    }

    /// Gathers the blocks' states into the batch; their sums and errors are added in block order.
    pub fn assemble(&self, sums: &mut [f32]) -> f64 {
        let batch = &mut *write(&self.batch);
        let (samples, few) = (batch.fantasies, batch.few);
        let model = &mut batch.model;
        model.on.clear();
        if !model.binary {
            model.mean.set_count(samples);
        }
        let mut error = 0.0;
        sums.fill(0.0);
        for (index, block) in self.blocks[..samples.div_ceil(COLUMN_BLOCK)].iter().enumerate() {
            let block = &mut *write(block);
            error += block.error;
            sums.iter_mut().zip(&block.sums).for_each(|(sum, x)| *sum += x);
            model.on.append(&block.on);
            if !model.binary {
                model.mean.swap(index, &mut block.logits);
            }
        }
        model.index(few);
        error
    }
}

/// `Σᵥ (x − v)²` with `v` given by its on-pixels: `Σ x² + Σ_on (1 − 2x)`.
fn squared_error(row: &[f32], on: &[u32]) -> f64 {
    // Eight running sums: an addition to one does not have to wait for the addition before it.
    let mut listed = [0.0_f32; 8];
    let (whole, rest) = on.as_chunks::<8>();
    for eight in whole {
        for (sum, &v) in listed.iter_mut().zip(eight) {
            *sum += 1.0 - 2.0 * row[v as usize];
        }
    }
    for (sum, &v) in listed.iter_mut().zip(rest) {
        *sum += 1.0 - 2.0 * row[v as usize];
    }
    f64::from(sum_of_squares(row)) + f64::from(listed.iter().sum::<f32>())
}
