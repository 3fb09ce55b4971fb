//! Convolutional networks on disk as others read them: PyTorch's `load_state_dict(strict=True)` where it is at hand.
//!
//! `tools/check_cnn.py` needs an interpreter with `safetensors` and `torch`: the one that `GLYPHLAB_PYTHON` names or `python3`, if
//! it has them, else nothing is asked.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use feedforward::{
    Activation, AnyLayer, Cnn, Convolution, Init, Maps, MaxPool, Network, Sliding, TransposedConvolution,
};
use tensor::Seed;
use train::{Parameters, Snapshot, Tensor};

use crate::support::normal;

/// The interpreter to ask, if there is one with both packages: as for perceptrons, but PyTorch has to be there.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("GLYPHLAB_PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from);
    let probe = Command::new(&named).args(["-c", "import safetensors, torch"]).output();
    probe.is_ok_and(|p| p.status.success()).then_some(named)
}

fn ask(python: &Path, name: &str, network: &Network, files: [&[Tensor]; 2]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/check_cnn.py");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-reads-cnn");
    std::fs::create_dir_all(&folder).unwrap();
    let paths = ["weights", "check"].map(|file| folder.join(format!("{name}-{file}.safetensors")));
    for (path, tensors) in paths.iter().zip(files) {
        std::fs::write(path, Snapshot { epoch: 0, tensors: tensors.to_vec() }.encode("")).unwrap();
    }
    let layers = network.layers().iter().map(|layer| match layer {
        AnyLayer::Convolution(l) => format!("conv:{}:{}", l.window().stride, l.window().padding),
        AnyLayer::TransposedConvolution(l) => {
            format!("transposed:{}:{}", l.window().stride, l.window().padding)
        }
        AnyLayer::MaxPool(l) => format!("pool:{}", l.pool().size),
        AnyLayer::Activation(activation) => activation.to_string().to_lowercase(),
        _ => "dense".to_owned(),
    });
    Command::new(python).arg(&script).args(&paths).args(layers).output().unwrap()
}

#[test]
fn pytorch_loads_an_exported_network_strictly_and_finds_the_same_outputs() {
    let network = Network::cnn(&Cnn::CLASSIC, Init::He, Seed::new(1)).unwrap();
    let names: Vec<_> = network.params().into_iter().map(|p| (p.name, p.shape)).collect();
    let expected = [
        ("convolutions.0.weight", vec![15, 1, 9, 9]),
        ("convolutions.0.bias", vec![15]),
        ("convolutions.1.weight", vec![20, 15, 5, 5]),
        ("convolutions.1.bias", vec![20]),
        ("layers.0.weight", vec![100, 180]),
        ("layers.0.bias", vec![100]),
        ("layers.1.weight", vec![10, 100]),
        ("layers.1.bias", vec![10]),
    ];
    assert_eq!(names, expected.map(|(name, shape)| (name.to_owned(), shape)));
    let Some(python) = python() else { return };
    let image = Maps { channels: 2, height: 11, width: 9 };
    let sliding = Sliding { kernel: [4, 3], stride: 2, padding: 1 };
    let odd = Convolution::new(image, 5, sliding, Init::Uniform, Seed::new(1)).unwrap();
    let pool = MaxPool::new(odd.maps()[1], 2).unwrap();
    let grown = TransposedConvolution::new(pool.maps()[1], 3, sliding, Init::Uniform, Seed::new(2)).unwrap();
    let tanh = AnyLayer::Activation(Activation::Tanh);
    let layers = vec![
        AnyLayer::Convolution(odd),
        tanh,
        AnyLayer::MaxPool(pool),
        AnyLayer::TransposedConvolution(grown),
    ];
    let cases = [("classic", network, Cnn::CLASSIC.image), ("odd", Network::new(layers).unwrap(), image)];
    for (name, network, image) in cases {
        let x = normal(image.features(), 20, 1.0, 2);
        let shape = vec![x.cols(), image.channels, image.height, image.width];
        let (input, y) = (Tensor::from_f32("input", shape, x.as_slice().to_vec()), network.logits(&x));
        let logits = Tensor::from_f32("logits", vec![y.cols(), y.rows()], y.as_slice().to_vec());
        let check = [input, logits];
        let out = ask(&python, name, &network, [&Tensor::list(&network, ""), &check]);
        assert!(out.status.success(), "{name}: {}", String::from_utf8_lossy(&out.stderr));
        // Other weights would be noticed.
        let mut other = network.clone();
        other.scale(1.1);
        let out = ask(&python, &format!("{name}-other"), &network, [&Tensor::list(&other, ""), &check]);
        assert!(String::from_utf8_lossy(&out.stderr).contains("torch: the saved outputs"), "{name}");
    }
}
