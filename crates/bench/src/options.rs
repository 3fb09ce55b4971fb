//! What is asked of a workload, and who takes what was measured.

use std::path::PathBuf;

use crate::timing::Measurement;

/// What a run needs to know.
#[derive(Clone, Debug)]
pub struct Options {
    /// Threads for every workload but transport, `side-by-side` and `kernels`.
    pub threads: usize,
    /// Seconds for each variant.
    pub budget: f64,
    /// Only variants whose `metric/variant` contains this.
    pub only: String,
    /// Folder with the data sets; noise of the same density is learnt without.
    pub data: Option<PathBuf>,
}

impl Options {
    pub(crate) fn wants(&self, metric: &str, variant: &str) -> bool {
        format!("{metric}/{variant}").contains(&self.only)
    }

    pub(crate) fn wants_any(&self, metric: &str, variants: &[&str]) -> bool {
        variants.iter().any(|variant| self.wants(metric, variant))
    }
}

/// Takes a measurement as it is made.
pub type Report<'a> = &'a mut dyn FnMut(&Measurement);
