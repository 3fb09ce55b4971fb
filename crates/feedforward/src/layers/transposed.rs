//! The transposed convolution: the adjoint of a convolution, plus a bias. A generator grows images with it.
//!
//! Every input pixel lays a copy of its channel's filters, times its value, on the output, `s` pixels from the next one's:
//! `y[c, i·s + k − p, j·s + l − p] += w[f, c, k, l] · x[f, i, j]`, and `y[c] += b[c]`: PyTorch's `ConvTranspose2d` without output
//! padding [Dumoulin2016, chapter 4]. Maps of `n` rows become maps of `(n − 1) s − 2p + k`.

use tensor::convolution::{Packed, Passes, Window, add_bias_gradient};
use tensor::{Matrix, Seed};
use train::{Param, Parameters};

use super::sliding::{Sliding, by_sides, ends, for_sides};
use crate::{Init, Layer, Maps, Mode, NetworkError};

/// Filters and biases. On disk `weight` [maps in, maps out, kernel rows, kernel columns] and `bias` [maps out]: the bytes of
/// PyTorch's `ConvTranspose2d`.
#[derive(Clone, Debug, PartialEq)]
pub struct TransposedConvolution {
    weights: Matrix, // weights of a map that goes in × maps that go in
    bias: Vec<f32>,
    window: Window, // of the convolution whose adjoint this is: from what comes out to what goes in
}

impl TransposedConvolution {
    /// A fresh layer from maps of this shape to `channels` larger ones.
    ///
    /// For [`Init`] the fan-in is `channels · kernel` and the fan-out that of the maps that go in, as PyTorch has it.
    ///
    /// # Errors
    /// If the stride or a size is 0, or the padding leaves nothing.
    pub fn new(
        image: Maps,
        channels: usize,
        sliding: Sliding,
        init: Init,
        seed: Seed,
    ) -> Result<Self, NetworkError> {
        let kind = "transposed convolution";
        let wrong = || NetworkError::Window { kind, filters: channels, sliding, image };
        let filters = Maps::new(image.channels, image.height, image.width)?.channels;
        let grown = |n: usize, k: usize| {
            let size = (n - 1).checked_mul(sliding.stride)?.checked_add(k)?;
            size.checked_sub(2 * sliding.padding).filter(|&size| size > 0)
        };
        let [rows, cols] = sliding.kernel;
        let sizes = grown(image.height, rows).zip(grown(image.width, cols));
        let (height, width) = sizes.ok_or_else(wrong)?;
        let large = Maps { channels, height, width };
        let window = sliding.window(kind, large, filters).map_err(|_| wrong())?;
        let fans = [window.taps(), filters * rows * cols];
        let (weights, _) = init.draw_fans([window.taps(), filters], fans, seed);
        // There is one bias for each map that comes out: drawn as that of so many units.
        let (_, bias) = init.draw_fans([1, channels], fans, seed.child("bias", 0));
        Ok(Self { weights, bias, window })
    }

    /// What goes in and comes out.
    pub fn maps(&self) -> [Maps; 2] {
        let [large, small] = ends(&self.window);
        [small, large]
    }

    /// The sizes of the convolution whose adjoint this is.
    pub fn window(&self) -> &Window {
        &self.window
    }

    /// One bias for each map that comes out.
    pub fn bias(&self) -> &[f32] {
        &self.bias
    }

    /// All weights, one column for each map that goes in.
    pub fn weights(&self) -> &Matrix {
        &self.weights
    }

    /// Weights as they lie on disk, and biases, to be written.
    pub(crate) fn parts_mut(&mut self) -> (&mut [f32], &mut [f32]) {
        (self.weights.as_mut_slice(), &mut self.bias)
    }

    /// `y = wᵀ · x + bias`; without bias where there is none.
    fn grow(&self, x: &Matrix, bias: &[f32]) -> Matrix {
        let passes = Passes::new(&self.window);
        let (packed, mut room) =
            (Packed::backward(&self.window, self.weights.as_slice(), bias), passes.room());
        by_sides(x, self.maps(), |y, x| passes.back(y, &packed, x, &mut room))
    }
}

impl Layer for TransposedConvolution {
    type Trace = ();

    fn forward(&self, x: &Matrix, _: &mut Mode<'_>) -> (Matrix, ()) {
        (self.grow(x, &self.bias), ())
    }

    /// `∂w += Σ x · dy`, `∂b += Σ dy` over places and samples, `dx = w · dy`: the convolution.
    fn backward(&self, x: &Matrix, _: &Matrix, (): &(), dy: Matrix, gradient: &mut Self) -> Matrix {
        let passes = Passes::new(&self.window);
        let (packed, mut room) = (Packed::forward(&self.window, self.weights.as_slice(), &[]), passes.room());
        for_sides(x, &dy, |x, dy| {
            passes.learn(gradient.weights.as_mut_slice(), dy, x, &mut room);
            add_bias_gradient(&mut gradient.bias, dy);
        });
        let [inputs, outputs] = self.maps();
        by_sides(&dy, [outputs, inputs], |dx, dy| passes.across(dx, &packed, dy, &mut room))
    }

    /// Without the bias.
    fn tangent(&self, _: &Matrix, _: &Matrix, (): &(), tangent: Matrix) -> Matrix {
        self.grow(&tangent, &[])
    }
}

impl Parameters for TransposedConvolution {
    fn params(&self) -> Vec<Param<&[f32]>> {
        let Window { channels, filters, kernel: [rows, cols], .. } = self.window;
        let weight = Param::new("weight", [filters, channels, rows, cols], self.weights.as_slice());
        vec![weight, Param::new("bias", [channels], &self.bias[..])]
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        let Window { channels, filters, kernel: [rows, cols], .. } = self.window;
        let weight = Param::new("weight", [filters, channels, rows, cols], self.weights.as_mut_slice());
        vec![weight, Param::new("bias", [channels], &mut self.bias[..])]
    }
}
