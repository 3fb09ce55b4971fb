//! Hues: what was green in a picture, and which hues it has after its colours moved.
//!
//! Hue is the usual angle around the grey axis of the colour cube, in degrees: red 0, yellow 60, green 120, blue 240. A pixel
//! counts by its chroma, the largest less the smallest of red, green and blue, so that greys do not count.

use crate::colours::recolour::Picture;

/// Hues that count as green, in degrees.
pub const GREEN: (f64, f64) = (70.0, 170.0);
/// Hues that count as yellow and orange, in degrees.
pub const YELLOW: (f64, f64) = (20.0, 70.0);
/// Pixels of less chroma have no hue worth the name.
const LEAST_CHROMA: f64 = 0.08;
/// Degrees of a bin.
const BIN: f64 = 5.0;
const BINS: usize = 72;

/// Hue in degrees and chroma in [0, 1]; a grey has hue 0.
pub fn of([r, g, b]: [f64; 3]) -> (f64, f64) {
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    let chroma = most - least;
    let sixth = if chroma <= 0.0 {
        0.0
    } else if most == r {
        (g - b) / chroma + if g < b { 6.0 } else { 0.0 }
    } else if most == g {
        (b - r) / chroma + 2.0
    } else {
        (r - g) / chroma + 4.0
    };
    (60.0 * sixth, chroma)
}

/// Chroma by hue.
struct Histogram {
    bins: [f64; BINS],
    total: f64,
    yellow: f64,
    along: (f64, f64),
}

impl Histogram {
    const EMPTY: Self = Self { bins: [0.0; BINS], total: 0.0, yellow: 0.0, along: (0.0, 0.0) };

    fn add(&mut self, (hue, chroma): (f64, f64)) {
        self.bins[((hue / BIN) as usize).min(BINS - 1)] += chroma;
        self.total += chroma;
        self.yellow += if (YELLOW.0..YELLOW.1).contains(&hue) { chroma } else { 0.0 };
        let (sine, cosine) = hue.to_radians().sin_cos();
        self.along = (self.along.0 + chroma * cosine, self.along.1 + chroma * sine);
    }

    /// `exp(−Σ p log p)`: how many bins of 5° there seem to be.
    fn hues(&self) -> f64 {
        let shares = self.bins.iter().map(|bin| bin / self.total).filter(|p| *p > 0.0);
        shares.map(|p| -p * p.ln()).sum::<f64>().exp()
    }

    /// Circular standard deviation `√(−2 log R)`, in degrees.
    fn spread(&self) -> f64 {
        let (x, y) = self.along;
        let length = ((x * x + y * y).sqrt() / self.total).clamp(f64::MIN_POSITIVE, 1.0);
        (-2.0 * length.ln()).sqrt().to_degrees()
    }
}

/// What became of the greens of a picture: their share of its pixels, and hues, spread and share of yellow before and after,
/// weighted by chroma. Nothing else than the share where there are too few to say, less than 1 % of the pixels, or
/// where none has any colour left.
///
/// # Panics
/// If the pictures differ in size.
pub fn greens(before: &Picture, after: &Picture) -> Vec<(&'static str, f64)> {
    let pixels = before.pixels();
    assert_eq!(pixels, after.pixels(), "a picture of {pixels} pixels and one of {}", after.pixels());
    let (mut old, mut new, mut count) = (Histogram::EMPTY, Histogram::EMPTY, 0usize);
    let (mut x, mut y) = (vec![0.0; 3 * before.width()], vec![0.0; 3 * before.width()]);
    for first in (0..pixels).step_by(before.width()) {
        before.rgb(first..first + before.width(), &mut x);
        after.rgb(first..first + before.width(), &mut y);
        for (x, y) in x.as_chunks::<3>().0.iter().zip(y.as_chunks::<3>().0) {
            let (hue, chroma) = of(*x);
            if chroma >= LEAST_CHROMA && (GREEN.0..GREEN.1).contains(&hue) {
                old.add((hue, chroma));
                new.add(of(*y));
                count += 1;
            }
        }
    }
    let share = count as f64 / pixels as f64;
    let mut rows = vec![("greens_share", share)];
    if share >= 0.01 && new.total > 0.0 {
        rows.extend([
            ("greens_hues_before", old.hues()),
            ("greens_hues_after", new.hues()),
            ("greens_spread_before", old.spread()),
            ("greens_spread_after", new.spread()),
            ("greens_yellow_before", old.yellow / old.total),
            ("greens_yellow_after", new.yellow / new.total),
        ]);
    }
    rows
}
