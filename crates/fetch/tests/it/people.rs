//! Files as people have them: other spellings, folders and layouts, half-downloaded, in archives, beside damaged ones.
#![cfg(unix)]

use std::os::unix::fs::symlink;

use datasets::mat::{self, Array, Order, Packing, Values};
use datasets::{Images, alphadigits, gzip};
use fetch::{Got, Network, Policy, Source, State, fetch, load_alphadigits, load_mnist, verify};

use crate::fixture::{ALPHADIGITS, Fixture, MNIST};
use crate::server::{Reply, Server};

fn offline() -> Fixture {
    let mut fixture = Fixture::new(&[]);
    fixture.options.network = Network::Off;
    fixture.options.data_dir = Some(fixture.folder("named"));
    fixture
}

/// The content of a published file of MNIST.
fn content(fixture: &Fixture, name: &str) -> Vec<u8> {
    gzip::inflate(&fixture.published[&format!("{name}.gz")], usize::MAX, "f").unwrap().into_owned()
}

#[test]
fn a_file_is_found_under_any_spelling_plain_or_compressed() {
    type Spelt = fn(&str) -> String;
    let spellings: [Spelt; 6] = [
        |name| name.replace("-idx", ".idx"),
        |name| name.replace('-', "."),
        |name| name.replace('-', "_"),
        str::to_uppercase,
        |name| name.replace("-ubyte", ".UBYTE"),
        |name| name.replace("-idx3-", ".idx3.").replace('t', "T"),
    ];
    for spelt in spellings {
        for packed in [false, true] {
            let fixture = offline();
            let named = fixture.folder("named/mnist");
            for name in MNIST {
                let bytes = match packed {
                    true => fixture.published[&format!("{name}.gz")].clone(),
                    false => content(&fixture, name),
                };
                let end = if packed { ".gz" } else { "" };
                std::fs::write(named.join(format!("{}{end}", spelt(name))), bytes).unwrap();
            }
            let source = load_mnist(&fixture.options).unwrap().source;
            let first = spelt(MNIST[0]);
            assert!(
                matches!(&source, Source::Real { path } if path.display().to_string().contains(&first)),
                "{first}: {source:?}"
            );
            let said = fixture.said();
            assert!(said.len() == 4 && said[2].ends_with("is read as t10k-images-idx3-ubyte"), "{said:?}");
        }
    }
    let fixture = offline();
    let bytes = fixture.published[ALPHADIGITS].clone();
    std::fs::write(fixture.folder("named").join("BinaryAlphaDigs.MAT.gz"), crate::fixture::gzip(&bytes))
        .unwrap();
    assert!(matches!(load_alphadigits(&fixture.options).unwrap().source, Source::Real { .. }));
    assert_eq!(verify(&fixture.options).unwrap()[0].state, State::Sound);
}

#[test]
fn a_file_is_found_in_a_folder_of_its_name() {
    let fixture = offline();
    for (k, name) in MNIST.into_iter().enumerate() {
        // As one archive unpacks it, and as another does.
        let folder = if k % 2 == 0 { name.to_owned() } else { name.replace("-idx", ".idx") };
        let inside = fixture.folder(&format!("named/{folder}"));
        std::fs::write(inside.join(name.replace("-idx", ".idx")), content(&fixture, name)).unwrap();
    }
    assert!(matches!(load_mnist(&fixture.options).unwrap().source, Source::Real { .. }));
    assert!(fixture.said().iter().all(|line| line.contains("is read as")), "{:?}", fixture.said());
}

#[test]
fn what_nearly_has_the_name_is_named() {
    for (name, bytes, word) in [
        ("mnist.npz", &b"PK\x03\x04 x"[..], "mnist.npz: a NumPy archive"),
        ("mnist.zip", b"PK\x03\x04 x", "mnist.zip: a zip archive (unpack it here)"),
        ("mnist.pkl.gz", b"\x1f\x8b x", "mnist.pkl.gz: another name"),
        ("train-images-idx3-ubyte.gz.part", b"\x1f\x8b x", "a download that has not ended"),
        ("train-images-idx3-ubyte (1).gz", b"\x1f\x8b x", "(1).gz: another name"),
        ("t10k-images-idx3-ubyte.xz", b"\xfd7zXZ\0", "an xz file (unpack it with unxz)"),
        ("mnist_train.csv", b"label,1x1,1x2", "mnist_train.csv: a text"),
    ] {
        let mut fixture = offline();
        std::fs::write(fixture.folder("named").join(name), bytes).unwrap();
        assert_eq!(load_mnist(&fixture.options).unwrap().source, Source::Standin);
        let [line] = &fixture.said()[..] else { panic!("one line, not {:?}", fixture.said()) };
        assert!(line.contains(word) && line.contains("stand-in"), "{line}");
        fixture.options.policy = Policy::Real;
        let error = load_mnist(&fixture.options).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
        // The other data set has nothing to do with it.
        assert!(!load_alphadigits(&fixture.options).unwrap_err().to_string().contains(word));
    }
}

