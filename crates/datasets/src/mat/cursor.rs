//! A position in a list of elements, which knows how to name itself in an error.

use std::cell::Cell;

use super::{MEMORY_LIMIT, Order};
use crate::{DataError, Place};

/// What is the same for a whole file.
pub(super) struct File<'a> {
    pub name: &'a str,
    pub order: Order,
    /// Bytes that may still be allocated.
    pub budget: Cell<usize>,
    /// Bytes that may still be inflated, which nothing gives back: a file of many bombs is one bomb.
    pub inflatable: Cell<usize>,
}

impl File<'_> {
    /// Takes `bytes` from the budget.
    pub(super) fn charge(&self, bytes: usize, place: Place) -> Result<(), DataError> {
        self.take(&self.budget, bytes, "bytes in memory", place)
    }

    /// Takes `bytes` from what may be inflated in all.
    pub(super) fn charge_inflated(&self, bytes: usize, place: Place) -> Result<(), DataError> {
        self.take(&self.inflatable, bytes, "inflated bytes", place)
    }

    fn take(&self, from: &Cell<usize>, n: usize, what: &'static str, place: Place) -> Result<(), DataError> {
        let left = from.get().checked_sub(n).ok_or_else(|| DataError::TooLarge {
            file: self.name.to_owned(),
            place,
            what,
            limit: MEMORY_LIMIT as u64,
            found: format!("{n} more"),
        })?;
        from.set(left);
        Ok(())
    }

    /// Gives back what was charged for something that is dropped now.
    pub(super) fn refund(&self, bytes: usize) {
        self.budget.set(self.budget.get() + bytes);
    }

    pub(super) fn u32(&self, raw: [u8; 4]) -> u32 {
        match self.order {
            Order::Little => u32::from_le_bytes(raw),
            Order::Big => u32::from_be_bytes(raw),
        }
    }
}

/// One element: its type and its body, without the padding.
pub(super) struct Element<'a> {
    pub kind: u32,
    pub body: &'a [u8],
    pub place: Place,
    /// Where the body begins.
    pub inside: Place,
}

/// The rest of a list of elements.
pub(super) struct Cursor<'a> {
    pub file: &'a File<'a>,
    bytes: &'a [u8],
    at: usize,
    base: Place,
}

fn offset(base: Place, by: usize) -> Place {
    match base {
        Place::Byte(byte) => Place::Byte(byte + by as u64),
        Place::Inflated { byte, from } => Place::Inflated { byte: byte + by as u64, from },
        Place::Whole => Place::Whole,
    }
}

impl<'a> Cursor<'a> {
    /// The elements in `bytes`, the first of which is at `base`.
    pub(super) fn new(file: &'a File<'a>, bytes: &'a [u8], base: Place) -> Self {
        Cursor { file, bytes, at: 0, base }
    }

    pub(super) fn place(&self) -> Place {
        offset(self.base, self.at)
    }

    pub(super) fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }

    pub(super) fn wrong(&self, expected: impl Into<String>, found: impl Into<String>) -> DataError {
        DataError::malformed(self.file.name, self.place(), expected, found)
    }

    fn word(&self, at: usize, expected: &str) -> Result<u32, DataError> {
        match self.bytes.get(at..).and_then(<[u8]>::first_chunk) {
            Some(&raw) => Ok(self.file.u32(raw)),
            None => Err(self.wrong(expected, format!("{} more bytes", self.remaining()))),
        }
    }

    /// The next element. Its body ends inside the list, and so does its padding, which a compressed element
    /// has not got.
    pub(super) fn next(&mut self, compressed: u32) -> Result<Element<'a>, DataError> {
        let place = self.place();
        let first = self.word(self.at, "the tag of an element")?;
        let (kind, length, start, end) = if first >> 16 == 0 {
            let length = self.word(self.at + 4, "the second half of a tag")? as usize;
            let start = self.at + 8;
            let end = start.checked_add(length).filter(|&end| end <= self.bytes.len());
            let Some(end) = end else {
                let left = self.bytes.len() - start;
                return Err(self.wrong(format!("an element that fits in {left} bytes"), format!("{length}")));
            };
            (first, length, start, end)
        } else {
            // A small element: type and length in one word, at most four bytes in the other.
            let (kind, length) = (first & 0xffff, (first >> 16) as usize);
            if length > 4 {
                return Err(self.wrong("a small element of at most 4 bytes", format!("{length}")));
            }
            (kind, length, self.at + 4, self.at + 8)
        };
        let padding = if kind == compressed || end == self.at + 8 { 0 } else { length.wrapping_neg() % 8 };
        let after = end + padding;
        if after > self.bytes.len() {
            return Err(self.wrong(
                format!("padding to 8 bytes after an element of {length}"),
                format!("the end of what it is in, {} bytes early", after - self.bytes.len()),
            ));
        }
        let inside = offset(self.base, start);
        self.at = after;
        Ok(Element { kind, body: &self.bytes[start..start + length], place, inside })
    }
}
