//! Loops over contiguous `f64`, written so that the compiler turns them into vectors, and compiled for the widest
//! that the processor has by [`tensor::simd::vectorize`]. They add up in fixed lanes without fused
//! multiply-add, so that the bits do not depend on the width.

use tensor::simd::vectorize;

/// Independent lanes of every reduction.
const LANES: usize = 16;

/// The smallest `c_j − v_j` and its place. Ties go to the first in the lane that is first.
pub(crate) fn least_difference(c: &[f64], v: &[f64]) -> (f64, usize) {
    let (best, place) = lane_minima(c, v);
    let first = |x: (f64, usize), y: (f64, usize)| if y.0 < x.0 { y } else { x };
    best.into_iter().zip(place).fold((f64::INFINITY, 0), first)
}

/// The smallest `c_j − v_j` and its place among all `j` with the same remainder modulo 16, for each remainder: the
/// smallest of all, and some that are nearly as small. Infinite where there is none.
pub(crate) fn lane_minima(c: &[f64], v: &[f64]) -> ([f64; LANES], [usize; LANES]) {
    vectorize(
        #[inline(always)]
        || {
            let mut best = [f64::INFINITY; LANES];
            let mut block = [0u64; LANES];
            let ((cs, c_tail), (vs, v_tail)) = (c.as_chunks::<LANES>(), v.as_chunks::<LANES>());
            for (k, (c, v)) in cs.iter().zip(vs).enumerate() {
                for l in 0..LANES {
                    let d = c[l] - v[l];
                    let better = d < best[l];
                    best[l] = if better { d } else { best[l] };
                    block[l] = if better { k as u64 } else { block[l] };
                }
            }
            for (l, (c, v)) in c_tail.iter().zip(v_tail).enumerate() {
                if c - v < best[l] {
                    (best[l], block[l]) = (c - v, cs.len() as u64);
                }
            }
            (best, std::array::from_fn(|l| block[l] as usize * LANES + l))
        },
    )
}

/// `low_j ← min(low_j, c_j)`.
pub(crate) fn lower(low: &mut [f64], c: &[f64]) {
    vectorize(
        #[inline(always)]
        || low.iter_mut().zip(c).for_each(|(low, c)| *low = if *c < *low { *c } else { *low }),
    );
}

/// The least and the largest number.
pub(crate) fn extremes(c: &[f64]) -> (f64, f64) {
    vectorize(
        #[inline(always)]
        || {
            let (blocks, tail) = c.as_chunks::<LANES>();
            let (mut low, mut high) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
            for c in blocks {
                for l in 0..LANES {
                    low[l] = if c[l] < low[l] { c[l] } else { low[l] };
                    high[l] = if c[l] > high[l] { c[l] } else { high[l] };
                }
            }
            let low = low.iter().chain(tail).copied().fold(f64::INFINITY, f64::min);
            (low, high.iter().chain(tail).copied().fold(f64::NEG_INFINITY, f64::max))
        },
    )
}

/// The largest `u + v_j − c_j`, and the smallest `c_j`.
pub(crate) fn most_above(u: f64, v: &[f64], c: &[f64]) -> (f64, f64) {
    vectorize(
        #[inline(always)]
        || {
            let ((cs, c_tail), (vs, v_tail)) = (c.as_chunks::<LANES>(), v.as_chunks::<LANES>());
            let (mut most, mut low) = ([f64::NEG_INFINITY; LANES], [f64::INFINITY; LANES]);
            for (c, v) in cs.iter().zip(vs) {
                for l in 0..LANES {
                    let above = u + v[l] - c[l];
                    most[l] = if above > most[l] { above } else { most[l] };
                    low[l] = if c[l] < low[l] { c[l] } else { low[l] };
                }
            }
            let tail = c_tail.iter().zip(v_tail).map(|(c, v)| u + v - c);
            let most = most.into_iter().chain(tail).fold(f64::NEG_INFINITY, f64::max);
            (most, low.iter().chain(c_tail).copied().fold(f64::INFINITY, f64::min))
        },
    )
}

/// Whether no number is NaN or infinite.
fn all_finite(c: &[f64]) -> bool {
    vectorize(
        #[inline(always)]
        || {
            let (blocks, tail) = c.as_chunks::<LANES>();
            let mut zeros = [0.0f64; LANES];
            for c in blocks {
                // Zero times anything finite is a zero, times anything else NaN, which stays.
                (0..LANES).for_each(|l| zeros[l] += c[l] * 0.0);
            }
            !zeros.iter().any(|zero| zero.is_nan()) && tail.iter().all(|c| c.is_finite())
        },
    )
}

/// The place of the first number that is NaN or infinite.
pub(crate) fn first_not_finite(c: &[f64]) -> Option<usize> {
    if all_finite(c) { None } else { c.iter().position(|c| !c.is_finite()) }
}

