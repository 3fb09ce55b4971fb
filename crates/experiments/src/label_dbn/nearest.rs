//! Which digit a picture shows, by the training image that it is most like: the one at the smallest angle.
//!
//! Both are scaled to unit length, since a network's pictures are paler than images, and plain distance takes what is pale for
//! a thin digit.

use quality::pixels::squared_distances;
use tensor::Matrix;

use super::network::Labelled;

/// Training images, each of unit length, with their labels.
pub struct Nearest {
    images: Matrix,
    labels: Vec<u8>,
}

impl Nearest {
    /// These images.
    ///
    /// # Panics
    /// If there are none.
    pub fn new(Labelled { images, labels }: Labelled) -> Self {
        assert!(!labels.is_empty(), "no images to be near to");
        Self { images: unit(images), labels }
    }

    /// The label of the nearest image, for each picture (pixels × pictures).
    pub fn labels(&self, pictures: &Matrix) -> Vec<u8> {
        let distances = squared_distances(&self.images, &unit(pictures.clone()));
        let nearest = |column: &[f32]| {
            (0..column.len()).fold(0, |best, own| if column[own] < column[best] { own } else { best })
        };
        distances.columns().map(|column| self.labels[nearest(column)]).collect()
    }

    /// For each picture whether its nearest image has the label that is wanted.
    pub fn agree(&self, pictures: &Matrix, wanted: &[u8]) -> Vec<bool> {
        self.labels(pictures).iter().zip(wanted).map(|(found, wanted)| found == wanted).collect()
    }
}

/// Every column at length 1; one of zeros stays.
fn unit(mut images: Matrix) -> Matrix {
    for j in 0..images.cols() {
        let column = images.column_mut(j);
        let length = column.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
        if length > 0.0 {
            column.iter_mut().for_each(|x| *x = (f64::from(*x) / length) as f32);
        }
    }
    images
}
