//! Products of many binary states by table lookup.
//!
//! Four binary states have sixteen possible sums of weights. For a large batch it pays to compute all sixteen and to
//! look them up, four states at a time: a quarter of the additions of a dense product, whatever is on ("the method of
//! the four Russians"). Tables of 32 states for 64 outputs fill two thirds of the first-level cache.

use pulp::{Simd, WithSimd};

use super::panels::Rows;
use super::spikes::Spikes;
use crate::simd::{LANE, dispatch, in_steps, per_lane, with_width};

/// Binary states of many samples, 32 to a word.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    states: usize,
    words: usize,
    bits: Vec<u32>,
}

/// Fewest samples for which tables pay.
pub const MANY: usize = 48;

/// States in a word.
const WORD: usize = 32;

impl Keys {
    /// Takes over states of zeros and ones, samples × states.
    pub fn set_states(&mut self, states: &Rows) {
        self.reset(states.count(), states.width());
        dispatch(Pack { keys: self, states });
    }

    /// Takes over lists of the states that are on.
    pub fn set_lists(&mut self, on: &Spikes) {
        self.reset(on.len(), on.rows());
        for (s, bits) in self.bits.chunks_exact_mut(self.words).enumerate() {
            for &i in on.column(s) {
                bits[i as usize / WORD] |= 1 << (i as usize % WORD);
            }
        }
    }

    /// Forgets all samples, keeps the memory.
    pub fn clear(&mut self) {
        self.bits.clear();
    }

    fn reset(&mut self, samples: usize, states: usize) {
        (self.states, self.words) = (states, states.div_ceil(WORD).max(1));
        self.bits.clear();
        self.bits.resize(samples * self.words, 0);
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.bits.len() / self.words.max(1)
    }

    /// Whether there are no samples.
    pub fn is_empty(&self) -> bool {
        self.bits.is_empty()
    }
}

struct Pack<'a> {
    keys: &'a mut Keys,
    states: &'a Rows,
}

impl WithSimd for Pack<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (s, bits) in self.keys.bits.chunks_exact_mut(self.keys.words).enumerate() {
            for (word, states) in bits.iter_mut().zip(self.states.row(s).chunks(WORD)) {
                for (i, x) in states.iter().enumerate() {
                    // Bit 29 is set in the float 1.0 and clear in 0.0, and there are no other states.
                    *word |= (x.to_bits() >> 29 & 1) << i;
                }
            }
        }
    }
}

/// Whether tables pay for these binary states: they cost the same whatever is on, lists only what is on.
pub fn pays(on: &Spikes) -> bool {
    on.len() >= MANY && on.is_dense()
}

/// Room for the sums of one stripe of outputs.
#[derive(Clone, Debug)]
pub struct Stripe(Rows);

impl Stripe {
    /// For up to `samples` samples.
    pub fn new(samples: usize) -> Self {
        Self(Rows::zeros(samples, VECTORS * LANE))
    }
}

/// Backward from binary states: `out[s][v] = Σ weights[v][j]` over the `j` that are on in sample `s`, over all panels.
///
/// Shapes: `out` samples × visible, and for each panel `weights` visible × panel and `states` samples × panel. The
/// padding of `out` becomes zero.
///
/// # Panics
/// If the shapes do not fit, or `stripe` has no room.
pub fn backward_lookup(out: &mut Rows, weights: &[&Rows], states: &[&Keys], stripe: &mut Stripe) {
    assert_eq!(weights.len(), states.len(), "panels of weights and of states");
    for (weights, states) in weights.iter().zip(states) {
        assert_eq!((out.count(), out.width()), (states.len(), weights.count()), "samples and visible units");
        assert_eq!(weights.width(), states.states, "hidden units");
    }
    stripe.0.set_count(out.count());
    dispatch(Backward { out, weights, states, stripe: &mut stripe.0 });
}

/// Forward from binary states: `out[s] = bias + Σ weights[v]` over the `v` that are on in sample `s`.
///
/// Shapes: `out` samples × panel, `weights` visible × panel, `states` samples × visible.
///
/// # Panics
/// If the shapes do not fit, or `stripe` has no room.
pub fn forward_lookup(out: &mut Rows, bias: &[f32], weights: &Rows, states: &Keys, stripe: &mut Stripe) {
    assert_eq!((out.count(), weights.count()), (states.len(), states.states), "samples and visible units");
    assert_eq!(
        (out.lanes(), bias.len()),
        (weights.lanes(), weights.lanes() * LANE),
        "lanes of states and bias"
    );
    stripe.0.set_count(out.count());
    dispatch(Forward { out, bias, weights, states, stripe: &mut stripe.0 });
}

