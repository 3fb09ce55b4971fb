//! THE epoch loop: what it visits, tells, and keeps; how it stops and goes on.

use std::ops::ControlFlow;

use tensor::{Matrix, Seed, Stream};
use train::{Event, Fit, Optimiser, Outcome, Rule, Silent, Snapshot, fit};

use crate::toy::Toy;

const ADAM: Rule = Rule::Adam { beta1: 0.9, beta2: 0.999 };

fn start() -> Toy {
    Toy::new([0.0; 6], [1.0, -1.0])
}

fn plan(epochs: usize) -> Fit {
    Fit { epochs, batch: 3, seed: Seed::new(5), resume: None }
}

/// A noisy pull towards numbers that depend on the samples of the batch.
fn step(toy: &Toy, batch: &[usize], noise: &mut Stream) -> (f64, Toy) {
    let mut shake = Matrix::zeros(8, 1);
    noise.normal(&mut shake, 0.1);
    let target = batch.iter().sum::<usize>() as f32 / batch.len() as f32;
    let g: Vec<f32> = toy.flat().iter().zip(shake.as_slice()).map(|(x, n)| x - target + n).collect();
    let loss = g.iter().map(|g| f64::from(*g).powi(2)).sum();
    (loss, Toy::new(g[..6].try_into().unwrap(), g[6..].try_into().unwrap()))
}

fn run(toy: &mut Toy, plan: &Fit, observer: &mut dyn train::Observer) -> Outcome {
    fit(toy, &mut Optimiser::new(ADAM, 0.1, &start()), 10, plan, observer, step)
}

#[test]
fn every_epoch_visits_every_sample_once_in_another_order() {
    let mut batches = Vec::new();
    let mut toy = start();
    let outcome = fit(
        &mut toy,
        &mut Optimiser::new(ADAM, 0.1, &start()),
        10,
        &plan(3),
        &mut Silent,
        |toy, batch, noise| {
            batches.push(batch.to_vec());
            step(toy, batch, noise)
        },
    );
    assert_eq!(outcome, Outcome::Finished);
    assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 3, 1, 3, 3, 3, 1, 3, 3, 3, 1]);
    let orders: Vec<Vec<usize>> = batches.chunks(4).map(<[_]>::concat).collect();
    for order in &orders {
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..10).collect::<Vec<_>>());
    }
    assert!(orders[0] != orders[1] && orders[1] != orders[2]);
}

#[test]
fn the_loss_of_an_epoch_is_the_mean_over_its_samples() {
    let mut told = Vec::new();
    let mut observer = |event: &Event<'_>| {
        match event {
            Event::Begin { epochs, done } => told.push((*epochs, *done as f64)),
            Event::Epoch { epoch, metrics, .. } => told.push((*epoch, metrics[0].1)),
            Event::End => told.push((0, 0.0)),
        }
        ControlFlow::Continue(())
    };
    let mut toy = start();
    let mut optimiser = Optimiser::new(ADAM, 0.1, &start());
    // Each batch reports its size, so that the mean over samples is (3·3 + 3·3 + 3·3 + 1·1) / 10.
    fit(&mut toy, &mut optimiser, 10, &plan(2), &mut observer, |toy, batch, noise| {
        (batch.len() as f64, step(toy, batch, noise).1)
    });
    assert_eq!(told, [(2, 0.0), (1, 2.8), (2, 2.8), (0, 0.0)]);
}

