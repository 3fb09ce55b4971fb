//! From a glyph's strokes to ink: a hand that shakes, a sheet at a slant, and a round pen of varying pressure.
//!
//! A written glyph is a list of segments in pixel units, each with the pen's radius. Ink at a pixel is how far
//! the pixel's centre lies inside the pen, `clamp(½ + radius − distance, 0, 1)`, the largest over segments.

use tensor::Stream;

use super::glyphs::{GLYPHS, Stroke};

type Point = [f32; 2];

/// A straight piece of a stroke, and the pen's radius there.
pub(super) struct Segment {
    from: Point,
    to: Point,
    radius: f32,
}

/// How a sheet is laid out.
pub(super) struct Layout {
    /// Height and width of the picture, in pixels.
    pub size: [usize; 2],
    /// Height and width of the box that the glyph fills.
    pub bounds: [f32; 2],
    /// Whether height and width are stretched to the box each on its own.
    pub fit: Fit,
    /// The pen's radius, in pixels: mean and deviation.
    pub radius: [f32; 2],
}

/// How a glyph is brought to the size of its box.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// As large as possible in its own proportions, then centred by its ink.
    Proportional,
    /// Stretched to the whole box, unless it is as thin as a plain 1.
    Stretched,
}

/// Roughly normal, of mean 0 and variance 1: three uniform numbers, so that no bit depends on a maths library.
fn shake(noise: &mut Stream) -> f32 {
    let sum: f64 = (0..3).map(|_| noise.unit()).sum();
    (2.0 * sum - 3.0) as f32
}

/// Glyph number `glyph`, written by a random hand, as ink from 0 to 1 in each pixel, row by row.
pub(super) fn draw(glyph: usize, layout: &Layout, noise: &mut Stream) -> Vec<f32> {
    let ways = GLYPHS[glyph];
    let mut strokes: Vec<Vec<Point>> = Vec::new();
    for stroke in ways[noise.below(ways.len())] {
        match stroke {
            Stroke::Curve(points) => strokes.push(curve(&shaken(points, noise))),
            Stroke::Line(points) => {
                let corners = shaken(points, noise);
                for pair in corners.windows(2) {
                    let middle = [0, 1].map(|i| 0.5 * (pair[0][i] + pair[1][i]) + 2.5 * shake(noise));
                    strokes.push(curve(&[pair[0], middle, pair[1]]));
                }
            }
        }
    }
    lean(&mut strokes, noise);
    let [mean, deviation] = layout.radius;
    let radius = (mean + deviation * shake(noise)).clamp(0.45 * mean, 1.55 * mean);
    place(&mut strokes, layout, radius);
    let segments = press(&strokes, radius, noise);
    let ink = rasterise(&segments, layout.size);
    if layout.fit == Fit::Proportional { centred(&ink, layout.size) } else { ink }
}

/// The control points, each a little off.
fn shaken(points: &[(u8, u8)], noise: &mut Stream) -> Vec<Point> {
    points
        .iter()
        .map(|&(x, y)| [f32::from(x) + 3.5 * shake(noise), f32::from(y) + 3.5 * shake(noise)])
        .collect()
}

/// A Catmull–Rom spline through the points, as a polyline.
fn curve(points: &[Point]) -> Vec<Point> {
    const STEPS: usize = 6;
    let at = |i: isize| points[i.clamp(0, points.len() as isize - 1) as usize];
    let mut line = vec![points[0]];
    for i in 0..points.len() as isize - 1 {
        let [p, q, r, s] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
        for step in 1..=STEPS {
            let t = step as f32 / STEPS as f32;
            line.push([0, 1].map(|k| {
                let (slope, bend) = (r[k] - p[k], 2.0 * p[k] - 5.0 * q[k] + 4.0 * r[k] - s[k]);
                let twist = 3.0 * (q[k] - r[k]) + s[k] - p[k];
                q[k] + 0.5 * t * (slope + t * (bend + t * twist))
            }));
        }
    }
    line
}

