//! Randomness: frozen bits, distributions, independence. Seeds are fixed; bounds would be broken by chance less
//! than once in 10⁹.

use std::collections::BTreeSet;

use tensor::{COLUMN_BLOCK, Matrix, Seed, Stream};

fn uniform(rows: usize, cols: usize, noise: &mut Stream) -> Matrix {
    let mut m = Matrix::zeros(rows, cols);
    noise.uniform(&mut m);
    m
}

/// χ² of counts that should be equal. The bound `d + 2√(dt) + 2t` is exceeded with probability below e⁻ᵗ
/// [Laurent2000]; t = 21 makes that 8·10⁻¹⁰.
fn assert_equally_likely(counts: &[u32]) {
    let expected = f64::from(counts.iter().sum::<u32>()) / counts.len() as f64;
    assert!(expected >= 10.0, "χ² needs ten a cell");
    let statistic: f64 = counts.iter().map(|&n| (f64::from(n) - expected).powi(2) / expected).sum();
    let (d, t) = (counts.len() as f64 - 1.0, 21.0_f64);
    let bound = d + 2.0 * (d * t).sqrt() + 2.0 * t;
    assert!(statistic < bound, "χ² = {statistic} for {d} degrees of freedom, bound {bound}");
}

/// Published results rest on these bits: whoever changes them raises `numerics` and trains again.
#[test]
fn the_bits_are_frozen() {
    let seed = Seed::new(42).child("weights", 3);
    let mut noise = seed.stream();
    let mut bits = Matrix::from_fn(20, 1, |_, _| 0.5);
    noise.bernoulli(&mut bits);
    let word = bits.as_slice().iter().fold(0_u32, |w, &b| w << 1 | b as u32);
    assert_eq!(word, 421749);
    assert_eq!(noise.unit().to_bits(), 4598464261809195656);
    assert_eq!([noise.below(1000), noise.below(1000)], [349, 52]);
    assert_eq!(noise.permutation(8), [1, 0, 3, 4, 2, 5, 6, 7]);
    let mut fill = Matrix::zeros(1, COLUMN_BLOCK + 1);
    noise.uniform(&mut fill);
    assert_eq!(
        [fill.as_slice()[0], fill.as_slice()[COLUMN_BLOCK]].map(f32::to_bits),
        [1038223312, 1056752520]
    );
}

#[test]
fn the_same_seed_and_draws_give_the_same_numbers() {
    let mut a = Seed::new(1).stream();
    let _ = uniform(3, 4, &mut a);
    let mut b = a.clone();
    assert_eq!(uniform(5, 6, &mut a), uniform(5, 6, &mut b));
    assert_ne!(uniform(5, 6, &mut a), uniform(5, 6, &mut Seed::new(1).stream()));
    assert_ne!(Seed::new(1), Seed::new(2));
}

#[test]
fn children_differ_in_purpose_and_index_and_order() {
    let root = Seed::new(7);
    let mut seen = BTreeSet::new();
    let purposes = ["", "a", "b", "ab", "ba", "aa", "epoch", "epoch\0", "layer"];
    for purpose in purposes {
        for index in (0..500).chain([u64::MAX]) {
            seen.insert(root.child(purpose, index).stream().unit().to_bits());
        }
    }
    assert_eq!(seen.len(), purposes.len() * 501);
    assert_ne!(root.child("a", 0).child("b", 0), root.child("b", 0).child("a", 0));
    assert_ne!(root.child("ab", 0), root.child("a", 0).child("b", 0));
}

#[test]
fn uniform_numbers_fill_the_unit_interval_evenly() {
    let values = uniform(1000, 100, &mut Seed::new(1).stream());
    assert!(values.as_slice().iter().all(|u| (0.0..1.0).contains(u)));
    let mut counts = [0; 256];
    values.as_slice().iter().for_each(|u| counts[(u * 256.0) as usize] += 1);
    assert_equally_likely(&counts);
    // Low bits as well: the place within a 4096th.
    let mut counts = [0; 64];
    values.as_slice().iter().for_each(|u| counts[((u * 4096.0).fract() * 64.0) as usize] += 1);
    assert_equally_likely(&counts);
}

#[test]
fn scalars_are_uniform() {
    let mut noise = Seed::new(2).stream();
    let (mut units, mut sevens) = ([0; 100], [0; 7]);
    for _ in 0..20_000 {
        units[(noise.unit() * 100.0) as usize] += 1;
        sevens[noise.below(7)] += 1;
    }
    assert_equally_likely(&units);
    assert_equally_likely(&sevens);
}

