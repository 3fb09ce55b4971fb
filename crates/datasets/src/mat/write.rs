//! Writing: what the stand-in and the tests need, and what MATLAB and SciPy read.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::{Array, Values, class, element};

/// Byte order of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Least significant byte first; the file says `IM`.
    Little,
    /// Most significant byte first; the file says `MI`.
    Big,
}

/// Whether variables are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Elements as they are.
    Plain,
    /// Each variable in a zlib stream, as MATLAB 7 does by default.
    Compressed,
}

/// The bytes of a MAT-file level 5 with these variables, in this order.
///
/// # Panics
/// If an element or a dimension exceeds what 32 bits can count.
pub fn write(variables: &[Array], order: Order, packing: Packing) -> Vec<u8> {
    let mut out = Writer { bytes: Vec::new(), order };
    // The text must not begin with a zero byte; no date in it, so that equal arrays give equal files.
    out.bytes.extend_from_slice(format!("{:<124}", "MATLAB 5.0 MAT-file").as_bytes());
    out.unit(0x0100_u16.to_le_bytes());
    out.unit(u16::from_be_bytes(*b"MI").to_le_bytes());
    for variable in variables {
        match packing {
            Packing::Plain => out.array(variable),
            Packing::Compressed => {
                let mut inner = Writer { bytes: Vec::new(), order };
                inner.array(variable);
                let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
                let packed = encoder.write_all(&inner.bytes).and_then(|()| encoder.finish());
                let packed = packed.expect("writing to memory cannot fail");
                out.tag(element::COMPRESSED, packed.len());
                out.bytes.extend(packed);
            }
        }
    }
    out.bytes
}

struct Writer {
    bytes: Vec<u8>,
    order: Order,
}

impl Writer {
    /// Appends the little-endian bytes of one number in the order of this file.
    fn unit<const N: usize>(&mut self, mut little: [u8; N]) {
        if self.order == Order::Big {
            little.reverse();
        }
        self.bytes.extend(little);
    }

    fn tag(&mut self, kind: u32, length: usize) {
        self.unit(kind.to_le_bytes());
        self.unit(u32::try_from(length).expect("elements of at most 4 GiB").to_le_bytes());
    }

    /// An element of numbers, given by their little-endian bytes; a small one if it fits.
    fn element<const N: usize>(&mut self, kind: u32, values: impl ExactSizeIterator<Item = [u8; N]>) {
        let length = values.len() * N;
        if (1..=4).contains(&length) {
            self.unit(((length as u32) << 16 | kind).to_le_bytes());
        } else {
            self.tag(kind, length);
        }
        for value in values {
            self.unit(value);
        }
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
    }

    fn array(&mut self, array: &Array) {
        let start = self.bytes.len();
        self.tag(element::MATRIX, 0);
        let class = match array.values {
            Values::F64(_) => class::F64,
            Values::F32(_) => class::F32,
            Values::I8(_) => class::I8,
            Values::U8(_) => class::U8,
            Values::I16(_) => class::I16,
            Values::U16(_) => class::U16,
            Values::I32(_) => class::I32,
            Values::U32(_) => class::U32,
            Values::I64(_) => class::I64,
            Values::U64(_) => class::U64,
            Values::Char(_) => class::CHAR,
            Values::Logical(_) => class::U8 | class::LOGICAL_FLAG,
            Values::Cell(_) => class::CELL,
        };
        self.element(element::U32, [class, 0].into_iter().map(u32::to_le_bytes));
        let dims = array.dims.iter().map(|&dim| i32::try_from(dim).expect("dimensions of 31 bits"));
        self.element(element::I32, dims.map(i32::to_le_bytes));
        self.element(element::I8, array.name.bytes().map(|b| [b]));
        match &array.values {
            Values::F64(v) => self.element(element::F64, v.iter().map(|x| x.to_le_bytes())),
            Values::F32(v) => self.element(element::F32, v.iter().map(|x| x.to_le_bytes())),
            Values::I8(v) => self.element(element::I8, v.iter().map(|x| x.to_le_bytes())),
            Values::U8(v) => self.element(element::U8, v.iter().map(|x| [*x])),
            Values::I16(v) => self.element(element::I16, v.iter().map(|x| x.to_le_bytes())),
            Values::U16(v) => self.element(element::U16, v.iter().map(|x| x.to_le_bytes())),
            Values::I32(v) => self.element(element::I32, v.iter().map(|x| x.to_le_bytes())),
            Values::U32(v) => self.element(element::U32, v.iter().map(|x| x.to_le_bytes())),
            Values::I64(v) => self.element(element::I64, v.iter().map(|x| x.to_le_bytes())),
            Values::U64(v) => self.element(element::U64, v.iter().map(|x| x.to_le_bytes())),
            Values::Char(v) => self.element(element::U16, v.iter().map(|x| x.to_le_bytes())),
            Values::Logical(v) => self.element(element::U8, v.iter().map(|x| [u8::from(*x)])),
            Values::Cell(v) => v.iter().for_each(|cell| self.array(cell)),
        }
        let length = u32::try_from(self.bytes.len() - start - 8).expect("elements of at most 4 GiB");
        let length = match self.order {
            Order::Little => length.to_le_bytes(),
            Order::Big => length.to_be_bytes(),
        };
        self.bytes[start + 4..start + 8].copy_from_slice(&length);
    }
}
