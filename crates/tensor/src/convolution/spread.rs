//! How maps lie for a filter that strides: padded by zeros, the columns of a row sorted by their remainder.
//!
//! Column `j` of a padded row goes to `(j mod s) · q + ⌊j / s⌋`, with `q = ⌈columns / s⌉`. The pixels that one weight meets as
//! its filter steps along a row are then neighbours, whatever the stride. Without padding and with stride 1 nothing moves.

use super::{SIDE, Window};
use crate::binary::Rows;

/// Maps of a [`Window`], spread out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    window: Window,
    /// Rows of a padded map.
    rows: usize,
    /// Columns of one remainder.
    pub(super) quota: usize,
}

impl Spread {
    /// What the inputs of `window` become.
    pub fn new(window: &Window) -> Self {
        let quota = (window.width + 2 * window.padding).div_ceil(window.stride);
        Self { window: *window, rows: window.height + 2 * window.padding, quota }
    }

    /// Pixels from one padded row to the next.
    pub(super) fn row(&self) -> usize {
        self.quota * self.window.stride
    }

    /// Where padded pixel (`row`, `col`) of channel `channel` lies.
    pub(super) fn at(&self, channel: usize, row: usize, col: usize) -> usize {
        let stride = self.window.stride;
        (channel * self.rows + row) * self.row() + col % stride * self.quota + col / stride
    }

    /// Whether the maps lie as they come.
    pub fn is_identity(&self) -> bool {
        self.window.padding == 0 && self.window.stride == 1
    }

    /// Room for a side of spread maps: none where they lie as they come.
    pub fn room(&self) -> Rows {
        let pixels = if self.is_identity() { 0 } else { self.window.channels * self.rows * self.row() };
        Rows::zeros(pixels, SIDE)
    }

    /// Spreads `maps` into `room` where they have to be; gives what kernels read.
    ///
    /// # Panics
    /// If `room` is not of [`Spread::room`], or `maps` not a side of the window's inputs.
    pub fn spread<'a>(&self, maps: &'a Rows, room: &'a mut Rows) -> &'a Rows {
        let Window { channels, height, width, padding, .. } = self.window;
        assert_eq!((maps.count(), maps.width()), (self.window.inputs(), SIDE), "pixels and samples");
        if self.is_identity() {
            return maps;
        }
        // What lies outside the maps is zero from the beginning and never written.
        for line in 0..channels * height {
            let (channel, row) = (line / height, line % height);
            for col in 0..width {
                let at = self.at(channel, row + padding, col + padding);
                room.row_mut(at).copy_from_slice(maps.row(line * width + col));
            }
        }
        room
    }
}
