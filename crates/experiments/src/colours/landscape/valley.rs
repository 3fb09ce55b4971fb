//! A valley in summer: sky, mountains, woods and meadows, a lake that mirrors them, two spruces.

use super::noise::{crests, hash, hills, noise, smooth};
use super::{Rgb, gradient, lit, mix};

/// Where the lake begins.
const WATER: f64 = 0.615;

/// The colour at a place.
pub(super) fn colour(x: f64, y: f64) -> Rgb {
    let mut here = ground(x, y);
    for (index, &(middle, foot, high)) in
        [(0.10, 1.02, 0.80), (0.235, 0.97, 0.50), (1.40, 1.00, 0.62), (1.27, 0.95, 0.34)].iter().enumerate()
    {
        here = spruce(here, (x, y), (middle, foot, high), 60 + index as u64);
    }
    // The sun stands at the upper right.
    let (dx, dy) = (x - 1.25, y + 0.1);
    mix(here, [1.0, 0.95, 0.80], 0.20 / (1.0 + 7.0 * (dx * dx + dy * dy)))
}

fn ground(x: f64, y: f64) -> Rgb {
    let shore = 0.745 + 0.03 * hills(x * 2.3, 0.0, 4, 31) + 0.10 * (x - 0.8) * (x - 0.8);
    if y > shore {
        return meadow(x, y, y - shore);
    }
    let beach = WATER + 0.004 * noise(x * 14.0, 0.0, 32);
    if y < beach { land(x, y) } else { lake(x, y, y - beach, shore - y) }
}

fn sky(x: f64, y: f64) -> Rgb {
    let clear =
        gradient(&[(0.0, [0.20, 0.45, 0.80]), (0.25, [0.45, 0.67, 0.90]), (0.46, [0.83, 0.91, 0.95])], y);
    let at = |x: f64, y: f64| hills(x * 2.2 + 2.0 * y + 0.7, y * 5.5 + 1.0, 6, 1) + 0.12 + 0.25 * (0.25 - y);
    let cover = at(x, y);
    let shade = smooth(-0.10, 0.22, at(x + 0.03, y - 0.03) - cover);
    let cloud = mix([1.0, 0.99, 0.97], [0.70, 0.76, 0.84], shade);
    mix(clear, cloud, 0.92 * smooth(0.05, 0.34, cover))
}

/// One range of hills: where its crest lies and how it looks.
struct Range {
    crest: f64,
    rise: f64,
    width: f64,
    seed: u64,
    dark: Rgb,
    light: Rgb,
    haze: f64,
    trees: f64,
}

const RANGES: [Range; 5] = [
    Range {
        crest: 0.475,
        rise: 0.070,
        width: 2.4,
        seed: 4,
        dark: [0.16, 0.36, 0.32],
        light: [0.33, 0.53, 0.42],
        haze: 0.42,
        trees: 0.004,
    },
    Range {
        crest: 0.515,
        rise: 0.060,
        width: 1.7,
        seed: 5,
        dark: [0.10, 0.32, 0.20],
        light: [0.36, 0.58, 0.28],
        haze: 0.22,
        trees: 0.006,
    },
    Range {
        crest: 0.550,
        rise: 0.052,
        width: 2.1,
        seed: 6,
        dark: [0.22, 0.44, 0.14],
        light: [0.60, 0.74, 0.30],
        haze: 0.10,
        trees: 0.0,
    },
    Range {
        crest: 0.585,
        rise: 0.050,
        width: 2.7,
        seed: 7,
        dark: [0.06, 0.24, 0.14],
        light: [0.22, 0.46, 0.20],
        haze: 0.04,
        trees: 0.014,
    },
    Range {
        crest: 0.622,
        rise: 0.036,
        width: 3.3,
        seed: 8,
        dark: [0.12, 0.34, 0.08],
        light: [0.48, 0.66, 0.18],
        haze: 0.0,
        trees: 0.010,
    },
];

/// Everything behind the lake.
fn land(x: f64, y: f64) -> Rgb {
    let mut here = mountains(x, y);
    for range in &RANGES {
        let bare =
            range.crest - range.rise * hills(x * range.width + range.seed as f64 * 3.7, 0.0, 4, range.seed);
        let crest = bare - wood(x, range);
        if y > crest {
            here = hillside(x, y, y - bare, range);
        }
    }
    here
}

