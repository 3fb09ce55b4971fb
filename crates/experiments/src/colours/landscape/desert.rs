//! Dunes at sunset: a violet to golden sky, table mountains, sand in light and shade, an acacia.

use super::noise::{crests, hash, hills, noise, smooth};
use super::{Rgb, gradient, lit, mix};

const SUN: (f64, f64) = (1.04, 0.505);
const HORIZON: f64 = 0.565;

/// The colour at a place.
pub(super) fn colour(x: f64, y: f64) -> Rgb {
    let mut here = if y < HORIZON { tables(x, y) } else { plain(x, y) };
    for dune in &DUNES {
        let crest = line(x, dune);
        if y > crest {
            here = sand(x, y, y - crest, dune);
        }
    }
    let here = acacia(here, x, y);
    let (dx, dy) = (x - SUN.0, y - SUN.1);
    mix(here, [1.0, 0.80, 0.42], 0.34 / (1.0 + 16.0 * (dx * dx + 1.6 * dy * dy)))
}

fn sky(x: f64, y: f64) -> Rgb {
    let (dx, dy) = (x - SUN.0, y - SUN.1);
    let far = (dx * dx + dy * dy).sqrt();
    let high = y + 0.05 * dx;
    let clear = gradient(
        &[
            (-0.05, [0.22, 0.17, 0.34]),
            (0.20, [0.46, 0.27, 0.42]),
            (0.36, [0.80, 0.43, 0.36]),
            (0.47, [0.94, 0.62, 0.34]),
            (0.57, [0.99, 0.82, 0.48]),
        ],
        high,
    );
    let at = |x: f64, y: f64| hills(x * 1.5 - 2.2 * y, y * 9.0, 6, 101);
    let cover = at(x, y);
    let under = smooth(-0.05, 0.20, cover - at(x + 0.02, y + 0.014));
    let glow = mix([0.98, 0.58, 0.34], [1.0, 0.86, 0.56], smooth(0.75, 0.1, far));
    let cloud = mix([0.40, 0.23, 0.36], glow, 0.25 + 0.75 * under);
    let thick = smooth(0.02, 0.42, cover) * smooth(0.60, 0.38, y);
    let here = mix(clear, cloud, 0.85 * thick);
    let halo = mix(here, [1.0, 0.90, 0.62], 0.75 / (1.0 + 90.0 * far * far));
    mix(halo, [1.0, 0.98, 0.86], smooth(0.052, 0.046, far))
}

/// Table mountains before the sky: left, right, top, and how far.
const TABLES: [(f64, f64, f64, f64); 5] = [
    (0.52, 0.70, 0.500, 0.72),
    (1.22, 1.62, 0.478, 0.66),
    (-0.10, 0.20, 0.445, 0.50),
    (0.255, 0.335, 0.470, 0.46),
    (0.80, 0.845, 0.512, 0.60),
];

fn tables(x: f64, y: f64) -> Rgb {
    let mut here = sky(x, y);
    for (index, &(left, right, top, haze)) in TABLES.iter().enumerate() {
        let seed = 110 + index as u64;
        let rough = 0.010 * hills(x * 22.0, y * 6.0, 4, seed);
        // Steep above, a skirt of scree below.
        let skirt = smooth(top + 0.045, HORIZON + 0.03, y);
        let out = 0.012 * (y - top) / 0.1 + 0.075 * skirt * skirt;
        let ledge =
            top + 0.006 * noise(x * 30.0, 0.0, seed) + 0.02 * smooth(0.7, 1.0, noise(x * 9.0, 1.0, seed));
        if x > left - out + rough && x < right + out + rough && y > ledge {
            let band = noise(x * 2.0, y * 120.0 + 3.0 * hills(x * 6.0, 0.0, 2, seed), seed + 20);
            let clefts = crests(x * 30.0, y * 4.0, 2, seed + 30) * (1.0 - skirt);
            let light = 0.5 + 0.22 * band - 0.35 * clefts + 0.25 * noise(x * 14.0, y * 14.0, seed + 31);
            let rock = mix([0.30, 0.14, 0.17], [0.72, 0.38, 0.24], light.clamp(0.0, 1.0));
            let air = mix([0.90, 0.56, 0.36], [0.99, 0.80, 0.46], smooth(0.7, 0.0, (x - SUN.0).abs()));
            here = mix(rock, air, haze * (0.85 + 0.3 * skirt));
        }
    }
    here
}

/// The flat land under the table mountains.
fn plain(x: f64, y: f64) -> Rgb {
    let near = smooth(HORIZON, 0.66, y);
    let sand = mix([0.96, 0.72, 0.42], [0.80, 0.52, 0.27], near);
    let brush =
        smooth(0.25, 0.6, noise(x * 60.0, y * 420.0, 130)) * smooth(0.0, 0.5, noise(x * 4.0, y * 30.0, 131));
    lit(mix(sand, [0.42, 0.26, 0.18], 0.55 * brush), 0.97 + 0.06 * noise(x * 5.0, y * 90.0, 132))
}

/// One dune: where its line lies, how it swings, and how near it is.
struct Dune {
    line: f64,
    swing: f64,
    width: f64,
    seed: u64,
    near: f64,
}

