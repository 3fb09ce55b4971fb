//! What every model gets for naming its parameters.

use train::{Param, Parameters};

use crate::toy::Toy;

fn toy() -> Toy {
    Toy::new([1.0, -2.0, 3.0, -4.0, 5.0, -6.0], [0.5, -0.5])
}

#[test]
fn arithmetic_goes_over_all_parameters() {
    let mut a = toy();
    a.axpy(2.0, &Toy::new([1.0; 6], [10.0, 20.0]));
    assert_eq!(a, Toy::new([3.0, 0.0, 5.0, -2.0, 7.0, -4.0], [20.5, 39.5]));
    a.scale(-0.5);
    assert_eq!(a, Toy::new([-1.5, 0.0, -2.5, 1.0, -3.5, 2.0], [-10.25, -19.75]));
    a.clamp(2.0);
    assert_eq!(a, Toy::new([-1.5, 0.0, -2.0, 1.0, -2.0, 2.0], [-2.0, -2.0]));
    assert_eq!((a.count(), a.norm()), (8, (2.25_f64 + 4.0 + 1.0 + 4.0 + 4.0 + 8.0).sqrt()));
}

/// A model of as many layers as it has vectors.
#[derive(Clone)]
struct Layers(Vec<Vec<f32>>);

impl Parameters for Layers {
    fn params(&self) -> Vec<Param<&[f32]>> {
        self.0.iter().map(|layer| Param::new("layer", [layer.len()], &layer[..])).collect()
    }

    fn params_mut(&mut self) -> Vec<Param<&mut [f32]>> {
        self.0.iter_mut().map(|layer| Param::new("layer", [layer.len()], &mut layer[..])).collect()
    }
}

#[test]
#[should_panic(expected = "2 parameters against 1")]
fn a_sum_with_fewer_parameters_is_refused_with_both_numbers() {
    Layers(vec![vec![1.0; 3], vec![1.0; 2]]).axpy(1.0, &Layers(vec![vec![1.0; 3]]));
}

#[test]
#[should_panic(expected = "1 parameters against 2")]
fn a_sum_with_more_parameters_is_refused_with_both_numbers() {
    Layers(vec![vec![1.0; 3]]).axpy(1.0, &Layers(vec![vec![1.0; 3], vec![1.0; 2]]));
}

#[test]
#[should_panic(expected = "layer: [3] against [2]")]
fn a_sum_with_another_shape_is_refused_with_both_shapes() {
    Layers(vec![vec![1.0; 3]]).axpy(1.0, &Layers(vec![vec![1.0; 2]]));
}

#[test]
fn zeros_are_zero_even_after_nan() {
    let mut a = toy();
    a.matrix[2] = f32::NAN;
    a.bias[0] = f32::INFINITY;
    assert_eq!(a.first_non_finite().as_deref(), Some("matrix"));
    assert_eq!(a.zeros_like(), Toy::new([0.0; 6], [0.0; 2]));
    a.matrix[2] = 0.0;
    assert_eq!(a.first_non_finite().as_deref(), Some("bias"));
    assert_eq!(toy().first_non_finite(), None);
}

#[test]
fn names_nest_with_dots() {
    assert_eq!(Param::new("W", [1], ()).under("rbms.0").under("model").name, "model.rbms.0.W");
}

#[test]
fn weights_are_taken_over_whole_or_not_at_all() {
    use train::{Snapshot, Tensor, TensorError};
    let matrix = Tensor::from_f32("matrix", vec![2, 3], vec![9.0; 6]);
    for bias in
        [Tensor::from_f32("bias", vec![3], vec![9.0; 3]), Tensor::from_u64("bias", vec![2], vec![9; 2])]
    {
        let mut model = toy();
        let snapshot = Snapshot { epoch: 0, tensors: vec![matrix.clone(), bias] };
        let error = snapshot.write_into(&mut model, "").unwrap_err();
        assert!(matches!(&error, TensorError::Shape { name, .. } if name == "bias"), "{error}");
        assert_eq!(model, toy());
    }
}
