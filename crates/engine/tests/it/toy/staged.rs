//! Work with everything that can lie in a working folder: two stages, training in one of them and beside them, milestones
//! put during training, a file that is put twice with different bytes.

use anyhow::Result;
use engine::{Work, Workbench};
use serde_json::{Value, json};
use tensor::Seed;
use train::Fit;

use super::job::{Line, SAMPLES, Toy};

/// Two trained lines and what comes with them.
pub struct Staged;

impl Staged {
    fn train(name: &str, bench: &mut Workbench<'_>) -> Result<Vec<u8>> {
        let toy = Toy { size: 3, epochs: 3, seed: 5, fault: None };
        let seed = Seed::new(toy.seed).child(name, 0);
        let mut line = Line::new(&toy, seed, 0.0);
        let fit = Fit { epochs: toy.epochs, batch: 5, seed: seed.child("fit", 0), resume: None };
        bench.train(name, &mut line, SAMPLES, &fit, &mut |epoch, state, bench| {
            bench.rows.push_at(Some(epoch), "epochs", epoch as f64, &[("stage", &name)]);
            if epoch == 2 {
                bench.put(&format!("milestones/{name}-{epoch}.safetensors"), &state().encode(""))?;
            }
            Ok(())
        })?;
        Ok(line.weight.iter().flat_map(|weight| weight.to_le_bytes()).collect())
    }
}

impl Work for Staged {
    fn config(&self) -> Value {
        json!({ "kind": "staged" })
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
        bench.put("notes.txt", b"nothing is trained")?;
        let first = bench.stage("first.bin", |bench| {
            bench.put("notes.txt", b"one line is trained")?;
            Self::train("first", bench)
        })?;
        bench.stage("second.bin", |bench| {
            bench.rows.push("bytes", first.len() as f64, &[]);
            Ok(first.iter().rev().copied().collect())
        })?;
        let last = Self::train("last", bench)?;
        bench.put("last.bin", &last)
    }
}
