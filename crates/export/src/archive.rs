//! ZIP archives without compression: for each file a header and its bytes, then a directory of all headers, then where it is.
//!
//! The plain form of the format (PKWARE's APPNOTE, 4.3), which has four bytes for sizes and places: what does not fit is refused. Names are
//! UTF-8 and said to be (bit 11); all times are the first that the format has, so that equal files give equal archives.

use std::collections::BTreeSet;
use std::fmt;

/// Why there is no archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Two files have this name.
    Twice(String),
    /// The name is longer than two bytes can say.
    Name(usize),
    /// More bytes or files than the plain form has numbers for.
    Large,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Twice(name) => write!(f, "two files of an archive are called {name:?}"),
            Self::Name(bytes) => {
                write!(f, "a name in an archive: expected at most 65535 bytes, found {bytes}")
            }
            Self::Large => write!(f, "an archive of 4 GiB, or of 65535 files, or more"),
        }
    }
}

impl std::error::Error for Refused {}

/// The version that a reader needs: 2.0.
const VERSION: u16 = 20;
/// Names are UTF-8.
const UTF_8: u16 = 1 << 11;
/// The first of January 1980.
const DAY: u16 = 1 << 5 | 1;

/// These files by their names, as one archive.
///
/// # Errors
/// If two have one name, a name has more than 65535 bytes, or all together are too large for the plain form.
pub fn archive(files: &[(String, &[u8])]) -> Result<Vec<u8>, Refused> {
    let (mut out, mut directory, mut names) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (name, bytes) in files {
        if !names.insert(name) {
            return Err(Refused::Twice(name.clone()));
        }
        let place = narrow(out.len())?;
        let header = header(name, bytes)?;
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&header);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(bytes);
        directory.extend_from_slice(b"PK\x01\x02");
        directory.extend_from_slice(&VERSION.to_le_bytes());
        directory.extend_from_slice(&header);
        // No comment, the first disk, no attributes inside the file and none outside.
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&place.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let count = u16::try_from(files.len()).ok().filter(|count| *count < u16::MAX).ok_or(Refused::Large)?;
    let (place, size) = (narrow(out.len())?, narrow(directory.len())?);
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    [count, count].iter().for_each(|n| out.extend_from_slice(&n.to_le_bytes()));
    [size, place].iter().for_each(|n| out.extend_from_slice(&n.to_le_bytes()));
    out.extend_from_slice(&[0; 2]);
    Ok(out)
}

/// What the header of a file and its line of the directory have in common.
fn header(name: &str, bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    let length = u16::try_from(name.len()).map_err(|_| Refused::Name(name.len()))?;
    let size = narrow(bytes.len())?;
    let mut out = Vec::new();
    // Stored as it is, at midnight.
    [VERSION, UTF_8, 0, 0, DAY].iter().for_each(|n| out.extend_from_slice(&n.to_le_bytes()));
    [crc32fast::hash(bytes), size, size].iter().for_each(|n| out.extend_from_slice(&n.to_le_bytes()));
    // Nothing stands between a name and the bytes.
    [length, 0].iter().for_each(|n| out.extend_from_slice(&n.to_le_bytes()));
    Ok(out)
}

fn narrow(n: usize) -> Result<u32, Refused> {
    u32::try_from(n).ok().filter(|n| *n < u32::MAX).ok_or(Refused::Large)
}
