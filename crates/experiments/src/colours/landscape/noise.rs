//! Value noise: smooth random hills of height −1 to 1, from hashed whole numbers.

/// A number in [0, 1) for a cell of the plane.
pub(super) fn hash(x: i64, y: i64, seed: u64) -> f64 {
    let mut h = (x as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ (y as u64).wrapping_mul(0xc2b2_ae3d_27d4_eb4f)
        ^ seed.wrapping_mul(0x1656_67b1_9e37_79f9);
    h = (h ^ (h >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((h ^ (h >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

/// 0 up to `from`, 1 from `to` on, smooth between.
pub(super) fn smooth(from: f64, to: f64, x: f64) -> f64 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Hills of about one unit's width, from −1 to 1.
pub(super) fn noise(x: f64, y: f64, seed: u64) -> f64 {
    let (left, top) = (x.floor(), y.floor());
    let ease = |t: f64| t * t * t * (t * (6.0 * t - 15.0) + 10.0);
    let (u, v) = (ease(x - left), ease(y - top));
    let (i, j) = (left as i64, top as i64);
    let [a, b, c, d] = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(di, dj)| hash(i + di, j + dj, seed));
    let (upper, lower) = (a + u * (b - a), c + u * (d - c));
    2.0 * (upper + v * (lower - upper)) - 1.0
}

/// Hills upon hills: each octave half as wide and half as high as the one before; from −1 to 1.
pub(super) fn hills(x: f64, y: f64, octaves: u64, seed: u64) -> f64 {
    let (mut sum, mut size, mut scale, mut total) = (0.0, 1.0, 1.0, 0.0);
    for octave in 0..octaves {
        sum += size * noise(x * scale + 17.3 * octave as f64, y * scale - 9.1 * octave as f64, seed + octave);
        total += size;
        (size, scale) = (size / 2.0, scale * 2.0);
    }
    sum / total
}

/// Sharp crests: 1 on them, 0 in the valleys.
pub(super) fn crests(x: f64, y: f64, octaves: u64, seed: u64) -> f64 {
    let (mut sum, mut size, mut scale, mut total) = (0.0, 1.0, 1.0, 0.0);
    for octave in 0..octaves {
        let ridge = 1.0 - noise(x * scale, y * scale, seed + octave).abs();
        sum += size * ridge * ridge;
        total += size;
        (size, scale) = (size * 0.45, scale * 2.1);
    }
    sum / total
}
