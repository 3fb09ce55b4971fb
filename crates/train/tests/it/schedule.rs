//! Schedules against PyTorch's.

use train::{Epoch, Schedule};

/// The factors of PyTorch 2.15 with a rate of 1, one step of the scheduler an epoch: `StepLR(3, 0.5)`,
/// `ExponentialLR(0.9)`, `LinearLR(1.0, 0.2, 4)`, `CosineAnnealingLR(5, 0.1)`. The last one is followed to its end only:
/// beyond it PyTorch's rises again and ours stays.
#[test]
fn factors_are_those_of_pytorch() {
    let step = [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25];
    let exponential = [1.0, 0.9, 0.81, 0.729, 0.6561, 0.59049, 0.531441, 0.4782969];
    let linear = [1.0, 0.8, 0.6, 0.4, 0.2, 0.2, 0.2, 0.2];
    let cosine = [1.0, 0.9140576, 0.6890576, 0.4109424, 0.1859424, 0.1, 0.1, 0.1];
    let cases = [
        (Schedule::Constant, [1.0; 8]),
        (Schedule::Step { every: 3, factor: 0.5 }, step),
        (Schedule::Exponential { factor: 0.9 }, exponential),
        (Schedule::Linear { last: 0.2, epochs: Some(4) }, linear),
        (Schedule::Cosine { last: 0.1, epochs: Some(5) }, cosine),
    ];
    for (schedule, expected) in cases {
        for (t, expected) in expected.into_iter().enumerate() {
            let factor = schedule.factor(Epoch { number: t + 1, of: 8 });
            assert!((factor - expected).abs() < 2e-7, "{schedule:?}, epoch {}: {factor}, {expected}", t + 1);
        }
    }
}

#[test]
#[should_panic(expected = "over no epochs")]
fn a_schedule_over_no_epochs_is_a_bug() {
    Schedule::Linear { last: 0.0, epochs: Some(0) }.factor(Epoch::default());
}

/// Of six epochs four at the full rate and two that fall; a run that begins to fall at once is `Linear` to 0.
#[test]
fn a_rate_that_falls_late_is_full_before() {
    let factors =
        |schedule: Schedule| [1, 2, 3, 4, 5, 6].map(|number| schedule.factor(Epoch { number, of: 6 }));
    let late = factors(Schedule::Late { begin: 2.0 / 3.0 });
    for (found, expected) in late.into_iter().zip([1.0, 1.0, 1.0, 1.0, 1.0, 0.5]) {
        // 2/3 is rounded to f32, and what is left of the run is a third.
        assert!((found - expected).abs() < 1e-6, "{late:?}");
    }
    let at_once = factors(Schedule::Late { begin: 0.0 });
    assert_eq!(at_once, factors(Schedule::Linear { last: 0.0, epochs: None }));
}

/// A run as long as the schedule names it: `CosineAnnealingLR(5, 0.1)` again.
#[test]
fn a_schedule_that_names_no_epochs_takes_the_whole_run() {
    for of in [1, 5, 8] {
        for number in 1..=of {
            let epoch = Epoch { number, of };
            let named = Schedule::Cosine { last: 0.1, epochs: Some(of) }.factor(epoch);
            assert_eq!(Schedule::Cosine { last: 0.1, epochs: None }.factor(epoch), named);
            let named = Schedule::Linear { last: 0.1, epochs: Some(of) }.factor(epoch);
            assert_eq!(Schedule::Linear { last: 0.1, epochs: None }.factor(epoch), named);
        }
    }
}
