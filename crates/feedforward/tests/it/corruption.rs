//! Noise: how often, what it leaves alone, and what is refused.

use feedforward::Corruption;
use tensor::{Matrix, Seed};

use crate::support::pixels;

const N: usize = 500;

/// A matrix of 0.5 after noise: values that it makes can be told from those that it leaves.
fn corrupted(corruption: Corruption, seed: u64) -> Matrix {
    let mut x = Matrix::from_fn(100, N, |_, _| 0.5);
    corruption.corrupt(&mut x, &mut Seed::new(seed).stream());
    x
}

fn share(x: &Matrix, of: impl Fn(f32) -> bool) -> f64 {
    x.as_slice().iter().filter(|&&x| of(x)).count() as f64 / x.as_slice().len() as f64
}

/// Hoeffding: the mean of n coins is further than this from its expectation with probability 10⁻⁹ at most.
fn bound(n: usize) -> f64 {
    ((2e9_f64).ln() / (2.0 * n as f64)).sqrt()
}

#[test]
fn the_rate_of_corruption_is_the_probability() {
    let bound = bound(100 * N);
    for p in [0.1_f32, 0.3, 0.75] {
        let expected = f64::from(p);
        let masked = corrupted(Corruption::masking(p).unwrap(), 1);
        assert!((share(&masked, |x| x == 0.0) - expected).abs() < bound, "masking {p}");
        assert_eq!(share(&masked, |x| x == 0.0 || x == 0.5), 1.0);
        let salted = corrupted(Corruption::salt_and_pepper(p).unwrap(), 2);
        for value in [0.0, 1.0] {
            assert!((share(&salted, |x| x == value) - expected / 2.0).abs() < bound, "{p}: {value}");
        }
        assert_eq!(share(&salted, |x| x == 0.0 || x == 0.5 || x == 1.0), 1.0);
    }
}

/// Every pixel and every sample is hit as often as any other: the generators of the blocks do not repeat each other.
#[test]
fn no_pixel_and_no_sample_is_spared() {
    let x = corrupted(Corruption::Masking(0.3), 3);
    let zero = |x: &f32| *x == 0.0;
    for column in x.columns() {
        let rate = column.iter().filter(|x| zero(x)).count() as f64 / 100.0;
        assert!((rate - 0.3).abs() < bound(100), "{rate}");
    }
    for i in 0..100 {
        let rate = x.columns().filter(|c| zero(&c[i])).count() as f64 / N as f64;
        assert!((rate - 0.3).abs() < bound(N), "pixel {i}: {rate}");
    }
    assert!(x.column(0) != x.column(32) && x.column(1) != x.column(9));
}

/// Standard errors of mean and standard deviation of n normal numbers are σ/√n and σ/√(2n); six of them.
#[test]
fn gaussian_noise_has_its_deviation_and_is_not_clipped() {
    for sigma in [0.1_f32, 0.5] {
        let x = corrupted(Corruption::gaussian(sigma).unwrap(), 4);
        let (n, sigma) = (x.as_slice().len() as f64, f64::from(sigma));
        let noise = x.as_slice().iter().map(|&x| f64::from(x) - 0.5);
        let mean = noise.clone().sum::<f64>() / n;
        let deviation = (noise.map(|d| d * d).sum::<f64>() / n).sqrt();
        assert!(mean.abs() < 6.0 * sigma / n.sqrt(), "{mean}");
        assert!((deviation - sigma).abs() < 6.0 * sigma / (2.0 * n).sqrt(), "{deviation}");
    }
    let x = corrupted(Corruption::Gaussian(0.5), 4);
    assert!(share(&x, |x| x < 0.0) > 0.1 && share(&x, |x| x > 1.0) > 0.1);
}

#[test]
fn no_noise_is_the_identity_and_full_masking_leaves_nothing() {
    let clean = pixels(30, 70, 0.4, 5);
    for corruption in [
        Corruption::NONE,
        Corruption::Masking(0.0),
        Corruption::SaltAndPepper(0.0),
        Corruption::Gaussian(0.0),
    ] {
        let mut x = clean.clone();
        corruption.corrupt(&mut x, &mut Seed::new(6).stream());
        assert!(x == clean, "{corruption}");
    }
    assert_eq!(share(&corrupted(Corruption::Masking(1.0), 7), |x| x == 0.0), 1.0);
    assert_eq!(share(&corrupted(Corruption::SaltAndPepper(1.0), 7), |x| x == 0.5), 0.0);
}

#[test]
fn a_sample_s_noise_does_not_depend_on_how_many_come_after_it() {
    for corruption in [Corruption::Masking(0.4), Corruption::SaltAndPepper(0.4), Corruption::Gaussian(0.4)] {
        let (long, mut short) = (corrupted(corruption, 8), Matrix::from_fn(100, 45, |_, _| 0.5));
        corruption.corrupt(&mut short, &mut Seed::new(8).stream());
        assert_eq!(short.as_slice(), &long.as_slice()[..4500]);
    }
}

#[test]
fn strengths_outside_the_unit_interval_are_refused() {
    for amount in [-0.1, 1.1, f32::NAN, f32::INFINITY] {
        for (corruption, kind) in [
            (Corruption::masking(amount), "masking"),
            (Corruption::salt_and_pepper(amount), "salt-and-pepper noise"),
            (Corruption::gaussian(amount), "Gaussian noise"),
        ] {
            let expected = format!("{kind}: expected a strength from 0 to 1, found {amount}");
            assert_eq!(corruption.unwrap_err().to_string(), expected);
        }
    }
}

#[test]
fn it_is_written_and_read_as_json() {
    for (corruption, text) in [
        (Corruption::Masking(0.1), r#"{"masking":0.1}"#),
        (Corruption::SaltAndPepper(0.25), r#"{"salt-and-pepper":0.25}"#),
        (Corruption::Gaussian(0.5), r#"{"gaussian":0.5}"#),
    ] {
        assert_eq!(serde_json::to_string(&corruption).unwrap(), text);
        assert_eq!(serde_json::from_str::<Corruption>(text).unwrap(), corruption);
    }
}
