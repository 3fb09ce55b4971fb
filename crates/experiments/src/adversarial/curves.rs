//! Numbers of a curve of training: where it lies in the end, how much it still moves, and when it had settled.

/// Mean and standard deviation (divisor n − 1) over the second half of a curve, which is the larger one where the number is odd.
///
/// # Panics
/// If there is no point.
pub fn second_half(curve: &[f64]) -> [f64; 2] {
    assert!(!curve.is_empty(), "the second half of nothing");
    moments(&curve[curve.len() / 2..])
}

/// Mean and standard deviation (divisor n − 1); the latter 0 for a single value.
///
/// # Panics
/// If there is no value.
pub fn moments(values: &[f64]) -> [f64; 2] {
    assert!(!values.is_empty(), "the mean of nothing");
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|x| (x - mean).powi(2)).sum();
    [mean, (squares / (n - 1.0).max(1.0)).sqrt()]
}

/// The mean of each value and up to `window − 1` before it.
///
/// # Panics
/// If the window is 0.
pub fn smooth(curve: &[f64], window: usize) -> Vec<f64> {
    assert!(window > 0, "a window of no values");
    let mean = |end: usize| {
        let part = &curve[(end + 1).saturating_sub(window)..=end];
        part.iter().sum::<f64>() / part.len() as f64
    };
    (0..curve.len()).map(mean).collect()
}

/// The place from which on the smoothed curve stays within two standard deviations of the mean, both of its own second half.
/// None where its last value lies outside.
///
/// # Panics
/// If there is no point, or the window is 0.
pub fn settles(curve: &[f64], window: usize) -> Option<usize> {
    let smoothed = smooth(curve, window);
    let [mean, deviation] = second_half(&smoothed);
    let last_outside = smoothed.iter().rposition(|x| (x - mean).abs() > 2.0 * deviation);
    let place = last_outside.map_or(0, |place| place + 1);
    (place < smoothed.len()).then_some(place)
}
