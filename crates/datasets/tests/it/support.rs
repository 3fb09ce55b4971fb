//! Small valid files, and gzip.

use std::io::Write;

use datasets::idx::{self, Idx};
use datasets::mat::{self, Array, Order, Packing, Values};

/// `bytes` as one gzip member.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// An IDX file of unsigned bytes.
pub fn idx_bytes(dims: &[usize], values: Vec<u8>) -> Vec<u8> {
    idx::write(&Idx { dims: dims.to_vec(), values: idx::Values::U8(values) })
}

/// Two images of MNIST's size and their labels.
pub fn small_mnist() -> [Vec<u8>; 2] {
    let pixels = (0..2 * 28 * 28).map(|i| (i % 251) as u8).collect();
    [idx_bytes(&[2, 28, 28], pixels), idx_bytes(&[2], vec![7, 0])]
}

/// An unnamed 1 × 1 double.
pub fn number(value: f64) -> Array {
    Array::new("", &[1, 1], Values::F64(vec![value]))
}

/// A char array of one row.
pub fn text(name: &str, text: &str) -> Array {
    let units: Vec<u16> = text.encode_utf16().collect();
    Array::new(name, &[1, units.len()], Values::Char(units))
}

/// The four variables of an AlphaDigits file of 2 classes × 3 examples of 3 × 2 pixels; in example e of class c
/// the pixel of row r and column k is on where `(c + e + r + 2k) % 3 = 0`.
pub fn small_alphadigits() -> [Array; 4] {
    let mut cells = Vec::new();
    for example in 0..3 {
        for class in 0..2 {
            let column_major = (0..6).map(|i| u8::from((class + example + i % 3 + 2 * (i / 3)) % 3 == 0));
            cells.push(Array::new("", &[3, 2], Values::U8(column_major.collect())));
        }
    }
    [
        Array::new("dat", &[2, 3], Values::Cell(cells)),
        Array::new("numclasses", &[1, 1], Values::F64(vec![2.0])),
        Array::new("classlabels", &[1, 2], Values::Cell(vec![text("", "A"), text("", "B")])),
        Array::new("classcounts", &[1, 2], Values::Cell(vec![number(3.0), number(3.0)])),
    ]
}

/// A plain little-endian MAT-file.
pub fn mat_bytes(variables: &[Array]) -> Vec<u8> {
    mat::write(variables, Order::Little, Packing::Plain)
}
