//! How far an answer is from a proof of its own optimality; [`crate::certify`] computes it.

/// How far an answer is from a proof of its own optimality.
///
/// By weak duality no plan costs less than this one by more than `gap + loss`: potentials lowered by what they
/// exceed costs by are feasible, and prove what is left [PeyreCuturi2019, section 2.5].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Certificate {
    /// Largest deviation of a row or column sum from its mass, and of an entry below zero; in units of mass.
    pub marginals: f64,
    /// Largest `u_i + v_j − c_ij`, if positive; in units of cost.
    pub infeasibility: f64,
    /// Largest `|c_ij − u_i − v_j|` where the plan has mass; in units of cost.
    pub slackness: f64,
    /// `|⟨C, P⟩ − ⟨u, a⟩ − ⟨v, b⟩|`; in units of cost times mass, as all that follows but the total.
    pub gap: f64,
    /// What potentials prove too much that are infeasible by more than their own rounding: of each
    /// `δ_ij = u_i + v_j − c_ij − 2⁻⁵¹ (|u_i| + |v_j| + |c_ij|) > 0` the side with less mass gives way, `Σ_i a_i max_j δ_ij` over the
    /// columns of at least as much mass, and likewise `Σ_j b_j max_i δ_ij`.
    pub loss: f64,
    /// What rounding may take of the proof: `2⁻⁵¹ (Σ a_i |u_i| + Σ b_j |v_j|)` for potentials, and for masses
    /// `Σ |u_i| |Σ_j P_ij − a_i| + Σ |v_j| |Σ_i P_ij − b_j|`. Potentials much larger than what is paid prove little.
    /// Of costs below zero also 10⁻²⁹ of the lowest: the solver carries no more digits of what draws mass so strongly.
    pub rounding: f64,
    /// Mean `|c_ij|` of what flows, `⟨|C|, P⟩ / total`: what `gap` and `loss` are to be compared with, each times the total. A
    /// huge cost that nothing is paid for does not excuse an error.
    pub scale: f64,
    /// Total mass: what `marginals` is to be compared with.
    pub total: f64,
}

impl Certificate {
    /// Whether the plan has its masses up to a share of their total, and is proven optimal up to the same share of what it
    /// costs, or up to rounding. For an exact plan, 1e-10 is generous.
    pub fn holds(&self, tolerance: f64) -> bool {
        let allowed = tolerance * self.scale * self.total + self.rounding;
        self.marginals <= tolerance * self.total && self.loss <= allowed && self.gap <= allowed
    }

    /// How little it proves.
    pub(crate) fn off(&self) -> f64 {
        self.gap + self.loss + self.rounding
    }
}
