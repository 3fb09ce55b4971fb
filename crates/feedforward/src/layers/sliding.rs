//! What a convolution and its transpose have in common: how filters slide, and batches in sides of sixteen samples.

use tensor::Matrix;
use tensor::binary::Rows;
use tensor::convolution::{SIDE, Window, gather_side, scatter_side};

use crate::{Maps, NetworkError};

/// How filters slide over maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sliding {
    /// Rows and columns of a filter.
    pub kernel: [usize; 2],
    /// Pixels from one place to the next, along both axes.
    pub stride: usize,
    /// Zeros around each map, on all four sides.
    pub padding: usize,
}

impl Sliding {
    /// Square filters, pixel by pixel, without padding.
    pub const fn square(size: usize) -> Self {
        Self { kernel: [size; 2], stride: 1, padding: 0 }
    }

    /// The window that takes `image` to `filters` maps.
    ///
    /// # Errors
    /// If the stride or a size is 0, or the kernel does not fit into the padded image.
    pub(super) fn window(
        self,
        kind: &'static str,
        image: Maps,
        filters: usize,
    ) -> Result<Window, NetworkError> {
        let Maps { channels, height, width } = Maps::new(image.channels, image.height, image.width)?;
        let Self { kernel, stride, padding } = self;
        let window = Window { channels, height, width, filters, kernel, stride, padding };
        if window.fits() {
            Ok(window)
        } else {
            Err(NetworkError::Window { kind, filters, sliding: self, image })
        }
    }
}

/// The window's inputs and outputs as maps.
pub(super) fn ends(window: &Window) -> [Maps; 2] {
    let [height, width] = window.output();
    let inputs = Maps { channels: window.channels, height: window.height, width: window.width };
    [inputs, Maps { channels: window.filters, height, width }]
}

/// `y` of `outputs` features from `x`, sixteen samples at a time.
///
/// # Panics
/// If `x` does not have `inputs` rows.
pub(super) fn by_sides(
    x: &Matrix,
    [inputs, outputs]: [Maps; 2],
    mut pass: impl FnMut(&mut Rows, &Rows),
) -> Matrix {
    check(x, inputs);
    let mut y = Matrix::zeros(outputs.features(), x.cols());
    let (mut from, mut to) = (Rows::zeros(x.rows(), SIDE), Rows::zeros(y.rows(), SIDE));
    for begin in (0..x.cols()).step_by(SIDE) {
        gather_side(&mut from, x, begin);
        pass(&mut to, &from);
        scatter_side(&mut y, begin, &to);
    }
    y
}

/// Both matrices, sixteen samples at a time. The samples beyond the last are zero.
pub(super) fn for_sides(x: &Matrix, y: &Matrix, mut visit: impl FnMut(&Rows, &Rows)) {
    let (mut left, mut right) = (Rows::zeros(x.rows(), SIDE), Rows::zeros(y.rows(), SIDE));
    for begin in (0..x.cols()).step_by(SIDE) {
        gather_side(&mut left, x, begin);
        gather_side(&mut right, y, begin);
        visit(&left, &right);
    }
}

/// Whether samples have the shape that a layer takes.
///
/// # Panics
/// If not.
pub(super) fn check(x: &Matrix, inputs: Maps) {
    assert_eq!(x.rows(), inputs.features(), "samples of {} features for maps {inputs}", x.rows());
}
