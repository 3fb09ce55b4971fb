//! Reading: header, elements, arrays, values. Every size is checked before anything is allocated for it.

use std::cell::Cell;
use std::io::Read;

use flate2::bufread::ZlibDecoder;

use super::cursor::{Cursor, Element, File};
use super::values::read_values;
use super::{Array, MAX_DEPTH, MAX_ELEMENTS, MEMORY_LIMIT, Order, Values, class, element};
use crate::error::list;
use crate::{DataError, Place};

/// The variables of a MAT-file level 5, in file order; `file` is its name for error messages.
///
/// # Errors
/// [`DataError`] when the bytes are not such a file, hold no variable, hold something that is not read here, or
/// ask for more than [`MAX_DEPTH`], [`MAX_ELEMENTS`] or [`MEMORY_LIMIT`] allow.
pub fn read(bytes: &[u8], file: &str) -> Result<Vec<Array>, DataError> {
    read_wanted(bytes, file, |_| true)
}

/// The same, but of variables whose names are not `wanted` nothing is read beyond the name, whatever they are: a workspace
/// that was saved whole holds more than its data.
///
/// # Errors
/// As [`read`], for what is wanted.
pub fn read_wanted(bytes: &[u8], file: &str, wanted: impl Fn(&str) -> bool) -> Result<Vec<Array>, DataError> {
    let order = read_header(bytes, file)?;
    let [budget, inflatable] = [Cell::new(MEMORY_LIMIT), Cell::new(MEMORY_LIMIT)];
    let file = File { name: file, order, budget, inflatable };
    let mut cursor = Cursor::new(&file, &bytes[128..], Place::Byte(128));
    let (mut variables, mut skipped) = (Vec::new(), 0);
    while cursor.remaining() > 0 {
        let place = cursor.place();
        let element = cursor.next(element::COMPRESSED)?;
        let name = match element.kind {
            element::MATRIX => name_of(&file, element.body, element.inside),
            element::COMPRESSED => compressed_name(&file, &element),
            kind => {
                return Err(DataError::malformed(
                    file.name,
                    element.place,
                    "an element of type 14 (matrix) or 15 (compressed)",
                    format!("type {kind}"),
                ));
            }
        };
        // What has no name that can be read may be one that is wanted, and is damaged: reading it says so.
        if name.is_some_and(|name| !wanted(&name)) {
            skipped += 1;
            continue;
        }
        // Thrice, because the list of variables grows by doubling.
        file.charge(3 * size_of::<Array>(), place)?;
        variables.push(match element.kind {
            element::MATRIX => read_array(&file, &element, 0)?,
            _ => read_compressed(&file, &element)?,
        });
    }
    if variables.is_empty() && skipped == 0 {
        return Err(cursor.wrong("at least one variable", "the end of the file"));
    }
    Ok(variables)
}

/// The name of a variable, from the first bytes of its matrix; nothing where they are damaged.
///
/// Objects of newer MATLABs have no dimensions before their name.
fn name_of(file: &File<'_>, head: &[u8], inside: Place) -> Option<String> {
    let own = File { name: file.name, order: file.order, budget: Cell::new(HEAD), inflatable: Cell::new(0) };
    let mut cursor = Cursor::new(&own, head, inside);
    let flags = flags_of(&mut cursor).ok()?;
    if flags & 0xff != class::OPAQUE {
        read_dims(&mut cursor, usize::MAX).ok()?;
    }
    read_name(&mut cursor).ok()
}

/// The same of a variable in a zlib stream, of which only the beginning is inflated.
fn compressed_name(file: &File<'_>, outer: &Element<'_>) -> Option<String> {
    let mut head = Vec::new();
    let begin = ZlibDecoder::new(outer.body).take(8 + HEAD as u64).read_to_end(&mut head);
    // A stream that breaks off later is as good as one that does not, up to there.
    let (_, tag) = (begin, head.get(..4)?.first_chunk::<4>()?);
    let inside = Place::Inflated { byte: 8, from: 0 };
    if file.u32(*tag) == element::MATRIX { name_of(file, head.get(8..)?, inside) } else { None }
}

fn read_header(bytes: &[u8], file: &str) -> Result<Order, DataError> {
    let unsupported = |found: &str, hint| DataError::Unsupported {
        file: file.to_owned(),
        place: Place::Byte(0),
        found: found.to_owned(),
        hint,
    };
    if bytes.starts_with(b"\x89HDF") || bytes.starts_with(b"MATLAB 7.3") {
        return Err(unsupported("a MAT-file 7.3 (HDF5)", "save it again with -v7"));
    }
    let Some(header) = bytes.first_chunk::<128>() else {
        let found = format!("{} bytes", bytes.len());
        let place = Place::Byte(bytes.len() as u64);
        return Err(DataError::malformed(file, place, "a header of 128 bytes", found));
    };
    if header[..4].contains(&0) {
        return Err(unsupported("a MAT-file of level 4, or no MAT-file", "save it again with -v7"));
    }
    let (order, version) = match &header[126..] {
        b"IM" => (Order::Little, u16::from_le_bytes([header[124], header[125]])),
        b"MI" => (Order::Big, u16::from_be_bytes([header[124], header[125]])),
        other => {
            let found = format!("{:02x} {:02x}", other[0], other[1]);
            return Err(DataError::malformed(
                file,
                Place::Byte(126),
                "the byte order mark IM or MI of a MAT-file level 5",
                found,
            ));
        }
    };
    if version != 0x0100 {
        let found = format!("{version:#06x}");
        return Err(DataError::malformed(file, Place::Byte(124), "version 0x0100", found));
    }
    Ok(order)
}

