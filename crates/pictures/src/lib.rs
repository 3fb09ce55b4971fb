//! Pictures that users bring: bytes of PNG, JPEG or WebP in, colours between 0 and 1 to work on, bytes of PNG or JPEG out.
//!
//! A [`Picture`] keeps the layout of its channels and the depth of its samples, so that a file comes out as it came in:
//! grey or coloured, with alpha or without, 8 or 16 bits. [`Picture::rgb`] and [`Picture::set_rgb`] are the only way to
//! its colours; alpha stays as it is. Bytes are not trusted: [`Header`] says what a file announces, and what it
//! would take in memory, before anything of that size is allocated, and what is wrong with bytes is a [`PictureError`].
//!
//! Samples are taken as they are stored, and turned upright ([`Picture::from_bytes`]). Colour profiles, gamma, text and animation are
//! not read, nor written.

mod error;
mod header;
mod picture;

mod chunks;
mod decode;
mod encode;

mod format;
mod jpeg;
mod orientation;
mod read;
mod webp;

pub use error::PictureError;
pub use format::Format;
pub use header::{Header, MAX_PIXELS};
pub use orientation::Read;
pub use picture::{Depth, Layout, Picture};
pub use read::begins_like_a_picture;
