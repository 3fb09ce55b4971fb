//! The variational autoencoder of digits: its sizes, what its run leaves, and what the sentences on its pictures mean.

use engine::{Evidence, Profile, Row, Rows, Verdict, pick};
use experiments::arena::Samples;
use experiments::vae::{ImportanceBound, Variational};
use feedforward::Init;
use generative::{Normalised, Vae};
use tensor::Seed;
use train::{Descent, Parameters, Snapshot, Tensor};

use crate::support::{experiment, file, jobs, plan, settings, train};

const NAME: &str = "mnist-vae-samples:generative";

/// Table 11.
#[test]
fn paper_is_what_the_report_says() {
    let points = plan(experiment(NAME), &settings(Profile::Paper, &[]));
    let learnt = jobs::<Variational>(&points);
    // Three autoencoders of three seeds.
    assert_eq!(learnt.len(), 9);
    for (_, job) in &learnt {
        assert_eq!((job.batch, job.epochs, job.images, job.descent), (128, 30, 60_000, Descent::adam(1e-3)));
        assert_eq!(job.shape.hidden, [512, 256]);
    }
    let own = &learnt[0].1.shape;
    assert_eq!((own.latent, own.normalised), (2, Normalised::Batch));
    assert_eq!(Vae::new(own, Init::Uniform, Seed::new(1)).unwrap().count(), 1_074_980);
    let bounds = jobs::<ImportanceBound>(&points);
    assert!(
        !bounds.is_empty() && bounds.iter().all(|(_, job)| job.samples == 5000 && job.shape.latent == 20)
    );
}

/// The classifier is asked about as many test images as its training measured: it must be the same network.
#[test]
fn a_run_leaves_its_figures_and_the_judge_is_the_classifier_that_was_trained() {
    let trained = train(experiment(NAME), &settings(Profile::Smoke, &[("samples", "40")]));
    let drawn = trained.draw();
    for artefact in trained.study.about.artefacts {
        assert!(!file(&drawn, artefact).is_empty(), "{artefact}");
    }
    let judge = trained.plan.points.iter().find(|point| point.label.contains("judges samples")).unwrap();
    let rows = Evidence(trained.store.rows(&judge.key).unwrap());
    let accuracy = |evidence: &Evidence, metric| evidence.values(pick(metric, &[]))[0];
    // One is a share of right ones, the other one less a share of wrong ones.
    let apart = accuracy(&drawn.evidence, "recognised_rightly") - accuracy(&rows, "accuracy_test");
    assert!(apart.abs() < 1e-12, "{apart}");
    let of = |metric: &str, model: &str| drawn.evidence.values(pick(metric, &[("model", model)]));
    assert_eq!(of("parameters", "VAE"), [1_074_980.0]);
    for model in ["VAE", "VAE, not normalised", "VAE, 20 latent"] {
        let [total, likelihood, divergence] =
            ["elbo_test", "log_likelihood_test", "divergence_test"].map(|metric| of(metric, model)[0]);
        assert!((total - (likelihood - divergence)).abs() < 1e-9, "{model}");
        assert!(divergence >= 0.0, "{model}");
    }
    assert_eq!(of("importance_samples", "VAE, 20 latent"), [20.0]);
    assert!(of("importance_samples", "VAE").is_empty(), "grey pixels have no likelihood");
}

/// Rows of one seed: metric, the column `pictures` (or `origin`, for distances), value.
fn evidence(rows: &[(&str, &str, f64)]) -> Evidence {
    let mut all = Rows::default();
    for &(metric, what, value) in rows {
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let columns = match metric {
            "pixels" => vec![pair("origin", what)],
            _ if what == "test images" => vec![pair("model", what), pair("pictures", what)],
            _ => vec![pair("model", "VAE"), pair("pictures", what)],
        };
        let seed = (what != "test images").then(|| pair("seed", "1"));
        let columns = columns.into_iter().chain(seed).collect();
        all.rows.push(Row { columns, epoch: None, metric: metric.to_owned(), value });
    }
    Evidence(all)
}

