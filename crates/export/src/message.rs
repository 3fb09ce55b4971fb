//! Protocol buffers, as far as event files need them: a message is a row of fields, each a key `number << 3 | kind` and a value.
//!
//! Kinds are 0 for an integer of variable length, 1 for eight bytes, 2 for a length and so many bytes, 5 for four bytes.

/// A value of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Field<'a> {
    /// An integer; a negative one as its two's complement.
    Integer(u64),
    /// Eight bytes, little-endian.
    Eight([u8; 8]),
    /// A text or a message.
    Bytes(&'a [u8]),
    /// Four bytes, little-endian.
    Four([u8; 4]),
}

/// Seven bits a byte, the lowest first; all bytes but the last have the highest bit set.
fn variable(mut n: u64, out: &mut Vec<u8>) {
    while n >= 0x80 {
        out.push((n & 0x7f) as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Adds an integer.
pub fn integer(number: u64, value: i64, out: &mut Vec<u8>) {
    variable(number << 3, out);
    variable(value.cast_unsigned(), out);
}

/// Adds a text or a message.
pub fn bytes(number: u64, value: &[u8], out: &mut Vec<u8>) {
    variable(number << 3 | 2, out);
    variable(value.len() as u64, out);
    out.extend_from_slice(value);
}

/// Adds a number of four bytes.
pub fn float(number: u64, value: f32, out: &mut Vec<u8>) {
    variable(number << 3 | 5, out);
    out.extend_from_slice(&value.to_le_bytes());
}

/// The fields of a message by their numbers, in order; none if the bytes are no message.
pub fn fields(mut bytes: &[u8]) -> Option<Vec<(u64, Field<'_>)>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = take_variable(&mut bytes)?;
        let value = match key & 7 {
            0 => Field::Integer(take_variable(&mut bytes)?),
            1 => Field::Eight(take(&mut bytes, 8)?.try_into().ok()?),
            2 => {
                let length = usize::try_from(take_variable(&mut bytes)?).ok()?;
                Field::Bytes(take(&mut bytes, length)?)
            }
            5 => Field::Four(take(&mut bytes, 4)?.try_into().ok()?),
            _ => return None,
        };
        fields.push((key >> 3, value));
    }
    Some(fields)
}

fn take<'a>(bytes: &mut &'a [u8], n: usize) -> Option<&'a [u8]> {
    let (head, rest) = bytes.split_at_checked(n)?;
    *bytes = rest;
    Some(head)
}

fn take_variable(bytes: &mut &[u8]) -> Option<u64> {
    let mut n = 0u64;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)?[0];
        n |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(n);
        }
    }
    None
}
