//! Weights on disk as others read them: the documented names and shapes, and the same probabilities.
//!
//! Two independent readers: a few lines of this file that know nothing but the format's definition, and the Python
//! package `safetensors` through `tools/check_safetensors.py`. The second needs an interpreter with `safetensors` and
//! `numpy`: the one that `GLYPHLAB_PYTHON` names, else `python3` if it has them, else only the first reader looks.

use std::path::{Path, PathBuf};
use std::process::Command;

use energy::{Dbn, Rbm};
use tensor::Matrix;
use train::{Parameters, Snapshot, Tensor};

use crate::support::{assert_close, binary, lively, up};

/// One tensor found by hand: shape, and values as row-major floats.
fn by_hand(file: &[u8], name: &str) -> (Vec<usize>, Vec<f32>) {
    let length = u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
    let header = std::str::from_utf8(&file[8..8 + length]).unwrap();
    let entry = header.split(&format!("\"{name}\":{{")).nth(1).expect(name).split('}').next().unwrap();
    assert!(entry.contains("\"dtype\":\"F32\""), "{entry}");
    let list = |key: &str| -> Vec<usize> {
        let text = entry.split(&format!("\"{key}\":[")).nth(1).unwrap().split(']').next().unwrap();
        text.split(',').map(|n| n.parse().unwrap()).collect()
    };
    let at = list("data_offsets");
    let bytes = &file[8 + length..][at[0]..at[1]];
    (list("shape"), bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect())
}

fn weights(model: &impl Parameters) -> Vec<u8> {
    Snapshot { epoch: 0, tensors: Tensor::list(model, "") }.encode(r#"{"model":"test"}"#)
}

/// Inputs and the mean of every layer, for the Python script.
fn check_file(rbms: &[Rbm], input: &Matrix) -> Vec<u8> {
    let tensor =
        |name: String, x: &Matrix| Tensor::from_f32(name, vec![x.cols(), x.rows()], x.as_slice().to_vec());
    let (mut tensors, mut x) = (vec![tensor("input".into(), input)], input.clone());
    for (i, rbm) in rbms.iter().enumerate() {
        x = rbm.hidden_mean(&x);
        tensors.push(tensor(format!("hidden.{i}"), &x));
    }
    Snapshot { epoch: 0, tensors }.encode("")
}

/// `σ(b + W x)` with `W` row-major [hidden, visible], as a reader of the file would write it.
fn hidden_by_hand(file: &[u8], prefix: &str, sizes: [usize; 2], x: &[f64]) -> Vec<f64> {
    let (shape, w) = by_hand(file, &format!("{prefix}W"));
    assert_eq!(shape, [sizes[1], sizes[0]]);
    assert_eq!(by_hand(file, &format!("{prefix}v_bias")).0, [sizes[0]]);
    let (shape, bias) = by_hand(file, &format!("{prefix}h_bias"));
    assert_eq!(shape, [sizes[1]]);
    let input = |row: &[f32]| -> f64 { row.iter().zip(x).map(|(&w, x)| f64::from(w) * x).sum() };
    w.chunks(sizes[0]).zip(bias).map(|(row, b)| 1.0 / (1.0 + (-f64::from(b) - input(row)).exp())).collect()
}

fn stack() -> Dbn {
    Dbn::new(vec![lively(9, 7, 1), lively(7, 5, 2), lively(5, 11, 3)])
}

fn doubles(x: &[f32]) -> Vec<f64> {
    x.iter().map(|&x| f64::from(x)).collect()
}

#[test]
fn a_machine_on_disk_has_the_documented_names_shapes_and_probabilities() {
    let (rbm, v) = (lively(9, 7, 4), binary(9, 1, 4));
    let hidden = hidden_by_hand(&weights(&rbm), "", [9, 7], &doubles(v.as_slice()));
    assert_close(&doubles(rbm.hidden_mean(&v).as_slice()), &hidden, 1e-6);
}

#[test]
fn a_stack_on_disk_has_the_documented_names_shapes_and_probabilities() {
    let (dbn, v) = (stack(), binary(9, 1, 5));
    let file = weights(&dbn);
    let mut x = doubles(v.as_slice());
    for (i, sizes) in [[9, 7], [7, 5], [5, 11]].into_iter().enumerate() {
        x = hidden_by_hand(&file, &format!("rbms.{i}."), sizes, &x);
    }
    assert_close(&doubles(up(&dbn, &v).as_slice()), &x, 1e-6);
}

#[test]
fn weights_come_back_bit_for_bit() {
    let dbn = stack();
    let mut other = dbn.zeros_like();
    let (snapshot, metadata) = Snapshot::decode(&weights(&dbn)).unwrap();
    snapshot.write_into(&mut other, "").unwrap();
    assert!(other == dbn && metadata == r#"{"model":"test"}"#);
}

/// The interpreter to ask, if there is one with both packages.
fn python() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("GLYPHLAB_PYTHON") {
        return Some(named.into());
    }
    let probe = Command::new("python3").args(["-c", "import safetensors, numpy"]).output();
    probe.is_ok_and(|p| p.status.success()).then(|| "python3".into())
}

#[test]
fn the_python_package_reads_the_same_models() {
    let Some(python) = python() else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/check_safetensors.py");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-reads");
    std::fs::create_dir_all(&folder).unwrap();
    let run = |weights: &[u8], check: &[u8]| {
        let paths = [folder.join("weights.safetensors"), folder.join("check.safetensors")];
        std::fs::write(&paths[0], weights).unwrap();
        std::fs::write(&paths[1], check).unwrap();
        Command::new(&python).arg(&script).args(&paths).output().unwrap()
    };
    let (rbm, dbn, input) = (lively(9, 7, 6), stack(), binary(9, 20, 6));
    for (weights, rbms) in [(weights(&rbm), std::slice::from_ref(&rbm)), (weights(&dbn), dbn.rbms())] {
        let out = run(&weights, &check_file(rbms, &input));
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }
    // Other weights would be noticed.
    let out = run(&weights(&lively(9, 7, 7)), &check_file(&[rbm], &input));
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("layer 0"));
}
