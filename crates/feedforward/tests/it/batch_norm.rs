//! Batch normalisation against its definition and against PyTorch.

use feedforward::{BatchNorm, Layer, Mode};
use tensor::{Matrix, Seed};
use train::{Optimiser, Parameters, Rule, Snapshot, Tensor};

use crate::support::{assert_close, normal};

#[test]
fn a_mini_batch_comes_out_with_mean_zero_and_variance_one() {
    let mut x = normal(3, 50, 4.0, 1);
    x.add_to_columns(&[5.0, -3.0, 0.0]);
    let (y, _) = BatchNorm::new(3).forward(&x, &mut Mode::Train(&mut Seed::new(1).stream()));
    for i in 0..3 {
        let row: Vec<f64> = y.columns().map(|c| f64::from(c[i])).collect();
        let mean = row.iter().sum::<f64>() / 50.0;
        let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 50.0;
        // ε takes 1e-5 of 16 from the variance.
        assert!(mean.abs() < 1e-6 && (variance - 1.0).abs() < 1e-5, "{mean}, {variance}");
    }
}

/// Two mini-batches of four samples through PyTorch 2.15's `BatchNorm1d(3)` in double precision, with the weights,
/// inputs and output gradients written below; then the second mini-batch in evaluation.
#[test]
fn results_gradients_and_running_averages_are_pytorch_s() {
    let mut layer = BatchNorm::new(3);
    layer.weight = vec![1.5, -0.5, 2.0];
    layer.bias = vec![0.1, 0.2, -0.3];
    let input = |k: usize| {
        Matrix::from_fn(3, 4, |i, j| {
            ((1.0 + (k + 3 * j + i) as f64).sin() * (i + 1) as f64 + 0.5 * i as f64) as f32
        })
    };
    let dy = Matrix::from_fn(3, 4, |i, j| (2.0 * j as f64 + i as f64).cos() as f32);
    let rate = Rule::Sgd { momentum: 0.0 };
    let mut optimiser = Optimiser::new(rate, 0.0, &layer);
    let mut last = None;
    for k in 0..2 {
        let (x, mut noise) = (input(k), Seed::new(1).stream());
        let (y, trace) = layer.forward(&x, &mut Mode::Train(&mut noise));
        let mut gradient = layer.zeros_like();
        let dx = layer.backward(&x, &y, &trace, dy.clone(), &mut gradient);
        optimiser.step(&mut layer, &gradient);
        last = Some((y, dx, gradient));
    }
    let (y, dx, gradient) = last.unwrap();
    let expected_y = [
        1.536948, -0.081823, -2.616755, -1.367257, 0.491254, 2.056484, 1.661405, -0.451122, -1.913412,
        -1.431096, 0.841691, 1.273684,
    ];
    let expected_dx = [
        1.318493, -0.240826, -0.763855, -1.105257, 0.7466, -0.267875, -1.242617, -0.030346, 0.866635,
        1.029381, -0.475428, 0.165096,
    ];
    // Six digits of the trace, and inputs rounded to single precision.
    assert_close(y.as_slice(), &expected_y, 3e-6);
    assert_close(dx.as_slice(), &expected_dx, 3e-6);
    assert_close(&gradient.weight, &[-0.295448, 0.283071, -1.177156], 3e-6);
    assert_close(&gradient.bias, &[0.89038, 0.587874, -0.25512], 3e-6);
    assert_close(&layer.running_mean, &[0.00294, 0.079151, 0.155489], 3e-6);
    assert_close(&layer.running_var, &[0.994101, 1.328709, 1.394702], 3e-6);

    let x = input(1);
    let (y, trace) = layer.forward(&x, &mut Mode::Evaluate);
    let dx = layer.backward(&x, &y, &trace, dy, &mut layer.zeros_like());
    let expected_y = [
        1.463556, -0.104975, -2.71477, -1.347064, 0.259852, 4.468028, 1.584003, -0.340074, -1.633728,
        -1.408845, 0.482943, 3.264859,
    ];
    let expected_dx = [
        1.504436, -0.234364, -0.704749, -0.626066, 0.429423, -1.106952, -0.983365, -0.123042, 1.626058,
        1.444515, -0.327016, -0.246406,
    ];
    assert_close(y.as_slice(), &expected_y, 3e-6);
    assert_close(dx.as_slice(), &expected_dx, 3e-6);
}

#[test]
fn in_evaluation_a_sample_does_not_depend_on_its_neighbours() {
    let layer = BatchNorm { running_mean: vec![0.5; 4], ..BatchNorm::new(4) };
    let x = normal(4, 6, 1.0, 2);
    let whole = layer.forward(&x, &mut Mode::Evaluate).0;
    for j in 0..6 {
        let one = layer.forward(&x.gather(&[j]), &mut Mode::Evaluate).0;
        assert_eq!(one.as_slice(), whole.column(j));
    }
}

#[test]
fn running_averages_are_saved_and_read_back() {
    let layer = BatchNorm { running_var: vec![2.5, 0.5], ..BatchNorm::new(2) };
    let names: Vec<String> = layer.params().into_iter().map(|p| p.name).collect();
    assert_eq!(names, ["weight", "bias", "running_mean", "running_var"]);
    let bytes = Snapshot { epoch: 0, tensors: Tensor::list(&layer, "") }.encode("");
    let mut other = BatchNorm::new(2);
    Snapshot::decode(&bytes).unwrap().0.write_into(&mut other, "").unwrap();
    assert_eq!(other, layer);
}

#[test]
#[should_panic(expected = "1 sample has no variance")]
fn one_sample_cannot_be_normalised() {
    BatchNorm::new(2).forward(&Matrix::zeros(2, 1), &mut Mode::Train(&mut Seed::new(1).stream()));
}
