//! What samples are held against: some real images to be shown, and what the scorer itself is worth.

use anyhow::Result;
use engine::Workbench;
use serde::{Deserialize, Serialize};
use train::{Snapshot, Tensor};

use crate::data::{Data, Reads};
use crate::job::{Cost, Job};

/// Real images of some characters, and the scorer's own accuracy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scorer {
    /// The classes, by name.
    pub characters: String,
    /// Images shown, spread over the classes.
    pub shown: usize,
}

/// The file of images: `real`, [n, height · width], from 0 to 1. Its metadata names the classes that count as one
/// character, one group a line.
pub const REAL: &str = "real.safetensors";

impl Job for Scorer {
    const KIND: &'static str = "scorer";

    fn reads(&self) -> Reads {
        Reads::Letters
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        Ok(Cost { seconds: 1.0, bytes: 64 << 20 })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let letters = data.letters()?;
        bench.say("fitting the scorer");
        let (reference, classes) = (letters.reference(), &letters.images.classes);
        bench.rows.push("scorer_accuracy", reference.fit().accuracy, &[]);
        bench.rows.push("scorer_classes", classes.len() as f64, &[]);
        let split = letters.split(&letters.labels(&self.characters)?, 0);
        let step = (split.train.len() / self.shown).max(1);
        let chosen: Vec<usize> = split.train.iter().copied().step_by(step).take(self.shown).collect();
        let real = letters.images.to_matrix(&chosen);
        let merged = reference.characters().iter().filter(|labels| labels.len() > 1).map(|labels| {
            let names: Vec<String> =
                labels.iter().map(|&label| format!("'{}'", classes[usize::from(label)])).collect();
            names.join(" and ")
        });
        let merged = merged.collect::<Vec<_>>().join("\n");
        let tensor = Tensor::from_f32("real", vec![chosen.len(), real.rows()], real.into_vec());
        bench.put(REAL, &Snapshot { epoch: 0, tensors: vec![tensor] }.encode(&merged))
    }
}
