//! How slowly chains mix: the integrated autocorrelation time of a number that is followed along them.
//!
//! `τ = 1 + 2 Σₜ ρ(t)`: the mean of `n` states in a row is as noisy as that of `n / τ` independent ones. The sum ends at the
//! smallest window `M ≥ 5 τ(M)`, since beyond it there is more noise than correlation [Sokal1997, section 3]. Chains share one
//! mean: chains that stay apart are correlated for as long as they were watched. It says nothing of modes that no chain has seen.

/// What is found of some chains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Autocorrelation {
    /// `τ` in steps; 1 for independent states, below 1 for states that alternate.
    pub time: f64,
    /// The last lag that is summed.
    pub window: usize,
    /// Whether chains are long enough to trust it: fifty times as long as it, with a window that ends inside them.
    pub long_enough: bool,
}

/// Windows end where they are so many times as long as the time that they give.
const WINDOW: f64 = 5.0;
/// Chains are to be so many times as long as the time that they give.
const LENGTH: f64 = 50.0;

/// The integrated autocorrelation time of chains of the same length, from the mean autocovariance of all of them; none for
/// chains that never change, all at one value.
///
/// # Panics
/// If there is no chain, or a chain of fewer than two states or of another length than the first.
pub fn integrated_time(chains: &[Vec<f64>]) -> Option<Autocorrelation> {
    let length = chains.first().map_or(0, Vec::len);
    assert!(length >= 2, "chains of {length} states, expected at least 2");
    for chain in chains {
        assert_eq!(chain.len(), length, "a chain of {} states beside one of {length}", chain.len());
    }
    let all = (chains.len() * length) as f64;
    let mean = chains.iter().flatten().sum::<f64>() / all;
    let covariance = |lag: usize| {
        let pairs = chains.iter().flat_map(|chain| chain.iter().zip(&chain[lag..]));
        pairs.map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / all
    };
    let variance = covariance(0);
    if variance <= 0.0 {
        return None;
    }
    let (mut time, mut window) = (1.0, 0);
    while window + 1 < length && (window as f64) < WINDOW * time {
        window += 1;
        time += 2.0 * covariance(window) / variance;
    }
    let closed = window as f64 >= WINDOW * time;
    Some(Autocorrelation { time, window, long_enough: closed && length as f64 >= LENGTH * time })
}
