//! What a gradient does to a parameter: one vector at a time, while the gradient is still in registers.

use pulp::{Simd, WithSimd};

use crate::binary::Rows;
use crate::simd::dispatch;

/// How the change follows from the gradient `g`; `m` and `s` are the two moments of a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// `g`.
    Plain,
    /// `m ← momentum · m + g`, and that is the change.
    HeavyBall {
        /// Share of the old change that is kept.
        momentum: f32,
    },
    /// `s ← decay · s + (1 − decay) · g²`, `g / √(s + epsilon)`.
    RmsProp {
        /// Share of the old mean square that is kept.
        decay: f32,
        /// Keeps the root away from zero.
        epsilon: f32,
    },
    /// `m ← β₁ m + (1 − β₁) g`, `s ← β₂ s + (1 − β₂) g²`, `(m / c₁) / (√(s / c₂) + epsilon)`.
    Adam {
        /// β₁ and β₂.
        betas: [f32; 2],
        /// c₁ and c₂, `1 − βᵗ`.
        corrections: [f32; 2],
        /// Keeps the root away from zero.
        epsilon: f32,
    },
}

/// One step of a descent: `θ ← shrink · θ − rate · change(g + coupled · θ)`.
///
/// Gradients and moments too small to move a parameter count as zero: a moment that sees no more gradient would otherwise
/// shrink into the subnormal numbers, with which a processor calculates a hundred times more slowly. A gradient below
/// 10⁻¹⁸, a first moment below 10⁻²⁵ and a second one below 10⁻³⁶ move a parameter by far less than its rounding, since
/// Adam divides by its epsilon at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Update {
    /// The change.
    pub change: Change,
    /// Learning rate.
    pub rate: f32,
    /// Share of the parameter that joins its gradient.
    pub coupled: f32,
    /// Share of the parameter that is left before the change.
    pub shrink: f32,
}

const LEAST_GRADIENT: f32 = 1e-18;
const LEAST_FIRST: f32 = 1e-25;
const LEAST_SECOND: f32 = 1e-36;

impl Update {
    /// Whether a parameter without gradient stays as it is, together with its moments.
    pub fn rests_without_gradient(&self) -> bool {
        self.change == Change::Plain && self.coupled == 0.0 && self.shrink == 1.0
    }

    /// Updates parameters `x` with gradient `g` and moments `m` and `s`, each by [`Update::apply`] and to its bits, many at a
    /// time.
    ///
    /// # Panics
    /// If the lengths differ.
    pub fn apply_all(&self, x: &mut [f32], g: &[f32], m: &mut [f32], s: &mut [f32]) {
        let lengths = [g.len(), m.len(), s.len()];
        assert_eq!(lengths, [x.len(); 3], "gradient, moments and {} parameters", x.len());
        dispatch(ApplyAll { update: self, x, g, m, s });
    }

    /// Updates one parameter `x` with gradient `g` and its moments `m` and `s`: what the kernels do to whole vectors, up
    /// to rounding.
    #[inline(always)]
    pub fn apply(&self, x: &mut f32, g: f32, m: &mut f32, s: &mut f32) {
        let kept = |x: f32, least: f32| if x.abs() < least { 0.0 } else { x };
        let g = g + self.coupled * *x;
        let change = match self.change {
            Change::Plain => g,
            Change::HeavyBall { momentum } => {
                *m = kept(momentum * *m + g, LEAST_FIRST);
                *m
            }
            Change::RmsProp { decay, epsilon } => {
                let g = kept(g, LEAST_GRADIENT);
                *s = kept(decay * *s + (1.0 - decay) * g * g, LEAST_SECOND);
                g / (*s + epsilon).sqrt()
            }
            Change::Adam { betas: [beta1, beta2], corrections, epsilon } => {
                let g = kept(g, LEAST_GRADIENT);
                *m = kept(beta1 * *m + (1.0 - beta1) * g, LEAST_FIRST);
                *s = kept(beta2 * *s + (1.0 - beta2) * g * g, LEAST_SECOND);
                (*m / corrections[0]) / ((*s / corrections[1]).sqrt() + epsilon)
            }
        };
        *x = self.shrink * *x - self.rate * change;
    }
}

struct ApplyAll<'a> {
    update: &'a Update,
    x: &'a mut [f32],
    g: &'a [f32],
    m: &'a mut [f32],
    s: &'a mut [f32],
}

impl WithSimd for ApplyAll<'_> {
    type Output = ();
    /// The rule is matched outside the loop, so that the compiler makes vectors of it; it never joins a product and a sum into
    /// one rounding, so the bits are those of single numbers.
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { update, x, g, m, s } = self;
        let Update { rate, coupled, shrink, .. } = *update;
        match update.change {
            Change::Plain => each(Update { change: Change::Plain, rate, coupled, shrink }, x, g, m, s),
            Change::HeavyBall { momentum } => {
                each(Update { change: Change::HeavyBall { momentum }, rate, coupled, shrink }, x, g, m, s);
            }
            Change::RmsProp { decay, epsilon } => {
                let change = Change::RmsProp { decay, epsilon };
                each(Update { change, rate, coupled, shrink }, x, g, m, s);
            }
            Change::Adam { betas, corrections, epsilon } => {
                let change = Change::Adam { betas, corrections, epsilon };
                each(Update { change, rate, coupled, shrink }, x, g, m, s);
            }
        }
    }
}

