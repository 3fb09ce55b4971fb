//! The trainers made fast: blocks of samples go forward and back side by side on the threads of a team, then panels of units take in
//! the gradient. What the plain trainers compute, up to rounding, with the same draws; bits do not depend on threads. Networks are
//! sequences of dense layers ([`feedforward::fast::Laid`]); others are left to the plain trainers.

mod adversaries;
mod adversary_pass;
mod vae;
mod vae_pass;

pub(crate) use adversaries::FastAdversaries;
pub(crate) use vae::FastVae;

use feedforward::Network;
use feedforward::fast::{Kept, Laid};
use tensor::binary::Rows;
use train::{Descent, Epoch, Optimiser, Parameters};

/// Samples of a block, where a mini-batch has so many: shares of it keep at least two threads busy.
fn block(batch: usize) -> usize {
    if batch >= 64 { 32 } else { 16 }
}

/// Writes samples, one a column, into rows.
fn set_rows(rows: &mut Rows, columns: &tensor::Matrix, from: usize, count: usize) {
    rows.set_count(count);
    let width = rows.width();
    for s in 0..count {
        rows.row_mut(s)[..width].copy_from_slice(columns.column(from + s));
    }
}

/// The state of a descent as [`train::fit`] has it.
fn optimiser(
    laid: &Laid,
    like: &Network,
    (descent, epoch, steps): (Descent, Epoch, u64),
) -> Optimiser<Network> {
    let moment = |kept| {
        let mut network = like.zeros_like();
        laid.write_into(kept, &mut network);
        network
    };
    Optimiser { descent, epoch, steps, first: moment(Kept::First), second: moment(Kept::Second) }
}
