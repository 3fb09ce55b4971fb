//! What can be wrong with a problem, and the checks that find it before anything is computed.

use std::fmt;

/// Which of the two sides of a problem is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Where mass comes from: the rows of a plan.
    Source,
    /// Where mass goes: the columns of a plan.
    Target,
}

/// Why a problem was refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TransportError {
    /// One side has no points.
    Empty(Side),
    /// A mass is negative, NaN or infinite.
    Mass {
        /// Side of the mass.
        side: Side,
        /// Its place.
        index: usize,
        /// Its value.
        value: f64,
    },
    /// All masses of a side are zero, or their sum is not finite.
    Total {
        /// Side of the masses.
        side: Side,
        /// Their sum.
        total: f64,
    },
    /// The sides hold different totals; [`crate::unbalanced`] is for that.
    Unbalanced {
        /// Sum of the source's masses.
        source: f64,
        /// Sum of the target's masses.
        target: f64,
    },
    /// A cost is NaN or infinite, or a coordinate made it so.
    Cost {
        /// Row of the cost.
        row: usize,
        /// Column of the cost.
        col: usize,
        /// Its value.
        value: f64,
    },
    /// A slice has another length than the shape asks for.
    Shape {
        /// What the slice holds.
        what: &'static str,
        /// The length that the shape asks for.
        expected: usize,
        /// The length that it has.
        found: usize,
    },
    /// A parameter is outside its range.
    Parameter {
        /// Name of the parameter.
        what: &'static str,
        /// Its value.
        value: f64,
    },
    /// A coordinate is NaN or infinite.
    Coordinate {
        /// Number of the point.
        point: usize,
        /// Its value.
        value: f64,
    },
    /// The answer is a number that `f64` cannot hold.
    Overflow {
        /// What overflows.
        what: &'static str,
        /// Its natural logarithm; that of the largest number is about 709.8.
        log: f64,
    },
    /// The caller asked to stop before there was an answer.
    Stopped,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Side::Source { "source" } else { "target" })
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty(side) => write!(f, "the {side} has no points"),
            Self::Mass { side, index, value } => {
                let value = short(value);
                write!(f, "mass {index} of the {side} is {value}: expected a finite number, not negative")
            }
            Self::Total { side, total } => {
                let total = short(total);
                write!(f, "the masses of the {side} add up to {total}: expected a positive finite total")
            }
            Self::Unbalanced { source, target } => {
                let apart = (source - target).abs() / source.max(target);
                write!(
                    f,
                    "the source holds {} and the target {}: equal totals are needed, and these are {apart:.1e} \
                     apart; where that is rounding, of single precision perhaps, divide the masses of each side by \
                     their total, otherwise unbalanced transport must be asked for",
                    short(source),
                    short(target)
                )
            }
            Self::Cost { row, col, value } => {
                let value = short(value);
                let expected = "expected a finite number, small enough that sums of costs are finite, too";
                write!(f, "the cost at row {row}, column {col} is {value}: {expected}")
            }
            Self::Shape { what, expected, found } => {
                write!(f, "{what} of length {found}: expected {expected}")
            }
            Self::Parameter { what, value } => {
                write!(f, "{what} is {}, which is outside its range: expected {}", short(value), range(what))
            }
            Self::Coordinate { point, value } => {
                let value = short(value);
                write!(f, "point {point} has the coordinate {value}: expected a finite number")
            }
            Self::Overflow { what, log } => {
                write!(f, "{what} is e^{log:.1}: expected one below e^709, the largest number there is")
            }
            Self::Stopped => f.write_str("stopped on request"),
        }
    }
}

/// A number in a few letters, and all its digits.
fn short(x: f64) -> String {
    if x == 0.0 || !x.is_finite() || (1e-4..1e9).contains(&x.abs()) {
        x.to_string()
    } else {
        format!("{x:e}")
    }
}

/// The values that a parameter may have.
fn range(what: &str) -> &'static str {
    match what {
        "epsilon" => "a number of at least 1e-13 of the largest cost, and above 5.6e-309",
        "power" => "a finite number of at least 1",
        "dimension" | "number of directions" => "at least 1",
        _ => "a positive finite number",
    }
}

impl std::error::Error for TransportError {}

/// Asks whether to stop.
pub(crate) fn ask(stop: &dyn Fn() -> bool) -> Result<(), TransportError> {
    if stop() { Err(TransportError::Stopped) } else { Ok(()) }
}

/// Totals that differ by less than this share are taken to differ by rounding; the target is then scaled.
pub(crate) const SAME_TOTAL: f64 = 1e-9;

/// Sum with the rounding errors carried along [Neumaier1974].
pub(crate) fn total(masses: &[f64]) -> f64 {
    let (mut sum, mut lost) = (0.0f64, 0.0f64);
    for &x in masses {
        let next = sum + x;
        lost += if sum.abs() >= x.abs() { (sum - next) + x } else { (x - next) + sum };
        sum = next;
    }
    sum + lost
}

/// Checks one side's masses against the number of points; gives their total.
pub(crate) fn check_masses(masses: &[f64], points: usize, side: Side) -> Result<f64, TransportError> {
    if points == 0 {
        return Err(TransportError::Empty(side));
    }
    if masses.len() != points {
        let what = if side == Side::Source { "source masses" } else { "target masses" };
        return Err(TransportError::Shape { what, expected: points, found: masses.len() });
    }
    if let Some(index) = masses.iter().position(|m| !(m.is_finite() && *m >= 0.0)) {
        return Err(TransportError::Mass { side, index, value: masses[index] });
    }
    let total = total(masses);
    if !(total > 0.0 && total.is_finite()) {
        return Err(TransportError::Total { side, total });
    }
    Ok(total)
}

/// Checks both sides and that they hold the same total; gives the factor that makes the target's total the source's.
pub(crate) fn check_balanced(a: &[f64], b: &[f64], rows: usize, cols: usize) -> Result<f64, TransportError> {
    let (source, target) = (check_masses(a, rows, Side::Source)?, check_masses(b, cols, Side::Target)?);
    if (source - target).abs() > SAME_TOTAL * source.max(target) {
        return Err(TransportError::Unbalanced { source, target });
    }
    Ok(source / target)
}

/// Checks that a parameter is a positive finite number.
pub(crate) fn check_positive(what: &'static str, value: f64) -> Result<(), TransportError> {
    if value > 0.0 && value.is_finite() { Ok(()) } else { Err(TransportError::Parameter { what, value }) }
}