/// Which binary exponents the numbers `c_j − least` have, zeros apart: bit `k` for `top − k`, bit 63 also for all below.
pub(crate) fn exponents(c: &[f64], least: f64, top: u64) -> u64 {
    vectorize(
        #[inline(always)]
        || {
            c.iter().fold(0u64, |seen, c| {
                let above = c - least;
                let below = top.wrapping_sub(above.to_bits() >> 52);
                let bit = 1u64 << (if below < 63 { below } else { 63 });
                seen | if above > 0.0 { bit } else { 0 }
            })
        },
    )
}

/// `eˣ` by range reduction to `|r| ≤ ½ ln 2` and a polynomial of degree 13; relative error below 1e-15. Zero below −708,
/// where results would be subnormal, and held at e⁷⁰⁹ above.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    /// Adding and subtracting 1.5 · 2⁵² rounds to the nearest whole number.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    /// ln 2 in two parts: the first ends in zeros, so that its product with a whole number is exact.
    const LN_2: [f64; 2] = [6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10];
    /// 1/13!, 1/12!, …, 1/2!, 1, 1.
    const TERMS: [f64; 13] = [
        1.0 / 479_001_600.0,
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ];
    let low = if x > -708.0 { x } else { -708.0 };
    let held = if low < 709.0 { low } else { 709.0 };
    let shifted = held * std::f64::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let r = (held - whole * LN_2[0]) - whole * LN_2[1];
    let mut p = 1.0 / 6_227_020_800.0;
    for term in TERMS {
        p = p * r + term;
    }
    // The low bits of `shifted` hold the whole number: move it into the exponent of a power of two.
    let power = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52));
    if x > -708.0 { p * power } else { 0.0 }
}

/// `k_j ← exp((f + g_j − c_j) / ε)`.
pub(crate) fn gibbs_row(k: &mut [f64], f: f64, g: &[f64], c: &[f64], epsilon: f64) {
    let scale = 1.0 / epsilon;
    vectorize(
        #[inline(always)]
        || {
            for ((k, g), c) in k.iter_mut().zip(g).zip(c) {
                *k = exp((f + g - c) * scale);
            }
        },
    );
}

#[inline(always)]
fn sum_lanes(x: [f64; LANES]) -> f64 {
    let mut x = x;
    let mut half = LANES / 2;
    while half > 0 {
        (0..half).for_each(|l| x[l] += x[l + half]);
        half /= 2;
    }
    x[0]
}

