//! Learning curves as event files, which TensorBoard reads.
//!
//! A file is a row of TFRecords: the length as `u64`, its checksum, the bytes, their checksum. A checksum is the masked CRC-32C,
//! `((c >> 15) | (c << 17)) + 0xa282ead8`. The bytes are protocol buffers `Event`: the first says `brain.Event:2`, each of the others has a
//! step and a `Summary` with a tag and a number. Numbers are `f32`, as the format has them. Results do not say when an epoch ended, and
//! the wall time of all events is 0: the axis of steps is the one that means something.

use std::fmt;

use crate::message::{self, Field};

/// What the first event of a file says.
const VERSION: &str = "brain.Event:2";
/// Added to a rotated checksum.
const MASK: u32 = 0xa282_ead8;
/// Fields of `Event`, of `Summary`, and of `Summary.Value`, by their numbers.
const STEP: u64 = 2;
const FILE_VERSION: u64 = 3;
const SUMMARY: u64 = 5;
const VALUE: u64 = 1;
const TAG: u64 = 1;
const SIMPLE_VALUE: u64 = 2;

/// One number of a curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The name of the curve; what stands before a `/` groups them.
    pub tag: String,
    /// Epochs done.
    pub step: i64,
    /// The number.
    pub value: f32,
}

/// What an event holds, as far as it matters here.
#[derive(Debug, Default, PartialEq)]
struct Event {
    step: i64,
    version: Option<String>,
    /// Tags and numbers.
    values: Vec<(String, Option<f32>)>,
}

/// An event file with these numbers, in this order.
pub fn write(scalars: &[Scalar]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut version = Vec::new();
    message::bytes(FILE_VERSION, VERSION.as_bytes(), &mut version);
    record(&version, &mut out);
    for Scalar { tag, step, value } in scalars {
        let (mut own, mut summary, mut event) = (Vec::new(), Vec::new(), Vec::new());
        message::bytes(TAG, tag.as_bytes(), &mut own);
        message::float(SIMPLE_VALUE, *value, &mut own);
        message::bytes(VALUE, &own, &mut summary);
        message::integer(STEP, *step, &mut event);
        message::bytes(SUMMARY, &summary, &mut event);
        record(&event, &mut out);
    }
    out
}

fn record(bytes: &[u8], out: &mut Vec<u8>) {
    let length = (bytes.len() as u64).to_le_bytes();
    out.extend_from_slice(&length);
    out.extend_from_slice(&masked(&length).to_le_bytes());
    out.extend_from_slice(bytes);
    out.extend_from_slice(&masked(bytes).to_le_bytes());
}

/// Reads an event; none if the bytes are none.
fn event(bytes: &[u8]) -> Option<Event> {
    let mut event = Event::default();
    for (field, value) in message::fields(bytes)? {
        match (field, value) {
            (STEP, Field::Integer(step)) => event.step = step.cast_signed(),
            (FILE_VERSION, Field::Bytes(text)) => event.version = Some(str::from_utf8(text).ok()?.to_owned()),
            (SUMMARY, Field::Bytes(summary)) => {
                for (_, value) in message::fields(summary)?.into_iter().filter(|(field, _)| *field == VALUE) {
                    let Field::Bytes(own) = value else { return None };
                    event.values.push(value_of(own)?);
                }
            }
            _ => {}
        }
    }
    Some(event)
}

/// A tag with its number.
fn value_of(bytes: &[u8]) -> Option<(String, Option<f32>)> {
    let (mut tag, mut number) = (String::new(), None);
    for (field, value) in message::fields(bytes)? {
        match (field, value) {
            (TAG, Field::Bytes(text)) => str::from_utf8(text).ok()?.clone_into(&mut tag),
            (SIMPLE_VALUE, Field::Four(bits)) => number = Some(f32::from_le_bytes(bits)),
            _ => {}
        }
    }
    Some((tag, number))
}

/// The checksum of a TFRecord.
fn masked(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(MASK)
}

/// What is wrong with an event file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadEvents {
    /// The byte at which the record begins.
    pub offset: usize,
    /// What was expected.
    pub expected: &'static str,
}

impl fmt::Display for BadEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: expected {}", self.offset, self.expected)
    }
}

impl std::error::Error for BadEvents {}

/// The numbers of an event file.
///
/// # Errors
/// If it is cut off, a checksum is wrong, or a record is no event.
pub fn read(bytes: &[u8]) -> Result<Vec<Scalar>, BadEvents> {
    let (mut at, mut scalars, mut versioned) = (0, Vec::new(), false);
    while at < bytes.len() {
        let bad = |expected| BadEvents { offset: at, expected };
        let take = |from: usize, n: usize| {
            let end = from.checked_add(n).ok_or_else(|| bad("a length that fits"))?;
            bytes.get(from..end).ok_or_else(|| bad("a whole record"))
        };
        let sum = |from: usize, data: &[u8]| {
            let found = take(from, 4)?;
            if found == masked(data).to_le_bytes() {
                Ok(())
            } else {
                Err(bad("the checksum of what it follows"))
            }
        };
        let header = take(at, 8)?;
        sum(at + 8, header)?;
        let length = header.iter().rev().fold(0u64, |n, byte| n << 8 | u64::from(*byte));
        let length = usize::try_from(length).map_err(|_| bad("a length that fits"))?;
        let data = take(at + 12, length)?;
        sum(at + 12 + length, data)?;
        let event = event(data).ok_or_else(|| bad("an event"))?;
        versioned |= event.version.as_deref() == Some(VERSION);
        if !versioned {
            return Err(bad("an event that names version 2"));
        }
        for (tag, number) in event.values {
            let value = number.ok_or_else(|| bad("a number in a summary"))?;
            scalars.push(Scalar { tag, step: event.step, value });
        }
        at += 16 + length;
    }
    Ok(scalars)
}