/// How much of a matrix is inflated first: more than its flags and its dimensions can take.
const HEAD: usize = 4096;

/// A variable in a zlib stream: inflated once its announced size is known to be allowed, and what it begins with to be
/// an array.
fn read_compressed(file: &File<'_>, outer: &Element<'_>) -> Result<Array, DataError> {
    let Place::Byte(from) = outer.inside else { unreachable!("compressed elements are not nested") };
    let wrong = |byte: usize, expected: &str, found: String| {
        let place = Place::Inflated { byte: byte as u64, from };
        DataError::malformed(file.name, place, expected, found)
    };
    let mut decoder = ZlibDecoder::new(outer.body);
    let mut tag = [0; 8];
    decoder.read_exact(&mut tag).map_err(|error| wrong(0, "a zlib stream of a matrix", error.to_string()))?;
    let [kind, length] = [[tag[0], tag[1], tag[2], tag[3]], [tag[4], tag[5], tag[6], tag[7]]];
    let (kind, length) = (file.u32(kind), file.u32(length) as usize);
    if kind != element::MATRIX {
        return Err(wrong(0, "an element of type 14 (matrix)", format!("type {kind}")));
    }
    // Deflate shrinks at most 1032 to 1, so a short stream cannot announce a long content.
    if length > outer.body.len().saturating_mul(1032) {
        let found = format!("{length} announced in {} compressed bytes", outer.body.len());
        return Err(wrong(4, "a length that fits the compressed bytes", found));
    }
    file.charge_inflated(length, Place::Inflated { byte: 4, from })?;
    file.charge(length, Place::Inflated { byte: 4, from })?;
    let mut inflated = vec![0; length.min(HEAD)];
    let whole = |error: std::io::Error| wrong(8, "a whole matrix", error.to_string());
    decoder.read_exact(&mut inflated).map_err(whole)?;
    let inside = Place::Inflated { byte: 8, from };
    if length > HEAD {
        let mut head = Cursor::new(file, &inflated, inside);
        read_flags(&mut head)?;
        read_dims(&mut head, MAX_ELEMENTS)?;
        inflated.resize(length, 0);
        decoder.read_exact(&mut inflated[HEAD..]).map_err(whole)?;
    }
    match decoder.read(&mut [0]) {
        Ok(0) => {}
        Ok(_) => return Err(wrong(8 + length, "the end of the matrix", "more bytes".to_owned())),
        Err(error) => return Err(wrong(8 + length, "a sound zlib stream", error.to_string())),
    }
    let rest = decoder.into_inner().len();
    if rest > 0 {
        let place = Place::Byte(from + (outer.body.len() - rest) as u64);
        return Err(DataError::malformed(
            file.name,
            place,
            "the end of the compressed element",
            format!("{rest} more bytes"),
        ));
    }
    let element = Element { kind, body: &inflated, place: Place::Inflated { byte: 0, from }, inside };
    let array = read_array(file, &element, 0)?;
    file.refund(length);
    Ok(array)
}

/// A matrix element: flags, dimensions, name, values.
fn read_array(file: &File<'_>, outer: &Element<'_>, depth: usize) -> Result<Array, DataError> {
    if depth > MAX_DEPTH {
        return Err(DataError::TooLarge {
            file: file.name.to_owned(),
            place: outer.place,
            what: "cells in one another",
            limit: MAX_DEPTH as u64,
            found: "one more".to_owned(),
        });
    }
    if outer.body.is_empty() && depth > 0 {
        // An empty cell may be written as a matrix of no bytes; it is the double array [].
        file.charge(2 * size_of::<usize>(), outer.place)?;
        let (name, values) = (String::new(), Values::F64(Vec::new()));
        return Ok(Array { name, dims: vec![0, 0], values, place: outer.place });
    }
    let mut cursor = Cursor::new(file, outer.body, outer.inside);
    let flags = read_flags(&mut cursor)?;
    let (dims, count) = read_dims(&mut cursor, MAX_ELEMENTS)?;
    let name = read_name(&mut cursor)?;
    let values = if flags & 0xff == class::CELL {
        read_cells(&mut cursor, count, depth)?
    } else {
        read_values(file, &cursor.next(0)?, flags, count)?
    };
    if cursor.remaining() > 0 {
        let found = format!("{} more bytes", cursor.remaining());
        return Err(cursor.wrong("the end of the matrix", found));
    }
    Ok(Array { name, dims, values, place: outer.place })
}

