//! Pictures: what is read is written as a PNG and read again as the same, and what is refused is refused in one line.

use pictures::{MAX_PIXELS, Picture, PictureError};

/// Pictures of more pixels are read, but not written and read once more.
const WRITTEN: usize = 1 << 14;

/// Whether the bytes are a picture.
pub fn check(bytes: &[u8]) -> bool {
    // The strict reader of PNGs, which takes no damage at all, sees the same files.
    let strict = Picture::decode(bytes);
    match Picture::from_bytes(bytes) {
        Ok(read) => {
            let picture = read.picture;
            assert!(picture.pixels() as u64 <= MAX_PIXELS);
            read.notes.iter().for_each(|note| assert!(is_one_line(note), "{note:?}"));
            match strict {
                Ok(same) => assert_eq!((same.pixels(), same.depth()), (picture.pixels(), picture.depth())),
                Err(error) => refused(&error),
            }
            if picture.pixels() <= WRITTEN {
                assert_eq!(Picture::decode(&picture.encode()).as_ref(), Ok(&picture));
            }
            true
        }
        Err(error) => {
            assert!(strict.is_err(), "the strict reader takes what is refused: {error}");
            refused(&error);
            false
        }
    }
}

/// Holds that words say what is wrong.
fn refused(error: &PictureError) {
    let message = error.to_string();
    assert!(message.len() > 8 && message.len() < 300 && is_one_line(&message), "{message:?}");
}

fn is_one_line(text: &str) -> bool {
    text.trim() == text && !text.contains(char::is_control)
}