/// Vectors of a stripe of outputs.
const VECTORS: usize = 4;
/// States that share a table, and what they can be.
const BITS: usize = 4;
const SUMS: usize = 1 << BITS;

/// For each four states of a word, their sixteen sums over `C` vectors of outputs.
type Tables<V, const C: usize> = [[[V; C]; SUMS]; WORD / BITS];

/// The weights of one word of states, states × outputs.
#[repr(align(64))]
struct Block([[f32; VECTORS * LANE]; WORD]);

/// All sums of each four rows.
#[inline(always)]
fn tabulate<S: Simd, const C: usize>(simd: S, tables: &mut Tables<S::f32s, C>, block: &Block) {
    for (q, table) in tables.iter_mut().enumerate() {
        table[0] = [simd.splat_f32s(0.0); C];
        for i in 0..BITS {
            let row = S::as_simd_f32s(&block.0[q * BITS + i]).0;
            let row: &[S::f32s; C] = row.first_chunk().expect("a block holds four lanes");
            for sum in 0..1 << i {
                let mut next = table[sum];
                for c in 0..C {
                    next[c] = simd.add_f32s(next[c], row[c]);
                }
                table[sum | 1 << i] = next;
            }
        }
    }
}

/// Adds what word `word` of each sample selects.
#[inline(always)]
fn look_up<S: Simd, const C: usize>(
    simd: S,
    tables: &Tables<S::f32s, C>,
    sums: &mut [S::f32s],
    states: &Keys,
    word: usize,
) {
    let keys = states.bits.chunks_exact(states.words);
    for (sum, keys) in sums.as_chunks_mut::<C>().0.iter_mut().zip(keys) {
        let mut key = keys[word] as usize;
        let mut total = *sum;
        for table in tables {
            let chosen = &table[key % SUMS];
            for c in 0..C {
                total[c] = simd.add_f32s(total[c], chosen[c]);
            }
            key /= SUMS;
        }
        *sum = total;
    }
}

struct Forward<'a> {
    out: &'a mut Rows,
    bias: &'a [f32],
    weights: &'a Rows,
    states: &'a Keys,
    stripe: &'a mut Rows,
}

impl WithSimd for Forward<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for (at, width) in in_steps(self.weights.lanes() * per_lane::<S>(), VECTORS) {
            with_width!(width, [1 2 3 4], C => forward_stripe::<S, C>(simd, &mut self, at));
        }
    }
}

#[inline(always)]
fn forward_stripe<S: Simd, const C: usize>(simd: S, task: &mut Forward<'_>, at: usize) {
    let samples = task.out.count();
    let sums = &mut S::as_mut_simd_f32s(task.stripe.flat_mut()).0[..samples * C];
    let bias: &[S::f32s; C] =
        S::as_simd_f32s(task.bias).0[at..].first_chunk().expect("padded to whole lanes");
    sums.as_chunks_mut::<C>().0.fill(*bias);
    let mut tables = [[[simd.splat_f32s(0.0); C]; SUMS]; WORD / BITS];
    let mut block = Block([[0.0; VECTORS * LANE]; WORD]);
    let (begin, width) = (at * S::F32_LANES, C * S::F32_LANES);
    for word in 0..task.states.words {
        for (i, row) in block.0.iter_mut().enumerate() {
            match word * WORD + i {
                v if v < task.weights.count() => {
                    row[..width].copy_from_slice(&task.weights.row(v)[begin..begin + width]);
                }
                _ => row.fill(0.0),
            }
        }
        tabulate::<S, C>(simd, &mut tables, &block);
        look_up::<S, C>(simd, &tables, sums, task.states, word);
    }
    for (s, sum) in sums.as_chunks::<C>().0.iter().enumerate() {
        S::as_mut_simd_f32s(task.out.row_mut(s)).0[at..at + C].copy_from_slice(sum);
    }
}

