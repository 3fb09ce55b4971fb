//! Pieces of files, right and wrong.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use crate::{ALLOWED, Case, Reader};

/// Makes one case; cases are made one at a time so that only one file is held.
pub type Make = Box<dyn Fn() -> Case>;

/// A case whose file is cheap to keep.
pub fn case(what: &'static str, reader: Reader, word: &'static str, bytes: Vec<u8>) -> Make {
    Box::new(move || Case { what, reader, word, bytes: bytes.clone(), allowed: ALLOWED })
}

/// 512 MiB of zeros after `start`, compressed as they come, so that nobody holds them.
pub fn bomb(mut encoder: impl Write, start: &[u8]) {
    encoder.write_all(start).unwrap();
    std::io::copy(&mut std::io::repeat(0).take(512 << 20), &mut encoder).unwrap();
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The header of an IDX file.
pub fn idx_header(kind: u8, dims: &[u32]) -> Vec<u8> {
    let mut bytes = vec![0, 0, kind, dims.len() as u8];
    bytes.extend(dims.iter().flat_map(|dim| dim.to_be_bytes()));
    bytes
}

/// Two images of MNIST's size and their labels.
pub fn sound_mnist() -> [Vec<u8>; 2] {
    let mut images = idx_header(8, &[2, 28, 28]);
    images.extend([9; 2 * 28 * 28]);
    let mut labels = idx_header(8, &[2]);
    labels.extend([7, 0]);
    [images, labels]
}

/// An element of any type, with tag and padding.
pub fn element(kind: u32, body: &[u8]) -> Vec<u8> {
    let mut bytes = [kind.to_le_bytes(), (body.len() as u32).to_le_bytes()].concat();
    bytes.extend(body);
    if kind != 15 {
        bytes.resize(bytes.len().next_multiple_of(8), 0);
    }
    bytes
}

/// A matrix element: class word, dimensions, name and what follows them.
pub fn matrix(class: u32, dims: &[i32], name: &str, rest: &[u8]) -> Vec<u8> {
    let flags = [class.to_le_bytes(), [0; 4]].concat();
    let dims: Vec<u8> = dims.iter().flat_map(|dim| dim.to_le_bytes()).collect();
    let parts = [element(6, &flags), element(5, &dims), element(1, name.as_bytes()), rest.to_vec()];
    element(14, &parts.concat())
}

/// A whole file of these elements.
pub fn file(elements: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{:<124}", "MATLAB 5.0 MAT-file").into_bytes();
    bytes.extend([0x00, 0x01, b'I', b'M']);
    bytes.extend(elements);
    bytes
}

/// A file of one double variable `x` of 1 × 1.
pub fn sound_mat() -> Vec<u8> {
    file(&matrix(6, &[1, 1], "x", &element(9, &1.5_f64.to_le_bytes())))
}

/// `bytes` with those at `at` replaced.
pub fn patched(mut bytes: Vec<u8>, at: usize, with: &[u8]) -> Vec<u8> {
    bytes[at..at + with.len()].copy_from_slice(with);
    bytes
}