/// Rock and snow, blue with distance.
fn mountains(x: f64, y: f64) -> Rgb {
    let mut here = sky(x, y);
    for (crest, rise, width, seed, haze) in [(0.500, 0.40, 1.25, 20, 0.46), (0.500, 0.20, 2.3, 25, 0.30)] {
        let high = |x: f64| {
            let peaks = crests(x * width + seed as f64, 0.5, 2, seed) - 0.18;
            rise * (peaks + 0.16 * hills(x * 9.0 * width, 0.5, 5, seed + 3))
        };
        let top = crest - high(x);
        if y > top {
            // Ribs run down from the crest, this way and that; the side towards the sun is lit.
            let relief = |x: f64, y: f64| {
                let bent = x + 0.05 * hills(x * 7.0, y * 7.0, 3, seed + 5);
                crests(bent * 7.0 * width + 3.0 * y, y * 4.5 - 2.0 * bent, 5, seed + 7)
            };
            let slope = 5.0 * (relief(x + 0.006, y - 0.004) - relief(x, y))
                + 2.5 * (high(x - 0.010) - high(x + 0.002));
            let light = smooth(-0.50, 0.42, slope);
            let rock = mix([0.20, 0.25, 0.35], [0.58, 0.56, 0.52], light);
            let snow = mix([0.55, 0.66, 0.84], [1.0, 0.99, 0.96], light);
            let line = 0.37 + 0.06 * hills(x * 12.0, y * 9.0, 4, seed + 9);
            let white = smooth(0.030, -0.035, y - line) * smooth(-0.75, -0.15, slope);
            here = mix(mix(rock, snow, white), [0.66, 0.78, 0.90], haze * (0.75 + 0.5 * smooth(top, 0.5, y)));
        }
    }
    here
}

/// How high the trees of a crest stand at `x`.
fn wood(x: f64, range: &Range) -> f64 {
    if range.trees == 0.0 || noise(x * 3.1, 4.0, range.seed + 40) < -0.25 {
        return 0.0;
    }
    let step = range.trees * 0.55;
    let cell = (x / step).floor() as i64;
    let tree = |i: i64| {
        let middle = (i as f64 + 0.2 + 0.6 * hash(i, 1, range.seed)) * step;
        let high = range.trees * (0.45 + 0.75 * hash(i, 2, range.seed));
        high * (1.0 - (x - middle).abs() / (0.8 * step)).max(0.0)
    };
    (cell - 1..=cell + 1).map(tree).fold(0.0, f64::max)
}

fn hillside(x: f64, y: f64, below: f64, range: &Range) -> Rgb {
    let at = |x: f64, y: f64| hills(x * 4.0, y * 11.0, 4, range.seed + 50);
    let slope = at(x - 0.02, y + 0.006) - at(x, y);
    let mut light = 0.5 + 1.2 * slope + 0.25 * noise(x * 3.0, y * 8.0, range.seed + 55);
    if range.trees > 0.0 {
        // Crowns of trees, lit from the upper right.
        let crown = |x: f64, y: f64| noise(x / range.trees * 1.1, y / range.trees * 1.5, range.seed + 60);
        let size = range.trees;
        light +=
            0.42 * (crown(x - 0.3 * size, y + 0.25 * size) - crown(x, y)) + 0.12 * crown(x * 2.2, y * 2.2);
        light -= 0.30 * smooth(0.004, 0.0, below);
    } else {
        light += 0.10 * noise(x * 90.0, y * 240.0, range.seed + 61) + 0.22 * smooth(0.03, 0.0, below);
    }
    let patch = smooth(0.0, 0.30, hills(x * 6.0 + 3.0, y * 22.0, 3, range.seed + 70));
    let light_green = mix(range.light, [0.68, 0.76, 0.34], 0.40 * patch);
    let own = mix(range.dark, light_green, light.clamp(0.0, 1.0));
    mix(own, [0.70, 0.82, 0.88], range.haze)
}

