//! A stack is the same wherever its layers lie.

use std::borrow::Cow;
use std::cell::RefCell;

use energy::binary::BinaryChains;
use energy::stack::{self, Chains, Layers};
use energy::{Bernoulli, Dbn, Rbm, VisibleState, coin_flips};
use tensor::binary::Spikes;
use tensor::{Matrix, Seed};
use train::{Snapshot, Tensor, TensorError};

use crate::support::{binary, lively, up};

/// Layers as bytes of files, decoded one at a time; notes which were read.
struct Files {
    bytes: Vec<Vec<u8>>,
    sizes: Vec<(usize, usize)>,
    read: RefCell<Vec<usize>>,
}

impl Files {
    fn new(dbn: &Dbn) -> Self {
        let encode = |rbm: &Rbm| Snapshot { epoch: 0, tensors: Tensor::list(rbm, "") }.encode("");
        let sizes = dbn.rbms().iter().map(|rbm| (rbm.weights.rows(), rbm.weights.cols())).collect();
        Self { bytes: dbn.rbms().iter().map(encode).collect(), sizes, read: RefCell::default() }
    }
}

impl Layers for Files {
    type Error = TensorError;

    fn count(&self) -> usize {
        self.bytes.len()
    }

    fn layer(&self, index: usize) -> Result<Cow<'_, Rbm>, TensorError> {
        self.read.borrow_mut().push(index);
        let (visible, hidden) = self.sizes[index];
        let mut rbm = Rbm {
            visible: Bernoulli::new(visible),
            hidden: Bernoulli::new(hidden),
            weights: Matrix::zeros(visible, hidden),
        };
        Snapshot::decode(&self.bytes[index])?.0.write_into(&mut rbm, "")?;
        Ok(Cow::Owned(rbm))
    }
}

fn deep() -> Dbn {
    Dbn::new(vec![lively(7, 6, 1), lively(6, 5, 2), lively(5, 4, 3)])
}

#[test]
fn recognition_and_reconstruction_are_those_of_the_machines_one_by_one() {
    let (dbn, v) = (deep(), binary(7, 9, 4));
    let files = Files::new(&dbn);
    let [a, b, c] = dbn.rbms() else { panic!("three machines") };
    let mean = c.hidden_mean(&b.hidden_mean(&a.hidden_mean(&v)));
    assert_eq!(stack::up(&files, v.clone(), 3).unwrap(), mean);
    assert_eq!(up(&dbn, &v), mean);
    let mut noise = Seed::new(5).stream();
    let top = c.sample_hidden(&b.sample_hidden(&a.sample_hidden(&v, &mut noise), &mut noise), &mut noise);
    assert_eq!(stack::sample_up(&files, v.clone(), 3, &mut Seed::new(5).stream()).unwrap(), top);
    let down =
        a.sample_visible(&b.sample_visible(&c.sample_visible(&top, &mut noise), &mut noise), &mut noise);
    files.read.borrow_mut().clear();
    let found = stack::reconstruct(&files, &v, &mut Seed::new(5).stream()).unwrap();
    assert_eq!(found.sampled, down);
    assert_eq!(found.mean, a.visible_mean(&b.visible_mean(&c.visible_mean(&mean))));
    assert_eq!(*files.read.borrow(), [0, 1, 2, 2, 1, 0], "each layer once up and once down");
}

/// Chains in the top machine, then one pass down; the listener hears the sweeps and may stop.
#[test]
fn samples_are_chains_at_the_top_and_one_pass_down() {
    let dbn = deep();
    let files = Files::new(&dbn);
    let start = coin_flips(5, 8, &mut Seed::new(6).stream());
    let chains = Chains { sweeps: 7, pause: 3, threads: 1 };
    let mut heard = Vec::new();
    let mut listen = |done: usize| {
        heard.push(done);
        Ok(())
    };
    let found = stack::generate(&files, &start, chains, &mut Seed::new(7).stream(), &mut listen).unwrap();
    assert_eq!(heard, [0, 3, 6]);
    let [a, b, c] = dbn.rbms() else { panic!("three machines") };
    let mut noise = Seed::new(7).stream();
    let mut running = BinaryChains::new(c, &Spikes::from_matrix(&start), 1);
    running.run(7, &mut noise);
    let middle = b.visible(&running.states().to_matrix(), VisibleState::Sampled, &mut noise);
    let means = a.visible_mean(&middle);
    assert_eq!(found.states, a.visible(&middle, VisibleState::Sampled, &mut noise));
    assert_eq!(found.means, means);
    let mut stop = |_| Err(TensorError::Missing { name: "time".into() });
    assert!(stack::generate(&files, &start, chains, &mut Seed::new(7).stream(), &mut stop).is_err());
}
