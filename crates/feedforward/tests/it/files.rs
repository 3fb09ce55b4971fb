//! Weights on disk as others read them: PyTorch's `load_state_dict(strict=True)` where it is at hand, NumPy where that is.
//!
//! `tools/check_mlp.py`, `tools/check_autoencoder.py` and `tools/check_ladder.py` need an interpreter with `safetensors` and `numpy`: the one that `GLYPHLAB_PYTHON` names, else
//! `python3` if it has them, else nothing is asked.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use feedforward::autoencoder::{Stack, Tying};
use feedforward::{Activation, Init, Network};
use tensor::{Matrix, Seed};
use train::{Parameters, Snapshot, Tensor};

use crate::autoencoder::stack;
use crate::ladder::ladder;
use crate::support::{normal, pixels};

/// The interpreter to ask, if there is one with both packages.
fn python() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("GLYPHLAB_PYTHON") {
        return Some(named.into());
    }
    let probe = Command::new("python3").args(["-c", "import safetensors, numpy"]).output();
    probe.is_ok_and(|p| p.status.success()).then(|| "python3".into())
}

fn weights(network: &impl Parameters) -> Vec<u8> {
    Snapshot { epoch: 0, tensors: Tensor::list(network, "") }.encode(r#"{"model":"mlp"}"#)
}

/// What the weights give, samples × features each.
fn results(named: &[(&str, &Matrix)]) -> Vec<u8> {
    let tensor = |(name, x): &(&str, &Matrix)| {
        Tensor::from_f32(*name, vec![x.cols(), x.rows()], x.as_slice().to_vec())
    };
    Snapshot { epoch: 0, tensors: named.iter().map(tensor).collect() }.encode("")
}

fn check_file(network: &Network, x: &Matrix) -> Vec<u8> {
    results(&[("input", x), ("logits", &network.logits(x))])
}

fn ask(python: &Path, weights: &[u8], check: &[u8], activation: &str) -> Output {
    run(python, "mlp", weights, check, &[activation])
}

/// What the tool for this kind of model says of the two files.
fn run(python: &Path, model: &str, weights: &[u8], check: &[u8], more: &[&str]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tools/check_{model}.py"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("python-reads-{model}"));
    std::fs::create_dir_all(&folder).unwrap();
    let paths = [folder.join("weights.safetensors"), folder.join("check.safetensors")];
    std::fs::write(&paths[0], weights).unwrap();
    std::fs::write(&paths[1], check).unwrap();
    Command::new(python).arg(&script).args(&paths).args(more).output().unwrap()
}

#[test]
fn python_loads_an_exported_network_and_finds_the_same_logits() {
    let Some(python) = python() else { return };
    let new = |widths, activation, seed| {
        Network::mlp(widths, activation, 0.2, Init::Uniform, Seed::new(seed)).unwrap()
    };
    let deep = &[12, 9, 7, 5][..];
    let cases = [
        ("sigmoid", Activation::Sigmoid, deep),
        ("relu", Activation::Relu, deep),
        ("tanh", Activation::Tanh, deep),
        ("relu", Activation::Relu, &[12, 5]),
    ];
    let x = normal(12, 20, 1.0, 2);
    for (name, activation, widths) in cases {
        let network = new(widths, activation, 1);
        let out = ask(&python, &weights(&network), &check_file(&network, &x), name);
        assert!(out.status.success(), "{name}: {}", String::from_utf8_lossy(&out.stderr));
    }
    // Other weights would be noticed.
    let [network, other] = [1, 3].map(|seed| new(deep, Activation::Relu, seed));
    let out = ask(&python, &weights(&other), &check_file(&network, &x), "relu");
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("numpy: the saved logits"));
}

#[test]
fn weights_come_back_bit_for_bit() {
    let network = Network::mlp(&[12, 9, 5], Activation::Tanh, 0.2, Init::He, Seed::new(4)).unwrap();
    let mut other = network.zeros_like();
    Snapshot::decode(&weights(&network)).unwrap().0.write_into(&mut other, "").unwrap();
    assert!(other == network);
}

#[test]
fn python_loads_exported_autoencoders_and_finds_the_same_codes_and_reconstructions() {
    let Some(python) = python() else { return };
    let x = pixels(12, 20, 0.4, 2);
    let check = |stack: &Stack| {
        let code = stack.codes(&x).pop().unwrap();
        results(&[("input", &x), ("code", &code), ("output", &stack.reconstruct(&x, stack.layers().len()))])
    };
    for tying in [Tying::Tied, Tying::Untied] {
        for widths in [&[12, 9][..], &[12, 9, 7, 5]] {
            let stack = stack(widths, tying);
            let out = run(&python, "autoencoder", &weights(&stack), &check(&stack), &[]);
            assert!(out.status.success(), "{tying:?}: {}", String::from_utf8_lossy(&out.stderr));
        }
    }
    // Other weights would be noticed.
    let [own, other] = [stack(&[12, 9], Tying::Tied), stack(&[12, 9], Tying::Untied)];
    let out = run(&python, "autoencoder", &weights(&other), &check(&own), &[]);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("numpy: the saved"));
}

#[test]
fn weights_of_autoencoders_come_back_bit_for_bit() {
    for tying in [Tying::Tied, Tying::Untied] {
        let stack = stack(&[12, 9, 7], tying);
        let mut other = stack.zeros_like();
        Snapshot::decode(&weights(&stack)).unwrap().0.write_into(&mut other, "").unwrap();
        assert!(other == stack);
    }
}

#[test]
fn python_loads_an_exported_ladder_and_finds_the_same_logits() {
    let Some(python) = python() else { return };
    let x = pixels(12, 20, 0.4, 2);
    for widths in [&[12, 9, 8, 5][..], &[12, 5]] {
        let ladder = ladder(widths, Activation::Relu);
        let logits = ladder.classifier().unwrap().logits(&x);
        let check = results(&[("input", &x), ("logits", &logits)]);
        let out = run(&python, "ladder", &weights(&ladder), &check, &[]);
        assert!(out.status.success(), "{widths:?}: {}", String::from_utf8_lossy(&out.stderr));
    }
    // Other averages would be noticed.
    let own = ladder(&[12, 9, 5], Activation::Relu);
    let mut other = own.clone();
    other.encoder[0].running_mean[3] += 0.5;
    let check = results(&[("input", &x), ("logits", &own.classifier().unwrap().logits(&x))]);
    let out = run(&python, "ladder", &weights(&other), &check, &[]);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("numpy: the saved logits"));
}
