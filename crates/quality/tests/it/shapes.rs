//! Drawn images to try a whole set of metrics on: bars in five directions and rings, closed or open to four sides, each moved,
//! turned, resized and blurred at random.

use quality::{Pca, Samples, Size};
use tensor::{Matrix, Seed, Stream};

pub const SIZE: Size = Size { height: 14, width: 14 };
pub const CLASSES: usize = 10;
const FEATURES: usize = 16;

/// Grey images, d × n, and their classes.
pub struct Drawn {
    pub images: Matrix,
    pub labels: Vec<u8>,
}

/// How dark a shape is at a place relative to its centre: 1 on its line, fading over a width.
fn ink(class: usize, turn: f64, size: f64, width: f64, y: f64, x: f64) -> f64 {
    let away = if class < 5 {
        let angle = turn + class as f64 * std::f64::consts::PI / 5.0;
        let (along, across) = (x * angle.cos() + y * angle.sin(), y * angle.cos() - x * angle.sin());
        across.hypot((along.abs() - 1.3 * size).max(0.0))
    } else {
        let open = turn + (class - 6.min(class)) as f64 * std::f64::consts::FRAC_PI_2;
        let from_gap = (y.atan2(x) - open).cos();
        let gap = if class > 5 && from_gap > 0.6 { 3.0 * (from_gap - 0.6) * size } else { 0.0 };
        (x.hypot(y) - size).abs() + gap
    };
    (-(away / width).powi(2)).exp()
}

fn shape(class: usize, noise: &mut Stream) -> Vec<f32> {
    let mut about = |middle: f64, spread: f64| middle + spread * (2.0 * noise.unit() - 1.0);
    let (y, x, turn) = (about(6.5, 1.2), about(6.5, 1.2), about(0.0, 0.25));
    let (size, width) = (about(3.8, 0.7), about(1.1, 0.25));
    let places =
        (0..SIZE.height).flat_map(|row| (0..SIZE.width).map(move |column| (row as f64, column as f64)));
    places.map(|(row, column)| ink(class, turn, size, width, row - y, column - x) as f32).collect()
}

/// `n` images of random classes.
pub fn draw(n: usize, seed: u64) -> Drawn {
    let mut noise = Seed::new(seed).child("shapes", 0).stream();
    let labels: Vec<u8> = (0..n).map(|_| noise.below(CLASSES) as u8).collect();
    let pixels = labels.iter().flat_map(|&class| shape(usize::from(class), &mut noise)).collect();
    Drawn { images: Matrix::from_vec(SIZE.height * SIZE.width, n, pixels), labels }
}

/// Principal components of some images as features, and the class of the nearest of them as classifier.
pub struct Eye {
    known: Drawn,
    pca: Pca,
}

impl Eye {
    pub fn new(known: Drawn) -> Self {
        Self { pca: Pca::fit(&known.images, FEATURES), known }
    }

    pub fn features(&self, images: &Matrix) -> Matrix {
        let features: Vec<f32> = self.pca.features(images).into_iter().flatten().map(|x| x as f32).collect();
        Matrix::from_vec(FEATURES, images.cols(), features)
    }

    /// What a set of metrics wants to know of images.
    pub fn look(&self, images: &Matrix) -> Samples {
        let distances = quality::pixels::squared_distances(&self.known.images, images);
        let nearest = |column: &[f32]| {
            (0..column.len()).min_by(|&a, &b| column[a].total_cmp(&column[b])).expect("an image")
        };
        let labels: Vec<u8> = distances.columns().map(|column| self.known.labels[nearest(column)]).collect();
        Samples::new(images, &self.features(images), &labels).expect("as many of each")
    }
}
