//! IDX: two zero bytes, a type, a number of dimensions, the dimensions (u32), the elements. All big-endian.
//!
//! ```text
//! 00 00 | 08 | 03 | 00 00 ea 60 | 00 00 00 1c | 00 00 00 1c | pixels …      (MNIST's training images)
//! ```
//!
//! Reads every element type, gzipped or not (told apart by the first bytes). The file must hold exactly the
//! elements that the header announces. A gzipped file is inflated element by element into the result, never
//! as a whole, never further than the header announces, and not before its header is accepted and the length that the
//! file announces agrees.

use std::io::{ErrorKind, Read};

use crate::error::list;
use crate::gzip::{self, Members, is_gzip};
use crate::{DataError, MEMORY_LIMIT, Place};

/// The elements of an IDX file, the last dimension running fastest.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Type 0x08.
    U8(Vec<u8>),
    /// Type 0x09.
    I8(Vec<i8>),
    /// Type 0x0b.
    I16(Vec<i16>),
    /// Type 0x0c.
    I32(Vec<i32>),
    /// Type 0x0d.
    F32(Vec<f32>),
    /// Type 0x0e.
    F64(Vec<f64>),
}

/// What an IDX file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Idx {
    /// The dimensions, slowest first; their product is the number of elements.
    pub dims: Vec<usize>,
    /// The elements.
    pub values: Values,
}

