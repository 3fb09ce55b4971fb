//! Weights on disk as others read them: PyTorch's `load_state_dict(strict=True)` where it is at hand.
//!
//! `tools/check_generative.py` needs an interpreter with `safetensors` and `torch`: the one that `GLYPHLAB_PYTHON` names or `python3`,
//! if it has them, else nothing is asked.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use feedforward::{
    Activation, AnyLayer, BatchNorm, Convolution, Dense, Init, Maps, Network, Sliding, TransposedConvolution,
};
use generative::{Adversaries, Likelihood, Normalised, Vae};
use tensor::{Matrix, Seed};
use train::{Parameters, Snapshot, Tensor};

use crate::support::{adversaries, binary, normal, shape};

fn python() -> Option<PathBuf> {
    let named = std::env::var_os("GLYPHLAB_PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from);
    let probe = Command::new(&named).args(["-c", "import safetensors, torch"]).output();
    probe.is_ok_and(|p| p.status.success()).then_some(named)
}

/// A network's layers in the words of the tool.
fn words(network: &Network) -> String {
    let layers = network.layers().iter().map(|layer| match layer {
        AnyLayer::Convolution(l) => format!("conv:{}:{}", l.window().stride, l.window().padding),
        AnyLayer::TransposedConvolution(l) => {
            let Maps { channels, height, width } = l.maps()[0];
            let window = l.window();
            format!("image:{channels}:{height}:{width},transposed:{}:{}", window.stride, window.padding)
        }
        AnyLayer::BatchNorm(_) => "norm".to_owned(),
        AnyLayer::Activation(Activation::LeakyRelu) => "leaky".to_owned(),
        AnyLayer::Activation(activation) => activation.to_string().to_lowercase(),
        _ => "dense".to_owned(),
    });
    layers.collect::<Vec<_>>().join(",")
}

fn named(name: String, x: &Matrix, maps: Option<Maps>) -> Tensor {
    let shape =
        maps.map_or(vec![x.cols(), x.rows()], |maps| vec![x.cols(), maps.channels, maps.height, maps.width]);
    Tensor::from_f32(name, shape, x.as_slice().to_vec())
}

fn ask(python: &Path, name: &str, model: &impl Parameters, networks: &[(&str, &Network, &Matrix)]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/check_generative.py");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-reads-generative");
    std::fs::create_dir_all(&folder).unwrap();
    let paths = ["weights", "check"].map(|file| folder.join(format!("{name}-{file}.safetensors")));
    let of = |(name, network, x): &(&str, &Network, &Matrix)| {
        let first = network.layers()[0].maps().map(|[maps, _]| maps);
        let maps = first.filter(|_| matches!(network.layers()[0], AnyLayer::Convolution(_)));
        [named(format!("{name}.input"), x, maps), named(format!("{name}.output"), &network.logits(x), None)]
    };
    let check = networks.iter().flat_map(of).collect();
    for (path, tensors) in paths.iter().zip([Tensor::list(model, ""), check]) {
        std::fs::write(path, Snapshot { epoch: 0, tensors }.encode("")).unwrap();
    }
    let specs = networks.iter().map(|(name, network, _)| format!("{name}={}", words(network)));
    Command::new(python).arg(&script).args(&paths).args(specs).output().unwrap()
}

fn assert_agrees(python: &Path, name: &str, model: &impl Parameters, networks: &[(&str, &Network, &Matrix)]) {
    let out = ask(python, name, model, networks);
    assert!(out.status.success(), "{name}: {}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn pytorch_loads_an_autoencoder_strictly_and_finds_the_same_outputs() {
    let Some(python) = python() else { return };
    let (x, z) = (binary(9, 20, 1), normal(2, 20, 1.0, 2));
    for (name, normalised) in [("plain", Normalised::No), ("normalised", Normalised::Batch)] {
        let mut vae =
            Vae::new(&shape(normalised, Likelihood::Bernoulli), Init::Glorot, Seed::new(3)).unwrap();
        // Running averages other than those at rest.
        let (_, gradient) = vae.gradient(&x, &mut Seed::new(4).stream());
        train::Optimiser::new(train::Rule::ADAM, 1e-2, &vae).step(&mut vae, &gradient);
        let hidden = vae.networks()[0].logits(&x);
        let [encoder, mean, log_variance, decoder] = vae.networks();
        let networks = [
            ("encoder", encoder, &x),
            ("mean", mean, &hidden),
            ("log_variance", log_variance, &hidden),
            ("decoder", decoder, &z),
        ];
        assert_agrees(&python, name, &vae, &networks);
        // Other weights would be noticed.
        let other = Vae::new(&shape(normalised, Likelihood::Bernoulli), Init::Glorot, Seed::new(5)).unwrap();
        let out = ask(&python, name, &other, &networks);
        assert_eq!(out.status.code(), Some(1));
    }
}

/// A generator and a critic as those on digits, on images of 8 × 8.
fn convolutional() -> Adversaries {
    let maps = |channels, side| Maps { channels, height: side, width: side };
    let halving = Sliding { kernel: [4, 4], stride: 2, padding: 1 };
    let (init, seed) = (Init::He, Seed::new(6));
    let grow = |from, to| {
        AnyLayer::TransposedConvolution(TransposedConvolution::new(from, to, halving, init, seed).unwrap())
    };
    let generator = vec![
        AnyLayer::Dense(Dense::new(5, 3 * 4, init, seed)),
        AnyLayer::BatchNorm(BatchNorm::new(12)),
        AnyLayer::Activation(Activation::Relu),
        grow(maps(3, 2), 2),
        AnyLayer::Activation(Activation::Relu),
        grow(maps(2, 4), 1),
        AnyLayer::Activation(Activation::Tanh),
    ];
    let critic = vec![
        AnyLayer::Convolution(Convolution::new(maps(1, 8), 3, halving, init, seed).unwrap()),
        AnyLayer::Activation(Activation::LeakyRelu),
        AnyLayer::Dense(Dense::new(48, 1, init, seed)),
    ];
    Adversaries::new(Network::new(generator).unwrap(), Network::new(critic).unwrap()).unwrap()
}

#[test]
fn pytorch_loads_adversaries_strictly_and_finds_the_same_outputs() {
    let Some(python) = python() else { return };
    let multilayer = adversaries(7, 6, Activation::LeakyRelu);
    for (name, players) in [("multilayer", multilayer), ("convolutional", convolutional())] {
        let z = normal(players.latent(), 20, 1.0, 1);
        let samples = players.generator().logits(&z);
        let networks = [("generator", players.generator(), &z), ("critic", players.critic(), &samples)];
        assert_agrees(&python, name, &players, &networks);
    }
}

#[test]
fn weights_come_back_bit_for_bit() {
    let players = convolutional();
    let mut other = players.zeros_like();
    let bytes = Snapshot { epoch: 0, tensors: Tensor::list(&players, "") }.encode("");
    Snapshot::decode(&bytes).unwrap().0.write_into(&mut other, "").unwrap();
    assert!(other == players);
}
