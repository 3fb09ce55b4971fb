//! Many Gibbs chains side by side, for sampling.

use std::sync::{Arc, RwLock};

use tensor::binary::{Rows, Spikes};
use tensor::team::Team;
use tensor::{Matrix, Stream};

use super::panel::{groups_of, rows_to_matrix};
use super::step::{Batch, Shared, Stage, States, read, write};
use crate::gibbs::VisibleState;
use crate::rbm::Rbm;

/// Block Gibbs sampling of binary chains: `h ~ p(h | v)`, then `v ~ p(v | h)`, again and again.
pub struct BinaryChains {
    shared: Arc<Shared>,
    team: Team,
    visible: usize,
}

impl BinaryChains {
    /// Chains that start at the given visible states (visible × chains).
    ///
    /// # Panics
    /// If the states do not fit the machine, there are none, or `threads` is 0.
    pub fn new(rbm: &Rbm, start: &Spikes, threads: usize) -> Self {
        let visible = rbm.weights.rows();
        assert_eq!(start.rows(), visible, "states of {} rows for {visible} visible units", start.rows());
        assert!(!start.is_empty() && threads > 0, "{} chains on {threads} threads", start.len());
        let groups = groups_of(rbm, start.len());
        let threads = threads.min(groups.len());
        let states = || States { on: start.clone(), ..States::new(visible, start.len(), true) };
        let batch = Batch { fantasies: start.len(), ..Batch::new(states(), states(), false) };
        let shared = Arc::new(Shared {
            groups: groups.into_iter().map(RwLock::new).collect(),
            blocks: Shared::blocks(start.len(), visible),
            batch: RwLock::new(batch),
            visible_bias: RwLock::new(rbm.visible.bias.clone()),
            visible: VisibleState::Sampled,
            persistent: false,
            one_pass: false,
            threads,
        });
        for group in &shared.groups {
            write(group).set_samples(start.len(), start.len());
        }
        let work = Arc::clone(&shared);
        let team = Team::new(threads, Arc::new(move |member, phase| work.work(member, phase)));
        Self { shared, team, visible }
    }

    /// Advances every chain by `sweeps` full Gibbs steps.
    pub fn run(&mut self, sweeps: usize, noise: &mut Stream) {
        let mut sums = vec![0.0; self.visible];
        for _ in 0..sweeps {
            write(&self.shared.batch).seed = noise.next_seed();
            self.team.run(Stage::Onward as usize);
            self.team.run(Stage::Reconstruct as usize);
            self.shared.assemble(&mut sums);
        }
    }

    /// The visible states as lists.
    pub fn states(&self) -> Spikes {
        read(&self.shared.batch).model.on.clone()
    }

    /// `⟨v⟩` given the hidden states of the last sweep (visible × chains): what a picture shows without its last
    /// coin flips. Before the first sweep, zero hidden inputs.
    pub fn means(&self) -> Matrix {
        let chains = read(&self.shared.batch).data.len();
        let mut logits = Rows::zeros(chains, self.visible);
        self.shared.visible_logits(0, &mut logits);
        tensor::binary::sigmoid_rows(&mut logits);
        rows_to_matrix(&logits)
    }
}
