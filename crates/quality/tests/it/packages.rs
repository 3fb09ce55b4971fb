//! Our numbers beside those of the packages that people use, on two sets of points that a formula gives.
//!
//! The constants come from Python 3.11 with numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1, prdc 0.2, vendi-score 0.0.3 and
//!
//! ```python
//! def points(n, d, a, b, m):                                    # n × d, what `by_formula` gives, transposed
//!     i, j = np.meshgrid(np.arange(d), np.arange(n))
//!     return (((i + 1) * (j + 2) * a + (j * j) * (i + 3) * b) % m).astype(np.float32) / np.float32(m)
//! x = points(50, 6, 31, 7, 1009).astype(np.float64)
//! y = (points(40, 6, 29, 11, 997) * np.float32(0.75) + np.float32(0.5)).astype(np.float64)
//! ```

use quality::{Copying, Gaussian, Kernel, Support, nearest_training, rank_sum, vendi};

use crate::points::{by_formula, real, samples, shifted};

fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() < tolerance * expected.abs(), "{found} instead of {expected}");
}

/// `prdc.compute_prdc(x, y, k)`. (Its balls are open; no point lies on a border here.)
#[test]
fn prdc_has_the_same_four_shares() {
    for (k, [precision, recall, density, coverage]) in
        [(3, [0.45, 0.02, 0.3333333333333333, 0.18]), (5, [0.55, 0.14, 0.32, 0.34])]
    {
        let support = |points| Support::new(points, k).unwrap();
        let found = support(&real()).overlap(&support(&samples())).unwrap();
        close(found.precision, precision, 1e-12);
        close(found.recall, recall, 1e-12);
        close(found.density, density, 1e-12);
        close(found.coverage, coverage, 1e-12);
    }
}

/// `K = lambda a, b: polynomial_kernel(a, b, degree=3, gamma=None, coef0=1)` of `sklearn.metrics.pairwise`, and
/// `(K(x, x).sum() - K(x, x).trace()) / (50 * 49) + (K(y, y).sum() - K(y, y).trace()) / (40 * 39) - 2 * K(x, y).mean()`;
/// the same with `rbf_kernel(a, b, gamma=1 / (2 * w * w))`, where w is
/// `np.median(D[np.triu_indices(90, 1)])` of the distances D of all points.
#[test]
fn scikit_learn_has_the_same_kernel_distances() {
    // Ours multiplies in f32.
    close(Kernel::Cubic.distance(&real(), &samples()).unwrap(), 1.3948984157332545, 1e-6);
    let gaussian = Kernel::median_heuristic(&real(), &samples()).unwrap();
    let Kernel::Gaussian { width } = gaussian else { panic!("a Gaussian kernel") };
    close(width, 1.0370114611485786, 1e-6);
    close(gaussian.distance(&real(), &samples()).unwrap(), 0.39562047708701975, 1e-6);
}

/// `((x.mean(0) - y.mean(0)) ** 2).sum() + np.trace(a) + np.trace(b) - 2 * np.trace(scipy.linalg.sqrtm(a @ b)).real` with
/// `a, b = np.cov(x.T), np.cov(y.T)`, as packages write it.
#[test]
fn scipy_has_the_same_frechet_distance() {
    let [a, b] = [real(), samples()].map(|points| Gaussian::of_columns(&points).unwrap());
    close(a.frechet(&b), 0.8440439263998388, 1e-9);
}

/// `vendi_score.vendi.score_dual(x - 0.5)`, which goes through the d × d matrix, too.
#[test]
fn vendi_score_has_the_same_score() {
    close(vendi(&shifted(&real(), -0.5)).unwrap(), 5.832648197279726, 1e-6);
    close(vendi(&shifted(&samples(), -0.5)).unwrap(), 2.3433109372045973, 1e-6);
}

/// `d = euclidean_distances(y, x).min(1)`, `h = euclidean_distances(points(30, 6, 23, 13, 1013), x).min(1)`,
/// `np.median(d ** 2) / np.median(h ** 2)`, and `U = scipy.stats.mannwhitneyu(d, h).statistic` (1084) in deviations,
/// `(U - 40 * 30 / 2) / np.sqrt(40 * 30 * 71 / 12)`.
#[test]
fn scipy_has_the_same_rank_sum() {
    let held_out = by_formula(6, 30, [23, 13, 1013]);
    let distances = |points| -> Vec<(f64, u8)> {
        nearest_training(points, &real()).unwrap().into_iter().map(|d| (d, 0)).collect()
    };
    let found = Copying::of(&distances(&samples()), &distances(&held_out)).unwrap();
    close(found.z, 5.744023225658251, 1e-12);
    close(found.ratio, 4.751177127360381, 1e-9);
}

/// `a = np.floor(np.arange(20) * 7 % 11 / 2)`, `b = np.floor(np.arange(15) * 5 % 9 / 2)`,
/// `norm.isf(mannwhitneyu(a, b, use_continuity=False, method="asymptotic").pvalue / 2)`.
#[test]
fn scipy_corrects_for_ties_alike() {
    let values =
        |n: u32, by: u32, m: u32| -> Vec<f64> { (0..n).map(|i| f64::from(i * by % m / 2)).collect() };
    close(rank_sum(&values(20, 7, 11), &values(15, 5, 9)), 0.9175151558069061, 1e-9);
}

/// The definition of nearest-neighbour adversarial accuracy in numpy: of the first 40 real points, 0.925 have their own side nearer,
/// and all samples have.
#[test]
fn numpy_has_the_same_adversarial_accuracy() {
    let real = Support::new(&real().gather(&(0..40).collect::<Vec<_>>()), 1).unwrap();
    close(real.adversarial_accuracy(&Support::new(&samples(), 1).unwrap()).unwrap(), 0.9625, 1e-12);
}
