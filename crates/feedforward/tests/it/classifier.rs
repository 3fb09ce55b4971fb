//! Predictions, confusion, intervals.

use feedforward::{Activation, Confusion, Dense, Network, mcnemar, mean_cross_entropy, predictions, wilson};
use proptest::prelude::*;
use tensor::Matrix;

/// A network that hands its three inputs through as logits.
fn identity() -> Network {
    let weights = Matrix::from_fn(3, 3, |i, j| f32::from(u8::from(i == j)));
    Network::from_dense(vec![Dense { weights, bias: vec![0.0; 3] }], Activation::Relu, 0.0).unwrap()
}

#[test]
fn the_largest_logit_wins_and_the_first_of_equals() {
    let x = Matrix::from_vec(3, 4, vec![0.0, 2.0, 1.0, 5.0, 5.0, 5.0, -3.0, -2.0, -1.0, 0.0, 1.0, 1.0]);
    assert_eq!(predictions(&identity(), &x), [1, 0, 2, 1]);
}

#[test]
fn blocks_of_samples_do_not_show() {
    let x = Matrix::from_fn(3, 2345, |i, j| ((i * 7 + j * 13) % 31) as f32 / 10.0);
    let labels: Vec<u8> = (0..2345).map(|j| (j % 3) as u8).collect();
    let (whole, network) = (predictions(&identity(), &x), identity());
    assert_eq!(whole.len(), 2345);
    let mut sum = 0.0;
    for j in 0..2345 {
        let one = x.gather(&[j]);
        assert_eq!(predictions(&network, &one)[0], whole[j]);
        sum += mean_cross_entropy(&network, &one, &labels[j..=j]);
    }
    assert!((sum / 2345.0 - mean_cross_entropy(&network, &x, &labels)).abs() < 1e-9);
}

#[test]
fn confusion_counts_pairs() {
    let confusion = Confusion::new(&[0, 0, 1, 2, 2, 2], &[0, 1, 1, 2, 0, 0], 3);
    assert_eq!(confusion.rows().collect::<Vec<_>>(), [&[1, 1, 0], &[0, 1, 0], &[2, 0, 1]]);
    assert_eq!((confusion.count(2, 0), confusion.errors(), confusion.total()), (2, 3, 6));
    assert_eq!(confusion.error_rate(), 0.5);
    assert_eq!(confusion.interval(1.96), wilson(3, 6, 1.96));
}

/// 0.0955 and 0.6178 solve the quadratic for 3 of 10 at 2.0: (p − 0.3)² = 4 p (1 − p) / 10.
#[test]
fn the_interval_s_ends_are_where_the_score_test_turns() {
    for (hits, n, z) in [(3, 10, 2.0), (150, 10_000, 1.96), (1, 7, 1.0)] {
        let p = hits as f64 / n as f64;
        for end in wilson(hits, n, z) {
            assert!(((end - p).powi(2) - z * z * end * (1.0 - end) / n as f64).abs() < 1e-12);
        }
    }
    assert_eq!(wilson(0, 10, 2.0)[0], 0.0);
    assert_eq!(wilson(10, 10, 2.0)[1], 1.0);
    // No error in n: z² / (n + z²), not 0.
    assert!((wilson(0, 10, 2.0)[1] - 4.0 / 14.0).abs() < 1e-12);
}

proptest! {
    #[test]
    fn an_interval_holds_its_share_and_narrows(n in 1u64..100_000, share in 0.0..=1.0, z in 0.1..5.0) {
        let hits = (share * n as f64) as u64;
        let ([low, high], p) = (wilson(hits, n, z), hits as f64 / n as f64);
        prop_assert!(0.0 <= low && low <= p + 1e-12 && p <= high + 1e-12 && high <= 1.0);
        let [closer_low, closer_high] = wilson(10 * hits, 10 * n, z);
        prop_assert!(closer_high - closer_low < high - low);
    }
}

/// By counting all outcomes of a + b fair coins.
#[test]
fn mcnemar_counts_fair_coins() {
    for (a, b) in (0..=6u64).flat_map(|a| (0..=6).map(move |b| (a, b))) {
        let n = a + b;
        let as_far = (0u64..1 << n).filter(|coins| {
            let heads = u64::from(coins.count_ones());
            heads.min(n - heads) <= a.min(b)
        });
        let expected = as_far.count() as f64 / (1u64 << n) as f64;
        assert!((mcnemar(a, b) - expected).abs() < 1e-12, "{a} {b}: {} {expected}", mcnemar(a, b));
    }
    // One image of ten thousand decides nothing, sixty of a hundred and forty do.
    assert!(mcnemar(401, 402) > 0.9 && mcnemar(40, 100) < 1e-6 && mcnemar(5000, 5000) > 0.99);
}
