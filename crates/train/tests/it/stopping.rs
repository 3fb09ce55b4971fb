//! Early stopping: which epoch is kept, when the end comes, and that a resumed run chooses the same.

use std::ops::ControlFlow;

use tensor::{Seed, Stream};
use train::{
    EarlyStopping, Epoch, Event, Fit, Outcome, Silent, Snapshot, Tensor, TensorError, Trainee, epochs,
};

/// Counts its epochs; its held-out error is a table.
#[derive(Default)]
struct Counter {
    epoch: u64,
}

impl Trainee for Counter {
    fn begin(&mut self, epoch: Epoch) {
        self.epoch = epoch.number as u64;
    }
    fn step(&mut self, _: &[usize], _: &mut Stream) -> f64 {
        0.5
    }
    fn non_finite(&self) -> Option<String> {
        None
    }
    fn snapshot(&self) -> Snapshot {
        Snapshot { epoch: 0, tensors: vec![Tensor::from_u64("count", vec![], vec![self.epoch])] }
    }
    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), TensorError> {
        self.epoch = snapshot.u64s("count")?[0];
        Ok(())
    }
}

/// Best at epoch 4; epochs 5 to 7 are worse, 8 would be better.
const ERRORS: [f64; 9] = [0.9, 0.5, 0.6, 0.3, 0.4, 0.3, 0.35, 0.1, f64::NAN];

fn watched(patience: usize) -> EarlyStopping<Counter, impl FnMut(&Counter) -> f64> {
    EarlyStopping::new(Counter::default(), patience, |c: &Counter| ERRORS[c.epoch as usize - 1])
}

fn plan(resume: Option<Snapshot>) -> Fit {
    Fit { epochs: 9, batch: 2, seed: Seed::new(1), resume }
}

#[test]
fn the_best_epoch_is_kept_and_patience_ends_training() {
    for (patience, best, last) in [(1, 2, 3), (2, 4, 6), (3, 4, 7), (4, 8, 9)] {
        let mut watched = watched(patience);
        let mut told = Vec::new();
        let mut listen = |event: &Event<'_>| {
            if let Event::Epoch { metrics, .. } = event {
                assert_eq!(metrics[0], ("loss", 0.5));
                assert_eq!(metrics[1].0, "held_out");
                told.push(metrics[1].1);
            }
            ControlFlow::Continue(())
        };
        assert_eq!(epochs(&mut watched, 3, &plan(None), &mut listen), Outcome::Finished);
        assert_eq!((told.len(), watched.trainee.epoch), (last, last as u64), "patience {patience}");
        let kept = watched.best().unwrap();
        assert_eq!((kept.snapshot.epoch, kept.error), (best, ERRORS[best - 1]));
        watched.restore_best().unwrap();
        assert_eq!(watched.trainee.epoch, best as u64);
    }
}

#[test]
fn a_run_stopped_anywhere_and_resumed_keeps_the_same_epoch_and_ends_as_early() {
    for stop in 1..=6 {
        let mut bytes = Vec::new();
        let mut kill = |event: &Event<'_>| match event {
            Event::Epoch { epoch, snapshot, .. } if *epoch == stop => {
                bytes = snapshot().encode("");
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        };
        epochs(&mut watched(2), 3, &plan(None), &mut kill);
        let (snapshot, _) = Snapshot::decode(&bytes).unwrap();
        let mut resumed = watched(2);
        assert_eq!(epochs(&mut resumed, 3, &plan(Some(snapshot)), &mut Silent), Outcome::Finished);
        assert_eq!(
            (resumed.best().unwrap().snapshot.epoch, resumed.trainee.epoch),
            (4, 6),
            "stopped at {stop}"
        );
    }
}

#[test]
fn an_error_that_is_no_number_is_never_the_best_for_long() {
    let mut watched = EarlyStopping::new(Counter::default(), 5, |c: &Counter| match c.epoch {
        1 | 3 => f64::NAN,
        epoch => epoch as f64,
    });
    epochs(&mut watched, 3, &Fit { epochs: 4, ..plan(None) }, &mut Silent);
    assert_eq!(watched.best().unwrap().error, 2.0);
}
