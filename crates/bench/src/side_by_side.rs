//! Two independent machines, one thread each: what they train together over what one trains alone.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};
use std::thread;

use energy::VisibleState;
use tensor::binary::Spikes;

use crate::timing::{Repetitions, repeat, work_per_second};
use crate::workloads::{Shape, Training};

/// Samples a second of two machines at once, and of one alone just before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Sum of both machines' rates.
    pub together: f64,
    /// Rate of one, the other waiting.
    pub alone: f64,
}

/// Which machines work in a turn: a set of bits; nobody means that it is over.
const BOTH: usize = 0b11;

struct Stage {
    working: AtomicUsize,
    seconds: AtomicU64, // the bits of an f64
    rates: Mutex<[f64; 2]>,
    barrier: Barrier, // two machines and the one who tells them
}

impl Stage {
    /// One turn of the machines in `working`; the sum of their rates.
    fn turn(&self, working: usize, seconds: f64) -> f64 {
        self.working.store(working, Ordering::Relaxed);
        self.seconds.store(seconds.to_bits(), Ordering::Relaxed);
        self.barrier.wait();
        self.barrier.wait();
        let rates = self.rates.lock().expect("no machine panics while it holds the rates");
        (0..2).filter(|machine| working >> machine & 1 == 1).map(|machine| rates[machine]).sum()
    }

    fn serve(&self, machine: usize, training: &mut Training) {
        loop {
            self.barrier.wait();
            let working = self.working.load(Ordering::Relaxed);
            if working == 0 {
                return;
            }
            if working >> machine & 1 == 1 {
                let seconds = f64::from_bits(self.seconds.load(Ordering::Relaxed));
                let rate = work_per_second(seconds, &mut |steps| training.run(steps) as f64);
                self.rates.lock().expect("no machine panics while it holds the rates")[machine] = rate;
            }
            self.barrier.wait();
        }
    }
}

/// Both machines over the same span of time, after each in turn alone.
pub fn side_by_side(data: &Spikes, shape: Shape, visible: VisibleState, budget: f64) -> Repetitions<Pair> {
    let stage = Stage {
        working: AtomicUsize::new(0),
        seconds: AtomicU64::new(0),
        rates: Mutex::new([0.0; 2]),
        barrier: Barrier::new(3),
    };
    thread::scope(|scope| {
        for machine in 0..2 {
            let stage = &stage;
            scope.spawn(move || stage.serve(machine, &mut Training::new(data, shape, visible, 1)));
        }
        let mut turn = 0;
        let repetitions = repeat(budget, |seconds| {
            turn += 1;
            let alone = stage.turn(1 << (turn % 2), seconds / 2.0);
            Pair { alone, together: stage.turn(BOTH, seconds / 2.0) }
        });
        stage.working.store(0, Ordering::Relaxed);
        stage.barrier.wait();
        repetitions
    })
}
