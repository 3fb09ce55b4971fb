//! The convolution: every filter slides over all channels of an image.
//!
//! `y[f, i, j] = b[f] + Σ w[f, c, k, l] · x[c, i·s + k − p, j·s + l − p]` with stride `s` and padding `p` by zeros: the
//! cross-correlation of PyTorch's `Conv2d` [Dumoulin2016, chapter 2]. The kernels are [`tensor::convolution`].

use tensor::convolution::{Packed, Passes, Window, add_bias_gradient};
use tensor::{Matrix, Seed};
use train::{Param, Parameters};

use super::sliding::{Sliding, by_sides, ends, for_sides};
use crate::{Init, Layer, Maps, Mode, NetworkError};

/// Filters and biases. On disk `weight` [filters, channels, kernel rows, kernel columns] and `bias` [filters]: the bytes of
/// PyTorch's `Conv2d`.
#[derive(Clone, Debug, PartialEq)]
pub struct Convolution {
    weights: Matrix, // weights of a filter × filters
    bias: Vec<f32>,
    window: Window,
}

impl Convolution {
    /// A fresh layer on images of this shape. A unit hears `channels · kernel` pixels and is heard by `filters · kernel` units: what
    /// [`Init`] calls fan-in and fan-out.
    ///
    /// # Errors
    /// If the stride or a size is 0, or the kernel does not fit into the padded image.
    pub fn new(
        image: Maps,
        filters: usize,
        sliding: Sliding,
        init: Init,
        seed: Seed,
    ) -> Result<Self, NetworkError> {
        let window = sliding.window("convolution", image, filters)?;
        let fans = [window.taps(), filters * window.kernel[0] * window.kernel[1]];
        let (weights, bias) = init.draw_fans([window.taps(), filters], fans, seed);
        Ok(Self { weights, bias, window })
    }

    /// What goes in and comes out.
    pub fn maps(&self) -> [Maps; 2] {
        ends(&self.window)
    }

    /// Its sizes.
    pub fn window(&self) -> &Window {
        &self.window
    }

    /// One bias a filter.
    pub fn bias(&self) -> &[f32] {
        &self.bias
    }

    /// All weights, one filter a column.
    pub fn weights(&self) -> &Matrix {
        &self.weights
    }

    /// What filter `filter` looks for in channel `channel`, as an image: kernel rows × kernel columns, row-major.
    ///
    /// # Panics
    /// If there is no such filter or channel.
    pub fn filter(&self, filter: usize, channel: usize) -> &[f32] {
        let size = self.window.kernel[0] * self.window.kernel[1];
        &self.weights.column(filter)[channel * size..(channel + 1) * size]
    }

    /// Weights as they lie on disk, and biases, to be written.
    pub(crate) fn parts_mut(&mut self) -> (&mut [f32], &mut [f32]) {
        (self.weights.as_mut_slice(), &mut self.bias)
    }

    /// `y = w · x + bias`; without bias where there is none.
    fn across(&self, x: &Matrix, bias: &[f32]) -> Matrix {
        let passes = Passes::new(&self.window);
        let (packed, mut room) =
            (Packed::forward(&self.window, self.weights.as_slice(), bias), passes.room());
        by_sides(x, self.maps(), |y, x| passes.across(y, &packed, x, &mut room))
    }
}

impl Layer for Convolution {
    type Trace = ();

    fn forward(&self, x: &Matrix, _: &mut Mode<'_>) -> (Matrix, ()) {
        (self.across(x, &self.bias), ())
    }

    /// `∂w += Σ dy · x`, `∂b += Σ dy` over places and samples, `dx = wᵀ · dy`.
    fn backward(&self, x: &Matrix, _: &Matrix, (): &(), dy: Matrix, gradient: &mut Self) -> Matrix {
        let passes = Passes::new(&self.window);
        let (packed, mut room) =
            (Packed::backward(&self.window, self.weights.as_slice(), &[]), passes.room());
        for_sides(x, &dy, |x, dy| {
            passes.learn(gradient.weights.as_mut_slice(), x, dy, &mut room);
            add_bias_gradient(&mut gradient.bias, dy);
        });
        let [inputs, outputs] = self.maps();
        by_sides(&dy, [outputs, inputs], |dx, dy| passes.back(dx, &packed, dy, &mut room))
    }

    /// Without the bias.
    fn tangent(&self, _: &Matrix, _: &Matrix, (): &(), tangent: Matrix) -> Matrix {
        self.across(&tangent, &[])
    }
}

impl Parameters for Convolution {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let Window { channels, filters, kernel: [rows, cols], .. } = self.window;
        let weight = Param::new("weight", [filters, channels, rows, cols], self.weights.as_slice());
        vec![weight, Param::new("bias", [filters], &self.bias[..])]
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let Window { channels, filters, kernel: [rows, cols], .. } = self.window;
        let weight = Param::new("weight", [filters, channels, rows, cols], self.weights.as_mut_slice());
        vec![weight, Param::new("bias", [filters], &mut self.bias[..])]
    }
}