struct Backward<'a> {
    out: &'a mut Rows,
    weights: &'a [&'a Rows],
    states: &'a [&'a Keys],
    stripe: &'a mut Rows,
}

impl WithSimd for Backward<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for (at, width) in in_steps(self.out.lanes() * per_lane::<S>(), VECTORS) {
            with_width!(width, [1 2 3 4], C => backward_stripe::<S, C>(simd, &mut self, at));
        }
    }
}

#[inline(always)]
fn backward_stripe<S: Simd, const C: usize>(simd: S, task: &mut Backward<'_>, at: usize) {
    let samples = task.out.count();
    let sums = &mut S::as_mut_simd_f32s(task.stripe.flat_mut()).0[..samples * C];
    sums.fill(simd.splat_f32s(0.0));
    let mut tables = [[[simd.splat_f32s(0.0); C]; SUMS]; WORD / BITS];
    let mut block = Block([[0.0; VECTORS * LANE]; WORD]);
    let (begin, width) = (at * S::F32_LANES, C * S::F32_LANES);
    for (weights, states) in task.weights.iter().zip(task.states) {
        for word in 0..states.words {
            turn::<S>(simd, &mut block, weights, begin, width, word);
            tabulate::<S, C>(simd, &mut tables, &block);
            look_up::<S, C>(simd, &tables, sums, states, word);
        }
    }
    for (s, sum) in sums.as_chunks::<C>().0.iter().enumerate() {
        S::as_mut_simd_f32s(task.out.row_mut(s)).0[at..at + C].copy_from_slice(sum);
    }
}

/// Turns the weights of `width` visible units from `begin` and one word of hidden units into states × outputs.
#[inline(always)]
fn turn<S: Simd>(simd: S, block: &mut Block, weights: &Rows, begin: usize, width: usize, word: usize) {
    let first = word * WORD;
    let lanes = (weights.lanes() * LANE - first).min(WORD);
    let fours = turns_fours(simd);
    for v in (0..width).step_by(4) {
        let row = |i: usize| match begin + v + i {
            v if v < weights.count() => &weights.row(v)[first..first + lanes],
            _ => &[0.0; WORD][..lanes],
        };
        let (a, b, c, d) = (row(0), row(1), row(2), row(3));
        if !fours {
            for j in 0..lanes {
                block.0[j][v..v + 4].copy_from_slice(&[a[j], b[j], c[j], d[j]]);
            }
            continue;
        }
        let vectors = |row| S::as_simd_f32s(row).0.iter();
        let rows = vectors(a).zip(vectors(b)).zip(vectors(c)).zip(vectors(d));
        for (block, (((a, b), c), d)) in block.0.chunks_exact_mut(S::F32_LANES).zip(rows) {
            let turned: [S::f32s; 4] = simd.deinterleave_shfl_f32s([*a, *b, *c, *d]);
            let mut floats = [0.0; 4 * LANE];
            S::as_mut_simd_f32s(&mut floats).0[..4].copy_from_slice(&turned);
            for (i, column) in floats[..4 * S::F32_LANES].chunks_exact(S::F32_LANES).enumerate() {
                for (q, four) in column.as_chunks::<4>().0.iter().enumerate() {
                    block[4 * q + i][v..v + 4].copy_from_slice(four);
                }
            }
        }
    }
    block.0[lanes..].iter_mut().for_each(|row| row.fill(0.0));
}

/// Whether taking four vectors apart leaves, in every four lanes, one entry of each of the four: the order of the
/// lanes is the processor's own.
#[inline(always)]
fn turns_fours<S: Simd>(simd: S) -> bool {
    if S::F32_LANES < 4 {
        return false;
    }
    let mut floats = [0.0; 4 * LANE];
    floats.iter_mut().enumerate().for_each(|(i, x)| *x = i as f32);
    let mut vectors: [S::f32s; 4] = *S::as_simd_f32s(&floats).0.first_chunk().expect("four lanes");
    vectors = simd.deinterleave_shfl_f32s(vectors);
    S::as_mut_simd_f32s(&mut floats).0[..4].copy_from_slice(&vectors);
    let expected = |i: usize| (i % 4) * S::F32_LANES + i % S::F32_LANES / 4 * 4 + i / S::F32_LANES;
    floats[..4 * S::F32_LANES].iter().enumerate().all(|(i, &x)| x == expected(i) as f32)
}
