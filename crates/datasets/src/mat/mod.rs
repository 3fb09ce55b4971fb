//! MAT-file level 5, the part of it that data sets are published in: numeric, char, logical and cell arrays.
//!
//! A file is a 128-byte header and a list of elements; an element is a tag (type, number of bytes) and a body
//! padded to eight bytes; a variable is an element of type *matrix* that holds others: flags, dimensions, name,
//! values. A cell array's values are matrices again. An element may also be *compressed*: a zlib stream of one
//! matrix. All arrays are column-major: the first dimension runs fastest.
//!
//! Structures, objects, sparse and complex arrays, function handles and opaque data are refused by name, unless nobody wants
//! them ([`read_wanted`]), and so are the two other formats with the same file extension, level 4 and 7.3 (which is HDF5).

mod cursor;
mod read;
mod values;
mod write;

pub use read::{read, read_wanted};
pub use write::{Order, Packing, write};

use crate::Place;
use crate::error::list;

/// Arrays in arrays in arrays: at most this deep.
pub const MAX_DEPTH: usize = 16;
/// What a file may take in memory, and what it may inflate to in all, in bytes: 16 MiB, of which AlphaDigits takes a tenth.
pub const MEMORY_LIMIT: usize = 16 << 20;
/// Elements of one array: at most this many.
pub const MAX_ELEMENTS: usize = 1 << 24;

/// The values of an array, first dimension fastest.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Class double.
    F64(Vec<f64>),
    /// Class single.
    F32(Vec<f32>),
    /// Class int8.
    I8(Vec<i8>),
    /// Class uint8.
    U8(Vec<u8>),
    /// Class int16.
    I16(Vec<i16>),
    /// Class uint16.
    U16(Vec<u16>),
    /// Class int32.
    I32(Vec<i32>),
    /// Class uint32.
    U32(Vec<u32>),
    /// Class int64.
    I64(Vec<i64>),
    /// Class uint64.
    U64(Vec<u64>),
    /// Class char; the dimensions count UTF-16 units, as in MATLAB.
    Char(Vec<u16>),
    /// Logical: what MATLAB stores as uint8 with a flag.
    Logical(Vec<bool>),
    /// Class cell; the arrays in it have no name.
    Cell(Vec<Array>),
}

/// An array of a MAT-file: a variable, or what is in a cell.
#[derive(Debug, Clone)]
pub struct Array {
    /// The variable's name; empty inside a cell.
    pub name: String,
    /// At least two dimensions, the first running fastest.
    pub dims: Vec<usize>,
    /// The values: as many as the product of the dimensions.
    pub values: Values,
    /// Where the array begins in its file, for error messages; it does not take part in `==`.
    pub place: Place,
}

impl PartialEq for Array {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.dims == other.dims && self.values == other.values
    }
}

impl Array {
    /// An array to be written.
    ///
    /// # Panics
    /// If there are fewer than two dimensions or their product is not the number of values.
    pub fn new(name: &str, dims: &[usize], values: Values) -> Self {
        assert!(dims.len() >= 2, "an array has at least two dimensions, not {dims:?}");
        let count: usize = dims.iter().product();
        assert_eq!(count, values.len(), "dimensions {dims:?} against the number of values");
        Array { name: name.to_owned(), dims: dims.to_vec(), values, place: Place::Whole }
    }

    /// Size and class for an error message: `20 × 16 of class uint8`.
    pub(crate) fn describe(&self) -> String {
        format!("{} of class {}", list(self.dims.iter(), " × "), self.values.class())
    }

    /// The string in a char array of one row.
    pub fn text(&self) -> Option<String> {
        match &self.values {
            Values::Char(units) if self.dims.len() == 2 && self.dims[0] <= 1 => {
                String::from_utf16(units).ok()
            }
            _ => None,
        }
    }

    /// The values as `f64`, of any class but char and cell; 64-bit integers above 2⁵³ are rounded.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        let numbers = match &self.values {
            Values::F64(v) => v.clone(),
            Values::F32(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Values::I8(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Values::U8(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Values::I16(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Values::U16(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Values::I32(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Values::U32(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Values::I64(v) => v.iter().map(|&x| x as f64).collect(),
            Values::U64(v) => v.iter().map(|&x| x as f64).collect(),
            Values::Logical(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Values::Char(_) | Values::Cell(_) => return None,
        };
        Some(numbers)
    }
}

impl Values {
    /// Number of values.
    pub fn len(&self) -> usize {
        match self {
            Values::F64(v) => v.len(),
            Values::F32(v) => v.len(),
            Values::I8(v) => v.len(),
            Values::U8(v) => v.len(),
            Values::I16(v) => v.len(),
            Values::U16(v) => v.len(),
            Values::I32(v) => v.len(),
            Values::U32(v) => v.len(),
            Values::I64(v) => v.len(),
            Values::U64(v) => v.len(),
            Values::Char(v) => v.len(),
            Values::Logical(v) => v.len(),
            Values::Cell(v) => v.len(),
        }
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The class by its MATLAB name.
    pub fn class(&self) -> &'static str {
        match self {
            Values::F64(_) => "double",
            Values::F32(_) => "single",
            Values::I8(_) => "int8",
            Values::U8(_) => "uint8",
            Values::I16(_) => "int16",
            Values::U16(_) => "uint16",
            Values::I32(_) => "int32",
            Values::U32(_) => "uint32",
            Values::I64(_) => "int64",
            Values::U64(_) => "uint64",
            Values::Char(_) => "char",
            Values::Logical(_) => "logical",
            Values::Cell(_) => "cell",
        }
    }
}

/// Types of elements.
mod element {
    pub(super) const I8: u32 = 1;
    pub(super) const U8: u32 = 2;
    pub(super) const I16: u32 = 3;
    pub(super) const U16: u32 = 4;
    pub(super) const I32: u32 = 5;
    pub(super) const U32: u32 = 6;
    pub(super) const F32: u32 = 7;
    pub(super) const F64: u32 = 9;
    pub(super) const I64: u32 = 12;
    pub(super) const U64: u32 = 13;
    pub(super) const MATRIX: u32 = 14;
    pub(super) const COMPRESSED: u32 = 15;
    pub(super) const UTF8: u32 = 16;
    pub(super) const UTF16: u32 = 17;
    pub(super) const UTF32: u32 = 18;
}

/// Classes of arrays, and the flags beside them.
mod class {
    pub(super) const CELL: u32 = 1;
    pub(super) const STRUCT: u32 = 2;
    pub(super) const OBJECT: u32 = 3;
    pub(super) const CHAR: u32 = 4;
    pub(super) const SPARSE: u32 = 5;
    pub(super) const F64: u32 = 6;
    pub(super) const F32: u32 = 7;
    pub(super) const I8: u32 = 8;
    pub(super) const U8: u32 = 9;
    pub(super) const I16: u32 = 10;
    pub(super) const U16: u32 = 11;
    pub(super) const I32: u32 = 12;
    pub(super) const U32: u32 = 13;
    pub(super) const I64: u32 = 14;
    pub(super) const U64: u32 = 15;
    pub(super) const FUNCTION: u32 = 16;
    pub(super) const OPAQUE: u32 = 17;
    pub(super) const LOGICAL_FLAG: u32 = 0x200;
    pub(super) const COMPLEX_FLAG: u32 = 0x800;
}
