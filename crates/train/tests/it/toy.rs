//! The smallest model there is: two parameters with names and shapes.

use train::{Param, Parameters};

#[derive(Clone, Debug, PartialEq)]
pub struct Toy {
    pub matrix: Vec<f32>, // row-major [2, 3]
    pub bias: Vec<f32>,   // [2]
}

impl Toy {
    pub fn new(matrix: [f32; 6], bias: [f32; 2]) -> Self {
        Self { matrix: matrix.into(), bias: bias.into() }
    }

    pub fn flat(&self) -> Vec<f32> {
        [&self.matrix[..], &self.bias].concat()
    }
}

impl Parameters for Toy {
    fn params(&self) -> Vec<Param<&[f32]>> {
        vec![Param::new("matrix", [2, 3], &self.matrix[..]), Param::new("bias", [2], &self.bias[..])]
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        vec![Param::new("matrix", [2, 3], &mut self.matrix[..]), Param::new("bias", [2], &mut self.bias[..])]
    }
}