fn verdict(claim: &str, rows: &[(&str, &str, f64)]) -> Verdict {
    let claims = experiment(NAME).about.claims;
    let claim = claims.iter().find(|own| own.says.contains(claim)).unwrap();
    (claim.test)(&evidence(rows)).verdict
}

#[test]
fn recognition_wants_a_sure_classifier_and_all_ten_digits() {
    let rows = |own: f64, covered: f64| {
        verdict(
            "recognition",
            &[
                ("recognised", "test images", 0.95),
                ("recognised", "samples", own),
                ("covered", "samples", covered),
            ],
        )
    };
    assert_eq!(rows(0.77, 10.0), Verdict::Reproduced);
    assert_eq!(rows(0.75, 10.0), Verdict::Partly);
    assert_eq!(rows(0.77, 9.0), Verdict::Partly);
    assert_eq!(rows(0.5, 8.0), Verdict::NotReproduced);
}

#[test]
fn some_are_blurry_where_twice_as_many_are_as_of_real_images() {
    let samples = |share| verdict("appear blurry", &[("blurred", "samples", share)]);
    assert_eq!(
        [samples(0.05), samples(0.1), samples(1.0)].map(|v| v == Verdict::Reproduced),
        [false, true, true]
    );
    let made = |share| verdict("architecture", &[("blurred", "reconstructions", share)]);
    assert_eq!([made(0.05), made(0.3)], [Verdict::NotReproduced, Verdict::Reproduced]);
}

#[test]
fn good_quality_is_less_than_half_of_the_way_to_noise() {
    let rows = |own| {
        let all =
            [("pixels", "training images", 60.0), ("pixels", "pixel noise", 160.0), ("pixels", "VAE", own)];
        verdict("good quality", &all)
    };
    assert_eq!([rows(100.0), rows(111.0)], [Verdict::Reproduced, Verdict::NotReproduced]);
}

/// A bound whose interval reaches below −100 nats does not count as above.
#[test]
fn a_likelihood_counts_by_the_lower_end_of_its_interval() {
    let rows = |low: f64| {
        let mut all = Rows::default();
        for (metric, value) in [("bound", -95.0), ("bound_low", low)] {
            all.push(metric, value, &[("model", &"VAE, 20 latent"), ("seed", &1)]);
        }
        let claims = experiment(NAME).about.claims;
        let claim = claims.iter().find(|own| own.says.contains("likelier")).unwrap();
        (claim.test)(&Evidence(all)).verdict
    };
    assert_eq!([rows(-99.0), rows(-101.0)], [Verdict::Reproduced, Verdict::NotReproduced]);
}

#[test]
fn samples_that_are_no_pictures_of_digits_are_refused() {
    let file = |name: &str, shape: Vec<usize>, values: Vec<f32>| {
        Samples::of(&Snapshot { epoch: 0, tensors: vec![Tensor::from_f32(name, shape, values)] })
    };
    let refused = |found: anyhow::Result<Samples>| found.unwrap_err().to_string();
    assert_eq!(
        refused(file("means", vec![1, 784], vec![0.0; 784])),
        "expected a tensor named samples or states, found none"
    );
    assert_eq!(
        refused(file("samples", vec![2, 28, 28], vec![0.0; 1568])),
        "samples: expected two dimensions, found [2, 28, 28]"
    );
    assert_eq!(
        refused(file("samples", vec![1, 4], vec![0.0; 4])),
        "samples: expected 28 × 28 pixels, found 4"
    );
    let mut values = vec![0.5; 1568];
    values[784 + 3] = 1.5;
    assert_eq!(
        refused(file("samples", vec![2, 784], values.clone())),
        "samples: expected pixels from 0 to 1, found 1.5 in sample 1"
    );
    values[784 + 3] = 0.25;
    let samples = file("samples", vec![2, 784], values).unwrap();
    assert_eq!(Samples::black_and_white(&samples.0).column(1)[3], 0.0);
    assert_eq!(samples.0.column(1)[3], 0.25);
    assert!(samples.first(3).unwrap_err().to_string().contains("expected 3 samples, found 2"));
}