#[inline(always)]
fn dot_lanes(x: &[f64], y: &[f64]) -> f64 {
    let ((xs, x_tail), (ys, y_tail)) = (x.as_chunks::<LANES>(), y.as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (x, y) in xs.iter().zip(ys) {
        (0..LANES).for_each(|l| sums[l] += x[l] * y[l]);
    }
    sum_lanes(sums) + x_tail.iter().zip(y_tail).map(|(x, y)| x * y).sum::<f64>()
}

/// `Σ_j x_j y_j`.
pub(crate) fn dot(x: &[f64], y: &[f64]) -> f64 {
    vectorize(
        #[inline(always)]
        || dot_lanes(x, y),
    )
}

/// `y_j ← y_j + s · x_j`.
pub(crate) fn add_scaled(y: &mut [f64], s: f64, x: &[f64]) {
    vectorize(
        #[inline(always)]
        || y.iter_mut().zip(x).for_each(|(y, x)| *y += s * x),
    );
}

/// Half a step of Sinkhorn's iteration, and the sums that the other half needs, with one look at each row of the kernel
/// `k` (row-major, as many columns as `x`): `y_i = a_i / Σ_j K_ij x_j`, `w_j = Σ_i y_i K_ij`.
///
/// Two rows at a time share what is read of `x` and of `w`; every sum has its terms in the order that it would have row by row.
pub(crate) fn sweep(k: &[f64], a: &[f64], x: &[f64], y: &mut [f64], w: &mut [f64]) {
    let cols = x.len();
    vectorize(
        #[inline(always)]
        || {
            w.fill(0.0);
            let ((a_twos, a_last), (y_twos, y_last)) = (a.as_chunks::<2>(), y.as_chunks_mut::<2>());
            let (twos, last) = k.split_at(2 * cols * a_twos.len());
            for ((two, a), y) in twos.chunks_exact(2 * cols).zip(a_twos).zip(y_twos) {
                let (one, other) = two.split_at(cols);
                let dots = two_dots(one, other, x);
                *y = [a[0] / dots[0], a[1] / dots[1]];
                let [first, second] = *y;
                for ((w, k0), k1) in w.iter_mut().zip(one).zip(other) {
                    *w = *w + first * k0 + second * k1;
                }
            }
            for ((row, a), y) in last.chunks_exact(cols).zip(a_last).zip(y_last) {
                let scaled = a / dot_lanes(row, x);
                *y = scaled;
                w.iter_mut().zip(row).for_each(|(w, k)| *w += scaled * k);
            }
        },
    );
}

/// [`dot_lanes`] of two rows with the same `x`, to the last bit.
#[inline(always)]
fn two_dots(one: &[f64], other: &[f64], x: &[f64]) -> [f64; 2] {
    let (xs, x_tail) = x.as_chunks::<LANES>();
    let ((ones, one_tail), (others, other_tail)) = (one.as_chunks::<LANES>(), other.as_chunks::<LANES>());
    let (mut sums, mut other_sums) = ([0.0; LANES], [0.0; LANES]);
    for ((k, l), x) in ones.iter().zip(others).zip(xs) {
        (0..LANES).for_each(|i| sums[i] += k[i] * x[i]);
        (0..LANES).for_each(|i| other_sums[i] += l[i] * x[i]);
    }
    let tail = |row: &[f64]| row.iter().zip(x_tail).map(|(k, x)| k * x).sum::<f64>();
    [sum_lanes(sums) + tail(one_tail), sum_lanes(other_sums) + tail(other_tail)]
}

/// `k_j ← total · k_j (y x_j)`: the total comes last, after what is below 1, so that no product on the way overflows.
pub(crate) fn weigh_row(k: &mut [f64], y: f64, x: &[f64], total: f64) {
    vectorize(
        #[inline(always)]
        || k.iter_mut().zip(x).for_each(|(k, x)| *k = *k * (y * x) * total),
    );
}

/// `ln Σ_j exp((h_j − c_j) / ε)`, safe for any numbers.
pub(crate) fn log_sum(h: &[f64], c: &[f64], epsilon: f64) -> f64 {
    let scale = 1.0 / epsilon;
    vectorize(
        #[inline(always)]
        || {
            let ((hs, h_tail), (cs, c_tail)) = (h.as_chunks::<LANES>(), c.as_chunks::<LANES>());
            let mut tops = [f64::NEG_INFINITY; LANES];
            for (h, c) in hs.iter().zip(cs) {
                for l in 0..LANES {
                    let d = h[l] - c[l];
                    tops[l] = if d > tops[l] { d } else { tops[l] };
                }
            }
            let tail = h_tail.iter().zip(c_tail).map(|(h, c)| h - c);
            let top = tops.iter().copied().chain(tail).fold(f64::NEG_INFINITY, f64::max);
            let mut sums = [0.0; LANES];
            for (h, c) in hs.iter().zip(cs) {
                (0..LANES).for_each(|l| sums[l] += exp((h[l] - c[l] - top) * scale));
            }
            let tail = h_tail.iter().zip(c_tail).map(|(h, c)| exp((h - c - top) * scale));
            top * scale + (sum_lanes(sums) + tail.sum::<f64>()).ln()
        },
    )
}

/// `top_j ← max(top_j, h − c_j)`.
pub(crate) fn raise(top: &mut [f64], h: f64, c: &[f64]) {
    vectorize(
        #[inline(always)]
        || {
            for (top, c) in top.iter_mut().zip(c) {
                let d = h - c;
                *top = if d > *top { d } else { *top };
            }
        },
    );
}

/// `sum_j ← sum_j + exp((h − c_j − top_j) / ε)`.
pub(crate) fn add_exp(sum: &mut [f64], top: &[f64], h: f64, c: &[f64], epsilon: f64) {
    let scale = 1.0 / epsilon;
    vectorize(
        #[inline(always)]
        || {
            for ((sum, top), c) in sum.iter_mut().zip(top).zip(c) {
                *sum += exp((h - c - top) * scale);
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor::Seed;

    fn numbers(count: usize, seed: u64) -> Vec<f64> {
        let mut stream = Seed::new(seed).stream();
        (0..count).map(|_| stream.unit() + 0.01).collect()
    }

    /// Two rows at a time give the bits that one at a time give, whatever is left over of rows and lanes.
    #[test]
    fn a_sweep_adds_up_as_it_would_row_by_row() {
        for rows in 1..10 {
            for cols in [1, 7, 8, 15, 16, 17, 40, 65] {
                let (k, a, x) = (numbers(rows * cols, 1), numbers(rows, 2), numbers(cols, 3));
                let (mut y, mut w) = (vec![0.0; rows], vec![f64::NAN; cols]);
                sweep(&k, &a, &x, &mut y, &mut w);
                let mut sums = vec![0.0; cols];
                for (i, row) in k.chunks_exact(cols).enumerate() {
                    assert_eq!(y[i].to_bits(), (a[i] / dot(row, &x)).to_bits(), "{rows} × {cols}");
                    add_scaled(&mut sums, y[i], row);
                }
                assert!(w.iter().zip(&sums).all(|(w, s)| w.to_bits() == s.to_bits()), "{rows} × {cols}");
            }
        }
    }

    #[test]
    fn one_number_that_is_not_finite_is_seen_wherever_it_stands() {
        for count in [1, 15, 16, 17, 50] {
            let mut c = numbers(count, 4);
            c[0] = -f64::MAX;
            assert!(all_finite(&c));
            for place in 0..count {
                for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                    let right = std::mem::replace(&mut c[place], wrong);
                    assert!(!all_finite(&c), "{wrong} at {place} of {count}");
                    c[place] = right;
                }
            }
        }
    }
}
