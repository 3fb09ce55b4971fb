//! A session learns what [`energy`] learns when it is called directly, and the page holds what it is given.
#![allow(clippy::unwrap_used)]

mod node;

use browser::{BATCH, EXAMPLES, HEIGHT, Native, RATE, WIDTH, drawn, named, of_classes, page, train};
use energy::binary::{BinaryTrainer, Capacity};
use energy::{Input, Learning, Rbm};
use tensor::Seed;
use tensor::binary::Spikes;
use train::{Fit, Outcome, Silent, Snapshot, Tensor, epochs};

/// One epoch a call, each resumed from the last one's snapshot, against one uninterrupted run.
#[test]
fn a_session_has_the_weights_of_one_run_through_energy() {
    let letters = of_classes(&drawn(), "AC");
    let session = train(5, &letters, 24, 7);
    let seed = Seed::new(5);
    let rbm = Rbm::new(letters.rows(), 24, seed.child("model", 0));
    let input = Input::Binary(Spikes::from_matrix(&letters));
    let capacity = Capacity { batch: BATCH, threads: 1 };
    let mut trainer = BinaryTrainer::new(&rbm, input, &Learning::cd(1, RATE), capacity).unwrap();
    let plan = Fit { epochs: 7, batch: BATCH, seed: seed.child("fit", 0), resume: None };
    assert_eq!(epochs(&mut trainer, letters.cols(), &plan, &mut Silent), Outcome::Finished);
    let expected = Snapshot { epoch: 0, tensors: Tensor::list(&trainer.rbm(), "") }.encode("");
    assert_eq!(session.weights(), expected);
    assert_ne!(session.rbm(), rbm, "seven epochs leave their marks");
    assert_eq!(session.losses().len(), 7);
}

#[test]
fn the_error_falls_and_samples_are_probabilities() {
    let session = train(1, &of_classes(&drawn(), "ABC"), 50, 40);
    let (first, last) = (session.losses()[0], session.losses()[39]);
    // Reconstructions of a machine that has learnt nothing are coin flips: an error of about a half.
    assert!(last < first / 2.0, "{first} before, {last} after");
    let samples = session.samples(3, 10);
    assert_eq!((samples.rows(), samples.cols()), (320, 3));
    assert!(samples.as_slice().iter().all(|p| (0.0..=1.0).contains(p)));
    assert_eq!(samples, session.samples(3, 10));
}

#[test]
fn other_seeds_and_other_letters_have_other_digests() {
    let runs = [("A", 1), ("B", 1), ("A", 2)].map(|(letters, seed)| Native::run(letters, 10, 2, seed).digest);
    assert!(runs[0] != runs[1] && runs[0] != runs[2] && runs[1] != runs[2], "{runs:?}");
    assert_eq!(runs[0], Native::run("A", 10, 2, 1).digest);
}

#[test]
fn characters_are_named_once_and_in_the_order_of_their_classes() {
    assert_eq!(named("cab, 7! a"), "7ABC");
    assert_eq!(named("é–"), "");
    let images = drawn();
    assert_eq!(of_classes(&images, "BA"), of_classes(&images, "AB"));
    assert_eq!(of_classes(&images, "7AB").cols(), 3 * EXAMPLES);
    assert_eq!(images.to_matrix(&images.of_classes(&[10])), of_classes(&images, "A"), "label 10 is A");
    assert_eq!((of_classes(&images, "A").rows(), HEIGHT * WIDTH), (320, 320));
}

#[test]
fn the_page_fills_every_place_of_its_template_and_asks_no_network() {
    let native = Native::run("AB", 10, 2, 3);
    let text = page(b"\0asm", std::slice::from_ref(&native));
    assert!(text.contains(&native.digest) && text.contains("AGFzbQ=="));
    assert!(!text.contains("{{ "), "a place was left open");
    assert!(!text.contains("http://") && !text.contains("https://"));
}
