//! How much of a filter is a stroke: the report judges by eye whether weights are “clear shapes that resemble pieces of
//! digits”, here two numbers say it.
//!
//! A filter is the weights of one hidden unit on the pixels. Its *stroke* is its largest connected part: pixels that touch at
//! a side, have weights of one sign, and are at least half as large as the filter's largest weight. Its *share* is the stroke's
//! part of the filter's squared weights. Independent noise has parts of a pixel or two, and a share of one or two hundredths.

/// The least share of a stroke that counts as clear.
pub const CLEAR: f64 = 0.1;
/// Which pixels may belong to a stroke: those with at least this part of the largest weight.
const LARGE: f32 = 0.5;

/// The share of a filter's squared weights that lies in its largest connected part; 0 for a filter of zeros.
///
/// # Panics
/// If the filter is not `width` times a whole number long.
pub fn stroke(filter: &[f32], width: usize) -> f64 {
    assert_eq!(filter.len() % width, 0, "{} weights in rows of {width}", filter.len());
    let least = LARGE * filter.iter().fold(0.0f32, |most, w| most.max(w.abs()));
    let all = energy(filter.iter());
    if all == 0.0 {
        return 0.0;
    }
    let mut open: Vec<bool> = filter.iter().map(|w| w.abs() >= least).collect();
    let mut largest = 0.0f64;
    for start in 0..filter.len() {
        if open[start] {
            let part = flood(filter, width, start, &mut open);
            largest = largest.max(energy(part.iter().map(|&pixel| &filter[pixel])));
        }
    }
    largest / all
}

/// The pixels of one sign that hang together with `start`; they are closed.
fn flood(filter: &[f32], width: usize, start: usize, open: &mut [bool]) -> Vec<usize> {
    let mut part = vec![start];
    open[start] = false;
    let mut next = 0;
    while next < part.len() {
        let (pixel, column) = (part[next], part[next] % width);
        next += 1;
        let sides = [
            (column > 0).then(|| pixel - 1),
            (column + 1 < width).then(|| pixel + 1),
            pixel.checked_sub(width),
            (pixel + width < filter.len()).then(|| pixel + width),
        ];
        for side in sides.into_iter().flatten() {
            if open[side] && (filter[side] > 0.0) == (filter[start] > 0.0) {
                open[side] = false;
                part.push(side);
            }
        }
    }
    part
}

fn energy<'a>(weights: impl Iterator<Item = &'a f32>) -> f64 {
    weights.map(|w| f64::from(*w).powi(2)).sum()
}

/// The correlation of weights with those of the pixel to their right and of the one below: 0 for noise, near 1 for smooth
/// shapes. 0 for a filter that is the same everywhere.
pub fn smoothness(filter: &[f32], width: usize) -> f64 {
    let mean = filter.iter().map(|w| f64::from(*w)).sum::<f64>() / filter.len() as f64;
    let centred: Vec<f64> = filter.iter().map(|w| f64::from(*w) - mean).collect();
    let (mut products, mut pairs) = (0.0, 0usize);
    for (pixel, w) in centred.iter().enumerate() {
        let right = (pixel % width + 1 < width).then_some(pixel + 1);
        let below = (pixel + width < filter.len()).then_some(pixel + width);
        for other in [right, below].into_iter().flatten() {
            products += w * centred[other];
            pairs += 1;
        }
    }
    let variance = centred.iter().map(|w| w * w).sum::<f64>() / filter.len() as f64;
    if variance > 0.0 { products / pairs as f64 / variance } else { 0.0 }
}
