//! Wigner's semicircle: the eigenvalues of a random symmetric matrix, as a histogram in the terminal.
//! `cargo run --release --package tensor --example semicircle [SEED]`
#![allow(clippy::print_stdout)]

use tensor::{Accum, Matrix, Seed, gemm, symmetric_eigen};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seed = std::env::args().nth(1).map_or(Ok(1), |s| s.parse())?;
    let n = 300;
    let mut noise = Matrix::zeros(n, n);
    Seed::new(seed).stream().normal(&mut noise, (0.5 / n as f32).sqrt());
    // noise + noiseᵀ as a product with the unit matrix: symmetric, entries of variance 1/n.
    let unit = Matrix::from_fn(n, n, |i, j| f32::from(i == j));
    let mut sum = noise.clone();
    gemm(sum.view_mut(), Accum::Add, unit.view(), noise.view().transpose(), 1.0);
    let entries: Vec<f64> = sum.as_slice().iter().map(|&x| f64::from(x)).collect();
    let eigen = symmetric_eigen(n, &entries).ok_or("the decomposition failed")?;
    for bin in -11..11 {
        let (from, to) = (f64::from(bin) * 0.2, f64::from(bin + 1) * 0.2);
        let count = eigen.values.iter().filter(|&&x| from <= x && x < to).count();
        println!("{from:5.1}  {}", "█".repeat(2 * count));
    }
    Ok(())
}