#[test]
fn what_it_is_that_has_the_name_is_said() {
    for (bytes, word) in [
        (&b"<!DOCTYPE html><title>404</title>"[..], "a web page"),
        (b"\n  <html><body>Log in", "a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "git lfs pull"),
        (b"PK\x03\x04 and so on", "a zip archive"),
        (b"", "empty"),
        (&[0; 600], "zeros"),
        (b"<?xml version=\"1.0\"?><Error><Code>AccessDenied", "an XML answer"),
    ] {
        for packed in [false, true] {
            let fixture = offline();
            for name in MNIST {
                let bytes =
                    if packed && !bytes.is_empty() { crate::fixture::gzip(bytes) } else { bytes.to_vec() };
                std::fs::write(fixture.folder("named").join(format!("{name}.gz")), bytes).unwrap();
            }
            let error = format!("{:#}", load_mnist(&fixture.options).unwrap_err());
            assert!(error.contains(word) && error.contains("move it away to have it downloaded"), "{error}");
        }
        let fixture = offline();
        std::fs::write(fixture.folder("named").join(ALPHADIGITS), bytes).unwrap();
        let error = format!("{:#}", load_alphadigits(&fixture.options).unwrap_err());
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn a_sound_file_beside_a_damaged_one_is_used_and_that_is_said() {
    type Damage = fn(&std::path::Path);
    let damages: [Damage; 4] = [
        |path| std::fs::write(path, b"half a file").unwrap(),
        |path| std::fs::write(path, b"").unwrap(),
        |path| std::fs::create_dir(path).unwrap(),
        |path| symlink("nowhere", path).unwrap(),
    ];
    for damage in damages {
        let fixture = offline();
        let (named, home) = (fixture.folder("named"), fixture.options.home.clone());
        damage(&named.join(MNIST[2]));
        for name in MNIST {
            fixture.place(&home, &format!("{name}.gz"));
        }
        assert!(matches!(load_mnist(&fixture.options).unwrap().source, Source::Real { .. }));
        let [line] = &fixture.said()[..] else { panic!("one line, not {:?}", fixture.said()) };
        let used = home.join(format!("{}.gz is used", MNIST[2])).display().to_string();
        assert!(
            line.contains(&named.join(MNIST[2]).display().to_string()) && line.ends_with(&used),
            "{line}"
        );
        assert_eq!(verify(&fixture.options).unwrap()[3].state, State::Sound);
    }
}

#[test]
fn a_half_downloaded_file_is_fetched_anew_or_missing() {
    let published = Fixture::new(&[]).published;
    let server = Server::start(move |name, _| {
        published.get(name).map_or(Reply::Status(404), |body| Reply::Body(body.clone()))
    });
    for within in ["data/MNIST/raw", "data", "named"] {
        let mut fixture = Fixture::new(&[server.mirror()]);
        fixture.options.data_dir = Some(fixture.folder("named"));
        for name in MNIST {
            fixture.place(&fixture.folder("data"), &format!("{name}.gz"));
        }
        fixture.place(&fixture.folder("data"), ALPHADIGITS);
        std::fs::remove_file(fixture.folder("data").join(format!("{}.gz", MNIST[0]))).unwrap();
        let damaged = fixture.place(&fixture.folder(within), &format!("{}.gz", MNIST[0]));
        let bytes = std::fs::read(&damaged).unwrap();
        std::fs::write(&damaged, &bytes[..bytes.len() / 2]).unwrap();
        fixture.options.network = Network::Off;
        let fetched = fetch(&fixture.options).unwrap();
        assert_eq!(fetched.files[1].1, Got::Nothing, "{within}");
        let text = fetched.missing[0].to_string();
        assert!(
            text.contains("here, and damaged:") && text.contains(&damaged.display().to_string()),
            "{text}"
        );
        fixture.options.network = Network::Allowed;
        let fetched = fetch(&fixture.options).unwrap();
        let kept = fixture.options.home.join("MNIST/raw").join(format!("{}.gz", MNIST[0]));
        assert_eq!(fetched.files[1].1, Got::Downloaded(kept), "{within}");
        assert!(fetched.missing.is_empty());
        assert!(matches!(load_mnist(&fixture.options).unwrap().source, Source::Real { .. }));
    }
}

/// The published images as cells of numbers, as a file has them: column by column.
fn cells(images: &Images, as_cell: impl Fn(Vec<f64>) -> Array) -> Vec<Array> {
    let column_major =
        |image: &[u8]| -> Vec<f64> { (0..320).map(|k| f64::from(image[(k % 20) * 16 + k / 20])).collect() };
    (0..images.len()).map(|k| as_cell(column_major(images.image(k)))).collect()
}

fn write(fixture: &Fixture, variables: &[Array]) {
    let bytes = mat::write(variables, Order::Little, Packing::Compressed);
    std::fs::write(fixture.folder("named").join(ALPHADIGITS), bytes).unwrap();
}

#[test]
fn alphadigits_in_another_layout_are_accepted_and_that_is_said() {
    let fixture = offline();
    let images = alphadigits::parse(&fixture.published[ALPHADIGITS], "f").unwrap();
    let (n, per_class) = (images.len(), images.len() / 36);
    let plain = |values: Vec<f64>| Array::new("", &[20, 16], Values::F64(values));
    // In the order of the file: classes × examples, column-major.
    let file_order: Vec<usize> = (0..n).map(|k| (k % 36) * per_class + k / 36).collect();
    let grid = |cells: &[Array], order: &[usize], dims: &[usize]| {
        Array::new("dat", dims, Values::Cell(order.iter().map(|&k| cells[k].clone()).collect()))
    };
    let turned = |values: Vec<f64>| {
        let rows = (0..320).map(|k| values[(k / 16) + (k % 16) * 20]).collect();
        Array::new("", &[16, 20], Values::F64(rows))
    };
    let loud = |values: Vec<f64>| {
        Array::new("", &[20, 16], Values::U8(values.iter().map(|x| (255.0 * x) as u8).collect()))
    };
    let inverted = |values: Vec<f64>| {
        Array::new("", &[20, 16], Values::Logical(values.iter().map(|x| *x == 0.0).collect()))
    };
    let pixels: Vec<f64> = cells(&images, plain).iter().flat_map(|cell| cell.numbers().unwrap()).collect();
    let by_samples: Vec<f64> = (0..320 * n).map(|k| pixels[(k % n) * 320 + k / n]).collect();
    let gnd =
        Array::new("gnd", &[n, 1], Values::F64(images.labels.iter().map(|l| f64::from(*l) + 1.0).collect()));
    let in_order: Vec<usize> = (0..n).collect();
    let layouts: [(Vec<Array>, &str); 6] = [
        (vec![grid(&cells(&images, turned), &file_order, &[36, per_class])], "images by rows"),
        (vec![grid(&cells(&images, plain), &in_order, &[per_class, 36])], "cells turned"),
        (vec![grid(&cells(&images, loud), &file_order, &[36, per_class])], "255 for ink"),
        (vec![grid(&cells(&images, inverted), &file_order, &[36, per_class])], "0 for ink"),
        (vec![Array::new("fea", &[n, 320], Values::F64(by_samples)), gnd.clone()], "one matrix"),
        (vec![Array::new("fea", &[320, n], Values::F64(pixels)), gnd], "one matrix"),
    ];
    for (variables, word) in layouts {
        let fixture = offline();
        write(&fixture, &variables);
        let loaded = load_alphadigits(&fixture.options).unwrap();
        assert_eq!(loaded.images, images, "{word}");
        assert!(matches!(loaded.source, Source::Real { .. }));
        let [line] = &fixture.said()[..] else { panic!("one line, not {:?}", fixture.said()) };
        assert!(line.contains("in another layout") && line.contains(word), "{line}");
    }
    // Other images stay others, however they are turned.
    let mut other = cells(&images, plain);
    other[5] = other[6].clone();
    write(&fixture, &[grid(&other, &file_order, &[36, per_class])]);
    assert!(load_alphadigits(&fixture.options).is_err());
}

#[test]
fn alphadigits_written_in_doubles_are_accepted_whatever_their_size() {
    let fixture = offline();
    let mut variables = mat::read(&fixture.published[ALPHADIGITS], ALPHADIGITS).unwrap();
    let Values::Cell(cells) = &mut variables[0].values else { panic!("dat is made of cells") };
    for cell in cells {
        cell.values = Values::F64(cell.numbers().unwrap());
    }
    variables.push(Array::new("more", &[1, 40_000], Values::F64(vec![0.5; 40_000])));
    let bytes = mat::write(&variables, Order::Little, Packing::Plain);
    assert!(bytes.len() > 2 * fixture.published[ALPHADIGITS].len());
    std::fs::write(fixture.folder("named").join(ALPHADIGITS), bytes).unwrap();
    assert!(matches!(load_alphadigits(&fixture.options).unwrap().source, Source::Real { .. }));
    // A file of the newer format is called one, whatever its size.
    let mut head = b"MATLAB 7.3 MAT-file".to_vec();
    head.resize(2_000_000, 0);
    std::fs::write(fixture.folder("named").join(ALPHADIGITS), head).unwrap();
    let error = format!("{:#}", load_alphadigits(&fixture.options).unwrap_err());
    assert!(error.contains("7.3") && error.contains("-v7"), "{error}");
}