/// Pairs of numbers apart by a lane, a column, a block of columns, or a draw fill a 16 × 16 board evenly.
#[test]
fn neighbours_in_every_direction_are_independent() {
    let rows = 48;
    let mut noise = Seed::new(3).stream();
    let (a, b) = (uniform(rows, 1600, &mut noise), uniform(rows, 1600, &mut noise));
    let cell = |x: f32, y: f32| (x * 16.0) as usize * 16 + (y * 16.0) as usize;
    let board = |pairs: &mut dyn Iterator<Item = (f32, f32)>| {
        let mut counts = vec![0; 256];
        pairs.for_each(|(x, y)| counts[cell(x, y)] += 1);
        assert_equally_likely(&counts);
    };
    let flat = a.as_slice();
    for apart in [1, 2, 15, 16, 17, rows, 2 * rows, rows * COLUMN_BLOCK] {
        // Every number is used once, so that pairs are independent of each other too.
        let pairs = flat.chunks_exact(2 * apart);
        board(&mut pairs.flat_map(|c| c[..apart].iter().copied().zip(c[apart..].iter().copied())));
    }
    board(&mut flat.iter().copied().zip(b.as_slice().iter().copied()));
    let other = uniform(rows, 1600, &mut Seed::new(4).stream());
    board(&mut flat.iter().copied().zip(other.as_slice().iter().copied()));
}

#[test]
fn a_block_of_columns_does_not_depend_on_how_many_follow() {
    for rows in [1, 15, 16, 17, 100] {
        let fill = |cols: usize| uniform(rows, cols, &mut Seed::new(5).stream());
        let long = fill(5 * COLUMN_BLOCK + 3);
        for cols in [1, COLUMN_BLOCK - 1, COLUMN_BLOCK, 3 * COLUMN_BLOCK + 1] {
            assert_eq!(fill(cols).as_slice(), &long.as_slice()[..rows * cols], "{rows} rows, {cols} columns");
        }
        let blocks: Vec<&[f32]> = long.as_slice().chunks_exact(rows * COLUMN_BLOCK).collect();
        assert!((1..5).all(|i| blocks[i] != blocks[0]), "blocks have generators of their own");
    }
}

#[test]
fn draws_have_their_probability() {
    let n = 100_000;
    for p in [0.0, 1e-3, 0.1, 0.5, 0.9, 1.0] {
        let mut m = Matrix::from_fn(100, n / 100, |_, _| p);
        Seed::new(6).stream().bernoulli(&mut m);
        assert!(m.as_slice().iter().all(|&x| x == 0.0 || x == 1.0));
        let mean = m.as_slice().iter().map(|&x| f64::from(x)).sum::<f64>() / n as f64;
        let p = f64::from(p);
        let bound = 6.5 * (p * (1.0 - p) / n as f64).sqrt();
        assert!((mean - p).abs() <= bound, "{mean} for {p}, bound {bound}");
    }
}

#[test]
fn normal_numbers_have_their_moments_and_tails() {
    let n = 200_000;
    let mut m = Matrix::zeros(200, n / 200);
    Seed::new(7).stream().normal(&mut m, 2.0);
    let moment = |k: i32| m.as_slice().iter().map(|&x| f64::from(x / 2.0).powi(k)).sum::<f64>() / n as f64;
    // The variance of xᵏ is E x²ᵏ − (E xᵏ)².
    for (k, expected, variance) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)] {
        let bound = 6.5 * f64::sqrt(variance / n as f64);
        assert!(
            (moment(k) - expected).abs() < bound,
            "moment {k}: {} for {expected}, bound {bound}",
            moment(k)
        );
    }
    assert!(m.is_finite());
    let beyond = m.as_slice().iter().filter(|x| x.abs() > 2.0 * 1.959_964).count() as f64;
    assert!((beyond - 0.05 * n as f64).abs() < 6.5 * (0.0475 * n as f64).sqrt(), "{beyond} beyond 95 %");
}

#[test]
fn permutations_are_permutations_and_equally_likely() {
    let mut noise = Seed::new(8).stream();
    for n in [0, 1, 2, 50] {
        let mut order = noise.permutation(n);
        order.sort_unstable();
        assert_eq!(order, (0..n).collect::<Vec<_>>());
    }
    let mut counts = [0; 24];
    for _ in 0..24_000 {
        let order = noise.permutation(4);
        // Lehmer code: the number of later, smaller entries.
        let code = |i: usize| order[i + 1..].iter().filter(|&&x| x < order[i]).count();
        counts[(code(0) * 3 + code(1)) * 2 + code(2)] += 1;
    }
    assert_equally_likely(&counts);
}

#[test]
#[should_panic(expected = "no number lies below 0")]
fn nothing_lies_below_zero() {
    let _ = Seed::new(1).stream().below(0);
}
