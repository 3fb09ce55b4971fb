//! The check must pass right gradients and catch wrong ones.

use train::check_gradient;

use crate::toy::Toy;

fn loss(t: &Toy) -> f64 {
    t.flat().iter().enumerate().map(|(i, &x)| (i + 1) as f64 * f64::from(x).powi(2)).sum()
}

fn gradient(t: &Toy) -> Toy {
    let g: Vec<f32> = t.flat().iter().enumerate().map(|(i, x)| 2.0 * (i + 1) as f32 * x).collect();
    Toy::new(g[..6].try_into().unwrap(), g[6..].try_into().unwrap())
}

#[test]
fn the_right_gradient_passes_and_a_wrong_one_is_found() {
    let t = Toy::new([1.0, -2.0, 3.0, -4.0, 5.0, -6.0], [0.5, -0.5]);
    let mut g = gradient(&t);
    // Quadratic: exact, but that rounding to f32 makes the two steps unequal by up to 5e-7.
    assert!(check_gradient(&t, &g, 1e-2, 1, loss).worst < 2e-6);
    g.bias[1] *= 1.1;
    let check = check_gradient(&t, &g, 1e-2, 1, loss);
    assert_eq!(check.at, ("bias".to_owned(), 1));
    assert!((check.worst - 0.1 / 1.1).abs() < 1e-6, "{check:?}");
    g.matrix[3] = f32::NAN;
    assert!(check_gradient(&t, &g, 1e-2, 1, loss).worst.is_nan(), "NaN does not pass as a small error");
}