#[test]
fn a_run_stopped_anywhere_and_resumed_from_bytes_ends_with_the_same_bits() {
    let mut straight = start();
    let mut last = None;
    let mut keep = |event: &Event<'_>| {
        if let Event::Epoch { epoch: 6, snapshot, .. } = event {
            last = Some(snapshot());
        }
        ControlFlow::Continue(())
    };
    assert_eq!(run(&mut straight, &plan(6), &mut keep), Outcome::Finished);
    for stop in 1..6 {
        let mut bytes = Vec::new();
        let mut kill = |event: &Event<'_>| match event {
            Event::Epoch { epoch, snapshot, .. } if *epoch == stop => {
                bytes = snapshot().encode("");
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        };
        assert_eq!(run(&mut start(), &plan(6), &mut kill), Outcome::Stopped { epoch: stop });
        let (snapshot, _) = Snapshot::decode(&bytes).unwrap();
        assert_eq!(snapshot.epoch, stop);
        // Goes on in a model that begins anywhere, and tells what was done before.
        let (mut resumed, mut begin, mut end) = (Toy::new([9.0; 6], [9.0; 2]), None, None);
        let mut listen = |event: &Event<'_>| {
            match event {
                Event::Begin { epochs, done } => begin = Some((*epochs, *done)),
                Event::Epoch { epoch: 6, snapshot, .. } => end = Some(snapshot()),
                _ => {}
            }
            ControlFlow::Continue(())
        };
        let plan = Fit { resume: Some(snapshot), ..plan(6) };
        assert_eq!(run(&mut resumed, &plan, &mut listen), Outcome::Finished);
        assert!(resumed == straight && end == last && begin == Some((6, stop)));
    }
}

#[test]
fn a_finished_snapshot_trains_no_further() {
    let mut last = None;
    let mut keep = |event: &Event<'_>| {
        if let Event::Epoch { snapshot, .. } = event {
            last = Some(snapshot());
        }
        ControlFlow::Continue(())
    };
    let mut toy = start();
    run(&mut toy, &plan(2), &mut keep);
    for epoch in [2, 3, usize::MAX] {
        let resume = Some(Snapshot { epoch, ..last.clone().unwrap() });
        let mut resumed = start();
        assert_eq!(run(&mut resumed, &Fit { resume, ..plan(2) }, &mut Silent), Outcome::Finished);
        assert_eq!(resumed, toy);
    }
}

#[test]
fn divergence_names_parameter_epoch_and_step_or_the_loss() {
    let diverge = |at: usize, nan: fn(&mut f64, &mut Toy)| {
        let mut steps = 0;
        let mut optimiser = Optimiser::new(Rule::Sgd { momentum: 0.0 }, 0.1, &start());
        fit(&mut start(), &mut optimiser, 10, &plan(5), &mut Silent, |toy, batch, noise| {
            let (mut loss, mut gradient) = step(toy, batch, noise);
            steps += 1;
            if steps == at {
                nan(&mut loss, &mut gradient);
            }
            (loss, gradient)
        })
    };
    let named = |epoch, step, what: &str| Outcome::Diverged { epoch, step, what: what.to_owned() };
    assert_eq!(diverge(6, |_, g| g.bias[1] = f32::NAN), named(2, 2, "bias"));
    assert_eq!(diverge(1, |_, g| g.matrix[0] = f32::INFINITY), named(1, 1, "matrix"));
    assert_eq!(diverge(12, |loss, _| *loss = f64::NAN), named(3, 4, "loss"));
    assert_eq!(diverge(21, |loss, _| *loss = f64::NAN), Outcome::Finished);
}

#[test]
fn a_snapshot_of_another_model_is_a_mismatch() {
    let plan = Fit { resume: Some(Snapshot::default()), ..plan(2) };
    let mut toy = start();
    match run(&mut toy, &plan, &mut Silent) {
        Outcome::Mismatch(error) => assert!(error.to_string().contains("model.matrix"), "{error}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(toy, start());
}

#[test]
fn an_observer_may_stop_before_the_first_epoch() {
    let mut toy = start();
    let mut stop = |_: &Event<'_>| ControlFlow::Break(());
    assert_eq!(run(&mut toy, &plan(2), &mut stop), Outcome::Stopped { epoch: 0 });
    assert_eq!(toy, start());
}

#[test]
#[should_panic(expected = "0 samples in batches of 3")]
fn no_samples_are_a_bug() {
    let mut optimiser = Optimiser::new(ADAM, 0.1, &start());
    fit(&mut start(), &mut optimiser, 0, &plan(1), &mut Silent, step);
}
