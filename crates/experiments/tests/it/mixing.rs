//! Autocorrelation of chains: who is asked for it, and what stands in the rows.

use engine::{Evidence, Profile, Rows, pick};
use experiments::mixing::{Machine, Mixing};

use crate::support::{experiment, file, jobs, plan, settings, train};

/// Chains of small machines, and of the top machines of stacks; never of machines whose pixels are held.
#[test]
fn chains_of_three_experiments_are_followed() {
    for (name, own) in [
        ("mnist-rbm-gibbs:ann4", 2),
        ("mnist-rbm-inpainting:ann4", 0),
        ("mnist-rbm-samples:generative", 1),
        ("mnist-dbn-samples:generative", 2),
    ] {
        let points = plan(experiment(name), &settings(Profile::Smoke, &[]));
        assert_eq!(jobs::<Mixing>(&points).len(), own, "{name}");
    }
    let points = plan(experiment("mnist-dbn-samples:generative"), &settings(Profile::Paper, &[]));
    let deepest = jobs::<Mixing>(&points).into_iter().find_map(|(point, job)| match job.machine {
        Machine::Top(stacked) if stacked.widths.len() == 3 => Some((point.needs.len(), stacked.widths)),
        _ => None,
    });
    assert_eq!(deepest, Some((3, vec![1000, 500, 250])));
}

#[test]
fn times_stand_in_the_rows_with_a_word_on_whether_to_trust_them() {
    let trained = train(experiment("mnist-rbm-gibbs:ann4"), &settings(Profile::Smoke, &[]));
    assert!(trained.summary.failed.is_empty(), "{:?}", trained.summary.failed);
    let drawn = trained.draw();
    let rows = Evidence(Rows::from_csv(file(&drawn, "metrics.csv")).unwrap());
    for model in ["rbm7", "rbm3"] {
        let of = |metric: &str| rows.values(pick(metric, &[("model", model)]));
        assert!(of("time_free_energy")[0].is_finite() && of("time_activity")[0].is_finite(), "{model}");
        // Chains that are followed for a hundred steps make both words 0 or 1.
        assert!(
            [of("trusted_free_energy")[0], of("trusted_activity")[0]].iter().all(|x| [0.0, 1.0].contains(x))
        );
        let mean = of("chain_activity")[0];
        assert!(0.0 < mean && mean < 1.0, "{model}: {mean} of the pixels are on");
    }
    assert!(drawn.tables.iter().any(|table| table.caption().starts_with("Integrated autocorrelation times")));
}
