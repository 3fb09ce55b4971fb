//! Many Gibbs chains side by side, for sampling.

use std::sync::Arc;

use tensor::binary::{Rows, Spikes};
use tensor::team::Team;
use tensor::{Matrix, Stream};

use super::panel::rows_to_matrix;
use super::step::{Shared, Stage, read, write};
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
        let shared = Arc::new(Shared::sampling(rbm, start.len(), threads));
        write(&shared.batch).model.on = start.clone();
        let work = Arc::clone(&shared);
        let team = Team::new(shared.threads, Arc::new(move |member, phase| work.work(member, phase)));
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
        let chains = read(&self.shared.batch).fantasies;
        let mut logits = Rows::zeros(chains, self.visible);
        self.shared.visible_logits(0, &mut logits);
        tensor::binary::sigmoid_rows(&mut logits);
        rows_to_matrix(&logits)
    }
}
