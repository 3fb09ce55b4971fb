//! How sharp the edges of a picture are: the mean step between neighbouring pixels, each step weighted by itself,
//!
//! ```text
//! sharpness = Σ (xᵢ − xⱼ)² / Σ |xᵢ − xⱼ|
//! ```
//!
//! over pixels next to each other in a row or a column. An edge from paper to ink in one step has 1, one spread evenly over `k` steps
//! has `1/k`, however much ink there is and however long the edge: black and white pictures have 1, blurred ones less. It does not
//! say whether the edges are those of a digit.

/// The sharpness of one picture, pixels from 0 to 1, row by row; none of one that is the same everywhere, which has no edge.
///
/// # Panics
/// If there is not one value a pixel.
pub fn sharpness(image: &[f32], (height, width): (usize, usize)) -> Option<f64> {
    assert_eq!(image.len(), height * width, "{} values for {height} × {width} pixels", image.len());
    let step = |i: usize, j: usize| (f64::from(image[i]) - f64::from(image[j])).abs();
    let across = (0..image.len()).filter(|i| (i + 1) % width != 0).map(|i| step(i, i + 1));
    let down = (0..image.len() - width).map(|i| step(i, i + width));
    let (mut sum, mut squares) = (0.0, 0.0);
    for step in across.chain(down) {
        sum += step;
        squares += step * step;
    }
    (sum > 0.0).then(|| squares / sum)
}

/// The sharpness below which a share of `values` lies: the value of that rank in ascending order.
///
/// # Panics
/// If there are none, or the share is not between 0 and 1.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    assert!(
        !values.is_empty() && (0.0..=1.0).contains(&share),
        "the quantile {share} of {} values",
        values.len()
    );
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}

#[cfg(test)]
mod tests {
    use super::{quantile, sharpness};

    /// A bar whose edges rise in `k` equal steps on both sides, the same in every row.
    fn bar(k: usize, plateau: usize) -> Vec<f32> {
        let ramp = (1..=k).map(|i| i as f32 / k as f32);
        let mut row: Vec<f32> =
            std::iter::repeat_n(0.0, 4).chain(ramp).chain(std::iter::repeat_n(1.0, plateau)).collect();
        let back: Vec<f32> = row[..4 + k].iter().rev().copied().collect();
        row.extend(back);
        row.resize(28, 0.0);
        std::iter::repeat_n(row, 28).flatten().collect()
    }

    #[test]
    fn an_edge_of_k_steps_has_one_kth_whatever_the_ink() {
        for k in 1..=5 {
            for plateau in [1, 5] {
                let found = sharpness(&bar(k, plateau), (28, 28)).unwrap();
                assert!((found - 1.0 / k as f64).abs() < 1e-6, "{k} steps: {found}");
            }
        }
    }

    #[test]
    fn paper_and_ink_alone_have_no_edge() {
        assert_eq!(sharpness(&[0.0; 784], (28, 28)), None);
        assert_eq!(sharpness(&[1.0; 784], (28, 28)), None);
    }

    /// A third of grey is as sharp as its step is high: half the contrast counts as half an edge.
    #[test]
    fn a_faint_edge_is_as_sharp_as_it_is_high() {
        let faint: Vec<f32> = bar(1, 5).iter().map(|x| 0.5 * x).collect();
        assert!((sharpness(&faint, (28, 28)).unwrap() - 0.5).abs() < 1e-6);
    }

    #[test]
    fn quantiles_are_values_by_rank() {
        let values = [5.0, 1.0, 4.0, 2.0, 3.0];
        assert_eq!([0.0, 0.25, 0.5, 1.0].map(|share| quantile(&values, share)), [1.0, 2.0, 3.0, 5.0]);
    }
}
