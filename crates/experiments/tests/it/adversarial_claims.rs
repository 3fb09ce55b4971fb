//! What the claims about generators and critics make of rows.

use engine::{Evidence, Verdict};
use experiments::adversarial::claims::{
    Equal, Instant, about, alike, all_of, covers_all, higher_and_steadier, more_kinds, partly_collapses,
    settles_about, steadier,
};

/// A metric, further columns, and the values of the seeds.
type Measured<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [f64]);

/// Rows of one model.
fn evidence(model: &str, rows: &[Measured<'_>]) -> Evidence {
    let mut evidence = Evidence::default();
    for (metric, columns, values) in rows {
        for (seed, value) in values.iter().enumerate() {
            let all: Vec<(&str, &dyn std::fmt::Display)> = [("model", &model as &dyn std::fmt::Display)]
                .into_iter()
                .chain([("seed", &seed as &dyn std::fmt::Display)])
                .chain(columns.iter().map(|(name, text)| (*name, text as &dyn std::fmt::Display)))
                .collect();
            evidence.push(metric, *value, &all);
        }
    }
    evidence
}

fn both(a: Evidence, mut b: Evidence) -> Evidence {
    let mut all = a;
    all.rows.append(&mut b.rows);
    all
}

#[test]
fn a_number_is_about_the_reports_within_a_quarter_and_an_eighth() {
    let at = |loss, accuracy| {
        let columns: &[(&str, &str)] = &[("instant", "middle")];
        evidence("m", &[("critic_loss", columns, &[loss]), ("critic_accuracy", columns, &[accuracy])])
    };
    let verdict =
        |loss, accuracy| about(&at(loss, accuracy), "m", ("critic", Instant::Middle), [0.8, 0.5]).verdict;
    assert_eq!(verdict(0.8, 0.5), Verdict::Reproduced);
    assert_eq!(verdict(0.99, 0.62), Verdict::Reproduced);
    assert_eq!(verdict(1.01, 0.5), Verdict::Partly);
    assert_eq!(verdict(0.8, 0.7), Verdict::Partly);
    assert_eq!(verdict(0.5, 0.3), Verdict::NotReproduced);
    // Another instant was not seen.
    let first = about(&at(0.8, 0.5), "m", ("critic", Instant::First), [0.8, 0.5]);
    assert_eq!(first.verdict, Verdict::CannotTell);
}

#[test]
fn plots_compare_means_and_deviations() {
    let rows = evidence(
        "m",
        &[
            ("a_mean", &[], &[0.9]),
            ("b_mean", &[], &[0.1]),
            ("a_spread", &[], &[0.02]),
            ("b_spread", &[], &[0.03]),
        ],
    );
    let verdict = |high, steady| higher_and_steadier(&rows, "m", high, steady).verdict;
    assert_eq!(verdict(["a", "b"], ["a", "b"]), Verdict::Reproduced);
    assert_eq!(verdict(["b", "a"], ["a", "b"]), Verdict::Partly);
    assert_eq!(verdict(["b", "a"], ["b", "a"]), Verdict::NotReproduced);
}

#[test]
fn a_run_of_fewer_epochs_cannot_tell_when_it_settles() {
    let run = |epochs: f64, settled: &[f64]| {
        let rows = evidence(
            "m",
            &[
                ("epochs_run", &[], &[epochs]),
                ("critic_loss_settled", &[], settled),
                ("generator_loss_settled", &[], settled),
            ],
        );
        settles_about(&rows, "m", 6.0).verdict
    };
    assert_eq!(run(100.0, &[6.5]), Verdict::Reproduced);
    assert_eq!(run(100.0, &[50.0]), Verdict::NotReproduced);
    assert_eq!(run(100.0, &[]), Verdict::NotReproduced);
    assert_eq!(run(11.0, &[6.0]), Verdict::CannotTell);
}

/// `NAME`, `NAME_low` and `NAME_high` of one seed.
fn interval(model: &str, metric: &str, [low, value, high]: [f64; 3]) -> Evidence {
    let (below, above) = (format!("{metric}_low"), format!("{metric}_high"));
    evidence(model, &[(metric, &[], &[value]), (&below, &[], &[low]), (&above, &[], &[high])])
}

#[test]
fn intervals_that_meet_tell_neither_likeness_nor_kinds() {
    let near =
        |own| both(interval("m", "nearest_last", own), interval("m", "floor_nearest", [4.0, 5.0, 6.0]));
    assert_eq!(alike(&near([1.0, 2.0, 3.0]), "m").verdict, Verdict::Reproduced);
    assert_eq!(alike(&near([3.0, 4.0, 5.0]), "m").verdict, Verdict::CannotTell);
    assert_eq!(alike(&near([7.0, 8.0, 9.0]), "m").verdict, Verdict::NotReproduced);
    let kinds = |metric: &str, own| both(interval("w", metric, own), interval("g", metric, [4.0, 5.0, 6.0]));
    let verdict = |metric, own, equal| more_kinds(&kinds(metric, own), ["w", "g"], equal).verdict;
    let (steps, compute) = ("effective_classes_last", "effective_classes_compute");
    assert_eq!(verdict(steps, [8.0, 9.0, 9.5], Equal::Steps), Verdict::Reproduced);
    assert_eq!(verdict(steps, [5.0, 6.0, 7.0], Equal::Steps), Verdict::CannotTell);
    assert_eq!(verdict(compute, [1.0, 2.0, 3.0], Equal::Compute), Verdict::NotReproduced);
    // Rows at equal steps say nothing of equal compute.
    assert_eq!(verdict(steps, [8.0, 9.0, 9.5], Equal::Compute), Verdict::CannotTell);
}

#[test]
fn steadiness_wants_five_seeds_that_agree() {
    let metric = "effective_classes_spread_last";
    let judged = |w: &[f64], g: &[f64]| {
        let rows = both(evidence("w", &[(metric, &[], w)]), evidence("g", &[(metric, &[], g)]));
        steadier(&rows, ["w", "g"], Equal::Steps)
    };
    assert_eq!(judged(&[0.1; 5], &[0.2; 5]).verdict, Verdict::Reproduced);
    assert_eq!(judged(&[0.3; 5], &[0.2; 5]).verdict, Verdict::NotReproduced);
    assert_eq!(judged(&[0.1, 0.1, 0.1, 0.1, 0.3], &[0.2; 5]).verdict, Verdict::CannotTell);
    let few = judged(&[0.1; 4], &[0.2; 4]);
    assert_eq!((few.verdict, few.reason.as_str()), (Verdict::CannotTell, "Fewer than 5 seeds were run."));
}

#[test]
fn a_collapse_is_partial_where_classes_are_missing_but_not_all_are_one() {
    let run = |covered: [f64; 4], effective: [f64; 4]| {
        let steps = ["1", "2", "3", "4"];
        let columns: Vec<[(&str, &str); 1]> = steps.iter().map(|step| [("step", *step)]).collect();
        let (covered, effective) = (covered.map(|x| [x]), effective.map(|x| [x]));
        let rows: Vec<Measured<'_>> = (0..4)
            .flat_map(|i| {
                [
                    ("covered", &columns[i][..], &covered[i][..]),
                    ("effective_classes", &columns[i][..], &effective[i][..]),
                ]
            })
            .collect();
        partly_collapses(&evidence("m", &rows), "m").verdict
    };
    assert_eq!(run([1., 1., 9., 10.], [1., 1., 7., 8.]), Verdict::Reproduced);
    assert_eq!(run([1., 1., 10., 10.], [1., 1., 9., 9.]), Verdict::Partly);
    assert_eq!(run([9., 9., 1., 1.], [7., 7., 1., 1.]), Verdict::Partly);
    assert_eq!(run([10., 10., 10., 10.], [9., 9., 1.2, 9.]), Verdict::NotReproduced);
}

#[test]
fn all_samples_of_a_class_and_all_classes_covered() {
    let zeros = |share| evidence("m", &[("share_last", &[("class", "0")], &[share])]);
    assert_eq!(all_of(&zeros(0.95), "m", "0").verdict, Verdict::Reproduced);
    assert_eq!(all_of(&zeros(0.5), "m", "0").verdict, Verdict::NotReproduced);
    assert_eq!(all_of(&zeros(0.95), "m", "1").verdict, Verdict::CannotTell);
    let covered = |count| evidence("m", &[("covered_last", &[], &[count])]);
    assert_eq!(covers_all(&covered(10.0), "m").verdict, Verdict::Reproduced);
    assert_eq!(covers_all(&covered(9.0), "m").verdict, Verdict::NotReproduced);
}