/// Slant, rotation and proportions of this hand.
fn lean(strokes: &mut [Vec<Point>], noise: &mut Stream) {
    let (slant, turn, narrow) = (0.08 + 0.16 * shake(noise), 0.07 * shake(noise), 0.78 + 0.1 * shake(noise));
    for [x, y] in strokes.iter_mut().flatten() {
        let (across, down) = (narrow * (*x - 50.0) - slant * (*y - 50.0), *y - 50.0);
        (*x, *y) = (across - turn * down, down + turn * across);
    }
}

/// Scales and moves the strokes into the box, so that the pen's edge touches its border.
fn place(strokes: &mut [Vec<Point>], layout: &Layout, radius: f32) {
    let (mut low, mut high) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
    for point in strokes.iter().flatten() {
        for k in 0..2 {
            low[k] = low[k].min(point[k]);
            high[k] = high[k].max(point[k]);
        }
    }
    let extent = [high[0] - low[0], high[1] - low[1]];
    let room = [layout.bounds[1] - 2.0 * radius, layout.bounds[0] - 2.0 * radius];
    let fits = [room[0] / extent[0], room[1] / extent[1]];
    let scale = match layout.fit {
        Fit::Proportional => [fits[0].min(fits[1]); 2],
        Fit::Stretched => [fits[0].min(1.8 * fits[1]), fits[1]],
    };
    for point in strokes.iter_mut().flatten() {
        for k in 0..2 {
            let centre = 0.5 * layout.size[1 - k] as f32;
            point[k] = centre + scale[k] * (point[k] - 0.5 * (low[k] + high[k]));
        }
    }
}

/// Segments, with a pressure that drifts along the strokes.
fn press(strokes: &[Vec<Point>], radius: f32, noise: &mut Stream) -> Vec<Segment> {
    let mut segments = Vec::new();
    for stroke in strokes {
        let (begin, end) = (1.0 + 0.15 * shake(noise), 1.0 + 0.15 * shake(noise));
        for (i, pair) in stroke.windows(2).enumerate() {
            let t = i as f32 / stroke.len() as f32;
            let pressure = (begin + t * (end - begin)).max(0.6);
            segments.push(Segment { from: pair[0], to: pair[1], radius: radius * pressure });
        }
    }
    segments
}

fn rasterise(segments: &[Segment], [height, width]: [usize; 2]) -> Vec<f32> {
    let mut ink = vec![0.0_f32; height * width];
    for Segment { from, to, radius } in segments {
        let reach = radius + 0.5;
        let range = |k: usize, size: usize| {
            let first = (from[k].min(to[k]) - reach).floor().max(0.0) as usize;
            let last = (from[k].max(to[k]) + reach).ceil().max(0.0) as usize;
            first..last.min(size)
        };
        let along = [to[0] - from[0], to[1] - from[1]];
        let square = (along[0] * along[0] + along[1] * along[1]).max(1e-9);
        for row in range(1, height) {
            for column in range(0, width) {
                let centre = [column as f32 + 0.5 - from[0], row as f32 + 0.5 - from[1]];
                let t = ((centre[0] * along[0] + centre[1] * along[1]) / square).clamp(0.0, 1.0);
                let off = [centre[0] - t * along[0], centre[1] - t * along[1]];
                let distance = (off[0] * off[0] + off[1] * off[1]).sqrt();
                let pixel = &mut ink[row * width + column];
                *pixel = pixel.max((0.5 + radius - distance).clamp(0.0, 1.0));
            }
        }
    }
    ink
}

/// The picture moved by whole pixels so that its centre of ink is the centre of the sheet.
fn centred(ink: &[f32], [height, width]: [usize; 2]) -> Vec<f32> {
    let (mut mass, mut moment) = (0.0, [0.0; 2]);
    for (i, &value) in ink.iter().enumerate() {
        mass += value;
        moment[0] += value * ((i / width) as f32 + 0.5);
        moment[1] += value * ((i % width) as f32 + 0.5);
    }
    let shift = |k: usize, size: usize| (0.5 * size as f32 - moment[k] / mass).round() as isize;
    let (down, right) = (shift(0, height), shift(1, width));
    let mut moved = vec![0.0; ink.len()];
    for (i, &value) in ink.iter().enumerate() {
        let row = (i / width) as isize + down;
        let column = (i % width) as isize + right;
        if (0..height as isize).contains(&row) && (0..width as isize).contains(&column) {
            moved[row as usize * width + column as usize] = value;
        }
    }
    moved
}
