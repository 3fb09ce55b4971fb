//! How far an answer is from a proof of its own optimality; [`crate::certify`] computes it.

/// How far an answer is from a proof of its own optimality.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Certificate {
    /// Largest deviation of a row or column sum from its mass, and of an entry below zero; in units of mass.
    pub marginals: f64,
    /// Largest `u_i + v_j − c_ij`, if positive; in units of cost.
    pub infeasibility: f64,
    /// Largest `|c_ij − u_i − v_j|` where the plan has mass; in units of cost.
    pub slackness: f64,
    /// `|⟨C, P⟩ − ⟨u, a⟩ − ⟨v, b⟩|`; in units of cost times mass.
    pub gap: f64,
    /// Largest `|c_ij|`: what `infeasibility` and `slackness` are to be compared with.
    pub scale: f64,
    /// Total mass: what `marginals` is to be compared with.
    pub total: f64,
}

impl Certificate {
    /// Whether each number is below `tolerance` times its scale. For an exact plan, 1e-10 is generous.
    pub fn holds(&self, tolerance: f64) -> bool {
        self.marginals <= tolerance * self.total
            && self.infeasibility.max(self.slackness) <= tolerance * self.scale
            && self.gap <= tolerance * self.scale * self.total
    }
}
