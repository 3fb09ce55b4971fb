//! The values of an array that is not a cell: stored in the type of its class, or in a smaller one.

use std::fmt::Display;

use super::cursor::{Element, File};
use super::{Order, Values, class, element};
use crate::DataError;

/// `count` values from the element `stored`, of the class that `flags` name.
pub(super) fn read_values(
    file: &File<'_>,
    stored: &Element<'_>,
    flags: u32,
    count: usize,
) -> Result<Values, DataError> {
    let numbers = Numbers { file, stored, count };
    let values = match flags & 0xff {
        class::CHAR => Values::Char(read_chars(&numbers)?),
        _ if flags & class::LOGICAL_FLAG != 0 => Values::Logical(numbers.convert(
            |x| [0, 1].contains(&x).then_some(x == 1),
            |x| (x == 0.0 || x == 1.0).then_some(x == 1.0),
        )?),
        class::F64 => Values::F64(numbers.convert(|x| Some(x as f64), Some)?),
        class::F32 => Values::F32(numbers.convert(|x| Some(x as f32), |x| Some(x as f32))?),
        class::I8 => Values::I8(numbers.integers()?),
        class::U8 => Values::U8(numbers.integers()?),
        class::I16 => Values::I16(numbers.integers()?),
        class::U16 => Values::U16(numbers.integers()?),
        class::I32 => Values::I32(numbers.integers()?),
        class::U32 => Values::U32(numbers.integers()?),
        class::I64 => Values::I64(numbers.integers()?),
        class::U64 => Values::U64(numbers.integers()?),
        class => unreachable!("class {class} was refused with the flags"),
    };
    Ok(values)
}

/// Numbers of any stored type.
struct Numbers<'a> {
    file: &'a File<'a>,
    stored: &'a Element<'a>,
    count: usize,
}

impl Numbers<'_> {
    fn wrong(&self, expected: impl Into<String>, found: impl Into<String>) -> DataError {
        DataError::malformed(self.file.name, self.stored.place, expected, found)
    }

    fn integers<T: TryFrom<i128>>(&self) -> Result<Vec<T>, DataError> {
        self.convert(|x| x.try_into().ok(), |_| None)
    }

    /// The numbers as `T`, from an integer or a float, where `T` can hold it.
    fn convert<T>(
        &self,
        int: impl Fn(i128) -> Option<T>,
        float: impl Fn(f64) -> Option<T>,
    ) -> Result<Vec<T>, DataError> {
        match self.stored.kind {
            element::I8 => self.decode(i8::from_le_bytes, |x| int(x.into())),
            element::U8 => self.decode(u8::from_le_bytes, |x| int(x.into())),
            element::I16 => self.decode(i16::from_le_bytes, |x| int(x.into())),
            element::U16 | element::UTF16 => self.decode(u16::from_le_bytes, |x| int(x.into())),
            element::I32 => self.decode(i32::from_le_bytes, |x| int(x.into())),
            element::U32 => self.decode(u32::from_le_bytes, |x| int(x.into())),
            element::I64 => self.decode(i64::from_le_bytes, |x| int(x.into())),
            element::U64 => self.decode(u64::from_le_bytes, |x| int(x.into())),
            element::F32 => self.decode(f32::from_le_bytes, |x| float(x.into())),
            element::F64 => self.decode(f64::from_le_bytes, float),
            kind => Err(self.wrong("values of a numeric type", format!("type {kind}"))),
        }
    }

    /// The numbers from their bytes, which are turned round in a big-endian file.
    fn decode<const N: usize, X: Copy + Display, T>(
        &self,
        from_little_endian: impl Fn([u8; N]) -> X,
        take: impl Fn(X) -> Option<T>,
    ) -> Result<Vec<T>, DataError> {
        let (raw, rest) = self.stored.body.as_chunks::<N>();
        if raw.len() != self.count || !rest.is_empty() {
            let found = format!("{} bytes of type {}", self.stored.body.len(), self.stored.kind);
            return Err(self.wrong(format!("{} values", self.count), found));
        }
        self.file.charge(self.count * size_of::<T>(), self.stored.place)?;
        let mut values = Vec::with_capacity(self.count);
        for &bytes in raw {
            let mut bytes = bytes;
            if self.file.order == Order::Big {
                bytes.reverse();
            }
            let x = from_little_endian(bytes);
            let value = take(x)
                .ok_or_else(|| self.wrong("values that the class of the array can hold", format!("{x}")))?;
            values.push(value);
        }
        Ok(values)
    }
}

/// Characters as UTF-16 units, stored as such, as bytes, or as UTF-8 or UTF-32 text.
fn read_chars(numbers: &Numbers<'_>) -> Result<Vec<u16>, DataError> {
    let Numbers { file, stored, count } = *numbers;
    let text: Option<Vec<char>> = match stored.kind {
        // A byte takes four here; the check keeps the budget honest before the text is spread out.
        element::UTF8 | element::UTF32 if count > stored.body.len() => None,
        element::UTF8 => {
            file.charge(stored.body.len() * 4, stored.place)?;
            std::str::from_utf8(stored.body).ok().map(|text| text.chars().collect())
        }
        element::UTF32 => {
            file.charge(stored.body.len(), stored.place)?;
            let (words, rest) = stored.body.as_chunks::<4>();
            words.iter().map(|&raw| char::from_u32(file.u32(raw)).filter(|_| rest.is_empty())).collect()
        }
        _ => return numbers.integers(),
    };
    file.charge(count * size_of::<u16>(), stored.place)?;
    let fits = |text: &Vec<char>| text.iter().map(|c| c.len_utf16()).sum::<usize>() == count;
    let Some(text) = text.filter(fits) else {
        let found = format!("{} bytes of type {} that are not", stored.body.len(), stored.kind);
        return Err(numbers.wrong(format!("text of {count} UTF-16 units"), found));
    };
    let mut units = Vec::with_capacity(count);
    for c in text {
        units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
    }
    Ok(units)
}
