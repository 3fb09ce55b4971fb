//! Ranks of numbers: the median, and the rank sum of two sets, of one kind or of several.

/// The median of at least one value; the mean of the two middle ones of an even number.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    let half = values.len() / 2;
    values.sort_by(f64::total_cmp);
    if values.len() % 2 == 1 { values[half] } else { 0.5 * (values[half - 1] + values[half]) }
}

/// The statistic of Mann and Whitney in units of its deviation: 0 on average where `a` and `b` have one distribution, positive where
/// `a` is larger [MannWhitney1947].
///
/// ```text
/// U = Σ_{a, b} [ a > b ] + ½ [ a = b ]        E U = mn/2        Var U = mn/12 · (N + 1 − Σ (t³ − t) / (N (N − 1)))
/// ```
///
/// for m and n values, N = m + n, and groups of t equal ones. 0 if all values are equal.
pub fn rank_sum(a: &[f64], b: &[f64]) -> f64 {
    rank_sum_within(&[[a.to_vec(), b.to_vec()]])
}

/// The same, summed over strata: in each, the first values are compared with the second ones of that stratum alone.
///
/// ```text
/// z = Σ_s w_s (U_s − E U_s) / √( Σ_s w_s² Var U_s )        w_s = 1 / (N_s + 1)                        [VanElteren1960]
/// ```
pub(crate) fn rank_sum_within(strata: &[[Vec<f64>; 2]]) -> f64 {
    let (mut sum, mut variance) = (0.0, 0.0);
    for [a, b] in strata {
        let weight = 1.0 / (a.len() + b.len() + 1) as f64;
        let (deviation, own) = deviation(a, b);
        sum += weight * deviation;
        variance += weight * weight * own;
    }
    if variance > 0.0 { sum / variance.sqrt() } else { 0.0 }
}

/// `U − E U` and `Var U`.
fn deviation(a: &[f64], b: &[f64]) -> (f64, f64) {
    let mut all: Vec<(f64, bool)> = a.iter().map(|&x| (x, true)).collect();
    all.extend(b.iter().map(|&x| (x, false)));
    all.sort_by(|x, y| x.0.total_cmp(&y.0));
    let (m, n, total) = (a.len() as f64, b.len() as f64, all.len() as f64);
    let (mut wins, mut below, mut ties) = (0.0, 0.0, 0.0);
    for equal in all.chunk_by(|x, y| x.0 == y.0) {
        let ours = equal.iter().filter(|x| x.1).count() as f64;
        let theirs = equal.len() as f64 - ours;
        wins += ours * (below + 0.5 * theirs);
        below += theirs;
        ties += (equal.len() as f64).powi(3) - equal.len() as f64;
    }
    let variance = m * n / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)).max(1.0));
    (wins - 0.5 * m * n, variance)
}
