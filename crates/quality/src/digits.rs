//! Scores that come from eigenvalues, without the digits that are worth nothing.
//!
//! A decomposition is exact to the last digits of the largest eigenvalue, and processors differ in these: faer adds in an order that
//! follows the width of their vectors. Six digits of a score are the same on all of them.

/// A score to six significant digits; zero and what is not finite stay as they are.
pub(crate) fn six_digits(score: f64) -> f64 {
    let first = score.abs().log10().floor();
    if !first.is_finite() {
        return score;
    }
    // Powers of ten are exact up to 10²²; dividing by one gives the number nearest to the decimal.
    let places = 5 - first as i32;
    if places >= 0 {
        (score * 10f64.powi(places)).round() / 10f64.powi(places)
    } else {
        (score / 10f64.powi(-places)).round() * 10f64.powi(-places)
    }
}

#[cfg(test)]
mod tests {
    use super::six_digits;

    #[test]
    fn six_digits_stay() {
        assert_eq!(six_digits(33.304_376_755_381_796), six_digits(33.304_376_754_846_26));
        assert_eq!(six_digits(33.304_376_755_381_796), 33.304_4);
        assert_eq!(six_digits(123_456_789_012.0), 123_457_000_000.0);
        assert_eq!(six_digits(-0.000_123_456_78), -0.000_123_457);
        assert_eq!(six_digits(999_999.7), 1_000_000.0);
        assert_eq!(six_digits(0.0), 0.0);
        assert!(six_digits(f64::NAN).is_nan());
    }
}
