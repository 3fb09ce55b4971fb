//! How the learning rate changes from epoch to epoch.
//!
//! A factor is a function of the epoch's number alone, so that a resumed run needs no state. Conventions are
//! PyTorch's `lr_scheduler`, stepped once an epoch.

/// A factor for the learning rate of each epoch; `t` is the number of epochs done before it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Schedule {
    /// `1`.
    #[default]
    Constant,
    /// `factor^⌊t / every⌋`.
    Step {
        /// Epochs between two steps.
        every: usize,
        /// What each multiplies by.
        factor: f32,
    },
    /// `factorᵗ`.
    Exponential {
        /// What each epoch multiplies by.
        factor: f32,
    },
    /// `1 + (last − 1) · min(t / epochs, 1)`.
    Linear {
        /// The factor in the end.
        last: f32,
        /// Epochs until then.
        epochs: usize,
    },
    /// `last + (1 − last) · (1 + cos(π · min(t / epochs, 1))) / 2` [Loshchilov2017, eq. 5], without restarts.
    Cosine {
        /// The factor in the end.
        last: f32,
        /// Epochs until then.
        epochs: usize,
    },
}

impl Schedule {
    /// The factor in epoch `epoch`, from 1.
    ///
    /// # Panics
    /// If `every` or `epochs` is 0.
    pub fn factor(self, epoch: usize) -> f32 {
        let t = epoch.saturating_sub(1);
        let share = |of: usize| {
            assert!(of > 0, "{self:?} over no epochs");
            (t as f64 / of as f64).min(1.0)
        };
        let factor = match self {
            Self::Constant => 1.0,
            Self::Step { every, factor } => {
                assert!(every > 0, "{self:?} every 0 epochs");
                f64::from(factor).powf((t / every) as f64)
            }
            Self::Exponential { factor } => f64::from(factor).powf(t as f64),
            Self::Linear { last, epochs } => 1.0 + (f64::from(last) - 1.0) * share(epochs),
            Self::Cosine { last, epochs } => {
                let last = f64::from(last);
                last + (1.0 - last) * (1.0 + (std::f64::consts::PI * share(epochs)).cos()) / 2.0
            }
        };
        factor as f32
    }
}