const DUNES: [Dune; 5] = [
    Dune { line: 0.605, swing: 0.026, width: 2.6, seed: 141, near: 0.10 },
    Dune { line: 0.650, swing: 0.040, width: 1.9, seed: 142, near: 0.30 },
    Dune { line: 0.715, swing: 0.060, width: 1.4, seed: 143, near: 0.55 },
    Dune { line: 0.800, swing: 0.075, width: 1.1, seed: 147, near: 0.80 },
    Dune { line: 0.925, swing: 0.080, width: 0.9, seed: 148, near: 1.00 },
];

fn line(x: f64, dune: &Dune) -> f64 {
    let sharp = crests(x * dune.width, 0.3, 1, dune.seed) - 0.5;
    dune.line - dune.swing * (0.75 * sharp + 0.5 * hills(x * dune.width * 0.8, 2.0, 2, dune.seed + 9))
}

fn sand(x: f64, y: f64, below: f64, dune: &Dune) -> Rgb {
    // A ridge runs down from each summit and parts the lit side from the shaded one.
    let bend = 0.9 * below / dune.width + 0.05 * hills(x * 2.0, y * 9.0, 3, dune.seed + 20);
    let height = |x: f64| crests((x - bend) * dune.width, 0.3, 1, dune.seed);
    let slope = (height(x + 0.004) - height(x - 0.004)) / 0.008 / dune.width;
    let facing = smooth(-0.80, -0.15, slope + 0.20 * hills(x * 3.0, y * 6.0, 3, dune.seed + 30));
    let foot = smooth(0.6 * dune.swing, 2.2 * dune.swing, below);
    let facing = facing + (0.80 - facing) * 0.75 * foot;
    let size = 0.0045 + 0.013 * dune.near * (0.4 + below * 3.0).min(1.3);
    let warp = 2.6 * hills(x * 5.0, y * 9.0, 3, dune.seed + 40) + 0.7 * x / size * 0.16;
    let phase = y / size + warp;
    let wave = phase - phase.floor();
    let ripple = smooth(0.0, 0.65, wave) * smooth(1.0, 0.70, wave) - 0.5;
    let light = facing
        + (0.10 + 0.16 * dune.near) * ripple * (0.35 + 0.65 * facing)
        + 0.05 * noise(x * 220.0, y * 300.0, dune.seed + 50);
    let dark = mix([0.52, 0.27, 0.23], [0.25, 0.12, 0.13], dune.near);
    let bright = mix([0.97, 0.74, 0.42], [0.93, 0.62, 0.25], dune.near);
    let own = mix(dark, bright, (light * (1.0 - 0.22 * dune.near)).clamp(0.0, 1.0));
    let edge = smooth(0.010, 0.0, below) * facing;
    let own = mix(own, [1.0, 0.86, 0.54], 0.55 * edge);
    mix(own, [0.97, 0.72, 0.44], 0.38 * (1.0 - dune.near) * smooth(0.9, 0.0, (x - SUN.0).abs()))
}

/// An acacia against the light: a forked trunk and flat crowns with holes.
fn acacia(behind: Rgb, x: f64, y: f64) -> Rgb {
    let (x, y) = (x - 0.36, y - 0.79);
    let bough = |from: (f64, f64), to: (f64, f64), thick: f64| {
        let along = ((y - from.1) / (to.1 - from.1)).clamp(0.0, 1.0);
        let inside = (y - from.1) * (y - to.1) <= 0.0;
        let middle = from.0 + (to.0 - from.0) * along * along + 0.004 * noise(y * 30.0, 0.0, 150);
        inside && (x - middle).abs() < thick * (1.0 - 0.55 * along)
    };
    let wood = bough((0.0, 0.02), (0.012, -0.13), 0.0105)
        || bough((0.010, -0.10), (-0.085, -0.245), 0.0065)
        || bough((0.010, -0.11), (0.100, -0.265), 0.0065)
        || bough((0.008, -0.12), (0.020, -0.300), 0.0055);
    let crown = |at: (f64, f64), half: (f64, f64), seed: u64| {
        let (dx, dy) = ((x - at.0) / half.0, (y - at.1) / half.1);
        let flat = if dy > 0.0 { 2.2 } else { 1.0 };
        let edge = 0.35 * hills(x * 55.0, y * 70.0, 3, seed) + 0.25 * noise(x * 160.0, y * 160.0, seed + 5);
        dx * dx + flat * dy * dy < 0.85 + edge
            && hash((x * 420.0).floor() as i64, (y * 420.0).floor() as i64, seed) > 0.16
    };
    let leaves = crown((-0.095, -0.262), (0.095, 0.036), 160)
        || crown((0.108, -0.280), (0.092, 0.034), 170)
        || crown((0.018, -0.320), (0.105, 0.036), 180);
    if leaves {
        let light = smooth(-0.2, 0.9, noise(x * 110.0, y * 150.0, 190) + 2.0 * x - 4.0 * (y + 0.28));
        return mix([0.13, 0.09, 0.08], [0.46, 0.30, 0.12], light);
    }
    if wood { [0.14, 0.08, 0.08] } else { behind }
}
