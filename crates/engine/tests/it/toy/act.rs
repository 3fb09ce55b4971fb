//! Work that is whatever a test wants it to be.

use anyhow::Result;
use engine::{Work, Workbench};
use serde_json::{Value, json};

/// A name for the key, and what is done.
pub struct Act(pub &'static str, pub Deed);

/// What is done.
pub type Deed = Box<dyn Fn(&mut Workbench<'_>) -> Result<()> + Send + Sync>;

impl Work for Act {
    fn config(&self) -> Value {
        json!({ "kind": "act", "name": self.0 })
    }

    fn data(&self) -> String {
        String::new()
    }

    fn numerics(&self) -> u32 {
        1
    }

    fn seconds(&self) -> f64 {
        1.0
    }

    fn bytes(&self) -> u64 {
        1
    }

    fn run(&self, bench: &mut Workbench<'_>) -> Result<()> {
        self.1(bench)
    }
}