/// The class and flags of an array.
fn flags_of(cursor: &mut Cursor<'_>) -> Result<u32, DataError> {
    // Some writers call the flags signed, and every other reader takes them.
    let element = expect(cursor, &[element::U32, element::I32], "array flags")?;
    let &[a, b, c, d, _, _, _, _] = element.body else {
        let found = format!("{}", element.body.len());
        let expected = "array flags of 8 bytes";
        return Err(DataError::malformed(cursor.file.name, element.place, expected, found));
    };
    Ok(cursor.file.u32([a, b, c, d]))
}

/// The class and flags of an array, which is of a class that is read here.
fn read_flags(cursor: &mut Cursor<'_>) -> Result<u32, DataError> {
    let place = cursor.place();
    let flags = flags_of(cursor)?;
    let refused = match flags & 0xff {
        class::STRUCT => "a structure array",
        class::OBJECT => "an object",
        class::SPARSE => "a sparse array",
        class::FUNCTION => "a function handle",
        class::OPAQUE => "opaque data",
        class::CELL..=class::U64 if flags & class::COMPLEX_FLAG != 0 => "a complex array",
        class::CELL..=class::U64 => return Ok(flags),
        class => {
            let found = format!("class {class}");
            return Err(DataError::malformed(cursor.file.name, place, "an array class from 1 to 17", found));
        }
    };
    Err(DataError::Unsupported {
        file: cursor.file.name.to_owned(),
        place,
        found: refused.to_owned(),
        hint: "only numeric, char, logical and cell arrays are read",
    })
}

/// The dimensions and their product, which is at most `limit`.
fn read_dims(cursor: &mut Cursor<'_>, limit: usize) -> Result<(Vec<usize>, usize), DataError> {
    let file = cursor.file;
    let place = cursor.place();
    let element = expect(cursor, &[element::I32, element::U32], "dimensions")?;
    let (words, rest) = element.body.as_chunks::<4>();
    if words.len() < 2 || words.len() > 32 || !rest.is_empty() {
        let found = format!("{} bytes", element.body.len());
        return Err(DataError::malformed(file.name, place, "2 to 32 dimensions of 4 bytes", found));
    }
    let signed: Vec<i32> = words.iter().map(|&raw| file.u32(raw).cast_signed()).collect();
    let mut dims = Vec::with_capacity(signed.len());
    for &dim in &signed {
        dims.push(usize::try_from(dim).map_err(|_| {
            DataError::malformed(file.name, place, "dimensions of at least 0", list(signed.iter(), " × "))
        })?);
    }
    let count = dims.iter().try_fold(1_usize, |product, &dim| product.checked_mul(dim));
    let count = count.filter(|&count| count <= limit).ok_or_else(|| DataError::TooLarge {
        file: file.name.to_owned(),
        place,
        what: "elements in an array",
        limit: limit as u64,
        found: list(dims.iter(), " × "),
    })?;
    file.charge(dims.len() * size_of::<usize>(), place)?;
    Ok((dims, count))
}

fn read_name(cursor: &mut Cursor<'_>) -> Result<String, DataError> {
    let element = expect(cursor, &[element::I8, element::U8, element::UTF8], "a name")?;
    if element.body.len() > 63 || !element.body.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_') {
        let found = format!("{:?}", String::from_utf8_lossy(&element.body[..element.body.len().min(64)]));
        let expected = "a name of at most 63 letters, digits and underscores";
        return Err(DataError::malformed(cursor.file.name, element.place, expected, found));
    }
    cursor.file.charge(element.body.len(), element.place)?;
    Ok(element.body.iter().map(|&b| char::from(b)).collect())
}

fn read_cells(cursor: &mut Cursor<'_>, count: usize, depth: usize) -> Result<Values, DataError> {
    if count > cursor.remaining() / 8 {
        let found = format!("{} bytes", cursor.remaining());
        return Err(cursor.wrong(format!("{count} cells of at least 8 bytes"), found));
    }
    cursor.file.charge(count * size_of::<Array>(), cursor.place())?;
    let mut cells = Vec::with_capacity(count);
    for _ in 0..count {
        let element = expect(cursor, &[element::MATRIX], "a cell")?;
        cells.push(read_array(cursor.file, &element, depth + 1)?);
    }
    Ok(Values::Cell(cells))
}

fn expect<'a>(cursor: &mut Cursor<'a>, kinds: &[u32], what: &str) -> Result<Element<'a>, DataError> {
    let element = cursor.next(0)?;
    if !kinds.contains(&element.kind) {
        return Err(DataError::malformed(
            cursor.file.name,
            element.place,
            format!("{what}, an element of type {}", kinds[0]),
            format!("type {}", element.kind),
        ));
    }
    Ok(element)
}
