//! Claims, the evidence that they look at, and the rows that it is made of.

use engine::claim::both;
use engine::predicates::spread;
use engine::{Claim, Evidence, Finding, Rows, Verdict, pick};
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
    assert_eq!(verdict([1.0, 3.0, 1.0], [2.0, 2.0, 2.0]), Verdict::CannotTell);
    assert_eq!(
        verdict([f64::NAN; 3], [1.0; 3]),
        Verdict::NotReproduced,
        "what is not a number is above nothing"
    );
}

#[test]
fn a_claim_without_rows_cannot_be_told() {
    let finding = Evidence::default().above(pick(A.0, A.1), pick(B.0, B.1));
    assert_eq!(finding.verdict, Verdict::CannotTell);
    assert_eq!((finding.seeds, &finding.reason[..]), (0, "Nothing was run here that could tell."));
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
    let falls = |values: &[f64]| curve(values).falls(pick("error", &[]), "size", &along);
    let found = falls(&[4.0, 3.0, 2.0, 1.0]);
    assert_eq!((found.verdict, found.measured.as_str()), (Verdict::Reproduced, "4 → 1"));
    assert!(found.why.contains("Kendall’s τ at least 0.5"), "the rule is printed: {}", found.why);
    // Four of six pairs are in order and the last lies far below the first, but it comes back.
    assert_eq!(falls(&[9.0, 4.0, 1.0, 2.1]).verdict, Verdict::NotReproduced);
    assert_eq!(falls(&[9.0, 4.0, 1.0, 1.9]).verdict, Verdict::Reproduced);
    assert_eq!(rises(&[1.0, 5.0, 9.0, 4.0]), Verdict::NotReproduced);
    assert_eq!(falls(&[9.0]).verdict, Verdict::CannotTell, "one value has no trend");
}

#[test]
fn a_trend_within_the_noise_cannot_be_told() {
    use engine::predicates::Trend;
    let falls = Trend::FALLS.beyond(0.5);
    assert_eq!(falls.holds(&[1.0, 0.8, 0.6]), None);
    assert_eq!(falls.holds(&[1.0, 0.8, 0.4]), Some(true));
    assert_eq!(falls.holds(&[1.0, 1.2, 1.6]), Some(false));
    assert_eq!(Trend::FALLS.holds(&[1.0, 0.9, 0.8]), Some(true));
}

/// A range of seeds that covers a number does not refute it.
#[test]
fn a_number_between_the_seeds_cannot_be_told() {
    let verdict = |values: [f64; 3]| {
        let evidence = evidence(values, [0.0; 3]);
        evidence.within(pick(A.0, A.1), 3.0, 3.0).verdict
    };
    assert_eq!(verdict([3.0, 3.0, 3.0]), Verdict::Reproduced);
    assert_eq!(verdict([2.0, 2.0, 4.0]), Verdict::CannotTell);
    assert_eq!(verdict([2.0, 3.0, 2.0]), Verdict::CannotTell);
    assert_eq!(verdict([2.0, 2.0, 1.0]), Verdict::NotReproduced);
}

#[test]
fn a_sentence_of_two_halves_is_reproduced_partly() {
    use Verdict::{CannotTell, NotReproduced, Partly, Reproduced};
    let halves = |a: Verdict, b: Verdict| {
        let finding = |verdict, reason: &str| Finding {
            reason: reason.to_owned(),
            seeds: 3,
            ..Finding::new(verdict, "", "")
        };
        both(
            finding(a, if a == Reproduced { "" } else { "A." }),
            finding(b, if b == Reproduced { "" } else { "B." }),
        )
    };
    assert_eq!(halves(Reproduced, Reproduced).verdict, Reproduced);
    let partly = halves(Reproduced, NotReproduced);
    assert_eq!((partly.verdict, partly.seeds), (Partly, 3));
    assert_eq!(partly.reason, "The first half holds, the second does not come out. B.");
    assert_eq!(
        halves(NotReproduced, Reproduced).reason,
        "The second half holds, the first does not come out. A."
    );
    assert_eq!(halves(Partly, Reproduced).verdict, Partly);
    assert_eq!(halves(NotReproduced, NotReproduced).verdict, NotReproduced);
    assert_eq!(
        halves(NotReproduced, CannotTell).verdict,
        NotReproduced,
        "a half that fails cannot be mended"
    );
    assert_eq!(halves(Reproduced, CannotTell).verdict, CannotTell);
    assert_eq!(halves(CannotTell, CannotTell).reason, "A. B.");
}

const FALLS: Claim = Claim {
    says: "a errs less than b",
    place: "Figure 3",
    reported: "by eye",
    test: |e| e.below(pick(A.0, A.1), pick(B.0, B.1)),
    cause: "Because.",
};

/// A claim is judged by the protocol's rows alone; other readings are asked where it does not come out.
#[test]
fn readings_are_asked_where_a_claim_does_not_come_out() {
    let reading = |evidence: &mut Evidence, name: &str, a: f64, b: f64| {
        evidence.push("error", a, &[("model", &"a"), ("seed", &1), ("reading", &name)]);
        evidence.push("error", b, &[("model", &"b"), ("seed", &1), ("reading", &name)]);
    };
    let mut fails = evidence([2.0; 3], [1.0; 3]);
    reading(&mut fails, "σ = 1", 1.0, 2.0);
    reading(&mut fails, "grey", 2.0, 1.0);
    fails.push("error", 1.0, &[("model", &"a"), ("seed", &1), ("reading", &"half of it")]);
    let row = FALLS.judge(&fails);
    assert_eq!((row.finding.verdict, row.finding.seeds), (Verdict::NotReproduced, 3));
    assert_eq!(row.finding.reason, "It holds in none of 3 seeds. Because.");
    let readings: Vec<_> = row.finding.readings.iter().map(|own| (&own.name[..], own.verdict)).collect();
    assert_eq!(readings, [("σ = 1", Verdict::Reproduced), ("grey", Verdict::NotReproduced)]);
    let mut holds = evidence([1.0; 3], [2.0; 3]);
    reading(&mut holds, "grey", 2.0, 1.0);
    let finding = FALLS.judge(&holds).finding;
    assert_eq!((finding.verdict, finding.readings.len(), &finding.reason[..]), (Verdict::Reproduced, 0, ""));
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