/// Water mirrors what stands behind it, stretched by ripples, and grows clear towards the shore.
fn lake(x: f64, y: f64, below: f64, left: f64) -> Rgb {
    let wave = noise(x * 26.0, y * 210.0, 80) + 0.6 * noise(x * 55.0, y * 420.0, 81);
    let mirrored = land(
        x + 0.007 * wave * (0.4 + 5.0 * below),
        WATER - 1.55 * below + 0.012 * wave * (0.3 + 6.0 * below),
    );
    let deep = mix([0.10, 0.30, 0.40], [0.16, 0.42, 0.46], smooth(0.10, 0.0, left));
    let mut water = mix(lit(mirrored, 0.93), deep, 0.26 + 0.30 * smooth(0.14, 0.0, left));
    let breeze = smooth(0.25, 0.75, noise(x * 2.5, y * 34.0, 82));
    water = mix(water, [0.72, 0.84, 0.92], 0.30 * breeze * smooth(-0.2, 0.9, wave));
    mix(water, [0.80, 0.84, 0.70], 0.45 * smooth(0.006, 0.0, below.min(left)))
}

/// Grass with flowers, coarser towards the eye.
fn meadow(x: f64, y: f64, below: f64) -> Rgb {
    let near = smooth(0.0, 0.28, below);
    let scale = 1.0 / (0.25 + 1.1 * below);
    let patch = hills(x * 3.5, y * 9.0, 4, 90);
    let blades = 0.6 * noise(x * 120.0 * scale + 8.0 * y, y * 46.0 * scale, 91)
        + 0.4 * noise(x * 260.0 * scale - 14.0 * y, y * 80.0 * scale, 92);
    let relief = hills(x * 5.0, y * 14.0, 3, 93) - hills(x * 5.0 + 0.12, y * 14.0 - 0.15, 3, 93);
    let light = (0.52 + 0.55 * relief + (0.12 + 0.20 * near) * blades - 0.22 * near).clamp(0.0, 1.0);
    let fresh = mix([0.42, 0.62, 0.14], [0.66, 0.75, 0.26], smooth(-0.2, 0.5, patch));
    let mut grass = mix([0.06, 0.22, 0.05], fresh, light);
    grass = mix(grass, [0.30, 0.50, 0.32], 0.35 * smooth(0.2, -0.5, patch) * (1.0 - near));
    grass = mix(grass, [0.74, 0.78, 0.58], 0.55 * smooth(0.007, 0.0, below));
    flower(x, y, below).map_or(grass, |petal| lit(petal, 0.75 + 0.3 * light))
}

fn flower(x: f64, y: f64, below: f64) -> Option<Rgb> {
    let size = 0.012 + 0.055 * below;
    let (column, row) = ((x / size).floor() as i64, (y / (0.6 * size)).floor() as i64);
    let meadow = smooth(-0.05, 0.45, noise(x * 3.0, y * 5.0, 95));
    if hash(column, row, 96) > 0.30 * meadow || below < 0.02 {
        return None;
    }
    let middle = |i: i64, which| (i as f64 + 0.25 + 0.5 * hash(column, row, which)) * size;
    let (dx, dy) = (x - middle(column, 97), (y - 0.6 * middle(row, 98)) / 0.8);
    let radius = size * (0.07 + 0.07 * hash(column, row, 99));
    let petals = [[0.98, 0.96, 0.90], [0.98, 0.84, 0.22], [0.95, 0.90, 0.62], [0.66, 0.52, 0.82]];
    let kind = (hash(column, row, 100) * 4.0) as usize;
    (dx * dx + dy * dy < radius * radius).then(|| petals[kind.min(3)])
}

/// A spruce before everything else: tiers of boughs that hang, lit from the right.
fn spruce(behind: Rgb, (x, y): (f64, f64), (middle, foot, high): (f64, f64, f64), seed: u64) -> Rgb {
    let up = (foot - y) / high;
    if !(0.0..1.0).contains(&up) {
        return behind;
    }
    let lean = x - middle - 0.006 * noise(up * 5.0, 0.0, seed);
    if up < 0.06 {
        return if lean.abs() < 0.011 * high { [0.16, 0.11, 0.08] } else { behind };
    }
    let tier = up * 17.0 + 0.35 * noise(lean / high * 14.0, up * 9.0, seed + 1);
    let hang = 1.0 - (tier - tier.floor());
    let ragged = 0.22 * noise(lean / high * 60.0, up * 60.0, seed + 2);
    let half = 0.200 * high * (1.0 - up) * (0.52 + 0.48 * hang + ragged) + 0.002;
    if lean.abs() > half {
        return behind;
    }
    let side = lean / half;
    let needles = noise(lean / high * 130.0, up * 150.0, seed + 3);
    let light = (0.34 + 0.36 * side + 0.30 * needles - 0.34 * hang).clamp(0.0, 1.0);
    mix([0.02, 0.09, 0.06], [0.22, 0.40, 0.16], light)
}
