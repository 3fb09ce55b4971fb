//! Images with labels: what every reader of this crate ends in.
//!
//! Pixels are bytes, row-major inside an image, image after image; `n` images of `height × width` are
//! `n · height · width` bytes. Features come out as columns: `to_matrix` gives `features × batch`.

use tensor::Matrix;

/// What a pixel's byte means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Levels {
    /// 0 or 1.
    Binary,
    /// 0 (paper) to 255 (ink).
    Grey,
}

/// A set of images of one size, each with a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// Row-major inside an image, image after image: `len · height · width` bytes.
    pub pixels: Vec<u8>,
    /// Rows of an image.
    pub height: usize,
    /// Columns of an image.
    pub width: usize,
    /// One label an image, an index into `classes`.
    pub labels: Vec<u8>,
    /// Label to name: "0".."9", "A".."Z".
    pub classes: Vec<String>,
    /// What a pixel's byte means.
    pub levels: Levels,
}

impl Images {
    /// Number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no image at all.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Pixels of one image: `height · width`, the rows of [`Images::to_matrix`].
    pub fn features(&self) -> usize {
        self.height * self.width
    }

    /// The pixels of image `i`, row by row.
    ///
    /// # Panics
    /// If there is no image `i`.
    pub fn image(&self, i: usize) -> &[u8] {
        assert!(i < self.len(), "image {i} of {}", self.len());
        &self.pixels[i * self.features()..][..self.features()]
    }

    /// The images at `indices`, in that order; an index may come twice.
    ///
    /// # Panics
    /// If an index is out of range.
    pub fn subset(&self, indices: &[usize]) -> Images {
        let mut pixels = Vec::with_capacity(indices.len() * self.features());
        for &i in indices {
            pixels.extend_from_slice(self.image(i));
        }
        let labels = indices.iter().map(|&i| self.labels[i]).collect();
        Images { pixels, labels, classes: self.classes.clone(), ..*self }
    }

    /// Indices of all images whose label is one of `labels`, ascending.
    pub fn of_classes(&self, labels: &[u8]) -> Vec<usize> {
        (0..self.len()).filter(|&i| labels.contains(&self.labels[i])).collect()
    }

    /// The label of the class called `name`, if there is one.
    pub fn label_of(&self, name: &str) -> Option<u8> {
        self.classes.iter().position(|class| class == name).and_then(|i| u8::try_from(i).ok())
    }

    /// The same images with 1 where a pixel is strictly above `threshold` and 0 elsewhere.
    pub fn binarised(&self, threshold: u8) -> Images {
        let pixels = self.pixels.iter().map(|&p| u8::from(p > threshold)).collect();
        Images {
            pixels,
            labels: self.labels.clone(),
            classes: self.classes.clone(),
            levels: Levels::Binary,
            ..*self
        }
    }

    /// The images at `indices` as columns: features × batch; 0 or 1 for binary pixels, p/255 for grey ones.
    ///
    /// # Panics
    /// If an index is out of range.
    pub fn to_matrix(&self, indices: &[usize]) -> Matrix {
        let scale = match self.levels {
            Levels::Binary => 1.0,
            Levels::Grey => 255.0,
        };
        let mut data = Vec::with_capacity(indices.len() * self.features());
        for &i in indices {
            data.extend(self.image(i).iter().map(|&p| f32::from(p) / scale));
        }
        Matrix::from_vec(self.features(), indices.len(), data)
    }

    /// Feeds the canonical bytes of these images to `update`, for a digest that does not depend on the file
    /// they came in: count, height, width (u64, little-endian), levels (1 or 255), the class names each
    /// with its length, the pixels, the labels.
    pub fn digest_input(&self, mut update: impl FnMut(&[u8])) {
        for size in [self.len(), self.height, self.width] {
            update(&(size as u64).to_le_bytes());
        }
        update(&[match self.levels {
            Levels::Binary => 1,
            Levels::Grey => 255,
        }]);
        update(&(self.classes.len() as u64).to_le_bytes());
        for class in &self.classes {
            update(&(class.len() as u64).to_le_bytes());
            update(class.as_bytes());
        }
        update(&self.pixels);
        update(&self.labels);
    }
}
