//! Digits in grey beside the same digits in black and white, and what the threshold does to their ink.

use anyhow::Result;
use engine::Workbench;
use serde::{Deserialize, Serialize};
use train::Tensor;

use crate::data::{Data, Digits, Reads};
use crate::job::{Cost, Job};

/// The first training images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Binarise {
    /// Images shown.
    pub images: usize,
}

/// The file of the pictures: `grey` and `binary`, [n, height · width], from 0 to 1.
pub const PICTURES: &str = "pictures.safetensors";

impl Job for Binarise {
    const KIND: &'static str = "binarise";

    fn reads(&self) -> Reads {
        Reads::Digits
    }

    fn cost(&self, _: &Data) -> Result<Cost> {
        Ok(Cost { seconds: 0.3, bytes: 96 << 20 })
    }

    fn run(&self, data: &Data, bench: &mut Workbench<'_>) -> Result<()> {
        let digits = data.digits()?;
        let images = &digits.train;
        let shown = digits.amount("images", self.images, images.len())?;
        let grey = images.to_matrix(&(0..shown).collect::<Vec<_>>());
        let binary = Digits::spikes(images, 0..shown).to_matrix();
        let pixels = images.pixels.len() as f64;
        let above = images.pixels.iter().filter(|p| **p > Digits::THRESHOLD).count();
        let nonzero = images.pixels.iter().filter(|p| **p > 0).count();
        let at = images.pixels.iter().filter(|p| **p == Digits::THRESHOLD).count();
        bench.rows.push("share_on", above as f64 / pixels, &[]);
        bench.rows.push("share_not_black", nonzero as f64 / pixels, &[]);
        bench.rows.push("share_at_threshold", at as f64 / pixels, &[]);
        let shape = vec![shown, images.features()];
        let tensors = vec![
            Tensor::from_f32("grey", shape.clone(), grey.into_vec()),
            Tensor::from_f32("binary", shape, binary.into_vec()),
        ];
        bench.put_tensors(PICTURES, tensors)
    }
}