#[inline(always)]
fn each(update: Update, x: &mut [f32], g: &[f32], m: &mut [f32], s: &mut [f32]) {
    for (((x, &g), m), s) in x.iter_mut().zip(g).zip(m).zip(s) {
        update.apply(x, g, m, s);
    }
}

/// The moments of a panel's weights; those that the change does not use have no rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    /// `m`.
    pub first: Rows,
    /// `s`.
    pub second: Rows,
}

impl Moments {
    /// Moments at rest of weights of this shape.
    pub fn new(change: Change, count: usize, width: usize) -> Self {
        let (first, second) = match change {
            Change::Plain => (0, 0),
            Change::HeavyBall { .. } => (count, 0),
            Change::RmsProp { .. } => (0, count),
            Change::Adam { .. } => (count, count),
        };
        Self { first: Rows::zeros(first, width), second: Rows::zeros(second, width) }
    }
}

/// Zero where `|x| < bound`, else `x`; NaN stays.
#[inline(always)]
pub(super) fn flush<S: Simd>(simd: S, x: S::f32s, bound: f32) -> S::f32s {
    let small = simd.less_than_f32s(simd.abs_f32s(x), simd.splat_f32s(bound));
    simd.select_f32s(small, simd.splat_f32s(0.0), x)
}

/// Updates `N` vectors of row `row`, from vector `at`, by their gradient.
#[inline(always)]
pub(super) fn apply<S: Simd, const N: usize>(
    simd: S,
    update: &Update,
    (weights, moments): (&mut Rows, &mut Moments),
    (row, at): (usize, usize),
    mut g: [S::f32s; N],
) {
    let splat = |x: f32| simd.splat_f32s(x);
    let w = crate::simd::group_mut::<S, N>(weights.row_mut(row), at);
    let (rate, shrink) = (splat(-update.rate), splat(update.shrink));
    if update.rests_without_gradient() {
        for n in 0..N {
            w[n] = simd.mul_add_f32s(rate, g[n], w[n]);
        }
        return;
    }
    let coupled = splat(update.coupled);
    for n in 0..N {
        g[n] = simd.mul_add_f32s(coupled, w[n], g[n]);
    }
    match update.change {
        Change::Plain => {}
        Change::HeavyBall { momentum } => {
            let m = crate::simd::group_mut::<S, N>(moments.first.row_mut(row), at);
            for n in 0..N {
                m[n] = flush(simd, simd.mul_add_f32s(splat(momentum), m[n], g[n]), LEAST_FIRST);
                g[n] = m[n];
            }
        }
        Change::RmsProp { decay, epsilon } => {
            let s = crate::simd::group_mut::<S, N>(moments.second.row_mut(row), at);
            for n in 0..N {
                g[n] = flush(simd, g[n], LEAST_GRADIENT);
                let square = simd.mul_f32s(splat(1.0 - decay), simd.mul_f32s(g[n], g[n]));
                s[n] = flush(simd, simd.mul_add_f32s(splat(decay), s[n], square), LEAST_SECOND);
                g[n] = simd.div_f32s(g[n], simd.sqrt_f32s(simd.add_f32s(s[n], splat(epsilon))));
            }
        }
        Change::Adam { betas, corrections, epsilon } => {
            let m = crate::simd::group_mut::<S, N>(moments.first.row_mut(row), at);
            let s = crate::simd::group_mut::<S, N>(moments.second.row_mut(row), at);
            let (scale_m, scale_s) = (splat(1.0 / corrections[0]), splat(1.0 / corrections[1]));
            for n in 0..N {
                g[n] = flush(simd, g[n], LEAST_GRADIENT);
                let (part, square) = (simd.mul_f32s(splat(1.0 - betas[0]), g[n]), simd.mul_f32s(g[n], g[n]));
                let square = simd.mul_f32s(splat(1.0 - betas[1]), square);
                m[n] = flush(simd, simd.mul_add_f32s(splat(betas[0]), m[n], part), LEAST_FIRST);
                s[n] = flush(simd, simd.mul_add_f32s(splat(betas[1]), s[n], square), LEAST_SECOND);
                let root = simd.sqrt_f32s(simd.mul_f32s(s[n], scale_s));
                g[n] = simd.div_f32s(simd.mul_f32s(m[n], scale_m), simd.add_f32s(root, splat(epsilon)));
            }
        }
    }
    for n in 0..N {
        w[n] = simd.mul_add_f32s(rate, g[n], simd.mul_f32s(shrink, w[n]));
    }
}
