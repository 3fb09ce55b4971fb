//! The one table of likelihoods: what stands in it, and that what is annealed is kept.

use engine::{Evidence, Profile, Rows, pick};
use experiments::dbm::Bound;
use experiments::likelihood::binarised::Binarised;
use experiments::likelihood::estimate::Likelihood;

use experiments::Job;

use crate::support::{experiment, file, jobs, kind, plan, settings, train};

/// Machines, networks, deep machines and mixtures of one kind of digits have a two-sided range in one column, and every walk of
/// annealing is an artefact, so that a run that is stopped does not walk it again.
#[test]
fn machines_networks_and_deep_machines_stand_in_one_column_between_two_bounds() {
    let trained = train(experiment("record-rbm-likelihood:ours"), &settings(Profile::Smoke, &[]));
    assert!(trained.summary.failed.is_empty(), "{:?}", trained.summary.failed);
    let drawn = trained.draw();
    let rows = Evidence(Rows::from_csv(file(&drawn, "metrics.csv")).unwrap());
    let of = |metric: &str, model: &str, digits: &str| {
        rows.values(pick(metric, &[("model", model), ("digits", digits)]))
    };
    for model in ["RBM-500, CD-1", "DBN-500–500, CD-1, bound", "DBM-500–1000, bound"] {
        let [low, value, high] =
            ["_low", "", "_high"].map(|end| of(&format!("log_likelihood{end}"), model, "drawn once")[0]);
        assert!(low <= value && value <= high && low < high, "{model}: {low} {value} {high}");
        assert!((high - low - of("width", model, "drawn once")[0]).abs() < 1e-9, "{model}");
    }
    assert_eq!(of("log_likelihood", "independent pixels", "drawn once").len(), 1);
    assert!(of("log_likelihood", "DBM-500–1000, bound", "above 128").is_empty(), "it has learnt the others");
    for point in
        trained.plan.points.iter().filter(|p| [Likelihood::KIND, Bound::KIND].contains(&&kind(p)[..]))
    {
        for walk in ["forward", "settled", "reverse"] {
            let found = trained.store.read(&point.key, &format!("{walk}.safetensors"));
            assert!(found.is_ok(), "{}: {walk}", point.label);
        }
    }
}

/// A deep machine's bound is of the digits that it has learnt from, in every point of it.
#[test]
fn a_deep_machine_is_measured_on_digits_of_its_own_kind() {
    let points = plan(experiment("record-rbm-likelihood:ours"), &settings(Profile::Paper, &[]));
    let bounds = jobs::<Bound>(&points);
    assert!(!bounds.is_empty() && bounds.iter().all(|(_, job)| job.binarised == Binarised::Drawn));
    let joint = jobs::<experiments::dbm::Joint>(&points);
    assert!(joint.iter().all(|(_, job)| job.binarised == Binarised::Drawn && job.sweeps == 5));
}