impl Values {
    /// Number of elements.
    pub fn len(&self) -> usize {
        match self {
            Values::U8(v) => v.len(),
            Values::I8(v) => v.len(),
            Values::I16(v) => v.len(),
            Values::I32(v) => v.len(),
            Values::F32(v) => v.len(),
            Values::F64(v) => v.len(),
        }
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Reads an IDX file, gzipped or not; `file` is its name for error messages.
///
/// # Errors
/// [`DataError`] when a byte is missing, wrong or too many, or when the elements exceed [`MEMORY_LIMIT`].
pub fn read(bytes: &[u8], file: &str) -> Result<Idx, DataError> {
    read_if(bytes, file, |_, _| Ok(()))
}

/// The same for a file whose kind of elements (`Values` without any) and dimensions `accept` agrees to, before an
/// element is looked at.
pub(crate) fn read_if(
    bytes: &[u8],
    file: &str,
    accept: impl FnOnce(&Values, &[usize]) -> Result<(), DataError>,
) -> Result<Idx, DataError> {
    let source = match is_gzip(bytes) {
        true => Source::Gzip(Box::new(Members::new(bytes))),
        false => Source::Plain(bytes),
    };
    let mut input = Input { source, on_disk: bytes, file, at: 0 };

    let magic = input.take::<4>("the four magic bytes 00 00 type dimensions")?;
    let [0, 0, kind, n_dims] = magic else {
        let [a, b, ..] = magic;
        return Err(input.wrong(0, "an IDX file, which begins with 00 00", format!("{a:02x} {b:02x}")));
    };
    let (size, none) = match kind {
        0x08 => (1, Values::U8(vec![])),
        0x09 => (1, Values::I8(vec![])),
        0x0b => (2, Values::I16(vec![])),
        0x0c => (4, Values::I32(vec![])),
        0x0d => (4, Values::F32(vec![])),
        0x0e => (8, Values::F64(vec![])),
        _ => {
            return Err(input.wrong(2, "an element type 08, 09, 0b, 0c, 0d or 0e", format!("{kind:02x}")));
        }
    };
    if n_dims == 0 {
        return Err(input.wrong(3, "at least one dimension", "none"));
    }
    let mut dims = Vec::with_capacity(usize::from(n_dims));
    for _ in 0..n_dims {
        dims.push(u32::from_be_bytes(input.take::<4>("a dimension of four bytes")?) as usize);
    }
    accept(&none, &dims)?;
    let count = input.check_size(&dims, size)?;
    let values = match none {
        Values::U8(_) => Values::U8(input.elements(count, u8::from_be_bytes)?),
        Values::I8(_) => Values::I8(input.elements(count, i8::from_be_bytes)?),
        Values::I16(_) => Values::I16(input.elements(count, i16::from_be_bytes)?),
        Values::I32(_) => Values::I32(input.elements(count, i32::from_be_bytes)?),
        Values::F32(_) => Values::F32(input.elements(count, f32::from_be_bytes)?),
        Values::F64(_) => Values::F64(input.elements(count, f64::from_be_bytes)?),
    };
    input.finish()?;
    Ok(Idx { dims, values })
}

/// The bytes of an IDX file, not compressed.
///
/// # Panics
/// If the product of `dims` is not the number of values, there are 0 or over 255 dimensions, or one exceeds
/// 32 bits.
pub fn write(idx: &Idx) -> Vec<u8> {
    let count: usize = idx.dims.iter().product();
    assert_eq!(count, idx.values.len(), "dimensions {:?} against the number of values", idx.dims);
    let n_dims = u8::try_from(idx.dims.len()).expect("at most 255 dimensions");
    assert!(n_dims > 0, "an IDX file has at least one dimension");
    let kind = match idx.values {
        Values::U8(_) => 0x08,
        Values::I8(_) => 0x09,
        Values::I16(_) => 0x0b,
        Values::I32(_) => 0x0c,
        Values::F32(_) => 0x0d,
        Values::F64(_) => 0x0e,
    };
    let mut bytes = vec![0, 0, kind, n_dims];
    for &dim in &idx.dims {
        bytes.extend(u32::try_from(dim).expect("dimensions of at most 32 bits").to_be_bytes());
    }
    match &idx.values {
        Values::U8(v) => bytes.extend_from_slice(v),
        Values::I8(v) => bytes.extend(v.iter().flat_map(|x| x.to_be_bytes())),
        Values::I16(v) => bytes.extend(v.iter().flat_map(|x| x.to_be_bytes())),
        Values::I32(v) => bytes.extend(v.iter().flat_map(|x| x.to_be_bytes())),
        Values::F32(v) => bytes.extend(v.iter().flat_map(|x| x.to_be_bytes())),
        Values::F64(v) => bytes.extend(v.iter().flat_map(|x| x.to_be_bytes())),
    }
    bytes
}

/// How an error names offset `byte` of the IDX file in `bytes`, gzipped or not.
pub(crate) fn place(bytes: &[u8], byte: u64) -> Place {
    if is_gzip(bytes) { Place::Inflated { byte, from: 0 } } else { Place::Byte(byte) }
}

enum Source<'a> {
    Plain(&'a [u8]),
    Gzip(Box<Members<'a>>),
}

/// A file being read, with the position that its error messages name.
struct Input<'a> {
    source: Source<'a>,
    on_disk: &'a [u8],
    file: &'a str,
    at: u64,
}

impl Input<'_> {
    fn place(&self, byte: u64) -> Place {
        match self.source {
            Source::Plain(_) => Place::Byte(byte),
            Source::Gzip(_) => Place::Inflated { byte, from: 0 },
        }
    }

    fn wrong(&self, byte: u64, expected: impl Into<String>, found: impl Into<String>) -> DataError {
        DataError::malformed(self.file, self.place(byte), expected, found)
    }

    /// Fills `buffer`, or says that `expected` is not there.
    fn fill(&mut self, buffer: &mut [u8], expected: &str) -> Result<(), DataError> {
        let outcome = match &mut self.source {
            Source::Plain(rest) => rest.read_exact(buffer),
            Source::Gzip(decoder) => decoder.read_exact(buffer),
        };
        outcome.map_err(|error| self.wrong(self.at, expected, describe(&error)))?;
        self.at += buffer.len() as u64;
        Ok(())
    }

    fn take<const N: usize>(&mut self, expected: &str) -> Result<[u8; N], DataError> {
        let mut buffer = [0; N];
        self.fill(&mut buffer, expected)?;
        Ok(buffer)
    }

    /// The number of elements, once it is sure that they can be in this file and fit in memory.
    fn check_size(&self, dims: &[usize], size: usize) -> Result<usize, DataError> {
        let needed = dims.iter().try_fold(size, |product, &dim| product.checked_mul(dim));
        let needed = needed.filter(|&needed| needed <= MEMORY_LIMIT).ok_or_else(|| DataError::TooLarge {
            file: self.file.to_owned(),
            place: self.place(4),
            what: "bytes of elements",
            limit: MEMORY_LIMIT as u64,
            found: format!("{} elements of {size} bytes", list(dims.iter(), " × ")),
        })?;
        // Deflate shrinks at most 1032 to 1, so a short file cannot announce a long content.
        let possible = match self.source {
            Source::Plain(rest) => rest.len(),
            Source::Gzip(_) => self.on_disk.len().saturating_mul(1032),
        };
        if needed > possible {
            let found = match self.source {
                Source::Plain(_) => format!("{possible}"),
                Source::Gzip(_) => format!("{} compressed ones", self.on_disk.len()),
            };
            return Err(self.wrong(self.at, format!("{needed} bytes of elements"), found));
        }
        self.check_gzip_length(needed)?;
        Ok(needed / size)
    }

    /// A gzip file says how many bytes it inflates to: a file cut short, or one that holds more than it announces, is
    /// refused before its elements are inflated.
    fn check_gzip_length(&self, needed: usize) -> Result<(), DataError> {
        if !is_gzip(self.on_disk) {
            return Ok(());
        }
        let expected = self.at + needed as u64;
        let announced = gzip::content_length(self.on_disk, expected);
        if announced != expected {
            let place = Place::Byte(self.on_disk.len() as u64 - 4);
            let expected = format!("a gzip file that ends in its inflated length of {expected}");
            let found = format!("{announced}, or a file cut short");
            return Err(DataError::malformed(self.file, place, expected, found));
        }
        gzip::rehearse(self.on_disk, announced, self.file)
    }

    fn elements<const N: usize, T>(
        &mut self,
        count: usize,
        decode: impl Fn([u8; N]) -> T,
    ) -> Result<Vec<T>, DataError> {
        const CHUNK: usize = 1 << 14;
        let mut values = Vec::with_capacity(count);
        let mut buffer = [0; CHUNK];
        let mut left = count * N;
        while left > 0 {
            let chunk = &mut buffer[..left.min(CHUNK)];
            self.fill(chunk, "more elements")?;
            left -= chunk.len();
            values.extend(chunk.as_chunks::<N>().0.iter().map(|&raw| decode(raw)));
        }
        Ok(values)
    }

    /// Nothing may follow the elements, neither before nor after the end of the compressed stream; reading up
    /// to that end is also what verifies the checksum.
    fn finish(mut self) -> Result<(), DataError> {
        let expected = "the end of the elements";
        let (place, extra) = match &mut self.source {
            Source::Plain(rest) => (Place::Byte(self.at), rest.len()),
            Source::Gzip(decoder) => match decoder.read(&mut [0]) {
                Ok(0) => {
                    let extra = decoder.rest().len();
                    (Place::Byte((self.on_disk.len() - extra) as u64), extra)
                }
                Ok(_) => return Err(self.wrong(self.at, expected, "more elements than announced")),
                Err(error) => return Err(self.wrong(self.at, expected, describe(&error))),
            },
        };
        if extra > 0 {
            return Err(DataError::malformed(self.file, place, expected, format!("{extra} more bytes")));
        }
        Ok(())
    }
}

fn describe(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::UnexpectedEof => "the end of the file".to_owned(),
        _ => format!("a broken gzip stream ({error})"),
    }
}
