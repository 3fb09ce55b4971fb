//! Claims, the evidence that they look at, and the rows that it is made of.

use engine::predicates::spread;
use engine::{Evidence, Rows, Verdict, pick};
use proptest::prelude::*;
use report::number;

/// Errors of two models over three seeds, and a curve over `size`.
fn evidence(a: [f64; 3], b: [f64; 3]) -> Evidence {
    let mut evidence = Evidence::default();
    for (seed, (a, b)) in a.into_iter().zip(b).enumerate() {
        evidence.push("error", a, &[("model", &"a"), ("seed", &seed)]);
        evidence.push("error", b, &[("model", &"b"), ("seed", &seed)]);
    }
    evidence
}

const A: (&str, &[(&str, &str)]) = ("error", &[("model", "a")]);
const B: (&str, &[(&str, &str)]) = ("error", &[("model", "b")]);

#[test]
fn a_claim_is_reproduced_when_every_seed_says_so_and_not_when_none_does() {
    let verdict = |a, b| evidence(a, b).above(pick(A.0, A.1), pick(B.0, B.1)).verdict;
    assert_eq!(
        verdict([2.0, 3.0, 4.0], [1.0, 2.0, 3.0]),
        Verdict::Reproduced,
        "seed by seed, though ranges overlap"
    );
    assert_eq!(verdict([1.0, 1.0, 1.0], [2.0, 2.0, 2.0]), Verdict::NotReproduced);
    assert_eq!(verdict([1.0, 3.0, 1.0], [2.0, 2.0, 2.0]), Verdict::Inconclusive);
    assert_eq!(
        verdict([f64::NAN; 3], [1.0; 3]),
        Verdict::NotReproduced,
        "what is not a number is above nothing"
    );
}

#[test]
fn a_claim_without_rows_is_inconclusive() {
    let finding = Evidence::default().above(pick(A.0, A.1), pick(B.0, B.1));
    assert_eq!(finding.verdict, Verdict::Inconclusive);
    assert!(finding.why.contains("no rows"), "{}", finding.why);
}

#[test]
fn of_several_epochs_the_last_counts_and_of_several_rows_the_mean() {
    let mut evidence = Evidence::default();
    for (epoch, value) in [(1, 9.0), (10, 2.0), (10, 4.0), (2, 7.0)] {
        evidence.push_at(Some(epoch), "error", value, &[("seed", &1)]);
    }
    assert_eq!(evidence.values(pick("error", &[])), [3.0]);
    assert_eq!(evidence.mean(pick("error", &[])), Some(3.0));
    assert_eq!(evidence.mean(pick("loss", &[])), None);
}

#[test]
fn a_trend_needs_its_ends_and_most_of_its_pairs() {
    let curve = |values: &[f64]| {
        let mut evidence = Evidence::default();
        for (size, value) in values.iter().enumerate() {
            evidence.push("error", *value, &[("size", &size), ("seed", &1)]);
        }
        evidence
    };
    let along = ["0", "1", "2", "3"];
    let rises = |values: &[f64]| curve(values).rises(pick("error", &[]), "size", &along).verdict;
    assert_eq!(rises(&[1.0, 2.0, 3.0, 4.0]), Verdict::Reproduced);
    assert_eq!(rises(&[1.0, 3.0, 2.0, 4.0]), Verdict::Reproduced, "one pair of six the wrong way");
    assert_eq!(rises(&[4.0, 3.0, 2.0, 1.0]), Verdict::NotReproduced);
    assert_eq!(rises(&[2.0, 2.0, 2.0, 2.0]), Verdict::NotReproduced);
    let falls = curve(&[4.0, 3.0, 2.0, 1.0]).falls(pick("error", &[]), "size", &along);
    assert_eq!((falls.verdict, falls.measured.as_str()), (Verdict::Reproduced, "4 → 1"));
}

#[test]
fn numbers_have_four_digits_and_spreads_their_range() {
    for (x, text) in [
        (0.27668, "0.2767"),
        (12345.678, "12\u{a0}346"),
        (0.00016, "0.00016"),
        (3.0, "3"),
        (0.0, "0"),
        (1e7, "1\u{a0}×\u{a0}10⁷"),
        (100.0, "100"),
    ] {
        assert_eq!(number(x), text);
    }
    assert_eq!(spread(&[]), "–");
    assert_eq!(spread(&[1.0, 2.0, 3.0]), "2.0\u{a0}±\u{a0}1.0");
}

proptest! {
    #[test]
    fn rows_survive_csv(values in prop::collection::vec((any::<f64>(), "[a-z,\"\n ]{0,6}", prop::option::of(0usize..9)), 0..20)) {
        let mut rows = Rows::default();
        for (value, text, epoch) in &values {
            rows.push_at(*epoch, "metric", *value, &[("text", text), ("seed", &1)]);
        }
        let back = Rows::from_csv(&rows.to_csv()).unwrap();
        prop_assert_eq!(back.to_csv(), rows.to_csv());
        for (row, (value, text, epoch)) in back.rows.iter().zip(&values) {
            prop_assert!(row.value == *value || row.value.is_nan() && value.is_nan());
            prop_assert_eq!(row.column("text").unwrap_or_default(), text);
            prop_assert_eq!(row.epoch, *epoch);
        }
    }

    #[test]
    fn rows_cut_off_are_refused_or_shorter(cut in 0usize..100) {
        let mut rows = Rows::default();
        rows.push_at(Some(1), "metric", 0.25, &[("a", &"x,y"), ("b", &"\"")]);
        rows.push("metric", 1.0, &[]);
        let bytes = rows.to_csv();
        if let Ok(read) = Rows::from_csv(&bytes[..cut.min(bytes.len())]) {
            prop_assert!(read.rows.len() <= rows.rows.len());
        }
    }
}
