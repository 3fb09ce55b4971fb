//! All randomness: seeds that derive children by a keyed hash, and streams that fill slices and matrices.
//!
//! A [`Stream`] is a seed and a count of draws, nothing more: two streams with the same seed that made the same
//! draws are at the same place, so that a resumed run needs no generator state. A fill uses one generator for
//! each fixed block of [`COLUMN_BLOCK`] columns, keyed by seed, draw and block; the bits cannot depend on which
//! thread fills which block.
//!
//! Scalars come from PCG-64 [ONeill2014]. Bulk fills come from [`Lanes`], sixteen xoshiro128++ generators
//! [Blackman2021] side by side, seeded from PCG-64: one vector instruction advances all of them, which makes a
//! uniform number three to five times cheaper than one from a scalar generator. The draws that fill matrices are vector
//! kernels, in [`crate::simd`].

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64;

/// Columns that share one generator in a matrix fill.
pub const COLUMN_BLOCK: usize = 8;

/// Where a stream of random numbers begins. Unseeded randomness does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(u64);

impl Seed {
    /// A seed from a number that a person chose.
    pub fn new(value: u64) -> Self {
        Self(mix(value ^ 0x6a09_e667_f3bc_c908))
    }

    /// The seed for `purpose` number `index`: a keyed hash, so that no two purposes share a stream.
    pub fn child(self, purpose: &str, index: u64) -> Self {
        let hashed =
            purpose.bytes().fold(mix(self.0 ^ purpose.len() as u64), |h, byte| mix(h ^ u64::from(byte)));
        Self(mix(hashed ^ mix(index ^ 0xbb67_ae85_84ca_a73b)))
    }

    /// A stream that begins here.
    pub fn stream(self) -> Stream {
        Stream { seed: self, draws: 0 }
    }

    fn generator(self) -> Pcg64 {
        Pcg64::seed_from_u64(self.0)
    }
}

/// The finaliser of SplitMix64: a bijection of 64 bits in which every output bit depends on every input bit.
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Sixteen xoshiro128++ generators advanced together.
#[derive(Clone, Debug)]
pub struct Lanes {
    pub(crate) state: [[u32; 16]; 4],
}

impl Lanes {
    /// Seeds all lanes from the PCG-64 generator of `seed`.
    pub fn new(seed: Seed) -> Self {
        let mut pcg = seed.generator();
        let mut state = [[0; 16]; 4];
        for lane in state.as_flattened_mut().chunks_exact_mut(2) {
            let bits = pcg.next_u64();
            lane[0] = bits as u32;
            lane[1] = (bits >> 32) as u32;
        }
        Self { state }
    }
}

/// A stream of random fills: a seed and the number of draws made so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    seed: Seed,
    draws: u64,
}

impl Stream {
    /// The seed of the next draw; each call is one draw. Kernels that sample inside their own loop key their
    /// [`Lanes`] by this and the block of columns.
    pub fn next_seed(&mut self) -> Seed {
        let seed = self.seed.child("draw", self.draws);
        self.draws += 1;
        seed
    }

    /// One number uniform on [0, 1) with 53 bits.
    pub fn unit(&mut self) -> f64 {
        (self.next_seed().generator().next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A whole number uniform on `0..n`.
    ///
    /// # Panics
    /// If `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        assert!(n > 0, "no number lies below 0");
        below(&mut self.next_seed().generator(), n)
    }

    /// A uniformly random order of `0..n` (Fisher–Yates).
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut generator = self.next_seed().generator();
        let mut order: Vec<usize> = (0..n).collect();
        for i in (1..n).rev() {
            order.swap(i, below(&mut generator, i + 1));
        }
        order
    }
}

/// Uniform on `0..n` without bias: multiply-shift, drawn again in the sliver that would be uneven [Lemire2019].
fn below(generator: &mut Pcg64, n: usize) -> usize {
    let n = n as u64;
    loop {
        let wide = u128::from(generator.next_u64()) * u128::from(n);
        if (wide as u64) >= n.wrapping_neg() % n {
            return (wide >> 64) as usize;
        }
    }
}
