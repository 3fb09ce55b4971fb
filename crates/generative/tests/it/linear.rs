//! A linear autoencoder with Gaussian pixels, where everything is known: `p(x) = N(b, W Wᵀ + σ²)`, and the best one is
//! probabilistic principal component analysis [Tipping1999].

use feedforward::{AnyLayer, Dense, Init, Network};
use generative::{Likelihood, Vae, importance};
use tensor::{Matrix, Seed, symmetric_eigen};
use train::{Descent, Optimiser};

use crate::support::{error, mean, normal};

const PIXELS: usize = 4;
const LATENT: usize = 2;

/// Data with two strong directions and some noise in all.
fn data(n: usize) -> Matrix {
    let (z, noise) = (normal(LATENT, n, 1.0, 1), normal(PIXELS, n, 0.4, 2));
    let w = [[1.5, 0.2], [-0.7, 0.9], [0.3, -1.1], [0.8, 0.5]];
    Matrix::from_fn(PIXELS, n, |i, j| {
        let z = z.column(j);
        w[i][0] * z[0] + w[i][1] * z[1] + noise.column(j)[i] + 0.3
    })
}

/// Mean and covariance (divisor n).
fn moments(x: &Matrix) -> (Vec<f64>, Vec<f64>) {
    let n = x.cols() as f64;
    let mut mean = vec![0.0; PIXELS];
    x.columns().for_each(|c| mean.iter_mut().zip(c).for_each(|(m, &x)| *m += f64::from(x) / n));
    let mut covariance = vec![0.0; PIXELS * PIXELS];
    for c in x.columns() {
        for i in 0..PIXELS {
            for j in 0..PIXELS {
                covariance[i * PIXELS + j] += (f64::from(c[i]) - mean[i]) * (f64::from(c[j]) - mean[j]) / n;
            }
        }
    }
    (mean, covariance)
}

/// Mean of `log N(x; b, C)` over data, in nats.
fn log_normal(x: &Matrix, b: &[f64], c: &[f64]) -> f64 {
    let eigen = symmetric_eigen(PIXELS, c).unwrap();
    let log_det: f64 = eigen.values.iter().map(|v| v.ln()).sum();
    let of = |x: &[f32]| {
        let d: Vec<f64> = x.iter().zip(b).map(|(&x, b)| f64::from(x) - b).collect();
        let form: f64 = eigen
            .vectors
            .chunks_exact(PIXELS)
            .zip(&eigen.values)
            .map(|(v, value)| v.iter().zip(&d).map(|(v, d)| v * d).sum::<f64>().powi(2) / value)
            .sum();
        -0.5 * (PIXELS as f64 * std::f64::consts::TAU.ln() + log_det + form)
    };
    mean(&x.columns().map(of).collect::<Vec<_>>())
}

/// The exact mean log-likelihood of data under a linear autoencoder.
fn exact(vae: &Vae, x: &Matrix, sigma: f64) -> f64 {
    let decoder = vae.networks()[3].dense().next().unwrap();
    let mut c = vec![0.0; PIXELS * PIXELS];
    for i in 0..PIXELS {
        for j in 0..PIXELS {
            let [a, b] = [i, j].map(|p| decoder.weights.column(p));
            let product: f64 = a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
            c[i * PIXELS + j] = product + if i == j { sigma * sigma } else { 0.0 };
        }
    }
    let bias: Vec<f64> = decoder.bias.iter().map(|&b| f64::from(b)).collect();
    log_normal(x, &bias, &c)
}

fn linear(sigma: f32, seed: u64) -> Vae {
    let dense = |inputs, outputs, part| {
        let layer = Dense::new(inputs, outputs, Init::Uniform, Seed::new(seed).child("part", part));
        Network::new(vec![AnyLayer::Dense(layer)]).unwrap()
    };
    let networks = [
        dense(PIXELS, PIXELS, 0),
        dense(PIXELS, LATENT, 1),
        dense(PIXELS, LATENT, 2),
        dense(LATENT, PIXELS, 3),
    ];
    Vae::from_networks(networks, Likelihood::Gaussian { sigma }).unwrap()
}

fn descend(vae: &mut Vae, x: &Matrix, rate: f32, steps: usize) {
    let mut noise = Seed::new(3).child("steps", steps as u64).stream();
    let mut optimiser = Optimiser::with(Descent::adam(rate), vae);
    for _ in 0..steps {
        let (_, gradient) = vae.gradient(x, &mut noise);
        optimiser.step(vae, &gradient);
    }
}

#[test]
fn bounds_stay_below_the_exact_likelihood_rise_and_reach_it() {
    let (x, sigma) = (data(60), 0.4f32);
    let mut vae = linear(sigma, 5);
    // A little training, so that draws come from where the weight is.
    descend(&mut vae, &x, 1e-2, 300);
    let truth = exact(&vae, &x, f64::from(sigma));
    let of = |samples: usize, seed| importance::bounds(&vae, &x, samples, Seed::new(seed));
    let single = mean(&(0..400).flat_map(|seed| of(1, seed)).collect::<Vec<_>>());
    let ten = mean(&(0..60).flat_map(|seed| of(10, seed)).collect::<Vec<_>>());
    let hundred = mean(&(0..10).flat_map(|seed| of(100, seed)).collect::<Vec<_>>());
    let many = mean(&of(50_000, 1));
    assert!(single < ten && ten < hundred && hundred < truth + 0.02, "{single} {ten} {hundred} {truth}");
    assert!((many - truth).abs() < 0.05, "{many} against {truth}");
    // One draw is the evidence lower bound.
    let draws: Vec<f64> = (0..400)
        .flat_map(|seed| vae.elbo(&x, &mut Seed::new(seed).stream()))
        .map(|elbo| elbo.total())
        .collect();
    assert!((mean(&draws) - single).abs() < 4.0 * error(&draws) + 0.05, "{} against {single}", mean(&draws));
}

#[test]
fn the_best_linear_autoencoder_is_probabilistic_principal_component_analysis() {
    let x = data(400);
    let (b, c) = moments(&x);
    let eigen = symmetric_eigen(PIXELS, &c).unwrap();
    // σ² is the mean of the variances that are left out; the leading ones stay as they are [Tipping1999, eq. 7 and 8].
    let variance = eigen.values[..PIXELS - LATENT].iter().sum::<f64>() / (PIXELS - LATENT) as f64;
    let mut best = vec![0.0; PIXELS * PIXELS];
    for (k, (v, value)) in eigen.vectors.chunks_exact(PIXELS).zip(&eigen.values).enumerate() {
        let value = if k < PIXELS - LATENT { variance } else { *value };
        for i in 0..PIXELS {
            for j in 0..PIXELS {
                best[i * PIXELS + j] += value * v[i] * v[j];
            }
        }
    }
    let optimum = log_normal(&x, &b, &best);
    let sigma = variance.sqrt();
    let mut vae = linear(sigma as f32, 7);
    for rate in [1e-2, 1e-3, 1e-4] {
        descend(&mut vae, &x, rate, 1500);
    }
    let reached = exact(&vae, &x, sigma);
    assert!(reached <= optimum + 1e-4 && reached > optimum - 0.01, "{reached} against {optimum}");
    // There the posterior is normal with independent variables, so the bound is tight.
    let draws: Vec<f64> = (0..40)
        .map(|seed| {
            let bounds: Vec<f64> =
                vae.elbo(&x, &mut Seed::new(seed).stream()).into_iter().map(|e| e.total()).collect();
            mean(&bounds)
        })
        .collect();
    assert!((mean(&draws) - optimum).abs() < 0.05, "{} against {optimum}", mean(&draws));
}
