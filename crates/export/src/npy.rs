//! NumPy's `.npy`, version 1.0, and `.npz`: arrays that `numpy.load` reads without pickles.
//!
//! An array is `\x93NUMPY`, two bytes of version, the length of the header as `u16`, the header — a Python literal with type, order and
//! shape, padded with spaces so that the values begin at a multiple of 64 — and the values, row-major, little-endian. A `.npz` is a ZIP
//! archive of such files, here without compression and without times, so that equal arrays give equal bytes.

use crate::archive::{Refused, archive};

/// What every array begins with: the magic and version 1.0.
const MAGIC: &[u8; 8] = b"\x93NUMPY\x01\x00";
/// Values begin at a multiple of so many bytes.
const ALIGNED: usize = 64;

/// The values of an array, row-major.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Values<'a> {
    /// `<f4`.
    F32(&'a [f32]),
    /// `<f8`.
    F64(&'a [f64]),
    /// `<u8`.
    U64(&'a [u64]),
    /// `|u1`.
    U8(&'a [u8]),
    /// `<Un`: texts as UTF-32, filled up with zeros to the longest of them.
    Texts(&'a [String]),
}

impl Values<'_> {
    fn len(&self) -> usize {
        match self {
            Self::F32(values) => values.len(),
            Self::F64(values) => values.len(),
            Self::U64(values) => values.len(),
            Self::U8(values) => values.len(),
            Self::Texts(values) => values.len(),
        }
    }

    /// NumPy's name of the type.
    fn kind(&self) -> String {
        match self {
            Self::F32(_) => "<f4".to_owned(),
            Self::F64(_) => "<f8".to_owned(),
            Self::U64(_) => "<u8".to_owned(),
            Self::U8(_) => "|u1".to_owned(),
            Self::Texts(texts) => format!("<U{}", longest(texts)),
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::F32(values) => out.extend(values.iter().flat_map(|x| x.to_le_bytes())),
            Self::F64(values) => out.extend(values.iter().flat_map(|x| x.to_le_bytes())),
            Self::U64(values) => out.extend(values.iter().flat_map(|x| x.to_le_bytes())),
            Self::U8(values) => out.extend_from_slice(values),
            Self::Texts(texts) => {
                let width = longest(texts);
                for text in *texts {
                    let codes = text.chars().map(u32::from).chain(std::iter::repeat(0)).take(width);
                    out.extend(codes.flat_map(u32::to_le_bytes));
                }
            }
        }
    }
}

/// Characters of the longest text; at least one, since NumPy has no texts of none in files.
fn longest(texts: &[String]) -> usize {
    texts.iter().map(|text| text.chars().count()).max().unwrap_or(0).max(1)
}

/// An array of this shape as a `.npy` file.
///
/// # Panics
/// If there are not as many values as the shape has places.
pub fn npy(shape: &[usize], values: Values<'_>) -> Vec<u8> {
    let places: usize = shape.iter().product();
    assert_eq!(values.len(), places, "{} values for shape {shape:?}", values.len());
    let sizes: String = shape.iter().map(|size| format!("{size}, ")).collect();
    // A tuple of one has a comma behind it, and Python does not mind one in longer ones.
    let kind = values.kind();
    let mut header =
        format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({}), }}", sizes.trim_end());
    let before = MAGIC.len() + 2;
    let whole = (before + header.len() + 1).next_multiple_of(ALIGNED);
    header.push_str(&" ".repeat(whole - before - header.len() - 1));
    header.push('\n');
    let length = u16::try_from(header.len()).expect("a shape has at most some tens of sizes");
    let mut out = [&MAGIC[..], &length.to_le_bytes(), header.as_bytes()].concat();
    values.write(&mut out);
    out
}

/// Named `.npy` files as one `.npz`; a name is what `numpy.load` has them under, without the ending.
///
/// # Errors
/// As [`archive`].
pub fn npz(arrays: &[(String, Vec<u8>)]) -> Result<Vec<u8>, Refused> {
    let named: Vec<(String, &[u8])> =
        arrays.iter().map(|(name, bytes)| (format!("{name}.npy"), bytes.as_slice())).collect();
    archive(&named)
}

/// A table as a `.npz` with an array for each column: numbers where all of its fields are, an empty one being NaN, texts otherwise.
///
/// # Errors
/// As [`npz`].
///
/// # Panics
/// If a record has another number of fields than there are columns.
pub fn table(columns: &[String], records: &[Vec<String>]) -> Result<Vec<u8>, Refused> {
    let column = |place: usize| -> Vec<String> {
        let field = |record: &Vec<String>| {
            assert_eq!(record.len(), columns.len(), "{} fields for {} columns", record.len(), columns.len());
            record[place].clone()
        };
        records.iter().map(field).collect()
    };
    let arrays: Vec<(String, Vec<u8>)> = columns
        .iter()
        .enumerate()
        .map(|(place, name)| {
            let texts = column(place);
            let bytes = match numbers(&texts) {
                Some(numbers) => npy(&[numbers.len()], Values::F64(&numbers)),
                None => npy(&[texts.len()], Values::Texts(&texts)),
            };
            (name.clone(), bytes)
        })
        .collect();
    npz(&arrays)
}

/// All fields as numbers; none if one is no number, or all are empty.
fn numbers(texts: &[String]) -> Option<Vec<f64>> {
    let number = |text: &String| if text.is_empty() { Some(f64::NAN) } else { text.parse().ok() };
    let all: Vec<f64> = texts.iter().map(number).collect::<Option<_>>()?;
    texts.iter().any(|text| !text.is_empty()).then_some(all)
}
