//! The sizes of a convolution.

/// Filters that slide over maps: what goes in, how they step, what comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Maps that go in.
    pub channels: usize,
    /// Their rows.
    pub height: usize,
    /// Their columns.
    pub width: usize,
    /// Maps that come out.
    pub filters: usize,
    /// Rows and columns of a filter.
    pub kernel: [usize; 2],
    /// Pixels from one place of a filter to the next, along both axes.
    pub stride: usize,
    /// Zeros around each map, on all four sides.
    pub padding: usize,
}

impl Window {
    /// Whether nothing is zero that must not be, and the kernel fits into the padded map.
    pub fn fits(&self) -> bool {
        let sizes = [self.channels, self.height, self.width, self.filters, self.stride];
        let [rows, cols] = self.kernel;
        let inside = rows <= self.height + 2 * self.padding && cols <= self.width + 2 * self.padding;
        sizes.iter().all(|&size| size > 0) && rows > 0 && cols > 0 && inside
    }

    /// Rows and columns of a map that comes out, `⌊(n + 2p − k) / s⌋ + 1`.
    ///
    /// # Panics
    /// If the window does not fit ([`Window::fits`]).
    pub fn output(&self) -> [usize; 2] {
        assert!(self.fits(), "{self:?} does not fit");
        let size = |n: usize, k: usize| (n + 2 * self.padding - k) / self.stride + 1;
        [size(self.height, self.kernel[0]), size(self.width, self.kernel[1])]
    }

    /// Features that go in.
    pub fn inputs(&self) -> usize {
        self.channels * self.height * self.width
    }

    /// Features that come out.
    ///
    /// # Panics
    /// As [`Window::output`].
    pub fn outputs(&self) -> usize {
        self.filters * self.output().iter().product::<usize>()
    }

    /// Weights of one filter.
    pub fn taps(&self) -> usize {
        self.channels * self.kernel[0] * self.kernel[1]
    }
}
