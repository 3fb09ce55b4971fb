//! What a generator has drawn, from whichever job.
//!
//! Networks draw means of pixels, from 0 to 1: the tensor `samples` [n, 784] in floats. Boltzmann machines draw states: `states`
//! [n, 784] in bytes. A file that has both has the states beside the samples, for whoever asks for black and white.

use anyhow::{Context, Result, bail, ensure};
use engine::Workbench;
use tensor::Matrix;
use train::{Snapshot, Tensor, Values};

use crate::data::Digits;
use crate::greedy::SAMPLES;

/// Pictures of digits, pixels × n.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples(pub Matrix);

impl Samples {
    /// What the `index`-th point needed has drawn: its `samples`, or its `states` if it has none.
    ///
    /// # Errors
    /// If it has neither, pictures have another size, or a value is not between 0 and 1.
    pub fn read(bench: &Workbench<'_>, index: usize) -> Result<Self> {
        Self::of(&Snapshot::decode(&bench.read_need(index, SAMPLES)?)?.0)
    }

    /// The same of a file.
    ///
    /// # Errors
    /// As [`Samples::read`].
    pub fn of(file: &Snapshot) -> Result<Self> {
        let named = |name: &str| file.tensors.iter().find(|tensor| tensor.name == name);
        let found = named("samples").or_else(|| named("states"));
        let tensor = found.context("expected a tensor named samples or states, found none")?;
        let (height, width) = Digits::SIZE;
        let &[n, pixels] = &tensor.shape[..] else {
            bail!("{}: expected two dimensions, found {:?}", tensor.name, tensor.shape);
        };
        ensure!(
            pixels == height * width,
            "{}: expected {height} × {width} pixels, found {pixels}",
            tensor.name
        );
        let values: Vec<f32> = match &tensor.values {
            Values::F32(values) => values.clone(),
            Values::U8(values) => values.iter().map(|&x| f32::from(x)).collect(),
            Values::U64(_) => bail!("{}: expected floats or bytes, found counters", tensor.name),
        };
        if let Some(wrong) = values.iter().position(|x| !(0.0..=1.0).contains(x)) {
            let (sample, value) = (wrong / pixels, values[wrong]);
            bail!("{}: expected pixels from 0 to 1, found {value} in sample {sample}", tensor.name);
        }
        Ok(Self(Matrix::from_vec(pixels, n, values)))
    }

    /// The first so many.
    ///
    /// # Errors
    /// If there are fewer.
    pub fn first(self, n: usize) -> Result<Matrix> {
        ensure!(n <= self.0.cols(), "expected {n} samples, found {}", self.0.cols());
        Ok(self.0.gather(&(0..n).collect::<Vec<_>>()))
    }

    /// The pictures in black and white, as the digits that machines learn from: on where a pixel is strictly above the grey
    /// level of [`Digits::THRESHOLD`].
    pub fn black_and_white(images: &Matrix) -> Matrix {
        let threshold = f32::from(Digits::THRESHOLD) / 255.0;
        let lit = images.as_slice().iter().map(|&x| f32::from(u8::from(x > threshold))).collect();
        Matrix::from_vec(images.rows(), images.cols(), lit)
    }
}

/// Puts means of pixels on the bench, pixels × n, as `samples`, and beside them what is on of each as `states`.
///
/// # Errors
/// If the disk refuses.
pub fn put_samples(means: Matrix, bench: &mut Workbench<'_>) -> Result<()> {
    let shape = vec![means.cols(), means.rows()];
    let states = Samples::black_and_white(&means).as_slice().iter().map(|&x| x as u8).collect();
    let tensors = vec![
        Tensor::from_f32("samples", shape.clone(), means.into_vec()),
        Tensor::from_u8("states", shape, states),
    ];
    bench.put_tensors(SAMPLES, tensors)
}
