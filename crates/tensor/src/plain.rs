//! The plain twins of the vector kernels: one value at a time, in `f64`, as test oracles.

use crate::convolution::Window;

/// `1 / (1 + e⁻ˣ)`.
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `log(1 + eˣ)` without overflow.
pub fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// `log Σ exp(xᵢ)` without overflow; `−∞` for an empty slice.
pub fn log_sum_exp(values: &[f64]) -> f64 {
    let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if max.is_infinite() {
        return max;
    }
    max + values.iter().map(|x| (x - max).exp()).sum::<f64>().ln()
}

/// Every product of a convolution, `y[output] += w[weight] · x[input]`: calls `visit(weight, input, output)` for each, by loops
/// over filters, rows, columns, channels, and the kernel's rows and columns. Its adjoint and its gradient are sums over the
/// same products.
pub fn for_each_product(window: &Window, mut visit: impl FnMut(usize, usize, usize)) {
    let (Window { channels, height, width, filters, stride, padding, .. }, [rows, cols]) =
        (*window, window.kernel);
    let [out_height, out_width] = window.output();
    for output in 0..filters * out_height * out_width {
        let (f, i, j) =
            (output / out_width / out_height, output / out_width % out_height, output % out_width);
        for tap in 0..channels * rows * cols {
            let (c, k, l) = (tap / cols / rows, tap / cols % rows, tap % cols);
            let (row, col) = (i * stride + k, j * stride + l);
            // Padding is zero: it adds nothing.
            if (padding..padding + height).contains(&row) && (padding..padding + width).contains(&col) {
                let input = (c * height + row - padding) * width + col - padding;
                visit(f * channels * rows * cols + tap, input, output);
            }
        }
    }
}
