//! How a camera was held: the orientation of Exif, and pictures turned accordingly.
//!
//! Exif is a TIFF without a picture: two letters for the order of bytes, 42, the offset of a list of entries of twelve bytes;
//! entry 0x0112 is a number from 1 (as stored) to 8.

use crate::picture::Picture;

/// A picture, and what its reader should know of how it was read.
#[derive(Clone, Debug)]
pub struct Read {
    /// As it is meant to be seen.
    pub picture: Picture,
    /// What was turned, left out or not looked at, a sentence each; most often none.
    pub notes: Vec<String>,
}

impl Read {
    /// A picture with its Exif data, if any, and whether it has a colour profile.
    pub(crate) fn new(picture: Picture, exif: Option<&[u8]>, has_profile: bool) -> Self {
        let turn = exif.map_or(1, orientation);
        let mut notes = Vec::new();
        if turn != 1 {
            notes.push(format!("turned upright (its Exif orientation is {turn})"));
        }
        if has_profile {
            notes.push("its colour profile is not looked at, and not written".to_owned());
        }
        Self { picture: picture.upright(turn), notes }
    }
}

/// The orientation in some Exif data, from 1 to 8; 1 where there is none, or none that makes sense.
pub(crate) fn orientation(exif: &[u8]) -> u8 {
    find(exif.strip_prefix(b"Exif\0\0").unwrap_or(exif)).filter(|n| (1..=8).contains(n)).unwrap_or(1)
}

fn find(tiff: &[u8]) -> Option<u8> {
    let big = match tiff.get(..4)? {
        b"II*\0" => false,
        b"MM\0*" => true,
        _ => return None,
    };
    let short = |at: usize| {
        let raw = *tiff.get(at..)?.first_chunk::<2>()?;
        Some(if big { u16::from_be_bytes(raw) } else { u16::from_le_bytes(raw) })
    };
    let raw = *tiff.get(4..)?.first_chunk::<4>()?;
    let list = if big { u32::from_be_bytes(raw) } else { u32::from_le_bytes(raw) } as usize;
    let entries = (0..usize::from(short(list)?)).map(|k| list + 2 + 12 * k);
    for entry in entries {
        if short(entry)? == 0x0112 {
            return u8::try_from(short(entry + 8)?).ok();
        }
    }
    None
}

impl Picture {
    /// The picture as it is meant to be seen, if it is stored in this Exif orientation: 2 mirrored, 3 upside down, 4 both, 5
    /// mirrored and turned, 6 to be turned by 90° clockwise, 7 mirrored and turned, 8 by 90° counterclockwise.
    ///
    /// # Panics
    /// If the orientation is not from 1 to 8.
    pub fn upright(self, orientation: u8) -> Self {
        assert!((1..=8).contains(&orientation), "orientation {orientation}: expected 1 to 8");
        if orientation == 1 {
            return self;
        }
        let (width, height) = (self.width(), self.height());
        let turned = orientation >= 5;
        let (new_width, new_height) = if turned { (height, width) } else { (width, height) };
        let bytes = self.layout().channels() * self.depth().bytes();
        let mut samples = Vec::with_capacity(self.samples().len());
        for y in 0..new_height {
            for x in 0..new_width {
                let (left, down) = (width - 1, height - 1);
                let (from_x, from_y) = match orientation {
                    2 => (left - x, y),
                    3 => (left - x, down - y),
                    4 => (x, down - y),
                    5 => (y, x),
                    6 => (y, down - x),
                    7 => (left - y, down - x),
                    _ => (left - y, x),
                };
                let at = (from_y * width + from_x) * bytes;
                samples.extend_from_slice(&self.samples()[at..at + bytes]);
            }
        }
        Self::new(new_width, new_height, self.layout(), self.depth(), samples)
    }
}
