//! Each mistake can be told by the number that its lesson prints; the sound program passes the same test.

use energy::partition::estimate::Interval;
use lessons::annealing::{estimate, known};
use lessons::digits::Digits;
use lessons::labels::worth;
use lessons::momentum::{MOMENTUM, losses};
use lessons::{LESSONS, Program};
use tensor::Seed;

/// The seed that `cargo xtask lesson` uses.
const SEED: u64 = 1;

#[test]
fn moving_first_puts_the_interval_above_log_z_where_temperatures_are_few() {
    let known = known(Seed::new(SEED));
    let above = |interval: Interval| interval.low > known.log_z;
    for seed in 1..=3 {
        let at = |program, steps| estimate(program, &known, steps, Seed::new(seed));
        for steps in [3, 10, 30] {
            let (sound, planted) = (at(Program::Sound, steps), at(Program::Planted, steps));
            assert!(above(planted), "seed {seed}, {steps} steps: {planted:?}, exactly {}", known.log_z);
            assert!(!above(sound), "seed {seed}, {steps} steps: {sound:?}, exactly {}", known.log_z);
        }
        // Both tend to the truth: half a nat is far more than their intervals are wide there.
        for program in [Program::Sound, Program::Planted] {
            let found = at(program, 300).value;
            assert!((found - known.log_z).abs() < 0.5, "{program:?}: {found}, exactly {}", known.log_z);
        }
    }
}

#[test]
fn a_velocity_that_is_not_used_gives_the_losses_of_no_momentum() {
    for seed in 1..=3 {
        let seed = Seed::new(seed);
        let digits = Digits::drawn(1000, 1, seed);
        let of = |program, momentum| losses(program, momentum, &digits, seed).unwrap();
        let without = of(Program::Sound, 0.0);
        assert_eq!(without.len(), 6);
        // The planted step has the same operations in the same order as the plain rule.
        assert_eq!(of(Program::Planted, MOMENTUM), of(Program::Planted, 0.0));
        let pairs = of(Program::Sound, MOMENTUM).into_iter().zip(&without);
        pairs.for_each(|(with, without)| assert!(with < 0.9 * without, "{with} against {without}"));
    }
}

#[test]
fn labels_of_other_images_leave_the_accuracy_at_chance() {
    for seed in 1..=3 {
        let seed = Seed::new(seed);
        let digits = Digits::drawn(2000, 1000, seed);
        let of = |program| worth(program, 10, &digits, seed).unwrap();
        let (sound, planted) = (of(Program::Sound), of(Program::Planted));
        // Three times chance is twenty standard deviations of 1000 guesses away from it.
        assert!(planted.accuracy < 0.3 && planted.loss > 2.0, "{planted:?}");
        assert!(sound.accuracy > 0.8 && sound.loss < 0.5, "{sound:?}");
        assert!(sound.interval[0] < sound.accuracy && sound.accuracy < sound.interval[1]);
    }
}

#[test]
fn the_same_seed_shows_the_same_numbers() {
    for lesson in LESSONS {
        let run = || lesson.run(SEED).unwrap();
        assert_eq!(run(), run(), "lesson {}", lesson.number);
    }
}
